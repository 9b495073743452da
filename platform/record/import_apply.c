/* import_apply.c: writing the rows in short transactions, and going on after a stop.
 *
 * New records of a batch get a run of slots, kept as one line of outcome "slots" (line: minus the first of the batch, record: the first
 * slot, version: how many); a changed record gets a line of its own: what undoing needs. Rows, index, history and the count of rows done are of one transaction: a stop loses none. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/record/import_private.h"
#include "platform/sheet/sheet.h"

enum { BATCH_ROWS = 400, BATCH_MS = 30 };

struct apply {
    struct record_context context; /* its arena is of the batch */
    struct import *import;
    struct import before; /* counts as they were when the batch began: a transaction may run twice */
    struct import_row *rows;
    char ***cells;
    int64_t *lines;
    size_t count;
};

static enum status add_line(struct db_handle *handle, const struct import *import, int64_t line, const char *outcome,
                            int64_t record, int64_t version, struct error *error)
{
    return db_run(
        handle,
        "INSERT INTO record_import_line (home, import, line, outcome, record, version) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (home, import, line) DO UPDATE SET (outcome, record, version) = (excluded.outcome, "
        "excluded.record, excluded.version)",
        DB_BIND(db_integer(import->home), db_integer(import->id), db_integer(line), db_text(outcome),
                db_integer(record), db_integer(version)),
        NULL, error);
}

static enum status write_row(struct apply *apply, struct import_row *row, int64_t *slot, struct error *error)
{
    struct record_context *context = &apply->context;
    const struct kind *kind = apply->import->kind;
    if (row->outcome == OUTCOME_ADDED) head_of(row->record)->slot = (*slot)++;
    const enum status status = write_record(context, kind, row->record, row->before, error);
    if (status || row->outcome == OUTCOME_ADDED) return status;
    return add_line(context->handle, apply->import, row->line, "changed", head_of(row->record)->id,
                    head_of(row->record)->version, error);
}

static enum status reserve(struct apply *apply, int64_t *slot, struct error *error)
{
    int64_t added = 0;
    for (size_t i = 0; i < apply->count; i++) added += apply->rows[i].outcome == OUTCOME_ADDED;
    if (!added) return STATUS_OK;
    const enum status status = index_slots(apply->context.handle, apply->import->kind->name, added, slot, error);
    return status ? status
                  : add_line(apply->context.handle, apply->import, -apply->lines[0], "slots", *slot, added, error);
}

/* Two rows of one batch may name the same record: the second is read again after the first was written. */
static enum status apply_rows(struct apply *apply, struct error *error)
{
    int64_t slot = 0;
    apply->context.bulk = index_bulk_new(apply->context.arena, apply->import->kind->name);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < apply->count; i++) {
        apply->rows[i].line = apply->lines[i];
        status = import_read_row(&apply->context, apply->import, (const char *const *)apply->cells[i], &apply->rows[i],
                                 error);
    }
    if (!status) status = reserve(apply, &slot, error);
    for (size_t i = 0; !status && i < apply->count; i++) {
        struct import_row *row = &apply->rows[i];
        row->line = apply->lines[i];
        if (row->outcome == OUTCOME_ADDED && i)
            status = import_read_row(&apply->context, apply->import, (const char *const *)apply->cells[i], row, error);
        if (status) break;
        import_count(apply->import, row->outcome);
        if (row->outcome == OUTCOME_REFUSED)
            status = import_add_remark(apply->context.handle, apply->context.arena, apply->import, row, error);
        else if (row->outcome != OUTCOME_SAME)
            status = write_row(apply, row, &slot, error);
    }
    return status ? status : index_bulk_write(apply->context.bulk, apply->context.handle, error);
}

static enum status apply_batch(struct db_handle *handle, void *data, struct error *error)
{
    struct apply *apply = data;
    *apply->import = apply->before;
    apply->context.handle = handle;
    enum status status = apply_rows(apply, error);
    apply->import->done += (int64_t)apply->count;
    return status ? status : import_keep(handle, apply->import, error);
}

static void keep_cells(struct apply *apply, const char *const *cells, int64_t line)
{
    struct arena *arena = apply->context.arena;
    char **copy = ARENA_ARRAY(arena, apply->import->column_count, char *);
    for (size_t i = 0; i < apply->import->column_count; i++) copy[i] = arena_copy(arena, cells[i]);
    apply->cells[apply->count] = copy;
    apply->lines[apply->count++] = line;
}

static enum status flush(struct apply *apply, size_t *batch, struct error *error)
{
    if (!apply->count) return STATUS_OK;
    const int64_t start = time_ticks();
    apply->before = *apply->import;
    const enum status status = db_transaction(apply->context.records->db, apply_batch, apply, error);
    const int64_t took = time_ticks() - start;
    /* Others wait while a batch is written: its length follows the machine's speed. */
    if (took > BATCH_MS && *batch > 8)
        *batch /= 2;
    else if (took * 3 < BATCH_MS && *batch < BATCH_ROWS)
        *batch *= 2;
    apply->count = 0;
    arena_reset(apply->context.arena);
    return status;
}

static enum status keep_stage(struct db_handle *handle, void *data, struct error *error)
{
    return import_keep(handle, data, error);
}

/* From the first row on: what a dry run or an application that was taken back had noted of the lines goes. */
static enum status begin_again(struct db_handle *handle, void *data, struct error *error)
{
    const struct import *import = data;
    const enum status status = db_run(handle, "DELETE FROM record_import_line WHERE home = $1 AND import = $2",
                                      DB_BIND(db_integer(import->home), db_integer(import->id)), NULL, error);
    return status ? status : import_keep(handle, import, error);
}

static enum status apply_all(struct apply *apply, struct sheet_reader *reader, import_progress *progress, void *data,
                             struct error *error)
{
    const char *const *cells = NULL;
    int64_t line = 0, skip = apply->import->done;
    size_t batch = 50;
    bool stopped = false;
    enum status status = STATUS_OK;
    while (!status && !stopped && sheet_next(reader, &cells, &line)) {
        if (skip-- > 0) {
            import_see_row(&apply->context, apply->import, cells, line);
            arena_reset(apply->context.arena);
            continue;
        }
        keep_cells(apply, cells, line);
        if (apply->count < batch) continue;
        status = flush(apply, &batch, error);
        stopped = !status && progress && !progress(data, sheet_progress(reader));
    }
    if (!status) status = sheet_fault(reader, error);
    if (!status) status = flush(apply, &batch, error);
    if (!status && !stopped) apply->import->stage = "done";
    return status;
}

enum status import_apply(struct record_context *context, struct import *import, import_progress *progress, void *data,
                         struct error *error)
{
    struct sheet_reader *reader = NULL;
    struct apply apply = {.context = *context, .import = import};
    const bool goes_on = strcmp(import->stage, "applying") == 0;
    if (strcmp(import->stage, "done") == 0) return error_set(error, STATUS_INPUT, N_("This file was applied already."));
    apply.context.arena = arena_new();
    apply.context.origin = arena_print(context->arena, "import %lld", (long long)import->id);
    apply.rows = ARENA_ARRAY(context->arena, BATCH_ROWS, struct import_row);
    apply.cells = ARENA_ARRAY(context->arena, BATCH_ROWS, char **);
    apply.lines = ARENA_ARRAY(context->arena, BATCH_ROWS, int64_t);
    if (!goes_on) import->done = import->added = import->changed = import->same = import->refused = 0;
    import->stage = "applying";
    import->seen = map_new(context->arena);
    enum status status = sheet_open(import->path, NULL, &sheet_usual_limits, &reader, error);
    if (!status) status = db_transaction(context->records->db, goes_on ? keep_stage : begin_again, import, error);
    if (!status) status = apply_all(&apply, reader, progress, data, error);
    sheet_close(&reader);
    arena_free(&apply.context.arena);
    return status ? status : db_transaction(context->records->db, keep_stage, import, error);
}
