/* disclose_private.h: what the files behind disclose.h share. */
#ifndef ENGINE_SURVEY_DISCLOSE_PRIVATE_H
#define ENGINE_SURVEY_DISCLOSE_PRIVATE_H

#include "engine/survey/disclose.h"

/* ---- rules ---- */

/* What the upper bound of a set must exceed its value by, so that its largest contributor is no longer dominant. */
double rules_dominance_level(const struct disclose_rules *rules, double largest, double value);
/* The protection of a set that is sensitive because of its contributors' number. */
double rules_margin_level(const struct disclose_table *table, const struct disclose_rules *rules, double value,
                          double population);

/* ---- sums: along classification d, parent = sum of its children ---- */

/* A sum is named by d * cells + parent cell. */
static inline size_t line_name(const struct disclose_table *table, size_t d, size_t parent)
{
    return d * table->cells + parent;
}

/* The parent cell of the sum that holds `cell` as a child along d, or -1 when it is the total. */
static inline int64_t line_above(const struct disclose_table *table, size_t cell, size_t d)
{
    const int32_t node = disclose_node(table, cell, d);
    const int32_t parent = table->trees[d].parent[node];
    return parent < 0 ? -1 : (int64_t)(cell - (size_t)(node - parent) * table->stride[d]);
}

/* The first child cell along d and their number (0 for a leaf); the next child is stride[d] further. */
static inline size_t line_children(const struct disclose_table *table, size_t parent, size_t d, size_t *first)
{
    const int32_t node = disclose_node(table, parent, d);
    const struct disclose_tree *tree = &table->trees[d];
    if (tree->children[node]) *first = parent + (size_t)(tree->first_child[node] - node) * table->stride[d];
    return (size_t)tree->children[node];
}

/* Whether the cell's value is hidden and may differ from the true one in an intruder's eyes. Empty cells are known. */
static inline bool cell_hidden(const struct disclose_table *table, const uint8_t *status, size_t cell)
{
    return status[cell] != DISCLOSE_OPEN && table->respondents[cell];
}

/* ---- targets: what must be protected ---- */

struct target {
    int32_t *cells; /* one for a primary cell; several for a pool */
    size_t count;
    double value;
    double up, down; /* protection levels */
    int32_t owner;   /* contributor who knows it already and is no intruder to it; -1: none */
    bool outside;    /* to be protected from intruders outside the table only */
};

struct target_list {
    struct target *items;
    size_t count;
    size_t room;
};

/* The intruder to the target who knows the cell, being its only contributor; -1 for none. A contributor of the target
 * itself is none: what he could learn there of the others is asked of the cells where he is not. O(dimensions x depth). */
int32_t target_intruder(const struct disclose_table *table, const struct target *target, size_t cell);

struct target *target_add(struct arena *arena, struct target_list *list, const struct target *target);
struct target target_cell(struct arena *arena, const struct disclose_table *table, size_t cell, double up, double down);

/* The pools of the pattern that are sensitive in themselves; see docs/methods-disclosure.md. pool_scan looks at all;
 * pool_scan_line at the sums that the cell belongs to. */
struct pool_scanner;
struct pool_scanner *pool_scanner_new(struct arena *arena, const struct disclose_table *table,
                                      const struct disclose_rules *rules, const uint8_t *status);
void pool_scan(struct pool_scanner *scanner, struct arena *arena, struct target_list *pools);
void pool_scan_cell(struct pool_scanner *scanner, struct arena *arena, size_t cell, struct target_list *pools);

/* ---- polytope: all tables that agree with what is published, as deviations from the true one ---- */

struct polytope {
    size_t columns;
    int32_t *cell;         /* of each column */
    double *lower, *upper; /* of the deviation */
    double *x;             /* the present deviation: always one that agrees with what is published */
    size_t rank, free;     /* basic and non-basic columns */
    int32_t *basic;        /* column of each row */
    int32_t *nonbasic;     /* column of each tableau column */
    int32_t *place;        /* of a column: row >= 0, or -1 - tableau column */
    double *tableau;       /* rank x free: basic = tableau * nonbasic */
    double *reduced;
    size_t pivots;
};

/* Where cells and sums stand in the polytope under construction; shared by all polytopes of one table. */
struct index_space {
    int32_t *column; /* of a cell, -1 outside */
    int32_t *row;    /* of a sum, -1 outside */
};

struct index_space *index_space_new(struct arena *arena, const struct disclose_table *table);

/* The polytope over the given cells, all others being held at their true value. space->column stays set until
 * polytope_leave. O(rows x columns x rank) at worst, far less as the sums are sparse. */
struct polytope *polytope_new(struct arena *arena, const struct disclose_table *table, const int32_t *cells,
                              size_t count, struct index_space *space);
void polytope_leave(const struct polytope *polytope, struct index_space *space);

/* Back to the true table; the basis is kept. */
void polytope_reset(struct polytope *polytope);

/* Forbids (or allows again) a column to move. It must stand at 0. */
void polytope_hold(struct polytope *polytope, const struct disclose_table *table, int32_t column, bool held);

/* Moves to a table in which sign * (sum of the deviations of the columns) is at least goal, or greatest. Gives that sum
 * (positive), INFINITY when unbounded. Primal simplex with bounds on a dense tableau, Dantzig's rule, Bland's after a stall. */
double polytope_raise(struct polytope *polytope, const int32_t *columns, size_t count, double sign, double goal);

/* ---- witnesses ---- */

struct witness_space {
    double *deviation; /* a cell each, 0 between calls */
    int32_t *touched;
    size_t count;
};

struct witness_space *witness_space_new(struct arena *arena, const struct disclose_table *table);

/* Adds the alternative table up again: true when it differs from the true one in hidden cells only, has no negative value,
 * and all sums hold to 1e-9 of the largest deviation. O(cells moved x children). */
bool witness_holds(struct witness_space *space, const struct disclose_table *table, const uint8_t *status,
                   const int32_t *cells, const double *deviations, size_t count);

/* ---- exchanges: what a move does along one classification ---- */

/* Nodes as offsets of cell number from the anchor's cell, with signs; the anchor's own node (sign 1) is left out. */
struct exchange {
    const int32_t *offsets;
    const int8_t *signs;
    size_t count;
    double alone; /* cost of its cells when the other classifications do not move */
    size_t rank;  /* nearest first */
};

struct exchange_list {
    struct exchange *items;
    size_t count;
    size_t near; /* how many of them stay beneath the parent of the target's node */
};

struct exchange_book;
struct exchange_book *exchange_book_new(struct arena *arena, const struct disclose_table *table);

/* The exchanges along d that move the anchor node (a leaf) and the target node above it, nearest first; the last one
 * moves all ancestors and gives to nobody. Kept in the book for classifications of up to 400 nodes, else in scratch. */
const struct exchange_list *exchange_book_get(struct exchange_book *book, struct arena *scratch, size_t d,
                                              int32_t anchor, int32_t target);

/* ---- moves: deviations that are products of one exchange along each classification ---- */

/* Which cells a flow must not use: those known to one of these intruders. */
struct owner_bar {
    bool all;              /* every one */
    const int32_t *owners; /* when not all */
    size_t count;
};

/* A sum of moves that carries a target to its two protection levels: the cells that it uses. */
struct flow {
    bool found;
    double cost;    /* of the open cells among them */
    int32_t *cells; /* distinct */
    double *up;     /* deviation of each cell in the table that raises the target */
    double *down;   /* in the one that lowers it */
    size_t count;
};

struct mover;
struct mover *mover_new(struct arena *arena, const struct disclose_table *table, const uint8_t *status,
                        const double *cost);

/* Searches the cheapest product of exchanges that protects the target both ways, else sums of such products for each
 * way. paid: cells already bought, or NULL. The flow's arrays are in the arena. */
void mover_search(struct mover *mover, struct arena *arena, const struct target *target, const struct owner_bar *bar,
                  bool open_allowed, const struct flow *paid, struct flow *flow);

/* The cheapest proof of a target: one flow without any cell that an intruder knows, or two flows such that no intruder
 * knows a cell of both (*second is not found when the first is enough). False when there is none. */
bool mover_certify(struct mover *mover, struct arena *arena, const struct target *target, bool open_allowed,
                   struct flow *first, struct flow *second);

/* ---- the two methods; status has its primary cells, cost is that of suppressing each cell ---- */

enum status fast_protect(struct arena *arena, const struct disclose_table *table,
                         const struct disclose_options *options, const double *cost, const struct target_list *primary,
                         uint8_t *status, struct disclose_summary *summary, struct error *error);
enum status optimal_protect(struct arena *arena, const struct disclose_table *table,
                            const struct disclose_options *options, const double *cost,
                            const struct target_list *primary, uint8_t *status, struct disclose_summary *summary,
                            struct error *error);

/* The secondary cells, dearest first; how many. */
size_t secondary_by_cost(struct arena *arena, const struct disclose_table *table, const double *cost,
                         const uint8_t *status, int32_t **cells);

/* Opens secondary cells again, dearest first, as long as the exact audit accepts; nothing above DISCLOSE_EXACT_CELLS. Then no
 * single secondary cell is superfluous, up to those that only became so later. O(secondary cells) audits. */
void polish(const struct disclose_table *table, const struct disclose_rules *rules, const double *cost,
            uint8_t *status);

/* Whether disclose_audit would find nothing; stops at the first finding. opened: the cell that is open on trial. */
bool audit_accepts(const struct disclose_table *table, const struct disclose_rules *rules, const uint8_t *status,
                   size_t opened);

/* Tightens intervals of hidden cells by each sum in turn, at most 30 times over. Uses the intervals given and nothing else. */
void bounds_propagate(const struct disclose_table *table, double *lower, double *upper);

#endif
