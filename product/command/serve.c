/* serve.c: `maillage serve`: the site and its API, until a signal asks it to stop. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/options.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/html/assets.h"
#include "platform/html/chart.h"
#include "platform/html/page.h"
#include "platform/index/index.h"
#include "platform/record/web.h"
#include "product/application.h"
#include "product/command/commands.h"
#include "product/pages/pages.h"

enum { DRAIN_MS = 10000, MERGE_LINES = 2000, TABLES = 8 };

struct wishes {
    const char *db, *listen, *metrics, *certificate, *key, *origin, *tiles, *outlines;
    struct option_list proxies;
    bool quiet, unlimited;
};

static bool is_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 || strncmp(listen, "localhost", 9) == 0;
}

/* Accounts whose password everybody knows must not be reachable from elsewhere. */
static enum status refuse_demonstration(struct application *application, const char *listen, struct error *error)
{
    struct db_handle *handle = NULL;
    bool exists = false;
    if (is_loopback(listen)) return STATUS_OK;
    enum status status = db_read(application->records.db, &handle, error);
    if (!status) status = account_demonstration_exists(handle, &exists, error);
    db_release(&handle);
    if (status || !exists) return status;
    return error_set(
        error, STATUS_INPUT,
        "This database holds demonstration accounts, whose password is public: it is served on 127.0.0.1 only.");
}

/* What must be done now and then while the site is served. */
struct upkeep {
    struct application *application;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
};

static void keep_up(struct application *application, int64_t *day)
{
    struct error error;
    int64_t left = 1;
    char text[1024];
    enum status status = account_write_seen(application->records.db, &error);
    while (!status && left > 0) {
        const int64_t before = left;
        status = index_merge(application->records.db, MERGE_LINES, &left, &error);
        if (left >= before && before != 1) break;
    }
    if (!status && *day != time_today()) {
        *day = time_today();
        status = rights_refresh_all(application->records.db, application->records.rights, *day, &error);
        if (!status) status = account_sweep(application->records.db, &error);
    }
    if (!status) return;
    error_describe(&error, text, sizeof text);
    log_line(LOG_WARNING, "upkeep", "%s", text);
}

static void *run_upkeep(void *context)
{
    struct upkeep *upkeep = context;
    int64_t day = 0;
    pthread_mutex_lock(&upkeep->lock);
    while (!upkeep->stop) {
        struct timespec until;
        pthread_mutex_unlock(&upkeep->lock);
        keep_up(upkeep->application, &day);
        pthread_mutex_lock(&upkeep->lock);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 20;
        if (!upkeep->stop) pthread_cond_timedwait(&upkeep->wake, &upkeep->lock, &until);
    }
    pthread_mutex_unlock(&upkeep->lock);
    return NULL;
}

static void stop_upkeep(struct upkeep *upkeep)
{
    pthread_mutex_lock(&upkeep->lock);
    upkeep->stop = true;
    pthread_cond_signal(&upkeep->wake);
    pthread_mutex_unlock(&upkeep->lock);
    pthread_join(upkeep->thread, NULL);
}

static void wait_for_signal(void)
{
    sigset_t set;
    int number = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigwait(&set, &number);
    log_line(LOG_NOTE, "stopping", "signal=%d", number);
}

static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum status serve(struct application *application, const struct wishes *wishes, struct error *error)
{
    struct arena *arena = arena_new();
    struct http_server *server = NULL;
    struct upkeep upkeep = {
        .application = application, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};
    const struct http_route *const tables[TABLES] = {asset_routes, product_routes, record_api_routes,
                                                     record_page_routes(arena, kinds_all()), NULL};
    const struct http_options options = {.listen = wishes->listen,
                                         .metrics_listen = wishes->metrics,
                                         .certificate = wishes->certificate,
                                         .key = wishes->key,
                                         .trusted_proxies = wishes->proxies.values,
                                         .trusted_proxy_count = wishes->proxies.count,
                                         .origin = wishes->origin,
                                         .sign_in = "/sign-in",
                                         .tiles = wishes->tiles,
                                         .db = application->records.db,
                                         .application = application,
                                         .rates = wishes->unlimited ? (struct http_rates){-1, -1, 0}
                                                                    : (struct http_rates){0}};
    enum status status = http_start(&options, tables, account_authenticate, page_error, &server, error);
    if (!status) {
        printf("Maillage: http%s://%s\n", wishes->certificate ? "s" : "", wishes->listen);
        fflush(stdout);
        pthread_create(&upkeep.thread, NULL, run_upkeep, &upkeep);
        wait_for_signal();
        stop_upkeep(&upkeep);
        http_stop(&server, DRAIN_MS);
    }
    arena_free(&arena);
    return status;
}

static int run_serve(int argc, char **argv)
{
    struct wishes wishes = {
        .db = "var/maillage.db", .listen = "127.0.0.1:8080", .outlines = "build/reference/france-outlines.csv"};
    const struct option_row rows[] = {
        {"db", "ADDRESS", "file, or postgresql://... (var/maillage.db)", OPTION_TEXT, false, &wishes.db},
        {"listen", "ADDRESS:PORT", "where to serve (127.0.0.1:8080)", OPTION_TEXT, false, &wishes.listen},
        {"metrics", "ADDRESS:PORT", "where to serve /metrics (nowhere)", OPTION_TEXT, false, &wishes.metrics},
        {"certificate", "FILE", "certificate, PEM: serves TLS", OPTION_TEXT, false, &wishes.certificate},
        {"key", "FILE", "its key, PEM", OPTION_TEXT, false, &wishes.key},
        {"origin", "URL", "address under which people know the site", OPTION_TEXT, false, &wishes.origin},
        {"proxy", "ADDRESS", "a trusted proxy (again for more)", OPTION_LIST, false, &wishes.proxies},
        {"tiles", "URL", "origin of map tiles (none)", OPTION_TEXT, false, &wishes.tiles},
        {"outlines", "FILE", "outlines of France for maps", OPTION_TEXT, false, &wishes.outlines},
        {"unlimited", NULL, "no limit on requests a minute: for measuring", OPTION_FLAG, false, &wishes.unlimited},
        {"quiet", NULL, "log warnings only", OPTION_FLAG, false, &wishes.quiet},
        {.target = NULL},
    };
    struct application *application = NULL;
    struct error error = {0};
    const int code = options_start(&serve_commands[0], argc, argv, rows);
    if (code >= 0) return code;
    if (wishes.quiet) log_set_level(LOG_WARNING);
    block_signals();
    enum status status = application_open(wishes.db, true, &application, &error);
    if (!status) status = refuse_demonstration(application, wishes.listen, &error);
    if (!status && map_load(wishes.outlines, &error))
        log_line(LOG_WARNING, "map", "outlines of France not read: maps are lists");
    product_start();
    if (!status) status = serve(application, &wishes, &error);
    application_close(&application);
    return options_end(status, &error);
}

const struct command serve_commands[] = {
    {"serve", "Serves the site and its API until it is stopped.", run_serve},
    {NULL, NULL, NULL},
};
