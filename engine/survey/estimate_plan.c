#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/estimate_private.h"

/* A stratum whose sampling rate is within this of 1 is taken whole. */
static const double whole = 1e-7;

static enum status check_units(struct arena *arena, const struct estimate_design *design, size_t *place,
                               struct error *error)
{
    if (design->unit_count == 0) return error_set(error, STATUS_INPUT, N_("There is no unit."));
    for (size_t i = 0; i < design->unit_count; i++) {
        *place = i;
        if (!isfinite(design->weight[i])) return error_set(error, STATUS_INPUT, N_("A final weight is not a number."));
        if (design->weight[i] < 0 && !design->margins)
            return error_set(error, STATUS_INPUT,
                             N_("A final weight is negative: {1}. Only a linear calibration gives such weights."),
                             arena_print(arena, "%g", design->weight[i]));
        if (design->margins && !(design->initial[i] >= 0))
            return error_set(error, STATUS_INPUT, N_("An initial weight must be a number, not negative."));
        if (design->scale && !(design->scale[i] > 0))
            return error_set(error, STATUS_INPUT, N_("A scale must be a positive number."));
    }
    return STATUS_OK;
}

/* Counting sort of the places by a key; stable. start: key_count + 1. */
static void sort_by(const struct estimate_plan *plan, const uint32_t *from, uint32_t *to, uint32_t *start,
                    size_t key_count, const uint32_t *key)
{
    memset(start, 0, (key_count + 1) * sizeof *start);
    for (size_t i = 0; i < plan->units; i++) start[(key ? key[i] : 0) + 1]++;
    for (size_t k = 0; k < key_count; k++) start[k + 1] += start[k];
    for (size_t i = 0; i < plan->units; i++) {
        const uint32_t unit = from ? from[i] : (uint32_t)i;
        to[start[key ? key[unit] : 0]++] = unit;
    }
    memmove(start + 1, start, key_count * sizeof *start);
    start[0] = 0;
}

/* Orders the units by stratum, then by cluster. */
static void sort_units(struct arena *arena, struct estimate_plan *plan, const struct estimate_design *design)
{
    const size_t strata = design->stratum ? design->stratum_count : 1;
    plan->order = ARENA_ARRAY(arena, plan->units, uint32_t);
    plan->stratum_start = ARENA_ARRAY(arena, strata + 1, uint32_t);
    uint32_t *by_cluster = NULL;
    if (design->cluster) {
        uint32_t *start = ARENA_ARRAY(arena, design->cluster_count + 1, uint32_t);
        by_cluster = ARENA_ARRAY(arena, plan->units, uint32_t);
        sort_by(plan, NULL, by_cluster, start, design->cluster_count, design->cluster);
    }
    sort_by(plan, by_cluster, plan->order, plan->stratum_start, strata, design->stratum);
    plan->label = ARENA_ARRAY(arena, strata, uint32_t);
    plan->strata = 0;
    for (size_t h = 0; h < strata; h++) {
        if (plan->stratum_start[h] == plan->stratum_start[h + 1]) continue;
        plan->label[plan->strata] = (uint32_t)h;
        plan->stratum_start[++plan->strata] = plan->stratum_start[h + 1];
    }
}

/* Finds the clusters' first places, and turns the strata's starts from places into clusters. */
static enum status find_clusters(struct arena *arena, struct estimate_plan *plan, const struct estimate_design *design,
                                 size_t *place, struct error *error)
{
    plan->clusters = plan->units;
    if (!design->cluster) return STATUS_OK;
    bool *seen = ARENA_ARRAY(arena, design->cluster_count, bool);
    plan->cluster_start = ARENA_ARRAY(arena, plan->units + 1, uint32_t);
    size_t stratum = 0;
    plan->clusters = 0;
    for (size_t i = 0; i < plan->units; i++) {
        const uint32_t cluster = design->cluster[plan->order[i]];
        const bool first = i == plan->stratum_start[stratum];
        if (!first && cluster == design->cluster[plan->order[i - 1]]) continue;
        *place = plan->order[i];
        if (seen[cluster]) return error_set(error, STATUS_INPUT, N_("A cluster lies in two strata."));
        seen[cluster] = true;
        if (first) plan->stratum_start[stratum++] = (uint32_t)plan->clusters;
        plan->cluster_start[plan->clusters++] = (uint32_t)i;
    }
    plan->stratum_start[plan->strata] = (uint32_t)plan->clusters;
    plan->cluster_start[plan->clusters] = (uint32_t)plan->units;
    return STATUS_OK;
}

static enum status settle_lonely(struct arena *arena, struct estimate_plan *plan, enum estimate_lonely rule, size_t h,
                                 double left, size_t *lonely, struct error *error)
{
    ++*lonely;
    if (rule == ESTIMATE_LONELY_ADJUST) plan->alone[h] = left;
    if (rule != ESTIMATE_LONELY_REFUSE) return STATUS_OK;
    return error_set(error, STATUS_INPUT,
                     N_("Stratum {1} has one sampled unit: its variance cannot be estimated. Group it with another."),
                     arena_print(arena, "%u", plan->label[h] + 1));
}

static enum status weigh_strata(struct arena *arena, struct estimate_plan *plan, const struct estimate_design *design,
                                size_t *place, struct error *error)
{
    size_t lonely = 0;
    for (size_t h = 0; h < plan->strata; h++) {
        const double n = plan->stratum_start[h + 1] - plan->stratum_start[h];
        const double population = design->population ? design->population[plan->label[h]] : INFINITY;
        const double left = isinf(population) ? 1 : (population - n) / population;
        *place = plan->label[h];
        plan->population[h] = population;
        if (!(population >= n * (1 - 1e-9)))
            return error_set(error, STATUS_INPUT, N_("Stratum {1} has {2} sampled units for a population of {3}."),
                             arena_print(arena, "%u", plan->label[h] + 1), arena_print(arena, "%g", n),
                             arena_print(arena, "%g", population));
        if (left < whole) continue;
        plan->factor[h] = n > 1 ? left * n / (n - 1) : 0;
        const enum status status =
            n > 1 ? STATUS_OK : settle_lonely(arena, plan, design->lonely, h, left, &lonely, error);
        if (status) return status;
    }
    plan->inflation = 1;
    if (design->lonely == ESTIMATE_LONELY_AVERAGE && lonely && lonely < plan->strata)
        plan->inflation = (double)plan->strata / (double)(plan->strata - lonely);
    return STATUS_OK;
}

static const struct survey_rows *sort_rows(struct arena *arena, const struct estimate_plan *plan,
                                           const struct survey_rows *rows)
{
    struct survey_rows *sorted = ARENA_NEW(arena, struct survey_rows);
    uint32_t *start = ARENA_ARRAY(arena, rows->unit_count + 1, uint32_t);
    uint32_t *column = ARENA_ARRAY(arena, rows->start[rows->unit_count], uint32_t);
    double *value = ARENA_ARRAY(arena, rows->start[rows->unit_count], double);
    for (size_t i = 0; i < rows->unit_count; i++) {
        const uint32_t from = rows->start[plan->order[i]], count = rows->start[plan->order[i] + 1] - from;
        memcpy(column + start[i], rows->column + from, count * sizeof *column);
        memcpy(value + start[i], rows->value + from, count * sizeof *value);
        start[i + 1] = start[i] + count;
    }
    *sorted = (struct survey_rows){rows->unit_count, rows->column_count, start, column, value};
    return sorted;
}

/* A unit that the calibration left without weight does not take part in the regression either. */
static void prepare_regression(struct arena *arena, struct estimate_plan *plan, const struct estimate_design *design)
{
    plan->rows = sort_rows(arena, plan, design->margins);
    plan->regression = ARENA_ARRAY(arena, plan->units, double);
    for (size_t i = 0; i < plan->units; i++) {
        const uint32_t unit = plan->order[i];
        plan->regression[i] =
            plan->weight[i] != 0 ? design->initial[unit] * (design->scale ? design->scale[unit] : 1) : 0;
    }
    plan->gram = gram_new(arena, plan->rows->column_count);
    gram_accumulate(plan->gram, plan->rows, plan->regression);
    gram_factor(plan->gram, NULL);
}

static void fill_units(struct arena *arena, struct estimate_plan *plan, const struct estimate_design *design)
{
    plan->cluster_of = ARENA_ARRAY(arena, plan->units, uint32_t);
    plan->stratum_of = ARENA_ARRAY(arena, plan->units, uint32_t);
    for (uint32_t c = 0, h = 0; c < plan->clusters; c++) {
        while (c == plan->stratum_start[h + 1]) h++;
        const uint32_t end = plan->cluster_start ? plan->cluster_start[c + 1] : c + 1;
        const double n = plan->stratum_start[h + 1] - plan->stratum_start[h], population = plan->population[h];
        for (uint32_t i = plan->cluster_start ? plan->cluster_start[c] : c; i < end; i++) {
            plan->weight[i] = design->weight[plan->order[i]];
            plan->random[i] = isinf(population) || population - n >= whole * population;
            plan->cluster_of[i] = c;
            plan->stratum_of[i] = h;
        }
    }
}

enum status estimate_plan_new(struct arena *arena, const struct estimate_design *design, struct estimate_plan **result,
                              size_t *place, struct error *error)
{
    struct estimate_plan *plan = ARENA_NEW(arena, struct estimate_plan);
    enum status status = check_units(arena, design, place, error);
    if (status) return status;
    plan->units = design->unit_count;
    sort_units(arena, plan, design);
    status = find_clusters(arena, plan, design, place, error);
    if (status) return status;
    plan->factor = ARENA_ARRAY(arena, plan->strata, double);
    plan->alone = ARENA_ARRAY(arena, plan->strata, double);
    plan->population = ARENA_ARRAY(arena, plan->strata, double);
    plan->weight = ARENA_ARRAY(arena, plan->units, double);
    plan->random = ARENA_ARRAY(arena, plan->units, bool);
    status = weigh_strata(arena, plan, design, place, error);
    if (status) return status;
    fill_units(arena, plan, design);
    if (design->margins) prepare_regression(arena, plan, design);
    *result = plan;
    return STATUS_OK;
}
