/* import_job.c: checking, applying and taking back an import, in the background. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/job/job.h"
#include "platform/record/import_private.h"
#include "platform/record/jobs.h"

/* What so many lines or bytes take is a second or so. */
enum { SHORT_BYTES = 1024 * 1024, SHORT_LINES = 10000, SHARES = 1000 };

static enum status step(void *data, struct db_handle *write, int64_t done, int64_t total, struct error *error)
{
    return job_step(data, write, done, total, error);
}

static bool stops(void *data) { return job_should_stop(data); }

static bool tell_share(void *data, double share) { return job_progress(data, (int64_t)(share * SHARES), SHARES); }

/* What it writes tells how far it is: see import_watch. */
static bool go_on(void *data, double share)
{
    (void)share;
    return !job_should_stop(data);
}

struct work {
    struct record_context context;
    struct import_watch watch;
    struct import *import;
};

static enum status begin(struct work *work, struct job *job, struct error *error)
{
    work->context = (struct record_context){.records = job->application,
                                            .arena = job->arena,
                                            .viewer = job->viewer,
                                            .language = job->language,
                                            .handle = job->read,
                                            .origin = "import"};
    work->watch = (struct import_watch){step, stops, job};
    const enum status status = import_load(&work->context, strtoll(job->argument, NULL, 10), &work->import, error);
    if (status) return status;
    work->import->watch = &work->watch;
    job_set_result(job,
                   arena_print(job->arena, "%s/import/%lld", work->import->kind->path, (long long)work->import->id));
    return STATUS_OK;
}

static enum status end(const struct work *work, struct job *job, enum status status, const char *stage)
{
    return !status && strcmp(work->import->stage, stage) != 0 ? job_halt(job) : status;
}

static const char *figure(const struct job *job, int64_t number)
{
    return language_number(job->arena, job->language, number, 0);
}

static enum status check(struct job *job, struct error *error)
{
    struct work work;
    enum status status = begin(&work, job, error);
    if (!status) status = import_check(&work.context, work.import, tell_share, job, error);
    if (!status)
        job_say(job, N_("{1} good lines, {2} refused: nothing is kept yet."),
                figure(job, work.import->lines - work.import->refused), figure(job, work.import->refused));
    return status ? status : end(&work, job, status, "ready");
}

static enum status apply(struct job *job, struct error *error)
{
    struct work work;
    enum status status = begin(&work, job, error);
    /* It ended just before the server did. */
    const bool ended = !status && strcmp(work.import->stage, "done") == 0;
    if (!status && !ended) status = import_apply(&work.context, work.import, go_on, job, error);
    if (!status)
        job_say(job, N_("{1} added, {2} changed, {3} the same as before, {4} refused."),
                figure(job, work.import->added), figure(job, work.import->changed), figure(job, work.import->same),
                figure(job, work.import->refused));
    return status ? status : end(&work, job, status, "done");
}

static enum status undo(struct job *job, struct error *error)
{
    struct work work;
    int64_t kept = 0;
    enum status status = begin(&work, job, error);
    const bool ended = !status && strcmp(work.import->stage, "undone") == 0;
    if (!status && !ended) status = import_undo(&work.context, work.import, &kept, error);
    if (!status && kept)
        job_say(job, N_("{1} records were changed since by somebody: they stay as they are."), figure(job, kept));
    return status ? status : end(&work, job, status, "undone");
}

const struct job_type record_jobs[] = {
    {.name = "import_check", .title = N_("Check of a file"), .run = check, .retries = 3},
    {.name = "import_apply",
     .title = N_("Import of a file"),
     .unit = N_("{1} of {2} lines"),
     .run = apply,
     .resumable = true,
     .retries = 3},
    {.name = "import_undo",
     .title = N_("Taking an import back"),
     .unit = N_("{1} of {2} records"),
     .run = undo,
     .retries = 3},
    {.name = NULL},
};

struct asking {
    const struct job_request *request;
    const struct import *import;
    int64_t job;
};

static enum status ask(struct db_handle *write, void *data, struct error *error)
{
    struct asking *asking = data;
    const enum status status = job_enqueue(write, asking->request, &asking->job, error);
    return status ? status
                  : db_run(write, "UPDATE record_import SET job = $1 WHERE id = $2",
                           DB_BIND(db_integer(asking->job), db_integer(asking->import->id)), NULL, error);
}

enum status import_start(struct record_context *context, const struct import *import, const char *type, int64_t bytes,
                         int64_t *job, struct error *error)
{
    const bool is_short = import->lines ? import->lines <= SHORT_LINES : bytes <= SHORT_BYTES;
    struct arena *arena = context->arena;
    const struct job_request request = {.type = type,
                                        .viewer = context->viewer,
                                        .language = context->language,
                                        .subject = import->name,
                                        .argument = arena_print(arena, "%lld", (long long)import->id),
                                        .priority = is_short ? JOB_FIRST : JOB_USUAL,
                                        .unique = arena_print(arena, "import %lld", (long long)import->id)};
    struct asking asking = {&request, import, 0};
    const enum status status = db_transaction(context->records->db, ask, &asking, error);
    *job = asking.job;
    return status;
}
