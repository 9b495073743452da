/* job.h: long work in the background, from a queue in the database: with progress, an end before its time, new tries and restart after a crash.
 *
 * A type of job is a row of a constant table with a function. Who wants work done puts a job into the queue within its own transaction; a worker
 * thread of any server of the database takes it under a lease, which the running function renews by telling how far it is. A worker that dies
 * loses its lease, and another begins the function again: it goes on from what it left in the database. What a function writes is written once
 * if each of its transactions calls job_step, which fails when the lease was lost. A job has the rights of the account that asked, as they are
 * when it runs, and never more. See docs/jobs.md. */
#ifndef PLATFORM_JOB_JOB_H
#define PLATFORM_JOB_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/language/language.h"
#include "platform/rights/rights.h"

struct arena;
struct buffer;
struct db;
struct db_handle;

/* First: what ends within seconds; it has a worker of its own, so that it does not wait behind long work. Last: when nothing else waits. */
enum job_priority { JOB_FIRST, JOB_USUAL, JOB_LAST, JOB_PRIORITIES };

/* A job that is being run. Its function uses the members; `held` is the worker's. */
struct job {
    int64_t id;
    const char *type, *argument, *subject;
    struct db *db;
    struct db_handle *read; /* read-only, for as long as the function runs */
    void *application;      /* what job_workers_start was given */
    struct arena *arena;    /* ends with the run */
    const struct viewer *viewer;
    enum language language;
    int64_t done, total; /* as kept: where an earlier run left it when the type is resumable, else 0 */
    struct job_held *held;
};

/* Does the work. STATUS_OK: done, or halted (job_halt). STATUS_BUSY and STATUS_FAULT: tried again, as often as the type says; any other status
 * will not pass by itself: the job has failed, and the sentence is shown to who asked. It asks job_progress about every second. */
typedef enum status job_function(struct job *job, struct error *error);

struct job_type {
    const char *name;  /* kept in the database */
    const char *title; /* N_("Import of a file") */
    const char *unit;  /* N_("{1} of {2} lines"): how progress is said; NULL: as a share */
    job_function *run;
    bool resumable; /* goes on from what it left in the database: `done` is kept, and coming further gives new tries */
    int retries;    /* 0: tried once */
    /* For the program itself, at these times (UTC), once for all servers: every so many minutes; or each day, or each week on that day
     * (1 Monday to 7), at that minute of the day. The first time as soon as a server runs. */
    int every_minutes;
    bool daily;
    int weekday, minute;
    enum job_priority priority; /* of the scheduled ones */
};

/* Declares the types, once, before threads start: tables ended by a row without name; the list is ended by NULL. */
void job_declare(const struct job_type *const *tables);
const struct job_type *job_type_find(const char *name); /* NULL: none */

/* ---- asking for work ---- */

struct job_request {
    const char *type;
    const struct viewer *viewer; /* in whose name: never the public; viewer_program() for the program itself */
    enum language language;
    const char *subject;  /* NULL: none */
    const char *argument; /* NULL: none; at most 64 KiB */
    enum job_priority priority;
    const char *unique; /* while a job of this key waits or runs, it is given and no other is made; NULL: no such key */
    int64_t delay_ms;   /* not before */
};

/* Puts a job into the queue, in the caller's transaction: it exists if and only if that commits. *id: its number. One or two statements. */
enum status job_enqueue(struct db_handle *write, const struct job_request *request, int64_t *id, struct error *error);
/* The same in a transaction of its own. */
enum status job_start(struct db *db, const struct job_request *request, int64_t *id, struct error *error);

/* ---- looking and steering ---- */

/* A job as the table has it. Texts are in the arena. */
struct job_state {
    int64_t id, account, organisation;
    const struct job_type *type; /* NULL: this program does not know it */
    const char *type_name, *subject, *argument, *state, *server, *result;
    enum job_priority priority;
    int64_t due, created, started, ended, done, total, attempts, file; /* 0: none */
    bool cancel;
    struct error message, error; /* message NULL: none */
};

bool job_is_over(const struct job_state *job); /* done, failed or cancelled */

/* STATUS_MISSING unless the viewer asked for it or is an administrator; for viewer_program(), any. */
enum status job_load(struct db_handle *read, struct arena *arena, const struct viewer *viewer, int64_t id,
                     struct job_state *job, struct error *error);

struct job_list {
    struct job_state *items;
    size_t count;
};
/* Those of an account (0: the program's), newest first; or of a state ("waiting", "running" ...: the administrator's view). At most `most`, older
 * than `before` (0: from the newest). */
enum status job_list_account(struct db_handle *read, struct arena *arena, int64_t account, int64_t before, size_t most,
                             struct job_list *list, struct error *error);
enum status job_list_state(struct db_handle *read, struct arena *arena, const char *state, int64_t before, size_t most,
                           struct job_list *list, struct error *error);

/* Ends one that waits at once; one that runs ends after its present step. The rights are those of job_load. Nothing when it is over. */
enum status job_cancel(struct db *db, const struct viewer *viewer, int64_t id, struct error *error);
/* Lets one that failed or was cancelled run again: STATUS_CONFLICT when it did not, or one of its key runs meanwhile. */
enum status job_retry(struct db *db, const struct viewer *viewer, int64_t id, struct error *error);

/* Waits until it is over, at most so long; for handlers of slow routes that would rather show the end of short work. *over: whether it is. */
enum status job_wait(struct db *db, int64_t id, int64_t most_ms, bool *over, struct error *error);

/* ---- for the running function ---- */

/* Tells how far it is; false: stop after the present step (somebody asked for its end, the server stops, the lease was lost), and return
 * job_halt. Writes about once a second at most, in a transaction of its own: not within one. total 0: not known. */
bool job_progress(struct job *job, int64_t done, int64_t total);

/* In the function's own transaction: tells how far it is when that commits, renews the lease, and fails with STATUS_CONFLICT when the lease was lost, so
 * that nothing is written twice. done INT64_MIN: progress as it was. One statement, some 10 us on SQLite. */
enum status job_step(struct job *job, struct db_handle *write, int64_t done, int64_t total, struct error *error);

/* Whether it should stop; without any statement. */
bool job_should_stop(const struct job *job);

/* "I stopped before the end": return job_halt(job). The job is then cancelled, or waits for the next worker. */
enum status job_halt(struct job *job);

/* A sentence on what came of it, with up to four arguments; the page that shows it ("/organisations/import/12"); the file that it made. Kept when the
 * function returns. */
#define job_say(job, ...) ((void)error_set(job_message(job), STATUS_OK, __VA_ARGS__))
struct error *job_message(struct job *job);
void job_set_result(struct job *job, const char *path);

/* Keeps what lies in an open file on the disk as the file that the job made (platform/file), for who asked: they find it on the job's page. */
enum status job_store_file(struct job *job, int descriptor, const char *name, struct error *error);

/* ---- workers ---- */

/* Short work that this process does now and then, beside the queue: no row, no progress. */
struct job_timer {
    const char *name;
    int64_t every_ms;
    bool shared; /* once for all servers of the database, else in each */
    enum status (*needed)(struct db *db, void *application, bool *needed, struct error *error); /* NULL: always */
    enum status (*run)(struct db *db, void *application, struct error *error);
};

struct job_options {
    struct db *db;
    void *application;
    const struct job_timer *timers; /* ended by a row without name; NULL: none */
    size_t workers;                 /* threads for all priorities, beside the one for JOB_FIRST; 0: 1 */
    int64_t lease_ms;               /* 0: 30000 */
    int64_t poll_ms;    /* longest time that a job made by another process waits for a free worker; 0: 1000 */
    int64_t backoff_ms; /* before the second try, then doubling to an hour; 0: 10000 */
};

struct job_workers;

/* Starts the threads: each lent one reader of the database, and a writer when it writes. On SQLite, when no other process of the machine has
 * workers on the file (a lock on FILE-jobs, which the kernel takes away with the process), what an earlier process left running is taken up
 * at once; else when its lease ends. */
enum status job_workers_start(const struct job_options *options, struct job_workers **workers, struct error *error);
/* Lets each function end its present step and gives back its lease, so that the next start goes on. Waits for them. */
void job_workers_stop(struct job_workers **workers);

/* Takes one job that is due and runs it in this thread; *ran: whether there was one. For the command line and tests. */
enum status job_run_next(const struct job_options *options, bool *ran, struct error *error);

/* Queue length, running, and what ended since the start, in Prometheus' format. No statement. */
void job_metrics(struct buffer *out);

/* Removes the jobs that ended so many days ago, and lets go the files that they made (platform/file). */
enum status job_sweep(struct db *db, int64_t days, struct error *error);

/* In the transaction that erases an account: its jobs are gone, the files that they made let go. One that runs fails at its next step. */
enum status job_forget_account(struct db_handle *write, int64_t account, struct error *error);
/* Removes the ended jobs of a type whose argument holds these words, and lets go the files that they made: what they made is no longer to be had. */
enum status job_forget(struct db *db, const char *type, const char *words, int64_t *removed, struct error *error);

#endif
