/* route.h: distances on the Earth, and the order in which to call at places so that the way is short. */
#ifndef ENGINE_ROUTE_ROUTE_H
#define ENGINE_ROUTE_ROUTE_H

#include <stddef.h>

#include "base/arena.h"

struct route_point {
    double latitude, longitude; /* degrees */
};

/* Kilometres as the crow flies: great circle on a sphere of 6,371.0088 km (mean radius of the IUGG), by the haversine formula (R. W. Sinnott,
 * "Virtues of the haversine", Sky and Telescope 68, 1984). */
double route_distance(struct route_point a, struct route_point b);

/* Length of the round by these places in that order, from points[0] and back to it. order: count - 1 numbers of points, 1 to count - 1. */
double route_length(const struct route_point *points, size_t count, const size_t *order);

/* The order (count - 1 numbers, each of 1 to count - 1 once) of a short round from points[0] by all others and back. Up to ROUTE_EXACT places
 * besides the first, the shortest there is (M. Held and R. M. Karp, "A dynamic programming approach to sequencing problems", J. SIAM 10, 1962): O(n^2 2^n),
 * some 20 ms at 12. Beyond, the nearest next, improved by reversing stretches and moving single places until neither helps: O(n^2) a round. The same points give
 * the same order. Returns its length. */
enum { ROUTE_EXACT = 12, ROUTE_MOST = 200 };
double route_order(struct arena *arena, const struct route_point *points, size_t count, size_t *order);

#endif
