/* column.c: counting many keys at once. For a list of keys (the codes of a facet) a column says, slot by slot, which of them the record has:
 * counting a set is then one reading a slot, where intersecting it with each key's set costs a merge of both. A record with
 * several of the keys stands in several layers. Slots that have changed since the column was made, or that have more keys than layers, are
 * "apart": counted by the keys' own sets. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { COLUMN_KEYS = 254, NONE = 255, LAYERS = 4, SMALL_KIND = 20000, MOST_APART = 2000, BATCH = 4096 };

struct column {
    uint64_t epoch, hash; /* of the keys */
    uint64_t built;       /* made of what was known at this position */
    uint64_t seen;        /* lines up to this position are among those apart */
    uint64_t built_apart; /* how many were apart from the start */
    uint64_t used;
    atomic_uint references;
    struct shared_set *apart;
    size_t length; /* slots */
    int layer_count;
    uint8_t *layers[LAYERS];
    struct column *next;
};

static size_t column_bytes(const struct column *column) { return (size_t)column->layer_count * column->length; }

static void drop_column(struct column *column)
{
    if (atomic_fetch_sub_explicit(&column->references, 1, memory_order_acq_rel) != 1) return;
    for (int i = 0; i < column->layer_count; i++) free(column->layers[i]);
    shared_drop(column->apart);
    free(column);
}

void columns_free(struct index_kind *kind)
{
    while (kind->columns) {
        struct column *column = kind->columns;
        kind->columns = column->next;
        drop_column(column);
    }
    kind->column_bytes = 0;
}

static void add_slots(void *context, const struct member_change *change)
{
    roaring_bitmap_add_many(context, change->count, change->slots);
}

/* Sets apart the slots of the known lines beyond the position. */
static struct shared_set *apart_beyond(const struct overlay *overlay, const struct shared_set *apart, uint64_t position)
{
    roaring_bitmap_t *bitmap = roaring_bitmap_copy(apart->bitmap);
    for (size_t i = overlay->line_count; i > 0 && overlay->lines[i - 1].position > position; i--)
        line_each(overlay->lines[i - 1].bytes, overlay->lines[i - 1].length, add_slots, bitmap);
    return shared_new(bitmap);
}

/* The kind's lock and its columns' are held. */
static void follow(struct index_kind *kind, struct column *column)
{
    if (column->seen == kind->position) return;
    struct shared_set *apart = apart_beyond(&kind->overlay, column->apart, column->seen);
    shared_drop(column->apart);
    column->apart = apart;
    column->seen = kind->position;
}

void columns_follow(struct index_kind *kind)
{
    pthread_mutex_lock(&kind->column_lock);
    for (struct column *column = kind->columns; column; column = column->next) follow(kind, column);
    pthread_mutex_unlock(&kind->column_lock);
}

static uint64_t hash_keys(const int64_t *keys, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++) hash = key_scatter((int64_t)(hash * 31 + (uint64_t)keys[i]));
    return hash;
}

/* Takes the column out of the list. */
static void remove_column(struct index_kind *kind, struct column **link)
{
    struct column *column = *link;
    *link = column->next;
    kind->column_bytes -= column_bytes(column);
    drop_column(column);
}

static bool too_far_apart(const struct column *column)
{
    return roaring_bitmap_get_cardinality(column->apart->bitmap) >
           column->built_apart + MOST_APART + column->length / 200;
}

/* The column and what is apart of it, with a reference each; NULL when there is none. The kind is locked for reading. */
static struct column *take_column(struct index_kind *kind, uint64_t hash, struct shared_set **apart)
{
    pthread_mutex_lock(&kind->column_lock);
    struct column **link = &kind->columns;
    while (*link && ((*link)->hash != hash || (*link)->epoch != kind->epoch)) link = &(*link)->next;
    if (*link) {
        follow(kind, *link);
        if (too_far_apart(*link)) remove_column(kind, link);
    }
    struct column *column = *link && (*link)->hash == hash ? *link : NULL;
    if (column) {
        column->used = ++kind->column_uses;
        atomic_fetch_add_explicit(&column->references, 1, memory_order_relaxed);
        *apart = column->apart;
        atomic_fetch_add_explicit(&(*apart)->references, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&kind->column_lock);
    return column;
}

static void keep_column(struct index_kind *kind, struct column *column, size_t limit)
{
    pthread_mutex_lock(&kind->column_lock);
    kind->column_bytes += column_bytes(column);
    column->used = ++kind->column_uses;
    column->next = kind->columns;
    kind->columns = column;
    while (kind->columns && kind->column_bytes > limit) {
        struct column **oldest = &kind->columns;
        for (struct column **link = oldest; *link; link = &(*link)->next)
            if ((*link)->used < (*oldest)->used) oldest = link;
        remove_column(kind, oldest);
    }
    pthread_mutex_unlock(&kind->column_lock);
}

static uint8_t *new_layer(struct column *column)
{
    uint8_t *layer = malloc(column->length);
    if (!layer) fatal_memory(column->length);
    memset(layer, NONE, column->length);
    column->layers[column->layer_count++] = layer;
    return layer;
}

static void put_code(struct column *column, roaring_bitmap_t *apart, uint32_t slot, uint8_t code)
{
    int layer = 0;
    while (layer < column->layer_count && column->layers[layer][slot] != NONE) layer++;
    if (layer == LAYERS) {
        roaring_bitmap_add(apart, slot);
        return;
    }
    if (layer == column->layer_count) new_layer(column);
    column->layers[layer][slot] = code;
}

static void put_set(struct column *column, roaring_bitmap_t *apart, const roaring_bitmap_t *set, uint8_t code)
{
    roaring_uint32_iterator_t iterator;
    uint32_t slots[BATCH];
    roaring_init_iterator(set, &iterator);
    for (uint32_t got; (got = roaring_read_uint32_iterator(&iterator, slots, BATCH)) > 0;)
        for (uint32_t i = 0; i < got; i++) put_code(column, apart, slots[i], code);
}

static size_t column_length(struct index_view *view)
{
    const roaring_bitmap_t *all = index_get(view, INDEX_ALL)->bitmap;
    return roaring_bitmap_is_empty(all) ? 0 : (size_t)roaring_bitmap_maximum(all) + 1;
}

static struct column *make_column(struct index_view *view, const struct index_set *const *sets, size_t count,
                                  uint64_t hash, size_t length)
{
    struct column *column = calloc(1, sizeof *column);
    if (!column) fatal_memory(sizeof *column);
    *column = (struct column){
        .epoch = view->epoch, .hash = hash, .built = view->position, .seen = view->position, .length = length};
    roaring_bitmap_t *apart = roaring_bitmap_create();
    for (size_t i = 0; i < count; i++) put_set(column, apart, sets[i]->bitmap, (uint8_t)i);
    column->built_apart = roaring_bitmap_get_cardinality(apart);
    column->apart = shared_new(apart);
    atomic_init(&column->references, 1);
    return column;
}

static void count_sets(const struct index_set *const *sets, size_t count, const roaring_bitmap_t *set, int64_t *counts)
{
    for (size_t i = 0; i < count; i++) counts[i] += (int64_t)roaring_bitmap_and_cardinality(sets[i]->bitmap, set);
}

static void count_column(const struct column *column, const roaring_bitmap_t *set, int64_t *counts, size_t count)
{
    uint32_t by_code[NONE + 1] = {0}, slots[BATCH];
    roaring_uint32_iterator_t iterator;
    roaring_init_iterator(set, &iterator);
    for (uint32_t got; (got = roaring_read_uint32_iterator(&iterator, slots, BATCH)) > 0;)
        for (int layer = 0; layer < column->layer_count; layer++)
            for (uint32_t i = 0; i < got && slots[i] < column->length; i++) by_code[column->layers[layer][slots[i]]]++;
    for (size_t i = 0; i < count; i++) counts[i] += by_code[i];
}

/* What is apart for this view: the slots of lines that it does not see as well. The kind is locked. */
static struct shared_set *apart_for(const struct index_view *view, struct shared_set *apart)
{
    const struct overlay *overlay = &view->kind->overlay;
    if (!overlay->line_count || overlay->lines[overlay->line_count - 1].position < view->first_unseen) return apart;
    struct shared_set *more = apart_beyond(overlay, apart, view->first_unseen - 1);
    shared_drop(apart);
    return more;
}

static struct column *find_column(struct index_view *view, uint64_t hash, struct shared_set **apart)
{
    struct index_kind *kind = view->kind;
    struct column *column = NULL;
    pthread_rwlock_rdlock(&kind->lock);
    if (view->epoch == kind->epoch && view->trims == kind->trims) column = take_column(kind, hash, apart);
    if (column) *apart = apart_for(view, *apart);
    pthread_rwlock_unlock(&kind->lock);
    return column;
}

/* Makes the column if the view knows the latest state of all, and there is room. */
static void try_column(struct index_view *view, const struct index_set *const *sets, size_t count, uint64_t hash,
                       size_t length)
{
    struct index_kind *kind = view->kind;
    if (view->first_unseen <= view->position || view->status || length > view->index->column_limit / 2) return;
    struct column *column = make_column(view, sets, count, hash, length);
    pthread_rwlock_rdlock(&kind->lock);
    const bool holds = view->epoch == kind->epoch && view->trims == kind->trims;
    if (holds) keep_column(kind, column, view->index->column_limit);
    pthread_rwlock_unlock(&kind->lock);
    if (!holds) drop_column(column);
}

/* The sets of keys are only fetched when they are needed: a good part of the time of a request. */
static const struct index_set **get_sets(struct index_view *view, const int64_t *keys, size_t count)
{
    const struct index_set **sets = ARENA_ARRAY(view->arena, count, const struct index_set *);
    for (size_t i = 0; i < count; i++) sets[i] = index_get(view, keys[i]);
    return sets;
}

static void count_group(struct index_view *view, const struct index_set *set, const int64_t *keys, size_t count,
                        int64_t *counts)
{
    struct shared_set *apart = NULL;
    const uint64_t hash = hash_keys(keys, count);
    const size_t length = view->alone ? 0 : column_length(view);
    struct column *column = length > SMALL_KIND ? find_column(view, hash, &apart) : NULL;
    if (!column && length > SMALL_KIND) {
        try_column(view, get_sets(view, keys, count), count, hash, length);
        column = find_column(view, hash, &apart);
    }
    if (!column) {
        count_sets(get_sets(view, keys, count), count, set->bitmap, counts);
        return;
    }
    roaring_bitmap_t *plain = roaring_bitmap_andnot(set->bitmap, apart->bitmap),
                     *special = roaring_bitmap_and(set->bitmap, apart->bitmap);
    count_column(column, plain, counts, count);
    if (!roaring_bitmap_is_empty(special)) count_sets(get_sets(view, keys, count), count, special, counts);
    roaring_bitmap_free(plain);
    roaring_bitmap_free(special);
    shared_drop(apart);
    drop_column(column);
}

void index_counts(struct index_view *view, const struct index_set *set, const int64_t *keys, size_t count,
                  int64_t *counts)
{
    memset(counts, 0, count * sizeof *counts);
    for (size_t i = 0; i < count; i += COLUMN_KEYS)
        count_group(view, set, keys + i, count - i < COLUMN_KEYS ? count - i : COLUMN_KEYS, counts + i);
}
