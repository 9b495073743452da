/* estimate_private.h: a plan, and the variance of a linearised variable.
 *
 * Units are sorted by stratum and cluster once; arrays called "sorted" follow that order. */
#ifndef ENGINE_SURVEY_ESTIMATE_PRIVATE_H
#define ENGINE_SURVEY_ESTIMATE_PRIVATE_H

#include "engine/survey/estimate.h"
#include "engine/survey/gram_private.h"

struct estimate_plan {
    size_t units, strata, clusters;
    uint32_t *order;                /* sorted place -> unit */
    double *weight;                 /* sorted */
    uint32_t *cluster_start;        /* clusters + 1 places; NULL: each unit is a cluster */
    uint32_t *stratum_start;        /* strata + 1: in clusters */
    uint32_t *cluster_of;           /* sorted */
    uint32_t *stratum_of;           /* sorted */
    uint32_t *label;                /* per stratum: its number in the design */
    double *factor;                 /* per stratum: (1 - f) n / (n - 1) */
    double *alone;                  /* per stratum: what multiplies u^2 of a lonely cluster */
    double *population;             /* per stratum; INFINITY */
    bool *random;                   /* sorted: the unit's stratum is not taken whole */
    double inflation;               /* for strata left out of the variance */
    const struct survey_rows *rows; /* sorted; NULL without calibration */
    double *regression;             /* sorted: d q */
    struct gram *gram;
};

/* Scratch of one variable: both sorted. */
struct estimate_work {
    double *linear;      /* z */
    double *influence;   /* u */
    double *coefficient; /* per margin: B */
};

struct estimate_work estimate_work_new(struct arena *scratch, const struct estimate_plan *plan);

/* influence = w (z - x'B). */
void estimate_influence(const struct estimate_plan *plan, struct estimate_work *work);

/* Clusters less strata among the places of a domain's units of positive weight, at least 1. */
double estimate_freedom(const struct estimate_plan *plan, const uint32_t *places, size_t count);

/* The variance of the sorted influence. */
double estimate_variance(const struct estimate_plan *plan, const double *influence);

/* The sorted places of each domain's units: places[start[d]] .. places[start[d + 1] - 1]. Units without an answer (NaN in
 * y or x, which may be NULL) are in none. */
struct estimate_places {
    uint32_t *start;
    uint32_t *places;
};

struct estimate_places estimate_sort_domains(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                             const double *x, struct estimate_domains domains);

#endif
