/* snapshot.c: several readings of one moment. */
#include "base/arena.h"
#include "platform/db/db_private.h"

/* Of the arena for which the snapshot was begun; forgets the handle when it is given back first. */
struct db_snapshot_mark {
    struct db_handle *handle;
};

/* COMMIT and ROLLBACK come to the same after reading; a connection that cannot even do that is not lent again. */
void db_snapshot_end(struct db_handle *handle)
{
    if (!handle->snapshot) return;
    handle->snapshot->handle = NULL;
    handle->snapshot = NULL;
    if (handle->db->driver->in_transaction(handle->connection) && db_execute(handle, "ROLLBACK", NULL))
        handle->lost = true;
}

static void arena_ends(void *context)
{
    struct db_snapshot_mark *mark = context;
    if (mark->handle) db_snapshot_end(mark->handle);
}

enum status db_snapshot(struct db_handle *handle, struct arena *arena, struct error *error)
{
    if (handle->db->driver->in_transaction(handle->connection)) return STATUS_OK;
    const enum status status =
        db_execute(handle, db_differs(handle->db, "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), error);
    if (status) return status;
    handle->snapshot = ARENA_NEW(arena, struct db_snapshot_mark);
    handle->snapshot->handle = handle;
    arena_defer(arena, arena_ends, handle->snapshot);
    return STATUS_OK;
}

bool db_writing(const struct db_handle *handle) { return handle->transaction; }

const struct db *db_of(const struct db_handle *handle) { return handle->db; }
