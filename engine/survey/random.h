/* random.h: reproducible random numbers: the same seed gives the same numbers on every machine.
 * SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). Not for secrets. */
#ifndef ENGINE_SURVEY_RANDOM_H
#define ENGINE_SURVEY_RANDOM_H

#include <stdint.h>

/* Advances the state and gives 64 bits. */
uint64_t random_next(uint64_t *state);

/* In [0, 1), on a grid of 2^-53. */
double random_uniform(uint64_t *state);

/* In 0 .. bound - 1, each as likely as another; bound > 0. */
uint64_t random_below(uint64_t *state, uint64_t bound);

#endif
