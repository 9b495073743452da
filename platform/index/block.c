#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/index/index_private.h"

/* Beyond this many slots a Roaring container is smaller than a list. */
enum { MOST_LISTED = 4096, SQL_LIMIT = 8192 };

static void *allocate(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) fatal_memory(size);
    return memory;
}

static struct block_bytes encode_list(const uint16_t *offsets, size_t count)
{
    struct block_bytes block = {.length = 1 + count * sizeof *offsets};
    block.bytes = allocate(block.length);
    *(char *)block.bytes = 'a';
    memcpy((char *)block.bytes + 1, offsets, count * sizeof *offsets);
    return block;
}

struct block_bytes block_encode(int64_t block, const uint16_t *offsets, size_t count)
{
    if (count <= MOST_LISTED) return encode_list(offsets, count);
    uint32_t *slots = allocate(count * sizeof *slots);
    for (size_t i = 0; i < count; i++) slots[i] = (uint32_t)block * BLOCK_SLOTS + offsets[i];
    roaring_bitmap_t *set = roaring_bitmap_of_ptr(count, slots);
    roaring_bitmap_run_optimize(set);
    struct block_bytes bytes = {.length = 1 + roaring_bitmap_portable_size_in_bytes(set)};
    bytes.bytes = allocate(bytes.length);
    *(char *)bytes.bytes = 'r';
    roaring_bitmap_portable_serialize(set, (char *)bytes.bytes + 1);
    roaring_bitmap_free(set);
    free(slots);
    return bytes;
}

static enum status damaged(struct error *error)
{
    return error_set(error, STATUS_FAULT, N_("A block of the index is damaged. Rebuild the index."));
}

static void add_list(roaring_bitmap_t *set, int64_t block, const char *bytes, size_t count)
{
    uint32_t slots[256];
    while (count) {
        const size_t some = count < 256 ? count : 256;
        for (size_t i = 0; i < some; i++) {
            uint16_t offset;
            memcpy(&offset, bytes + i * sizeof offset, sizeof offset);
            slots[i] = (uint32_t)block * BLOCK_SLOTS + offset;
        }
        roaring_bitmap_add_many(set, some, slots);
        bytes += some * sizeof(uint16_t);
        count -= some;
    }
}

enum status block_add_to(roaring_bitmap_t *set, int64_t block, const void *bytes, size_t length, struct error *error)
{
    const char *text = bytes;
    if (length < 1 || block < 0 || block >= BLOCK_SLOTS) return damaged(error);
    if (*text == 'a' && length % 2 == 1) {
        add_list(set, block, text + 1, length / 2);
        return STATUS_OK;
    }
    roaring_bitmap_t *part = *text == 'r' ? roaring_bitmap_portable_deserialize_safe(text + 1, length - 1) : NULL;
    if (!part) return damaged(error);
    roaring_bitmap_or_inplace(set, part);
    roaring_bitmap_free(part);
    return STATUS_OK;
}

/* The stored block as offsets; malloc'ed. */
static enum status block_decode(int64_t block, const void *bytes, size_t length, uint16_t **offsets, size_t *count,
                                struct error *error)
{
    if (length % 2 == 1 && *(const char *)bytes == 'a') {
        *count = length / 2;
        *offsets = allocate(length);
        memcpy(*offsets, (const char *)bytes + 1, length - 1);
        return STATUS_OK;
    }
    roaring_bitmap_t *set = roaring_bitmap_create();
    const enum status status = block_add_to(set, block, bytes, length, error);
    if (status == STATUS_OK) {
        *count = roaring_bitmap_get_cardinality(set);
        uint32_t *slots = allocate(*count * sizeof *slots);
        *offsets = allocate(*count * sizeof **offsets);
        roaring_bitmap_to_uint32_array(set, slots);
        for (size_t i = 0; i < *count; i++) (*offsets)[i] = (uint16_t)slots[i];
        free(slots);
    }
    roaring_bitmap_free(set);
    return status;
}

struct old_block {
    uint16_t *offsets;
    size_t count;
};

/* (old without lost) with gained, all ascending; lost and gained are disjoint. */
static size_t merge_offsets(const struct old_block *old, const struct block_change *change, uint16_t *out)
{
    size_t count = 0, i = 0, g = 0, l = 0;
    while (i < old->count || g < change->gained_count) {
        const bool take_old = i < old->count && (g == change->gained_count || old->offsets[i] <= change->gained[g]);
        const uint16_t offset = take_old ? old->offsets[i] : change->gained[g];
        if (take_old) i++;
        if (g < change->gained_count && change->gained[g] == offset) g++;
        while (l < change->lost_count && change->lost[l] < offset) l++;
        if (l < change->lost_count && change->lost[l] == offset) continue;
        out[count++] = offset;
    }
    return count;
}

static struct block_bytes change_block(const struct old_block *old, struct block_change *change)
{
    uint16_t *offsets = allocate((old->count + change->gained_count) * sizeof *offsets);
    const size_t count = merge_offsets(old, change, offsets);
    change->growth = (int64_t)count - (int64_t)old->count;
    struct block_bytes bytes = count ? block_encode(change->block, offsets, count) : (struct block_bytes){0};
    free(offsets);
    return bytes;
}

/* "($1, $2, $3, $4), ($1, $5, $6, $7), ...". */
static const char *insert_text(struct arena *arena, size_t rows)
{
    struct buffer *sql = buffer_new(arena, SQL_LIMIT);
    buffer_text(sql, "INSERT INTO index_posting (kind, key, block, bits) VALUES ");
    for (size_t i = 0; i < rows; i++)
        buffer_print(sql, "%s($1, $%zu, $%zu, $%zu)", i ? ", " : "", 3 * i + 2, 3 * i + 3, 3 * i + 4);
    buffer_text(sql, " ON CONFLICT (kind, key, block) DO UPDATE SET bits = excluded.bits");
    return buffer_data(sql);
}

static const char *select_text(struct arena *arena)
{
    struct buffer *sql = buffer_new(arena, SQL_LIMIT);
    buffer_text(sql, "SELECT key, bits FROM index_posting WHERE kind = $1 AND block = $2 AND key IN (");
    for (size_t i = 0; i < BATCH_KEYS; i++) buffer_print(sql, "%s$%zu", i ? ", " : "", i + 3);
    buffer_text(sql, ")");
    return buffer_data(sql);
}

static enum status read_old(struct arena *arena, struct db_handle *write, int64_t kind,
                            const struct block_change *changes, size_t count, struct old_block *old,
                            struct error *error)
{
    struct db_value values[BATCH_KEYS + 2] = {db_integer(kind), db_integer(changes->block)};
    for (size_t i = 0; i < BATCH_KEYS; i++) values[i + 2] = db_integer(changes[i < count ? i : count - 1].key);
    struct db_rows *rows = db_query(write, select_text(arena), values, BATCH_KEYS + 2);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && db_next(rows)) {
        size_t length, i = 0;
        const void *bytes = db_get_blob(rows, 1, &length);
        while (changes[i].key != db_get_integer(rows, 0)) i++;
        status = block_decode(changes->block, bytes, length, &old[i].offsets, &old[i].count, error);
    }
    const enum status ended = db_end(&rows, status ? NULL : error);
    return status ? status : ended;
}

static enum status write_rows(struct arena *arena, struct db_handle *write, int64_t kind,
                              const struct block_change *changes, const struct block_bytes *blocks, size_t count,
                              struct error *error)
{
    struct db_value values[3 * BATCH_KEYS + 1] = {db_integer(kind)};
    for (size_t i = 0; i < count; i++) {
        values[3 * i + 1] = db_integer(changes[i].key);
        values[3 * i + 2] = db_integer(changes[i].block);
        values[3 * i + 3] = db_blob(blocks[i].bytes, blocks[i].length);
    }
    return db_run(write, insert_text(arena, count), values, 3 * count + 1, NULL, error);
}

/* A whole batch in one statement; what is left, or beside emptied blocks, one by one: few texts, each prepared once. */
static enum status write_all(struct arena *arena, struct db_handle *write, int64_t kind,
                             const struct block_change *changes, const struct block_bytes *blocks, size_t count,
                             struct error *error)
{
    size_t full = 0;
    for (size_t i = 0; i < count; i++) full += blocks[i].length > 0;
    if (full == BATCH_KEYS) return write_rows(arena, write, kind, changes, blocks, count, error);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (blocks[i].length)
            status = write_rows(arena, write, kind, changes + i, blocks + i, 1, error);
        else
            status = db_run(write, "DELETE FROM index_posting WHERE kind = $1 AND key = $2 AND block = $3",
                            DB_BIND(db_integer(kind), db_integer(changes[i].key), db_integer(changes[i].block)), NULL,
                            error);
    }
    return status;
}

enum status block_write(struct db_handle *write, int64_t kind, struct block_change *changes, size_t count, bool is_new,
                        struct error *error)
{
    struct arena *arena = arena_new();
    struct old_block old[BATCH_KEYS] = {0};
    struct block_bytes blocks[BATCH_KEYS] = {0};
    enum status status = is_new ? STATUS_OK : read_old(arena, write, kind, changes, count, old, error);
    if (status == STATUS_OK) {
        for (size_t i = 0; i < count; i++) blocks[i] = change_block(&old[i], &changes[i]);
        status = write_all(arena, write, kind, changes, blocks, count, error);
    }
    for (size_t i = 0; i < count; i++) {
        free(old[i].offsets);
        free(blocks[i].bytes);
    }
    arena_free(&arena);
    return status;
}

/* "UPDATE ... CASE key WHEN $1 THEN $2 ... END WHERE key IN ($1, ...)": BATCH_KEYS of them. */
static const char *counts_text(struct arena *arena)
{
    struct buffer *sql = buffer_new(arena, SQL_LIMIT);
    buffer_text(sql, "UPDATE index_term SET n = n + CASE key");
    for (size_t i = 0; i < BATCH_KEYS; i++)
        buffer_print(sql, " WHEN $%zu THEN CAST($%zu AS BIGINT)", 2 * i + 1, 2 * i + 2);
    buffer_print(sql, " END WHERE kind = $%d AND key IN ($1", 2 * BATCH_KEYS + 1);
    for (size_t i = 1; i < BATCH_KEYS; i++) buffer_print(sql, ", $%zu", 2 * i + 1);
    buffer_text(sql, ")");
    return buffer_data(sql);
}

/* No word has the key 0: what is left of a batch is filled with it. */
enum status term_counts(struct db_handle *write, int64_t kind, const struct block_change *changes, size_t count,
                        struct error *error)
{
    struct db_value values[2 * BATCH_KEYS + 1];
    size_t grown = 0;
    for (size_t i = 0; i < count; i++) {
        if (!changes[i].growth) continue;
        values[2 * grown] = db_integer(changes[i].key);
        values[2 * grown++ + 1] = db_integer(changes[i].growth);
    }
    if (!grown) return STATUS_OK;
    for (; grown < BATCH_KEYS; grown++) values[2 * grown] = values[2 * grown + 1] = db_integer(0);
    values[2 * BATCH_KEYS] = db_integer(kind);
    struct arena *arena = arena_new();
    const enum status status = db_run(write, counts_text(arena), values, 2 * BATCH_KEYS + 1, NULL, error);
    arena_free(&arena);
    return status;
}
