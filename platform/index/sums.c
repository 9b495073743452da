/* sums.c: what the index holds, read whole, to be compared with what it should hold. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { FIRST_ROOM = 4096, FIRST_BLOCKS = 16 };

struct index_sums {
    struct arena *arena;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct block_sum {
        uint64_t sum;
        int64_t pairs;
    } * blocks;
    size_t count, room;
};

struct index_sums *index_sums_new(struct arena *arena, const unsigned char secret[INDEX_SECRET])
{
    struct index_sums *sums = ARENA_NEW(arena, struct index_sums);
    sums->arena = arena;
    sums->room = FIRST_BLOCKS;
    sums->blocks = ARENA_ARRAY(arena, sums->room, struct block_sum);
    memcpy(sums->secret, secret, sizeof sums->secret);
    return sums;
}

static struct block_sum *block_of(struct index_sums *sums, int64_t slot)
{
    const size_t block = (size_t)(slot / BLOCK_SLOTS);
    while (block >= sums->room) {
        struct block_sum *larger = ARENA_ARRAY(sums->arena, sums->room * 2, struct block_sum);
        memcpy(larger, sums->blocks, sums->room * sizeof *larger);
        sums->blocks = larger;
        sums->room *= 2;
    }
    if (block >= sums->count) sums->count = block + 1;
    return &sums->blocks[block];
}

static void add_pair(struct index_sums *sums, int64_t key, int64_t slot)
{
    uint64_t value = 0;
    const int64_t pair[2] = {key, slot};
    struct block_sum *block = block_of(sums, slot);
    crypto_shorthash((unsigned char *)&value, (const unsigned char *)pair, sizeof pair, sums->secret);
    block->sum += value;
    block->pairs++;
}

void index_sums_add(struct index_sums *sums, int64_t slot, const int64_t *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) add_pair(sums, keys[i], slot);
}

size_t index_sums_blocks(const struct index_sums *sums) { return sums->count; }

bool index_sums_differ(const struct index_sums *a, const struct index_sums *b, size_t block)
{
    static const struct block_sum none;
    const struct block_sum *x = block < a->count ? &a->blocks[block] : &none;
    const struct block_sum *y = block < b->count ? &b->blocks[block] : &none;
    return x->sum != y->sum || x->pairs != y->pairs;
}

/* ---- reading ---- */

/* What the log says of a pair, in the end. */
struct said {
    int64_t key;
    uint32_t slot, order;
    bool gained;
};
struct log_said {
    struct said *items;
    size_t count, room;
    uint32_t order;
};

static void add_said(void *context, const struct member_change *change)
{
    struct log_said *log = context;
    for (uint32_t i = 0; i < change->count; i++) {
        if (log->count == log->room) {
            log->room = log->room ? log->room * 2 : FIRST_ROOM;
            log->items = realloc(log->items, log->room * sizeof *log->items);
            if (!log->items) fatal_memory(log->room * sizeof *log->items);
        }
        log->items[log->count++] = (struct said){change->key, change->slots[i], log->order, change->gained};
    }
}

static int compare_pair(int64_t key, uint32_t slot, const struct said *other)
{
    if (key != other->key) return key < other->key ? -1 : 1;
    return (slot > other->slot) - (slot < other->slot);
}

static int compare_said(const void *a, const void *b)
{
    const struct said *x = a, *y = b;
    const int order = compare_pair(x->key, x->slot, y);
    return order ? order : (x->order < y->order) - (x->order > y->order); /* the last word first */
}

static void keep_last_words(struct log_said *log)
{
    size_t kept = 0;
    if (log->count) qsort(log->items, log->count, sizeof *log->items, compare_said);
    for (size_t i = 0; i < log->count; i++)
        if (!kept || compare_pair(log->items[i].key, log->items[i].slot, &log->items[kept - 1]) != 0)
            log->items[kept++] = log->items[i];
    log->count = kept;
}

static enum status read_log(struct db_handle *read, int64_t kind, struct log_said *log, struct error *error)
{
    struct line *lines = NULL;
    size_t count = 0;
    enum status status = lines_read(read, kind, 0, &lines, &count, error);
    for (size_t i = 0; i < count; i++, log->order++) {
        if (!status && !line_each(lines[i].bytes, lines[i].length, add_said, log))
            status = error_set(error, STATUS_FAULT, N_("A line of the index's log is damaged. Rebuild the index."));
        free(lines[i].bytes);
    }
    free(lines);
    keep_last_words(log);
    return status;
}

typedef void pair_user(void *context, int64_t key, int64_t slot);

struct reading {
    struct log_said log;
    pair_user *use;
    void *context;
};

static bool is_in_log(const struct log_said *log, int64_t key, uint32_t slot)
{
    size_t low = 0, high = log->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_pair(key, slot, &log->items[middle]);
        if (!order) return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static enum status use_posting(const struct reading *reading, int64_t key, int64_t block, const void *bytes,
                               size_t length, struct error *error)
{
    roaring_bitmap_t *set = roaring_bitmap_create();
    if (!set) fatal_memory(0);
    const enum status status = block_add_to(set, block, bytes, length, error);
    roaring_uint32_iterator_t *at = roaring_create_iterator(set);
    for (; !status && at->has_value; roaring_advance_uint32_iterator(at))
        if (!is_in_log(&reading->log, key, at->current_value)) reading->use(reading->context, key, at->current_value);
    roaring_free_uint32_iterator(at);
    roaring_bitmap_free(set);
    return status;
}

/* Each pair of the kind, or of one block (only; -1: all). */
static enum status each_pair(struct db_handle *read, int64_t kind, int64_t only, struct reading *reading,
                             struct error *error)
{
    enum status status = read_log(read, kind, &reading->log, error);
    struct db_rows *rows =
        only < 0 ? db_query(read, "SELECT key, block, bits FROM index_posting WHERE kind = $1 ORDER BY key, block",
                            DB_BIND(db_integer(kind)))
                 : db_query(read, "SELECT key, block, bits FROM index_posting WHERE kind = $1 AND block = $2",
                            DB_BIND(db_integer(kind), db_integer(only)));
    while (!status && db_next(rows)) {
        size_t length = 0;
        const void *bytes = db_get_blob(rows, 2, &length);
        status = use_posting(reading, db_get_integer(rows, 0), db_get_integer(rows, 1), bytes, length, error);
    }
    const enum status ended = db_end(&rows, status ? NULL : error);
    for (size_t i = 0; i < reading->log.count; i++) {
        const struct said *said = &reading->log.items[i];
        if (said->gained && (only < 0 || said->slot / BLOCK_SLOTS == only))
            reading->use(reading->context, said->key, said->slot);
    }
    free(reading->log.items);
    return status ? status : ended;
}

static void sum_pair(void *context, int64_t key, int64_t slot) { add_pair(context, key, slot); }

enum status index_sums_read(struct db_handle *read, const char *kind, struct index_sums *sums, struct error *error)
{
    struct reading reading = {.use = sum_pair, .context = sums};
    return each_pair(read, index_kind(kind), -1, &reading, error);
}

/* ---- one block, pair by pair ---- */

void index_pairs_add(struct index_pairs *pairs, int64_t key, int64_t slot)
{
    if (pairs->count == pairs->room) {
        pairs->room = pairs->room ? pairs->room * 2 : FIRST_ROOM;
        pairs->items = realloc(pairs->items, pairs->room * sizeof *pairs->items);
        if (!pairs->items) fatal_memory(pairs->room * sizeof *pairs->items);
    }
    pairs->items[pairs->count++] = (struct index_pair){slot, key};
}

static void keep_pair(void *context, int64_t key, int64_t slot) { index_pairs_add(context, key, slot); }

static int compare_pairs(const void *a, const void *b)
{
    const struct index_pair *x = a, *y = b;
    if (x->slot != y->slot) return x->slot < y->slot ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

void index_pairs_sort(struct index_pairs *pairs)
{
    if (pairs->count) qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
}

void index_pairs_free(struct index_pairs *pairs)
{
    free(pairs->items);
    *pairs = (struct index_pairs){.items = NULL};
}

enum status index_pairs_read(struct db_handle *read, const char *kind, int64_t block, struct index_pairs *pairs,
                             struct error *error)
{
    struct reading reading = {.use = keep_pair, .context = pairs};
    const enum status status = each_pair(read, index_kind(kind), block, &reading, error);
    index_pairs_sort(pairs);
    return status;
}
