#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "engine/survey/distribution.h"
#include "engine/survey/estimate_private.h"

struct sorted_value {
    double value, weight;
};

static int compare_values(const void *left, const void *right)
{
    const struct sorted_value *a = left, *b = right;
    return a->value < b->value ? -1 : a->value > b->value;
}

/* The values of a domain, sorted, with the cumulated share of weight. Gives how many have a weight. */
static size_t cumulate(const struct estimate_plan *plan, const double *y, const uint32_t *places, size_t count,
                       struct sorted_value *values)
{
    size_t kept = 0;
    double total = 0;
    for (size_t k = 0; k < count; k++) {
        if (plan->weight[places[k]] > 0)
            values[kept++] = (struct sorted_value){y[plan->order[places[k]]], plan->weight[places[k]]};
    }
    qsort(values, kept, sizeof *values, compare_values);
    for (size_t k = 0; k < kept; k++) values[k].weight = total += values[k].weight;
    for (size_t k = 0; k < kept; k++) values[k].weight /= total;
    return kept;
}

/* The smallest value whose cumulated share reaches p; a share that misses it by rounding has reached it. */
static double value_at(const struct sorted_value *values, size_t count, double p)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (values[middle].weight >= p * (1 - 1e-12))
            high = middle;
        else
            low = middle + 1;
    }
    return values[low].value;
}

static void woodruff(const struct estimate *share, double level, const struct sorted_value *values, size_t count,
                     struct estimate_quantile *result)
{
    double lower = 0, upper = 0;
    estimate_bounds(share, ESTIMATE_INTERVAL_STUDENT, level, &lower, &upper);
    if (!(lower >= 0 && upper <= 1)) estimate_bounds(share, ESTIMATE_INTERVAL_SHARE, level, &lower, &upper);
    if (isnan(lower)) return;
    result->lower = value_at(values, count, lower);
    result->upper = value_at(values, count, upper);
    const double deviation =
        (result->upper - result->lower) / (2 * distribution_student_quantile((1 + level) / 2, share->freedom));
    result->base.variance = deviation * deviation;
}

/* The mean of "y is at most the quantile", over one domain. */
static struct estimate share_below(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                   double quantile, struct estimate_domains domains, uint32_t d, double *indicator,
                                   uint32_t *code)
{
    struct estimate share;
    for (size_t i = 0; i < plan->units; i++) {
        const bool inside = !domains.code || domains.code[i] == d;
        code[i] = inside ? 0 : SURVEY_NO_CATEGORY;
        indicator[i] = !inside || isnan(y[i]) ? NAN : y[i] <= quantile;
    }
    estimate_ratios(scratch, plan, indicator, NULL, (struct estimate_domains){code, 1}, &share);
    return share;
}

void estimate_quantiles(struct arena *scratch, const struct estimate_plan *plan, const double *y, double p,
                        double level, struct estimate_domains domains, struct estimate_quantile *estimates)
{
    const struct estimate_places sorted = estimate_sort_domains(scratch, plan, y, NULL, domains);
    struct sorted_value *values = ARENA_ARRAY(scratch, plan->units, struct sorted_value);
    double *indicator = ARENA_ARRAY(scratch, plan->units, double);
    uint32_t *code = ARENA_ARRAY(scratch, plan->units, uint32_t);
    for (size_t d = 0; d < domains.count; d++) {
        const size_t count = sorted.start[d + 1] - sorted.start[d];
        struct estimate_quantile *result = &estimates[d];
        *result = (struct estimate_quantile){
            .base = {.value = NAN, .variance = NAN, .effect = NAN, .unit_count = count}, .lower = NAN, .upper = NAN};
        const size_t kept = cumulate(plan, y, sorted.places + sorted.start[d], count, values);
        if (kept == 0) continue;
        struct arena *round = arena_new();
        result->base.value = value_at(values, kept, p);
        const struct estimate share =
            share_below(round, plan, y, result->base.value, domains, (uint32_t)d, indicator, code);
        arena_free(&round);
        result->base.random_count = share.random_count;
        result->base.freedom = share.freedom;
        woodruff(&share, level, values, kept, result);
    }
}
