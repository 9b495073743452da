/* silent.h: which members of a cluster gave no sign for a while: for its director. */
#ifndef PRODUCT_MEMBERS_SILENT_H
#define PRODUCT_MEMBERS_SILENT_H

#include "platform/record/record.h"

/* Days; ABSENT: never. */
struct silent_member {
    int64_t id;
    const char *name, *sorted, *commune; /* sorted: the name as it is put in order; commune: its code, may be NULL */
    int64_t since;                       /* beginning of its membership */
    int64_t visited;                     /* last visit held by the cluster */
    int64_t asked;                       /* last need filed, of those that the viewer may read */
    int64_t came;                        /* last event of the cluster for which it registered */
    int64_t last;                        /* the latest of the three */
};

/* The cluster for which the viewer answers: where they act now, or else the first, as an officer or as its manager. 0: none. */
enum status silent_cluster(struct record_context *context, int64_t *cluster, struct error *error);

/* Members of the cluster today of whom there was no sign since that day, longest silent first; *members: how many it has in all. Those who became members
 * since then are not silent. One query, some 20 us a member. */
enum status silent_members(struct record_context *context, int64_t cluster, int64_t day, struct silent_member **silent,
                           size_t *count, int64_t *members, struct error *error);

#endif
