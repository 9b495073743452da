/* map_private.h: what the parts of the map share: the outlines in memory, classes of values, clusters of points. */
#ifndef PLATFORM_HTML_MAP_PRIVATE_H
#define PLATFORM_HTML_MAP_PRIVATE_H

#include "platform/html/chart_private.h"

enum outline_kind { OUTLINE_DEPARTEMENT, OUTLINE_REGION, OUTLINE_ZOOM, OUTLINE_FRAME, OUTLINE_KINDS };

/* One row of the file of outlines. A frame says where degrees fall: x = x0 + kx * longitude, y = y0 - ky * mercator(latitude). */
struct outline {
    enum outline_kind kind;
    const char *code, *name, *region, *path;
    double x, y; /* where its label stands */
    double west, south, east, north, x0, kx, y0, ky;
};
struct outlines {
    const struct outline *rows;
    size_t count;
};

/* What map_load read; no rows before it. */
const struct outlines *map_outlines(void);
const struct outline *map_outline(enum outline_kind kind, const char *code);
/* The size of the drawing, insets included. */
enum { MAP_WIDTH = 613, MAP_HEIGHT = 740, MAP_INSET_TOP = 604 };

/* ---- classes of values ---- */

enum { MOST_CLASSES = 6 };
struct map_class {
    double low, high;   /* the lowest and the highest value in it; for equal widths and centred ones the bounds */
    const char *colour; /* "q0" to "q5", "d0" to "d6" */
};
enum class_method { CLASSES_QUANTILES, CLASSES_EQUAL, CLASSES_CENTRED };
struct map_classes {
    enum class_method method;
    struct map_class classes[MOST_CLASSES + 1];
    size_t count;
    double step; /* of equal and centred ones */
};
/* A value as it is shown, rounded: classes and colours are made of these. */
double map_shown_value(double value, int scale);
/* Classes of the values (none NAN; rounded and sorted in place). Zero is a class of its own when many are zero. */
struct map_classes map_classify(double *values, size_t count, bool diverging, int scale);
/* The colour of a value. */
const char *map_colour(const struct map_classes *classes, double value);

/* ---- points ---- */

struct map_cluster {
    double x, y;
    int64_t weight;
    size_t count;
    const struct map_point *first;
    const char *labels;
};
/* Points nearer than what their marks need are gathered. Those that fall in no territory are left out; *lost counts them. O(points log points). */
struct map_cluster *map_gather(struct html *html, const struct map_point *points, size_t count, size_t *clusters,
                               size_t *lost);

/* ---- the drawing ---- */

struct map_drawing {
    struct html *html;
    const struct france_map *map;
    const char *id;
    const struct canvas *canvas;
    struct map_classes classes;
    bool has_hidden, has_none, has_zero;
};

/* The area of that code, or NULL; the code of a région with or without its R. */
const struct map_area *map_area_of(const struct map_drawing *drawing, const char *code);
/* Whether there is a figure that may be shown. */
bool map_known(const struct map_area *area);
/* The figure, or "withheld", or "no data". */
const char *map_value_text(const struct map_drawing *drawing, const struct map_area *area);
const char *map_area_name(const struct map_drawing *drawing, const struct map_area *area);
/* Draws the <svg>; gives how many points lie outside. */
size_t map_draw_svg(struct map_drawing *drawing);

#endif
