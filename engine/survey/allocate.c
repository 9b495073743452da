#include "engine/survey/allocate.h"

#include <math.h>

#include "base/arena.h"
#include "engine/survey/allocate_private.h"

int64_t allocate_least(const struct allocate_strata *strata, size_t h) { return strata->least ? strata->least[h] : 0; }

int64_t allocate_most(const struct allocate_strata *strata, size_t h)
{
    return strata->most ? strata->most[h] : strata->population[h];
}

static const char *name_of(struct arena *arena, const struct allocate_strata *strata, size_t h)
{
    return strata->names ? strata->names[h] : arena_print(arena, "%zu", h + 1);
}

static const char *number(struct arena *arena, int64_t value) { return arena_print(arena, "%lld", (long long)value); }

enum status allocate_check(struct arena *arena, const struct allocate_strata *strata, struct error *error)
{
    if (strata->count == 0) return error_set(error, STATUS_INPUT, N_("There is no stratum."));
    for (size_t h = 0; h < strata->count; h++) {
        const int64_t least = allocate_least(strata, h), most = allocate_most(strata, h),
                      population = strata->population[h];
        if (population <= 0)
            return error_set(error, STATUS_INPUT, N_("The stratum {1} is empty."), name_of(arena, strata, h));
        if (least < 0 || least > most || most > population)
            return error_set(error, STATUS_INPUT, N_("The stratum {1} of {2} units cannot give between {3} and {4}."),
                             name_of(arena, strata, h), number(arena, population), number(arena, least),
                             number(arena, most));
        if (strata->cost && !(strata->cost[h] > 0))
            return error_set(error, STATUS_INPUT, N_("The cost of the stratum {1} must be positive."),
                             name_of(arena, strata, h));
    }
    return STATUS_OK;
}

/* What the next unit of a stratum is worth: its share of the variance, and where there is none its share of the
 * population. */
struct claim {
    double gain, share;
    size_t stratum;
};

static struct claim claim_of(const struct allocate_strata *strata, const double *deviation, size_t h, int64_t size)
{
    const double spread = (double)strata->population[h] * deviation[h], n = (double)size;
    const double gain = spread == 0 ? 0 : size == 0 ? INFINITY : spread * spread / (n * (n + 1));
    return (struct claim){gain, (double)strata->population[h] / (n + 1), h};
}

static bool comes_first(const struct claim *a, const struct claim *b)
{
    if (a->gain != b->gain) return a->gain > b->gain;
    if (a->share != b->share) return a->share > b->share;
    return a->stratum < b->stratum;
}

/* Restores the heap below its place `at`. */
static void sink(struct claim *heap, size_t count, size_t at)
{
    for (;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (comes_first(&heap[child], &heap[best])) best = child;
        if (best == at) return;
        const struct claim moved = heap[at];
        heap[at] = heap[best];
        heap[best] = moved;
        at = best;
    }
}

static enum status check_total(struct arena *arena, const struct allocate_strata *strata, int64_t total,
                               struct error *error)
{
    int64_t least = 0, most = 0;
    for (size_t h = 0; h < strata->count; h++) {
        least += allocate_least(strata, h);
        most += allocate_most(strata, h);
    }
    if (total >= least && total <= most) return STATUS_OK;
    return error_set(error, STATUS_NONE,
                     N_("The strata can give from {1} to {2} units in all, not {3}. Change the total, or the minimum "
                        "and maximum per stratum."),
                     number(arena, least), number(arena, most), number(arena, total));
}

/* Gives out what is left above the minimums, unit by unit. */
static void give(const struct allocate_strata *strata, const double *deviation, int64_t left, int64_t *size,
                 struct claim *heap)
{
    size_t count = 0;
    for (size_t h = 0; h < strata->count; h++)
        if (size[h] < allocate_most(strata, h)) heap[count++] = claim_of(strata, deviation, h, size[h]);
    for (size_t at = count / 2; at-- > 0;) sink(heap, count, at);
    while (left-- > 0) {
        const size_t h = heap[0].stratum;
        size[h]++;
        heap[0] = size[h] < allocate_most(strata, h) ? claim_of(strata, deviation, h, size[h]) : heap[--count];
        sink(heap, count, 0);
    }
}

enum status allocate_neyman(struct arena *arena, const struct allocate_strata *strata, const double *deviation,
                            int64_t total, int64_t *size, struct error *error)
{
    enum status status = allocate_check(arena, strata, error);
    if (!status) status = check_total(arena, strata, total, error);
    if (status) return status;
    int64_t left = total;
    for (size_t h = 0; h < strata->count; h++) {
        if (!(deviation[h] >= 0) || !isfinite(deviation[h]))
            return error_set(error, STATUS_INPUT,
                             N_("The standard deviation of the stratum {1} must be a number, not negative."),
                             name_of(arena, strata, h));
        size[h] = allocate_least(strata, h);
        left -= size[h];
    }
    give(strata, deviation, left, size, ARENA_ARRAY(arena, strata->count, struct claim));
    return STATUS_OK;
}
