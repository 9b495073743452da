/* test_solver.c: the exact solver in its child process. Skipped where cbc is not installed. */
#include <math.h>
#include <unistd.h>

#include "base/arena.h"
#include "platform/solver/solver.h"
#include "tests/check.h"

/* A knapsack: most of 5a + 4b + 3c within 2a + 3b + c <= 5, 4a + b + 2c <= 11; whole numbers up to 10. */
struct knapsack {
    double cost[3], lower[3], upper[3], row_lower[2], row_upper[2], entry[6];
    bool whole[3];
    size_t start[3];
    int32_t column[6];
    struct program program;
};

static struct knapsack *knapsack_new(struct arena *arena)
{
    struct knapsack *k = ARENA_NEW(arena, struct knapsack);
    *k = (struct knapsack){.cost = {-5, -4, -3},
                           .upper = {10, 10, 10},
                           .row_lower = {-INFINITY, -INFINITY},
                           .row_upper = {5, 11},
                           .entry = {2, 3, 1, 4, 1, 2},
                           .whole = {true, true, true},
                           .start = {0, 3, 6},
                           .column = {0, 1, 2, 0, 1, 2}};
    k->program = (struct program){
        3, 2, k->cost, k->lower, k->upper, k->whole, k->row_lower, k->row_upper, k->start, k->column, k->entry};
    return k;
}

static bool installed(void)
{
    if (access("/usr/bin/cbc", X_OK) == 0) return true;
    skip();
    return false;
}

static enum status run(struct arena *arena, const struct program *program, const char *path, double *x,
                       double *objective)
{
    const struct solver *solver = solver_new(arena, path, NULL);
    struct error error = {0};
    return solver->solve(solver->context, program, x, objective, &error);
}

static void test_solves(void **state)
{
    (void)state;
    if (!installed()) return;
    struct arena *arena = arena_new();
    struct knapsack *k = knapsack_new(arena);
    double x[3], objective;
    assert_int_equal(run(arena, &k->program, NULL, x, &objective), STATUS_OK);
    double best = 0; /* by enumeration */
    for (int a = 0; a <= 10; a++)
        for (int b = 0; b <= 10; b++)
            for (int c = 0; c <= 10; c++)
                if (2 * a + 3 * b + c <= 5 && 4 * a + b + 2 * c <= 11) best = fmin(best, -5 * a - 4 * b - 3 * c);
    assert_true(fabs(objective - best) < 1e-9);
    arena_free(&arena);
}

static void test_infeasible(void **state)
{
    (void)state;
    if (!installed()) return;
    struct arena *arena = arena_new();
    struct knapsack *k = knapsack_new(arena);
    double x[3], objective;
    k->row_lower[0] = 200;
    k->row_upper[0] = INFINITY;
    assert_int_equal(run(arena, &k->program, NULL, x, &objective), STATUS_NONE);
    arena_free(&arena);
}

static void test_broken_child(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct knapsack *k = knapsack_new(arena);
    double x[3], objective;
    assert_int_equal(run(arena, &k->program, "/nonexistent/cbc", x, &objective), STATUS_FAULT);
    assert_int_equal(run(arena, &k->program, "/bin/false", x, &objective), STATUS_FAULT);
    assert_int_equal(run(arena, &k->program, "/bin/true", x, &objective),
                     STATUS_FAULT); /* ends well, answers nothing */
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_solves),
        cmocka_unit_test(test_infeasible),
        cmocka_unit_test(test_broken_child),
    };
    return run_group(tests);
}
