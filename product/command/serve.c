/* serve.c: `maillage serve`: the site and its API, until a signal asks it to stop. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/html/chart.h"
#include "platform/html/map_move.h"
#include "platform/html/page.h"
#include "platform/job/job.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/application.h"
#include "product/command/commands.h"
#include "product/command/settings.h"
#include "product/pages/pages.h"
#include "product/upkeep.h"

enum { DRAIN_MS = 10000 };

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

/* Without its code lists every form would be empty. */
static enum status refuse_without_lists(const struct application *application, struct error *error)
{
    const struct vocabulary_edition *editions = NULL;
    if (vocabulary_editions(application->records.vocabulary, &editions)) return STATUS_OK;
    return error_set(error, STATUS_INPUT,
                     "This database has no code lists yet: load them with `maillage reference --db ADDRESS --directory "
                     "FOLDER`, or type `make run`.");
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

static struct http_options http_settings(struct application *application, const struct settings *settings)
{
    static const unsigned char none[sizeof settings->secret];
    return (struct http_options){
        .listen = settings->listen,
        .metrics_listen = settings->metrics,
        .measure = job_metrics,
        .certificate = settings->certificate,
        .key = settings->key,
        .trusted_proxies = settings->proxies.values,
        .trusted_proxy_count = settings->proxies.count,
        .origin = settings->origin,
        .sign_in = "/sign-in",
        .tiles = settings->tiles_origin,
        .workers = (size_t)settings->workers,
        .idle_ms = settings->idle * 1000,
        .connections = (size_t)settings->connections,
        .secret = memcmp(settings->secret, none, sizeof none) != 0 ? settings->secret : NULL,
        .db = application->records.db,
        .application = application,
        .rates = settings->unlimited
                     ? (struct http_rates){-1, -1, settings->guesses}
                     : (struct http_rates){settings->requests, settings->account_requests, settings->guesses}};
}

static enum status serve(struct application *application, const struct settings *settings, struct error *error)
{
    struct arena *arena = arena_new();
    struct http_server *server = NULL;
    struct job_workers *workers = NULL;
    const struct job_options jobs = {
        .db = application->records.db, .application = application, .timers = upkeep_timers};
    const struct http_options options = http_settings(application, settings);
    enum status status = http_start(&options, product_tables(arena), account_authenticate, page_error, &server, error);
    if (!status) {
        printf("Maillage: http%s://%s\n", settings->certificate ? "s" : "", settings->listen);
        fflush(stdout);
        status = job_workers_start(&jobs, &workers, error);
        if (!status) wait_for_signal();
        job_workers_stop(&workers);
        http_stop(&server, DRAIN_MS);
    }
    arena_free(&arena);
    return status;
}

/* What pages show beyond the records. */
static enum status dress(const struct settings *settings, struct error *error)
{
    struct error own;
    const struct legal_words legal = {settings->contact, settings->director, settings->host, settings->protection};
    product_start(settings->name, &legal);
    map_set_tiles(settings->tiles, settings->tiles_credit);
    if (map_load(settings->outlines, &own)) log_line(LOG_WARNING, "map", "outlines of France not read: maps are lists");
    return page_load_theme(settings->theme, settings->header, error);
}

/* What the settings say to the parts that run. Letters lead to the site: to an address that the settings say, never to one that a request brought. */
static enum status settle(struct application *application, const struct settings *settings, struct error *error)
{
    application->mail = settings->mail;
    application->origin = settings->origin;
    application->sirene = settings->sirene;
    application->publication = (struct catalogue_publication){settings->name, settings->publisher, settings->data_email,
                                                              settings->licence, settings->spatial};
    if (!settings->mail.server || settings->origin) return STATUS_OK;
    return error_field(error, STATUS_INPUT, "origin",
                       "Letters lead to the site: say under which address people know it.");
}

static int run_serve(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct settings settings;
    struct application *application = NULL;
    struct error error = {0};
    int code = settings_start(arena, &serve_commands[0], argc, argv, NULL, &settings);
    if (code < 0) {
        if (settings.quiet) log_set_level(LOG_WARNING);
        block_signals();
        enum status status = dress(&settings, &error);
        if (!status) status = application_open(settings.db, true, &application, &error);
        if (!status) status = settle(application, &settings, &error);
        if (!status) application_set_accounts(application->records.db, settings.account_key, settings.strict);
        if (!status)
            status =
                handover_read_services(arena, &settings.handovers, settings.origin, &application->services, &error);
        if (!status) status = refuse_demonstration(application, settings.listen, &error);
        if (!status) status = refuse_without_lists(application, &error);
        if (!status) status = serve(application, &settings, &error);
        application_close(&application);
        code = options_end(status, &error);
    }
    arena_free(&arena);
    return code;
}

const struct command serve_commands[] = {
    {"serve", "Serves the site and its API until it is stopped.", run_serve},
    {NULL, NULL, NULL},
};
