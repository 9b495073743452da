/* gram_private.h: the weighted cross-products of sparse rows, factorised with scaling and rank detection.
 *
 * The matrix is scaled to a unit diagonal, so that euros and head-counts weigh the same, then factorised by Cholesky in the
 * order of the columns; a column whose remaining pivot is below GRAM_TOLERANCE is a combination of those before it. */
#ifndef ENGINE_SURVEY_GRAM_PRIVATE_H
#define ENGINE_SURVEY_GRAM_PRIVATE_H

#include <stdbool.h>

#include "engine/survey/rows.h"

/* The squared distance of a column to those before it, relative to its squared length, below which it depends on them:
 * rounding leaves about 1e-13. */
#define GRAM_TOLERANCE 1e-10

struct gram {
    size_t size;
    double *matrix; /* size x size by rows; the lower triangle holds the products, then the factor */
    double *scale;  /* 1 / square root of the diagonal; 0 for an empty column */
    bool *kept;     /* false: the column is empty, excluded or dependent */
};

struct gram *gram_new(struct arena *arena, size_t size);

/* matrix = sum over units of weight[i] x[i] x[i]'. weight >= 0. O(non-zeros x non-zeros a row). */
void gram_accumulate(struct gram *gram, const struct survey_rows *rows, const double *weight);

/* Adds to the diagonal (the ridge of a penalised problem). NULL: nothing. */
void gram_add_diagonal(struct gram *gram, const double *addition);

/* Factorises in place. candidate: which columns take part (NULL: all). Sets kept. O(size^3 / 6). */
void gram_factor(struct gram *gram, const bool *candidate);

/* Replaces vector by the solution over the kept columns; 0 on the others. O(size^2). */
void gram_solve(const struct gram *gram, double *vector);

/* After gram_factor: the coefficients by which a dependent column is a combination of the kept ones before it. O(size^2). */
void gram_dependence(const struct gram *gram, size_t column, double *coefficients);

#endif
