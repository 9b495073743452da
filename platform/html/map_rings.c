/* map_rings.c: outlines as GeoJSON, in the drawing's units or in degrees. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/html/map_rings_private.h"

enum { MOST_RINGS = 400 };

struct ring {
    const double *points; /* x and y in turn */
    size_t count;
};

/* The points of one ring, from what follows its M or m; at: where the next begins. The pen goes on from where it was. */
static struct ring read_ring(struct arena *arena, const char **at, double pen[2])
{
    const size_t room = strcspn(*at, "zZ") + 2;
    double *points = ARENA_ARRAY(arena, room, double);
    struct ring ring = {points, 0};
    bool relative = **at == 'm';
    ++*at;
    for (;;) {
        char *end = NULL;
        *at += strspn(*at, " ");
        if (**at == 'l' || **at == 'L') relative = *(*at)++ == 'l';
        const double x = strtod(*at, &end);
        if (end == *at || ring.count * 2 + 2 > room) break;
        const double y = strtod(end, &end);
        *at = end;
        pen[0] = relative ? pen[0] + x : x;
        pen[1] = relative ? pen[1] + y : y;
        points[ring.count * 2] = pen[0];
        points[ring.count++ * 2 + 1] = pen[1];
    }
    *at += strspn(*at, "zZ ");
    if (ring.count) pen[0] = points[0], pen[1] = points[1];
    return ring;
}

static size_t read_rings(struct arena *arena, const char *path, struct ring *rings)
{
    double pen[2] = {0, 0};
    size_t count = 0;
    while ((*path == 'm' || *path == 'M') && count < MOST_RINGS) {
        rings[count] = read_ring(arena, &path, pen);
        if (rings[count].count > 2) count++;
    }
    return count;
}

/* Whether the point lies within: an odd number of sides stand to its right. */
static bool holds(const struct ring *ring, double x, double y)
{
    bool inside = false;
    for (size_t i = 0, j = ring->count - 1; i < ring->count; j = i++) {
        const double *a = &ring->points[i * 2], *b = &ring->points[j * 2];
        if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
    return inside;
}

static json_t *position(double x, double y, const struct outline *frame)
{
    if (!frame) return json_pack("[f, f]", round(x * 10) / 10, round(y * 10) / 10);
    const double north = (frame->y0 - y) / frame->ky * M_PI / 180;
    return json_pack("[f, f]", round((x - frame->x0) / frame->kx * 1000) / 1000,
                     round(atan(sinh(north)) * 180 / M_PI * 1000) / 1000);
}

static json_t *positions(const struct ring *ring, const struct outline *frame)
{
    json_t *all = json_array();
    for (size_t i = 0; i <= ring->count; i++) {
        const double *point = &ring->points[i % ring->count * 2];
        json_array_append_new(all, position(point[0], point[1], frame));
    }
    return all;
}

/* A ring within another one of the same territory is a hole in it (an enclave of a neighbour). */
static const struct ring *around(const struct ring *rings, size_t count, const struct ring *ring)
{
    for (size_t i = 0; i < count; i++)
        if (&rings[i] != ring && holds(&rings[i], ring->points[0], ring->points[1])) return &rings[i];
    return NULL;
}

json_t *map_geometry(struct arena *arena, const struct outline *outline, const struct outline *frame)
{
    struct ring *rings = ARENA_ARRAY(arena, MOST_RINGS, struct ring);
    const size_t count = read_rings(arena, outline->path, rings);
    json_t *polygons = json_array();
    for (size_t i = 0; i < count; i++) {
        if (around(rings, count, &rings[i])) continue;
        json_t *polygon = json_pack("[o]", positions(&rings[i], frame));
        for (size_t j = 0; j < count; j++)
            if (around(rings, count, &rings[j]) == &rings[i])
                json_array_append_new(polygon, positions(&rings[j], frame));
        json_array_append_new(polygons, polygon);
    }
    return json_pack("{s:s, s:o}", "type", "MultiPolygon", "coordinates", polygons);
}
