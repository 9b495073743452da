/* visits.h: an officer's visits: whom to see, in which order, and what was noted there, also where there is no network. */
#ifndef PRODUCT_VISITS_VISITS_H
#define PRODUCT_VISITS_VISITS_H

#include "engine/route/route.h"
#include "platform/record/record.h"
#include "product/kinds/organisation.h"
#include "product/kinds/visit.h"

/* The cluster for which the viewer visits: where they act now, if they are an officer there, else the first where they are. 0: none. */
int64_t visits_cluster(const struct viewer *viewer);

/* ---- whom to see: plan.c ---- */

struct visits_member {
    int64_t id;
    const char *name, *siren, *commune, *departement; /* codes; may be NULL, but for the name */
    bool is_placed;
    struct route_point at;
    int64_t seen;      /* day of the last visit held by the cluster; ABSENT: never */
    int64_t planned;   /* day of the next one planned; ABSENT: none */
    int64_t needs;     /* open or taken up, that the viewer may read */
    double kilometres; /* from where visits_choose was told; NAN: not known */
};

/* Members of the cluster today, by name. One query, some 10 us a member. */
enum status visits_members(struct record_context *context, int64_t cluster, struct visits_member **members,
                           size_t *count, struct error *error);

/* Keeps those within so many kilometres that were not seen since that day and are not planned: those never seen first, then those seen longest ago, then the
 * nearest. Returns how many, at the head of the array. */
size_t visits_choose(struct visits_member *members, size_t count, struct route_point from, double kilometres,
                     int64_t since);

/* How much of each département was seen since that day, the blindest spots first. */
struct visits_spot {
    const char *departement; /* code; NULL: not known */
    int64_t members, seen;
};
size_t visits_spots(struct arena *arena, const struct visits_member *members, size_t count, int64_t since,
                    struct visits_spot **spots);

/* What the account itself held and plans in the year of that day, for the cluster. */
enum status visits_year(struct record_context *context, int64_t cluster, int64_t day, int64_t *held, int64_t *planned,
                        struct error *error);

/* ---- in which order: tour.c ---- */

struct visits_stop {
    const struct visit *visit;
    const struct organisation *company; /* NULL: it may not be read any more */
    const struct visit *last;           /* the one before, held; NULL: none */
    double kilometres;                  /* from the stop before; NAN: not known */
};
struct visits_day {
    int64_t day;
    struct visits_stop *stops; /* in an order that makes the way short; those without a place at the end */
    size_t count;
    double kilometres; /* of the round by all that have a place, back to the start; NAN: the start is not known */
};

/* The visits of the cluster on these days, both included, those called off left out; at most ROUTE_MOST - 1. */
enum status visits_tour(struct record_context *context, int64_t cluster, int64_t from, int64_t until,
                        struct visits_day **days, size_t *count, struct error *error);

/* Where rounds begin: the cluster's place; false when it has none. */
bool visits_start(struct record_context *context, int64_t cluster, struct route_point *start);

/* ---- what was noted: note.c ---- */

enum { NOTE_NEEDS = 3 };
struct note_need {
    const char *title, *type, *description; /* as typed; a need without any is passed over */
};
struct note {
    int64_t cluster, visit, version; /* visit 0: one that was not planned */
    const char *company;             /* as typed: an id, a SIREN, a name, or "Name (SIREN)" */
    struct inputs inputs;            /* of the visit's other fields */
    struct note_need needs[NOTE_NEEDS];
    struct once once;
};

/* Keeps the visit, held, and its needs, in one transaction and once (record_write). Faults of needs are named "need1.title". change: its faults are
 * the caller's; out: record and again. */
enum status note_keep(struct record_context *context, const struct note *note, struct record_change *change,
                      struct error *error);

#endif
