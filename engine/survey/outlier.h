/* outlier.h: values so far from the others that a person should look at them. Nothing is changed. */
#ifndef ENGINE_SURVEY_OUTLIER_H
#define ENGINE_SURVEY_OUTLIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The distance of each value to the median of its group, in robust standard deviations: 1.4826 times the median
 * absolute deviation, or, where more than half of the group agree, 1.2533 times the mean absolute deviation (Iglewicz and Hoaglin 1993,
 * who look at 3.5 and beyond). logarithm: on log values, for turnovers; values that are not positive then have no
 * score. NaN where a value is missing, 0 where all agree. O(n log n). */
void outlier_scores(struct arena *scratch, size_t unit_count, const double *value, const uint32_t *group,
                    size_t group_count, bool logarithm, double *score);

struct outlier_change {
    double exponent; /* U, 0 to 1: how much size counts; 0: 0.5 */
    double floor;    /* A: the least quartile distance, relative to the median; 0: 0.05 */
    double width;    /* C: how many quartile distances; 0: 4 */
};

/* Hidiroglou and Berthelot (Survey Methodology 12, 1986): changes from previous to current that stand out for the size of the unit. score: the
 * effect's distance to the median effect of its group, in the accepted distance: beyond -1 or 1 is an outlier. NaN where either value
 * is missing or not positive. O(n log n). */
void outlier_changes(struct arena *scratch, size_t unit_count, const double *previous, const double *current,
                     const uint32_t *group, size_t group_count, struct outlier_change options, double *score);

#endif
