/* db_private.h: what the files of db share: the driver, the handle, the scanner of SQL texts. */
#ifndef PLATFORM_DB_PRIVATE_H
#define PLATFORM_DB_PRIVATE_H

#include <pthread.h>

#include "platform/db/db.h"

/* What an engine brings. A connection and a statement are the driver's own structs. */
struct db_driver {
    enum db_engine engine;
    size_t writers; /* most write handles; 0: as many as readers */

    enum status (*connect)(const struct db *db, bool writes, void **connection, struct error *error);
    void (*disconnect)(void *connection);
    bool (*alive)(void *connection); /* still usable, as far as is known without asking the server */
    bool (*in_transaction)(void *connection);
    enum status (*execute)(void *connection, const char *sql, struct error *error);   /* not kept, no values */
    enum status (*begin)(const struct db *db, void *connection, struct error *error); /* of a transaction that writes */
    enum status (*commit)(const struct db *db, void *connection, struct error *error);
    /* STATUS_BUSY: a reader is in the way; it was waited for briefly. NULL: the server's own business. */
    enum status (*checkpoint)(const struct db *db, void *connection, struct error *error);
    const char *compact[2]; /* the statement: usual, whole */
    enum status (*backup)(void *connection, const char *path, db_backup_progress *progress, void *context,
                          struct error *error); /* NULL: the same */

    enum status (*prepare)(void *connection, const char *sql, void **statement, struct error *error);
    void (*finalize)(void *statement, bool closing); /* closing: the connection ends as well */
    /* borrowed: texts and blobs stay where they are until reset. */
    enum status (*start)(void *statement, const struct db_value *values, size_t count, bool borrowed,
                         struct error *error);
    enum status (*step)(void *statement, bool *row, struct error *error);
    int64_t (*changed)(void *statement); /* rows changed, once step has given no row */
    void (*reset)(void *statement);      /* ends the reading, wherever it stands */

    size_t (*columns)(void *statement);
    bool (*is_null)(void *statement, size_t column);
    int64_t (*get_integer)(void *statement, size_t column);
    double (*get_real)(void *statement, size_t column);
    const char *(*get_text)(void *statement, size_t column);
    const void *(*get_blob)(void *statement, size_t column, size_t *length);
    const char *(*name)(void *statement, size_t column);
};

extern const struct db_driver db_sqlite, db_postgresql;

/* Handles of one sort. A slot is the right to hold a handle; slots are granted first come, first served. */
struct db_waiter {
    pthread_cond_t granted;
    bool has_slot;
    struct db_waiter *next;
};

struct db_pool {
    bool writes;
    size_t slots; /* in all */
    size_t free;  /* granted to nobody */
    struct db_handle *idle;
    struct db_waiter *first, **last;
};

struct db {
    const struct db_driver *driver;
    char *target;  /* path, or PostgreSQL's connection text: may hold a password, never logged */
    char *address; /* fit to be shown */
    uint64_t number;
    struct db_options options;
    int turn;          /* SQLite: the file whose lock is the turn to write; -1: none */
    struct fold *fold; /* SQLite: copies the log beside those who write */
    pthread_mutex_t lock;
    pthread_cond_t returned;
    struct db_pool readers, writers;
};

/* A prepared statement, kept by its text. */
struct db_statement {
    char *sql;
    uint64_t hash;
    void *statement;
    bool busy;                          /* rows of it are being read */
    struct db_statement *chain;         /* same bucket */
    struct db_statement *newer, *older; /* by last use */
};

enum { STATEMENTS_KEPT = 300, STATEMENT_BUCKETS = 512 };

struct db_handle {
    struct db *db;
    struct db_pool *pool;
    void *connection;
    bool transaction;
    enum status failed; /* how a statement of the transaction failed: only an undo is possible then */
    struct db_snapshot_mark
        *snapshot; /* of a reading of one moment, until its arena ends or the handle is given back */
    bool lost;     /* not to be lent again */
    unsigned savepoints;
    struct db_rows *spare; /* ended rows, to be used again */
    struct db_statement *buckets[STATEMENT_BUCKETS];
    struct db_statement *newest, *oldest;
    size_t kept;
    struct db_handle *next;
};

/* cache.c: a statement that nobody is reading, prepared now or before; db_statement_done gives it back. */
enum status db_statement_take(struct db_handle *handle, const char *sql, struct db_statement **statement,
                              struct error *error);
void db_statement_done(struct db_handle *handle, struct db_statement *statement);
void db_statements_end(struct db_handle *handle); /* before the connection is closed */

/* turn.c: writers of several processes come one after the other. */
int db_turn_open(const char *path); /* -1 when there can be none: then SQLite alone decides */
void db_turn_close(int turn);
bool db_turn_take(int turn, int64_t wait_ms); /* false: not within that time */
void db_turn_give(int turn);
void db_turn_pause(void); /* between two tries */

/* sqlite_fold.c: copies SQLite's log into the file beside those who write. The struct is of one database of the process. */
struct fold *db_fold_new(const struct db *db);
void db_fold_free(struct fold **fold); /* waits for a copy under way */

/* sqlite_backup.c: db_backup on a connection that reads. */
enum status db_sqlite_backup(void *connection, const char *path, db_backup_progress *progress, void *context,
                             struct error *error);

/* pool.c */
void db_pools_open(struct db *db);
void db_pools_close(struct db *db);
enum status db_pool_lend(struct db *db, struct db_pool *pool, struct db_handle **handle, struct error *error);

/* statement.c: runs a text that is not kept (BEGIN, DDL). */
enum status db_execute(struct db_handle *handle, const char *sql, struct error *error);

/* text.c: the length of the quoted text, quoted name or comment that begins at sql; 0 when none does. */
size_t db_text_skip(const char *sql);
/* `$n` as `?n`, for SQLite, which numbers names by first appearance. malloc'ed. */
char *db_text_number(const char *sql);

/* As strdup, but ends the process when there is no memory. */
char *db_copy(const char *text);

/* Ends the reading of one moment, if there is one. */
void db_snapshot_end(struct db_handle *handle);

#endif
