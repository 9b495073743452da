/* snapshot.c: several readings of one moment. */
#include "base/arena.h"
#include "platform/db/db_private.h"

/* COMMIT and ROLLBACK come to the same after reading; a connection that cannot even do that is not lent again. */
static void end_snapshot(void *context)
{
    struct db_handle *handle = context;
    if (handle->db->driver->in_transaction(handle->connection) && db_execute(handle, "ROLLBACK", NULL)) handle->lost = true;
}

enum status db_snapshot(struct db_handle *handle, struct arena *arena, struct error *error)
{
    if (handle->db->driver->in_transaction(handle->connection)) return STATUS_OK;
    const enum status status =
        db_execute(handle, db_differs(handle->db, "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), error);
    if (status == STATUS_OK) arena_defer(arena, end_snapshot, handle);
    return status;
}

bool db_writing(const struct db_handle *handle) { return handle->transaction; }

const struct db *db_of(const struct db_handle *handle) { return handle->db; }
