/* counts.h: how many distinct units (companies) stand in each territory, and in each territory by category, published so that nothing
 * small can be computed back. Places are grouped in regions; each family of categories (kinds, sectors) is crossed with the
 * territories, never with another family. A unit counts once: one place, one category a family.
 *
 * Against each onlooker (who knows all about some units, and nothing of the others) and each single unit that knows itself:
 * - territories: places of too few unseen units are joined to others, within their region if it can be, until each group holds none or
 *   `floor` of them; only places and regions that stand alone are published;
 * - categories: with the territories' counts known, the cells of a family are flows from the total through categories and regions to
 *   places. A cell of 1 to floor - 1 unseen units is hidden, and with it others, until some flow that agrees with all that is published
 *   gives it 0, and another gives it `floor`. Flows are of whole units, so each is a possible world. (D. Gusfield, "A graph theoretic
 *   approach to statistical data security", SIAM J. Computing 17, 1988; J. Castro, "A shortest-paths heuristic for statistical data
 *   protection in positive tables", INFORMS J. Computing 19, 2007.)
 * Families are independent: exchanging the categories of two units in one family changes nothing else. docs/methods-figures.md argues it.
 * The same input gives the same output, whatever the machine. */
#ifndef ENGINE_COUNTS_COUNTS_H
#define ENGINE_COUNTS_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { COUNTS_FAMILIES_MOST = 4 };

struct counts_input {
    size_t units;
    const int32_t *place; /* of each unit: 0 to places - 1 */
    size_t places, regions;
    const int32_t *region; /* of each place: 0 to regions - 1 */
    size_t families;
    const int32_t *category[COUNTS_FAMILIES_MOST]; /* of each unit */
    size_t categories[COUNTS_FAMILIES_MOST];
    size_t onlookers;      /* beside the one who sees nothing, who is always there */
    const uint8_t *unseen; /* units x onlookers: 1 when that onlooker knows nothing of the unit */
    int32_t floor;         /* least units of a published cell: 3 */
};

/* Cells by area, then category. Area 0 is the total, 1 + r a region, 1 + regions + p a place. */
struct counts_family {
    size_t categories;
    int32_t *count; /* true counts: for whoever computes, not to be published where open is 0 */
    uint8_t *open;
};

struct counts_result {
    size_t areas;
    int32_t *count; /* of all units, by area */
    uint8_t *open;
    struct counts_family family[COUNTS_FAMILIES_MOST];
    uint8_t *left_out; /* by unit: in no count, as an onlooker would see a total of 1 to floor - 1 of its like */
    size_t left_out_count;
    size_t cells;     /* with a unit at least */
    size_t small;     /* of those, under the floor */
    size_t secondary; /* of those, hidden although not under the floor */
};

/* Computes it. Memory: in the arena. STATUS_INPUT: a number out of its range; STATUS_FAULT: the pattern does not pass the check that ends
 * the work (every small cell of every onlooker is tried again). O(small cells x onlookers x edges) at worst, edges = areas x categories. */
enum status counts_protect(struct arena *arena, const struct counts_input *input, struct counts_result *result,
                           struct error *error);

#endif
