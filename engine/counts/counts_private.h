/* counts_private.h: what the files behind counts.h share. */
#ifndef ENGINE_COUNTS_PRIVATE_H
#define ENGINE_COUNTS_PRIVATE_H

#include <stdbool.h>

#include "engine/counts/counts.h"

/* Whether the input's onlooker `view` (0: who sees nothing) knows nothing of the unit, which is counted. */
static inline bool unit_unseen(const struct counts_input *input, const uint8_t *left_out, size_t unit, size_t view)
{
    return !left_out[unit] && (view == 0 || input->unseen[unit * input->onlookers + view - 1]);
}

/* The territories, joined until each is safe. */
struct backbone {
    size_t rows;           /* groups of places */
    size_t groups;         /* groups of regions */
    int32_t *row;          /* of a place */
    int32_t *group;        /* of a region */
    int32_t *row_group;    /* of a row */
    int32_t *row_place;    /* the only place of the row, or -1 */
    int32_t *group_region; /* the only region of the group, or -1 */
};

/* Decides who is left out, then joins. */
void backbone_leave_out(const struct counts_input *input, struct counts_result *result);
struct backbone backbone_build(struct arena *arena, const struct counts_input *input, const uint8_t *left_out);

/* A family as flows. Edges: total -> category j; category j -> region group g; that -> row w. In this order: top, middle, low. */
struct network {
    size_t rows, groups, categories;
    const int32_t *row_group;
    size_t edges, nodes;
    uint8_t *hidden; /* by edge */
    int64_t *price;  /* by edge: what hiding it loses */
    int32_t *base;   /* views x edges: the true flows of the unseen units */
    int32_t *flow;   /* the flow at hand */
    int32_t held;    /* an edge of which one unit is known, or -1 */
    size_t views;
    int32_t floor;
    /* of the search */
    int64_t *cost;
    int32_t *came; /* by node: the edge by which it was reached */
    int32_t *back; /* by node: the node it was reached from */
    struct network_entry *heap;
    size_t heap_count;
};

struct network_entry {
    int64_t cost;
    int32_t node;
};

static inline size_t edge_top(size_t j) { return j; }
static inline size_t edge_middle(const struct network *n, size_t g, size_t j) { return (1 + g) * n->categories + j; }
static inline size_t edge_low(const struct network *n, size_t w, size_t j)
{
    return (1 + n->groups + w) * n->categories + j;
}

struct network *network_new(struct arena *arena, const struct counts_input *input, const struct backbone *backbone,
                            const uint8_t *left_out, size_t family);

/* Moves the flow at hand so that the edge changes by sign, `units` times, all sums kept, through hidden edges; when `hide`, through
 * others too, which are then hidden: those of the least price. false: there is no such flow. */
bool network_shift(struct network *network, size_t edge, int sign, int32_t units, bool hide);

/* Hides until every small cell of every onlooker can be 0 and the floor. false: a small cell cannot. */
bool network_protect(struct arena *arena, struct network *network, bool hide);

#endif
