/* timer.c: short work now and then, in this process. */
#include "base/log.h"
#include "base/time.h"
#include "platform/job/job_private.h"

struct turn {
    const struct job_timer *timer;
    int64_t now;
    bool taken;
};

/* A little early is on time: the clocks of the threads differ. */
static enum status take_turn(struct db_handle *write, void *context, struct error *error)
{
    struct turn *turn = context;
    const int64_t every = turn->timer->every_ms;
    return job_schedule_take(write, turn->timer->name, turn->now + every / 4, turn->now + every, &turn->taken, error);
}

static enum status run_timer(const struct job_options *options, const struct job_clock *clock,
                             const struct job_timer *timer, struct error *error)
{
    struct turn turn = {timer, job_clock_now(clock), true};
    bool needed = true;
    enum status status = STATUS_OK;
    if (timer->needed) status = timer->needed(options->db, options->application, &needed, error);
    if (!status && needed && timer->shared) status = db_transaction(options->db, take_turn, &turn, error);
    if (!status && needed && turn.taken) status = timer->run(options->db, options->application, error);
    return status;
}

void job_timers_run(const struct job_options *options, const struct job_clock *clock, int64_t *due)
{
    for (const struct job_timer *timer = options->timers; timer->name; timer++, due++) {
        struct error error = {0};
        char text[1024];
        if (time_ticks() < *due) continue;
        if (run_timer(options, clock, timer, &error)) {
            error_describe(&error, text, sizeof text);
            log_line(LOG_WARNING, "timer", "name=%s %s", timer->name, text);
        }
        *due = time_ticks() + timer->every_ms;
    }
}
