/* test_disclose.c: cell suppression and its audit, against enumeration and against another solver. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "engine/survey/disclose.h"
#include "platform/solver/solver.h"
#include "tests/check.h"

/* ---- small tables ---- */

struct sample {
    struct arena *arena;
    struct disclose_tree *trees;
    size_t dimensions;
    size_t count, room;
    int32_t *leaves[3];
    double *response, *weight;
    int32_t *holding;
    struct disclose_table table;
    uint8_t *status;
    struct disclose_options options;
    struct disclose_summary summary;
    struct error error;
};

static struct sample sample_new(size_t dimensions)
{
    struct sample s = {
        .arena = arena_new(), .dimensions = dimensions, .room = 512, .options = disclose_options_default()};
    s.trees = ARENA_ARRAY(s.arena, 3, struct disclose_tree);
    for (size_t d = 0; d < 3; d++) s.leaves[d] = ARENA_ARRAY(s.arena, s.room, int32_t);
    s.response = ARENA_ARRAY(s.arena, s.room, double);
    s.weight = ARENA_ARRAY(s.arena, s.room, double);
    s.holding = ARENA_ARRAY(s.arena, s.room, int32_t);
    return s;
}

/* links: "code:parent code:parent ..." */
static enum status sample_tree(struct sample *s, size_t d, const char *text)
{
    struct disclose_link links[64];
    size_t count = 0;
    char *words = arena_copy(s->arena, text);
    for (char *word = strsep(&words, " "); word; word = strsep(&words, " ")) {
        links[count].code = strsep(&word, ":");
        links[count].parent = word;
        links[count].line = (int64_t)count + 2;
        count++;
    }
    return disclose_tree_build(s->arena, "dim", links, count, &s->trees[d], &s->error);
}

static void sample_unit(struct sample *s, const char *a, const char *b, const char *c, double response, int32_t holding)
{
    const char *codes[3] = {a, b, c};
    for (size_t d = 0; d < s->dimensions; d++) s->leaves[d][s->count] = disclose_tree_find(&s->trees[d], codes[d]);
    s->response[s->count] = response;
    s->weight[s->count] = 1;
    s->holding[s->count++] = holding;
}

static enum status sample_fill(struct sample *s)
{
    const struct disclose_units units = {
        s->count, {s->leaves[0], s->leaves[1], s->leaves[2]}, s->response, s->weight, s->holding};
    const enum status status = disclose_table_fill(s->arena, s->trees, s->dimensions, &units, &s->table, &s->error);
    if (status == STATUS_OK) s->status = ARENA_ARRAY(s->arena, s->table.cells, uint8_t);
    return status;
}

static size_t cell_of(const struct sample *s, const char *a, const char *b)
{
    return (size_t)disclose_tree_find(&s->trees[0], a) * s->table.stride[0] +
           (s->dimensions > 1 ? (size_t)disclose_tree_find(&s->trees[1], b) * s->table.stride[1] : 0);
}

static struct disclose_report sample_audit(struct sample *s, double *lower, double *upper)
{
    struct disclose_report report;
    disclose_audit(s->arena, &s->table, &s->options.rules, s->status, lower, upper, &report);
    return report;
}

/* ---- random tables ---- */

static uint64_t seed_state;

static uint32_t draw(uint32_t below)
{
    seed_state = seed_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed_state >> 33) % below;
}

static struct sample random_sample(uint64_t seed, size_t dimensions, size_t units)
{
    static const char *const shapes[] = {"a:x b:x c:y d:y e:y", "p: q: r: s:", "m: n: o:"};
    static const char *const leaves[3][5] = {
        {"a", "b", "c", "d", "e"}, {"p", "q", "r", "s", "p"}, {"m", "n", "o", "m", "n"}};
    struct sample s = sample_new(dimensions);
    seed_state = seed;
    for (size_t d = 0; d < dimensions; d++) assert_int_equal(sample_tree(&s, d, shapes[d]), STATUS_OK);
    for (size_t i = 0; i < units; i++) {
        const double size = draw(9) ? 1 + draw(90) : 1000 + draw(9000);
        sample_unit(&s, leaves[0][draw(5)], leaves[1][draw(4)], leaves[2][draw(3)], draw(15) ? size : 0,
                    draw(4) ? -1 : (int32_t)draw(6));
    }
    assert_int_equal(sample_fill(&s), STATUS_OK);
    return s;
}

/* ---- what an outsider can reach, by cbc: an independent programme over all cells ---- */

struct attack {
    double *cost, *lower, *upper, *row_lower, *row_upper, *entry;
    size_t *start;
    int32_t *column;
};

static struct program attack_program(struct sample *s, size_t target, double sign)
{
    const size_t n = s->table.cells, most_rows = n * s->dimensions, most = most_rows * 16;
    struct attack a = {ARENA_ARRAY(s->arena, n, double),
                       ARENA_ARRAY(s->arena, n, double),
                       ARENA_ARRAY(s->arena, n, double),
                       ARENA_ARRAY(s->arena, most_rows, double),
                       ARENA_ARRAY(s->arena, most_rows, double),
                       ARENA_ARRAY(s->arena, most, double),
                       ARENA_ARRAY(s->arena, most_rows + 1, size_t),
                       ARENA_ARRAY(s->arena, most, int32_t)};
    size_t rows = 0, used = 0;
    for (size_t c = 0; c < n; c++) {
        const bool hidden = s->status[c] != DISCLOSE_OPEN && s->table.respondents[c];
        a.lower[c] = hidden ? 0 : s->table.value[c];
        a.upper[c] = hidden ? 1e7 : s->table.value[c];
        for (size_t d = 0; d < s->dimensions; d++) {
            const struct disclose_tree *tree = &s->trees[d];
            const int32_t node = disclose_node(&s->table, c, d);
            if (!tree->children[node]) continue;
            a.column[used] = (int32_t)c;
            a.entry[used++] = -1;
            for (int32_t k = 0; k < tree->children[node]; k++) {
                a.column[used] = (int32_t)(c + (size_t)(tree->first_child[node] + k - node) * s->table.stride[d]);
                a.entry[used++] = 1;
            }
            a.start[++rows] = used;
        }
    }
    a.cost[target] = -sign;
    return (struct program){n,           rows,        a.cost,  a.lower,  a.upper, NULL,
                            a.row_lower, a.row_upper, a.start, a.column, a.entry};
}

static double attack(struct sample *s, const struct solver *solver, size_t target, double sign)
{
    const struct program program = attack_program(s, target, sign);
    double *x = ARENA_ARRAY(s->arena, s->table.cells, double), objective;
    assert_int_equal(solver->solve(solver->context, &program, x, &objective, &s->error), STATUS_OK);
    return x[target];
}

/* ---- tests ---- */

static void test_tree(void **state)
{
    (void)state;
    struct sample s = sample_new(1);
    assert_int_equal(sample_tree(&s, 0, "a:x b:x c:y d:y e:"), STATUS_OK);
    assert_int_equal(s.trees[0].count, 8);
    assert_string_equal(s.trees[0].codes[0], "Total");
    assert_int_equal(s.trees[0].parent[disclose_tree_find(&s.trees[0], "c")], disclose_tree_find(&s.trees[0], "y"));
    assert_int_equal(sample_tree(&s, 0, "a:fr b:fr"), STATUS_OK);
    assert_string_equal(s.trees[0].codes[0], "fr");
    assert_int_equal(sample_tree(&s, 0, "z: a:b b:c c:a"), STATUS_INPUT);
    assert_non_null(strstr(s.error.message, "circle"));
    assert_int_equal(sample_tree(&s, 0, "a: b: a:"), STATUS_INPUT);
    assert_int_equal(s.error.line, 4);
    assert_int_equal(sample_tree(&s, 0, "Total: b:"), STATUS_INPUT);
    arena_free(&s.arena);
}

static void test_rules(void **state)
{
    (void)state;
    struct sample s = sample_new(1);
    double up = 0, down = 0;
    sample_tree(&s, 0, "few: dominated: agreed: safe: held:");
    sample_unit(&s, "few", 0, 0, 40, -1);
    sample_unit(&s, "few", 0, 0, 60, -1);
    sample_unit(&s, "dominated", 0, 0, 900, -1);
    for (int i = 0; i < 5; i++) sample_unit(&s, "dominated", 0, 0, 10, -1);
    for (int i = 0; i < 4; i++) sample_unit(&s, "agreed", 0, 0, 7, -1);
    for (int i = 0; i < 4; i++) sample_unit(&s, "safe", 0, 0, 7 + i, -1);
    for (int i = 0; i < 3; i++) sample_unit(&s, "held", 0, 0, 20 + i, i ? 5 : -1);
    assert_int_equal(sample_fill(&s), STATUS_OK);
    assert_true(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "few", 0), &up, &down));
    assert_true(fabs(up - 10) < 1e-9 && fabs(down - 10) < 1e-9);
    assert_true(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "dominated", 0), &up, &down));
    assert_true(fabs(up - (900 / 0.85 - 950)) < 1e-9);
    assert_true(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "agreed", 0), &up, &down));
    assert_true(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "held", 0), &up, &down));
    assert_false(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "safe", 0), &up, &down));
    s.options.rules.allow_agreed = true;
    assert_false(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "agreed", 0), &up, &down));
    s.options.rules.percent = 200; /* 34 - 10 - 9 < 2 x 10 */
    assert_true(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "safe", 0), &up, &down));
    assert_true(fabs(up - 5) < 1e-9);
    arena_free(&s.arena);
}

static void test_weights(void **state)
{
    (void)state;
    struct sample s = sample_new(1);
    double up, down;
    sample_tree(&s, 0, "a: b:");
    sample_unit(&s, "a", 0, 0, 50, -1);
    sample_unit(&s, "b", 0, 0, 1, -1);
    s.weight[0] = 4;
    assert_int_equal(sample_fill(&s), STATUS_OK);
    assert_false(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "a", 0), &up, &down));
    s.options.rules.unweighted = true;
    assert_true(disclose_sensitive(&s.table, &s.options.rules, cell_of(&s, "a", 0), &up, &down));
    arena_free(&s.arena);
}

static void test_refusals(void **state)
{
    (void)state;
    struct sample s = sample_new(1);
    sample_tree(&s, 0, "a:x b:x");
    sample_unit(&s, "a", 0, 0, 5, -1);
    sample_unit(&s, "b", 0, 0, -5, -1);
    assert_int_equal(sample_fill(&s), STATUS_INPUT);
    assert_int_equal(s.error.line, 2);
    s.response[1] = NAN;
    assert_int_equal(sample_fill(&s), STATUS_INPUT);
    s.response[1] = 5;
    s.weight[1] = 0;
    assert_int_equal(sample_fill(&s), STATUS_INPUT);
    s.weight[1] = 1;
    s.leaves[0][1] = 0; /* the total is no leaf */
    assert_int_equal(sample_fill(&s), STATUS_INPUT);
    arena_free(&s.arena);
}

/* Users' report: three groups dominated by one company, pooled, are still dominated when the smallest fourth is added. */
static void test_pooled_dominance(void **state)
{
    (void)state;
    for (int held = 0; held < 2; held++) {
        struct sample s = sample_new(1);
        sample_tree(&s, 0, "B05: B06: B07: B08: B09:");
        sample_unit(&s, "B05", 0, 0, 10000, held ? 3 : -1);
        sample_unit(&s, "B05", 0, 0, 100, -1);
        sample_unit(&s, "B05", 0, 0, 50, -1);
        for (int g = 0; g < 2; g++) {
            sample_unit(&s, g ? "B06" : "B07", 0, 0, held ? 900 : 90, held ? 3 : -1);
            for (int i = 0; i < 3; i++) sample_unit(&s, g ? "B06" : "B07", 0, 0, 2 + i, -1);
        }
        for (int i = 0; i < 5; i++) sample_unit(&s, "B08", 0, 0, 900 + i, -1);
        for (int i = 0; i < 5; i++) sample_unit(&s, "B09", 0, 0, 50 + i, -1);
        assert_int_equal(sample_fill(&s), STATUS_OK);
        const size_t b8 = cell_of(&s, "B08", 0), b9 = cell_of(&s, "B09", 0);
        for (size_t c = 1; c < s.table.cells; c++)
            s.status[c] = c == b8 ? DISCLOSE_OPEN : c == b9 ? DISCLOSE_SECONDARY : DISCLOSE_PRIMARY;
        assert_true(sample_audit(&s, NULL, NULL).finding_count > 0);
        memset(s.status, 0, s.table.cells);
        assert_int_equal(disclose_protect(&s.table, &s.options, s.status, &s.summary, &s.error), STATUS_OK);
        assert_int_equal(s.status[b8], DISCLOSE_SECONDARY);
        assert_int_equal(sample_audit(&s, NULL, NULL).finding_count, 0);
        arena_free(&s.arena);
    }
}

/* Two companies alone in their cells: each would find the other's figure if no third cell were hidden. */
static void test_insiders(void **state)
{
    (void)state;
    struct sample s = sample_new(1);
    sample_tree(&s, 0, "a: b: c: d:");
    sample_unit(&s, "a", 0, 0, 100, -1);
    sample_unit(&s, "b", 0, 0, 100, -1);
    for (int i = 0; i < 5; i++) sample_unit(&s, "c", 0, 0, 20 + i, -1);
    for (int i = 0; i < 5; i++) sample_unit(&s, "d", 0, 0, 200 + i, -1);
    assert_int_equal(sample_fill(&s), STATUS_OK);
    s.status[cell_of(&s, "a", 0)] = s.status[cell_of(&s, "b", 0)] = DISCLOSE_PRIMARY;
    const struct disclose_report report = sample_audit(&s, NULL, NULL);
    assert_true(report.finding_count >= 2);
    bool insider = false;
    for (size_t i = 0; i < report.finding_count; i++)
        insider = insider || report.findings[i].reason == DISCLOSE_INSIDER;
    assert_true(insider);
    memset(s.status, 0, s.table.cells);
    assert_int_equal(disclose_protect(&s.table, &s.options, s.status, &s.summary, &s.error), STATUS_OK);
    assert_int_equal(s.status[cell_of(&s, "c", 0)], DISCLOSE_SECONDARY);
    assert_int_equal(sample_audit(&s, NULL, NULL).finding_count, 0);
    arena_free(&s.arena);
}

/* On random tables: the auditor accepts, refuses once a secondary cell that matters is open, and the answer is repeatable. */
static void test_random_tables(void **state)
{
    (void)state;
    size_t refused = 0, reopened = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct sample s = random_sample(seed, 2 + seed % 2, 40 + seed);
        assert_int_equal(disclose_protect(&s.table, &s.options, s.status, &s.summary, &s.error), STATUS_OK);
        assert_int_equal(sample_audit(&s, NULL, NULL).finding_count, 0);
        uint8_t *again = ARENA_ARRAY(s.arena, s.table.cells, uint8_t);
        assert_int_equal(disclose_protect(&s.table, &s.options, again, &s.summary, &s.error), STATUS_OK);
        assert_memory_equal(again, s.status, s.table.cells);
        for (size_t c = 0; c < s.table.cells; c++) {
            if (again[c] != DISCLOSE_SECONDARY) continue;
            s.status[c] = DISCLOSE_OPEN;
            reopened++;
            refused += sample_audit(&s, NULL, NULL).finding_count > 0;
            s.status[c] = DISCLOSE_SECONDARY;
        }
        arena_free(&s.arena);
    }
    assert_true(reopened > 100);
    assert_int_equal(refused, reopened);
}

/* The exact intervals are those of another solver on an independent statement of the problem. */
static void test_against_cbc(void **state)
{
    (void)state;
    if (access("/usr/bin/cbc", X_OK) != 0) skip();
    for (uint64_t seed = 100; seed < 103; seed++) {
        struct sample s = random_sample(seed, 3, 60);
        const struct solver *solver = solver_new(s.arena, NULL, NULL);
        double *lower = ARENA_ARRAY(s.arena, s.table.cells, double),
               *upper = ARENA_ARRAY(s.arena, s.table.cells, double);
        assert_int_equal(disclose_protect(&s.table, &s.options, s.status, &s.summary, &s.error), STATUS_OK);
        const struct disclose_report report = sample_audit(&s, lower, upper);
        assert_true(report.exact);
        size_t compared = 0;
        for (size_t c = 0; c < s.table.cells && compared < 12; c++) {
            double up, down;
            if (!disclose_sensitive(&s.table, &s.options.rules, c, &up, &down)) continue;
            const double high = attack(&s, solver, c, 1), low = attack(&s, solver, c, -1);
            const double noise = 1e-5 * (1 + s.table.value[c] + fabs(high));
            assert_true(fabs(low - lower[c]) < noise);
            if (high < 9e6) assert_true(fabs(high - upper[c]) < noise);
            assert_true(high >= s.table.value[c] + up - noise && low <= s.table.value[c] - down + noise);
            compared++;
        }
        assert_true(compared > 0);
        arena_free(&s.arena);
    }
}

static double pattern_cost(const struct sample *s)
{
    double cost = 0;
    for (size_t c = 0; c < s->table.cells; c++)
        if (s->status[c] == DISCLOSE_SECONDARY) cost += 1 + sqrt(s->table.value[c] / s->table.mean);
    return cost;
}

/* All patterns of a table of 16 cells: the cheapest that the auditor accepts is what the optimal method finds. */
static void test_optimal_by_enumeration(void **state)
{
    (void)state;
    if (access("/usr/bin/cbc", X_OK) != 0) skip();
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct sample s = sample_new(2);
        seed_state = seed * 77;
        sample_tree(&s, 0, "a: b: c:");
        sample_tree(&s, 1, "p: q: r:");
        static const char *const rows[] = {"a", "b", "c"}, *const columns[] = {"p", "q", "r"};
        for (int i = 0; i < 9; i++)
            for (uint32_t k = 1 + draw(6); k > 0; k--)
                sample_unit(&s, rows[i / 3], columns[i % 3], 0, 1 + draw(30), draw(5) ? -1 : (int32_t)draw(3));
        assert_int_equal(sample_fill(&s), STATUS_OK);
        s.options.method = DISCLOSE_OPTIMAL;
        s.options.solver = solver_new(s.arena, NULL, NULL);
        const enum status status = disclose_protect(&s.table, &s.options, s.status, &s.summary, &s.error);
        const double found = status == STATUS_OK ? pattern_cost(&s) : INFINITY;
        if (status == STATUS_OK) assert_int_equal(sample_audit(&s, NULL, NULL).finding_count, 0);
        double best = INFINITY, up, down;
        for (uint32_t mask = 0; mask < 1u << 16; mask++) {
            bool primary_hidden = true;
            for (size_t c = 0; c < 16 && primary_hidden; c++) {
                const bool sensitive = disclose_sensitive(&s.table, &s.options.rules, c, &up, &down);
                primary_hidden = !sensitive || (mask >> c & 1);
                s.status[c] = sensitive ? DISCLOSE_PRIMARY : mask >> c & 1 ? DISCLOSE_SECONDARY : DISCLOSE_OPEN;
            }
            if (!primary_hidden || pattern_cost(&s) >= fmin(best, found - 1e-6)) continue;
            if (sample_audit(&s, NULL, NULL).finding_count == 0) best = pattern_cost(&s);
        }
        assert_true(best >= INFINITY); /* nothing cheaper than what was found is accepted */
        assert_true(found < INFINITY);
        arena_free(&s.arena);
    }
}

/* Two tables that share a margin, as one cube of which the inside is not published. */
static void test_linked_tables(void **state)
{
    (void)state;
    struct sample s = random_sample(7, 3, 90);
    for (size_t c = 0; c < s.table.cells; c++)
        if (disclose_node(&s.table, c, 1) && disclose_node(&s.table, c, 2)) s.status[c] = DISCLOSE_UNPUBLISHED;
    assert_int_equal(disclose_protect(&s.table, &s.options, s.status, &s.summary, &s.error), STATUS_OK);
    assert_int_equal(s.summary.cells, 8u * (5 + 4 - 1));
    assert_int_equal(sample_audit(&s, NULL, NULL).finding_count, 0);
    arena_free(&s.arena);
}

static void test_additive(void **state)
{
    (void)state;
    struct sample s = random_sample(3, 2, 60);
    double *value = ARENA_ARRAY(s.arena, s.table.cells, double);
    size_t d;
    memcpy(value, s.table.value, s.table.cells * sizeof *value);
    assert_int_equal(disclose_additive(&s.table, s.status, value, &d), s.table.cells);
    value[s.table.cells - 1] += 1;
    assert_true(disclose_additive(&s.table, s.status, value, &d) < s.table.cells);
    arena_free(&s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_pooled_dominance),
        cmocka_unit_test(test_insiders),
        cmocka_unit_test(test_random_tables),
        cmocka_unit_test(test_against_cbc),
        cmocka_unit_test(test_optimal_by_enumeration),
        cmocka_unit_test(test_linked_tables),
        cmocka_unit_test(test_additive),
    };
    return run_group(tests);
}
