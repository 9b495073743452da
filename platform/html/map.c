/* The figure of a map of France. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/map_private.h"

enum {
    MOST_DRAWING = 4 * 1024 * 1024,
    KEY_WIDTH = 22,
    KEY_HEIGHT = 14,
    ZOOM_NAME = 128,
    INSET_NAMES = 712,
    INSET_VALUES = 732
};

struct drawing {
    struct html *html;
    const struct france_map *map;
    const char *id;
    const struct canvas *canvas;
    struct map_classes classes;
    bool has_hidden, has_none, has_zero;
};

static const struct map_area *find_area(const struct drawing *drawing, const char *code)
{
    for (size_t i = 0; i < drawing->map->area_count; i++) {
        const char *own = drawing->map->areas[i].code;
        if (drawing->map->level == MAP_REGIONS && *own == 'R') own++;
        if (strcmp(own, code) == 0) return &drawing->map->areas[i];
    }
    return NULL;
}

static bool is_known(const struct map_area *area) { return area && !area->hidden && isfinite(area->value); }

static const char *value_text(const struct drawing *drawing, const struct map_area *area)
{
    struct html *html = drawing->html;
    if (area && area->hidden) return language_text(html->language, N_("withheld"));
    if (!is_known(area)) return language_text(html->language, N_("no data"));
    return chart_number(html, area->value, drawing->map->scale, drawing->map->diverging);
}

/* What the caller says of an area may hold its figure: not used for one that is withheld. */
static const char *area_text(const struct drawing *drawing, const struct outline *outline, const struct map_area *area)
{
    if (is_known(area) && area->text) return area->text;
    return language_print(drawing->html->arena, drawing->html->language, N_("{1}: {2}"), outline->name,
                          value_text(drawing, area), NULL);
}

static const char *area_colour(const struct drawing *drawing, const struct map_area *area)
{
    if (area && area->hidden) return "withheld";
    return is_known(area) ? map_colour(&drawing->classes, map_shown_value(area->value, drawing->map->scale)) : "none";
}

static bool is_selected(const struct drawing *drawing, const char *code)
{
    const char *selected = drawing->map->selected;
    if (!selected) return false;
    if (drawing->map->level == MAP_REGIONS && *selected == 'R') selected++;
    return strcmp(selected, code) == 0;
}

/* In print, where colours may be lost, what is below zero is hatched: the attribute stands where the style sheet says nothing. */
static void put_path(const struct drawing *drawing, const char *path, const char *colour)
{
    struct buffer *out = drawing->html->out;
    buffer_print(out, "<path d=\"%s\"", path);
    if (strcmp(colour, "withheld") == 0) buffer_print(out, " fill=\"url(#%s-wh)\"", drawing->id);
    if (colour[0] == 'd' && colour[1] < '3') buffer_print(out, " fill=\"url(#%s-%s)\"", drawing->id, colour);
    buffer_text(out, "/>");
}

/* again: the enlarged copy, which the keyboard and screen readers pass over. */
static void draw_area(const struct drawing *drawing, const struct outline *outline, const char *path, bool again)
{
    struct html *html = drawing->html;
    const struct map_area *area = find_area(drawing, outline->code);
    const char *text = area_text(drawing, outline, area), *colour = area_colour(drawing, area);
    const bool selected = is_selected(drawing, outline->code),
               linked = area && area->link && html_url_allowed(area->link);
    svg_put(html, linked ? "<a" : "<g");
    svg_attribute(html, "class", arena_print(html->arena, "area %s%s", colour, selected ? " selected" : ""));
    if (linked) svg_attribute(html, "href", area->link);
    if (again) {
        svg_put(html, linked ? " tabindex=\"-1\" aria-hidden=\"true\"" : " aria-hidden=\"true\"");
    } else {
        if (!linked) svg_put(html, " role=\"img\"");
        svg_attribute(html, "aria-label", text);
        if (selected && linked) svg_put(html, " aria-current=\"true\"");
    }
    svg_put(html, "><title>");
    html_text(html, text);
    svg_put(html, "</title>");
    if (selected) buffer_print(html->out, "<path class=\"halo\" d=\"%s\"/>", path);
    put_path(drawing, path, colour);
    svg_put(html, linked ? "</a>" : "</g>");
}

/* The selected one last, so that its border is whole. */
static void draw_areas(const struct drawing *drawing, bool selected)
{
    const enum outline_kind kind = drawing->map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT;
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        if (outline->kind == kind && is_selected(drawing, outline->code) == selected)
            draw_area(drawing, outline, outline->path, false);
    }
}

static void draw_zoom(const struct drawing *drawing)
{
    if (drawing->map->level == MAP_REGIONS) return;
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *zoom = &map_outlines()->rows[i];
        const struct outline *outline =
            zoom->kind == OUTLINE_ZOOM ? map_outline(OUTLINE_DEPARTEMENT, zoom->code) : NULL;
        if (outline) draw_area(drawing, outline, zoom->path, true);
    }
    svg_label(drawing->html, "map-inset", "start", 4, ZOOM_NAME,
              language_text(drawing->html->language, N_("Paris and around")));
}

/* Régions are large enough to hold their figure; the overseas ones have it under their name. */
static void draw_value(const struct drawing *drawing, const struct outline *outline)
{
    const struct map_area *area = find_area(drawing, outline->code);
    if (!is_known(area) || outline->y > MAP_INSET_TOP) return;
    const char *class = arena_print(drawing->html->arena, "map-value on-%s", area_colour(drawing, area));
    /* Room for the larger texts of small screens: Corse stands at the edge. */
    const double most = MAP_WIDTH - 0.75 * svg_text_width(value_text(drawing, area));
    svg_label(drawing->html, class, "middle", fmin(outline->x, most), outline->y + 5, value_text(drawing, area));
}

static void draw_inset(const struct drawing *drawing, const struct outline *outline, double middle)
{
    const struct map_area *area =
        find_area(drawing, drawing->map->level == MAP_REGIONS ? outline->region : outline->code);
    svg_label(drawing->html, "map-inset", "middle", middle, INSET_NAMES, outline->name);
    if (is_known(area))
        svg_label(drawing->html, "map-inset", "middle", middle, INSET_VALUES, value_text(drawing, area));
}

static void draw_texts(const struct drawing *drawing)
{
    double left = 0;
    svg_put(drawing->html, "<g aria-hidden=\"true\">");
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        if (outline->kind == OUTLINE_REGION && drawing->map->level == MAP_REGIONS && !drawing->map->point_count)
            draw_value(drawing, outline);
        if (outline->kind != OUTLINE_DEPARTEMENT || outline->y < MAP_INSET_TOP) continue;
        draw_inset(drawing, outline, left + MAP_WIDTH / 10.0);
        left += MAP_WIDTH / 5.0;
    }
    svg_put(drawing->html, "</g>");
}

static void draw_spot(const struct drawing *drawing, const struct map_cluster *cluster)
{
    struct html *html = drawing->html;
    const double radius = fmin(4 + 1.4 * sqrt((double)cluster->weight), 16);
    const char *count = chart_number(html, (double)cluster->weight, 0, false);
    const char *label =
        cluster->count == 1 ? cluster->labels : arena_print(html->arena, "%s\n%s", count, cluster->labels);
    const bool linked =
        cluster->count == 1 &&
        svg_open_link(html, cluster->first->approximate ? "spot approximate" : "spot", cluster->first->link, label);
    if (!linked) {
        svg_put(html, cluster->count == 1 && cluster->first->approximate ? "<g class=\"spot approximate\" role=\"img\""
                                                                         : "<g class=\"spot\" role=\"img\"");
        svg_attribute(html, "aria-label", label);
        svg_put(html, ">");
    }
    svg_put(html, "<title>");
    html_text(html, label);
    svg_put(html, "</title><circle");
    svg_real(html, "cx", cluster->x);
    svg_real(html, "cy", cluster->y);
    svg_real(html, "r", radius);
    svg_put(html, "/>");
    if (cluster->count > 1 && radius >= 8) svg_label(html, "spot-count", "middle", cluster->x, cluster->y + 4, count);
    svg_put(html, linked ? "</a>" : "</g>");
}

static size_t draw_points(const struct drawing *drawing)
{
    size_t count = 0, lost = 0;
    const struct map_cluster *clusters =
        map_gather(drawing->html, drawing->map->points, drawing->map->point_count, &count, &lost);
    for (size_t i = 0; i < count; i++) draw_spot(drawing, &clusters[i]);
    return lost;
}

/* ---- key ---- */

static void key_entry(const struct drawing *drawing, const char *colour, const char *text)
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

static const char *class_text(const struct drawing *drawing, size_t index)
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

static void draw_key(const struct drawing *drawing)
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

static const char *area_name(const struct drawing *drawing, const struct map_area *area)
{
    const struct outline *outline =
        map_outline(drawing->map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT, area->code);
    return outline ? outline->name : area->hidden || !area->text ? area->code : area->text;
}

static void put_table(const struct drawing *drawing)
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
        html_text(html, area_name(drawing, area));
        svg_put(html, linked ? "</a></th><td class=\"number\">" : "</th><td class=\"number\">");
        html_text(html, value_text(drawing, area));
        svg_put(html, "</td></tr>");
    }
    chart_details_close(html);
}

/* ---- the figure ---- */

static void classify(struct drawing *drawing)
{
    const struct france_map *map = drawing->map;
    const enum outline_kind kind = map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT;
    double *values = ARENA_ARRAY(drawing->html->arena, map->area_count, double);
    size_t count = 0;
    for (size_t i = 0; i < map->area_count; i++) {
        if (is_known(&map->areas[i])) values[count++] = map->areas[i].value;
        drawing->has_hidden = drawing->has_hidden || map->areas[i].hidden;
    }
    for (size_t i = 0; map->area_count && i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        const struct map_area *area = outline->kind == kind ? find_area(drawing, outline->code) : NULL;
        if (outline->kind == kind && !is_known(area) && !(area && area->hidden)) drawing->has_none = true;
    }
    drawing->classes = map_classify(values, count, map->diverging, map->scale);
    for (size_t i = 0; i < count && map->diverging; i++) drawing->has_zero = drawing->has_zero || values[i] == 0;
}

static void define_negative(const struct drawing *drawing)
{
    for (int i = 0; i < 3 && drawing->map->diverging; i++)
        buffer_print(drawing->html->out,
                     "<defs><pattern id=\"%s-d%d\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                     "patternTransform=\"rotate(-45)\">"
                     "<rect class=\"print-d%d\" width=\"5\" height=\"5\"/><line class=\"print-line\" x1=\"1\" y1=\"0\" "
                     "x2=\"1\" y2=\"5\"/></pattern></defs>",
                     drawing->id, i, i);
}

static const char *describe(const struct drawing *drawing)
{
    struct html *html = drawing->html;
    const struct map_area *highest = NULL, *lowest = NULL;
    for (size_t i = 0; i < drawing->map->area_count; i++) {
        const struct map_area *area = &drawing->map->areas[i];
        if (!is_known(area)) continue;
        if (!highest || area->value > highest->value) highest = area;
        if (!lowest || area->value < lowest->value) lowest = area;
    }
    if (!highest) return language_text(html->language, N_("A map of France with its overseas départements."));
    return language_print(
        html->arena, html->language,
        N_("A map of France with its overseas départements; the highest: {1} ({2}); the lowest: {3} ({4})."),
        value_text(drawing, highest), area_name(drawing, highest), value_text(drawing, lowest),
        area_name(drawing, lowest), NULL);
}

static size_t draw(struct drawing *drawing)
{
    struct html *html = drawing->html;
    const struct canvas canvas = {.html = html, .width = MAP_WIDTH, .height = MAP_HEIGHT, .id = drawing->id};
    buffer_print(html->out, "<p><a class=\"chart-skip\" href=\"#%s-data\">", drawing->id);
    html_text(html, language_text(html->language, N_("Skip the map: the figures in a table")));
    svg_put(html, "</a></p><div class=\"chart-box\">");
    svg_open(&canvas, "map-drawing", "group", drawing->map->question, describe(drawing));
    svg_define_hatch(&canvas);
    define_negative(drawing);
    draw_areas(drawing, false);
    draw_zoom(drawing);
    draw_areas(drawing, true);
    draw_texts(drawing);
    const size_t lost = draw_points(drawing);
    svg_put(html, "</svg></div>");
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

struct markup map_draw(struct html *page, const struct france_map *map)
{
    struct html own = html_new(page->arena, page->language, page->request, MOST_DRAWING), *html = &own;
    struct drawing drawing = {.html = html, .map = map};
    drawing.id = chart_id(page->arena, map->question, map->selected, map->area_count * 8 + map->level);
    classify(&drawing);
    chart_head(html, "chart map", drawing.id, map->question, map->unit);
    if (map_outlines()->count) {
        if (map->area_count) draw_key(&drawing);
        tell_lost(html, draw(&drawing));
    }
    if (map->area_count) put_table(&drawing);
    chart_foot(html, map->source,
               map_outlines()->count
                   ? language_text(page->language, N_("Outlines: V. Cazanave (svg-maps), CC BY 4.0, adapted; overseas: "
                                                      "Natural Earth. Insets are not to scale."))
                   : NULL,
               NULL);
    return html_finish(html);
}
