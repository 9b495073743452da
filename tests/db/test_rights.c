/* Rights: tokens and relations follow from a model's queries; the predicate gives what the viewer says. */
#include "tests/db/database.h"

#include "base/arena.h"
#include "platform/rights/rights.h"

enum { CLERK = RIGHT_ROLE, GUEST = RIGHT_ROLE << 1 };

static const struct right_name names[] = {{CLERK, "clerk", "Clerk"}, {GUEST, "guest", "Guest"}, {NOBODY, NULL, NULL}};
static const struct rights_model model = {
    .names = names,
    .relations = "SELECT organisation, bits FROM held WHERE account = $1 AND since <= $2",
    .circles = "SELECT organisation FROM circle WHERE account = $1 AND $2 > 0",
};

static struct error error;
static struct db *db;
static struct arena *arena;

static void begin(void)
{
    static const struct migration more[] = {
        {9999, "9999-test.sql",
         "CREATE TABLE held (account {integer}, organisation {integer}, bits {integer}, since {integer}) {strict};\n"
         "CREATE TABLE circle (account {integer}, organisation {integer}) {strict};\n"
         "CREATE TABLE thing (id {integer} PRIMARY KEY, reader {integer}) {strict};\n"},
    };
    size_t count = 0;
    const struct migration *own = schema_migrations(&count);
    arena = arena_new();
    db = database_begin(NULL);
    check_ok(db_migrate(db, own, count, NULL, &error), &error);
    check_ok(db_migrate(db, more, 1, NULL, &error), &error);
}

static void end(void)
{
    arena_free(&arena);
    database_end(&db);
}

static void run(const char *sql) { check_ok(database_run(db, sql, DB_BIND_NONE, &error), &error); }

static enum status refresh(struct db_handle *write, void *context, struct error *failure)
{
    const int64_t *what = context;
    return rights_refresh(write, &model, what[0], what[1], failure);
}

static struct viewer load(int64_t account, int64_t day)
{
    struct viewer viewer;
    struct db_handle *read = NULL;
    int64_t what[] = {account, day};
    check_ok(db_transaction(db, refresh, what, &error), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(viewer_load(read, arena, account, &viewer, &error), &error);
    db_release(&read);
    return viewer;
}

static void test_the_public_reads_what_is_public(void **state)
{
    (void)state;
    begin();
    const struct viewer *public = viewer_public();
    assert_int_equal(public->account, 0);
    assert_true(viewer_reads(public, READER_PUBLIC));
    assert_false(viewer_reads(public, READER_NETWORK));
    assert_int_equal(viewer_rights(public, 2000001), ANYONE);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_token WHERE account = 0 AND token = 1"), 1);
    const struct viewer stranger = load(77, 10);
    assert_true(viewer_reads(&stranger, READER_NETWORK));
    assert_int_equal(viewer_rights(&stranger, 2000001), ANYONE | SIGNED_IN);
    end();
}

static void test_tokens_follow_the_model_and_the_day(void **state)
{
    (void)state;
    begin();
    run("INSERT INTO held (account, organisation, bits, since) VALUES (5, 2000002, 260, 10), (5, 2000002, 512, 10), "
        "(5, 2000001, 512, 20)");
    run("INSERT INTO circle (account, organisation) VALUES (5, 2000003), (5, 2000002)");
    struct viewer viewer = load(5, 9);
    assert_int_equal(viewer.relation_count, 0);
    assert_true(viewer_reads(&viewer, -2000003));
    assert_false(viewer_reads(&viewer, 2000002));
    viewer = load(5, 20);
    assert_int_equal(viewer.relation_count, 2);
    assert_int_equal(viewer_rights(&viewer, 2000002), ANYONE | SIGNED_IN | OWNER | CLERK | GUEST);
    assert_int_equal(viewer_rights(&viewer, 2000001), ANYONE | SIGNED_IN | GUEST);
    assert_true(viewer_reads(&viewer, 2000002) && viewer_reads(&viewer, -2000002) && viewer_reads(&viewer, -2000003));
    assert_false(viewer_reads(&viewer, 2000001)); /* a guest there, not its owner */
    assert_int_equal(viewer.token_count, 5);
    assert_int_equal(viewer.roles, ANYONE | SIGNED_IN | OWNER | CLERK | GUEST);
    viewer.scopes = CLERK;
    assert_int_equal(viewer_rights(&viewer, 2000002), ANYONE | SIGNED_IN | CLERK);
    end();
}

static void test_the_version_grows_with_each_change_only(void **state)
{
    (void)state;
    begin();
    run("INSERT INTO held (account, organisation, bits, since) VALUES (5, 2000002, 4, 10)");
    const int64_t first = load(5, 10).tokens_version, again = load(5, 11).tokens_version;
    assert_int_equal(first, 1);
    assert_int_equal(again, first);
    run("UPDATE held SET bits = 6");
    assert_int_equal(load(5, 11).tokens_version, first + 1);
    run("DELETE FROM held");
    const struct viewer viewer = load(5, 11);
    assert_int_equal(viewer.tokens_version, first + 2);
    assert_int_equal(viewer.relation_count, 0);
    assert_int_equal(viewer.token_count, 2);
    end();
}

/* What a viewer is in memory follows the tables at once, and a transaction that is undone leaves no trace. */
static enum status change_load_and_fail(struct db_handle *write, void *context, struct error *failure)
{
    struct viewer *viewer = context;
    check_ok(db_run(write, "UPDATE held SET bits = 1024", DB_BIND_NONE, NULL, failure), failure);
    check_ok(rights_refresh(write, &model, 5, 11, failure), failure);
    check_ok(viewer_load(write, arena, 5, viewer, failure), failure);
    return error_set(failure, STATUS_INPUT, "No.");
}

static void test_memory_follows_the_tables(void **state)
{
    (void)state;
    begin();
    struct viewer undone;
    run("INSERT INTO held (account, organisation, bits, since) VALUES (5, 2000002, 4, 10)");
    for (int i = 0; i < 3; i++) assert_int_equal(load(5, 10).relations[0].rights, OWNER);
    assert_int_equal(db_transaction(db, change_load_and_fail, &undone, &error), STATUS_INPUT);
    assert_int_equal(undone.relations[0].rights, 1024);
    run("UPDATE held SET bits = 2048");
    const struct viewer viewer = load(5, 11);
    assert_int_equal(viewer.tokens_version, undone.tokens_version);
    assert_int_equal(viewer.relations[0].rights, 2048);
    end();
}

static void test_the_predicate_gives_what_the_viewer_says(void **state)
{
    (void)state;
    begin();
    const int64_t readers[] = {READER_PUBLIC, READER_NETWORK, 2000001, -2000001, 2000002, -2000002, 2000003, -2000003};
    for (int i = 0; i < 8; i++)
        check_ok(database_run(db, "INSERT INTO thing (id, reader) VALUES ($1, $2)",
                              DB_BIND(db_integer(i), db_integer(readers[i])), &error),
                 &error);
    run("INSERT INTO held (account, organisation, bits, since) VALUES (5, 2000001, 4, 0), (6, 2000002, 256, 0), (7, "
        "2000002, 8, 0)");
    run("INSERT INTO circle (account, organisation) VALUES (5, 2000002), (6, 2000003)");
    const char *sql =
        arena_print(arena, "SELECT COUNT(*) FROM thing t WHERE id = $1 AND %s", rights_predicate(arena, "t.reader", 2));
    for (int64_t account = 0; account < 8; account++) {
        const struct viewer viewer = load(account, 1);
        struct db_handle *read = NULL;
        check_ok(db_read(db, &read, &error), &error);
        for (int i = 0; i < 8; i++) {
            int64_t found = -1;
            check_ok(db_one_integer(read, sql, DB_BIND(db_integer(i), db_integer(account)), &found, &error), &error);
            assert_int_equal(found, viewer_reads(&viewer, readers[i]));
        }
        db_release(&read);
    }
    end();
}

static void test_tokens_of_audiences(void **state)
{
    (void)state;
    assert_int_equal(reader_token(AUDIENCE_PRIVATE, 2000001), 2000001);
    assert_int_equal(reader_token(AUDIENCE_CIRCLE, 2000001), -2000001);
    assert_int_equal(reader_token(AUDIENCE_NETWORK, 2000001), READER_NETWORK);
    assert_int_equal(reader_token(AUDIENCE_PUBLIC, 2000001), READER_PUBLIC);
    assert_int_equal(rights_bit(&model, "guest"), GUEST);
    assert_int_equal(rights_bit(&model, "king"), NOBODY);
    assert_string_equal(rights_name(&model, CLERK), "clerk");
    assert_null(rights_name(&model, OWNER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_public_reads_what_is_public),
        cmocka_unit_test(test_tokens_follow_the_model_and_the_day),
        cmocka_unit_test(test_the_version_grows_with_each_change_only),
        cmocka_unit_test(test_the_predicate_gives_what_the_viewer_says),
        cmocka_unit_test(test_tokens_of_audiences),
        cmocka_unit_test(test_memory_follows_the_tables),
    };
    return database_run_group(tests);
}
