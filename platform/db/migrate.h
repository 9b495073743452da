/* migrate.h: numbered changes of the schema, each applied once, in one transaction where the engine allows.
 *
 * A migration is a file sql/NNNN-name.sql: statements ended by ';' at a line's end, DDL words as in db_expand, and for each table and
 * column a sentence in a line "-- table.column: what it is". The files are compiled into the binary (tools/embed). */
#ifndef PLATFORM_DB_MIGRATE_H
#define PLATFORM_DB_MIGRATE_H

#include "platform/db/db.h"

struct migration {
    int number;
    const char *name;
    const char *sql;
};

/* Applies what is missing, in order, under a lock that other processes respect. Refuses a database that is newer than the program
 * (STATUS_CONFLICT). *applied (may be NULL): how many. */
enum status db_migrate(struct db *db, const struct migration *migrations, size_t count, int *applied,
                       struct error *error);

/* The program's own migrations: the files of sql/, in order. Static. */
const struct migration *schema_migrations(size_t *count);

/* The highest number applied, 0 when none. */
enum status db_version(struct db *db, int *version, struct error *error);

#endif
