/* answer.c: from a handler's response to what is sent: validators, compression, headers. */
#include "platform/http/http_private.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"
#include "platform/http/gzip_private.h"

enum { WORTH_COMPRESSING = 1024 };

static void add(struct MHD_Response *answer, const char *name, const char *value)
{
    if (MHD_add_response_header(answer, name, value) != MHD_YES)
        log_line(LOG_FAULT, "header", "name=%s error=refused", name);
}

const char *http_page_policy(struct arena *arena, const char *tiles)
{
    return arena_print(
        arena,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:%s%s; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        tiles ? " " : "", tiles ? tiles : "");
}

static bool is_page(const struct http_exchange *exchange)
{
    return exchange->row ? exchange->row->type == ROUTE_PAGE : !exchange->problem;
}

void http_security_headers(const struct http_exchange *exchange, struct MHD_Response *answer)
{
    const bool page = is_page(exchange);
    add(answer, "X-Content-Type-Options", "nosniff");
    add(answer, "Content-Security-Policy",
        page && !exchange->response.filename ? exchange->server->page_policy
                                             : "default-src 'none'; frame-ancestors 'none'; sandbox");
    add(answer, "Cross-Origin-Resource-Policy", "same-origin");
    add(answer, "Referrer-Policy", "same-origin");
    if (page) {
        add(answer, "Cross-Origin-Opener-Policy", "same-origin");
        add(answer, "Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()");
    }
    if (exchange->secure) add(answer, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

/* Shared caches may keep only what anybody would have got. */
static enum http_cache cache_of(const struct http_exchange *exchange)
{
    const enum http_cache wanted = exchange->response.cache;
    const bool personal = exchange->request.viewer->account || exchange->visit_new || exchange->response.set_session;
    return wanted == HTTP_PUBLIC_SHORT && personal ? HTTP_PRIVATE : wanted;
}

static const char *cache_control(enum http_cache cache)
{
    switch (cache) {
    case HTTP_PRIVATE: return "private, no-cache";
    case HTTP_PUBLIC_SHORT: return "public, max-age=60";
    case HTTP_PUBLIC_FOREVER: return "public, max-age=31536000, immutable";
    case HTTP_NO_STORE: break;
    }
    return "no-store";
}

/* What the same address may be answered differently for. */
static const char *usual_vary(const struct http_exchange *exchange, bool compressible)
{
    if (exchange->response.location && exchange->response.status == 302) return "Accept-Language";
    const bool asset = exchange->row && exchange->row->type == ROUTE_ASSET;
    if (exchange->response.cache == HTTP_NO_STORE || asset) return compressible ? "Accept-Encoding" : NULL;
    if (exchange->problem) return compressible ? "Accept-Encoding, Authorization, Cookie" : "Authorization, Cookie";
    return compressible ? "Accept-Encoding, Cookie" : "Cookie";
}

static const char *vary(const struct http_exchange *exchange, bool compressible)
{
    const char *usual = usual_vary(exchange, compressible), *own = exchange->response.vary;
    return own && usual ? arena_print(exchange->request.arena, "%s, %s", usual, own) : own ? own : usual;
}

/* RFC 6266: an ASCII name for old clients, and the true one percent-encoded. */
static const char *disposition(struct arena *arena, const char *filename)
{
    char *plain = arena_copy(arena, filename);
    for (char *at = plain; *at; at++)
        if (*at < 0x20 || *at == 0x7f || strchr("\"\\/%;", *at)) *at = '_';
    return arena_print(arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, http_encode(arena, filename));
}

/* Whether a list of entity tags holds this one, by weak comparison (RFC 9110 section 13.1.2). */
static bool tag_among(const char *list, const char *etag)
{
    const size_t length = strlen(etag);
    for (const char *at = list; at && *at;) {
        at += strspn(at, ", \t");
        if (*at == '*') return true;
        if (strncmp(at, "W/", 2) == 0) at += 2;
        if (*at != '"') return false;
        const size_t size = strcspn(at + 1, "\"");
        if (size == length && strncmp(at + 1, etag, length) == 0) return true;
        at += 1 + size;
        if (*at) at++;
    }
    return false;
}

static bool not_modified(const struct http_exchange *exchange)
{
    const struct http_response *response = &exchange->response;
    if (!response->etag || exchange->status != 200 || exchange->request.method != HTTP_GET) return false;
    return tag_among(exchange->request.header(&exchange->request, "If-None-Match"), response->etag);
}

/* A visitor's cookie is set only with a page that shows the token it goes with. */
static void settle_visit(struct http_exchange *exchange, const char *body, size_t length)
{
    const char *csrf = exchange->request.csrf;
    if (!exchange->visit_new) return;
    exchange->visit_new = csrf && length && memmem(body, length, csrf, strlen(csrf));
}

static void add_allow(const struct http_exchange *exchange, struct MHD_Response *answer)
{
    static const char *const names[HTTP_METHODS] = {"GET, HEAD", "POST", "PUT", "PATCH", "DELETE"};
    char text[64] = "OPTIONS";
    for (unsigned method = 0; method < HTTP_METHODS; method++)
        if (exchange->allowed & 1u << method) {
            strcat(text, ", ");
            strcat(text, names[method]);
        }
    add(answer, "Allow", text);
}

static void add_own_headers(struct http_exchange *exchange, struct MHD_Response *answer)
{
    const struct http_response *response = &exchange->response;
    if (response->location) add(answer, "Location", response->location);
    if (response->link) add(answer, "Link", response->link);
    if (response->filename)
        add(answer, "Content-Disposition", disposition(exchange->request.arena, response->filename));
    if (response->retry_after)
        add(answer, "Retry-After", arena_print(exchange->request.arena, "%lld", (long long)response->retry_after));
    if (exchange->status == 405 || exchange->options) add_allow(exchange, answer);
    if (exchange->status == 401)
        add(answer, "WWW-Authenticate", exchange->bearer ? "Bearer error=\"invalid_token\"" : "Bearer");
}

static void add_headers(struct http_exchange *exchange, struct MHD_Response *answer, bool compressible, bool compressed)
{
    const struct http_response *response = &exchange->response;
    const bool empty = exchange->status == 204 || exchange->status == 304;
    if (!empty) add(answer, "Content-Type", response->media_type ? response->media_type : "text/html; charset=utf-8");
    if (compressed && !empty) add(answer, "Content-Encoding", "gzip");
    if (response->etag)
        add(answer, "ETag", arena_print(exchange->request.arena, compressed ? "W/\"%s\"" : "\"%s\"", response->etag));
    add(answer, "Cache-Control", cache_control(cache_of(exchange)));
    const char *varies = vary(exchange, compressible);
    if (varies) add(answer, "Vary", varies);
    add(answer, "X-Request-Id", exchange->request.id);
    add_own_headers(exchange, answer);
    http_security_headers(exchange, answer);
    http_cookies_write(exchange, answer);
    if (exchange->server->draining) add(answer, "Connection", "close");
}

/* An answer whose body is in memory. */
static struct MHD_Response *whole(struct http_exchange *exchange, bool compressible, bool *compressed)
{
    const struct http_response *response = &exchange->response;
    const char *body = response->buffer ? buffer_data(response->buffer) : response->body ? response->body : "";
    size_t length = response->buffer ? buffer_length(response->buffer) : response->body_length;
    if (!response->buffer && !length) length = strlen(body);
    settle_visit(exchange, body, length);
    *compressed = *compressed && compressible && length >= WORTH_COMPRESSING;
    if (exchange->status == 304) length = 0;
    if (*compressed && length) {
        size_t smaller = 0;
        const char *packed = http_gzip(exchange->request.arena, body, length, &smaller);
        *compressed = packed != NULL;
        if (packed) body = packed, length = smaller;
    }
    exchange->sent = length;
    return MHD_create_response_from_buffer(length, http_lend(body), MHD_RESPMEM_PERSISTENT);
}

static void check_overflow(struct http_exchange *exchange)
{
    struct error error;
    if (!exchange->response.buffer || !buffer_overflowed(exchange->response.buffer)) return;
    log_line(LOG_FAULT, "overflow", "id=%s route=%s", exchange->id, exchange->row ? exchange->row->path : "-");
    error_set(&error, STATUS_FAULT, "A page grew beyond its buffer.");
    http_problem(exchange, 500, &error);
}

/* Instead of a stream: our mistake (only a worker can stream), or no room on the disk. */
static struct MHD_Response *not_streamed(struct http_exchange *exchange)
{
    struct error error;
    const bool mistake = !exchange->on_worker && !exchange->head;
    int status = 500;
    log_line(LOG_FAULT, "stream", "id=%s route=%s error=%s", exchange->id, exchange->row->path,
             mistake ? "its route is not slow" : "no room for a file");
    exchange->response = (struct http_response){.retry_after = mistake ? 0 : 60};
    if (mistake)
        error_set(&error, STATUS_FAULT, "A route streams without being slow.");
    else
        status = http_refuse(exchange, REFUSED_BUSY, 503, STATUS_BUSY,
                             N_("The site is very busy. Try again in a minute."), &error);
    http_problem(exchange, status, &error);
    http_answer(exchange);
    return exchange->answer;
}

static struct MHD_Response *streamed(struct http_exchange *exchange, bool compressible, bool compressed)
{
    settle_visit(exchange, "", 0);
    struct MHD_Response *answer = exchange->on_worker || exchange->head ? http_stream_make(exchange, compressed) : NULL;
    if (!answer) return not_streamed(exchange);
    add_headers(exchange, answer, compressible, compressed);
    return answer;
}

void http_answer(struct http_exchange *exchange)
{
    check_overflow(exchange);
    struct http_response *response = &exchange->response;
    exchange->status = response->status ? response->status : 200;
    if (not_modified(exchange)) exchange->status = 304;
    const bool compressible = http_gzip_worth(response->media_type ? response->media_type : "text/html");
    bool compressed =
        compressible && http_gzip_accepted(exchange->request.header(&exchange->request, "Accept-Encoding"));
    if (response->produce && exchange->status != 304) {
        exchange->answer = streamed(exchange, compressible, compressed);
        return;
    }
    exchange->answer = whole(exchange, compressible, &compressed);
    add_headers(exchange, exchange->answer, compressible, compressed);
}
