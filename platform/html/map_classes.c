/* Classes of a map: of equal size where the values are spread unevenly, else of equal width; around zero for balances. */
#include <math.h>
#include <stdlib.h>

#include "platform/html/map_private.h"

enum { CLASSES = 5, MOST_CENTRED = 3 };

/* The highest value is so many times the middle one: most areas would fall in the first class of equal widths. */
static const double uneven = 2.5;
/* One value in so many is zero: a class of its own. */
static const size_t zeros_in = 20;

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static const char *const sequential[MOST_CLASSES] = {"q0", "q1", "q2", "q3", "q4", "q5"};

static void add_class(struct map_classes *classes, double low, double high)
{
    if (classes->count < MOST_CLASSES) classes->classes[classes->count++] = (struct map_class){low, high, NULL};
}

/* Cuts where the share of the values is nearest to k/n; equal values stay together. */
static void by_quantiles(struct map_classes *classes, const double *values, size_t count, size_t wanted)
{
    size_t from = 0;
    for (size_t k = 1; k <= wanted && from < count; k++) {
        size_t to = k == wanted ? count : (count * k + wanted / 2) / wanted;
        if (to <= from) continue;
        while (to < count && values[to] == values[to - 1]) to++;
        add_class(classes, values[from], values[to - 1]);
        from = to;
    }
    classes->method = CLASSES_QUANTILES;
}

static void by_width(struct map_classes *classes, double low, double high)
{
    const struct ticks ticks = chart_ticks(low, high, CLASSES);
    for (int i = 0; i + 1 < ticks.count; i++) {
        const double from = ticks.lower + i * ticks.step;
        if (from <= high) add_class(classes, from, from + ticks.step);
    }
    classes->step = ticks.step;
    classes->method = CLASSES_EQUAL;
}

/* Three classes on each side, as wide; what is exactly zero is d3. */
static void around_zero(struct map_classes *classes, const double *values, size_t count)
{
    static const char *const colours[] = {"d0", "d1", "d2", "d4", "d5", "d6"};
    const double most = count ? fmax(fabs(values[0]), fabs(values[count - 1])) : 1;
    const struct ticks ticks = chart_ticks(0, most > 0 ? most : 1, MOST_CENTRED);
    double step = ticks.step;
    while (step * MOST_CENTRED < most) step *= 2;
    for (int i = -MOST_CENTRED; i < MOST_CENTRED; i++) {
        add_class(classes, i * step, (i + 1) * step);
        classes->classes[classes->count - 1].colour = colours[i + MOST_CENTRED];
    }
    classes->step = step;
    classes->method = CLASSES_CENTRED;
}

/* From the lightest on, spread over the palette when there are few. */
static void colour_classes(struct map_classes *classes)
{
    for (size_t i = 0; i < classes->count; i++) {
        const size_t spread = classes->count > 1 ? i * (MOST_CLASSES - 1) / (classes->count - 1) : MOST_CLASSES / 2;
        classes->classes[i].colour = sequential[spread];
    }
}

static size_t count_distinct(const double *values, size_t count)
{
    size_t distinct = count > 0;
    for (size_t i = 1; i < count; i++) distinct += values[i] != values[i - 1];
    return distinct;
}

double map_shown_value(double value, int scale)
{
    double unit = 1;
    for (int i = 0; i < scale; i++) unit *= 10;
    return round(value * unit) / unit;
}

struct map_classes map_classify(double *values, size_t count, bool diverging, int scale)
{
    struct map_classes classes = {.method = CLASSES_QUANTILES};
    for (size_t i = 0; i < count; i++) values[i] = map_shown_value(values[i], scale);
    if (!count) return classes;
    qsort(values, count, sizeof *values, compare);
    if (diverging) {
        around_zero(&classes, values, count);
        return classes;
    }
    size_t zeros = 0;
    while (zeros < count && values[zeros] == 0) zeros++;
    if (zeros * zeros_in < count) zeros = 0;
    if (zeros) add_class(&classes, 0, 0);
    const double *rest = values + zeros;
    const size_t left = count - zeros, distinct = count_distinct(rest, left);
    if (left && (zeros || distinct <= CLASSES || rest[left - 1] > uneven * fabs(rest[left / 2])))
        by_quantiles(&classes, rest, left, distinct < CLASSES ? distinct : CLASSES);
    else if (left)
        by_width(&classes, rest[0], rest[left - 1]);
    colour_classes(&classes);
    return classes;
}

const char *map_colour(const struct map_classes *classes, double value)
{
    if (classes->method == CLASSES_CENTRED && value == 0) return "d3";
    for (size_t i = 0; i < classes->count; i++) {
        const struct map_class *class = &classes->classes[i];
        const bool last = i + 1 == classes->count;
        if (classes->method == CLASSES_QUANTILES ? value <= class->high
                                                 : value < class->high || (last && value <= class->high))
            return class->colour;
    }
    return classes->count ? classes->classes[classes->count - 1].colour : "none";
}
