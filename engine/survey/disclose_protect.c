/* disclose_protect.c: primary cells, then the chosen method; what is lost. */
#include <math.h>

#include "engine/survey/disclose_private.h"

static double cell_cost(const struct disclose_table *table, enum disclose_cost measure, size_t cell)
{
    const double scale = table->mean > 0 ? table->value[cell] / table->mean : 0;
    switch (measure) {
    case DISCLOSE_BY_VALUE: return 1e-3 + scale;
    case DISCLOSE_BY_CELLS: return 1 + 1e-9 * scale;
    case DISCLOSE_BY_BALANCE: return 1 + sqrt(scale);
    }
    return 1;
}

static double *all_costs(struct arena *arena, const struct disclose_table *table, enum disclose_cost measure)
{
    double *cost = ARENA_ARRAY(arena, table->cells, double);
    for (size_t cell = 0; cell < table->cells; cell++) cost[cell] = cell_cost(table, measure, cell);
    return cost;
}

/* Marks the sensitive cells and lists them as targets. */
static struct target_list primary_targets(struct arena *arena, const struct disclose_table *table,
                                          const struct disclose_rules *rules, uint8_t *status)
{
    struct target_list targets = {0};
    for (size_t cell = 0; cell < table->cells; cell++) {
        double up, down;
        if (status[cell] == DISCLOSE_UNPUBLISHED || !disclose_sensitive(table, rules, cell, &up, &down)) continue;
        status[cell] = DISCLOSE_PRIMARY;
        const struct target target = target_cell(arena, table, cell, up, down);
        target_add(arena, &targets, &target);
    }
    return targets;
}

static void summarise(const struct disclose_table *table, const uint8_t *status, const double *cost,
                      struct disclose_summary *summary)
{
    for (size_t cell = 0; cell < table->cells; cell++) {
        if (status[cell] == DISCLOSE_UNPUBLISHED) continue;
        summary->cells++;
        summary->value += table->value[cell];
        if (!table->respondents[cell]) summary->empty++;
        if (status[cell] == DISCLOSE_OPEN) continue;
        summary->lost += table->value[cell];
        summary->primary += status[cell] == DISCLOSE_PRIMARY;
        summary->secondary += status[cell] == DISCLOSE_SECONDARY;
        if (status[cell] == DISCLOSE_SECONDARY) summary->objective += cost[cell];
    }
}

enum status disclose_protect(const struct disclose_table *table, const struct disclose_options *options,
                             uint8_t *status, struct disclose_summary *summary, struct error *error)
{
    *summary = (struct disclose_summary){0};
    struct arena *scratch = arena_new();
    const struct target_list targets = primary_targets(scratch, table, &options->rules, status);
    const double *cost = all_costs(scratch, table, options->cost);
    enum status result = STATUS_OK;
    if (options->method == DISCLOSE_OPTIMAL)
        result = optimal_protect(scratch, table, options, cost, &targets, status, summary, error);
    else
        result = fast_protect(scratch, table, options, cost, &targets, status, summary, error);
    if (result == STATUS_OK) summarise(table, status, cost, summary);
    arena_free(&scratch);
    return result;
}
