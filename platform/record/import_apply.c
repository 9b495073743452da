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

enum { BATCH_ROWS = 4000, FIRST_ROWS = 50, LEAST_ROWS = 8, BATCH_MS = 45, LINE_COLUMNS = 6 };

struct apply {
    struct record_context context; /* its arena is of the batch */
    struct import *import;
    struct import before; /* counts as they were when the batch began: a transaction may run twice */
    struct record_batch *batch;
    struct import_rows *rows; /* of the batch */
    size_t size;              /* rows of the next one */
    int64_t began;            /* when the transaction had the database to itself */
};

/* What undoing needs of the rows that were written together. */
static enum status add_lines(struct apply *apply, const struct import_row *rows, size_t count, struct error *error)
{
    const struct import *import = apply->import;
    struct db_value *values = ARENA_ARRAY(apply->context.arena, (count + 1) * LINE_COLUMNS, struct db_value);
    struct db_value *next = values, *slots = NULL;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].outcome != OUTCOME_ADDED && rows[i].outcome != OUTCOME_CHANGED) continue;
        const bool added = rows[i].outcome == OUTCOME_ADDED;
        const struct record *head = rows[i].record;
        if (added && slots) {
            slots[5].integer++;
            continue;
        }
        if (added) slots = next;
        *next++ = db_integer(import->home);
        *next++ = db_integer(import->id);
        *next++ = db_integer(added ? -rows[i].line : rows[i].line);
        *next++ = db_text(added ? "slots" : "changed");
        *next++ = db_integer(added ? head->slot : head->id);
        *next++ = db_integer(added ? 1 : head->version);
    }
    return db_insert(apply->context.handle, "record_import_line (home, import, line, outcome, record, version)",
                     "ON CONFLICT (home, import, line) DO UPDATE SET (outcome, record, version) = (excluded.outcome, "
                     "excluded.record, excluded.version)",
                     values, LINE_COLUMNS, (size_t)(next - values) / LINE_COLUMNS, error);
}

static enum status write_some(struct apply *apply, size_t from, size_t end, struct error *error)
{
    const enum status status = record_batch_write(apply->batch, error);
    return status ? status : add_lines(apply, apply->rows->items + from, end - from, error);
}

/* A row that depends on others of the batch is read again once they are written. */
static enum status apply_rows(struct apply *apply, struct error *error)
{
    size_t written = 0;
    enum status status = import_look_up(&apply->context, apply->batch, apply->import, apply->rows, error);
    for (size_t i = 0; !status && i < apply->rows->count; i++) {
        struct import_row *row = &apply->rows->items[i];
        status = import_read_row(&apply->context, apply->batch, apply->import, row, error);
        if (!status && row->waits) {
            status = write_some(apply, written, i, error);
            written = i;
            if (!status) status = import_read_row(&apply->context, apply->batch, apply->import, row, error);
        }
        if (status) break;
        import_count(apply->import, row->outcome);
        if (row->outcome == OUTCOME_REFUSED)
            status = import_add_remark(apply->context.handle, apply->context.arena, apply->import, row, error);
    }
    return status ? status : write_some(apply, written, apply->rows->count, error);
}

/* A conflict here is with a writer who came between the look-up and now (PostgreSQL): the batch runs again and sees them. */
static enum status apply_batch(struct db_handle *handle, void *data, struct error *error)
{
    struct apply *apply = data;
    *apply->import = apply->before;
    apply->began = time_ticks();
    apply->context.handle = handle;
    record_batch_begin(apply->batch, &apply->context);
    const enum status status = apply_rows(apply, error);
    if (status) return status == STATUS_CONFLICT ? STATUS_BUSY : status;
    apply->import->done += (int64_t)apply->rows->count;
    return import_keep(handle, apply->import, error);
}

/* Others wait while a batch is written: its length follows the machine's speed. */
static size_t next_size(size_t size, int64_t held)
{
    size_t next = size * BATCH_MS / (size_t)(held > 1 ? held : 1);
    if (next > 2 * size) next = 2 * size;
    if (next < size / 2) next = size / 2;
    return next < LEAST_ROWS ? LEAST_ROWS : next > BATCH_ROWS ? BATCH_ROWS : next;
}

static enum status flush(struct apply *apply, struct error *error)
{
    apply->before = *apply->import;
    enum status status = db_transaction(apply->context.records->db, apply_batch, apply, error);
    apply->size = next_size(apply->size, time_ticks() - apply->began);
    if (!status) status = record_batch_done(apply->batch, error);
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

/* What was applied before the import was stopped: its keys still count. */
static void skip_applied(struct apply *apply, struct sheet_reader *reader)
{
    const char *const *cells = NULL;
    int64_t line = 0;
    struct arena *arena = arena_new();
    apply->context.arena = arena;
    for (int64_t left = apply->import->done; left > 0 && sheet_next(reader, &cells, &line); left--) {
        import_see_row(&apply->context, apply->import, cells, line);
        arena_reset(arena);
    }
    arena_free(&arena);
}

static enum status apply_all(struct apply *apply, struct sheet_reader *reader, import_progress *progress, void *data,
                             struct error *error)
{
    bool stopped = false;
    enum status status = STATUS_OK;
    struct import_batch *batch;
    struct record_context context = apply->context;
    skip_applied(apply, reader);
    struct import_ahead *ahead = import_ahead_start(&context, apply->import, reader, apply->size, BATCH_ROWS);
    while (!status && !stopped && (batch = import_ahead_next(ahead, apply->size))) {
        apply->rows = batch->rows;
        apply->context.arena = batch->arena;
        status = flush(apply, error);
        stopped = !status && progress && !progress(data, batch->progress);
    }
    import_ahead_end(ahead);
    if (!status && !stopped) status = sheet_fault(reader, error);
    if (!status && !stopped) apply->import->stage = "done";
    return status;
}

enum status import_apply(struct record_context *context, struct import *import, import_progress *progress, void *data,
                         struct error *error)
{
    struct sheet_reader *reader = NULL;
    struct apply apply = {.context = *context, .import = import, .size = FIRST_ROWS};
    const bool goes_on = strcmp(import->stage, "applying") == 0;
    if (strcmp(import->stage, "done") == 0) return error_set(error, STATUS_INPUT, N_("This file was applied already."));
    if (strcmp(import->stage, "undoing") == 0)
        return error_set(error, STATUS_INPUT, N_("This import is being taken back: let that end first."));
    apply.context.origin = arena_print(context->arena, "import %lld", (long long)import->id);
    apply.batch = record_batch_new(context->arena, import->kind);
    if (!goes_on) import->done = import->added = import->changed = import->same = import->refused = 0;
    import->stage = "applying";
    import->seen = map_new(context->arena);
    enum status status = import_open(context, import, error);
    if (!status) status = sheet_open(import->path, NULL, &sheet_usual_limits, &reader, error);
    if (!status) status = db_transaction(context->records->db, goes_on ? keep_stage : begin_again, import, error);
    if (!status) status = apply_all(&apply, reader, progress, data, error);
    sheet_close(&reader);
    status = record_batch_end(apply.batch, status, error);
    return status ? status : db_transaction(context->records->db, keep_stage, import, error);
}
