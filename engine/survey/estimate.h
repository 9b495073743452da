/* estimate.h: estimates from a stratified sample, with their linearised variance.
 *
 * Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992): the variance of an estimator is that of the total of
 * its linearised variable z (chapter 5), by ultimate clusters in strata with the finite population correction; after
 * calibration, of the residuals of z on the margins (Deville and Särndal 1992), weighted by the calibrated weights:
 *   V = sum over strata (1 - n_h / N_h) n_h / (n_h - 1) sum over clusters (u_c - mean u)^2,  u = w (z - x'B).
 * The definitions are those of R's survey package. */
#ifndef ENGINE_SURVEY_ESTIMATE_H
#define ENGINE_SURVEY_ESTIMATE_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/survey/rows.h"

struct arena;

/* What a stratum with one sampled cluster (and not taken whole) adds to the variance. */
enum estimate_lonely {
    ESTIMATE_LONELY_ADJUST,    /* its cluster's u^2: the distance to 0, which is prudent */
    ESTIMATE_LONELY_CERTAINTY, /* nothing */
    ESTIMATE_LONELY_AVERAGE,   /* the mean of what the other strata add */
    ESTIMATE_LONELY_REFUSE,    /* the plan is refused, naming the stratum */
};

struct estimate_design {
    size_t unit_count;
    const double *weight;    /* final weights, >= 0; some may be negative after a linear calibration */
    const uint32_t *stratum; /* per unit, below stratum_count; NULL: one stratum */
    size_t stratum_count;
    const uint32_t *cluster; /* per unit, below cluster_count; a cluster lies in one stratum; NULL: each unit is one */
    size_t cluster_count;
    const double
        *population; /* per stratum: how many clusters (units without clusters) the population has; NULL: infinite */
    enum estimate_lonely lonely;
    /* The calibration that gave the weights; margins NULL: none. */
    const struct survey_rows *margins;
    const double *initial; /* d, per unit */
    const double *scale;   /* q, per unit; NULL: 1 */
};

struct estimate_plan;

/* Checks and sorts a design, and factorises its regression. The plan is in the arena and keeps no pointer to design but
 * those of its arrays; it is not changed by what follows and may serve several threads. When it fails, *place is the
 * unit (or, for populations, the stratum) at fault. O(n + margins^3 / 6). */
enum status estimate_plan_new(struct arena *arena, const struct estimate_design *design, struct estimate_plan **plan,
                              size_t *place, struct error *error);

/* Which domain each unit is in; code NULL: one domain of all units. Codes are below count, or SURVEY_NO_CATEGORY. */
struct estimate_domains {
    const uint32_t *code;
    size_t count;
};

/* An estimate for one domain. Fields that cannot be computed are NaN. */
struct estimate {
    double value;
    double variance;
    size_t unit_count;   /* units of the domain with an answer */
    size_t random_count; /* of them, how many are not in strata taken whole: 0 means that nothing was left to chance */
    double freedom;      /* degrees: clusters less strata, counted where the domain has answers; at least 1 */
    double effect; /* design effect: variance / that of a simple random sample of the same size, without replacement */
};

/* For each domain the total of y. NaN in y: no answer, counted as absent. estimates: domains.count of them.
 * O(n non-zeros a row + margins^2) a domain. scratch is used and may be freed after. */
void estimate_totals(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                     struct estimate_domains domains, struct estimate *estimates);

/* For each domain the ratio of the totals of y and x; x NULL: the mean of y. A share is the mean of 0 and 1, a balance the
 * mean of a score (1, 0, -1, or 1, 0.5, 0, -0.5, -1), a balance weighted by size the ratio of score * size and size. NaN in
 * either: no answer. */
void estimate_ratios(struct arena *scratch, const struct estimate_plan *plan, const double *y, const double *x,
                     struct estimate_domains domains, struct estimate *estimates);

/* A quantile with its interval. */
struct estimate_quantile {
    struct estimate base; /* variance: from the length of the interval; effect: NaN */
    double lower, upper;
};

/* For each domain the smallest value whose cumulated share of weight reaches p, with the interval of Woodruff (JASA 47, 1952)
 * at the given level: that of the cumulated share (Student's; the logit one where that leaves 0..1), turned back into
 * values. O(n log n) in all, and a variance a domain. */
void estimate_quantiles(struct arena *scratch, const struct estimate_plan *plan, const double *y, double p,
                        double level, struct estimate_domains domains, struct estimate_quantile *estimates);

/* Confidence intervals. */
enum estimate_interval {
    ESTIMATE_INTERVAL_STUDENT, /* value -+ t se */
    ESTIMATE_INTERVAL_SHARE,   /* on the logit scale; at 0 and at 1, Clopper and Pearson's */
    ESTIMATE_INTERVAL_BETA,    /* Korn and Graubard 1998: Clopper and Pearson's with the effective size */
    ESTIMATE_INTERVAL_BALANCE, /* on the logit scale of (1 + value) / 2 */
};

/* The interval of an estimate at the level (0.95). NaN when it cannot be had. */
void estimate_bounds(const struct estimate *estimate, enum estimate_interval kind, double level, double *lower,
                     double *upper);

/* The influence of each unit on a domain's total, or ratio: u = w (z - x'B), per unit; its variance and covariances are those of the
 * estimate. domain: SIZE_MAX for all units. Gives the value. */
double estimate_total_influence(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                struct estimate_domains domains, size_t domain, double *influence);
double estimate_ratio_influence(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                const double *x, struct estimate_domains domains, size_t domain, double *influence);

/* The variance of an influence. */
double estimate_influence_variance(struct arena *scratch, const struct estimate_plan *plan, const double *influence);

/* The covariance that common units give to two waves of the same strata numbering, without clusters. partner: per unit
 * of the second wave its number in the first, or SURVEY_NO_CATEGORY. Within the common units of a pair of strata (h, k),
 *   phi n / (n - 1) sum (u1 - mean)(u2 - mean),  phi = 1 - f1 f2 / f12,
 * where f1, f2 are the sampling rates and f12 that of belonging to both samples: n / min(N1, N2) within one stratum (Tam
 * 1984; Knottnerus and van Delden 2012); the smaller of f1 and f2, as under coordination, for units that changed
 * stratum. Fewer than 2 common units add nothing. O(n log n). */
double estimate_covariance(struct arena *scratch, const struct estimate_plan *first, const double *influence1,
                           const struct estimate_plan *second, const double *influence2, const uint32_t *partner);

/* The change between two waves: value2 - value1, with the variances and the covariance above. */
struct estimate estimate_change(const struct estimate *first, const struct estimate *second, double covariance);

#endif
