/* disclose.h: confidentiality of published tables of companies: cell suppression and its audit.
 *
 * A table crosses one to six classifications (trees of codes) and shows the weighted total of a response that is
 * never negative. Every upper cell is the sum of its children along each classification: these sums are what an
 * intruder knows. Cells that break a rule are primary; more cells are then suppressed until no intruder, outside or
 * inside the table, can bound a primary cell more closely than its protection interval. Method, formulas and
 * sources: docs/methods-disclosure.md. The same input gives the same output, whatever the machine. */
#ifndef ENGINE_SURVEY_DISCLOSE_H
#define ENGINE_SURVEY_DISCLOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"

enum { DISCLOSE_DIMENSIONS_MOST = 6, DISCLOSE_CELLS_MOST = 4000000, DISCLOSE_EXACT_CELLS = 2000 };

/* A classification. Node 0 is the total; the children of a node are numbered in a row; a node comes after its
 * parent. Made by disclose_tree_build. */
struct disclose_tree {
    const char *name; /* of the column, for messages */
    size_t count;
    const char **codes;
    int32_t *parent;      /* -1 for node 0 */
    int32_t *first_child; /* -1 for a leaf */
    int32_t *children;    /* how many */
};

/* One line of a hierarchy: a code and its parent. An empty parent stands for the total. */
struct disclose_link {
    const char *code;
    const char *parent;
    int64_t line; /* where it was read, for messages; 0 when unknown */
};

/* Builds a tree from links. A parent that is not itself a code is at the top. One single top that is not a leaf is
 * the total itself; otherwise a node named "Total" is set above. Refused with STATUS_INPUT, naming the code and (through
 * error->line) its line: a code given twice, a cycle, an empty hierarchy, a code named "Total" beneath the top.
 * Codes keep the order in which they are given. Texts are copied. O(links). */
enum status disclose_tree_build(struct arena *arena, const char *name, const struct disclose_link *links, size_t count,
                                struct disclose_tree *tree, struct error *error);

/* The node of a code, or -1. O(count). */
int32_t disclose_tree_find(const struct disclose_tree *tree, const char *code);

/* What the companies answered. Unit i stands in leaf leaves[d][i] of classification d. */
struct disclose_units {
    size_t count;
    const int32_t *leaves[DISCLOSE_DIMENSIONS_MOST];
    const double *response; /* finite, >= 0 */
    const double *weight;   /* finite, >= 1 or at least > 0; NULL: all 1 */
    const int32_t *holding; /* the group that owns the unit, -1 for none; NULL: none */
};

struct disclose_rules {
    double minimum;  /* least contributors of a cell: 3 */
    bool unweighted; /* count contributors, not their weights */
    double
        dominance;  /* per cent: sensitive if the largest unweighted contributor exceeds it of the weighted total: 85 */
    double percent; /* p% rule: sensitive if the total less the two largest is under p % of the largest; 0: off */
    double
        margin; /* per cent of the value that protects a cell sensitive for another reason than dominance or p%: 10 */
    bool allow_agreed; /* do not protect cells whose respondents all agree */
};

/* The rules of Insee for business surveys: 3, weighted, 85, p% off, 10, agreed cells protected. */
struct disclose_rules disclose_rules_default(void);

enum disclose_status {
    DISCLOSE_OPEN,
    DISCLOSE_PRIMARY,
    DISCLOSE_SECONDARY,
    DISCLOSE_UNPUBLISHED, /* not part of what is published: hidden at no cost, nothing to protect */
};

/* A filled table. Cell = sum over d of node[d] * stride[d]. Arrays have one entry a cell. */
struct disclose_table {
    size_t dimensions;
    const struct disclose_tree *trees;
    size_t stride[DISCLOSE_DIMENSIONS_MOST];
    size_t cells;
    int32_t *respondents;  /* units */
    int32_t *contributors; /* distinct contributors: units, those of one holding counting once */
    double *population;    /* contributors counted on weights; a holding has the least weight of its units */
    double *value;         /* weighted total */
    double *largest;       /* largest unweighted contribution */
    double *second;        /* second largest */
    double *lowest;        /* least and greatest answer of a respondent */
    double *highest;
    int32_t *owner;                 /* the only contributor (its number), or -1 when there are several or none */
    int32_t *anchor;                /* leaf cell of the largest contributor, -1 for an empty cell */
    struct disclose_entry *entries; /* contributions by leaf cell, sorted by leaf cell then contributor */
    size_t entry_count;
    struct disclose_entry
        *shared; /* contributions, by cell of any level then contributor, of those who stand in several leaf cells */
    size_t shared_count;
    double mean; /* mean unweighted answer: the scale of a cell whose value is 0 */
};

/* What one contributor brings to one cell. */
struct disclose_entry {
    int32_t cell;
    int32_t contributor;
    double answer;   /* unweighted sum */
    double weighted; /* weighted sum; 0 in shared */
    double weight;   /* least weight of its units */
};

/* Fills a table. Refused with STATUS_INPUT: a negative, infinite or missing response (error->line is
 * the unit, from 1; error->field is "response", "weight" or the classification's name),
 * a weight that is not positive, a unit outside the leaves; STATUS_LIMIT: more than DISCLOSE_CELLS_MOST cells.
 * Memory: in the arena. O(units log units + leaf cells x product of depths). */
enum status disclose_table_fill(struct arena *arena, const struct disclose_tree *trees, size_t dimensions,
                                const struct disclose_units *units, struct disclose_table *table, struct error *error);

/* The node of a cell in classification d. */
static inline int32_t disclose_node(const struct disclose_table *table, size_t cell, size_t d)
{
    return (int32_t)(cell / table->stride[d] % table->trees[d].count);
}

/* Whether the rules call a cell sensitive and, if so, how far above (*up) and below (*down) its value an intruder
 * must be kept in doubt. O(1). */
bool disclose_sensitive(const struct disclose_table *table, const struct disclose_rules *rules, size_t cell, double *up,
                        double *down);

enum disclose_method { DISCLOSE_FAST, DISCLOSE_OPTIMAL };
enum disclose_cost { DISCLOSE_BY_VALUE, DISCLOSE_BY_CELLS, DISCLOSE_BY_BALANCE };

struct disclose_options {
    struct disclose_rules rules;
    enum disclose_method method;
    enum disclose_cost cost;     /* what suppressing a cell loses: its value, one, or 1 + sqrt(value / mean) */
    const struct solver *solver; /* for DISCLOSE_OPTIMAL */
};

struct disclose_options disclose_options_default(void);

struct disclose_summary {
    size_t cells; /* published ones */
    size_t empty; /* without respondent, shown as 0 */
    size_t primary;
    size_t secondary;
    size_t pools;     /* sets of suppressed cells that had to be protected as one */
    double value;     /* sum of all published cells */
    double lost;      /* sum of the suppressed ones */
    double objective; /* cost of the secondary cells by the chosen measure */
    size_t cuts;      /* DISCLOSE_OPTIMAL: inequalities found */
};

/* Chooses what to suppress. status: one enum disclose_status a cell; on entry DISCLOSE_UNPUBLISHED marks what is not
 * published and all else is DISCLOSE_OPEN; on return it is filled. STATUS_NONE when the solver has no answer.
 * DISCLOSE_FAST: every primary cell leaves with an explicit table that proves its protection. DISCLOSE_OPTIMAL: of least
 * cost, for a few hundred cells; each solution of the solver is checked by linear programming. */
enum status disclose_protect(const struct disclose_table *table, const struct disclose_options *options,
                             uint8_t *status, struct disclose_summary *summary, struct error *error);

/* Why the auditor refuses. */
enum disclose_reason {
    DISCLOSE_SAFE,
    DISCLOSE_SENSITIVE_OPEN, /* a sensitive cell is published */
    DISCLOSE_TOO_NARROW,     /* anyone can bound the cell more closely than its protection interval */
    DISCLOSE_INSIDER,        /* the only company of another cell can */
    DISCLOSE_POOL,           /* a sum of suppressed cells is known, and sensitive in itself */
};

struct disclose_finding {
    enum disclose_reason reason;
    size_t cell;         /* the first of the pool for DISCLOSE_POOL */
    double lower, upper; /* what can be reached */
    double need_lower, need_upper;
};

struct disclose_report {
    bool exact;       /* intervals are optimal values of linear programmes, not certificates */
    size_t checked;   /* cells and pools */
    size_t witnesses; /* alternative tables built and re-added */
    size_t finding_count;
    struct disclose_finding *findings; /* by cell */
};

/* Recomputes what can be known of each suppressed cell, from the open cells alone and independently of how the
 * pattern was made, and compares it with the protection intervals. A table is safe when finding_count is 0. Each
 * "wide enough" rests on an alternative table that is added up again against every published cell.
 * lower, upper (one a cell, or NULL): what anyone can compute of a suppressed cell: its exact interval up to
 * DISCLOSE_EXACT_CELLS cells, above that the interval that follows from the sums taken one by one, repeatedly; both depend
 * on published figures only, so that they may be published. Open cells get their value. upper is INFINITY when nothing bounds it.
 * STATUS_OK when safe, STATUS_NONE when refused. */
enum status disclose_audit(struct arena *arena, const struct disclose_table *table, const struct disclose_rules *rules,
                           const uint8_t *status, double *lower, double *upper, struct disclose_report *report);

/* Checks that published values add up: value[cell] over the open cells, where all children of a sum are open too.
 * Gives the first parent cell (and the classification) that differs from the sum of its children by more than
 * 1e-9 of its size, or the number of cells when all add up. O(cells x dimensions). */
size_t disclose_additive(const struct disclose_table *shape, const uint8_t *status, const double *value,
                         size_t *dimension);

#endif
