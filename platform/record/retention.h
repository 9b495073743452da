/* retention.h: how long what is said of people is kept, by kind (kind.h, struct retention): what goes, when, and the job of each night that removes it.
 *
 * A record has ended on the day of its present state when that state says so, on the day on which it took place when its kind does (.starts), on the
 * day of its last change when its kind has no states. */
#ifndef PLATFORM_RECORD_RETENTION_H
#define PLATFORM_RECORD_RETENTION_H

#include "platform/job/job.h"
#include "platform/record/record.h"

/* The day on which a record that ended on that day is past: the law's period, when it is longer, wins. */
int64_t retention_day(const struct kind *kind, int64_t ended);

/* What stands first to go, and when. The day may have passed: it goes the next night. Reads the ended records of the kind. */
struct retention_due {
    int64_t id, day;
};
enum status retention_next(struct record_context *context, const struct kind *kind, struct retention_due *due,
                           size_t most, size_t *count, struct error *error);
/* How many will have gone by that day. */
enum status retention_count(struct record_context *context, const struct kind *kind, int64_t day, int64_t *count,
                            struct error *error);

/* Erases what is past as of the moment `now`, each record in a transaction of its own (details alone, or the whole record when the kind says so), adding to
 * *totals; then their traces. kept: records that could not be, such as those on which something hangs that the law keeps. job (may be NULL): asked
 * whether to stop. Origin "retention" in the history. */
struct retention_totals {
    int64_t emptied, erased, kept;
};
enum status retention_apply(const struct records *records, const struct kind *kind, int64_t now, const struct job *job,
                            struct retention_totals *totals, struct error *error);

/* The job of each night. The application of the workers must begin with a struct records. */
extern const struct job_type retention_jobs[];

#endif
