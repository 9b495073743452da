#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { DEFAULT_LIMIT = 48 << 20 };

/* What ends with the view: shared sets and bitmaps of its own. */
struct own_set {
    struct own_set *next;
    struct shared_set *shared;
    roaring_bitmap_t *bitmap;
    struct index_set set;
};

struct index *index_open(struct db *db, size_t memory_limit)
{
    struct index *index = calloc(1, sizeof *index);
    if (!index) fatal_memory(sizeof *index);
    index->db = db;
    if (!memory_limit) memory_limit = DEFAULT_LIMIT;
    index->column_limit = memory_limit / 4;
    index->cache = cache_new(memory_limit - index->column_limit);
    pthread_mutex_init(&index->lock, NULL);
    return index;
}

void index_close(struct index **index)
{
    if (!*index) return;
    for (struct index_kind *kind = (*index)->kinds, *next; kind; kind = next) {
        next = kind->next;
        kind_free(kind);
    }
    cache_free(&(*index)->cache);
    pthread_mutex_destroy(&(*index)->lock);
    free(*index);
    *index = NULL;
    malloc_trim(0);
}

size_t index_memory(const struct index *index) { return cache_size(index->cache); }

static void end_view(void *context)
{
    struct index_view *view = context;
    for (struct own_set *own = view->own; own; own = own->next) {
        if (own->shared) shared_drop(own->shared);
        if (own->bitmap) roaring_bitmap_free(own->bitmap);
    }
    overlay_clear(&view->overlay);
}

enum status index_view_open(struct index *index, struct db_handle *read, struct arena *arena, const char *kind,
                            struct index_view **view, struct error *error)
{
    struct index_view *opened = ARENA_NEW(arena, struct index_view);
    *opened = (struct index_view){
        .index = index, .handle = read, .arena = arena, .kind = index_find_kind(index, index_kind(kind))};
    enum status status = db_snapshot(read, arena, error);
    if (status == STATUS_OK) status = kind_learn(opened, error);
    if (status) return status;
    arena_defer(arena, end_view, opened);
    *view = opened;
    return STATUS_OK;
}

enum status index_view_status(const struct index_view *view, struct error *error)
{
    if (view->status && error) *error = view->error;
    return view->status;
}

static struct own_set *add_own(struct index_view *view)
{
    struct own_set *own = ARENA_NEW(view->arena, struct own_set);
    own->next = view->own;
    view->own = own;
    return own;
}

static const struct index_set *keep_bitmap(struct index_view *view, roaring_bitmap_t *bitmap)
{
    if (!bitmap) fatal_memory(0);
    struct own_set *own = add_own(view);
    own->bitmap = bitmap;
    own->set.bitmap = bitmap;
    return &own->set;
}

const struct index_set *index_get(struct index_view *view, int64_t key)
{
    struct own_set *own = add_own(view);
    own->shared = kind_set(view, key);
    own->set.bitmap = own->shared->bitmap;
    return &own->set;
}

const struct index_set *index_any(struct index_view *view, const int64_t *keys, size_t count)
{
    if (count == 1) return index_get(view, *keys);
    const roaring_bitmap_t **bitmaps = ARENA_ARRAY(view->arena, count + 1, const roaring_bitmap_t *);
    for (size_t i = 0; i < count; i++) bitmaps[i] = index_get(view, keys[i])->bitmap;
    return keep_bitmap(view, roaring_bitmap_or_many(count, bitmaps));
}

const struct index_set *index_of_slots(struct index_view *view, const int64_t *slots, size_t count)
{
    roaring_bitmap_t *bitmap = roaring_bitmap_create();
    if (!bitmap) fatal_memory(0);
    for (size_t i = 0; i < count; i++)
        if (slots[i] >= 0 && slots[i] <= UINT32_MAX) roaring_bitmap_add(bitmap, (uint32_t)slots[i]);
    return keep_bitmap(view, bitmap);
}

const struct index_set *index_and(struct index_view *view, const struct index_set *a, const struct index_set *b)
{
    return keep_bitmap(view, roaring_bitmap_and(a->bitmap, b->bitmap));
}

const struct index_set *index_or(struct index_view *view, const struct index_set *a, const struct index_set *b)
{
    return keep_bitmap(view, roaring_bitmap_or(a->bitmap, b->bitmap));
}

const struct index_set *index_without(struct index_view *view, const struct index_set *a, const struct index_set *b)
{
    return keep_bitmap(view, roaring_bitmap_andnot(a->bitmap, b->bitmap));
}

int64_t index_count(const struct index_set *set) { return (int64_t)roaring_bitmap_get_cardinality(set->bitmap); }

int64_t index_and_count(const struct index_set *a, const struct index_set *b)
{
    return (int64_t)roaring_bitmap_and_cardinality(a->bitmap, b->bitmap);
}

bool index_has(const struct index_set *set, int64_t slot)
{
    return slot >= 0 && slot <= UINT32_MAX && roaring_bitmap_contains(set->bitmap, (uint32_t)slot);
}

size_t index_slots_of(const struct index_set *set, bool descending, int64_t skip, int64_t *slots, size_t most)
{
    const int64_t all = index_count(set);
    if (skip < 0) skip = 0;
    if (skip >= all || most == 0) return 0;
    const size_t count = (uint64_t)(all - skip) < most ? (size_t)(all - skip) : most;
    const int64_t first = descending ? all - skip - (int64_t)count : skip;
    /* The numbers are written as 32 bits into the upper half of the array, and widened from its start on. */
    uint32_t *narrow = (uint32_t *)(void *)slots + count;
    roaring_bitmap_range_uint32_array(set->bitmap, (size_t)first, count, narrow);
    for (size_t i = 0; i < count; i++) {
        uint32_t slot;
        memcpy(&slot, narrow + i, sizeof slot);
        const int64_t wide = slot;
        memcpy(&slots[i], &wide, sizeof wide);
    }
    for (size_t i = 0; descending && i < count / 2; i++) {
        const int64_t other = slots[i];
        slots[i] = slots[count - 1 - i];
        slots[count - 1 - i] = other;
    }
    return count;
}

struct index_bits index_bits_of(struct index_view *view, const struct index_set *set)
{
    enum { BATCH_SLOTS = 1024 };
    uint32_t slots[BATCH_SLOTS];
    const bool empty = roaring_bitmap_is_empty(set->bitmap);
    const int64_t end = empty ? 0 : (int64_t)roaring_bitmap_maximum(set->bitmap) + 1;
    uint64_t *words = ARENA_ARRAY(view->arena, (size_t)end / 64 + 1, uint64_t);
    roaring_uint32_iterator_t iterator;
    roaring_init_iterator(set->bitmap, &iterator);
    for (uint32_t got; (got = roaring_read_uint32_iterator(&iterator, slots, BATCH_SLOTS)) > 0;)
        for (uint32_t i = 0; i < got; i++) words[slots[i] / 64] |= (uint64_t)1 << (slots[i] % 64);
    return (struct index_bits){words, end};
}
