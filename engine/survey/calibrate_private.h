/* calibrate_private.h: the parts of a calibration. */
#ifndef ENGINE_SURVEY_CALIBRATE_PRIVATE_H
#define ENGINE_SURVEY_CALIBRATE_PRIVATE_H

#include "engine/survey/calibrate.h"
#include "engine/survey/gram_private.h"

/* g as a function of u, with its derivative and its integral from 0. */
struct calibrate_curve {
    enum calibrate_method method;
    double lower, upper;
    double rate;   /* logit: A = (U - L) / ((1 - L)(U - 1)) */
    double offset; /* logit: log((1 - L) / (U - 1)) */
};

struct calibrate_curve calibrate_curve_of(const struct calibrate_problem *problem);
void calibrate_curve_at(const struct calibrate_curve *curve, double u, double *ratio, double *slope, double *integral);

/* Weights at work: those of units that a zero margin excludes are 0. */
struct calibrate_work {
    const struct calibrate_problem *problem;
    struct calibrate_curve curve;
    struct calibrate_result *result;
    double *design;   /* d, or 0 */
    double *size;     /* per margin: sum of d |x|, over the units that take part */
    double *softness; /* per margin: 1 / C of the penalised form; 0: must be met; NULL when all must */
    bool *candidate;  /* per margin: takes part */
    double tolerance;
};

/* Settles empty, zero and implied margins; STATUS_NONE when one has no unit or contradicts others. */
enum status calibrate_settle_margins(struct arena *arena, struct calibrate_work *work, struct error *error);

/* The relative error of margin j, given its achieved total. */
double calibrate_margin_error(const struct calibrate_work *work, size_t j, double achieved);

/* The values of g that a proof must exclude: the bounds, or for raking 0 to the largest ratio worth having. */
void calibrate_ratio_range(const struct calibrate_problem *problem, double *lower, double *upper);

/* After a failure: finds the smallest relaxation and the proof; fills result and error. */
enum status calibrate_explain(struct arena *arena, struct calibrate_work *work, struct error *error);

/* The name of a margin, or its number. */
const char *calibrate_margin_name(struct arena *arena, const struct calibrate_problem *problem, size_t j);

#endif
