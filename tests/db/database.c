#include "tests/db/database.h"

#include <string.h>
#include <unistd.h>

#include "base/fatal.h"

static enum db_engine engine;
static char address[512];
static char directory[64];
static unsigned number;

const char *database_address(void) { return address; }

enum db_engine database_engine(void) { return engine; }

void check_ok(enum status status, const struct error *error)
{
    if (status == STATUS_OK) return;
    char text[1400];
    error_describe(error, text, sizeof text);
    fail_msg("status %d: %s", (int)status, text);
}

/* "postgresql://user@host:port/postgres?..." with another database's name. */
static void name_database(const char *name)
{
    const char *server = getenv("MAILLAGE_TEST_POSTGRESQL");
    const char *path = strchr(strstr(server, "://") + 3, '/');
    const char *query = strchr(path, '?');
    snprintf(address, sizeof address, "%.*s/%s%s", (int)(path - server), server, name, query ? query : "");
}

static void on_server(const char *sql)
{
    struct error error;
    struct db *server = NULL;
    struct db_handle *handle = NULL;
    check_ok(db_open(getenv("MAILLAGE_TEST_POSTGRESQL"), &(struct db_options){.readers = 1}, &server, &error), &error);
    check_ok(db_read(server, &handle, &error), &error);
    check_ok(db_run(handle, "SET default_transaction_read_only = off", DB_BIND_NONE, NULL, &error), &error);
    check_ok(db_run(handle, sql, DB_BIND_NONE, NULL, &error), &error);
    db_release(&handle);
    db_close(&server);
}

static void make_address(void)
{
    if (engine == DB_POSTGRESQL) {
        char name[64], sql[128];
        snprintf(name, sizeof name, "test_%d_%u", (int)getpid(), ++number);
        snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'", name);
        on_server(sql);
        name_database(name);
        return;
    }
    snprintf(directory, sizeof directory, "/tmp/maillage-test-XXXXXX");
    if (!mkdtemp(directory)) fatal("no directory for the test's database");
    snprintf(address, sizeof address, "%s/test.db", directory);
}

struct db *database_begin(const struct db_options *options)
{
    struct db_options chosen = options ? *options : (struct db_options){.readers = 4};
    struct error error;
    struct db *db = NULL;
    chosen.create = true;
    make_address();
    check_ok(db_open(address, &chosen, &db, &error), &error);
    return db;
}

static void remove_file(const char *suffix)
{
    char path[600];
    snprintf(path, sizeof path, "%s%s", address, suffix);
    unlink(path);
}

void database_end(struct db **db)
{
    db_close(db);
    if (engine == DB_POSTGRESQL) {
        char sql[700];
        const char *name = strrchr(address, '/') + 1;
        snprintf(sql, sizeof sql, "DROP DATABASE %.*s WITH (FORCE)", (int)strcspn(name, "?"), name);
        on_server(sql);
        return;
    }
    remove_file("-wal");
    remove_file("-turn");
    remove_file("-shm");
    remove_file("");
    rmdir(directory);
}

struct one_statement {
    const char *sql;
    const struct db_value *values;
    size_t count;
};

static enum status run_one(struct db_handle *handle, void *context, struct error *error)
{
    const struct one_statement *one = context;
    return db_run(handle, one->sql, one->values, one->count, NULL, error);
}

enum status database_run(struct db *db, const char *sql, const struct db_value *values, size_t count,
                         struct error *error)
{
    struct one_statement one = {sql, values, count};
    return db_transaction(db, run_one, &one, error);
}

int64_t database_integer(struct db *db, const char *sql)
{
    struct error error;
    struct db_handle *handle = NULL;
    int64_t value = 0;
    check_ok(db_read(db, &handle, &error), &error);
    const enum status status = db_one_integer(handle, sql, DB_BIND_NONE, &value, &error);
    db_release(&handle);
    check_ok(status, &error);
    return value;
}

static int skip_loudly(void)
{
    puts("1..1\nok 1 - postgresql # SKIP MAILLAGE_TEST_POSTGRESQL is not set: run it by tests/run-with-postgresql");
    return 0;
}

static int run_on(enum db_engine chosen, const char *group, const struct CMUnitTest *tests, size_t count)
{
    engine = chosen;
    return _cmocka_run_group_tests(group, tests, count, NULL, NULL);
}

int database_run_tests(const struct CMUnitTest *tests, size_t count)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const int failed = run_on(DB_SQLITE, "sqlite", tests, count);
    if (!getenv("MAILLAGE_TEST_POSTGRESQL")) return failed + skip_loudly();
    return failed + run_on(DB_POSTGRESQL, "postgresql", tests, count);
}
