/* job_private.h: what the files of jobs share. */
#ifndef PLATFORM_JOB_PRIVATE_H
#define PLATFORM_JOB_PRIVATE_H

#include "platform/db/db.h"
#include "platform/job/job.h"

enum { JOB_ARGUMENT_BYTES = 64 * 1024, JOB_LEASE_MS = 30000, JOB_POLL_MS = 1000, JOB_BACKOFF_MS = 10000 };

/* Milliseconds of the database's clock less those of time_ticks: read at each look into the queue, so that a step needs no statement for it. */
struct job_clock {
    _Atomic int64_t offset;
};
enum status job_clock_read(struct job_clock *clock, struct db_handle *handle, struct error *error);
int64_t job_clock_now(const struct job_clock *clock);

/* A job that this process has taken. What another thread asks is atomic. */
struct job_held {
    const struct job_type *type;
    const struct job_options *options;
    const struct job_clock *clock;
    int64_t id, holder, attempts, first_done; /* first_done: as this run found it */
    int64_t account, organisation, scopes, may_write;
    enum language language;
    _Atomic int64_t renewed; /* ticks of the last renewal */
    atomic_bool cancel, stopping, lost;
    bool halted;
    int64_t kept_done, kept_total; /* as last written */
    struct error message;
    const char *result;
    int64_t file;
};

/* type.c */
const struct job_type *const *job_tables(void);

/* queue.c */
/* Those of struct job_state, for SELECT and RETURNING. */
#define JOB_COLUMNS \
    "id, account, organisation, type, subject, argument, state, server, result, priority, due, created, started, " \
    "ended, done, total, attempts, file, cancel, message, error"
void job_read_row(struct db_rows *rows, struct arena *arena, struct job_state *job);

/* lease.c: each is one statement. *taken false: another worker was faster. */
enum status job_find_due(struct db_handle *read, int64_t now, enum job_priority lowest, int64_t *id,
                         struct error *error);
enum status job_take(struct db *db, struct job_held *held, struct arena *arena, struct job_state *job, bool *taken,
                     struct error *error);
enum status job_renew(struct db_handle *write, struct job_held *held, int64_t done, int64_t total, struct error *error);
enum status job_renew_alone(struct db *db, struct job_held *held, int64_t done, int64_t total, struct error *error);
/* A job that can go on and came further has new tries before it. */
int64_t job_attempts(const struct job_held *held, int64_t done);
/* Renews the lease beside a step that takes long; a db_work whose context is the job held. */
db_work job_beat;

/* How a run ends. error: why, or NULL. */
enum job_end { JOB_DONE, JOB_FAILED, JOB_CANCELLED, JOB_AGAIN, JOB_RELEASED, JOB_ENDS };
enum status job_let_go(struct db *db, struct job_held *held, enum job_end end, const struct error *why,
                       struct error *error);

/* run.c: runs a job that was taken, to its end. */
void job_run_taken(struct job_held *held, const struct job_state *state, struct arena *arena);

/* workers.c: the options with what they stand for when left zero. */
struct job_options job_options_filled(const struct job_options *options);

/* schedule.c */
/* Puts into the queue what its schedule says, once for all servers. */
enum status job_schedule_run(const struct job_options *options, const struct job_clock *clock, struct error *error);
/* The next time after `now` at which a scheduled type is due. */
int64_t job_schedule_next(const struct job_type *type, int64_t now);
/* Takes the turn of `name` if it is due: of several servers one gets it. *next: due again. */
enum status job_schedule_take(struct db_handle *write, const char *name, int64_t now, int64_t next, bool *taken,
                              struct error *error);

/* timer.c: runs the timers that are due; due: one moment (ticks) for each. */
void job_timers_run(const struct job_options *options, const struct job_clock *clock, int64_t *due);

/* lock.c: whether this process is alone on an SQLite file: then what runs is of the dead. */
struct job_lock {
    int file; /* -1: none */
};
enum status job_lock_take(struct job_lock *lock, const struct job_options *options, struct error *error);
/* As one among others, who must not take what it runs for what the dead left. */
void job_lock_share(struct job_lock *lock, const struct job_options *options);
void job_lock_release(struct job_lock *lock);

/* wake.c: a job was made or has ended in this process. */
void job_wake(void);
/* Waits until job_wake or so long; ticks: of job_wake_count when the caller last looked. */
uint64_t job_wake_count(void);
void job_wake_wait(uint64_t seen, int64_t most_ms);
/* Whether a job was put into the queue so lately that its transaction may not have ended yet. */
bool job_wake_expected(void);
void job_wake_expect(void);

/* metrics.c */
void job_count_end(enum job_end end);
void job_count_queue(int64_t waiting, int64_t running);

#endif
