#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/gram_private.h"

struct gram *gram_new(struct arena *arena, size_t size)
{
    struct gram *gram = ARENA_NEW(arena, struct gram);
    gram->size = size;
    gram->matrix = ARENA_ARRAY(arena, size * size, double);
    gram->scale = ARENA_ARRAY(arena, size, double);
    gram->kept = ARENA_ARRAY(arena, size, bool);
    return gram;
}

void gram_accumulate(struct gram *gram, const struct survey_rows *rows, const double *weight)
{
    memset(gram->matrix, 0, gram->size * gram->size * sizeof *gram->matrix);
    for (size_t i = 0; i < rows->unit_count; i++) {
        const uint32_t first = rows->start[i], end = rows->start[i + 1];
        for (uint32_t k = first; k < end; k++) {
            const double weighted = weight[i] * rows->value[k];
            double *row = gram->matrix + (size_t)rows->column[k] * gram->size;
            for (uint32_t l = first; l <= k; l++) row[rows->column[l]] += weighted * rows->value[l];
        }
    }
}

void gram_add_diagonal(struct gram *gram, const double *addition)
{
    for (size_t j = 0; addition && j < gram->size; j++) gram->matrix[j * gram->size + j] += addition[j];
}

/* Four sums at a time: the compiler may not reorder one. */
static double dot(const double *a, const double *b, size_t count)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += a[i + k] * b[i + k];
    for (; i < count; i++) sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void scale_to_unit_diagonal(struct gram *gram)
{
    for (size_t j = 0; j < gram->size; j++) {
        double *row = gram->matrix + j * gram->size;
        gram->scale[j] = row[j] > 0 ? 1 / sqrt(row[j]) : 0;
        for (size_t k = 0; k <= j; k++) row[k] *= gram->scale[j] * gram->scale[k];
    }
}

void gram_factor(struct gram *gram, const bool *candidate)
{
    const size_t size = gram->size;
    scale_to_unit_diagonal(gram);
    for (size_t j = 0; j < size; j++) {
        double *row = gram->matrix + j * size;
        for (size_t k = 0; k < j; k++) {
            const double *other = gram->matrix + k * size;
            row[k] = gram->kept[k] ? (row[k] - dot(row, other, k)) / other[k] : 0;
        }
        const double pivot = row[j] - dot(row, row, j);
        gram->kept[j] = gram->scale[j] > 0 && pivot > GRAM_TOLERANCE && (!candidate || candidate[j]);
        row[j] = gram->kept[j] ? sqrt(pivot) : 1;
    }
}

static void solve_forward(const struct gram *gram, double *vector)
{
    for (size_t j = 0; j < gram->size; j++) {
        const double *row = gram->matrix + j * gram->size;
        vector[j] = gram->kept[j] ? (vector[j] - dot(row, vector, j)) / row[j] : 0;
    }
}

static void solve_backward(const struct gram *gram, double *vector, size_t size)
{
    for (size_t j = size; j-- > 0;) {
        const double *row = gram->matrix + j * gram->size;
        if (!gram->kept[j]) {
            vector[j] = 0;
            continue;
        }
        vector[j] /= row[j];
        for (size_t k = 0; k < j; k++) vector[k] -= vector[j] * row[k];
    }
}

void gram_solve(const struct gram *gram, double *vector)
{
    for (size_t j = 0; j < gram->size; j++) vector[j] *= gram->scale[j];
    solve_forward(gram, vector);
    solve_backward(gram, vector, gram->size);
    for (size_t j = 0; j < gram->size; j++) vector[j] *= gram->scale[j];
}

/* The row of a dependent column already holds the forward substitution of its products. */
void gram_dependence(const struct gram *gram, size_t column, double *coefficients)
{
    memset(coefficients, 0, gram->size * sizeof *coefficients);
    memcpy(coefficients, gram->matrix + column * gram->size, column * sizeof *coefficients);
    solve_backward(gram, coefficients, column);
    for (size_t k = 0; k < column; k++) coefficients[k] *= gram->scale[k] / gram->scale[column];
}
