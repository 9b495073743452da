/* sample.h: samples of fixed size by permanent random numbers.
 *
 * Each unit of the register keeps one number in [0, 1) for life. A survey takes, in each stratum, the units whose numbers come
 * first from its starting point on, around the circle (Ohlsson, Coordination of Samples Using Permanent Random Numbers, 1995): a simple
 * random sample without replacement. Two surveys with the same starting point and direction overlap as much as their sizes
 * allow; with starting points far apart, as little. Births take new numbers, deaths leave theirs. */
#ifndef ENGINE_SURVEY_SAMPLE_H
#define ENGINE_SURVEY_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct arena;

struct sample_frame {
    size_t unit_count;
    const uint32_t *stratum; /* per unit, below stratum_count */
    size_t stratum_count;
    const double *number;     /* per unit, its permanent random number in [0, 1) */
    const uint32_t *burden;   /* per unit: how much it was already asked; NULL: 0 */
    uint32_t burden_most;     /* a unit that was asked so much is passed over; 0: no limit */
    const char *const *names; /* per stratum, for messages; NULL: numbers */
};

struct sample_draw {
    double start;   /* in [0, 1) */
    bool downwards; /* takes the numbers just below start instead */
};

/* The permanent random number of a unit, from the register's secret seed and the unit's own key: it does not depend on the
 * order of the register. */
double sample_number(uint64_t seed, uint64_t key);

/* Marks size[h] units of each stratum. passed_over (per stratum, or NULL): how many units the burden limit left out: they had
 * no chance, so the survey represents the others. STATUS_INPUT for numbers outside [0, 1) or a size above the stratum's;
 * STATUS_NONE when the burden limit leaves too few, naming the stratum. O(n log n). */
enum status sample_select(struct arena *arena, const struct sample_frame *frame, struct sample_draw draw,
                          const int64_t *size, bool *selected, int64_t *passed_over, struct error *error);

/* Exchanges the numbers within each stratum so that the units asked least come first, keeping the order of the numbers
 * among units asked as much (Cotton and Hesse, Tirages coordonnés d'échantillons, Insee 1992). The set of numbers does not
 * change, so later samples stay simple random ones. Writes the new numbers. Starting point 0, upwards. O(n log n). */
void sample_rotate(struct arena *arena, const struct sample_frame *frame, double *number);

/* Where a draw of sampling rate `rate`, upwards, begins so as to share the part `share` (0 to 1) of the smaller sample with
 * one of rate `before` that began at 0: with 0, right after it; it comes round to it when the two rates exceed 1. */
double sample_start_for_overlap(double before, double rate, double share);

#endif
