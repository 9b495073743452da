/* map_vega.c: a map as a Vega-Lite description with its outlines and figures inside, in the drawing's own units, insets included. */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/html/map_rings_private.h"

enum { SHOWN_WIDTH = 480, SHOWN_HEIGHT = SHOWN_WIDTH * MAP_HEIGHT / MAP_WIDTH };

static json_t *figure(const struct map_area *area, int scale)
{
    return map_known(area) ? json_real(chart_rounded(area->value, scale)) : json_null();
}

static json_t *feature(const struct map_drawing *drawing, const struct outline *outline)
{
    const struct map_area *area = map_area_of(drawing, outline->code);
    json_t *properties =
        json_pack("{s:s, s:s, s:o, s:b}", "code", area ? area->code : outline->code, "name", outline->name, "value",
                  figure(area, drawing->map->scale), "withheld", area && area->hidden);
    return json_pack("{s:s, s:o, s:o}", "type", "Feature", "properties", properties, "geometry",
                     map_geometry(drawing->html->arena, outline, NULL));
}

static json_t *features(const struct map_drawing *drawing)
{
    const enum outline_kind kind = drawing->map->level == MAP_REGIONS ? OUTLINE_REGION : OUTLINE_DEPARTEMENT;
    json_t *all = json_array();
    for (size_t i = 0; i < map_outlines()->count; i++)
        if (map_outlines()->rows[i].kind == kind)
            json_array_append_new(all, feature(drawing, &map_outlines()->rows[i]));
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", all);
}

/* Those without a figure beneath, in grey; the others over them, coloured by it. */
static json_t *layers(const struct map_drawing *drawing)
{
    const char *unit = drawing->map->unit ? drawing->map->unit : "";
    json_t *name = json_pack("{s:s, s:s, s:n}", "field", "properties.name", "type", "nominal", "title");
    json_t *value = json_pack("{s:s, s:s, s:s}", "field", "properties.value", "type", "quantitative", "title", unit);
    json_t *colour = json_pack("{s:s, s:s, s:s}", "field", "properties.value", "type", "quantitative", "title", unit);
    json_object_set_new(colour, "scale",
                        drawing->map->diverging ? json_pack("{s:s, s:i}", "scheme", "purpleorange", "domainMid", 0)
                                                : json_pack("{s:s}", "scheme", "blues"));
    return json_pack("[{s:{s:s, s:s, s:s, s:f}}, {s:[{s:s}], s:{s:s, s:s, s:f}, s:{s:o, s:[o, o]}}]", "mark", "type",
                     "geoshape", "fill", "#e9e9ef", "stroke", "#ffffff", "strokeWidth", 0.8, "transform", "filter",
                     "isValid(datum.properties.value)", "mark", "type", "geoshape", "stroke", "#ffffff", "strokeWidth",
                     0.8, "encoding", "color", colour, "tooltip", name, value);
}

const char *map_vega(struct arena *arena, enum language language, const struct france_map *map)
{
    struct html html = html_new(arena, language, NULL, 1);
    const struct map_drawing drawing = {.html = &html, .map = map};
    json_t *all =
        json_pack("{s:s, s:s*, s:s*, s:i, s:i, s:{s:s, s:b}, s:{s:o, s:{s:s}}, s:o}", "$schema",
                  "https://vega.github.io/schema/vega-lite/v5.json", "title", map->question, "description", map->source,
                  "width", SHOWN_WIDTH, "height", SHOWN_HEIGHT, "projection", "type", "identity", "reflectY", 0, "data",
                  "values", features(&drawing), "format", "property", "features", "layer", layers(&drawing));
    char *text = all ? json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(all);
    if (!text) fatal("jansson could not build the description of a map");
    const char *kept = arena_copy(arena, text);
    free(text);
    return kept;
}
