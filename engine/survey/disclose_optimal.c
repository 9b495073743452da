/* disclose_optimal.c: least cost suppression, by cuts.
 *
 * Master programme: choose 0 or 1 for each cell at least cost. For each choice, linear programming looks for a target
 * that an intruder can bound too closely; the dual prices of that bound give an inequality that every safe pattern
 * satisfies and this one does not (Fischetti and Salazar 2001, capacity constraints). Repeated until none is found: the
 * last master solution is safe, and of least cost since the master only holds valid inequalities. */
#include <math.h>
#include <string.h>

#include "engine/survey/disclose_private.h"

enum { ROUNDS_MOST = 2000, INTRUDERS_MOST = 4096 };

/* sum of entry * chosen >= right. */
struct cut {
    int32_t *columns;
    double *entries;
    size_t count;
    double right;
};

struct master {
    struct arena *arena;
    const struct disclose_table *table;
    const struct disclose_options *options;
    const double *cost;
    const struct target_list *primary;
    uint8_t *status;
    uint8_t *fixed;  /* cells that are hidden whatever is chosen */
    int32_t *column; /* of a cell in the master, -1 when fixed or empty */
    int32_t *cell;   /* of a column */
    size_t columns;
    struct cut *cuts;
    size_t cut_count, cut_room;
    struct index_space *space;
    struct polytope *polytope; /* of the present choice */
    double *price;             /* per cell: how the target gains when the cell alone deviates, priced by the sums */
};

static void list_columns(struct master *master)
{
    const struct disclose_table *table = master->table;
    master->column = ARENA_ARRAY(master->arena, table->cells, int32_t);
    master->cell = ARENA_ARRAY(master->arena, table->cells, int32_t);
    master->fixed = ARENA_ARRAY(master->arena, table->cells, uint8_t);
    master->price = ARENA_ARRAY(master->arena, table->cells, double);
    for (size_t cell = 0; cell < table->cells; cell++) {
        master->fixed[cell] = cell_hidden(table, master->status, cell);
        master->column[cell] = -1;
        if (master->fixed[cell] || !table->respondents[cell]) continue;
        master->column[cell] = (int32_t)master->columns;
        master->cell[master->columns++] = (int32_t)cell;
    }
}

/* ---- the cut of one question ---- */

/* The prices of the sums that explain an optimum: with y the sums' prices and t the target, the reduced gain of each hidden
 * cell, t - M'y, is 0 when basic and has the sign of its bound otherwise. The y solve the basic equations. */
struct prices {
    size_t rows;
    size_t *names;
    double *y;
};

struct cut_room {
    double *matrix; /* rows = basic columns, columns = sums; last one the right-hand side */
    size_t width;
};

static void price_row(const struct master *master, size_t cell, double *row)
{
    const struct disclose_table *table = master->table;
    for (size_t d = 0; d < table->dimensions; d++) {
        const int64_t above = line_above(table, cell, d);
        if (above >= 0) row[master->space->row[line_name(table, d, (size_t)above)]] = -1;
        size_t first;
        if (line_children(table, cell, d, &first)) row[master->space->row[line_name(table, d, cell)]] = 1;
    }
}

static void name_sums(struct master *master, struct prices *prices, size_t cell)
{
    const struct disclose_table *table = master->table;
    for (size_t d = 0; d < table->dimensions; d++) {
        const int64_t above = line_above(table, cell, d);
        size_t first;
        const bool parent = line_children(table, cell, d, &first) > 0;
        const size_t names[2] = {above < 0 ? SIZE_MAX : line_name(table, d, (size_t)above),
                                 parent ? line_name(table, d, cell) : SIZE_MAX};
        for (int k = 0; k < 2; k++) {
            if (names[k] == SIZE_MAX || master->space->row[names[k]] >= 0) continue;
            master->space->row[names[k]] = (int32_t)prices->rows;
            prices->names[prices->rows++] = names[k];
        }
    }
}

/* Gauss-Jordan on the basic equations; free prices are 0. */
static void solve_prices(const struct cut_room *room, size_t equations, struct prices *prices)
{
    for (size_t i = 0; i < equations; i++) {
        double *row = &room->matrix[i * room->width];
        size_t best = prices->rows;
        for (size_t j = 0; j < prices->rows; j++)
            if (fabs(row[j]) > 1e-9 && (best == prices->rows || fabs(row[j]) > fabs(row[best]) + 1e-9)) best = j;
        if (best == prices->rows) continue;
        const double scale = 1 / row[best];
        for (size_t j = 0; j < room->width; j++) row[j] *= scale;
        for (size_t k = 0; k < equations; k++) {
            double *other = &room->matrix[k * room->width];
            const double factor = other[best];
            if (k == i || fabs(factor) < 1e-12) continue;
            for (size_t j = 0; j < room->width; j++) other[j] -= factor * row[j];
        }
    }
    for (size_t i = 0; i < equations; i++) {
        const double *row = &room->matrix[i * room->width];
        for (size_t j = 0; j < prices->rows; j++)
            if (fabs(row[j] - 1) < 1e-9) {
                prices->y[j] = row[prices->rows];
                break;
            }
    }
}

static double target_entry(const struct target *target, size_t cell, double sign)
{
    for (size_t i = 0; i < target->count; i++)
        if (target->cells[i] == (int32_t)cell) return sign;
    return 0;
}

/* Fills master->price for every cell from the basis in which the polytope stands. */
static void price_cells(struct master *master, const struct target *target, double sign)
{
    struct arena *scratch = arena_new();
    const struct polytope *polytope = master->polytope;
    struct prices prices = {.names =
                                ARENA_ARRAY(scratch, 2 * master->table->dimensions * (polytope->columns + 1), size_t)};
    for (size_t j = 0; j < polytope->columns; j++) name_sums(master, &prices, (size_t)polytope->cell[j]);
    prices.y = ARENA_ARRAY(scratch, prices.rows + 1, double);
    struct cut_room room = {.width = prices.rows + 1,
                            .matrix = ARENA_ARRAY(scratch, polytope->rank * (prices.rows + 1), double)};
    for (size_t i = 0; i < polytope->rank; i++) {
        const size_t cell = (size_t)polytope->cell[polytope->basic[i]];
        price_row(master, cell, &room.matrix[i * room.width]);
        room.matrix[i * room.width + prices.rows] = target_entry(target, cell, sign);
    }
    solve_prices(&room, polytope->rank, &prices);
    memset(master->price, 0, master->table->cells * sizeof *master->price);
    for (size_t k = 0; k < target->count; k++) master->price[target->cells[k]] = sign;
    for (size_t i = 0; i < prices.rows; i++) {
        const size_t d = prices.names[i] / master->table->cells, parent = prices.names[i] % master->table->cells;
        size_t first = 0;
        const size_t children = line_children(master->table, parent, d, &first);
        master->price[parent] -= prices.y[i];
        for (size_t k = 0; k < children; k++) master->price[first + k * master->table->stride[d]] += prices.y[i];
        master->space->row[prices.names[i]] = -1;
    }
    arena_free(&scratch);
}

static void keep_cut(struct master *master, const struct cut *cut)
{
    if (master->cut_count == master->cut_room) {
        master->cut_room = 2 * master->cut_room + 256;
        struct cut *larger = ARENA_ARRAY(master->arena, master->cut_room, struct cut);
        if (master->cut_count) memcpy(larger, master->cuts, master->cut_count * sizeof *larger);
        master->cuts = larger;
    }
    master->cuts[master->cut_count++] = *cut;
}

/* What a cell may add to the target at these prices, at most the level: a gain at +1 has no bound, a gain at -1 stops at 0. */
static double cell_room(const struct master *master, size_t cell, double level)
{
    const double price = master->price[cell];
    if (price > 1e-9) return level;
    return price < -1e-9 ? fmin(level, -price * master->table->value[cell]) : 0;
}

/* The inequality of a question whose answer is too small. intruder: whose cells cannot move; -2: none. A pool binds as long
 * as its cells are hidden. */
static void cut_add(struct master *master, const struct target *target, double sign, double level, int32_t intruder)
{
    price_cells(master, target, sign);
    struct cut cut = {.columns = ARENA_ARRAY(master->arena, master->columns, int32_t),
                      .entries = ARENA_ARRAY(master->arena, master->columns, double),
                      .right = 1};
    for (size_t cell = 0; cell < master->table->cells; cell++) {
        if (!master->table->respondents[cell] ||
            (intruder >= 0 && target_intruder(master->table, target, cell) == intruder))
            continue;
        const bool own = target_entry(target, cell, 1) > 0;
        double entry = cell_room(master, cell, level) / level;
        if (master->fixed[cell]) cut.right -= entry;
        if (master->column[cell] < 0) continue;
        if (own) {
            entry -= 1;
            cut.right -= 1;
        }
        if (fabs(entry) < 1e-9) continue;
        cut.columns[cut.count] = master->column[cell];
        cut.entries[cut.count++] = entry;
    }
    keep_cut(master, &cut);
}

/* ---- questions to the present choice ---- */

static double ask(const struct master *master, const struct target *target, double sign, double level, int32_t intruder)
{
    struct polytope *polytope = master->polytope;
    int32_t *columns = ARENA_ARRAY(master->arena, target->count, int32_t);
    for (size_t k = 0; k < target->count; k++) columns[k] = master->space->column[target->cells[k]];
    polytope_reset(polytope);
    for (size_t j = 0; j < polytope->columns && intruder >= 0; j++)
        if (target_intruder(master->table, target, (size_t)polytope->cell[j]) == intruder)
            polytope_hold(polytope, master->table, (int32_t)j, true);
    const double reach = polytope_raise(polytope, columns, target->count, sign, level * (1 + 1e-9));
    for (size_t j = 0; j < polytope->columns && intruder >= 0; j++)
        polytope_hold(polytope, master->table, (int32_t)j, false);
    return reach;
}

/* Intruders whose knowledge the present table contradicts. */
static size_t list_intruders(const struct master *master, const struct target *target, int32_t *intruders)
{
    size_t count = 0;
    for (size_t j = 0; j < master->polytope->columns && count < INTRUDERS_MOST; j++) {
        if (fabs(master->polytope->x[j]) <= 0) continue;
        const int32_t intruder = target_intruder(master->table, target, (size_t)master->polytope->cell[j]);
        bool known = intruder < 0;
        for (size_t k = 0; k < count && !known; k++) known = intruders[k] == intruder;
        if (!known) intruders[count++] = intruder;
    }
    return count;
}

static void question(struct master *master, const struct target *target, double sign, double level, int32_t *intruders)
{
    if (!(level > 0)) return;
    if (ask(master, target, sign, level, -2) < level * (1 - 1e-7)) {
        cut_add(master, target, sign, level, -2);
        return;
    }
    if (target->outside) return;
    const size_t count = list_intruders(master, target, intruders);
    for (size_t i = 0; i < count; i++)
        if (ask(master, target, sign, level, intruders[i]) < level * (1 - 1e-7))
            cut_add(master, target, sign, level, intruders[i]);
}

/* Adds the cuts that the present choice violates. */
static void separate(struct master *master)
{
    struct arena *scratch = arena_new();
    int32_t *hidden = ARENA_ARRAY(scratch, master->table->cells, int32_t);
    int32_t *intruders = ARENA_ARRAY(scratch, INTRUDERS_MOST, int32_t);
    size_t count = 0;
    for (size_t cell = 0; cell < master->table->cells; cell++)
        if (cell_hidden(master->table, master->status, cell)) hidden[count++] = (int32_t)cell;
    master->polytope = polytope_new(scratch, master->table, hidden, count, master->space);
    struct target_list targets = {0};
    for (size_t i = 0; i < master->primary->count; i++) target_add(scratch, &targets, &master->primary->items[i]);
    pool_scan(pool_scanner_new(scratch, master->table, &master->options->rules, master->status), scratch, &targets);
    for (size_t i = 0; i < targets.count; i++) {
        question(master, &targets.items[i], 1, targets.items[i].up, intruders);
        question(master, &targets.items[i], -1, targets.items[i].down, intruders);
    }
    polytope_leave(master->polytope, master->space);
    arena_free(&scratch);
}

/* ---- the master programme ---- */

struct rows {
    double *lower, *upper, *entry;
    size_t *start;
    int32_t *column;
};

static struct rows state_rows(struct arena *arena, const struct master *master)
{
    size_t entries = 0;
    for (size_t i = 0; i < master->cut_count; i++) entries += master->cuts[i].count;
    struct rows rows = {.lower = ARENA_ARRAY(arena, master->cut_count, double),
                        .upper = ARENA_ARRAY(arena, master->cut_count, double),
                        .start = ARENA_ARRAY(arena, master->cut_count + 1, size_t),
                        .column = ARENA_ARRAY(arena, entries, int32_t),
                        .entry = ARENA_ARRAY(arena, entries, double)};
    for (size_t i = 0; i < master->cut_count; i++) {
        const struct cut *cut = &master->cuts[i];
        rows.lower[i] = cut->right;
        rows.upper[i] = INFINITY;
        rows.start[i + 1] = rows.start[i] + cut->count;
        memcpy(&rows.column[rows.start[i]], cut->columns, cut->count * sizeof *rows.column);
        memcpy(&rows.entry[rows.start[i]], cut->entries, cut->count * sizeof *rows.entry);
    }
    return rows;
}

/* Solves the master and writes its choice into status. */
static enum status choose(struct master *master, struct error *error)
{
    struct arena *scratch = arena_new();
    const size_t n = master->columns;
    double *cost = ARENA_ARRAY(scratch, n, double), *lower = ARENA_ARRAY(scratch, n, double),
           *upper = ARENA_ARRAY(scratch, n, double);
    double *x = ARENA_ARRAY(scratch, n, double), objective = 0;
    bool *whole = ARENA_ARRAY(scratch, n, bool);
    for (size_t j = 0; j < n; j++) {
        cost[j] = master->cost[master->cell[j]];
        upper[j] = 1;
        whole[j] = true;
    }
    const struct rows rows = state_rows(scratch, master);
    const struct program program = {.columns = n,
                                    .rows = master->cut_count,
                                    .cost = cost,
                                    .lower = lower,
                                    .upper = upper,
                                    .whole = whole,
                                    .row_lower = rows.lower,
                                    .row_upper = rows.upper,
                                    .start = rows.start,
                                    .column = rows.column,
                                    .entry = rows.entry};
    const struct solver *solver = master->options->solver;
    const enum status status = solver->solve(solver->context, &program, x, &objective, error);
    for (size_t j = 0; status == STATUS_OK && j < n; j++)
        master->status[master->cell[j]] = x[j] > 0.5 ? DISCLOSE_SECONDARY : DISCLOSE_OPEN;
    arena_free(&scratch);
    return status;
}

enum status optimal_protect(struct arena *arena, const struct disclose_table *table,
                            const struct disclose_options *options, const double *cost,
                            const struct target_list *primary, uint8_t *status, struct disclose_summary *summary,
                            struct error *error)
{
    if (!options->solver) return error_set(error, STATUS_INPUT, N_("The optimal method needs a solver."));
    if (table->cells > DISCLOSE_EXACT_CELLS)
        return error_set(error, STATUS_LIMIT,
                         N_("The optimal method is for tables of at most 2,000 cells: use the fast one."));
    struct master master = {.arena = arena,
                            .table = table,
                            .options = options,
                            .cost = cost,
                            .primary = primary,
                            .status = status,
                            .space = index_space_new(arena, table)};
    list_columns(&master);
    enum status result = STATUS_OK;
    for (int round = 0; result == STATUS_OK && round < ROUNDS_MOST; round++) {
        const size_t before = master.cut_count;
        separate(&master);
        summary->cuts = master.cut_count;
        if (master.cut_count == before) return STATUS_OK;
        result = choose(&master, error);
    }
    if (result != STATUS_OK) return result;
    return error_set(error, STATUS_LIMIT,
                     N_("No optimal suppression was found within the limits: use the fast method."));
}
