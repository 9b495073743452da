#include "platform/http/metrics_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/http/router_private.h"

/* The last status stands for all others. */
static const int statuses[] = {200, 201, 202, 204, 301, 302, 303, 304, 400, 401, 403,
                               404, 405, 409, 413, 415, 422, 429, 500, 503, 0};
enum { STATUSES = sizeof statuses / sizeof *statuses };

/* Upper bounds of the histogram, in microseconds; the last one has none. */
static const int64_t bounds[] = {500,   1000,   2500,   5000,    10000,   25000,
                                 50000, 100000, 250000, 1000000, 5000000, INT64_MAX};
enum { BOUNDS = sizeof bounds / sizeof *bounds };

static const char *const refusals[REFUSALS] = {"rate", "guess", "csrf", "rights", "size", "input", "busy"};
static const char *const methods[HTTP_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

struct route_count {
    _Atomic uint64_t by_status[STATUSES];
    _Atomic uint64_t by_bound[BOUNDS];
    _Atomic uint64_t microseconds;
};

struct http_metrics {
    const struct http_router *router;
    _Atomic uint64_t refused[REFUSALS];
    struct route_count routes[]; /* one a route, then what matched none */
};

struct http_metrics *http_metrics_new(const struct http_router *router)
{
    const size_t size = sizeof(struct http_metrics) + (http_router_count(router) + 1) * sizeof(struct route_count);
    struct http_metrics *metrics = calloc(1, size);
    if (!metrics) fatal_memory(size);
    metrics->router = router;
    return metrics;
}

void http_metrics_free(struct http_metrics **metrics)
{
    free(*metrics);
    *metrics = NULL;
}

static void add(_Atomic uint64_t *counter, uint64_t amount)
{
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

void http_metrics_request(struct http_metrics *metrics, size_t number, int status, int64_t microseconds)
{
    struct route_count *route = &metrics->routes[number];
    size_t at = 0, bound = 0;
    while (at < STATUSES - 1 && statuses[at] != status) at++;
    while (microseconds > bounds[bound]) bound++;
    add(&route->by_status[at], 1);
    add(&route->by_bound[bound], 1);
    add(&route->microseconds, (uint64_t)microseconds);
}

void http_metrics_refused(struct http_metrics *metrics, enum http_refusal why) { add(&metrics->refused[why], 1); }

/* method="GET",route="/needs/{id}" */
static void write_labels(const struct http_metrics *metrics, size_t number, struct buffer *out)
{
    if (number == http_router_count(metrics->router)) {
        buffer_text(out, "method=\"\",route=\"none\"");
        return;
    }
    const struct http_route *row = http_router_row(metrics->router, number);
    buffer_print(out, "method=\"%s\",route=\"%s\"", methods[row->method], row->path);
}

static void write_requests(const struct http_metrics *metrics, size_t number, struct buffer *out)
{
    for (size_t at = 0; at < STATUSES; at++) {
        const uint64_t count = metrics->routes[number].by_status[at];
        if (!count) continue;
        buffer_text(out, "http_requests_total{");
        write_labels(metrics, number, out);
        if (statuses[at])
            buffer_print(out, ",status=\"%d\"} %llu\n", statuses[at], (unsigned long long)count);
        else
            buffer_print(out, ",status=\"other\"} %llu\n", (unsigned long long)count);
    }
}

static void write_bucket(const struct http_metrics *metrics, size_t number, size_t bound, uint64_t count,
                         struct buffer *out)
{
    buffer_text(out, "http_request_duration_seconds_bucket{");
    write_labels(metrics, number, out);
    if (bound == BOUNDS - 1)
        buffer_text(out, ",le=\"+Inf\"}");
    else
        buffer_print(out, ",le=\"%g\"}", (double)bounds[bound] / 1e6);
    buffer_print(out, " %llu\n", (unsigned long long)count);
}

static void write_durations(const struct http_metrics *metrics, size_t number, struct buffer *out)
{
    const struct route_count *route = &metrics->routes[number];
    uint64_t counts[BOUNDS], total = 0;
    for (size_t bound = 0; bound < BOUNDS; bound++) counts[bound] = total += route->by_bound[bound];
    if (!total) return;
    for (size_t bound = 0; bound < BOUNDS; bound++) write_bucket(metrics, number, bound, counts[bound], out);
    buffer_text(out, "http_request_duration_seconds_sum{");
    write_labels(metrics, number, out);
    buffer_print(out, "} %.6f\nhttp_request_duration_seconds_count{", (double)route->microseconds / 1e6);
    write_labels(metrics, number, out);
    buffer_print(out, "} %llu\n", (unsigned long long)total);
}

/* Resident bytes as the kernel counts them; 0 when it does not say. */
static uint64_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void write_gauge(struct buffer *out, const char *name, const char *help, uint64_t value)
{
    buffer_print(out, "# HELP %s %s\n# TYPE %s gauge\n%s %llu\n", name, help, name, name, (unsigned long long)value);
}

static void write_refused(const struct http_metrics *metrics, struct buffer *out)
{
    buffer_text(
        out, "# HELP http_refused_total Requests refused before their handler.\n# TYPE http_refused_total counter\n");
    for (size_t why = 0; why < REFUSALS; why++)
        buffer_print(out, "http_refused_total{why=\"%s\"} %llu\n", refusals[why],
                     (unsigned long long)metrics->refused[why]);
}

void http_metrics_write(const struct http_metrics *metrics, const struct http_gauges *gauges, struct buffer *out)
{
    const size_t count = http_router_count(metrics->router) + 1;
    buffer_text(out, "# HELP http_requests_total Requests answered.\n# TYPE http_requests_total counter\n");
    for (size_t number = 0; number < count; number++) write_requests(metrics, number, out);
    buffer_text(out, "# HELP http_request_duration_seconds From the request line to the last byte.\n"
                     "# TYPE http_request_duration_seconds histogram\n");
    for (size_t number = 0; number < count; number++) write_durations(metrics, number, out);
    write_refused(metrics, out);
    write_gauge(out, "http_requests_in_flight", "Requests being answered.", gauges->requests);
    write_gauge(out, "http_connections", "Open connections.", gauges->connections);
    write_gauge(out, "http_db_handles_lent", "Read handles lent to requests.", gauges->handles);
    write_gauge(out, "process_resident_memory_bytes", "Resident memory.", resident_bytes());
}
