#include "platform/record/export.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/record/json.h"
#include "platform/record/readings.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"

enum { RECORD_BYTES = 4 * 1024 * 1024, BATCH_BYTES = 64 * 1024 * 1024 };

struct record_export {
    struct record_context *context;
    struct record_found *found;
    int64_t at; /* slot of the last record given */
    enum export_format format;
    struct buffer *held;         /* what a batch gave, until its readings are noted; NULL: handed out at once */
    struct record_context batch; /* whose arena ends with each batch */
    const struct kind *kind;
    const struct field *fields[EXPORT_FIELDS];
    size_t field_count;
    struct record_shown shown; /* the same: what is not in the file is not read */
    sheet_sink *sink;
    void *data;
    struct sheet_writer *writer;
    int64_t done;
    bool first;
};

static const struct {
    const char *word, *media_type;
} formats[] = {
    [EXPORT_CSV] = {"csv", "text/csv; charset=utf-8"},
    [EXPORT_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [EXPORT_JSON] = {"json", "application/json"},
    [EXPORT_GEOJSON] = {"geojson", "application/geo+json"},
};

bool export_format_find(const char *word, enum export_format *format)
{
    for (int i = EXPORT_CSV; i <= EXPORT_GEOJSON; i++) {
        if (strcmp(formats[i].word, word) != 0) continue;
        *format = (enum export_format)i;
        return true;
    }
    return false;
}

const char *export_media_type(enum export_format format) { return formats[format].media_type; }

/* What the writers make: kept until the batch's readings are noted. */
static enum status hand_out(void *context, const char *bytes, size_t length, struct error *error)
{
    struct record_export *exporting = context;
    if (!exporting->held) return exporting->sink(exporting->data, bytes, length, error);
    buffer_add(exporting->held, bytes, length);
    return buffer_overflowed(exporting->held)
               ? error_set(error, STATUS_LIMIT, N_("The file would be too large: narrow the list first."))
               : STATUS_OK;
}

enum status record_columns_choose(struct record_context *context, const struct kind *kind, const char *columns,
                                  const struct field **fields, size_t *count, struct error *error)
{
    char *words = arena_copy(context->arena, columns ? columns : ""), *next = NULL;
    *count = 0;
    if (!*words)
        for (const struct field *field = kind->fields; field->name && *count < EXPORT_FIELDS; field++)
            fields[(*count)++] = field;
    for (char *word = strtok_r(words, ",", &next); word; word = strtok_r(NULL, ",", &next)) {
        const struct field *field = kind_field(kind, word);
        if (!field || *count == EXPORT_FIELDS)
            return error_field(error, STATUS_INPUT, "columns", N_("There is no field “{1}”."), word);
        fields[(*count)++] = field;
    }
    return STATUS_OK;
}

static bool is_number_field(const struct field *field)
{
    return field->type == FIELD_INTEGER || field->type == FIELD_DECIMAL || field->type == FIELD_MONEY;
}

/* What stands beside some fields in a column of its own. */
static const char *second_column(const struct field *field)
{
    if (field->type == FIELD_FILE) return N_("address");
    return field->type == FIELD_CODE || field->type == FIELD_REFERENCE || field->type == FIELD_PLACE ? N_("name")
                                                                                                     : NULL;
}

/* Number, step, day; then a column a field, and beside codes their label, beside files their address. */
static size_t sheet_columns_of(struct record_export *exporting, struct sheet_column *columns)
{
    const enum language language = exporting->context->language;
    size_t count = 0;
    columns[count++] = (struct sheet_column){.name = language_text(language, N_("Number"))};
    if (exporting->kind->states) columns[count++] = (struct sheet_column){.name = language_text(language, N_("Step"))};
    for (size_t i = 0; i < exporting->field_count; i++) {
        const struct field *field = exporting->fields[i];
        const bool number = is_number_field(field);
        const enum cell_type type = number                        ? CELL_NUMBER
                                    : field->type == FIELD_DATE   ? CELL_DAY
                                    : field->type == FIELD_MOMENT ? CELL_MOMENT
                                    : field->type == FIELD_LINK   ? CELL_LINK
                                                                  : CELL_TEXT;
        columns[count++] = (struct sheet_column){.name = language_text(language, field->label),
                                                 .type = type,
                                                 .scale = field->type == FIELD_MONEY ? 2
                                                          : number                   ? field->number.scale
                                                                                     : 0};
        const char *second = second_column(field);
        if (second)
            columns[count++] = (struct sheet_column){.name = arena_print(exporting->context->arena, "%s (%s)",
                                                                         language_text(language, field->label),
                                                                         language_text(language, second)),
                                                     .type = field->type == FIELD_FILE ? CELL_LINK : CELL_TEXT};
    }
    return count;
}

/* Its name, and the address at which its readers find it. */
static void put_file(struct record_export *exporting, const struct file *file)
{
    const struct record_context *context = &exporting->batch;
    sheet_put_text(exporting->writer, file->name);
    sheet_put_text(exporting->writer,
                   file->id ? arena_print(context->arena, "%s/%s/files/%lld", context->site ? context->site : "",
                                          language_code(context->language), (long long)file->id)
                            : NULL);
}

static void put_field(struct record_export *exporting, const struct field *field, const void *record)
{
    const void *member = field_value(field, record);
    if (is_number_field(field)) {
        const int64_t value = *(const int64_t *)member;
        if (value == ABSENT)
            sheet_put_empty(exporting->writer);
        else
            sheet_put_number(exporting->writer, value);
    } else if (field->type == FIELD_DATE) {
        const int64_t day = ((const struct date *)member)->day;
        if (day == ABSENT)
            sheet_put_empty(exporting->writer);
        else
            sheet_put_day(exporting->writer, day);
    } else if (field->type == FIELD_MOMENT) {
        const int64_t moment = ((const struct moment *)member)->at;
        const int64_t ahead = moment == ABSENT ? 0 : language_paris_offset(moment);
        if (moment == ABSENT)
            sheet_put_empty(exporting->writer);
        else
            sheet_put_moment(exporting->writer, moment + ahead, ahead);
    } else if (field->type == FIELD_FILE) {
        put_file(exporting, member);
    } else {
        sheet_put_text(exporting->writer, field_text(&exporting->batch, field, record));
    }
    if (field->type != FIELD_FILE && second_column(field))
        sheet_put_text(exporting->writer, field_show(&exporting->batch, field, record));
}

static enum status put_sheet_row(struct record_export *exporting, const void *record, struct error *error)
{
    const struct record *head = record;
    sheet_put_text(exporting->writer, arena_print(exporting->batch.arena, "%lld", (long long)head->id));
    if (exporting->kind->states) {
        const struct state *state = kind_state(exporting->kind, head->state);
        sheet_put_text(exporting->writer,
                       state ? language_text(exporting->context->language, state->label) : head->state);
    }
    for (size_t i = 0; i < exporting->field_count; i++) put_field(exporting, exporting->fields[i], record);
    return sheet_end_row(exporting->writer, error);
}

static enum status put_json(struct record_export *exporting, const void *record, bool geo, struct error *error)
{
    struct buffer *out = buffer_new(exporting->batch.arena, RECORD_BYTES);
    struct place place = {.latitude = ABSENT};
    buffer_text(out, exporting->first ? "\n" : ",\n");
    exporting->first = false;
    if (geo) {
        record_place(&exporting->batch, exporting->kind, record, &place);
        buffer_print(out, "{\"type\": \"Feature\", \"id\": \"%lld\", \"geometry\": ", (long long)head_in(record)->id);
        if (place.latitude == ABSENT)
            buffer_text(out, "null");
        else
            buffer_print(out, "{\"type\": \"Point\", \"coordinates\": [%.6f, %.6f]}", (double)place.longitude / 1e6,
                         (double)place.latitude / 1e6);
        buffer_text(out, ", \"properties\": ");
    }
    json_chosen(out, &exporting->batch, record, exporting->fields, exporting->field_count);
    if (geo) buffer_char(out, '}');
    return hand_out(exporting, buffer_data(out), buffer_length(out), error);
}

static enum status write_text(struct record_export *exporting, const char *text, struct error *error)
{
    return hand_out(exporting, text, strlen(text), error);
}

static enum status begin_file(struct record_export *exporting, enum export_format format, const char *filters,
                              struct error *error)
{
    static const char *const heads[] = {
        [EXPORT_JSON] = "{\"items\": [", [EXPORT_GEOJSON] = "{\"type\": \"FeatureCollection\", \"features\": ["};
    /* The writer keeps both until it is closed. */
    struct sheet_column *columns = ARENA_ARRAY(exporting->context->arena, EXPORT_FIELDS * 2 + 2, struct sheet_column);
    const char **kept = ARENA_ARRAY(exporting->context->arena, 8, const char *);
    const enum language language = exporting->context->language;
    if (format == EXPORT_JSON || format == EXPORT_GEOJSON) return write_text(exporting, heads[format], error);
    const char *const notes[] = {language_text(language, N_("Source")),
                                 "Maillage",
                                 language_text(language, N_("Date")),
                                 language_moment(exporting->context->arena, language, record_now(exporting->context)),
                                 language_text(language, N_("Filters")),
                                 filters && *filters ? filters : "–",
                                 language_text(language, N_("Method")),
                                 language_text(language, N_("The records that the reader may see, as they stand."))};
    memcpy(kept, notes, sizeof notes);
    return sheet_write_open(format == EXPORT_CSV ? SHEET_CSV_SEMICOLON : SHEET_XLSX, columns,
                            sheet_columns_of(exporting, columns), kept, 4, hand_out, exporting, &exporting->writer,
                            error);
}

static enum status put_batch(struct record_export *exporting, bool *more, struct error *error)
{
    void **records = NULL;
    size_t count = 0;
    enum status status =
        record_found_next(&exporting->batch, exporting->found, &exporting->at, &records, &count, error);
    for (size_t i = 0; !status && i < count; i++)
        status = exporting->writer ? put_sheet_row(exporting, records[i], error)
                                   : put_json(exporting, records[i], exporting->format == EXPORT_GEOJSON, error);
    *more = count > 0;
    exporting->done += (int64_t)count;
    return status;
}

enum status record_export_step(struct record_export *exporting, bool *more, struct error *error)
{
    arena_reset(exporting->batch.arena);
    exporting->batch.readings = NULL;
    exporting->held = buffer_new(exporting->batch.arena, BATCH_BYTES);
    enum status status = put_batch(exporting, more, error);
    if (!status) status = readings_commit(&exporting->batch, error);
    const struct buffer *held = exporting->held;
    exporting->held = NULL;
    return status || !buffer_length(held)
               ? status
               : exporting->sink(exporting->data, buffer_data(held), buffer_length(held), error);
}

int64_t record_export_done(const struct record_export *exporting) { return exporting->done; }

static void abandon(void *context)
{
    struct record_export *exporting = context;
    if (exporting->writer) sheet_write_abandon(&exporting->writer);
    arena_free(&exporting->batch.arena);
}

enum status record_export_open(struct record_context *context, struct record_found *found, enum export_format format,
                               const char *columns, const char *filters, sheet_sink *sink, void *data,
                               struct record_export **result, struct error *error)
{
    struct record_export *exporting = ARENA_NEW(context->arena, struct record_export);
    *exporting = (struct record_export){.context = context,
                                        .batch = *context,
                                        .found = found,
                                        .at = INT64_MAX,
                                        .format = format,
                                        .kind = found->kind,
                                        .sink = sink,
                                        .data = data,
                                        .first = true};
    exporting->batch.arena = arena_new();
    arena_defer(context->arena, abandon, exporting);
    *result = exporting;
    const enum status status =
        record_columns_choose(context, found->kind, columns, exporting->fields, &exporting->field_count, error);
    exporting->shown = (struct record_shown){exporting->fields, exporting->field_count};
    exporting->batch.shown = &exporting->shown;
    return status ? status : begin_file(exporting, format, filters, error);
}

enum status record_export_close(struct record_export *exporting, struct error *error)
{
    return exporting->writer ? sheet_write_close(&exporting->writer, error) : write_text(exporting, "\n]}\n", error);
}

enum status record_export_write(struct record_context *context, struct record_found *found, enum export_format format,
                                const char *columns, const char *filters, sheet_sink *sink, void *data,
                                struct error *error)
{
    struct record_export *exporting = NULL;
    bool more = true;
    enum status status = record_export_open(context, found, format, columns, filters, sink, data, &exporting, error);
    while (!status && more) status = record_export_step(exporting, &more, error);
    return status ? status : record_export_close(exporting, error);
}
