/* run.c: one run of a job: whose rights it has, how it tells its progress, how it ends. */
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/job/job_private.h"

/* What a progress bar needs; and tries left to a job whose server died under it, beyond those of its type. */
enum { NEWS_MS = 1000, DEATHS = 2 };

/* ---- for the running function ---- */

bool job_should_stop(const struct job *job)
{
    const struct job_held *held = job->held;
    return held->cancel || held->stopping || held->lost;
}

bool job_progress(struct job *job, int64_t done, int64_t total)
{
    struct job_held *held = job->held;
    struct error error;
    job->done = done;
    job->total = total;
    if (job_should_stop(job)) return false;
    if (time_ticks() - held->renewed < NEWS_MS) return true;
    const enum status status = job_renew_alone(job->db, held, done, total, &error);
    if (!status) held->kept_done = done, held->kept_total = total;
    return !job_should_stop(job);
}

enum status job_step(struct job *job, struct db_handle *write, int64_t done, int64_t total, struct error *error)
{
    struct job_held *held = job->held;
    const bool told = done != INT64_MIN;
    const enum status status =
        job_renew(write, held, told ? done : held->kept_done, told ? total : held->kept_total, error);
    if (status || !told) return status;
    job->done = held->kept_done = done;
    job->total = held->kept_total = total;
    return STATUS_OK;
}

enum status job_halt(struct job *job)
{
    job->held->halted = true;
    return STATUS_OK;
}

struct error *job_message(struct job *job) { return &job->held->message; }
void job_set_result(struct job *job, const char *path) { job->held->result = arena_copy(job->arena, path); }

/* ---- a run ---- */

static enum status load_viewer(struct job *job, struct error *error)
{
    const struct job_held *held = job->held;
    if (!held->account) {
        job->viewer = viewer_program();
        return STATUS_OK;
    }
    return account_viewer(job->read, job->arena, held->account, held->organisation, (rights)held->scopes,
                          held->may_write != 0, &job->viewer, error);
}

static enum status check_start(const struct job_held *held, const struct job_state *state, struct error *error)
{
    if (!held->type)
        return error_set(error, STATUS_BUSY, N_("This version of the program does not know the work “{1}”."),
                         state->type_name);
    if (state->attempts > held->type->retries + 1 + DEATHS)
        return error_set(error, STATUS_LIMIT,
                         N_("The program stopped several times in the middle of this work: it is not tried again."));
    return STATUS_OK;
}

static enum status run_function(struct job_held *held, const struct job_state *state, struct arena *arena,
                                struct error *error)
{
    struct job job = {.id = held->id,
                      .type = state->type_name,
                      .argument = state->argument,
                      .subject = state->subject,
                      .db = held->options->db,
                      .application = held->options->application,
                      .arena = arena,
                      .language = held->language,
                      .done = held->kept_done,
                      .total = held->kept_total,
                      .held = held};
    if (held->cancel) return job_halt(&job);
    enum status status = check_start(held, state, error);
    if (!status) status = db_read_in(job.db, arena, &job.read, error);
    if (!status) status = load_viewer(&job, error);
    if (!status) status = held->type->run(&job, error);
    held->kept_done = job.done;
    held->kept_total = job.total;
    held->attempts = job_attempts(held, job.done);
    return status;
}

static enum job_end end_of(const struct job_held *held, enum status status)
{
    if (!status && !held->halted) return JOB_DONE;
    if (!status) return held->cancel ? JOB_CANCELLED : JOB_RELEASED;
    if (status != STATUS_BUSY && status != STATUS_FAULT) return JOB_FAILED;
    if (held->cancel) return JOB_CANCELLED;
    return held->type && held->attempts > held->type->retries ? JOB_FAILED : JOB_AGAIN;
}

static void log_end(const struct job_held *held, const struct job_state *state, enum job_end end,
                    const struct error *error, int64_t took)
{
    static const char *const words[JOB_ENDS] = {"done", "failed", "cancelled", "again", "released"};
    char text[1024] = "";
    if (error) error_describe(error, text, sizeof text);
    log_line(end == JOB_FAILED || end == JOB_AGAIN ? LOG_WARNING : LOG_NOTE, "job",
             "id=%lld type=%s end=%s attempts=%lld ms=%lld%s%s", (long long)held->id, state->type_name, words[end],
             (long long)held->attempts, (long long)took, error ? " why=" : "", text);
}

void job_run_taken(struct job_held *held, const struct job_state *state, struct arena *arena)
{
    struct error error = {0}, failure = {0};
    char text[1024];
    const int64_t start = time_ticks();
    const enum status status = run_function(held, state, arena, &error);
    if (held->lost) {
        log_line(LOG_WARNING, "job", "id=%lld type=%s end=lost", (long long)held->id, state->type_name);
        return;
    }
    const enum job_end end = end_of(held, status);
    log_end(held, state, end, status ? &error : NULL, time_ticks() - start);
    if (end == JOB_DONE && held->kept_total) held->kept_done = held->kept_total;
    if (!job_let_go(held->options->db, held, end, status ? &error : NULL, &failure)) return;
    error_describe(&failure, text, sizeof text);
    log_line(LOG_FAULT, "job", "id=%lld its end could not be kept: %s", (long long)held->id, text);
}
