#include <math.h>

#include "engine/survey/distribution.h"
#include "engine/survey/estimate.h"

struct interval {
    double lower, upper;
};

/* Clopper and Pearson's interval for a share of n trials; n need not be whole. */
static struct interval exact_share(double share, double n, double tail)
{
    const double successes = share * n, failures = (1 - share) * n;
    return (struct interval){
        successes > 0 ? distribution_beta_quantile(tail, successes, failures + 1) : 0,
        failures > 0 ? distribution_beta_quantile(1 - tail, successes + 1, failures) : 1,
    };
}

static double inverse_logit(double x) { return 1 / (1 + exp(-x)); }

static struct interval logit_share(double share, double deviation, double t)
{
    const double centre = log(share / (1 - share)), width = t * deviation / (share * (1 - share));
    return (struct interval){inverse_logit(centre - width), inverse_logit(centre + width)};
}

/* The effective size is brought to that of as many degrees of freedom (Korn and Graubard, Survey Methodology 24, 1998). */
static struct interval effective_share(const struct estimate *estimate, double share, double variance, double tail)
{
    const double ratio = distribution_student_quantile(tail, fmax(1, (double)estimate->unit_count - 1)) /
                         distribution_student_quantile(tail, estimate->freedom);
    return exact_share(share, share * (1 - share) / variance * ratio * ratio, tail);
}

/* Where all answers agree the variance is 0, which says nothing: the number of answers decides. */
static struct interval share_interval(const struct estimate *estimate, double share, double variance, bool beta,
                                      double tail)
{
    if (estimate->random_count == 0) return (struct interval){share, share};
    if (share <= 0 || share >= 1 || variance <= 0)
        return exact_share(fmin(1, fmax(0, share)), (double)estimate->unit_count, tail);
    if (beta) return effective_share(estimate, share, variance, tail);
    return logit_share(share, sqrt(variance), distribution_student_quantile(1 - tail, estimate->freedom));
}

static struct interval student_interval(const struct estimate *estimate, double tail)
{
    const double half = distribution_student_quantile(1 - tail, estimate->freedom) * sqrt(estimate->variance);
    return (struct interval){estimate->value - half, estimate->value + half};
}

static struct interval find_interval(const struct estimate *estimate, enum estimate_interval kind, double tail)
{
    const double value = estimate->value, variance = estimate->variance;
    switch (kind) {
    case ESTIMATE_INTERVAL_STUDENT: return student_interval(estimate, tail);
    case ESTIMATE_INTERVAL_SHARE: return share_interval(estimate, value, variance, false, tail);
    case ESTIMATE_INTERVAL_BETA: return share_interval(estimate, value, variance, true, tail);
    case ESTIMATE_INTERVAL_BALANCE: break;
    }
    const struct interval half = share_interval(estimate, (1 + value) / 2, variance / 4, false, tail);
    return (struct interval){2 * half.lower - 1, 2 * half.upper - 1};
}

void estimate_bounds(const struct estimate *estimate, enum estimate_interval kind, double level, double *lower,
                     double *upper)
{
    *lower = *upper = NAN;
    if (!isfinite(estimate->value) || !isfinite(estimate->variance)) return;
    const struct interval interval = find_interval(estimate, kind, (1 - level) / 2);
    *lower = interval.lower;
    *upper = interval.upper;
}
