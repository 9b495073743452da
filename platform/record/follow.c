/* follow.c: the records follow their code lists when another edition comes into force. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/record/store_private.h"
#include "platform/vocabulary/vocabulary.h"

enum { BATCH = 100 };

struct following {
    const struct records *records;
    const struct vocabulary *before;
    const struct kind *kind;
    const int64_t *slots; /* the present batch */
    size_t count;
    struct arena *arena; /* of the batch */
};

static struct record_context context_of(const struct following *following, struct db_handle *handle)
{
    return (struct record_context){.records = following->records,
                                   .arena = following->arena,
                                   .viewer = viewer_program(),
                                   .language = LANGUAGE_FRENCH,
                                   .handle = handle,
                                   .origin = "reference"};
}

static enum status index_anew(struct record_context *context, const struct following *following, const void *record,
                              struct error *error)
{
    struct place place;
    const struct place *at = place_for_index(context, following->kind, record, &place) ? &place : NULL;
    struct arena *arena = context->arena;
    const struct record_keys old =
        record_index_keys(arena, key_cache_new(arena), following->before, following->kind, record, at);
    const struct record_keys new =
        record_index_keys(arena, key_cache_new(arena), context->records->vocabulary, following->kind, record, at);
    const struct keys_change change = record_keys_change(context->arena, &old, &new);
    return index_change(context->handle, following->kind->name, head_in(record)->slot, change.lost, change.lost_count,
                        change.gained, change.gained_count, error);
}

static bool differs(struct record_context *context, const struct kind *kind, const void *a, const void *b)
{
    for (const struct field *field = kind->fields; field->name; field++) {
        const char *one = field->computed ? field_text(context, field, a) : NULL;
        const char *other = field->computed ? field_text(context, field, b) : NULL;
        if (strcmp(one ? one : "", other ? other : "") != 0) return true;
    }
    return false;
}

static enum status derive_anew(struct record_context *context, const struct kind *kind, const void *before,
                               struct error *error)
{
    void *record = record_new(context, kind);
    memcpy(record, before, kind->size);
    derive_from_codes(context, kind, record);
    if (!differs(context, kind, before, record)) return STATUS_OK;
    head_of(record)->updated = record_now(context);
    return write_record(context, kind, &(struct save){record, before, "changed", NULL}, error);
}

static enum status follow_one(struct record_context *context, const struct following *following, int64_t slot,
                              struct error *error)
{
    int64_t id = 0;
    void *record = NULL;
    const char *sql = arena_print(context->arena, "SELECT id FROM %s WHERE slot = $1", following->kind->name);
    enum status status = db_one_integer(context->handle, sql, DB_BIND(db_integer(slot)), &id, error);
    if (status == STATUS_MISSING) return STATUS_OK; /* erased meanwhile */
    if (!status) status = load_raw(context, following->kind, id, &record, error);
    if (!status) status = index_anew(context, following, record, error);
    return status ? status : derive_anew(context, following->kind, record, error);
}

static enum status follow_batch(struct db_handle *handle, void *data, struct error *error)
{
    const struct following *following = data;
    struct record_context context = context_of(following, handle);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < following->count && !status; i++)
        status = follow_one(&context, following, following->slots[i], error);
    return status;
}

/* Adds the records that stand under one of the scheme's moved codes by the field. */
static const struct index_set *add_found(const struct following *following, struct index_view *view,
                                         struct arena *arena, const char *field, const char *scheme,
                                         const struct index_set *found)
{
    const char **codes = NULL;
    const size_t count =
        vocabulary_moved_codes(following->before, following->records->vocabulary, arena, scheme, &codes);
    int64_t *keys = ARENA_ARRAY(arena, count + 1, int64_t);
    for (size_t i = 0; i < count; i++) keys[i] = index_key(field, codes[i]);
    return count ? index_or(view, found, index_any(view, keys, count)) : found;
}

static const struct index_set *find_moved(const struct following *following, struct index_view *view,
                                          struct arena *arena)
{
    const struct kind *kind = following->kind;
    const struct index_set *found = index_of_slots(view, NULL, 0);
    if (kind->place) found = add_found(following, view, arena, "place", "territory", found);
    for (const struct field *field = kind->fields; field->name; field++)
        if ((field->type == FIELD_CODE || field->type == FIELD_CODES) && field->facet && field_open(field))
            found = add_found(following, view, arena, field->name, field->code.scheme, found);
    return found;
}

/* The slots are taken before the first is followed: what is saved meanwhile goes by the new lists already. */
static enum status moved_slots(const struct following *following, struct arena *arena, int64_t **slots, size_t *count,
                               struct error *error)
{
    struct db_handle *handle = NULL;
    struct index_view *view = NULL;
    struct arena *reading = arena_new();
    enum status status = db_read(following->records->db, &handle, error);
    if (!status)
        status = index_view_open(following->records->index, handle, reading, following->kind->name, &view, error);
    if (!status) {
        const struct index_set *found = find_moved(following, view, reading);
        *slots = ARENA_ARRAY(arena, (size_t)index_count(found) + 1, int64_t);
        *count = index_slots_of(found, false, 0, *slots, (size_t)index_count(found));
        status = index_view_status(view, error);
    }
    arena_free(&reading);
    db_release(&handle);
    return status;
}

static enum status follow_kind(struct following *following, size_t *followed, struct error *error)
{
    struct arena *arena = arena_new();
    int64_t *slots = NULL;
    size_t count = 0;
    enum status status = moved_slots(following, arena, &slots, &count, error);
    following->arena = arena_new();
    for (size_t i = 0; i < count && !status; i += following->count) {
        following->slots = slots + i;
        following->count = count - i < BATCH ? count - i : BATCH;
        status = db_transaction(following->records->db, follow_batch, following, error);
        arena_reset(following->arena);
    }
    if (followed) *followed += count;
    arena_free(&following->arena);
    arena_free(&arena);
    return status;
}

static enum status follow_all(const struct records *records, const struct vocabulary *before, size_t *followed,
                              struct error *error)
{
    struct following following = {.records = records, .before = before};
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); *kind && !status; kind++) {
        following.kind = *kind;
        status = follow_kind(&following, followed, error);
    }
    /* Territories are part of what accounts may see. */
    return status ? status : rights_refresh_all(records->db, records->rights, time_today(), error);
}

enum status records_follow_vocabulary(const struct records *records, size_t *followed, struct error *error)
{
    bool moved = false, noted = false;
    struct vocabulary *before = NULL;
    if (followed) *followed = 0;
    enum status status = vocabulary_has_moved(records->db, records->vocabulary, &moved, &noted, error);
    if (!status && moved) status = vocabulary_load_as_indexed(records->db, &before, error);
    if (before) status = follow_all(records, before, followed, error);
    if (before) vocabulary_free(&before);
    return status || noted ? status : vocabulary_note_indexed(records->db, records->vocabulary, error);
}
