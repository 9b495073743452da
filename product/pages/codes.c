/* codes.c: a code list as a file. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/export.h"
#include "platform/record/json.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/open/open.h"
#include "product/pages/pages_private.h"

enum { FILE_BYTES = 64 * 1024 * 1024 };

struct code_file {
    const struct vocabulary_edition *edition;
    const struct vocabulary_code **codes;
    size_t count;
    struct buffer *out;
};

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(context, bytes, length);
    return STATUS_OK;
}

static void put_row(struct sheet_writer *writer, const struct vocabulary_code *code)
{
    const int64_t numbers[] = {code->population, code->latitude, code->longitude};
    sheet_put_text(writer, code->code);
    sheet_put_text(writer, code->level);
    sheet_put_text(writer, code->parent);
    sheet_put_text(writer, code->label_fr);
    sheet_put_text(writer, code->label_en);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (numbers[i] == INT64_MIN)
            sheet_put_empty(writer);
        else
            sheet_put_number(writer, numbers[i]);
    }
}

/* Columns are named as in the files that a list is loaded from (docs/reference-data.md), with commas and points. */
static enum status write_sheet(const struct code_file *file, enum sheet_type type, struct error *error)
{
    static const struct sheet_column columns[] = {
        {"code", CELL_TEXT, 0},       {"level", CELL_TEXT, 0},       {"parent", CELL_TEXT, 0},
        {"label_fr", CELL_TEXT, 0},   {"label_en", CELL_TEXT, 0},    {"population", CELL_NUMBER, 0},
        {"latitude", CELL_NUMBER, 6}, {"longitude", CELL_NUMBER, 6},
    };
    const char *const notes[] = {"source",  file->edition->source, "licence", file->edition->licence,
                                 "version", file->edition->version};
    struct sheet_writer *writer = NULL;
    enum status status = sheet_write_open(type, columns, sizeof columns / sizeof *columns, notes, 3, add_bytes,
                                          file->out, &writer, error);
    for (size_t i = 0; !status && i < file->count; i++) {
        put_row(writer, file->codes[i]);
        status = sheet_end_row(writer, error);
    }
    if (!status) return sheet_write_close(&writer, error);
    sheet_write_abandon(&writer);
    return status;
}

static void put_member(struct buffer *out, const char *name, const char *value)
{
    buffer_print(out, "\"%s\": ", name);
    json_text(out, value && *value ? value : NULL);
}

static void write_json(const struct code_file *file)
{
    const struct vocabulary_edition *edition = file->edition;
    const char *const head[][2] = {{"scheme", edition->scheme},
                                   {"version", edition->version},
                                   {"source", edition->source},
                                   {"licence", edition->licence}};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
        buffer_text(file->out, i ? ", " : "{");
        put_member(file->out, head[i][0], head[i][1]);
    }
    buffer_text(file->out, ", \"items\": [");
    for (size_t i = 0; i < file->count; i++) {
        const struct vocabulary_code *code = file->codes[i];
        const char *const members[][2] = {{"code", code->code},
                                          {"level", code->level},
                                          {"parent", code->parent},
                                          {"label_fr", code->label_fr},
                                          {"label_en", code->label_en}};
        for (size_t j = 0; j < sizeof members / sizeof *members; j++) {
            buffer_text(file->out, j ? ", " : i ? ",\n{" : "\n{");
            put_member(file->out, members[j][0], members[j][1]);
        }
        buffer_char(file->out, '}');
    }
    buffer_text(file->out, "\n]}\n");
}

static const struct vocabulary_edition *find_list(const struct vocabulary *vocabulary, const char *scheme)
{
    const struct vocabulary_edition *editions = NULL;
    const size_t count = vocabulary_editions(vocabulary, &editions);
    for (size_t i = 0; i < count; i++)
        if (open_list(&editions[i]) && strcmp(editions[i].scheme, scheme) == 0) return &editions[i];
    return NULL;
}

const char codes_api_paths[] =
    "\"" OPEN_CODES_PATH
    "/{scheme}/{format}\": {\"get\": {\"operationId\": \"get_codes\", \"summary\": \"A code list as a file\", "
    "\"parameters\": [{\"name\": \"scheme\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": "
    "\"string\"}}, {\"name\": \"format\", \"in\": \"path\", \"required\": true, \"schema\": {\"enum\": [\"csv\", "
    "\"xlsx\", \"json\"]}}], \"responses\": {\"200\": {\"description\": \"OK\", \"content\": {\"*/*\": {}}}, "
    "\"default\": {\"$ref\": \"#/components/responses/problem\"}}}}";

enum status api_codes(const struct http_request *request, struct http_response *response, struct error *error)
{
    const struct application *application = request->application;
    struct vocabulary *vocabulary = application->records.vocabulary;
    const char *scheme = request->words[0], *word = request->words[1];
    struct code_file file = {.edition = find_list(vocabulary, scheme)};
    enum export_format format = EXPORT_CSV;
    enum status status = STATUS_OK;
    if (!file.edition || !export_format_find(word, &format) || format == EXPORT_GEOJSON)
        return error_set(error, STATUS_MISSING, N_("There is no such list, or not in that form."));
    file.out = buffer_new(request->arena, FILE_BYTES);
    file.count = vocabulary_list(vocabulary, request->arena, scheme, NULL, NULL, &file.codes);
    if (format == EXPORT_JSON)
        write_json(&file);
    else
        status = write_sheet(&file, format == EXPORT_XLSX ? SHEET_XLSX : SHEET_CSV_COMMA, error);
    response->buffer = file.out;
    response->media_type = export_media_type(format);
    response->filename = arena_print(request->arena, "%s-%s.%s", scheme, file.edition->version, word);
    response->cache = HTTP_PUBLIC_SHORT;
    return status;
}
