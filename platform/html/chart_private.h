/* chart_private.h: what charts and maps share: a canvas to draw on, scales, texts; and the parts of a chart. */
#ifndef PLATFORM_HTML_CHART_PRIVATE_H
#define PLATFORM_HTML_CHART_PRIVATE_H

#include "platform/html/chart.h"

/* ---- writing SVG ---- */

/* A drawing is made twice: wide, and narrow for phones; the style sheet shows one. Units are pixels at the drawing's own width. */
struct canvas {
    struct html *html;
    double width, height;
    bool narrow;
    const char *id; /* of the figure: ids within begin with it */
};

enum { FONT_SIZE = 14, LINE_HEIGHT = 18 };

/* Raw markup of this room; never anything that was given. */
void svg_put(struct html *html, const char *markup);
/* ` name="12.3"`: one digit after the point, whatever the locale. */
void svg_real(struct html *html, const char *name, double value);
/* ` name="text"`, escaped. */
void svg_attribute(struct html *html, const char *name, const char *text);
void svg_rectangle(struct html *html, const char *class, double x, double y, double width, double height);
void svg_line(struct html *html, const char *class, double x1, double y1, double x2, double y2);
/* anchor: "start", "middle" or "end". */
void svg_label(struct html *html, const char *class, const char *anchor, double x, double y, const char *text);
/* A number within path data, with what parts it from the one before. */
void svg_coordinate(struct html *html, double value);
/* Opens <a> when the link is allowed; whether it did. name: what it is called, NULL when its own texts say it. */
bool svg_open_link(struct html *html, const char *class, const char *link, const char *name);
/* Estimated width of a text in units, and the text cut to a width, with an ellipsis. */
double svg_text_width(const char *text);
const char *svg_fit(struct arena *arena, const char *text, double width);
/* At most `most` lines of a text, broken at spaces; returns how many. The last one ends with an ellipsis when not all fits. */
size_t svg_wrap(struct arena *arena, const char *text, double width, const char **lines, size_t most);
/* Opens <svg> with its role, title and description; the class tells the style sheet which of the two it is. */
void svg_open(const struct canvas *canvas, const char *class, const char *role, const char *title,
              const char *description);
/* The hatching of what is withheld, as a pattern of this drawing, and a rectangle filled with it. */
void svg_define_hatch(const struct canvas *canvas);
void svg_hatched(const struct canvas *canvas, double x, double y, double width, double height);

/* An identifier that depends on the content only: "c1a2b3c4d". */
const char *chart_id(struct arena *arena, const char *question, const char *more, size_t count);

/* ---- numbers ---- */

/* As the language writes it, with `scale` digits. sign: a plus before what is above zero. */
const char *chart_number(struct html *html, double value, int scale, bool sign);
/* Rounded to so many digits after the point, halves away from zero, as it is shown. */
double chart_rounded(double value, int scale);
/* Ticks that people count in (1, 2, 2.5 or 5 times a power of ten), at most `most` steps, over lower..upper, which widen to whole ticks.
 * Digits after the point that the ticks need. Method: P. S. Heckbert, "Nice numbers for graph labels", Graphics Gems (1990). */
struct ticks {
    double lower, upper, step;
    int count, scale;
};
struct ticks chart_ticks(double lower, double upper, int most);

/* ---- charts ---- */

/* What a chart must never tell is taken away first, once: a copy whose hidden points hold no figure. */
struct chart chart_without_hidden(struct arena *arena, const struct chart *chart);
/* The range of values and intervals; false when there are none. */
bool chart_range(const struct chart *chart, double *lower, double *upper);
bool chart_has_intervals(const struct chart *chart);
/* "12 (10 to 14)", "withheld", "no data". sign as in chart_number. */
const char *chart_value_text(struct html *html, const struct chart *chart, const struct chart_point *point);

/* Each draws the inside on a canvas of the given width, and says the height. Points are without hidden figures. */
typedef void chart_drawer(struct canvas *canvas, const struct chart *chart);
chart_drawer chart_draw_bars, chart_draw_stack, chart_draw_lines, chart_draw_balance;

/* The point of that label, looked for first at `near`; NULL: none. Series need not have the same ones. */
const struct chart_point *chart_point_of(const struct chart_series *series, size_t near, const char *label);

/* The table within <details>. */
void chart_table(struct html *html, const struct chart *chart, const char *id);
void chart_details_open(struct html *html, const char *id, bool open);
void chart_details_close(struct html *html);
/* Question above; unit; and beneath: source, credit (may be NULL). */
void chart_head(struct html *html, const char *class, const char *id, const char *question, const char *unit);
void chart_foot(struct html *html, const char *source, const char *credit);

/* ---- figures as files ---- */

enum figure_form { FIGURE_PAGE, FIGURE_CSV, FIGURE_SVG, FIGURE_VEGA, FIGURE_FORMS };
/* A figure's place on its page, from 1 (0: the page is not served, no file is offered), and the form in which it is asked. */
struct figure {
    size_t number;
    enum figure_form asked;
};
struct figure figure_begin(const struct html *page);
/* The links to its files. */
void figure_links(struct html *html, struct figure figure);
/* Sends this instead of the page, under a name made of the question. */
void figure_keep(const struct html *page, struct figure figure, const char *question, const char *text, size_t length);

/* The figures as CSV, as people's spreadsheets read it (semicolons, byte order mark, the language's decimal sign). Results in the arena. */
const char *chart_csv(struct arena *arena, enum language language, const struct chart *chart, size_t *length);
const char *map_csv(struct arena *arena, enum language language, const struct france_map *map, size_t *length);

/* A drawing that stands alone: question above, source beneath, colours inside, no links. */
struct svg_file {
    struct html html;
    double width, height;
};
struct svg_file svg_file_open(const struct html *page, const char *question, const char *unit);
/* Puts an inner drawing, made by svg_open .. </svg>, below what is there. */
void svg_file_put(struct svg_file *file, struct markup drawing, double width, double height);
void svg_file_text(struct svg_file *file, const char *class, const char *text);
struct markup svg_file_close(struct svg_file *file);

/* Colours of series are classes c0 to c5. */
enum { SERIES_COLOURS = 6 };
const char *chart_series_class(struct arena *arena, const char *before, size_t series);

#endif
