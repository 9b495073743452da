/* own.c: the two addresses that the server answers itself. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/db/db.h"
#include "platform/http/http_private.h"

enum { METRICS_MOST = 16 * 1024 * 1024 };

/* For who watches the site: 200 when the database answers, else 503. */
static enum status show_health(const struct http_request *request, struct http_response *response, struct error *error)
{
    int64_t one = 0;
    if (request->read) {
        const enum status status = db_one_integer(request->read, "SELECT 1", DB_BIND_NONE, &one, error);
        if (status != STATUS_OK) return error_set(error, STATUS_BUSY, N_("The database does not answer."));
    }
    response->media_type = "application/json";
    response->body = "{\"status\":\"ok\"}";
    return STATUS_OK;
}

const struct http_route http_own_routes[] = {
    ROUTE(HTTP_GET, "/health", ROUTE_API, ACCESS_PUBLIC, show_health),
    {.handler = NULL},
};

static enum MHD_Result send_metrics(struct http_server *server, struct MHD_Connection *connection)
{
    struct arena *arena = arena_new();
    struct buffer *out = buffer_new(arena, METRICS_MOST);
    const struct http_gauges gauges = {.requests = server->running,
                                       .connections = http_connections_count(server->connections),
                                       .handles = server->handles};
    http_metrics_write(server->metrics, &gauges, out);
    if (server->options.measure) server->options.measure(out);
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(buffer_length(out), http_lend(buffer_data(out)), MHD_RESPMEM_MUST_COPY);
    arena_free(&arena);
    MHD_add_response_header(answer, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    const enum MHD_Result result = MHD_queue_response(connection, 200, answer);
    MHD_destroy_response(answer);
    return result;
}

static enum MHD_Result send_nothing(struct MHD_Connection *connection, unsigned status)
{
    struct MHD_Response *answer = MHD_create_response_from_buffer(0, http_lend(""), MHD_RESPMEM_PERSISTENT);
    const enum MHD_Result result = MHD_queue_response(connection, status, answer);
    MHD_destroy_response(answer);
    return result;
}

enum MHD_Result http_metrics_handle(void *server, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *upload, size_t *upload_size,
                                    void **context)
{
    (void)version, (void)upload, (void)upload_size, (void)context;
    if (strcmp(method, "GET") != 0) return send_nothing(connection, 405);
    return strcmp(url, "/metrics") == 0 ? send_metrics(server, connection) : send_nothing(connection, 404);
}
