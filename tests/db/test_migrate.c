/* Migrations: each once, in order, whole or not at all, whoever comes first. */
#include "tests/db/database.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"

static struct error error;

static const struct migration three[] = {
    {1, "0001-one.sql",
     "-- one: a table\nCREATE TABLE one (id {integer} PRIMARY KEY, t {text}) {strict};\n"
     "INSERT INTO one (id, t) VALUES (1, 'a;\nb; -- c');\n"},
    {2, "0002-two.sql",
     "CREATE TABLE two (home {integer} NOT NULL, {id}, r {real}, b {blob}) {strict};\n{id_index two};\n"},
    {5, "0005-five.sql", "ALTER TABLE one ADD COLUMN more {integer};\nUPDATE one SET more = 7;\n-- the end\n"},
};

static void test_each_is_applied_once(void **state)
{
    (void)state;
    int applied = -1, version = -1;
    struct db *db = database_begin(NULL);
    check_ok(db_version(db, &version, &error), &error);
    assert_int_equal(version, 0);
    check_ok(db_migrate(db, three, 2, &applied, &error), &error);
    assert_int_equal(applied, 2);
    check_ok(db_migrate(db, three, 3, &applied, &error), &error);
    assert_int_equal(applied, 1);
    check_ok(db_migrate(db, three, 3, &applied, &error), &error);
    assert_int_equal(applied, 0);
    check_ok(db_version(db, &version, &error), &error);
    assert_int_equal(version, 5);
    assert_int_equal(database_integer(db, "SELECT more * 100 + LENGTH(t) FROM one"), 710);
    database_end(&db);
}

static void test_a_newer_database_is_refused(void **state)
{
    (void)state;
    struct db *db = database_begin(NULL);
    check_ok(db_migrate(db, three, 3, NULL, &error), &error);
    assert_int_equal(db_migrate(db, three, 2, NULL, &error), STATUS_CONFLICT);
    assert_string_equal(error.arguments[0], "5");
    database_end(&db);
}

static void test_a_broken_one_leaves_nothing(void **state)
{
    (void)state;
    int applied = -1, version = -1;
    const struct migration broken[] = {
        three[0],
        {2, "0002-broken.sql", "CREATE TABLE two (id {integer}) {strict};\n\nINSERT INTO two (nothing) VALUES (1);\n"}};
    const struct migration unordered[] = {three[1], three[0]};
    struct db *db = database_begin(NULL);
    assert_int_equal(db_migrate(db, broken, 2, &applied, &error), STATUS_FAULT);
    assert_int_equal(applied, 1);
    assert_string_equal(error.file, "0002-broken.sql");
    assert_int_equal(error.line, 3);
    check_ok(db_version(db, &version, &error), &error);
    assert_int_equal(version, 1);
    check_ok(db_migrate(db, three, 2, &applied, &error), &error);
    assert_int_equal(db_migrate(db, unordered, 2, &applied, &error), STATUS_FAULT);
    database_end(&db);
}

static void *migrate_too(void *context)
{
    struct error mine;
    struct db *db = NULL;
    int *applied = context;
    if (db_open(database_address(), NULL, &db, &mine) || db_migrate(db, three, 3, applied, &mine)) *applied = -100;
    db_close(&db);
    return NULL;
}

static void test_several_at_once_share_the_work(void **state)
{
    (void)state;
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    int applied[THREADS] = {0}, sum = 0;
    struct db *db = database_begin(NULL);
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, migrate_too, &applied[i]);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) sum += applied[i];
    assert_int_equal(sum, 3);
    database_end(&db);
}

static void test_words_expand_outside_quotes_only(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct db *db = database_begin(NULL);
    const char *expanded = db_expand(db, arena, "a {integer}, '{integer}' -- {integer}\n/* {x} */ \"{y}\"");
    assert_string_equal(expanded, db_differs(db, "a INTEGER, '{integer}' -- {integer}\n/* {x} */ \"{y}\"",
                                             "a BIGINT, '{integer}' -- {integer}\n/* {x} */ \"{y}\""));
    arena_free(&arena);
    database_end(&db);
}

static void test_the_program_s_own_apply(void **state)
{
    (void)state;
    size_t count = 0;
    int applied = 0;
    const struct migration *own = schema_migrations(&count);
    struct db *db = database_begin(NULL);
    assert_true(count > 0);
    check_ok(db_migrate(db, own, count, &applied, &error), &error);
    assert_int_equal(applied, count);
    database_end(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_applied_once),
        cmocka_unit_test(test_a_newer_database_is_refused),
        cmocka_unit_test(test_a_broken_one_leaves_nothing),
        cmocka_unit_test(test_several_at_once_share_the_work),
        cmocka_unit_test(test_words_expand_outside_quotes_only),
        cmocka_unit_test(test_the_program_s_own_apply),
    };
    return database_run_group(tests);
}
