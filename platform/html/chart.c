/* The figure around a drawing: question, the two drawings, table, source. */
#include "platform/html/chart.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"

enum { WIDE = 720, NARROW = 360, MOST_DRAWING = 4 * 1024 * 1024 };

void chart_head(struct html *html, const char *class, const char *id, const char *question, const char *unit)
{
    buffer_print(html->out,
                 "<figure class=\"%s\" id=\"%s\" aria-labelledby=\"%s-q\"><figcaption class=\"chart-head\"><p "
                 "class=\"chart-question\" id=\"%s-q\">",
                 class, id, id, id);
    html_text(html, question);
    svg_put(html, "</p>");
    if (unit && *unit) {
        svg_put(html, "<p class=\"chart-unit\">");
        html_text(html, unit);
        svg_put(html, "</p>");
    }
    svg_put(html, "</figcaption>");
}

void chart_foot(struct html *html, const char *source, const char *credit)
{
    svg_put(html, "<p class=\"chart-source\">");
    html_text(html, source);
    if (credit) {
        svg_put(html, source && *source ? " " : "");
        html_text(html, credit);
    }
    svg_put(html, "</p></figure>");
}

static struct markup draw_inside(const struct html *html, struct canvas *canvas, const struct chart *chart)
{
    static chart_drawer *const drawers[] = {chart_draw_bars, chart_draw_stack, chart_draw_lines, chart_draw_balance};
    struct html *inside = ARENA_NEW(html->arena, struct html);
    *inside = html_new(html->arena, html->language, html->request, MOST_DRAWING);
    canvas->html = inside;
    drawers[chart->type](canvas, chart);
    return html_finish(inside);
}

static bool has_links(const struct chart *chart)
{
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++)
            if (chart->series[i].points[j].link) return true;
    return false;
}

/* What one would say of the chart over the telephone: how many figures, the highest, the lowest, how many are withheld. */
static const char *describe(struct html *html, const struct chart *chart)
{
    const struct chart_point *highest = NULL, *lowest = NULL;
    int64_t count = 0, hidden = 0;
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++) {
            const struct chart_point *point = &chart->series[i].points[j];
            hidden += point->hidden;
            if (isnan(point->value)) continue;
            count++;
            if (!highest || point->value > highest->value) highest = point;
            if (!lowest || point->value < lowest->value) lowest = point;
        }
    if (!highest) return language_text(html->language, N_("No figure can be shown."));
    const char *said =
        language_print(html->arena, html->language, N_("{1} figures; the highest: {2} ({3}); the lowest: {4} ({5})."),
                       chart_number(html, (double)count, 0, false), chart_value_text(html, chart, highest),
                       highest->label, chart_value_text(html, chart, lowest), lowest->label, NULL);
    if (!hidden) return said;
    return arena_print(
        html->arena, "%s %s", said,
        language_plural(html->arena, html->language, hidden, N_("{1} is withheld."), N_("{1} are withheld.")));
}

static double draw_once(struct html *html, const struct chart *chart, const char *id, bool narrow,
                        const char *description)
{
    struct canvas canvas = {.width = narrow ? NARROW : WIDE, .narrow = narrow, .id = id};
    const struct markup inside = draw_inside(html, &canvas, chart);
    canvas.html = html;
    svg_open(&canvas, narrow ? "chart-drawing chart-narrow" : "chart-drawing chart-wide",
             has_links(chart) ? "group" : "img", chart->question, description);
    svg_define_hatch(&canvas);
    html_markup(html, inside);
    svg_put(html, "</svg>");
    return canvas.height;
}

static struct chart without_links(struct arena *arena, const struct chart *chart)
{
    struct chart copy = *chart;
    struct chart_series *series = ARENA_ARRAY(arena, chart->series_count + 1, struct chart_series);
    for (size_t i = 0; i < chart->series_count; i++) {
        series[i] = chart->series[i];
        struct chart_point *points = ARENA_ARRAY(arena, series[i].point_count + 1, struct chart_point);
        for (size_t j = 0; j < series[i].point_count; j++) {
            points[j] = chart->series[i].points[j];
            points[j].link = NULL;
        }
        series[i].points = points;
    }
    copy.series = series;
    return copy;
}

static struct markup draw_file(const struct html *page, const struct chart *given, const char *id)
{
    const struct chart chart = without_links(page->arena, given);
    struct svg_file file = svg_file_open(page, chart.question, chart.unit);
    struct html own = html_new(page->arena, page->language, page->request, MOST_DRAWING);
    const double height = draw_once(&own, &chart, id, false, describe(&own, &chart));
    svg_file_put(&file, html_finish(&own), WIDE, height);
    svg_file_text(&file, "file-source", chart.source);
    return svg_file_close(&file);
}

static void keep_file(const struct html *page, struct figure figure, const struct chart *chart, const char *id)
{
    struct markup file = {NULL, 0};
    if (figure.asked == FIGURE_CSV)
        file.html = chart_csv(page->arena, page->language, chart, &file.length);
    else if (figure.asked == FIGURE_VEGA)
        file.html = chart_vega(page->arena, page->language, chart), file.length = strlen(file.html);
    else
        file = draw_file(page, chart, id);
    figure_keep(page, figure, chart->question, file.html, file.length);
}

struct markup chart_draw(struct html *page, const struct chart *given)
{
    struct html own = html_new(page->arena, page->language, page->request, MOST_DRAWING), *html = &own;
    const struct chart chart = chart_without_hidden(page->arena, given);
    const char *first = chart.series_count ? chart.series[0].label : "";
    const char *id = chart_id(page->arena, chart.question, first,
                              chart.series_count ? chart.series[0].point_count * 4 + chart.type : 0);
    const char *description = describe(html, &chart);
    const struct figure figure = figure_begin(page);
    if (figure.asked) keep_file(page, figure, &chart, id);
    chart_head(html, "chart", id, chart.question, chart.unit);
    svg_put(html, "<div class=\"chart-box\">");
    draw_once(html, &chart, id, false, description);
    draw_once(html, &chart, id, true, description);
    svg_put(html, "</div>");
    chart_table(html, &chart, id);
    figure_links(html, figure);
    chart_foot(html, chart.source, NULL);
    return html_finish(html);
}
