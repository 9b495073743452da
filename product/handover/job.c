/* job.c: hand-overs are sent from the queue, in the name of who asked. */
#include <stdlib.h>

#include "platform/job/job.h"
#include "platform/record/record.h"
#include "product/application.h"
#include "product/kinds/handover.h"

/* After the first try: 10 s, 20 s, 40 s ... then each hour: about half a day in all. */
enum { RETRIES = 18 };

static enum status run(struct job *job, struct error *error)
{
    const struct application *application = job->application;
    struct record_context context = {.records = &application->records,
                                     .arena = job->arena,
                                     .viewer = job->viewer,
                                     .language = job->language,
                                     .handle = job->read,
                                     .origin = "job",
                                     .program = true};
    const int64_t id = strtoll(job->argument, NULL, 10);
    return handover_deliver(&context, &application->services, id, error);
}

const struct job_type handover_jobs[] = {
    {.name = HANDOVER_JOB, .title = N_("Sending of a hand-over"), .run = run, .retries = RETRIES},
    {.name = NULL},
};
