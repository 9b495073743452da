/* disclose_audit.c: what can be known of each suppressed cell, from the published ones alone.
 *
 * Up to DISCLOSE_EXACT_CELLS cells: linear programmes over all hidden cells at once, whose optima are the intervals. Above:
 * programmes over a neighbourhood of the cell, the rest being held, so that each answer is a table that really agrees with
 * what is published; neighbourhoods grow until the cell is certified or its whole connected part is taken, which is conclusive. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/survey/disclose_private.h"

static const double slack = 1e-6; /* of a protection level: what rounding may take */
static const size_t neighbourhoods[] = {160, 640, 2560, 6000};
enum { NEIGHBOURHOODS = 4, PIVOTS_A_STATEMENT = 1500 };

enum verdict { VERDICT_UNKNOWN, VERDICT_SAFE, VERDICT_UNSAFE };

struct auditor {
    struct arena *arena; /* of the report */
    const struct disclose_table *table;
    const uint8_t *status;
    struct index_space *space;
    struct witness_space *witness;
    struct target_list targets;
    uint8_t *verdicts;
    int32_t *target_of; /* cell -> its own target, -1 */
    struct disclose_report *report;
    size_t finding_room;
    int64_t opened; /* a cell lately opened: look near it first and stop at the first finding; -1: look at all */
};

static void add_finding(struct auditor *auditor, struct disclose_finding finding)
{
    struct disclose_report *report = auditor->report;
    if (report->finding_count == auditor->finding_room) {
        auditor->finding_room = 2 * auditor->finding_room + 16;
        struct disclose_finding *larger = ARENA_ARRAY(auditor->arena, auditor->finding_room, struct disclose_finding);
        if (report->finding_count) memcpy(larger, report->findings, report->finding_count * sizeof *larger);
        report->findings = larger;
    }
    report->findings[report->finding_count++] = finding;
}

/* ---- one target in one polytope ---- */

struct question {
    const struct target *target;
    const int32_t *columns;
    double sign;
    double level;
};

/* Whether the present table answers the question and adds up. */
static bool answered(struct auditor *auditor, struct polytope *polytope, const struct question *question, double reach)
{
    if (reach < question->level * (1 - slack)) return false;
    auditor->report->witnesses++;
    return witness_holds(auditor->witness, auditor->table, auditor->status, polytope->cell, polytope->x,
                         polytope->columns);
}

static double ask(struct polytope *polytope, const struct question *question)
{
    return polytope_raise(polytope, question->columns, question->target->count, question->sign, question->level);
}

/* Holds the cells known to `owner` (-1: to anyone who is an intruder to the target), or releases them. */
static void hold_known(const struct auditor *auditor, struct polytope *polytope, const struct target *target,
                       int32_t owner, bool held)
{
    for (size_t j = 0; j < polytope->columns; j++) {
        const int32_t known = target_intruder(auditor->table, target, (size_t)polytope->cell[j]);
        if (known >= 0 && (owner < 0 || known == owner)) polytope_hold(polytope, auditor->table, (int32_t)j, held);
    }
}

static bool answered_despite(struct auditor *auditor, struct polytope *polytope, const struct question *question,
                             int32_t owner)
{
    polytope_reset(polytope);
    hold_known(auditor, polytope, question->target, owner, true);
    const bool safe = answered(auditor, polytope, question, ask(polytope, question));
    hold_known(auditor, polytope, question->target, owner, false);
    return safe;
}

/* Intruders who know a cell that the present table moves; sorted, distinct. */
static size_t list_intruders(const struct auditor *auditor, const struct polytope *polytope,
                             const struct target *target, int32_t *owners)
{
    size_t count = 0;
    for (size_t j = 0; j < polytope->columns; j++) {
        const int32_t owner =
            fabs(polytope->x[j]) > 0 ? target_intruder(auditor->table, target, (size_t)polytope->cell[j]) : -1;
        bool skip = owner < 0;
        for (size_t k = 0; k < count && !skip; k++) skip = owners[k] == owner;
        if (!skip) owners[count++] = owner;
    }
    return count;
}

/* Each intruder must find a table that moves nothing he knows. Those whom such a table leaves alone are answered with it. */
static bool answered_to_insiders(struct auditor *auditor, struct polytope *polytope, const struct question *question)
{
    struct arena *scratch = arena_new();
    int32_t *pending = ARENA_ARRAY(scratch, polytope->columns, int32_t);
    int32_t *moved = ARENA_ARRAY(scratch, polytope->columns, int32_t);
    size_t count = list_intruders(auditor, polytope, question->target, pending);
    bool safe = true;
    while (safe && count) {
        safe = answered_despite(auditor, polytope, question, pending[--count]);
        const size_t moves = list_intruders(auditor, polytope, question->target, moved);
        size_t kept = 0;
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < moves; k++)
                if (moved[k] == pending[i]) {
                    pending[kept++] = pending[i];
                    break;
                }
        count = kept;
    }
    arena_free(&scratch);
    return safe;
}

/* DISCLOSE_SAFE, or what the polytope lets an intruder do. */
static enum disclose_reason examine(struct auditor *auditor, struct polytope *polytope, const struct question *question,
                                    double *reach)
{
    *reach = question->level;
    if (!(question->level > 0)) return DISCLOSE_SAFE;
    if (!question->target->outside && answered_despite(auditor, polytope, question, -1)) return DISCLOSE_SAFE;
    polytope_reset(polytope);
    *reach = ask(polytope, question);
    if (!answered(auditor, polytope, question, *reach))
        return question->target->count > 1 ? DISCLOSE_POOL : DISCLOSE_TOO_NARROW;
    if (question->target->outside || answered_to_insiders(auditor, polytope, question)) return DISCLOSE_SAFE;
    *reach = 0;
    for (size_t k = 0; k < question->target->count; k++) *reach += question->sign * polytope->x[question->columns[k]];
    return DISCLOSE_INSIDER;
}

static void examine_target(struct auditor *auditor, struct polytope *polytope, size_t number, bool conclusive)
{
    const struct target *target = &auditor->targets.items[number];
    struct arena *scratch = arena_new();
    int32_t *columns = ARENA_ARRAY(scratch, target->count, int32_t);
    bool inside = true;
    for (size_t k = 0; k < target->count; k++) {
        columns[k] = auditor->space->column[target->cells[k]];
        inside = inside && columns[k] >= 0;
    }
    double up = 0, down = 0;
    struct question question = {target, columns, 1, target->up};
    enum disclose_reason reason = inside ? examine(auditor, polytope, &question, &up) : DISCLOSE_TOO_NARROW;
    question.sign = -1;
    question.level = target->down;
    if (inside && (reason == DISCLOSE_SAFE || conclusive)) {
        const enum disclose_reason other = examine(auditor, polytope, &question, &down);
        if (reason == DISCLOSE_SAFE) reason = other;
    }
    arena_free(&scratch);
    if (reason == DISCLOSE_SAFE) auditor->verdicts[number] = VERDICT_SAFE;
    if (reason == DISCLOSE_SAFE || !conclusive) return;
    auditor->verdicts[number] = VERDICT_UNSAFE;
    add_finding(auditor,
                (struct disclose_finding){reason, (size_t)target->cells[0], target->value - down, target->value + up,
                                          target->value - target->down, target->value + target->up});
}

/* ---- small tables ---- */

static size_t list_hidden(const struct auditor *auditor, int32_t *cells)
{
    size_t count = 0;
    for (size_t cell = 0; cell < auditor->table->cells; cell++)
        if (cell_hidden(auditor->table, auditor->status, cell)) cells[count++] = (int32_t)cell;
    return count;
}

/* The programme over all hidden cells, stated afresh from time to time so that rounding does not pile up. */
struct whole {
    const struct auditor *auditor;
    struct arena *arena;
    int32_t *cells;
    size_t count;
    struct polytope *polytope;
};

static void whole_renew(struct whole *whole)
{
    if (whole->polytope && whole->polytope->pivots < PIVOTS_A_STATEMENT) return;
    if (whole->polytope) polytope_leave(whole->polytope, whole->auditor->space);
    arena_reset(whole->arena);
    whole->polytope =
        polytope_new(whole->arena, whole->auditor->table, whole->cells, whole->count, whole->auditor->space);
}

static void exact_intervals(struct whole *whole, double *lower, double *upper)
{
    for (int32_t j = 0; j < (int32_t)whole->count; j++) {
        const int32_t cell = whole->cells[j];
        const double value = whole->auditor->table->value[cell];
        if (whole->auditor->status[cell] == DISCLOSE_UNPUBLISHED) continue;
        whole_renew(whole);
        lower[cell] = fmax(0, value - polytope_raise(whole->polytope, &j, 1, -1, INFINITY));
        const double up = polytope_raise(whole->polytope, &j, 1, 1, INFINITY);
        upper[cell] = value + up;
        if (isinf(up)) polytope_reset(whole->polytope);
    }
}

/* In how many classifications two cells have the same node (2 each) or the same parent (1 each). */
static size_t nearness(const struct disclose_table *table, size_t left, size_t right)
{
    size_t near = 0;
    for (size_t d = 0; d < table->dimensions; d++) {
        const int32_t a = disclose_node(table, left, d), b = disclose_node(table, right, d);
        near += a == b ? 2 : table->trees[d].parent[a] == table->trees[d].parent[b];
    }
    return near;
}

/* The targets nearest to the opened cell first; in their order when there is none. */
static const size_t *order_targets(const struct auditor *auditor, struct arena *arena)
{
    size_t *order = ARENA_ARRAY(arena, auditor->targets.count + 1, size_t), filled = 0;
    for (size_t near = 2 * DISCLOSE_DIMENSIONS_MOST + 1; near-- > 0;)
        for (size_t i = 0; i < auditor->targets.count; i++) {
            const size_t cell = (size_t)auditor->targets.items[i].cells[0];
            if ((auditor->opened < 0 ? 0 : nearness(auditor->table, cell, (size_t)auditor->opened)) == near)
                order[filled++] = i;
        }
    return order;
}

static void audit_exactly(struct auditor *auditor, double *lower, double *upper)
{
    struct arena *scratch = arena_new();
    struct whole whole = {
        .auditor = auditor, .arena = arena_new(), .cells = ARENA_ARRAY(scratch, auditor->table->cells, int32_t)};
    whole.count = list_hidden(auditor, whole.cells);
    whole_renew(&whole);
    const size_t *order = order_targets(auditor, scratch);
    for (size_t i = 0; i < auditor->targets.count && !(auditor->opened >= 0 && auditor->report->finding_count); i++) {
        whole_renew(&whole);
        examine_target(auditor, whole.polytope, order[i], true);
    }
    polytope_reset(whole.polytope);
    if (lower && upper) exact_intervals(&whole, lower, upper);
    polytope_leave(whole.polytope, auditor->space);
    auditor->report->exact = true;
    arena_free(&whole.arena);
    arena_free(&scratch);
}

/* ---- large tables ---- */

/* Whether the table deviating as given is real, and reaches the level of the target on the side of the sign. */
static bool proves(struct auditor *auditor, const struct target *target, const struct flow *flow,
                   const double *deviations, double sign, double level)
{
    double reach = 0;
    for (size_t i = 0; i < flow->count; i++)
        for (size_t k = 0; k < target->count; k++)
            if (flow->cells[i] == target->cells[k]) reach += sign * deviations[i];
    if (reach < level * (1 - slack)) return false;
    auditor->report->witnesses++;
    return witness_holds(auditor->witness, auditor->table, auditor->status, flow->cells, deviations, flow->count);
}

static bool proves_both(struct auditor *auditor, const struct target *target, const struct flow *flow)
{
    return proves(auditor, target, flow, flow->up, 1, target->up) &&
           proves(auditor, target, flow, flow->down, -1, target->down);
}

/* No intruder knows a cell of the first flow, or none knows a cell of both. */
static bool fools_insiders(const struct auditor *auditor, const struct target *target, const struct flow *first,
                           const struct flow *second)
{
    for (size_t i = 0; i < first->count; i++) {
        const int32_t intruder = target_intruder(auditor->table, target, (size_t)first->cells[i]);
        if (intruder < 0) continue;
        if (!second->found) return false;
        for (size_t k = 0; k < second->count; k++)
            if (target_intruder(auditor->table, target, (size_t)second->cells[k]) == intruder) return false;
    }
    return true;
}

/* Most cells are certified by a product of exchanges or a sum of some. */
static void audit_by_moves(struct auditor *auditor)
{
    struct arena *scratch = arena_new();
    struct mover *mover = mover_new(scratch, auditor->table, auditor->status, NULL);
    struct arena *each = arena_new();
    for (size_t i = 0; i < auditor->targets.count; i++) {
        const struct target *target = &auditor->targets.items[i];
        struct flow first, second;
        if (mover_certify(mover, each, target, false, &first, &second) && proves_both(auditor, target, &first) &&
            (!second.found || proves_both(auditor, target, &second)) &&
            (target->outside || fools_insiders(auditor, target, &first, &second)))
            auditor->verdicts[i] = VERDICT_SAFE;
        arena_reset(each);
    }
    arena_free(&each);
    arena_free(&scratch);
}

struct search {
    int32_t *cells; /* reached, in order */
    size_t count, most;
    uint8_t *reached;
};

static void reach_cell(struct search *search, const struct auditor *auditor, size_t cell)
{
    if (search->reached[cell] || search->count >= search->most || !cell_hidden(auditor->table, auditor->status, cell))
        return;
    search->reached[cell] = 1;
    search->cells[search->count++] = (int32_t)cell;
}

static void reach_sum(struct search *search, const struct auditor *auditor, size_t d, size_t parent)
{
    size_t first = 0;
    const size_t children = line_children(auditor->table, parent, d, &first);
    reach_cell(search, auditor, parent);
    for (size_t k = 0; k < children; k++) reach_cell(search, auditor, first + k * auditor->table->stride[d]);
}

/* Breadth first over the sums; true when the connected part was exhausted. */
static bool reach_out(struct search *search, const struct auditor *auditor, const struct target *target)
{
    search->count = 0;
    for (size_t k = 0; k < target->count; k++) reach_cell(search, auditor, (size_t)target->cells[k]);
    for (size_t next = 0; next < search->count; next++) {
        const size_t cell = (size_t)search->cells[next];
        for (size_t d = 0; d < auditor->table->dimensions; d++) {
            const int64_t above = line_above(auditor->table, cell, d);
            if (above >= 0) reach_sum(search, auditor, d, (size_t)above);
            reach_sum(search, auditor, d, cell);
        }
    }
    for (size_t i = 0; i < search->count; i++) search->reached[search->cells[i]] = 0;
    return search->count < search->most;
}

/* Examines the target in its neighbourhood, and the targets near it with the same polytope. */
static void examine_around(struct auditor *auditor, struct search *search, size_t number, size_t most)
{
    search->most = most;
    const bool conclusive = reach_out(search, auditor, &auditor->targets.items[number]);
    struct arena *scratch = arena_new();
    struct polytope *polytope = polytope_new(scratch, auditor->table, search->cells, search->count, auditor->space);
    examine_target(auditor, polytope, number, conclusive);
    const size_t near = conclusive ? search->count : search->count / 3;
    for (size_t i = 0; i < near; i++) {
        const int32_t other = auditor->target_of[search->cells[i]];
        if (other >= 0 && auditor->verdicts[other] == VERDICT_UNKNOWN)
            examine_target(auditor, polytope, (size_t)other, conclusive);
    }
    polytope_leave(polytope, auditor->space);
    arena_free(&scratch);
}

static void audit_by_neighbourhoods(struct auditor *auditor)
{
    struct arena *scratch = arena_new();
    struct search search = {.cells = ARENA_ARRAY(scratch, auditor->table->cells, int32_t),
                            .reached = ARENA_ARRAY(scratch, auditor->table->cells, uint8_t)};
    for (size_t size = 0; size < NEIGHBOURHOODS; size++)
        for (size_t i = 0; i < auditor->targets.count; i++)
            if (auditor->verdicts[i] == VERDICT_UNKNOWN) examine_around(auditor, &search, i, neighbourhoods[size]);
    for (size_t i = 0; i < auditor->targets.count; i++) {
        const struct target *target = &auditor->targets.items[i];
        if (auditor->verdicts[i] == VERDICT_UNKNOWN)
            add_finding(auditor, (struct disclose_finding){target->count > 1 ? DISCLOSE_POOL : DISCLOSE_TOO_NARROW,
                                                           (size_t)target->cells[0], target->value, target->value,
                                                           target->value - target->down, target->value + target->up});
    }
    arena_free(&scratch);
}

/* ---- the whole ---- */

/* Lists what must be protected, from the rules; a sensitive cell that is open is a finding. */
static void list_targets(struct auditor *auditor, struct arena *scratch, const struct disclose_rules *rules)
{
    const struct disclose_table *table = auditor->table;
    auditor->target_of = ARENA_ARRAY(scratch, table->cells, int32_t);
    memset(auditor->target_of, 0xff, table->cells * sizeof *auditor->target_of);
    for (size_t cell = 0; cell < table->cells; cell++) {
        double up, down;
        if (auditor->status[cell] == DISCLOSE_UNPUBLISHED || !disclose_sensitive(table, rules, cell, &up, &down))
            continue;
        const double value = table->value[cell];
        if (auditor->status[cell] == DISCLOSE_OPEN) {
            add_finding(auditor, (struct disclose_finding){DISCLOSE_SENSITIVE_OPEN, cell, value, value, value - down,
                                                           value + up});
            continue;
        }
        auditor->target_of[cell] = (int32_t)auditor->targets.count;
        const struct target target = target_cell(scratch, table, cell, up, down);
        target_add(scratch, &auditor->targets, &target);
    }
    pool_scan(pool_scanner_new(scratch, table, rules, auditor->status), scratch, &auditor->targets);
    auditor->verdicts = ARENA_ARRAY(scratch, auditor->targets.count + 1, uint8_t);
    auditor->report->checked = auditor->targets.count;
}

static int compare_findings(const void *left, const void *right)
{
    const struct disclose_finding *a = left, *b = right;
    if (a->cell != b->cell) return a->cell < b->cell ? -1 : 1;
    return (a->reason > b->reason) - (a->reason < b->reason);
}

static void open_intervals(const struct disclose_table *table, const uint8_t *status, double *lower, double *upper)
{
    for (size_t cell = 0; cell < table->cells; cell++) {
        const bool hidden = cell_hidden(table, status, cell);
        lower[cell] = hidden ? 0 : table->value[cell];
        upper[cell] = hidden ? INFINITY : table->value[cell];
    }
}

static void audit(struct arena *arena, struct arena *scratch, const struct disclose_table *table,
                  const struct disclose_rules *rules, const uint8_t *status, int64_t opened, double *lower,
                  double *upper, struct disclose_report *report)
{
    *report = (struct disclose_report){0};
    struct auditor auditor = {.arena = arena,
                              .table = table,
                              .status = status,
                              .report = report,
                              .opened = opened,
                              .space = index_space_new(scratch, table),
                              .witness = witness_space_new(scratch, table)};
    list_targets(&auditor, scratch, rules);
    if (lower && upper) open_intervals(table, status, lower, upper);
    if (table->cells <= DISCLOSE_EXACT_CELLS) {
        audit_exactly(&auditor, lower, upper);
        return;
    }
    audit_by_moves(&auditor);
    audit_by_neighbourhoods(&auditor);
    if (lower && upper) bounds_propagate(table, lower, upper);
}

enum status disclose_audit(struct arena *arena, const struct disclose_table *table, const struct disclose_rules *rules,
                           const uint8_t *status, double *lower, double *upper, struct disclose_report *report)
{
    struct arena *scratch = arena_new();
    audit(arena, scratch, table, rules, status, -1, lower, upper, report);
    if (report->finding_count)
        qsort(report->findings, report->finding_count, sizeof *report->findings, compare_findings);
    arena_free(&scratch);
    return report->finding_count ? STATUS_NONE : STATUS_OK;
}

bool audit_accepts(const struct disclose_table *table, const struct disclose_rules *rules, const uint8_t *status,
                   size_t opened)
{
    struct arena *scratch = arena_new();
    struct disclose_report report;
    audit(scratch, scratch, table, rules, status, (int64_t)opened, NULL, NULL, &report);
    arena_free(&scratch);
    return !report.finding_count;
}
