/* What tools/compile-assets writes: the files, sorted by name. */
#ifndef PLATFORM_HTML_ASSETS_PRIVATE_H
#define PLATFORM_HTML_ASSETS_PRIVATE_H

#include <stddef.h>

#include "platform/http/http.h"

struct asset {
    const char *name;
    const char *url;
    const char *media_type;
    const unsigned char *content;
    size_t length;
};

extern const struct asset assets[];
extern const size_t asset_count;

/* The outlines of the départements in degrees, as GeoJSON (map_move.c). */
http_handler map_land;

#endif
