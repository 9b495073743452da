#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "engine/survey/estimate_private.h"

/* A unit of both waves. */
struct common {
    uint32_t first_stratum, second_stratum; /* numbers within the plans */
    double first, second;                   /* influences */
};

static int compare_common(const void *left, const void *right)
{
    const struct common *a = left, *b = right;
    if (a->first_stratum != b->first_stratum) return a->first_stratum < b->first_stratum ? -1 : 1;
    return a->second_stratum < b->second_stratum ? -1 : a->second_stratum > b->second_stratum;
}

static uint32_t *strata_of_units(struct arena *scratch, const struct estimate_plan *plan)
{
    uint32_t *stratum = ARENA_ARRAY(scratch, plan->units, uint32_t);
    for (size_t i = 0; i < plan->units; i++) stratum[plan->order[i]] = plan->stratum_of[i];
    return stratum;
}

static double rate(const struct estimate_plan *plan, uint32_t h)
{
    const double n = plan->stratum_start[h + 1] - plan->stratum_start[h];
    return isinf(plan->population[h]) ? 0 : n / plan->population[h];
}

/* phi of a pair of strata with n common units. */
static double overlap_factor(const struct estimate_plan *first, uint32_t h, const struct estimate_plan *second,
                             uint32_t k, double n)
{
    const double f1 = rate(first, h), f2 = rate(second, k);
    if (f1 == 0 || f2 == 0) return 1;
    if (first->label[h] != second->label[k]) return 1 - fmax(f1, f2);
    return 1 - f1 * f2 * fmin(first->population[h], second->population[k]) / n;
}

static double cell_covariance(const struct common *cell, size_t count)
{
    double mean1 = 0, mean2 = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        mean1 += cell[i].first / (double)count;
        mean2 += cell[i].second / (double)count;
    }
    for (size_t i = 0; i < count; i++) sum += (cell[i].first - mean1) * (cell[i].second - mean2);
    return sum * (double)count / (double)(count - 1);
}

double estimate_covariance(struct arena *scratch, const struct estimate_plan *first, const double *influence1,
                           const struct estimate_plan *second, const double *influence2, const uint32_t *partner)
{
    const uint32_t *stratum1 = strata_of_units(scratch, first), *stratum2 = strata_of_units(scratch, second);
    struct common *common = ARENA_ARRAY(scratch, second->units, struct common);
    size_t count = 0;
    for (size_t i = 0; i < second->units; i++) {
        const uint32_t other = partner[i];
        if (other != SURVEY_NO_CATEGORY)
            common[count++] = (struct common){stratum1[other], stratum2[i], influence1[other], influence2[i]};
    }
    qsort(common, count, sizeof *common, compare_common);
    double covariance = 0;
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && compare_common(&common[begin], &common[end]) == 0;) end++;
        if (end - begin < 2) continue;
        covariance += overlap_factor(first, common[begin].first_stratum, second, common[begin].second_stratum,
                                     (double)(end - begin)) *
                      cell_covariance(common + begin, end - begin);
    }
    return covariance;
}

struct estimate estimate_change(const struct estimate *first, const struct estimate *second, double covariance)
{
    const double variance = first->variance + second->variance - 2 * covariance;
    return (struct estimate){.value = second->value - first->value,
                             .variance = variance > 0 ? variance : 0,
                             .unit_count = second->unit_count,
                             .random_count = second->random_count,
                             .freedom = fmin(first->freedom, second->freedom),
                             .effect = NAN};
}
