#include "engine/survey/estimate.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/estimate_private.h"

/* What one domain is computed from. */
struct domain {
    const struct estimate_plan *plan;
    const double *y, *x; /* per unit */
    const uint32_t *places;
    size_t count;
};

struct sums {
    double weight, y, x;
};

static double x_of(const struct domain *domain, uint32_t unit) { return domain->x ? domain->x[unit] : 1; }

static struct sums sum_domain(const struct domain *domain)
{
    struct sums sums = {0};
    for (size_t k = 0; k < domain->count; k++) {
        const uint32_t place = domain->places[k], unit = domain->plan->order[place];
        const double weight = domain->plan->weight[place];
        sums.weight += weight;
        sums.y += weight * domain->y[unit];
        sums.x += weight * x_of(domain, unit);
    }
    return sums;
}

/* Sets the linearised variable on the domain: y for a total, (y - R x) / X for a ratio; the rest stays 0. */
static void linearise(const struct domain *domain, double ratio, double scale, double *linear)
{
    for (size_t k = 0; k < domain->count; k++) {
        const uint32_t place = domain->places[k], unit = domain->plan->order[place];
        linear[place] = (domain->y[unit] - ratio * x_of(domain, unit)) * scale;
    }
}

static void clear(const struct domain *domain, double *linear)
{
    for (size_t k = 0; k < domain->count; k++) linear[domain->places[k]] = 0;
}

/* The variance that a simple random sample of the domain's size would give to the total of e = y - R x: N^2 (1 - n / N) S^2 / n. */
static double simple_variance(const struct domain *domain, double ratio, const struct sums *sums)
{
    const double n = (double)domain->count, size = sums->weight;
    const double mean = (sums->y - ratio * sums->x) / size;
    double squares = 0;
    for (size_t k = 0; k < domain->count; k++) {
        const uint32_t place = domain->places[k], unit = domain->plan->order[place];
        const double distance = domain->y[unit] - ratio * x_of(domain, unit) - mean;
        squares += domain->plan->weight[place] * distance * distance;
    }
    return n > 1 && size > n ? size * size * (1 - n / size) / n * (squares / size * n / (n - 1)) : NAN;
}

/* What is known of a domain before its variance. */
static struct estimate describe(const struct domain *domain, double value)
{
    struct estimate estimate = {.value = value, .variance = NAN, .effect = NAN, .unit_count = domain->count};
    estimate.freedom = estimate_freedom(domain->plan, domain->places, domain->count);
    for (size_t k = 0; k < domain->count; k++) estimate.random_count += domain->plan->random[domain->places[k]];
    return estimate;
}

/* A variable that the margins fix has no error: what its residuals leave is rounding. */
static bool is_rounding(const struct domain *domain, const double *linear, double variance)
{
    double magnitude = 0;
    for (size_t k = 0; k < domain->count; k++)
        magnitude += fabs(domain->plan->weight[domain->places[k]] * linear[domain->places[k]]);
    return sqrt(variance) <= 1e-13 * magnitude;
}

/* ratio: 0 and scale: 1 for a total. */
static struct estimate conclude(const struct domain *domain, double value, double ratio, double scale,
                                const struct sums *sums, struct estimate_work *work)
{
    struct estimate estimate = describe(domain, value);
    linearise(domain, ratio, scale, work->linear);
    estimate_influence(domain->plan, work);
    estimate.variance = estimate_variance(domain->plan, work->influence);
    if (is_rounding(domain, work->linear, estimate.variance)) estimate.variance = 0;
    estimate.effect = estimate.variance / (simple_variance(domain, ratio, sums) * scale * scale);
    if (!isfinite(estimate.effect)) estimate.effect = NAN;
    clear(domain, work->linear);
    return estimate;
}

static struct estimate estimate_one(const struct domain *domain, bool total, struct estimate_work *work)
{
    const struct sums sums = sum_domain(domain);
    if (total) return conclude(domain, sums.y, 0, 1, &sums, work);
    if (sums.x == 0) return describe(domain, NAN);
    return conclude(domain, sums.y / sums.x, sums.y / sums.x, 1 / sums.x, &sums, work);
}

static void estimate_all(struct arena *scratch, const struct estimate_plan *plan, const double *y, const double *x,
                         struct estimate_domains domains, bool total, struct estimate *estimates)
{
    struct estimate_work work = estimate_work_new(scratch, plan);
    const struct estimate_places sorted = estimate_sort_domains(scratch, plan, y, x, domains);
    for (size_t d = 0; d < domains.count; d++) {
        const struct domain domain = {plan, y, x, sorted.places + sorted.start[d],
                                      sorted.start[d + 1] - sorted.start[d]};
        estimates[d] = estimate_one(&domain, total, &work);
    }
}

void estimate_totals(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                     struct estimate_domains domains, struct estimate *estimates)
{
    estimate_all(scratch, plan, y, NULL, domains, true, estimates);
}

void estimate_ratios(struct arena *scratch, const struct estimate_plan *plan, const double *y, const double *x,
                     struct estimate_domains domains, struct estimate *estimates)
{
    estimate_all(scratch, plan, y, x, domains, false, estimates);
}

static double find_influence(struct arena *scratch, const struct estimate_plan *plan, const double *y, const double *x,
                             struct estimate_domains domains, size_t d, bool total, double *influence)
{
    struct estimate_work work = estimate_work_new(scratch, plan);
    if (d == SIZE_MAX) {
        domains = (struct estimate_domains){NULL, 1};
        d = 0;
    }
    const struct estimate_places sorted = estimate_sort_domains(scratch, plan, y, x, domains);
    const struct domain domain = {plan, y, x, sorted.places + sorted.start[d], sorted.start[d + 1] - sorted.start[d]};
    const struct sums sums = sum_domain(&domain);
    if (total)
        linearise(&domain, 0, 1, work.linear);
    else
        linearise(&domain, sums.y / sums.x, 1 / sums.x, work.linear);
    estimate_influence(plan, &work);
    for (size_t i = 0; i < plan->units; i++) influence[plan->order[i]] = work.influence[i];
    return total ? sums.y : sums.y / sums.x;
}

double estimate_total_influence(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                struct estimate_domains domains, size_t domain, double *influence)
{
    return find_influence(scratch, plan, y, NULL, domains, domain, true, influence);
}

double estimate_ratio_influence(struct arena *scratch, const struct estimate_plan *plan, const double *y,
                                const double *x, struct estimate_domains domains, size_t domain, double *influence)
{
    return find_influence(scratch, plan, y, x, domains, domain, false, influence);
}

double estimate_influence_variance(struct arena *scratch, const struct estimate_plan *plan, const double *influence)
{
    double *sorted = ARENA_ARRAY(scratch, plan->units, double);
    for (size_t i = 0; i < plan->units; i++) sorted[i] = influence[plan->order[i]];
    return estimate_variance(plan, sorted);
}
