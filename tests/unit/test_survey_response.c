#include "tests/check.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/impute.h"
#include "engine/survey/nonresponse.h"
#include "engine/survey/outlier.h"

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

static void test_groups_keep_the_total(void **state)
{
    (void)state;
    const double weight[] = {1, 2, 3, 4, 5, 6};
    const uint32_t group[] = {0, 0, 0, 1, 1, 1};
    bool answered[] = {true, false, true, false, false, true};
    double adjusted[6], rate[2], sum = 0;
    size_t place = 0;
    assert_int_equal(nonresponse_by_groups(arena, 6, weight, group, 2, answered, adjusted, rate, &place, NULL),
                     STATUS_OK);
    for (size_t i = 0; i < 6; i++) sum += adjusted[i];
    assert_true(near(sum, 21, 1e-14));
    assert_true(near(rate[0], 4.0 / 6, 1e-14) && near(rate[1], 6.0 / 15, 1e-14));
    assert_true(near(adjusted[2], 4.5, 1e-14));
    assert_true(adjusted[1] == 0);
    answered[5] = false;
    struct error error;
    assert_int_equal(nonresponse_by_groups(arena, 6, weight, group, 2, answered, adjusted, rate, &place, &error),
                     STATUS_NONE);
    assert_int_equal(place, 1);
}

/* What R's glm(y ~ x + g, binomial, weights = w) gives. */
static void test_logistic_regression_is_that_of_r(void **state)
{
    (void)state;
    const bool y[16] = {0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1};
    double x[16], g[16], w[16], probability[16], coefficient[4];
    for (size_t i = 0; i < 16; i++) {
        x[i] = (double)i + 1;
        g[i] = (double)(i % 2);
        w[i] = i < 8 ? 1 : 2;
    }
    const struct survey_term terms[] = {{NULL, 1, NULL}, {NULL, 1, x}, {NULL, 1, g}, {NULL, 1, x}};
    const struct survey_rows *rows = survey_rows_build(arena, 16, terms, 4);
    assert_int_equal(nonresponse_logistic(arena, rows, w, y, probability, coefficient, NULL), STATUS_OK);
    assert_true(near(coefficient[0], -1.85736206051834229, 1e-8));
    assert_true(near(coefficient[1], 0.24051799127343471, 1e-8));
    assert_true(near(coefficient[2], 0.21006867201582774, 1e-8));
    assert_true(coefficient[3] == 0);
    assert_true(near(probability[0], 0.16564057160678650, 1e-8));
    assert_true(near(probability[15], 0.90033877924222383, 1e-8));
}

static void test_separation_is_said(void **state)
{
    (void)state;
    const bool y[8] = {0, 0, 0, 0, 1, 1, 1, 1};
    double x[8], probability[8], coefficient[2];
    for (size_t i = 0; i < 8; i++) x[i] = (double)i;
    const struct survey_term terms[] = {{NULL, 1, NULL}, {NULL, 1, x}};
    struct error error;
    assert_int_equal(
        nonresponse_logistic(arena, survey_rows_build(arena, 8, terms, 2), NULL, y, probability, coefficient, &error),
        STATUS_NONE);
}

static void test_classes_are_of_equal_size(void **state)
{
    (void)state;
    double probability[100];
    uint32_t group[100];
    size_t count[4] = {0};
    for (size_t i = 0; i < 100; i++) probability[i] = (double)(i * 37 % 100) / 100;
    assert_int_equal(nonresponse_classes(arena, 100, probability, 4, group), 4);
    for (size_t i = 0; i < 100; i++) {
        count[group[i]]++;
        assert_int_equal(group[i], (uint32_t)(probability[i] * 4));
    }
    for (size_t g = 0; g < 4; g++) assert_int_equal(count[g], 25);
    for (size_t i = 0; i < 100; i++) probability[i] = i < 60 ? 0.5 : 0.8;
    assert_int_equal(nonresponse_classes(arena, 100, probability, 4, group), 2);
}

static void test_rates_of_aapor(void **state)
{
    (void)state;
    const struct response_counts counts = {.complete = 50,
                                           .partial = 10,
                                           .refusal = 15,
                                           .no_contact = 20,
                                           .other = 5,
                                           .unknown = 30,
                                           .unknown_other = 10,
                                           .ineligible = 25,
                                           .eligibility = NAN};
    const struct response_rates rates = nonresponse_rates(&counts);
    assert_true(near(rates.eligibility, 0.8, 1e-14));
    assert_true(near(rates.response[0], 50.0 / 140, 1e-14) && near(rates.response[1], 60.0 / 140, 1e-14));
    assert_true(near(rates.response[2], 50.0 / 132, 1e-14) && near(rates.response[3], 60.0 / 132, 1e-14));
    assert_true(near(rates.response[4], 0.5, 1e-14) && near(rates.response[5], 0.6, 1e-14));
    assert_true(near(rates.cooperation[0], 50.0 / 80, 1e-14) && near(rates.cooperation[3], 60.0 / 75, 1e-14));
    assert_true(near(rates.refusal[1], 15.0 / 132, 1e-14) && near(rates.contact[2], 0.8, 1e-14));
    assert_true(isnan(nonresponse_rates(&(struct response_counts){0}).response[0]));
}

static void test_hot_deck_spares_its_donors(void **state)
{
    (void)state;
    enum { UNITS = 60 };
    double value[UNITS], again[UNITS];
    uint32_t group[UNITS], source[UNITS], other[UNITS], served[UNITS] = {0};
    bool usable[UNITS];
    for (size_t i = 0; i < UNITS; i++) {
        group[i] = i < 50 ? (uint32_t)(i % 2) : 2;
        value[i] = again[i] = i < 10 ? (double)i : NAN;
        usable[i] = i != 4;
    }
    const struct impute_count count = impute_hot_deck(arena, UNITS, value, group, 3, usable, 99, source);
    assert_int_equal(count.answered, 10);
    assert_int_equal(count.imputed, 40);
    assert_int_equal(count.left, 10);
    for (size_t i = 10; i < UNITS; i++) {
        if (i >= 50) {
            assert_int_equal(source[i], IMPUTE_MISSING);
            assert_true(isnan(value[i]));
            continue;
        }
        assert_int_equal(group[source[i]], group[i]);
        assert_true(value[i] == value[source[i]]);
        served[source[i]]++;
    }
    assert_int_equal(served[4], 0);
    for (size_t i = 0; i < 10; i++)
        if (i != 4) assert_int_equal(served[i], i % 2 ? 4 : 5);
    impute_hot_deck(arena, UNITS, again, group, 3, usable, 99, other);
    assert_memory_equal(source, other, sizeof source);
    for (size_t i = 10; i < 50; i++) again[i] = NAN;
    impute_hot_deck(arena, UNITS, again, group, 3, usable, 100, other);
    assert_memory_not_equal(source, other, sizeof source);
}

static void test_ratio_imputation(void **state)
{
    (void)state;
    double value[] = {2, 4, NAN, NAN, NAN, 1000};
    const double auxiliary[] = {10, 20, 30, NAN, 5, 10}, weight[] = {1, 3, 1, 1, 1, 1};
    const uint32_t group[] = {0, 0, 0, 0, 1, 0};
    const bool usable[] = {true, true, true, true, true, false};
    uint32_t source[6];
    const struct impute_count count = impute_ratio(arena, 6, value, auxiliary, weight, group, 2, usable, source);
    assert_int_equal(count.imputed, 1);
    assert_int_equal(count.left, 2);
    assert_true(near(value[2], 6, 1e-14));
    assert_int_equal(source[2], IMPUTE_BY_RATIO);
    assert_int_equal(source[3], IMPUTE_MISSING);
    assert_int_equal(source[0], IMPUTE_ANSWERED);
}

static void test_scores_see_what_stands_out(void **state)
{
    (void)state;
    const double value[] = {10, 11, 9, 10.5, 9.5, 100, NAN, 5, 5, 5, 9};
    const uint32_t group[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
    double score[11];
    outlier_scores(arena, 11, value, group, 2, false, score);
    assert_true(score[5] > 3.5);
    for (size_t i = 0; i < 5; i++) assert_true(fabs(score[i]) < 3.5);
    assert_true(near(score[0], -0.25 / (1.4826 * 0.75), 1e-12));
    assert_true(isnan(score[6]));
    assert_true(score[7] == 0);
    assert_true(near(score[10], 4 / (1.2533 * 1), 1e-12));
}

static void test_changes_weigh_the_size(void **state)
{
    (void)state;
    enum { UNITS = 21 };
    double previous[UNITS], current[UNITS], score[UNITS];
    uint32_t group[UNITS] = {0};
    for (size_t i = 0; i < UNITS; i++) {
        previous[i] = 100;
        current[i] = 100 + (double)i - 10;
    }
    previous[19] = 1;
    current[19] = 1.6; /* a large change of a small unit */
    previous[20] = 10000;
    current[20] = 16000; /* the same change of a large one */
    previous[0] = 0;
    outlier_changes(arena, UNITS, previous, current, group, 1, (struct outlier_change){0}, score);
    assert_true(isnan(score[0]));
    assert_true(score[20] > 1);
    assert_true(score[19] < score[20] / 50);
    for (size_t i = 1; i < 19; i++) assert_true(fabs(score[i]) < 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_groups_keep_the_total),  TEST(test_logistic_regression_is_that_of_r),
        TEST(test_separation_is_said),     TEST(test_classes_are_of_equal_size),
        TEST(test_rates_of_aapor),         TEST(test_hot_deck_spares_its_donors),
        TEST(test_ratio_imputation),       TEST(test_scores_see_what_stands_out),
        TEST(test_changes_weigh_the_size),
    };
    return run_group(tests);
}
