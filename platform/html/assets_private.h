/* What tools/compile-assets writes: the files, sorted by name. */
#ifndef PLATFORM_HTML_ASSETS_PRIVATE_H
#define PLATFORM_HTML_ASSETS_PRIVATE_H

#include <stddef.h>

struct asset {
    const char *name;
    const char *url;
    const char *media_type;
    const unsigned char *content;
    size_t length;
};

extern const struct asset assets[];
extern const size_t asset_count;

#endif
