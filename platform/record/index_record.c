/* index_record.c: the index follows each write. */
#include "base/arena.h"
#include "platform/index/index.h"
#include "platform/record/keys.h"
#include "platform/record/store_private.h"

static struct record_keys keys_of(struct record_context *context, const struct kind *kind, const void *record)
{
    struct place place;
    const bool placed = record_place(context, kind, record, &place);
    return record_index_keys(context->arena, context->records->vocabulary, kind, record, placed ? &place : NULL);
}

static enum status write_change(struct record_context *context, const struct kind *kind, int64_t slot, const struct keys_change *change,
                                struct error *error)
{
    if (!context->bulk)
        return index_change(context->handle, kind->name, slot, change->lost, change->lost_count, change->gained, change->gained_count, error);
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

enum status index_record(struct record_context *context, const struct kind *kind, const void *before, const void *after, struct error *error)
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
    return write_change(context, kind, slot, &change, error);
}
