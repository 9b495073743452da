/* nonresponse.h: weights that make up for those who did not answer, and how many did. */
#ifndef ENGINE_SURVEY_NONRESPONSE_H
#define ENGINE_SURVEY_NONRESPONSE_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/survey/rows.h"

struct arena;

/* Homogeneous response groups (Särndal, Swensson and Wretman 1992, 15.6): the weight of those who answered is divided by the
 * weighted response rate of their group; the others get 0. rate (per group, or NULL) receives the rates. STATUS_NONE when nobody
 * of a group answered: *place is the group. O(n). */
enum status nonresponse_by_groups(struct arena *arena, size_t unit_count, const double *weight, const uint32_t *group,
                                  size_t group_count, const bool *answered, double *adjusted, double *rate,
                                  size_t *place, struct error *error);

/* The probability of answering by logistic regression on sparse rows (put a column of ones among them), by iteratively
 * reweighted least squares. weight: of each unit in the likelihood; NULL: 1. coefficient: per column, 0 for those that follow
 * from others. STATUS_NONE when some combination of columns separates those who answered from the others, so that the
 * coefficients have no limit. O(iterations x (non-zeros x non-zeros a row + columns^3 / 6)). */
enum status nonresponse_logistic(struct arena *arena, const struct survey_rows *rows, const double *weight,
                                 const bool *answered, double *probability, double *coefficient, struct error *error);

/* Groups of like probability and equal size, in rising order: what nonresponse_by_groups then needs. Units of equal probability
 * stay together. Gives how many groups there are, at most class_count. O(n log n). */
size_t nonresponse_classes(struct arena *arena, size_t unit_count, const double *probability, size_t class_count,
                           uint32_t *group);

/* Final dispositions, counted or weighted (AAPOR, Standard Definitions, 10th edition). */
struct response_counts {
    double complete, partial;          /* I, P */
    double refusal, no_contact, other; /* R, NC, O: eligible, without an interview */
    double unknown, unknown_other;     /* UH, UO: not known to be eligible */
    double ineligible;                 /* known not to be */
    double eligibility;                /* e, 0 to 1; NaN: eligible / (eligible + ineligible), the proportional rule */
};

struct response_rates {
    double eligibility;    /* e as used */
    double response[6];    /* RR1 to RR6 */
    double cooperation[4]; /* COOP1 to COOP4 */
    double refusal[3];     /* REF1 to REF3 */
    double contact[3];     /* CON1 to CON3 */
};

/* Rates whose denominator is 0 are NaN. */
struct response_rates nonresponse_rates(const struct response_counts *counts);

#endif
