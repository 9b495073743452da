#include "tests/check.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/calibrate.h"
#include "engine/survey/random.h"

enum { UNITS = 600, AREAS = 6, SIZES = 4, MARGINS = AREAS + SIZES + AREAS };

static struct arena *arena;
static uint32_t area[UNITS], size[UNITS];
static double turnover[UNITS], weight[UNITS], totals[MARGINS];
static const struct survey_rows *rows;

/* Areas, sizes, turnover within areas: the last size follows from the others. Totals come from weights that exist. */
static int set_up(void **state)
{
    (void)state;
    uint64_t seed = 7;
    double truth[UNITS];
    arena = arena_new();
    for (size_t i = 0; i < UNITS; i++) {
        area[i] = (uint32_t)random_below(&seed, AREAS);
        size[i] = (uint32_t)random_below(&seed, SIZES);
        turnover[i] = 1e6 * exp(3 * random_uniform(&seed));
        weight[i] = 1 + 9 * random_uniform(&seed);
        truth[i] = weight[i] * (0.75 + 0.5 * random_uniform(&seed));
    }
    const struct survey_term terms[] = {{area, AREAS, NULL}, {size, SIZES, NULL}, {area, AREAS, turnover}};
    rows = survey_rows_build(arena, UNITS, terms, 3);
    survey_rows_totals(rows, truth, totals);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct calibrate_problem problem_of(enum calibrate_method method)
{
    return (struct calibrate_problem){
        .rows = rows, .design = weight, .totals = totals, .method = method, .lower = 0.7, .upper = 1.4};
}

static void assert_margins_met(const struct calibrate_result *result, double tolerance)
{
    double *achieved = ARENA_ARRAY(arena, MARGINS, double), *final = ARENA_ARRAY(arena, UNITS, double);
    for (size_t i = 0; i < UNITS; i++) final[i] = weight[i] * result->ratio[i];
    survey_rows_totals(rows, final, achieved);
    for (size_t j = 0; j < MARGINS; j++) assert_true(fabs(achieved[j] - totals[j]) <= tolerance * fabs(totals[j]));
}

static void test_every_method_meets_the_margins(void **state)
{
    (void)state;
    for (int method = CALIBRATE_LINEAR; method <= CALIBRATE_LOGIT; method++) {
        const struct calibrate_problem problem = problem_of((enum calibrate_method)method);
        struct calibrate_result result;
        assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_OK);
        assert_margins_met(&result, 1e-9);
        assert_int_equal(result.state[AREAS + SIZES - 1], CALIBRATE_IMPLIED);
        for (size_t i = 0; i < UNITS; i++) {
            const double u = survey_row_product(rows, i, result.multiplier);
            if (method == CALIBRATE_LINEAR) assert_true(fabs(result.ratio[i] - 1 - u) < 1e-9);
            if (method == CALIBRATE_RAKING) assert_true(fabs(log(result.ratio[i]) - u) < 1e-9);
            if (method >= CALIBRATE_TRUNCATED) assert_true(result.ratio[i] >= 0.7 && result.ratio[i] <= 1.4);
        }
    }
}

static void test_scaling_of_a_variable_changes_nothing(void **state)
{
    (void)state;
    struct calibrate_result euros, billions;
    struct calibrate_problem problem = problem_of(CALIBRATE_RAKING);
    assert_int_equal(calibrate(arena, &problem, &euros, NULL), STATUS_OK);
    for (size_t i = 0; i < UNITS; i++) turnover[i] *= 1e-9;
    const struct survey_term terms[] = {{area, AREAS, NULL}, {size, SIZES, NULL}, {area, AREAS, turnover}};
    problem.rows = survey_rows_build(arena, UNITS, terms, 3);
    for (size_t j = AREAS + SIZES; j < MARGINS; j++) totals[j] *= 1e-9;
    assert_int_equal(calibrate(arena, &problem, &billions, NULL), STATUS_OK);
    for (size_t i = 0; i < UNITS; i++) assert_true(fabs(euros.ratio[i] - billions.ratio[i]) < 1e-9);
}

static void test_totals_that_do_not_add_up_are_named(void **state)
{
    (void)state;
    struct calibrate_result result;
    struct error error;
    totals[AREAS + SIZES - 1] *= 1.01;
    const struct calibrate_problem problem = problem_of(CALIBRATE_LINEAR);
    assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_NONE);
    assert_int_equal(result.reason, CALIBRATE_CONTRADICTION);
    assert_int_equal(result.margin, AREAS + SIZES - 1);
    assert_true(fabs(result.relaxed[result.margin] * 1.01 - totals[result.margin]) < 1e-6 * totals[result.margin]);
}

static void test_margin_without_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNITS; i++)
        if (size[i] == 1) size[i] = 0;
    const struct survey_term terms[] = {{size, SIZES, NULL}};
    const double wanted[SIZES] = {1000, 0, 2000, 500}, impossible[SIZES] = {1000, 10, 2000, 500};
    struct calibrate_problem problem = {.rows = survey_rows_build(arena, UNITS, terms, 1),
                                        .design = weight,
                                        .totals = wanted,
                                        .method = CALIBRATE_RAKING};
    struct calibrate_result result;
    assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_OK);
    assert_int_equal(result.state[1], CALIBRATE_EMPTY);
    problem.totals = impossible;
    assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_NONE);
    assert_int_equal(result.reason, CALIBRATE_NOBODY);
    assert_int_equal(result.margin, 1);
}

static void test_margin_of_total_zero_takes_its_units_out(void **state)
{
    (void)state;
    const struct survey_term terms[] = {{size, SIZES, NULL}, {area, AREAS, NULL}};
    double wanted[SIZES + AREAS] = {1000, 0, 2000, 600, 600, 600, 600, 600, 600, 600};
    struct calibrate_problem problem = {.rows = survey_rows_build(arena, UNITS, terms, 2),
                                        .design = weight,
                                        .totals = wanted,
                                        .method = CALIBRATE_RAKING};
    struct calibrate_result result;
    assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_OK);
    assert_int_equal(result.state[1], CALIBRATE_ZERO);
    for (size_t i = 0; i < UNITS; i++) assert_true(size[i] == 1 ? result.ratio[i] == 0 : result.ratio[i] > 0);
    problem.method = CALIBRATE_LOGIT;
    problem.lower = 0.1;
    problem.upper = 10;
    assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_NONE);
    assert_int_equal(result.reason, CALIBRATE_BOUNDS);
}

/* One category: its weighted sum lies between L and U times its present value, so the smallest relaxation is known. */
static void test_bounds_are_proven_and_the_relaxation_is_the_smallest(void **state)
{
    (void)state;
    double present[SIZES];
    const struct survey_term terms[] = {{size, SIZES, NULL}};
    struct calibrate_problem problem = {.rows = survey_rows_build(arena, UNITS, terms, 1),
                                        .design = weight,
                                        .totals = present,
                                        .lower = 0.5,
                                        .upper = 1.5};
    survey_rows_totals(problem.rows, weight, present);
    const double limit = 1.5 * present[2];
    present[2] *= 1.75;
    for (int method = CALIBRATE_TRUNCATED; method <= CALIBRATE_LOGIT; method++) {
        struct calibrate_result result;
        struct error error;
        problem.method = (enum calibrate_method)method;
        assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_NONE);
        assert_int_equal(result.reason, CALIBRATE_BOUNDS);
        assert_int_equal(result.margin, 2);
        assert_true(fabs(result.relaxed[2] - limit) < 1e-6 * limit);
        for (size_t j = 0; j < SIZES; j++)
            if (j != 2) assert_true(fabs(result.relaxed[j] - present[j]) < 1e-9 * present[j]);
        assert_true(result.proof_gap > 0);
        assert_true(calibrate_check_proof(&problem, 0.5, 1.5, result.proof) > 0);
        assert_true(calibrate_check_proof(&problem, 0.5, 1.8, result.proof) <= 0);
    }
}

/* On the big problem: the relaxed totals must be reachable, and by no less. */
static void test_relaxed_totals_can_be_reached(void **state)
{
    (void)state;
    struct calibrate_problem problem = problem_of(CALIBRATE_TRUNCATED);
    struct calibrate_result result, again;
    struct error error;
    problem.lower = 0.97;
    problem.upper = 1.03;
    assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_NONE);
    assert_int_equal(result.reason, CALIBRATE_BOUNDS);
    double *soft = ARENA_ARRAY(arena, MARGINS, double);
    double implied = 0;
    memcpy(soft, result.relaxed, MARGINS * sizeof *soft);
    for (size_t j = 0; j < AREAS; j++) implied += soft[j];
    for (size_t j = AREAS; j + 1 < AREAS + SIZES; j++) implied -= soft[j];
    soft[AREAS + SIZES - 1] = implied;
    problem.totals = soft;
    problem.lower -= 1e-5;
    problem.upper += 1e-5;
    assert_int_equal(calibrate(arena, &problem, &again, &error), STATUS_OK);
}

static void test_price_lets_a_margin_be_missed(void **state)
{
    (void)state;
    struct calibrate_problem problem = problem_of(CALIBRATE_TRUNCATED);
    struct calibrate_result result;
    double price[MARGINS], dear[MARGINS];
    problem.lower = 0.97;
    problem.upper = 1.03;
    for (size_t j = 0; j < MARGINS; j++) price[j] = dear[j] = j < AREAS ? 1 : 10;
    problem.price = price;
    assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_OK);
    double miss = 0, less = 0;
    for (size_t j = 0; j < MARGINS; j++) miss += fabs(result.achieved[j] / totals[j] - 1);
    for (size_t j = 0; j < MARGINS; j++) dear[j] *= 100;
    problem.price = dear;
    assert_int_equal(calibrate(arena, &problem, &result, NULL), STATUS_OK);
    for (size_t j = 0; j < MARGINS; j++) less += fabs(result.achieved[j] / totals[j] - 1);
    assert_true(less < miss);
    assert_true(miss > 0.01);
}

/* A small problem of two crossed classifications and sometimes a variable, whose totals may or may not be possible. */
static struct calibrate_problem random_problem(uint64_t *seed, struct arena *scratch)
{
    const size_t count = 5 + (size_t)random_below(seed, 60), first = 2 + (size_t)random_below(seed, 5),
                 second = 2 + (size_t)random_below(seed, 4);
    uint32_t *a = ARENA_ARRAY(scratch, count, uint32_t), *b = ARENA_ARRAY(scratch, count, uint32_t);
    double *x = ARENA_ARRAY(scratch, count, double), *d = ARENA_ARRAY(scratch, count, double),
           *truth = ARENA_ARRAY(scratch, count, double);
    const double spread = 1.2 * random_uniform(seed), scale = random_below(seed, 4) ? 1 : 0.5 + random_uniform(seed);
    for (size_t i = 0; i < count; i++) {
        a[i] = (uint32_t)random_below(seed, first);
        b[i] = (uint32_t)random_below(seed, second);
        x[i] = random_below(seed, 5) ? exp(5 * random_uniform(seed)) : 0;
        d[i] = random_below(seed, 20) ? 1 + 10 * random_uniform(seed) : 0;
        truth[i] = scale * d[i] * (1 + spread * (2 * random_uniform(seed) - 1));
    }
    const struct survey_term terms[] = {{a, first, NULL}, {b, second, NULL}, {NULL, 1, x}};
    struct calibrate_problem problem = {
        .design = d, .lower = random_below(seed, 2) ? 0.5 : 0, .upper = 1.2 + 2 * random_uniform(seed)};
    problem.rows = survey_rows_build(scratch, count, terms, 2 + (size_t)random_below(seed, 2));
    double *wanted = ARENA_ARRAY(scratch, problem.rows->column_count, double);
    survey_rows_totals(problem.rows, truth, wanted);
    if (random_below(seed, 4) == 0) wanted[random_below(seed, problem.rows->column_count)] = 0;
    problem.totals = wanted;
    return problem;
}

/* Every problem ends with weights that meet the margins within the bounds, or with a proof that there are none. */
static void test_every_problem_is_solved_or_refuted(void **state)
{
    (void)state;
    uint64_t seed = 3;
    size_t solved = 0, refuted = 0;
    for (int round = 0; round < 1500; round++) {
        struct arena *scratch = arena_new();
        struct calibrate_problem problem = random_problem(&seed, scratch);
        struct calibrate_result result;
        struct error error;
        problem.method = (enum calibrate_method)(round % 4);
        const enum status status = calibrate(scratch, &problem, &result, &error);
        solved += status == STATUS_OK;
        refuted += status == STATUS_NONE && result.reason == CALIBRATE_BOUNDS;
        if (status == STATUS_OK)
            assert_true(result.worst <= 1e-8);
        else
            assert_int_equal(status, STATUS_NONE);
        assert_int_not_equal(result.reason, CALIBRATE_NOT_CONVERGED);
        if (result.reason == CALIBRATE_BOUNDS) assert_true(result.proof_gap > 0);
        for (size_t i = 0; status == STATUS_OK && problem.method >= CALIBRATE_TRUNCATED && i < problem.rows->unit_count;
             i++)
            assert_true(result.ratio[i] == 0 || (result.ratio[i] >= problem.lower && result.ratio[i] <= problem.upper));
        arena_free(&scratch);
    }
    assert_true(solved > 500);
    assert_true(refuted > 50);
}

static void test_bad_arguments_are_refused(void **state)
{
    (void)state;
    struct calibrate_result result;
    struct error error;
    struct calibrate_problem problem = problem_of(CALIBRATE_LOGIT);
    problem.lower = 1.1;
    assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_INPUT);
    assert_string_equal(error.field, "bounds");
    problem = problem_of(CALIBRATE_LINEAR);
    weight[3] = -1;
    assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_INPUT);
    assert_string_equal(error.arguments[0], "4");
    weight[3] = NAN;
    assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_INPUT);
    weight[3] = 1;
    totals[0] = INFINITY;
    assert_int_equal(calibrate(arena, &problem, &result, &error), STATUS_INPUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_method_meets_the_margins),
        TEST(test_scaling_of_a_variable_changes_nothing),
        TEST(test_totals_that_do_not_add_up_are_named),
        TEST(test_margin_without_units),
        TEST(test_margin_of_total_zero_takes_its_units_out),
        TEST(test_bounds_are_proven_and_the_relaxation_is_the_smallest),
        TEST(test_relaxed_totals_can_be_reached),
        TEST(test_price_lets_a_margin_be_missed),
        TEST(test_every_problem_is_solved_or_refuted),
        TEST(test_bad_arguments_are_refused),
    };
    return run_group(tests);
}
