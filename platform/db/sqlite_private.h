/* sqlite_private.h: what the files of the embedded engine's driver share. */
#ifndef PLATFORM_DB_SQLITE_PRIVATE_H
#define PLATFORM_DB_SQLITE_PRIVATE_H

#include <sqlite3.h>

#include "platform/db/db_private.h"

/* sqlite_log.c: the name of the layer (VFS) that writes the log in large pieces. */
const char *db_sqlite_layer(void);

/* sqlite.c: a further connection that writes, with the usual settings. */
enum status db_sqlite_connect(const struct db *db, bool writes, void **connection, struct error *error);

/* sqlite_fold.c, beside what db_private.h has of it. */
/* From now on the commits of the connection are followed. */
void db_fold_follow(struct fold *fold, sqlite3 *connection);
/* Before a transaction, without any lock: when the log has grown long, copies it. True: the transaction is to start the log again. */
bool db_fold_catch_up(struct fold *fold, sqlite3 *connection);
/* The little that was written since, while nobody writes. */
void db_fold_finish(sqlite3 *connection);

#endif
