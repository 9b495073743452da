/* disclose_polish.c: opens what the exact audit does not need. */
#include <stdlib.h>

#include "engine/survey/disclose_private.h"

struct ranked {
    double cost;
    int32_t cell;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->cost < b->cost || a->cost > b->cost) return a->cost > b->cost ? -1 : 1;
    return a->cell < b->cell ? -1 : a->cell > b->cell;
}

size_t secondary_by_cost(struct arena *arena, const struct disclose_table *table, const double *cost,
                         const uint8_t *status, int32_t **cells)
{
    struct ranked *order = ARENA_ARRAY(arena, table->cells, struct ranked);
    size_t count = 0;
    for (size_t cell = 0; cell < table->cells; cell++)
        if (status[cell] == DISCLOSE_SECONDARY) order[count++] = (struct ranked){cost[cell], (int32_t)cell};
    if (count) qsort(order, count, sizeof *order, compare_ranked);
    *cells = ARENA_ARRAY(arena, count, int32_t);
    for (size_t i = 0; i < count; i++) (*cells)[i] = order[i].cell;
    return count;
}

void polish(const struct disclose_table *table, const struct disclose_rules *rules, const double *cost, uint8_t *status)
{
    if (table->cells > DISCLOSE_EXACT_CELLS) return;
    struct arena *scratch = arena_new();
    int32_t *cells;
    const size_t count = secondary_by_cost(scratch, table, cost, status, &cells);
    for (size_t i = 0; i < count; i++) {
        status[cells[i]] = DISCLOSE_OPEN;
        if (!audit_accepts(table, rules, status, (size_t)cells[i])) status[cells[i]] = DISCLOSE_SECONDARY;
    }
    arena_free(&scratch);
}
