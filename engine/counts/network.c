/* network.c: one family as flows of whole units, and the search of other flows that agree with what is published. */
#include <math.h>
#include <string.h>

#include "engine/counts/counts_private.h"

enum { TOP_PRICE = 1000000, MIDDLE_PRICE = 20000, LOW_PRICE = 1000, STEP = 1 };

/* Nodes: 0 the total; 1 + j a category; then (group, category); then rows. */
static int32_t node_category(size_t j) { return (int32_t)(1 + j); }
static int32_t node_group(const struct network *n, size_t g, size_t j)
{
    return (int32_t)(1 + (1 + g) * n->categories + j);
}
static int32_t node_row(const struct network *n, size_t w)
{
    return (int32_t)(1 + (1 + n->groups) * n->categories + w);
}

static void edge_ends(const struct network *n, size_t edge, int32_t *tail, int32_t *head)
{
    const size_t level = edge / n->categories, j = edge % n->categories;
    if (level == 0) {
        *tail = 0;
        *head = node_category(j);
    } else if (level <= n->groups) {
        *tail = node_category(j);
        *head = node_group(n, level - 1, j);
    } else {
        const size_t w = level - 1 - n->groups;
        *tail = node_group(n, (size_t)n->row_group[w], j);
        *head = node_row(n, w);
    }
}

/* ---- the heap of the search ---- */

static void heap_push(struct network *n, int64_t cost, int32_t node)
{
    size_t at = n->heap_count++;
    while (at && n->heap[(at - 1) / 2].cost > cost) {
        n->heap[at] = n->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    n->heap[at] = (struct network_entry){cost, node};
}

static struct network_entry heap_pop(struct network *n)
{
    const struct network_entry first = n->heap[0], last = n->heap[--n->heap_count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < n->heap_count; at = child) {
        if (child + 1 < n->heap_count && n->heap[child + 1].cost < n->heap[child].cost) child++;
        if (n->heap[child].cost >= last.cost) break;
        n->heap[at] = n->heap[child];
    }
    n->heap[at] = last;
    return first;
}

/* ---- the search ---- */

struct search {
    size_t banned;
    bool hide;
};

static void try_edge(struct network *n, const struct search *search, int32_t node, size_t edge)
{
    int32_t tail, head;
    edge_ends(n, edge, &tail, &head);
    const bool forward = tail == node;
    const int32_t next = forward ? head : tail, least = n->held == (int32_t)edge;
    if (edge == search->banned || (!n->hidden[edge] && !search->hide)) return;
    if (!forward && n->flow[edge] - least < 1) return;
    const int64_t cost = n->cost[node] + STEP + (n->hidden[edge] ? 0 : n->price[edge]);
    if (n->cost[next] <= cost) return;
    n->cost[next] = cost;
    n->came[next] = (int32_t)edge;
    n->back[next] = node;
    heap_push(n, cost, next);
}

static void try_edges_of(struct network *n, const struct search *search, int32_t node)
{
    const size_t categories = n->categories, rows_from = 1 + (1 + n->groups) * categories, at = (size_t)node;
    if (at == 0) {
        for (size_t j = 0; j < categories; j++) try_edge(n, search, node, edge_top(j));
    } else if (at <= categories) {
        try_edge(n, search, node, edge_top(at - 1));
        for (size_t g = 0; g < n->groups; g++) try_edge(n, search, node, edge_middle(n, g, at - 1));
    } else if (at < rows_from) {
        const size_t g = (at - 1) / categories - 1, j = (at - 1) % categories;
        try_edge(n, search, node, edge_middle(n, g, j));
        for (size_t w = 0; w < n->rows; w++)
            if ((size_t)n->row_group[w] == g) try_edge(n, search, node, edge_low(n, w, j));
    } else {
        for (size_t j = 0; j < categories; j++) try_edge(n, search, node, edge_low(n, at - rows_from, j));
    }
}

static bool find_path(struct network *n, const struct search *search, int32_t from, int32_t to)
{
    for (size_t i = 0; i < n->nodes; i++) n->cost[i] = INT64_MAX;
    n->heap_count = 0;
    n->cost[from] = 0;
    heap_push(n, 0, from);
    while (n->heap_count) {
        const struct network_entry entry = heap_pop(n);
        if (entry.node == to) return true;
        if (entry.cost == n->cost[entry.node]) try_edges_of(n, search, entry.node);
    }
    return false;
}

bool network_shift(struct network *n, size_t edge, int sign, int32_t units, bool hide)
{
    int32_t tail, head;
    edge_ends(n, edge, &tail, &head);
    const struct search search = {edge, hide};
    const int32_t from = sign > 0 ? head : tail, to = sign > 0 ? tail : head;
    for (; units > 0; units--) {
        if (!find_path(n, &search, from, to)) return false;
        for (int32_t node = to; node != from; node = n->back[node]) {
            const size_t step = (size_t)n->came[node];
            int32_t start, end;
            edge_ends(n, step, &start, &end);
            n->flow[step] += end == node ? 1 : -1;
            n->hidden[step] = 1;
        }
        n->flow[edge] += sign;
    }
    return true;
}

/* ---- the making ---- */

static void add_units(struct network *n, const struct counts_input *input, const struct backbone *backbone,
                      const uint8_t *left_out, size_t family)
{
    for (size_t view = 0; view < n->views; view++) {
        int32_t *base = n->base + view * n->edges;
        for (size_t i = 0; i < input->units; i++) {
            if (!unit_unseen(input, left_out, i, view)) continue;
            const size_t j = (size_t)input->category[family][i], w = (size_t)backbone->row[input->place[i]];
            base[edge_top(j)]++;
            base[edge_middle(n, (size_t)n->row_group[w], j)]++;
            base[edge_low(n, w, j)]++;
        }
    }
}

/* Hidden from the start: what is small for someone, what holds no one, what is not published. */
static void hide_small(struct network *n, const struct backbone *backbone)
{
    for (size_t edge = 0; edge < n->edges; edge++) {
        const size_t level = edge / n->categories;
        const bool top = level == 0, low = level > n->groups;
        const double size = sqrt(n->base[edge]);
        n->hidden[edge] = n->base[edge] < n->floor;
        for (size_t view = 1; view < n->views; view++) {
            const int32_t count = n->base[view * n->edges + edge];
            if (count > 0 && count < n->floor) n->hidden[edge] = 1;
        }
        if (!top && (low ? backbone->row_place[level - 1 - n->groups] : backbone->group_region[level - 1]) < 0)
            n->hidden[edge] = 1;
        n->price[edge] = (int64_t)((top ? TOP_PRICE : low ? LOW_PRICE : MIDDLE_PRICE) * (1 + 0.1 * size));
    }
}

struct network *network_new(struct arena *arena, const struct counts_input *input, const struct backbone *backbone,
                            const uint8_t *left_out, size_t family)
{
    struct network *n = ARENA_NEW(arena, struct network);
    n->rows = backbone->rows;
    n->groups = backbone->groups;
    n->row_group = backbone->row_group;
    n->categories = input->categories[family];
    n->views = 1 + input->onlookers;
    n->floor = input->floor;
    n->held = -1;
    n->edges = (1 + n->groups + n->rows) * n->categories;
    n->nodes = 1 + (1 + n->groups) * n->categories + n->rows;
    n->hidden = ARENA_ARRAY(arena, n->edges, uint8_t);
    n->price = ARENA_ARRAY(arena, n->edges, int64_t);
    n->base = ARENA_ARRAY(arena, n->views * n->edges, int32_t);
    n->flow = ARENA_ARRAY(arena, n->edges, int32_t);
    n->cost = ARENA_ARRAY(arena, n->nodes, int64_t);
    n->came = ARENA_ARRAY(arena, n->nodes, int32_t);
    n->back = ARENA_ARRAY(arena, n->nodes, int32_t);
    n->heap = ARENA_ARRAY(arena, 2 * n->edges + n->nodes, struct network_entry);
    add_units(n, input, backbone, left_out, family);
    hide_small(n, backbone);
    return n;
}
