/* Lines over periods, with bands for their intervals and their names at their ends. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"

enum { TOP = 12, PLOT_WIDE = 300, PLOT_NARROW = 220, AXIS = 28, GAP = 10, MARK = 4, TICK_PART = 45, WITHHELD = 8 };

struct lines {
    struct canvas *canvas;
    const struct chart *chart;
    struct ticks ticks;
    size_t periods;
    double left, right, top, bottom;
};

static double x_of(const struct lines *lines, size_t period)
{
    if (lines->periods < 2) return (lines->left + lines->right) / 2;
    return lines->left + (double)period / (double)(lines->periods - 1) * (lines->right - lines->left);
}

static double y_of(const struct lines *lines, double value)
{
    return lines->bottom -
           (value - lines->ticks.lower) / (lines->ticks.upper - lines->ticks.lower) * (lines->bottom - lines->top);
}

/* The last period of a series that has a figure; the number of points when none has. */
static size_t last_known(const struct chart_series *series)
{
    for (size_t i = series->point_count; i > 0; i--)
        if (!isnan(series->points[i - 1].value)) return i - 1;
    return series->point_count;
}

static const char *last_value(const struct lines *lines, const struct chart_series *series)
{
    const size_t last = last_known(series);
    return last < series->point_count ? chart_value_text(lines->canvas->html, lines->chart, &series->points[last]) : "";
}

static void measure(struct lines *lines)
{
    struct html *html = lines->canvas->html;
    double lower, upper, ticks = 0, ends = 0;
    for (size_t i = 0; i < lines->chart->series_count; i++)
        if (lines->chart->series[i].point_count > lines->periods) lines->periods = lines->chart->series[i].point_count;
    chart_range(lines->chart, &lower, &upper);
    /* Zero is shown where it costs less than half of the height. */
    if (lower > 0 && lower < upper / 2) lower = 0;
    if (upper < 0 && upper > lower / 2) upper = 0;
    lines->ticks = chart_ticks(lower, upper, lines->canvas->narrow ? 4 : 5);
    for (int i = 0; i < lines->ticks.count; i++)
        ticks = fmax(ticks, svg_text_width(chart_number(html, lines->ticks.lower + i * lines->ticks.step,
                                                        lines->ticks.scale, false)));
    for (size_t i = 0; i < lines->chart->series_count; i++)
        ends = fmax(ends, fmax(svg_text_width(lines->chart->series[i].label),
                               svg_text_width(last_value(lines, &lines->chart->series[i]))));
    lines->left = ticks + GAP;
    lines->right = lines->canvas->width - fmin(ends, lines->canvas->width * 0.3) - GAP - MARK;
    lines->top = TOP;
    lines->bottom = TOP + (lines->canvas->narrow ? PLOT_NARROW : PLOT_WIDE);
}

static void draw_value_axis(const struct lines *lines)
{
    struct html *html = lines->canvas->html;
    for (int i = 0; i < lines->ticks.count; i++) {
        const double value = lines->ticks.lower + i * lines->ticks.step, y = y_of(lines, value);
        const bool zero = fabs(value) < lines->ticks.step / 1000;
        svg_line(html, zero ? "zero" : "grid", lines->left, y, lines->right, y);
        svg_label(html, "tick", "end", lines->left - 6, y + FONT_SIZE * 0.36,
                  chart_number(html, zero ? 0 : value, lines->ticks.scale, false));
    }
}

static const char *period_label(const struct lines *lines, size_t period)
{
    for (size_t i = 0; i < lines->chart->series_count; i++)
        if (period < lines->chart->series[i].point_count) return lines->chart->series[i].points[period].label;
    return "";
}

/* Every so many periods that the labels do not touch, counted from the last one. */
static void draw_period_axis(const struct lines *lines)
{
    double widest = 0;
    for (size_t i = 0; i < lines->periods; i++) widest = fmax(widest, svg_text_width(period_label(lines, i)));
    const double room = lines->periods > 1 ? x_of(lines, 1) - x_of(lines, 0) : widest;
    const size_t every = room > 0 ? (size_t)fmax(1, ceil((widest + 12) / room)) : 1;
    for (size_t i = lines->periods; i > 0; i = i > every ? i - every : 0) {
        const double x = x_of(lines, i - 1);
        svg_line(lines->canvas->html, "tick-mark", x, lines->bottom, x, lines->bottom + 4);
        svg_label(lines->canvas->html, "tick", "middle", x, lines->bottom + LINE_HEIGHT + 2,
                  period_label(lines, i - 1));
    }
}

/* From `from` on, the end of the run of points that have what is asked: an interval, or a value. */
static size_t run_end(const struct chart_series *series, size_t from, bool interval)
{
    while (from < series->point_count && !isnan(interval ? series->points[from].lower : series->points[from].value))
        from++;
    return from;
}

static void draw_band(const struct lines *lines, const struct chart_series *series, size_t from, size_t to,
                      const char *class)
{
    struct html *html = lines->canvas->html;
    svg_put(html, "<path");
    svg_attribute(html, "class", class);
    svg_put(html, " d=\"M");
    for (size_t i = from; i < to; i++)
        svg_coordinate(html, x_of(lines, i)), svg_coordinate(html, y_of(lines, series->points[i].upper));
    for (size_t i = to; i > from; i--)
        svg_coordinate(html, x_of(lines, i - 1)), svg_coordinate(html, y_of(lines, series->points[i - 1].lower));
    svg_put(html, "z\"/>");
}

static void draw_run(const struct lines *lines, const struct chart_series *series, size_t from, size_t to,
                     const char *class)
{
    struct html *html = lines->canvas->html;
    svg_put(html, "<path");
    svg_attribute(html, "class", class);
    svg_put(html, " d=\"M");
    for (size_t i = from; i < to; i++)
        svg_coordinate(html, x_of(lines, i)), svg_coordinate(html, y_of(lines, series->points[i].value));
    svg_put(html, "\"/>");
}

static void draw_bands(const struct lines *lines, size_t index)
{
    const struct chart_series *series = &lines->chart->series[index];
    const char *class = chart_series_class(lines->canvas->html->arena, "band", index);
    for (size_t from = 0; from < series->point_count; from++) {
        const size_t to = run_end(series, from, true);
        if (to > from + 1) draw_band(lines, series, from, to, class);
        if (to > from) from = to - 1;
    }
}

static void draw_dot(const struct lines *lines, size_t index, size_t period)
{
    struct html *html = lines->canvas->html;
    svg_put(html, "<circle");
    svg_attribute(html, "class", chart_series_class(html->arena, "dot", index));
    svg_real(html, "cx", x_of(lines, period));
    svg_real(html, "cy", y_of(lines, lines->chart->series[index].points[period].value));
    svg_real(html, "r", MARK);
    svg_put(html, "/>");
}

/* Lines with a dot on each point that stands alone and on the last one. */
static void draw_line(const struct lines *lines, size_t index)
{
    const struct chart_series *series = &lines->chart->series[index];
    const char *class = chart_series_class(lines->canvas->html->arena, "line", index);
    const size_t last = last_known(series);
    for (size_t from = 0; from < series->point_count; from++) {
        const size_t to = run_end(series, from, false);
        if (to > from + 1) draw_run(lines, series, from, to, class);
        if (to == from + 1 || (to > from && to == last + 1)) draw_dot(lines, index, to - 1);
        if (to > from) from = to - 1;
    }
}

/* What a point says, and its link, over a column as wide as the period. */
static void draw_point(const struct lines *lines, size_t index, size_t period)
{
    struct html *html = lines->canvas->html;
    const struct chart_point *point = &lines->chart->series[index].points[period];
    const char *said =
        language_print(html->arena, html->language, N_("{1}, {2}: {3}"), lines->chart->series[index].label,
                       point->label, chart_value_text(html, lines->chart, point), NULL);
    const double y = isnan(point->value) ? lines->bottom - WITHHELD / 2.0 : y_of(lines, point->value);
    if (point->hidden)
        svg_hatched(lines->canvas, x_of(lines, period) - WITHHELD / 2.0, lines->bottom - WITHHELD, WITHHELD, WITHHELD);
    if (isnan(point->value) && !point->hidden) return;
    const bool linked = svg_open_link(html, "point", point->link, said);
    svg_put(html, "<circle class=\"touch\"");
    svg_real(html, "cx", x_of(lines, period));
    svg_real(html, "cy", y);
    svg_real(html, "r", 9);
    svg_put(html, "><title>");
    html_text(html, said);
    svg_put(html, "</title></circle>");
    if (linked) svg_put(html, "</a>");
}

struct end {
    double y;
    size_t series;
};

static int compare_ends(const void *a, const void *b)
{
    const double left = ((const struct end *)a)->y, right = ((const struct end *)b)->y;
    return (left > right) - (left < right);
}

/* Moves what would overlap apart, downwards, then up again from the bottom. */
static void spread(struct end *ends, size_t count, double apart, double bottom)
{
    for (size_t i = 1; i < count; i++) ends[i].y = fmax(ends[i].y, ends[i - 1].y + apart);
    for (size_t i = count; i > 0; i--) {
        const double limit = i == count ? bottom : ends[i].y - apart;
        ends[i - 1].y = fmin(ends[i - 1].y, limit);
    }
}

static void draw_ends(const struct lines *lines)
{
    struct html *html = lines->canvas->html;
    const size_t count = lines->chart->series_count;
    struct end *ends = ARENA_ARRAY(html->arena, count, struct end);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        const struct chart_series *series = &lines->chart->series[i];
        const size_t last = last_known(series);
        if (last < series->point_count) ends[known++] = (struct end){y_of(lines, series->points[last].value), i};
    }
    qsort(ends, known, sizeof *ends, compare_ends);
    spread(ends, known, 2 * LINE_HEIGHT + 2, lines->bottom);
    const double x = lines->right + GAP, width = lines->canvas->width - x;
    for (size_t i = 0; i < known; i++) {
        const struct chart_series *series = &lines->chart->series[ends[i].series];
        const double below = *series->label ? LINE_HEIGHT - 2 : FONT_SIZE * 0.36;
        if (*series->label)
            svg_label(html, chart_series_class(html->arena, "end", ends[i].series), "start", x, ends[i].y - 1,
                      svg_fit(html->arena, series->label, width));
        svg_label(html, "value", "start", x, ends[i].y + below, last_value(lines, series));
    }
}

void chart_draw_lines(struct canvas *canvas, const struct chart *chart)
{
    struct lines lines = {.canvas = canvas, .chart = chart};
    measure(&lines);
    draw_value_axis(&lines);
    draw_period_axis(&lines);
    for (size_t i = 0; i < chart->series_count; i++) draw_bands(&lines, i);
    for (size_t i = 0; i < chart->series_count; i++) draw_line(&lines, i);
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++) draw_point(&lines, i, j);
    draw_ends(&lines);
    canvas->height = lines.bottom + AXIS;
}
