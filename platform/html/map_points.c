/* Points that would cover each other are gathered: the heaviest first, each taking those near it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/map_private.h"

enum { CELL = 26, COLUMNS = MAP_WIDTH / CELL + 3, ROWS = MAP_HEIGHT / CELL + 3, NAMED = 5, MOST_NAMES = 2000 };

struct placed {
    double x, y;
    const struct map_point *point;
    bool taken;
    size_t next;
};

static int heavier(const void *a, const void *b)
{
    const struct map_point *left = ((const struct placed *)a)->point, *right = ((const struct placed *)b)->point;
    if (left->weight != right->weight) return left->weight < right->weight ? 1 : -1;
    return (left > right) - (left < right);
}

static size_t place_all(struct placed *placed, const struct map_point *points, size_t count, size_t *lost)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        double x, y;
        const bool drawn = map_project(points[i].latitude, points[i].longitude, &x, &y) && x >= 0 && x <= MAP_WIDTH &&
                           y >= 0 && y <= MAP_HEIGHT;
        if (drawn) placed[known++] = (struct placed){.x = x, .y = y, .point = &points[i]};
    }
    *lost = count - known;
    qsort(placed, known, sizeof *placed, heavier);
    return known;
}

static size_t cell_of(double x, double y) { return ((size_t)y / CELL + 1) * COLUMNS + (size_t)x / CELL + 1; }

/* The first names of a cluster, one a line. */
static void add_name(struct buffer *names, const struct map_cluster *cluster, const char *label)
{
    if (cluster->count > NAMED) return;
    if (cluster->count > 1) buffer_char(names, '\n');
    buffer_text(names, cluster->count == NAMED ? "…" : label ? label : "");
}

/* lists: the first point of each cell of the grid, plus one; points chain by next. */
static void take_near(struct html *html, struct placed *placed, const size_t *lists, struct map_cluster *cluster)
{
    struct buffer *names = buffer_new(html->arena, MOST_NAMES);
    const size_t centre = cell_of(cluster->x, cluster->y);
    for (size_t row = centre - COLUMNS; row <= centre + COLUMNS; row += COLUMNS)
        for (size_t cell = row - 1; cell <= row + 1; cell++)
            for (size_t i = lists[cell]; i; i = placed[i - 1].next) {
                struct placed *other = &placed[i - 1];
                const double dx = other->x - cluster->x, dy = other->y - cluster->y;
                if (other->taken || dx * dx + dy * dy > CELL * CELL) continue;
                other->taken = true;
                cluster->weight += other->point->weight > 0 ? other->point->weight : 1;
                cluster->count++;
                add_name(names, cluster, other->point->label);
            }
    cluster->labels = buffer_data(names);
}

struct map_cluster *map_gather(struct html *html, const struct map_point *points, size_t count, size_t *clusters,
                               size_t *lost)
{
    struct placed *placed = ARENA_ARRAY(html->arena, count, struct placed);
    const size_t known = place_all(placed, points, count, lost);
    size_t *lists = ARENA_ARRAY(html->arena, (size_t)COLUMNS * ROWS, size_t);
    for (size_t i = known; i > 0; i--) {
        const size_t cell = cell_of(placed[i - 1].x, placed[i - 1].y);
        placed[i - 1].next = lists[cell];
        lists[cell] = i;
    }
    struct map_cluster *made = ARENA_ARRAY(html->arena, known, struct map_cluster);
    *clusters = 0;
    for (size_t i = 0; i < known; i++) {
        if (placed[i].taken) continue;
        struct map_cluster *cluster = &made[(*clusters)++];
        *cluster = (struct map_cluster){.x = placed[i].x, .y = placed[i].y, .first = placed[i].point};
        take_near(html, placed, lists, cluster);
    }
    return made;
}
