/* The same chart as a Vega-Lite description, with its figures inside. Compiled by vega-lite itself in tests/chart/test_vega.mjs. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/html/chart_private.h"

enum { WIDTH = 480 };

/* jansson keeps 17 digits; a figure is given with its own scale. */
static json_t *number(double value, int scale)
{
    return isnan(value) ? json_null() : json_real(chart_rounded(value, scale));
}

static json_t *values(const struct chart *chart, enum language language)
{
    json_t *all = json_array();
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++) {
            const struct chart_point *point = &chart->series[i].points[j];
            json_t *row = json_pack("{s:s, s:s, s:o, s:b}", "label", point->label, "series", chart->series[i].label,
                                    "value", number(point->value, chart->scale), "withheld", point->hidden);
            if (!row) continue; /* not UTF-8 */
            if (!isnan(point->lower)) {
                json_object_set_new(row, "lower", number(point->lower, chart->scale));
                json_object_set_new(row, "upper", number(point->upper, chart->scale));
            }
            if (point->hidden) json_object_set_new(row, "note", json_string(language_text(language, N_("withheld"))));
            json_array_append_new(all, row);
        }
    return all;
}

static json_t *field(const char *name, const char *type, const char *title)
{
    json_t *made = json_pack("{s:s, s:s}", "field", name, "type", type);
    json_object_set_new(made, "title", title && *title ? json_string(title) : json_null());
    return made;
}

static json_t *in_order(const char *name)
{
    json_t *made = field(name, "nominal", NULL);
    json_object_set_new(made, "sort", json_null());
    return made;
}

/* Categories and periods in the order in which they were given, those without a figure too. */
static json_t *labels(const struct chart *chart)
{
    json_t *made = in_order("label"), *domain = json_array();
    for (size_t i = 0; chart->series_count && i < chart->series[0].point_count; i++)
        json_array_append_new(domain, json_string(chart->series[0].points[i].label));
    json_object_set_new(made, "scale", json_pack("{s:o}", "domain", domain));
    return made;
}

static bool has_names(const struct chart *chart)
{
    return chart->series_count > 1 || (chart->series_count && *chart->series[0].label);
}

static json_t *bars(const struct chart *chart, bool stacked)
{
    json_t *value = field("value", "quantitative", chart->unit);
    json_object_set_new(value, "stack", stacked ? json_string("zero") : json_null());
    json_t *encoding = json_pack("{s:o, s:o}", "y", labels(chart), "x", value);
    if (has_names(chart)) {
        json_object_set_new(encoding, "color", in_order("series"));
        if (!stacked) json_object_set_new(encoding, "yOffset", in_order("series"));
    }
    json_t *layers = json_pack("[{s:s, s:o}]", "mark", "bar", "encoding", encoding);
    if (!stacked && chart_has_intervals(chart)) {
        json_t *interval = json_pack("{s:o, s:o, s:{s:s}}", "y", labels(chart), "x",
                                     field("lower", "quantitative", chart->unit), "x2", "field", "upper");
        if (has_names(chart)) json_object_set_new(interval, "yOffset", in_order("series"));
        json_array_append_new(layers, json_pack("{s:s, s:o}", "mark", "rule", "encoding", interval));
    }
    return layers;
}

/* What is withheld, said in words where its bar would begin. */
static json_t *withheld(const struct chart *chart)
{
    return json_pack("{s:[{s:s}], s:{s:s, s:s, s:i}, s:{s:o, s:{s:i}, s:{s:s}}}", "transform", "filter",
                     "datum.withheld", "mark", "type", "text", "align", "left", "dx", 4, "encoding", "y", labels(chart),
                     "x", "value", 0, "text", "field", "note");
}

static bool has_hidden(const struct chart *chart)
{
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].point_count; j++)
            if (chart->series[i].points[j].hidden) return true;
    return false;
}

static json_t *lines(const struct chart *chart)
{
    json_t *layers = json_array();
    if (chart_has_intervals(chart)) {
        json_t *band = json_pack("{s:o, s:o, s:{s:s}}", "x", labels(chart), "y",
                                 field("lower", "quantitative", chart->unit), "y2", "field", "upper");
        if (has_names(chart)) json_object_set_new(band, "color", in_order("series"));
        json_array_append_new(
            layers, json_pack("{s:{s:s, s:f}, s:o}", "mark", "type", "area", "opacity", 0.2, "encoding", band));
    }
    json_t *line = json_pack("{s:o, s:o}", "x", labels(chart), "y", field("value", "quantitative", chart->unit));
    if (has_names(chart)) json_object_set_new(line, "color", in_order("series"));
    json_array_append_new(layers,
                          json_pack("{s:{s:s, s:b}, s:o}", "mark", "type", "line", "point", 1, "encoding", line));
    return layers;
}

const char *chart_vega(struct arena *arena, enum language language, const struct chart *given)
{
    const struct chart chart = chart_without_hidden(arena, given);
    json_t *layers = chart.type == CHART_LINES ? lines(&chart) : bars(&chart, chart.type == CHART_STACK);
    if (chart.type != CHART_LINES && has_hidden(&chart)) json_array_append_new(layers, withheld(&chart));
    json_t *all = json_pack("{s:s, s:s*, s:s*, s:i, s:{s:o}, s:o}", "$schema",
                            "https://vega.github.io/schema/vega-lite/v5.json", "title", chart.question, "description",
                            chart.source, "width", WIDTH, "data", "values", values(&chart, language), "layer", layers);
    if (!all) fatal("jansson could not build the description of a chart");
    char *text = json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(all);
    if (!text) fatal_memory(0);
    const char *kept = arena_copy(arena, text);
    free(text);
    return kept;
}
