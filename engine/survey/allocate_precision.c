#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/allocate_private.h"

/* Target k reads sum_h share[k][h] / n_h <= 1, where share = N^2 S^2 / (V + sum N S^2). */
struct bethel {
    const struct allocate_strata *strata;
    size_t targets;
    double *share; /* targets x strata */
    double *price; /* per target */
    double *size;  /* per stratum: the n of the present prices */
    double *load;  /* per target: the sum above at the present sizes */
};

enum { ROUNDS_MOST = 50000 };
static const double gap_accepted = 1e-8;

static double cost_of(const struct bethel *bethel, size_t h)
{
    return bethel->strata->cost ? bethel->strata->cost[h] : 1;
}

static double clamp(const struct bethel *bethel, size_t h, double n)
{
    return fmin((double)allocate_most(bethel->strata, h),
                fmax(fmax(1e-9, (double)allocate_least(bethel->strata, h)), n));
}

static void measure(const struct bethel *bethel, const double *size, double *load)
{
    for (size_t k = 0; k < bethel->targets; k++) {
        const double *share = bethel->share + k * bethel->strata->count;
        load[k] = 0;
        for (size_t h = 0; h < bethel->strata->count; h++)
            if (share[h] > 0) load[k] += share[h] / size[h];
    }
}

/* The sizes that are best at the present prices. */
static void answer_prices(const struct bethel *bethel)
{
    for (size_t h = 0; h < bethel->strata->count; h++) {
        double pull = 0;
        for (size_t k = 0; k < bethel->targets; k++)
            pull += bethel->price[k] * bethel->share[k * bethel->strata->count + h];
        bethel->size[h] = clamp(bethel, h, sqrt(pull / cost_of(bethel, h)));
    }
    measure(bethel, bethel->size, bethel->load);
}

static double total_cost(const struct bethel *bethel, const double *size)
{
    double cost = 0;
    for (size_t h = 0; h < bethel->strata->count; h++) cost += cost_of(bethel, h) * size[h];
    return cost;
}

/* What the present prices prove: the least of the Lagrangian. */
static double dual_bound(const struct bethel *bethel)
{
    double bound = total_cost(bethel, bethel->size);
    for (size_t k = 0; k < bethel->targets; k++) bound += bethel->price[k] * (bethel->load[k] - 1);
    return bound;
}

static bool all_met(const struct bethel *bethel, const double *size, double *load)
{
    measure(bethel, size, load);
    for (size_t k = 0; k < bethel->targets; k++)
        if (load[k] > 1 + 1e-12) return false;
    return true;
}

/* Enlarges the present sizes by one factor until all targets are met; gives the cost. */
static double make_feasible(const struct bethel *bethel, double *size, double *load)
{
    double low = 1, high = 1;
    const size_t count = bethel->strata->count;
    memcpy(size, bethel->size, count * sizeof *size);
    while (!all_met(bethel, size, load) && high < 1e18) {
        high *= 2;
        for (size_t h = 0; h < count; h++) size[h] = clamp(bethel, h, bethel->size[h] * high);
    }
    for (int i = 0; i < 60 && high > 1; i++) {
        const double middle = (low + high) / 2;
        for (size_t h = 0; h < count; h++) size[h] = clamp(bethel, h, bethel->size[h] * middle);
        if (all_met(bethel, size, load))
            high = middle;
        else
            low = middle;
    }
    for (size_t h = 0; h < count; h++) size[h] = clamp(bethel, h, bethel->size[h] * high);
    return total_cost(bethel, size);
}

/* Chromy's iterations, until what the sizes cost and what the prices prove agree. */
static void iterate(struct arena *arena, const struct bethel *bethel, double *best, struct allocate_result *result)
{
    double *size = ARENA_ARRAY(arena, bethel->strata->count, double),
           *load = ARENA_ARRAY(arena, bethel->targets, double);
    result->cost = INFINITY;
    result->bound = 0;
    for (int round = 0; round < ROUNDS_MOST; round++) {
        answer_prices(bethel);
        if (round % 20 == 0) {
            const double cost = make_feasible(bethel, size, load), bound = dual_bound(bethel);
            if (bound > result->bound) {
                result->bound = bound;
                memcpy(result->price, bethel->price, bethel->targets * sizeof *result->price);
            }
            if (cost < result->cost) {
                result->cost = cost;
                memcpy(best, size, bethel->strata->count * sizeof *best);
            }
            if (result->cost - result->bound <= gap_accepted * result->cost) return;
        }
        for (size_t k = 0; k < bethel->targets; k++) bethel->price[k] *= bethel->load[k] * bethel->load[k];
    }
}

struct excess {
    double gain;
    size_t stratum;
};

static int compare_excess(const void *left, const void *right)
{
    const struct excess *a = left, *b = right;
    if (a->gain != b->gain) return a->gain > b->gain ? -1 : 1;
    return a->stratum < b->stratum ? -1 : a->stratum > b->stratum;
}

/* One unit less, if every target can spare it. */
static bool lower(const struct bethel *bethel, size_t h, double *size, double *load)
{
    if (size[h] - 1 < fmax(1, (double)allocate_least(bethel->strata, h))) return false;
    const double change = 1 / (size[h] - 1) - 1 / size[h];
    for (size_t k = 0; k < bethel->targets; k++)
        if (load[k] + bethel->share[k * bethel->strata->count + h] * change > 1 + 1e-12) return false;
    for (size_t k = 0; k < bethel->targets; k++) load[k] += bethel->share[k * bethel->strata->count + h] * change;
    size[h]--;
    return true;
}

static void round_sizes(struct arena *arena, const struct bethel *bethel, double *size)
{
    const size_t count = bethel->strata->count;
    struct excess *order = ARENA_ARRAY(arena, count, struct excess);
    double *load = ARENA_ARRAY(arena, bethel->targets, double);
    for (size_t h = 0; h < count; h++) {
        const double whole = ceil(size[h] - 1e-9);
        order[h] = (struct excess){(whole - size[h]) * cost_of(bethel, h), h};
        size[h] = fmin(whole < 1 && allocate_most(bethel->strata, h) > 0 ? 1 : whole,
                       (double)allocate_most(bethel->strata, h));
    }
    measure(bethel, size, load);
    qsort(order, count, sizeof *order, compare_excess);
    for (size_t i = 0; i < count; i++) lower(bethel, order[i].stratum, size, load);
}

/* The variance of a target: sum N^2 S^2 / n - N S^2. */
static double variance_of(const struct bethel *bethel, const struct allocate_target *target, const double *size)
{
    double variance = 0;
    for (size_t h = 0; h < bethel->strata->count; h++) {
        const double population = (double)bethel->strata->population[h], deviation = target->deviation[h];
        if (deviation > 0) variance += population * deviation * deviation * (population / size[h] - 1);
    }
    return variance;
}

static enum status set_target(struct arena *arena, const struct bethel *bethel, size_t k,
                              const struct allocate_target *target, struct error *error)
{
    double within = 0;
    if (!(target->variance > 0))
        return error_set(error, STATUS_INPUT, N_("The precision asked for {1} must be positive."), target->name);
    for (size_t h = 0; h < bethel->strata->count; h++) {
        const double deviation = target->deviation[h], population = (double)bethel->strata->population[h];
        if (!(deviation >= 0) || !isfinite(deviation))
            return error_set(error, STATUS_INPUT, N_("A standard deviation of {1} is not a number, or negative."),
                             target->name);
        within += population * deviation * deviation;
        bethel->share[k * bethel->strata->count + h] = population * population * deviation * deviation;
        bethel->size[h] = (double)allocate_most(bethel->strata, h);
    }
    for (size_t h = 0; h < bethel->strata->count; h++)
        bethel->share[k * bethel->strata->count + h] /= target->variance + within;
    const double least = variance_of(bethel, target, bethel->size);
    if (least <= target->variance * (1 + 1e-12)) return STATUS_OK;
    return error_set(error, STATUS_NONE,
                     N_("The precision of {1} is out of reach: with the strata as large as they may be its standard "
                        "error is {2}, not {3}."),
                     target->name, arena_print(arena, "%.6g", sqrt(least)),
                     arena_print(arena, "%.6g", sqrt(target->variance)));
}

enum status allocate_for_precision(struct arena *arena, const struct allocate_strata *strata,
                                   const struct allocate_target *targets, size_t target_count, int64_t *size,
                                   struct allocate_result *result, struct error *error)
{
    struct bethel bethel = {.strata = strata, .targets = target_count};
    enum status status = allocate_check(arena, strata, error);
    if (status) return status;
    if (target_count == 0) return error_set(error, STATUS_INPUT, N_("No precision is asked."));
    bethel.share = ARENA_ARRAY(arena, target_count * strata->count, double);
    bethel.size = ARENA_ARRAY(arena, strata->count, double);
    bethel.price = ARENA_ARRAY(arena, target_count, double);
    bethel.load = ARENA_ARRAY(arena, target_count, double);
    result->price = ARENA_ARRAY(arena, target_count, double);
    result->reached = ARENA_ARRAY(arena, target_count, double);
    for (size_t k = 0; k < target_count && !status; k++) status = set_target(arena, &bethel, k, &targets[k], error);
    if (status) return status;
    for (size_t k = 0; k < target_count; k++) bethel.price[k] = 1;
    double *best = ARENA_ARRAY(arena, strata->count, double);
    iterate(arena, &bethel, best, result);
    round_sizes(arena, &bethel, best);
    result->cost = total_cost(&bethel, best);
    for (size_t h = 0; h < strata->count; h++) size[h] = (int64_t)best[h];
    for (size_t k = 0; k < target_count; k++) result->reached[k] = variance_of(&bethel, &targets[k], best);
    return STATUS_OK;
}
