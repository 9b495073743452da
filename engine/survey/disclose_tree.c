/* disclose_tree.c: from (code, parent) lines to a numbered tree. */
#include <string.h>

#include "base/map.h"
#include "engine/survey/disclose.h"

static const char *const total_code = "Total";

struct draft {
    size_t count;
    const char **codes;
    int32_t *parent; /* index in the draft, -1 at the top */
    int64_t *line;
    struct map *index; /* code -> its number + 1 */
};

static int32_t draft_find(const struct draft *draft, const char *code)
{
    return (int32_t)(uintptr_t)map_get(draft->index, code) - 1;
}

static int32_t draft_add(struct draft *draft, const char *code, int64_t line)
{
    const size_t number = draft->count++;
    draft->codes[number] = code;
    draft->parent[number] = -1;
    draft->line[number] = line;
    map_put(draft->index, code, (void *)(uintptr_t)(number + 1));
    return (int32_t)number;
}

static enum status draft_codes(struct arena *arena, struct draft *draft, const struct disclose_link *links,
                               size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!links[i].code[0]) {
            error_set(error, STATUS_INPUT, N_("A line of the hierarchy has no code."));
            return error_at(error, NULL, links[i].line, 0);
        }
        if (map_get(draft->index, links[i].code)) {
            error_set(error, STATUS_INPUT, N_("The code {1} is given twice: keep one line for each code."),
                      links[i].code);
            return error_at(error, NULL, links[i].line, 0);
        }
        draft_add(draft, arena_copy(arena, links[i].code), links[i].line);
    }
    return STATUS_OK;
}

/* Parents that have no line of their own become tops. */
static void draft_parents(struct arena *arena, struct draft *draft, const struct disclose_link *links, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!links[i].parent || !links[i].parent[0]) continue;
        int32_t parent = draft_find(draft, links[i].parent);
        if (parent < 0) parent = draft_add(draft, arena_copy(arena, links[i].parent), links[i].line);
        draft->parent[i] = parent;
    }
}

static enum status draft_read(struct arena *arena, struct draft *draft, const struct disclose_link *links, size_t count,
                              struct error *error)
{
    draft->count = 0;
    draft->codes = ARENA_ARRAY(arena, 2 * count, const char *);
    draft->parent = ARENA_ARRAY(arena, 2 * count, int32_t);
    draft->line = ARENA_ARRAY(arena, 2 * count, int64_t);
    draft->index = map_new(arena);
    const enum status status = draft_codes(arena, draft, links, count, error);
    if (status == STATUS_OK) draft_parents(arena, draft, links, count);
    return status;
}

/* Children of each node as a list (first, next), in the order given. */
struct family {
    int32_t *first;
    int32_t *next;
    int32_t top;
    size_t tops;
};

static struct family draft_family(struct arena *arena, const struct draft *draft)
{
    struct family family = {.first = ARENA_ARRAY(arena, draft->count, int32_t),
                            .next = ARENA_ARRAY(arena, draft->count, int32_t),
                            .top = -1};
    memset(family.first, 0xff, draft->count * sizeof *family.first);
    for (size_t i = draft->count; i-- > 0;) {
        int32_t *head = draft->parent[i] < 0 ? &family.top : &family.first[draft->parent[i]];
        if (draft->parent[i] < 0) family.tops++;
        family.next[i] = *head;
        *head = (int32_t)i;
    }
    return family;
}

/* Appends the children that begin with draft node `head` beneath tree node `parent`; source says which draft node a
 * tree node is. */
static void tree_append(struct disclose_tree *tree, int32_t *source, const struct draft *draft,
                        const struct family *family, int32_t parent, int32_t head)
{
    for (int32_t i = head; i >= 0; i = family->next[i]) {
        const int32_t node = (int32_t)tree->count++;
        if (tree->children[parent]++ == 0) tree->first_child[parent] = node;
        tree->codes[node] = draft->codes[i];
        tree->parent[node] = parent;
        source[node] = i;
    }
}

static enum status refuse_cycle(const struct draft *draft, const struct disclose_tree *tree, const int32_t *source,
                                struct arena *arena, struct error *error)
{
    bool *reached = ARENA_ARRAY(arena, draft->count, bool);
    for (size_t i = 0; i < tree->count; i++)
        if (source[i] >= 0) reached[source[i]] = true;
    int32_t at = 0;
    while (reached[at]) at++;
    for (size_t step = 0; step < draft->count; step++) at = draft->parent[at];
    error_set(error, STATUS_INPUT, N_("The hierarchy turns in a circle: {1} is its own ancestor, through {2}."),
              draft->codes[at], draft->codes[draft->parent[at]]);
    return error_at(error, NULL, draft->line[at], 0);
}

static void tree_allocate(struct arena *arena, struct disclose_tree *tree, size_t most)
{
    tree->count = 1;
    tree->codes = ARENA_ARRAY(arena, most, const char *);
    tree->parent = ARENA_ARRAY(arena, most, int32_t);
    tree->first_child = ARENA_ARRAY(arena, most, int32_t);
    tree->children = ARENA_ARRAY(arena, most, int32_t);
    memset(tree->first_child, 0xff, most * sizeof *tree->first_child);
    tree->parent[0] = -1;
}

enum status disclose_tree_build(struct arena *arena, const char *name, const struct disclose_link *links, size_t count,
                                struct disclose_tree *tree, struct error *error)
{
    struct draft draft;
    tree->name = arena_copy(arena, name);
    if (!count) return error_field(error, STATUS_INPUT, name, N_("The hierarchy is empty."));
    enum status status = draft_read(arena, &draft, links, count, error);
    if (status != STATUS_OK) return status;
    const struct family family = draft_family(arena, &draft);
    tree_allocate(arena, tree, draft.count + 1);
    int32_t *source = ARENA_ARRAY(arena, draft.count + 1, int32_t);
    const bool own_top = family.tops == 1 && family.first[family.top] >= 0;
    source[0] = own_top ? family.top : -1;
    tree->codes[0] = own_top ? draft.codes[family.top] : total_code;
    tree_append(tree, source, &draft, &family, 0, own_top ? family.first[family.top] : family.top);
    for (size_t node = 1; node < tree->count; node++)
        tree_append(tree, source, &draft, &family, (int32_t)node, family.first[source[node]]);
    if (tree->count != draft.count + !own_top) return refuse_cycle(&draft, tree, source, arena, error);
    if (!own_top && map_get(draft.index, total_code))
        return error_field(error, STATUS_INPUT, name,
                           N_("{1} is kept for the total of a classification: rename that code."), total_code);
    return STATUS_OK;
}

int32_t disclose_tree_find(const struct disclose_tree *tree, const char *code)
{
    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->codes[i], code) == 0) return (int32_t)i;
    return -1;
}
