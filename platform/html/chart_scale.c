/* Numbers of charts: how they are written, where ticks stand, what must not be told. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "platform/html/chart_private.h"

double chart_rounded(double value, int scale)
{
    double unit = 1;
    for (int i = 0; i < scale; i++) unit *= 10;
    return round(value * unit) / unit;
}

const char *chart_number(struct html *html, double value, int scale, bool sign)
{
    double unit = 1;
    for (int i = 0; i < scale; i++) unit *= 10;
    const double scaled = round(value * unit);
    if (!isfinite(scaled) || fabs(scaled) > 9e17) return "∞";
    const char *text = language_number(html->arena, html->language, (int64_t)scaled, scale);
    return sign && scaled > 0 ? arena_print(html->arena, "+%s", text) : text;
}

/* 1, 2, 2.5 or 5 times a power of ten, not below the value. */
static double nice_above(double value, int *scale)
{
    static const double steps[] = {1, 2, 2.5, 5, 10};
    const int power = (int)floor(log10(value));
    const double unit = pow(10, power);
    size_t i = 0;
    while (i < 4 && steps[i] * unit < value * (1 - 1e-9)) i++;
    *scale = power < 0 ? -power : 0;
    if (i == 2 && power <= 0) ++*scale;
    if (i == 4 && *scale) --*scale;
    return steps[i] * unit;
}

/* Values nearer to each other than this share of them are one value. */
static const double least_spread = 1e-9;

struct ticks chart_ticks(double lower, double upper, int most)
{
    struct ticks ticks = {.lower = lower, .upper = upper};
    if (!(upper - lower > fabs(lower) * least_spread)) upper = lower + (lower == 0 ? 1 : fabs(lower));
    ticks.step = nice_above((upper - lower) / most, &ticks.scale);
    for (;;) {
        ticks.lower = floor(lower / ticks.step + 1e-9) * ticks.step;
        ticks.upper = ceil(upper / ticks.step - 1e-9) * ticks.step;
        ticks.count = (int)lround((ticks.upper - ticks.lower) / ticks.step) + 1;
        if (ticks.count <= most + 2) return ticks;
        ticks.step = nice_above(ticks.step * 1.01, &ticks.scale);
    }
}

struct chart chart_without_hidden(struct arena *arena, const struct chart *chart)
{
    struct chart clean = *chart;
    struct chart_series *all = ARENA_ARRAY(arena, chart->series_count, struct chart_series);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        struct chart_point *points = ARENA_ARRAY(arena, series->point_count, struct chart_point);
        for (size_t j = 0; j < series->point_count; j++) {
            points[j] = series->points[j];
            if (points[j].hidden) points[j].value = NAN;
            if (!isfinite(points[j].value)) points[j].value = NAN;
            if (isnan(points[j].value) || !isfinite(points[j].lower) || !isfinite(points[j].upper))
                points[j].lower = points[j].upper = NAN;
            if (!points[j].label) points[j].label = "";
        }
        all[i] = (struct chart_series){series->label ? series->label : "", points, series->point_count};
    }
    clean.series = all;
    return clean;
}

static void widen(double value, double *lower, double *upper)
{
    if (isnan(value)) return;
    if (value < *lower) *lower = value;
    if (value > *upper) *upper = value;
}

bool chart_range(const struct chart *chart, double *lower, double *upper)
{
    *lower = INFINITY;
    *upper = -INFINITY;
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++) {
            const struct chart_point *point = &chart->series[i].points[j];
            widen(point->value, lower, upper);
            widen(point->lower, lower, upper);
            widen(point->upper, lower, upper);
        }
    if (*lower <= *upper) return true;
    *lower = 0;
    *upper = 1;
    return false;
}

bool chart_has_intervals(const struct chart *chart)
{
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++)
            if (!isnan(chart->series[i].points[j].lower)) return true;
    return false;
}

const char *chart_value_text(struct html *html, const struct chart *chart, const struct chart_point *point)
{
    if (point->hidden) return language_text(html->language, N_("withheld"));
    if (isnan(point->value)) return language_text(html->language, N_("no data"));
    return chart_number(html, point->value, chart->scale, chart->type == CHART_BALANCE);
}
