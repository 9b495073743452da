/* test_route.c: distances against another formula, rounds against all permutations. */
#include "tests/check.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/route/route.h"

enum { PLACES = 7, ROUNDS = 40, RING = 40 };

/* By the angle between two vectors (atan2 of their cross and scalar products), computed elsewhere. */
static void test_distance(void **state)
{
    static const struct {
        struct route_point a, b;
        double kilometres;
    } rows[] = {
        {{48.8566, 2.3522}, {45.7640, 4.8357}, 391.4994724},
        {{50.6292, 3.0573}, {50.6311, 3.0600}, 0.2844346},
        {{48.8566, 2.3522}, {-20.8823, 55.4504}, 9365.0277718},
        {{0, 0}, {0, 180}, 20015.1144420},
        {{45, 5}, {45, 5}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double found = route_distance(rows[i].a, rows[i].b), wanted = rows[i].kilometres;
        assert_true(fabs(found - wanted) <= 1e-6 * wanted + 1e-9);
        assert_true(fabs(found - route_distance(rows[i].b, rows[i].a)) < 1e-9);
    }
}

/* 0 to 1, the same each time: a linear congruence (Knuth's MMIX). */
static double draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / (double)(1ull << 53);
}

static void draw_points(uint64_t *seed, struct route_point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) points[i] = (struct route_point){45 + 3 * draw(seed), 2 + 4 * draw(seed)};
}

/* The shortest of all orders from `at` on. */
static double shortest(const struct route_point *points, size_t count, size_t *order, size_t at)
{
    if (at + 1 >= count) return route_length(points, count, order);
    double best = INFINITY;
    for (size_t i = at; i + 1 < count; i++) {
        size_t copy[PLACES];
        memcpy(copy, order, (count - 1) * sizeof *copy);
        copy[at] = order[i], copy[i] = order[at];
        best = fmin(best, shortest(points, count, copy, at + 1));
    }
    return best;
}

static bool visits_all(const size_t *order, size_t count)
{
    bool seen[ROUTE_MOST] = {true};
    for (size_t i = 0; i + 1 < count; i++) {
        if (order[i] == 0 || order[i] >= count || seen[order[i]]) return false;
        seen[order[i]] = true;
    }
    return true;
}

static void test_exact(void **state)
{
    struct route_point points[PLACES];
    size_t order[PLACES], all[PLACES];
    uint64_t seed = 7;
    (void)state;
    struct arena *arena = arena_new();
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t count = 1 + round % PLACES;
        draw_points(&seed, points, count);
        for (size_t i = 0; i + 1 < count; i++) all[i] = i + 1;
        const double length = route_order(arena, points, count, order);
        assert_true(visits_all(order, count));
        assert_true(fabs(length - shortest(points, count, all, 0)) < 1e-6);
    }
    arena_free(&arena);
}

/* On a circle the shortest round is the circle; places that coincide do no harm. */
static void test_many(void **state)
{
    struct route_point points[RING];
    size_t order[RING], ring[RING];
    uint64_t seed = 11;
    (void)state;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < RING; i++) {
        const size_t at = i * 7 % RING; /* 7 and 40 have no common factor */
        points[i] = (struct route_point){45 + 0.2 * sin(0.157079632679 * (double)at),
                                         5 + 0.28 * cos(0.157079632679 * (double)at)};
        if (at) ring[at - 1] = i;
    }
    const double length = route_order(arena, points, RING, order);
    assert_true(visits_all(order, RING));
    assert_true(length <= route_length(points, RING, ring) + 1e-6);
    draw_points(&seed, points, RING);
    points[3] = points[9] = points[0];
    const double first = route_order(arena, points, RING, order);
    assert_true(visits_all(order, RING));
    assert_true(fabs(first - route_order(arena, points, RING, order)) < 1e-9);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_distance), cmocka_unit_test(test_exact),
                                       cmocka_unit_test(test_many)};
    return run_group(tests);
}
