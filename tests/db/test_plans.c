/* No statement of accounts and rights reads a large table whole, on either engine; and the check itself sees those that do. */
#include "tests/db/database.h"

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "tests/db/explain.h"

enum { CLERK = RIGHT_ROLE };

static const struct right_name names[] = {{CLERK, "clerk", "Clerk"}, {NOBODY, NULL, NULL}};
static const struct rights_model model = {
    .names = names,
    .relations = "SELECT organisation, 260 FROM account_role WHERE account = $1 AND valid_from <= $2",
    .circles = "SELECT organisation FROM account_role WHERE account = $1 AND valid_from <= $2",
};
static const struct account_policy quick = {.model = &model, .hash_operations = 1, .hash_memory = 8192};
static const char *const large[] = {
    "account",           "account_role",     "account_session", "account_device",        "account_attempt",
    "account_api_token", "account_relation", "account_token",   "account_token_version", NULL};

static struct error error;
static struct db *db;
static struct arena *arena;

static void use_accounts(void)
{
    static const char password[] = "cheval correct batterie", other[] = "une autre phrase longue";
    const struct account_new person = {.email = "a@exemple.fr", .name = "A", .password = password};
    const struct account_attempt attempt = {
        .email = person.email, .password = password, .peer = "192.0.2.7", .device = "unknown"};
    struct account_opened opened, again;
    struct account account;
    struct account_list accounts;
    struct account_role_list roles;
    struct account_session_list sessions;
    struct account_api_token_list tokens;
    const struct viewer *viewer = NULL;
    const char *token = NULL, *csrf = NULL;
    struct db_handle *read = NULL;
    bool exists = false;
    int64_t id = 0, role = 0;
    check_ok(account_create(db, &person, &id, &error), &error);
    check_ok(
        account_role_give(db, &(struct account_role){.account = id, .organisation = 5, .role = "clerk"}, &role, &error),
        &error);
    check_ok(account_sign_in(db, arena, &attempt, &opened, &error), &error);
    check_ok(
        account_sign_in(db, arena,
                        &(struct account_attempt){.email = person.email, .password = password, .device = opened.device},
                        &again, &error),
        &error);
    check_ok(account_session_open(db, arena, id, &attempt, &again, &error), &error);
    check_ok(account_act_for(db, opened.session, 5, &error), &error);
    check_ok(account_api_token_create(
                 db, arena, id, id,
                 &(struct account_api_token){
                     .name = "T", .may_write = true, .scopes = CLERK, .expires = time_now() + MS_PER_DAY},
                 &token, &error),
             &error);
    check_ok(database_run(db, "UPDATE account_session SET last_seen = last_seen - 600000", DB_BIND_NONE, &error),
             &error);
    check_ok(db_read_in(db, arena, &read, &error), &error);
    check_ok(account_authenticate(read, arena, opened.session, NULL, &viewer, &csrf, &error), &error);
    check_ok(account_authenticate(read, arena, NULL, token, &viewer, &csrf, &error), &error);
    check_ok(account_load(read, arena, id, &account, &error), &error);
    check_ok(account_page(read, arena, NULL, 10, &accounts, &error), &error);
    check_ok(account_roles(read, arena, id, &roles, &error), &error);
    check_ok(account_roles_at(read, arena, 5, &roles, &error), &error);
    check_ok(account_sessions(read, arena, id, opened.session, &sessions, &error), &error);
    check_ok(account_api_tokens(read, arena, id, &tokens, &error), &error);
    check_ok(account_demonstration_exists(read, &exists, &error), &error);
    struct account_event_list events;
    int64_t others = 0;
    const char *word = NULL;
    check_ok(account_events(read, arena, 0, 0, 10, &events, &error), &error);
    check_ok(account_events(read, arena, id, 0, 10, &events, &error), &error);
    check_ok(account_role_others(read, "administrator", id, &others, &error), &error);
    check_ok(account_link_create(db, arena, 0, id, &word, &error), &error);
    check_ok(account_link_find(read, arena, word, &account, &error), &error);
    check_ok(account_sessions_end(db, 0, id, opened.session, &error), &error);
    check_ok(account_write_seen(db, &error), &error);
    check_ok(account_password_change(db, id, password, other, opened.session, &error), &error);
    check_ok(account_api_token_revoke(db, 9, id, tokens.items[0].id, &error), &error);
    check_ok(account_rename(db, 9, id, "B", LANGUAGE_ENGLISH, &error), &error);
    check_ok(account_role_end(db, 9, id, role, 5, &error), &error);
    check_ok(account_session_end(db, 9, id, sessions.items[0].id, &error) == STATUS_FAULT ? STATUS_FAULT : STATUS_OK,
             &error);
    check_ok(account_sign_out(db, opened.session, &error), &error);
    check_ok(account_disable(db, 9, id, true, &error), &error);
    check_ok(account_sweep(db, &error), &error);
    check_ok(rights_refresh_all(db, &model, 5, &error), &error);
}

static void begin(void)
{
    size_t count = 0;
    const struct migration *own = schema_migrations(&count);
    account_configure(&quick);
    arena = arena_new();
    db = database_begin(NULL);
    check_ok(db_migrate(db, own, count, NULL, &error), &error);
}

static void end(void)
{
    arena_free(&arena);
    database_end(&db);
}

static void test_accounts_use_their_indexes(void **state)
{
    (void)state;
    static const char *const allowed[] = {
        "SELECT id FROM account WHERE disabled IS NULL", /* the nightly job: all of them */
        "UPDATE account_session SET last_seen = last_seen - 600000", NULL};
    const struct explain_rules rules = {large, allowed};
    begin();
    explain_begin();
    use_accounts();
    assert_true(explain_count() > 40);
    assert_int_equal(explain_check(db, &rules), 0);
    explain_end();
    end();
}

static void test_what_reads_a_table_whole_is_seen(void **state)
{
    (void)state;
    static const char *const bad[] = {"SELECT name FROM account WHERE name = $1",
                                      "SELECT a.name FROM account AS a WHERE a.language = $1 ORDER BY a.name",
                                      "UPDATE account_role SET valid_until = $1 WHERE author = $2",
                                      "DELETE FROM account_device WHERE created < $1"};
    static const char *const good[] = {"SELECT name FROM account WHERE id = $1",
                                       "SELECT email FROM account ORDER BY email_key LIMIT 5",
                                       "DELETE FROM account_device WHERE last_used < $1"};
    const struct explain_rules rules = {large, NULL};
    begin();
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    explain_begin();
    for (size_t i = 0; i < 4; i++) {
        static const struct db_value nulls[2];
        struct db_rows *rows = db_query(read, i < 2 ? bad[i] : good[i - 2], nulls, i == 3 ? 0 : 1);
        db_next(rows);
        check_ok(db_end(&rows, &error), &error);
    }
    fputs("# two faults are expected here:\n", stderr);
    assert_int_equal(explain_check(db, &rules), 2);
    explain_end();
    explain_begin();
    db_run(read, bad[2], DB_BIND(db_null(), db_null()), NULL, &error);
    db_run(read, bad[3], DB_BIND(db_null()), NULL, &error);
    db_run(read, good[2], DB_BIND(db_null()), NULL, &error);
    fputs("# two faults are expected here:\n", stderr);
    assert_int_equal(explain_check(db, &rules), 2);
    explain_end();
    db_release(&read);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accounts_use_their_indexes),
        cmocka_unit_test(test_what_reads_a_table_whole_is_seen),
    };
    return database_run_group(tests);
}
