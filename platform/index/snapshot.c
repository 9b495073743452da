#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/index/index_private.h"

bool snapshot_sees(const struct snapshot *snapshot, int64_t txn)
{
    if (txn < snapshot->lowest) return true;
    if (txn >= snapshot->end) return false;
    for (size_t i = 0; i < snapshot->running_count; i++)
        if (snapshot->running[i] == txn) return false;
    return true;
}

/* Transactions only end: of two snapshots with the same end, the one with fewer running ones sees more. */
bool snapshot_covers(const struct snapshot *a, const struct snapshot *b)
{
    return a->end > b->end || (a->end == b->end && a->running_count <= b->running_count);
}

/* PostgreSQL's pg_snapshot as text: "lowest:end:running,running". */
static void parse(struct arena *arena, const char *text, struct snapshot *snapshot)
{
    char *at = NULL;
    snapshot->lowest = strtoll(text, &at, 10);
    snapshot->end = strtoll(at + 1, &at, 10);
    snapshot->running = ARENA_ARRAY(arena, strlen(at) / 2 + 1, int64_t);
    while (*at && at[1]) snapshot->running[snapshot->running_count++] = strtoll(at + 1, &at, 10);
}

static const char *state_text(const struct db_handle *read)
{
    return db_differs(db_of(read),
                      "SELECT COALESCE(s.through, 0), COALESCE(s.folded, 0), COALESCE(s.direct, 0), "
                      "(SELECT MAX(txn) FROM index_log WHERE kind = $1), NULL "
                      "FROM (SELECT 1) one LEFT JOIN index_state s ON s.kind = $1",
                      "SELECT COALESCE(s.through, 0), COALESCE(s.folded, 0), COALESCE(s.direct, 0), "
                      "NULL, CAST(pg_current_snapshot() AS TEXT) "
                      "FROM (SELECT 1) one LEFT JOIN index_state s ON s.kind = $1");
}

enum status snapshot_read(struct db_handle *read, struct arena *arena, int64_t kind, struct snapshot *snapshot,
                          struct index_state *state, struct error *error)
{
    *snapshot = (struct snapshot){0};
    struct db_rows *rows = db_query(read, state_text(read), DB_BIND(db_integer(kind)));
    if (db_next(rows)) {
        *state = (struct index_state){db_get_integer(rows, 0), db_get_integer(rows, 1), db_get_integer(rows, 2)};
        if (db_is_null(rows, 4)) {
            const int64_t after = db_is_null(rows, 3) ? 0 : db_get_integer(rows, 3) + 1;
            snapshot->end = snapshot->lowest = after > state->through ? after : state->through;
        } else {
            parse(arena, db_get_text(rows, 4), snapshot);
        }
    }
    return db_end(&rows, error);
}
