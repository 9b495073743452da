/* workers_private.h: threads for what would hold up a connection thread. */
#ifndef PLATFORM_HTTP_WORKERS_PRIVATE_H
#define PLATFORM_HTTP_WORKERS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct http_workers;

/* cancelled: the server stops and the work is only to be given up, at once. */
typedef void http_work(void *context, bool cancelled);

struct http_workers *http_workers_new(size_t threads);

/* Queues work, first come first served. False when the queue is full or the workers stop: then work is never called. */
bool http_workers_add(struct http_workers *workers, http_work *work, void *context);

/* Gives up what is queued, waits for what runs, ends the threads. Further work is refused. */
void http_workers_stop(struct http_workers *workers);
void http_workers_free(struct http_workers **workers);

#endif
