/* When things break: the program is killed, the disk is full, the file is damaged, the line to the server is cut. */
#include "tests/db/database.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/db/proxy.h"

static struct db *db;
static struct error error;

static void begin_with(const char *ddl)
{
    struct arena *arena = arena_new();
    db = database_begin(NULL);
    check_ok(database_run(db, db_expand(db, arena, ddl), DB_BIND_NONE, &error), &error);
    arena_free(&arena);
}

static void check_integrity(void)
{
    if (database_engine() == DB_POSTGRESQL) return;
    struct arena *arena = arena_new();
    struct db_handle *handle = NULL;
    const char *said = NULL;
    check_ok(db_read_in(db, arena, &handle, &error), &error);
    check_ok(db_one_text(handle, arena, "PRAGMA integrity_check", DB_BIND_NONE, &said, &error), &error);
    assert_string_equal(said, "ok");
    arena_free(&arena);
}

/* --- kill -9 --- */

static enum status write_both_sides(struct db_handle *handle, void *context, struct error *failure)
{
    const int64_t n = *(int64_t *)context;
    enum status status =
        db_run(handle, "INSERT INTO t (n, side) VALUES ($1, 1)", DB_BIND(db_integer(n)), NULL, failure);
    if (status == STATUS_OK)
        status = db_run(handle, "INSERT INTO t (n, side) VALUES ($1, 2)", DB_BIND(db_integer(n)), NULL, failure);
    return status;
}

/* Writes without end; says after each commit what was committed. */
static _Noreturn void write_until_killed(int out, int64_t first)
{
    struct error mine;
    struct db *own = NULL;
    if (db_open(database_address(), NULL, &own, &mine)) _exit(1);
    for (int64_t n = first;; n++)
        if (db_transaction(own, write_both_sides, &n, &mine) || write(out, &n, sizeof n) != sizeof n) _exit(1);
}

static int64_t kill_a_writer(int64_t first, long milliseconds)
{
    int ends[2], code = 0;
    int64_t last = 0, n = 0;
    const struct timespec pause = {.tv_nsec = milliseconds * 1000000};
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(ends[1], first);
    close(ends[1]);
    assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    waitpid(child, &code, 0);
    assert_true(WIFSIGNALED(code));
    while (read(ends[0], &n, sizeof n) == sizeof n) last = n;
    close(ends[0]);
    return last;
}

static void test_kill_leaves_a_good_database(void **state)
{
    (void)state;
    int64_t last = 0;
    begin_with("CREATE TABLE t (n {integer}, side {integer}, PRIMARY KEY (n, side)) {strict}");
    db_close(&db);
    for (long round = 0; round < 6; round++) {
        last = kill_a_writer(last + 2, 11 + 7 * round);
        check_ok(db_open(database_address(), NULL, &db, &error), &error);
        check_integrity();
        assert_int_equal(
            database_integer(db, "SELECT COUNT(*) FROM (SELECT n FROM t GROUP BY n HAVING COUNT(*) <> 2) halves"), 0);
        assert_true(database_integer(db, "SELECT MAX(n) FROM t") >= last);
        last = database_integer(db, "SELECT MAX(n) FROM t");
        db_close(&db);
    }
    check_ok(db_open(database_address(), NULL, &db, &error), &error);
    database_end(&db);
}

/* --- The disk is full --- */

static char block[256 * 1024];

static enum status insert_block(void)
{
    return database_run(db, "INSERT INTO t (b) VALUES ($1)", DB_BIND(db_blob(block, sizeof block)), &error);
}

static void test_no_file_can_grow(void **state)
{
    (void)state;
    if (database_engine() == DB_POSTGRESQL) return; /* the server's disk is its own */
    struct rlimit usual, small;
    begin_with("CREATE TABLE t (b {blob}) {strict}");
    check_ok(insert_block(), &error);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &usual);
    small = usual;
    small.rlim_cur = 2 * 1024 * 1024;
    setrlimit(RLIMIT_FSIZE, &small);
    int64_t fitted = 1;
    while (fitted < 100 && insert_block() == STATUS_OK) fitted++;
    const enum status refused = error.status;
    const int64_t seen = database_integer(db, "SELECT COUNT(*) FROM t");
    setrlimit(RLIMIT_FSIZE, &usual);
    assert_true(fitted < 100);
    assert_int_equal(refused, STATUS_FAULT);
    assert_non_null(strstr(error.message, "could not be read or written"));
    assert_int_equal(seen, fitted);
    check_ok(insert_block(), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), fitted + 1);
    check_integrity();
    database_end(&db);
}

static enum status limit_pages(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    enum status status = db_run(handle, "PRAGMA max_page_count = 200", DB_BIND_NONE, NULL, failure);
    while (status == STATUS_OK)
        status = db_run(handle, "INSERT INTO t (b) VALUES ($1)", DB_BIND(db_blob(block, sizeof block)), NULL, failure);
    assert_int_equal(db_run(handle, "INSERT INTO t (b) VALUES ($1)", DB_BIND(db_blob(block, 1)), NULL, failure),
                     STATUS_FAULT);
    return status;
}

static void test_the_database_is_full(void **state)
{
    (void)state;
    if (database_engine() == DB_POSTGRESQL) return;
    begin_with("CREATE TABLE t (b {blob}) {strict}");
    assert_int_equal(db_transaction(db, limit_pages, NULL, &error), STATUS_FAULT);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 0);
    check_ok(database_run(db, "PRAGMA max_page_count = 1000000", DB_BIND_NONE, &error), &error);
    check_ok(insert_block(), &error);
    check_integrity();
    database_end(&db);
}

static void test_the_log_can_be_emptied(void **state)
{
    (void)state;
    struct stat file = {.st_size = -1};
    char log[600];
    begin_with("CREATE TABLE t (b {blob}) {strict}");
    check_ok(insert_block(), &error);
    check_ok(db_checkpoint(db, &error), &error);
    if (database_engine() == DB_SQLITE) {
        snprintf(log, sizeof log, "%s-wal", database_address());
        assert_int_equal(stat(log, &file), 0);
        assert_int_equal(file.st_size, 0);
        assert_int_equal(stat(database_address(), &file), 0);
        assert_true(file.st_size > (off_t)sizeof block);
    }
    check_ok(insert_block(), &error);
    database_end(&db);
}

/* --- What is no database, or may not be one --- */

static void test_wrong_addresses_are_said(void **state)
{
    (void)state;
    struct db *none = NULL;
    char text[1400];
    if (database_engine() == DB_POSTGRESQL) {
        assert_int_equal(
            db_open("postgresql://somebody:secret@127.0.0.1:1/nothing?password=secret", NULL, &none, &error),
            STATUS_BUSY);
        error_describe(&error, text, sizeof text);
        assert_null(strstr(text, "secret"));
        return;
    }
    assert_int_equal(db_open("/nowhere/test.db", NULL, &none, &error), STATUS_INPUT);
    assert_null(none);
    assert_int_equal(db_open("/nowhere/test.db", &(struct db_options){.create = true}, &none, &error), STATUS_INPUT);
    begin_with("CREATE TABLE t (b {blob}) {strict}");
    struct stat file;
    assert_int_equal(stat(database_address(), &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    db_close(&db);
    const int opened = open(database_address(), O_WRONLY | O_TRUNC);
    assert_true(write(opened, "This is a letter to a friend, and no database at all.", 53) == 53);
    close(opened);
    assert_int_equal(db_open(database_address(), NULL, &none, &error), STATUS_FAULT);
    assert_non_null(strstr(error.message, "is no database"));
    check_ok(unlink(database_address()) == 0 ? STATUS_OK : STATUS_FAULT, &error);
    check_ok(db_open(database_address(), &(struct db_options){.create = true}, &db, &error), &error);
    database_end(&db);
}

static void test_passwords_are_not_shown(void **state)
{
    (void)state;
    if (database_engine() == DB_SQLITE) return;
    char address[600];
    const char *own = database_address();
    begin_with("CREATE TABLE t (b {blob}) {strict}");
    snprintf(address, sizeof address, "postgresql://maillage:s3cret@%s", strchr(own, '@') + 1);
    struct db *other = NULL;
    check_ok(db_open(address, NULL, &other, &error), &error);
    assert_null(strstr(db_address(other), "s3cret"));
    assert_non_null(strstr(db_address(other), "maillage@127.0.0.1"));
    db_close(&other);
    database_end(&db);
}

/* --- The line to the server --- */

static int runs;

static enum status insert_one(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    runs++;
    return db_run(handle, "INSERT INTO t (n) VALUES (1)", DB_BIND_NONE, NULL, failure);
}

static struct db *open_through_proxy(void)
{
    static int own_port;
    char address[600];
    const char *direct = database_address(), *port = strrchr(direct, ':') + 1;
    struct db *through = NULL;
    if (!own_port) own_port = proxy_start(atoi(port));
    snprintf(address, sizeof address, "%.*s%d%s", (int)(port - direct), direct, own_port, strchr(port, '/'));
    check_ok(db_open(address, NULL, &through, &error), &error);
    return through;
}

static void cut_and_check(enum proxy_cut cut, int expected_runs)
{
    begin_with("CREATE TABLE t (n {integer}) {strict}");
    struct db *through = open_through_proxy();
    runs = 0;
    proxy_cut(cut);
    check_ok(db_transaction(through, insert_one, NULL, &error), &error);
    assert_int_equal(runs, expected_runs);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 1);
    db_close(&through);
    database_end(&db);
}

static void test_a_commit_that_was_not_heard_runs_again(void **state)
{
    (void)state;
    if (database_engine() == DB_POSTGRESQL) cut_and_check(PROXY_CUT_BEFORE_COMMIT, 2);
}

static void test_a_commit_whose_answer_is_lost_counts_once(void **state)
{
    (void)state;
    if (database_engine() == DB_POSTGRESQL) cut_and_check(PROXY_CUT_AFTER_COMMIT, 1);
}

static void test_connections_that_died_in_the_pool_are_replaced(void **state)
{
    (void)state;
    if (database_engine() == DB_SQLITE) return;
    begin_with("CREATE TABLE t (n {integer}) {strict}");
    struct db *other = NULL;
    check_ok(db_open(database_address(), NULL, &other, &error), &error);
    check_ok(database_run(other, "INSERT INTO t (n) VALUES (1)", DB_BIND_NONE, &error), &error);
    assert_int_equal(database_integer(other, "SELECT COUNT(*) FROM t"), 1);
    struct db_handle *held = NULL;
    check_ok(db_read(other, &held, &error), &error);
    database_integer(db, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity "
                         "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    const struct timespec pause = {.tv_nsec = 100000000};
    nanosleep(&pause, NULL);
    int64_t n = 0;
    assert_int_equal(db_one_integer(held, "SELECT n FROM t", DB_BIND_NONE, &n, &error), STATUS_BUSY);
    db_release(&held);
    check_ok(database_run(other, "INSERT INTO t (n) VALUES (2)", DB_BIND_NONE, &error), &error);
    assert_int_equal(database_integer(other, "SELECT COUNT(*) FROM t"), 2);
    db_close(&other);
    database_end(&db);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kill_leaves_a_good_database),
        cmocka_unit_test(test_no_file_can_grow),
        cmocka_unit_test(test_the_database_is_full),
        cmocka_unit_test(test_the_log_can_be_emptied),
        cmocka_unit_test(test_wrong_addresses_are_said),
        cmocka_unit_test(test_passwords_are_not_shown),
        cmocka_unit_test(test_a_commit_that_was_not_heard_runs_again),
        cmocka_unit_test(test_a_commit_whose_answer_is_lost_counts_once),
        cmocka_unit_test(test_connections_that_died_in_the_pool_are_replaced),
    };
    return database_run_group(tests);
}
