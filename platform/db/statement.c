/* statement.c: running statements and reading their rows, whatever the engine. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/db/db_private.h"

struct db_rows {
    struct db_handle *handle;
    struct db_statement *statement; /* NULL once ended, or when it could not start */
    enum status status;
    struct error error;
};

/* After a failure PostgreSQL refuses everything until a rollback; SQLite is made to do the same. */
static enum status refuse_after_failure(const struct db_handle *handle, struct error *error)
{
    if (!handle->failed) return STATUS_OK;
    return error_set(error, handle->failed, N_("An earlier statement of this transaction failed."));
}

static enum status note_failure(struct db_handle *handle, enum status status)
{
    if (status && handle->transaction && !handle->failed) handle->failed = status;
    if (status && !handle->db->driver->alive(handle->connection)) handle->lost = true;
    return status;
}

enum status db_execute(struct db_handle *handle, const char *sql, struct error *error)
{
    return note_failure(handle, handle->db->driver->execute(handle->connection, sql, error));
}

static enum status start(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count,
                         bool borrowed, struct db_statement **statement, struct error *error)
{
    enum status status = refuse_after_failure(handle, error);
    if (status == STATUS_OK) status = db_statement_take(handle, sql, statement, error);
    if (status) return note_failure(handle, status);
    status = handle->db->driver->start((*statement)->statement, values, count, borrowed, error);
    if (status) {
        db_statement_done(handle, *statement);
        *statement = NULL;
    }
    return note_failure(handle, status);
}

enum status db_run(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count,
                   int64_t *changed, struct error *error)
{
    struct db_statement *statement = NULL;
    enum status status = start(handle, sql, values, count, true, &statement, error);
    if (status) return status;
    const struct db_driver *driver = handle->db->driver;
    bool row = true;
    while (status == STATUS_OK && row) status = driver->step(statement->statement, &row, error);
    if (status == STATUS_OK && changed) *changed = driver->changed(statement->statement);
    db_statement_done(handle, statement);
    return note_failure(handle, status);
}

static struct db_rows *new_rows(struct db_handle *handle)
{
    struct db_rows *rows = handle->spare ? handle->spare : malloc(sizeof *rows);
    if (!rows) fatal_memory(sizeof *rows);
    handle->spare = NULL;
    rows->handle = handle;
    rows->statement = NULL;
    return rows;
}

struct db_rows *db_query(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count)
{
    struct db_rows *rows = new_rows(handle);
    rows->status = start(handle, sql, values, count, false, &rows->statement, &rows->error);
    return rows;
}

static void end_statement(struct db_rows *rows)
{
    if (rows->statement) db_statement_done(rows->handle, rows->statement);
    rows->statement = NULL;
}

bool db_next(struct db_rows *rows)
{
    if (!rows->statement) return false;
    bool row = false;
    rows->status = rows->handle->db->driver->step(rows->statement->statement, &row, &rows->error);
    note_failure(rows->handle, rows->status);
    if (rows->status || !row) end_statement(rows);
    return rows->statement != NULL;
}

enum status db_end(struct db_rows **rows, struct error *error)
{
    struct db_rows *ended = *rows;
    const enum status status = ended->status;
    end_statement(ended);
    if (status && error) *error = ended->error;
    if (ended->handle->spare)
        free(ended);
    else
        ended->handle->spare = ended;
    *rows = NULL;
    return status;
}

static void *current(const struct db_rows *rows)
{
    ENSURE(rows->statement);
    return rows->statement->statement;
}

static const struct db_driver *driver_of(const struct db_rows *rows) { return rows->handle->db->driver; }

size_t db_columns(const struct db_rows *rows) { return rows->statement ? driver_of(rows)->columns(current(rows)) : 0; }

bool db_is_null(const struct db_rows *rows, size_t column) { return driver_of(rows)->is_null(current(rows), column); }

int64_t db_get_integer(const struct db_rows *rows, size_t column)
{
    return driver_of(rows)->get_integer(current(rows), column);
}

double db_get_real(const struct db_rows *rows, size_t column)
{
    return driver_of(rows)->get_real(current(rows), column);
}

const char *db_get_text(const struct db_rows *rows, size_t column)
{
    return driver_of(rows)->get_text(current(rows), column);
}

const void *db_get_blob(const struct db_rows *rows, size_t column, size_t *length)
{
    return driver_of(rows)->get_blob(current(rows), column, length);
}

const char *db_column_name(const struct db_rows *rows, size_t column)
{
    return driver_of(rows)->name(current(rows), column);
}

static enum status end_one(struct db_rows **rows, bool found, struct error *error)
{
    const enum status status = db_end(rows, error);
    if (status || found) return status;
    return error_set(error, STATUS_MISSING, N_("There is no such thing in the database."));
}

enum status db_one_integer(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count,
                           int64_t *value, struct error *error)
{
    struct db_rows *rows = db_query(handle, sql, values, count);
    const bool found = db_next(rows);
    if (found) *value = db_get_integer(rows, 0);
    return end_one(&rows, found, error);
}

enum status db_one_text(struct db_handle *handle, struct arena *arena, const char *sql, const struct db_value *values,
                        size_t count, const char **value, struct error *error)
{
    struct db_rows *rows = db_query(handle, sql, values, count);
    const bool found = db_next(rows);
    if (found) *value = arena_copy(arena, db_get_text(rows, 0));
    return end_one(&rows, found, error);
}
