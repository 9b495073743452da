/* db.h: one SQL text on two engines, SQLite (embedded) and PostgreSQL.
 *
 * The address chooses the engine: a path (or "sqlite:PATH") or "postgresql://...". SQL uses $1, $2 ... in order of
 * first use, always bound. DDL words between braces expand per engine (see db_expand). Reads run on read-only
 * handles; writes in a transaction on a write handle. A handle belongs to one thread at a time. */
#ifndef PLATFORM_DB_H
#define PLATFORM_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db;        /* a database: address, pool of handles */
struct db_handle; /* one connection, lent to one thread */
struct db_rows;   /* the rows of a statement that is being read */

enum db_engine { DB_SQLITE, DB_POSTGRESQL };

struct db_options {
    size_t readers;  /* most read-only handles at a time; 0: number of processors */
    int64_t wait_ms; /* longest wait for a handle or a lock before STATUS_BUSY; 0: 5000 */
    bool create;     /* make the SQLite file if it is not there */
};

/* A bound value. Texts and blobs are borrowed until the call returns. */
enum db_value_type { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB };
struct db_value {
    enum db_value_type type;
    int64_t integer;
    double real;
    const void *bytes;
    size_t length;
};
struct db_value db_null(void);
struct db_value db_integer(int64_t value);
struct db_value db_real(double value);
struct db_value db_text(const char *text); /* NULL gives a NULL value */
struct db_value db_blob(const void *bytes, size_t length);

/* For calls: DB_BIND(db_text(name), db_integer(id)) is the two arguments `values, count`; DB_BIND_NONE none. */
#define DB_BIND(...) \
    (const struct db_value[]){__VA_ARGS__}, sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)
#define DB_BIND_NONE NULL, 0

/* Opens the database and checks that it answers. *db is the caller's, ended by db_close, which waits for lent handles. */
enum status db_open(const char *address, const struct db_options *options, struct db **db, struct error *error);
void db_close(struct db **db);
enum db_engine db_engine(const struct db *db);
const char *db_address(const struct db *db); /* without its password */
/* A number that no other database opened by this process has had: for what is kept in memory about one. */
uint64_t db_number(const struct db *db);

/* Lends a read-only handle (SQLite: query_only; PostgreSQL: default_transaction_read_only). Give it back soon: readers are
 * short, for a long one keeps the WAL from shrinking. */
enum status db_read(struct db *db, struct db_handle **handle, struct error *error);
void db_release(struct db_handle **handle);

/* As db_read, given back when the arena ends. */
enum status db_read_in(struct db *db, struct arena *arena, struct db_handle **handle, struct error *error);

/* From its next statement until the arena ends, the read-only handle sees one moment of the database; the arena must end before the
 * handle is given back. Nothing happens when it does so already, or is in a transaction. */
enum status db_snapshot(struct db_handle *handle, struct arena *arena, struct error *error);

/* Whether the handle is within db_transaction. */
bool db_writing(const struct db_handle *handle);
/* The database to which the handle belongs. */
const struct db *db_of(const struct db_handle *handle);

/* A transaction: begins (SQLite: IMMEDIATE; PostgreSQL: REPEATABLE READ), calls work, commits if it returns
 * STATUS_OK and else rolls back. STATUS_BUSY from work or commit (lock, serialisation failure, deadlock, connection lost) makes it run
 * again, up to ten times with growing waits, for four times wait_ms at most: work may run twice, must hold no network and no hashing, and
 * must set what it returns afresh each time. It is committed once: when the answer to COMMIT is lost, the server is asked what became of
 * it. Committed means durable. After a statement failed, only a savepoint's undo can go on; else the whole fails with that status. One
 * writer at a time on SQLite: others queue, first come first served. A transaction within a transaction is our fault. */
typedef enum status db_work(struct db_handle *handle, void *context, struct error *error);
enum status db_transaction(struct db *db, db_work *work, void *context, struct error *error);

/* SQLite: folds the write-ahead log into the file and empties it, so that what was erased is nowhere left; STATUS_BUSY when a reader is
 * in the way for longer than wait_ms. PostgreSQL: nothing, the server does it. Not within a transaction. */
enum status db_checkpoint(struct db *db, struct error *error);

/* Writes the database anew, so that nothing is left in its free places of what was erased or moved, and gives room back. SQLite: VACUUM, then a checkpoint:
 * writers wait meanwhile (some 2 s a GB on a fast disk), readers go on, as much room again is needed on the disk. PostgreSQL: VACUUM, after which the places of
 * what was erased may be used again; `whole`: VACUUM FULL, which writes the tables anew and keeps everybody out of each meanwhile. Not within a transaction. */
enum status db_compact(struct db *db, bool whole, struct error *error);

/* Copies an SQLite database, as of one moment, into a new file of mode 0600 that is durable when this returns; others go on reading and writing. progress
 * (may be NULL) is told how many pages are done, a thousand at a time. STATUS_INPUT when the file exists, or on PostgreSQL, which has tools of its own. What was
 * begun is removed when it fails. Cost: a reading of the whole file; the WAL does not shrink meanwhile. */
typedef void db_backup_progress(void *context, int64_t done, int64_t total);
enum status db_backup(struct db *db, const char *path, db_backup_progress *progress, void *context,
                      struct error *error);

/* Whether the engine finds its own structures whole. SQLite: reads the whole file; PostgreSQL: true. */
enum status db_check(struct db *db, bool *whole, struct error *error);

/* A file's content on the disk; and a file that was made elsewhere in the same folder under its name, whole or not at all: STATUS_INPUT when there is
 * one of that name and it is not to be replaced. */
enum status db_sync(const char *path, struct error *error);
enum status db_put_in_place(const char *made, const char *path, bool replace, struct error *error);

/* The present moment by the clock that all servers of the database share: the server's own on PostgreSQL, where it is a statement; the machine's on
 * SQLite. For leases and queues; what a person did is dated by time_now. */
enum status db_clock(struct db_handle *handle, int64_t *moment, struct error *error);

/* For rows that may fail one by one within a transaction. Savepoints nest. */
enum status db_savepoint(struct db_handle *handle, struct error *error);
enum status db_savepoint_keep(struct db_handle *handle, struct error *error);
enum status db_savepoint_undo(struct db_handle *handle, struct error *error);

/* Runs a statement that gives no rows; *changed (may be NULL): rows changed. Prepared once per handle and kept (the text's
 * content is the key; 300 texts a handle, the one used longest ago makes way). A violated UNIQUE or foreign key is STATUS_CONFLICT. */
enum status db_run(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count,
                   int64_t *changed, struct error *error);

/* Inserts rows of `columns` values each, one after the other in `values`: into is "table (a, b, c)", tail "" or "ON CONFLICT ...". Several rows a
 * statement; of each count of columns two texts are prepared, whatever the number of rows. */
enum status db_insert(struct db_handle *handle, const char *into, const char *tail, const struct db_value *values,
                      size_t columns, size_t rows, struct error *error);

/* Starts a statement that gives rows; read them with db_next until it gives false, then db_end (always) which says whether all
 * went well. Rows are streamed, not gathered (PostgreSQL: single-row mode; but another statement on the handle meanwhile makes the driver
 * take in the rest of the rows first). One may stop early: db_end then drops the rest.
 *     struct db_rows *rows = db_query(handle, sql, DB_BIND(...));
 *     while (db_next(rows)) use(db_get_text(rows, 0));
 *     status = db_end(&rows, error);                       */
struct db_rows *db_query(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count);
bool db_next(struct db_rows *rows);
enum status db_end(struct db_rows **rows, struct error *error);

/* Values of the present row; valid until the next db_next. A NULL is 0, 0.0, NULL, NULL: see db_is_null. */
size_t db_columns(const struct db_rows *rows);
bool db_is_null(const struct db_rows *rows, size_t column);
int64_t db_get_integer(const struct db_rows *rows, size_t column);
double db_get_real(const struct db_rows *rows, size_t column);
const char *db_get_text(const struct db_rows *rows, size_t column);
const void *db_get_blob(const struct db_rows *rows, size_t column, size_t *length);
const char *db_column_name(const struct db_rows *rows, size_t column);

/* The first column of the first row. STATUS_MISSING when there is no row. Texts are copied into the arena. */
enum status db_one_integer(struct db_handle *handle, const char *sql, const struct db_value *values, size_t count,
                           int64_t *value, struct error *error);
enum status db_one_text(struct db_handle *handle, struct arena *arena, const char *sql, const struct db_value *values,
                        size_t count, const char **value, struct error *error);

/* A new identifier: 63 bits, positive, growing: milliseconds << 20 | node << 12 | counter. Unique in the process and, with the node
 * number drawn at start, in practice between processes. */
int64_t db_new_id(void);

/* Expands DDL words: {integer} {real} {blob} {id} (the primary key clause of a table whose distribution column is `home`: plain id on
 * SQLite, (home, id) plus an index on id on PostgreSQL) {strict} ... docs/database.md lists them. Result in the arena. */
const char *db_expand(const struct db *db, struct arena *arena, const char *sql);

/* Tables have become many times as large: PostgreSQL draws its statistics anew and forgets the plans that it made for small tables, in all
 * sessions (a second or two); SQLite plans by rule. Between transactions. */
enum status db_grew(struct db *db, struct error *error);

/* Statements that must differ: the one for this engine. Each use is counted by tools/check-sql. */
const char *db_differs(const struct db *db, const char *sqlite, const char *postgresql);

/* Test support: called with each SQL text that is prepared (once per handle, from any thread), so that a test can EXPLAIN them all. The
 * observer must not use the database. NULL: none. */
void db_observe(void (*observer)(const char *sql, void *context), void *context);

#endif
