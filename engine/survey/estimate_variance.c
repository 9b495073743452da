#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/estimate_private.h"

struct estimate_work estimate_work_new(struct arena *scratch, const struct estimate_plan *plan)
{
    return (struct estimate_work){
        .linear = ARENA_ARRAY(scratch, plan->units, double),
        .influence = ARENA_ARRAY(scratch, plan->units, double),
        .coefficient = ARENA_ARRAY(scratch, plan->rows ? plan->rows->column_count : 0, double),
    };
}

/* B: the regression of z on the margins, weighted by d q. */
static void regress(const struct estimate_plan *plan, struct estimate_work *work)
{
    const struct survey_rows *rows = plan->rows;
    memset(work->coefficient, 0, rows->column_count * sizeof *work->coefficient);
    for (size_t i = 0; i < plan->units; i++) {
        if (work->linear[i] == 0) continue;
        const double weighted = plan->regression[i] * work->linear[i];
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++)
            work->coefficient[rows->column[k]] += weighted * rows->value[k];
    }
    gram_solve(plan->gram, work->coefficient);
}

void estimate_influence(const struct estimate_plan *plan, struct estimate_work *work)
{
    if (!plan->rows) {
        for (size_t i = 0; i < plan->units; i++) work->influence[i] = plan->weight[i] * work->linear[i];
        return;
    }
    regress(plan, work);
    for (size_t i = 0; i < plan->units; i++)
        work->influence[i] = plan->weight[i] * (work->linear[i] - survey_row_product(plan->rows, i, work->coefficient));
}

static double cluster_sum(const struct estimate_plan *plan, const double *influence, uint32_t cluster)
{
    if (!plan->cluster_start) return influence[cluster];
    double sum = 0;
    for (uint32_t i = plan->cluster_start[cluster]; i < plan->cluster_start[cluster + 1]; i++) sum += influence[i];
    return sum;
}

static double stratum_variance(const struct estimate_plan *plan, const double *influence, size_t h)
{
    const uint32_t first = plan->stratum_start[h], end = plan->stratum_start[h + 1];
    if (plan->alone[h] > 0) {
        const double sum = cluster_sum(plan, influence, first);
        return plan->alone[h] * sum * sum;
    }
    if (plan->factor[h] == 0) return 0;
    double mean = 0, squares = 0;
    for (uint32_t c = first; c < end; c++) mean += cluster_sum(plan, influence, c);
    mean /= end - first;
    for (uint32_t c = first; c < end; c++) {
        const double distance = cluster_sum(plan, influence, c) - mean;
        squares += distance * distance;
    }
    return plan->factor[h] * squares;
}

double estimate_variance(const struct estimate_plan *plan, const double *influence)
{
    double variance = 0;
    for (size_t h = 0; h < plan->strata; h++) variance += stratum_variance(plan, influence, h);
    return variance * plan->inflation;
}

double estimate_freedom(const struct estimate_plan *plan, const uint32_t *places, size_t count)
{
    uint32_t cluster = UINT32_MAX, stratum = UINT32_MAX;
    size_t clusters = 0, strata = 0;
    for (size_t k = 0; k < count; k++) {
        if (plan->weight[places[k]] == 0) continue;
        clusters += plan->cluster_of[places[k]] != cluster;
        strata += plan->stratum_of[places[k]] != stratum;
        cluster = plan->cluster_of[places[k]];
        stratum = plan->stratum_of[places[k]];
    }
    return clusters > strata ? (double)(clusters - strata) : 1;
}

struct estimate_places estimate_sort_domains(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                             const double *x, struct estimate_domains domains)
{
    struct estimate_places sorted = {.start = ARENA_ARRAY(scratch, domains.count + 2, uint32_t),
                                     .places = ARENA_ARRAY(scratch, plan->units, uint32_t)};
    uint32_t *domain = ARENA_ARRAY(scratch, plan->units, uint32_t);
    for (size_t i = 0; i < plan->units; i++) {
        const uint32_t unit = plan->order[i];
        const bool answered = !isnan(y[unit]) && !(x && isnan(x[unit]));
        domain[i] = !answered ? SURVEY_NO_CATEGORY : domains.code ? domains.code[unit] : 0;
        if (domain[i] != SURVEY_NO_CATEGORY) sorted.start[domain[i] + 2]++;
    }
    for (size_t d = 0; d < domains.count; d++) sorted.start[d + 2] += sorted.start[d + 1];
    for (size_t i = 0; i < plan->units; i++)
        if (domain[i] != SURVEY_NO_CATEGORY) sorted.places[sorted.start[domain[i] + 1]++] = (uint32_t)i;
    return sorted;
}
