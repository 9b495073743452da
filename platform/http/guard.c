/* guard.c: framing, addresses, origins and tokens: what a hostile request tries first. */
#include "platform/http/http_private.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"

enum { FORWARDED_MOST = 2048 };

/* What the headers say of the body's length, and whether they are well formed. */
struct framing {
    unsigned lengths, encodings, hosts;
    const char *length, *encoding;
    bool malformed;
};

static bool is_token(const char *text, size_t length)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !(c && strchr(others, c))) return false;
    }
    return length > 0;
}

static bool is_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f) return false;
    return true;
}

static enum MHD_Result look_at(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                               const char *value, size_t size)
{
    (void)kind;
    struct framing *framing = context;
    if (!is_token(name, name_size) || !is_value(value ? value : "", size)) framing->malformed = true;
    if (strcasecmp(name, "Content-Length") == 0)
        framing->lengths++, framing->length = value;
    else if (strcasecmp(name, "Transfer-Encoding") == 0)
        framing->encodings++, framing->encoding = value;
    else if (strcasecmp(name, "Host") == 0)
        framing->hosts++;
    return MHD_YES;
}

/* A body has one length, told in one way, else a proxy and we might cut it at two places (request smuggling, RFC 9112 section 6.1). */
int http_check_framing(struct http_exchange *exchange, struct error *error)
{
    struct framing framing = {0};
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, look_at, &framing);
    const bool two = framing.lengths + framing.encodings > 1 || framing.hosts > 1;
    const bool unknown = framing.encoding && strcasecmp(framing.encoding, "chunked") != 0;
    if (framing.encoding) exchange->body_announced = UINT64_MAX;
    for (const char *at = framing.length; at && *at >= '0' && *at <= '9'; at++)
        exchange->body_announced = exchange->body_announced * 10 + (uint64_t)(*at - '0');
    if (!framing.malformed && !two && !unknown) return 0;
    exchange->cut = true;
    return http_refuse(exchange, REFUSED_INPUT, 400, STATUS_INPUT, N_("The request is not well formed."), error);
}

/* All values of one header, joined by commas. */
struct joined {
    const char *name;
    struct buffer *text;
};

static enum MHD_Result join(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    const struct joined *joined = context;
    if (strcasecmp(name, joined->name) != 0 || !value) return MHD_YES;
    if (buffer_length(joined->text)) buffer_char(joined->text, ',');
    buffer_text(joined->text, value);
    return MHD_YES;
}

static const char *joined_header(struct http_exchange *exchange, const char *name)
{
    const struct joined joined = {.name = name, .text = buffer_new(exchange->request.arena, FORWARDED_MOST)};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, join, http_lend(&joined));
    return buffer_overflowed(joined.text) ? "" : buffer_data(joined.text);
}

/* The last word of a list, which the nearest proxy has written. */
static bool last_is(const char *list, const char *word)
{
    const char *comma = strrchr(list, ',');
    const char *last = comma ? comma + 1 : list;
    last += strspn(last, " \t");
    return strcasecmp(last, word) == 0;
}

void http_find_peer(struct http_exchange *exchange)
{
    const struct http_server *server = exchange->server;
    struct http_request *request = &exchange->request;
    exchange->peer = exchange->client->peer;
    exchange->secure = server->secure;
    request->peer = exchange->client->peer_text;
    if (!http_network_holds(server->trusted, server->options.trusted_proxy_count, &exchange->peer)) return;
    exchange->peer = http_peer_forwarded(server->trusted, server->options.trusted_proxy_count, exchange->peer,
                                         joined_header(exchange, "X-Forwarded-For"));
    char *text = arena_alloc(request->arena, PEER_TEXT);
    http_peer_text(&exchange->peer, text);
    request->peer = text;
    exchange->secure = server->secure || last_is(joined_header(exchange, "X-Forwarded-Proto"), "https");
    const char *id = request->header(request, "X-Request-Id");
    if (id && strlen(id) <= REQUEST_ID && is_token(id, strlen(id))) strcpy(exchange->id, id);
}

/* "https://host" as browsers write it in Origin, of the address that was asked. */
const char *http_origin(const struct http_request *request)
{
    const struct http_exchange *exchange = (const struct http_exchange *)request;
    if (exchange->server->options.origin) return exchange->server->options.origin;
    const char *host = request->header(request, "Host");
    return host ? arena_print(request->arena, "%s://%s", exchange->secure ? "https" : "http", host) : "";
}

/* Whether what browsers add to requests says that another site made it. */
int http_check_origin(struct http_exchange *exchange, struct error *error)
{
    const struct http_request *request = &exchange->request;
    if (!http_exchange_unsafe(exchange) || exchange->bearer) return 0;
    const char *site = request->header(request, "Sec-Fetch-Site");
    const char *origin = request->header(request, "Origin");
    const bool foreign_site = site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    const bool foreign_origin = origin && strcasecmp(origin, http_origin(request)) != 0;
    if (!foreign_site && !foreign_origin) return 0;
    return http_refuse(exchange, REFUSED_CSRF, 403, STATUS_DENIED,
                       N_("This form was sent from another site, and is refused."), error);
}

/* Bearer tokens are not sent by browsers on their own, and a call of the API without any credential acts for nobody. */
static bool needs_token(const struct http_exchange *exchange)
{
    if (!http_exchange_unsafe(exchange) || exchange->bearer) return false;
    return exchange->row->type == ROUTE_PAGE || exchange->session;
}

int http_check_token(struct http_exchange *exchange, struct error *error)
{
    const struct http_request *request = &exchange->request;
    if (!needs_token(exchange)) return 0;
    const char *given = request->header(request, "X-CSRF-Token");
    if (!given) given = http_value(&request->form, "csrf");
    if (given && exchange->token && http_token_equal(given, exchange->token)) return 0;
    return http_refuse(exchange, REFUSED_CSRF, 403, STATUS_DENIED,
                       N_("This form is too old, or was not opened here. Go back, reload the page and send it again."),
                       error);
}
