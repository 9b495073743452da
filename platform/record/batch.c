/* batch.c: writing prepared records, one or many: rows, index, history, what follows. All writes of records end here. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/map.h"
#include "base/worker.h"
#include "platform/index/index.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"

enum { FIRST_SAVES = 64, WORKER_SAVES = 32, FIRST_GROWTH = 1000, GROWTH = 8 };

struct record_batch {
    struct arena *arena;
    const struct kind *kind;
    struct index_means means;
    struct db *db;
    struct record_context *context; /* of the transaction; what follows is in its arena */
    struct uniques *uniques;
    struct save *saves;
    size_t count, room;
    struct map *held;            /* by the record's id */
    struct index_merger *merger; /* NULL: few were written so far */
    int64_t written, growth;     /* records; and those after which the database is told that it grew */
};

static void end_means(void *data) { arena_free(&((struct record_batch *)data)->means.arena); }

struct record_batch *record_batch_new(struct arena *arena, const struct kind *kind)
{
    struct record_batch *batch = ARENA_NEW(arena, struct record_batch);
    batch->arena = arena;
    batch->kind = kind;
    batch->growth = FIRST_GROWTH;
    batch->means = (struct index_means){.arena = arena_new(), .cache = key_cache_new(arena)};
    arena_defer(arena, end_means, batch);
    return batch;
}

static void forget_saves(struct record_batch *batch)
{
    batch->saves = NULL;
    batch->count = batch->room = 0;
    batch->held = map_new(batch->context->arena);
}

void record_batch_begin(struct record_batch *batch, struct record_context *context)
{
    batch->context = context;
    batch->db = context->records->db;
    batch->uniques = uniques_new(context->arena, batch->kind);
    forget_saves(batch);
    arena_reset(batch->means.arena);
    key_cache_begin(batch->means.cache);
}

enum status record_batch_done(struct record_batch *batch, struct error *error)
{
    struct db *db = batch->db;
    enum status status = STATUS_OK;
    key_cache_done(batch->means.cache);
    if (batch->written >= batch->growth) {
        batch->growth = batch->written * GROWTH;
        status = db_grew(db, error);
    }
    if (!batch->merger && batch->written >= FIRST_GROWTH) batch->merger = index_merger_new(batch->arena, db);
    return status || !batch->merger ? status : index_merger_step(batch->merger, error);
}

enum status record_batch_end(struct record_batch *batch, enum status so_far, struct error *error)
{
    struct error later;
    const enum status status = batch->merger ? index_merger_end(batch->merger, so_far ? &later : error) : STATUS_OK;
    return so_far ? so_far : status;
}

struct uniques *batch_uniques(const struct record_batch *batch) { return batch->uniques; }

bool batch_holds(const struct record_batch *batch, int64_t id) { return map_get_number(batch->held, id) != NULL; }

size_t batch_count(const struct record_batch *batch) { return batch->count; }

static void put(struct record_batch *batch, const struct save *save)
{
    if (batch->count == batch->room) {
        const size_t room = batch->room ? batch->room * 2 : FIRST_SAVES;
        struct save *larger = ARENA_ARRAY(batch->context->arena, room, struct save);
        if (batch->count) memcpy(larger, batch->saves, batch->count * sizeof *larger);
        batch->saves = larger;
        batch->room = room;
    }
    batch->saves[batch->count++] = *save;
    map_put_number(batch->held, head_in(save->after)->id, batch);
}

enum status record_batch_add(struct record_batch *batch, void *record, const void *before, struct faults *faults,
                             struct error *error)
{
    enum status status = STATUS_OK;
    if (batch->kind->capacity) status = record_batch_write(batch, error); /* places are counted by what is written */
    if (!status) status = prepare_record(batch->context, batch->kind, record, before, batch->uniques, faults, error);
    if (status) {
        if (!before) head_of(record)->id = 0;
        return status;
    }
    uniques_take(batch->context, batch->uniques, record, before);
    put(batch, &(struct save){record, before, before ? "changed" : "created", NULL});
    return STATUS_OK;
}

/* ---- rows ---- */

static void bind_head(struct record_context *context, const struct kind *kind, const void *record,
                      struct db_value *values)
{
    const struct record *head = record;
    values[HEAD_ID] = db_integer(head->id);
    values[HEAD_HOME] = db_integer(head->home);
    values[HEAD_OWNER] = db_integer(head->owner);
    values[HEAD_SLOT] = db_integer(head->slot);
    values[HEAD_VERSION] = db_integer(head->version);
    values[HEAD_CREATED] = db_integer(head->created);
    values[HEAD_UPDATED] = db_integer(head->updated);
    values[HEAD_AUTHOR] = db_integer(head->author);
    values[HEAD_AUDIENCE] = db_integer(head->audience);
    values[HEAD_READER] = db_integer(reader_token(head->audience, head->owner));
    values[HEAD_STATE] = db_text(head->state);
    values[HEAD_REASON] = db_text(head->reason);
    values[HEAD_STATE_DAY] = db_integer(head->state_day);
    values[HEAD_NAME_KEY] = db_text(text_fold(context->arena, record_title(kind, record)));
}

/* The values of all columns in order; returns how many there are. */
static size_t bind_record(struct record_context *context, const struct kind *kind, const void *record,
                          struct db_value *values)
{
    size_t count = HEAD_COLUMNS;
    bind_head(context, kind, record, values);
    for (const struct field *field = kind->fields; field->name; field++) {
        field_type(field)->bind(field_value(field, record), values + count);
        count += field_type(field)->column_count;
    }
    return count;
}

static enum status insert_rows(struct record_context *context, const struct kind *kind, const struct save *saves,
                               size_t count, struct error *error)
{
    const size_t columns = HEAD_COLUMNS + kind_sql(kind)->field_columns;
    struct db_value *values = ARENA_ARRAY(context->arena, count * columns, struct db_value);
    for (size_t i = 0; i < count; i++) {
        head_of(saves[i].after)->home = head_of(saves[i].after)->owner;
        bind_record(context, kind, saves[i].after, values + i * columns);
    }
    return db_insert(context->handle, kind_sql(kind)->into, "", values, columns, count, error);
}

/* The values without those that never change, then the id and the version expected. */
static enum status update_row(struct record_context *context, const struct kind *kind, const struct save *save,
                              struct error *error)
{
    struct record *head = head_of(save->after);
    const size_t columns = HEAD_COLUMNS + kind_sql(kind)->field_columns;
    struct db_value *values = ARENA_ARRAY(context->arena, columns, struct db_value),
                    *changing = ARENA_ARRAY(context->arena, columns + 2, struct db_value);
    size_t kept = 0;
    int64_t changed = 0;
    head->version++;
    bind_record(context, kind, save->after, values);
    for (size_t i = 0; i < columns; i++)
        if (i != HEAD_ID && i != HEAD_HOME && i != HEAD_SLOT && i != HEAD_CREATED && i != HEAD_AUTHOR)
            changing[kept++] = values[i];
    changing[kept++] = db_integer(head->id);
    changing[kept++] = db_integer(head->version - 1);
    const enum status status = db_run(context->handle, kind_sql(kind)->update, changing, kept, &changed, error);
    return !status && !changed ? save_conflict(error) : status;
}

static enum status erase_row(struct record_context *context, const struct kind *kind, const struct record *head,
                             struct error *error)
{
    int64_t changed = 0;
    const enum status status = db_run(context->handle, kind_sql(kind)->erase,
                                      DB_BIND(db_integer(head->id), db_integer(head->version)), &changed, error);
    return !status && !changed ? save_conflict(error) : status;
}

/* In the order in which they came, so that a value that one gives up is free for the next; new ones together. */
static enum status write_rows(struct record_context *context, const struct kind *kind, const struct save *saves,
                              size_t count, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0, end; !status && i < count; i = end) {
        end = i;
        while (end < count && !saves[end].before) end++;
        if (end > i)
            status = insert_rows(context, kind, saves + i, end - i, error);
        else if (saves[end++].after)
            status = update_row(context, kind, &saves[i], error);
        else
            status = erase_row(context, kind, saves[i].before, error);
    }
    return status;
}

static enum status give_slots(struct record_context *context, const struct kind *kind, const struct save *saves,
                              size_t count, struct error *error)
{
    int64_t new = 0, slot = 0;
    for (size_t i = 0; i < count; i++) new += !saves[i].before;
    if (!new) return STATUS_OK;
    const enum status status = index_slots(context->handle, kind->name, new, &slot, error);
    for (size_t i = 0; i < count; i++)
        if (!saves[i].before) head_of(saves[i].after)->slot = slot++;
    return status;
}

static enum status write_saves(struct record_context *context, const struct index_means *means, const struct kind *kind,
                               const struct save *saves, size_t count, struct error *error)
{
    enum status status = give_slots(context, kind, saves, count, error);
    if (status) return status;
    struct index_batch *index = index_batch_begin(context, means, kind, saves, count);
    status = write_rows(context, kind, saves, count, error);
    if (!status) status = history_write(context, kind, saves, count, error);
    status = index_batch_write(index, status, error);
    for (size_t i = 0; !status && i < count; i++)
        status = files_follow(context, kind, saves[i].after, saves[i].before, error);
    for (size_t i = 0; !status && i < count; i++)
        status = capacity_follow(context, kind, saves[i].after, saves[i].before, error);
    for (size_t i = 0; !status && kind->after_save && i < count; i++)
        status = kind->after_save(context, saves[i].after, saves[i].before, error);
    return status;
}

/* A thread for the index is worth its while from some tens of records on. */
static const struct index_means *means_of(struct record_batch *batch)
{
    if (!batch->means.worker && batch->count >= WORKER_SAVES) batch->means.worker = worker_new(batch->arena);
    return &batch->means;
}

enum status record_batch_write(struct record_batch *batch, struct error *error)
{
    if (!batch->count) return STATUS_OK;
    const enum status status =
        write_saves(batch->context, means_of(batch), batch->kind, batch->saves, batch->count, error);
    if (!status) batch->written += (int64_t)batch->count;
    forget_saves(batch);
    return status;
}

enum status write_record(struct record_context *context, const struct kind *kind, const struct save *save,
                         struct error *error)
{
    const struct index_means means = {context->arena, key_cache_new(context->arena), NULL};
    return write_saves(context, &means, kind, save, 1, error);
}
