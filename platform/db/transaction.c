/* transaction.c: work that is done whole or not at all, and that may run again. */
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "platform/db/db_private.h"

enum { RUNS_MOST = 10, WAITS_MOST = 4, FIRST_WAIT_MS = 4 };

/* The database that this thread writes to: a transaction within a transaction would wait for itself. */
static _Thread_local const struct db *writing;

static void roll_back(struct db_handle *handle)
{
    const struct db_driver *driver = handle->db->driver;
    handle->transaction = false;
    handle->failed = STATUS_OK;
    handle->savepoints = 0;
    if (driver->in_transaction(handle->connection) && db_execute(handle, "ROLLBACK", NULL)) handle->lost = true;
}

static enum status commit(struct db_handle *handle, struct error *error)
{
    if (handle->failed)
        return error_set(error, handle->failed, N_("A statement of this transaction failed, and nothing was saved."));
    if (handle->savepoints)
        return error_set(error, STATUS_FAULT, N_("A savepoint was left open, and nothing was saved."));
    const enum status status = handle->db->driver->commit(handle->db, handle->connection, error);
    if (status == STATUS_OK) handle->transaction = false;
    return status;
}

static enum status begin(struct db_handle *handle, struct error *error)
{
    const enum status status = handle->db->driver->begin(handle->db, handle->connection, error);
    if (status && !handle->db->driver->alive(handle->connection)) handle->lost = true;
    return status;
}

/* One run, on a handle of its own: after a lost connection the next run gets another. */
static enum status run_once(struct db *db, db_work *work, void *context, bool *begun, struct error *error)
{
    struct db_handle *handle = NULL;
    enum status status = db_pool_lend(db, &db->writers, &handle, error);
    if (status) return status;
    status = begin(handle, error);
    if (status == STATUS_OK) {
        *begun = true;
        handle->transaction = true;
        status = work(handle, context, error);
        if (status == STATUS_OK) status = commit(handle, error);
        if (status) roll_back(handle);
    } else if (handle->lost) {
        *begun = true; /* a connection that died in the pool: the next run opens a new one */
    }
    db_release(&handle);
    return status;
}

/* Between half and the whole of a wait that doubles, so that two that collided do not collide again. */
static void wait_before(int run)
{
    unsigned char random = 0;
    if (getrandom(&random, 1, 0) != 1) random = 128;
    const int64_t most = (int64_t)FIRST_WAIT_MS << run, wait = most / 2 + most / 2 * random / 255;
    const struct timespec pause = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

enum status db_transaction(struct db *db, db_work *work, void *context, struct error *error)
{
    if (writing == db) return error_set(error, STATUS_FAULT, N_("A transaction was begun within another one."));
    const struct db *outer = writing;
    enum status status = STATUS_BUSY;
    const int64_t until = time_ticks() + WAITS_MOST * db->options.wait_ms;
    bool begun = true;
    for (int run = 0; status == STATUS_BUSY && begun && run < RUNS_MOST && time_ticks() < until; run++) {
        if (run) {
            log_line(LOG_DEBUG, "transaction", "again=%d", run);
            wait_before(run);
        }
        begun = false;
        writing = db;
        status = run_once(db, work, context, &begun, error);
        writing = outer;
    }
    return status;
}

static enum status mark(struct db_handle *handle, const char *verb, struct error *error)
{
    char sql[64];
    snprintf(sql, sizeof sql, "%s SAVEPOINT step%u", verb, handle->savepoints);
    return db_execute(handle, sql, error);
}

enum status db_savepoint(struct db_handle *handle, struct error *error)
{
    if (!handle->transaction)
        return error_set(error, STATUS_FAULT, N_("A savepoint was asked for outside a transaction."));
    if (handle->failed) return error_set(error, handle->failed, N_("An earlier statement of this transaction failed."));
    handle->savepoints++;
    const enum status status = mark(handle, "", error);
    if (status) handle->savepoints--;
    return status;
}

enum status db_savepoint_keep(struct db_handle *handle, struct error *error)
{
    if (!handle->savepoints) return error_set(error, STATUS_FAULT, N_("There is no savepoint to end."));
    if (handle->failed) return error_set(error, handle->failed, N_("An earlier statement of this transaction failed."));
    const enum status status = mark(handle, "RELEASE", error);
    if (status == STATUS_OK) handle->savepoints--;
    return status;
}

enum status db_savepoint_undo(struct db_handle *handle, struct error *error)
{
    if (!handle->savepoints) return error_set(error, STATUS_FAULT, N_("There is no savepoint to end."));
    if (handle->lost || !handle->db->driver->in_transaction(handle->connection))
        return error_set(error, handle->failed ? handle->failed : STATUS_FAULT,
                         N_("The transaction has ended: nothing of it was saved."));
    enum status status = mark(handle, "ROLLBACK TO", error);
    if (status == STATUS_OK) status = mark(handle, "RELEASE", error);
    if (status) return status;
    handle->savepoints--;
    handle->failed = STATUS_OK;
    return STATUS_OK;
}
