/* needs.c: the needs in figures: by territory with rates, over time, by kind; each figure opens the list behind it. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/html/chart.h"
#include "platform/record/readings.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/need.h"
#include "product/pages/pages_private.h"

enum { MONTHS = 24, KINDS_SHOWN = 12, RATE_SCALE = 1, PER = 1000 };

struct figures {
    struct record_context context;
    const struct http_request *request;
    struct record_query query;
    struct record_found found;
    bool fine; /* by département */
};

static const char *list_url(const struct figures *figures, const char *name, const char *value)
{
    return record_list_url(figures->request, &need_kind,
                           record_query_text(figures->request->arena, &figures->query, name, value));
}

/* Member companies by territory: the base of the rates. */
static enum status count_members(const struct figures *figures, struct map *members, struct error *error)
{
    const char *sql =
        figures->fine
            ? "SELECT o.departement, COUNT(DISTINCT m.organisation) FROM membership m JOIN organisation o ON o.id = "
              "m.organisation "
              "WHERE m.starts <= $1 AND (m.ends IS NULL OR m.ends >= $1) AND o.departement IS NOT NULL GROUP BY "
              "o.departement"
            : "SELECT o.region, COUNT(DISTINCT m.organisation) FROM membership m JOIN organisation o ON o.id = "
              "m.organisation "
              "WHERE m.starts <= $1 AND (m.ends IS NULL OR m.ends >= $1) AND o.region IS NOT NULL GROUP BY o.region";
    struct db_rows *rows = db_query(figures->request->read, sql, DB_BIND(db_integer(time_today())));
    while (db_next(rows)) {
        int64_t *count = ARENA_NEW(figures->request->arena, int64_t);
        *count = db_get_integer(rows, 1);
        map_put(members, db_get_text(rows, 0), count);
    }
    return db_end(&rows, error);
}

static const char *source_line(const struct figures *figures)
{
    return language_print(figures->request->arena, figures->request->language,
                          N_("Source: needs filed on Maillage that you may see, {1}. Rates: per 1,000 member companies "
                             "of the territory, today."),
                          language_day(figures->request->arena, figures->request->language, time_today()),
                          (const char *)NULL);
}

static enum status draw_map(struct html *html, const struct figures *figures, const struct record_count *counts,
                            size_t count, struct error *error)
{
    const struct http_request *request = figures->request;
    struct map_area *areas = ARENA_ARRAY(request->arena, count + 1, struct map_area);
    struct part_row *rows = ARENA_ARRAY(request->arena, count + 1, struct part_row);
    struct map *known = map_new(request->arena);
    const enum status status = count_members(figures, known, error);
    for (size_t i = 0; !status && i < count; i++) {
        const int64_t *found = map_get(known, counts[i].value), members = found ? *found : 0;
        struct part_cell *cells = ARENA_ARRAY(request->arena, 4, struct part_cell);
        const char *number = language_number(request->arena, request->language, counts[i].count, 0);
        const int64_t rate = members ? llround(10.0 * PER * (double)counts[i].count / (double)members) : ABSENT;
        areas[i] = (struct map_area){
            .code = counts[i].value,
            .value = (double)counts[i].count,
            .link = list_url(figures, "place", counts[i].value),
            .text = arena_print(request->arena, request->language == LANGUAGE_FRENCH ? "%s\u202f: %s" : "%s: %s",
                                counts[i].label, number)};
        cells[0] = (struct part_cell){.text = counts[i].label, .url = areas[i].link};
        cells[1].text = number;
        cells[2].text = language_number(request->arena, request->language, members, 0);
        cells[3].text = rate == ABSENT ? "–" : language_number(request->arena, request->language, rate, RATE_SCALE);
        rows[i] = (struct part_row){cells, 4};
    }
    if (status) return status;
    const struct france_map map = {.level = figures->fine ? MAP_DEPARTEMENTS : MAP_REGIONS,
                                   .question = say(request, N_("Where are the needs?")),
                                   .unit = say(request, N_("needs")),
                                   .source = source_line(figures),
                                   .areas = areas,
                                   .area_count = count};
    const struct part_column columns[] = {{.label = say(request, N_("Territory"))},
                                          {.label = say(request, N_("Needs")), .is_number = true},
                                          {.label = say(request, N_("Member companies")), .is_number = true},
                                          {.label = say(request, N_("Needs per 1,000 members")), .is_number = true}};
    const struct part_table table = {.caption = say(request, N_("Needs by territory")),
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = 4,
                                     .rows = rows,
                                     .row_count = count};
    html_markup(html, map_draw(html, &map));
    template_part_table(html, &table);
    return STATUS_OK;
}

static void draw_series(struct html *html, const struct figures *figures)
{
    const struct http_request *request = figures->request;
    struct chart_point *points = ARENA_ARRAY(request->arena, MONTHS, struct chart_point);
    const struct civil today = day_to_civil(time_today());
    const int64_t last = today.year * 12 + today.month - 1;
    for (int i = 0; i < MONTHS; i++) {
        const int64_t month = last - (MONTHS - 1) + i;
        points[i] = (struct chart_point){
            .label = arena_print(request->arena, "%lld-%02lld", (long long)(month / 12), (long long)(month % 12 + 1)),
            .value = (double)record_count_month(&figures->found, "filed", month),
            .lower = NAN,
            .upper = NAN};
    }
    const struct chart_series series = {say(request, N_("Needs filed")), points, MONTHS};
    const struct chart chart = {.type = CHART_LINES,
                                .question = say(request, N_("Are more needs filed than before?")),
                                .unit = say(request, N_("needs a month")),
                                .source = source_line(figures),
                                .series = &series,
                                .series_count = 1};
    html_markup(html, chart_draw(html, &chart));
}

static enum status draw_kinds(struct html *html, struct figures *figures, struct error *error)
{
    const struct http_request *request = figures->request;
    struct record_count *counts = NULL;
    size_t count = 0;
    const enum status status =
        record_counts(&figures->context, &figures->query, &figures->found, "type", "type", &counts, &count, error);
    if (status) return status;
    if (count > KINDS_SHOWN) count = KINDS_SHOWN;
    struct chart_point *points = ARENA_ARRAY(request->arena, count + 1, struct chart_point);
    for (size_t i = 0; i < count; i++)
        points[i] = (struct chart_point){.label = counts[i].label,
                                         .value = (double)counts[i].count,
                                         .lower = NAN,
                                         .upper = NAN,
                                         .link = list_url(figures, "type", counts[i].value)};
    const struct chart_series series = {say(request, N_("Needs")), points, count};
    const struct chart chart = {.type = CHART_BARS,
                                .question = say(request, N_("What do companies lack?")),
                                .unit = say(request, N_("needs")),
                                .source = source_line(figures),
                                .series = &series,
                                .series_count = 1};
    if (count) html_markup(html, chart_draw(html, &chart));
    return STATUS_OK;
}

static void draw_states(struct html *html, const struct figures *figures)
{
    const struct http_request *request = figures->request;
    struct part_figure shown[8];
    size_t count = 0;
    for (const struct state *state = need_kind.states; state->name && count < 8; state++)
        shown[count++] = (struct part_figure){
            .figure = language_number(request->arena, request->language,
                                      record_count_value(&figures->found, "state", state->name), 0),
            .label = say(request, state->label),
            .url = list_url(figures, "state", state->name)};
    const struct part_figures part = {shown, count};
    template_part_figures(html, &part);
}

static const struct part_tabs *view_tabs(const struct http_request *request)
{
    struct part_tabs *tabs = ARENA_NEW(request->arena, struct part_tabs);
    struct part_link *links = ARENA_ARRAY(request->arena, 2, struct part_link);
    links[0] = (struct part_link){.label = say(request, N_("The whole network")),
                                  .url = http_url(request, "/understand/figures")};
    links[1] = (struct part_link){.label = say(request, N_("What you may see, today")),
                                  .current = true,
                                  .url = http_url(request, "/understand/needs")};
    *tabs = (struct part_tabs){say(request, N_("Which needs")), links, 2};
    return tabs;
}

static const struct part_tabs *level_tabs(const struct figures *figures)
{
    const struct http_request *request = figures->request;
    const char *text = record_query_text(request->arena, &figures->query, NULL, NULL);
    const char *path = arena_print(request->arena, "/understand/needs?%s%slevel=", text, *text ? "&" : "");
    struct part_tabs *tabs = ARENA_NEW(request->arena, struct part_tabs);
    struct part_link *links = ARENA_ARRAY(request->arena, 2, struct part_link);
    links[0] = (struct part_link){.label = say(request, N_("Régions")),
                                  .current = !figures->fine,
                                  .url = http_url(request, arena_print(request->arena, "%sregion", path))};
    links[1] = (struct part_link){.label = say(request, N_("Départements")),
                                  .current = figures->fine,
                                  .url = http_url(request, arena_print(request->arena, "%sdepartement", path))};
    *tabs = (struct part_tabs){say(request, N_("Territories")), links, 2};
    return tabs;
}

enum status page_needs(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct figures figures = {.context = record_request(request, "page"), .request = request};
    struct record_count *counts = NULL;
    size_t count = 0;
    const char *level = http_value(&request->query, "level");
    figures.fine = level && strcmp(level, "departement") == 0;
    enum status status = record_list_find(&figures.context, request, &need_kind, &figures.query, &figures.found, error);
    if (!status)
        status = record_counts(&figures.context, &figures.query, &figures.found, "place",
                               figures.fine ? "departement" : "region", &counts, &count, error);
    if (status) return status;
    struct html html = page_begin(request);
    struct part_list list =
        record_list_frame(&figures.context, request, "/understand/needs", &figures.query, &figures.found);
    list.head.title = say(request, N_("Needs that you may see"));
    list.head.summary =
        say(request, N_("Only the needs that you may read are counted here, as they stand today. Each figure "
                        "opens the list behind it."));
    html_open(&html);
    template_part_tabs(&html, view_tabs(request));
    draw_states(&html, &figures);
    template_part_tabs(&html, level_tabs(&figures));
    status = draw_map(&html, &figures, counts, count, error);
    draw_series(&html, &figures);
    if (!status) status = draw_kinds(&html, &figures, error);
    list.body = html_close(&html);
    if (status) return status;
    template_part_list(&html, &list);
    return page_end(request, response, &html, list.head.title, "/understand", false);
}
