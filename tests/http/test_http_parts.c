/* The parts that need no connection: paths, routes, parameters, multipart, addresses, limits, tokens, compression. */
#include "tests/check.h"

#include <string.h>
#include <zlib.h>

#include <sodium.h>

#include "base/arena.h"
#include "platform/http/gzip_private.h"
#include "platform/http/limit_private.h"
#include "platform/http/parameters_private.h"
#include "platform/http/peer_private.h"
#include "platform/http/router_private.h"
#include "platform/http/token_private.h"

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    return sodium_init() < 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static enum status nothing(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)request, (void)response, (void)error;
    return STATUS_OK;
}

static const struct http_route routes[] = {
    ROUTE(HTTP_GET, "/", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/needs/new", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/needs/{id}", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_POST, "/needs/{id}", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/{kind}/list", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/a/{b}/c/{d}", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/api/v1/{kind}", ROUTE_API, ACCESS_PUBLIC, nothing),
    {.handler = NULL},
};

/* "GET /needs/{id} 12" of what a path leads to; "404", "405 3", "400". */
static const char *lead(bool pages, enum http_method method, const char *raw)
{
    const struct http_route *const tables[] = {routes, NULL};
    struct http_router *router;
    struct http_route_match match;
    struct http_path path;
    const enum status status = http_path_parse(arena, raw, &path, NULL);
    if (status != STATUS_OK) return status == STATUS_INPUT ? "400" : "404";
    assert_int_equal(http_router_new(arena, tables, &router, NULL), STATUS_OK);
    if (!http_router_find(router, pages, &path, 0, method, &match)) return "404";
    if (!match.entry) return arena_print(arena, "405 %u", match.allowed);
    const char *text = match.entry->row->path;
    for (size_t i = 0; i < HTTP_WORDS && match.words[i]; i++) text = arena_print(arena, "%s %s", text, match.words[i]);
    return text;
}

static void paths_lead_to_routes(void **state)
{
    (void)state;
    assert_string_equal(lead(true, HTTP_GET, "/"), "/");
    assert_string_equal(lead(true, HTTP_GET, "/needs/new"), "/needs/new");
    assert_string_equal(lead(true, HTTP_GET, "/needs/12"), "/needs/{id} 12");
    assert_string_equal(lead(true, HTTP_GET, "/needs/%C3%A9t%C3%A9"), "/needs/{id} été");
    assert_string_equal(lead(true, HTTP_GET, "/needs/a+b"), "/needs/{id} a+b");
    /* The literal has no POST: the name takes it. */
    assert_string_equal(lead(true, HTTP_POST, "/needs/new"), "/needs/{id} new");
    assert_string_equal(lead(true, HTTP_GET, "/needs/list"), "/needs/{id} list");
    assert_string_equal(lead(true, HTTP_GET, "/aids/list"), "/{kind}/list aids");
    assert_string_equal(lead(true, HTTP_GET, "/a/1/c/2"), "/a/{b}/c/{d} 1 2");
    assert_string_equal(lead(false, HTTP_GET, "/api/v1/need"), "/api/v1/{kind} need");
    assert_string_equal(lead(true, HTTP_GET, "/api/v1/need"), "404");
    assert_string_equal(lead(true, HTTP_DELETE, "/needs/12"), "405 3");
    assert_string_equal(lead(true, HTTP_GET, "/needs"), "404");
    assert_string_equal(lead(true, HTTP_GET, "/a/1/c"), "404");
}

static void path_tricks_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "/needs/%2e%2e", "/needs/..", "/%2E",       "/needs/%2fetc", "/needs/%5c", "/needs/a\\b",   "/needs/%00",
        "/needs/%0a",    "/needs/%",  "/needs/%4",  "/needs/%zz",    "/needs/%ff", "/needs/%c0%af", "/needs/%ed%a0%80",
        "needs",         "",          "/needs/%7f", "/needs/%c2%85"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_string_equal(lead(true, HTTP_GET, bad[i]), "400");
    static const char *const absent[] = {"//", "//needs/12", "/needs//12", "/needs/12/",
                                         "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_string_equal(lead(true, HTTP_GET, absent[i]), "404");
}

static enum status build(struct http_route row)
{
    const struct http_route rows[] = {row, {.handler = NULL}};
    const struct http_route *const tables[] = {routes, rows, NULL};
    struct http_router *router;
    return http_router_new(arena, tables, &router, NULL);
}

static void wrong_rows_do_not_start(void **state)
{
    (void)state;
    const struct http_route fine = {
        .method = HTTP_GET, .path = "/x", .type = ROUTE_PAGE, .access = ACCESS_PUBLIC, .handler = nothing};
    struct http_route row = fine;
    assert_int_equal(build(row), STATUS_OK);
    static const char *const bad[] = {
        "x", "/x/", "//", "/{", "/{}", "/{a", "/{a}b", "/{a}/{b}/{c}/{d}/{e}", "/needs/{other}", "/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        row.path = bad[i];
        assert_int_equal(build(row), STATUS_INPUT);
    }
    row = fine, row.access = 0;
    assert_int_equal(build(row), STATUS_INPUT);
    row = fine, row.access = ACCESS_RIGHTS;
    assert_int_equal(build(row), STATUS_INPUT);
    row = fine, row.rights = ANYONE;
    assert_int_equal(build(row), STATUS_INPUT);
    row = fine, row.type = ROUTE_ASSET, row.access = ACCESS_ACCOUNT;
    assert_int_equal(build(row), STATUS_INPUT);
}

/* "name=value|..." or "input" or "limit". */
static const char *parsed(const char *text, size_t length)
{
    struct http_parameters parameters;
    const enum status status = http_parameters_parse(arena, text, length, &parameters, NULL);
    if (status != STATUS_OK) return status == STATUS_INPUT ? "input" : "limit";
    const char *out = "";
    for (size_t i = 0; i < parameters.count; i++) {
        assert_int_equal(strlen(parameters.items[i].value), parameters.items[i].length);
        out = arena_print(arena, "%s%s=%s|", out, parameters.items[i].name, parameters.items[i].value);
    }
    return out;
}

static void parameters_are_decoded(void **state)
{
    (void)state;
#define PARSED(text) parsed(text, sizeof(text) - 1)
    assert_string_equal(PARSED(""), "");
    assert_string_equal(PARSED("a=1&b=2"), "a=1|b=2|");
    assert_string_equal(PARSED("a&=x&&b=&a=2"), "a=|=x|b=|a=2|");
    assert_string_equal(PARSED("q=%C3%A9t%c3%a9+ici%2B"), "q=été ici+|");
    assert_string_equal(PARSED("q=a%0D%0Ab%0Dc%0Ad%09e"), "q=a\nb\nc\nd\te|");
    assert_string_equal(PARSED("q=a=b"), "q=a=b|");
    assert_string_equal(PARSED("q=%26%3D"), "q=&=|");
    assert_string_equal(PARSED("q=%"), "input");
    assert_string_equal(PARSED("q=%4"), "input");
    assert_string_equal(PARSED("q=%g1"), "input");
    assert_string_equal(PARSED("q=%00"), "input");
    assert_string_equal(PARSED("q=a\0b"), "input");
    assert_string_equal(PARSED("q=%ff"), "input");
    assert_string_equal(PARSED("q=%c0%80"), "input");
    assert_string_equal(PARSED("q=%1b"), "input");
    assert_string_equal(PARSED("%01=x"), "input");
    char many[2 * PARAMETERS_MOST + 2];
    for (size_t i = 0; i < sizeof many; i++) many[i] = i % 2 ? '&' : 'a';
    assert_string_equal(parsed(many, 2 * PARAMETERS_MOST - 1),
                        arena_copy(arena, parsed(many, 2 * PARAMETERS_MOST - 1)));
    assert_string_equal(parsed(many, 2 * PARAMETERS_MOST + 1), "limit");
}

static void integers_keep_to_their_bounds(void **state)
{
    (void)state;
    const char *const texts[] = {"7", "-3", "", "7x", " 7", "99999999999999999999", "101", "+7", "0x7"};
    const int64_t expected[] = {7, -3, 50, 50, 50, 50, 50, 50, 50};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct http_parameter item = {.name = "n", .value = texts[i]};
        const struct http_parameters parameters = {.items = &item, .count = 1};
        assert_int_equal(http_integer(&parameters, "n", -10, 100, 50), expected[i]);
    }
    assert_int_equal(http_integer(&(struct http_parameters){0}, "n", 0, 9, 4), 4);
}

/* A body in memory of its own, so that an overrun is seen. */
static enum status multipart(const char *body, size_t length, struct http_parameters *parameters)
{
    char *copy = arena_copy_bytes(arena, body, length);
    return http_multipart_parse(arena, copy, length, "XX", parameters, NULL);
}

#define MULTIPART(body) multipart(body, sizeof(body) - 1, &parameters)
#define FIELD "Content-Disposition: form-data; name="

static void multipart_is_read(void **state)
{
    (void)state;
    struct http_parameters parameters;
    assert_int_equal(MULTIPART("--XX\r\n" FIELD "\"a\"\r\n\r\nun\r\ndeux\r\n--XX\r\n" FIELD
                               "f; filename=\"C:\\x\\b%22.csv\"\r\n"
                               "Content-Type: text/csv; charset=utf-8\r\n\r\n\0\xff--XX\r\n--XX\r\n" FIELD
                               "\"vide\"\r\n\r\n\r\n--XX--\r\n"),
                     STATUS_OK);
    assert_int_equal(parameters.count, 3);
    assert_string_equal(http_value(&parameters, "a"), "un\ndeux");
    const struct http_parameter *file = http_find(&parameters, "f");
    assert_string_equal(file->filename, "b\".csv");
    assert_string_equal(file->media_type, "text/csv");
    assert_int_equal(file->length, 6);
    assert_memory_equal(file->value, "\0\xff--XX", 7);
    assert_string_equal(http_value(&parameters, "vide"), "");
    assert_int_equal(http_find(&parameters, "vide")->length, 0);
}

static void multipart_edges(void **state)
{
    (void)state;
    struct http_parameters parameters;
    assert_int_equal(MULTIPART("--XX--"), STATUS_OK);
    assert_int_equal(parameters.count, 0);
    assert_int_equal(MULTIPART("--XX\r\n" FIELD "\"f\"; filename=\"\"\r\n\r\n\r\n--XX--"), STATUS_OK);
    assert_int_equal(parameters.count, 0);
    assert_int_equal(MULTIPART("--XX\r\n" FIELD "\"f\"; filename=\"\"\r\n\r\nx\r\n--XX--"), STATUS_OK);
    assert_int_equal(parameters.count, 1);
    assert_int_equal(MULTIPART("--XX\r\ncontent-disposition:form-data;name=a\r\n\r\n1\r\n--XX--"), STATUS_OK);
    assert_string_equal(http_value(&parameters, "a"), "1");
}

static void damaged_multipart_is_refused(void **state)
{
    (void)state;
    struct http_parameters parameters;
    static const char *const bad[] = {
        "",
        "--",
        "--XY--",
        "--XX",
        "--XX\r\n",
        "preamble\r\n--XX--",
        "--XX\r\n\r\nno name\r\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\n\r\nno end",
        "--XX\r\n" FIELD "\"a\"\r\n\r\nx\r\n--XX",
        "--XX\r\n" FIELD "\"a\"\r\n\r\nx\r\n--XX-",
        "--XX\r\n" FIELD "\"a\"\r\n\r\nx\r\n--XXX\r\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\n\r\nx\r\n--XX--trailing",
        "--XX\r\n" FIELD "\"a\r\n\r\nx\r\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\n" FIELD "\"b\"\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\nContent-Type: multipart/mixed; boundary=YY\r\n\r\nx\r\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\nno colon\r\n\r\nx\r\n--XX--",
        "--XX\n" FIELD "\"a\"\n\nx\n--XX--",
        "--XX\r\n" FIELD "\"a\"\r\n\r\n\xff\r\n--XX--",
        "--XX\r\n" FIELD "\"\xff\"\r\n\r\nx\r\n--XX--",
        "--XX--x",
        "--XX--\r",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(multipart(bad[i], strlen(bad[i]), &parameters), STATUS_INPUT);
    assert_int_equal(MULTIPART("--XX\r\n" FIELD "\"a\0b\"\r\n\r\nx\r\n--XX--"), STATUS_INPUT);
}

static void boundaries_are_checked(void **state)
{
    (void)state;
    assert_string_equal(http_multipart_boundary(arena, "multipart/form-data; boundary=abc"), "abc");
    assert_string_equal(http_multipart_boundary(arena, "Multipart/Form-Data; charset=utf-8; boundary=\"a b?c\""),
                        "a b?c");
    static const char *const bad[] = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=\"a\x01\"",
        "multipart/form-datax; boundary=a",
        "multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_null(http_multipart_boundary(arena, bad[i]));
}

static const char *forwarded(const char *seen, const char *header)
{
    struct http_network trusted[2];
    struct http_peer peer;
    assert_int_equal(http_network_parse("10.0.0.0/8", &trusted[0], NULL), STATUS_OK);
    assert_int_equal(http_network_parse("fd00::1", &trusted[1], NULL), STATUS_OK);
    assert_true(http_peer_parse(seen, &peer));
    peer = http_peer_forwarded(trusted, 2, peer, header);
    char *text = arena_alloc(arena, PEER_TEXT);
    http_peer_text(&peer, text);
    return text;
}

static void only_trusted_proxies_are_believed(void **state)
{
    (void)state;
    assert_string_equal(forwarded("192.0.2.1", "203.0.113.9"), "192.0.2.1");
    assert_string_equal(forwarded("10.1.2.3", "203.0.113.9"), "203.0.113.9");
    assert_string_equal(forwarded("10.1.2.3", "6.6.6.6, 203.0.113.9, 10.9.9.9"), "203.0.113.9");
    assert_string_equal(forwarded("fd00::1", "[2001:db8::7]:4711"), "2001:db8::7");
    assert_string_equal(forwarded("10.1.2.3", "203.0.113.9:80"), "203.0.113.9");
    assert_string_equal(forwarded("10.1.2.3", "6.6.6.6, nonsense"), "10.1.2.3");
    assert_string_equal(forwarded("10.1.2.3", ",,"), "10.1.2.3");
    assert_string_equal(forwarded("10.1.2.3", NULL), "10.1.2.3");
    assert_string_equal(forwarded("::ffff:10.1.2.3", "8.8.8.8"), "8.8.8.8");
    struct http_network network;
    static const char *const bad[] = {"",       "x",          "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x",
                                      "10.0.0", "fd00::/129", "10.0.0.0/-1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(http_network_parse(bad[i], &network, NULL), STATUS_INPUT);
}

static void buckets_fill_and_empty(void **state)
{
    (void)state;
    struct http_limiter *limiter = http_limiter_new(60, 3);
    for (int i = 0; i < 3; i++) assert_int_equal(http_limiter_take(limiter, "a", 1, 1000), 0);
    assert_int_equal(http_limiter_take(limiter, "a", 1, 1000), 2);
    assert_int_equal(http_limiter_take(limiter, "b", 1, 1000), 0);
    assert_int_equal(http_limiter_take(limiter, "a", 1, 2001), 0);
    assert_true(http_limiter_take(limiter, "a", 1, 2001) > 0);
    /* A moment that goes back gives nothing. */
    assert_true(http_limiter_take(limiter, "a", 1, 500) > 0);
    http_limiter_free(&limiter);
    limiter = http_limiter_new(-1, 1);
    for (int i = 0; i < 1000; i++) assert_int_equal(http_limiter_take(limiter, "a", 1, 0), 0);
    http_limiter_free(&limiter);
}

/* A crowd of new addresses does not make the table forget the one that is being limited. */
static void a_flood_does_not_free_the_limited(void **state)
{
    (void)state;
    struct http_limiter *limiter = http_limiter_new(1, 5);
    for (int i = 0; i < 5; i++) assert_int_equal(http_limiter_take(limiter, "guesser", 7, 0), 0);
    for (uint64_t crowd = 0; crowd < 200000; crowd++) http_limiter_take(limiter, &crowd, sizeof crowd, 0);
    assert_true(http_limiter_take(limiter, "guesser", 7, 0) > 0);
    http_limiter_free(&limiter);
}

static void tokens_match_masked_and_plain(void **state)
{
    (void)state;
    const char *token = "a-token_of_a-session";
    const char *one = http_token_mask(arena, token), *two = http_token_mask(arena, token);
    assert_string_not_equal(one, two);
    assert_null(strstr(one, "session"));
    assert_true(http_token_equal(token, token));
    assert_true(http_token_equal(one, token));
    assert_true(http_token_equal(two, token));
    assert_false(http_token_equal("", token));
    assert_false(http_token_equal("a-token_of_a-sessioN", token));
    assert_false(http_token_equal(one, "another"));
    assert_false(http_token_equal(arena_copy_bytes(arena, one, strlen(one) - 1), token));
    assert_false(http_token_equal("AA", ""));
    assert_false(http_token_equal("", ""));
    assert_false(http_token_equal("!!!", token));
}

static void sealed_texts_cannot_be_changed(void **state)
{
    (void)state;
    const unsigned char secret[HTTP_SECRET] = "one", other[HTTP_SECRET] = "two";
    const char *sealed = http_seal(arena, secret, "C’est enregistré", 1000);
    assert_string_equal(http_unseal(arena, secret, sealed, 1000), "C’est enregistré");
    assert_null(http_unseal(arena, secret, sealed, 1001));
    assert_null(http_unseal(arena, other, sealed, 10));
    for (size_t i = 0; i < strlen(sealed) - 1; i++) {
        char *changed = arena_copy(arena, sealed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_null(http_unseal(arena, secret, changed, 10));
    }
    assert_null(http_unseal(arena, secret, "", 10));
    char long_text[SEALED_TEXT_MOST + 2];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_null(http_seal(arena, secret, long_text, 10));
    assert_string_not_equal(http_token_visitor(arena, secret, "v"), http_token_visitor(arena, other, "v"));
}

static void gzip_is_negotiated(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip",         "deflate, gzip;q=1.0, *;q=0.5", "*",
                                      "GZIP;q=0.001", "identity;q=0.5, gzip;q=0.5",   "br,x-gzip"};
    static const char *const no[] = {"",         "br",    "gzip;q=0", "gzip;q=0.000", "*;q=0", "identity, gzip;q=0.5",
                                     "gzip;q=x", "gzipx", "identity"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) assert_true(http_gzip_accepted(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) assert_false(http_gzip_accepted(no[i]));
    assert_false(http_gzip_accepted(NULL));
    assert_true(http_gzip_worth("text/html; charset=utf-8"));
    assert_true(http_gzip_worth("application/problem+json"));
    assert_true(http_gzip_worth("image/svg+xml"));
    assert_false(http_gzip_worth("image/png"));
    assert_false(http_gzip_worth("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
}

static void gzip_gives_back_what_it_took(void **state)
{
    (void)state;
    char text[20000], back[20001];
    for (size_t i = 0; i < sizeof text; i++) text[i] = "needs of companies "[i % 19];
    size_t length = 0;
    const char *packed = http_gzip(arena, text, sizeof text, &length);
    assert_non_null(packed);
    assert_true(length < 400);
    z_stream zlib = {.next_in = (Bytef *)arena_copy_bytes(arena, packed, length),
                     .avail_in = (uInt)length,
                     .next_out = (Bytef *)back,
                     .avail_out = sizeof back};
    assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
    assert_int_equal(inflate(&zlib, Z_FINISH), Z_STREAM_END);
    inflateEnd(&zlib);
    assert_int_equal(zlib.total_out, sizeof text);
    assert_memory_equal(back, text, sizeof text);
    unsigned char noise[2000];
    randombytes_buf(noise, sizeof noise);
    assert_null(http_gzip(arena, (const char *)noise, sizeof noise, &length));
}

static void redirects_stay_here(void **state)
{
    (void)state;
    const struct http_request request = {.arena = arena, .language = LANGUAGE_FRENCH};
    struct http_response response = {0};
    assert_string_equal(http_url(&request, "/needs?page=2"), "/fr/needs?page=2");
    assert_int_equal(http_redirect(&request, &response, "/fr/needs?q=%C3%A9", "Fait"), STATUS_OK);
    assert_int_equal(response.status, 303);
    assert_string_equal(response.flash, "Fait");
    static const char *const bad[] = {"https://evil.example/",
                                      "//evil.example",
                                      "/\\evil.example",
                                      "http://evil.example",
                                      "javascript:alert(1)",
                                      "evil",
                                      "",
                                      "/a\r\nSet-Cookie: x",
                                      "/é",
                                      "/a b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        http_redirect(&request, &response, bad[i], NULL);
        assert_string_equal(response.location, "/fr/");
    }
    assert_int_equal(http_leave(&request, &response, "https://idp.example/x?y=z", NULL), STATUS_OK);
    assert_string_equal(response.location, "https://idp.example/x?y=z");
    assert_int_equal(http_leave(&request, &response, "http://idp.example/", NULL), STATUS_FAULT);
    assert_int_equal(http_leave(&request, &response, "https://idp.example/\r\nX: y", NULL), STATUS_FAULT);
    response = (struct http_response){.set_session = "token"};
    http_redirect(&request, &response, "/fr/", NULL);
    assert_string_equal(response.set_session, "token");
    assert_string_equal(http_encode(arena, "a b&é/~"), "a%20b%26%C3%A9%2F~");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_lead_to_routes),
        TEST(path_tricks_are_refused),
        TEST(wrong_rows_do_not_start),
        TEST(parameters_are_decoded),
        TEST(integers_keep_to_their_bounds),
        TEST(multipart_is_read),
        TEST(multipart_edges),
        TEST(damaged_multipart_is_refused),
        TEST(boundaries_are_checked),
        TEST(only_trusted_proxies_are_believed),
        TEST(buckets_fill_and_empty),
        TEST(a_flood_does_not_free_the_limited),
        TEST(tokens_match_masked_and_plain),
        TEST(sealed_texts_cannot_be_changed),
        TEST(gzip_is_negotiated),
        TEST(gzip_gives_back_what_it_took),
        TEST(redirects_stay_here),
    };
    return run_group(tests);
}
