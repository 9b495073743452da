/* postgresql_private.h: what the two files of the PostgreSQL driver share. */
#ifndef PLATFORM_DB_POSTGRESQL_PRIVATE_H
#define PLATFORM_DB_POSTGRESQL_PRIVATE_H

#include <libpq-fe.h>

#include "platform/db/db_private.h"

struct pg_statement;

struct pg_connection {
    PGconn *server;
    bool writes;
    bool stale;                  /* its statements were prepared for tables that have changed since */
    struct pg_statement *active; /* whose rows are on their way */
    unsigned names;              /* of statements, given so far */
};

/* Fills the error from what the server said (result may be NULL: the connection's own message). */
enum status pg_describe(struct pg_connection *connection, const PGresult *result, struct error *error);

/* Takes in the rows that are on their way, so that the connection can do something else; they are read from memory then. */
void pg_settle(struct pg_connection *connection);

/* The statement functions of the driver. */
enum status pg_prepare(void *connection, const char *sql, void **statement, struct error *error);
void pg_finalize(void *statement, bool closing);
enum status pg_start(void *statement, const struct db_value *values, size_t count, bool borrowed, struct error *error);
enum status pg_step(void *statement, bool *row, struct error *error);
int64_t pg_changed(void *statement);
void pg_reset(void *statement);
size_t pg_columns(void *statement);
bool pg_is_null(void *statement, size_t column);
int64_t pg_get_integer(void *statement, size_t column);
double pg_get_real(void *statement, size_t column);
const char *pg_get_text(void *statement, size_t column);
const void *pg_get_blob(void *statement, size_t column, size_t *length);
const char *pg_name(void *statement, size_t column);

#endif
