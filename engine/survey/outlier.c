#include "engine/survey/outlier.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

/* Units of a group, by number: the missing ones are not there. */
struct groups {
    size_t *start;
    size_t *units;
    double *room; /* of unit_count values */
};

static struct groups sort_groups(struct arena *scratch, size_t unit_count, const double *value, const uint32_t *group,
                                 size_t group_count)
{
    struct groups groups = {ARENA_ARRAY(scratch, group_count + 2, size_t), ARENA_ARRAY(scratch, unit_count, size_t),
                            ARENA_ARRAY(scratch, unit_count, double)};
    for (size_t i = 0; i < unit_count; i++)
        if (!isnan(value[i])) groups.start[group[i] + 2]++;
    for (size_t g = 0; g < group_count; g++) groups.start[g + 2] += groups.start[g + 1];
    for (size_t i = 0; i < unit_count; i++)
        if (!isnan(value[i])) groups.units[groups.start[group[i] + 1]++] = i;
    return groups;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* R's default quantile (type 7) of sorted values. */
static double quantile(const double *sorted, size_t count, double p)
{
    const double place = p * (double)(count - 1);
    const size_t low = (size_t)place, high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (place - (double)low) * (sorted[high] - sorted[low]);
}

static const double *sort_values(const struct groups *groups, size_t g, const double *value, double centre,
                                 bool absolute)
{
    const size_t first = groups->start[g], count = groups->start[g + 1] - first;
    for (size_t k = 0; k < count; k++) {
        const double distance = value[groups->units[first + k]] - centre;
        groups->room[k] = absolute ? fabs(distance) : distance;
    }
    qsort(groups->room, count, sizeof *groups->room, compare_doubles);
    return groups->room;
}

static double spread(const struct groups *groups, size_t g, const double *value, double median)
{
    const size_t count = groups->start[g + 1] - groups->start[g];
    const double *distances = sort_values(groups, g, value, median, true);
    const double middle = quantile(distances, count, 0.5);
    if (middle > 0) return 1.4826 * middle;
    double mean = 0;
    for (size_t k = 0; k < count; k++) mean += distances[k] / (double)count;
    return 1.2533 * mean;
}

void outlier_scores(struct arena *scratch, size_t unit_count, const double *value, const uint32_t *group,
                    size_t group_count, bool logarithm, double *score)
{
    double *scale = ARENA_ARRAY(scratch, unit_count, double);
    for (size_t i = 0; i < unit_count; i++) {
        scale[i] = !logarithm ? value[i] : value[i] > 0 ? log(value[i]) : NAN;
        score[i] = NAN;
    }
    const struct groups groups = sort_groups(scratch, unit_count, scale, group, group_count);
    for (size_t g = 0; g < group_count; g++) {
        const size_t count = groups.start[g + 1] - groups.start[g];
        if (count == 0) continue;
        const double median = quantile(sort_values(&groups, g, scale, 0, false), count, 0.5);
        const double unit = spread(&groups, g, scale, median);
        for (size_t k = groups.start[g]; k < groups.start[g + 1]; k++) {
            const double distance = scale[groups.units[k]] - median;
            score[groups.units[k]] = distance == 0 ? 0 : distance / unit;
        }
    }
}

/* The ratios made symmetric about their median, then weighed by size: the effects. */
static void find_effects(const struct groups *groups, size_t g, const double *previous, const double *current,
                         double exponent, double *ratio)
{
    const size_t first = groups->start[g], count = groups->start[g + 1] - first;
    const double median = quantile(sort_values(groups, g, ratio, 0, false), count, 0.5);
    for (size_t k = first; k < first + count; k++) {
        const size_t i = groups->units[k];
        const double symmetric = ratio[i] < median ? 1 - median / ratio[i] : ratio[i] / median - 1;
        ratio[i] = symmetric * pow(fmax(previous[i], current[i]), exponent);
    }
}

static void score_effects(const struct groups *groups, size_t g, const double *effect,
                          const struct outlier_change *options, double *score)
{
    const size_t first = groups->start[g], count = groups->start[g + 1] - first;
    const double *sorted = sort_values(groups, g, effect, 0, false);
    const double median = quantile(sorted, count, 0.5), floor = fabs(options->floor * median);
    const double below = options->width * fmax(median - quantile(sorted, count, 0.25), floor);
    const double above = options->width * fmax(quantile(sorted, count, 0.75) - median, floor);
    for (size_t k = first; k < first + count; k++) {
        const double distance = effect[groups->units[k]] - median;
        score[groups->units[k]] = distance == 0 ? 0 : distance / (distance < 0 ? below : above);
    }
}

void outlier_changes(struct arena *scratch, size_t unit_count, const double *previous, const double *current,
                     const uint32_t *group, size_t group_count, struct outlier_change options, double *score)
{
    double *effect = ARENA_ARRAY(scratch, unit_count, double);
    if (options.exponent == 0) options.exponent = 0.5;
    if (options.floor == 0) options.floor = 0.05;
    if (options.width == 0) options.width = 4;
    for (size_t i = 0; i < unit_count; i++) {
        effect[i] = previous[i] > 0 && current[i] > 0 ? current[i] / previous[i] : NAN;
        score[i] = NAN;
    }
    const struct groups groups = sort_groups(scratch, unit_count, effect, group, group_count);
    for (size_t g = 0; g < group_count; g++) {
        if (groups.start[g] == groups.start[g + 1]) continue;
        find_effects(&groups, g, previous, current, options.exponent, effect);
        score_effects(&groups, g, effect, &options, score);
    }
}
