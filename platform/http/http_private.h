/* http_private.h: the server, and one request from its first line to its last byte.
 *
 * An exchange lives through these steps, each at most once:
 *   head    (connection thread)  method, path, limits, origin: http_admit_head
 *   viewer  (worker or inline)   session or token, rights: http_admit_viewer; before the body is read when there is one
 *   body    (connection thread)  gathered in a spool
 *   run     (worker or inline)   form, CSRF token, handler, the answer made
 *   answer  (connection thread)  queued and sent; a stream is fed by a worker meanwhile
 * Connection threads never wait for the database when it is another process, nor for slow routes: they suspend the connection. */
#ifndef PLATFORM_HTTP_HTTP_PRIVATE_H
#define PLATFORM_HTTP_HTTP_PRIVATE_H

#include <stdatomic.h>

#include <microhttpd.h>

#include "platform/http/http.h"
#include "platform/http/connections_private.h"
#include "platform/http/limit_private.h"
#include "platform/http/metrics_private.h"
#include "platform/http/peer_private.h"
#include "platform/http/router_private.h"
#include "platform/http/token_private.h"
#include "platform/http/workers_private.h"

struct http_spool;
struct http_stream;

enum { DEFAULT_BODY = 64 * 1024, REQUEST_ID = 64 };

struct http_server {
    struct arena *arena; /* what lives as long as the server */
    struct http_options options;
    struct http_router *router;
    http_authenticate *authenticate;
    http_error_page *error_page;
    struct MHD_Daemon *daemon, *metrics_daemon;
    int listener, metrics_listener; /* sockets; -1 when closed */
    struct http_workers *workers;
    struct http_limiter *by_peer, *by_account, *guesses;
    struct http_metrics *metrics;
    struct http_connections *connections;
    struct http_network *trusted;
    unsigned char secret[HTTP_SECRET];
    bool secure;                     /* reached by https */
    bool remote_db;                  /* the database is another process: its users run on workers */
    const char *_Atomic page_policy; /* Content-Security-Policy of pages */
    uint32_t id_prefix;
    _Atomic uint32_t id_next;
    _Atomic size_t running;   /* exchanges that exist */
    _Atomic size_t handles;   /* read handles lent */
    _Atomic uint64_t waiting; /* bytes made by streams and not yet given up */
    _Atomic bool draining;    /* no new connections, and each reply ends its own */
    _Atomic bool cutting;     /* the time is over: streams end as well */
};

enum http_phase { PHASE_HEAD, PHASE_VIEWER, PHASE_VIEWED, PHASE_BODY, PHASE_RUN, PHASE_ANSWER, PHASE_SENT };

struct http_exchange {
    struct http_request request; /* first: a handler's request leads back here */
    struct http_response response;
    struct http_part part;
    struct http_server *server;
    struct MHD_Connection *connection;
    struct http_connection *client;
    enum http_phase phase;
    char id[REQUEST_ID + 1];
    _Atomic int references; /* the connection's, and the stream's */
    int64_t began;          /* microseconds */
    struct http_peer peer;
    const struct http_route_entry *entry; /* NULL: no route */
    const struct http_route *row;
    unsigned allowed; /* methods of the path */
    bool head;        /* HEAD, run as GET */
    bool options;     /* OPTIONS */
    bool secure;
    bool problem; /* errors are JSON */
    bool cut;     /* the request's framing is doubtful: answer and close */
    bool viewer_checked;
    bool on_worker; /* the handler runs on one */
    bool rated;     /* refused by a rate: not logged, so that a flood is no flood of lines */
    int refused;    /* status of a refusal decided before the body was read; 0: none */
    struct error refusal;
    const char *session, *bearer, *visit; /* credentials as given; NULL: none */
    const char *token;                    /* CSRF token without its mask */
    bool known_device;                    /* the device's cookie is one that this server gave out */
    bool visit_new;                       /* the visitor's cookie is to be set with the page that shows the token */
    uint64_t body_announced;              /* Content-Length; UINT64_MAX: chunked */
    struct http_spool *body;
    size_t body_limit;
    size_t body_seen;
    struct MHD_Response *answer;
    int status;
    size_t sent; /* bytes of the answer's body; of a stream, what it made */
    struct http_stream *stream;
};

/* The library takes what it only reads as void *. */
static inline void *http_lend(const void *bytes)
{
    union {
        const void *given;
        void *lent;
    } pointer = {bytes};
    return pointer.lent;
}

/* exchange.c */
void *http_exchange_open(void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_exchange_handle(void *server, struct MHD_Connection *connection, const char *url,
                                     const char *method, const char *version, const char *upload, size_t *upload_size,
                                     void **context);
void http_exchange_close(void *server, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code);
void http_exchange_release(struct http_exchange *exchange);
void http_exchange_return_handle(struct http_exchange *exchange);
/* Ends the request's arena (what it deferred may still use the read handle), then gives the handle back. */
void http_exchange_end_request(struct http_exchange *exchange);
bool http_exchange_unsafe(const struct http_exchange *exchange);

/* admit.c and guard.c: 0 go on; else the status of a refusal, with the error filled; -1: the response is filled already. */
int http_admit_head(struct http_exchange *exchange, const char *method, struct error *error);
int http_admit_viewer(struct http_exchange *exchange, struct error *error);
int http_admit_form(struct http_exchange *exchange, struct error *error);
int http_admit_rate(struct http_exchange *exchange, struct http_limiter *limiter, const void *key, size_t length,
                    enum http_refusal why, struct error *error);
int http_refuse(struct http_exchange *exchange, enum http_refusal why, int status, enum status kind,
                const char *message, struct error *error);
int http_check_framing(struct http_exchange *exchange, struct error *error);
int http_check_origin(struct http_exchange *exchange, struct error *error);
int http_check_token(struct http_exchange *exchange, struct error *error);
void http_find_peer(struct http_exchange *exchange);

/* cookies.c */
void http_cookies_read(struct http_exchange *exchange);
void http_cookies_write(struct http_exchange *exchange, struct MHD_Response *answer);

/* problem.c: fills the response with the error, as a page, as JSON or as a line of text. */
void http_problem(struct http_exchange *exchange, int status, const struct error *error);

/* answer.c: makes exchange->answer of exchange->response. */
void http_answer(struct http_exchange *exchange);
void http_security_headers(const struct http_exchange *exchange, struct MHD_Response *answer);
const char *http_page_policy(struct arena *arena, const char *tiles);

/* stream.c: makes the answer of a response that is produced (NULL: no room on the disk). Then, on the worker that ran the handler, when nothing else uses
 * the request's arena: produces it, ends the request and lets go of one reference to the exchange. */
struct MHD_Response *http_stream_make(struct http_exchange *exchange, bool gzip);
void http_stream_produce(struct http_exchange *exchange);
void http_stream_abandon(struct http_exchange *exchange);
void http_stream_free(struct http_stream **stream);

/* own.c: /health, and the daemon of /metrics. */
extern const struct http_route http_own_routes[];
enum MHD_Result http_metrics_handle(void *server, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *upload, size_t *upload_size,
                                    void **context);

#endif
