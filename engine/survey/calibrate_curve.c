#include <math.h>

#include "engine/survey/calibrate_private.h"

struct calibrate_curve calibrate_curve_of(const struct calibrate_problem *problem)
{
    const double lower = problem->lower, upper = problem->upper;
    struct calibrate_curve curve = {.method = problem->method, .lower = lower, .upper = upper};
    if (problem->method == CALIBRATE_LOGIT) {
        curve.rate = (upper - lower) / ((1 - lower) * (upper - 1));
        curve.offset = log((1 - lower) / (upper - 1));
    }
    return curve;
}

/* log(1 + exp(x)) without overflow. */
static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

static void truncated_at(const struct calibrate_curve *curve, double u, double *ratio, double *slope, double *integral)
{
    const double bound = 1 + u < curve->lower ? curve->lower : curve->upper;
    if (1 + u >= curve->lower && 1 + u <= curve->upper) {
        *ratio = 1 + u;
        *slope = 1;
        *integral = u + u * u / 2;
        return;
    }
    const double corner = bound - 1;
    *ratio = bound;
    *slope = 0;
    *integral = corner + corner * corner / 2 + bound * (u - corner);
}

/* F is the lower bound plus a logistic curve, which is Deville and Särndal's form written without overflow. */
static void logit_at(const struct calibrate_curve *curve, double u, double *ratio, double *slope, double *integral)
{
    const double width = curve->upper - curve->lower, x = curve->rate * u + curve->offset;
    const double tail = exp(-fabs(x)), share = (x >= 0 ? 1 : tail) / (1 + tail);
    *ratio = curve->lower + width * share;
    *slope = width * curve->rate * tail / ((1 + tail) * (1 + tail));
    *integral = curve->lower * u + width / curve->rate * (softplus(x) - softplus(curve->offset));
}

void calibrate_curve_at(const struct calibrate_curve *curve, double u, double *ratio, double *slope, double *integral)
{
    switch (curve->method) {
    case CALIBRATE_LINEAR:
        *ratio = 1 + u;
        *slope = 1;
        *integral = u + u * u / 2;
        return;
    case CALIBRATE_RAKING:
        *ratio = *slope = exp(u);
        *integral = *ratio - 1;
        return;
    case CALIBRATE_TRUNCATED: truncated_at(curve, u, ratio, slope, integral); return;
    case CALIBRATE_LOGIT: logit_at(curve, u, ratio, slope, integral); return;
    }
}
