/* The drawing of a map of France. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/map_private.h"

enum { ZOOM_NAME = 128, INSET_NAMES = 712, INSET_VALUES = 732 };

const struct map_area *map_area_of(const struct map_drawing *drawing, const char *code)
{
    for (size_t i = 0; i < drawing->map->area_count; i++) {
        const char *own = drawing->map->areas[i].code;
        if (drawing->map->level == MAP_REGIONS && *own == 'R') own++;
        if (strcmp(own, code) == 0) return &drawing->map->areas[i];
    }
    return NULL;
}

bool map_known(const struct map_area *area) { return area && !area->hidden && isfinite(area->value); }

const char *map_value_text(const struct map_drawing *drawing, const struct map_area *area)
{
    struct html *html = drawing->html;
    if (area && area->hidden) return language_text(html->language, N_("withheld"));
    if (!map_known(area)) return language_text(html->language, N_("no data"));
    return chart_number(html, area->value, drawing->map->scale, drawing->map->diverging);
}

/* What the caller says of an area may hold its figure: not used for one that is withheld. */
static const char *area_text(const struct map_drawing *drawing, const struct outline *outline,
                             const struct map_area *area)
{
    if (map_known(area) && area->text) return area->text;
    return language_print(drawing->html->arena, drawing->html->language, N_("{1}: {2}"), outline->name,
                          map_value_text(drawing, area), NULL);
}

static const char *area_colour(const struct map_drawing *drawing, const struct map_area *area)
{
    if (area && area->hidden) return "withheld";
    return map_known(area) ? map_colour(&drawing->classes, map_shown_value(area->value, drawing->map->scale)) : "none";
}

static bool is_selected(const struct map_drawing *drawing, const char *code)
{
    const char *selected = drawing->map->selected;
    if (!selected) return false;
    if (drawing->map->level == MAP_REGIONS && *selected == 'R') selected++;
    return strcmp(selected, code) == 0;
}

/* In print, where colours may be lost, what is below zero is hatched: the attribute stands where the style sheet says nothing. */
static void put_path(const struct map_drawing *drawing, const char *path, const char *colour)
{
    struct buffer *out = drawing->html->out;
    buffer_print(out, "<path d=\"%s\"", path);
    if (strcmp(colour, "withheld") == 0) buffer_print(out, " fill=\"url(#%s-wh)\"", drawing->id);
    if (colour[0] == 'd' && colour[1] < '3') buffer_print(out, " fill=\"url(#%s-%s)\"", drawing->id, colour);
    buffer_text(out, "/>");
}

/* again: the enlarged copy, which the keyboard and screen readers pass over. */
static void draw_area(const struct map_drawing *drawing, const struct outline *outline, const char *path, bool again)
{
    struct html *html = drawing->html;
    const struct map_area *area = map_area_of(drawing, outline->code);
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
static void draw_areas(const struct map_drawing *drawing, bool selected)
{
    const enum outline_kind kind = drawing->map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT;
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        if (outline->kind == kind && is_selected(drawing, outline->code) == selected)
            draw_area(drawing, outline, outline->path, false);
    }
}

static void draw_zoom(const struct map_drawing *drawing)
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
static void draw_value(const struct map_drawing *drawing, const struct outline *outline)
{
    const struct map_area *area = map_area_of(drawing, outline->code);
    if (!map_known(area) || outline->y > MAP_INSET_TOP) return;
    const char *class = arena_print(drawing->html->arena, "map-value on-%s", area_colour(drawing, area));
    /* Room for the larger texts of small screens: Corse stands at the edge. */
    const double most = MAP_WIDTH - 0.75 * svg_text_width(map_value_text(drawing, area));
    svg_label(drawing->html, class, "middle", fmin(outline->x, most), outline->y + 5, map_value_text(drawing, area));
}

static void draw_inset(const struct map_drawing *drawing, const struct outline *outline, double middle)
{
    const struct map_area *area =
        map_area_of(drawing, drawing->map->level == MAP_REGIONS ? outline->region : outline->code);
    svg_label(drawing->html, "map-inset", "middle", middle, INSET_NAMES, outline->name);
    if (map_known(area))
        svg_label(drawing->html, "map-inset", "middle", middle, INSET_VALUES, map_value_text(drawing, area));
}

static void draw_texts(const struct map_drawing *drawing)
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

static void draw_spot(const struct map_drawing *drawing, const struct map_cluster *cluster)
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

static size_t draw_points(const struct map_drawing *drawing)
{
    size_t count = 0, lost = 0;
    const struct map_cluster *clusters =
        map_gather(drawing->html, drawing->map->points, drawing->map->point_count, &count, &lost);
    for (size_t i = 0; i < count; i++) draw_spot(drawing, &clusters[i]);
    return lost;
}

const char *map_area_name(const struct map_drawing *drawing, const struct map_area *area)
{
    const struct outline *outline =
        map_outline(drawing->map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT, area->code);
    return outline ? outline->name : area->hidden || !area->text ? area->code : area->text;
}

static void define_negative(const struct map_drawing *drawing)
{
    for (int i = 0; i < 3 && drawing->map->diverging; i++)
        buffer_print(drawing->html->out,
                     "<defs><pattern id=\"%s-d%d\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                     "patternTransform=\"rotate(-45)\">"
                     "<rect class=\"print-d%d\" width=\"5\" height=\"5\"/><line class=\"print-line\" x1=\"1\" y1=\"0\" "
                     "x2=\"1\" y2=\"5\"/></pattern></defs>",
                     drawing->id, i, i);
}

static const char *describe(const struct map_drawing *drawing)
{
    struct html *html = drawing->html;
    const struct map_area *highest = NULL, *lowest = NULL;
    for (size_t i = 0; i < drawing->map->area_count; i++) {
        const struct map_area *area = &drawing->map->areas[i];
        if (!map_known(area)) continue;
        if (!highest || area->value > highest->value) highest = area;
        if (!lowest || area->value < lowest->value) lowest = area;
    }
    if (!highest) return language_text(html->language, N_("A map of France with its overseas départements."));
    return language_print(
        html->arena, html->language,
        N_("A map of France with its overseas départements; the highest: {1} ({2}); the lowest: {3} ({4})."),
        map_value_text(drawing, highest), map_area_name(drawing, highest), map_value_text(drawing, lowest),
        map_area_name(drawing, lowest), NULL);
}

size_t map_draw_svg(struct map_drawing *drawing)
{
    struct html *html = drawing->html;
    const struct canvas canvas = {.html = html, .width = MAP_WIDTH, .height = MAP_HEIGHT, .id = drawing->id};
    svg_open(&canvas, "map-drawing", "group", drawing->map->question, describe(drawing));
    svg_define_hatch(&canvas);
    define_negative(drawing);
    draw_areas(drawing, false);
    draw_zoom(drawing);
    draw_areas(drawing, true);
    draw_texts(drawing);
    const size_t lost = draw_points(drawing);
    svg_put(html, "</svg>");
    return lost;
}
