#include "tests/check.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/allocate.h"
#include "engine/survey/random.h"
#include "engine/survey/sample.h"

enum { STRATA = 5, UNITS = 5000 };

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

static double variance_of(const int64_t *population, const double *deviation, const int64_t *size)
{
    double variance = 0;
    for (size_t h = 0; h < 4; h++) {
        const double spread = (double)population[h] * deviation[h];
        variance += spread * spread / (double)size[h];
    }
    return variance;
}

/* All allocations of 20 units to 4 strata, for many spreads: none is better. */
static void test_neyman_is_exact(void **state)
{
    (void)state;
    const int64_t population[] = {30, 100, 12, 5}, least[] = {1, 1, 1, 1}, most[] = {30, 9, 12, 5};
    const struct allocate_strata strata = {4, population, least, most, NULL, NULL};
    uint64_t seed = 11;
    for (int round = 0; round < 200; round++) {
        int64_t size[4], other[4];
        double deviation[4];
        for (size_t h = 0; h < 4; h++) deviation[h] = exp(4 * random_uniform(&seed));
        assert_int_equal(allocate_neyman(arena, &strata, deviation, 20, size, NULL), STATUS_OK);
        assert_int_equal(size[0] + size[1] + size[2] + size[3], 20);
        const double best = variance_of(population, deviation, size);
        for (other[0] = 1; other[0] <= 20; other[0]++)
            for (other[1] = 1; other[1] <= 9; other[1]++)
                for (other[2] = 1; other[2] <= 12; other[2]++) {
                    other[3] = 20 - other[0] - other[1] - other[2];
                    if (other[3] < 1 || other[3] > 5) continue;
                    assert_true(variance_of(population, deviation, other) >= best * (1 - 1e-12));
                }
    }
}

static void test_neyman_refuses(void **state)
{
    (void)state;
    const int64_t population[] = {30, 0}, small[] = {30, 10}, least[] = {2, 2};
    const double deviation[] = {1, 1};
    int64_t size[2];
    struct error error;
    assert_int_equal(allocate_neyman(arena, &(struct allocate_strata){.count = 2, .population = population}, deviation,
                                     5, size, &error),
                     STATUS_INPUT);
    assert_int_equal(allocate_neyman(arena, &(struct allocate_strata){.count = 2, .population = small, .least = least},
                                     deviation, 3, size, &error),
                     STATUS_NONE);
    assert_int_equal(
        allocate_neyman(arena, &(struct allocate_strata){.count = 2, .population = small}, deviation, 41, size, &error),
        STATUS_NONE);
}

static void test_strata_that_do_not_vary_share_in_proportion(void **state)
{
    (void)state;
    const int64_t population[] = {300, 100};
    const double deviation[] = {0, 0};
    int64_t size[2];
    assert_int_equal(allocate_neyman(arena, &(struct allocate_strata){.count = 2, .population = population}, deviation,
                                     40, size, NULL),
                     STATUS_OK);
    assert_int_equal(size[0], 30);
    assert_int_equal(size[1], 10);
}

static void test_precision_is_reached_at_the_proven_cost(void **state)
{
    (void)state;
    const int64_t population[STRATA] = {1000, 400, 150, 60, 8};
    const double cost[STRATA] = {1, 1, 2, 2, 5};
    const double turnover[STRATA] = {5, 20, 90, 300, 2000}, jobs[STRATA] = {2, 8, 20, 90, 200},
                 part[STRATA] = {0, 0, 90, 300, 0};
    const struct allocate_target targets[] = {
        {turnover, 5e6, "turnover"}, {jobs, 2e5, "jobs"}, {part, 3e6, "turnover, part"}};
    const int64_t least[STRATA] = {2, 2, 2, 2, 8};
    const struct allocate_strata strata = {STRATA, population, least, NULL, cost, NULL};
    int64_t size[STRATA];
    struct allocate_result result;
    assert_int_equal(allocate_for_precision(arena, &strata, targets, 3, size, &result, NULL), STATUS_OK);
    for (size_t k = 0; k < 3; k++) assert_true(result.reached[k] <= targets[k].variance * (1 + 1e-9));
    assert_true(result.cost >= result.bound * (1 - 1e-9));
    assert_true(result.cost <= result.bound + 2 * STRATA);
    assert_int_equal(size[4], 8);
    const struct allocate_target impossible = {turnover, 1e-6, "turnover"};
    const int64_t most[STRATA] = {100, 400, 150, 60, 8};
    struct error error;
    const struct allocate_strata limited = {STRATA, population, NULL, most, NULL, NULL};
    assert_int_equal(allocate_for_precision(arena, &limited, &impossible, 1, size, &result, &error), STATUS_NONE);
    assert_string_equal(error.arguments[0], "turnover");
}

static struct sample_frame make_frame(void)
{
    uint32_t *stratum = ARENA_ARRAY(arena, UNITS, uint32_t);
    double *number = ARENA_ARRAY(arena, UNITS, double);
    for (size_t i = 0; i < UNITS; i++) {
        stratum[i] = (uint32_t)(i % STRATA);
        number[i] = sample_number(42, i);
    }
    return (struct sample_frame){.unit_count = UNITS, .stratum = stratum, .stratum_count = STRATA, .number = number};
}

static size_t common(const bool *a, const bool *b)
{
    size_t count = 0;
    for (size_t i = 0; i < UNITS; i++) count += a[i] && b[i];
    return count;
}

static void test_samples_overlap_as_asked(void **state)
{
    (void)state;
    const struct sample_frame frame = make_frame();
    const int64_t size[STRATA] = {100, 200, 50, 0, 1000}, fifth[STRATA] = {200, 200, 200, 200, 200};
    bool first[UNITS], same[UNITS], apart[UNITS], half[UNITS];
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0, false}, size, first, NULL, NULL), STATUS_OK);
    size_t taken[STRATA] = {0};
    for (size_t i = 0; i < UNITS; i++) taken[frame.stratum[i]] += first[i];
    for (size_t h = 0; h < STRATA; h++) assert_int_equal(taken[h], size[h]);
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0, false}, fifth, same, NULL, NULL), STATUS_OK);
    assert_int_equal(common(first, same), 100 + 200 + 50 + 0 + 200);
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0.5, false}, fifth, apart, NULL, NULL),
                     STATUS_OK);
    assert_int_equal(common(same, apart), 0);
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){sample_start_for_overlap(0.2, 0.2, 0.5), false},
                                   fifth, half, NULL, NULL),
                     STATUS_OK);
    assert_true(common(same, half) > 400 && common(same, half) < 600);
}

static void test_burden_is_respected(void **state)
{
    (void)state;
    struct sample_frame frame = make_frame();
    const int64_t size[STRATA] = {300, 300, 300, 300, 300};
    uint32_t *burden = ARENA_ARRAY(arena, UNITS, uint32_t);
    int64_t passed_over[STRATA];
    bool selected[UNITS];
    struct error error;
    frame.burden = burden;
    frame.burden_most = 1;
    for (int wave = 0; wave < 3; wave++) {
        assert_int_equal(
            sample_select(arena, &frame, (struct sample_draw){0, false}, size, selected, passed_over, NULL), STATUS_OK);
        assert_int_equal(passed_over[0], wave * 300);
        for (size_t i = 0; i < UNITS; i++) burden[i] += selected[i];
    }
    for (size_t i = 0; i < UNITS; i++) assert_true(burden[i] <= 1);
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0, false}, size, selected, NULL, &error),
                     STATUS_NONE);
}

/* After a rotation those asked most come last, and the numbers of a stratum are the same ones. */
static void test_rotation_spares_those_asked(void **state)
{
    (void)state;
    struct sample_frame frame = make_frame();
    const int64_t size[STRATA] = {400, 400, 400, 400, 400};
    uint32_t *burden = ARENA_ARRAY(arena, UNITS, uint32_t);
    double *number = ARENA_ARRAY(arena, UNITS, double), before = 0, after = 0;
    bool first[UNITS], second[UNITS];
    memcpy(number, frame.number, UNITS * sizeof *number);
    frame.burden = burden;
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0, false}, size, first, NULL, NULL), STATUS_OK);
    for (size_t i = 0; i < UNITS; i++) burden[i] += first[i];
    sample_rotate(arena, &frame, number);
    for (size_t i = 0; i < UNITS; i++) {
        before += frame.stratum[i] == 2 ? frame.number[i] : 0;
        after += frame.stratum[i] == 2 ? number[i] : 0;
    }
    assert_true(fabs(before - after) < 1e-9);
    frame.number = number;
    assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0, false}, size, second, NULL, NULL), STATUS_OK);
    assert_int_equal(common(first, second), 0);
}

static void test_each_unit_is_as_likely(void **state)
{
    (void)state;
    enum { DRAWS = 4000, SMALL = 20 };
    uint32_t stratum[SMALL] = {0};
    double number[SMALL];
    bool selected[SMALL];
    int times[SMALL] = {0};
    const int64_t size[1] = {5};
    const struct sample_frame frame = {.unit_count = SMALL, .stratum = stratum, .stratum_count = 1, .number = number};
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        for (uint64_t i = 0; i < SMALL; i++) number[i] = sample_number(draw, i);
        assert_int_equal(sample_select(arena, &frame, (struct sample_draw){0.3, draw % 2}, size, selected, NULL, NULL),
                         STATUS_OK);
        for (size_t i = 0; i < SMALL; i++) times[i] += selected[i];
    }
    for (size_t i = 0; i < SMALL; i++) assert_true(fabs(times[i] - DRAWS / 4.0) < 5 * sqrt(DRAWS * 0.25 * 0.75));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_neyman_is_exact),
        TEST(test_neyman_refuses),
        TEST(test_strata_that_do_not_vary_share_in_proportion),
        TEST(test_precision_is_reached_at_the_proven_cost),
        TEST(test_samples_overlap_as_asked),
        TEST(test_burden_is_respected),
        TEST(test_rotation_spares_those_asked),
        TEST(test_each_unit_is_as_likely),
    };
    return run_group(tests);
}
