/* disclose_table.c: from answers to cells and their contributors. */
#include <math.h>
#include <stdlib.h>

#include "engine/survey/disclose.h"

/* A unit on its way to an entry. Contributor: the holding, or units.count-based number of its own. */
struct drop {
    int32_t cell;
    int32_t contributor;
    size_t unit;
};

static int compare_drops(const void *left, const void *right)
{
    const struct drop *a = left, *b = right;
    if (a->cell != b->cell) return a->cell < b->cell ? -1 : 1;
    if (a->contributor != b->contributor) return a->contributor < b->contributor ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static enum status check_unit(const struct disclose_table *table, const struct disclose_units *units, size_t i,
                              struct error *error)
{
    const char *message = NULL, *field = "response";
    if (!isfinite(units->response[i]))
        message = N_("The response is missing or not a number: leave such units out, or impute them first.");
    else if (units->response[i] < 0)
        message =
            N_("The response is negative: sums of both signs cannot be protected, because shares of a total and bounds "
               "from zero lose their meaning. Protect the positive and the negative part, or each share, as a table of "
               "its own.");
    else if (units->weight && !(units->weight[i] > 0 && isfinite(units->weight[i])))
        message = N_("The weight must be a number above 0."), field = "weight";
    for (size_t d = 0; !message && d < table->dimensions; d++) {
        const int32_t leaf = units->leaves[d][i];
        if (leaf >= 0 && (size_t)leaf < table->trees[d].count && !table->trees[d].children[leaf]) continue;
        field = table->trees[d].name;
        message = N_("The code is not one of the lowest level of its classification.");
    }
    if (!message) return STATUS_OK;
    error_field(error, STATUS_INPUT, field, message);
    return error_at(error, NULL, (int64_t)i + 1, 0);
}

static enum status shape_table(struct disclose_table *table, struct error *error)
{
    size_t cells = 1;
    for (size_t d = 0; d < table->dimensions; d++) {
        table->stride[d] = cells;
        if (table->trees[d].count > DISCLOSE_CELLS_MOST / cells)
            return error_set(error, STATUS_LIMIT,
                             N_("The table has more than 4,000,000 cells: cross fewer or coarser classifications."));
        cells *= table->trees[d].count;
    }
    table->cells = cells;
    return STATUS_OK;
}

static void allocate_cells(struct arena *arena, struct disclose_table *table)
{
    const size_t n = table->cells;
    table->respondents = ARENA_ARRAY(arena, n, int32_t);
    table->contributors = ARENA_ARRAY(arena, n, int32_t);
    table->population = ARENA_ARRAY(arena, n, double);
    table->value = ARENA_ARRAY(arena, n, double);
    table->largest = ARENA_ARRAY(arena, n, double);
    table->second = ARENA_ARRAY(arena, n, double);
    table->lowest = ARENA_ARRAY(arena, n, double);
    table->highest = ARENA_ARRAY(arena, n, double);
    table->owner = ARENA_ARRAY(arena, n, int32_t);
    table->anchor = ARENA_ARRAY(arena, n, int32_t);
    for (size_t c = 0; c < n; c++) {
        table->owner[c] = table->anchor[c] = -1;
        table->lowest[c] = INFINITY;
    }
}

static struct drop *sort_units(struct arena *arena, const struct disclose_table *table,
                               const struct disclose_units *units)
{
    struct drop *drops = ARENA_ARRAY(arena, units->count, struct drop);
    int32_t holdings = 0;
    for (size_t i = 0; units->holding && i < units->count; i++)
        if (units->holding[i] >= holdings) holdings = units->holding[i] + 1;
    for (size_t i = 0; i < units->count; i++) {
        size_t cell = 0;
        for (size_t d = 0; d < table->dimensions; d++) cell += (size_t)units->leaves[d][i] * table->stride[d];
        const bool held = units->holding && units->holding[i] >= 0;
        drops[i] = (struct drop){(int32_t)cell, held ? units->holding[i] : holdings + (int32_t)i, i};
    }
    qsort(drops, units->count, sizeof *drops, compare_drops);
    return drops;
}

/* Merges the units of one holding in one leaf cell. */
static void merge_units(struct arena *arena, struct disclose_table *table, const struct disclose_units *units,
                        const struct drop *drops)
{
    table->entries = ARENA_ARRAY(arena, units->count, struct disclose_entry);
    struct disclose_entry *last = NULL;
    for (size_t i = 0; i < units->count; i++) {
        const double answer = units->response[drops[i].unit];
        const double weight = units->weight ? units->weight[drops[i].unit] : 1;
        if (!last || last->cell != drops[i].cell || last->contributor != drops[i].contributor) {
            last = &table->entries[table->entry_count++];
            *last =
                (struct disclose_entry){.cell = drops[i].cell, .contributor = drops[i].contributor, .weight = weight};
        }
        last->answer += answer;
        last->weighted += weight * answer;
        last->weight = fmin(last->weight, weight);
        table->mean += answer / (double)units->count;
    }
}

/* Calls visit for the cell and all its ancestors. */
typedef void visit_function(void *context, size_t cell);

static void climb(const struct disclose_table *table, size_t d, size_t cell, visit_function *visit, void *context)
{
    if (d == table->dimensions) {
        visit(context, cell);
        return;
    }
    const struct disclose_tree *tree = &table->trees[d];
    const int32_t from = disclose_node(table, cell, d);
    for (int32_t node = from; node >= 0; node = tree->parent[node])
        climb(table, d + 1, cell - (size_t)(from - node) * table->stride[d], visit, context);
}

struct unit_visit {
    struct disclose_table *table;
    double answer;
};

static void visit_unit(void *context, size_t cell)
{
    const struct unit_visit *unit = context;
    struct disclose_table *table = unit->table;
    table->respondents[cell]++;
    table->lowest[cell] = fmin(table->lowest[cell], unit->answer);
    table->highest[cell] = fmax(table->highest[cell], unit->answer);
}

/* One contributor, whole, of one cell. */
static void count_contributor(struct disclose_table *table, size_t cell, const struct disclose_entry *whole)
{
    table->owner[cell] = table->contributors[cell]++ ? -1 : whole->contributor;
    table->population[cell] += whole->weight;
    if (whole->answer > table->largest[cell] || table->anchor[cell] < 0) {
        table->second[cell] = table->largest[cell];
        table->largest[cell] = whole->answer;
        table->anchor[cell] = whole->cell;
    } else if (whole->answer > table->second[cell])
        table->second[cell] = whole->answer;
}

struct entry_visit {
    struct disclose_table *table;
    const struct disclose_entry *entry;
    struct disclose_entry *spread; /* contributions of holdings that stand in several leaf cells, by (ancestor) cell */
    size_t count;
    bool single;
};

static void visit_entry(void *context, size_t cell)
{
    struct entry_visit *visit = context;
    visit->table->value[cell] += visit->entry->weighted;
    if (visit->single)
        count_contributor(visit->table, cell, visit->entry);
    else {
        struct disclose_entry *copy = &visit->spread[visit->count++];
        *copy = *visit->entry;
        copy->weighted = (double)copy->cell;
        copy->cell = (int32_t)cell;
    }
}

static void visit_size(void *context, size_t cell)
{
    (void)cell;
    ++*(size_t *)context;
}

static int compare_places(const struct disclose_entry *a, const struct disclose_entry *b)
{
    if (a->cell != b->cell) return a->cell < b->cell ? -1 : 1;
    return a->contributor < b->contributor ? -1 : a->contributor > b->contributor;
}

static int compare_spread(const void *left, const void *right)
{
    const struct disclose_entry *a = left, *b = right;
    const int order = compare_places(a, b);
    return order ? order : a->weighted < b->weighted ? -1 : a->weighted > b->weighted;
}

/* Joins, cell by cell, the contributions of one holding; until then weighted holds the leaf cell that each comes from. */
static void count_spread(struct disclose_table *table, struct disclose_entry *spread, size_t count)
{
    qsort(spread, count, sizeof *spread, compare_spread);
    table->shared = spread;
    for (size_t i = 0, next; i < count; i = next) {
        struct disclose_entry whole = spread[i], joined = spread[i];
        double most = spread[i].answer;
        whole.cell = (int32_t)spread[i].weighted;
        for (next = i + 1; next < count && compare_places(&spread[next], &joined) == 0; next++) {
            whole.answer += spread[next].answer;
            whole.weight = fmin(whole.weight, spread[next].weight);
            if (spread[next].answer > most) whole.cell = (int32_t)spread[next].weighted;
            most = fmax(most, spread[next].answer);
        }
        count_contributor(table, (size_t)joined.cell, &whole);
        joined.answer = whole.answer;
        joined.weight = whole.weight;
        joined.weighted = 0;
        table->shared[table->shared_count++] = joined;
    }
}

/* How many leaf cells each contributor stands in. */
static int32_t *count_places(struct arena *arena, const struct disclose_table *table)
{
    int32_t most = 0;
    for (size_t i = 0; i < table->entry_count; i++)
        if (table->entries[i].contributor > most) most = table->entries[i].contributor;
    int32_t *places = ARENA_ARRAY(arena, (size_t)most + 1, int32_t);
    for (size_t i = 0; i < table->entry_count; i++) places[table->entries[i].contributor]++;
    return places;
}

static void spread_entries(struct arena *arena, struct disclose_table *table)
{
    const int32_t *places = count_places(arena, table);
    size_t size = 0;
    for (size_t i = 0; i < table->entry_count; i++)
        if (places[table->entries[i].contributor] > 1)
            climb(table, 0, (size_t)table->entries[i].cell, visit_size, &size);
    struct entry_visit visit = {.table = table, .spread = ARENA_ARRAY(arena, size + 1, struct disclose_entry)};
    for (size_t i = 0; i < table->entry_count; i++) {
        visit.entry = &table->entries[i];
        visit.single = places[visit.entry->contributor] == 1;
        climb(table, 0, (size_t)visit.entry->cell, visit_entry, &visit);
    }
    count_spread(table, visit.spread, visit.count);
}

enum status disclose_table_fill(struct arena *arena, const struct disclose_tree *trees, size_t dimensions,
                                const struct disclose_units *units, struct disclose_table *table, struct error *error)
{
    *table = (struct disclose_table){.dimensions = dimensions, .trees = trees};
    if (!dimensions || dimensions > DISCLOSE_DIMENSIONS_MOST)
        return error_set(error, STATUS_INPUT, N_("A table crosses one to six classifications."));
    enum status status = shape_table(table, error);
    for (size_t i = 0; status == STATUS_OK && i < units->count; i++) status = check_unit(table, units, i, error);
    if (status != STATUS_OK) return status;
    allocate_cells(arena, table);
    const struct drop *drops = sort_units(arena, table, units);
    merge_units(arena, table, units, drops);
    spread_entries(arena, table);
    struct unit_visit visit = {.table = table};
    for (size_t i = 0; i < units->count; i++) {
        visit.answer = units->response[drops[i].unit];
        climb(table, 0, (size_t)drops[i].cell, visit_unit, &visit);
    }
    return STATUS_OK;
}
