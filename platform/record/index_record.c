/* index_record.c: the index follows each write. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/index/index.h"
#include "platform/record/keys.h"
#include "platform/record/store_private.h"

enum { FOLLOWERS_LIMIT = 64 * 1024 * 1024 };

static struct record_keys keys_of(struct record_context *context, const struct kind *kind, const void *record)
{
    struct place place;
    const bool placed = place_for_index(context, kind, record, &place);
    return record_index_keys(context->arena, context->records->vocabulary, kind, record, placed ? &place : NULL);
}

static enum status write_change(struct record_context *context, const struct kind *kind, int64_t slot,
                                const struct keys_change *change, struct error *error)
{
    if (!context->bulk)
        return index_change(context->handle, kind->name, slot, change->lost, change->lost_count, change->gained,
                            change->gained_count, error);
    index_bulk_change(context->bulk, slot, change->lost, change->lost_count, change->gained, change->gained_count);
    return STATUS_OK;
}

static enum status write_terms(struct record_context *context, const struct kind *kind, const struct record_keys *old,
                               const struct record_keys *new, struct error *error)
{
    struct index_term *terms = ARENA_ARRAY(context->arena, new->term_count, struct index_term);
    const size_t count = record_new_terms(context->arena, old, new, terms);
    if (!context->bulk) return index_add_terms(context->handle, kind->name, RECORD_WORDS, terms, count, error);
    index_bulk_terms(context->bulk, RECORD_WORDS, terms, count);
    return STATUS_OK;
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
    const struct record_keys old = record_index_keys(context->arena, context->records->vocabulary, kind, record, from);
    const struct record_keys new = record_index_keys(context->arena, context->records->vocabulary, kind, record, to);
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

enum status index_record(struct record_context *context, const struct kind *kind, const void *before, const void *after,
                         struct error *error)
{
    struct record_keys old = {0}, new = {0};
    const int64_t slot = head_in(after ? after : before)->slot;
    if (before) old = keys_of(context, kind, before);
    if (after) new = keys_of(context, kind, after);
    enum status status = after ? write_terms(context, kind, &old, &new, error) : STATUS_OK;
    if (status) return status;
    if (!before && context->bulk) {
        index_bulk_add(context->bulk, slot, new.items, new.count);
        return STATUS_OK;
    }
    const struct keys_change change = record_keys_change(context->arena, before ? &old : NULL, after ? &new : NULL);
    status = write_change(context, kind, slot, &change, error);
    return status ? status : index_followers(context, kind, before, after, error);
}
