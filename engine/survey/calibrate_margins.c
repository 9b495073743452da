#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "engine/survey/calibrate_private.h"

const char *calibrate_margin_name(struct arena *arena, const struct calibrate_problem *problem, size_t j)
{
    return problem->names ? problem->names[j] : arena_print(arena, "%zu", j + 1);
}

static bool must_be_met(const struct calibrate_problem *problem, size_t j)
{
    return !problem->price || !isfinite(problem->price[j]);
}

double calibrate_margin_error(const struct calibrate_work *work, size_t j, double achieved)
{
    const double total = work->problem->totals[j];
    const double unit = total != 0 ? fabs(total) : work->size[j];
    return unit > 0 ? fabs(achieved - total) / unit : 0;
}

/* What the units say of a margin: sum of d |x|, and whether x has one sign. */
static void measure_margins(const struct calibrate_work *work, bool *positive, bool *negative)
{
    const struct survey_rows *rows = work->problem->rows;
    for (size_t j = 0; j < rows->column_count; j++) {
        work->size[j] = 0;
        positive[j] = negative[j] = false;
    }
    for (size_t i = 0; i < rows->unit_count; i++) {
        if (work->design[i] == 0) continue;
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++) {
            const uint32_t j = rows->column[k];
            work->size[j] += work->design[i] * fabs(rows->value[k]);
            positive[j] |= rows->value[k] > 0;
            negative[j] |= rows->value[k] < 0;
        }
    }
}

/* Whether the method can bring a weight to 0, in the limit at least. */
static bool reaches_zero(const struct calibrate_problem *problem)
{
    return problem->method == CALIBRATE_RAKING || (problem->method != CALIBRATE_LINEAR && problem->lower == 0);
}

static bool exclude_units(const struct calibrate_work *work, const bool *zero)
{
    const struct survey_rows *rows = work->problem->rows;
    bool any = false;
    for (size_t i = 0; i < rows->unit_count; i++)
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1] && work->design[i] != 0; k++)
            if (zero[rows->column[k]]) {
                work->design[i] = 0;
                any = true;
            }
    return any;
}

/* A margin of total 0 whose values have one sign leaves no choice: its units weigh 0. That may empty other margins. */
static void settle_zeros(struct arena *arena, const struct calibrate_work *work)
{
    const size_t count = work->problem->rows->column_count;
    bool *positive = ARENA_ARRAY(arena, count, bool), *negative = ARENA_ARRAY(arena, count, bool);
    bool *zero = ARENA_ARRAY(arena, count, bool);
    do {
        measure_margins(work, positive, negative);
        for (size_t j = 0; j < count; j++)
            zero[j] = work->problem->totals[j] == 0 && work->size[j] > 0 && !(positive[j] && negative[j]) &&
                      must_be_met(work->problem, j) && reaches_zero(work->problem);
        for (size_t j = 0; j < count; j++)
            if (zero[j]) work->result->state[j] = CALIBRATE_ZERO;
    } while (exclude_units(work, zero));
}

static enum status refuse_nobody(struct arena *arena, const struct calibrate_work *work, size_t j, struct error *error)
{
    work->result->reason = CALIBRATE_NOBODY;
    work->result->margin = j;
    work->result->relaxed[j] = 0;
    return error_set(error, STATUS_NONE,
                     N_("The margin {1} cannot be met: no unit with a positive weight has it, and its total is {2}. "
                        "Group it with a neighbouring category, or set its total to 0."),
                     calibrate_margin_name(arena, work->problem, j),
                     arena_print(arena, "%.10g", work->problem->totals[j]));
}

static enum status settle_empty(struct arena *arena, const struct calibrate_work *work, struct error *error)
{
    for (size_t j = 0; j < work->problem->rows->column_count; j++) {
        work->candidate[j] = work->size[j] > 0;
        if (work->candidate[j] || work->result->state[j] == CALIBRATE_ZERO) continue;
        work->result->state[j] = CALIBRATE_EMPTY;
        if (work->problem->totals[j] != 0 && must_be_met(work->problem, j)) return refuse_nobody(arena, work, j, error);
    }
    return STATUS_OK;
}

static enum status refuse_contradiction(struct arena *arena, const struct calibrate_work *work, size_t j,
                                        const double *coefficients, double implied, struct error *error)
{
    size_t other = j;
    double largest = 0;
    for (size_t k = 0; k < j; k++)
        if (fabs(coefficients[k] * work->problem->totals[k]) > largest) {
            largest = fabs(coefficients[k] * work->problem->totals[k]);
            other = k;
        }
    work->result->reason = CALIBRATE_CONTRADICTION;
    work->result->margin = j;
    work->result->relaxed[j] = implied;
    return error_set(error, STATUS_NONE,
                     N_("The margin {1} has the total {2}, but the margins before it (such as {4}) imply {3}: "
                        "the totals do not add up. Correct one of them."),
                     calibrate_margin_name(arena, work->problem, j),
                     arena_print(arena, "%.12g", work->problem->totals[j]), arena_print(arena, "%.12g", implied),
                     calibrate_margin_name(arena, work->problem, other));
}

/* A dependent margin must have the total that the others give it; its error is measured against the largest term, since
 * the terms may cancel. */
static enum status check_dependent(struct arena *arena, const struct calibrate_work *work, const struct gram *gram,
                                   size_t j, double *coefficients, struct error *error)
{
    gram_dependence(gram, j, coefficients);
    double implied = 0, unit = fabs(work->problem->totals[j]);
    for (size_t k = 0; k < j; k++) {
        const double term = coefficients[k] * work->problem->totals[k];
        implied += term;
        if (fabs(term) > unit) unit = fabs(term);
    }
    if (fabs(implied - work->problem->totals[j]) > work->tolerance * unit)
        return refuse_contradiction(arena, work, j, coefficients, implied, error);
    work->result->state[j] = CALIBRATE_IMPLIED;
    work->candidate[j] = false;
    return STATUS_OK;
}

static enum status settle_dependent(struct arena *arena, struct calibrate_work *work, struct error *error)
{
    const struct survey_rows *rows = work->problem->rows;
    struct gram *gram = gram_new(arena, rows->column_count);
    double *coefficients = ARENA_ARRAY(arena, rows->column_count, double);
    double *weight = ARENA_ARRAY(arena, rows->unit_count, double);
    for (size_t i = 0; i < rows->unit_count; i++)
        weight[i] = work->design[i] * (work->problem->scale ? work->problem->scale[i] : 1);
    gram_accumulate(gram, rows, weight);
    gram_add_diagonal(gram, work->softness);
    gram_factor(gram, work->candidate);
    for (size_t j = 0; j < rows->column_count; j++) {
        if (!work->candidate[j] || gram->kept[j] || !must_be_met(work->problem, j)) continue;
        const enum status status = check_dependent(arena, work, gram, j, coefficients, error);
        if (status) return status;
    }
    return STATUS_OK;
}

enum status calibrate_settle_margins(struct arena *arena, struct calibrate_work *work, struct error *error)
{
    settle_zeros(arena, work);
    enum status status = settle_empty(arena, work, error);
    if (!status) status = settle_dependent(arena, work, error);
    return status;
}
