#include "engine/survey/impute.h"

#include <math.h>

#include "base/arena.h"
#include "engine/survey/random.h"

/* The donors of each group, one after another: donors[start[g]] .. donors[start[g + 1] - 1]. */
struct donors {
    size_t *start;
    uint32_t *units;
    size_t *left; /* per group: how many of its first donors have not yet served in this turn */
};

static bool may_give(const double *value, const bool *usable, size_t i)
{
    return !isnan(value[i]) && (!usable || usable[i]);
}

static struct donors find_donors(struct arena *scratch, size_t unit_count, const double *value, const uint32_t *group,
                                 size_t group_count, const bool *usable)
{
    struct donors donors = {ARENA_ARRAY(scratch, group_count + 2, size_t), ARENA_ARRAY(scratch, unit_count, uint32_t),
                            ARENA_ARRAY(scratch, group_count, size_t)};
    for (size_t i = 0; i < unit_count; i++)
        if (may_give(value, usable, i)) donors.start[group[i] + 2]++;
    for (size_t g = 0; g < group_count; g++) {
        donors.left[g] = donors.start[g + 2];
        donors.start[g + 2] += donors.start[g + 1];
    }
    for (size_t i = 0; i < unit_count; i++)
        if (may_give(value, usable, i)) donors.units[donors.start[group[i] + 1]++] = (uint32_t)i;
    return donors;
}

/* Draws among the donors that have not served in this turn, and moves the one drawn behind them. */
static uint32_t draw_donor(const struct donors *donors, uint32_t g, uint64_t *state)
{
    uint32_t *units = donors->units + donors->start[g];
    if (donors->left[g] == 0) donors->left[g] = donors->start[g + 1] - donors->start[g];
    const size_t place = (size_t)random_below(state, donors->left[g]), last = --donors->left[g];
    const uint32_t drawn = units[place];
    units[place] = units[last];
    units[last] = drawn;
    return drawn;
}

struct impute_count impute_hot_deck(struct arena *scratch, size_t unit_count, double *value, const uint32_t *group,
                                    size_t group_count, const bool *usable, uint64_t seed, uint32_t *source)
{
    const struct donors donors = find_donors(scratch, unit_count, value, group, group_count, usable);
    struct impute_count count = {0};
    uint64_t state = seed;
    for (size_t i = 0; i < unit_count; i++) {
        source[i] = IMPUTE_ANSWERED;
        if (!isnan(value[i])) {
            count.answered++;
        } else if (donors.start[group[i]] == donors.start[group[i] + 1]) {
            source[i] = IMPUTE_MISSING;
            count.left++;
        } else {
            source[i] = draw_donor(&donors, group[i], &state);
            value[i] = value[source[i]];
            count.imputed++;
        }
    }
    return count;
}

struct impute_count impute_ratio(struct arena *scratch, size_t unit_count, double *value, const double *auxiliary,
                                 const double *weight, const uint32_t *group, size_t group_count, const bool *usable,
                                 uint32_t *source)
{
    double *values = ARENA_ARRAY(scratch, group_count, double),
           *auxiliaries = ARENA_ARRAY(scratch, group_count, double);
    struct impute_count count = {0};
    for (size_t i = 0; i < unit_count; i++) {
        if (!may_give(value, usable, i) || isnan(auxiliary[i])) continue;
        const double w = weight ? weight[i] : 1;
        values[group[i]] += w * value[i];
        auxiliaries[group[i]] += w * auxiliary[i];
    }
    for (size_t i = 0; i < unit_count; i++) {
        source[i] = IMPUTE_ANSWERED;
        if (!isnan(value[i])) {
            count.answered++;
        } else if (isnan(auxiliary[i]) || auxiliaries[group[i]] == 0) {
            source[i] = IMPUTE_MISSING;
            count.left++;
        } else {
            source[i] = IMPUTE_BY_RATIO;
            value[i] = auxiliary[i] * values[group[i]] / auxiliaries[group[i]];
            count.imputed++;
        }
    }
    return count;
}
