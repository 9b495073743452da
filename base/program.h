/* program.h: a linear programme with whole variables, as arrays, and the function that solves it.
 *
 * minimise sum cost[j] x[j], row_lower[i] <= sum over the entries of row i <= row_upper[i], lower[j] <= x[j] <= upper[j].
 * Engines state programmes; who starts the program gives them a solver (see platform/solver/solver.h). */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct program {
    size_t columns;
    size_t rows;
    const double *cost;  /* a column each */
    const double *lower; /* -INFINITY for none */
    const double *upper; /* INFINITY for none */
    const bool *whole;   /* NULL: none is whole */
    const double *row_lower;
    const double *row_upper;
    const size_t *start; /* rows + 1: entries of row i are start[i] .. start[i + 1] - 1 */
    const int32_t *column;
    const double *entry;
};

struct solver {
    /* Fills x (columns) and *objective. STATUS_OK: optimal within the solver's tolerance and feasible, re-checked;
     * STATUS_NONE: proven infeasible or unbounded; STATUS_LIMIT: no proof within the time; STATUS_FAULT: it broke. */
    enum status (*solve)(void *context, const struct program *program, double *x, double *objective,
                         struct error *error);
    void *context;
};

#endif
