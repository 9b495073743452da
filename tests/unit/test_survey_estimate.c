/* time limit: 120 s */
#include "tests/check.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/distribution.h"
#include "engine/survey/estimate.h"
#include "engine/survey/random.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static bool near(double a, double b, double tolerance) { return fabs(a - b) <= tolerance * fabs(b); }

/* What R's qbeta, pbeta, qt and qnorm give. */
static void test_distributions(void **state)
{
    (void)state;
    assert_true(near(distribution_beta_quantile(0.025, 3, 8), 0.066739511177734467, 1e-12));
    assert_true(near(distribution_beta_quantile(0.975, 3, 8), 0.556095462307641397, 1e-12));
    assert_true(near(distribution_beta_quantile(0.025, 0.5, 0.5), 0.0015413331334360124, 1e-11));
    assert_true(near(distribution_beta_quantile(1e-5, 20, 3000), 0.0020856715762175787, 1e-11));
    assert_true(near(distribution_beta(0.3, 2.5, 7.1), 0.6490225790210129, 1e-12));
    assert_true(near(distribution_student_quantile(0.975, 3), 3.18244630528370775, 1e-12));
    assert_true(near(distribution_student_quantile(0.95, 1), 6.31375151467503759, 1e-12));
    assert_true(near(distribution_student_quantile(0.6, 9556), 0.25335415662563776, 1e-11));
    assert_true(near(distribution_normal_quantile(0.975), 1.95996398454005361, 1e-14));
    assert_true(near(distribution_normal_quantile(1e-10), -6.36134090240405570, 1e-12));
    assert_true(near(distribution_student_quantile(0.3, INFINITY), -0.52440051270804067, 1e-14));
}

/* Two strata by hand: N 10 and 6, n 4 and 3. */
static void test_total_by_hand(void **state)
{
    (void)state;
    const double y[] = {1, 7, 2, 5, 3, 9, 4}, weight[] = {2.5, 2, 2.5, 2, 2.5, 2, 2.5}, population[] = {10, 6};
    const uint32_t stratum[] = {0, 1, 0, 1, 0, 1, 0};
    const struct estimate_design design = {
        .unit_count = 7, .weight = weight, .stratum = stratum, .stratum_count = 2, .population = population};
    struct estimate_plan *plan = NULL;
    struct estimate total;
    size_t place = 0;
    assert_int_equal(estimate_plan_new(arena, &design, &plan, &place, NULL), STATUS_OK);
    estimate_totals(arena, plan, y, (struct estimate_domains){NULL, 1}, &total);
    assert_true(near(total.value, 2.5 * 10 + 2 * 21, 1e-14));
    assert_true(near(total.variance, 100 * 0.6 * (5.0 / 3) / 4 + 36 * 0.5 * 4 / 3, 1e-13));
    assert_true(total.freedom == 5);
}

static enum status plan_of(double first_weight, const double *population, enum estimate_lonely lonely,
                           struct error *error)
{
    const double weight[] = {first_weight, 1, 2};
    const uint32_t stratum[] = {0, 0, 1};
    const struct estimate_design design = {.unit_count = 3,
                                           .weight = weight,
                                           .stratum = stratum,
                                           .stratum_count = 2,
                                           .population = population,
                                           .lonely = lonely};
    struct estimate_plan *plan = NULL;
    size_t place = 0;
    return estimate_plan_new(arena, &design, &plan, &place, error);
}

static void test_bad_designs_are_refused(void **state)
{
    (void)state;
    struct error error;
    const double good[] = {5, 2}, too_small[] = {1, 2}, whole[] = {5, 1};
    assert_int_equal(plan_of(1, good, ESTIMATE_LONELY_ADJUST, &error), STATUS_OK);
    assert_int_equal(plan_of(-1, good, ESTIMATE_LONELY_ADJUST, &error), STATUS_INPUT);
    assert_int_equal(plan_of(NAN, good, ESTIMATE_LONELY_ADJUST, &error), STATUS_INPUT);
    assert_int_equal(plan_of(1, too_small, ESTIMATE_LONELY_ADJUST, &error), STATUS_INPUT);
    assert_int_equal(plan_of(1, good, ESTIMATE_LONELY_REFUSE, &error), STATUS_INPUT);
    assert_string_equal(error.arguments[0], "2");
    assert_int_equal(plan_of(1, whole, ESTIMATE_LONELY_REFUSE, &error), STATUS_OK);
}

static void test_cluster_in_two_strata_is_refused(void **state)
{
    (void)state;
    const double weight[] = {1, 1, 1, 1};
    const uint32_t stratum[] = {0, 0, 1, 1}, cluster[] = {0, 1, 1, 2};
    const struct estimate_design design = {.unit_count = 4,
                                           .weight = weight,
                                           .stratum = stratum,
                                           .stratum_count = 2,
                                           .cluster = cluster,
                                           .cluster_count = 3};
    struct estimate_plan *plan = NULL;
    struct error error;
    size_t place = 0;
    assert_int_equal(estimate_plan_new(arena, &design, &plan, &place, &error), STATUS_INPUT);
    assert_int_equal(place, 2);
}

/* A share of 0, or of a stratum taken whole. */
static void test_intervals_of_shares_at_the_ends(void **state)
{
    (void)state;
    double lower = 0, upper = 0;
    const struct estimate none = {.value = 0, .variance = 0, .unit_count = 20, .random_count = 20, .freedom = 19};
    estimate_bounds(&none, ESTIMATE_INTERVAL_SHARE, 0.95, &lower, &upper);
    assert_true(lower == 0);
    assert_true(near(upper, 1 - pow(0.025, 1.0 / 20), 1e-12));
    const struct estimate all = {.value = 1, .variance = 0, .unit_count = 20, .random_count = 20, .freedom = 19};
    estimate_bounds(&all, ESTIMATE_INTERVAL_BALANCE, 0.95, &lower, &upper);
    assert_true(upper == 1);
    assert_true(near(lower, 2 * pow(0.025, 1.0 / 20) - 1, 1e-12));
    const struct estimate census = {.value = 0.3, .variance = 0, .unit_count = 20, .random_count = 0, .freedom = 19};
    estimate_bounds(&census, ESTIMATE_INTERVAL_SHARE, 0.95, &lower, &upper);
    assert_true(lower == 0.3 && upper == 0.3);
}

enum { POPULATION = 300, FIRST = 60, SECOND = 75, ROUNDS = 3000 };

/* One round of two waves of which the second keeps `kept` units of the first, from one stratum. */
static struct estimate draw_change(struct arena *scratch, const double *y1, const double *y2, size_t kept,
                                   uint64_t *seed)
{
    uint32_t order[POPULATION], partner[SECOND], stratum[SECOND] = {0};
    double weight1[FIRST], weight2[SECOND], sample1[FIRST], sample2[SECOND], influence1[FIRST], influence2[SECOND];
    const double population[] = {POPULATION};
    for (uint32_t i = 0; i < POPULATION; i++) order[i] = i;
    for (uint32_t i = 0; i < FIRST + SECOND; i++) {
        const size_t other = i + (size_t)random_below(seed, POPULATION - i);
        const uint32_t swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
    }
    for (uint32_t i = 0; i < FIRST; i++) {
        weight1[i] = (double)POPULATION / FIRST;
        sample1[i] = y1[order[i]];
    }
    for (uint32_t i = 0; i < SECOND; i++) {
        const size_t place = i < kept ? i : FIRST + i - kept;
        weight2[i] = (double)POPULATION / SECOND;
        sample2[i] = y2[order[place]];
        partner[i] = i < kept ? i : SURVEY_NO_CATEGORY;
    }
    const struct estimate_design design1 = {
        .unit_count = FIRST, .weight = weight1, .stratum = stratum, .stratum_count = 1, .population = population};
    const struct estimate_design design2 = {
        .unit_count = SECOND, .weight = weight2, .stratum = stratum, .stratum_count = 1, .population = population};
    struct estimate_plan *plan1 = NULL, *plan2 = NULL;
    struct estimate first, second;
    size_t place = 0;
    const struct estimate_domains all = {NULL, 1};
    assert_int_equal(estimate_plan_new(scratch, &design1, &plan1, &place, NULL), STATUS_OK);
    assert_int_equal(estimate_plan_new(scratch, &design2, &plan2, &place, NULL), STATUS_OK);
    estimate_totals(scratch, plan1, sample1, all, &first);
    estimate_totals(scratch, plan2, sample2, all, &second);
    assert_true(near(estimate_total_influence(scratch, plan1, sample1, all, SIZE_MAX, influence1), first.value, 1e-12));
    estimate_total_influence(scratch, plan2, sample2, all, SIZE_MAX, influence2);
    assert_true(near(estimate_influence_variance(scratch, plan2, influence2), second.variance, 1e-12));
    return estimate_change(&first, &second,
                           estimate_covariance(scratch, plan1, influence1, plan2, influence2, partner));
}

/* Over many rounds the mean of the estimated variances is the variance of the estimates, whatever the overlap. */
static void test_variance_of_change_by_simulation(void **state)
{
    (void)state;
    static const size_t kept[] = {0, 15, 40, 60};
    double y1[POPULATION], y2[POPULATION];
    uint64_t seed = 5;
    for (size_t i = 0; i < POPULATION; i++) {
        y1[i] = 100 * random_uniform(&seed);
        y2[i] = 10 + y1[i] + 30 * random_uniform(&seed);
    }
    for (size_t k = 0; k < sizeof kept / sizeof *kept; k++) {
        double sum = 0, squares = 0, estimated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            struct arena *scratch = arena_new();
            const struct estimate change = draw_change(scratch, y1, y2, kept[k], &seed);
            arena_free(&scratch);
            sum += change.value / ROUNDS;
            squares += change.value * change.value / ROUNDS;
            estimated += change.variance / ROUNDS;
        }
        const double variance = squares - sum * sum;
        /* With no common unit the negative covariance of disjoint samples is not estimable: the variance is too small. */
        if (kept[k] == 0)
            assert_true(estimated < variance && estimated > 0.7 * variance);
        else
            assert_true(near(estimated, variance, 0.12));
    }
}

static void test_change_of_the_same_sample_has_no_variance(void **state)
{
    (void)state;
    const double weight[] = {4, 4, 4, 4}, y[] = {1, 5, 2, 8}, population[] = {16};
    const uint32_t stratum[4] = {0}, partner[] = {0, 1, 2, 3};
    const struct estimate_design design = {
        .unit_count = 4, .weight = weight, .stratum = stratum, .stratum_count = 1, .population = population};
    struct estimate_plan *plan = NULL;
    struct estimate total;
    double influence[4];
    size_t place = 0;
    assert_int_equal(estimate_plan_new(arena, &design, &plan, &place, NULL), STATUS_OK);
    estimate_totals(arena, plan, y, (struct estimate_domains){NULL, 1}, &total);
    estimate_total_influence(arena, plan, y, (struct estimate_domains){NULL, 1}, SIZE_MAX, influence);
    const double covariance = estimate_covariance(arena, plan, influence, plan, influence, partner);
    assert_true(near(covariance, total.variance, 1e-13));
    assert_true(estimate_change(&total, &total, covariance).variance < 1e-9 * total.variance);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_distributions),
        TEST(test_total_by_hand),
        TEST(test_bad_designs_are_refused),
        TEST(test_cluster_in_two_strata_is_refused),
        TEST(test_intervals_of_shares_at_the_ends),
        TEST(test_variance_of_change_by_simulation),
        TEST(test_change_of_the_same_sample_has_no_variance),
    };
    return run_group(tests);
}
