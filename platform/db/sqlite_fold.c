/* sqlite_fold.c: copying the log (WAL) into the file. SQLite's usual way is that who commits copies at once, and everybody waits for it.
 * Here a thread copies beside those who write, each STRIDE pages of our own. It never quite catches up with one who writes without a pause, and the log
 * would grow for ever: once it is LONG, who wrote a good part of it catches up between two transactions, and finishes when it has its turn to write, while
 * nobody adds to the log: a transaction that finds all copied writes at the log's start again. */
#include "platform/db/sqlite_private.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/worker.h"

enum { STRIDE = 8000, LONG = 48000, PART = LONG / 4 }; /* pages of 4 KB */

/* Of the one connection that writes. */
struct fold {
    const struct db *db;
    struct arena *arena;
    struct worker *worker;
    int length;      /* of the log after our last commit */
    int64_t own;     /* of it written by this process */
    int64_t written; /* by this process since the worker was last sent */
};

struct fold *db_fold_new(const struct db *db)
{
    struct arena *arena = arena_new();
    struct fold *fold = ARENA_NEW(arena, struct fold);
    *fold = (struct fold){.db = db, .arena = arena, .worker = worker_new(arena)};
    return fold;
}

/* SQLite syncs the file only once all is copied: what waits until then would be a long stop. */
static void sync_file(sqlite3 *connection)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file->pMethods)
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

/* Failures are told by the next commit, or by the copy that somebody waits for. */
static void copy_beside(void *context)
{
    const struct fold *fold = context;
    void *connection = NULL;
    if (db_sqlite_connect(fold->db, true, &connection, NULL)) return;
    const int code = sqlite3_wal_checkpoint_v2(connection, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code == SQLITE_OK) sync_file(connection);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        log_line(LOG_WARNING, "checkpoint", "fault=%s", sqlite3_errstr(code));
    sqlite3_close(connection);
}

void db_fold_free(struct fold **fold)
{
    if (!*fold) return;
    worker_wait((*fold)->worker);
    struct arena *arena = (*fold)->arena;
    arena_free(&arena);
    *fold = NULL;
}

static int pages_written(sqlite3 *connection)
{
    int now = 0, highest = 0;
    sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_WRITE, &now, &highest, 1);
    return now;
}

static int after_commit(void *context, sqlite3 *connection, const char *name, int length)
{
    struct fold *fold = context;
    const int pages = pages_written(connection);
    (void)name;
    if (length < fold->length) fold->own = 0;
    fold->length = length;
    fold->own += pages;
    fold->written += pages;
    if (fold->written >= STRIDE && !worker_is_busy(fold->worker)) {
        fold->written = 0;
        worker_begin(fold->worker, copy_beside, fold);
    }
    return SQLITE_OK;
}

void db_fold_follow(struct fold *fold, sqlite3 *connection) { sqlite3_wal_hook(connection, after_commit, fold); }

/* Whether all of the log is in the file now. Another process that copies is not waited for. */
static bool copy_all(sqlite3 *connection)
{
    int length = 0, copied = -1;
    const int code = sqlite3_wal_checkpoint_v2(connection, NULL, SQLITE_CHECKPOINT_PASSIVE, &length, &copied);
    return code == SQLITE_OK && copied == length;
}

bool db_fold_catch_up(struct fold *fold, sqlite3 *connection)
{
    if (fold->length < LONG || fold->own < PART) return false;
    worker_wait(fold->worker);
    copy_all(connection);
    return true;
}

void db_fold_finish(sqlite3 *connection) { copy_all(connection); }
