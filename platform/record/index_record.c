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

static enum status write_change(struct record_context *context, const struct kind *kind, int64_t slot, const struct record_keys *old,
                                const struct record_keys *new, struct error *error)
{
    const struct keys_change change = record_keys_change(context->arena, old, new);
    return index_change(context->handle, kind->name, slot, change.lost, change.lost_count, change.gained, change.gained_count, error);
}

enum status index_record(struct record_context *context, const struct kind *kind, const void *before, const void *after, struct error *error)
{
    struct record_keys old = {0}, new = {0};
    if (before) old = keys_of(context, kind, before);
    if (after) new = keys_of(context, kind, after);
    enum status status = STATUS_OK;
    if (!before && context->bulk) index_bulk_add(context->bulk, head_in(after)->slot, new.items, new.count);
    else status = write_change(context, kind, head_in(after ? after : before)->slot, before ? &old : NULL, after ? &new : NULL, error);
    return status;
}
