/* The server on a socket: routes, languages, refusals, sessions, rights, headers, caching, compression, streams, hostile bytes. */
#include "tests/http/site.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/arena.h"

static struct site site;

static int begin(void **state)
{
    (void)state;
    site_begin(&site, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    site_end(&site);
    return 0;
}

static struct reply get(const char *path, const char *headers)
{
    return client_get(site.arena, site.port, path, headers);
}

static struct reply post(const char *path, const char *headers, const char *form)
{
    const char *all = arena_print(site.arena, "Content-Type: application/x-www-form-urlencoded\r\n%s", headers);
    return client_post(site.arena, site.port, path, all, form, strlen(form));
}

static const char *header(const struct reply *reply, const char *name)
{
    const char *value = reply_header(site.arena, reply, name);
    return value ? value : "(none)";
}

/* Starts the test's site anew with other options. */
static void begin_again(const struct http_options *options)
{
    site_end(&site);
    site_begin(&site, options);
}

static void language_is_in_the_address(void **state)
{
    (void)state;
    struct reply reply = get("/en/", "");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "<p>home en -</p>");
    reply = get("/fr", "");
    assert_string_equal(reply.body, "<p>home fr -</p>");
    reply = get("/", "Accept-Language: de, en;q=0.8, fr;q=0.5\r\n");
    assert_int_equal(reply.status, 302);
    assert_string_equal(header(&reply, "Location"), "/en/");
    assert_string_equal(header(&reply, "Vary"), "Accept-Language");
    reply = get("/echo/a%20b?x=1&y", "");
    assert_int_equal(reply.status, 302);
    assert_string_equal(header(&reply, "Location"), "/fr/echo/a%20b?x=1&y");
    assert_int_equal(post("/form", "", "a=1").status, 404);
    assert_int_equal(get("/de/", "").status, 404);
    assert_int_equal(get("/nothing", "").status, 404);
    assert_int_equal(get("/en/api/v1/echo", "").status, 404);
    assert_int_equal(get("/en/assets/style.css", "").status, 404);
}

static void handlers_get_what_was_asked(void **state)
{
    (void)state;
    const struct reply reply = get("/en/echo/%C3%A9t%C3%A9?q=a+b&q=%2F", "X-Forwarded-For: 8.8.8.8\r\n");
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "path=/echo/%C3%A9t%C3%A9\ntarget=/en/echo/"
                                       "%C3%A9t%C3%A9?q=a+b&q=%2F\nlanguage=en\npeer=127.0.0.1\naccount=0\n"));
    assert_non_null(strstr(reply.body, "word=été\nquery q=a b\nquery q=/\n"));
    assert_non_null(strstr(reply.body, arena_print(site.arena, "id=%s\n", header(&reply, "X-Request-Id"))));
    assert_int_equal(strlen(header(&reply, "X-Request-Id")), 16);
}

static void methods_are_told_apart(void **state)
{
    (void)state;
    struct reply reply = client_ask(site.arena, site.port, "DELETE /fr/form HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(reply.status, 405);
    assert_string_equal(header(&reply, "Allow"), "OPTIONS, GET, HEAD, POST");
    reply = client_ask(site.arena, site.port, "OPTIONS /fr/form HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(reply.status, 204);
    assert_string_equal(header(&reply, "Allow"), "OPTIONS, GET, HEAD, POST");
    assert_int_equal(client_ask(site.arena, site.port, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status, 204);
    assert_int_equal(client_ask(site.arena, site.port, "TRACE /fr/form HTTP/1.1\r\nHost: x\r\n\r\n").status, 405);
    assert_int_equal(client_ask(site.arena, site.port, "BREW /nowhere HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
    assert_int_equal(client_ask(site.arena, site.port, "GET /fr/sign-in HTTP/1.1\r\nHost: x\r\n\r\n").status, 405);
}

static void head_is_get_without_its_body(void **state)
{
    (void)state;
    const int socket = client_open(site.port);
    client_print(socket, "HEAD /fr/large HTTP/1.1\r\nHost: x\r\n\r\nGET /fr/ HTTP/1.1\r\nHost: x\r\n\r\n"
                         "HEAD /fr/lines HTTP/1.1\r\nHost: x\r\n\r\n");
    const struct reply large = client_read(site.arena, socket, true);
    assert_int_equal(large.status, 200);
    assert_string_equal(header(&large, "ETag"), "\"v7\"");
    assert_true(atoi(header(&large, "Content-Length")) > 50000);
    assert_string_equal(client_read(site.arena, socket, false).body, "<p>home fr -</p>");
    const struct reply lines = client_read(site.arena, socket, true);
    assert_int_equal(lines.status, 200);
    assert_string_equal(header(&lines, "Content-Length"), "(none)");
    assert_true(client_closed(socket));
    close(socket);
}

static void errors_are_pages_or_problems(void **state)
{
    (void)state;
    struct reply reply = get("/fr/nothing", "");
    assert_string_equal(reply.body, "<h1>Il n’y a pas de page à cette adresse.</h1>");
    assert_string_equal(header(&reply, "Cache-Control"), "no-store");
    reply = get("/en/fail/input", "");
    assert_int_equal(reply.status, 400);
    assert_string_equal(reply.body, "<h1>The name Zoé is too long.</h1>");
    assert_int_equal(get("/en/fail/conflict", "").status, 409);
    assert_int_equal(get("/en/fail/silent", "").status, 503);
    assert_int_equal(get("/en/fail/fault", "").status, 500);
    reply = get("/api/v1/fail/input", "Accept-Language: en\r\n");
    assert_int_equal(reply.status, 400);
    assert_string_equal(header(&reply, "Content-Type"), "application/problem+json");
    assert_non_null(
        strstr(reply.body, "\"title\":\"Bad request\",\"status\":400,\"detail\":\"The name Zo\\u00E9 is too long.\""));
    assert_non_null(strstr(reply.body, "\"field\":\"name\""));
    reply = get("/api/v1/fail/fault", "Accept-Language: en\r\n");
    assert_int_equal(reply.status, 500);
    assert_null(strstr(reply.body, "secret table"));
    assert_non_null(strstr(reply.body, header(&reply, "X-Request-Id")));
    reply = get("/api/v9/unknown", "");
    assert_int_equal(reply.status, 404);
    assert_string_equal(header(&reply, "Content-Type"), "application/problem+json");
    assert_int_equal(get("/assets/missing.css", "").status, 404);
}

static void path_tricks_lead_nowhere(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "/fr/echo/%2e%2e",       "/fr/../etc/passwd", "/fr/echo/%00",     "/fr/echo/a%2fb", "/fr/%",
        "/assets/..%2f..%2fetc", "/fr/echo/a?q=%00",  "/fr/echo/a?q=%ff", "/fr/echo/a?%zz", "http://127.0.0.1/fr/"};
    static const char *const absent[] = {"//fr/echo/a",     "/fr//echo/a", "/fr/echo/a/",
                                         "//evil.example/", "/fr//",       "/health/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_int_equal(get(bad[i], "").status, 400);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) assert_int_equal(get(absent[i], "").status, 404);
}

static void security_headers_are_on_every_answer(void **state)
{
    (void)state;
    static const char *const paths[] = {"/fr/", "/fr/nothing", "/fr/fail/fault", "/", "/fr/mine"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct reply reply = get(paths[i], "");
        assert_string_equal(header(&reply, "Content-Security-Policy"),
                            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                            "connect-src 'self'; font-src "
                            "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        assert_string_equal(header(&reply, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(header(&reply, "Referrer-Policy"), "same-origin");
        assert_string_equal(header(&reply, "Cross-Origin-Opener-Policy"), "same-origin");
        assert_string_equal(header(&reply, "Cross-Origin-Resource-Policy"), "same-origin");
        assert_string_equal(header(&reply, "Strict-Transport-Security"), "(none)");
    }
    struct reply reply = get("/api/v1/echo", "");
    assert_string_equal(header(&reply, "Content-Security-Policy"),
                        "default-src 'none'; frame-ancestors 'none'; sandbox");
    assert_int_equal(http_set_tiles(site.server, "https://*.tile.example", NULL), STATUS_OK);
    reply = get("/fr/", "");
    assert_non_null(
        strstr(header(&reply, "Content-Security-Policy"), "img-src 'self' data: https://*.tile.example; connect-src"));
    assert_int_equal(http_set_tiles(site.server, "https://x; script-src *", NULL), STATUS_INPUT);
    assert_int_equal(http_set_tiles(site.server, "ftp://x", NULL), STATUS_INPUT);
    /* An attachment, should it be shown all the same, runs nothing. */
    const struct reply attached = get("/fr/lines", "");
    assert_string_equal(header(&attached, "Content-Security-Policy"),
                        "default-src 'none'; frame-ancestors 'none'; sandbox");
    assert_string_equal(header(&attached, "X-Content-Type-Options"), "nosniff");
}

static void caches_are_told_the_truth(void **state)
{
    (void)state;
    struct reply reply = get("/fr/", "");
    assert_string_equal(header(&reply, "Cache-Control"), "public, max-age=60");
    assert_string_equal(header(&reply, "Vary"), "Accept-Encoding, Cookie");
    reply = get("/fr/", ANNA);
    assert_string_equal(header(&reply, "Cache-Control"), "private, no-cache");
    reply = get("/assets/style.css", "");
    assert_string_equal(header(&reply, "Cache-Control"), "public, max-age=31536000, immutable");
    assert_string_equal(header(&reply, "ETag"), "\"abc\"");
    assert_string_equal(header(&reply, "Content-Type"), "text/css");
    reply = get("/api/v1/echo", "");
    assert_string_equal(header(&reply, "Cache-Control"), "no-store");
}

static void entity_tags_spare_the_body(void **state)
{
    (void)state;
    static const char *const same[] = {"\"v7\"", "W/\"v7\"", "\"x\", \"v7\"", "*"};
    static const char *const other[] = {"\"v8\"", "v7", "\"v77\"", "", "W/\"x\",", "\"v7"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const struct reply reply = get("/fr/large", arena_print(site.arena, "If-None-Match: %s\r\n", same[i]));
        assert_int_equal(reply.status, 304);
        assert_int_equal(reply.length, 0);
        assert_string_equal(header(&reply, "ETag"), "\"v7\"");
        assert_string_equal(header(&reply, "Cache-Control"), "private, no-cache");
    }
    for (size_t i = 0; i + 1 < sizeof other / sizeof *other; i++)
        assert_int_equal(get("/fr/large", arena_print(site.arena, "If-None-Match: %s\r\n", other[i])).status, 200);
}

static const char *inflated(const struct reply *reply, size_t *length)
{
    char *out = arena_alloc(site.arena, 8 << 20);
    z_stream zlib = {.next_in = (Bytef *)arena_copy_bytes(site.arena, reply->body, reply->length),
                     .avail_in = (uInt)reply->length,
                     .next_out = (Bytef *)out,
                     .avail_out = (8 << 20) - 1};
    assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
    assert_int_equal(inflate(&zlib, Z_FINISH), Z_STREAM_END);
    assert_int_equal(zlib.avail_in, 0);
    *length = zlib.total_out;
    inflateEnd(&zlib);
    return out;
}

static void text_is_compressed_when_accepted(void **state)
{
    (void)state;
    const struct reply plain = get("/fr/large", ""), packed = get("/fr/large", "Accept-Encoding: gzip, br\r\n");
    size_t length;
    assert_string_equal(header(&plain, "Content-Encoding"), "(none)");
    assert_string_equal(header(&packed, "Content-Encoding"), "gzip");
    assert_string_equal(header(&packed, "ETag"), "W/\"v7\"");
    assert_string_equal(header(&plain, "Vary"), "Accept-Encoding, Cookie");
    assert_true(packed.length < plain.length / 5);
    const char *body = inflated(&packed, &length);
    assert_int_equal(length, plain.length);
    assert_memory_equal(body, plain.body, length);
    const struct reply small = get("/fr/", "Accept-Encoding: gzip\r\n");
    assert_string_equal(header(&small, "Content-Encoding"), "(none)");
    const struct reply refused = get("/fr/large", "Accept-Encoding: gzip;q=0\r\n");
    assert_string_equal(header(&refused, "Content-Encoding"), "(none)");
}

/* Whether body is lines 0 to count - 1 of the streaming handler. */
static void check_lines(const char *body, size_t length, size_t count)
{
    assert_int_equal(length, count * 15);
    for (size_t i = 0; i < count; i += 997) assert_int_equal(strtoul(body + i * 15 + 5, NULL, 10), i);
}

static void streams_arrive_whole(void **state)
{
    (void)state;
    static const int counts[] = {0, 1, 5000, 400000};
    for (size_t i = 0; i < 4; i++) {
        const int count = counts[i];
        const char *path = arena_print(site.arena, "/fr/lines?lines=%d", count);
        const struct reply plain = get(path, "");
        assert_int_equal(plain.status, 200);
        assert_true(plain.complete);
        check_lines(plain.body, plain.length, (size_t)count);
        const struct reply packed = get(path, "Accept-Encoding: gzip\r\n");
        size_t length;
        assert_true(packed.complete);
        const char *body = inflated(&packed, &length);
        check_lines(body, length, (size_t)count);
    }
    const struct reply old = client_ask(site.arena, site.port, "GET /fr/lines?lines=5000 HTTP/1.0\r\n\r\n");
    check_lines(old.body, old.length, 5000);
    const struct reply cut = get("/fr/lines?lines=5000&fails", "");
    assert_int_equal(cut.status, 200);
    assert_false(cut.complete);
    /* On SQLite, this route's handler runs on a connection thread. */
    if (database_engine() == DB_SQLITE) assert_int_equal(get("/fr/hasty-lines", "").status, 500);
}

static void attachments_have_both_names(void **state)
{
    (void)state;
    const struct reply reply = get("/fr/lines", "");
    assert_string_equal(header(&reply, "Content-Disposition"),
                        "attachment; filename=\"besoins d_____t__ _1_.csv\"; "
                        "filename*=UTF-8''besoins%20d%E2%80%99%C3%A9t%C3%A9%20%221%22.csv");
}

static void headers_cannot_be_injected(void **state)
{
    (void)state;
    static const char *const bad[] = {"/x%0d%0aSet-Cookie:%20evil=1", "//evil.example", "https://evil.example/",
                                      "javascript:alert(1)"};
    struct reply reply = get("/fr/inject?next=/fr/form", "");
    assert_string_equal(header(&reply, "Location"), "/fr/form");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = arena_print(site.arena, "/fr/inject?next=%s", bad[i]);
        reply = get(path, "");
        assert_true(reply.status == 400 || strcmp(header(&reply, "Location"), "/fr/") == 0);
        assert_null(reply_cookie(site.arena, &reply, "evil"));
    }
    /* The host that was asked is never repeated. */
    reply = client_ask(site.arena, site.port, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_string_equal(header(&reply, "Location"), "/fr/");
}

static void rights_are_denied_by_default(void **state)
{
    (void)state;
    assert_int_equal(get("/fr/mine", "").status, 403);
    assert_int_equal(get("/fr/mine", "Cookie: session=nobody\r\n").status, 403);
    assert_int_equal(get("/fr/mine", ANNA).status, 200);
    assert_int_equal(get("/fr/edit", ANNA).status, 403);
    assert_int_equal(get("/fr/edit", EDITH).status, 200);
    assert_int_equal(get("/fr/edit", "Cookie: other=x; session=edith; b=c\r\n").status, 200);
    assert_int_equal(get("/fr/edit", "Cookie: xsession=edith\r\n").status, 403);
    assert_int_equal(get("/fr/edit", "Cookie: session=ed\"ith\r\n").status, 403);
    assert_int_equal(get("/fr/edit", "Authorization: Bearer writes\r\n").status, 403);
    assert_int_equal(get("/fr/mine", "Cookie: session=broken\r\n").status, 503);
    struct http_options options = site_options();
    options.sign_in = "/sign-in";
    begin_again(&options);
    const struct reply reply = get("/en/mine?a=1&b=2", "");
    assert_int_equal(reply.status, 303);
    assert_string_equal(header(&reply, "Location"), "/en/sign-in?next=%2Fen%2Fmine%3Fa%3D1%26b%3D2");
    assert_int_equal(get("/en/edit", ANNA).status, 403);
}

static void bearer_tokens_open_the_api(void **state)
{
    (void)state;
    struct reply reply = get("/api/v1/edit", "");
    assert_int_equal(reply.status, 401);
    assert_string_equal(header(&reply, "WWW-Authenticate"), "Bearer");
    reply = get("/api/v1/edit", "Authorization: Bearer wrong\r\n");
    assert_int_equal(reply.status, 401);
    assert_string_equal(header(&reply, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
    assert_int_equal(get("/api/v1/echo", "Authorization: Bearer wrong\r\n").status, 401);
    assert_int_equal(get("/api/v1/echo", "Authorization: Bearer \r\n").status, 401);
    assert_int_equal(get("/api/v1/edit", "Authorization: Bearer reads\r\n").status, 200);
    assert_int_equal(get("/api/v1/edit", "authorization: bearer   reads\r\n").status, 200);
    assert_int_equal(get("/api/v1/edit", EDITH).status, 200);
    assert_int_equal(get("/api/v1/edit", ANNA).status, 403);
    /* A wrong token is not made good by a session. */
    assert_int_equal(get("/api/v1/edit", EDITH "Authorization: Bearer wrong\r\n").status, 401);
    assert_int_equal(
        client_post(site.arena, site.port, "/api/v1/edit", "Authorization: Bearer reads\r\n", "{}", 2).status, 403);
    reply = client_post(site.arena, site.port, "/api/v1/edit",
                        "Authorization: Bearer writes\r\nContent-Type: application/json; x=y\r\n", "{}", 2);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "account=2000002"));
    assert_non_null(strstr(reply.body, "body application/json 2 {}"));
}

/* Fetches the form as who the cookie says; its token, and through cookie the visitor's cookie when one was set. */
static const char *fetch_token(const char *cookie, const char **visit)
{
    const struct reply reply = get("/fr/form", cookie);
    const char *start = strstr(reply.body, "value=\"");
    assert_non_null(start);
    if (visit) *visit = reply_cookie(site.arena, &reply, "visit");
    return arena_copy_bytes(site.arena, start + 7, strcspn(start + 7, "\""));
}

static void a_form_needs_its_token(void **state)
{
    (void)state;
    const char *token = fetch_token(ANNA, NULL);
    const char *form = arena_print(site.arena, "csrf=%s&a=1", token);
    assert_string_not_equal(token, fetch_token(ANNA, NULL));
    assert_int_equal(post("/fr/form", ANNA, form).status, 303);
    assert_int_equal(post("/fr/form", ANNA, "csrf=csrf-of-anna").status, 303);
    assert_int_equal(post("/fr/form", ANNA, "a=1").status, 403);
    assert_int_equal(post("/fr/form", ANNA, "csrf=").status, 403);
    assert_int_equal(post("/fr/form", EDITH, form).status, 403);
    assert_int_equal(post("/fr/form", "", form).status, 403);
    assert_int_equal(post("/fr/form", arena_print(site.arena, ANNA "X-CSRF-Token: %s\r\n", token), "a=1").status, 303);
    assert_int_equal(post("/fr/form", ANNA "X-CSRF-Token: wrong\r\n", form).status, 403);
}

static void a_visitor_has_a_token_too(void **state)
{
    (void)state;
    const char *visit;
    const char *token = fetch_token("", &visit);
    assert_non_null(visit);
    const char *cookie = arena_print(site.arena, "Cookie: %s\r\n", visit);
    const char *form = arena_print(site.arena, "csrf=%s", token);
    assert_int_equal(post("/fr/form", cookie, form).status, 303);
    assert_int_equal(post("/fr/form", "", form).status, 403);
    assert_int_equal(post("/fr/form", "Cookie: visit=AAAAAAAAAAAAAAAAAAAAAA\r\n", form).status, 403);
    /* It is not set twice, nor by a page without a form; and a page that sets it is nobody else's. */
    const char *again;
    fetch_token(cookie, &again);
    assert_null(again);
    const struct reply home = get("/fr/", "");
    assert_null(reply_cookie(site.arena, &home, "visit"));
}

static void other_sites_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"Origin: https://evil.example\r\n", "Origin: null\r\n",
                                      "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n",
                                      "Origin: http://127.0.0.1\r\n"};
    const char *good =
        arena_print(site.arena, "Origin: http://127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n" ANNA, site.port);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(post("/fr/form", arena_print(site.arena, "%s" ANNA, bad[i]), "csrf=csrf-of-anna").status, 403);
    assert_int_equal(post("/fr/form", good, "csrf=csrf-of-anna").status, 303);
    assert_int_equal(client_post(site.arena, site.port, "/api/v1/edit",
                                 "Origin: https://evil.example\r\n" EDITH "X-CSRF-Token: csrf-of-edith\r\n", "{}", 2)
                         .status,
                     403);
    struct http_options options = site_options();
    options.origin = "https://maillage.example";
    begin_again(&options);
    assert_int_equal(
        post("/fr/form", "Origin: https://maillage.example\r\nCookie: __Host-session=anna\r\n", "csrf=csrf-of-anna")
            .status,
        303);
    assert_int_equal(
        post("/fr/form",
             arena_print(site.arena, "Origin: http://127.0.0.1:%d\r\nCookie: __Host-session=anna\r\n", site.port),
             "csrf=csrf-of-anna")
            .status,
        403);
}

/* Every unsafe route of the table, as who may call it: without a token, with a wrong one. No handler runs. */
static void no_unsafe_route_goes_without_token(void **state)
{
    (void)state;
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    size_t tried = 0;
    const int before = site_calls();
    for (const struct http_route *row = site_routes; row->handler; row++) {
        if (row->method == HTTP_GET) continue;
        static const char *const tokens[] = {"", "X-CSRF-Token: wrong\r\n", "X-CSRF-Token: csrf-of-anna\r\n"};
        for (size_t i = 0; i < 3; i++) {
            const struct reply reply =
                client_ask(site.arena, site.port, "%s %s%s HTTP/1.1\r\nHost: x\r\n" EDITH "%s\r\n", names[row->method],
                           row->type == ROUTE_PAGE ? "/fr" : "", row->path, tokens[i]);
            assert_int_equal(reply.status, 403);
            tried++;
        }
    }
    assert_true(tried >= 24);
    assert_int_equal(site_calls(), before);
}

static void cookies_are_guarded(void **state)
{
    (void)state;
    const char *headers = ANNA "X-CSRF-Token: csrf-of-anna\r\n";
    struct reply reply = post("/fr/sign-in", headers, "");
    assert_string_equal(header(&reply, "Set-Cookie"), "session=anna; Path=/; HttpOnly; SameSite=Lax");
    assert_null(reply_header_nth(site.arena, &reply, "Set-Cookie", 1));
    reply = post("/fr/sign-in", "Cookie: device=laptop; session=anna\r\nX-CSRF-Token: csrf-of-anna\r\n", "");
    const char *device = reply_header_nth(site.arena, &reply, "Set-Cookie", 1);
    assert_memory_equal(device, "device=laptop-again.", 20); /* the token, and a seal that says it is ours */
    assert_string_equal(strchr(device, ';'), "; Path=/; HttpOnly; SameSite=Lax; Max-Age=15552000");
    reply = client_ask(site.arena, site.port, "DELETE /fr/sign-in HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);
    assert_string_equal(header(&reply, "Set-Cookie"), "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    struct http_options options = site_options();
    options.origin = "https://maillage.example";
    begin_again(&options);
    reply = post("/fr/sign-in", "Cookie: __Host-session=anna\r\nX-CSRF-Token: csrf-of-anna\r\n", "");
    assert_string_equal(header(&reply, "Set-Cookie"), "__Host-session=anna; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert_string_equal(header(&reply, "Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
    assert_int_equal(get("/fr/mine", ANNA).status, 403);
}

static void flash_is_shown_once(void **state)
{
    (void)state;
    const struct reply saved = post("/fr/form", ANNA, "csrf=csrf-of-anna");
    assert_string_equal(header(&saved, "Location"), "/fr/");
    const char *flash = reply_cookie(site.arena, &saved, "flash");
    assert_non_null(flash);
    const struct reply shown = get("/fr/", arena_print(site.arena, "Cookie: %s\r\n", flash));
    assert_string_equal(shown.body, "<p>home fr C’est enregistré</p>");
    assert_string_equal(reply_cookie(site.arena, &shown, "flash"), "flash=");
    char *forged = arena_copy(site.arena, flash);
    forged[strlen(forged) - 3] ^= 1;
    assert_string_equal(get("/fr/", arena_print(site.arena, "Cookie: %s\r\n", forged)).body, "<p>home fr -</p>");
}

static void guessing_is_slowed(void **state)
{
    (void)state;
    struct http_options options = site_options();
    options.rates = (struct http_rates){.by_peer = -1, .by_account = -1, .guesses = 3};
    begin_again(&options);
    for (int i = 0; i < 3; i++) assert_int_equal(post("/fr/sign-in", ANNA, "csrf=csrf-of-anna").status, 303);
    const struct reply reply = post("/fr/sign-in", ANNA, "csrf=csrf-of-anna");
    assert_int_equal(reply.status, 429);
    assert_true(atoi(header(&reply, "Retry-After")) > 0);
    assert_int_equal(get("/fr/", "").status, 200);
}

/* A browser that signed in before has tries of its own, whoever guesses from the same address; one cannot make up such a browser. */
static void who_guesses_next_door_bars_nobody(void **state)
{
    (void)state;
    static const char with[] = "Cookie: session=anna; device=%s\r\nX-CSRF-Token: csrf-of-anna\r\n";
    struct http_options options = site_options();
    options.rates = (struct http_rates){.by_peer = -1, .by_account = -1, .guesses = 3};
    begin_again(&options);
    const struct reply first = post("/fr/sign-in", arena_print(site.arena, with, "laptop"), "");
    const char *device = reply_cookie(site.arena, &first, "device");
    assert_non_null(device);
    for (int i = 0; i < 2; i++) assert_int_equal(post("/fr/sign-in", ANNA, "csrf=csrf-of-anna").status, 303);
    assert_int_equal(post("/fr/sign-in", ANNA, "csrf=csrf-of-anna").status, 429);
    const char *ours = arena_print(site.arena, with, device + strlen("device="));
    for (int i = 0; i < 3; i++) assert_int_equal(post("/fr/sign-in", ours, "").status, 303);
    assert_int_equal(post("/fr/sign-in", ours, "").status, 429);
    const char *seal = strchr(device, '.');
    assert_int_equal(
        post("/fr/sign-in", arena_print(site.arena, with, arena_print(site.arena, "other%s", seal)), "").status, 429);
    assert_int_equal(post("/fr/sign-in", arena_print(site.arena, with, "other"), "").status, 429);
}

static void rates_are_limited_by_address_and_account(void **state)
{
    (void)state;
    struct http_options options = site_options();
    options.rates = (struct http_rates){.by_peer = 60, .by_account = -1, .guesses = -1};
    begin_again(&options);
    for (int i = 0; i < 10; i++) assert_int_equal(get("/fr/", "").status, 200);
    struct reply reply = get("/fr/", "");
    assert_int_equal(reply.status, 429);
    assert_string_equal(header(&reply, "Retry-After"), "1");
    assert_string_equal(header(&reply, "Content-Type"), "text/plain; charset=utf-8");
    options.rates = (struct http_rates){.by_peer = -1, .by_account = 30, .guesses = -1};
    begin_again(&options);
    for (int i = 0; i < 5; i++) assert_int_equal(get("/fr/mine", ANNA).status, 200);
    assert_int_equal(get("/fr/mine", ANNA).status, 429);
    assert_int_equal(get("/fr/mine", EDITH).status, 200);
    assert_int_equal(get("/fr/", "").status, 200);
}

static void proxies_are_believed_when_named(void **state)
{
    (void)state;
    static const char *const proxies[] = {"127.0.0.0/8"};
    struct http_options options = site_options();
    options.trusted_proxies = proxies;
    options.trusted_proxy_count = 1;
    begin_again(&options);
    struct reply reply =
        get("/fr/echo/a", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
                          "X-Request-Id: from-the-proxy\r\n");
    assert_non_null(strstr(reply.body, "peer=203.0.113.9\n"));
    assert_non_null(strstr(reply.body, "id=from-the-proxy\n"));
    assert_string_equal(header(&reply, "Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
    reply = get("/fr/echo/a", "X-Forwarded-For: 203.0.113.9\r\nX-Request-Id: bad id\r\n");
    assert_int_equal(strlen(header(&reply, "X-Request-Id")), 16);
    options.rates = (struct http_rates){.by_peer = 6, .by_account = -1, .guesses = -1};
    begin_again(&options);
    assert_int_equal(get("/fr/", "X-Forwarded-For: 2001:db8::1\r\n").status, 200);
    assert_int_equal(get("/fr/", "X-Forwarded-For: 2001:db8::2\r\n").status, 429);
    assert_int_equal(get("/fr/", "X-Forwarded-For: 2001:db8:0:1::1\r\n").status, 200);
}

static void health_and_metrics_tell(void **state)
{
    (void)state;
    struct reply reply = get("/health", "");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "{\"status\":\"ok\"}");
    get("/fr/nothing", "");
    get("/fr/echo/a?secret=1", ANNA);
    assert_int_equal(get("/metrics", "").status, 404);
    const int port = http_metrics_port(site.server);
    reply = client_get(site.arena, port, "/metrics", "");
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "http_requests_total{method=\"GET\",route=\"/health\",status=\"200\"} 1\n"));
    assert_non_null(strstr(reply.body, "http_requests_total{method=\"GET\",route=\"/echo/{a}\",status=\"200\"} 1\n"));
    assert_non_null(strstr(reply.body, "http_requests_total{method=\"\",route=\"none\",status=\"404\"} 2\n"));
    assert_non_null(
        strstr(reply.body, "http_request_duration_seconds_bucket{method=\"GET\",route=\"/health\",le=\"+Inf\"} 1\n"));
    assert_non_null(strstr(reply.body, "http_db_handles_lent 0\n"));
    assert_non_null(strstr(reply.body, "process_resident_memory_bytes "));
    assert_null(strstr(reply.body, "secret"));
    assert_int_equal(client_get(site.arena, port, "/", "").status, 404);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    const int socket = client_open(site.port);
    for (int i = 0; i < 50; i++) client_print(socket, "GET /fr/echo/%d HTTP/1.1\r\nHost: x\r\n\r\n", i);
    for (int i = 0; i < 50; i++) {
        const struct reply reply = client_read(site.arena, socket, false);
        assert_int_equal(reply.status, 200);
        assert_non_null(strstr(reply.body, arena_print(site.arena, "word=%d\n", i)));
    }
    close(socket);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "GET /fr/ HTTP/1.1\r\n\r\n",
        "GET /fr/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /fr/ HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n",
        "GET /fr/ HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
        "POST /fr/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /fr/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST /fr/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /fr/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST /fr/echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /fr/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
        "GET /fr/ HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(client_ask(site.arena, site.port, "%s", bad[i]).status, 400);
    static const char *const cut[] = {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET /fr/\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                                      "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        const int socket = client_open(site.port);
        client_print(socket, "%s", cut[i]);
        if (i) assert_int_not_equal(client_read(site.arena, socket, false).status, 200);
        close(socket);
    }
    char *huge = arena_alloc(site.arena, 100001);
    memset(huge, 'a', 100000);
    assert_int_equal(client_get(site.arena, site.port, arena_print(site.arena, "/fr/echo/a?q=%.4000s", huge),
                                arena_print(site.arena, "Cookie: x=%.4000s\r\n", huge))
                         .status,
                     200);
    int status = client_get(site.arena, site.port, "/fr/", arena_print(site.arena, "X: %s\r\n", huge)).status;
    assert_true(status == 431 || status == 413 || status == 0);
    status = client_get(site.arena, site.port, arena_print(site.arena, "/fr/%s", huge), "").status;
    assert_true(status == 414 || status == 0);
    assert_int_equal(get("/fr/", "").status, 200);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(language_is_in_the_address),
        TEST(handlers_get_what_was_asked),
        TEST(methods_are_told_apart),
        TEST(head_is_get_without_its_body),
        TEST(errors_are_pages_or_problems),
        TEST(path_tricks_lead_nowhere),
        TEST(security_headers_are_on_every_answer),
        TEST(caches_are_told_the_truth),
        TEST(entity_tags_spare_the_body),
        TEST(text_is_compressed_when_accepted),
        TEST(streams_arrive_whole),
        TEST(attachments_have_both_names),
        TEST(headers_cannot_be_injected),
        TEST(rights_are_denied_by_default),
        TEST(bearer_tokens_open_the_api),
        TEST(a_form_needs_its_token),
        TEST(a_visitor_has_a_token_too),
        TEST(other_sites_forms_are_refused),
        TEST(no_unsafe_route_goes_without_token),
        TEST(cookies_are_guarded),
        TEST(flash_is_shown_once),
        TEST(guessing_is_slowed),
        TEST(who_guesses_next_door_bars_nobody),
        TEST(rates_are_limited_by_address_and_account),
        TEST(proxies_are_believed_when_named),
        TEST(health_and_metrics_tell),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(malformed_requests_are_refused),
    };
    return database_run_group(tests);
}
