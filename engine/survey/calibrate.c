#include "engine/survey/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/calibrate_private.h"

/* One point of the dual: lambda, and what follows from it. */
struct point {
    double *lambda;
    double *ratio;    /* per unit: g */
    double *achieved; /* per margin: sum of d g x */
    double objective; /* of the dual, to be minimised */
    double worst;     /* largest relative error of a margin */
};

struct newton {
    struct calibrate_work *work;
    struct point now, next;
    double *slope; /* per unit: d q F'(u) at the last point */
    double *step;  /* per margin */
    struct gram *gram;
};

/* Newton's matrix keeps this share of a unit whose curve is flat (cut at a bound), so that it stays regular. */
static const double least_slope = 1e-7;

static const double sufficient_decrease = 1e-4;

static double scale_of(const struct calibrate_problem *problem, size_t i)
{
    return problem->scale ? problem->scale[i] : 1;
}

static enum status refuse_unit(struct arena *arena, const char *message, size_t i, struct error *error)
{
    error_set(error, STATUS_INPUT, message, arena_print(arena, "%zu", i + 1));
    return STATUS_INPUT;
}

static enum status check_units(struct arena *arena, const struct calibrate_problem *problem, struct error *error)
{
    for (size_t i = 0; i < problem->rows->unit_count; i++) {
        if (!(problem->design[i] >= 0) || !isfinite(problem->design[i]))
            return refuse_unit(arena, N_("The weight of unit {1} must be a number, not negative."), i, error);
        if (!(scale_of(problem, i) > 0) || !isfinite(scale_of(problem, i)))
            return refuse_unit(arena, N_("The scale of unit {1} must be a positive number."), i, error);
        for (uint32_t k = problem->rows->start[i]; k < problem->rows->start[i + 1]; k++)
            if (!isfinite(problem->rows->value[k]))
                return refuse_unit(arena, N_("Unit {1} has a margin variable that is not a number."), i, error);
    }
    return STATUS_OK;
}

static enum status check_problem(struct arena *arena, const struct calibrate_problem *problem, struct error *error)
{
    const bool bounded = problem->method == CALIBRATE_TRUNCATED || problem->method == CALIBRATE_LOGIT;
    if (problem->rows->unit_count == 0) return error_set(error, STATUS_INPUT, N_("There is no unit to calibrate."));
    if (bounded && !(problem->lower >= 0 && problem->lower < 1 && problem->upper > 1 && isfinite(problem->upper)))
        return error_field(error, STATUS_INPUT, "bounds",
                           N_("The bounds must be L,U with 0 <= L < 1 < U: a weight must be able to stay as it is."));
    for (size_t j = 0; j < problem->rows->column_count; j++) {
        const char *name = calibrate_margin_name(arena, problem, j);
        if (!isfinite(problem->totals[j]))
            return error_set(error, STATUS_INPUT, N_("The total of the margin {1} is not a number."), name);
        if (problem->price && !(problem->price[j] > 0))
            return error_set(error, STATUS_INPUT, N_("The price of missing the margin {1} must be positive."), name);
    }
    return check_units(arena, problem, error);
}

/* Evaluates the dual, its gradient and the weights of its Hessian. */
static void evaluate(const struct newton *newton, struct point *point)
{
    const struct calibrate_work *work = newton->work;
    const struct survey_rows *rows = work->problem->rows;
    double objective = 0;
    memset(point->achieved, 0, rows->column_count * sizeof *point->achieved);
    for (size_t i = 0; i < rows->unit_count; i++) {
        double slope = 0, integral = 0;
        const double q = scale_of(work->problem, i), d = work->design[i];
        calibrate_curve_at(&work->curve, q * survey_row_product(rows, i, point->lambda), &point->ratio[i], &slope,
                           &integral);
        newton->slope[i] = d * q * (slope > least_slope ? slope : least_slope);
        if (d == 0) continue; /* an excluded unit may be anywhere, even at infinity */
        objective += d / q * integral;
        const double weight = d * point->ratio[i];
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++)
            point->achieved[rows->column[k]] += weight * rows->value[k];
    }
    point->worst = 0;
    for (size_t j = 0; j < rows->column_count; j++) {
        if (!work->candidate[j]) continue;
        const double softened = work->softness ? work->softness[j] * point->lambda[j] : 0;
        objective += point->lambda[j] * (softened / 2 - work->problem->totals[j]);
        const double miss = calibrate_margin_error(work, j, point->achieved[j] + softened);
        if (!(miss <= point->worst)) point->worst = miss;
    }
    point->objective = objective;
}

/* The step that would meet the margins if the curves were straight; gives the slope of the dual along it, negative. */
static double find_step(struct newton *newton)
{
    const struct calibrate_work *work = newton->work;
    const size_t count = work->problem->rows->column_count;
    double gradient = 0;
    gram_accumulate(newton->gram, work->problem->rows, newton->slope);
    gram_add_diagonal(newton->gram, work->softness);
    gram_factor(newton->gram, work->candidate);
    double *missing = newton->next.achieved;
    for (size_t j = 0; j < count; j++) {
        const double softened = work->softness ? work->softness[j] * newton->now.lambda[j] : 0;
        missing[j] = work->candidate[j] ? work->problem->totals[j] - newton->now.achieved[j] - softened : 0;
        newton->step[j] = missing[j];
    }
    gram_solve(newton->gram, newton->step);
    for (size_t j = 0; j < count; j++) gradient -= missing[j] * newton->step[j];
    return gradient;
}

/* Goes along the step, halving it until the dual decreases enough. Near the end rounding hides the decrease, and a smaller
 * error of the margins decides. */
static bool go_along(struct newton *newton, double gradient)
{
    const size_t count = newton->work->problem->rows->column_count;
    for (int halving = 0; halving < 60; halving++) {
        const double length = ldexp(1, -halving);
        for (size_t j = 0; j < count; j++) newton->next.lambda[j] = newton->now.lambda[j] + length * newton->step[j];
        evaluate(newton, &newton->next);
        const bool lower = newton->next.objective <= newton->now.objective + sufficient_decrease * length * gradient;
        if (isfinite(newton->next.objective) && (lower || newton->next.worst < newton->now.worst / 2)) return true;
        if (newton->now.worst < 1e-6 && newton->next.worst < newton->now.worst) return true;
    }
    return false;
}

/* Without a solution the multipliers grow for ever, along a direction that proves it. */
static bool proves_the_contrary(const struct newton *newton)
{
    const struct calibrate_work *work = newton->work;
    double lower = 0, upper = 0;
    if (work->result->iterations % 8 != 0 || work->softness || work->problem->method == CALIBRATE_LINEAR) return false;
    calibrate_ratio_range(work->problem, &lower, &upper);
    return calibrate_check_proof(work->problem, lower, upper, newton->now.lambda) > 0;
}

/* Goes on until the errors are those of rounding, or cease to shrink below the tolerance. */
static bool iterate(struct newton *newton)
{
    struct calibrate_work *work = newton->work;
    const int most = work->problem->most_iterations > 0 ? work->problem->most_iterations : 200;
    evaluate(newton, &newton->now);
    while (newton->now.worst > 1e-14 && work->result->iterations < most) {
        const bool good = newton->now.worst <= work->tolerance;
        const double before = newton->now.worst;
        work->result->iterations++;
        if (!go_along(newton, find_step(newton))) return good;
        if (good && newton->next.worst >= before) return true;
        const struct point now = newton->now;
        newton->now = newton->next;
        newton->next = now;
        if (good && newton->now.worst > before / 4) return true;
        if (proves_the_contrary(newton)) return false;
    }
    return newton->now.worst <= work->tolerance;
}

static struct point new_point(struct arena *arena, const struct survey_rows *rows)
{
    return (struct point){.lambda = ARENA_ARRAY(arena, rows->column_count, double),
                          .ratio = ARENA_ARRAY(arena, rows->unit_count, double),
                          .achieved = ARENA_ARRAY(arena, rows->column_count, double)};
}

static bool run_newton(struct arena *arena, struct calibrate_work *work)
{
    const struct survey_rows *rows = work->problem->rows;
    struct newton newton = {.work = work, .now = new_point(arena, rows), .next = new_point(arena, rows)};
    newton.slope = ARENA_ARRAY(arena, rows->unit_count, double);
    newton.step = ARENA_ARRAY(arena, rows->column_count, double);
    newton.gram = gram_new(arena, rows->column_count);
    const bool solved = iterate(&newton);
    work->result->multiplier = newton.now.lambda;
    work->result->ratio = newton.now.ratio;
    return solved;
}

/* Sets the excluded units to 0 and measures what the weights give. */
static void conclude(struct calibrate_work *work)
{
    const struct calibrate_problem *problem = work->problem;
    const struct survey_rows *rows = problem->rows;
    struct calibrate_result *result = work->result;
    memset(result->achieved, 0, rows->column_count * sizeof *result->achieved);
    for (size_t i = 0; i < rows->unit_count; i++) {
        if (work->design[i] == 0 && problem->design[i] > 0) result->ratio[i] = 0;
        if (problem->design[i] == 0) result->ratio[i] = 1;
        const double weight = problem->design[i] * result->ratio[i];
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++)
            result->achieved[rows->column[k]] += weight * rows->value[k];
    }
    result->worst = 0;
    for (size_t j = 0; j < rows->column_count; j++) {
        if (problem->price && isfinite(problem->price[j])) continue;
        const double miss = calibrate_margin_error(work, j, result->achieved[j]);
        if (!(miss <= result->worst)) result->worst = miss;
    }
}

/* 1 / C for each margin with a price, in the units of the margin. */
static double *find_softness(struct arena *arena, const struct calibrate_problem *problem)
{
    const struct survey_rows *rows = problem->rows;
    if (!problem->price) return NULL;
    double *softness = ARENA_ARRAY(arena, rows->column_count, double), mass = 0;
    double *size = ARENA_ARRAY(arena, rows->column_count, double);
    for (size_t i = 0; i < rows->unit_count; i++) {
        mass += problem->design[i] / scale_of(problem, i);
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++)
            size[rows->column[k]] += problem->design[i] * fabs(rows->value[k]);
    }
    for (size_t j = 0; j < rows->column_count; j++) {
        const double unit = problem->totals[j] != 0 ? fabs(problem->totals[j]) : size[j];
        if (isfinite(problem->price[j])) softness[j] = unit * unit / (problem->price[j] * mass);
    }
    return softness;
}

static void prepare(struct arena *arena, struct calibrate_work *work)
{
    const struct calibrate_problem *problem = work->problem;
    const size_t units = problem->rows->unit_count, margins = problem->rows->column_count;
    struct calibrate_result *result = work->result;
    *result = (struct calibrate_result){.ratio = ARENA_ARRAY(arena, units, double),
                                        .multiplier = ARENA_ARRAY(arena, margins, double),
                                        .achieved = ARENA_ARRAY(arena, margins, double),
                                        .state = ARENA_ARRAY(arena, margins, enum calibrate_state),
                                        .relaxed = ARENA_ARRAY(arena, margins, double)};
    memcpy(result->relaxed, problem->totals, margins * sizeof *result->relaxed);
    work->design = ARENA_ARRAY(arena, units, double);
    memcpy(work->design, problem->design, units * sizeof *work->design);
    work->size = ARENA_ARRAY(arena, margins, double);
    work->candidate = ARENA_ARRAY(arena, margins, bool);
    work->softness = find_softness(arena, problem);
    work->curve = calibrate_curve_of(problem);
    work->tolerance = problem->tolerance > 0 ? problem->tolerance : 1e-9;
}

enum status calibrate(struct arena *arena, const struct calibrate_problem *problem, struct calibrate_result *result,
                      struct error *error)
{
    struct calibrate_work work = {.problem = problem, .result = result};
    enum status status = check_problem(arena, problem, error);
    if (status) return status;
    prepare(arena, &work);
    status = calibrate_settle_margins(arena, &work, error);
    if (status) return status;
    const bool solved = run_newton(arena, &work);
    conclude(&work);
    if (solved && result->worst <= work.tolerance) return STATUS_OK;
    return calibrate_explain(arena, &work, error);
}
