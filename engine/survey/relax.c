#include "engine/survey/relax_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* In scaled form: minimise sum |a| subject to sum theta_i c_i + a = b, 0 <= theta <= 1, where theta is the place of g
 * between its bounds and c_i = d_i (upper - lower) x_i / unit. The artificial a_j is variable number units + j. */
enum { REFACTOR_EVERY = 60, OFFERS = 32 };

struct kink {
    double step; /* where along the move */
    double rise; /* by how much the slope grows there; INFINITY: no further */
    size_t row;  /* which basic variable; SIZE_MAX: the entering variable reaches its other bound */
};

struct offer {
    double gain;
    size_t unit;
};

struct simplex {
    const struct relax_problem *problem;
    size_t rows, units;
    double *factor;  /* per unit: d (upper - lower) */
    double *weight;  /* per margin: 1 / unit; 0 when it takes no part */
    double *goal;    /* per margin: b */
    double *inverse; /* of the basis, rows x rows, by rows */
    size_t *basic;   /* per row: which variable */
    double *value;   /* per row: its value */
    double *sign;    /* per row: of the cost of a basic artificial; 0 for a basic theta */
    bool *in_basis;  /* per variable */
    bool *at_upper;  /* per unit, when not basic: theta is 1 */
    double *price;   /* per margin: y */
    double *column;  /* inverse x the entering column */
    double largest;  /* absolute value in it */
    struct kink *kinks;
    struct offer *offers; /* 2 x OFFERS */
    size_t *spare;
    double *spare_value;
    size_t pivots;
};

static const double price_tolerance = 1e-9, pivot_tolerance = 1e-9;

/* target += amount x (scaled column of the unit). */
static void add_column(const struct simplex *s, size_t unit, double amount, double *target)
{
    const struct survey_rows *rows = s->problem->rows;
    for (uint32_t k = rows->start[unit]; k < rows->start[unit + 1]; k++) {
        const uint32_t j = rows->column[k];
        target[j] += amount * s->factor[unit] * rows->value[k] * s->weight[j];
    }
}

static double column_product(const struct simplex *s, size_t unit, const double *vector)
{
    const struct survey_rows *rows = s->problem->rows;
    double sum = 0;
    for (uint32_t k = rows->start[unit]; k < rows->start[unit + 1]; k++)
        sum += rows->value[k] * s->weight[rows->column[k]] * vector[rows->column[k]];
    return sum * s->factor[unit];
}

/* column = inverse x (column of the variable). */
static void transform_column(const struct simplex *s, size_t variable)
{
    if (variable < s->units) {
        for (size_t r = 0; r < s->rows; r++) s->column[r] = column_product(s, variable, s->inverse + r * s->rows);
        return;
    }
    for (size_t r = 0; r < s->rows; r++) s->column[r] = s->inverse[r * s->rows + (variable - s->units)];
}

static void compute_prices(const struct simplex *s)
{
    memset(s->price, 0, s->rows * sizeof *s->price);
    for (size_t r = 0; r < s->rows; r++) {
        if (s->sign[r] == 0) continue;
        const double *row = s->inverse + r * s->rows;
        for (size_t j = 0; j < s->rows; j++) s->price[j] += s->sign[r] * row[j];
    }
}

/* The values of the basic variables, from those at their bounds. */
static void compute_values(const struct simplex *s)
{
    double *rest = s->column; /* free between two pivots */
    memcpy(rest, s->goal, s->rows * sizeof *rest);
    for (size_t i = 0; i < s->units; i++)
        if (!s->in_basis[i] && s->at_upper[i]) add_column(s, i, -1, rest);
    for (size_t r = 0; r < s->rows; r++) {
        s->value[r] = 0;
        for (size_t j = 0; j < s->rows; j++) s->value[r] += s->inverse[r * s->rows + j] * rest[j];
    }
}

/* Brings the entering variable into the row of the leaving one: the product form of the inverse. */
static void eliminate(const struct simplex *s, size_t row)
{
    double *pivot = s->inverse + row * s->rows;
    for (size_t j = 0; j < s->rows; j++) pivot[j] /= s->column[row];
    for (size_t r = 0; r < s->rows; r++) {
        if (r == row || s->column[r] == 0) continue;
        double *other = s->inverse + r * s->rows;
        for (size_t j = 0; j < s->rows; j++) other[j] -= s->column[r] * pivot[j];
    }
}

/* A unit whose pivot vanished leaves the basis for its nearest bound. */
static void drop_unit(const struct simplex *s, size_t unit, double value)
{
    s->in_basis[unit] = false;
    s->at_upper[unit] = value > 0.5;
}

/* Gauss-Jordan over the basic units, each in the free row where its pivot is largest. */
static void invert(const struct simplex *s, const size_t *units, const double *values, size_t count)
{
    for (size_t u = 0; u < count; u++) {
        size_t best = SIZE_MAX;
        transform_column(s, units[u]);
        for (size_t r = 0; r < s->rows; r++)
            if (s->basic[r] == SIZE_MAX && (best == SIZE_MAX || fabs(s->column[r]) > fabs(s->column[best]))) best = r;
        if (best == SIZE_MAX || fabs(s->column[best]) < 1e-14) {
            drop_unit(s, units[u], values[u]);
            continue;
        }
        s->basic[best] = units[u];
        eliminate(s, best);
    }
}

/* Builds the inverse anew, against the rounding that pivots pile up. A basic artificial stands in its own row. */
static void refactor(struct simplex *s)
{
    size_t count = 0;
    for (size_t r = 0; r < s->rows; r++) {
        if (s->basic[r] >= s->units) continue;
        s->spare_value[count] = s->value[r];
        s->spare[count++] = s->basic[r];
    }
    memset(s->inverse, 0, s->rows * s->rows * sizeof *s->inverse);
    for (size_t r = 0; r < s->rows; r++) {
        s->inverse[r * s->rows + r] = 1;
        s->basic[r] = s->in_basis[s->units + r] ? s->units + r : SIZE_MAX;
    }
    invert(s, s->spare, s->spare_value, count);
    for (size_t r = 0; r < s->rows; r++) {
        if (s->basic[r] != SIZE_MAX) continue;
        s->basic[r] = s->units + r;
        s->in_basis[s->units + r] = true;
    }
    compute_values(s);
    for (size_t r = 0; r < s->rows; r++) s->sign[r] = s->basic[r] < s->units ? 0 : s->value[r] < 0 ? -1 : 1;
    compute_prices(s);
}

/* Where a basic variable stops or changes its cost, when the entering one moves; false: nowhere. */
static bool find_kink(const struct simplex *s, size_t row, double direction, struct kink *kink)
{
    const double rate = direction * s->column[row], value = s->value[row];
    if (fabs(rate) < pivot_tolerance * s->largest) return false;
    if (s->sign[row] != 0) {
        if (s->sign[row] * rate <= 0) return false;
        *kink = (struct kink){fmax(0, value / rate), 2 * fabs(rate), row};
    } else {
        *kink = (struct kink){fmax(0, rate > 0 ? value / rate : (value - 1) / rate), INFINITY, row};
    }
    return true;
}

static int compare_kinks(const void *left, const void *right)
{
    const struct kink *a = left, *b = right;
    if (a->step != b->step) return a->step < b->step ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* How far the entering variable goes: through the kinks as long as the objective still falls. */
static struct kink find_end(const struct simplex *s, double slope, double direction, bool own_bound)
{
    size_t count = 0;
    struct kink kink;
    for (size_t r = 0; r < s->rows; r++)
        if (find_kink(s, r, direction, &kink) && (!own_bound || kink.step < 1)) s->kinks[count++] = kink;
    double rise = 0;
    for (size_t k = 0; k < count; k++) rise += s->kinks[k].rise;
    if (own_bound && slope + rise < 0) return (struct kink){1, INFINITY, SIZE_MAX};
    qsort(s->kinks, count, sizeof *s->kinks, compare_kinks);
    for (size_t k = 0; k < count; k++) {
        slope += s->kinks[k].rise;
        if (slope >= 0) return s->kinks[k];
    }
    return (struct kink){own_bound ? 1 : 0, INFINITY, SIZE_MAX};
}

/* Moves the basic variables; an artificial that crosses 0 changes the sign of its cost, and with it the prices. */
static void move_basic(const struct simplex *s, double step, size_t leaving)
{
    for (size_t r = 0; r < s->rows; r++) {
        s->value[r] -= step * s->column[r];
        if (s->sign[r] == 0 || r == leaving || s->sign[r] * s->value[r] >= 0) continue;
        s->sign[r] = -s->sign[r];
        for (size_t j = 0; j < s->rows; j++) s->price[j] += 2 * s->sign[r] * s->inverse[r * s->rows + j];
    }
}

static void exchange(struct simplex *s, size_t row, size_t entering, double value, double sign)
{
    const size_t leaving = s->basic[row];
    s->in_basis[leaving] = false;
    if (leaving < s->units) s->at_upper[leaving] = s->value[row] > 0.5;
    s->in_basis[entering] = true;
    s->basic[row] = entering;
    s->value[row] = value;
    s->sign[row] = sign;
    eliminate(s, row);
    if (++s->pivots % REFACTOR_EVERY == 0)
        refactor(s);
    else
        compute_prices(s);
}

/* Lets a variable move if that lowers the objective. */
static bool try_unit(struct simplex *s, size_t unit)
{
    const double reduced = column_product(s, unit, s->price);
    const double direction = s->at_upper[unit] ? -1 : 1;
    if (s->in_basis[unit] || direction * reduced <= price_tolerance * s->factor[unit]) return false;
    transform_column(s, unit);
    s->largest = 0;
    for (size_t r = 0; r < s->rows; r++) s->largest = fmax(s->largest, fabs(s->column[r]));
    const struct kink end = find_end(s, -fabs(reduced), direction, true);
    move_basic(s, direction * end.step, end.row);
    if (end.row == SIZE_MAX)
        s->at_upper[unit] = !s->at_upper[unit];
    else
        exchange(s, end.row, unit, (s->at_upper[unit] ? 1 : 0) + direction * end.step, 0);
    return true;
}

static bool try_artificial(struct simplex *s, size_t j)
{
    if (s->in_basis[s->units + j] || s->weight[j] == 0 || fabs(s->price[j]) <= 1 + price_tolerance) return false;
    const double direction = s->price[j] > 0 ? 1 : -1;
    transform_column(s, s->units + j);
    s->largest = 0;
    for (size_t r = 0; r < s->rows; r++) s->largest = fmax(s->largest, fabs(s->column[r]));
    const struct kink end = find_end(s, 1 - fabs(s->price[j]), direction, false);
    if (end.row == SIZE_MAX) return false;
    move_basic(s, direction * end.step, end.row);
    exchange(s, end.row, s->units + j, direction * end.step, direction);
    return true;
}

static double distance(const struct simplex *s)
{
    double sum = 0;
    for (size_t r = 0; r < s->rows; r++) sum += s->sign[r] == 0 ? 0 : fabs(s->value[r]);
    return sum;
}

/* The gain of a variable's move by its price: what a unit would gain by going to its other bound. */
static double promise(const struct simplex *s, size_t unit)
{
    if (s->in_basis[unit]) return 0;
    const double reduced = column_product(s, unit, s->price);
    return s->at_upper[unit] ? -reduced : reduced;
}

static int compare_offers(const void *left, const void *right)
{
    const struct offer *a = left, *b = right;
    if (a->gain != b->gain) return a->gain > b->gain ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* The units that promise most at the present prices, most promising first; gives how many. The list is halved when full. */
static size_t find_offers(const struct simplex *s)
{
    size_t count = 0;
    double threshold = 0;
    for (size_t i = 0; i < s->units; i++) {
        const double gain = promise(s, i);
        if (gain <= threshold || gain <= price_tolerance * s->factor[i]) continue;
        s->offers[count++] = (struct offer){gain, i};
        if (count < 2 * OFFERS) continue;
        qsort(s->offers, count, sizeof *s->offers, compare_offers);
        count = OFFERS;
        threshold = s->offers[count - 1].gain;
    }
    qsort(s->offers, count, sizeof *s->offers, compare_offers);
    return count < OFFERS ? count : OFFERS;
}

/* One round over all units, which sends most of them to their right bound, then rounds over the most promising, until no
 * variable moves, the totals are reached, or the work exceeds any that was seen to help. */
static void descend(struct simplex *s)
{
    const size_t most_pivots = 200 * s->rows + 2000;
    bool moved = true;
    for (size_t i = 0; i < s->units && s->pivots < most_pivots; i++) try_unit(s, i);
    while (moved && s->pivots < most_pivots && distance(s) > 1e-12) {
        moved = false;
        for (size_t j = 0; j < s->rows; j++) moved |= try_artificial(s, j);
        const size_t count = find_offers(s);
        for (size_t k = 0; k < count; k++) moved |= try_unit(s, s->offers[k].unit);
    }
}

static void start(struct simplex *s)
{
    const struct relax_problem *problem = s->problem;
    const double middle = (problem->lower + problem->upper) / 2;
    for (size_t j = 0; j < s->rows; j++) {
        s->weight[j] = problem->unit[j] > 0 ? 1 / problem->unit[j] : 0;
        s->goal[j] = problem->totals[j] * s->weight[j];
        s->basic[j] = s->units + j;
        s->in_basis[s->units + j] = true;
    }
    for (size_t i = 0; i < s->units; i++) {
        s->factor[i] = problem->design[i] * problem->lower;
        if (problem->lower > 0) add_column(s, i, -1, s->goal);
        s->factor[i] = problem->design[i] * (problem->upper - problem->lower);
        s->at_upper[i] = (problem->guess ? problem->guess[i] : 1) > middle;
    }
    refactor(s);
}

/* The bound that prices within [-1, 1] prove, whatever the pivots did. */
static double prove(const struct simplex *s)
{
    double bound = 0;
    for (size_t j = 0; j < s->rows; j++) {
        s->price[j] = fmin(1, fmax(-1, s->price[j]));
        bound += s->price[j] * s->goal[j];
    }
    for (size_t i = 0; i < s->units; i++) bound -= fmax(0, column_product(s, i, s->price));
    return bound;
}

static void allocate(struct arena *arena, struct simplex *s)
{
    s->factor = ARENA_ARRAY(arena, s->units, double);
    s->at_upper = ARENA_ARRAY(arena, s->units, bool);
    s->in_basis = ARENA_ARRAY(arena, s->units + s->rows, bool);
    s->inverse = ARENA_ARRAY(arena, s->rows * s->rows, double);
    s->basic = ARENA_ARRAY(arena, s->rows, size_t);
    s->spare = ARENA_ARRAY(arena, s->rows, size_t);
    s->offers = ARENA_ARRAY(arena, 2 * OFFERS, struct offer);
    s->kinks = ARENA_ARRAY(arena, s->rows, struct kink);
    double **const vectors[] = {&s->weight, &s->goal, &s->value, &s->sign, &s->price, &s->column, &s->spare_value};
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) *vectors[v] = ARENA_ARRAY(arena, s->rows, double);
}

void relax_solve(struct arena *arena, const struct relax_problem *problem, struct relax_result *result)
{
    struct simplex s = {.problem = problem, .rows = problem->rows->column_count, .units = problem->rows->unit_count};
    allocate(arena, &s);
    start(&s);
    descend(&s);
    refactor(&s);
    result->relaxed = ARENA_ARRAY(arena, s.rows, double);
    result->proof = ARENA_ARRAY(arena, s.rows, double);
    memcpy(result->relaxed, problem->totals, s.rows * sizeof *result->relaxed);
    for (size_t r = 0; r < s.rows; r++)
        if (s.sign[r] != 0) result->relaxed[r] -= s.value[r] * problem->unit[r];
    result->distance = distance(&s);
    result->least = prove(&s);
    for (size_t j = 0; j < s.rows; j++) result->proof[j] = s.price[j] * s.weight[j];
    result->optimal = result->distance - result->least <= 1e-7 * (1e-6 + result->distance);
}
