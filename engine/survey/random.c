#include "engine/survey/random.h"

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

double random_uniform(uint64_t *state) { return (double)(random_next(state) >> 11) * 0x1p-53; }

/* Draws that would favour the small numbers are thrown away. */
uint64_t random_below(uint64_t *state, uint64_t bound)
{
    const uint64_t uneven = (UINT64_MAX - bound + 1) % bound;
    uint64_t draw = random_next(state);
    while (draw < uneven) draw = random_next(state);
    return draw % bound;
}
