/* schedule.c: what is done regularly. The table says when each is next due; who moves that moment on does it, so that of several servers one does. */
#include "base/time.h"
#include "platform/job/job_private.h"

enum { MS_PER_MINUTE = 60000, DAYS_PER_WEEK = 7 };

int64_t job_schedule_next(const struct job_type *type, int64_t now)
{
    if (type->every_minutes) {
        const int64_t every = (int64_t)type->every_minutes * MS_PER_MINUTE;
        return (now / every + 1) * every;
    }
    int64_t next = time_day(now) * MS_PER_DAY + (int64_t)type->minute * MS_PER_MINUTE;
    if (next <= now) next += MS_PER_DAY;
    /* Day 0, 1 January 1970, was a Thursday. */
    while (type->weekday && (time_day(next) + 3) % DAYS_PER_WEEK + 1 != type->weekday) next += MS_PER_DAY;
    return next;
}

enum status job_schedule_take(struct db_handle *write, const char *name, int64_t now, int64_t next, bool *taken,
                              struct error *error)
{
    int64_t changed = 0, known = 0;
    enum status status = db_run(write, "UPDATE job_schedule SET due = $1 WHERE name = $2 AND due <= $3",
                                DB_BIND(db_integer(next), db_text(name), db_integer(now)), &changed, error);
    if (!status && !changed) {
        status = db_run(write, "INSERT INTO job_schedule (name, due) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                        DB_BIND(db_text(name), db_integer(next)), &known, error);
    }
    *taken = changed || known;
    return status;
}

/* Whether it is due, without writing; true for what is not known yet. */
static enum status is_due(const struct job_options *options, const char *name, int64_t now, bool *due,
                          struct error *error)
{
    struct db_handle *read = NULL;
    int64_t later = 0;
    enum status status = db_read(options->db, &read, error);
    if (status) return status;
    status = db_one_integer(read, "SELECT COUNT(*) FROM job_schedule WHERE name = $1 AND due > $2",
                            DB_BIND(db_text(name), db_integer(now)), &later, error);
    db_release(&read);
    *due = !later;
    return status;
}

struct turn {
    const struct job_type *type;
    int64_t now;
};

static enum status take_turn(struct db_handle *write, void *context, struct error *error)
{
    const struct turn *turn = context;
    const struct job_type *type = turn->type;
    bool taken = false;
    int64_t id = 0;
    const enum status status =
        job_schedule_take(write, type->name, turn->now, job_schedule_next(type, turn->now), &taken, error);
    if (status || !taken) return status;
    /* What is still at work on the last turn does this one as well. */
    const struct job_request request = {
        .type = type->name, .viewer = viewer_program(), .priority = type->priority, .unique = type->name};
    return job_enqueue(write, &request, &id, error);
}

enum status job_schedule_run(const struct job_options *options, const struct job_clock *clock, struct error *error)
{
    enum status status = STATUS_OK;
    const int64_t now = job_clock_now(clock);
    for (const struct job_type *const *table = job_tables(); *table; table++)
        for (const struct job_type *type = *table; !status && type->name; type++) {
            struct turn turn = {type, now};
            bool due = false;
            if (!type->every_minutes && !type->daily && !type->weekday) continue;
            status = is_due(options, type->name, now, &due, error);
            if (!status && due) status = db_transaction(options->db, take_turn, &turn, error);
        }
    return status;
}
