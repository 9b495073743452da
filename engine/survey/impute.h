/* impute.h: values for answers that are missing, always flagged.
 *
 * Missing is NaN. What is imputed is marked in source, so that it can be counted and left out. */
#ifndef ENGINE_SURVEY_IMPUTE_H
#define ENGINE_SURVEY_IMPUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define IMPUTE_ANSWERED UINT32_MAX
#define IMPUTE_MISSING (UINT32_MAX - 1)
#define IMPUTE_BY_RATIO (UINT32_MAX - 2)

struct impute_count {
    size_t answered, imputed, left; /* left: still missing, for want of a donor or of the auxiliary variable */
};

/* Random hot deck within groups (Andridge and Little, International Statistical Review 78, 2010): each missing value takes that of a donor
 * drawn at random in its group; a donor serves again only once all the others of its group have served as often.
 * usable (per unit, or NULL): false keeps an answer (an outlier) from being given away. group below group_count.
 * source: per unit, IMPUTE_ANSWERED, IMPUTE_MISSING or the number of its donor. The same seed gives the same donors. O(n). */
struct impute_count impute_hot_deck(struct arena *scratch, size_t unit_count, double *value, const uint32_t *group,
                                    size_t group_count, const bool *usable, uint64_t seed, uint32_t *source);

/* value = auxiliary x (sum w value / sum w auxiliary) over the usable answers of the group. weight NULL: 1. Units without
 * auxiliary, and groups without an answer or with a null sum, stay missing. source as above, IMPUTE_BY_RATIO. O(n). */
struct impute_count impute_ratio(struct arena *scratch, size_t unit_count, double *value, const double *auxiliary,
                                 const double *weight, const uint32_t *group, size_t group_count, const bool *usable,
                                 uint32_t *source);

#endif
