/* workers.c: the threads: those that run jobs, one that keeps their leases and the schedules, one for the timers. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/job/job_private.h"

enum { WORKERS_MOST = 64, SOON_MS = 20, TIMERS_MOST = 32, BEATS_A_LEASE = 6 };

struct job_workers {
    struct job_options options;
    struct job_clock clock;
    struct job_lock lock;
    atomic_bool stop;
    pthread_mutex_t running_lock;
    struct job_held *running[WORKERS_MOST + 1];
    size_t thread_count;
    pthread_t threads[WORKERS_MOST + 3];
};

struct job_options job_options_filled(const struct job_options *options)
{
    struct job_options filled = *options;
    if (!filled.workers) filled.workers = 1;
    if (filled.workers > WORKERS_MOST) filled.workers = WORKERS_MOST;
    if (!filled.lease_ms) filled.lease_ms = JOB_LEASE_MS;
    if (!filled.poll_ms) filled.poll_ms = JOB_POLL_MS;
    if (!filled.backoff_ms) filled.backoff_ms = JOB_BACKOFF_MS;
    return filled;
}

/* ---- one job ---- */

static enum status look(const struct job_options *options, struct job_clock *clock, enum job_priority lowest,
                        int64_t *id, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(options->db, &read, error);
    if (status) return status;
    status = job_clock_read(clock, read, error);
    if (!status) status = job_find_due(read, job_clock_now(clock), lowest, id, error);
    db_release(&read);
    return status;
}

/* A job that is being run is known to the thread that keeps leases, and to who stops the workers. */
static void enter(struct job_workers *workers, size_t place, struct job_held *held)
{
    if (!workers) return;
    pthread_mutex_lock(&workers->running_lock);
    workers->running[place] = held;
    if (held && workers->stop) held->stopping = true;
    pthread_mutex_unlock(&workers->running_lock);
}

/* STATUS_MISSING: nothing is due. *taken false with STATUS_OK: another was faster, and there may be more. */
static enum status run_one(const struct job_options *options, struct job_clock *clock, enum job_priority lowest,
                           struct job_workers *workers, size_t place, bool *taken, struct error *error)
{
    struct job_held held = {.options = options, .clock = clock};
    struct job_state state;
    *taken = false;
    enum status status = look(options, clock, lowest, &held.id, error);
    if (status) return status;
    struct arena *arena = arena_new();
    status = job_take(options->db, &held, arena, &state, taken, error);
    if (*taken) {
        enter(workers, place, &held);
        job_run_taken(&held, &state, arena);
        enter(workers, place, NULL);
    }
    arena_free(&arena);
    return status;
}

enum status job_run_next(const struct job_options *options, bool *ran, struct error *error)
{
    const struct job_options filled = job_options_filled(options);
    struct job_clock clock = {0};
    struct job_lock lock;
    job_lock_share(&lock, &filled);
    const enum status status = run_one(&filled, &clock, JOB_LAST, NULL, 0, ran, error);
    job_lock_release(&lock);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* ---- threads ---- */

static void log_failure(const char *what, const struct error *error)
{
    char text[1024];
    error_describe(error, text, sizeof text);
    log_line(LOG_WARNING, what, "%s", text);
}

static void work(struct job_workers *workers, size_t place, enum job_priority lowest)
{
    while (!workers->stop) {
        struct error error = {0};
        bool taken = false;
        const uint64_t seen = job_wake_count();
        const enum status status = run_one(&workers->options, &workers->clock, lowest, workers, place, &taken, &error);
        if (status && status != STATUS_MISSING) log_failure("jobs", &error);
        if (status && !workers->stop) job_wake_wait(seen, job_wake_expected() ? SOON_MS : workers->options.poll_ms);
    }
}

struct place {
    struct job_workers *workers;
    size_t number;
};

static void *run_worker(void *context)
{
    const struct place place = *(struct place *)context;
    free(context);
    work(place.workers, place.number, place.number ? JOB_LAST : JOB_FIRST);
    return NULL;
}

/* Leases of jobs whose present step takes long. */
static void beat(struct job_workers *workers)
{
    const struct job_options *options = &workers->options;
    pthread_mutex_lock(&workers->running_lock);
    for (size_t i = 0; i <= options->workers; i++) {
        struct job_held *held = workers->running[i];
        struct error error;
        if (!held || held->lost || time_ticks() - held->renewed < options->lease_ms / 3) continue;
        if (db_transaction(options->db, job_beat, held, &error)) log_failure("lease", &error);
    }
    pthread_mutex_unlock(&workers->running_lock);
}

static enum status count_queue(const struct job_options *options, struct error *error)
{
    struct db_handle *read = NULL;
    int64_t waiting = 0, running = 0;
    enum status status = db_read(options->db, &read, error);
    if (status) return status;
    status = db_one_integer(read, "SELECT COUNT(*) FROM job WHERE state = 'waiting'", DB_BIND_NONE, &waiting, error);
    if (!status)
        status =
            db_one_integer(read, "SELECT COUNT(*) FROM job WHERE state = 'running'", DB_BIND_NONE, &running, error);
    db_release(&read);
    if (!status) job_count_queue(waiting, running);
    return status;
}

/* Sleeps until the moment (ticks), or until the workers stop. */
static void sleep_until(const struct job_workers *workers, int64_t until)
{
    while (!workers->stop && time_ticks() < until) {
        const uint64_t seen = job_wake_count();
        if (!workers->stop) job_wake_wait(seen, until - time_ticks());
    }
}

static void *run_keeper(void *context)
{
    struct job_workers *workers = context;
    const int64_t every = workers->options.lease_ms / BEATS_A_LEASE;
    while (!workers->stop) {
        struct error error = {0};
        const int64_t next = time_ticks() + every;
        beat(workers);
        if (job_schedule_run(&workers->options, &workers->clock, &error) || count_queue(&workers->options, &error))
            log_failure("schedule", &error);
        sleep_until(workers, next);
    }
    return NULL;
}

static void *run_timers(void *context)
{
    struct job_workers *workers = context;
    int64_t due[TIMERS_MOST] = {0};
    while (!workers->stop) {
        job_timers_run(&workers->options, &workers->clock, due);
        sleep_until(workers, time_ticks() + 1000);
    }
    return NULL;
}

static void start_thread(struct job_workers *workers, void *(*run)(void *), void *context)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&workers->threads[workers->thread_count++], NULL, run, context))
        fatal("no thread could be started");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void start_worker(struct job_workers *workers, size_t number)
{
    struct place *place = malloc(sizeof *place);
    if (!place) fatal_memory(sizeof *place);
    *place = (struct place){workers, number};
    start_thread(workers, run_worker, place);
}

static enum status first_look(struct job_workers *workers, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(workers->options.db, &read, error);
    if (!status) status = job_clock_read(&workers->clock, read, error);
    db_release(&read);
    return status ? status : job_lock_take(&workers->lock, &workers->options, error);
}

enum status job_workers_start(const struct job_options *options, struct job_workers **result, struct error *error)
{
    struct job_workers *workers = calloc(1, sizeof *workers);
    size_t timers = 0;
    if (!workers) fatal_memory(sizeof *workers);
    while (options->timers && options->timers[timers].name) timers++;
    if (timers > TIMERS_MOST) fatal("there are more timers than TIMERS_MOST");
    workers->options = job_options_filled(options);
    workers->lock.file = -1;
    pthread_mutex_init(&workers->running_lock, NULL);
    *result = workers;
    const enum status status = first_look(workers, error);
    if (status) {
        job_workers_stop(result);
        return status;
    }
    for (size_t i = 0; i <= workers->options.workers; i++) start_worker(workers, i);
    start_thread(workers, run_keeper, workers);
    if (options->timers) start_thread(workers, run_timers, workers);
    return STATUS_OK;
}

void job_workers_stop(struct job_workers **stopped)
{
    struct job_workers *workers = *stopped;
    if (!workers) return;
    pthread_mutex_lock(&workers->running_lock);
    workers->stop = true;
    for (size_t i = 0; i <= WORKERS_MOST; i++)
        if (workers->running[i]) workers->running[i]->stopping = true;
    pthread_mutex_unlock(&workers->running_lock);
    job_wake();
    for (size_t i = 0; i < workers->thread_count; i++) pthread_join(workers->threads[i], NULL);
    job_lock_release(&workers->lock);
    pthread_mutex_destroy(&workers->running_lock);
    free(workers);
    *stopped = NULL;
}
