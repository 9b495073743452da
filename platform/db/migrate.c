#include "platform/db/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/db/db_private.h"

static const char register_table[] =
    "CREATE TABLE IF NOT EXISTS migration ("
    "number {integer} NOT NULL PRIMARY KEY, name {text} NOT NULL, applied {integer} NOT NULL) {strict}";

struct step {
    struct db *db;
    const struct migration *migrations;
    size_t count;
    bool applied; /* whether this run found one to apply */
};

/* The length of the statement that begins at sql, its ';' excluded. It ends with a ';' at the end of a line. */
static size_t statement_length(const char *sql)
{
    size_t at = 0;
    while (sql[at]) {
        const size_t skipped = db_text_skip(sql + at);
        if (!skipped && sql[at] == ';' && strchr("\r\n", sql[at + 1])) return at;
        at += skipped ? skipped : 1;
    }
    return at;
}

static bool is_blank(const char *sql)
{
    while (*sql) {
        const size_t comment = *sql == '-' || *sql == '/' ? db_text_skip(sql) : 0;
        if (!comment && !strchr(" \t\r\n;", *sql)) return false;
        sql += comment ? comment : 1;
    }
    return true;
}

static void point_at(const struct migration *migration, const char *at, struct error *error)
{
    int64_t line = 1;
    const char *start = at + strspn(at, " \t\r\n");
    for (const char *c = migration->sql; c < start; c++) line += *c == '\n';
    error_at(error, migration->name, line, 0);
}

static enum status run_statements(struct db_handle *handle, const struct migration *migration, struct error *error)
{
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;
    for (const char *at = migration->sql; *at && status == STATUS_OK;) {
        const size_t length = statement_length(at);
        const char *sql = db_expand(handle->db, arena, arena_copy_bytes(arena, at, length));
        if (!is_blank(sql)) status = db_execute(handle, sql, error);
        if (status) point_at(migration, at, error);
        at += length + (at[length] == ';');
    }
    arena_free(&arena);
    return status;
}

/* SQLite: BEGIN IMMEDIATE did it. PostgreSQL: a lock that the end of the transaction gives back; and READ COMMITTED, so that
 * what was committed while waiting for it is seen. */
static enum status lock_others_out(struct db_handle *handle, struct error *error)
{
    if (db_engine(handle->db) == DB_SQLITE) return STATUS_OK;
    const enum status status = db_execute(handle, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED", error);
    return status ? status : db_execute(handle, "SELECT pg_advisory_xact_lock(6861786)", error);
}

static enum status read_version(struct db_handle *handle, int64_t *version, struct error *error)
{
    return db_one_integer(handle, "SELECT COALESCE(MAX(number), 0) FROM migration", DB_BIND_NONE, version, error);
}

static enum status make_register(struct db_handle *handle, struct error *error)
{
    struct arena *arena = arena_new();
    const enum status status = db_execute(handle, db_expand(handle->db, arena, register_table), error);
    arena_free(&arena);
    return status;
}

static enum status prepare_register(struct db_handle *handle, void *context, struct error *error)
{
    (void)context;
    const enum status status = lock_others_out(handle, error);
    return status ? status : make_register(handle, error);
}

static const struct migration *first_above(const struct step *step, int64_t version)
{
    for (size_t i = 0; i < step->count; i++)
        if (step->migrations[i].number > version) return &step->migrations[i];
    return NULL;
}

/* Applies the first migration that is missing. Another process may have applied it since the last look. */
static enum status apply_next(struct db_handle *handle, void *context, struct error *error)
{
    struct step *step = context;
    int64_t version = 0;
    step->applied = false;
    enum status status = lock_others_out(handle, error);
    if (status == STATUS_OK) status = read_version(handle, &version, error);
    const struct migration *next = status ? NULL : first_above(step, version);
    if (!next) return status;
    status = run_statements(handle, next, error);
    if (status) return status;
    step->applied = true;
    return db_run(handle, "INSERT INTO migration (number, name, applied) VALUES ($1, $2, $3)",
                  DB_BIND(db_integer(next->number), db_text(next->name), db_integer(time_now())), NULL, error);
}

static enum status check_order(const struct migration *migrations, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (migrations[i].number <= (i ? migrations[i - 1].number : 0))
            return error_set(error, STATUS_FAULT, N_("The numbers of the migrations do not grow: {1}."),
                             migrations[i].name);
    return STATUS_OK;
}

static enum status refuse_newer(struct db *db, const struct migration *migrations, size_t count, struct error *error)
{
    int version = 0;
    const enum status status = db_version(db, &version, error);
    if (status || version <= (count ? migrations[count - 1].number : 0)) return status;
    char number[16];
    snprintf(number, sizeof number, "%d", version);
    return error_set(
        error, STATUS_CONFLICT,
        N_("The database is newer than this program (its schema has number {1}). Install the newer program."), number);
}

enum status db_migrate(struct db *db, const struct migration *migrations, size_t count, int *applied,
                       struct error *error)
{
    int done = 0;
    struct step step = {db, migrations, count, true};
    enum status status = check_order(migrations, count, error);
    if (status == STATUS_OK) status = db_transaction(db, prepare_register, NULL, error);
    if (status == STATUS_OK) status = refuse_newer(db, migrations, count, error);
    while (status == STATUS_OK && step.applied) {
        status = db_transaction(db, apply_next, &step, error);
        done += status == STATUS_OK && step.applied;
    }
    if (done) log_line(LOG_NOTE, "migration", "applied=%d", done);
    if (applied) *applied = done;
    return status;
}

static enum status find_register(struct db_handle *handle, struct db *db, int64_t *tables, struct error *error)
{
    return db_one_integer(
        handle,
        db_differs(db, "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'",
                   "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migration'"),
        DB_BIND_NONE, tables, error);
}

enum status db_version(struct db *db, int *version, struct error *error)
{
    struct db_handle *handle = NULL;
    int64_t tables = 0, number = 0;
    enum status status = db_read(db, &handle, error);
    if (status) return status;
    status = find_register(handle, db, &tables, error);
    if (status == STATUS_OK && tables) status = read_version(handle, &number, error);
    db_release(&handle);
    *version = (int)number;
    return status;
}
