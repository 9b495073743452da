/* disclose_exchange.c: along one classification, who can give to whom. */
#include <string.h>

#include "base/map.h"
#include "engine/survey/disclose_private.h"

enum { KEPT_NODES_MOST = 400 };

struct exchange_book {
    const struct disclose_table *table;
    struct arena *arena;
    struct map *lists[DISCLOSE_DIMENSIONS_MOST]; /* by anchor * count + target */
};

struct exchange_book *exchange_book_new(struct arena *arena, const struct disclose_table *table)
{
    struct exchange_book *book = ARENA_NEW(arena, struct exchange_book);
    book->table = table;
    book->arena = arena;
    for (size_t d = 0; d < table->dimensions; d++) book->lists[d] = map_new(arena);
    return book;
}

struct writer {
    struct arena *arena;
    const struct disclose_tree *tree;
    size_t stride;
    int32_t anchor;
    struct exchange_list *list;
};

static size_t path_length(const struct disclose_tree *tree, int32_t node)
{
    size_t length = 0;
    for (; node >= 0; node = tree->parent[node]) length++;
    return length;
}

struct path {
    int32_t *offsets;
    int8_t *signs;
    size_t count;
};

/* Adds the nodes from `node` up to (not including) `until`; up to the top and with it when until is -1. */
static void path_add(struct path *path, const struct writer *writer, int32_t node, int32_t until, int8_t sign)
{
    for (; node >= 0 && node != until; node = writer->tree->parent[node]) {
        if (node == writer->anchor) continue;
        path->offsets[path->count] = (node - writer->anchor) * (int32_t)writer->stride;
        path->signs[path->count++] = sign;
    }
}

/* Adds the exchange between the anchor and `other` (-1: nobody) beneath their common ancestor (-1: none). */
static void list_add(struct writer *writer, int32_t other, int32_t common)
{
    const size_t most = path_length(writer->tree, writer->anchor) + path_length(writer->tree, other);
    struct path path = {.offsets = ARENA_ARRAY(writer->arena, most, int32_t),
                        .signs = ARENA_ARRAY(writer->arena, most, int8_t)};
    path_add(&path, writer, writer->anchor, common, 1);
    path_add(&path, writer, other, common, -1);
    writer->list->items[writer->list->count] = (struct exchange){
        .offsets = path.offsets, .signs = path.signs, .count = path.count, .rank = writer->list->count};
    writer->list->count++;
}

/* The exchanges with the leaves beneath `node`, outside the branch `spared`. */
static void list_branch(struct writer *writer, int32_t common, int32_t node, int32_t spared)
{
    if (node == spared) return;
    if (!writer->tree->children[node]) list_add(writer, node, common);
    for (int32_t k = 0; k < writer->tree->children[node]; k++)
        list_branch(writer, common, writer->tree->first_child[node] + k, spared);
}

static struct exchange_list *list_new(struct arena *arena, const struct disclose_table *table, size_t d, int32_t anchor,
                                      int32_t target)
{
    const struct disclose_tree *tree = &table->trees[d];
    struct exchange_list *list = ARENA_NEW(arena, struct exchange_list);
    struct writer writer = {arena, tree, table->stride[d], anchor, list};
    list->items = ARENA_ARRAY(arena, tree->count + 1, struct exchange);
    for (int32_t spared = target; tree->parent[spared] >= 0; spared = tree->parent[spared]) {
        list_branch(&writer, tree->parent[spared], tree->parent[spared], spared);
        if (spared == target) list->near = list->count;
    }
    list_add(&writer, -1, -1);
    if (tree->parent[target] < 0) list->near = list->count;
    return list;
}

const struct exchange_list *exchange_book_get(struct exchange_book *book, struct arena *scratch, size_t d,
                                              int32_t anchor, int32_t target)
{
    const size_t count = book->table->trees[d].count;
    if (count > KEPT_NODES_MOST) return list_new(scratch, book->table, d, anchor, target);
    const int64_t key = anchor * (int64_t)count + target;
    struct exchange_list *list = map_get_number(book->lists[d], key);
    if (!list) {
        list = list_new(book->arena, book->table, d, anchor, target);
        map_put_number(book->lists[d], key, list);
    }
    return list;
}
