/* disclose_fast.c: secondary suppression, one target after the other; each leaves with cells that carry the tables that
 * prove its protection (its certificate). Then superfluous cells are opened again, dearest first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/survey/disclose_private.h"

enum { CLEANING_PASSES = 3, ASSURING_PASSES = 6 };

/* A target whose certificate uses a cell. */
struct use {
    size_t target;
    struct use *next;
};

struct guard {
    struct arena *arena;
    const struct disclose_table *table;
    const struct disclose_options *options;
    uint8_t *status;
    const double *cost;
    struct mover *mover;
    struct target_list targets;
    struct flow *certificates; /* of each target */
    size_t certificate_room;
    struct use **uses; /* of each cell */
};

/* The cells of the flows that prove a target. */
static struct flow certify(struct guard *guard, struct arena *arena, const struct target *target, bool open_allowed)
{
    struct flow first, second;
    if (!mover_certify(guard->mover, arena, target, open_allowed, &first, &second) || !second.found) return first;
    struct flow both = {.found = true, .cost = first.cost + second.cost, .count = first.count + second.count};
    both.cells = ARENA_ARRAY(arena, both.count, int32_t);
    memcpy(both.cells, first.cells, first.count * sizeof *both.cells);
    memcpy(both.cells + first.count, second.cells, second.count * sizeof *both.cells);
    return both;
}

static void record(struct guard *guard, size_t number, const struct flow *found)
{
    struct flow *certificate = &guard->certificates[number];
    *certificate = *found;
    certificate->cells = ARENA_ARRAY(guard->arena, found->count, int32_t);
    memcpy(certificate->cells, found->cells, found->count * sizeof *found->cells);
    for (size_t i = 0; i < found->count; i++) {
        const int32_t cell = found->cells[i];
        if (guard->status[cell] == DISCLOSE_OPEN) guard->status[cell] = DISCLOSE_SECONDARY;
        if (guard->status[cell] != DISCLOSE_SECONDARY) continue;
        struct use *use = ARENA_NEW(guard->arena, struct use);
        *use = (struct use){number, guard->uses[cell]};
        guard->uses[cell] = use;
    }
}

static enum status protect_target(struct guard *guard, size_t number, struct error *error)
{
    struct arena *scratch = arena_new();
    const struct flow found = certify(guard, scratch, &guard->targets.items[number], true);
    if (found.found) record(guard, number, &found);
    arena_free(&scratch);
    if (found.found) return STATUS_OK;
    const size_t cell = (size_t)guard->targets.items[number].cells[0];
    return error_set(error, STATUS_NONE,
                     N_("No suppression can protect the cell of {1}: too few other companies stand in this table."),
                     guard->table->trees[0].codes[disclose_node(guard->table, cell, 0)]);
}

/* Certificates for targets up to the present count. */
static void grow(struct guard *guard)
{
    if (guard->targets.count <= guard->certificate_room) return;
    const size_t room = 2 * guard->targets.count + 64;
    struct flow *certificates = ARENA_ARRAY(guard->arena, room, struct flow);
    if (guard->certificate_room)
        memcpy(certificates, guard->certificates, guard->certificate_room * sizeof *certificates);
    guard->certificates = certificates;
    guard->certificate_room = room;
}

/* ---- order ---- */

static int compare_targets(const void *left, const void *right)
{
    const struct target *a = left, *b = right;
    if (a->up < b->up || a->up > b->up) return a->up > b->up ? -1 : 1;
    return a->cells[0] < b->cells[0] ? -1 : a->cells[0] > b->cells[0];
}

/* ---- pools ---- */

/* Protects the pools of the present pattern until none is left. */
static enum status protect_pools(struct guard *guard, struct disclose_summary *summary, struct error *error)
{
    enum status status = STATUS_OK;
    struct pool_scanner *scanner = pool_scanner_new(guard->arena, guard->table, &guard->options->rules, guard->status);
    for (size_t before = SIZE_MAX; status == STATUS_OK && before != guard->targets.count;) {
        before = guard->targets.count;
        pool_scan(scanner, guard->arena, &guard->targets);
        grow(guard);
        for (size_t i = before; status == STATUS_OK && i < guard->targets.count; i++)
            status = protect_target(guard, i, error);
        summary->pools += guard->targets.count - before;
    }
    return status;
}

/* ---- cleaning ---- */

static bool certificate_has(const struct flow *certificate, int32_t cell)
{
    for (size_t i = 0; i < certificate->count; i++)
        if (certificate->cells[i] == cell) return true;
    return false;
}

struct trial {
    size_t target;
    struct flow flow;
};

static bool pool_is_stale(const struct target *target, size_t cell)
{
    for (size_t i = 0; target->count > 1 && i < target->count; i++)
        if (target->cells[i] == (int32_t)cell) return true;
    return false;
}

/* New certificates for the targets that used the cell, now open; false when one has none. */
static bool retry_users(struct guard *guard, struct arena *scratch, size_t cell, struct trial *trials, size_t *count)
{
    for (const struct use *use = guard->uses[cell]; use; use = use->next) {
        const struct target *target = &guard->targets.items[use->target];
        if (!certificate_has(&guard->certificates[use->target], (int32_t)cell)) continue;
        bool done = pool_is_stale(target, cell);
        for (size_t i = 0; i < *count && !done; i++) done = trials[i].target == use->target;
        if (done) continue;
        trials[*count] = (struct trial){use->target, certify(guard, scratch, target, false)};
        if (!trials[(*count)++].flow.found) return false;
    }
    return true;
}

/* The pools that opening the cell uncovers must have certificates too; they become targets. */
static bool retry_pools(struct guard *guard, struct arena *scratch, size_t cell, struct target_list *pools,
                        struct trial **found)
{
    struct pool_scanner *scanner = pool_scanner_new(scratch, guard->table, &guard->options->rules, guard->status);
    pool_scan_cell(scanner, guard->arena, cell, pools);
    struct trial *trials = *found = ARENA_ARRAY(scratch, pools->count + 1, struct trial);
    for (size_t i = 0; i < pools->count; i++) {
        trials[i].flow = certify(guard, scratch, &pools->items[i], false);
        if (!trials[i].flow.found) return false;
    }
    return true;
}

static size_t count_uses(const struct guard *guard, size_t cell)
{
    size_t count = 0;
    for (const struct use *use = guard->uses[cell]; use; use = use->next) count++;
    return count;
}

/* Opens the cell if all that it protects can do without it. */
static bool try_open(struct guard *guard, size_t cell)
{
    struct arena *scratch = arena_new();
    struct trial *trials = ARENA_ARRAY(scratch, count_uses(guard, cell) + 1, struct trial);
    struct trial *pool_trials = NULL;
    struct target_list pools = {0};
    size_t count = 0;
    guard->status[cell] = DISCLOSE_OPEN;
    const bool opened =
        retry_users(guard, scratch, cell, trials, &count) && retry_pools(guard, scratch, cell, &pools, &pool_trials);
    if (!opened) guard->status[cell] = DISCLOSE_SECONDARY;
    for (size_t i = 0; opened && i < count; i++) record(guard, trials[i].target, &trials[i].flow);
    for (size_t i = 0; opened && i < pools.count; i++) {
        target_add(guard->arena, &guard->targets, &pools.items[i]);
        grow(guard);
        record(guard, guard->targets.count - 1, &pool_trials[i].flow);
    }
    arena_free(&scratch);
    return opened;
}

static size_t clean(struct guard *guard)
{
    struct arena *scratch = arena_new();
    int32_t *cells;
    size_t opened = 0;
    const size_t count = secondary_by_cost(scratch, guard->table, guard->cost, guard->status, &cells);
    for (size_t i = 0; i < count; i++) opened += try_open(guard, (size_t)cells[i]);
    arena_free(&scratch);
    return opened;
}

/* Seen afresh, the pattern must still let a search find each proof, as the auditor's will: what it misses is protected
 * once more. primary: how many targets, from the first. */
static enum status assure(struct guard *guard, size_t primary, struct error *error)
{
    struct arena *scratch = arena_new();
    enum status status = STATUS_OK;
    bool changed = true;
    for (int pass = 0; pass < ASSURING_PASSES && changed && status == STATUS_OK; pass++) {
        changed = false;
        for (size_t i = 0; i < primary && status == STATUS_OK; i++) {
            const bool found = certify(guard, scratch, &guard->targets.items[i], false).found;
            if (!found) status = protect_target(guard, i, error);
            changed = changed || !found;
            arena_reset(scratch);
        }
    }
    arena_free(&scratch);
    return status;
}

enum status fast_protect(struct arena *arena, const struct disclose_table *table,
                         const struct disclose_options *options, const double *cost, const struct target_list *primary,
                         uint8_t *status, struct disclose_summary *summary, struct error *error)
{
    struct guard guard = {.arena = arena,
                          .table = table,
                          .options = options,
                          .status = status,
                          .cost = cost,
                          .mover = mover_new(arena, table, status, cost),
                          .uses = ARENA_ARRAY(arena, table->cells, struct use *)};
    for (size_t i = 0; i < primary->count; i++) target_add(arena, &guard.targets, &primary->items[i]);
    if (primary->count) qsort(guard.targets.items, guard.targets.count, sizeof *guard.targets.items, compare_targets);
    grow(&guard);
    enum status result = STATUS_OK;
    for (size_t i = 0; result == STATUS_OK && i < guard.targets.count; i++) result = protect_target(&guard, i, error);
    if (result == STATUS_OK) result = protect_pools(&guard, summary, error);
    for (int pass = 0; result == STATUS_OK && pass < CLEANING_PASSES; pass++)
        if (!clean(&guard)) break;
    if (result == STATUS_OK) result = protect_pools(&guard, summary, error);
    if (result == STATUS_OK && table->cells > DISCLOSE_EXACT_CELLS) result = assure(&guard, primary->count, error);
    if (result == STATUS_OK) polish(table, &options->rules, cost, status);
    return result;
}
