/* The figure of a map of France: key, drawing, table, files, source. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/map_private.h"

enum { MOST_DRAWING = 4 * 1024 * 1024, KEY_WIDTH = 22, KEY_HEIGHT = 14, KEY_LINE = 20 };

/* ---- key ---- */

static void key_entry(const struct map_drawing *drawing, const char *colour, const char *text)
{
    struct buffer *out = drawing->html->out;
    buffer_print(out,
                 "<li><svg class=\"key-square\" width=\"%d\" height=\"%d\" aria-hidden=\"true\" focusable=\"false\"><g "
                 "class=\"area %s\"><rect width=\"%d\" height=\"%d\"",
                 KEY_WIDTH, KEY_HEIGHT, colour, KEY_WIDTH, KEY_HEIGHT);
    if (strcmp(colour, "withheld") == 0) buffer_print(out, " fill=\"url(#%s-wh)\"", drawing->id);
    if (colour[0] == 'd' && colour[1] < '3') buffer_print(out, " fill=\"url(#%s-%s)\"", drawing->id, colour);
    buffer_text(out, "/></g></svg><span>");
    html_text(drawing->html, text);
    buffer_text(out, "</span></li>");
}

static const char *class_text(const struct map_drawing *drawing, size_t index)
{
    struct html *html = drawing->html;
    const struct map_class *class = &drawing->classes.classes[index];
    const int scale = drawing->map->scale;
    const char *low = chart_number(html, class->low, scale, drawing->map->diverging),
               *high = chart_number(html, class->high, scale, drawing->map->diverging);
    const bool whole = drawing->classes.method == CLASSES_QUANTILES || index + 1 == drawing->classes.count;
    if (class->low == class->high) return low;
    if (drawing->classes.method == CLASSES_CENTRED && class->low == 0)
        return language_print(html->arena, html->language, N_("over {1}, under {2}"), low, high, NULL);
    return language_print(html->arena, html->language, whole ? N_("{1} to {2}") : N_("{1} to under {2}"), low, high,
                          NULL);
}

static void draw_key(const struct map_drawing *drawing)
{
    static const char *const methods[] = {N_("Classes that hold as many areas each."), N_("Classes of equal width."),
                                          N_("Classes of equal width around zero.")};
    struct html *html = drawing->html;
    svg_put(html, "<div class=\"map-key\"><ul>");
    for (size_t i = 0; i < drawing->classes.count; i++)
        key_entry(drawing, drawing->classes.classes[i].colour, class_text(drawing, i));
    if (drawing->has_zero) key_entry(drawing, "d3", "0");
    if (drawing->has_hidden) key_entry(drawing, "withheld", language_text(html->language, N_("withheld")));
    if (drawing->has_none) key_entry(drawing, "none", language_text(html->language, N_("no data")));
    svg_put(html, "</ul>");
    if (drawing->classes.count > 1) {
        svg_put(html, "<p class=\"map-method\">");
        html_text(html, language_text(html->language, methods[drawing->classes.method]));
        svg_put(html, "</p>");
    }
    svg_put(html, "</div>");
}

/* ---- table ---- */

static void put_table(const struct map_drawing *drawing)
{
    struct html *html = drawing->html;
    chart_details_open(html, drawing->id, !map_outlines()->count);
    svg_put(html, "<thead><tr><th scope=\"col\">");
    html_text(html,
              language_text(html->language, drawing->map->level == MAP_REGIONS ? N_("Région") : N_("Département")));
    svg_put(html, "</th><th scope=\"col\">");
    html_text(html, drawing->map->unit && *drawing->map->unit ? drawing->map->unit
                                                              : language_text(html->language, N_("Value")));
    svg_put(html, "</th></tr></thead><tbody>");
    for (size_t i = 0; i < drawing->map->area_count; i++) {
        const struct map_area *area = &drawing->map->areas[i];
        const bool linked = area->link && html_url_allowed(area->link);
        svg_put(html, "<tr><th scope=\"row\">");
        if (linked) {
            svg_put(html, "<a");
            svg_attribute(html, "href", area->link);
            svg_put(html, ">");
        }
        html_text(html, map_area_name(drawing, area));
        svg_put(html, linked ? "</a></th><td class=\"number\">" : "</th><td class=\"number\">");
        html_text(html, map_value_text(drawing, area));
        svg_put(html, "</td></tr>");
    }
    chart_details_close(html);
}

/* ---- the figure ---- */

static void classify(struct map_drawing *drawing)
{
    const struct france_map *map = drawing->map;
    const enum outline_kind kind = map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT;
    double *values = ARENA_ARRAY(drawing->html->arena, map->area_count, double);
    size_t count = 0;
    for (size_t i = 0; i < map->area_count; i++) {
        if (map_known(&map->areas[i])) values[count++] = map->areas[i].value;
        drawing->has_hidden = drawing->has_hidden || map->areas[i].hidden;
    }
    for (size_t i = 0; map->area_count && i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        const struct map_area *area = outline->kind == kind ? map_area_of(drawing, outline->code) : NULL;
        if (outline->kind == kind && !map_known(area) && !(area && area->hidden)) drawing->has_none = true;
    }
    drawing->classes = map_classify(values, count, map->diverging, map->scale);
    for (size_t i = 0; i < count && map->diverging; i++) drawing->has_zero = drawing->has_zero || values[i] == 0;
}

static size_t draw(struct map_drawing *drawing)
{
    struct html *html = drawing->html;
    buffer_print(html->out, "<p><a class=\"chart-skip\" href=\"#%s-data\">", drawing->id);
    html_text(html, language_text(html->language, N_("Skip the map: the figures in a table")));
    svg_put(html, "</a></p><div class=\"chart-box\">");
    const size_t lost = map_draw_svg(drawing);
    svg_put(html, "</div>");
    return lost;
}

static void tell_lost(struct html *html, size_t lost)
{
    if (!lost) return;
    svg_put(html, "<p class=\"map-method\">");
    html_text(html, language_plural(html->arena, html->language, (int64_t)lost, N_("{1} place lies outside this map."),
                                    N_("{1} places lie outside this map.")));
    svg_put(html, "</p>");
}

/* The entries of the key, one under the other. */
static void draw_file_key(const struct map_drawing *drawing, struct svg_file *file)
{
    struct html own = html_new(drawing->html->arena, drawing->html->language, drawing->html->request, MOST_DRAWING);
    struct map_drawing key = *drawing;
    const size_t count = drawing->classes.count;
    key.html = &own;
    buffer_print(own.out, "<svg viewBox=\"0 0 %d %d\">", MAP_WIDTH, (int)count * KEY_LINE);
    for (size_t i = 0; i < count; i++) {
        buffer_print(own.out, "<g class=\"area %s\"><rect y=\"%d\" width=\"%d\" height=\"%d\"/></g>",
                     drawing->classes.classes[i].colour, (int)i * KEY_LINE, KEY_WIDTH, KEY_HEIGHT);
        svg_label(&own, "key", "start", KEY_WIDTH + 8, (double)i * KEY_LINE + KEY_HEIGHT - 2, class_text(&key, i));
    }
    svg_put(&own, "</svg>");
    svg_file_put(file, html_finish(&own), MAP_WIDTH, (double)count * KEY_LINE);
}

static struct markup draw_file(const struct html *page, const struct map_drawing *given, const char *credit)
{
    struct html own = html_new(page->arena, page->language, page->request, MOST_DRAWING);
    struct france_map map = *given->map;
    struct map_area *areas = ARENA_ARRAY(page->arena, map.area_count + 1, struct map_area);
    struct map_point *points = ARENA_ARRAY(page->arena, map.point_count + 1, struct map_point);
    struct map_drawing drawing = *given;
    for (size_t i = 0; i < map.area_count; i++) areas[i] = map.areas[i], areas[i].link = NULL;
    for (size_t i = 0; i < map.point_count; i++) points[i] = map.points[i], points[i].link = NULL;
    map.areas = areas;
    map.points = points;
    drawing.html = &own;
    drawing.map = &map;
    struct svg_file file = svg_file_open(page, map.question, map.unit);
    if (map.area_count) draw_file_key(&drawing, &file);
    map_draw_svg(&drawing);
    svg_file_put(&file, html_finish(&own), MAP_WIDTH, MAP_HEIGHT);
    svg_file_text(&file, "file-source", arena_print(page->arena, "%s %s", map.source, credit));
    return svg_file_close(&file);
}

static void keep_file(const struct html *page, struct figure figure, const struct map_drawing *drawing,
                      const char *credit)
{
    struct markup file = {NULL, 0};
    if (figure.asked == FIGURE_CSV)
        file.html = map_csv(page->arena, page->language, drawing->map, &file.length);
    else if (figure.asked == FIGURE_VEGA)
        file.html = map_vega(page->arena, page->language, drawing->map), file.length = strlen(file.html);
    else
        file = draw_file(page, drawing, credit);
    figure_keep(page, figure, drawing->map->question, file.html, file.length);
}

struct markup map_draw(struct html *page, const struct france_map *map)
{
    struct html own = html_new(page->arena, page->language, page->request, MOST_DRAWING), *html = &own;
    struct map_drawing drawing = {.html = html, .map = map};
    const bool drawn = map_outlines()->count > 0;
    const char *credit =
        language_text(page->language, N_("Outlines: V. Cazanave (svg-maps), CC BY 4.0, adapted; overseas: "
                                         "Natural Earth. Insets are not to scale."));
    const struct figure figure = figure_begin(page);
    drawing.id = chart_id(page->arena, map->question, map->selected, map->area_count * 8 + map->level);
    classify(&drawing);
    if (figure.asked && (drawn || figure.asked == FIGURE_CSV)) keep_file(page, figure, &drawing, credit);
    chart_head(html, "chart map", drawing.id, map->question, map->unit);
    if (drawn) {
        if (map->area_count) draw_key(&drawing);
        tell_lost(html, draw(&drawing));
    }
    if (map->area_count) put_table(&drawing);
    figure_links(html, figure);
    chart_foot(html, map->source, drawn ? credit : NULL);
    return html_finish(html);
}
