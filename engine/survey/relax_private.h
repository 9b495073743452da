/* relax_private.h: the totals nearest to those asked that bounded weights can give, and the proof when these are not they.
 *
 * minimise sum_j |t'_j - t_j| / unit_j subject to t' = sum d g x, lower <= g <= upper: a linear program with as many rows as
 * margins, solved by the primal simplex method with bounded variables, long steps over the kinks of |.|, and multiple pricing.
 * Its dual solution y is the proof: for every g within the bounds, y't' <= sum_i d_i max(lower z_i, upper z_i), z_i = x_i'y. */
#ifndef ENGINE_SURVEY_RELAX_PRIVATE_H
#define ENGINE_SURVEY_RELAX_PRIVATE_H

#include <stdbool.h>

#include "engine/survey/rows.h"

struct arena;

struct relax_problem {
    const struct survey_rows *rows;
    const double *design; /* per unit */
    const double *totals; /* per margin */
    const double *unit;   /* per margin: what a change of 1 costs; 0: the margin does not take part */
    double lower, upper;
    const double *guess; /* per unit: a value of g to begin near; NULL: 1 */
};

struct relax_result {
    double *relaxed; /* per margin: t' */
    double *proof;   /* per margin: y */
    double distance; /* sum of |t' - t| / unit */
    double least;    /* a proven lower bound of that sum, from y alone */
    bool optimal;    /* the two agree */
};

/* O(pivots x margins^2 + rounds x non-zeros). The result is in the arena. */
void relax_solve(struct arena *arena, const struct relax_problem *problem, struct relax_result *result);

#endif
