/* server.c: a server is started, listens, and is stopped. */
#include <errno.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/http/http_private.h"

enum {
    BACKLOG = 1024,
    CONNECTION_MEMORY =
        16 * 1024, /* headers, in and out; also the unit in which bodies arrive. An idle connection keeps it. */
    HEAD_GRACE_MS = 10 * 1000,
    SPARE_FILES = 64,
    QUIET_MS = 500,
    THRESHOLD_MS = 100,
    FILE_MOST = 256 * 1024,
};

static enum status listen_on(const char *address, int *listener, struct error *error)
{
    char host[128];
    const char *colon = strrchr(address, ':');
    const bool bracketed = address[0] == '[' && colon && colon > address && colon[-1] == ']';
    const size_t length = colon ? (size_t)(colon - address) - 2 * bracketed : 0;
    if (!colon || length >= sizeof host || atol(colon + 1) > UINT16_MAX)
        return error_set(error, STATUS_INPUT, "{1} is not an address to listen on: write 127.0.0.1:8080 or [::1]:8080.",
                         address);
    memcpy(host, address + bracketed, length);
    host[length] = '\0';
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return error_set(error, STATUS_INPUT, "{1} is not an address to listen on: write 127.0.0.1:8080 or [::1]:8080.",
                         address);
    *listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    setsockopt(*listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool listens = bind(*listener, found->ai_addr, found->ai_addrlen) == 0 && listen(*listener, BACKLOG) == 0;
    const int fault = errno;
    freeaddrinfo(found);
    if (listens) return STATUS_OK;
    close(*listener);
    *listener = -1;
    return error_set(error, STATUS_INPUT, "The address {1} cannot be listened on: {2}.", address, strerror(fault));
}

static int port_of(int listener)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char port[8] = "";
    if (listener < 0 || getsockname(listener, (struct sockaddr *)&address, &length) != 0) return 0;
    getnameinfo((struct sockaddr *)&address, length, NULL, 0, port, sizeof port, NI_NUMERICSERV);
    return atoi(port);
}

int http_port(const struct http_server *server) { return port_of(server->listener); }

int http_metrics_port(const struct http_server *server) { return port_of(server->metrics_listener); }

/* "https://host", perhaps with a port: nothing that could end the directive it is put into. */
static bool origin_valid(const char *origin)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]*";
    const size_t scheme = strncmp(origin, "https://", 8) == 0 ? 8 : strncmp(origin, "http://", 7) == 0 ? 7 : 0;
    return scheme && origin[scheme] && strspn(origin + scheme, allowed) == strlen(origin + scheme);
}

enum status http_set_tiles(struct http_server *server, const char *origin, struct error *error)
{
    if (origin && !origin_valid(origin))
        return error_field(error, STATUS_INPUT, "tiles",
                           N_("{1} is not the start of an address: write https://tile.example."), origin);
    server->page_policy = http_page_policy(server->arena, origin);
    return STATUS_OK;
}

static void use_defaults(struct http_server *server)
{
    struct http_options *options = &server->options;
    const char *folder = getenv("TMPDIR");
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct rlimit files = {.rlim_cur = 1024};
    getrlimit(RLIMIT_NOFILE, &files);
    if (!options->threads) options->threads = processors > 0 ? (size_t)processors : 1;
    if (!options->workers) options->workers = 4;
    if (options->idle_ms <= 0) options->idle_ms = 30000;
    if (!options->connections) options->connections = 4096;
    if (options->connections + SPARE_FILES > files.rlim_cur && files.rlim_cur > 2 * SPARE_FILES)
        options->connections = files.rlim_cur - SPARE_FILES;
    if (!options->connections_per_peer) options->connections_per_peer = 200;
    if (!options->rates.by_peer) options->rates.by_peer = 3000;
    if (!options->rates.by_account) options->rates.by_account = 1200;
    if (!options->rates.guesses) options->rates.guesses = 10;
    if (!options->temporary) options->temporary = arena_copy(server->arena, folder && *folder ? folder : "/tmp");
}

static enum status read_proxies(struct http_server *server, struct error *error)
{
    const struct http_options *options = &server->options;
    server->trusted = ARENA_ARRAY(server->arena, options->trusted_proxy_count + 1, struct http_network);
    for (size_t i = 0; i < options->trusted_proxy_count; i++) {
        const enum status status = http_network_parse(options->trusted_proxies[i], &server->trusted[i], error);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static enum status check_origin_option(const struct http_server *server, struct error *error)
{
    const char *origin = server->options.origin;
    if (!origin || origin_valid(origin)) return STATUS_OK;
    return error_set(error, STATUS_INPUT, "{1} is not an origin: write https://maillage.example, without a path.",
                     origin);
}

static enum status build_router(struct http_server *server, const struct http_route *const *tables, struct error *error)
{
    size_t count = 0;
    while (tables[count]) count++;
    const struct http_route **all = ARENA_ARRAY(server->arena, count + 2, const struct http_route *);
    all[0] = http_own_routes;
    memcpy(all + 1, tables, count * sizeof *all);
    return http_router_new(server->arena, all, &server->router, error);
}

static void start_parts(struct http_server *server)
{
    const struct http_rates *rates = &server->options.rates;
    if (sodium_init() < 0) fatal("libsodium could not start");
    if (server->options.secret)
        memcpy(server->secret, server->options.secret, sizeof server->secret);
    else
        randombytes_buf(server->secret, sizeof server->secret);
    server->id_prefix = randombytes_random();
    server->by_peer = http_limiter_new(rates->by_peer, rates->by_peer / 6);
    server->by_account = http_limiter_new(rates->by_account, rates->by_account / 6);
    server->guesses = http_limiter_new(rates->guesses, rates->guesses);
    server->metrics = http_metrics_new(server->router);
    server->connections = http_connections_new(server->options.idle_ms + HEAD_GRACE_MS);
    server->workers = http_workers_new(server->options.workers);
}

static void notify(void *context, struct MHD_Connection *connection, void **kept,
                   enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *address =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        const union MHD_ConnectionInfo *socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *kept = http_connections_open(server->connections, socket->connect_fd, address->client_addr);
    } else if (*kept) {
        http_connections_close(server->connections, *kept);
        *kept = NULL;
    }
}

/* The library's decoding is not ours: it sees NULs and bad escapes with other eyes. */
static size_t leave_as_it_is(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static void log_library(void *context, const char *format, va_list arguments)
{
    char text[256];
    (void)context;
    vsnprintf(text, sizeof text, format, arguments);
    log_line(LOG_DEBUG, "microhttpd", "%s", text);
}

static enum status read_file(struct arena *arena, const char *path, const char **text, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (!file) return error_set(error, STATUS_INPUT, "{1} cannot be read: {2}.", path, strerror(errno));
    char *bytes = arena_alloc(arena, FILE_MOST + 1);
    const size_t length = fread(bytes, 1, FILE_MOST, file);
    fclose(file);
    if (!length) return error_set(error, STATUS_INPUT, "{1} is empty.", path);
    *text = bytes;
    return STATUS_OK;
}

/* Options of TLS, after which comes the end of the list. */
static enum status tls_options(struct http_server *server, struct MHD_OptionItem items[4], struct error *error)
{
    const struct http_options *options = &server->options;
    const char *certificate = NULL, *key = NULL;
    items[0] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    if (!options->certificate && !options->key) return STATUS_OK;
    if (!options->certificate || !options->key)
        return error_set(error, STATUS_INPUT, "TLS needs both a certificate and its key.");
    enum status status = read_file(server->arena, options->certificate, &certificate, error);
    if (status == STATUS_OK) status = read_file(server->arena, options->key, &key, error);
    if (status != STATUS_OK) return status;
    items[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, http_lend(certificate)};
    items[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, http_lend(key)};
    items[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0,
                                       http_lend("NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE")};
    items[3] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return STATUS_OK;
}

static enum status start_daemon(struct http_server *server, struct error *error)
{
    const struct http_options *options = &server->options;
    struct MHD_OptionItem tls[4];
    const enum status status = tls_options(server, tls, error);
    if (status != STATUS_OK) return status;
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                           (options->certificate ? MHD_USE_TLS : 0u);
    const unsigned per_peer = options->trusted_proxy_count ? 0 : (unsigned)options->connections_per_peer;
    const unsigned pool = options->threads > 1 ? (unsigned)options->threads : 0;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, http_exchange_handle, server, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->listener, MHD_OPTION_THREAD_POOL_SIZE, pool, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_peer, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((options->idle_ms + 999) / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, http_exchange_open, server, MHD_OPTION_NOTIFY_COMPLETED, http_exchange_close,
        server, MHD_OPTION_NOTIFY_CONNECTION, notify, server, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (server->daemon) return STATUS_OK;
    server->listener = -1; /* closed by the library */
    return error_set(error, STATUS_INPUT, "The server could not start; with TLS, check the certificate and its key.");
}

static enum status start_metrics(struct http_server *server, struct error *error)
{
    if (!server->options.metrics_listen) return STATUS_OK;
    const enum status status = listen_on(server->options.metrics_listen, &server->metrics_listener, error);
    if (status != STATUS_OK) return status;
    server->metrics_daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, http_metrics_handle, server, MHD_OPTION_LISTEN_SOCKET,
        server->metrics_listener, MHD_OPTION_CONNECTION_LIMIT, 16u, MHD_OPTION_CONNECTION_TIMEOUT, 10u, MHD_OPTION_END);
    if (server->metrics_daemon) return STATUS_OK;
    server->metrics_listener = -1;
    return error_set(error, STATUS_FAULT, "The server of /metrics could not start.");
}

/* The library's threads inherit the mask: signals are for the thread that waits for them. */
static enum status start_daemons(struct http_server *server, struct error *error)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum status status = start_daemon(server, error);
    if (status == STATUS_OK) status = start_metrics(server, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

static enum status start(struct http_server *server, const struct http_route *const *tables, struct error *error)
{
    const struct http_options *options = &server->options;
    use_defaults(server);
    server->secure = options->certificate || (options->origin && strncmp(options->origin, "https:", 6) == 0);
    server->remote_db = options->db && db_engine(options->db) == DB_POSTGRESQL;
    enum status status = read_proxies(server, error);
    if (status == STATUS_OK) status = check_origin_option(server, error);
    if (status == STATUS_OK) status = http_set_tiles(server, options->tiles, error);
    if (status == STATUS_OK) status = build_router(server, tables, error);
    if (status == STATUS_OK) status = listen_on(options->listen, &server->listener, error);
    if (status != STATUS_OK) return status;
    start_parts(server);
    return start_daemons(server, error);
}

enum status http_start(const struct http_options *options, const struct http_route *const *tables,
                       http_authenticate *authenticate, http_error_page *error_page, struct http_server **server,
                       struct error *error)
{
    struct arena *arena = arena_new();
    *server = ARENA_NEW(arena, struct http_server);
    **server = (struct http_server){.arena = arena,
                                    .options = *options,
                                    .authenticate = authenticate,
                                    .error_page = error_page,
                                    .listener = -1,
                                    .metrics_listener = -1};
    const enum status status = start(*server, tables, error);
    if (status != STATUS_OK) http_stop(server, 0);
    return status;
}

static void sleep_ms(int64_t ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* From now on the kernel leaves new callers without an answer (they call again, and are refused once the door is closed), while
 * those whose handshake has begun may end it. The filter sees the TCP header: its 14th byte holds the flags. */
static void stop_new_callers(int listener)
{
    enum { FLAGS_BYTE = 13, SYN = 0x02 };
    struct sock_filter drop_syn[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_BYTE),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    };
    const struct sock_fprog program = {.len = sizeof drop_syn / sizeof *drop_syn, .filter = drop_syn};
    setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static void serve_accepted(struct http_server *server)
{
    struct sockaddr_storage address;
    for (;;) {
        socklen_t length = sizeof address;
        const int socket =
            accept4(server->listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0) break;
        MHD_add_connection(server->daemon, socket, (struct sockaddr *)&address, length);
    }
}

/* Who had been let in, or was at the threshold, is served too, before the door closes. */
static void close_door(struct http_server *server)
{
    if (MHD_quiesce_daemon(server->daemon) == MHD_INVALID_SOCKET) {
        server->listener = -1; /* the library's still: it closes it */
        return;
    }
    stop_new_callers(server->listener);
    for (int waited = 0; waited < THRESHOLD_MS; waited += 10) {
        serve_accepted(server);
        sleep_ms(10);
    }
    serve_accepted(server);
    /* Callers are refused from now on; the number stays taken until the library's threads, which may be late to let go of it, have ended. */
    shutdown(server->listener, SHUT_RDWR);
}

/* Waits until all have left, or those who stay have said nothing for a while, or the time is over. */
static void drain(struct http_server *server, int64_t wait_ms)
{
    const int64_t end = time_ticks() + wait_ms;
    int64_t quiet_since = time_ticks();
    while (http_connections_count(server->connections)) {
        const int64_t now = time_ticks();
        if (server->running) quiet_since = now;
        if (now >= end || now - quiet_since >= QUIET_MS) break;
        sleep_ms(5);
    }
}

static void free_parts(struct http_server *server)
{
    if (server->metrics_daemon) MHD_stop_daemon(server->metrics_daemon);
    if (server->listener >= 0) close(server->listener);
    http_connections_free(&server->connections);
    http_workers_free(&server->workers);
    http_metrics_free(&server->metrics);
    http_limiter_free(&server->by_peer);
    http_limiter_free(&server->by_account);
    http_limiter_free(&server->guesses);
    sodium_memzero(server->secret, sizeof server->secret);
}

void http_stop(struct http_server **stopped, int64_t wait_ms)
{
    struct http_server *server = *stopped;
    if (!server) return;
    *stopped = NULL;
    server->draining = true;
    if (server->daemon) {
        close_door(server);
        drain(server, wait_ms);
    }
    server->cutting = true;
    if (server->workers) http_workers_stop(server->workers);
    if (server->daemon) MHD_stop_daemon(server->daemon);
    free_parts(server);
    struct arena *arena = server->arena; /* the server itself is in it */
    arena_free(&arena);
}
