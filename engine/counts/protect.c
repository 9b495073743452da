/* protect.c: small cells, one after the other; then the result. */
#include <string.h>

#include "engine/counts/counts_private.h"

/* Whether a cell of the lowest level is part of another. */
static bool lies_in(const struct network *n, size_t low, size_t cell)
{
    const size_t level = cell / n->categories, row = low / n->categories - 1 - n->groups;
    if (low % n->categories != cell % n->categories) return false;
    return level == 0 || low == cell || (level <= n->groups && (size_t)n->row_group[row] == level - 1);
}

/* Where the flow at hand takes the last unit from a cell of the lowest level: the insiders whom it contradicts. */
static size_t list_insiders(const struct network *n, const int32_t *base, size_t cell, int32_t *insiders)
{
    size_t count = 0;
    for (size_t edge = edge_low(n, 0, 0); edge < n->edges; edge++)
        if (base[edge] && !n->flow[edge] && !lies_in(n, edge, cell)) insiders[count++] = (int32_t)edge;
    return count;
}

struct guard {
    struct network *network;
    const int32_t *base;
    int32_t *insiders; /* room for as many as there are edges */
    bool hide;
};

static bool reach(const struct guard *guard, size_t cell, int sign, int32_t units)
{
    struct network *n = guard->network;
    memcpy(n->flow, guard->base, n->edges * sizeof *n->flow);
    return units <= 0 || network_shift(n, cell, sign, units, guard->hide);
}

/* Someone who knows that they stand in another cell must be left in doubt too: 0 and, beside them, floor - 1. */
static bool reach_despite_insiders(const struct guard *guard, size_t cell, int sign, int32_t units)
{
    struct network *n = guard->network;
    const size_t count = list_insiders(n, guard->base, cell, guard->insiders);
    bool safe = true;
    for (size_t i = 0; i < count && safe; i++) {
        n->held = guard->insiders[i];
        safe = reach(guard, cell, sign, units);
    }
    n->held = -1;
    return safe;
}

static bool protect_cell(const struct guard *guard, size_t cell)
{
    const struct network *n = guard->network;
    const int32_t count = guard->base[cell];
    if (count <= 0 || count >= n->floor) return true;
    return reach(guard, cell, -1, count) && reach_despite_insiders(guard, cell, -1, count) &&
           reach(guard, cell, 1, n->floor - count) && reach_despite_insiders(guard, cell, 1, n->floor - 1 - count);
}

bool network_protect(struct arena *arena, struct network *network, bool hide)
{
    struct guard guard = {.network = network, .insiders = ARENA_ARRAY(arena, network->edges, int32_t), .hide = hide};
    for (size_t cell = 0; cell < network->edges; cell++)
        for (size_t view = 0; view < network->views; view++) {
            guard.base = network->base + view * network->edges;
            if (!protect_cell(&guard, cell)) return false;
        }
    return true;
}

/* ---- the result ---- */

static enum status check(const struct counts_input *input, struct error *error)
{
    for (size_t i = 0; i < input->places; i++)
        if (input->region[i] < 0 || (size_t)input->region[i] >= input->regions)
            return error_set(error, STATUS_INPUT, "A place is in no region.");
    for (size_t i = 0; i < input->units; i++) {
        bool wrong = input->place[i] < 0 || (size_t)input->place[i] >= input->places;
        for (size_t f = 0; f < input->families; f++)
            wrong = wrong || input->category[f][i] < 0 || (size_t)input->category[f][i] >= input->categories[f];
        if (wrong) return error_set(error, STATUS_INPUT, "A unit is out of the lists.");
    }
    return STATUS_OK;
}

static void count_cell(struct counts_result *result, int32_t count, bool open, int32_t floor)
{
    result->cells += count > 0;
    result->small += count > 0 && count < floor;
    result->secondary += count >= floor && !open;
}

/* The areas of a unit: the total, its region, its place. */
static void areas_of(const struct counts_input *input, size_t unit, size_t *areas)
{
    areas[0] = 0;
    areas[1] = 1 + (size_t)input->region[input->place[unit]];
    areas[2] = 1 + input->regions + (size_t)input->place[unit];
}

/* The row of edges that shows an area, or -1 for one that is not published. */
static int64_t area_level(const struct counts_input *input, const struct backbone *backbone, size_t area)
{
    if (area == 0) return 0;
    if (area <= input->regions) {
        const int32_t group = backbone->group[area - 1];
        return backbone->group_region[group] < 0 ? -1 : 1 + group;
    }
    const int32_t row = backbone->row[area - 1 - input->regions];
    return backbone->row_place[row] < 0 ? -1 : 1 + (int64_t)backbone->groups + row;
}

static void give_totals(struct arena *arena, const struct counts_input *input, const struct backbone *backbone,
                        struct counts_result *result)
{
    size_t areas[3];
    result->count = ARENA_ARRAY(arena, result->areas, int32_t);
    result->open = ARENA_ARRAY(arena, result->areas, uint8_t);
    for (size_t i = 0; i < input->units; i++) {
        areas_of(input, i, areas);
        for (size_t k = 0; k < 3 && !result->left_out[i]; k++) result->count[areas[k]]++;
    }
    for (size_t area = 0; area < result->areas; area++) {
        result->open[area] = area_level(input, backbone, area) >= 0 && result->count[area] >= input->floor;
        count_cell(result, result->count[area], result->open[area], input->floor);
    }
}

static void give_family(struct arena *arena, const struct counts_input *input, const struct backbone *backbone,
                        const struct network *network, size_t number, struct counts_result *result)
{
    struct counts_family *family = &result->family[number];
    const size_t categories = network->categories;
    size_t areas[3];
    family->categories = categories;
    family->count = ARENA_ARRAY(arena, result->areas * categories, int32_t);
    family->open = ARENA_ARRAY(arena, result->areas * categories, uint8_t);
    for (size_t i = 0; i < input->units; i++) {
        areas_of(input, i, areas);
        for (size_t k = 0; k < 3 && !result->left_out[i]; k++)
            family->count[areas[k] * categories + (size_t)input->category[number][i]]++;
    }
    for (size_t cell = 0; cell < result->areas * categories; cell++) {
        const int64_t level = area_level(input, backbone, cell / categories);
        family->open[cell] = level >= 0 && !network->hidden[(size_t)level * categories + cell % categories];
        count_cell(result, family->count[cell], family->open[cell], input->floor);
    }
}

enum status counts_protect(struct arena *arena, const struct counts_input *input, struct counts_result *result,
                           struct error *error)
{
    const enum status status = check(input, error);
    *result = (struct counts_result){.areas = 1 + input->regions + input->places};
    if (status) return status;
    result->left_out = ARENA_ARRAY(arena, input->units + 1, uint8_t);
    backbone_leave_out(input, result);
    const struct backbone backbone = backbone_build(arena, input, result->left_out);
    give_totals(arena, input, &backbone, result);
    for (size_t f = 0; f < input->families; f++) {
        struct network *network = network_new(arena, input, &backbone, result->left_out, f);
        if (!network_protect(arena, network, true) || !network_protect(arena, network, false))
            return error_set(error, STATUS_FAULT, N_("Some figures could not be protected: nothing is published."));
        give_family(arena, input, &backbone, network, f, result);
    }
    return STATUS_OK;
}
