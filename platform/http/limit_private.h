/* limit_private.h: token buckets in a table of fixed size. Safe from any thread. */
#ifndef PLATFORM_HTTP_LIMIT_PRIVATE_H
#define PLATFORM_HTTP_LIMIT_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

struct http_limiter;

/* per_minute tokens flow into each bucket, which holds at most burst of them. per_minute < 0: no limit. */
struct http_limiter *http_limiter_new(int64_t per_minute, int64_t burst);
void http_limiter_free(struct http_limiter **limiter);

/* Takes one token of the bucket of key at the moment now (milliseconds that never go back). 0: taken; else the seconds until there is
 * one. When a full table meets a new key, the bucket of its set that has most tokens is forgotten: the one that was limiting least. */
int64_t http_limiter_take(struct http_limiter *limiter, const void *key, size_t length, int64_t now);

#endif
