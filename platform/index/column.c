/* column.c: counting many keys at once. For a list of keys (the codes of a facet) a column says, slot by slot, which of them the record has:
 * counting a set is then one reading a slot, where intersecting it with each key's set costs a merge of both. A record with
 * several of the keys stands in several layers. Slots that have changed since the column was made, or that have more keys than layers, are
 * "apart": counted by the keys' own sets. */
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/index/column_private.h"

enum { MOST_APART = 2000 };

static size_t column_bytes(const struct column *column) { return (size_t)column->layer_count * column->length; }

void column_drop(struct column *column)
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
        column_drop(column);
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

uint64_t column_hash(const int64_t *keys, size_t count)
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
    column_drop(column);
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
    column->totals[code]++;
}

static void put_set(struct column *column, roaring_bitmap_t *apart, const roaring_bitmap_t *set, uint8_t code)
{
    roaring_uint32_iterator_t iterator;
    uint32_t slots[BATCH];
    roaring_init_iterator(set, &iterator);
    for (uint32_t got; (got = roaring_read_uint32_iterator(&iterator, slots, BATCH)) > 0;)
        for (uint32_t i = 0; i < got; i++) put_code(column, apart, slots[i], code);
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

/* What is apart for this view: the slots of lines that it does not see as well. The kind is locked. */
static struct shared_set *apart_for(const struct index_view *view, struct shared_set *apart)
{
    const struct overlay *overlay = &view->kind->overlay;
    if (!overlay->line_count || overlay->lines[overlay->line_count - 1].position < view->first_unseen) return apart;
    struct shared_set *more = apart_beyond(overlay, apart, view->first_unseen - 1);
    shared_drop(apart);
    return more;
}

struct column *column_find(struct index_view *view, uint64_t hash, struct shared_set **apart)
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
void column_try(struct index_view *view, const struct index_set *const *sets, size_t count, uint64_t hash,
                size_t length)
{
    struct index_kind *kind = view->kind;
    if (view->first_unseen <= view->position || view->status || length > view->index->column_limit / 2) return;
    struct column *column = make_column(view, sets, count, hash, length);
    pthread_rwlock_rdlock(&kind->lock);
    const bool holds = view->epoch == kind->epoch && view->trims == kind->trims;
    if (holds) keep_column(kind, column, view->index->column_limit);
    pthread_rwlock_unlock(&kind->lock);
    if (!holds) column_drop(column);
}
