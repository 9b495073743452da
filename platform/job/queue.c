/* queue.c: putting jobs into the queue, looking at them, steering them. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/job/job_private.h"

static const char *text_in(struct arena *arena, const struct db_rows *rows, size_t column)
{
    const char *text = db_get_text(rows, column);
    return text ? arena_copy(arena, text) : NULL;
}

void job_read_row(struct db_rows *rows, struct arena *arena, struct job_state *job)
{
    *job = (struct job_state){.id = db_get_integer(rows, 0),
                              .account = db_get_integer(rows, 1),
                              .organisation = db_get_integer(rows, 2),
                              .type_name = text_in(arena, rows, 3),
                              .subject = text_in(arena, rows, 4),
                              .argument = text_in(arena, rows, 5),
                              .state = text_in(arena, rows, 6),
                              .server = text_in(arena, rows, 7),
                              .result = text_in(arena, rows, 8),
                              .priority = (enum job_priority)db_get_integer(rows, 9),
                              .due = db_get_integer(rows, 10),
                              .created = db_get_integer(rows, 11),
                              .started = db_get_integer(rows, 12),
                              .ended = db_get_integer(rows, 13),
                              .done = db_get_integer(rows, 14),
                              .total = db_get_integer(rows, 15),
                              .attempts = db_get_integer(rows, 16),
                              .file = db_get_integer(rows, 17),
                              .cancel = db_get_integer(rows, 18) != 0};
    job->type = job_type_find(job->type_name);
    if (!db_is_null(rows, 19)) language_kept(arena, db_get_text(rows, 19), &job->message);
    if (!db_is_null(rows, 20)) language_kept(arena, db_get_text(rows, 20), &job->error);
}

/* ---- asking ---- */

static enum status check_request(const struct job_request *request, struct error *error)
{
    if (!job_type_find(request->type))
        return error_set(error, STATUS_FAULT, N_("There is no work of the type “{1}”."), request->type);
    if (!request->viewer->account && request->viewer != viewer_program())
        return error_set(error, STATUS_DENIED, N_("Sign in first: work in the background is done for an account."));
    if (request->argument && strlen(request->argument) > JOB_ARGUMENT_BYTES)
        return error_set(error, STATUS_LIMIT, N_("What is asked is too long."));
    return STATUS_OK;
}

enum status job_enqueue(struct db_handle *write, const struct job_request *request, int64_t *id, struct error *error)
{
    int64_t now = 0, changed = 0;
    const struct viewer *viewer = request->viewer;
    enum status status = check_request(request, error);
    if (!status) status = db_clock(write, &now, error);
    if (status) return status;
    *id = db_new_id();
    status = db_run(
        write,
        "INSERT INTO job (id, type, account, organisation, scopes, may_write, language, subject, argument, priority, "
        "state, due, attempts, cancel, created, done, total, unique_key, active_key) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, 0, 0, $12, 0, 0, $13, $13) "
        "ON CONFLICT (active_key) DO NOTHING",
        DB_BIND(db_integer(*id), db_text(request->type), db_integer(viewer->account), db_integer(viewer->organisation),
                db_integer(viewer->account ? (int64_t)viewer->scopes : (int64_t)(rights)~NOBODY),
                db_integer(viewer->account ? viewer->may_write : 1), db_text(language_code(request->language)),
                db_text(request->subject ? request->subject : ""), db_text(request->argument ? request->argument : ""),
                db_integer(request->priority), db_integer(now + request->delay_ms), db_integer(time_now()),
                db_text(request->unique)),
        &changed, error);
    if (!status && !changed)
        return db_one_integer(write, "SELECT id FROM job WHERE active_key = $1", DB_BIND(db_text(request->unique)), id,
                              error);
    if (!status) job_wake_expect();
    return status;
}

struct start {
    const struct job_request *request;
    int64_t id;
};

static enum status start_in(struct db_handle *write, void *context, struct error *error)
{
    struct start *start = context;
    return job_enqueue(write, start->request, &start->id, error);
}

enum status job_start(struct db *db, const struct job_request *request, int64_t *id, struct error *error)
{
    struct start start = {request, 0};
    const enum status status = db_transaction(db, start_in, &start, error);
    *id = start.id;
    if (!status) job_wake();
    return status;
}

/* ---- looking ---- */

bool job_is_over(const struct job_state *job)
{
    return strcmp(job->state, "waiting") != 0 && strcmp(job->state, "running") != 0;
}

static bool may_steer(const struct viewer *viewer, const struct job_state *job)
{
    if (viewer == viewer_program() || viewer->everywhere & ADMINISTRATOR) return true;
    return viewer->account && viewer->account == job->account;
}

enum status job_load(struct db_handle *read, struct arena *arena, const struct viewer *viewer, int64_t id,
                     struct job_state *job, struct error *error)
{
    bool found = false;
    struct db_rows *rows = db_query(read, "SELECT " JOB_COLUMNS " FROM job WHERE id = $1", DB_BIND(db_integer(id)));
    if (db_next(rows)) {
        job_read_row(rows, arena, job);
        found = may_steer(viewer, job);
    }
    const enum status status = db_end(&rows, error);
    if (status || found) return status;
    return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

static enum status read_list(struct db_rows *rows, struct arena *arena, size_t most, struct job_list *list,
                             struct error *error)
{
    list->items = ARENA_ARRAY(arena, most + 1, struct job_state);
    for (list->count = 0; list->count < most && db_next(rows);) job_read_row(rows, arena, &list->items[list->count++]);
    return db_end(&rows, error);
}

enum status job_list_account(struct db_handle *read, struct arena *arena, int64_t account, int64_t before, size_t most,
                             struct job_list *list, struct error *error)
{
    return read_list(
        db_query(read, "SELECT " JOB_COLUMNS " FROM job WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                 DB_BIND(db_integer(account), db_integer(before ? before : INT64_MAX), db_integer((int64_t)most))),
        arena, most, list, error);
}

enum status job_list_state(struct db_handle *read, struct arena *arena, const char *state, int64_t before, size_t most,
                           struct job_list *list, struct error *error)
{
    return read_list(
        db_query(read, "SELECT " JOB_COLUMNS " FROM job WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                 DB_BIND(db_text(state), db_integer(before ? before : INT64_MAX), db_integer((int64_t)most))),
        arena, most, list, error);
}

enum status job_wait(struct db *db, int64_t id, int64_t most_ms, bool *over, struct error *error)
{
    const int64_t until = time_ticks() + most_ms;
    enum status status = STATUS_OK;
    for (*over = false; !status && !*over;) {
        struct db_handle *read = NULL;
        int64_t left = 0;
        const uint64_t seen = job_wake_count();
        status = db_read(db, &read, error);
        if (status) break;
        status = db_one_integer(read, "SELECT COUNT(*) FROM job WHERE id = $1 AND state IN ('waiting', 'running')",
                                DB_BIND(db_integer(id)), &left, error);
        db_release(&read);
        *over = !status && !left;
        if (*over || time_ticks() >= until) break;
        const int64_t remaining = until - time_ticks();
        job_wake_wait(seen, remaining < 100 ? remaining : 100);
    }
    return status;
}

/* ---- steering ---- */

struct steering {
    const struct viewer *viewer;
    int64_t id;
    struct arena *arena;
    struct job_state job;
};

static enum status cancel_in(struct db_handle *write, void *context, struct error *error)
{
    struct steering *steering = context;
    enum status status = job_load(write, steering->arena, steering->viewer, steering->id, &steering->job, error);
    if (!status)
        status = db_run(write,
                        "UPDATE job SET state = 'cancelled', due = NULL, active_key = NULL, cancel = 1, ended = $1 "
                        "WHERE id = $2 AND state = 'waiting'",
                        DB_BIND(db_integer(time_now()), db_integer(steering->id)), NULL, error);
    return status ? status
                  : db_run(write, "UPDATE job SET cancel = 1 WHERE id = $1 AND state = 'running'",
                           DB_BIND(db_integer(steering->id)), NULL, error);
}

static enum status retry_in(struct db_handle *write, void *context, struct error *error)
{
    struct steering *steering = context;
    int64_t now = 0, changed = 0;
    enum status status = job_load(write, steering->arena, steering->viewer, steering->id, &steering->job, error);
    if (!status) status = db_clock(write, &now, error);
    if (!status)
        status = db_run(write,
                        "UPDATE job SET state = 'waiting', due = $1, cancel = 0, attempts = 0, ended = NULL, error = "
                        "NULL, active_key = unique_key WHERE id = $2 AND state IN ('failed', 'cancelled')",
                        DB_BIND(db_integer(now), db_integer(steering->id)), &changed, error);
    if (status || changed) return status;
    return error_set(error, STATUS_CONFLICT, N_("This work has not failed: it cannot be started again."));
}

static enum status steer(struct db *db, const struct viewer *viewer, int64_t id, db_work *work, struct error *error)
{
    struct steering steering = {.viewer = viewer, .id = id, .arena = arena_new()};
    const enum status status = db_transaction(db, work, &steering, error);
    arena_free(&steering.arena);
    if (!status) job_wake();
    return status;
}

enum status job_cancel(struct db *db, const struct viewer *viewer, int64_t id, struct error *error)
{
    return steer(db, viewer, id, cancel_in, error);
}

enum status job_retry(struct db *db, const struct viewer *viewer, int64_t id, struct error *error)
{
    return steer(db, viewer, id, retry_in, error);
}
