/* spool_private.h: bytes kept in memory up to a size, beyond it in a file that has no name. One thread at a time. */
#ifndef PLATFORM_HTTP_SPOOL_PRIVATE_H
#define PLATFORM_HTTP_SPOOL_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SPOOL_IN_MEMORY = 1024 * 1024 };

struct http_spool;

/* folder: where the file would be. Ended by http_spool_free. */
struct http_spool *http_spool_new(const char *folder);
void http_spool_free(struct http_spool **spool);

/* STATUS_FAULT when the disk refuses. */
enum status http_spool_add(struct http_spool *spool, const void *bytes, size_t length, struct error *error);
size_t http_spool_length(const struct http_spool *spool);

/* All bytes as writable memory with one NUL after them, until http_spool_free (a file is mapped, privately). Call it once, after the
 * last http_spool_add. NULL when the system refuses. */
char *http_spool_bytes(struct http_spool *spool);

/* A new file without a name in the folder, or -1. */
int http_temporary_file(const char *folder);

#endif
