/* find.c: codes by name, and what hangs on them. */
#include <string.h>

#include "base/arena.h"
#include "platform/vocabulary/vocabulary_private.h"

/* FNV-1a, 32 bits, over both texts. Only the program's own lists are entered, so that nobody can build collisions. */
static uint32_t hash_names(const char *scheme, const char *code)
{
    uint32_t hash = 2166136261u;
    for (; *scheme; scheme++) hash = (hash ^ (unsigned char)*scheme) * 16777619u;
    hash = (hash ^ '/') * 16777619u;
    for (; *code; code++) hash = (hash ^ (unsigned char)*code) * 16777619u;
    return hash ^ hash >> 15;
}

void vocabulary_enter(struct vocabulary *vocabulary, int32_t index)
{
    const struct vocabulary_code *code = &vocabulary->codes[index];
    uint32_t slot = hash_names(code->scheme, code->code) & vocabulary->slot_mask;
    while (vocabulary->slots[slot] != NOWHERE) slot = (slot + 1) & vocabulary->slot_mask;
    vocabulary->slots[slot] = index;
}

int32_t vocabulary_index_in(const struct vocabulary *vocabulary, const char *scheme, uint32_t editions,
                            const char *code)
{
    if (!scheme || !code || !vocabulary->count) return NOWHERE;
    for (uint32_t slot = hash_names(scheme, code);; slot++) {
        const int32_t index = vocabulary->slots[slot & vocabulary->slot_mask];
        if (index == NOWHERE) return NOWHERE;
        const struct vocabulary_code *entry = &vocabulary->codes[index];
        if (strcmp(entry->code, code) == 0 && strcmp(entry->scheme, scheme) == 0 &&
            (vocabulary->held_by[index] & editions))
            return index;
    }
}

int32_t vocabulary_index(const struct vocabulary *vocabulary, const char *scheme, const char *code)
{
    return vocabulary_index_in(vocabulary, scheme, ALL_EDITIONS, code);
}

struct scheme *vocabulary_scheme(const struct vocabulary *vocabulary, const char *name)
{
    for (size_t i = 0; i < vocabulary->scheme_count; i++)
        if (strcmp(vocabulary->schemes[i].name, name) == 0) return &vocabulary->schemes[i];
    return NULL;
}

bool vocabulary_has(const struct vocabulary *vocabulary, const char *scheme)
{
    return vocabulary_scheme(vocabulary, scheme) != NULL;
}

size_t vocabulary_editions(const struct vocabulary *vocabulary, const struct vocabulary_edition **editions)
{
    *editions = vocabulary->editions;
    return vocabulary->edition_count;
}

const struct vocabulary_code *vocabulary_find(const struct vocabulary *vocabulary, const char *scheme, const char *code)
{
    const int32_t index = vocabulary_index(vocabulary, scheme, code);
    return index == NOWHERE ? NULL : &vocabulary->codes[index];
}

/* The bit of that version among those of its scheme; 0 when it is not loaded. */
static uint32_t edition_bit(const struct vocabulary *vocabulary, const char *scheme, const char *version)
{
    uint32_t bit = 1;
    for (size_t i = 0; i < vocabulary->edition_count; i++) {
        if (strcmp(vocabulary->editions[i].scheme, scheme) != 0) continue;
        if (strcmp(vocabulary->editions[i].version, version) == 0) return bit;
        bit <<= 1;
    }
    return 0;
}

const struct vocabulary_code *vocabulary_find_version(const struct vocabulary *vocabulary, const char *scheme,
                                                      const char *version, const char *code)
{
    const int32_t index = vocabulary_index_in(vocabulary, scheme, edition_bit(vocabulary, scheme, version), code);
    return index == NOWHERE ? NULL : &vocabulary->codes[index];
}

const char *vocabulary_label(const struct vocabulary *vocabulary, enum language language, const char *scheme,
                             const char *code)
{
    const struct vocabulary_code *found = vocabulary_find(vocabulary, scheme, code);
    if (!found) return code;
    return language == LANGUAGE_FRENCH ? found->label_fr : found->label_en;
}

const struct attached *vocabulary_attached(const struct vocabulary *vocabulary, int32_t code, size_t *count)
{
    size_t low = 0, high = vocabulary->attached_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (vocabulary->attached[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    for (*count = 0; low + *count < vocabulary->attached_count && vocabulary->attached[low + *count].code == code;)
        ++*count;
    return vocabulary->attached + low;
}

const char *vocabulary_note(const struct vocabulary *vocabulary, enum language language, const char *scheme,
                            const char *code)
{
    size_t count = 0;
    const int32_t index = vocabulary_index(vocabulary, scheme, code);
    const struct attached *texts = index == NOWHERE ? NULL : vocabulary_attached(vocabulary, index, &count);
    const char *other = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!texts[i].note) continue;
        if (texts[i].language == language) return texts[i].content;
        other = texts[i].content;
    }
    return other;
}

size_t vocabulary_ancestors(const struct vocabulary *vocabulary, const char *scheme, const char *code,
                            const struct vocabulary_code **out, size_t most)
{
    size_t count = 0;
    for (int32_t index = vocabulary_index(vocabulary, scheme, code); index != NOWHERE;
         index = vocabulary->parent[index]) {
        if (count < most) out[count++] = &vocabulary->codes[index];
        const int32_t other = vocabulary->other_parent[index];
        if (other != NOWHERE && count < most) out[count++] = &vocabulary->codes[other];
    }
    return count;
}

/* The first link that is not before (from, 0). */
static size_t first_link(const struct vocabulary *vocabulary, int32_t from)
{
    size_t low = 0, high = vocabulary->link_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (vocabulary->links[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t vocabulary_links(const struct vocabulary *vocabulary, const char *scheme, const char *code,
                        const char *other_scheme, const struct vocabulary_code **out, size_t most)
{
    size_t count = 0;
    const int32_t from = vocabulary_index(vocabulary, scheme, code);
    if (from == NOWHERE) return 0;
    for (size_t i = first_link(vocabulary, from);
         i < vocabulary->link_count && vocabulary->links[i].from == from && count < most; i++) {
        const struct vocabulary_code *to = &vocabulary->codes[vocabulary->links[i].to];
        if (strcmp(to->scheme, other_scheme) == 0) out[count++] = to;
    }
    return count;
}

size_t vocabulary_list(const struct vocabulary *vocabulary, struct arena *arena, const char *scheme_name,
                       const char *level, const char *parent, const struct vocabulary_code ***out)
{
    const struct scheme *scheme = vocabulary_scheme(vocabulary, scheme_name);
    const int32_t above = scheme && parent ? vocabulary_index(vocabulary, scheme_name, parent) : NOWHERE;
    const struct level *whole = scheme && level && !parent ? vocabulary_level(vocabulary, scheme_name, level) : NULL;
    *out = whole ? whole->codes : NULL;
    if (whole) return whole->count;
    if (!scheme || (parent && above == NOWHERE)) return 0;
    const int32_t first = parent ? vocabulary->child_start[above] : scheme->first;
    const int32_t end = parent ? vocabulary->child_start[above + 1] : scheme->first + scheme->current;
    *out = ARENA_ARRAY(arena, (size_t)(end - first) + 1, const struct vocabulary_code *);
    size_t count = 0;
    for (int32_t i = first; i < end; i++) {
        const int32_t index = parent ? vocabulary->children[i] : i;
        const struct vocabulary_code *code = &vocabulary->codes[index];
        if (vocabulary_shown(vocabulary, scheme, index) && (!level || strcmp(code->level, level) == 0))
            (*out)[count++] = code;
    }
    return count;
}
