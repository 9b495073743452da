/* disclose_bounds.c: what follows for hidden cells from the sums taken one by one; and whether published figures add up. */
#include <math.h>

#include "engine/survey/disclose_private.h"

enum { PASSES_MOST = 30 };

static const double worth = 1e-9; /* improvements under this share are left */

struct interval {
    double *lower, *upper;
    bool moved;
};

/* The sum over the children of one bound: what is finite, and how many are infinite. */
struct side {
    double finite;
    size_t infinite;
};

static void side_add(struct side *side, double bound)
{
    if (isinf(bound))
        side->infinite++;
    else
        side->finite += bound;
}

/* The sum without one of its terms. */
static double side_without(const struct side *side, double bound)
{
    if (isinf(bound)) return side->infinite > 1 ? INFINITY : side->finite;
    return side->infinite ? INFINITY : side->finite - bound;
}

static void tighten(struct interval *interval, size_t cell, double lower, double upper)
{
    const double noise = worth * (fabs(lower) + 1e-300);
    if (lower > interval->lower[cell] + noise) {
        interval->lower[cell] = fmin(lower, interval->upper[cell]);
        interval->moved = true;
    }
    if (upper < interval->upper[cell] - worth * fabs(upper)) {
        interval->upper[cell] = fmax(upper, interval->lower[cell]);
        interval->moved = true;
    }
}

static void tighten_sum(struct interval *interval, const struct disclose_table *table, size_t d, size_t parent)
{
    size_t first = 0;
    const size_t children = line_children(table, parent, d, &first), stride = table->stride[d];
    struct side low = {0}, high = {0};
    for (size_t k = 0; k < children; k++) {
        side_add(&low, interval->lower[first + k * stride]);
        side_add(&high, interval->upper[first + k * stride]);
    }
    if (!children) return;
    if (interval->upper[parent] > interval->lower[parent])
        tighten(interval, parent, low.finite, high.infinite ? INFINITY : high.finite);
    const double parent_low = interval->lower[parent], parent_high = interval->upper[parent];
    for (size_t k = 0; k < children; k++) {
        const size_t child = first + k * stride;
        const double own_low = interval->lower[child], own_high = interval->upper[child];
        if (own_high <= own_low) continue;
        tighten(interval, child, parent_low - side_without(&high, own_high), parent_high - side_without(&low, own_low));
    }
}

void bounds_propagate(const struct disclose_table *table, double *lower, double *upper)
{
    struct interval interval = {lower, upper, true};
    for (int pass = 0; pass < PASSES_MOST && interval.moved; pass++) {
        interval.moved = false;
        for (size_t d = 0; d < table->dimensions; d++)
            for (size_t cell = 0; cell < table->cells; cell++) tighten_sum(&interval, table, d, cell);
    }
}

size_t disclose_additive(const struct disclose_table *shape, const uint8_t *status, const double *value,
                         size_t *dimension)
{
    for (size_t parent = 0; parent < shape->cells; parent++)
        for (size_t d = 0; d < shape->dimensions; d++) {
            size_t first = 0;
            const size_t children = line_children(shape, parent, d, &first);
            double sum = 0;
            bool all_open = children && status[parent] == DISCLOSE_OPEN;
            for (size_t k = 0; k < children; k++) {
                sum += value[first + k * shape->stride[d]];
                all_open = all_open && status[first + k * shape->stride[d]] == DISCLOSE_OPEN;
            }
            *dimension = d;
            if (all_open && fabs(sum - value[parent]) > 1e-9 * (fabs(sum) + fabs(value[parent]))) return parent;
        }
    return shape->cells;
}
