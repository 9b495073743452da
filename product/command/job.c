/* job.c: `maillage job ...`: work in the background, from the command line. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/job/job.h"
#include "product/application.h"
#include "product/command/commands.h"

enum { LISTED = 200 };

struct wishes {
    const char *db, *state;
    int64_t id;
};

typedef enum status act_on(struct application *application, const struct wishes *wishes, struct error *error);

static int run(const struct command *command, int argc, char **argv, const struct option_row *rows,
               const struct wishes *wishes, act_on *act)
{
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(command, argc, argv, rows);
    if (code >= 0) return code;
    enum status status = application_open(wishes->db, false, &application, &error);
    if (!status) status = act(application, wishes, &error);
    application_close(&application);
    return options_end(status, &error);
}

/* ---- list ---- */

static void print_job(struct arena *arena, const struct job_state *job)
{
    char asked[32];
    time_format(job->created, asked);
    printf("%lld\t%s\t%s\t%lld/%lld\t%s\t%s%s%s\n", (long long)job->id, job->type_name, job->state,
           (long long)job->done, (long long)job->total, asked, job->subject,
           job->error.message && *job->error.message ? "\t" : "",
           job->error.message ? language_error(arena, LANGUAGE_ENGLISH, &job->error) : "");
}

static enum status print_state(struct db_handle *read, struct arena *arena, const char *state, struct error *error)
{
    struct job_list list;
    const enum status status = job_list_state(read, arena, state, 0, LISTED, &list, error);
    for (size_t i = 0; !status && i < list.count; i++) print_job(arena, &list.items[i]);
    return status;
}

static enum status list_jobs(struct application *application, const struct wishes *wishes, struct error *error)
{
    static const char *const states[] = {"running", "waiting", "failed"};
    struct arena *arena = arena_new();
    struct db_handle *read = NULL;
    enum status status = db_read_in(application->records.db, arena, &read, error);
    if (wishes->state && !status) status = print_state(read, arena, wishes->state, error);
    for (size_t i = 0; !wishes->state && !status && i < sizeof states / sizeof *states; i++)
        status = print_state(read, arena, states[i], error);
    arena_free(&arena);
    return status;
}

static int run_list(int argc, char **argv)
{
    struct wishes wishes = {.db = "var/maillage.db"};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {"state", "WORD", "waiting, running, done, failed, cancelled (what is not over, and what failed)", OPTION_TEXT,
         false, &wishes.state},
        {.target = NULL},
    };
    return run(&job_commands[0], argc, argv, rows, &wishes, list_jobs);
}

/* ---- run ---- */

static enum status run_jobs(struct application *application, const struct wishes *wishes, struct error *error)
{
    const struct job_options options = {.db = application->records.db, .application = application};
    int64_t count = 0;
    bool ran = true;
    enum status status = STATUS_OK;
    (void)wishes;
    while (!status && ran) {
        status = job_run_next(&options, &ran, error);
        count += !status && ran;
    }
    printf("%lld run\n", (long long)count);
    return status;
}

static int run_run(int argc, char **argv)
{
    struct wishes wishes = {.db = "var/maillage.db"};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {.target = NULL},
    };
    return run(&job_commands[1], argc, argv, rows, &wishes, run_jobs);
}

/* ---- cancel, retry ---- */

static enum status cancel_job(struct application *application, const struct wishes *wishes, struct error *error)
{
    return job_cancel(application->records.db, viewer_program(), wishes->id, error);
}

static enum status retry_job(struct application *application, const struct wishes *wishes, struct error *error)
{
    return job_retry(application->records.db, viewer_program(), wishes->id, error);
}

static int run_on_one(const struct command *command, int argc, char **argv, act_on *act)
{
    struct wishes wishes = {.db = "var/maillage.db"};
    const struct option_row rows[] = {
        {NULL, "NUMBER", "of the job, as `job list` says", OPTION_NUMBER, true, &wishes.id},
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {.target = NULL},
    };
    return run(command, argc, argv, rows, &wishes, act);
}

static int run_cancel(int argc, char **argv) { return run_on_one(&job_commands[2], argc, argv, cancel_job); }
static int run_retry(int argc, char **argv) { return run_on_one(&job_commands[3], argc, argv, retry_job); }

const struct command job_commands[] = {
    {"job list", "Lists work in the background.", run_list},
    {"job run", "Runs what is due, one after the other, then ends.", run_run},
    {"job cancel", "Stops a job.", run_cancel},
    {"job retry", "Starts a job again that failed or was stopped.", run_retry},
    {NULL, NULL, NULL},
};
