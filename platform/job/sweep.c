/* sweep.c: jobs that ended long ago go, with the files that they made. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/file/file.h"
#include "platform/job/job_private.h"

enum { JOBS_A_TIME = 200 };

struct old_job {
    int64_t id, file;
};

struct sweep {
    struct old_job jobs[JOBS_A_TIME];
    size_t count;
};

static enum status find_old(struct db *db, int64_t before, struct sweep *sweep, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    struct db_rows *rows = db_query(read, "SELECT id, file FROM job WHERE ended < $1 ORDER BY ended LIMIT $2",
                                    DB_BIND(db_integer(before), db_integer(JOBS_A_TIME)));
    for (sweep->count = 0; sweep->count < JOBS_A_TIME && db_next(rows); sweep->count++)
        sweep->jobs[sweep->count] = (struct old_job){db_get_integer(rows, 0), db_get_integer(rows, 1)};
    status = db_end(&rows, error);
    db_release(&read);
    return status;
}

static enum status remove_old(struct db_handle *write, void *context, struct error *error)
{
    const struct sweep *sweep = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sweep->count; i++) {
        const struct old_job *job = &sweep->jobs[i];
        if (job->file) status = file_let_go(write, job->file, error);
        if (!status)
            status = db_run(write, "DELETE FROM job WHERE id = $1 AND ended IS NOT NULL", DB_BIND(db_integer(job->id)),
                            NULL, error);
    }
    return status;
}

static enum status find_holding(struct db *db, const char *type, const char *words, struct sweep *sweep,
                                struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    struct db_rows *rows =
        db_query(read, "SELECT id, file, argument FROM job WHERE ended IS NOT NULL AND type = $1 ORDER BY ended",
                 DB_BIND(db_text(type)));
    for (sweep->count = 0; sweep->count < JOBS_A_TIME && db_next(rows);)
        if (strstr(db_get_text(rows, 2), words))
            sweep->jobs[sweep->count++] = (struct old_job){db_get_integer(rows, 0), db_get_integer(rows, 1)};
    status = db_end(&rows, error);
    db_release(&read);
    return status;
}

enum status job_forget_account(struct db_handle *write, int64_t account, struct error *error)
{
    struct sweep sweep = {.count = JOBS_A_TIME};
    enum status status = STATUS_OK;
    while (!status && sweep.count == JOBS_A_TIME) {
        struct db_rows *rows = db_query(write, "SELECT id, file FROM job WHERE account = $1 ORDER BY id LIMIT $2",
                                        DB_BIND(db_integer(account), db_integer(JOBS_A_TIME)));
        for (sweep.count = 0; sweep.count < JOBS_A_TIME && db_next(rows);)
            sweep.jobs[sweep.count++] = (struct old_job){db_get_integer(rows, 0), db_get_integer(rows, 1)};
        status = db_end(&rows, error);
        for (size_t i = 0; !status && i < sweep.count; i++) {
            if (sweep.jobs[i].file) status = file_let_go(write, sweep.jobs[i].file, error);
            if (!status)
                status =
                    db_run(write, "DELETE FROM job WHERE id = $1", DB_BIND(db_integer(sweep.jobs[i].id)), NULL, error);
        }
    }
    return status;
}

enum status job_forget(struct db *db, const char *type, const char *words, int64_t *removed, struct error *error)
{
    struct sweep sweep = {.count = JOBS_A_TIME};
    enum status status = STATUS_OK;
    while (!status && sweep.count == JOBS_A_TIME) {
        status = find_holding(db, type, words, &sweep, error);
        if (!status && sweep.count) status = db_transaction(db, remove_old, &sweep, error);
        if (!status) *removed += (int64_t)sweep.count;
    }
    return status;
}

enum status job_sweep(struct db *db, int64_t days, struct error *error)
{
    struct sweep sweep = {.count = JOBS_A_TIME};
    const int64_t before = time_now() - days * (int64_t)MS_PER_DAY;
    enum status status = STATUS_OK;
    while (!status && sweep.count == JOBS_A_TIME) {
        status = find_old(db, before, &sweep, error);
        if (!status && sweep.count) status = db_transaction(db, remove_old, &sweep, error);
    }
    return status;
}
