/* test_client.c: calls to other services: where they may go, and what becomes of them. */
#include "tests/check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "platform/client/client.h"
#include "platform/client/client_private.h"

static bool is_public(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) return client_is_public((const struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return client_is_public((const struct sockaddr *)&six);
}

static void test_addresses_of_the_public_internet(void **state)
{
    (void)state;
    static const char *const closed[] = {"0.0.0.0",
                                         "10.1.2.3",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "127.0.0.1",
                                         "127.255.0.1",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.9.9",
                                         "192.0.2.1",
                                         "192.168.1.1",
                                         "198.19.0.1",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "fe80::1",
                                         "fc00::1",
                                         "fd12::1",
                                         "ff02::1",
                                         "::ffff:10.0.0.1",
                                         "::ffff:127.0.0.1",
                                         "64:ff9b::a00:1",
                                         "2001:db8::1",
                                         "2002:7f00:1::",
                                         "100::1"};
    static const char *const open[] = {"1.1.1.1",   "100.63.255.255", "100.128.0.1",     "172.15.0.1", "172.32.0.1",
                                       "193.0.0.1", "192.1.0.1",      "198.17.0.1",      "223.1.1.1",  "2a01:e0a::1",
                                       "2600::1",   "::ffff:1.1.1.1", "64:ff9b::101:101"};
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) assert_false(is_public(closed[i]));
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) assert_true(is_public(open[i]));
}

static void test_addresses_of_services(void **state)
{
    (void)state;
    assert_true(client_address_valid("https://service.example", false));
    assert_true(client_address_valid("https://service.example:8443/base", false));
    assert_false(client_address_valid("http://service.example", false));
    assert_true(client_address_valid("http://service.example", true));
    assert_false(client_address_valid("https://user:word@service.example", false));
    assert_false(client_address_valid("https://service.example?a=b", false));
    assert_false(client_address_valid("https://service.example#part", false));
    assert_false(client_address_valid("file:///etc/passwd", true));
    assert_false(client_address_valid("service", true));
    assert_false(client_address_valid("", true));
}

/* A server of one connection: reads what comes, answers with a text (NULL: nothing), and waits before it closes. */
struct one_answer {
    const char *text;
    int wait_ms;
    int listener, port;
    char request[4096];
    size_t length;
    pthread_t thread;
};

static void *serve_one(void *context)
{
    struct one_answer *server = context;
    const int peer = accept(server->listener, NULL, NULL);
    if (peer < 0) return NULL;
    while (server->length < sizeof server->request - 1) {
        const ssize_t got = read(peer, server->request + server->length, sizeof server->request - 1 - server->length);
        if (got <= 0) break;
        server->length += (size_t)got;
        if (strstr(server->request, "\r\n\r\n") && (!strstr(server->request, "POST") || strstr(server->request, "}")))
            break;
        if ((unsigned char)server->request[0] == 0x16) break; /* the beginning of TLS */
    }
    if (server->text && write(peer, server->text, strlen(server->text)) < 0) server->length = 0;
    usleep((useconds_t)server->wait_ms * 1000);
    close(peer);
    return NULL;
}

static void server_start(struct one_answer *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 1), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve_one, server), 0);
}

static void server_end(struct one_answer *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static enum status call_it(struct arena *arena, struct one_answer *server, struct client_call call, const char *scheme,
                           struct client_answer *answer, struct error *error)
{
    server_start(server);
    call.url = arena_print(arena, "%s://127.0.0.1:%d/path", scheme, server->port);
    const enum status status = client_send(arena, &call, answer, error);
    server_end(server);
    return status;
}

static void test_a_request_and_its_answer(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct one_answer server = {
        .text = "HTTP/1.1 422 No\r\nContent-Length: 4\r\nRetry-After: 7\r\nConnection: close\r\n\r\nbody"};
    struct client_answer answer;
    struct error error = {0};
    const char *const headers[] = {"Authorization: Bearer secret", "Content-Type: application/json", NULL};
    const struct client_call call = {
        .method = "POST", .headers = headers, .body = "{\"a\": 1}", .body_length = 8, .private = true};
    assert_int_equal(call_it(arena, &server, call, "http", &answer, &error), STATUS_OK);
    assert_int_equal(answer.outcome, CLIENT_ANSWERED);
    assert_int_equal(answer.status, 422);
    assert_string_equal(answer.body, "body");
    assert_int_equal(answer.retry_after, 7);
    assert_int_equal(strncmp(server.request, "POST /path HTTP/1.1\r\n", 21), 0);
    assert_non_null(strstr(server.request, "\r\nAuthorization: Bearer secret\r\n"));
    assert_non_null(strstr(server.request, "\r\n\r\n{\"a\": 1}"));
    assert_null(strstr(server.request, "Expect"));
    arena_free(&arena);
}

static void test_a_private_address_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct one_answer server = {0};
    struct client_answer answer;
    struct error error = {0};
    const struct client_call call = {.method = "GET"};
    assert_int_equal(call_it(arena, &server, call, "https", &answer, &error), STATUS_INPUT);
    assert_int_equal(answer.outcome, CLIENT_UNSENT);
    assert_int_equal(server.length, 0);
    const struct client_call named = {.method = "GET", .url = "https://localhost:9/"};
    assert_int_equal(client_send(arena, &named, &answer, &error), STATUS_INPUT);
    arena_free(&arena);
}

static void test_what_left_and_what_did_not(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct client_answer answer;
    struct error error = {0};
    const struct client_call call = {.method = "GET", .private = true, .total_ms = 300, .answer_most = 100};
    struct one_answer silent = {.wait_ms = 600};
    assert_int_equal(call_it(arena, &silent, call, "http", &answer, &error), STATUS_BUSY);
    assert_int_equal(answer.outcome, CLIENT_UNKNOWN);
    struct one_answer cut = {.text = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"};
    assert_int_equal(call_it(arena, &cut, call, "http", &answer, &error), STATUS_BUSY);
    assert_int_equal(answer.outcome, CLIENT_UNKNOWN);
    struct one_answer leaves = {0};
    assert_int_equal(call_it(arena, &leaves, call, "http", &answer, &error), STATUS_BUSY);
    assert_int_equal(answer.outcome, CLIENT_UNKNOWN);
    char large[400] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    memset(large + strlen(large), 'x', 300);
    struct one_answer talks = {.text = large};
    assert_int_equal(call_it(arena, &talks, call, "http", &answer, &error), STATUS_BUSY);
    assert_int_equal(answer.outcome, CLIENT_UNKNOWN);
    struct one_answer plain = {.text = "HTTP/1.1 400 Bad\r\n\r\n"}; /* no TLS there: nothing of the request left */
    assert_int_equal(call_it(arena, &plain, call, "https", &answer, &error), STATUS_BUSY);
    assert_int_equal(answer.outcome, CLIENT_UNSENT);
    assert_null(strstr(plain.request, "GET"));
    const struct client_call nobody = {.method = "GET", .url = "http://127.0.0.1:1/", .private = true};
    assert_int_equal(client_send(arena, &nobody, &answer, &error), STATUS_BUSY);
    assert_int_equal(answer.outcome, CLIENT_UNSENT);
    arena_free(&arena);
}

static void test_redirects_are_not_followed(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct client_answer answer;
    struct error error = {0};
    struct one_answer server = {.text =
                                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"};
    const struct client_call call = {.method = "GET", .private = true};
    assert_int_equal(call_it(arena, &server, call, "http", &answer, &error), STATUS_OK);
    assert_int_equal(answer.status, 302);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_of_the_public_internet), cmocka_unit_test(test_addresses_of_services),
        cmocka_unit_test(test_a_request_and_its_answer),         cmocka_unit_test(test_a_private_address_is_refused),
        cmocka_unit_test(test_what_left_and_what_did_not),       cmocka_unit_test(test_redirects_are_not_followed),
    };
    return run_group(tests);
}
