/* http_routes.c: two routes for bench/http.sh: 240 bytes from memory, and a record read by its key through the database.
 * Usage: http_routes DATABASE; prints its port. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/log.h"
#include "platform/db/db.h"
#include "platform/http/http.h"

enum { RECORDS = 20000 };

static const char sample[] = "{\"id\":12345,\"title\":\"Recherche d'un soudeur TIG pour une ligne "
                             "d'assemblage\",\"siren\":\"356000000\",\"sector\":\"25.11Z\","
                             "\"commune\":\"38185\",\"state\":\"open\",\"updated\":1795392000000,\"contact\":\"adresse "
                             "de la société en question, porte 4\"}";

static enum status from_memory(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)request, (void)error;
    response->media_type = "application/json";
    response->body = sample;
    response->body_length = sizeof sample - 1;
    return STATUS_OK;
}

/* The viewer's right is in the statement, as in every read of records. */
static enum status from_database(const struct http_request *request, struct http_response *response,
                                 struct error *error)
{
    static const char sql[] =
        "SELECT id, title, siren, sector, commune, state, updated FROM need WHERE id = $1 AND reader IN "
        "(SELECT token FROM account_token WHERE account = $2)";
    const int64_t id = strtoll(request->words[0], NULL, 10);
    struct db_rows *rows = db_query(request->read, sql, DB_BIND(db_integer(id), db_integer(request->viewer->account)));
    if (db_next(rows))
        response->body =
            arena_print(request->arena,
                        "{\"id\":%" PRId64 ",\"title\":\"%s\",\"siren\":\"%s\",\"sector\":\"%s\",\"commune\":\"%s\","
                        "\"state\":\"%s\",\"updated\":%" PRId64 "}",
                        db_get_integer(rows, 0), db_get_text(rows, 1), db_get_text(rows, 2), db_get_text(rows, 3),
                        db_get_text(rows, 4), db_get_text(rows, 5), db_get_integer(rows, 6));
    response->media_type = "application/json";
    const enum status status = db_end(&rows, error);
    return status == STATUS_OK && !response->body ? error_set(error, STATUS_MISSING, "There is no such record.")
                                                  : status;
}

static const struct http_route routes[] = {
    ROUTE(HTTP_GET, "/api/v1/memory", ROUTE_API, ACCESS_PUBLIC, from_memory),
    ROUTE(HTTP_GET, "/api/v1/need/{id}", ROUTE_API, ACCESS_PUBLIC, from_database),
    {.handler = NULL},
};

static enum status authenticate(struct db_handle *read, struct arena *arena, const char *session, const char *bearer,
                                const struct viewer **viewer, const char **csrf, struct error *error)
{
    (void)read, (void)arena, (void)session, (void)bearer, (void)viewer, (void)csrf, (void)error;
    return STATUS_OK;
}

static enum status fill(struct db_handle *handle, void *context, struct error *error)
{
    (void)context;
    static const char *const tables[] = {
        "CREATE TABLE account_token (account BIGINT NOT NULL, token BIGINT NOT NULL, PRIMARY KEY (account, token))",
        "CREATE TABLE need (id INTEGER PRIMARY KEY, reader BIGINT, title TEXT, siren TEXT, sector TEXT, commune TEXT, "
        "state TEXT, updated BIGINT)",
        "INSERT INTO account_token VALUES (0, 1)"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const enum status status = db_run(handle, tables[i], DB_BIND_NONE, NULL, error);
        if (status != STATUS_OK) return status;
    }
    for (int64_t id = 1; id <= RECORDS; id++) {
        const enum status status = db_run(
            handle, "INSERT INTO need VALUES ($1, 1, $2, $3, '25.11Z', '38185', 'open', 1795392000000)",
            DB_BIND(
                db_integer(id),
                db_text("Recherche d'un soudeur TIG pour une ligne d'assemblage, avec deux ans d'expérience au moins"),
                db_text("356000000")),
            NULL, error);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    struct db *db = NULL;
    struct http_server *server = NULL;
    const struct http_route *const tables[] = {routes, NULL};
    if (argc != 2) fatal("usage: http_routes DATABASE");
    sigset_t set;
    int number;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (getenv("QUIET")) log_set_level(LOG_WARNING);
    enum status status = db_open(argv[1], &(struct db_options){.readers = 8, .create = true}, &db, &error);
    if (status == STATUS_OK) status = db_transaction(db, fill, NULL, &error);
    const struct http_options options = {
        .listen = "127.0.0.1:0", .db = db, .rates = {-1, -1, -1}, .threads = 2, .connections_per_peer = 1000};
    if (status == STATUS_OK) status = http_start(&options, tables, authenticate, NULL, &server, &error);
    if (status != STATUS_OK) fatal("%s %s", error.message, error.arguments[0]);
    printf("%d\n", http_port(server));
    fflush(stdout);
    sigwait(&set, &number);
    http_stop(&server, 1000);
    db_close(&db);
    return 0;
}
