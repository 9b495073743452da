/* rows.h: the auxiliary variables of a sample as sparse rows, and weighted sums over them.
 *
 * A unit belongs to a few categories out of many, so a row has as many non-zeros as there are terms (three or four), while the
 * dense matrix of the same margins would have hundreds of columns. */
#ifndef ENGINE_SURVEY_ROWS_H
#define ENGINE_SURVEY_ROWS_H

#include <stddef.h>
#include <stdint.h>

struct arena;

#define SURVEY_NO_CATEGORY UINT32_MAX /* the unit is in none of the term's categories */

/* Compressed rows. Within a row the columns increase and no value is zero. */
struct survey_rows {
    size_t unit_count;
    size_t column_count;
    const uint32_t *start; /* unit_count + 1: the non-zeros of unit i are start[i] .. start[i + 1] - 1 */
    const uint32_t *column;
    const double *value;
};

/* One group of columns of which a unit has at most one: the categories of a variable or of a crossing (value NULL: 1 each),
 * a numeric variable (category NULL, category_count 1), or a numeric variable within categories. */
struct survey_term {
    const uint32_t *category; /* per unit: below category_count, or SURVEY_NO_CATEGORY; NULL: all in category 0 */
    size_t category_count;
    const double *value; /* per unit; NULL: 1 */
};

/* The rows of the terms, whose columns follow one another in the order of the terms. Memory: arena, 12 bytes a non-zero.
 * O(units x terms). */
const struct survey_rows *survey_rows_build(struct arena *arena, size_t unit_count, const struct survey_term *terms,
                                            size_t term_count);

/* totals[j] = sum over units of weight[i] * x[i][j]. O(non-zeros). */
void survey_rows_totals(const struct survey_rows *rows, const double *weight, double *totals);

/* The product of row i with a vector of column_count values. */
static inline double survey_row_product(const struct survey_rows *rows, size_t i, const double *vector)
{
    double sum = 0;
    for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++) sum += rows->value[k] * vector[rows->column[k]];
    return sum;
}

#endif
