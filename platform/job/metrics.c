/* metrics.c: what is counted of jobs, in Prometheus' text format. */
#include "base/buffer.h"
#include "platform/job/job_private.h"

static _Atomic uint64_t ends[JOB_ENDS];
static _Atomic int64_t queue_waiting, queue_running;

void job_count_end(enum job_end end) { ends[end]++; }

void job_count_queue(int64_t waiting, int64_t running)
{
    queue_waiting = waiting;
    queue_running = running;
}

void job_metrics(struct buffer *out)
{
    static const char *const words[JOB_ENDS] = {"done", "failed", "cancelled", "again", "released"};
    buffer_print(out,
                 "# HELP jobs_waiting Jobs that wait, of all servers.\n# TYPE jobs_waiting gauge\njobs_waiting %lld\n"
                 "# HELP jobs_running Jobs being run, of all servers.\n# TYPE jobs_running gauge\njobs_running %lld\n"
                 "# HELP jobs_ended_total How runs of jobs ended in this process.\n# TYPE jobs_ended_total counter\n",
                 (long long)queue_waiting, (long long)queue_running);
    for (int end = 0; end < JOB_ENDS; end++)
        buffer_print(out, "jobs_ended_total{end=\"%s\"} %llu\n", words[end], (unsigned long long)ends[end]);
}
