/* figures.c: the published figures about needs: map, series, bars, tables; hidden ones are « n.c. ». */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/chart.h"
#include "product/pages/figures_asked.h"
#include "product/pages/figures_views.h"

enum { RATE_SCALE = 1 };

static const char *number(const struct figures_asked *asked, int64_t value, int scale)
{
    return language_number(asked->request->arena, asked->request->language, value, scale);
}

static const char *not_shown(const struct figures_asked *asked) { return say(asked->request, N_("n.s.")); }

static const char *quarter_label(const struct figures_asked *asked, int64_t quarter)
{
    return language_print(asked->request->arena, asked->request->language, N_("quarter {2} of {1}"),
                          arena_print(asked->request->arena, "%lld", (long long)(quarter / 4)),
                          arena_print(asked->request->arena, "%lld", (long long)(quarter % 4 + 1)), (const char *)NULL);
}

static const char *source_line(const struct figures_asked *asked)
{
    return language_print(
        asked->request->arena, asked->request->language,
        N_("Source: all needs filed on Maillage, {1}. Distinct companies; figures frozen on {2}; method {3}; "
           "n.s.: not shown, fewer than 3 companies or deducible."),
        quarter_label(asked, asked->release->quarter),
        language_day(asked->request->arena, asked->request->language, time_day(asked->release->frozen)),
        number(asked, asked->release->method, 0), (const char *)NULL);
}

/* ---- map and table ---- */

static void table_row(const struct figures_asked *asked, const char *label, const char *url,
                      const struct figures_cell *cell, struct part_row *row)
{
    struct part_cell *cells = ARENA_ARRAY(asked->request->arena, 4, struct part_cell);
    const int64_t rate = figures_rate(cell);
    cells[0] = (struct part_cell){.text = label, .url = cell ? url : NULL};
    cells[1].text = cell ? number(asked, cell->companies, 0) : not_shown(asked);
    cells[2].text = cell ? number(asked, cell->members, 0) : "–";
    cells[3].text = rate == ABSENT ? cell ? "–" : not_shown(asked) : number(asked, rate, RATE_SCALE);
    *row = (struct part_row){cells, 4};
}

static void draw_table(struct html *html, const struct figures_asked *asked, const char *caption, const char *first,
                       const struct part_row *rows, size_t count)
{
    const struct http_request *request = asked->request;
    const struct part_column columns[] = {{.label = first},
                                          {.label = say(request, N_("Companies with a need")), .is_number = true},
                                          {.label = say(request, N_("Member companies")), .is_number = true},
                                          {.label = say(request, N_("Per 1,000 members")), .is_number = true}};
    const struct part_table table = {.caption = caption,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = 4,
                                     .rows = rows,
                                     .row_count = count};
    template_part_table(html, &table);
}

static enum status draw_map(struct html *html, const struct figures_asked *asked, struct error *error)
{
    const struct http_request *request = asked->request;
    const struct vocabulary_code **territories = NULL;
    const size_t count = figures_territories(asked, &territories);
    struct map_area *areas = ARENA_ARRAY(request->arena, count + 1, struct map_area);
    struct part_row *rows = ARENA_ARRAY(request->arena, count + 1, struct part_row);
    const int64_t quarter = asked->release->quarter;
    struct map *cells = NULL;
    const enum status status =
        figures_by(asked, &(struct figures_wish){quarter, asked->family, asked->code, NULL}, 'a', &cells, error);
    if (status) return status;
    size_t shown = 1;
    const char *hidden = NULL;
    table_row(asked, say(request, N_("France")),
              figures_list_url(asked, quarter, asked->family, asked->code, FIGURES_FRANCE),
              map_get(cells, FIGURES_FRANCE), &rows[0]);
    for (size_t i = 0; i < count; i++) {
        const char *code = territories[i]->code, *label = figures_area_label(asked, code),
                   *url = figures_list_url(asked, quarter, asked->family, asked->code, code);
        const struct figures_cell *cell = map_get(cells, code);
        areas[i] = (struct map_area){
            .code = code,
            .value = cell ? (double)cell->companies : NAN,
            .hidden = !cell,
            .link = cell ? url : NULL,
            .text = arena_print(request->arena, request->language == LANGUAGE_FRENCH ? "%s\u202f: %s" : "%s: %s", label,
                                cell ? number(asked, cell->companies, 0) : not_shown(asked))};
        if (cell) table_row(asked, label, url, cell, &rows[shown++]);
        if (!cell) hidden = hidden ? arena_print(request->arena, "%s, %s", hidden, label) : label;
    }
    const struct france_map map = {.level = asked->fine ? MAP_DEPARTEMENTS : MAP_REGIONS,
                                   .question = say(request, N_("Where are the companies that have a need?")),
                                   .unit = say(request, N_("companies")),
                                   .source = source_line(asked),
                                   .areas = areas,
                                   .area_count = count};
    html_markup(html, map_draw(html, &map));
    draw_table(html, asked, say(request, N_("Companies with a need, by territory")), say(request, N_("Territory")),
               rows, shown);
    if (hidden)
        html_markup(html,
                    html_markdown(request->arena, language_print(request->arena, request->language,
                                                                 N_("Not shown: {1}."), hidden, (const char *)NULL)));
    return STATUS_OK;
}

/* ---- over time ---- */

static enum status draw_series(struct html *html, const struct figures_asked *asked, struct error *error)
{
    const struct http_request *request = asked->request;
    struct chart_point *points = ARENA_ARRAY(request->arena, asked->release_count + 1, struct chart_point);
    struct map *cells = NULL;
    const enum status status =
        figures_by(asked, &(struct figures_wish){0, asked->family, asked->code, asked->area}, 'q', &cells, error);
    if (status) return status;
    for (size_t i = 0; i < asked->release_count; i++) {
        const int64_t quarter = asked->releases[asked->release_count - 1 - i].quarter;
        const char *name = figures_quarter_name(request->arena, quarter);
        const struct figures_cell *cell = map_get(cells, name);
        points[i] = (struct chart_point){
            .label = name,
            .value = cell ? (double)cell->companies : NAN,
            .lower = NAN,
            .upper = NAN,
            .hidden = !cell,
            .link = cell ? figures_list_url(asked, quarter, asked->family, asked->code, asked->area) : NULL};
    }
    const struct chart_series series = {figures_area_label(asked, asked->area), points, asked->release_count};
    const struct chart chart = {.type = CHART_LINES,
                                .question = language_print(request->arena, request->language,
                                                           N_("Do more companies file needs than before? ({1})"),
                                                           series.label, (const char *)NULL),
                                .unit = say(request, N_("companies a quarter")),
                                .source = source_line(asked),
                                .series = &series,
                                .series_count = 1};
    html_markup(html, chart_draw(html, &chart));
    return STATUS_OK;
}

/* ---- bars ---- */

static enum status draw_bars(struct html *html, const struct figures_asked *asked, enum figures_family family,
                             const char *question, struct error *error)
{
    const struct http_request *request = asked->request;
    const struct vocabulary_code **codes = NULL;
    const size_t count = vocabulary_list(asked->context.records->vocabulary, request->arena,
                                         family == FIGURES_KIND ? "need_type" : "naf", NULL, NULL, &codes);
    struct chart_point *points = ARENA_ARRAY(request->arena, count + 1, struct chart_point);
    size_t shown = 0;
    struct map *cells = NULL;
    const int64_t quarter = asked->release->quarter;
    const enum status status =
        figures_by(asked, &(struct figures_wish){quarter, family, NULL, asked->area}, 'c', &cells, error);
    if (status) return status;
    for (size_t i = 0; i < count; i++) {
        if (codes[i]->depth) continue;
        const struct figures_cell *cell = map_get(cells, codes[i]->code);
        points[shown++] = (struct chart_point){
            .label = figures_code_label(asked, family, codes[i]->code),
            .value = cell ? (double)cell->companies : NAN,
            .lower = NAN,
            .upper = NAN,
            .hidden = !cell,
            .link = cell ? figures_list_url(asked, quarter, family, codes[i]->code, asked->area) : NULL};
    }
    const struct chart_series series = {figures_area_label(asked, asked->area), points, shown};
    const struct chart chart = {
        .type = CHART_BARS,
        .question = language_print(request->arena, request->language, question, series.label, (const char *)NULL),
        .unit = say(request, N_("companies")),
        .source = source_line(asked),
        .series = &series,
        .series_count = 1};
    html_markup(html, chart_draw(html, &chart));
    return STATUS_OK;
}

/* ---- choices ---- */

static struct figures_group list_quarters(const struct figures_asked *asked)
{
    struct figures_option *options =
        ARENA_ARRAY(asked->request->arena, asked->release_count + 1, struct figures_option);
    for (size_t i = 0; i < asked->release_count; i++)
        options[i] = (struct figures_option){figures_quarter_name(asked->request->arena, asked->releases[i].quarter),
                                             quarter_label(asked, asked->releases[i].quarter),
                                             &asked->releases[i] == asked->release};
    return (struct figures_group){NULL, options, asked->release_count};
}

static struct figures_group list_codes(const struct figures_asked *asked, enum figures_family family, const char *label)
{
    const struct vocabulary_code **codes = NULL;
    const size_t count = vocabulary_list(asked->context.records->vocabulary, asked->request->arena,
                                         family == FIGURES_KIND ? "need_type" : "naf", NULL, NULL, &codes);
    struct figures_option *options = ARENA_ARRAY(asked->request->arena, count + 1, struct figures_option);
    struct figures_group group = {label, options, 0};
    for (size_t i = 0; i < count; i++)
        if (!codes[i]->depth)
            options[group.option_count++] =
                (struct figures_option){codes[i]->code, figures_code_label(asked, family, codes[i]->code),
                                        asked->family == family && strcmp(asked->code, codes[i]->code) == 0};
    return group;
}

static struct figures_group list_areas(const struct figures_asked *asked)
{
    const struct vocabulary_code **territories = NULL;
    const size_t count = figures_territories(asked, &territories);
    struct figures_option *options = ARENA_ARRAY(asked->request->arena, count + 3, struct figures_option);
    struct figures_group group = {NULL, options, 0};
    bool found = false;
    options[group.option_count++] =
        (struct figures_option){FIGURES_FRANCE, figures_area_label(asked, FIGURES_FRANCE), false};
    for (size_t i = 0; i < count; i++) {
        const bool chosen = strcmp(asked->area, territories[i]->code) == 0;
        found = found || chosen;
        options[group.option_count++] =
            (struct figures_option){territories[i]->code, figures_area_label(asked, territories[i]->code), chosen};
    }
    if (!found && strcmp(asked->area, FIGURES_FRANCE) != 0)
        options[group.option_count++] =
            (struct figures_option){asked->area, figures_area_label(asked, asked->area), true};
    return group;
}

static void draw_choice(struct html *html, const struct figures_asked *asked)
{
    const struct http_request *request = asked->request;
    struct figures_option *all = ARENA_NEW(request->arena, struct figures_option);
    *all = (struct figures_option){"", say(request, N_("All needs")), false};
    const struct figures_choice choice = {.action = http_url(request, "/understand/figures"),
                                          .level = asked->fine ? "departement" : "region",
                                          .quarters = list_quarters(asked),
                                          .plain = {NULL, all, 1},
                                          .kinds = list_codes(asked, FIGURES_KIND, say(request, N_("Kind of need"))),
                                          .sectors = list_codes(asked, FIGURES_SECTOR, say(request, N_("Sector"))),
                                          .areas = list_areas(asked)};
    template_figures_choice(html, &choice);
}

static void draw_levels(struct html *html, const struct figures_asked *asked)
{
    const struct http_request *request = asked->request;
    const struct part_link links[] = {
        {.label = say(request, N_("Régions")),
         .current = !asked->fine,
         .url = figures_url(asked, "/understand/figures", "level", "region")},
        {.label = say(request, N_("Départements")),
         .current = asked->fine,
         .url = figures_url(asked, "/understand/figures", "level", "departement")},
    };
    const struct part_tabs tabs = {say(request, N_("Territories")), links, 2};
    template_part_tabs(html, &tabs);
}

static void draw_note(struct html *html, const struct figures_asked *asked)
{
    const struct http_request *request = asked->request;
    const struct figures_note note = {
        .definition =
            say(request, N_("A figure is a number of distinct companies that filed at least one need in the "
                            "quarter, whoever may read it. Each company counts once: under the kind, the sector "
                            "and the territory of its need that is shared most widely. The rate is per 1,000 member "
                            "companies on the last day of the quarter.")),
        .hidden = say(request, N_("“n.s.”, or “withheld” in drawings (not shown): fewer than 3 companies, none "
                                  "perhaps, or a figure from which such a "
                                  "one could be deduced, even by subtracting the needs that one may read.")),
        .method =
            say(request, N_("Each figure opens the list of the needs behind it that you may read: it may hold fewer. "
                            "A quarter is computed once, when it is over; kinds and sectors are not crossed; "
                            "quarters are not added up.")),
        .release = source_line(asked)};
    template_figures_note(html, &note);
}

static enum status draw_all(struct html *html, const struct figures_asked *asked, struct error *error)
{
    draw_choice(html, asked);
    draw_levels(html, asked);
    enum status status = draw_map(html, asked, error);
    if (!status) status = draw_series(html, asked, error);
    if (!status) status = draw_bars(html, asked, FIGURES_KIND, N_("What do companies lack? ({1})"), error);
    if (!status) status = draw_bars(html, asked, FIGURES_SECTOR, N_("In which sectors are needs filed? ({1})"), error);
    draw_note(html, asked);
    return status;
}

static const struct part_tabs *view_tabs(const struct http_request *request)
{
    struct part_tabs *tabs = ARENA_NEW(request->arena, struct part_tabs);
    struct part_link *links = ARENA_ARRAY(request->arena, 2, struct part_link);
    links[0] = (struct part_link){.label = say(request, N_("The whole network")),
                                  .current = true,
                                  .url = http_url(request, "/understand/figures")};
    links[1] = (struct part_link){.label = say(request, N_("What you may see, today")),
                                  .url = http_url(request, "/understand/needs")};
    *tabs = (struct part_tabs){say(request, N_("Which needs")), links, 2};
    return tabs;
}

enum status page_figures(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const formats[] = {"csv", "xlsx", "json", "geojson"}, *const names[] = {"CSV", "XLSX", "JSON",
                                                                                               "GeoJSON"};
    struct figures_asked asked;
    enum status status = figures_ask(request, &asked, error);
    if (status) return status;
    struct html html = page_begin(request);
    struct part_link exports[4];
    for (size_t i = 0; i < 4; i++)
        exports[i] = (struct part_link){.label = names[i],
                                        .url = figures_url(&asked, "/understand/figures/export", "format", formats[i])};
    struct part_list list = {
        .head = {.title = say(request, N_("Needs of the whole network")),
                 .summary = say(request, N_("All needs are counted, whoever may read them; nobody is given away."))},
        .tabs = view_tabs(request),
        .exports = exports,
        .export_count = asked.release ? 4 : 0};
    html_open(&html);
    if (asked.release)
        status = draw_all(&html, &asked, error);
    else
        template_part_empty(&html, &(struct part_empty){.title = say(request, N_("No figures are published yet")),
                                                        .text = say(request, N_("The first ones appear when a quarter "
                                                                                "with needs is over."))});
    list.body = html_close(&html);
    if (status) return status;
    template_part_list(&html, &list);
    return page_end(request, response, &html, list.head.title, "/understand", false);
}
