/* disclose_witness.c: adds an alternative table up again. */
#include <math.h>

#include "engine/survey/disclose_private.h"

static const double rounding = 1e-9;

struct witness_space *witness_space_new(struct arena *arena, const struct disclose_table *table)
{
    struct witness_space *space = ARENA_NEW(arena, struct witness_space);
    space->deviation = ARENA_ARRAY(arena, table->cells, double);
    space->touched = ARENA_ARRAY(arena, table->cells, int32_t);
    return space;
}

static bool sum_holds(const struct witness_space *space, const struct disclose_table *table, size_t d, size_t parent,
                      double noise)
{
    size_t first = 0;
    const size_t children = line_children(table, parent, d, &first);
    double sum = space->deviation[parent];
    for (size_t k = 0; k < children; k++) sum -= space->deviation[first + k * table->stride[d]];
    return fabs(sum) <= noise;
}

static bool sums_hold(const struct witness_space *space, const struct disclose_table *table, double noise)
{
    for (size_t i = 0; i < space->count; i++) {
        const size_t cell = (size_t)space->touched[i];
        for (size_t d = 0; d < table->dimensions; d++) {
            const int64_t above = line_above(table, cell, d);
            size_t first;
            if (above >= 0 && !sum_holds(space, table, d, (size_t)above, noise)) return false;
            if (line_children(table, cell, d, &first) && !sum_holds(space, table, d, cell, noise)) return false;
        }
    }
    return true;
}

bool witness_holds(struct witness_space *space, const struct disclose_table *table, const uint8_t *status,
                   const int32_t *cells, const double *deviations, size_t count)
{
    double largest = 0;
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        const double size = fabs(deviations[i]);
        if (size <= 0) continue;
        const size_t cell = (size_t)cells[i];
        if (size > largest) largest = size;
        if (!cell_hidden(table, status, cell) || table->value[cell] + deviations[i] < -rounding * table->value[cell])
            holds = false;
        space->deviation[cell] = deviations[i];
        space->touched[space->count++] = (int32_t)cell;
    }
    holds = holds && isfinite(largest) && sums_hold(space, table, rounding * largest);
    for (size_t i = 0; i < space->count; i++) space->deviation[space->touched[i]] = 0;
    space->count = 0;
    return holds;
}
