/* Bars that lie, with their labels at their ends; balances are bars around zero. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"

enum {
    LABEL_MOST = 240,
    GAP = 10, /* between labels and the plot */
    BAR = 18,
    THIN_BAR = 14, /* when a category has several */
    ROW_GAP = 10,
    AXIS = 26,
    WITHHELD_WIDTH = 44,
    NAME_LINES = 3,
    NARROW_LINES = 2,
    CAP = 4, /* half the height of a whisker's end */
};

struct bars {
    struct canvas *canvas;
    const struct chart *chart;
    struct ticks ticks;
    double low, high;   /* values at the plot's ends */
    double left, right; /* of the plot */
    double bar;
    bool balance;
};

static double place(const struct bars *bars, double value)
{
    return bars->left + (value - bars->low) / (bars->high - bars->low) * (bars->right - bars->left);
}

static double widest_label(const struct chart *chart)
{
    double widest = 0;
    for (size_t i = 0; chart->series_count && i < chart->series[0].point_count; i++)
        widest = fmax(widest, svg_text_width(chart->series[0].points[i].label));
    return widest;
}

/* The text at the end of a bar; with several bars a category, the name of its series as well. */
static const char *end_text(const struct bars *bars, size_t series, const struct chart_point *point)
{
    struct html *html = bars->canvas->html;
    const char *value = chart_value_text(html, bars->chart, point);
    if (bars->chart->series_count < 2) return value;
    return language_print(html->arena, html->language, N_("{1}: {2}"), bars->chart->series[series].label, value, NULL);
}

static double widest_end(const struct bars *bars)
{
    double widest = 0;
    for (size_t i = 0; i < bars->chart->series_count; i++)
        for (size_t j = 0; j < bars->chart->series[i].point_count; j++)
            widest = fmax(widest, svg_text_width(end_text(bars, i, &bars->chart->series[i].points[j])));
    return widest;
}

static void measure(struct bars *bars)
{
    double lower = 0, upper = 0;
    const struct canvas *canvas = bars->canvas;
    chart_range(bars->chart, &lower, &upper);
    lower = fmin(lower, 0);
    upper = fmax(upper, 0);
    if (bars->balance) upper = fmax(upper, -lower), lower = -upper;
    if (upper == lower) upper = 1;
    bars->low = lower;
    bars->high = upper;
    bars->ticks = chart_ticks(lower, upper, canvas->narrow ? 4 : bars->balance ? 6 : 5);
    const double end = fmin(widest_end(bars), canvas->width * 0.35) + GAP;
    bars->left = canvas->narrow ? 0 : fmin(widest_label(bars->chart), LABEL_MOST) + GAP;
    if (lower < 0) bars->left += end;
    bars->right = canvas->width - end;
    bars->bar = bars->chart->series_count > 1 ? THIN_BAR : BAR;
}

static void draw_whisker(const struct bars *bars, const struct chart_point *point, double middle)
{
    struct html *html = bars->canvas->html;
    if (isnan(point->lower)) return;
    const double from = place(bars, point->lower), to = place(bars, point->upper);
    /* First wider in the colour of the ground, so that it is seen on the bar. */
    for (int pass = 0; pass < 2; pass++) {
        const char *class = pass ? "whisker" : "whisker-halo";
        svg_line(html, class, from, middle, to, middle);
        svg_line(html, class, from, middle - CAP, from, middle + CAP);
        svg_line(html, class, to, middle - CAP, to, middle + CAP);
    }
}

static const char *bar_class(const struct bars *bars, size_t series, double value)
{
    if (bars->balance) return value < 0 ? "bar below" : "bar above";
    return chart_series_class(bars->canvas->html->arena, "bar", series);
}

/* The bar, and its text behind what reaches furthest. */
static void draw_bar(const struct bars *bars, size_t series, const struct chart_point *point, double top)
{
    struct html *html = bars->canvas->html;
    const double zero = place(bars, 0), middle = top + bars->bar / 2, baseline = middle + FONT_SIZE * 0.36;
    const char *text = end_text(bars, series, point);
    if (isnan(point->value)) {
        if (point->hidden) svg_hatched(bars->canvas, zero, top, WITHHELD_WIDTH, bars->bar);
        svg_label(html, "muted", "start", zero + (point->hidden ? WITHHELD_WIDTH : 0) + 6, baseline, text);
        return;
    }
    const double end = place(bars, point->value),
                 low = isnan(point->lower) ? end : fmin(end, place(bars, point->lower));
    const double high = isnan(point->upper) ? end : fmax(end, place(bars, point->upper));
    svg_rectangle(html, bar_class(bars, series, point->value), fmin(zero, end), top, fabs(end - zero), bars->bar);
    draw_whisker(bars, point, middle);
    if (point->value < 0)
        svg_label(html, "value", "end", fmin(low, zero) - 6, baseline, text);
    else
        svg_label(html, "value", "start", fmax(high, zero) + 6, baseline, text);
}

static double name_width(const struct bars *bars)
{
    return bars->canvas->narrow ? bars->canvas->width : fmin(widest_label(bars->chart), LABEL_MOST);
}

static size_t wrap_name(const struct bars *bars, const char *name, const char **lines)
{
    return svg_wrap(bars->canvas->html->arena, name, name_width(bars), lines,
                    bars->canvas->narrow ? NARROW_LINES : NAME_LINES);
}

/* The category's name: beside the bars, or above them where it is narrow. Gives where its bars begin. */
static double draw_name(const struct bars *bars, const char *name, double top, double height)
{
    struct html *html = bars->canvas->html;
    const bool narrow = bars->canvas->narrow;
    const char *lines[NAME_LINES] = {0};
    const size_t count = wrap_name(bars, name, lines);
    const double first =
        narrow ? top + FONT_SIZE : top + height / 2 - ((double)count - 1) * LINE_HEIGHT / 2 + FONT_SIZE * 0.36;
    for (size_t i = 0; i < count; i++)
        svg_label(html, "name", narrow ? "start" : "end", narrow ? 0 : name_width(bars),
                  first + (double)i * LINE_HEIGHT, lines[i]);
    return narrow ? top + (double)count * LINE_HEIGHT + 2 : top;
}

static double row_height(const struct bars *bars, const char *name)
{
    const char *lines[NAME_LINES] = {0};
    const double height = bars->bar * (double)bars->chart->series_count,
                 lines_height = (double)wrap_name(bars, name, lines) * LINE_HEIGHT;
    return bars->canvas->narrow ? height + lines_height + 2 : fmax(height, lines_height);
}

static void draw_row(const struct bars *bars, size_t row, double top, double height)
{
    struct html *html = bars->canvas->html;
    const struct chart *chart = bars->chart;
    const struct chart_point *first = &chart->series[0].points[row];
    const bool linked = svg_open_link(html, "row", first->link, NULL);
    if (!linked) svg_put(html, "<g class=\"row\">");
    svg_rectangle(html, "row-ground", 0, top - ROW_GAP / 2.0, bars->canvas->width, height + ROW_GAP);
    const double bars_height = bars->bar * (double)chart->series_count;
    double at = draw_name(bars, first->label, top, height);
    if (!bars->canvas->narrow) at += (height - bars_height) / 2;
    for (size_t i = 0; i < chart->series_count; i++)
        if (row < chart->series[i].point_count)
            draw_bar(bars, i, &chart->series[i].points[row], at + bars->bar * (double)i);
    svg_put(html, linked ? "</a>" : "</g>");
}

static void draw_axis(const struct bars *bars, double bottom)
{
    struct html *html = bars->canvas->html;
    for (int i = 0; i < bars->ticks.count; i++) {
        const double value = bars->ticks.lower + i * bars->ticks.step, x = place(bars, value);
        const bool zero = fabs(value) < bars->ticks.step / 1000;
        if (value < bars->low - bars->ticks.step / 1000 || value > bars->high + bars->ticks.step / 1000) continue;
        svg_line(html, zero ? "zero" : "grid", x, 0, x, bottom);
        svg_label(html, "tick", x < 12 ? "start" : "middle", x, bottom + LINE_HEIGHT,
                  chart_number(html, zero ? 0 : value, bars->ticks.scale, bars->balance));
    }
}

static void draw(struct canvas *canvas, const struct chart *chart, bool balance)
{
    struct bars bars = {.canvas = canvas, .chart = chart, .balance = balance};
    const size_t rows = chart->series_count ? chart->series[0].point_count : 0;
    measure(&bars);
    double bottom = ROW_GAP / 2.0;
    for (size_t i = 0; i < rows; i++) bottom += row_height(&bars, chart->series[0].points[i].label) + ROW_GAP;
    draw_axis(&bars, bottom);
    double top = ROW_GAP;
    for (size_t i = 0; i < rows; i++) {
        const double height = row_height(&bars, chart->series[0].points[i].label);
        draw_row(&bars, i, top, height);
        top += height + ROW_GAP;
    }
    canvas->height = bottom + AXIS;
}

void chart_draw_bars(struct canvas *canvas, const struct chart *chart) { draw(canvas, chart, false); }
void chart_draw_balance(struct canvas *canvas, const struct chart *chart) { draw(canvas, chart, true); }
