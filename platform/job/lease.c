/* lease.c: taking a job, keeping it, letting it go. Each is one UPDATE whose condition says that the job is still as it was seen: of two workers
 * one changes a row, on both engines. */
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/job/job_private.h"

enum status job_clock_read(struct job_clock *clock, struct db_handle *handle, struct error *error)
{
    int64_t now = 0;
    const enum status status = db_clock(handle, &now, error);
    if (!status) clock->offset = now - time_ticks();
    return status;
}

int64_t job_clock_now(const struct job_clock *clock) { return clock->offset + time_ticks(); }

static int64_t lease_end(const struct job_held *held) { return job_clock_now(held->clock) + held->options->lease_ms; }

enum status job_find_due(struct db_handle *read, int64_t now, enum job_priority lowest, int64_t *id,
                         struct error *error)
{
    enum status status = STATUS_MISSING;
    for (int priority = JOB_FIRST; status == STATUS_MISSING && priority <= (int)lowest; priority++)
        status = db_one_integer(read, "SELECT id FROM job WHERE priority = $1 AND due <= $2 ORDER BY due, id LIMIT 1",
                                DB_BIND(db_integer(priority), db_integer(now)), id, error);
    return status;
}

/* "host:1234". */
static const char *server_name(struct arena *arena)
{
    char host[128] = "";
    if (gethostname(host, sizeof host - 1)) *host = '\0';
    return arena_print(arena, "%s:%ld", host, (long)getpid());
}

struct taking {
    struct job_held *held;
    struct arena *arena;
    struct job_state *job;
    bool taken;
};

static enum status take_in(struct db_handle *write, void *context, struct error *error)
{
    struct taking *taking = context;
    struct job_held *held = taking->held;
    struct db_rows *rows = db_query(
        write,
        "UPDATE job SET state = 'running', due = $1, holder = $2, server = $3, attempts = attempts + 1, started = "
        "COALESCE(started, $4) WHERE id = $5 AND due <= $6 RETURNING " JOB_COLUMNS ", scopes, may_write, language",
        DB_BIND(db_integer(lease_end(held)), db_integer(held->holder), db_text(server_name(taking->arena)),
                db_integer(time_now()), db_integer(held->id), db_integer(job_clock_now(held->clock))));
    taking->taken = db_next(rows);
    if (taking->taken) {
        job_read_row(rows, taking->arena, taking->job);
        held->scopes = db_get_integer(rows, 21);
        held->may_write = db_get_integer(rows, 22);
        language_find(db_get_text(rows, 23), &held->language);
    }
    return db_end(&rows, error);
}

enum status job_take(struct db *db, struct job_held *held, struct arena *arena, struct job_state *job, bool *taken,
                     struct error *error)
{
    struct taking taking = {.held = held, .arena = arena, .job = job};
    held->holder = db_new_id();
    const enum status status = db_transaction(db, take_in, &taking, error);
    *taken = !status && taking.taken;
    if (!*taken) return status;
    held->type = job->type;
    held->account = job->account;
    held->organisation = job->organisation;
    held->attempts = job->attempts;
    held->first_done = held->kept_done = job->type && job->type->resumable ? job->done : 0;
    held->kept_total = job->total;
    held->cancel = job->cancel;
    held->renewed = time_ticks();
    return STATUS_OK;
}

int64_t job_attempts(const struct job_held *held, int64_t done)
{
    return held->type && held->type->resumable && done > held->first_done ? 1 : held->attempts;
}

enum status job_renew(struct db_handle *write, struct job_held *held, int64_t done, int64_t total, struct error *error)
{
    struct db_rows *rows =
        db_query(write,
                 "UPDATE job SET due = $1, done = $2, total = $3, attempts = $4 "
                 "WHERE id = $5 AND holder = $6 RETURNING cancel",
                 DB_BIND(db_integer(lease_end(held)), db_integer(done), db_integer(total),
                         db_integer(job_attempts(held, done)), db_integer(held->id), db_integer(held->holder)));
    const bool ours = db_next(rows);
    if (ours && db_get_integer(rows, 0)) held->cancel = true;
    const enum status status = db_end(&rows, error);
    if (status) return status;
    held->renewed = time_ticks();
    if (ours) return STATUS_OK;
    held->lost = true;
    return error_set(error, STATUS_CONFLICT, N_("Another server has taken this work over."));
}

struct renewal {
    struct job_held *held;
    int64_t done, total;
};

static enum status renew_in(struct db_handle *write, void *context, struct error *error)
{
    const struct renewal *renewal = context;
    return job_renew(write, renewal->held, renewal->done, renewal->total, error);
}

enum status job_renew_alone(struct db *db, struct job_held *held, int64_t done, int64_t total, struct error *error)
{
    struct renewal renewal = {held, done, total};
    return db_transaction(db, renew_in, &renewal, error);
}

enum status job_beat(struct db_handle *write, void *context, struct error *error)
{
    struct job_held *held = context;
    struct db_rows *rows =
        db_query(write, "UPDATE job SET due = $1 WHERE id = $2 AND holder = $3 RETURNING cancel",
                 DB_BIND(db_integer(lease_end(held)), db_integer(held->id), db_integer(held->holder)));
    const bool ours = db_next(rows);
    if (ours && db_get_integer(rows, 0)) held->cancel = true;
    const enum status status = db_end(&rows, error);
    if (status) return status;
    held->renewed = time_ticks();
    if (!ours) held->lost = true;
    return STATUS_OK;
}

struct ending {
    const struct job_held *held;
    struct arena *arena;
    enum job_end end;
    const struct error *why;
    bool ours;
};

/* Doubling from the second try on, to an hour. */
static int64_t back_off(const struct job_held *held)
{
    enum { LONGEST_MS = 3600 * 1000 };
    int64_t wait = held->options->backoff_ms;
    for (int64_t i = 1; i < held->attempts && wait < LONGEST_MS; i++) wait *= 2;
    return wait < LONGEST_MS ? wait : LONGEST_MS;
}

static enum status end_in(struct db_handle *write, void *context, struct error *error)
{
    static const char *const states[JOB_ENDS] = {"done", "failed", "cancelled", "waiting", "waiting"};
    struct ending *ending = context;
    const struct job_held *held = ending->held;
    const bool over = ending->end < JOB_AGAIN;
    const int64_t now = job_clock_now(held->clock), wait = ending->end == JOB_AGAIN ? back_off(held) : 0;
    int64_t changed = 0;
    const enum status status = db_run(
        write,
        "UPDATE job SET state = $1, due = $2, holder = NULL, attempts = $3, ended = $4, done = $5, total = $6, "
        "message = COALESCE($7, message), error = $8, result = COALESCE($9, result), file = COALESCE($10, file), "
        "active_key = CASE WHEN CAST($4 AS BIGINT) IS NULL THEN active_key ELSE NULL END WHERE id = $11 AND holder = "
        "$12",
        DB_BIND(db_text(states[ending->end]), over ? db_null() : db_integer(now + wait),
                db_integer(ending->end == JOB_RELEASED ? held->attempts - 1 : held->attempts),
                over ? db_integer(time_now()) : db_null(), db_integer(held->kept_done), db_integer(held->kept_total),
                held->message.message ? db_text(language_keep(ending->arena, &held->message)) : db_null(),
                ending->why ? db_text(language_keep(ending->arena, ending->why)) : db_null(), db_text(held->result),
                held->file ? db_integer(held->file) : db_null(), db_integer(held->id), db_integer(held->holder)),
        &changed, error);
    ending->ours = changed > 0;
    return status;
}

enum status job_let_go(struct db *db, struct job_held *held, enum job_end end, const struct error *why,
                       struct error *error)
{
    struct ending ending = {.held = held, .arena = arena_new(), .end = end, .why = why};
    const enum status status = db_transaction(db, end_in, &ending, error);
    arena_free(&ending.arena);
    if (!status && ending.ours) job_count_end(end);
    if (!status) job_wake();
    return status;
}
