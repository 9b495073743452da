/* check_index.c: the index against the records, both ways. */
#include "base/arena.h"
#include "platform/record/check_private.h"

/* What should be, of the records of one block. */
static enum status gather_block(struct check *check, const struct kind *kind, int64_t block, struct index_pairs *pairs,
                                struct error *error)
{
    struct checked found[CHECK_BATCH];
    const int64_t end = (block + 1) * INDEX_BLOCK;
    int64_t after = block * INDEX_BLOCK - 1;
    size_t count = CHECK_BATCH;
    enum status status = STATUS_OK;
    while (!status && count == CHECK_BATCH) {
        status = check_read(check, kind, "slot", after, end, found, CHECK_BATCH, &count, error);
        for (size_t i = 0; !status && i < count; i++) {
            after = head_in(found[i].record)->slot;
            if (!has_audience(found[i].record)) continue; /* told already */
            const struct record_keys keys = check_keys(check, kind, found[i].record);
            for (size_t k = 0; k < keys.count; k++) index_pairs_add(pairs, keys.items[k], after);
        }
        arena_reset(check->batch);
    }
    index_pairs_sort(pairs);
    return status;
}

/* What one slot has too much (lost) and lacks (gained). */
struct repair {
    const char *kind;
    int64_t slot;
    int64_t *lost, *gained;
    size_t lost_count, gained_count;
};

static enum status put_right(struct db_handle *write, void *context, struct error *error)
{
    const struct repair *repair = context;
    return index_change(write, repair->kind, repair->slot, repair->lost, repair->lost_count, repair->gained,
                        repair->gained_count, error);
}

static enum status say_slot(struct check *check, struct repair *repair, struct error *error)
{
    if (!repair->lost_count && !repair->gained_count) return STATUS_OK;
    check_found(
        check,
        "The index of %s is wrong for the record in slot %lld: it lacks %zu keys and has %zu too many; lists and "
        "searches are wrong for it: maillage check --repair-index.",
        repair->kind, (long long)repair->slot, repair->gained_count, repair->lost_count);
    if (!check->wishes->repair_index) return STATUS_OK;
    check->totals->repaired++;
    return db_transaction(check->records->db, put_right, repair, error);
}

/* Walks both lists, slot by slot. */
static enum status compare_block(struct check *check, const struct kind *kind, const struct index_pairs *wanted,
                                 const struct index_pairs *held, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t w = 0, h = 0; !status && (w < wanted->count || h < held->count);) {
        const int64_t next = w < wanted->count ? wanted->items[w].slot : INT64_MAX;
        const int64_t slot = h < held->count && held->items[h].slot < next ? held->items[h].slot : next;
        size_t w_end = w, h_end = h;
        while (w_end < wanted->count && wanted->items[w_end].slot == slot) w_end++;
        while (h_end < held->count && held->items[h_end].slot == slot) h_end++;
        struct repair repair = {.kind = kind->name,
                                .slot = slot,
                                .lost = ARENA_ARRAY(check->batch, h_end - h + 1, int64_t),
                                .gained = ARENA_ARRAY(check->batch, w_end - w + 1, int64_t)};
        while (w < w_end || h < h_end) {
            const bool gains = h == h_end || (w < w_end && wanted->items[w].key < held->items[h].key);
            const bool loses = w == w_end || (h < h_end && held->items[h].key < wanted->items[w].key);
            if (gains)
                repair.gained[repair.gained_count++] = wanted->items[w++].key;
            else if (loses)
                repair.lost[repair.lost_count++] = held->items[h++].key;
            else
                w++, h++;
        }
        status = say_slot(check, &repair, error);
        arena_reset(check->batch);
    }
    return status;
}

static enum status check_block(struct check *check, const struct kind *kind, int64_t block, struct error *error)
{
    struct index_pairs wanted = {.items = NULL}, held = {.items = NULL};
    enum status status = gather_block(check, kind, block, &wanted, error);
    if (!status) status = index_pairs_read(check->read, kind->name, block, &held, error);
    if (!status) status = compare_block(check, kind, &wanted, &held, error);
    index_pairs_free(&wanted);
    index_pairs_free(&held);
    return status;
}

enum status check_index(struct check *check, const struct kind *kind, const struct index_sums *wanted,
                        struct error *error)
{
    struct arena *arena = arena_new();
    struct index_sums *held = index_sums_new(arena, check->secret);
    enum status status = index_sums_read(check->read, kind->name, held, error);
    const size_t w = index_sums_blocks(wanted), h = index_sums_blocks(held);
    if (status == STATUS_FAULT) {
        check_found(check, "The index of %s is damaged: restore it, or load the records into a new database.",
                    kind->name);
        status = STATUS_OK;
    } else {
        for (size_t block = 0; !status && block < (w > h ? w : h); block++)
            if (index_sums_differ(wanted, held, block)) status = check_block(check, kind, (int64_t)block, error);
    }
    arena_free(&arena);
    return status;
}
