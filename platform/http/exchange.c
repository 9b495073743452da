/* exchange.c: one request through its steps; see http_private.h. */
#include "platform/http/http_private.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/log.h"
#include "platform/db/db.h"
#include "platform/http/spool_private.h"

/* A refused body is read to its end up to this size, so that the client reads our answer; beyond it the connection is cut. */
enum { SWALLOWED_MOST = 4 * 1024 * 1024 };

static int64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *header_value(const struct http_request *request, const char *name)
{
    const struct http_exchange *exchange = request->connection;
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* Sixteen digits: the process, then the request. */
static void write_id(struct http_server *server, char *id)
{
    static const char digits[] = "0123456789abcdef";
    const uint64_t number = (uint64_t)server->id_prefix << 32 | atomic_fetch_add(&server->id_next, 1);
    for (int i = 0; i < 16; i++) id[i] = digits[number >> (60 - 4 * i) & 15];
}

static struct http_connection *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

void *http_exchange_open(void *context, const char *target, struct MHD_Connection *connection)
{
    struct http_server *server = context;
    struct arena *arena = arena_new();
    struct http_exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange) fatal_memory(sizeof *exchange);
    write_id(server, exchange->id);
    exchange->server = server;
    exchange->connection = connection;
    exchange->client = client_of(connection);
    exchange->references = 1;
    exchange->began = microseconds();
    exchange->request = (struct http_request){.id = exchange->id,
                                              .arena = arena,
                                              .target = arena_copy(arena, target),
                                              .path = "/",
                                              .viewer = viewer_public(),
                                              .db = server->options.db,
                                              .application = server->options.application,
                                              .header = header_value,
                                              .connection = exchange,
                                              .part = &exchange->part};
    atomic_fetch_add(&server->running, 1);
    return exchange;
}

bool http_exchange_unsafe(const struct http_exchange *exchange)
{
    return exchange->request.method != HTTP_GET && !exchange->options;
}

void http_exchange_return_handle(struct http_exchange *exchange)
{
    if (!exchange->request.read) return;
    db_release(&exchange->request.read);
    atomic_fetch_sub(&exchange->server->handles, 1);
}

void http_exchange_end_request(struct http_exchange *exchange)
{
    arena_free(&exchange->request.arena);
    http_exchange_return_handle(exchange);
}

void http_exchange_release(struct http_exchange *exchange)
{
    if (atomic_fetch_sub(&exchange->references, 1) != 1) return;
    struct http_server *server = exchange->server;
    http_exchange_end_request(exchange);
    http_spool_free(&exchange->body);
    http_stream_free(&exchange->stream);
    free(exchange);
    atomic_fetch_sub(&server->running, 1);
}

static void log_request(const struct http_exchange *exchange, int64_t took)
{
    static const char *const methods[HTTP_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    const char *method = exchange->options ? "OPTIONS" : exchange->head ? "HEAD" : methods[exchange->request.method];
    log_line(LOG_NOTE, "request", "id=%s method=%s route=%s status=%d ms=%lld.%03d bytes=%zu", exchange->request.id,
             method, exchange->row ? exchange->row->path : "-", exchange->status, (long long)(took / 1000),
             (int)(took % 1000), exchange->sent);
}

void http_exchange_close(void *context, struct MHD_Connection *connection, void **exchange_context,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection, (void)code;
    struct http_server *server = context;
    struct http_exchange *exchange = *exchange_context;
    if (!exchange) return;
    *exchange_context = NULL;
    if (exchange->stream) http_stream_abandon(exchange);
    if (exchange->answer) MHD_destroy_response(exchange->answer);
    const int64_t took = microseconds() - exchange->began;
    const size_t number = exchange->entry ? exchange->entry->number : http_router_count(server->router);
    http_metrics_request(server->metrics, number, exchange->status, took);
    if (!exchange->rated) log_request(exchange, took);
    http_connection_theirs(exchange->client);
    http_exchange_release(exchange);
}

static void log_fault(const struct http_exchange *exchange, const struct error *error)
{
    char text[512];
    error_describe(error, text, sizeof text);
    log_line(LOG_FAULT, "fault", "id=%s route=%s error=%s", exchange->id, exchange->row ? exchange->row->path : "-",
             text);
}

/* Answers with a refusal, or with the response that a check has filled (status -1). */
static void refuse(struct http_exchange *exchange, int status, const struct error *error)
{
    if (status > 0 && error->status == STATUS_FAULT) log_fault(exchange, error);
    if (status > 0) http_problem(exchange, status, error);
    http_answer(exchange);
}

static void call_handler(struct http_exchange *exchange)
{
    struct error error = {0};
    const enum status status = exchange->row->handler(&exchange->request, &exchange->response, &error);
    if (status == STATUS_OK) return;
    if (!error.message) error_set(&error, status, "A handler failed without saying why.");
    if (status == STATUS_FAULT) log_fault(exchange, &error);
    http_problem(exchange, http_status_of(status), &error);
}

/* The steps that may wait for the database or take long. */
static void run(struct http_exchange *exchange)
{
    struct error error = {0};
    int status = exchange->refused;
    if (status) {
        refuse(exchange, status, &exchange->refusal);
    } else {
        if (!exchange->viewer_checked) status = http_admit_viewer(exchange, &error);
        if (!status) status = http_admit_form(exchange, &error);
        if (status)
            refuse(exchange, status, &error);
        else {
            call_handler(exchange);
            http_answer(exchange);
        }
    }
    if (!exchange->stream) http_exchange_return_handle(exchange);
}

/* Session and rights before a body is read: strangers' bodies are not kept. The handle is not held while it arrives. */
static void check_viewer(struct http_exchange *exchange)
{
    exchange->refused = http_admit_viewer(exchange, &exchange->refusal);
    exchange->viewer_checked = true;
    http_exchange_return_handle(exchange);
}

static void give_up(struct http_exchange *exchange)
{
    struct error error;
    const int status = http_refuse(exchange, REFUSED_BUSY, 503, STATUS_BUSY,
                                   N_("The site is very busy. Try again in a minute."), &error);
    exchange->response = (struct http_response){.retry_after = 5};
    refuse(exchange, status, &error);
    http_exchange_return_handle(exchange);
    exchange->phase = PHASE_ANSWER;
}

/* On a worker: does the step for which the connection was suspended, then lets it go on. */
static void work_step(void *context, bool cancelled)
{
    struct http_exchange *exchange = context;
    exchange->on_worker = true;
    if (cancelled) {
        give_up(exchange);
    } else if (exchange->phase == PHASE_VIEWER) {
        check_viewer(exchange);
        exchange->phase = PHASE_VIEWED;
    } else {
        run(exchange);
        exchange->phase = PHASE_ANSWER;
    }
    const bool streams = exchange->stream && !exchange->head;
    if (streams) atomic_fetch_add(&exchange->references, 1);
    MHD_resume_connection(exchange->connection);
    if (streams) http_stream_produce(exchange);
}

static bool wants_worker(const struct http_exchange *exchange)
{
    const struct http_route *row = exchange->row;
    return row && !exchange->refused && row->type != ROUTE_ASSET && (row->slow || exchange->server->remote_db);
}

/* Does the step of exchange->phase now, or suspends the connection until a worker has. */
static bool step_or_suspend(struct http_exchange *exchange)
{
    if (!wants_worker(exchange)) {
        if (exchange->phase == PHASE_VIEWER)
            check_viewer(exchange);
        else
            run(exchange);
        return true;
    }
    MHD_suspend_connection(exchange->connection);
    if (http_workers_add(exchange->server->workers, work_step, exchange)) return false;
    give_up(exchange);
    MHD_resume_connection(exchange->connection);
    return false;
}

static enum MHD_Result send_answer(struct http_exchange *exchange)
{
    exchange->phase = PHASE_SENT;
    if (!exchange->answer) return MHD_NO;
    return MHD_queue_response(exchange->connection, (unsigned)exchange->status, exchange->answer);
}

static enum MHD_Result run_step(struct http_exchange *exchange)
{
    http_connection_ours(exchange->client);
    exchange->phase = PHASE_RUN;
    if (!step_or_suspend(exchange)) return MHD_YES;
    return send_answer(exchange);
}

/* A body that is refused is not waited for when it is large, when the client asks first, or when its length is doubtful: the answer goes
 * now, and the connection ends. */
static bool cut_short(const struct http_exchange *exchange)
{
    if (!exchange->refused) return false;
    const bool large = exchange->body_announced > SWALLOWED_MOST && exchange->body_announced != UINT64_MAX;
    return large || exchange->cut || (exchange->body_announced && header_value(&exchange->request, "Expect"));
}

static enum MHD_Result body_begins(struct http_exchange *exchange)
{
    exchange->phase = PHASE_BODY;
    if (!cut_short(exchange)) return MHD_YES;
    run(exchange);
    return send_answer(exchange);
}

static enum MHD_Result head_step(struct http_exchange *exchange, const char *method)
{
    exchange->refused = http_admit_head(exchange, method, &exchange->refusal);
    if (!exchange->refused && exchange->body_announced) {
        exchange->phase = PHASE_VIEWER;
        if (!step_or_suspend(exchange)) return MHD_YES;
    }
    return body_begins(exchange);
}

static void body_keep(struct http_exchange *exchange, const char *bytes, size_t length)
{
    if (exchange->refused) return;
    if (length > exchange->body_limit - http_spool_length(exchange->body)) {
        exchange->refused = http_refuse(exchange, REFUSED_SIZE, 413, STATUS_LIMIT, N_("What was sent is too large."),
                                        &exchange->refusal);
        return;
    }
    if (http_spool_add(exchange->body, bytes, length, &exchange->refusal) != STATUS_OK) exchange->refused = 500;
}

static enum MHD_Result body_step(struct http_exchange *exchange, const char *bytes, size_t *length)
{
    if (!exchange->body) exchange->body = http_spool_new(exchange->server->options.temporary);
    body_keep(exchange, bytes, *length);
    exchange->body_seen += *length;
    exchange->client->received += *length;
    *length = 0;
    return exchange->refused && exchange->body_seen > exchange->body_limit + SWALLOWED_MOST ? MHD_NO : MHD_YES;
}

enum MHD_Result http_exchange_handle(void *server, struct MHD_Connection *connection, const char *url,
                                     const char *method, const char *version, const char *upload, size_t *upload_size,
                                     void **context)
{
    (void)server, (void)connection, (void)url, (void)version;
    struct http_exchange *exchange = *context;
    switch (exchange->phase) {
    case PHASE_HEAD: return head_step(exchange, method);
    case PHASE_BODY:
        if (*upload_size) return body_step(exchange, upload, upload_size);
        return run_step(exchange);
    case PHASE_VIEWED: return body_begins(exchange);
    case PHASE_ANSWER: return send_answer(exchange);
    case PHASE_VIEWER:
    case PHASE_RUN:
    case PHASE_SENT: break;
    }
    return MHD_NO;
}
