/* map_rings_private.h: outlines as GeoJSON. */
#ifndef PLATFORM_HTML_MAP_RINGS_PRIVATE_H
#define PLATFORM_HTML_MAP_RINGS_PRIVATE_H

#include <jansson.h>

#include "platform/html/map_private.h"

/* The outline as a GeoJSON MultiPolygon: in the units of the drawing (tenths), or in degrees (thousandths) when its frame is given. A new
 * reference. O(points). */
json_t *map_geometry(struct arena *arena, const struct outline *outline, const struct outline *frame);

#endif
