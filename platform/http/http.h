/* http.h: a request in, a response out; the library behind (libmicrohttpd) is seen by this room only.
 *
 * The router is one table. Before any handler runs, the router has checked: method and path, body limit, rate limit, session or
 * token, rights, and for unsafe methods the CSRF token and the origin. A handler authorises nothing and parses nothing. */
#ifndef PLATFORM_HTTP_H
#define PLATFORM_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/language/language.h"
#include "platform/rights/rights.h"

struct arena;
struct buffer;
struct db;
struct db_handle;
struct http_server;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHODS };

/* One name=value of the query or of a form, decoded, valid UTF-8 without control characters but tab and line feed (a form's CR LF is
 * one line feed). Order kept; names may repeat. An uploaded file has filename set (without folders), its bytes in value, unchecked,
 * length counted and a NUL after them; a file field left empty is not there. All of it ends with the request. */
struct http_parameter {
    const char *name;
    const char *value;
    size_t length;
    const char *filename; /* NULL: not a file */
    const char *media_type;
};

struct http_parameters {
    const struct http_parameter *items;
    size_t count;
};

/* The value of the first parameter of that name, or NULL. */
const char *http_value(const struct http_parameters *parameters, const char *name);
const struct http_parameter *http_find(const struct http_parameters *parameters, const char *name);
/* The value as a whole number within bounds, or fallback. */
int64_t http_integer(const struct http_parameters *parameters, const char *name, int64_t least, int64_t most,
                     int64_t fallback);

/* "a=1&b=2" into parameters, copied into the arena. STATUS_INPUT, STATUS_LIMIT beyond PARAMETERS_MOST. O(length). */
enum status http_parameters_parse(struct arena *arena, const char *text, size_t length,
                                  struct http_parameters *parameters, struct error *error);

/* A part of a page that may be asked by itself (a chart as a file): what is left here is sent instead of the page that holds it. */
struct http_part {
    size_t count; /* parts met so far on the page */
    const char *body, *media_type, *filename;
    size_t length;
};

enum { HTTP_WORDS = 4 };

struct http_request {
    const char *id;      /* of this request, as in the log and X-Request-Id */
    struct arena *arena; /* ends with the response */
    enum http_method method;
    const char *path;              /* after the language, still percent-encoded: "/needs/123" */
    const char *target;            /* path and query as asked, language included */
    enum language language;        /* from the address (/fr/..., /en/...), else by Accept-Language */
    const char *words[HTTP_WORDS]; /* what the route's {names} matched, in order, decoded */
    struct http_parameters query;  /* after '?' */
    struct http_parameters form;   /* urlencoded or multipart body */
    const char *body;              /* any other body (JSON, CSV): raw bytes */
    size_t body_length;
    const char *body_type;       /* media type without parameters */
    const char *peer;            /* address of the client; behind a trusted proxy, what it says */
    const struct viewer *viewer; /* who asks: never NULL; viewer->account 0 is the public */
    const char *csrf;    /* token to put in forms (field `csrf`), another one each time; NULL for bearer tokens */
    const char *flash;   /* message kept for this page by http_redirect, or NULL */
    const char *session; /* token of the session cookie as given, or NULL: to end or change that session */
    const char *device; /* token of the device cookie as given, or NULL: who signed in here before (platform/account) */
    struct db *db;
    struct db_handle *read; /* a read-only handle, lent until the handler returns; NULL for assets */
    void *application;      /* what the program passed to http_start */
    const char *(*header)(const struct http_request *request, const char *name); /* a request header or NULL */
    void *connection;                                                            /* the server's own */
    struct http_part *part; /* written by the html room while a page is drawn; NULL outside a server */
};

enum http_cache { HTTP_NO_STORE, HTTP_PRIVATE, HTTP_PUBLIC_SHORT, HTTP_PUBLIC_FOREVER };

struct http_response {
    int status;             /* 200 when left 0 */
    const char *media_type; /* "text/html; charset=utf-8" when NULL */
    const char *body; /* of the request's arena, or static; compressed by the server when it is text and worth it */
    size_t body_length;
    struct buffer *buffer; /* or the body in a buffer */
    const char *filename;  /* set: sent as an attachment under this name */
    const char *location;  /* of a redirect */
    const char *etag;      /* unquoted; the server answers 304 when it matches If-None-Match */
    const char *link;      /* Link header (paging of the API) */
    const char *vary;      /* header by which the answer was chosen, beside the usual ones: "Accept" */
    const char *flash;     /* sentence shown once on the next page (redirects) */
    enum http_cache cache;
    int64_t retry_after; /* seconds; 0: none */
    /* Streaming: called from a worker until it gives 0 bytes; -1 cuts the connection. NULL: the body above. What it makes waits in an
     * unlinked file for a slow client, so that request->read is given back as soon as it has made everything, or the client has left:
     * then what the request's arena deferred is called, and after it the handle given back. The route must be `slow`. */
    int64_t (*produce)(void *context, char *bytes, size_t room);
    void *produce_context;
    const char *set_session; /* new session token to set as cookie; "" clears it */
    const char *set_device;  /* new device token to set as cookie, for half a year; outlives the session */
};

typedef enum status http_handler(const struct http_request *request, struct http_response *response,
                                 struct error *error);

/* Who may call a route. There is no zero value: a row that says nothing does not build (see ROUTE). */
enum http_access {
    ACCESS_PUBLIC = 1, /* anyone; the records shown still pass the predicate */
    ACCESS_ACCOUNT,    /* signed in */
    ACCESS_RIGHTS,     /* holds one of `rights` at some organisation */
};

enum http_kind_of_route {
    ROUTE_PAGE = 1, /* HTML; language in the address; errors as pages; session cookie */
    ROUTE_API,      /* JSON; errors as JSON (RFC 9457 problem details); bearer token or session; no language prefix */
    ROUTE_ASSET,    /* static; no session, no language prefix */
};

struct http_route {
    enum http_method method;
    const char *path; /* "/needs/{id}": {name} matches one segment; "/api/v1/{kind}" */
    enum http_kind_of_route type;
    enum http_access access;
    rights rights; /* for ACCESS_RIGHTS */
    http_handler *handler;
    size_t body_limit;  /* bytes; 0: 64 KiB for forms; uploads say more */
    bool slow;          /* runs on a worker thread, not on a connection thread */
    bool writes_on_get; /* only the OpenID callback */
    bool guesses;       /* sign-in and the like, where guessing pays: a strict limit by address */
};

/* A row without access does not build: the macro refuses the zero value. */
#define ROUTE(method_, path_, type_, access_, handler_, ...) \
    { \
        .method = (method_), .path = (path_), .type = (type_) + 0 * sizeof(char[(access_) > 0 ? 1 : -1]), \
        .access = (access_), .handler = (handler_), __VA_ARGS__ \
    }

/* Requests a minute; 0: the default named here; -1: no limit. A burst of ten seconds' worth is accepted (guesses: of a minute's). */
struct http_rates {
    int64_t by_peer;    /* 3000 by address (IPv6: by /64) */
    int64_t by_account; /* 1200 */
    int64_t guesses;    /* 10 by address, on routes marked `guesses` */
};

struct http_options {
    const char *listen;                  /* "127.0.0.1:8080" or "[::1]:8080" */
    const char *metrics_listen;          /* address of /metrics; NULL: none */
    void (*measure)(struct buffer *out); /* adds what the program counts itself, in Prometheus' format; NULL: nothing */
    const char *certificate, *key;       /* TLS direct, PEM files; NULL: plain */
    const char *const *trusted_proxies;
    size_t trusted_proxy_count; /* "10.0.0.1", "fd00::/8": theirs are the X-Forwarded-... believed */
    const char
        *origin; /* "https://maillage.example" for links and the origin check; NULL: from the Host that was asked */
    const char *sign_in; /* "/sign-in": page to which a page that wants an account leads (?next=...); NULL: 403 */
    const char *tiles;   /* "https://tile.example": origin whose images pages may show; NULL: none */
    size_t threads;      /* connection threads; 0: number of processors */
    size_t workers;      /* slow work; 0: 4 */
    int64_t idle_ms;     /* connection timeout; 0: 30000 */
    size_t connections;  /* 0: 4096, or what the system allows */
    size_t connections_per_peer; /* 0: 200; not counted when proxies are named */
    struct http_rates rates;
    const unsigned char
        *secret; /* 32 bytes that sign what is kept in cookies; NULL: drawn at start, valid for this process only */
    const char *temporary; /* folder of large bodies; NULL: $TMPDIR or /tmp */
    struct db *db;         /* readers: at least threads + workers, so that nobody waits for a handle */
    void *application;
};

/* Who a session token (cookie) or bearer token is: the account room's part, so that http knows no tables. Fills the viewer (in the
 * arena) and the CSRF token; an unknown token gives the public viewer. */
typedef enum status http_authenticate(struct db_handle *read, struct arena *arena, const char *session,
                                      const char *bearer, const struct viewer **viewer, const char **csrf,
                                      struct error *error);

/* Draws an error as a page: the html room's part. response->status is set already and stays. A STATUS_FAULT's message is for the
 * log: the page says that it is our fault and shows request->id. */
typedef void http_error_page(const struct http_request *request, const struct error *error,
                             struct http_response *response);

/* tables: arrays of routes, each ended by a row whose handler is NULL; the list is ended by NULL; they must outlive the server. /health
 * is the server's own. STATUS_INPUT when a row or an option is wrong, or the address is taken. */
enum status http_start(const struct http_options *options, const struct http_route *const *tables,
                       http_authenticate *authenticate, http_error_page *error_page, struct http_server **server,
                       struct error *error);
/* Stops taking connections, lets the running requests end (at most wait_ms), frees all. */
void http_stop(struct http_server **server, int64_t wait_ms);
int http_port(const struct http_server *server);
int http_metrics_port(const struct http_server *server); /* 0: none */
/* Lets pages show images of this origin from now on (NULL: of none but ours). STATUS_INPUT when it is no "https://host". */
enum status http_set_tiles(struct http_server *server, const char *origin, struct error *error);

/* Helpers for handlers. They use the request's arena and language only. */
/* 303 to a path of this site, as http_url gives it; anything else leads to the home page, so that a form's `next=` may be passed as it
 * came. Keeps response->set_session. flash: a sentence in the reader's language, shown by the next page, or NULL. Always STATUS_OK. */
enum status http_redirect(const struct http_request *request, struct http_response *response, const char *path,
                          const char *flash);
/* 303 to another site: an absolute https address of the program's choice, never one that a request brought. */
enum status http_leave(const struct http_request *request, struct http_response *response, const char *address,
                       struct error *error);
/* "/fr/needs?page=2": path under the request's language. Result in the arena. */
const char *http_url(const struct http_request *request, const char *path);
/* "https://maillage.example": where this site is, as the options or the request say. In the arena, or the options. */
const char *http_origin(const struct http_request *request);
/* Which of these media types the request would rather have, by an Accept header (NULL: any) with its weights (RFC 9110 section 12.5.1): its
 * place; of equal ones the first. `count` when it takes none of them. */
size_t http_choose(const char *accept, const char *const *types, size_t count);
const char *http_encode(struct arena *arena, const char *text); /* percent-encoding of one query value */
int http_status_of(enum status status);                         /* 400, 403, 404, 409, 413, 422, 503, 500 */

#endif
