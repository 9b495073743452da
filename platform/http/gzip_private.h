/* gzip_private.h: whether and how a body is compressed (RFC 9110 section 12.5.3, RFC 1952). */
#ifndef PLATFORM_HTTP_GZIP_PRIVATE_H
#define PLATFORM_HTTP_GZIP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Whether an Accept-Encoding header (may be NULL) prefers gzip to nothing. */
bool http_gzip_accepted(const char *accept_encoding);

/* Whether bodies of this media type get smaller. */
bool http_gzip_worth(const char *media_type);

/* The body compressed, in the arena; NULL when it would not get smaller. About 20 ns a byte. */
const char *http_gzip(struct arena *arena, const char *body, size_t length, size_t *compressed);

/* A stream being compressed. write gets the bytes as they come and says false to stop. */
struct http_gzip;
typedef bool http_gzip_write(void *context, const void *bytes, size_t length);
struct http_gzip *http_gzip_new(http_gzip_write *write, void *context);
bool http_gzip_add(struct http_gzip *gzip, const char *bytes, size_t length, bool last);
void http_gzip_free(struct http_gzip **gzip);

#endif
