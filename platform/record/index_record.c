/* index_record.c: the index follows each write. */
#include "base/arena.h"
#include "platform/index/index.h"
#include "platform/record/keys.h"
#include "platform/record/store_private.h"

struct record_keys keys_of(struct record_context *context, const struct kind *kind, const void *record)
{
    struct place place;
    const bool placed = record_place(context, kind, record, &place);
    return record_index_keys(context->arena, context->records->vocabulary, kind, record, placed ? &place : NULL);
}

enum status index_record(struct record_context *context, const struct kind *kind, const void *before, const void *after, struct error *error)
{
    struct record_keys old = {0}, new = {0};
    if (before) old = keys_of(context, kind, before);
    if (after) new = keys_of(context, kind, after);
    const struct keys_change change = record_keys_change(context->arena, before ? &old : NULL, after ? &new : NULL);
    const int64_t slot = head_in(after ? after : before)->slot;
    enum status status = index_change(context->handle, kind->name, slot, change.lost, change.lost_count, change.gained, change.gained_count, error);
    if (!status && new.word_count) status = index_add_terms(context->handle, kind->name, RECORD_WORDS, new.words, new.word_count, error);
    return status;
}
