#include "platform/http/gzip_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/fatal.h"

/* Level 4 gives pages within 4 % of level 9's size in a third of its time. 16: zlib writes a gzip header. */
enum { LEVEL = 4, WINDOW = 15 + 16, MEMORY = 8, PIECE = 16 * 1024 };

/* The thousandths of ";q=0.5" in a coding's parameters; 1000 when there is none, 0 when it cannot be read. */
static int quality(const char *parameters, size_t length)
{
    const char *q = memchr(parameters, '=', length);
    if (!q) return 1000;
    const char *at = q + 1, *end = parameters + length;
    if (at == end || (*at != '0' && *at != '1')) return 0;
    int value = (*at++ - '0') * 1000;
    if (at < end && *at == '.') at++;
    for (int unit = 100; at < end && *at >= '0' && *at <= '9' && unit; unit /= 10) value += (*at++ - '0') * unit;
    return value > 1000 ? 1000 : value;
}

static bool is_coding(const char *text, size_t length, const char *coding)
{
    return strlen(coding) == length && strncasecmp(text, coding, length) == 0;
}

bool http_gzip_accepted(const char *accept_encoding)
{
    int gzip = -1, identity = -1, any = -1;
    for (const char *at = accept_encoding; at && *at;) {
        at += strspn(at, ", \t");
        const size_t item = strcspn(at, ",");
        const size_t name = strcspn(at, ",; \t");
        const int q = quality(at + name, item - name);
        if (is_coding(at, name, "gzip") || is_coding(at, name, "x-gzip"))
            gzip = q;
        else if (is_coding(at, name, "identity"))
            identity = q;
        else if (is_coding(at, name, "*"))
            any = q;
        at += item;
    }
    if (gzip < 0) gzip = any;
    return gzip > 0 && gzip >= identity;
}

bool http_gzip_worth(const char *media_type)
{
    const size_t length = strcspn(media_type, "; ");
    static const char *const words[] = {"json", "xml", "javascript", "x-ndjson", "yaml"};
    if (strncasecmp(media_type, "text/", 5) == 0) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t size = strlen(words[i]);
        if (length > size && strncasecmp(media_type + length - size, words[i], size) == 0) return true;
    }
    return false;
}

struct http_gzip {
    z_stream zlib;
    http_gzip_write *write;
    void *context;
};

static void start(z_stream *zlib)
{
    if (deflateInit2(zlib, LEVEL, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) fatal_memory(sizeof *zlib);
}

/* zlib does not write to its input, but this version's structure is not const. */
static void give(z_stream *zlib, const char *bytes, size_t length)
{
    union {
        const char *given;
        Bytef *taken;
    } input = {bytes};
    zlib->next_in = input.taken;
    zlib->avail_in = (uInt)length;
}

const char *http_gzip(struct arena *arena, const char *body, size_t length, size_t *compressed)
{
    if (length > 0x7fffffff) return NULL;
    z_stream zlib = {0};
    start(&zlib);
    char *out = arena_alloc(arena, length);
    give(&zlib, body, length);
    zlib.next_out = (Bytef *)out;
    zlib.avail_out = (uInt)length - 1;
    const bool fits = deflate(&zlib, Z_FINISH) == Z_STREAM_END;
    *compressed = zlib.total_out;
    deflateEnd(&zlib);
    return fits ? out : NULL;
}

struct http_gzip *http_gzip_new(http_gzip_write *write, void *context)
{
    struct http_gzip *gzip = calloc(1, sizeof *gzip);
    if (!gzip) fatal_memory(sizeof *gzip);
    start(&gzip->zlib);
    gzip->write = write;
    gzip->context = context;
    return gzip;
}

bool http_gzip_add(struct http_gzip *gzip, const char *bytes, size_t length, bool last)
{
    unsigned char out[PIECE];
    give(&gzip->zlib, bytes, length);
    do {
        gzip->zlib.next_out = out;
        gzip->zlib.avail_out = sizeof out;
        deflate(&gzip->zlib, last ? Z_FINISH : Z_NO_FLUSH);
        const size_t made = sizeof out - gzip->zlib.avail_out;
        if (made && !gzip->write(gzip->context, out, made)) return false;
    } while (gzip->zlib.avail_out == 0);
    return true;
}

void http_gzip_free(struct http_gzip **gzip)
{
    if (!*gzip) return;
    deflateEnd(&(*gzip)->zlib);
    free(*gzip);
    *gzip = NULL;
}
