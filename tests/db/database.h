/* database.h: a fresh, empty database for each test, on the engine that the test program was asked to use.
 *
 * `test_x` runs its tests on SQLite, then, when MAILLAGE_TEST_POSTGRESQL holds the address of a server on which databases may be
 * created (tests/run-with-postgresql sets it), on PostgreSQL. Without it those tests are skipped, and say so. */
#ifndef TESTS_DB_DATABASE_H
#define TESTS_DB_DATABASE_H

#include "tests/check.h"

#include "platform/db/db.h"
#include "platform/db/migrate.h"

/* A new, empty database; gone after database_end. options may be NULL (4 readers). The test fails when it cannot be made. */
struct db *database_begin(const struct db_options *options);
void database_end(struct db **db);

/* The address of the present test's database, to be opened a second time, in another process for instance. */
const char *database_address(void);

/* The engine on which the present test runs. */
enum db_engine database_engine(void);

/* Fails the test with the sentence when status is not OK. */
void check_ok(enum status status, const struct error *error);

/* Runs one statement in a transaction of its own. */
enum status database_run(struct db *db, const char *sql, const struct db_value *values, size_t count,
                         struct error *error);

/* The first column of the first row, on a read handle. */
int64_t database_integer(struct db *db, const char *sql);

/* Runs the tests on both engines; the result of main(). */
int database_run_tests(const struct CMUnitTest *tests, size_t count);
#define database_run_group(tests) database_run_tests((tests), sizeof(tests) / sizeof(*(tests)))

#endif
