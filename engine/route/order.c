#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/fatal.h"
#include "engine/route/route.h"

static const double RADIUS = 6371.0088, DEGREE = 3.14159265358979323846 / 180, GAIN = 1e-9;

double route_distance(struct route_point a, struct route_point b)
{
    const double up = sin((b.latitude - a.latitude) * DEGREE / 2), over = sin((b.longitude - a.longitude) * DEGREE / 2);
    const double h = up * up + cos(a.latitude * DEGREE) * cos(b.latitude * DEGREE) * over * over;
    return 2 * RADIUS * asin(sqrt(h < 1 ? h : 1));
}

double route_length(const struct route_point *points, size_t count, const size_t *order)
{
    double length = 0;
    size_t at = 0;
    for (size_t i = 0; i + 1 < count; at = order[i++]) length += route_distance(points[at], points[order[i]]);
    return length + route_distance(points[at], points[0]);
}

/* Distances between all points, row by row. */
struct table {
    size_t count;
    double *between;
};

static double way(const struct table *table, size_t from, size_t to)
{
    return table->between[from * table->count + to];
}

static struct table measure(struct arena *arena, const struct route_point *points, size_t count)
{
    struct table table = {count, ARENA_ARRAY(arena, count * count + 1, double)};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) table.between[i * count + j] = route_distance(points[i], points[j]);
    return table;
}

/* best[set * places + last]: the shortest way from the start by the places of the set, ending at `last`; from[]: the place before it. */
struct exact {
    size_t places;
    double *best;
    uint8_t *from;
};

static void extend_set(const struct table *table, const struct exact *exact, size_t set)
{
    const size_t places = exact->places;
    for (size_t last = 0; last < places; last++) {
        const double so_far = exact->best[set * places + last];
        if (!(set >> last & 1) || so_far == DBL_MAX) continue;
        for (size_t next = 0; next < places; next++) {
            const size_t grown = set | (size_t)1 << next;
            const double length = so_far + way(table, last + 1, next + 1);
            if (grown == set || length >= exact->best[grown * places + next]) continue;
            exact->best[grown * places + next] = length;
            exact->from[grown * places + next] = (uint8_t)last;
        }
    }
}

static void order_exactly(struct arena *arena, const struct table *table, size_t *order)
{
    const size_t places = table->count - 1, sets = (size_t)1 << places;
    const struct exact exact = {places, ARENA_ARRAY(arena, sets * places, double),
                                ARENA_ARRAY(arena, sets * places, uint8_t)};
    for (size_t i = 0; i < sets * places; i++) exact.best[i] = DBL_MAX;
    for (size_t i = 0; i < places; i++) exact.best[((size_t)1 << i) * places + i] = way(table, 0, i + 1);
    for (size_t set = 1; set < sets; set++) extend_set(table, &exact, set);
    size_t set = sets - 1, last = 0;
    for (size_t i = 1; i < places; i++)
        if (exact.best[set * places + i] + way(table, i + 1, 0) <
            exact.best[set * places + last] + way(table, last + 1, 0) - GAIN)
            last = i;
    for (size_t i = places; i-- > 0;) {
        const size_t before = exact.from[set * places + last];
        order[i] = last + 1;
        set &= ~((size_t)1 << last);
        last = before;
    }
}

static void order_by_nearest(const struct table *table, size_t *order)
{
    const size_t places = table->count - 1;
    for (size_t i = 0; i < places; i++) order[i] = i + 1;
    for (size_t i = 0, at = 0; i < places; at = order[i++]) {
        size_t nearest = i;
        for (size_t j = i + 1; j < places; j++)
            if (way(table, at, order[j]) < way(table, at, order[nearest])) nearest = j;
        const size_t taken = order[nearest];
        order[nearest] = order[i];
        order[i] = taken;
    }
}

static size_t stop(const struct table *table, const size_t *order, size_t at)
{
    return at == 0 || at == table->count ? 0 : order[at - 1];
}

/* Reverses the stretch from..until of the stops when the round becomes shorter. */
static bool reverse(const struct table *table, size_t *order, size_t from, size_t until)
{
    const size_t before = stop(table, order, from - 1), first = stop(table, order, from),
                 last = stop(table, order, until), after = stop(table, order, until + 1);
    if (way(table, before, last) + way(table, first, after) >=
        way(table, before, first) + way(table, last, after) - GAIN)
        return false;
    for (size_t i = from - 1, j = until - 1; i < j; i++, j--) {
        const size_t swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
    return true;
}

/* Moves the stop `from` between `to` and the one after it when the round becomes shorter. */
static bool move(const struct table *table, size_t *order, size_t from, size_t to)
{
    if (to == from || to + 1 == from) return false;
    const size_t moved = stop(table, order, from), before = stop(table, order, from - 1),
                 after = stop(table, order, from + 1), left = stop(table, order, to),
                 right = stop(table, order, to + 1);
    const double gain = way(table, before, moved) + way(table, moved, after) - way(table, before, after);
    if (way(table, left, moved) + way(table, moved, right) - way(table, left, right) >= gain - GAIN) return false;
    const size_t at = from - 1;
    if (to > from) {
        memmove(order + at, order + from, (to - from) * sizeof *order);
        order[to - 1] = moved;
    } else {
        memmove(order + to + 1, order + to, (at - to) * sizeof *order);
        order[to] = moved;
    }
    return true;
}

static void improve(const struct table *table, size_t *order)
{
    const size_t places = table->count - 1;
    for (bool better = true; better;) {
        better = false;
        for (size_t i = 1; i <= places; i++)
            for (size_t j = i + 1; j <= places; j++) better |= reverse(table, order, i, j);
        for (size_t i = 1; i <= places; i++)
            for (size_t j = 0; j <= places; j++) better |= move(table, order, i, j);
    }
}

double route_order(struct arena *arena, const struct route_point *points, size_t count, size_t *order)
{
    ENSURE(count <= ROUTE_MOST);
    if (count < 2) return 0;
    const struct table table = measure(arena, points, count);
    if (count - 1 <= ROUTE_EXACT) {
        order_exactly(arena, &table, order);
    } else {
        order_by_nearest(&table, order);
        improve(&table, order);
    }
    return route_length(points, count, order);
}
