/* index_record.c: the index follows each write. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/worker.h"
#include "platform/index/index.h"
#include "platform/record/keys.h"
#include "platform/record/store_private.h"

enum { FOLLOWERS_LIMIT = 64 * 1024 * 1024 };

static struct record_keys keys_of(struct record_context *context, struct key_cache *cache, const struct kind *kind,
                                  const void *record)
{
    struct place place;
    const bool placed = place_for_index(context, kind, record, &place);
    return record_index_keys(context->arena, cache, context->records->vocabulary, kind, record, placed ? &place : NULL);
}

static void put_words(struct arena *arena, struct key_cache *cache, const struct record_keys *keys,
                      struct index_bulk *bulk)
{
    struct index_term *terms = ARENA_ARRAY(arena, keys->word_count, struct index_term);
    const size_t count = key_cache_take(cache, keys, terms);
    if (count) index_bulk_terms(bulk, RECORD_WORDS, terms, count);
}

/* ---- places of other records that are this one's ---- */

struct follower {
    const struct kind *kind;
    const struct field *link, *place;
};

/* Whether records of that kind are where the record that they point to is ("company.place"), and by which fields. */
static bool is_follower(struct arena *arena, const struct kind *kind, const struct kind *followed,
                        struct follower *follower)
{
    const char *dot = kind->place ? strchr(kind->place, '.') : NULL;
    if (!dot) return false;
    *follower =
        (struct follower){kind, kind_field(kind, arena_copy_bytes(arena, kind->place, (size_t)(dot - kind->place))),
                          kind_field(followed, dot + 1)};
    return follower->link && follower->place && strcmp(follower->link->reference.to, followed->name) == 0;
}

static const struct place *place_in(const struct follower *follower, const void *record)
{
    const struct place *place = record ? field_value(follower->place, record) : NULL;
    return place && place->commune ? place : NULL;
}

static bool is_same_place(const struct place *a, const struct place *b)
{
    if (!a || !b) return a == b;
    return strcmp(a->commune, b->commune) == 0 && a->latitude == b->latitude && a->longitude == b->longitude;
}

static enum status move_one(struct record_context *context, const struct kind *kind, int64_t id,
                            const struct place *from, const struct place *to, struct error *error)
{
    void *record = NULL;
    const enum status status = load_raw(context, kind, id, &record, error);
    if (status) return status;
    struct key_cache *cache = key_cache_new(context->arena);
    const struct vocabulary *vocabulary = context->records->vocabulary;
    const struct record_keys old = record_index_keys(context->arena, cache, vocabulary, kind, record, from);
    const struct record_keys new = record_index_keys(context->arena, cache, vocabulary, kind, record, to);
    const struct keys_change change = record_keys_change(context->arena, &old, &new);
    return index_change(context->handle, kind->name, head_in(record)->slot, change.lost, change.lost_count,
                        change.gained, change.gained_count, error);
}

static enum status move_followers(struct record_context *context, const struct follower *follower, int64_t id,
                                  const struct place *from, const struct place *to, struct error *error)
{
    struct buffer *ids = buffer_new(context->arena, FOLLOWERS_LIMIT);
    const char *sql =
        arena_print(context->arena, "SELECT id FROM %s WHERE %s = $1", follower->kind->name, follower->link->name);
    struct db_rows *rows = db_query(context->handle, sql, DB_BIND(db_integer(id)));
    while (db_next(rows)) {
        const int64_t one = db_get_integer(rows, 0);
        buffer_add(ids, &one, sizeof one);
    }
    enum status status = db_end(&rows, error);
    for (size_t at = 0; !status && at < buffer_length(ids); at += sizeof(int64_t)) {
        int64_t one = 0;
        memcpy(&one, buffer_data(ids) + at, sizeof one);
        status = move_one(context, follower->kind, one, from, to, error);
    }
    return status;
}

/* Records whose place is that of this one (a membership is where its organisation is) move with it. */
static enum status index_followers(struct record_context *context, const struct kind *kind, const void *before,
                                   const void *after, struct error *error)
{
    enum status status = STATUS_OK;
    if (!before) return STATUS_OK;
    for (const struct kind *const *other = kinds_all(); !status && *other; other++) {
        struct follower follower;
        if (!is_follower(context->arena, *other, kind, &follower)) continue;
        const struct place *from = place_in(&follower, before), *to = place_in(&follower, after);
        if (!is_same_place(from, to)) status = move_followers(context, &follower, head_in(before)->id, from, to, error);
    }
    return status;
}

/* ---- a batch ---- */

struct index_batch {
    struct record_context *context;
    const struct kind *kind;
    const struct save *saves;
    size_t count;
    struct arena *arena; /* of the work beside */
    struct key_cache *cache;
    struct index_bulk *bulk;
    struct worker *worker;
    const struct place **places; /* of the new ones; NULL: none */
};

/* The keys of new records follow from the records alone: this runs beside the writing of their rows. */
static void add_new(void *data)
{
    const struct index_batch *batch = data;
    const struct vocabulary *vocabulary = batch->context->records->vocabulary;
    for (size_t i = 0; i < batch->count; i++) {
        const struct save *save = &batch->saves[i];
        if (save->before) continue;
        const struct record_keys keys =
            record_index_keys(batch->arena, batch->cache, vocabulary, batch->kind, save->after, batch->places[i]);
        put_words(batch->arena, batch->cache, &keys, batch->bulk);
        index_bulk_add(batch->bulk, head_in(save->after)->slot, keys.items, keys.count);
    }
    index_bulk_ready(batch->bulk);
}

/* Whose place is that of another record asks the database for it: before the work beside begins. */
static void find_places(struct index_batch *batch)
{
    struct arena *arena = batch->context->arena;
    batch->places = ARENA_ARRAY(arena, batch->count, const struct place *);
    for (size_t i = 0; i < batch->count; i++) {
        struct place place;
        if (batch->saves[i].before) continue;
        if (!place_for_index(batch->context, batch->kind, batch->saves[i].after, &place)) continue;
        batch->places[i] = (const struct place *)arena_copy_bytes(arena, (const char *)&place, sizeof place);
    }
}

struct index_batch *index_batch_begin(struct record_context *context, const struct index_means *means,
                                      const struct kind *kind, const struct save *saves, size_t count)
{
    struct index_batch *batch = ARENA_NEW(context->arena, struct index_batch);
    *batch = (struct index_batch){.context = context,
                                  .kind = kind,
                                  .saves = saves,
                                  .count = count,
                                  .arena = means->arena,
                                  .cache = means->cache,
                                  .worker = means->worker};
    batch->bulk = index_bulk_new(means->arena, kind->name);
    find_places(batch);
    if (batch->worker)
        worker_begin(batch->worker, add_new, batch);
    else
        add_new(batch);
    return batch;
}

static enum status add_changed(const struct index_batch *batch, const struct save *save, struct error *error)
{
    struct record_context *context = batch->context;
    struct record_keys new = {0};
    const struct record_keys old = keys_of(context, batch->cache, batch->kind, save->before);
    key_cache_know(&old);
    if (save->after) new = keys_of(context, batch->cache, batch->kind, save->after);
    put_words(context->arena, batch->cache, &new, batch->bulk);
    const struct keys_change change = record_keys_change(context->arena, &old, save->after ? &new : NULL);
    index_bulk_change(batch->bulk, head_in(save->before)->slot, change.lost, change.lost_count, change.gained,
                      change.gained_count);
    return index_followers(context, batch->kind, save->before, save->after, error);
}

enum status index_batch_write(struct index_batch *batch, enum status so_far, struct error *error)
{
    enum status status = so_far;
    if (batch->worker) worker_wait(batch->worker);
    for (size_t i = 0; !status && i < batch->count; i++)
        if (batch->saves[i].before) status = add_changed(batch, &batch->saves[i], error);
    return status ? status : index_bulk_write(batch->bulk, batch->context->handle, error);
}
