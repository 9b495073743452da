/* Many at once: threads, the queue of writers, two processes' worth of handles, large results. */
#include "tests/db/database.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/time.h"

static struct db *db;
static struct error error;

static void pause_ms(int ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

static void begin_with(const struct db_options *options, const char *ddl)
{
    struct arena *arena = arena_new();
    db = database_begin(options);
    check_ok(database_run(db, db_expand(db, arena, ddl), DB_BIND_NONE, &error), &error);
    arena_free(&arena);
}

/* Reads, then writes what follows from what was read: lost updates would show. */
static enum status add_one(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    int64_t n = 0;
    enum status status = db_one_integer(handle, "SELECT n FROM counter", DB_BIND_NONE, &n, failure);
    if (status == STATUS_OK)
        status = db_run(handle, "UPDATE counter SET n = $1", DB_BIND(db_integer(n + 1)), NULL, failure);
    return status;
}

static atomic_int done, refused;

static void *add_many(void *context)
{
    struct error mine;
    (void)context;
    for (int i = 0; i < 40; i++) {
        const enum status status = db_transaction(db, add_one, NULL, &mine);
        if (status == STATUS_OK)
            atomic_fetch_add(&done, 1);
        else if (status == STATUS_BUSY)
            atomic_fetch_add(&refused, 1);
    }
    return NULL;
}

static atomic_bool reading;

static void *read_on(void *context)
{
    int64_t last = -1;
    struct error mine;
    while (atomic_load(&reading)) {
        struct db_handle *handle = NULL;
        int64_t n = 0;
        bool good = db_read(db, &handle, &mine) == STATUS_OK;
        good =
            good && db_one_integer(handle, "SELECT n FROM counter", DB_BIND_NONE, &n, &mine) == STATUS_OK && n >= last;
        db_release(&handle);
        last = n;
        if (!good) *(bool *)context = false;
    }
    return NULL;
}

static void test_no_update_is_lost(void **state)
{
    (void)state;
    enum { WRITERS = 6, READERS = 2 };
    pthread_t writers[WRITERS], readers[READERS];
    bool good[READERS] = {true, true};
    begin_with(NULL, "CREATE TABLE counter (n {integer}) {strict}");
    check_ok(database_run(db, "INSERT INTO counter (n) VALUES (0)", DB_BIND_NONE, &error), &error);
    done = refused = 0;
    reading = true;
    for (int i = 0; i < READERS; i++) pthread_create(&readers[i], NULL, read_on, &good[i]);
    for (int i = 0; i < WRITERS; i++) pthread_create(&writers[i], NULL, add_many, NULL);
    for (int i = 0; i < WRITERS; i++) pthread_join(writers[i], NULL);
    reading = false;
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    assert_int_equal(done + refused, WRITERS * 40);
    assert_int_equal(database_integer(db, "SELECT n FROM counter"), done);
    assert_true(refused <= WRITERS * 40 / 20);
    assert_true(good[0] && good[1]);
    database_end(&db);
}

/* --- The queue --- */

enum { QUEUE = 8 };
static atomic_int order[QUEUE + 1], served;

static enum status take_number(struct db_handle *handle, void *context, struct error *failure)
{
    (void)failure;
    (void)handle;
    atomic_store(&order[atomic_fetch_add(&served, 1)], (int)(intptr_t)context);
    return STATUS_OK;
}

static void *stand_in_queue(void *context)
{
    struct error mine;
    db_transaction(db, take_number, context, &mine);
    return NULL;
}

static enum status hold_while_others_come(struct db_handle *handle, void *context, struct error *failure)
{
    pthread_t *threads = context;
    (void)handle;
    (void)failure;
    for (int i = 0; i < QUEUE; i++) {
        pthread_create(&threads[i], NULL, stand_in_queue, (void *)(intptr_t)(i + 1));
        pause_ms(30);
    }
    return STATUS_OK;
}

static void test_first_come_first_served(void **state)
{
    (void)state;
    pthread_t threads[QUEUE];
    begin_with(&(struct db_options){.readers = 1}, "CREATE TABLE t (n {integer}) {strict}");
    served = 0;
    check_ok(db_transaction(db, hold_while_others_come, threads, &error), &error);
    for (int i = 0; i < QUEUE; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < QUEUE; i++) assert_int_equal(order[i], i + 1);
    database_end(&db);
}

static void test_waiting_has_an_end(void **state)
{
    (void)state;
    struct db_handle *one = NULL, *two = NULL;
    begin_with(&(struct db_options){.readers = 1, .wait_ms = 150}, "CREATE TABLE t (n {integer}) {strict}");
    check_ok(db_read(db, &one, &error), &error);
    const int64_t start = time_ticks();
    assert_int_equal(db_read(db, &two, &error), STATUS_BUSY);
    assert_in_range(time_ticks() - start, 140, 2000);
    db_release(&one);
    check_ok(db_read(db, &two, &error), &error);
    db_release(&two);
    db_release(&two);
    database_end(&db);
}

/* --- Two programs on one database --- */

static enum status hold(struct db_handle *handle, void *context, struct error *failure)
{
    const enum status status = db_run(handle, "UPDATE t SET n = n + 1", DB_BIND_NONE, NULL, failure);
    pause_ms(*(int *)context);
    return status;
}

static void *hold_elsewhere(void *context)
{
    struct error mine;
    struct db *elsewhere = NULL;
    if (db_open(database_address(), NULL, &elsewhere, &mine) == STATUS_OK)
        db_transaction(elsewhere, hold, context, &mine);
    db_close(&elsewhere);
    return NULL;
}

static void test_another_program_may_write_too(void **state)
{
    (void)state;
    pthread_t thread;
    int long_ms = 1900, no_ms = 0;
    begin_with(&(struct db_options){.readers = 2, .wait_ms = 250}, "CREATE TABLE t (n {integer}) {strict}");
    check_ok(database_run(db, "INSERT INTO t (n) VALUES (0)", DB_BIND_NONE, &error), &error);
    pthread_create(&thread, NULL, hold_elsewhere, &long_ms);
    pause_ms(300);
    assert_int_equal(database_integer(db, "SELECT n FROM t"), 0); /* readers do not wait */
    assert_int_equal(db_transaction(db, hold, &no_ms, &error), STATUS_BUSY);
    pthread_join(thread, NULL);
    check_ok(db_transaction(db, hold, &no_ms, &error), &error);
    assert_int_equal(database_integer(db, "SELECT n FROM t"), 2);
    database_end(&db);
}

/* Writes without a pause until it is told to stop. */
static atomic_bool writing_on;
static void *write_without_pause(void *context)
{
    struct error mine;
    struct db *elsewhere = NULL;
    enum status status = db_open(database_address(), NULL, &elsewhere, &mine);
    while (status == STATUS_OK && writing_on) status = db_transaction(elsewhere, hold, context, &mine);
    db_close(&elsewhere);
    return NULL;
}

/* Who wrote last comes after who waits, whatever program they are of. On PostgreSQL they would both change the one row: they run again. */
static void test_no_program_keeps_another_out(void **state)
{
    (void)state;
    enum { TIMES = 20 };
    pthread_t thread;
    int some_ms = 25, no_ms = 0;
    int64_t longest = 0;
    if (database_engine() != DB_SQLITE) return;
    begin_with(NULL, "CREATE TABLE t (n {integer}) {strict}");
    check_ok(database_run(db, "INSERT INTO t (n) VALUES (0)", DB_BIND_NONE, &error), &error);
    writing_on = true;
    pthread_create(&thread, NULL, write_without_pause, &some_ms);
    for (int i = 0; i < TIMES; i++) {
        const int64_t start = time_ticks();
        pause_ms(7);
        check_ok(db_transaction(db, hold, &no_ms, &error), &error);
        if (time_ticks() - start > longest) longest = time_ticks() - start;
    }
    writing_on = false;
    pthread_join(thread, NULL);
    assert_in_range(longest, 0, 1000); /* some 40; without turns it is as long as one waits */
    database_end(&db);
}

/* --- Large results --- */

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void);
static size_t allocated(void) { return __sanitizer_get_current_allocated_bytes(); }
#else
static size_t allocated(void) { return mallinfo2().uordblks; }
#endif

static void fill(int64_t rows)
{
    check_ok(
        database_run(db,
                     "INSERT INTO t (n, c) WITH RECURSIVE s (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 "
                     "FROM s WHERE i < $1) "
                     "SELECT i, 'a text of a certain length, so that the whole does not fit into a few pages' FROM s",
                     DB_BIND(db_integer(rows)), &error),
        &error);
}

static void test_large_results_are_streamed(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    begin_with(NULL, "CREATE TABLE t (n {integer}, c {text}) {strict}");
    fill(ROWS);
    struct db_handle *handle = NULL;
    int64_t sum = 0;
    size_t most = 0;
    check_ok(db_read(db, &handle, &error), &error);
    const size_t before = allocated();
    struct db_rows *rows = db_query(handle, "SELECT n, c FROM t", DB_BIND_NONE);
    while (db_next(rows)) {
        sum += db_get_integer(rows, 0);
        if (allocated() > most) most = allocated();
    }
    check_ok(db_end(&rows, &error), &error);
    assert_int_equal(sum, (int64_t)ROWS * (ROWS + 1) / 2);
    assert_true(most < before + 4 * 1024 * 1024);
    db_release(&handle);
    database_end(&db);
}

static void test_a_reading_may_stop_early(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    begin_with(NULL, "CREATE TABLE t (n {integer}, c {text}) {strict}");
    fill(ROWS);
    struct db_handle *handle = NULL;
    int64_t count = 0;
    check_ok(db_read(db, &handle, &error), &error);
    for (int i = 0; i < 20; i++) {
        struct db_rows *rows = db_query(handle, "SELECT n, c FROM t", DB_BIND_NONE);
        for (int row = 0; row < 10; row++) assert_true(db_next(rows));
        check_ok(db_end(&rows, &error), &error);
        check_ok(db_one_integer(handle, "SELECT COUNT(*) FROM t", DB_BIND_NONE, &count, &error), &error);
        assert_int_equal(count, ROWS);
    }
    db_release(&handle);
    database_end(&db);
}

static enum status stop_early(struct db_handle *handle, void *context, struct error *failure)
{
    (void)context;
    struct db_rows *rows = db_query(handle, "SELECT n, c FROM t", DB_BIND_NONE);
    assert_true(db_next(rows));
    check_ok(db_end(&rows, failure), failure);
    return db_run(handle, "UPDATE t SET n = -1 WHERE n = 7", DB_BIND_NONE, NULL, failure);
}

static void test_a_reading_within_a_transaction_too(void **state)
{
    (void)state;
    begin_with(NULL, "CREATE TABLE t (n {integer}, c {text}) {strict}");
    fill(20000);
    check_ok(db_transaction(db, stop_early, NULL, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM t WHERE n = -1"), 1);
    database_end(&db);
}

static void test_a_reading_within_a_snapshot_too(void **state)
{
    (void)state;
    begin_with(NULL, "CREATE TABLE t (n {integer}, c {text}) {strict}");
    fill(20000);
    struct arena *arena = arena_new();
    struct db_handle *handle = NULL;
    int64_t count = 0;
    check_ok(db_read_in(db, arena, &handle, &error), &error);
    check_ok(db_snapshot(handle, arena, &error), &error);
    for (int i = 0; i < 3; i++) {
        struct db_rows *rows = db_query(handle, "SELECT n, c FROM t", DB_BIND_NONE);
        assert_true(db_next(rows));
        check_ok(db_end(&rows, &error), &error);
        check_ok(database_run(db, "UPDATE t SET n = -1 WHERE n >= 0 AND n < 7", DB_BIND_NONE, &error), &error);
        check_ok(db_one_integer(handle, "SELECT COUNT(*) FROM t WHERE n < 0", DB_BIND_NONE, &count, &error), &error);
        assert_int_equal(count, 0);
    }
    arena_free(&arena);
    database_end(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_update_is_lost),
        cmocka_unit_test(test_first_come_first_served),
        cmocka_unit_test(test_waiting_has_an_end),
        cmocka_unit_test(test_another_program_may_write_too),
        cmocka_unit_test(test_no_program_keeps_another_out),
        cmocka_unit_test(test_large_results_are_streamed),
        cmocka_unit_test(test_a_reading_may_stop_early),
        cmocka_unit_test(test_a_reading_within_a_transaction_too),
        cmocka_unit_test(test_a_reading_within_a_snapshot_too),
    };
    return database_run_group(tests);
}
