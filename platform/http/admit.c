/* admit.c: what a request must pass before its handler; see http_private.h for the order. */
#include "platform/http/http_private.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/http/parameters_private.h"
#include "platform/http/spool_private.h"

int http_refuse(struct http_exchange *exchange, enum http_refusal why, int status, enum status kind,
                const char *message, struct error *error)
{
    http_metrics_refused(exchange->server->metrics, why);
    error_set(error, kind, message);
    return status;
}

/* A malformed or missing thing found by a parser, which has filled the error. */
static int refuse_input(struct http_exchange *exchange, enum status status)
{
    http_metrics_refused(exchange->server->metrics, REFUSED_INPUT);
    return http_status_of(status);
}

int http_admit_rate(struct http_exchange *exchange, struct http_limiter *limiter, const void *key, size_t length,
                    enum http_refusal why, struct error *error)
{
    const int64_t wait = http_limiter_take(limiter, key, length, time_ticks());
    if (!wait) return 0;
    exchange->rated = true;
    exchange->response.retry_after = wait;
    return http_refuse(exchange, why, 429, STATUS_LIMIT,
                       N_("Too many requests came from here. Wait a little, then try again."), error);
}

static bool method_read(struct http_exchange *exchange, const char *method)
{
    static const char *const names[HTTP_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    exchange->head = strcmp(method, "HEAD") == 0;
    exchange->options = strcmp(method, "OPTIONS") == 0;
    if (exchange->head || exchange->options) return true;
    for (unsigned i = 0; i < HTTP_METHODS; i++)
        if (strcmp(method, names[i]) == 0) {
            exchange->request.method = (enum http_method)i;
            return true;
        }
    return false;
}

/* Sends to the same path under the language that suits best. */
static int redirect_to_language(struct http_exchange *exchange, int status)
{
    const struct http_request *request = &exchange->request;
    exchange->response = (struct http_response){
        .status = status,
        .location = arena_print(request->arena, "/%s%s", language_code(request->language), request->target),
        .media_type = "text/plain; charset=utf-8",
        .body = "",
        .cache = HTTP_PRIVATE};
    return -1;
}

static int found(struct http_exchange *exchange, const struct http_route_match *match)
{
    exchange->allowed = match->allowed;
    exchange->entry = match->entry;
    exchange->row = match->entry ? match->entry->row : NULL;
    memcpy(exchange->request.words, match->words, sizeof match->words);
    if (exchange->row) exchange->problem = exchange->row->type == ROUTE_API;
    return 0;
}

static int missing(struct error *error)
{
    error_set(error, STATUS_MISSING, N_("There is no page at this address."));
    return 404;
}

/* The language prefix, when there is one, is taken off path and request->path. */
static bool take_language(struct http_request *request, const struct http_path *path)
{
    if (!path->count || !language_find(path->segments[0], &request->language)) return false;
    request->path += 1 + strcspn(request->path + 1, "/");
    if (!*request->path) request->path = "/";
    return true;
}

static int find_route(struct http_exchange *exchange, const struct http_path *path, struct error *error)
{
    const struct http_router *router = exchange->server->router;
    struct http_request *request = &exchange->request;
    const enum http_method method = exchange->head || exchange->options ? HTTP_GET : request->method;
    struct http_route_match match;
    exchange->problem = path->count && strcmp(path->segments[0], "api") == 0;
    if (http_router_find(router, false, path, 0, method, &match)) return found(exchange, &match);
    if (take_language(request, path))
        return http_router_find(router, true, path, 1, method, &match) ? found(exchange, &match) : missing(error);
    if (method == HTTP_GET && http_router_find(router, true, path, 0, method, &match) && match.entry)
        return redirect_to_language(exchange, 302);
    return missing(error);
}

/* "/fr/" is the home page: its last slash begins no empty segment. */
static void trim_home(char *raw)
{
    enum language language;
    char *slash = *raw ? strchr(raw + 1, '/') : NULL;
    if (!slash || slash[1]) return;
    *slash = '\0';
    if (!language_find(raw + 1, &language)) *slash = '/';
}

/* Cuts the target at '?', and decodes both sides. */
static int read_target(struct http_exchange *exchange, struct error *error)
{
    struct http_request *request = &exchange->request;
    const size_t length = strcspn(request->target, "?");
    char *raw = arena_copy_bytes(request->arena, request->target, length);
    trim_home(raw);
    const char *query = request->target[length] ? request->target + length + 1 : "";
    struct http_path path;
    request->path = raw;
    exchange->problem = strncmp(raw, "/api/", 5) == 0;
    enum status status = http_path_parse(request->arena, raw, &path, error);
    if (status == STATUS_OK)
        status = http_parameters_parse(request->arena, query, strlen(query), &request->query, error);
    if (status == STATUS_INPUT || status == STATUS_LIMIT) return refuse_input(exchange, status);
    if (status != STATUS_OK) return http_status_of(status);
    return find_route(exchange, &path, error);
}

static int answer_options(struct http_exchange *exchange)
{
    exchange->response = (struct http_response){.status = 204, .body = ""};
    return -1;
}

static int check_method(struct http_exchange *exchange, struct error *error)
{
    if (exchange->options) return answer_options(exchange);
    if (exchange->row) return 0;
    return http_refuse(exchange, REFUSED_INPUT, 405, STATUS_INPUT, N_("This address does not take that method."),
                       error);
}

static int check_body(struct http_exchange *exchange, struct error *error)
{
    const char *encoding = exchange->request.header(&exchange->request, "Content-Encoding");
    exchange->body_limit = exchange->row->body_limit ? exchange->row->body_limit : DEFAULT_BODY;
    if (!exchange->body_announced) return 0;
    if (encoding && strcasecmp(encoding, "identity") != 0)
        return http_refuse(exchange, REFUSED_INPUT, 415, STATUS_INPUT, N_("Send the body uncompressed."), error);
    if (exchange->body_announced != UINT64_MAX && exchange->body_announced > exchange->body_limit)
        return http_refuse(exchange, REFUSED_SIZE, 413, STATUS_LIMIT, N_("What was sent is too large."), error);
    return 0;
}

static int check_peer_rate(struct http_exchange *exchange, struct error *error)
{
    const unsigned char *key;
    const size_t length = http_peer_key(&exchange->peer, &key);
    return http_admit_rate(exchange, exchange->server->by_peer, key, length, REFUSED_RATE, error);
}

/* Who guesses from the same address does not use up the tries of a browser that signed in before: it has its own. */
static int check_guesses(struct http_exchange *exchange, struct error *error)
{
    const unsigned char *key;
    if (!exchange->row->guesses || !http_exchange_unsafe(exchange)) return 0;
    const char *device = exchange->known_device ? exchange->request.device : NULL;
    const size_t length = http_peer_key(&exchange->peer, &key);
    return http_admit_rate(exchange, exchange->server->guesses, device ? (const unsigned char *)device : key,
                           device ? strlen(device) : length, REFUSED_GUESS, error);
}

int http_admit_head(struct http_exchange *exchange, const char *method, struct error *error)
{
    struct http_request *request = &exchange->request;
    request->language = language_accept(request->header(request, "Accept-Language"));
    http_find_peer(exchange);
    int status = http_check_framing(exchange, error);
    if (!status) status = check_peer_rate(exchange, error);
    if (status) return status;
    const bool known = method_read(exchange, method);
    if (exchange->options && strcmp(request->target, "*") == 0) return answer_options(exchange);
    status = read_target(exchange, error);
    if (status) return status;
    if (!known) exchange->row = NULL, exchange->entry = NULL;
    status = check_method(exchange, error);
    if (status) return status;
    http_cookies_read(exchange);
    status = check_body(exchange, error);
    if (!status) status = http_check_origin(exchange, error);
    if (!status) status = check_guesses(exchange, error);
    return status;
}

static enum status lend_handle(struct http_exchange *exchange, struct error *error)
{
    struct http_request *request = &exchange->request;
    if (request->read || !request->db || exchange->row->type == ROUTE_ASSET) return STATUS_OK;
    const enum status status = db_read(request->db, &request->read, error);
    if (status == STATUS_OK) atomic_fetch_add(&exchange->server->handles, 1);
    return status;
}

static int no_database(struct http_exchange *exchange, enum status status, struct error *error)
{
    if (status != STATUS_BUSY) return http_status_of(status);
    exchange->response.retry_after = 2;
    return http_refuse(exchange, REFUSED_BUSY, 503, STATUS_BUSY, N_("The site is very busy. Try again in a minute."),
                       error);
}

static bool reads_only(const struct http_exchange *exchange)
{
    return exchange->request.method == HTTP_GET && !exchange->row->writes_on_get;
}

/* Who it is: only asked when there is a session or a token. A request that only reads sees one moment from here on: an embedded database takes
 * its locks once, not for each statement; a remote one would be asked twice more. */
static enum status authenticate(struct http_exchange *exchange, struct error *error)
{
    struct http_request *request = &exchange->request;
    if (!exchange->session && !exchange->bearer) return STATUS_OK;
    const char *session = exchange->bearer ? NULL : exchange->session;
    const bool embedded = request->read && !exchange->server->remote_db;
    const enum status status =
        embedded && reads_only(exchange) ? db_snapshot(request->read, request->arena, error) : STATUS_OK;
    return status ? status
                  : exchange->server->authenticate(request->read, request->arena, session, exchange->bearer,
                                                   &request->viewer, &exchange->token, error);
}

/* The token for forms: the session's, or one that goes with a visitor's cookie. */
static void give_token(struct http_exchange *exchange)
{
    struct http_request *request = &exchange->request;
    if (exchange->bearer) {
        exchange->token = NULL;
        return;
    }
    if (!exchange->token && exchange->row->type == ROUTE_PAGE) {
        exchange->visit_new = !exchange->visit;
        if (!exchange->visit) exchange->visit = http_token_random(request->arena);
        exchange->token = http_token_visitor(request->arena, exchange->server->secret, exchange->visit);
    }
    if (exchange->token) request->csrf = http_token_mask(request->arena, exchange->token);
}

static int ask_to_sign_in(struct http_exchange *exchange, struct error *error)
{
    const struct http_request *request = &exchange->request;
    const char *page = exchange->server->options.sign_in;
    if (page && exchange->row->type == ROUTE_PAGE && request->method == HTTP_GET) {
        exchange->response =
            (struct http_response){.status = 303,
                                   .body = "",
                                   .location = arena_print(request->arena, "%s?next=%s", http_url(request, page),
                                                           http_encode(request->arena, request->target))};
        return -1;
    }
    const int status = exchange->row->type == ROUTE_API ? 401 : 403;
    return http_refuse(exchange, REFUSED_RIGHTS, status, STATUS_DENIED,
                       N_("Sign in first: this is not open to the public."), error);
}

static int check_rights(struct http_exchange *exchange, struct error *error)
{
    const struct viewer *viewer = exchange->request.viewer;
    const struct http_route *row = exchange->row;
    if (exchange->bearer && !viewer->account)
        return http_refuse(exchange, REFUSED_RIGHTS, 401, STATUS_DENIED, N_("This token is not valid, or no longer."),
                           error);
    if (row->access != ACCESS_PUBLIC && !viewer->account) return ask_to_sign_in(exchange, error);
    if (row->access == ACCESS_RIGHTS && !(viewer->roles & viewer->scopes & row->rights))
        return http_refuse(exchange, REFUSED_RIGHTS, 403, STATUS_DENIED,
                           N_("Your account does not have the right to do this."), error);
    if (viewer->account && !viewer->may_write && !reads_only(exchange) && exchange->bearer)
        return http_refuse(exchange, REFUSED_RIGHTS, 403, STATUS_DENIED, N_("This token only reads."), error);
    return 0;
}

int http_admit_viewer(struct http_exchange *exchange, struct error *error)
{
    struct http_request *request = &exchange->request;
    if (exchange->row->type == ROUTE_ASSET) return 0;
    enum status status = lend_handle(exchange, error);
    if (status == STATUS_OK) status = authenticate(exchange, error);
    if (status != STATUS_OK) return no_database(exchange, status, error);
    give_token(exchange);
    const int refused = check_rights(exchange, error);
    if (refused || !request->viewer->account) return refused;
    return http_admit_rate(exchange, exchange->server->by_account, &request->viewer->account,
                           sizeof request->viewer->account, REFUSED_RATE, error);
}

static enum status read_multipart(struct http_exchange *exchange, char *bytes, size_t length, const char *type,
                                  struct error *error)
{
    const char *boundary = http_multipart_boundary(exchange->request.arena, type);
    if (!boundary) return error_set(error, STATUS_INPUT, N_("The form arrived damaged. Send it once more."));
    return http_multipart_parse(exchange->request.arena, bytes, length, boundary, &exchange->request.form, error);
}

static enum status read_body(struct http_exchange *exchange, struct error *error)
{
    struct http_request *request = &exchange->request;
    const char *type = request->header(request, "Content-Type");
    char *bytes = http_spool_bytes(exchange->body);
    const size_t length = http_spool_length(exchange->body);
    if (!bytes) return error_set(error, STATUS_FAULT, "A temporary file could not be read.");
    request->body_type = type ? arena_copy_bytes(request->arena, type, strcspn(type, "; \t")) : "";
    if (strcasecmp(request->body_type, "application/x-www-form-urlencoded") == 0)
        return http_parameters_parse(request->arena, bytes, length, &request->form, error);
    if (strcasecmp(request->body_type, "multipart/form-data") == 0)
        return read_multipart(exchange, bytes, length, type, error);
    request->body = bytes;
    request->body_length = length;
    return STATUS_OK;
}

int http_admit_form(struct http_exchange *exchange, struct error *error)
{
    enum status status = exchange->body ? read_body(exchange, error) : STATUS_OK;
    if (status != STATUS_OK) return refuse_input(exchange, status);
    const int refused = http_check_token(exchange, error);
    if (refused) return refused;
    status = lend_handle(exchange, error);
    return status == STATUS_OK ? 0 : no_database(exchange, status, error);
}
