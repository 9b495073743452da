/* embed.h: a file compiled into the program by tools/embed. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
    const char *name;           /* without its folder */
    const unsigned char *bytes; /* a NUL follows, not counted, so that texts can be used as they are */
    size_t length;
};

#endif
