/* disclose_move.c: the cheapest deviations that protect a target, as products of exchanges.
 *
 * Along one classification an exchange takes from a leaf and gives to another: the nodes between the leaf and the common
 * ancestor gain, those between the other leaf and that ancestor lose, all else stays. The product of one exchange along
 * each classification is a deviation under which every sum holds. An exchange without the other leaf changes all
 * ancestors, the total included. Search: depth first, one classification after the other, bounded by the cost of what
 * is already needed (branch and bound). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/survey/disclose_private.h"

enum { BOXES_MOST = 100, VISITS_MOST = 400000, SHARES = 7 }; /* all, a half ... a 64th of what remains */

enum way { WAY_BOTH, WAY_UP, WAY_DOWN };

struct corner {
    int32_t cell;
    int8_t sign;
};

struct mover {
    const struct disclose_table *table;
    const uint8_t *status;
    const double *cost;
    struct exchange_book *book;
    struct arena *scratch; /* of one search */
    struct arena *flow_scratch;
    uint8_t *marks;    /* per cell: what follows */
    double *deviation; /* per cell, of the flow under construction */
    double *up, *down; /* per cell, of the flow's two finished tables */
    int32_t *used;
    size_t used_count;
    /* of the present search */
    const struct target *target;
    const struct owner_bar *bar;
    bool open_allowed;
    enum way way;
    double need_up, need_down;
    struct exchange *exchanges[DISCLOSE_DIMENSIONS_MOST];
    size_t exchange_count[DISCLOSE_DIMENSIONS_MOST];
    double future[DISCLOSE_DIMENSIONS_MOST + 1]; /* least cost of the classifications from d on */
    struct corner *corners;                      /* of the partial product */
    struct corner *best;
    size_t best_count;
    double best_cost;
    size_t visits;
    size_t room;
};

enum { MARK_PAID = 1, MARK_TARGET = 2, MARK_USED = 4 };

struct mover *mover_new(struct arena *arena, const struct disclose_table *table, const uint8_t *status,
                        const double *cost)
{
    struct mover *mover = ARENA_NEW(arena, struct mover);
    mover->table = table;
    mover->status = status;
    mover->cost = cost;
    mover->marks = ARENA_ARRAY(arena, table->cells, uint8_t);
    mover->book = exchange_book_new(arena, table);
    mover->deviation = ARENA_ARRAY(arena, table->cells, double);
    mover->up = ARENA_ARRAY(arena, table->cells, double);
    mover->down = ARENA_ARRAY(arena, table->cells, double);
    mover->used = ARENA_ARRAY(arena, table->cells, int32_t);
    mover->room = 1;
    for (size_t d = 0; d < table->dimensions; d++) {
        size_t depth = 1;
        for (size_t node = 0; node < table->trees[d].count; node++) {
            size_t levels = 1;
            for (int32_t up = (int32_t)node; up > 0; up = table->trees[d].parent[up]) levels++;
            if (levels > depth) depth = levels;
        }
        mover->room *= 2 * depth;
    }
    mover->corners = ARENA_ARRAY(arena, mover->room, struct corner);
    mover->best = ARENA_ARRAY(arena, mover->room, struct corner);
    return mover;
}

static bool barred(const struct mover *mover, size_t cell)
{
    if (!mover->bar->all && !mover->bar->count) return false;
    const int32_t owner = target_intruder(mover->table, mover->target, cell);
    if (owner < 0 || mover->bar->all) return owner >= 0;
    for (size_t i = 0; i < mover->bar->count; i++)
        if (mover->bar->owners[i] == owner) return true;
    return false;
}

/* What it costs to let a cell change by the sign; INFINITY when it cannot. */
static double price_cell(struct mover *mover, size_t cell, int sign)
{
    mover->visits++;
    if (!mover->table->respondents[cell] || barred(mover, cell)) return INFINITY;
    const double left = mover->table->value[cell] + mover->deviation[cell];
    if (mover->way != WAY_DOWN && sign < 0 && left < mover->need_up) return INFINITY;
    if (mover->way != WAY_UP && sign > 0 && left < mover->need_down) return INFINITY;
    if ((mover->marks[cell] & MARK_TARGET) && sign < 0) return INFINITY;
    if (mover->status[cell] != DISCLOSE_OPEN || (mover->marks[cell] & MARK_PAID)) return 0;
    return mover->open_allowed ? mover->cost[cell] : INFINITY;
}

/* ---- the exchanges at hand ---- */

static int compare_exchanges(const void *left, const void *right)
{
    const struct exchange *a = left, *b = right;
    if (a->alone < b->alone || a->alone > b->alone) return a->alone < b->alone ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static double price_alone(struct mover *mover, size_t anchor, const struct exchange *exchange)
{
    double cost = 0;
    for (size_t i = 0; i < exchange->count && cost < INFINITY; i++)
        cost += price_cell(mover, (size_t)((int64_t)anchor + exchange->offsets[i]), exchange->signs[i]);
    return cost;
}

/* Those that can be used alone, cheapest first. near: only those that stay beneath the parent of the target's node. */
static void list_exchanges(struct mover *mover, size_t d, size_t anchor, int32_t target_node, bool near)
{
    const int32_t anchor_node = disclose_node(mover->table, anchor, d);
    const struct exchange_list *list = exchange_book_get(mover->book, mover->scratch, d, anchor_node, target_node);
    const size_t count = near ? list->near : list->count;
    mover->exchanges[d] = ARENA_ARRAY(mover->scratch, count + 1, struct exchange);
    mover->exchange_count[d] = 0;
    for (size_t i = 0; i < count; i++) {
        struct exchange *exchange = &mover->exchanges[d][mover->exchange_count[d]];
        *exchange = list->items[i];
        exchange->alone = price_alone(mover, anchor, exchange);
        if (exchange->alone < mover->best_cost) mover->exchange_count[d]++;
    }
    if (mover->exchange_count[d])
        qsort(mover->exchanges[d], mover->exchange_count[d], sizeof **mover->exchanges, compare_exchanges);
}

/* ---- products ---- */

/* Multiplies the partial product by an exchange; gives the cost of the new corners, or INFINITY past the limit. */
static double multiply(struct mover *mover, size_t count, const struct exchange *exchange, double limit)
{
    double cost = 0;
    size_t next = count;
    for (size_t i = 0; i < exchange->count; i++)
        for (size_t k = 0; k < count; k++) {
            const struct corner corner = {mover->corners[k].cell + exchange->offsets[i],
                                          (int8_t)(mover->corners[k].sign * exchange->signs[i])};
            cost += price_cell(mover, (size_t)corner.cell, corner.sign);
            if (cost >= limit) return INFINITY;
            mover->corners[next++] = corner;
        }
    return cost;
}

static void branch(struct mover *mover, size_t d, size_t count, double cost)
{
    if (d == mover->table->dimensions) {
        mover->best_cost = cost;
        mover->best_count = count;
        memcpy(mover->best, mover->corners, count * sizeof *mover->best);
        return;
    }
    for (size_t i = 0; i < mover->exchange_count[d]; i++) {
        const struct exchange *exchange = &mover->exchanges[d][i];
        const double bound = cost + mover->future[d + 1];
        if (bound + exchange->alone >= mover->best_cost || mover->visits > VISITS_MOST) return;
        const double more = multiply(mover, count, exchange, mover->best_cost - bound);
        if (more < INFINITY) branch(mover, d + 1, count * (exchange->count + 1), cost + more);
    }
}

/* Searches the best product through the anchor leaf; improves mover->best. */
static void search_exchanges(struct mover *mover, size_t start, size_t anchor, double own, bool near)
{
    const size_t dimensions = mover->table->dimensions;
    mover->future[dimensions] = 0;
    for (size_t d = dimensions; d-- > 0;) {
        list_exchanges(mover, d, anchor, disclose_node(mover->table, start, d), near);
        if (!mover->exchange_count[d]) return;
        mover->future[d] = mover->future[d + 1] + mover->exchanges[d][0].alone;
    }
    mover->corners[0] = (struct corner){(int32_t)anchor, 1};
    mover->visits = 0;
    branch(mover, 0, 1, own);
}

/* Near exchanges first: most often one of them costs nothing. */
static void search_anchor(struct mover *mover, size_t start, size_t anchor)
{
    const double own = price_cell(mover, anchor, 1);
    if (own >= mover->best_cost) return;
    mover->scratch = arena_new();
    search_exchanges(mover, start, anchor, own, true);
    if (mover->best_cost > own) search_exchanges(mover, start, anchor, own, false);
    arena_free(&mover->scratch);
}

/* All leaf cells beneath a cell, as anchors. */
static void search_leaves(struct mover *mover, size_t start, size_t d, size_t cell)
{
    if (mover->best_cost <= 0) return;
    if (d == mover->table->dimensions) {
        if (mover->table->respondents[cell]) search_anchor(mover, start, cell);
        return;
    }
    size_t first = 0;
    const size_t children = line_children(mover->table, cell, d, &first);
    if (!children) search_leaves(mover, start, d + 1, cell);
    for (size_t k = 0; k < children; k++) search_leaves(mover, start, d, first + k * mover->table->stride[d]);
}

static bool search_product(struct mover *mover, bool all_leaves)
{
    mover->best_cost = INFINITY;
    for (size_t i = 0; i < mover->target->count && mover->best_cost > 0; i++) {
        const size_t start = (size_t)mover->target->cells[i];
        if (all_leaves)
            search_leaves(mover, start, 0, start);
        else
            search_anchor(mover, start, (size_t)mover->table->anchor[start]);
    }
    return mover->best_cost < INFINITY;
}

/* ---- flows ---- */

static void use_best(struct mover *mover, double amount)
{
    const double sign = mover->way == WAY_DOWN ? -1 : 1;
    for (size_t i = 0; i < mover->best_count; i++) {
        const size_t cell = (size_t)mover->best[i].cell;
        mover->deviation[cell] += sign * mover->best[i].sign * amount;
        if (!(mover->marks[cell] & MARK_USED)) mover->used[mover->used_count++] = (int32_t)cell;
        mover->marks[cell] |= MARK_USED | MARK_PAID;
    }
}

/* How far the best product can be carried, and by how much it changes the target a unit. */
static double best_room(const struct mover *mover, double *gain)
{
    const int sign = mover->way == WAY_DOWN ? -1 : 1;
    double room = INFINITY;
    *gain = 0;
    for (size_t i = 0; i < mover->best_count; i++) {
        const size_t cell = (size_t)mover->best[i].cell;
        if (mover->marks[cell] & MARK_TARGET) *gain += mover->best[i].sign;
        if (sign * mover->best[i].sign < 0) room = fmin(room, mover->table->value[cell] + mover->deviation[cell]);
    }
    return room;
}

/* The product that costs least for what it carries, among those that carry a full, a half, a quarter ... of what remains.
 * Leaves it in mover->best and gives how much of the target's level it carries; 0 when there is none. */
static double best_value(struct mover *mover, double remaining, double *gain)
{
    double lowest = INFINITY, carried = 0;
    struct corner *kept = ARENA_ARRAY(mover->flow_scratch, mover->room, struct corner);
    size_t kept_count = 0;
    double kept_cost = 0;
    for (int halvings = 0; halvings < SHARES && lowest > 0; halvings++) {
        mover->need_up = mover->need_down = ldexp(remaining, -halvings);
        if (!search_product(mover, false)) continue;
        double each = 0;
        const double amount = fmin(best_room(mover, &each) * each, remaining);
        if (mover->best_cost / amount >= lowest) continue;
        lowest = mover->best_cost / amount;
        carried = amount;
        *gain = each;
        kept_count = mover->best_count;
        kept_cost = mover->best_cost;
        memcpy(kept, mover->best, kept_count * sizeof *kept);
    }
    memcpy(mover->best, kept, kept_count * sizeof *kept);
    mover->best_count = kept_count;
    mover->best_cost = kept_cost;
    return carried;
}

/* When nothing goes through the largest contributor's cell: any leaf cell beneath the target. */
static double any_value(struct mover *mover, double remaining, double *gain)
{
    for (int halvings = 0; halvings < SHARES; halvings++) {
        mover->need_up = mover->need_down = ldexp(remaining, -halvings);
        if (mover->target->count == 1 && search_product(mover, true))
            return fmin(best_room(mover, gain) * *gain, remaining);
    }
    return 0;
}

/* Adds products in one way until the level is met. */
static bool gather(struct mover *mover, enum way way, double level, double *cost)
{
    mover->way = way;
    double remaining = level;
    mover->flow_scratch = arena_new();
    for (size_t boxes = 0; boxes < BOXES_MOST && remaining > 0; boxes++) {
        double gain = 1;
        double carried = best_value(mover, remaining, &gain);
        if (!(carried > 0)) carried = any_value(mover, remaining, &gain);
        if (!(carried > 0)) break;
        use_best(mover, carried / gain);
        *cost += mover->best_cost;
        remaining -= carried;
        if (remaining < 1e-12 * level) remaining = 0;
    }
    arena_free(&mover->flow_scratch);
    return remaining <= 0;
}

/* Keeps the deviation as one of the flow's tables, and starts afresh with the cells used so far paid for. */
static void settle(struct mover *mover, double *kept)
{
    for (size_t i = 0; i < mover->used_count; i++) {
        kept[mover->used[i]] = mover->deviation[mover->used[i]];
        mover->deviation[mover->used[i]] = 0;
    }
}

/* The best product serves both ways. */
static void settle_both(struct mover *mover)
{
    use_best(mover, 1);
    double gain;
    best_room(mover, &gain);
    for (size_t i = 0; i < mover->used_count; i++) {
        const int32_t cell = mover->used[i];
        mover->up[cell] = mover->deviation[cell] * mover->target->up / gain;
        mover->down[cell] = -mover->deviation[cell] * mover->target->down / gain;
        mover->deviation[cell] = 0;
    }
}

static void open_search(struct mover *mover, const struct target *target, const struct flow *paid)
{
    mover->target = target;
    mover->used_count = 0;
    for (size_t i = 0; i < target->count; i++) mover->marks[target->cells[i]] |= MARK_TARGET;
    for (size_t i = 0; paid && i < paid->count; i++) mover->marks[paid->cells[i]] |= MARK_PAID;
}

static void close_search(struct mover *mover, struct arena *arena, const struct flow *paid, struct flow *flow)
{
    flow->count = mover->used_count;
    flow->cells = ARENA_ARRAY(arena, flow->count, int32_t);
    flow->up = ARENA_ARRAY(arena, flow->count, double);
    flow->down = ARENA_ARRAY(arena, flow->count, double);
    for (size_t i = 0; i < flow->count; i++) {
        const int32_t cell = flow->cells[i] = mover->used[i];
        flow->up[i] = mover->up[cell];
        flow->down[i] = mover->down[cell];
        mover->marks[cell] = 0;
        mover->up[cell] = mover->down[cell] = 0;
    }
    for (size_t i = 0; i < mover->target->count; i++) mover->marks[mover->target->cells[i]] = 0;
    for (size_t i = 0; paid && i < paid->count; i++) mover->marks[paid->cells[i]] = 0;
}

/* Whether the single product found is dear: twice what the same would cost if all cells were large enough. */
static bool is_dear(struct mover *mover, double cost)
{
    struct corner *kept = ARENA_ARRAY(mover->flow_scratch, mover->room, struct corner);
    const size_t count = mover->best_count;
    memcpy(kept, mover->best, count * sizeof *kept);
    mover->need_up = mover->need_down = 0;
    const bool dear = search_product(mover, false) && cost > 2 * mover->best_cost;
    memcpy(mover->best, kept, count * sizeof *kept);
    mover->best_count = count;
    mover->best_cost = cost;
    return dear;
}

/* One product for both ways; false when there is none, or when it is dear. */
static bool search_single(struct mover *mover, bool even_dear, struct flow *flow)
{
    mover->way = WAY_BOTH;
    mover->need_up = mover->target->up;
    mover->need_down = mover->target->down;
    if (!search_product(mover, false)) return false;
    mover->flow_scratch = arena_new();
    const bool dear = !even_dear && mover->best_cost > 0 && is_dear(mover, mover->best_cost);
    arena_free(&mover->flow_scratch);
    flow->cost = mover->best_cost;
    if (dear) return false;
    settle_both(mover);
    return true;
}

static bool search_sums(struct mover *mover, struct flow *flow)
{
    flow->cost = 0;
    const bool raised = gather(mover, WAY_UP, mover->target->up, &flow->cost);
    settle(mover, mover->up);
    const bool found = raised && gather(mover, WAY_DOWN, mover->target->down, &flow->cost);
    settle(mover, mover->down);
    return found;
}

void mover_search(struct mover *mover, struct arena *arena, const struct target *target, const struct owner_bar *bar,
                  bool open_allowed, const struct flow *paid, struct flow *flow)
{
    *flow = (struct flow){0};
    open_search(mover, target, paid);
    mover->bar = bar;
    mover->open_allowed = open_allowed;
    flow->found = search_single(mover, !open_allowed, flow);
    if (flow->found) {
        close_search(mover, arena, paid, flow);
        return;
    }
    const double single = flow->cost; /* 0 when there is none */
    flow->found = search_sums(mover, flow);
    const bool worse = single > 0 && (!flow->found || flow->cost > single);
    close_search(mover, arena, paid, flow);
    if (!worse) return;
    open_search(mover, target, paid);
    flow->found = search_single(mover, true, flow);
    close_search(mover, arena, paid, flow);
}

/* The intruders who know a cell of the flow; distinct. */
static struct owner_bar flow_intruders(struct arena *arena, const struct disclose_table *table,
                                       const struct target *target, const struct flow *flow)
{
    int32_t *owners = ARENA_ARRAY(arena, flow->count, int32_t);
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        const int32_t owner = target_intruder(table, target, (size_t)flow->cells[i]);
        bool known = owner < 0;
        for (size_t k = 0; k < count && !known; k++) known = owners[k] == owner;
        if (!known) owners[count++] = owner;
    }
    return (struct owner_bar){.owners = owners, .count = count};
}

bool mover_certify(struct mover *mover, struct arena *arena, const struct target *target, bool open_allowed,
                   struct flow *first, struct flow *second)
{
    const struct owner_bar nobody = {.all = false}, all = {.all = true};
    struct flow any;
    *second = (struct flow){0};
    mover_search(mover, arena, target, target->outside ? &nobody : &all, open_allowed, NULL, first);
    if (target->outside || (first->found && first->cost <= 0)) return first->found;
    mover_search(mover, arena, target, &nobody, open_allowed, NULL, &any);
    if (!any.found || (first->found && any.cost >= first->cost)) return first->found;
    const struct owner_bar intruders = flow_intruders(arena, mover->table, target, &any);
    if (intruders.count) mover_search(mover, arena, target, &intruders, open_allowed, &any, second);
    const bool enough =
        !intruders.count || (second->found && !(first->found && any.cost + second->cost >= first->cost));
    if (enough) *first = any;
    if (!enough) *second = (struct flow){0};
    return first->found;
}
