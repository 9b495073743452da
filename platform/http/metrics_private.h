/* metrics_private.h: what is counted, in Prometheus' text format. Counters are atomic; nothing of a person is in them. */
#ifndef PLATFORM_HTTP_METRICS_PRIVATE_H
#define PLATFORM_HTTP_METRICS_PRIVATE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct http_metrics;
struct http_router;

enum http_refusal {
    REFUSED_RATE,
    REFUSED_GUESS,
    REFUSED_CSRF,
    REFUSED_RIGHTS,
    REFUSED_SIZE,
    REFUSED_INPUT,
    REFUSED_BUSY,
    REFUSALS
};

struct http_metrics *http_metrics_new(const struct http_router *router);
void http_metrics_free(struct http_metrics **metrics);

/* A request has ended. number: of its route, or the count of routes when it matched none. */
void http_metrics_request(struct http_metrics *metrics, size_t number, int status, int64_t microseconds);
void http_metrics_refused(struct http_metrics *metrics, enum http_refusal why);

/* Gauges that the server keeps itself. */
struct http_gauges {
    size_t requests, connections, handles;
};
void http_metrics_write(const struct http_metrics *metrics, const struct http_gauges *gauges, struct buffer *out);

#endif
