/* disclose_pool.c: sets of suppressed cells that are sensitive in themselves.
 *
 * Looked at: the hidden children of each published sum (their total is known: too few contributors?), those of them
 * that one holding dominates, those that hold one holding's units, and all leaf cells that one holding dominates. A
 * company that stands in one leaf cell needs no such look: the upper bound of its cell protects every sum that holds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "engine/survey/disclose_private.h"

struct pool_scanner {
    const struct disclose_table *table;
    const struct disclose_rules *rules;
    const uint8_t *status;
    struct arena *arena;
    struct map *known;               /* pools already given, by their cells */
    int32_t *hidden;                 /* children of the present sum */
    struct disclose_entry *gathered; /* shared contributions to them */
    size_t gathered_room;
};

struct pool_scanner *pool_scanner_new(struct arena *arena, const struct disclose_table *table,
                                      const struct disclose_rules *rules, const uint8_t *status)
{
    struct pool_scanner *scanner = ARENA_NEW(arena, struct pool_scanner);
    size_t widest = 1;
    for (size_t d = 0; d < table->dimensions; d++)
        if (table->trees[d].count > widest) widest = table->trees[d].count;
    *scanner = (struct pool_scanner){
        .table = table, .rules = rules, .status = status, .arena = arena, .known = map_new(arena)};
    scanner->hidden = ARENA_ARRAY(arena, widest, int32_t);
    return scanner;
}

static int compare_cells(const void *left, const void *right)
{
    const int32_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Adds the pool unless the same set was given before. */
static void give_pool(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools, struct target pool,
                      const int32_t *cells)
{
    pool.cells = ARENA_ARRAY(arena, pool.count, int32_t);
    memcpy(pool.cells, cells, pool.count * sizeof *cells);
    qsort(pool.cells, pool.count, sizeof *cells, compare_cells);
    char *key = arena_copy_bytes(scanner->arena, (const char *)pool.cells, pool.count * sizeof *cells);
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < pool.count * sizeof *cells; i++) hash = (hash ^ (uint8_t)key[i]) * 1099511628211u;
    if (map_get_number(scanner->known, (int64_t)hash)) return;
    map_put_number(scanner->known, (int64_t)hash, key);
    target_add(arena, pools, &pool);
}

/* The first shared contribution to a cell. */
static size_t shared_start(const struct disclose_table *table, int32_t cell)
{
    size_t low = 0, high = table->shared_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (table->shared[middle].cell < cell)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_gathered(const void *left, const void *right)
{
    const struct disclose_entry *a = left, *b = right;
    if (a->contributor != b->contributor) return a->contributor < b->contributor ? -1 : 1;
    return a->cell < b->cell ? -1 : a->cell > b->cell;
}

/* Gathers, by contributor, the shared contributions to a set of cells. */
static size_t gather_shared(struct pool_scanner *scanner, const int32_t *cells, size_t count)
{
    const struct disclose_table *table = scanner->table;
    size_t gathered = 0;
    if (!table->shared_count) return 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = shared_start(table, cells[i]); k < table->shared_count && table->shared[k].cell == cells[i];
             k++) {
            if (gathered == scanner->gathered_room) {
                const size_t room = 2 * scanner->gathered_room + 64;
                struct disclose_entry *larger = ARENA_ARRAY(scanner->arena, room, struct disclose_entry);
                if (gathered) memcpy(larger, scanner->gathered, gathered * sizeof *larger);
                scanner->gathered = larger;
                scanner->gathered_room = room;
            }
            scanner->gathered[gathered++] = table->shared[k];
        }
    if (gathered) qsort(scanner->gathered, gathered, sizeof *scanner->gathered, compare_gathered);
    return gathered;
}

/* The end of the run of one contributor that begins at `from`. */
static size_t run_end(const struct disclose_entry *entries, size_t from, size_t count)
{
    size_t end = from + 1;
    while (end < count && entries[end].contributor == entries[from].contributor) end++;
    return end;
}

/* Contributors of the union, on weights or not: a holding that stands in several of the cells counts once. */
static double union_population(const struct pool_scanner *scanner, const int32_t *cells, size_t count, size_t gathered)
{
    const struct disclose_table *table = scanner->table;
    const bool plain = scanner->rules->unweighted;
    double population = 0;
    for (size_t i = 0; i < count; i++)
        population += plain ? table->contributors[cells[i]] : table->population[cells[i]];
    for (size_t from = 0, end; from < gathered; from = end) {
        end = run_end(scanner->gathered, from, gathered);
        double sum = 0, least = INFINITY;
        for (size_t k = from; k < end; k++) {
            const double weight = plain ? 1 : scanner->gathered[k].weight;
            sum += weight;
            least = fmin(least, weight);
        }
        population += least - sum;
    }
    return population;
}

static double union_value(const struct disclose_table *table, const int32_t *cells, size_t count)
{
    double value = 0;
    for (size_t i = 0; i < count; i++) value += table->value[cells[i]];
    return value;
}

static void give_few(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools, size_t count,
                     size_t gathered)
{
    const double population = union_population(scanner, scanner->hidden, count, gathered);
    if (population >= scanner->rules->minimum - 1e-9) return;
    const double value = union_value(scanner->table, scanner->hidden, count);
    const double level = rules_margin_level(scanner->table, scanner->rules, value, population);
    give_pool(
        scanner, arena, pools,
        (struct target){
            .count = count, .value = value, .up = level, .down = fmin(level, value), .owner = -1, .outside = true},
        scanner->hidden);
}

/* A pool that holds `answer` of the contributor: given if he dominates it. */
static void give_dominated(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools,
                           const int32_t *cells, size_t count, int32_t contributor, double answer)
{
    const double value = union_value(scanner->table, cells, count);
    const double level = rules_dominance_level(scanner->rules, answer, value);
    if (count < 2 || !(level > 1e-9 * value)) return;
    give_pool(
        scanner, arena, pools,
        (struct target){.count = count, .value = value, .up = level, .down = fmin(level, value), .owner = contributor},
        cells);
}

/* The cells of one contributor among those of the present sum: all of them, and those that he dominates. */
static void give_run(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools, size_t from,
                     size_t end, size_t count)
{
    int32_t *dominated = ARENA_ARRAY(arena, end - from, int32_t);
    size_t dominated_count = 0;
    double all = 0, some = 0;
    for (size_t k = from; k < end; k++) {
        const struct disclose_entry *entry = &scanner->gathered[k];
        all += entry->answer;
        if (rules_dominance_level(scanner->rules, entry->answer, scanner->table->value[entry->cell]) <= 0) continue;
        dominated[dominated_count++] = entry->cell;
        some += entry->answer;
    }
    give_dominated(scanner, arena, pools, dominated, dominated_count, scanner->gathered[from].contributor, some);
    give_dominated(scanner, arena, pools, scanner->hidden, count, scanner->gathered[from].contributor, all);
}

static void scan_sum(struct pool_scanner *scanner, struct arena *arena, size_t d, size_t parent,
                     struct target_list *pools)
{
    const struct disclose_table *table = scanner->table;
    size_t first = 0, count = 0;
    const size_t children = line_children(table, parent, d, &first);
    for (size_t k = 0; k < children; k++)
        if (cell_hidden(table, scanner->status, first + k * table->stride[d]))
            scanner->hidden[count++] = (int32_t)(first + k * table->stride[d]);
    if (count < 2) return;
    const size_t gathered = gather_shared(scanner, scanner->hidden, count);
    if (!cell_hidden(table, scanner->status, parent)) give_few(scanner, arena, pools, count, gathered);
    for (size_t from = 0, end; from < gathered; from = end) {
        end = run_end(scanner->gathered, from, gathered);
        if (end - from > 1) give_run(scanner, arena, pools, from, end, count);
    }
}

static bool leaf_cell(const struct disclose_table *table, size_t cell)
{
    for (size_t d = 0; d < table->dimensions; d++)
        if (table->trees[d].children[disclose_node(table, cell, d)]) return false;
    return true;
}

/* Per contributor: all hidden leaf cells that he dominates, wherever they are. */
static void scan_contributors(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools)
{
    const struct disclose_table *table = scanner->table;
    struct disclose_entry *entries = ARENA_ARRAY(arena, table->shared_count, struct disclose_entry);
    int32_t *cells = ARENA_ARRAY(arena, table->shared_count, int32_t);
    size_t count = 0;
    for (size_t k = 0; k < table->shared_count; k++) {
        const struct disclose_entry *entry = &table->shared[k];
        if (cell_hidden(table, scanner->status, (size_t)entry->cell) && leaf_cell(table, (size_t)entry->cell) &&
            rules_dominance_level(scanner->rules, entry->answer, table->value[entry->cell]) > 0)
            entries[count++] = *entry;
    }
    if (count) qsort(entries, count, sizeof *entries, compare_gathered);
    for (size_t from = 0, end; from < count; from = end) {
        end = run_end(entries, from, count);
        double answer = 0;
        for (size_t k = from; k < end; k++) {
            cells[k] = entries[k].cell;
            answer += entries[k].answer;
        }
        give_dominated(scanner, arena, pools, &cells[from], end - from, entries[from].contributor, answer);
    }
}

void pool_scan(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools)
{
    for (size_t d = 0; d < scanner->table->dimensions; d++)
        for (size_t cell = 0; cell < scanner->table->cells; cell++) scan_sum(scanner, arena, d, cell, pools);
    if (scanner->table->shared_count) scan_contributors(scanner, arena, pools);
}

void pool_scan_cell(struct pool_scanner *scanner, struct arena *arena, size_t cell, struct target_list *pools)
{
    for (size_t d = 0; d < scanner->table->dimensions; d++) {
        const int64_t above = line_above(scanner->table, cell, d);
        if (above >= 0) scan_sum(scanner, arena, d, (size_t)above, pools);
    }
}
