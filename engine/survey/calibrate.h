/* calibrate.h: weights that reproduce known totals.
 *
 * Deville and Särndal, Calibration Estimators in Survey Sampling, JASA 87 (1992) 376-382; Deville, Särndal and Sautory,
 * Generalized Raking Procedures, JASA 88 (1993) 1013-1020. The weights w = d g minimise sum (d/q) G(g) subject to
 * sum w x = totals; g = F(q x'lambda), and lambda minimises the convex dual, by Newton's method with a line search. */
#ifndef ENGINE_SURVEY_CALIBRATE_H
#define ENGINE_SURVEY_CALIBRATE_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/survey/rows.h"

enum calibrate_method {
    CALIBRATE_LINEAR,    /* g = 1 + u: the regression estimator; g may be negative */
    CALIBRATE_RAKING,    /* g = exp(u): g is positive */
    CALIBRATE_TRUNCATED, /* g = 1 + u cut at the bounds */
    CALIBRATE_LOGIT,     /* g between the bounds, never on them */
};

struct calibrate_problem {
    const struct survey_rows *rows; /* one column a margin */
    const double *design;           /* d, per unit, >= 0 */
    const double *scale;            /* q, per unit, > 0; NULL: 1 */
    const double *totals;           /* per margin */
    /* Per margin: INFINITY, it must be met; otherwise the price of missing it, in the sum that is minimised:
     * 1/2 price (sum of d/q) (relative miss)^2. NULL: all must be met. */
    const double *price;
    const char *const *names; /* per margin, for messages; NULL: numbers */
    enum calibrate_method method;
    double lower, upper; /* bounds on g, lower < 1 < upper; truncated and logit only */
    double tolerance;    /* largest relative error of a margin; 0: 1e-9 */
    int most_iterations; /* 0: 200 */
};

enum calibrate_state {
    CALIBRATE_MET,     /* it took part */
    CALIBRATE_IMPLIED, /* it follows from those before it, and agrees with them */
    CALIBRATE_EMPTY,   /* no unit has it and its total is 0 */
    CALIBRATE_ZERO,    /* its total is 0: the weights of its units are 0 */
};

enum calibrate_reason {
    CALIBRATE_SOLVED,
    CALIBRATE_NOBODY,        /* no unit has the margin and its total is not 0 */
    CALIBRATE_CONTRADICTION, /* the margin follows from others, with another total */
    CALIBRATE_BOUNDS,        /* no weights within the bounds give the totals: proven */
    CALIBRATE_AT_BOUNDS,     /* only weights that lie on the bounds do, which the method never reaches */
    CALIBRATE_NOT_CONVERGED,
};

struct calibrate_result {
    double *ratio;               /* g, per unit */
    double *multiplier;          /* lambda, per margin */
    double *achieved;            /* per margin: the total that the weights give */
    enum calibrate_state *state; /* per margin */
    double worst;                /* largest relative error over the margins that must be met */
    int iterations;
    enum calibrate_reason reason;
    size_t margin; /* which one is at fault, unless solved */
    /* Unless solved: totals that can be reached, at the smallest sum of relative changes (see relax.h). */
    double *relaxed;
    /* The proof for CALIBRATE_BOUNDS: weights of the margins whose combination exceeds, by proof_gap > 0, what any g within
     * the bounds can give. calibrate_check_proof computes the gap anew. */
    double *proof;
    double proof_gap;
};

/* Solves. STATUS_INPUT for a wrong argument; STATUS_NONE when there is no solution, with a message that names the
 * margin and the smallest relaxation, and result->reason. result points into the arena. Each iteration is O(non-zeros x
 * non-zeros a row + margins^3 / 6); memory O(units + margins^2). */
enum status calibrate(struct arena *arena, const struct calibrate_problem *problem, struct calibrate_result *result,
                      struct error *error);

/* The gap of a proof, from the data alone: positive when it shows that no g within [lower, upper] gives the totals. It
 * is reduced by a bound on its own rounding error. O(non-zeros). */
double calibrate_check_proof(const struct calibrate_problem *problem, double lower, double upper, const double *proof);

#endif
