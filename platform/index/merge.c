/* merge.c: folds lines of the log into the blocks. The lines are read and sorted beside the writers; blocks are then changed in short
 * transactions, and the lines removed in the last one. A line that is in some blocks already and still in the log does no harm. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/index/index_private.h"

enum { MOST_MEMBERS = 1000000, WRITER_MS = 15, MOST_KINDS = 1000 };

/* One slot of one key, by the order of the lines. */
struct item {
    int64_t key;
    uint32_t slot, order;
    bool gained;
};

struct merge {
    struct db *db;
    int64_t kind;
    int64_t bound; /* lines below it are folded */
    struct item *items;
    size_t count, room;
    uint32_t order;
    uint16_t *offsets; /* of the changes */
    struct block_change *changes;
    size_t change_count;
    size_t next, after; /* changes written, and written when the transaction commits */
};

static void add_item(struct merge *merge, int64_t key, uint32_t slot, bool gained)
{
    if (merge->count == merge->room) {
        merge->room = merge->room ? merge->room * 2 : 4096;
        merge->items = realloc(merge->items, merge->room * sizeof *merge->items);
        if (!merge->items) fatal_memory(merge->room * sizeof *merge->items);
    }
    merge->items[merge->count++] = (struct item){key, slot, merge->order, gained};
}

static void add_change(void *context, const struct member_change *change)
{
    for (uint32_t i = 0; i < change->count; i++) add_item(context, change->key, change->slots[i], change->gained);
}

/* By block, then key, then slot; of one slot the last line first. */
static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    const uint32_t x_block = x->slot / BLOCK_SLOTS, y_block = y->slot / BLOCK_SLOTS;
    if (x_block != y_block) return x_block < y_block ? -1 : 1;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    if (x->slot != y->slot) return x->slot < y->slot ? -1 : 1;
    return (x->order < y->order) - (x->order > y->order);
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

static enum status gather(struct merge *merge, struct db_handle *read, int64_t most, struct error *error)
{
    int64_t lines = 0, last = -1;
    bool good = true;
    struct db_rows *rows = query_lines(read, merge->kind);
    while (good && db_next(rows)) {
        size_t length;
        const int64_t txn = db_get_integer(rows, 0);
        if (txn != last && (lines >= most || merge->count >= MOST_MEMBERS)) break;
        const void *bytes = db_get_blob(rows, 1, &length);
        void *aligned = malloc(length + 1); /* the driver's bytes may lie anywhere */
        if (!aligned) fatal_memory(length);
        memcpy(aligned, bytes, length);
        good = line_each(aligned, length, add_change, merge);
        free(aligned);
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

static bool same_block(const struct item *a, const struct item *b)
{
    return a->key == b->key && a->slot / BLOCK_SLOTS == b->slot / BLOCK_SLOTS;
}

/* The items from `start` to `end` are of one block and key: the last word on each slot counts. */
static void make_change(struct merge *merge, size_t start, size_t end, uint16_t *gained, uint16_t *lost)
{
    struct block_change *change = &merge->changes[merge->change_count++];
    *change = (struct block_change){.block = merge->items[start].slot / BLOCK_SLOTS,
                                    .key = merge->items[start].key,
                                    .gained = gained,
                                    .lost = lost};
    for (size_t i = start; i < end; i++) {
        if (i > start && merge->items[i].slot == merge->items[i - 1].slot) continue;
        if (merge->items[i].gained)
            gained[change->gained_count++] = (uint16_t)merge->items[i].slot;
        else
            lost[change->lost_count++] = (uint16_t)merge->items[i].slot;
    }
}

static void make_changes(struct merge *merge)
{
    if (merge->count) qsort(merge->items, merge->count, sizeof *merge->items, compare_items);
    size_t groups = 0;
    for (size_t i = 0; i < merge->count; i++) groups += i == 0 || !same_block(&merge->items[i], &merge->items[i - 1]);
    merge->changes = malloc((groups + 1) * sizeof *merge->changes);
    merge->offsets = malloc((merge->count + 1) * 2 * sizeof *merge->offsets);
    if (!merge->changes || !merge->offsets) fatal_memory(merge->count);
    for (size_t start = 0, end; start < merge->count; start = end) {
        end = start + 1;
        while (end < merge->count && same_block(&merge->items[start], &merge->items[end])) end++;
        make_change(merge, start, end, merge->offsets + start, merge->offsets + merge->count + start);
    }
    free(merge->items);
    merge->items = NULL;
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
    free(merge->items);
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

enum status index_merge(struct db *db, int64_t most, int64_t *left, struct error *error)
{
    int64_t kinds[MOST_KINDS];
    size_t count = 0;
    enum status status = db_engine(db) == DB_POSTGRESQL ? db_transaction(db, renumber, NULL, error) : STATUS_OK;
    if (status == STATUS_OK) status = waiting_kinds(db, kinds, &count, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct merge merge = {.db = db, .kind = kinds[i]};
        status = merge_kind(&merge, most, error);
        free_merge(&merge);
    }
    return status == STATUS_OK ? index_waiting(db, left, error) : status;
}
