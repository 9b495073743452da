/* figures_file.c: the published figures as files and through the API. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/record/export.h"
#include "platform/record/json.h"
#include "product/pages/figures_asked.h"

enum { FILE_LIMIT = 4 * 1024 * 1024, RATE_SCALE = 1 };

struct figures_file {
    const struct figures_asked *asked;
    const struct vocabulary_code **territories;
    size_t count;
    struct map *cells;
    struct buffer *out;
};

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    struct buffer *out = context;
    buffer_add(out, bytes, length);
    return buffer_overflowed(out)
               ? error_set(error, STATUS_LIMIT, N_("The file would be too large: narrow the list first."))
               : STATUS_OK;
}

/* The total, then the territories: at -1, 0, 1 ... */
static const char *area_at(const struct figures_file *file, size_t row)
{
    return row ? file->territories[row - 1]->code : FIGURES_FRANCE;
}

static enum status open_file(const struct http_request *request, struct figures_asked *asked, struct figures_file *file,
                             struct error *error)
{
    enum status status = figures_ask(request, asked, error);
    if (!status && !asked->release)
        status = error_set(error, STATUS_MISSING, N_("No figures are published for this quarter."));
    if (status) return status;
    *file = (struct figures_file){.asked = asked, .out = buffer_new(request->arena, FILE_LIMIT)};
    file->count = figures_territories(asked, &file->territories);
    return figures_by(asked, &(struct figures_wish){asked->release->quarter, asked->family, asked->code, NULL}, 'a',
                      &file->cells, error);
}

static void put_row(struct sheet_writer *writer, const struct figures_file *file, size_t row)
{
    const struct figures_asked *asked = file->asked;
    const char *area = area_at(file, row);
    const struct figures_cell *cell = map_get(file->cells, area);
    const int64_t rate = figures_rate(cell);
    sheet_put_text(writer, figures_quarter_name(asked->request->arena, asked->release->quarter));
    sheet_put_text(writer, figures_code_label(asked, asked->family, asked->code));
    sheet_put_text(writer, area);
    sheet_put_text(writer, figures_area_label(asked, area));
    if (cell) {
        sheet_put_number(writer, cell->companies);
        sheet_put_number(writer, cell->members);
    } else {
        sheet_put_empty(writer);
        sheet_put_empty(writer);
    }
    if (rate == ABSENT)
        sheet_put_empty(writer);
    else
        sheet_put_number(writer, rate);
    sheet_put_text(writer, say(asked->request, cell ? N_("published") : N_("not shown")));
}

static enum status write_sheet(const struct figures_file *file, enum sheet_type type, struct error *error)
{
    const struct http_request *request = file->asked->request;
    char frozen[16];
    day_format(time_day(file->asked->release->frozen), frozen);
    const struct sheet_column columns[] = {
        {say(request, N_("Quarter")), CELL_TEXT, 0},
        {say(request, N_("Kind of need or sector")), CELL_TEXT, 0},
        {say(request, N_("Code")), CELL_TEXT, 0},
        {say(request, N_("Territory")), CELL_TEXT, 0},
        {say(request, N_("Companies with a need")), CELL_NUMBER, 0},
        {say(request, N_("Member companies")), CELL_NUMBER, 0},
        {say(request, N_("Per 1,000 members")), CELL_NUMBER, RATE_SCALE},
        {say(request, N_("Figure")), CELL_TEXT, 0},
    };
    const char *const notes[] = {
        say(request, N_("Source")),
        say(request, N_("All needs filed on Maillage; distinct companies; floor of 3, and figures "
                        "from which smaller ones could be deduced are not shown.")),
        say(request, N_("Frozen on")), frozen};
    struct sheet_writer *writer = NULL;
    enum status status = sheet_write_open(type, columns, 8, notes, 2, add_bytes, file->out, &writer, error);
    for (size_t row = 0; !status && row <= file->count; row++) {
        put_row(writer, file, row);
        status = sheet_end_row(writer, error);
    }
    if (!status) return sheet_write_close(&writer, error);
    if (writer) sheet_write_abandon(&writer);
    return status;
}

static void put_members(struct buffer *out, const struct figures_file *file, size_t row)
{
    const char *area = area_at(file, row);
    const struct figures_cell *cell = map_get(file->cells, area);
    const int64_t rate = figures_rate(cell);
    buffer_text(out, "{\"area\": ");
    json_text(out, area);
    buffer_text(out, ", \"label\": ");
    json_text(out, figures_area_label(file->asked, area));
    if (cell)
        buffer_print(out, ", \"shown\": true, \"companies\": %lld, \"members\": %lld", (long long)cell->companies,
                     (long long)cell->members);
    else
        buffer_text(out, ", \"shown\": false, \"companies\": null, \"members\": null");
    if (rate == ABSENT)
        buffer_text(out, ", \"rate\": null}");
    else
        buffer_print(out, ", \"rate\": %lld.%lld}", (long long)(rate / 10), (long long)(rate % 10));
}

static void write_json(const struct figures_file *file)
{
    const struct figures_asked *asked = file->asked;
    struct buffer *out = file->out;
    char frozen[32];
    time_format(asked->release->frozen, frozen);
    buffer_print(out,
                 "{\"quarter\": \"%s\", \"frozen\": \"%s\", \"method\": %lld, \"floor\": %lld, \"level\": \"%s\", "
                 "\"family\": \"%s\", \"code\": ",
                 figures_quarter_name(asked->request->arena, asked->release->quarter), frozen,
                 (long long)asked->release->method, (long long)asked->release->floor,
                 asked->fine ? "departement" : "region",
                 asked->family == FIGURES_ALL    ? "all"
                 : asked->family == FIGURES_KIND ? "kind"
                                                 : "sector");
    json_text(out, asked->code);
    buffer_text(out, ", \"items\": [");
    for (size_t row = 0; row <= file->count; row++) {
        if (row) buffer_text(out, ", ");
        put_members(out, file, row);
    }
    buffer_text(out, "]}\n");
}

static void write_geojson(const struct figures_file *file)
{
    buffer_text(file->out, "{\"type\": \"FeatureCollection\", \"features\": [");
    for (size_t row = 1; row <= file->count; row++) {
        const struct vocabulary_code *area = file->territories[row - 1];
        buffer_text(file->out,
                    row > 1 ? ", {\"type\": \"Feature\", \"geometry\": " : "{\"type\": \"Feature\", \"geometry\": ");
        if (area->latitude == INT64_MIN || area->longitude == INT64_MIN)
            buffer_text(file->out, "null");
        else
            buffer_print(file->out, "{\"type\": \"Point\", \"coordinates\": [%.6f, %.6f]}",
                         (double)area->longitude / 1e6, (double)area->latitude / 1e6);
        buffer_text(file->out, ", \"properties\": ");
        put_members(file->out, file, row);
        buffer_char(file->out, '}');
    }
    buffer_text(file->out, "]}\n");
}

enum status page_figures_export(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct figures_asked asked;
    struct figures_file file;
    enum export_format format = EXPORT_CSV;
    const char *word = http_value(&request->query, "format");
    if (word && !export_format_find(word, &format))
        return error_field(error, STATUS_INPUT, "format", N_("“{1}” is not one of the choices."), word);
    enum status status = open_file(request, &asked, &file, error);
    if (status) return status;
    if (format == EXPORT_JSON) write_json(&file);
    if (format == EXPORT_GEOJSON) write_geojson(&file);
    if (format == EXPORT_CSV || format == EXPORT_XLSX)
        status = write_sheet(&file,
                             format == EXPORT_XLSX                  ? SHEET_XLSX
                             : request->language == LANGUAGE_FRENCH ? SHEET_CSV_SEMICOLON
                                                                    : SHEET_CSV_COMMA,
                             error);
    response->buffer = file.out;
    response->media_type = export_media_type(format);
    response->filename = arena_print(request->arena, "needs-%s.%s",
                                     figures_quarter_name(request->arena, asked.release->quarter), word ? word : "csv");
    return status;
}

enum status api_figures(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct figures_asked asked;
    struct figures_file file;
    const enum status status = open_file(request, &asked, &file, error);
    if (status) return status;
    write_json(&file);
    response->buffer = file.out;
    response->media_type = "application/json";
    response->cache = HTTP_PUBLIC_SHORT;
    return STATUS_OK;
}

#define PARAMETER(name_, text_) \
    "{\"name\": \"" name_ "\", \"in\": \"query\", \"schema\": {\"type\": \"string\"}, \"description\": \"" text_ "\"}"
#define NUMBER_OR_NULL(name_, type_) "\"" name_ "\": {\"type\": [\"" type_ "\", \"null\"]}"

const char
    figures_api_paths[] =
        "\"/api/v1/figures/needs\": {\"get\": {\"operationId\": \"figures_needs\", \"summary\": \"Published figures "
        "of the whole "
        "network: distinct companies by territory and kind or sector, a closed quarter at a time\", \"parameters\": "
        "[" PARAMETER("quarter", "As 2026-T3; the newest by default") ", " PARAMETER("level", "region or departement") ", " PARAMETER(
            "kind",
            "First level of the kinds "
            "of need; not with a "
            "sector") ", " PARAMETER("sector",
                                     "Section of the activities; not with a "
                                     "kind") "], \"responses\": {\"200\": "
                                             "{\"description\": \"OK\", "
                                             "\"content\": "
                                             "{\"application/json\": "
                                             "{\"schema\": {\"type\": "
                                             "\"object\", \"properties\": "
                                             "{\"quarter\": {\"type\": "
                                             "\"string\"}, \"frozen\": "
                                             "{\"type\": \"string\", "
                                             "\"format\": \"date-time\"}, "
                                             "\"method\": {\"type\": "
                                             "\"integer\"}, "
                                             "\"floor\": {\"type\": "
                                             "\"integer\"}, \"level\": "
                                             "{\"type\": \"string\"}, "
                                             "\"family\": {\"type\": "
                                             "\"string\"}, \"code\": "
                                             "{\"type\": \"string\"}, "
                                             "\"items\": {\"type\": "
                                             "\"array\", \"items\": "
                                             "{\"type\": \"object\", "
                                             "\"properties\": {\"area\": "
                                             "{\"type\": \"string\"}, "
                                             "\"label\": {\"type\": "
                                             "\"string\"}, \"shown\": "
                                             "{\"type\": "
                                             "\"boolean\"}, " NUMBER_OR_NULL(
                                                 "companies",
                                                 "integer") ", " NUMBER_OR_NULL("members",
                                                                                "integer") ","
                                                                                           " " NUMBER_OR_NULL(
                                                                                               "rate",
                                                                                               "number") "}}}}}}}}, "
                                                                                                         "\"default\": "
                                                                                                         "{\"$ref\": "
                                                                                                         "\"#/"
                                                                                                         "components/"
                                                                                                         "responses/"
                                                                                                         "problem\"}}}"
                                                                                                         "}";
