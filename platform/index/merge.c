/* merge.c: folds lines of the log into the blocks. The lines are read and sorted beside the writers; blocks are then changed in short
 * transactions, and the lines removed in the last one. A line that is in some blocks already and still in the log does no harm. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/index/index_private.h"

enum { MOST_MEMBERS = 4000000, WHOLE_MEMBERS = 1000000, WRITER_MS = 20, MOST_KINDS = 1000, FIRST_ROOM = 4096 };

/* Slots of one key and block in one line of the log. */
struct segment {
    const uint32_t *slots;
    uint32_t count, order;
    uint32_t next; /* of the same group, + 1 */
    bool gained;
};
struct group {
    int64_t key;
    uint32_t block, members;
    uint32_t first, last; /* segments, + 1 */
    uint32_t highest;     /* slot so far */
    bool plain;           /* slots are gained only, and ascend */
};
struct kept_line {
    struct kept_line *next;
    uint64_t bytes[]; /* aligned for line_each */
};

struct merge {
    struct db *db;
    int64_t kind;
    int64_t bound; /* lines below it are folded */
    struct kept_line *lines;
    struct segment *segments;
    size_t segment_count, segment_room;
    struct group *groups;
    size_t group_count, group_room;
    uint32_t *table; /* groups by block and key, + 1 */
    size_t table_room;
    size_t members;
    uint32_t order;
    uint32_t highest;  /* block so far */
    bool crossed;      /* the last transaction began a block */
    bool up_to_block;  /* stops there: the next pass has the whole of it, and writes it once */
    uint16_t *offsets; /* of the changes */
    struct block_change *changes;
    size_t change_count;
    size_t next, after; /* changes written, and written when the transaction commits */
};

static void *grow(void *memory, size_t *room, size_t size)
{
    *room = *room ? *room * 2 : FIRST_ROOM;
    memory = realloc(memory, *room * size);
    if (!memory) fatal_memory(*room * size);
    return memory;
}

static uint32_t *place_of(const struct merge *merge, uint32_t block, int64_t key)
{
    size_t at = (key_scatter(key) + block) & (merge->table_room - 1);
    for (; merge->table[at]; at = (at + 1) & (merge->table_room - 1)) {
        const struct group *group = &merge->groups[merge->table[at] - 1];
        if (group->key == key && group->block == block) break;
    }
    return &merge->table[at];
}

static void grow_table(struct merge *merge)
{
    free(merge->table);
    merge->table_room = merge->table_room ? merge->table_room * 2 : 2 * FIRST_ROOM;
    merge->table = calloc(merge->table_room, sizeof *merge->table);
    if (!merge->table) fatal_memory(merge->table_room);
    for (size_t i = 0; i < merge->group_count; i++)
        *place_of(merge, merge->groups[i].block, merge->groups[i].key) = (uint32_t)i + 1;
}

static struct group *group_of(struct merge *merge, uint32_t block, int64_t key)
{
    if (merge->group_count * 2 >= merge->table_room) grow_table(merge);
    uint32_t *place = place_of(merge, block, key);
    if (!*place) {
        if (merge->group_count == merge->group_room)
            merge->groups = grow(merge->groups, &merge->group_room, sizeof *merge->groups);
        merge->groups[merge->group_count++] = (struct group){.key = key, .block = block, .plain = true};
        *place = (uint32_t)merge->group_count;
    }
    return &merge->groups[*place - 1];
}

static void add_segment(struct merge *merge, int64_t key, const uint32_t *slots, uint32_t count, bool gained)
{
    const uint32_t block = slots[0] / BLOCK_SLOTS;
    struct group *group = group_of(merge, block, key);
    if (block > merge->highest) {
        merge->crossed = merge->highest > 0 || merge->members > 0;
        merge->highest = block;
    }
    if (merge->segment_count == merge->segment_room)
        merge->segments = grow(merge->segments, &merge->segment_room, sizeof *merge->segments);
    merge->segments[merge->segment_count++] = (struct segment){slots, count, merge->order, 0, gained};
    *(group->last ? &merge->segments[group->last - 1].next : &group->first) = (uint32_t)merge->segment_count;
    group->plain = group->plain && gained && (!group->last || slots[0] > group->highest);
    group->last = (uint32_t)merge->segment_count;
    group->highest = slots[count - 1];
    group->members += count;
    merge->members += count;
}

/* Slots of a line ascend: those of one block stand together. */
static void add_change(void *context, const struct member_change *change)
{
    for (uint32_t from = 0, end; from < change->count; from = end) {
        const uint32_t block = change->slots[from] / BLOCK_SLOTS;
        end = change->slots[change->count - 1] / BLOCK_SLOTS == block ? change->count : from;
        while (end < change->count && change->slots[end] / BLOCK_SLOTS == block) end++;
        add_segment(context, change->key, change->slots + from, end - from, change->gained);
    }
}

/* The lines to fold, whole transactions only: on PostgreSQL those below every transaction that still runs. */
static struct db_rows *query_lines(struct db_handle *read, int64_t kind)
{
    const char *sql =
        db_differs(db_of(read), "SELECT txn, changes FROM index_log WHERE kind = $1 ORDER BY txn, line",
                   "SELECT txn, changes FROM index_log WHERE kind = $1 AND "
                   "txn < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) ORDER BY txn, line");
    return db_query(read, sql, DB_BIND(db_integer(kind)));
}

static const void *keep_line(struct merge *merge, const void *bytes, size_t length)
{
    struct kept_line *line = malloc(sizeof *line + length);
    if (!line) fatal_memory(length);
    if (length) memcpy(line->bytes, bytes, length);
    line->next = merge->lines;
    merge->lines = line;
    return line->bytes;
}

static bool is_full(const struct merge *merge, int64_t lines, int64_t most)
{
    return lines >= most || merge->members >= MOST_MEMBERS ||
           (merge->up_to_block && merge->crossed && merge->members >= WHOLE_MEMBERS);
}

static enum status gather(struct merge *merge, struct db_handle *read, int64_t most, struct error *error)
{
    int64_t lines = 0, last = -1;
    bool good = true;
    struct db_rows *rows = query_lines(read, merge->kind);
    while (good && db_next(rows)) {
        size_t length;
        const int64_t txn = db_get_integer(rows, 0);
        if (txn != last && is_full(merge, lines, most)) break;
        if (txn != last) merge->crossed = false;
        const void *bytes = db_get_blob(rows, 1, &length);
        good = line_each(keep_line(merge, bytes, length), length, add_change, merge);
        merge->order++;
        lines++;
        last = txn;
    }
    merge->bound = last + 1;
    const enum status status = db_end(&rows, error);
    if (status) return status;
    return good ? STATUS_OK
                : error_set(error, STATUS_FAULT, N_("A line of the index's log is damaged. Rebuild the index."));
}

/* By block, then key. */
static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

/* One slot of a group, by the order of the lines. */
struct item {
    uint32_t slot, order;
    bool gained;
};

/* By slot; of one slot the last line first. */
static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->slot != y->slot) return x->slot < y->slot ? -1 : 1;
    return (x->order < y->order) - (x->order > y->order);
}

static void take_plain(const struct merge *merge, const struct group *group, struct block_change *change,
                       uint16_t *gained)
{
    for (uint32_t at = group->first; at; at = merge->segments[at - 1].next) {
        const struct segment *segment = &merge->segments[at - 1];
        for (uint32_t i = 0; i < segment->count; i++) gained[change->gained_count++] = (uint16_t)segment->slots[i];
    }
}

/* The last word on each slot counts. */
static void take_mixed(const struct merge *merge, const struct group *group, struct block_change *change,
                       uint16_t *gained, uint16_t *lost)
{
    struct item *items = malloc(group->members * sizeof *items);
    size_t count = 0;
    if (!items) fatal_memory(group->members);
    for (uint32_t at = group->first; at; at = merge->segments[at - 1].next) {
        const struct segment *segment = &merge->segments[at - 1];
        for (uint32_t i = 0; i < segment->count; i++)
            items[count++] = (struct item){segment->slots[i], segment->order, segment->gained};
    }
    qsort(items, count, sizeof *items, compare_items);
    for (size_t i = 0; i < count; i++) {
        if (i && items[i].slot == items[i - 1].slot) continue;
        if (items[i].gained)
            gained[change->gained_count++] = (uint16_t)items[i].slot;
        else
            lost[change->lost_count++] = (uint16_t)items[i].slot;
    }
    free(items);
}

static void free_lines(struct merge *merge)
{
    for (struct kept_line *line = merge->lines, *next; line; line = next) {
        next = line->next;
        free(line);
    }
    free(merge->segments);
    free(merge->groups);
    free(merge->table);
    merge->lines = NULL;
    merge->segments = NULL;
    merge->groups = NULL;
    merge->table = NULL;
}

static void make_changes(struct merge *merge)
{
    size_t start = 0;
    if (merge->group_count) qsort(merge->groups, merge->group_count, sizeof *merge->groups, compare_groups);
    merge->changes = malloc((merge->group_count + 1) * sizeof *merge->changes);
    merge->offsets = malloc((merge->members + 1) * 2 * sizeof *merge->offsets);
    if (!merge->changes || !merge->offsets) fatal_memory(merge->members);
    for (size_t i = 0; i < merge->group_count; i++) {
        const struct group *group = &merge->groups[i];
        struct block_change *change = &merge->changes[merge->change_count++];
        uint16_t *gained = merge->offsets + start, *lost = merge->offsets + merge->members + start;
        *change = (struct block_change){.block = group->block, .key = group->key, .gained = gained, .lost = lost};
        if (group->plain)
            take_plain(merge, group, change, gained);
        else
            take_mixed(merge, group, change, gained, lost);
        start += group->members;
    }
    free_lines(merge);
}

static size_t batch_at(const struct merge *merge, size_t start)
{
    size_t end = start;
    while (end < merge->change_count && end - start < BATCH_KEYS &&
           merge->changes[end].block == merge->changes[start].block)
        end++;
    return end - start;
}

static enum status write_some(struct db_handle *write, void *context, struct error *error)
{
    struct merge *merge = context;
    const int64_t start = time_ticks();
    enum status status = STATUS_OK;
    merge->after = merge->next;
    while (status == STATUS_OK && merge->after < merge->change_count && time_ticks() - start < WRITER_MS) {
        struct block_change *changes = &merge->changes[merge->after];
        const size_t count = batch_at(merge, merge->after);
        status = block_write(write, merge->kind, changes, count, false, error);
        if (status == STATUS_OK) status = term_counts(write, merge->kind, changes, count, error);
        merge->after += count;
    }
    return status == STATUS_CONFLICT ? STATUS_BUSY : status;
}

/* Only now do readers' states change; the number of lines lets each know whether it knew them all. */
static enum status remove_lines(struct db_handle *write, void *context, struct error *error)
{
    const struct merge *merge = context;
    int64_t removed = 0;
    enum status status = db_run(write, "DELETE FROM index_log WHERE kind = $1 AND txn < $2",
                                DB_BIND(db_integer(merge->kind), db_integer(merge->bound)), &removed, error);
    if (status || !removed) return status;
    return db_run(
        write,
        "INSERT INTO index_state (kind, next_slot, through, folded, direct) VALUES ($1, 0, $2, $3, 0) "
        "ON CONFLICT (kind) DO UPDATE SET through = excluded.through, folded = index_state.folded + excluded.folded",
        DB_BIND(db_integer(merge->kind), db_integer(merge->bound), db_integer(removed)), NULL, error);
}

static enum status merge_kind(struct merge *merge, int64_t most, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(merge->db, &read, error);
    if (status) return status;
    status = gather(merge, read, most, error);
    db_release(&read);
    if (status) return status;
    make_changes(merge);
    while (status == STATUS_OK && merge->next < merge->change_count) {
        status = db_transaction(merge->db, write_some, merge, error);
        merge->next = merge->after;
    }
    if (status == STATUS_OK && merge->bound > 0) status = db_transaction(merge->db, remove_lines, merge, error);
    return status;
}

static void free_merge(struct merge *merge)
{
    free_lines(merge);
    free(merge->changes);
    free(merge->offsets);
}

static enum status waiting_kinds(struct db *db, int64_t *kinds, size_t *count, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    struct db_rows *rows = db_query(read, "SELECT DISTINCT kind FROM index_log ORDER BY kind", DB_BIND_NONE);
    for (*count = 0; *count < MOST_KINDS && db_next(rows);) kinds[(*count)++] = db_get_integer(rows, 0);
    status = db_end(&rows, error);
    db_release(&read);
    return status;
}

enum status index_waiting(struct db *db, int64_t *left, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = db_one_integer(read, "SELECT COUNT(*) FROM index_log", DB_BIND_NONE, left, error);
    db_release(&read);
    return status;
}

/* A database restored into another PostgreSQL server holds lines whose transactions lie in that server's future: no snapshot would see
 * them. They become the oldest of all, in the order in which they were written; readers start afresh. */
static enum status renumber(struct db_handle *write, void *context, struct error *error)
{
    (void)context;
    static const char of_another_life[] =
        "txn >= CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)";
    struct arena *arena = arena_new();
    enum status status = db_run(write,
                                arena_print(arena,
                                            "INSERT INTO index_state (kind, next_slot, through, folded, direct) "
                                            "SELECT DISTINCT kind, 0, 0, 0, 1 FROM index_log WHERE %s "
                                            "ON CONFLICT (kind) DO UPDATE SET direct = index_state.direct + 1",
                                            of_another_life),
                                DB_BIND_NONE, NULL, error);
    if (status == STATUS_OK)
        status = db_run(write, arena_print(arena, "UPDATE index_log SET txn = 0 WHERE %s", of_another_life),
                        DB_BIND_NONE, NULL, error);
    arena_free(&arena);
    return status;
}

static enum status merge_kinds(struct db *db, int64_t most, bool up_to_block, struct error *error)
{
    int64_t kinds[MOST_KINDS];
    size_t count = 0;
    enum status status = db_engine(db) == DB_POSTGRESQL ? db_transaction(db, renumber, NULL, error) : STATUS_OK;
    if (status == STATUS_OK) status = waiting_kinds(db, kinds, &count, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct merge merge = {.db = db, .kind = kinds[i], .up_to_block = up_to_block};
        status = merge_kind(&merge, most, error);
        free_merge(&merge);
    }
    return status;
}

enum status index_merge(struct db *db, int64_t most, int64_t *left, struct error *error)
{
    const enum status status = merge_kinds(db, most, false, error);
    return status == STATUS_OK ? index_waiting(db, left, error) : status;
}

enum status index_merge_blocks(struct db *db, struct error *error) { return merge_kinds(db, INT64_MAX, true, error); }
