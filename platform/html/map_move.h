/* map_move.h: the map on which one moves about: an enhancement beside a drawn map, made by assets/map.js with Leaflet. */
#ifndef PLATFORM_HTML_MAP_MOVE_H
#define PLATFORM_HTML_MAP_MOVE_H

#include "platform/html/html.h"

/* What templates/map_move.html shows: addresses that the script asks. */
struct map_move {
    const char *
        points; /* GeoJSON: features with the properties name, url, count and approximate; a sentence `note`, or null */
    const char *land, *leaflet, *sheet, *script;
    const char *tiles, *credit; /* NULL: outlines only */
};

/* Tiles beneath the points: an address with {z}, {x} and {y}, and whom to name; NULL: none. Once, before requests; the texts must outlive
 * them. */
void map_set_tiles(const char *address, const char *credit);

/* A button that opens the map of these points; nothing is seen without script, nor when Leaflet was not installed. */
struct markup map_move_draw(struct html *html, const char *points);

#endif
