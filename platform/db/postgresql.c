/* postgresql.c: the driver of the server engine: connections, errors, commits whose answer was lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fatal.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/db/postgresql_private.h"

enum { LEAST_VERSION = 150000, ASK_AGAIN_MS = 50 };

/* SQLSTATEs by prefix, the longest first. Messages: the server's primary one is {1}; its detail, which may quote personal
 * data, is left out. */
static const struct {
    const char *prefix;
    enum status status;
    const char *message;
} states[] = {
    {"23505", STATUS_CONFLICT, N_("It exists already: {1}.")},
    {"23503", STATUS_CONFLICT, N_("It refers to something that is not there, or is still referred to: {1}.")},
    {"25006", STATUS_FAULT, N_("The database may only be read here: {1}.")},
    {"40", STATUS_BUSY, N_("The database is busy. Please try again in a moment.")},
    {"53100", STATUS_FAULT, N_("The disk that holds the database is full. Nothing was saved.")},
    {"53300", STATUS_BUSY, N_("The database is busy. Please try again in a moment.")},
    {"55P03", STATUS_BUSY, N_("The database is busy. Please try again in a moment.")},
    {"57", STATUS_BUSY, N_("The database server is stopping or starting. Please try again in a moment.")},
    {"08", STATUS_BUSY, N_("The connection to the database was lost. Please try again in a moment.")},
    {"", STATUS_FAULT, N_("The database refused a statement: {1}.")},
};

static enum status describe_loss(const struct pg_connection *connection, struct error *error)
{
    char first_line[160];
    snprintf(first_line, sizeof first_line, "%s", PQerrorMessage(connection->server));
    log_line(LOG_WARNING, "database", "lost=\"%.*s\"", (int)strcspn(first_line, "\n"), first_line);
    return error_set(error, STATUS_BUSY, N_("The connection to the database was lost. Please try again in a moment."));
}

enum status pg_describe(struct pg_connection *connection, const PGresult *result, struct error *error)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (!state) return describe_loss(connection, error);
    if (strcmp(state, "0A000") == 0 && text && strstr(text, "cached plan")) {
        connection->stale = true;
        return error_set(error, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
    }
    size_t at = 0;
    while (strncmp(state, states[at].prefix, strlen(states[at].prefix)) != 0) at++;
    return error_set(error, states[at].status, states[at].message, text ? text : state);
}

static enum status execute(void *connection, const char *sql, struct error *error)
{
    struct pg_connection *pg = connection;
    pg_settle(pg);
    PGresult *result = PQexec(pg->server, sql);
    const ExecStatusType kind = PQresultStatus(result);
    enum status status = STATUS_OK;
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK && kind != PGRES_EMPTY_QUERY)
        status = pg_describe(pg, result, error);
    PQclear(result);
    return status;
}

static void ignore_notice(void *context, const char *message)
{
    (void)context;
    log_line(LOG_DEBUG, "database", "notice=\"%.*s\"", (int)strcspn(message, "\n"), message);
}

/* libpq's message names host and user, never the password; its first line is enough. */
static enum status describe_refusal(const PGconn *server, struct error *error)
{
    char first_line[ERROR_ARGUMENT_SIZE];
    snprintf(first_line, sizeof first_line, "%s", server ? PQerrorMessage(server) : "no memory");
    first_line[strcspn(first_line, "\n")] = '\0';
    return error_set(error, STATUS_BUSY, N_("The database server does not answer: {1}"), first_line);
}

static enum status check_server(PGconn *server, struct error *error)
{
    const char *encoding = PQparameterStatus(server, "server_encoding");
    if (PQserverVersion(server) < LEAST_VERSION)
        return error_set(error, STATUS_INPUT, N_("The database server must be PostgreSQL 15 or later."));
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return error_set(error, STATUS_INPUT, N_("The database must be encoded in UTF8, not {1}."),
                         encoding ? encoding : "?");
    return STATUS_OK;
}

/* A stronger synchronous_commit than `on` is left alone; `off` and `local` would lose what was said to be saved. */
/* One plan a statement: planning a list of 50 numbers anew costs ten times what running it does. */
static enum status set_up(const struct db *db, struct pg_connection *pg, struct error *error)
{
    char sql[700];
    snprintf(
        sql, sizeof sql,
        "SET client_min_messages = warning; SET TimeZone = 'UTC'; SET bytea_output = hex; SET extra_float_digits = 1;"
        "SET standard_conforming_strings = on; SET jit = off; SET plan_cache_mode = force_generic_plan; SET "
        "lock_timeout = %lld;"
        "SET default_transaction_read_only = %s;"
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', "
        "'local')",
        (long long)db->options.wait_ms, pg->writes ? "off" : "on");
    return execute(pg, sql, error);
}

static void disconnect(void *connection)
{
    struct pg_connection *pg = connection;
    PQfinish(pg->server);
    free(pg);
}

/* Words of the address come after ours, and so prevail, but for the encoding. */
static PGconn *dial(const struct db *db)
{
    const char *const words[] = {"fallback_application_name", "connect_timeout", "dbname", "client_encoding", NULL};
    const char *const values[] = {"maillage", "5", db->target, "UTF8", NULL};
    return PQconnectdbParams(words, values, 1);
}

static enum status pg_connect(const struct db *db, bool writes, void **connection, struct error *error)
{
    PGconn *server = dial(db);
    if (PQstatus(server) != CONNECTION_OK) {
        const enum status refused = describe_refusal(server, error);
        PQfinish(server);
        return refused;
    }
    PQsetNoticeProcessor(server, ignore_notice, NULL);
    struct pg_connection *pg = calloc(1, sizeof *pg);
    if (!pg) fatal_memory(sizeof *pg);
    pg->server = server;
    pg->writes = writes;
    enum status status = check_server(server, error);
    if (status == STATUS_OK) status = set_up(db, pg, error);
    if (status) disconnect(pg);
    *connection = status ? NULL : pg;
    return status;
}

static bool alive(void *connection)
{
    struct pg_connection *pg = connection;
    return !pg->stale && PQconsumeInput(pg->server) && PQstatus(pg->server) == CONNECTION_OK;
}

static bool in_transaction(void *connection)
{
    const struct pg_connection *pg = connection;
    return PQtransactionStatus(pg->server) != PQTRANS_IDLE;
}

/* The first value of the answer, malloc'ed; NULL for none or a failure. */
static char *ask(PGconn *server, const char *sql, const char *parameter)
{
    PGresult *result = PQexecParams(server, sql, parameter ? 1 : 0, NULL, &parameter, NULL, NULL, 0);
    const bool answered =
        PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 && !PQgetisnull(result, 0, 0);
    char *value = answered ? db_copy(PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    return value;
}

/* What became of a transaction, asked on a new connection: "committed", "aborted", "in progress", or NULL: not known. */
static char *ask_outcome(const struct db *db, const char *transaction)
{
    PGconn *server = dial(db);
    char *outcome =
        PQstatus(server) == CONNECTION_OK ? ask(server, "SELECT pg_xact_status($1::xid8)", transaction) : NULL;
    PQfinish(server);
    return outcome;
}

/* The connection was lost between COMMIT and its answer. Running the work again blindly could do it twice. */
static enum status settle_doubt(const struct db *db, const char *transaction, struct error *error)
{
    const struct timespec pause = {.tv_nsec = ASK_AGAIN_MS * 1000000};
    const int64_t until = time_ticks() + db->options.wait_ms;
    bool committed = false, aborted = false;
    while (!committed && !aborted && time_ticks() < until) {
        char *outcome = ask_outcome(db, transaction);
        committed = outcome && strcmp(outcome, "committed") == 0;
        aborted = outcome && strcmp(outcome, "aborted") == 0;
        free(outcome);
        if (!committed && !aborted) nanosleep(&pause, NULL);
    }
    log_line(LOG_WARNING, "database", "commit_in_doubt=%s", committed ? "committed" : aborted ? "aborted" : "unknown");
    if (committed) return STATUS_OK;
    if (aborted)
        return error_set(error, STATUS_BUSY,
                         N_("The connection to the database was lost. Please try again in a moment."));
    return error_set(
        error, STATUS_FAULT,
        N_("The connection to the database was lost while saving: please check whether the change was saved."));
}

static enum status commit(const struct db *db, void *connection, struct error *error)
{
    struct pg_connection *pg = connection;
    pg_settle(pg);
    char *transaction =
        ask(pg->server, "SELECT pg_current_xact_id_if_assigned()", NULL); /* NULL: nothing was written */
    PGresult *result = PQexec(pg->server, "COMMIT");
    enum status status = STATUS_OK;
    if (PQstatus(pg->server) != CONNECTION_OK)
        status = transaction ? settle_doubt(db, transaction, error) : describe_loss(pg, error);
    else if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = pg_describe(pg, result, error);
    else if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = error_set(error, STATUS_FAULT, N_("A statement of this transaction failed, and nothing was saved."));
    PQclear(result);
    free(transaction);
    return status;
}

static enum status begin(const struct db *db, void *connection, struct error *error)
{
    (void)db;
    return execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ", error);
}

const struct db_driver db_postgresql = {
    .engine = DB_POSTGRESQL,
    .writers = 0,
    .begin = begin,
    .connect = pg_connect,
    .disconnect = disconnect,
    .alive = alive,
    .in_transaction = in_transaction,
    .execute = execute,
    .commit = commit,
    .compact = {"VACUUM", "VACUUM FULL"},
    .prepare = pg_prepare,
    .finalize = pg_finalize,
    .start = pg_start,
    .step = pg_step,
    .changed = pg_changed,
    .reset = pg_reset,
    .columns = pg_columns,
    .is_null = pg_is_null,
    .get_integer = pg_get_integer,
    .get_real = pg_get_real,
    .get_text = pg_get_text,
    .get_blob = pg_get_blob,
    .name = pg_name,
};
