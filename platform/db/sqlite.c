/* sqlite.c: the driver of the embedded engine. */
#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "platform/db/sqlite_private.h"

enum { BRIEF_MS = 50 };

struct statement {
    sqlite3 *connection;
    sqlite3_stmt *statement;
};

static enum status describe(sqlite3 *connection, struct error *error)
{
    const int code = sqlite3_extended_errcode(connection);
    const char *text = sqlite3_errmsg(connection);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return error_set(error, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
    case SQLITE_FULL:
        return error_set(error, STATUS_FAULT, N_("The disk that holds the database is full. Nothing was saved."));
    case SQLITE_IOERR:
        return error_set(error, STATUS_FAULT, N_("The database file could not be read or written: {1}."), text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(error, STATUS_FAULT, N_("The database file is damaged or is no database: {1}."), text);
    case SQLITE_CANTOPEN: return error_set(error, STATUS_FAULT, N_("The database file cannot be opened: {1}."), text);
    case SQLITE_READONLY: return error_set(error, STATUS_FAULT, N_("The database may only be read here: {1}."), text);
    default: break;
    }
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return error_set(error, STATUS_CONFLICT, N_("It exists already: {1}."), text);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return error_set(error, STATUS_CONFLICT,
                         N_("It refers to something that is not there, or is still referred to: {1}."), text);
    default: return error_set(error, STATUS_FAULT, N_("The database refused a statement: {1}."), text);
    }
}

static enum status execute(void *connection, const char *sql, struct error *error)
{
    sqlite3 *sqlite = connection;
    return sqlite3_exec(sqlite, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : describe(sqlite, error);
}

/* The file is made here, not by SQLite, so that only its owner can read it; the WAL inherits that. */
static enum status create_file(const char *path, struct error *error)
{
    const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno != EEXIST)
        return error_set(error, STATUS_INPUT, N_("The database file {1} cannot be made: {2}."), path, strerror(errno));
    if (file >= 0) close(file);
    return STATUS_OK;
}

/* Nobody asks how much memory SQLite holds: each of its allocations need not be counted under a lock. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static void set_up_library(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

static enum status open_file(const struct db *db, bool writes, sqlite3 **sqlite, struct error *error)
{
    if (writes && db->options.create && create_file(db->target, error)) return STATUS_INPUT;
    if (access(db->target, F_OK))
        return error_set(error, STATUS_INPUT, N_("There is no database file {1}."), db->target);
    pthread_once(&library_once, set_up_library);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(db->target, sqlite, flags, db_sqlite_layer()) == SQLITE_OK) return STATUS_OK;
    if (!*sqlite) fatal_memory(0);
    return describe(*sqlite, error);
}

/* Tries again every millisecond: SQLite's own handler sleeps up to 100. */
static int wait_again(void *context, int tries)
{
    const struct db *db = context;
    if (tries >= db->options.wait_ms) return 0;
    db_turn_pause();
    return 1;
}

/* Strict quoting and LIKE as PostgreSQL has them; no way for SQL to reach SQLite's own tables. */
static void set_limits(sqlite3 *sqlite, const struct db *db)
{
    sqlite3_busy_handler(sqlite, wait_again, (void *)(uintptr_t)db);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
}

static int note_wal(void *context, int count, char **values, char **names)
{
    (void)names;
    *(bool *)context = count == 1 && values[0] && strcmp(values[0], "wal") == 0;
    return 0;
}

/* Some network file systems cannot have a WAL: SQLite then stays as it was, without an error. */
static enum status use_wal(sqlite3 *sqlite, const struct db *db, struct error *error)
{
    bool wal = false;
    if (sqlite3_exec(sqlite, "PRAGMA journal_mode = WAL", note_wal, &wal, NULL) != SQLITE_OK)
        return describe(sqlite, error);
    if (wal) return STATUS_OK;
    return error_set(error, STATUS_INPUT, N_("The database file {1} must be on a local disk."), db->target);
}

static enum status set_up(sqlite3 *sqlite, const struct db *db, bool writes, struct error *error)
{
    set_limits(sqlite, db);
    enum status status =
        execute(sqlite,
                "PRAGMA synchronous = FULL; PRAGMA cache_size = -2048; PRAGMA case_sensitive_like = ON;"
                "PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 268435456",
                error);
    if (status) return status;
    if (!writes) return execute(sqlite, "PRAGMA query_only = ON", error);
    status = use_wal(sqlite, db, error);
    /* The one that writes keeps what it changes at hand; sqlite_fold.c copies the log. */
    return status ? status
                  : execute(sqlite,
                            "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
                            "PRAGMA secure_delete = ON",
                            error);
}

enum status db_sqlite_connect(const struct db *db, bool writes, void **connection, struct error *error)
{
    sqlite3 *sqlite = NULL;
    enum status status = open_file(db, writes, &sqlite, error);
    if (status == STATUS_OK) status = set_up(sqlite, db, writes, error);
    if (status) sqlite3_close(sqlite);
    *connection = status ? NULL : sqlite;
    return status;
}

static enum status connect_pool(const struct db *db, bool writes, void **connection, struct error *error)
{
    const enum status status = db_sqlite_connect(db, writes, connection, error);
    if (!status && writes) db_fold_follow(db->fold, *connection);
    return status;
}

static void disconnect(void *connection) { ENSURE(sqlite3_close(connection) == SQLITE_OK); }

static bool alive(void *connection) { return connection != NULL; }

static bool in_transaction(void *connection) { return !sqlite3_get_autocommit(connection); }

/* Who has the turn and has had the file to itself once knows that nobody writes before it begins again. */
static enum status begin_log_again(void *connection, struct error *error)
{
    const enum status status = execute(connection, "COMMIT", error);
    if (status) return status;
    db_fold_finish(connection);
    return execute(connection, "BEGIN IMMEDIATE", error);
}

static enum status begin(const struct db *db, void *connection, struct error *error)
{
    const bool again = db_fold_catch_up(db->fold, connection);
    if (!db_turn_take(db->turn, db->options.wait_ms))
        return error_set(error, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
    enum status status = execute(connection, "BEGIN IMMEDIATE", error);
    if (!status && again) status = begin_log_again(connection, error);
    db_turn_give(db->turn);
    return status;
}

static enum status commit(const struct db *db, void *connection, struct error *error)
{
    (void)db;
    return execute(connection, "COMMIT", error);
}

/* The row says whether somebody was in the way, and how much of the WAL is in the file. */
static int note_checkpoint(void *context, int count, char **values, char **names)
{
    (void)names;
    *(bool *)context = count > 0 && values[0] && strcmp(values[0], "0") == 0;
    return 0;
}

static int wait_briefly(void *context, int tries)
{
    (void)context;
    if (tries >= BRIEF_MS) return 0;
    db_turn_pause();
    return 1;
}

static enum status checkpoint(const struct db *db, void *connection, struct error *error)
{
    bool whole = false;
    sqlite3_busy_handler(connection, wait_briefly, NULL);
    const int code = sqlite3_exec(connection, "PRAGMA wal_checkpoint(TRUNCATE)", note_checkpoint, &whole, NULL);
    sqlite3_busy_handler(connection, wait_again, (void *)(uintptr_t)db);
    if (code != SQLITE_OK) return describe(connection, error);
    return whole ? STATUS_OK : error_set(error, STATUS_BUSY, N_("The database is busy. Please try again in a moment."));
}

static enum status prepare(void *connection, const char *sql, void **statement, struct error *error)
{
    sqlite3 *sqlite = connection;
    char *numbered = db_text_number(sql);
    sqlite3_stmt *prepared = NULL;
    const char *rest = NULL;
    const int code = sqlite3_prepare_v3(sqlite, numbered, -1, SQLITE_PREPARE_PERSISTENT, &prepared, &rest);
    const bool more = code == SQLITE_OK && rest[strspn(rest, " \n\t;")] != '\0';
    free(numbered);
    if (code != SQLITE_OK) return describe(sqlite, error);
    if (!prepared || more) {
        sqlite3_finalize(prepared);
        return error_set(error, STATUS_FAULT, N_("A call must hold one statement: {1}."), sql);
    }
    struct statement *kept = malloc(sizeof *kept);
    if (!kept) fatal_memory(sizeof *kept);
    *kept = (struct statement){sqlite, prepared};
    *statement = kept;
    return STATUS_OK;
}

static void finalize(void *statement, bool closing)
{
    (void)closing;
    struct statement *kept = statement;
    sqlite3_finalize(kept->statement);
    free(kept);
}

/* A query is read after the call that gave its texts and blobs: it copies them. */
static int bind(sqlite3_stmt *statement, int position, const struct db_value *value, bool borrowed)
{
    const sqlite3_destructor_type owner = borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT;
    switch (value->type) {
    case DB_NULL: return sqlite3_bind_null(statement, position);
    case DB_INTEGER: return sqlite3_bind_int64(statement, position, value->integer);
    case DB_REAL: return sqlite3_bind_double(statement, position, value->real);
    case DB_TEXT: return sqlite3_bind_text64(statement, position, value->bytes, value->length, owner, SQLITE_UTF8);
    case DB_BLOB:
        if (!value->length) return sqlite3_bind_zeroblob(statement, position, 0);
        return sqlite3_bind_blob64(statement, position, value->bytes, value->length, owner);
    }
    return SQLITE_MISUSE;
}

static enum status start(void *statement, const struct db_value *values, size_t count, bool borrowed,
                         struct error *error)
{
    struct statement *kept = statement;
    if ((size_t)sqlite3_bind_parameter_count(kept->statement) != count)
        return error_set(error, STATUS_FAULT, N_("A statement got another number of values than it names: {1}."),
                         sqlite3_sql(kept->statement));
    for (size_t i = 0; i < count; i++)
        if (bind(kept->statement, (int)i + 1, &values[i], borrowed) != SQLITE_OK)
            return describe(kept->connection, error);
    return STATUS_OK;
}

static enum status step(void *statement, bool *row, struct error *error)
{
    struct statement *kept = statement;
    const int code = sqlite3_step(kept->statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : describe(kept->connection, error);
}

static int64_t changed(void *statement)
{
    struct statement *kept = statement;
    return sqlite3_stmt_readonly(kept->statement) ? 0 : sqlite3_changes64(kept->connection);
}

static void reset(void *statement)
{
    struct statement *kept = statement;
    sqlite3_reset(kept->statement);
    sqlite3_clear_bindings(kept->statement);
}

static size_t columns(void *statement)
{
    return (size_t)sqlite3_column_count(((struct statement *)statement)->statement);
}

static bool is_null(void *statement, size_t column)
{
    return sqlite3_column_type(((struct statement *)statement)->statement, (int)column) == SQLITE_NULL;
}

static int64_t get_integer(void *statement, size_t column)
{
    return sqlite3_column_int64(((struct statement *)statement)->statement, (int)column);
}

static double get_real(void *statement, size_t column)
{
    return sqlite3_column_double(((struct statement *)statement)->statement, (int)column);
}

static const char *get_text(void *statement, size_t column)
{
    return (const char *)sqlite3_column_text(((struct statement *)statement)->statement, (int)column);
}

/* SQLite gives NULL for an empty blob, which is not an absent one. */
static const void *get_blob(void *statement, size_t column, size_t *length)
{
    sqlite3_stmt *prepared = ((struct statement *)statement)->statement;
    const void *bytes = sqlite3_column_blob(prepared, (int)column);
    *length = (size_t)sqlite3_column_bytes(prepared, (int)column);
    return bytes || is_null(statement, column) ? bytes : "";
}

static const char *name(void *statement, size_t column)
{
    return sqlite3_column_name(((struct statement *)statement)->statement, (int)column);
}

const struct db_driver db_sqlite = {
    .engine = DB_SQLITE,
    .writers = 1,
    .connect = connect_pool,
    .disconnect = disconnect,
    .alive = alive,
    .in_transaction = in_transaction,
    .execute = execute,
    .begin = begin,
    .commit = commit,
    .checkpoint = checkpoint,
    .compact = {"VACUUM", "VACUUM"},
    .backup = db_sqlite_backup,
    .prepare = prepare,
    .finalize = finalize,
    .start = start,
    .step = step,
    .changed = changed,
    .reset = reset,
    .columns = columns,
    .is_null = is_null,
    .get_integer = get_integer,
    .get_real = get_real,
    .get_text = get_text,
    .get_blob = get_blob,
    .name = name,
};
