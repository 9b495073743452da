#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/map.h"
#include "platform/index/index_private.h"

enum { FIRST_ROOM = 256, MOST_LOGGED = 400000 };

/* Offsets of one block that have one key. */
struct group {
    int64_t key, block;
    uint16_t *offsets; /* within its block's list */
    uint32_t count;
};
struct pair {
    uint32_t group;
    uint16_t offset;
};
struct later_line {
    struct later_line *next;
    struct block_bytes bytes;
    int64_t members;
};
struct index_bulk {
    struct arena *arena;
    const char *name;
    int64_t kind;
    struct later_line *later, **last_later; /* changes, in order */
    const char *term_field;
    struct map *seen_terms; /* NULL: no term yet */
    struct index_term *terms;
    size_t term_count, term_room;
    int64_t block, last_slot, records;
    struct pair *pairs; /* of the present block */
    size_t pair_count, pair_room;
    struct group *groups; /* of all blocks */
    size_t group_count, group_room, block_start;
    uint32_t *table; /* group + 1 by key, for the present block */
    size_t table_room;
    struct offsets {
        struct offsets *next;
        uint16_t items[];
    } * offsets;
    int64_t members;
    bool is_ready;
    struct block_bytes line; /* the additions as one line of the log, once ready */
};

static void *grow(void *memory, size_t *room, size_t size)
{
    *room = *room ? *room * 2 : FIRST_ROOM;
    memory = realloc(memory, *room * size);
    if (!memory) fatal_memory(*room * size);
    return memory;
}

static void free_bulk(void *context)
{
    struct index_bulk *bulk = context;
    for (struct offsets *list = bulk->offsets, *next; list; list = next) {
        next = list->next;
        free(list);
    }
    for (struct later_line *line = bulk->later; line; line = line->next) free(line->bytes.bytes);
    free(bulk->line.bytes);
    free(bulk->terms);
    free(bulk->pairs);
    free(bulk->groups);
    free(bulk->table);
}

struct index_bulk *index_bulk_new(struct arena *arena, const char *kind)
{
    struct index_bulk *bulk = ARENA_NEW(arena, struct index_bulk);
    *bulk =
        (struct index_bulk){.arena = arena, .name = arena_copy(arena, kind), .kind = index_kind(kind), .last_slot = -1};
    bulk->last_later = &bulk->later;
    arena_defer(arena, free_bulk, bulk);
    return bulk;
}

static uint32_t *place_of(const struct index_bulk *bulk, int64_t key)
{
    size_t at = key_scatter(key) & (bulk->table_room - 1);
    while (bulk->table[at] && bulk->groups[bulk->table[at] - 1].key != key) at = (at + 1) & (bulk->table_room - 1);
    return &bulk->table[at];
}

static void grow_table(struct index_bulk *bulk)
{
    free(bulk->table);
    bulk->table_room = bulk->table_room ? bulk->table_room * 2 : FIRST_ROOM;
    bulk->table = calloc(bulk->table_room, sizeof *bulk->table);
    if (!bulk->table) fatal_memory(bulk->table_room);
    for (size_t i = bulk->block_start; i < bulk->group_count; i++)
        *place_of(bulk, bulk->groups[i].key) = (uint32_t)i + 1;
}

static uint32_t group_of(struct index_bulk *bulk, int64_t key)
{
    if ((bulk->group_count - bulk->block_start) * 2 >= bulk->table_room) grow_table(bulk);
    uint32_t *place = place_of(bulk, key);
    if (!*place) {
        if (bulk->group_count == bulk->group_room)
            bulk->groups = grow(bulk->groups, &bulk->group_room, sizeof *bulk->groups);
        bulk->groups[bulk->group_count++] = (struct group){.key = key, .block = bulk->block};
        *place = (uint32_t)bulk->group_count;
    }
    return *place - 1;
}

/* Sorts the pairs of the block by group, by counting. */
static void finish_block(struct index_bulk *bulk)
{
    if (!bulk->pair_count) return;
    struct offsets *list = malloc(sizeof *list + bulk->pair_count * sizeof *list->items);
    if (!list) fatal_memory(bulk->pair_count);
    list->next = bulk->offsets;
    bulk->offsets = list;
    uint16_t *next = list->items;
    for (size_t i = bulk->block_start; i < bulk->group_count; i++) {
        bulk->groups[i].offsets = next;
        next += bulk->groups[i].count;
        bulk->groups[i].count = 0;
    }
    for (size_t i = 0; i < bulk->pair_count; i++) {
        struct group *group = &bulk->groups[bulk->pairs[i].group];
        const uint16_t offset = bulk->pairs[i].offset;
        if (!group->count || group->offsets[group->count - 1] != offset) group->offsets[group->count++] = offset;
    }
    for (size_t i = bulk->block_start; i < bulk->group_count; i++) bulk->members += bulk->groups[i].count;
    bulk->block_start = bulk->group_count;
    bulk->pair_count = 0;
    memset(bulk->table, 0, bulk->table_room * sizeof *bulk->table);
}

static void add_pair(struct index_bulk *bulk, int64_t key, uint16_t offset)
{
    if (bulk->pair_count == bulk->pair_room) bulk->pairs = grow(bulk->pairs, &bulk->pair_room, sizeof *bulk->pairs);
    const uint32_t group = group_of(bulk, key);
    bulk->groups[group].count++;
    bulk->pairs[bulk->pair_count++] = (struct pair){group, offset};
}

void index_bulk_add(struct index_bulk *bulk, int64_t slot, const int64_t *keys, size_t count)
{
    ENSURE(slot > bulk->last_slot && slot <= UINT32_MAX && !bulk->is_ready);
    bulk->last_slot = slot;
    bulk->records++;
    if (slot / BLOCK_SLOTS != bulk->block) finish_block(bulk);
    bulk->block = slot / BLOCK_SLOTS;
    add_pair(bulk, INDEX_ALL, (uint16_t)slot);
    for (size_t i = 0; i < count; i++) add_pair(bulk, keys[i], (uint16_t)slot);
}

void index_bulk_change(struct index_bulk *bulk, int64_t slot, const int64_t *lost, size_t lost_count,
                       const int64_t *gained, size_t gained_count)
{
    ENSURE(slot >= 0 && slot <= UINT32_MAX);
    if (lost_count + gained_count == 0) return;
    struct later_line *line = ARENA_NEW(bulk->arena, struct later_line);
    line->bytes = line_encode(slot, lost, lost_count, gained, gained_count);
    line->members = (int64_t)(lost_count + gained_count);
    *bulk->last_later = line;
    bulk->last_later = &line->next;
}

void index_bulk_terms(struct index_bulk *bulk, const char *field, const struct index_term *terms, size_t count)
{
    if (!bulk->seen_terms) {
        bulk->seen_terms = map_new(bulk->arena);
        bulk->term_field = arena_copy(bulk->arena, field);
    }
    for (size_t i = 0; i < count; i++) {
        if (map_get(bulk->seen_terms, terms[i].text)) continue;
        map_put(bulk->seen_terms, terms[i].text, bulk);
        if (bulk->term_count == bulk->term_room) bulk->terms = grow(bulk->terms, &bulk->term_room, sizeof *bulk->terms);
        bulk->terms[bulk->term_count++] = (struct index_term){arena_copy(bulk->arena, terms[i].text), terms[i].key};
    }
}

static int by_key(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->block > y->block) - (x->block < y->block);
}

/* ---- as one line of the log ---- */

static void encode_line(struct index_bulk *bulk)
{
    struct arena *arena = arena_new();
    struct member_change *changes = ARENA_ARRAY(arena, bulk->group_count, struct member_change);
    uint32_t *slots = ARENA_ARRAY(arena, (size_t)bulk->members, uint32_t);
    size_t count = 0;
    for (size_t i = 0; i < bulk->group_count; i++) {
        const struct group *group = &bulk->groups[i];
        if (!count || changes[count - 1].key != group->key)
            changes[count++] = (struct member_change){.key = group->key, .slots = slots, .gained = true};
        for (uint32_t j = 0; j < group->count; j++) *slots++ = (uint32_t)group->block * BLOCK_SLOTS + group->offsets[j];
        changes[count - 1].count += group->count;
    }
    bulk->line = line_encode_bulk(changes, count);
    arena_free(&arena);
}

static bool is_one_line(const struct index_bulk *bulk) { return bulk->records > 1 && bulk->members <= MOST_LOGGED; }

void index_bulk_ready(struct index_bulk *bulk)
{
    if (bulk->is_ready) return;
    bulk->is_ready = true;
    finish_block(bulk);
    if (bulk->group_count) qsort(bulk->groups, bulk->group_count, sizeof *bulk->groups, by_key);
    if (bulk->group_count && is_one_line(bulk)) encode_line(bulk);
}

/* One record has a shorter form. */
static enum status write_single(const struct index_bulk *bulk, struct db_handle *write, struct error *error)
{
    int64_t *keys = ARENA_ARRAY(bulk->arena, bulk->group_count, int64_t);
    for (size_t i = 0; i < bulk->group_count; i++) keys[i] = bulk->groups[i].key;
    return index_change(write, bulk->name, bulk->last_slot, NULL, 0, keys, bulk->group_count, error);
}

/* ---- into the blocks ---- */

/* Which blocks hold records already: those that INDEX_ALL has. */
static enum status read_existing(const struct index_bulk *bulk, struct db_handle *write, roaring_bitmap_t *existing,
                                 struct error *error)
{
    struct db_rows *rows = db_query(write, "SELECT block FROM index_posting WHERE kind = $1 AND key = $2",
                                    DB_BIND(db_integer(bulk->kind), db_integer(INDEX_ALL)));
    while (db_next(rows)) roaring_bitmap_add(existing, (uint32_t)db_get_integer(rows, 0));
    return db_end(&rows, error);
}

struct writing {
    const struct index_bulk *bulk;
    struct db_handle *write;
    struct block_change batch[BATCH_KEYS];
    size_t count;
    bool is_new, has_terms;
    struct block_change growth; /* of the present key, over its blocks */
};

static enum status flush_growth(struct writing *writing, struct error *error)
{
    if (!writing->has_terms) return STATUS_OK;
    return term_counts(writing->write, writing->bulk->kind, &writing->growth, 1, error);
}

static enum status add_growths(struct writing *writing, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < writing->count && status == STATUS_OK; i++) {
        if (writing->batch[i].key != writing->growth.key) {
            status = flush_growth(writing, error);
            writing->growth = (struct block_change){.key = writing->batch[i].key};
        }
        writing->growth.growth += writing->batch[i].growth;
    }
    return status;
}

static enum status flush(struct writing *writing, struct error *error)
{
    if (!writing->count) return STATUS_OK;
    enum status status =
        block_write(writing->write, writing->bulk->kind, writing->batch, writing->count, writing->is_new, error);
    if (status == STATUS_OK) status = add_growths(writing, error);
    writing->count = 0;
    return status;
}

static enum status put(struct writing *writing, const struct group *group, struct error *error)
{
    const bool other_block = !writing->is_new && writing->count && writing->batch[0].block != group->block;
    const enum status status = other_block || writing->count == BATCH_KEYS ? flush(writing, error) : STATUS_OK;
    writing->batch[writing->count++] = (struct block_change){
        .block = group->block, .key = group->key, .gained = group->offsets, .gained_count = group->count};
    return status;
}

/* New blocks in the order of keys, in which the table is stored; those that exist are few: block by block. */
static enum status write_groups(struct writing *writing, const roaring_bitmap_t *existing, struct error *error)
{
    const struct index_bulk *bulk = writing->bulk;
    enum status status = STATUS_OK;
    writing->is_new = true;
    for (size_t i = 0; i < bulk->group_count && status == STATUS_OK; i++)
        if (!roaring_bitmap_contains(existing, (uint32_t)bulk->groups[i].block))
            status = put(writing, &bulk->groups[i], error);
    if (status == STATUS_OK) status = flush(writing, error);
    writing->is_new = false;
    const uint32_t last = roaring_bitmap_is_empty(existing) ? 0 : roaring_bitmap_maximum(existing) + 1;
    for (uint32_t block = 0; block < last && status == STATUS_OK; block++)
        for (size_t i = 0; roaring_bitmap_contains(existing, block) && i < bulk->group_count && status == STATUS_OK;
             i++)
            if (bulk->groups[i].block == block) status = put(writing, &bulk->groups[i], error);
    if (status == STATUS_OK) status = flush(writing, error);
    return status == STATUS_OK ? flush_growth(writing, error) : status;
}

static enum status has_terms(const struct index_bulk *bulk, struct db_handle *write, bool *has, struct error *error)
{
    int64_t one = 0;
    const enum status status = db_one_integer(write, "SELECT 1 FROM index_term WHERE kind = $1 LIMIT 1",
                                              DB_BIND(db_integer(bulk->kind)), &one, error);
    *has = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status write_blocks(const struct index_bulk *bulk, struct db_handle *write, struct error *error)
{
    struct writing writing = {.bulk = bulk, .write = write};
    roaring_bitmap_t *existing = roaring_bitmap_create();
    enum status status = has_terms(bulk, write, &writing.has_terms, error);
    if (status == STATUS_OK) status = read_existing(bulk, write, existing, error);
    if (status == STATUS_OK) status = write_groups(&writing, existing, error);
    roaring_bitmap_free(existing);
    if (status) return status;
    return db_run(write,
                  "INSERT INTO index_state (kind, next_slot, through, folded, direct) VALUES ($1, 0, 0, 0, 1) "
                  "ON CONFLICT (kind) DO UPDATE SET direct = index_state.direct + 1",
                  DB_BIND(db_integer(bulk->kind)), NULL, error);
}

static enum status write_additions(struct index_bulk *bulk, struct db_handle *write, struct error *error)
{
    index_bulk_ready(bulk);
    if (!bulk->group_count) return STATUS_OK;
    if (is_one_line(bulk)) return log_write(write, bulk->kind, &bulk->line, bulk->members, error);
    return bulk->records == 1 ? write_single(bulk, write, error) : write_blocks(bulk, write, error);
}

enum status index_bulk_write(struct index_bulk *bulk, struct db_handle *write, struct error *error)
{
    enum status status = STATUS_OK;
    if (bulk->term_count)
        status = index_add_terms(write, bulk->name, bulk->term_field, bulk->terms, bulk->term_count, error);
    if (status == STATUS_OK) status = write_additions(bulk, write, error);
    for (const struct later_line *line = bulk->later; line && status == STATUS_OK; line = line->next)
        status = log_write(write, bulk->kind, &line->bytes, line->members, error);
    return status;
}
