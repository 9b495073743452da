/* db.c: opening, closing, bound values. */
#include "platform/db/db.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/time.h"
#include "platform/db/db_private.h"

enum { DEFAULT_WAIT_MS = 5000, CHECKPOINT_WAITS = 2 };

struct db_value db_null(void) { return (struct db_value){.type = DB_NULL}; }

struct db_value db_integer(int64_t value) { return (struct db_value){.type = DB_INTEGER, .integer = value}; }

struct db_value db_real(double value)
{
    return isnan(value) ? db_null() : (struct db_value){.type = DB_REAL, .real = value};
}

struct db_value db_text(const char *text)
{
    return text ? (struct db_value){.type = DB_TEXT, .bytes = text, .length = strlen(text)} : db_null();
}

struct db_value db_blob(const void *bytes, size_t length)
{
    return bytes ? (struct db_value){.type = DB_BLOB, .bytes = bytes, .length = length} : db_null();
}

static bool starts_with(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

/* "postgresql://user:secret@host/name" without ":secret". */
static char *hide_password(const char *address)
{
    char *shown = db_copy(address);
    char *start = strstr(shown, "://");
    if (!start) return shown;
    start += 3;
    char *host = strpbrk(start, "/?");
    char *at = host ? memrchr(start, '@', (size_t)(host - start)) : strrchr(start, '@');
    char *colon = at ? memchr(start, ':', (size_t)(at - start)) : NULL;
    if (colon) memmove(colon, at, strlen(at) + 1);
    char *query = strchr(shown, '?');
    if (query) *query = '\0'; /* it may hold password=... */
    return shown;
}

static void choose_driver(struct db *db, const char *address)
{
    if (starts_with(address, "postgresql://") || starts_with(address, "postgres://")) {
        db->driver = &db_postgresql;
        db->target = db_copy(address);
        db->address = hide_password(address);
    } else {
        db->driver = &db_sqlite;
        db->target = db_copy(address + (starts_with(address, "sqlite:") ? strlen("sqlite:") : 0));
        db->address = db_copy(db->target);
    }
}

static void complete_options(struct db_options *options)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (!options->readers) options->readers = processors > 0 ? (size_t)processors : 2;
    if (!options->wait_ms) options->wait_ms = DEFAULT_WAIT_MS;
}

/* The first connection: one that may write, so that SQLite makes the file, sets WAL and recovers what a crash left. */
static enum status check_answer(struct db *db, struct error *error)
{
    struct db_handle *handle = NULL;
    int64_t one = 0;
    enum status status = db_pool_lend(db, &db->writers, &handle, error);
    if (status) return status;
    status = db_one_integer(handle, "SELECT 1", DB_BIND_NONE, &one, error);
    db_release(&handle);
    return status;
}

enum status db_open(const char *address, const struct db_options *options, struct db **db, struct error *error)
{
    static _Atomic uint64_t opened;
    *db = calloc(1, sizeof **db);
    if (!*db) fatal_memory(sizeof **db);
    (*db)->turn = -1;
    (*db)->number = atomic_fetch_add(&opened, 1);
    if (options) (*db)->options = *options;
    complete_options(&(*db)->options);
    choose_driver(*db, address);
    if (db_engine(*db) == DB_SQLITE) (*db)->fold = db_fold_new(*db);
    db_pools_open(*db);
    const enum status status = check_answer(*db, error);
    if (!status && db_engine(*db) == DB_SQLITE) (*db)->turn = db_turn_open((*db)->target);
    if (status) db_close(db);
    return status;
}

void db_close(struct db **db)
{
    if (!*db) return;
    db_fold_free(&(*db)->fold);
    db_pools_close(*db);
    db_turn_close((*db)->turn);
    if ((*db)->target) explicit_bzero((*db)->target, strlen((*db)->target));
    free((*db)->target);
    free((*db)->address);
    free(*db);
    *db = NULL;
}

static enum status checkpoint_once(struct db *db, struct error *error)
{
    struct db_handle *handle = NULL;
    enum status status = db_pool_lend(db, &db->writers, &handle, error);
    if (status) return status;
    status = db->driver->checkpoint(db, handle->connection, error);
    db_release(&handle);
    return status;
}

/* A reader in the way may itself be waiting to write: between two tries the handle is free for it. */
enum status db_checkpoint(struct db *db, struct error *error)
{
    if (!db->driver->checkpoint) return STATUS_OK;
    const int64_t until = time_ticks() + CHECKPOINT_WAITS * db->options.wait_ms;
    enum status status = checkpoint_once(db, error);
    while (status == STATUS_BUSY && time_ticks() < until) {
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        status = checkpoint_once(db, error);
    }
    return status;
}

/* A statement of its own, outside of any transaction. */
static enum status run_alone(struct db *db, const char *sql, struct error *error)
{
    struct db_handle *handle = NULL;
    enum status status = db_pool_lend(db, &db->writers, &handle, error);
    if (status) return status;
    status = db_execute(handle, sql, error);
    db_release(&handle);
    return status;
}

enum status db_grew(struct db *db, struct error *error)
{
    return db_engine(db) == DB_SQLITE ? STATUS_OK : run_alone(db, "ANALYZE", error);
}

enum db_engine db_engine(const struct db *db) { return db->driver->engine; }

const char *db_address(const struct db *db) { return db->address; }

uint64_t db_number(const struct db *db) { return db->number; }

const char *db_differs(const struct db *db, const char *sqlite, const char *postgresql)
{
    return db_engine(db) == DB_SQLITE ? sqlite : postgresql;
}

enum status db_compact(struct db *db, bool whole, struct error *error)
{
    const enum status status = run_alone(db, db->driver->compact[whole], error);
    return status ? status : db_checkpoint(db, error);
}
