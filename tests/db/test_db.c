/* What db.h promises, on both engines: statements, values, transactions, savepoints. */
#include "tests/db/database.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

static struct db *db;
static struct error error;

static void begin_with(const char *ddl)
{
    struct arena *arena = arena_new();
    db = database_begin(NULL);
    check_ok(database_run(db, db_expand(db, arena, ddl), DB_BIND_NONE, &error), &error);
    arena_free(&arena);
}

static void test_every_type_comes_back(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (id {integer} PRIMARY KEY, i {integer}, r {real}, t {text}, b {blob}) {strict}");
    const char blob[] = {0, 1, 2, '\\', '\'', (char)0xff, 0};
    const int64_t integers[] = {0, -1, INT64_MAX, INT64_MIN, 4294967296};
    const double reals[] = {0.1, -1e300, 5e-324, 1.0 / 3, INFINITY};
    const char *texts[] = {"", "é « ’ »", "it's; -- $1", "\\x41", "12"};
    for (int i = 0; i < 5; i++)
        check_ok(database_run(db, "INSERT INTO t (id, i, r, t, b) VALUES ($1, $2, $3, $4, $5)",
                              DB_BIND(db_integer(i), db_integer(integers[i]), db_real(reals[i]), db_text(texts[i]),
                                      db_blob(blob, (size_t)i)),
                              &error),
                 &error);
    struct db_handle *handle = NULL;
    check_ok(db_read(db, &handle, &error), &error);
    struct db_rows *rows = db_query(handle, "SELECT id, i, r, t, b FROM t ORDER BY id", DB_BIND_NONE);
    for (int i = 0; i < 5; i++) {
        size_t length = 99;
        assert_true(db_next(rows));
        assert_int_equal(db_get_integer(rows, 1), integers[i]);
        assert_true(db_get_real(rows, 2) == reals[i]);
        assert_string_equal(db_get_text(rows, 3), texts[i]);
        const void *bytes = db_get_blob(rows, 4, &length);
        assert_int_equal(length, i);
        assert_non_null(bytes);
        assert_memory_equal(bytes, blob, length);
        assert_string_equal(db_column_name(rows, 3), "t");
        assert_int_equal(db_columns(rows), 5);
    }
    assert_false(db_next(rows));
    assert_false(db_next(rows));
    check_ok(db_end(&rows, &error), &error);
    assert_null(rows);
    db_release(&handle);
    database_end(&db);
}

static void test_absent_is_null(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (id {integer} PRIMARY KEY, i {integer}, r {real}, t {text}, b {blob}) {strict}");
    check_ok(database_run(db, "INSERT INTO t (id, i, r, t, b) VALUES ($1, $2, $3, $4, $5)",
                          DB_BIND(db_integer(1), db_null(), db_real(NAN), db_text(NULL), db_blob(NULL, 3)), &error),
             &error);
    struct db_handle *handle = NULL;
    size_t length = 99;
    check_ok(db_read(db, &handle, &error), &error);
    struct db_rows *rows = db_query(handle, "SELECT i, r, t, b FROM t", DB_BIND_NONE);
    assert_true(db_next(rows));
    for (size_t i = 0; i < 4; i++) assert_true(db_is_null(rows, i));
    assert_int_equal(db_get_integer(rows, 0), 0);
    assert_true(db_get_real(rows, 1) == 0.0);
    assert_null(db_get_text(rows, 2));
    assert_null(db_get_blob(rows, 3, &length));
    assert_int_equal(length, 0);
    check_ok(db_end(&rows, &error), &error);
    db_release(&handle);
    database_end(&db);
}

static void test_values_go_by_their_number(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer}, b {integer}, c {text}) {strict}");
    check_ok(database_run(db, "INSERT INTO t (b, a, c) VALUES ($2, $1, '$3') -- $4",
                          DB_BIND(db_integer(1), db_integer(2)), &error),
             &error);
    assert_int_equal(database_integer(db, "SELECT a * 10 + b FROM t WHERE c = '$3'"), 12);
    struct db_handle *handle = NULL;
    int64_t value = 0;
    check_ok(db_read(db, &handle, &error), &error);
    check_ok(db_one_integer(handle, "SELECT a + $1 FROM t WHERE b > $1 - 4294967296", DB_BIND(db_integer(4294967296)),
                            &value, &error),
             &error);
    assert_int_equal(value, 4294967297);
    check_ok(db_one_integer(handle, "SELECT a FROM t LIMIT $1", DB_BIND(db_integer(1)), &value, &error), &error);
    assert_int_equal(value, 1);
    assert_int_equal(db_one_integer(handle, "SELECT a FROM t", DB_BIND(db_integer(1)), &value, &error), STATUS_FAULT);
    db_release(&handle);
    database_end(&db);
}

static void test_sums_and_tests_are_numbers(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer}) {strict}");
    for (int i = 0; i < 3; i++)
        check_ok(database_run(db, "INSERT INTO t (a) VALUES ($1)", DB_BIND(db_integer(4000000000)), &error), &error);
    assert_int_equal(database_integer(db, "SELECT SUM(a) FROM t"), 12000000000);
    assert_int_equal(database_integer(db, "SELECT EXISTS (SELECT 1 FROM t)"), 1);
    assert_int_equal(database_integer(db, "SELECT EXISTS (SELECT 1 FROM t WHERE a = 1)"), 0);
    database_end(&db);
}

static void test_text_sorts_by_bytes(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {text}) {strict}");
    const char *texts[] = {"b", "B", "é", "a b", "ab", "Z"};
    for (int i = 0; i < 6; i++)
        check_ok(database_run(db, "INSERT INTO t (a) VALUES ($1)", DB_BIND(db_text(texts[i])), &error), &error);
    struct db_handle *handle = NULL;
    char sorted[64] = "";
    check_ok(db_read(db, &handle, &error), &error);
    struct db_rows *rows = db_query(handle, "SELECT a FROM t ORDER BY a", DB_BIND_NONE);
    while (db_next(rows)) strcat(strcat(sorted, db_get_text(rows, 0)), ",");
    check_ok(db_end(&rows, &error), &error);
    assert_string_equal(sorted, "B,Z,a b,ab,b,é,");
    db_release(&handle);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t WHERE a LIKE 'b%'"), 1);
    database_end(&db);
}

static void test_conflicts_are_said(void **state)
{
    (void)state;
    begin_with("CREATE TABLE parent (id {integer} PRIMARY KEY) {strict}");
    struct arena *arena = arena_new();
    check_ok(database_run(
                 db,
                 db_expand(db, arena, "CREATE TABLE child (parent {integer} NOT NULL REFERENCES parent (id)) {strict}"),
                 DB_BIND_NONE, &error),
             &error);
    check_ok(database_run(db, "INSERT INTO parent (id) VALUES (1)", DB_BIND_NONE, &error), &error);
    assert_int_equal(database_run(db, "INSERT INTO parent (id) VALUES (1)", DB_BIND_NONE, &error), STATUS_CONFLICT);
    assert_int_equal(database_run(db, "INSERT INTO child (parent) VALUES (2)", DB_BIND_NONE, &error), STATUS_CONFLICT);
    check_ok(database_run(db, "INSERT INTO child (parent) VALUES (1)", DB_BIND_NONE, &error), &error);
    assert_int_equal(database_run(db, "DELETE FROM parent", DB_BIND_NONE, &error), STATUS_CONFLICT);
    assert_int_equal(database_run(db, "INSERT INTO child (parent) VALUES (NULL)", DB_BIND_NONE, &error), STATUS_FAULT);
    assert_int_equal(database_run(db, "INSERT INTO nothing (a) VALUES (1)", DB_BIND_NONE, &error), STATUS_FAULT);
    assert_int_equal(database_run(db, "INSERT INTO parent (id) VALUES (8); INSERT INTO parent (id) VALUES (9)",
                                  DB_BIND_NONE, &error),
                     STATUS_FAULT);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM parent"), 1);
    arena_free(&arena);
    database_end(&db);
}

static void test_one_row_or_missing(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer}, c {text}) {strict}");
    struct arena *arena = arena_new();
    struct db_handle *handle = NULL;
    const char *text = NULL;
    int64_t value = 0;
    check_ok(db_read_in(db, arena, &handle, &error), &error);
    assert_int_equal(db_one_integer(handle, "SELECT a FROM t", DB_BIND_NONE, &value, &error), STATUS_MISSING);
    check_ok(database_run(db, "INSERT INTO t (a, c) VALUES (7, 'seven')", DB_BIND_NONE, &error), &error);
    check_ok(db_one_text(handle, arena, "SELECT c FROM t WHERE a = $1", DB_BIND(db_integer(7)), &text, &error), &error);
    assert_string_equal(text, "seven");
    assert_int_equal(db_one_text(handle, arena, "SELECT nothing FROM t", DB_BIND_NONE, &text, &error), STATUS_FAULT);
    arena_free(&arena);
    database_end(&db);
}

static void test_readers_cannot_write(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer}) {strict}");
    struct db_handle *handle = NULL;
    check_ok(db_read(db, &handle, &error), &error);
    assert_int_equal(db_run(handle, "INSERT INTO t (a) VALUES (1)", DB_BIND_NONE, NULL, &error), STATUS_FAULT);
    assert_int_equal(db_run(handle, "CREATE TABLE u (a INTEGER)", DB_BIND_NONE, NULL, &error), STATUS_FAULT);
    assert_int_equal(db_run(handle, "DROP TABLE t", DB_BIND_NONE, NULL, &error), STATUS_FAULT);
    struct db_rows *rows = db_query(handle, "UPDATE t SET a = 2 RETURNING a", DB_BIND_NONE);
    assert_false(db_next(rows));
    assert_int_equal(db_end(&rows, &error), STATUS_FAULT);
    db_release(&handle);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 0);
    database_end(&db);
}

static enum status fail_at_end(struct db_handle *handle, void *context, struct error *failure)
{
    const enum status *wanted = context;
    check_ok(db_run(handle, "INSERT INTO t (a) VALUES (1)", DB_BIND_NONE, NULL, failure), failure);
    return error_set(failure, *wanted, "No.");
}

static void test_failed_work_leaves_nothing(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer}) {strict}");
    for (enum status wanted = STATUS_INPUT; wanted <= STATUS_FAULT; wanted++) {
        assert_int_equal(db_transaction(db, fail_at_end, &wanted, &error), wanted);
        assert_int_equal(error.status, wanted);
        assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 0);
    }
    database_end(&db);
}

static enum status busy_twice(struct db_handle *handle, void *context, struct error *failure)
{
    int *runs = context;
    check_ok(db_run(handle, "INSERT INTO t (a) VALUES ($1)", DB_BIND(db_integer(*runs)), NULL, failure), failure);
    return ++*runs < 3 ? error_set(failure, STATUS_BUSY, "Again.") : STATUS_OK;
}

static void test_busy_work_runs_again(void **state)
{
    (void)state;
    int runs = 0;
    begin_with("CREATE TABLE t (a {integer}) {strict}");
    check_ok(db_transaction(db, busy_twice, &runs, &error), &error);
    assert_int_equal(runs, 3);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) * 100 + MAX(a) FROM t"), 102);
    runs = -20;
    assert_int_equal(db_transaction(db, busy_twice, &runs, &error), STATUS_BUSY);
    assert_int_equal(runs, -10);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 1);
    database_end(&db);
}

static enum status hide_a_failure(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    assert_int_equal(db_run(handle, "INSERT INTO t (a) VALUES (1)", DB_BIND_NONE, NULL, failure), STATUS_CONFLICT);
    assert_int_equal(db_run(handle, "INSERT INTO t (a) VALUES (2)", DB_BIND_NONE, NULL, failure), STATUS_CONFLICT);
    return STATUS_OK;
}

static void test_a_failed_statement_fails_the_whole(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer} PRIMARY KEY) {strict}");
    check_ok(database_run(db, "INSERT INTO t (a) VALUES (1)", DB_BIND_NONE, &error), &error);
    assert_int_equal(db_transaction(db, hide_a_failure, NULL, &error), STATUS_CONFLICT);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 1);
    database_end(&db);
}

static enum status insert(struct db_handle *handle, int64_t a, struct error *failure)
{
    return db_run(handle, "INSERT INTO t (a) VALUES ($1)", DB_BIND(db_integer(a)), NULL, failure);
}

/* Rows 1 to 5, of which 1 exists already and 3 and 4 are undone together. */
static enum status some_rows_fail(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    check_ok(db_savepoint(handle, failure), failure);
    assert_int_equal(insert(handle, 1, failure), STATUS_CONFLICT);
    check_ok(db_savepoint_undo(handle, failure), failure);
    check_ok(db_savepoint(handle, failure), failure);
    check_ok(insert(handle, 2, failure), failure);
    check_ok(db_savepoint_keep(handle, failure), failure);
    check_ok(db_savepoint(handle, failure), failure);
    check_ok(insert(handle, 3, failure), failure);
    check_ok(db_savepoint(handle, failure), failure);
    check_ok(insert(handle, 4, failure), failure);
    check_ok(db_savepoint_keep(handle, failure), failure);
    check_ok(db_savepoint_undo(handle, failure), failure);
    return insert(handle, 5, failure);
}

static void test_savepoints_nest(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer} PRIMARY KEY) {strict}");
    check_ok(database_run(db, "INSERT INTO t (a) VALUES (1)", DB_BIND_NONE, &error), &error);
    check_ok(db_transaction(db, some_rows_fail, NULL, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) * 100 + SUM(a) FROM t"), 308);
    struct db_handle *handle = NULL;
    check_ok(db_read(db, &handle, &error), &error);
    assert_int_equal(db_savepoint(handle, &error), STATUS_FAULT);
    assert_int_equal(db_savepoint_keep(handle, &error), STATUS_FAULT);
    db_release(&handle);
    database_end(&db);
}

static enum status forget_savepoint(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    check_ok(db_savepoint(handle, failure), failure);
    return insert(handle, 1, failure);
}

static enum status begin_again(struct db_handle *handle, void *context, struct error *failure)
{
    (void)handle;
    return db_transaction(db, forget_savepoint, context, failure);
}

static void test_misuse_is_our_fault(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer} PRIMARY KEY) {strict}");
    assert_int_equal(db_transaction(db, forget_savepoint, NULL, &error), STATUS_FAULT);
    assert_int_equal(db_transaction(db, begin_again, NULL, &error), STATUS_FAULT);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t"), 0);
    database_end(&db);
}

static enum status change_rows(struct db_handle *handle, void *context, struct error *failure)
{
    int64_t *changed = context;
    const enum status status = db_run(handle, "UPDATE t SET a = a + $1 WHERE a > $2",
                                      DB_BIND(db_integer(10), db_integer(1)), changed, failure);
    struct db_rows *rows = db_query(handle, "UPDATE t SET a = a + 100 RETURNING a", DB_BIND_NONE);
    int64_t sum = 0;
    while (db_next(rows)) sum += db_get_integer(rows, 0);
    check_ok(db_end(&rows, failure), failure);
    assert_int_equal(sum, 101 + 112 + 113);
    return status;
}

static void test_changes_are_counted(void **state)
{
    (void)state;
    int64_t changed = 0;
    begin_with("CREATE TABLE t (a {integer} PRIMARY KEY) {strict}");
    check_ok(database_run(db, "INSERT INTO t (a) VALUES (1), (2), (3)", DB_BIND_NONE, &error), &error);
    check_ok(db_transaction(db, change_rows, &changed, &error), &error);
    assert_int_equal(changed, 2);
    database_end(&db);
}

/* While rows are being read, other statements run on the same handle, and even the same text again. */
static void test_reads_nest(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer} PRIMARY KEY) {strict}");
    check_ok(database_run(db, "INSERT INTO t (a) VALUES (1), (2), (3)", DB_BIND_NONE, &error), &error);
    struct db_handle *handle = NULL;
    int64_t sum = 0;
    check_ok(db_read(db, &handle, &error), &error);
    struct db_rows *outer = db_query(handle, "SELECT a FROM t ORDER BY a", DB_BIND_NONE);
    while (db_next(outer)) {
        struct db_rows *inner = db_query(handle, "SELECT a FROM t ORDER BY a", DB_BIND_NONE);
        while (db_next(inner)) {
            int64_t count = 0;
            check_ok(db_one_integer(handle, "SELECT COUNT(*) FROM t", DB_BIND_NONE, &count, &error), &error);
            sum += count * db_get_integer(inner, 0) * db_get_integer(outer, 0);
        }
        check_ok(db_end(&inner, &error), &error);
    }
    check_ok(db_end(&outer, &error), &error);
    assert_int_equal(sum, 3 * 36);
    db_release(&handle);
    database_end(&db);
}

static void count_text(const char *sql, void *context)
{
    if (strstr(sql, "observed")) ++*(int *)context;
}

static void test_statements_are_observed_and_their_number_is_bounded(void **state)
{
    (void)state;
    begin_with("CREATE TABLE t (a {integer}) {strict}");
    int count = 0;
    int64_t value = 0;
    struct db_handle *handle = NULL;
    char sql[100];
    check_ok(db_read(db, &handle, &error), &error);
    db_observe(count_text, &count);
    for (int i = 0; i < 1000; i++) {
        snprintf(sql, sizeof sql, "SELECT %d AS observed", i);
        check_ok(db_one_integer(handle, sql, DB_BIND_NONE, &value, &error), &error);
        assert_int_equal(value, i);
        check_ok(db_one_integer(handle, "SELECT 7 AS observed", DB_BIND_NONE, &value, &error), &error);
    }
    assert_int_equal(count, 1000); /* 7 is asked for again and again, and is never the one that makes way */
    check_ok(db_one_integer(handle, "SELECT 0 AS observed", DB_BIND_NONE, &value, &error), &error);
    assert_int_equal(count, 1000 + 1);
    db_observe(NULL, NULL);
    db_release(&handle);
    database_end(&db);
}

static void test_identifiers_grow(void **state)
{
    (void)state;
    int64_t last = db_new_id();
    for (int i = 0; i < 100000; i++) {
        const int64_t id = db_new_id();
        assert_true(id > last);
        last = id;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_comes_back),
        cmocka_unit_test(test_absent_is_null),
        cmocka_unit_test(test_values_go_by_their_number),
        cmocka_unit_test(test_sums_and_tests_are_numbers),
        cmocka_unit_test(test_text_sorts_by_bytes),
        cmocka_unit_test(test_conflicts_are_said),
        cmocka_unit_test(test_one_row_or_missing),
        cmocka_unit_test(test_readers_cannot_write),
        cmocka_unit_test(test_failed_work_leaves_nothing),
        cmocka_unit_test(test_busy_work_runs_again),
        cmocka_unit_test(test_a_failed_statement_fails_the_whole),
        cmocka_unit_test(test_savepoints_nest),
        cmocka_unit_test(test_misuse_is_our_fault),
        cmocka_unit_test(test_changes_are_counted),
        cmocka_unit_test(test_reads_nest),
        cmocka_unit_test(test_statements_are_observed_and_their_number_is_bounded),
        cmocka_unit_test(test_identifiers_grow),
    };
    return database_run_group(tests);
}
