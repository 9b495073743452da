/* count.c: how many records of sets have each of some keys, by columns. Sets that are counted by several lists of keys are read once. Of a
 * set that holds more than half of all slots, what it lacks is read instead, and taken from the column's totals. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/index/column_private.h"

enum { SMALL_KIND = 20000, WAYS = 4 };

/* One column's worth of keys, to be counted in a set. */
struct task {
    const struct index_set *set;
    const int64_t *keys;
    size_t count;
    int64_t *counts;
    struct column *column; /* NULL: by the keys' own sets */
    struct shared_set *apart;
    uint32_t (*by_code)[NONE + 1]; /* WAYS of them: one counter for all would wait for itself */
    bool done;
};

struct tasks {
    struct index_view *view;
    struct task *items;
    size_t count;
};

static size_t column_length(struct index_view *view)
{
    const roaring_bitmap_t *all = index_get(view, INDEX_ALL)->bitmap;
    return roaring_bitmap_is_empty(all) ? 0 : (size_t)roaring_bitmap_maximum(all) + 1;
}

/* The sets of keys are only fetched when they are needed: a good part of the time of a request. */
static const struct index_set **get_sets(struct index_view *view, const int64_t *keys, size_t count)
{
    const struct index_set **sets = ARENA_ARRAY(view->arena, count, const struct index_set *);
    for (size_t i = 0; i < count; i++) sets[i] = index_get(view, keys[i]);
    return sets;
}

static void count_sets(struct index_view *view, const struct task *task, const roaring_bitmap_t *set)
{
    for (size_t i = 0; i < task->count; i++)
        task->counts[i] += (int64_t)roaring_bitmap_and_cardinality(index_get(view, task->keys[i])->bitmap, set);
}

static void add_task(struct tasks *tasks, const struct index_counting *counting, size_t first, size_t length)
{
    struct task *task = &tasks->items[tasks->count++];
    const size_t left = counting->count - first;
    *task = (struct task){.set = counting->set,
                          .keys = counting->keys + first,
                          .count = left < COLUMN_KEYS ? left : COLUMN_KEYS,
                          .counts = counting->counts + first};
    if (length <= SMALL_KIND) return;
    const uint64_t hash = column_hash(task->keys, task->count);
    task->column = column_find(tasks->view, hash, &task->apart);
    if (task->column) return;
    column_try(tasks->view, get_sets(tasks->view, task->keys, task->count), task->count, hash, length);
    task->column = column_find(tasks->view, hash, &task->apart);
}

static void count_layer(const uint8_t *layer, const uint32_t *slots, size_t count, uint32_t by_code[][NONE + 1])
{
    size_t i = 0;
    for (; i + WAYS <= count; i += WAYS)
        for (size_t way = 0; way < WAYS; way++) by_code[way][layer[slots[i + way]]]++;
    for (; i < count; i++) by_code[0][layer[slots[i]]]++;
}

/* The slots ascend: those beyond the column's end are the last. */
static void count_batch(const struct task *task, const uint32_t *slots, size_t count)
{
    const struct column *column = task->column;
    while (count && slots[count - 1] >= column->length) count--;
    for (int i = 0; i < column->layer_count; i++) count_layer(column->layers[i], slots, count, task->by_code);
}

static void count_set(struct task *const *group, size_t number, const roaring_bitmap_t *set)
{
    uint32_t slots[BATCH];
    roaring_uint32_iterator_t iterator;
    roaring_init_iterator(set, &iterator);
    for (uint32_t got; (got = roaring_read_uint32_iterator(&iterator, slots, BATCH)) > 0;)
        for (size_t i = 0; i < number; i++) count_batch(group[i], slots, got);
}

static void add_counts(const struct task *task, bool lacking)
{
    for (size_t i = 0; i < task->count; i++) {
        int64_t sum = 0;
        for (size_t way = 0; way < WAYS; way++) sum += task->by_code[way][i];
        task->counts[i] += lacking ? (int64_t)task->column->totals[i] - sum : sum;
    }
}

/* The slots that are apart for any of the columns are counted by the keys' sets. */
static void count_group(struct index_view *view, struct task *const *group, size_t number)
{
    size_t length = 0;
    roaring_bitmap_t *apart = roaring_bitmap_create();
    for (size_t i = 0; i < number; i++) {
        roaring_bitmap_or_inplace(apart, group[i]->apart->bitmap);
        if (group[i]->column->length > length) length = group[i]->column->length;
    }
    roaring_bitmap_t *plain = roaring_bitmap_andnot((*group)->set->bitmap, apart);
    const bool lacking = roaring_bitmap_get_cardinality(plain) > length / 2;
    if (lacking) roaring_bitmap_flip_inplace(plain, 0, length);
    count_set(group, number, plain);
    for (size_t i = 0; i < number; i++) add_counts(group[i], lacking);
    roaring_bitmap_and_inplace(apart, (*group)->set->bitmap);
    for (size_t i = 0; i < number && !roaring_bitmap_is_empty(apart); i++) count_sets(view, group[i], apart);
    roaring_bitmap_free(plain);
    roaring_bitmap_free(apart);
}

/* The task and those after it that have its set. */
static void run(struct tasks *tasks, size_t first)
{
    struct index_view *view = tasks->view;
    struct task **group = ARENA_ARRAY(view->arena, tasks->count, struct task *);
    size_t number = 0;
    for (size_t i = first; i < tasks->count; i++) {
        struct task *task = &tasks->items[i];
        if (task->done || task->set != tasks->items[first].set) continue;
        task->done = true;
        if (task->column) {
            task->by_code = arena_array(view->arena, WAYS, sizeof *task->by_code);
            group[number++] = task;
        } else {
            count_sets(view, task, task->set->bitmap);
        }
    }
    if (number) count_group(view, group, number);
}

void index_counts(struct index_view *view, const struct index_counting *countings, size_t number)
{
    struct tasks tasks = {.view = view};
    size_t most = 0;
    for (size_t i = 0; i < number; i++) most += countings[i].count / COLUMN_KEYS + 1;
    tasks.items = ARENA_ARRAY(view->arena, most, struct task);
    const size_t length = view->alone ? 0 : column_length(view);
    for (size_t i = 0; i < number; i++) {
        memset(countings[i].counts, 0, countings[i].count * sizeof *countings[i].counts);
        for (size_t first = 0; first < countings[i].count; first += COLUMN_KEYS)
            add_task(&tasks, &countings[i], first, length);
    }
    for (size_t i = 0; i < tasks.count; i++)
        if (!tasks.items[i].done) run(&tasks, i);
    for (size_t i = 0; i < tasks.count; i++) {
        if (!tasks.items[i].column) continue;
        shared_drop(tasks.items[i].apart);
        column_drop(tasks.items[i].column);
    }
}
