/* report.c: the year of one's cluster: figures, the lists behind them, the files. */
#include "product/report/report.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/readings.h"
#include "product/kinds/organisation.h"
#include "product/members/silent.h"
#include "product/pages/pages_private.h"
#include "product/pages/report_views.h"

enum { YEARS_SHOWN = 3, FIRST_YEAR = 2000, FIGURES_SHOWN = 12 };

struct asking {
    const struct http_request *request;
    struct record_context context;
    int64_t cluster;
    int year;
};

static int this_year(void) { return day_to_civil(time_today()).year; }

static enum status begin(const struct http_request *request, struct asking *asking, struct error *error)
{
    *asking = (struct asking){.request = request, .context = record_request(request, "report")};
    asking->context.shown = &record_shown_in_lists;
    asking->year = (int)http_integer(&request->query, "year", FIRST_YEAR, this_year() + 1, this_year());
    const enum status status = silent_cluster(&asking->context, &asking->cluster, error);
    return status || asking->cluster
               ? status
               : error_set(error, STATUS_DENIED, N_("This page is for the officers and managers of a cluster."));
}

static const char *address(const struct asking *asking, const char *end, const char *column, const char *value)
{
    struct arena *arena = asking->request->arena;
    const char *path = arena_print(arena, "/space/year%s?year=%d", end, asking->year);
    if (column) path = arena_print(arena, "%s&by=%s&value=%s", path, column, http_encode(arena, value));
    return http_url(asking->request, path);
}

/* ---- figures ---- */

/* The values of a column, each leading to its lines. */
static void draw_figures(const struct asking *asking, struct html *html, const struct report_list *list, size_t column)
{
    const struct http_request *request = asking->request;
    struct report_figure *figures = NULL;
    const size_t count = report_count(request->arena, list, column, &figures);
    struct part_row *rows = ARENA_ARRAY(request->arena, count + 1, struct part_row);
    for (size_t i = 0; i < count; i++) {
        struct part_cell *cells = ARENA_ARRAY(request->arena, 2, struct part_cell);
        const char *end = arena_print(request->arena, "/%s", list->section->name);
        cells[0].text = *figures[i].value ? figures[i].value : say(request, N_("Not said"));
        cells[1] =
            (struct part_cell){.text = language_number(request->arena, request->language, figures[i].count, 0),
                               .url = address(asking, end, list->section->columns[column].name, figures[i].value)};
        rows[i] = (struct part_row){cells, 2};
    }
    const struct part_column columns[] = {{.label = list->labels[column]},
                                          {.label = say(request, N_("How many")), .is_number = true}};
    const struct part_table table = {.caption = list->labels[column],
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = 2,
                                     .rows = rows,
                                     .row_count = count};
    template_part_table(html, &table);
}

static enum status draw_section(struct asking *asking, struct html *html, const struct report_section *section,
                                struct error *error)
{
    const struct http_request *request = asking->request;
    struct report_list list;
    const enum status status = report_gather(&asking->context, section, asking->cluster, asking->year, &list, error);
    if (status) return status;
    struct html inside = html_new(request->arena, request->language, request, PAGE_BYTES);
    for (size_t i = 0; i < list.column_count && list.line_count; i++)
        if (section->columns[i].counted) draw_figures(asking, &inside, &list, i);
    const struct report_figures figures = {html_finish(&inside)};
    const char *sentence =
        language_plural(request->arena, request->language, (int64_t)list.line_count, section->one, section->many);
    const struct part_section part = {
        .title = say(request, section->title),
        .text = sentence,
        .body = HTML_DRAWN(html, template_report_figures, &figures),
        .more_label = list.line_count ? say(request, N_("See the list")) : NULL,
        .more_url = address(asking, arena_print(request->arena, "/%s", section->name), NULL, NULL)};
    template_part_section(html, &part);
    return STATUS_OK;
}

static void draw_years(const struct asking *asking, struct html *html)
{
    const struct http_request *request = asking->request;
    struct part_link links[YEARS_SHOWN];
    for (int i = 0; i < YEARS_SHOWN; i++) {
        const int year = this_year() - i;
        links[i] =
            (struct part_link){.label = arena_print(request->arena, "%d", year),
                               .url = http_url(request, arena_print(request->arena, "/space/year?year=%d", year)),
                               .current = year == asking->year};
    }
    const struct part_tabs tabs = {say(request, N_("Year")), links, YEARS_SHOWN};
    template_part_tabs(html, &tabs);
}

enum status page_year(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct asking asking;
    enum status status = begin(request, &asking, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_link actions[] = {
        {.label = say(request, N_("Document to sign (PDF)")), .url = address(&asking, "/file/pdf", NULL, NULL)},
        {.label = say(request, N_("Workbook (XLSX)")), .url = address(&asking, "/file/xlsx", NULL, NULL)}};
    const struct part_head head = {
        .over = record_name(&asking.context, &organisation_kind, asking.cluster),
        .title = language_print(request->arena, request->language, N_("The year {1}"),
                                arena_print(request->arena, "%d", asking.year), (const char *)NULL),
        .summary = say(request, N_("For the State and the Région: each figure opens on the list that it counts. What "
                                   "stands in spreadsheets joins by the imports.")),
        .actions = actions,
        .action_count = 2};
    template_part_head(&html, &head);
    draw_years(&asking, &html);
    for (size_t i = 0; !status && i < REPORT_SECTIONS; i++)
        status = draw_section(&asking, &html, &report_sections[i], error);
    if (!status) status = readings_commit(&asking.context, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}

/* ---- lists ---- */

static size_t column_of(const struct report_list *list, const char *name)
{
    size_t column = 0;
    while (column < list->column_count && (!name || strcmp(list->section->columns[column].name, name) != 0)) column++;
    return column;
}

static void draw_lines(const struct asking *asking, struct html *html, const struct report_list *list, size_t column,
                       const char *value)
{
    const struct http_request *request = asking->request;
    struct part_column columns[REPORT_COLUMNS];
    struct part_row *rows = ARENA_ARRAY(request->arena, list->line_count + 1, struct part_row);
    size_t count = 0;
    for (size_t i = 0; i < list->column_count; i++)
        columns[i] = (struct part_column){.label = list->labels[i], .is_number = list->types[i] == REPORT_NUMBER};
    for (size_t i = 0; i < list->line_count; i++) {
        const struct report_line *line = &list->lines[i];
        struct part_cell *cells = ARENA_ARRAY(request->arena, list->column_count, struct part_cell);
        if (column < list->column_count && strcmp(line->cells[column].text, value) != 0) continue;
        for (size_t j = 0; j < list->column_count; j++) cells[j].text = line->cells[j].text;
        cells[0].url = record_url(request, list->section->kind, line->id);
        rows[count++] = (struct part_row){cells, list->column_count};
    }
    const struct part_table table = {.caption = say(request, list->section->title),
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = list->column_count,
                                     .rows = rows,
                                     .row_count = count};
    const struct report_wide wide = {table.caption, HTML_DRAWN(html, template_part_table, &table)};
    if (count) template_report_wide(html, &wide);
}

enum status page_year_list(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct asking asking;
    struct report_list list;
    const struct report_section *section = report_find(request->words[0]);
    if (!section) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    enum status status = begin(request, &asking, error);
    if (!status) status = report_gather(&asking.context, section, asking.cluster, asking.year, &list, error);
    if (status) return status;
    const char *value = http_value(&request->query, "value");
    const size_t column = column_of(&list, http_value(&request->query, "by"));
    struct html html = page_begin(request);
    const struct part_head head = {
        .over = language_print(request->arena, request->language, N_("The year {1}"),
                               arena_print(request->arena, "%d", asking.year), (const char *)NULL),
        .title = say(request, section->title),
        .summary = column < list.column_count
                       ? language_print(request->arena, request->language, N_("{1}: {2}"), list.labels[column],
                                        value && *value ? value : say(request, N_("Not said")), (const char *)NULL)
                       : NULL};
    template_part_head(&html, &head);
    draw_lines(&asking, &html, &list, column, value ? value : "");
    status = readings_commit(&asking.context, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}

/* ---- files ---- */

enum status send_year(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct asking asking;
    const bool is_document = strcmp(request->words[0], "pdf") == 0;
    if (!is_document && strcmp(request->words[0], "xlsx") != 0)
        return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    enum status status = begin(request, &asking, error);
    if (!status)
        status = (is_document ? report_document : report_workbook)(&asking.context, asking.cluster, asking.year,
                                                                   &response->body, &response->body_length, error);
    if (status) return status;
    response->media_type =
        is_document ? "application/pdf" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response->filename = arena_print(request->arena, "bilan-%d.%s", asking.year, request->words[0]);
    return readings_commit(&asking.context, error);
}
