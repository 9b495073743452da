#include <float.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/survey/calibrate_private.h"
#include "engine/survey/relax_private.h"

/* Raking has no upper bound; a ratio of weights beyond this is no answer to a survey. */
static const double largest_ratio = 1e4;

/* A miss below this, relative, is not one. */
static const double negligible = 1e-8;

void calibrate_ratio_range(const struct calibrate_problem *problem, double *lower, double *upper)
{
    const bool bounded = problem->method == CALIBRATE_TRUNCATED || problem->method == CALIBRATE_LOGIT;
    *lower = bounded ? problem->lower : 0;
    *upper = bounded ? problem->upper : largest_ratio;
}

double calibrate_check_proof(const struct calibrate_problem *problem, double lower, double upper, const double *proof)
{
    const struct survey_rows *rows = problem->rows;
    double gap = 0, magnitude = 0;
    for (size_t j = 0; j < rows->column_count; j++) {
        gap += proof[j] * problem->totals[j];
        magnitude += fabs(proof[j] * problem->totals[j]);
    }
    for (size_t i = 0; i < rows->unit_count; i++) {
        double product = 0, terms = 0;
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++) {
            product += rows->value[k] * proof[rows->column[k]];
            terms += fabs(rows->value[k] * proof[rows->column[k]]);
        }
        gap -= problem->design[i] * fmax(lower * product, upper * product);
        magnitude += problem->design[i] * upper * terms;
    }
    return gap - 64 * DBL_EPSILON * magnitude;
}

/* The units that a zero margin excludes need a weight in the proof as well: one that makes them worthless. */
static void prove_zeros(const struct calibrate_work *work, double *proof)
{
    const struct survey_rows *rows = work->problem->rows;
    for (size_t i = 0; i < rows->unit_count; i++) {
        if (work->design[i] != 0 || work->problem->design[i] == 0) continue;
        const double product = survey_row_product(rows, i, proof);
        for (uint32_t k = rows->start[i]; product > 0 && k < rows->start[i + 1]; k++)
            if (work->result->state[rows->column[k]] == CALIBRATE_ZERO) {
                proof[rows->column[k]] -= product / rows->value[k];
                break;
            }
    }
}

/* "size,small: 1200 to 1180.5; ..." for as many margins as a message has room for, the largest change first. */
static const char *describe_changes(struct arena *arena, const struct calibrate_work *work, const double *unit)
{
    const size_t count = work->problem->rows->column_count;
    struct buffer *text = buffer_new(arena, 100 * (count + 1));
    bool *said = ARENA_ARRAY(arena, count, bool);
    for (size_t said_count = 0; said_count < 3; said_count++) {
        size_t next = count;
        double largest = negligible;
        for (size_t j = 0; j < count; j++) {
            const double change = unit[j] > 0 ? fabs(work->result->relaxed[j] - work->problem->totals[j]) / unit[j] : 0;
            if (!said[j] && change > largest) largest = change, next = j;
        }
        if (next == count) break;
        said[next] = true;
        if (said_count == 0) work->result->margin = next;
        buffer_print(text, "%s%s: %.10g to %.10g", said_count ? "; " : "",
                     calibrate_margin_name(arena, work->problem, next), work->problem->totals[next],
                     work->result->relaxed[next]);
    }
    return buffer_data(text);
}

static enum status refuse_bounds(struct arena *arena, const struct calibrate_work *work, const double *unit,
                                 double lower, double upper, struct error *error)
{
    work->result->reason = CALIBRATE_BOUNDS;
    return error_set(
        error, STATUS_NONE,
        N_("No weights between {1} and {2} times the initial ones meet the margins (proven). The smallest "
           "change that allows it: {3}. Change these totals, widen the bounds, or give these margins a price."),
        arena_print(arena, "%g", lower), arena_print(arena, "%g", upper), describe_changes(arena, work, unit));
}

static enum status refuse_unsolved(const struct calibrate_work *work, struct error *error)
{
    const bool open = work->problem->method == CALIBRATE_RAKING || work->problem->method == CALIBRATE_LOGIT;
    work->result->reason = open ? CALIBRATE_AT_BOUNDS : CALIBRATE_NOT_CONVERGED;
    if (open)
        return error_set(error, STATUS_NONE,
                         N_("The margins can be met only by weights that lie on the bounds, which this method never "
                            "reaches. Widen the bounds a little, or use the truncated method."));
    return error_set(error, STATUS_NONE,
                     N_("The calibration did not converge, although a solution may exist. Widen the bounds."));
}

/* The margins that must be met and take part: only they are relaxed. */
static double *find_units(struct arena *arena, const struct calibrate_work *work)
{
    const struct calibrate_problem *problem = work->problem;
    double *unit = ARENA_ARRAY(arena, problem->rows->column_count, double);
    for (size_t j = 0; j < problem->rows->column_count; j++) {
        if (!work->candidate[j] || (problem->price && isfinite(problem->price[j]))) continue;
        unit[j] = fmax(fabs(problem->totals[j]), work->size[j]);
    }
    return unit;
}

/* An implied margin moves with those that imply it: what the relaxed totals make of it is not computed here. */
enum status calibrate_explain(struct arena *arena, struct calibrate_work *work, struct error *error)
{
    const struct calibrate_problem *problem = work->problem;
    if (problem->method == CALIBRATE_LINEAR) return refuse_unsolved(work, error);
    double lower = 0, upper = 0;
    calibrate_ratio_range(problem, &lower, &upper);
    const double *unit = find_units(arena, work);
    struct relax_result relaxed;
    relax_solve(arena,
                &(struct relax_problem){.rows = problem->rows,
                                        .design = work->design,
                                        .totals = problem->totals,
                                        .unit = unit,
                                        .lower = lower,
                                        .upper = upper,
                                        .guess = work->result->ratio},
                &relaxed);
    prove_zeros(work, relaxed.proof);
    const double gap = calibrate_check_proof(problem, lower, upper, relaxed.proof);
    if (relaxed.distance <= negligible || gap <= 0) return refuse_unsolved(work, error);
    work->result->relaxed = relaxed.relaxed;
    work->result->proof = relaxed.proof;
    work->result->proof_gap = gap;
    return refuse_bounds(arena, work, unit, lower, upper, error);
}
