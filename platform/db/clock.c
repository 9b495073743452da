/* clock.c: the one clock by which several servers agree. */
#include "base/time.h"
#include "platform/db/db_private.h"

enum status db_clock(struct db_handle *handle, int64_t *moment, struct error *error)
{
    *moment = time_now();
    if (db_engine(handle->db) == DB_SQLITE) return STATUS_OK;
    return db_one_integer(handle, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)", DB_BIND_NONE,
                          moment, error);
}
