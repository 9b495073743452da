/* Parts of wholes: a lying bar a category, cut into its series. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"

enum { LABEL_MOST = 220, GAP = 10, BAR = 26, ROW_GAP = 12, AXIS = 26, KEY_SQUARE = 12, CUT = 2, WITHHELD_WIDTH = 26 };

struct stack {
    struct canvas *canvas;
    const struct chart *chart;
    struct ticks ticks;
    double name_width, left, right;
};

static double part_width(const struct stack *stack, double value)
{
    return value / stack->ticks.upper * (stack->right - stack->left);
}

static double value_at(const struct chart *chart, size_t series, size_t row)
{
    if (row >= chart->series[series].point_count) return 0;
    const double value = chart->series[series].points[row].value;
    return value > 0 ? value : 0;
}

static double most_total(const struct chart *chart)
{
    double most = 0;
    for (size_t row = 0; chart->series_count && row < chart->series[0].point_count; row++) {
        double total = 0;
        for (size_t i = 0; i < chart->series_count; i++) total += value_at(chart, i, row);
        most = fmax(most, total);
    }
    return most > 0 ? most : 1;
}

static void measure(struct stack *stack)
{
    const struct chart *chart = stack->chart;
    for (size_t i = 0; chart->series_count && i < chart->series[0].point_count; i++)
        stack->name_width = fmax(stack->name_width, svg_text_width(chart->series[0].points[i].label));
    stack->name_width = fmin(stack->name_width, LABEL_MOST);
    stack->left = stack->canvas->narrow ? 0 : stack->name_width + GAP;
    stack->right = stack->canvas->width - 2 * WITHHELD_WIDTH;
    const double most = most_total(chart);
    stack->ticks = chart_ticks(0, most, stack->canvas->narrow ? 4 : 5);
    /* Shares end at a hundred, not beyond. */
    if (fabs(most - 100) < 0.5) stack->ticks.upper = 100;
}

/* Names over the parts of the first bar, when each fits over its own. */
static bool draw_names_over(const struct stack *stack, double baseline)
{
    const struct chart *chart = stack->chart;
    for (size_t i = 0; i < chart->series_count; i++)
        if (svg_text_width(chart->series[i].label) > part_width(stack, value_at(chart, i, 0)) - GAP) return false;
    double x = stack->left;
    for (size_t i = 0; i < chart->series_count; i++) {
        svg_label(stack->canvas->html, "name", "start", x, baseline, chart->series[i].label);
        x += part_width(stack, value_at(chart, i, 0));
    }
    return true;
}

/* A key in the order of the parts, on as many lines as it takes; gives its height. */
static double draw_key(const struct stack *stack)
{
    struct html *html = stack->canvas->html;
    double x = 0, y = 0;
    for (size_t i = 0; i < stack->chart->series_count; i++) {
        const char *label = svg_fit(html->arena, stack->chart->series[i].label, stack->canvas->width - KEY_SQUARE - 6);
        const double width = KEY_SQUARE + 6 + svg_text_width(label) + 16;
        if (x > 0 && x + width > stack->canvas->width) x = 0, y += LINE_HEIGHT + 2;
        svg_rectangle(html, chart_series_class(html->arena, "bar", i), x, y + 3, KEY_SQUARE, KEY_SQUARE);
        svg_label(html, "name", "start", x + KEY_SQUARE + 6, y + FONT_SIZE, label);
        x += width;
    }
    return y + LINE_HEIGHT + GAP;
}

static double draw_part(const struct stack *stack, size_t series, const struct chart_point *point, double x, double top)
{
    struct html *html = stack->canvas->html;
    if (point->hidden) {
        svg_hatched(stack->canvas, x, top, WITHHELD_WIDTH - CUT, BAR);
        return WITHHELD_WIDTH;
    }
    if (!(point->value > 0)) return 0;
    const double width = part_width(stack, point->value);
    const char *text = chart_number(html, point->value, stack->chart->scale, false);
    svg_put(html, "<g><title>");
    html_text(html, language_print(html->arena, html->language, N_("{1}, {2}: {3}"), point->label,
                                   stack->chart->series[series].label, text, NULL));
    svg_put(html, "</title>");
    svg_rectangle(html, chart_series_class(html->arena, "bar", series), x, top, fmax(width - CUT, 0.5), BAR);
    if (svg_text_width(text) + 6 <= width)
        svg_label(html, chart_series_class(html->arena, "within on", series), "middle", x + (width - CUT) / 2,
                  top + BAR / 2.0 + FONT_SIZE * 0.36, text);
    svg_put(html, "</g>");
    return width;
}

static double row_height(const struct stack *stack)
{
    return BAR + ROW_GAP + (stack->canvas->narrow ? LINE_HEIGHT + 2 : 0);
}

static void draw_row(const struct stack *stack, size_t row, double top)
{
    struct html *html = stack->canvas->html;
    const struct chart *chart = stack->chart;
    const struct chart_point *first = &chart->series[0].points[row];
    const bool linked = svg_open_link(html, "row", first->link, NULL);
    double x = stack->left;
    if (stack->canvas->narrow) {
        svg_label(html, "name", "start", 0, top + FONT_SIZE, svg_fit(html->arena, first->label, stack->canvas->width));
        top += LINE_HEIGHT + 2;
    } else {
        svg_label(html, "name", "end", stack->name_width, top + BAR / 2.0 + FONT_SIZE * 0.36,
                  svg_fit(html->arena, first->label, stack->name_width));
    }
    for (size_t i = 0; i < chart->series_count; i++)
        if (row < chart->series[i].point_count) x += draw_part(stack, i, &chart->series[i].points[row], x, top);
    if (linked) svg_put(html, "</a>");
}

static void draw_axis(const struct stack *stack, double top, double bottom)
{
    struct html *html = stack->canvas->html;
    for (int i = 0; i < stack->ticks.count; i++) {
        const double value = i * stack->ticks.step;
        if (value > stack->ticks.upper * 1.0001) break;
        const double x = stack->left + part_width(stack, value);
        svg_line(html, i ? "grid" : "zero", x, top, x, bottom);
        svg_label(html, "tick", x < 12 ? "start" : "middle", x, bottom + LINE_HEIGHT,
                  chart_number(html, value, stack->ticks.scale, false));
    }
}

void chart_draw_stack(struct canvas *canvas, const struct chart *chart)
{
    struct stack stack = {.canvas = canvas, .chart = chart};
    const size_t rows = chart->series_count ? chart->series[0].point_count : 0;
    measure(&stack);
    double top = !canvas->narrow && rows && draw_names_over(&stack, FONT_SIZE) ? LINE_HEIGHT + 4 : draw_key(&stack);
    const double bottom = top + (double)rows * row_height(&stack);
    draw_axis(&stack, top - 4, bottom - ROW_GAP / 2.0);
    for (size_t i = 0; i < rows; i++) draw_row(&stack, i, top + (double)i * row_height(&stack));
    canvas->height = bottom + AXIS - ROW_GAP / 2.0;
}
