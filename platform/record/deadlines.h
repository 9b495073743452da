/* deadlines.h: the days by which something is to be done (fields marked .deadline), whatever they come from. */
#ifndef PLATFORM_RECORD_DEADLINES_H
#define PLATFORM_RECORD_DEADLINES_H

#include "platform/record/record.h"

enum { DEADLINES_MOST = 500 };

struct deadline {
    const struct kind *kind;
    const struct field *field;
    const void *record;
    int64_t day;
};

struct deadline_query {
    int64_t from, until;     /* days, both included */
    const struct kind *kind; /* NULL: all */
    const char *place; /* code of a territory in which it is; NULL: anywhere. What has no place is then left out */
    int64_t owner;     /* organisation whose records these are; 0: any */
    bool own;          /* only of organisations for which the viewer acts, on either side */
};

/* Those that the viewer may read, of records that were not called off, the soonest first; at most DEADLINES_MOST a field. Fields that the viewer may not read, and
 * personal ones, are left out. One statement a field. */
enum status deadlines_find(struct record_context *context, const struct deadline_query *query,
                           struct deadline **deadlines, size_t *count, struct error *error);

/* Whether the kind has such a field. */
bool deadlines_has(const struct kind *kind);

#endif
