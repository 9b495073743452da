/* allocate.h: how many units to draw from each stratum. */
#ifndef ENGINE_SURVEY_ALLOCATE_H
#define ENGINE_SURVEY_ALLOCATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct arena;

/* Per stratum, count of each. */
struct allocate_strata {
    size_t count;
    const int64_t *population; /* N > 0 */
    const int64_t *least;      /* at least so many, at most N; NULL: 0. least = most = N takes the stratum whole */
    const int64_t *most;       /* at most so many, at most N; NULL: N */
    const double *cost;        /* of one unit, > 0; NULL: 1; used by allocate_for_precision only */
    const char *const *names;  /* for messages; NULL: numbers */
};

/* The sizes, summing to total, that give the estimated total of one variable its least variance: Neyman's allocation (1934)
 * in whole numbers within the bounds, exactly (Wright, The American Statistician 66, 2012): each unit in turn goes where
 * N^2 S^2 (1 / n - 1 / (n + 1)) is largest; where S is 0 everywhere, in proportion. deviation: S >= 0 per stratum.
 * STATUS_INPUT for an empty stratum or crossed bounds; STATUS_NONE when the bounds do not allow the total, saying which
 * totals they allow. O((total + count) log count). */
enum status allocate_neyman(struct arena *arena, const struct allocate_strata *strata, const double *deviation,
                            int64_t total, int64_t *size, struct error *error);

/* A precision asked of the total of one variable over one domain. */
struct allocate_target {
    const double *deviation; /* S per stratum; 0 outside the domain */
    double variance;         /* at most, > 0 */
    const char *name;        /* for messages */
};

struct allocate_result {
    double *price;   /* per target: its multiplier; 0 where another target already gives it */
    double *reached; /* per target: the variance that the sizes give */
    double cost;     /* of the sizes */
    double bound;    /* no sizes, whole or not, cost less: proven by the prices */
};

/* The sizes of least cost that meet all targets: Bethel (Survey Methodology 15, 1989) by Chromy's algorithm (ASA 1987), which
 * multiplies each price by the square of its relative variance; then in whole numbers, rounded up and lowered where all
 * targets allow. STATUS_NONE when a target is out of reach with the strata taken as large as they may be, naming it.
 * O(iterations x strata x targets). */
enum status allocate_for_precision(struct arena *arena, const struct allocate_strata *strata,
                                   const struct allocate_target *targets, size_t target_count, int64_t *size,
                                   struct allocate_result *result, struct error *error);

#endif
