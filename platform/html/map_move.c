/* map_move.c: what the script of the moving map (assets/map.js) is told, and the outlines that it shows beneath the points. */
#include "platform/html/map_move.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/html/assets.h"
#include "platform/html/assets_private.h"
#include "platform/html/map_rings_private.h"
#include "platform/html/templates.h"

/* Set once at start, then only read. */
static const char *tiles, *tiles_credit;

void map_set_tiles(const char *address, const char *credit)
{
    tiles = address;
    tiles_credit = credit;
}

/* A frame without code is that of the mainland. */
static const struct outline *frame_of(const struct outline *outline)
{
    const struct outline *mainland = NULL;
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *row = &map_outlines()->rows[i];
        if (row->kind != OUTLINE_FRAME) continue;
        if (!*row->code) mainland = row;
        if (strcmp(row->code, outline->code) == 0) return row;
    }
    return mainland;
}

static json_t *land(struct arena *arena)
{
    json_t *features = json_array();
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        if (outline->kind != OUTLINE_DEPARTEMENT) continue;
        json_array_append_new(features,
                              json_pack("{s:s, s:{s:s}, s:o}", "type", "Feature", "properties", "name", outline->name,
                                        "geometry", map_geometry(arena, outline, frame_of(outline))));
    }
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
}

enum status map_land(const struct http_request *request, struct http_response *response, struct error *error)
{
    json_t *all = land(request->arena);
    char *text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(6));
    (void)error;
    json_decref(all);
    if (!text) fatal_memory(0);
    response->body = arena_copy(request->arena, text);
    response->body_length = strlen(text);
    response->media_type = "application/geo+json";
    response->etag = chart_id(request->arena, text, "", 0);
    response->cache = HTTP_PUBLIC_SHORT;
    free(text);
    return STATUS_OK;
}

struct markup map_move_draw(struct html *html, const char *points)
{
    const struct map_move view = {.points = points,
                                  .land = "/assets/france.geojson",
                                  .leaflet = asset_url("leaflet.js"),
                                  .sheet = asset_url("leaflet.css"),
                                  .script = asset_url("map.js"),
                                  .tiles = tiles,
                                  .credit = tiles_credit};
    if (!asset_exists("leaflet.js")) return (struct markup){NULL, 0};
    return HTML_DRAWN(html, template_map_move, &view);
}
