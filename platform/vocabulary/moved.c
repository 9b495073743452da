/* moved.c: which codes stand elsewhere than when the records were last indexed. */
#include <string.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/vocabulary/vocabulary_private.h"

enum { ANCESTORS = 24 };

static const struct vocabulary_edition *in_force(const struct vocabulary *vocabulary, const char *scheme)
{
    for (size_t i = 0; i < vocabulary->edition_count; i++)
        if (vocabulary->editions[i].current && strcmp(vocabulary->editions[i].scheme, scheme) == 0)
            return &vocabulary->editions[i];
    return NULL;
}

static size_t count_in_force(const struct vocabulary *vocabulary)
{
    size_t count = 0;
    for (size_t i = 0; i < vocabulary->edition_count; i++) count += vocabulary->editions[i].current;
    return count;
}

enum status vocabulary_has_moved(struct db *db, const struct vocabulary *now, bool *moved, bool *noted,
                                 struct error *error)
{
    struct db_handle *handle = NULL;
    size_t same = 0;
    *moved = *noted = false;
    enum status status = db_read(db, &handle, error);
    if (status) return status;
    struct db_rows *rows = db_query(handle, "SELECT scheme, edition FROM vocabulary_basis", DB_BIND_NONE);
    while (db_next(rows)) {
        const struct vocabulary_edition *edition = in_force(now, db_get_text(rows, 0));
        const bool is_same = edition && edition->edition == db_get_integer(rows, 1);
        same += is_same;
        *moved |= edition && !is_same;
    }
    status = db_end(&rows, error);
    *noted = same == count_in_force(now);
    db_release(&handle);
    return status;
}

static bool stands_among(const struct vocabulary_code *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(codes[i]->code, code) == 0) return true;
    return false;
}

static bool stands_elsewhere(const struct vocabulary *before, const struct vocabulary *now, const char *scheme,
                             const char *code)
{
    const struct vocabulary_code *old[ANCESTORS], *new[ANCESTORS];
    const size_t old_count = vocabulary_ancestors(before, scheme, code, old, ANCESTORS);
    const size_t new_count = vocabulary_ancestors(now, scheme, code, new, ANCESTORS);
    if (old_count != new_count) return true;
    for (size_t i = 0; i < old_count; i++)
        if (!stands_among(new, new_count, old[i]->code)) return true;
    return false;
}

/* Adds those of `list` that moved, without those that `seen` (may be NULL) has as well. */
static size_t add_moved(const struct vocabulary *list, const struct vocabulary *seen, const struct vocabulary *before,
                        const struct vocabulary *now, const char *name, const char **codes, size_t count)
{
    const struct scheme *scheme = vocabulary_scheme(list, name);
    for (int32_t i = 0; scheme && i < scheme->count; i++) {
        const char *code = list->codes[scheme->first + i].code;
        if (vocabulary_index(list, name, code) != scheme->first + i)
            continue; /* an older edition's, hidden by a newer */
        if (seen && vocabulary_index(seen, name, code) != NOWHERE) continue;
        if (stands_elsewhere(before, now, name, code)) codes[count++] = code;
    }
    return count;
}

size_t vocabulary_moved_codes(const struct vocabulary *before, const struct vocabulary *now, struct arena *arena,
                              const char *scheme, const char ***codes)
{
    const struct scheme *old = vocabulary_scheme(before, scheme), *new = vocabulary_scheme(now, scheme);
    const size_t room = (size_t)(old ? old->count : 0) + (size_t)(new ? new->count : 0);
    *codes = ARENA_ARRAY(arena, room + 1, const char *);
    const size_t count = add_moved(now, NULL, before, now, scheme, *codes, 0);
    return add_moved(before, now, before, now, scheme, *codes, count);
}

static enum status note_editions(struct db_handle *handle, void *context, struct error *error)
{
    const struct vocabulary *now = *(const struct vocabulary **)context;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < now->edition_count && status == STATUS_OK; i++)
        if (now->editions[i].current)
            status =
                db_run(handle,
                       "INSERT INTO vocabulary_basis (scheme, edition) VALUES ($1, $2) "
                       "ON CONFLICT (scheme) DO UPDATE SET edition = excluded.edition",
                       DB_BIND(db_text(now->editions[i].scheme), db_integer(now->editions[i].edition)), NULL, error);
    return status;
}

enum status vocabulary_note_indexed(struct db *db, const struct vocabulary *now, struct error *error)
{
    return db_transaction(db, note_editions, &now, error);
}
