#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { FIRST_ROOM = 64 };

static void *grow(void *memory, size_t *room, size_t size)
{
    *room = *room ? *room * 2 : FIRST_ROOM;
    memory = realloc(memory, *room * size);
    if (!memory) fatal_memory(*room * size);
    return memory;
}

static struct overlay_chain *find_chain(const struct overlay *overlay, int64_t key)
{
    size_t at = key_scatter(key) & (overlay->chain_room - 1);
    while (overlay->chains[at].last && overlay->chains[at].key != key) at = (at + 1) & (overlay->chain_room - 1);
    return &overlay->chains[at];
}

static void grow_chains(struct overlay *overlay)
{
    const struct overlay old = *overlay;
    overlay->chain_room = old.chain_room ? old.chain_room * 2 : FIRST_ROOM;
    overlay->chains = calloc(overlay->chain_room, sizeof *overlay->chains);
    if (!overlay->chains) fatal_memory(overlay->chain_room * sizeof *overlay->chains);
    for (size_t i = 0; i < old.chain_room; i++)
        if (old.chains[i].last) *find_chain(overlay, old.chains[i].key) = old.chains[i];
    free(old.chains);
}

struct adding {
    struct overlay *overlay;
    const struct line *line;
};

static void add_change(void *context, const struct member_change *change)
{
    struct overlay *overlay = ((struct adding *)context)->overlay;
    const struct line *line = ((struct adding *)context)->line;
    if (overlay->change_count == overlay->change_room)
        overlay->changes = grow(overlay->changes, &overlay->change_room, sizeof *overlay->changes);
    if (overlay->chain_count * 4 >= overlay->chain_room * 3) grow_chains(overlay);
    overlay->changes[overlay->change_count++] = (struct overlay_change){*change, line->position, line->txn, 0};
    struct overlay_chain *chain = find_chain(overlay, change->key);
    overlay->chain_count += !chain->last;
    overlay->changes[overlay->change_count - 1].before = chain->last;
    *chain = (struct overlay_chain){change->key, (uint32_t)overlay->change_count};
}

bool overlay_add(struct overlay *overlay, const struct line *line)
{
    if (overlay->line_count == overlay->line_room)
        overlay->lines = grow(overlay->lines, &overlay->line_room, sizeof *overlay->lines);
    overlay->lines[overlay->line_count++] = *line;
    return line_each(line->bytes, line->length, add_change, &(struct adding){overlay, line});
}

const struct overlay_change *overlay_last(const struct overlay *overlay, int64_t key)
{
    if (!overlay->chain_room) return NULL;
    const struct overlay_chain *chain = find_chain(overlay, key);
    return chain->last ? &overlay->changes[chain->last - 1] : NULL;
}

const struct overlay_change *overlay_before(const struct overlay *overlay, const struct overlay_change *change)
{
    return change->before ? &overlay->changes[change->before - 1] : NULL;
}

static void free_tables(struct overlay *overlay)
{
    free(overlay->lines);
    free(overlay->changes);
    free(overlay->chains);
    *overlay = (struct overlay){0};
}

void overlay_clear(struct overlay *overlay)
{
    for (size_t i = 0; i < overlay->line_count; i++) free(overlay->lines[i].bytes);
    free_tables(overlay);
}

void overlay_trim(struct overlay *overlay, int64_t txn)
{
    struct overlay kept = {0};
    for (size_t i = 0; i < overlay->line_count; i++) {
        if (overlay->lines[i].txn < txn)
            free(overlay->lines[i].bytes);
        else
            overlay_add(&kept, &overlay->lines[i]);
    }
    free_tables(overlay);
    *overlay = kept;
}
