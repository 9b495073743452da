/* The table behind a chart. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart_private.h"

void chart_details_open(struct html *html, const char *id, bool open)
{
    buffer_print(html->out, "<details class=\"chart-data\" id=\"%s-data\"%s><summary>", id, open ? " open" : "");
    html_text(html, language_text(html->language, N_("The figures in a table")));
    buffer_print(html->out,
                 "</summary><div class=\"chart-table\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s-q\"><table>",
                 id);
}

void chart_details_close(struct html *html) { svg_put(html, "</tbody></table></div></details>"); }

static void head_cell(struct html *html, const char *text, const char *more)
{
    svg_put(html, "<th scope=\"col\">");
    html_text(html, text);
    if (more && *more) {
        svg_put(html, " <span class=\"chart-unit\">");
        html_text(html, more);
        svg_put(html, "</span>");
    }
    svg_put(html, "</th>");
}

static void put_head(struct html *html, const struct chart *chart, bool intervals)
{
    svg_put(html, "<thead><tr>");
    head_cell(html, language_text(html->language, chart->type == CHART_LINES ? N_("Period") : N_("Category")), NULL);
    for (size_t i = 0; i < chart->series_count; i++) {
        head_cell(html, *chart->series[i].label ? chart->series[i].label : language_text(html->language, N_("Value")),
                  chart->unit);
        if (intervals) head_cell(html, language_text(html->language, N_("Interval")), NULL);
    }
    svg_put(html, "</tr></thead><tbody>");
}

static void put_interval(struct html *html, const struct chart *chart, const struct chart_point *point)
{
    svg_put(html, "<td class=\"number\">");
    if (!isnan(point->lower))
        html_text(html, language_print(html->arena, html->language, N_("{1} to {2}"),
                                       chart_number(html, point->lower, chart->scale, false),
                                       chart_number(html, point->upper, chart->scale, false), NULL));
    svg_put(html, "</td>");
}

static void put_value(struct html *html, const struct chart *chart, const struct chart_point *point)
{
    const char *text = chart_value_text(html, chart, point);
    svg_put(html, "<td class=\"number\">");
    if (point->link && html_url_allowed(point->link)) {
        svg_put(html, "<a");
        svg_attribute(html, "href", point->link);
        svg_put(html, ">");
        html_text(html, text);
        svg_put(html, "</a>");
    } else {
        html_text(html, text);
    }
    svg_put(html, "</td>");
}

const struct chart_point *chart_point_of(const struct chart_series *series, size_t near, const char *label)
{
    if (near < series->point_count && strcmp(series->points[near].label, label) == 0) return &series->points[near];
    for (size_t i = 0; i < series->point_count; i++)
        if (strcmp(series->points[i].label, label) == 0) return &series->points[i];
    return NULL;
}

static void put_row(struct html *html, const struct chart *chart, size_t row, bool intervals)
{
    static const struct chart_point none = {.label = "", .value = NAN, .lower = NAN, .upper = NAN};
    const char *label = chart->series[0].points[row].label;
    svg_put(html, "<tr><th scope=\"row\">");
    html_text(html, label);
    svg_put(html, "</th>");
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_point *point = chart_point_of(&chart->series[i], row, label);
        put_value(html, chart, point ? point : &none);
        if (intervals) put_interval(html, chart, point ? point : &none);
    }
    svg_put(html, "</tr>");
}

void chart_table(struct html *html, const struct chart *chart, const char *id)
{
    const bool intervals = chart_has_intervals(chart);
    chart_details_open(html, id, false);
    put_head(html, chart, intervals);
    for (size_t i = 0; chart->series_count && i < chart->series[0].point_count; i++) put_row(html, chart, i, intervals);
    chart_details_close(html);
}
