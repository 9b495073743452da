/* disclose_polytope.c: linear programming over the tables that agree with what is published. */
#include <math.h>
#include <string.h>

#include "engine/survey/disclose_private.h"

static const double smallest_entry = 1e-7; /* to divide by: sums have entries 1 and -1, and stay small fractions */
static const double noise = 1e-12;         /* an entry under this is a zero that rounding has missed */
enum { STALL_MOST = 60, PIVOTS_MOST = 200000 };

struct index_space *index_space_new(struct arena *arena, const struct disclose_table *table)
{
    struct index_space *space = ARENA_NEW(arena, struct index_space);
    space->column = ARENA_ARRAY(arena, table->cells, int32_t);
    space->row = ARENA_ARRAY(arena, table->cells * table->dimensions, int32_t);
    memset(space->column, 0xff, table->cells * sizeof *space->column);
    memset(space->row, 0xff, table->cells * table->dimensions * sizeof *space->row);
    return space;
}

/* The sums that touch the columns: their names, and the entries as (row, column, sign). */
struct equations {
    size_t rows;
    size_t *names;
    double *matrix; /* rows x columns */
    int32_t *uses;  /* of a column */
};

static int32_t equation_row(struct equations *equations, struct index_space *space, size_t name)
{
    if (space->row[name] < 0) {
        equations->names[equations->rows] = name;
        space->row[name] = (int32_t)equations->rows++;
    }
    return space->row[name];
}

/* Visits the sums of a column; with matrix NULL only numbers them. */
static void equation_fill(struct equations *equations, const struct disclose_table *table, struct index_space *space,
                          const struct polytope *polytope, size_t column)
{
    const size_t cell = (size_t)polytope->cell[column];
    for (size_t d = 0; d < table->dimensions; d++) {
        const int64_t above = line_above(table, cell, d);
        size_t first = 0;
        const bool parent = line_children(table, cell, d, &first) > 0;
        int32_t row = above < 0 ? -1 : equation_row(equations, space, line_name(table, d, (size_t)above));
        if (row >= 0 && equations->matrix) equations->matrix[(size_t)row * polytope->columns + column] = -1;
        row = parent ? equation_row(equations, space, line_name(table, d, cell)) : -1;
        if (row >= 0 && equations->matrix) equations->matrix[(size_t)row * polytope->columns + column] = 1;
        equations->uses[column] += (above >= 0) + parent;
    }
}

static struct equations equations_new(struct arena *arena, const struct disclose_table *table,
                                      struct index_space *space, const struct polytope *polytope)
{
    struct equations equations = {.names = ARENA_ARRAY(arena, 2 * table->dimensions * polytope->columns, size_t),
                                  .uses = ARENA_ARRAY(arena, polytope->columns, int32_t)};
    for (size_t j = 0; j < polytope->columns; j++) equation_fill(&equations, table, space, polytope, j);
    equations.matrix = ARENA_ARRAY(arena, equations.rows * polytope->columns, double);
    for (size_t j = 0; j < polytope->columns; j++) equation_fill(&equations, table, space, polytope, j);
    for (size_t i = 0; i < equations.rows; i++) space->row[equations.names[i]] = -1;
    return equations;
}

/* The column to eliminate with: an entry of full size, in as few sums as possible; -1 for a row of zeros. */
static int32_t choose_pivot(const double *row, size_t columns, const int32_t *uses)
{
    int32_t best = -1;
    for (size_t j = 0; j < columns; j++) {
        const double size = fabs(row[j]);
        if (size < smallest_entry) continue;
        if (best < 0 || size > fabs(row[best]) + smallest_entry ||
            (size > fabs(row[best]) - smallest_entry && uses[j] < uses[best]))
            best = (int32_t)j;
    }
    return best;
}

static void subtract_row(double *row, const double *pivot, double factor, size_t columns)
{
    for (size_t j = 0; j < columns; j++) {
        if (pivot[j] == 0) continue;
        row[j] -= factor * pivot[j];
        if (fabs(row[j]) < noise) row[j] = 0;
    }
}

/* Gauss-Jordan: afterwards each kept row has 1 in its own column, which no other row has. pivots[i]: column of row i, or -1. */
static void eliminate(const struct equations *equations, size_t columns, int32_t *pivots)
{
    for (size_t i = 0; i < equations->rows; i++) {
        double *row = &equations->matrix[i * columns];
        pivots[i] = choose_pivot(row, columns, equations->uses);
        if (pivots[i] < 0) continue;
        const double scale = 1 / row[pivots[i]];
        if (fabs(scale - 1) > 0)
            for (size_t j = 0; j < columns; j++) row[j] *= scale;
        for (size_t k = 0; k < equations->rows; k++) {
            double *other = &equations->matrix[k * columns];
            const double factor = other[pivots[i]];
            if (k == i || factor == 0) continue;
            subtract_row(other, row, factor, columns);
            other[pivots[i]] = 0;
        }
    }
}

static void build_tableau(struct arena *arena, struct polytope *polytope, const struct equations *equations,
                          const int32_t *pivots)
{
    const size_t n = polytope->columns;
    polytope->basic = ARENA_ARRAY(arena, equations->rows, int32_t);
    polytope->nonbasic = ARENA_ARRAY(arena, n, int32_t);
    polytope->place = ARENA_ARRAY(arena, n, int32_t);
    memset(polytope->place, 0xff, n * sizeof *polytope->place);
    for (size_t i = 0; i < equations->rows; i++) {
        if (pivots[i] < 0) continue;
        polytope->place[pivots[i]] = (int32_t)polytope->rank;
        polytope->basic[polytope->rank++] = pivots[i];
    }
    for (size_t j = 0; j < n; j++) {
        if (polytope->place[j] >= 0) continue;
        polytope->place[j] = -1 - (int32_t)polytope->free;
        polytope->nonbasic[polytope->free++] = (int32_t)j;
    }
    polytope->tableau = ARENA_ARRAY(arena, polytope->rank * polytope->free, double);
    polytope->reduced = ARENA_ARRAY(arena, polytope->free, double);
    for (size_t i = 0; i < equations->rows; i++) {
        if (pivots[i] < 0) continue;
        double *row = &polytope->tableau[(size_t)polytope->place[pivots[i]] * polytope->free];
        for (size_t j = 0; j < polytope->free; j++) row[j] = -equations->matrix[i * n + (size_t)polytope->nonbasic[j]];
    }
}

struct polytope *polytope_new(struct arena *arena, const struct disclose_table *table, const int32_t *cells,
                              size_t count, struct index_space *space)
{
    struct polytope *polytope = ARENA_NEW(arena, struct polytope);
    polytope->columns = count;
    polytope->cell = ARENA_ARRAY(arena, count, int32_t);
    polytope->lower = ARENA_ARRAY(arena, count, double);
    polytope->upper = ARENA_ARRAY(arena, count, double);
    polytope->x = ARENA_ARRAY(arena, count, double);
    for (size_t j = 0; j < count; j++) {
        polytope->cell[j] = cells[j];
        polytope->lower[j] = -table->value[cells[j]];
        polytope->upper[j] = INFINITY;
        space->column[cells[j]] = (int32_t)j;
    }
    struct equations equations = equations_new(arena, table, space, polytope);
    int32_t *pivots = ARENA_ARRAY(arena, equations.rows, int32_t);
    eliminate(&equations, count, pivots);
    build_tableau(arena, polytope, &equations, pivots);
    return polytope;
}

void polytope_leave(const struct polytope *polytope, struct index_space *space)
{
    for (size_t j = 0; j < polytope->columns; j++) space->column[polytope->cell[j]] = -1;
}

void polytope_reset(struct polytope *polytope) { memset(polytope->x, 0, polytope->columns * sizeof *polytope->x); }

void polytope_hold(struct polytope *polytope, const struct disclose_table *table, int32_t column, bool held)
{
    polytope->lower[column] = held ? 0 : -table->value[polytope->cell[column]];
    polytope->upper[column] = held ? 0 : INFINITY;
}

static void price(struct polytope *polytope, const int32_t *columns, size_t count, double sign)
{
    memset(polytope->reduced, 0, polytope->free * sizeof *polytope->reduced);
    for (size_t k = 0; k < count; k++) {
        const int32_t place = polytope->place[columns[k]];
        if (place < 0) {
            polytope->reduced[-1 - place] += sign;
            continue;
        }
        const double *row = &polytope->tableau[(size_t)place * polytope->free];
        for (size_t j = 0; j < polytope->free; j++) polytope->reduced[j] += sign * row[j];
    }
}

/* The tableau column that improves, -1 at the optimum. careful: Bland's rule, which cannot cycle. */
static int32_t choose_entering(const struct polytope *polytope, bool careful)
{
    int32_t best = -1;
    for (size_t j = 0; j < polytope->free; j++) {
        const int32_t column = polytope->nonbasic[j];
        const double gain = polytope->reduced[j];
        if (fabs(gain) < smallest_entry) continue;
        if (gain > 0 ? polytope->x[column] >= polytope->upper[column] : polytope->x[column] <= polytope->lower[column])
            continue;
        if (best < 0 || (careful ? column < polytope->nonbasic[best] : fabs(gain) > fabs(polytope->reduced[best])))
            best = (int32_t)j;
    }
    return best;
}

struct step {
    double length;
    int32_t row; /* that blocks, -1: the entering column's own bound */
};

/* How far the entering column goes (towards `way`, 1 or -1) before a bound blocks. */
static struct step choose_step(const struct polytope *polytope, int32_t entering, double way, bool careful)
{
    const int32_t column = polytope->nonbasic[entering];
    struct step step = {
        way > 0 ? polytope->upper[column] - polytope->x[column] : polytope->x[column] - polytope->lower[column], -1};
    double entry_size = 0;
    for (size_t i = 0; i < polytope->rank; i++) {
        const double slope = way * polytope->tableau[i * polytope->free + (size_t)entering];
        if (fabs(slope) < smallest_entry) continue;
        const int32_t basic = polytope->basic[i];
        const double limit = slope > 0 ? (polytope->upper[basic] - polytope->x[basic]) / slope
                                       : (polytope->lower[basic] - polytope->x[basic]) / slope;
        const double length = limit > 0 ? limit : 0;
        const double near = 1e-10 * (1 + step.length);
        const bool tie = step.row >= 0 && fabs(length - step.length) <= near;
        if ((!tie && length < step.length) ||
            (tie && (careful ? basic < polytope->basic[step.row] : fabs(slope) > entry_size))) {
            step = (struct step){length, (int32_t)i};
            entry_size = fabs(slope);
        }
    }
    return step;
}

static void walk(struct polytope *polytope, int32_t entering, double way, const struct step *step)
{
    const int32_t column = polytope->nonbasic[entering];
    polytope->x[column] += way * step->length;
    polytope->x[column] = fmin(fmax(polytope->x[column], polytope->lower[column]), polytope->upper[column]);
    for (size_t i = 0; i < polytope->rank; i++) {
        const double slope = polytope->tableau[i * polytope->free + (size_t)entering];
        if (slope == 0) continue;
        double *x = &polytope->x[polytope->basic[i]];
        *x = fmin(fmax(*x + way * step->length * slope, polytope->lower[polytope->basic[i]]),
                  polytope->upper[polytope->basic[i]]);
    }
    if (step->row < 0) return;
    const int32_t blocked = polytope->basic[step->row];
    const bool rises = way * polytope->tableau[(size_t)step->row * polytope->free + (size_t)entering] > 0;
    polytope->x[blocked] = rises ? polytope->upper[blocked] : polytope->lower[blocked];
}

static void pivot_row(double *row, const double *pivot, size_t free, size_t entering)
{
    const double factor = row[entering];
    if (factor == 0) return;
    row[entering] = 0;
    for (size_t j = 0; j < free; j++) {
        if (pivot[j] == 0) continue;
        row[j] += factor * pivot[j];
        if (fabs(row[j]) < noise) row[j] = 0;
    }
}

/* Exchanges the basic column of `row` with the non-basic one at `entering`. */
static void pivot(struct polytope *polytope, size_t row, size_t entering)
{
    double *pivot = &polytope->tableau[row * polytope->free];
    const double inverse = 1 / pivot[entering];
    for (size_t j = 0; j < polytope->free; j++) pivot[j] = j == entering ? inverse : -inverse * pivot[j];
    for (size_t i = 0; i < polytope->rank; i++)
        if (i != row) pivot_row(&polytope->tableau[i * polytope->free], pivot, polytope->free, entering);
    pivot_row(polytope->reduced, pivot, polytope->free, entering);
    const int32_t out = polytope->basic[row], in = polytope->nonbasic[entering];
    polytope->basic[row] = in;
    polytope->nonbasic[entering] = out;
    polytope->place[in] = (int32_t)row;
    polytope->place[out] = -1 - (int32_t)entering;
    polytope->pivots++;
}

static double reached(const struct polytope *polytope, const int32_t *columns, size_t count, double sign)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += sign * polytope->x[columns[k]];
    return sum;
}

/* The basic columns anew from the others, free of what steps have rounded away. */
static void settle_basics(struct polytope *polytope)
{
    for (size_t i = 0; i < polytope->rank; i++) {
        const double *row = &polytope->tableau[i * polytope->free];
        double x = 0;
        for (size_t j = 0; j < polytope->free; j++)
            if (row[j] != 0) x += row[j] * polytope->x[polytope->nonbasic[j]];
        polytope->x[polytope->basic[i]] = x;
    }
}

static double climb(struct polytope *polytope, const int32_t *columns, size_t count, double sign, double goal)
{
    price(polytope, columns, count, sign);
    size_t stalled = 0;
    for (size_t rounds = 0; rounds < PIVOTS_MOST; rounds++) {
        const double sum = reached(polytope, columns, count, sign);
        if (sum >= goal) return sum;
        const bool careful = stalled > STALL_MOST;
        const int32_t entering = choose_entering(polytope, careful);
        if (entering < 0) return sum;
        const double way = polytope->reduced[entering] > 0 ? 1 : -1;
        struct step step = choose_step(polytope, entering, way, careful);
        if (isinf(step.length)) {
            if (isinf(goal)) return INFINITY;
            step.length = 2 * (goal - sum) / fabs(polytope->reduced[entering]);
            walk(polytope, entering, way, &step);
            return reached(polytope, columns, count, sign);
        }
        stalled = step.length > 0 ? 0 : stalled + 1;
        walk(polytope, entering, way, &step);
        if (step.row >= 0) pivot(polytope, (size_t)step.row, (size_t)entering);
    }
    return reached(polytope, columns, count, sign);
}

double polytope_raise(struct polytope *polytope, const int32_t *columns, size_t count, double sign, double goal)
{
    const double sum = climb(polytope, columns, count, sign, goal);
    settle_basics(polytope);
    return isinf(sum) ? sum : reached(polytope, columns, count, sign);
}
