/* cookies.c: session, device, visit and flash; credentials of the Authorization header as well. */
#include "platform/http/http_private.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/time.h"

enum { CREDENTIAL_MOST = 512, FLASH_MS = 60 * 1000, DEVICE_SECONDS = 180 * 24 * 3600 };

/* Under https, browsers accept a __Host- cookie only from this very host, over https and for all paths. */
static const char *cookie_name(const struct http_exchange *exchange, const char *name)
{
    return exchange->secure ? arena_print(exchange->request.arena, "__Host-%s", name) : name;
}

/* The value in a Cookie header, in the arena; NULL when there is none, or one that we never set. */
static const char *cookie_find(const struct http_exchange *exchange, const char *header, const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    const size_t length = strlen(name);
    for (const char *at = header; *at; at += strcspn(at, ";"), at += *at == ';') {
        at += strspn(at, " \t");
        if (strncmp(at, name, length) != 0 || at[length] != '=') continue;
        const char *value = at + length + 1;
        const size_t size = strcspn(value, "; \t");
        if (!size || strspn(value, allowed) < size) return NULL;
        return arena_copy_bytes(exchange->request.arena, value, size);
    }
    return NULL;
}

static const char *short_enough(const char *credential)
{
    return credential && strlen(credential) <= CREDENTIAL_MOST ? credential : NULL;
}

/* A bearer token counts for the API only. One that is malformed is kept as an empty one, which nobody has: it is refused, not ignored. */
static void read_bearer(struct http_exchange *exchange)
{
    struct http_request *request = &exchange->request;
    const char *header = request->header(request, "Authorization");
    if (exchange->row->type != ROUTE_API || !header || strncasecmp(header, "Bearer ", 7) != 0) return;
    const char *token = arena_copy(request->arena, header + 7 + strspn(header + 7, " "));
    exchange->bearer = short_enough(token) ? token : "";
}

static void read_flash(struct http_exchange *exchange, const char *header)
{
    struct http_request *request = &exchange->request;
    if (exchange->row->type != ROUTE_PAGE || request->method != HTTP_GET) return;
    const char *sealed = cookie_find(exchange, header, cookie_name(exchange, "flash"));
    if (sealed) request->flash = http_unseal(request->arena, exchange->server->secret, sealed, time_now());
}

/* "TOKEN.SEAL": the seal says that this server gave the token out. Behind a colon, which no other text that is signed so can hold. */
static const char *device_seal(const struct http_exchange *exchange, const char *token)
{
    struct arena *arena = exchange->request.arena;
    return http_token_visitor(arena, exchange->server->secret, arena_print(arena, "device:%s", token));
}

static void read_device(struct http_exchange *exchange, const char *header)
{
    const char *value = short_enough(cookie_find(exchange, header, cookie_name(exchange, "device")));
    const char *point = value ? strchr(value, '.') : NULL;
    exchange->request.device =
        point ? arena_copy_bytes(exchange->request.arena, value, (size_t)(point - value)) : value;
    exchange->known_device = point && http_token_equal(point + 1, device_seal(exchange, exchange->request.device));
}

void http_cookies_read(struct http_exchange *exchange)
{
    if (exchange->row->type == ROUTE_ASSET) return;
    read_bearer(exchange);
    const char *header = exchange->request.header(&exchange->request, "Cookie");
    if (!header) return;
    exchange->session = short_enough(cookie_find(exchange, header, cookie_name(exchange, "session")));
    exchange->request.session = exchange->session;
    read_device(exchange, header);
    exchange->visit = short_enough(cookie_find(exchange, header, cookie_name(exchange, "visit")));
    read_flash(exchange, header);
}

/* seconds: -1 until the browser closes, 0 deletes. */
static void cookie_set(const struct http_exchange *exchange, struct MHD_Response *answer, const char *name,
                       const char *value, int seconds)
{
    struct arena *arena = exchange->request.arena;
    const char *age = seconds < 0 ? "" : arena_print(arena, "; Max-Age=%d", seconds);
    const char *text = arena_print(arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(exchange, name),
                                   value, age, exchange->secure ? "; Secure" : "");
    MHD_add_response_header(answer, "Set-Cookie", text);
}

static void write_device(struct http_exchange *exchange, struct MHD_Response *answer, const char *token)
{
    const char *value = arena_print(exchange->request.arena, "%s.%s", token, device_seal(exchange, token));
    cookie_set(exchange, answer, "device", value, DEVICE_SECONDS);
}

static void write_flash(struct http_exchange *exchange, struct MHD_Response *answer)
{
    const struct http_request *request = &exchange->request;
    if (exchange->response.flash) {
        const char *sealed =
            http_seal(request->arena, exchange->server->secret, exchange->response.flash, time_now() + FLASH_MS);
        if (sealed) cookie_set(exchange, answer, "flash", sealed, FLASH_MS / MS_PER_SECOND);
    } else if (request->flash && !exchange->response.location) {
        cookie_set(exchange, answer, "flash", "", 0);
    }
}

void http_cookies_write(struct http_exchange *exchange, struct MHD_Response *answer)
{
    const char *session = exchange->response.set_session;
    if (session) cookie_set(exchange, answer, "session", session, *session ? -1 : 0);
    if (exchange->response.set_device) write_device(exchange, answer, exchange->response.set_device);
    if (exchange->visit_new) cookie_set(exchange, answer, "visit", exchange->visit, -1);
    write_flash(exchange, answer);
}
