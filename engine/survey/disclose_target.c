/* disclose_target.c: lists of what must be protected. */
#include <string.h>

#include "engine/survey/disclose_private.h"

struct target *target_add(struct arena *arena, struct target_list *list, const struct target *target)
{
    if (list->count == list->room) {
        list->room = 2 * list->room + 64;
        struct target *items = ARENA_ARRAY(arena, list->room, struct target);
        if (list->count) memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count] = *target;
    return &list->items[list->count++];
}

struct target target_cell(struct arena *arena, const struct disclose_table *table, size_t cell, double up, double down)
{
    struct target target = {.cells = ARENA_NEW(arena, int32_t),
                            .count = 1,
                            .value = table->value[cell],
                            .up = up,
                            .down = down,
                            .owner = table->owner[cell]};
    target.cells[0] = (int32_t)cell;
    return target;
}

static bool node_beneath(const struct disclose_tree *tree, int32_t node, int32_t ancestor)
{
    while (node > ancestor) node = tree->parent[node];
    return node == ancestor;
}

static bool cell_beneath(const struct disclose_table *table, size_t cell, size_t ancestor)
{
    for (size_t d = 0; d < table->dimensions; d++)
        if (!node_beneath(&table->trees[d], disclose_node(table, cell, d), disclose_node(table, ancestor, d)))
            return false;
    return true;
}

int32_t target_intruder(const struct disclose_table *table, const struct target *target, size_t cell)
{
    const int32_t owner = table->owner[cell];
    if (owner < 0 || owner == target->owner) return -1;
    for (size_t i = 0; i < target->count; i++)
        if (cell_beneath(table, (size_t)table->anchor[cell], (size_t)target->cells[i])) return -1;
    return owner;
}
