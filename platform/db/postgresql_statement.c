/* postgresql_statement.c: prepared statements, bound values, rows one by one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/db/postgresql_private.h"

/* Type numbers that PostgreSQL will never change (src/include/catalog/pg_type.dat). */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23 };

enum { ROWS_READ_TO_THE_END = 1000, NUMBER_SIZE = 32 };

struct pg_statement {
    struct pg_connection *connection;
    char *sql;
    char name[24];
    struct arena *arena; /* ends with the statement: the arrays of values */
    size_t parameters;
    const char **values;
    int *lengths, *formats;
    char (*numbers)[NUMBER_SIZE];
    PGresult *row;   /* the present one */
    PGresult **kept; /* rows taken in by pg_settle, not read yet */
    size_t kept_count, kept_at, kept_room;
    int64_t changed;
    bool alone;          /* in no transaction, which a cancel would end */
    struct arena *blobs; /* of the present row, decoded; NULL until one is asked for */
};

static void keep_result(struct pg_statement *statement, PGresult *result)
{
    if (statement->kept_count == statement->kept_room) {
        statement->kept_room = statement->kept_room ? statement->kept_room * 2 : 64;
        PGresult **larger = realloc(statement->kept, statement->kept_room * sizeof(PGresult *));
        if (!larger) fatal_memory(statement->kept_room * sizeof(PGresult *));
        statement->kept = larger;
    }
    statement->kept[statement->kept_count++] = result;
}

void pg_settle(struct pg_connection *connection)
{
    struct pg_statement *active = connection->active;
    PGresult *result = NULL;
    while (active && (result = PQgetResult(connection->server))) keep_result(active, result);
    connection->active = NULL;
}

/* The next result of the statement, from memory or from the server; NULL at the end. */
static PGresult *next_result(struct pg_statement *statement)
{
    if (statement->kept_at < statement->kept_count) return statement->kept[statement->kept_at++];
    if (statement->connection->active != statement) return NULL;
    PGresult *result = PQgetResult(statement->connection->server);
    if (!result) statement->connection->active = NULL;
    return result;
}

static enum status prepare_as(struct pg_statement *statement, size_t count, const Oid *types, struct error *error)
{
    struct pg_connection *connection = statement->connection;
    snprintf(statement->name, sizeof statement->name, "s%u", ++connection->names);
    PGresult *result = PQprepare(connection->server, statement->name, statement->sql, (int)count, types);
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK) status = pg_describe(connection, result, error);
    PQclear(result);
    return status;
}

static void deallocate(struct pg_statement *statement)
{
    char sql[48];
    snprintf(sql, sizeof sql, "DEALLOCATE %s", statement->name);
    PQclear(PQexec(statement->connection->server, sql));
}

/* Integers are 64 bits wide: where PostgreSQL guessed a narrower type ("$1 + 1"), the statement is prepared again. */
static enum status widen(struct pg_statement *statement, const PGresult *description, struct error *error)
{
    Oid *types = ARENA_ARRAY(statement->arena, statement->parameters + 1, Oid);
    bool narrow = false;
    for (size_t i = 0; i < statement->parameters; i++) {
        types[i] = PQparamtype(description, (int)i);
        if (types[i] != TYPE_INT4 && types[i] != TYPE_INT2) continue;
        types[i] = TYPE_INT8;
        narrow = true;
    }
    if (!narrow) return STATUS_OK;
    deallocate(statement);
    return prepare_as(statement, statement->parameters, types, error);
}

static enum status study(struct pg_statement *statement, struct error *error)
{
    PGresult *description = PQdescribePrepared(statement->connection->server, statement->name);
    enum status status = STATUS_OK;
    if (PQresultStatus(description) == PGRES_COMMAND_OK) {
        statement->parameters = (size_t)PQnparams(description);
        status = widen(statement, description, error);
    } else {
        status = pg_describe(statement->connection, description, error);
    }
    PQclear(description);
    return status;
}

enum status pg_prepare(void *connection, const char *sql, void **statement, struct error *error)
{
    struct pg_statement *kept = calloc(1, sizeof *kept);
    if (!kept) fatal_memory(sizeof *kept);
    kept->connection = connection;
    kept->sql = db_copy(sql);
    kept->arena = arena_new();
    pg_settle(connection);
    enum status status = prepare_as(kept, 0, NULL, error);
    if (status == STATUS_OK) status = study(kept, error);
    if (status) {
        pg_finalize(kept, true);
        return status;
    }
    kept->values = ARENA_ARRAY(kept->arena, kept->parameters + 1, const char *);
    kept->lengths = ARENA_ARRAY(kept->arena, kept->parameters + 1, int);
    kept->formats = ARENA_ARRAY(kept->arena, kept->parameters + 1, int);
    kept->numbers = arena_array(kept->arena, kept->parameters + 1, NUMBER_SIZE);
    *statement = kept;
    return STATUS_OK;
}

void pg_finalize(void *statement, bool closing)
{
    struct pg_statement *kept = statement;
    if (!closing) {
        pg_settle(kept->connection);
        deallocate(kept);
    }
    PQclear(kept->row);
    arena_free(&kept->arena);
    arena_free(&kept->blobs);
    free(kept->kept);
    free(kept->sql);
    free(kept);
}

static void bind(struct pg_statement *statement, size_t i, const struct db_value *value)
{
    char *number = statement->numbers[i];
    statement->values[i] = number;
    statement->formats[i] = value->type == DB_BLOB;
    statement->lengths[i] = (int)value->length;
    switch (value->type) {
    case DB_NULL: statement->values[i] = NULL; break;
    case DB_INTEGER: snprintf(number, NUMBER_SIZE, "%" PRId64, value->integer); break;
    case DB_REAL: snprintf(number, NUMBER_SIZE, "%.17g", value->real); break;
    case DB_TEXT:
    case DB_BLOB: statement->values[i] = value->bytes; break;
    }
}

enum status pg_start(void *statement, const struct db_value *values, size_t count, bool borrowed, struct error *error)
{
    (void)borrowed; /* sent before the call returns */
    struct pg_statement *kept = statement;
    PGconn *server = kept->connection->server;
    if (count != kept->parameters)
        return error_set(error, STATUS_FAULT, N_("A statement got another number of values than it names: {1}."),
                         kept->sql);
    for (size_t i = 0; i < count; i++) {
        if (values[i].length > INT32_MAX)
            return error_set(error, STATUS_LIMIT, N_("A value is too large for the database."));
        bind(kept, i, &values[i]);
    }
    pg_settle(kept->connection);
    kept->changed = 0;
    kept->alone = PQtransactionStatus(server) == PQTRANS_IDLE;
    if (!PQsendQueryPrepared(server, kept->name, (int)count, kept->values, kept->lengths, kept->formats, 0))
        return pg_describe(kept->connection, NULL, error);
    PQsetSingleRowMode(server);
    kept->connection->active = kept;
    return STATUS_OK;
}

static void forget_row(struct pg_statement *statement)
{
    PQclear(statement->row);
    statement->row = NULL;
    if (statement->blobs) arena_reset(statement->blobs);
}

enum status pg_step(void *statement, bool *row, struct error *error)
{
    struct pg_statement *kept = statement;
    *row = false;
    for (;;) {
        forget_row(kept);
        kept->row = next_result(kept);
        if (!kept->row) return STATUS_OK;
        const ExecStatusType kind = PQresultStatus(kept->row);
        if (kind == PGRES_SINGLE_TUPLE) {
            *row = true;
            return STATUS_OK;
        }
        if (kind != PGRES_TUPLES_OK && kind != PGRES_COMMAND_OK) return pg_describe(kept->connection, kept->row, error);
        kept->changed = strtoll(PQcmdTuples(kept->row), NULL, 10);
    }
}

int64_t pg_changed(void *statement) { return ((struct pg_statement *)statement)->changed; }

/* Few rows are left: they are read. Many: on a handle that only reads, and outside a snapshot, the server is asked to stop first. */
void pg_reset(void *statement)
{
    struct pg_statement *kept = statement;
    struct pg_connection *connection = kept->connection;
    forget_row(kept);
    for (size_t rows = 0; (kept->row = next_result(kept)); rows++) {
        forget_row(kept);
        if (rows != ROWS_READ_TO_THE_END || connection->active != kept || connection->writes || !kept->alone) continue;
        char ignored[256];
        PGcancel *cancel = PQgetCancel(connection->server);
        PQcancel(cancel, ignored, sizeof ignored);
        PQfreeCancel(cancel);
    }
    kept->kept_count = kept->kept_at = 0;
}

static const char *value_of(void *statement, size_t column)
{
    return PQgetvalue(((struct pg_statement *)statement)->row, 0, (int)column);
}

size_t pg_columns(void *statement) { return (size_t)PQnfields(((struct pg_statement *)statement)->row); }

bool pg_is_null(void *statement, size_t column)
{
    return PQgetisnull(((struct pg_statement *)statement)->row, 0, (int)column);
}

int64_t pg_get_integer(void *statement, size_t column)
{
    const char *value = value_of(statement, column);
    if (PQftype(((struct pg_statement *)statement)->row, (int)column) == TYPE_BOOL) return *value == 't';
    return strtoll(value, NULL, 10);
}

double pg_get_real(void *statement, size_t column) { return strtod(value_of(statement, column), NULL); }

const char *pg_get_text(void *statement, size_t column)
{
    return pg_is_null(statement, column) ? NULL : value_of(statement, column);
}

static unsigned digit_value(char digit) { return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

/* bytea comes as "\x" and two hexadecimal digits a byte. */
const void *pg_get_blob(void *statement, size_t column, size_t *length)
{
    struct pg_statement *kept = statement;
    *length = 0;
    if (pg_is_null(statement, column)) return NULL;
    const char *digits = value_of(statement, column) + 2;
    if (!kept->blobs) kept->blobs = arena_new();
    *length = ((size_t)PQgetlength(kept->row, 0, (int)column) - 2) / 2;
    unsigned char *bytes = arena_alloc(kept->blobs, *length + 1);
    for (size_t i = 0; i < *length; i++)
        bytes[i] = (unsigned char)(digit_value(digits[2 * i]) << 4 | digit_value(digits[2 * i + 1]));
    return bytes;
}

const char *pg_name(void *statement, size_t column)
{
    return PQfname(((struct pg_statement *)statement)->row, (int)column);
}
