#include "engine/survey/distribution.h"

#include <math.h>

static double guarded(double value) { return fabs(value) < 1e-300 ? 1e-300 : value; }

static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 / guarded(1 - (a + b) * x / (a + 1)), product = d;
    for (int m = 1; m < 10000; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / guarded(1 + even * d);
        c = guarded(1 + even / c);
        product *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / guarded(1 + odd * d);
        c = guarded(1 + odd / c);
        product *= d * c;
        if (fabs(d * c - 1) < 1e-16) break;
    }
    return product;
}

/* lgamma writes a global sign; the arguments are positive. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double beta_density(double x, double a, double b)
{
    return exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + (a - 1) * log(x) + (b - 1) * log1p(-x));
}

double distribution_beta(double x, double a, double b)
{
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double distribution_beta_quantile(double p, double a, double b)
{
    double low = 0, high = 1, x = a / (a + b);
    if (p <= 0) return 0;
    if (p >= 1) return 1;
    for (int i = 0; i < 200; i++) {
        const double miss = distribution_beta(x, a, b) - p;
        if (miss > 0)
            high = x;
        else
            low = x;
        const double next = x - miss / beta_density(x, a, b);
        const double before = x;
        x = next > low && next < high ? next : (low + high) / 2;
        if (fabs(x - before) <= 1e-15 * x) break;
    }
    return x;
}

/* Newton's method on erfc, from a bracket of the logistic approximation. */
double distribution_normal_quantile(double p)
{
    if (p > 0.5) return -distribution_normal_quantile(1 - p);
    double x = log(p / (1 - p)) / 1.702;
    for (int i = 0; i < 100; i++) {
        const double cumulated = erfc(-x / sqrt(2)) / 2, density = exp(-x * x / 2) / sqrt(2 * M_PI);
        /* Halley's correction converges from far in the tail as well. */
        const double ratio = (cumulated - p) / density, step = ratio / (1 + x * ratio / 2);
        x -= step;
        if (fabs(step) < 1e-15 * (1 + fabs(x))) break;
    }
    return x;
}

double distribution_student_quantile(double p, double freedom)
{
    if (!isfinite(freedom) || freedom > 1e10) return distribution_normal_quantile(p);
    if (p > 0.5) return -distribution_student_quantile(1 - p, freedom);
    if (p == 0.5) return 0;
    /* P(T <= t) = I_x(freedom / 2, 1/2) / 2 with x = freedom / (freedom + t^2); the smaller of x and 1 - x is solved for. */
    const double y = distribution_beta_quantile(1 - 2 * p, 0.5, freedom / 2);
    return -sqrt(freedom * y / (1 - y));
}
