/* Many clients, slow ones, those who leave, and the end of the server. time limit: 180 s */
#include "tests/http/site.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"

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

static void begin_again(const struct http_options *options)
{
    site_end(&site);
    site_begin(&site, options);
}

static size_t resident_kilobytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void a_thousand_idle_connections(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static int sockets[COUNT];
    const struct rlimit files = {.rlim_cur = 4096, .rlim_max = 4096};
    setrlimit(RLIMIT_NOFILE, &files);
    struct http_options options = site_options();
    options.connections = 3000;
    begin_again(&options);
    const size_t before = resident_kilobytes();
    for (int i = 0; i < COUNT; i++) {
        sockets[i] = client_open(site.port);
        assert_true(sockets[i] >= 0);
        client_print(sockets[i], "GET /fr/ HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_int_equal(client_read(site.arena, sockets[i], false).status, 200);
    }
    const size_t after = resident_kilobytes();
    const int64_t start = time_ticks();
    for (int i = 0; i < 100; i++) assert_int_equal(client_get(site.arena, site.port, "/fr/", "").status, 200);
    print_message("# 1,000 idle connections: %zu KiB more; 100 requests beside them in %d ms\n", after - before,
                  (int)(time_ticks() - start));
    assert_true(time_ticks() - start < 5000);
    for (int i = 0; i < COUNT; i++) {
        client_print(sockets[i], "GET /fr/ HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_int_equal(client_read(site.arena, sockets[i], false).status, 200);
        close(sockets[i]);
    }
}

static void connections_per_address_are_limited(void **state)
{
    (void)state;
    struct http_options options = site_options();
    options.connections_per_peer = 5;
    options.threads = 1;
    begin_again(&options);
    int sockets[8], served = 0;
    for (int i = 0; i < 8; i++) {
        sockets[i] = client_open(site.port);
        client_print(sockets[i], "GET /fr/ HTTP/1.1\r\nHost: x\r\n\r\n");
        served += client_read(site.arena, sockets[i], false).status == 200;
    }
    for (int i = 0; i < 8; i++) close(sockets[i]);
    assert_int_equal(served, 5);
}

/* Idle connections end; so do those that send a byte now and then to stay. */
static void slow_senders_are_shut_out(void **state)
{
    (void)state;
    struct http_options options = site_options();
    options.idle_ms = 1000;
    begin_again(&options);
    const int idle = client_open(site.port), trickle = client_open(site.port), body = client_open(site.port);
    client_print(trickle, "GET /fr/ HTTP/1.1\r\nHost: x\r\n");
    client_print(body, "POST /fr/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n" ANNA "\r\n");
    const int64_t start = time_ticks();
    bool trickle_open = true, body_open = true;
    while (time_ticks() - start < 20000 && (trickle_open || body_open)) {
        usleep(400000);
        trickle_open = client_print(trickle, "X-%d: y\r\n", rand() % 10) && trickle_open;
        body_open = client_print(body, "%0100d", 0) && body_open;
    }
    assert_false(trickle_open);
    assert_false(body_open);
    assert_true(time_ticks() - start > 10000);
    assert_true(client_closed(idle));
    close(idle), close(trickle), close(body);
    assert_int_equal(client_get(site.arena, site.port, "/fr/", "").status, 200);
}

/* A request in slow pieces within the time is answered. */
static void slow_but_honest_is_served(void **state)
{
    (void)state;
    const int socket = client_open(site.port);
    for (const char *at = "GET /fr/ HTTP/1.1\r\nHost: x\r\n\r\n"; *at; at++) {
        client_send(socket, at, 1);
        usleep(5000);
    }
    assert_int_equal(client_read(site.arena, socket, false).status, 200);
    close(socket);
}

/* Slow routes wait on workers; quick ones are not held up, even by more slow requests than there are threads. */
static void slow_routes_hold_nobody_up(void **state)
{
    (void)state;
    int sockets[6];
    for (int i = 0; i < 6; i++) {
        sockets[i] = client_open(site.port);
        client_print(sockets[i], "GET /fr/sleep?ms=400 HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    usleep(50000);
    const int64_t start = time_ticks();
    for (int i = 0; i < 20; i++)
        assert_int_equal(client_get(site.arena, site.port, "/assets/style.css", "").status, 200);
    assert_true(time_ticks() - start < 300);
    for (int i = 0; i < 6; i++) {
        assert_string_equal(client_read(site.arena, sockets[i], false).body, "slept");
        close(sockets[i]);
    }
}

static size_t lent_handles(void)
{
    const struct reply reply = client_get(site.arena, http_metrics_port(site.server), "/metrics", "");
    return strtoul(strstr(reply.body, "\nhttp_db_handles_lent ") + 22, NULL, 10);
}

/* Whether nothing is lent any more, for half a second on end, within 30 seconds. */
static bool all_given_back(void)
{
    int quiet = 0;
    for (int i = 0; i < 600 && quiet < 10; i++) {
        quiet = lent_handles() ? 0 : quiet + 1;
        usleep(50000);
    }
    return quiet == 10;
}

/* A client that does not read its download keeps neither a worker nor a read handle. */
static void slow_readers_hold_no_handle(void **state)
{
    (void)state;
    enum { READERS = 8 };
    int sockets[READERS];
    for (int i = 0; i < READERS; i++) {
        sockets[i] = client_open(site.port);
        client_print(sockets[i], "GET /fr/lines?lines=1000000 HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    assert_true(all_given_back());
    const struct reply other = client_get(site.arena, site.port, "/fr/lines?lines=10", "");
    assert_int_equal(other.length, 150);
    const struct reply late = client_read(site.arena, sockets[0], false);
    assert_true(late.complete);
    assert_int_equal(late.length, 15000000);
    for (int i = 0; i < READERS; i++) close(sockets[i]);
}

/* Clients that leave in the middle of everything. */
static void leaving_clients_leave_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = {"/fr/lines?lines=3000000", "/fr/sleep?ms=50", "/fr/large",
                                        "/fr/lines?lines=100"};
    for (int i = 0; i < 60; i++) {
        const int socket = client_open(site.port);
        client_print(socket, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i % 4]);
        if (i % 3) usleep(3000);
        close(socket);
    }
    assert_true(all_given_back());
    assert_int_equal(client_get(site.arena, site.port, "/fr/", "").status, 200);
}

/* What a client of the graceful stop saw. */
struct visits {
    pthread_t thread;
    int port;
    int asked, answered, refused, lost;
};

/* Asks until the server is gone. Lost: a request was sent on a connection that had answered nothing wrong, and no reply came. */
static void *visit(void *context)
{
    static const char *const paths[] = {"/fr/", "/fr/sleep?ms=20", "/fr/lines?lines=20000", "/assets/style.css"};
    struct visits *visits = context;
    while (visits->refused < 3) {
        struct arena *arena = arena_new();
        const int socket = client_open(visits->port);
        if (socket < 0) visits->refused++;
        for (bool open = socket >= 0; open;) {
            visits->asked++;
            client_print(socket, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[visits->asked % 4]);
            const struct reply reply = client_read(arena, socket, false);
            if (reply.status == 200 && reply.complete)
                visits->answered++;
            else
                visits->lost++;
            open = reply.status == 200 && !reply_header(arena, &reply, "Connection");
        }
        if (socket >= 0) close(socket);
        arena_free(&arena);
    }
    return NULL;
}

static void a_graceful_stop_loses_nothing(void **state)
{
    (void)state;
    enum { CLIENTS = 16 };
    static struct visits visits[CLIENTS];
    int asked = 0, answered = 0, lost = 0;
    for (int round = 0; round < 3; round++) {
        memset(visits, 0, sizeof visits);
        for (int i = 0; i < CLIENTS; i++) {
            visits[i].port = site.port;
            pthread_create(&visits[i].thread, NULL, visit, &visits[i]);
        }
        usleep(300000);
        http_stop(&site.server, 20000);
        for (int i = 0; i < CLIENTS; i++) {
            pthread_join(visits[i].thread, NULL);
            asked += visits[i].asked;
            answered += visits[i].answered;
            lost += visits[i].lost;
        }
        begin_again(NULL);
    }
    print_message("# stopped three times under load: %d asked, %d answered, %d lost\n", asked, answered, lost);
    assert_true(answered > 60);
    assert_int_equal(lost, 0);
}

static void a_stop_does_not_wait_for_ever(void **state)
{
    (void)state;
    const int idle = client_open(site.port), half = client_open(site.port), slow = client_open(site.port),
              reader = client_open(site.port);
    client_print(half, "GET /fr/ HTTP/1.1\r\n");
    client_print(slow, "GET /fr/sleep?ms=600 HTTP/1.1\r\nHost: x\r\n\r\n");
    client_print(reader, "GET /fr/lines?lines=3000000 HTTP/1.1\r\nHost: x\r\n\r\n");
    usleep(100000);
    const int64_t start = time_ticks();
    http_stop(&site.server, 1500);
    const int64_t took = time_ticks() - start;
    assert_in_range(took, 500, 6000);
    assert_string_equal(client_read(site.arena, slow, false).body, "slept");
    assert_true(client_closed(idle));
    close(idle), close(half), close(slow), close(reader);
}

static void requests_queue_when_workers_are_few(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    int sockets[COUNT], fine = 0;
    for (int i = 0; i < COUNT; i++) {
        sockets[i] = client_open(site.port);
        client_print(sockets[i], "GET /fr/sleep?ms=20 HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    for (int i = 0; i < COUNT; i++) {
        fine += client_read(site.arena, sockets[i], false).status == 200;
        close(sockets[i]);
    }
    assert_int_equal(fine, COUNT);
}

static void wrong_options_do_not_start(void **state)
{
    (void)state;
    const struct http_route *const tables[] = {site_routes, NULL};
    struct http_server *server = NULL;
    struct error error;
    static const char *const addresses[] = {"nonsense", "127.0.0.1",    "127.0.0.1:99999",
                                            "[::1:80",  "localhost:80", ":x"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct http_options options = site_options();
        options.listen = addresses[i];
        assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
        assert_null(server);
    }
    struct http_options options = site_options();
    options.listen = arena_print(site.arena, "127.0.0.1:%d", site.port);
    assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
    options = site_options();
    options.metrics_listen = arena_print(site.arena, "127.0.0.1:%d", site.port);
    assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
    options = site_options();
    options.origin = "https://x/path";
    assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
    options = site_options();
    options.certificate = "/nonexistent";
    assert_int_equal(http_start(&options, tables, NULL, NULL, &server, &error), STATUS_INPUT);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(connections_per_address_are_limited), TEST(slow_but_honest_is_served),
        TEST(slow_routes_hold_nobody_up),          TEST(slow_readers_hold_no_handle),
        TEST(leaving_clients_leave_nothing),       TEST(requests_queue_when_workers_are_few),
        TEST(a_graceful_stop_loses_nothing),       TEST(a_stop_does_not_wait_for_ever),
        TEST(wrong_options_do_not_start),          TEST(slow_senders_are_shut_out),
        TEST(a_thousand_idle_connections),
    };
    return database_run_group(tests);
}
