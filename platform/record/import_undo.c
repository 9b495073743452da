/* import_undo.c: taking an import back, and the file with its remarks. */
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/record/import_private.h"
#include "platform/record/type.h"
#include "platform/sheet/sheet.h"

enum { UNDO_BATCH = 200 };

struct undo_item {
    int64_t record, version;
    bool added;
};
struct undo {
    struct record_context *context;
    struct import *import;
    struct undo_item *items;
    size_t count;
    int64_t kept, kept_before;
    size_t done, total; /* items, once this batch is */
};

/* What the import changed, as the line of history of that version says it was before. */
static enum status restore_fields(struct record_context *context, const struct kind *kind, const struct undo_item *item,
                                  void *record, struct error *error)
{
    const char *changes = NULL, *name = NULL;
    json_t *pair = NULL;
    enum status status =
        db_one_text(context->handle, context->arena,
                    "SELECT changes FROM record_history WHERE record = $1 AND version = $2 AND kind = $3",
                    DB_BIND(db_integer(item->record), db_integer(item->version), db_text(kind->name)), &changes, error);
    if (status) return status;
    json_t *root = json_loads(changes ? changes : "{}", 0, NULL);
    json_object_foreach(root, name, pair)
    {
        const struct field *field = kind_field(kind, name);
        const char *before = json_string_value(json_array_get(pair, 0));
        if (strcmp(name, "audience") == 0 && before) audience_find(before, &head_of(record)->audience);
        if (!field) continue;
        field_type(field)->clear(field_member(field, record));
        if (before)
            status = status ? status
                            : field_type(field)->parse(context, field, arena_copy(context->arena, before),
                                                       field_member(field, record), error);
    }
    json_decref(root);
    return status;
}

static enum status restore_leaves(struct record_context *context, const struct kind *kind, const struct undo_item *item,
                                  void *record, struct error *error)
{
    struct db_rows *rows = db_query(
        context->handle,
        "SELECT l.field, l.before FROM record_leaf l JOIN record_history h ON h.id = l.history AND h.home = l.home "
        "WHERE h.record = $1 AND h.version = $2 AND h.kind = $3",
        DB_BIND(db_integer(item->record), db_integer(item->version), db_text(kind->name)));
    enum status status = STATUS_OK;
    while (!status && db_next(rows)) {
        const struct field *field = kind_field(kind, db_get_text(rows, 0));
        if (!field) continue;
        field_type(field)->clear(field_member(field, record));
        if (db_get_text(rows, 1))
            status = field_type(field)->parse(context, field, arena_copy(context->arena, db_get_text(rows, 1)),
                                              field_member(field, record), error);
    }
    const enum status ended = db_end(&rows, status ? NULL : error);
    return status ? status : ended;
}

static enum status undo_changed(struct record_context *context, const struct kind *kind, const struct undo_item *item,
                                const void *before, struct error *error)
{
    void *record = arena_copy_bytes(context->arena, before, kind->size);
    enum status status = restore_fields(context, kind, item, record, error);
    if (!status) status = restore_leaves(context, kind, item, record, error);
    head_of(record)->updated = record_now(context);
    return status ? status : write_record(context, kind, &(struct save){record, before, "changed", NULL}, error);
}

static enum status undo_batch(struct db_handle *handle, void *data, struct error *error)
{
    struct undo *undo = data;
    struct record_context context = *undo->context;
    enum status status = STATUS_OK;
    context.handle = handle;
    context.arena = arena_new();
    context.origin = arena_print(context.arena, "undo of import %lld", (long long)undo->import->id);
    undo->kept = undo->kept_before;
    for (size_t i = 0; !status && i < undo->count; i++) {
        void *before = NULL;
        const struct undo_item *item = &undo->items[i];
        status = load_raw(&context, undo->import->kind, item->record, &before, error);
        if (status == STATUS_MISSING || (!status && head_of(before)->version != item->version)) {
            undo->kept += status == STATUS_OK;
            status = STATUS_OK;
        } else if (!status) {
            status = item->added ? erase_record(&context, undo->import->kind, before, NULL, error)
                                 : undo_changed(&context, undo->import->kind, item, before, error);
        }
    }
    arena_free(&context.arena);
    return status ? status : import_tell(handle, undo->import, (int64_t)undo->done, (int64_t)undo->total, error);
}

/* The records of a run of slots: as the import left them they have version 1. */
static enum status gather_slots(struct record_context *context, const struct kind *kind, int64_t first, int64_t count,
                                struct undo *undo, struct error *error)
{
    const char *sql = arena_print(context->arena, "SELECT id FROM %s WHERE slot >= $1 AND slot < $2", kind->name);
    struct db_rows *rows = db_query(context->handle, sql, DB_BIND(db_integer(first), db_integer(first + count)));
    while (db_next(rows)) undo->items[undo->count++] = (struct undo_item){db_get_integer(rows, 0), 1, true};
    return db_end(&rows, error);
}

static enum status gather_items(struct record_context *context, const struct import *import, struct undo *undo,
                                struct error *error)
{
    enum status status = STATUS_OK;
    undo->items = ARENA_ARRAY(context->arena, (size_t)(import->added + import->changed) + 1, struct undo_item);
    struct arena *arena = context->arena;
    struct {
        int64_t first, count;
    } *runs = arena_array(arena, (size_t)import->added + 1, sizeof *runs);
    size_t run_count = 0;
    struct db_rows *rows = db_query(context->handle,
                                    "SELECT outcome, record, version FROM record_import_line WHERE home = $1 AND "
                                    "import = $2 AND outcome <> 'refused'",
                                    DB_BIND(db_integer(import->home), db_integer(import->id)));
    while (db_next(rows)) {
        if (strcmp(db_get_text(rows, 0), "slots") == 0) {
            runs[run_count].first = db_get_integer(rows, 1);
            runs[run_count++].count = db_get_integer(rows, 2);
        } else {
            undo->items[undo->count++] = (struct undo_item){db_get_integer(rows, 1), db_get_integer(rows, 2), false};
        }
    }
    status = db_end(&rows, error);
    for (size_t i = 0; !status && i < run_count; i++)
        status = gather_slots(context, import->kind, runs[i].first, runs[i].count, undo, error);
    return status;
}

static enum status keep_undone(struct db_handle *handle, void *data, struct error *error)
{
    return import_keep(handle, data, error);
}

static bool can_be_undone(const struct import *import)
{
    static const char *const stages[] = {"done", "applying", "undoing"};
    bool can = false;
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) can = can || strcmp(import->stage, stages[i]) == 0;
    return can;
}

enum status import_undo(struct record_context *context, struct import *import, int64_t *kept, struct error *error)
{
    struct undo all = {.context = context, .import = import};
    *kept = 0;
    if (!can_be_undone(import))
        return error_set(error, STATUS_INPUT, N_("Only an import that was applied can be taken back."));
    enum status status = gather_items(context, import, &all, error);
    import->stage = "undoing";
    if (!status) status = db_transaction(context->records->db, keep_undone, import, error);
    struct undo part = all;
    for (size_t i = 0; !status && i < all.count; i += part.count) {
        if (import_stops(import)) return STATUS_OK;
        part.items = all.items + i;
        part.count = all.count - i < UNDO_BATCH ? all.count - i : UNDO_BATCH;
        part.kept_before = part.kept;
        part.done = i + part.count;
        part.total = all.count;
        status = db_transaction(context->records->db, undo_batch, &part, error);
    }
    *kept = part.kept;
    if (status) return status;
    import->stage = "undone";
    return db_transaction(context->records->db, keep_undone, import, error);
}

struct report {
    struct record_context *context;
    const struct import *import;
    struct map *remarks;
    struct sheet_writer *writer;
};

static enum status read_report_remarks(struct report *report, struct error *error)
{
    struct import_remark *remarks = NULL;
    size_t count = 0;
    const enum status status = import_remarks(report->context, report->import, 0, 10000, &remarks, &count, error);
    for (size_t i = 0; !status && i < count; i++) map_put_number(report->remarks, remarks[i].line, &remarks[i]);
    return status;
}

static enum status write_report_row(const struct report *report, const char *const *cells, int64_t line,
                                    struct error *error)
{
    const struct import_remark *remark = map_get_number(report->remarks, line);
    if (!remark) return STATUS_OK;
    for (size_t i = 0; i < report->import->column_count; i++) sheet_put_text(report->writer, cells[i]);
    sheet_put_text(report->writer, language_error(report->context->arena, report->context->language, &remark->error));
    return sheet_end_row(report->writer, error);
}

enum status import_report(struct record_context *context, struct import *import,
                          enum status (*sink)(void *, const char *, size_t, struct error *), void *data,
                          struct error *error)
{
    struct report report = {.context = context, .import = import, .remarks = map_new(context->arena)};
    struct sheet_reader *reader = NULL;
    const char *const *cells = NULL;
    int64_t line = 0;
    enum status status = import_open(context, import, error);
    if (status) return status;
    struct sheet_column *columns = ARENA_ARRAY(context->arena, import->column_count + 1, struct sheet_column);
    for (size_t i = 0; i < import->column_count; i++) columns[i].name = import->columns[i];
    columns[import->column_count].name = language_text(context->language, N_("Remark"));
    status = read_report_remarks(&report, error);
    if (!status)
        status = sheet_write_open(SHEET_CSV_SEMICOLON, columns, import->column_count + 1, NULL, 0, sink, data,
                                  &report.writer, error);
    if (!status) status = sheet_open(import->path, NULL, &sheet_usual_limits, &reader, error);
    while (!status && sheet_next(reader, &cells, &line)) status = write_report_row(&report, cells, line, error);
    if (!status) status = sheet_fault(reader, error);
    sheet_close(&reader);
    const enum status closed = report.writer ? sheet_write_close(&report.writer, status ? NULL : error) : STATUS_OK;
    return status ? status : closed;
}
