/* lock.c: whether other processes have workers on the same SQLite file. Each holds a shared lock on FILE-jobs while it has; the kernel takes it
 * away with the process, however that ends. Who gets it alone knows that what is marked as running is run by nobody. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "platform/job/job_private.h"

static enum status free_all(struct db_handle *write, void *context, struct error *error)
{
    (void)context;
    int64_t changed = 0;
    const enum status status =
        db_run(write, "UPDATE job SET due = 0, holder = NULL WHERE state = 'running'", DB_BIND_NONE, &changed, error);
    if (!status && changed) log_line(LOG_NOTE, "jobs", "taken_up=%lld", (long long)changed);
    return status;
}

static void open_lock(struct job_lock *lock, const struct job_options *options)
{
    char path[4096];
    lock->file = -1;
    if (db_engine(options->db) != DB_SQLITE) return;
    const int length = snprintf(path, sizeof path, "%s-jobs", db_address(options->db));
    if (length < (int)sizeof path) lock->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

void job_lock_share(struct job_lock *lock, const struct job_options *options)
{
    open_lock(lock, options);
    if (lock->file >= 0) flock(lock->file, LOCK_SH);
}

enum status job_lock_take(struct job_lock *lock, const struct job_options *options, struct error *error)
{
    open_lock(lock, options);
    if (lock->file < 0) return STATUS_OK;
    enum status status = STATUS_OK;
    if (flock(lock->file, LOCK_EX | LOCK_NB) == 0) status = db_transaction(options->db, free_all, NULL, error);
    /* Between the two locks another may come and look: nothing of ours runs yet. */
    flock(lock->file, LOCK_SH);
    return status;
}

void job_lock_release(struct job_lock *lock)
{
    if (lock->file >= 0) close(lock->file);
    lock->file = -1;
}
