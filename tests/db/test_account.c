/* Accounts: passwords, signing in and its delays, sessions, tokens, roles. */
#include "tests/db/database.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"

enum { CLERK = RIGHT_ROLE, GUEST = RIGHT_ROLE << 1, DAY = MS_PER_DAY };

static const char good[] = "cheval correct batterie";
static const char other[] = "une autre phrase longue";

static const struct right_name names[] = {{CLERK, "clerk", "Clerk"},
                                          {GUEST, "guest", "Guest"},
                                          {ADMINISTRATOR, "administrator", "Administrator"},
                                          {NOBODY, NULL, NULL}};
static const struct rights_model model = {
    .names = names,
    .relations =
        "SELECT organisation, CASE role WHEN 'clerk' THEN 260 WHEN 'guest' THEN 512 ELSE 8 END FROM account_role "
        "WHERE account = $1 AND valid_from <= $2 AND (valid_until IS NULL OR valid_until >= $2)",
    .circles = "SELECT organisation, 256 FROM account_role WHERE account = $1 AND $2 < 0",
};
/* Hashing as cheap as it can be: what it costs in earnest is tested apart. */
static const struct account_policy quick = {.model = &model,
                                            .hash_operations = 1,
                                            .hash_memory = 8192,
                                            .organisation_name = "SELECT 'Organisation ' || CAST($1 AS TEXT)"};

static struct error error;
static struct db *db;
static struct arena *arena;

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

static int64_t make(const char *email, const char *password)
{
    int64_t id = 0;
    const struct account_new account = {
        .email = email, .name = "Zoé Martin", .language = LANGUAGE_FRENCH, .password = password};
    check_ok(account_create(db, &account, &id, &error), &error);
    return id;
}

static struct account_attempt attempt_of(const char *email, const char *password)
{
    return (struct account_attempt){.email = email,
                                    .password = password,
                                    .peer = "192.0.2.7",
                                    .agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"};
}

static enum status sign_in(const struct account_attempt *attempt, struct account_opened *opened)
{
    return account_sign_in(db, arena, attempt, opened, &error);
}

static const struct viewer *who(const char *session, const char *bearer, const char **csrf)
{
    const struct viewer *viewer = NULL;
    const char *token = NULL;
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    const enum status status = account_authenticate(read, arena, session, bearer, &viewer, &token, &error);
    db_release(&read);
    check_ok(status, &error);
    if (csrf) *csrf = token;
    return viewer;
}

static void run(const char *sql) { check_ok(database_run(db, sql, DB_BIND_NONE, &error), &error); }

static void test_an_address_has_one_account(void **state)
{
    (void)state;
    begin();
    int64_t id = 0;
    struct account account;
    struct db_handle *read = NULL;
    const int64_t first = make(" Zoé.Martin@Exemple.fr ", good);
    const struct account_new again = {.email = "zoé.martin@EXEMPLE.FR", .name = "X", .language = LANGUAGE_ENGLISH};
    assert_int_equal(account_create(db, &again, &id, &error), STATUS_CONFLICT);
    assert_string_equal(error.field, "email");
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_find(read, arena, "ZOÉ.martin@exemple.fr", &account, &error), &error);
    assert_int_equal(account.id, first);
    assert_string_equal(account.email, "Zoé.Martin@Exemple.fr");
    assert_true(account.has_password && !account.disabled && !account.demonstration &&
                account.language == LANGUAGE_FRENCH);
    assert_int_equal(account_find(read, arena, "nobody@exemple.fr", &account, &error), STATUS_MISSING);
    db_release(&read);
    end();
}

static void test_what_is_no_account_is_refused(void **state)
{
    (void)state;
    begin();
    int64_t id = 0;
    const struct {
        struct account_new account;
        const char *field;
    } wrong[] = {
        {{.email = "nobody", .name = "N"}, "email"},
        {{.email = "a@b", .name = "N"}, "email"},
        {{.email = "a b@c.fr", .name = "N"}, "email"},
        {{.email = "a@b@c.fr", .name = "N"}, "email"},
        {{.email = "@c.fr", .name = "N"}, "email"},
        {{.email = NULL, .name = "N"}, "email"},
        {{.email = "a@c.fr\xff", .name = "N"}, "email"},
        {{.email = "a@c.fr", .name = " "}, "name"},
        {{.email = "a@c.fr", .name = "N\nM"}, "name"},
        {{.email = "a@c.fr", .name = "N", .password = "court"}, "password"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(account_create(db, &wrong[i].account, &id, &error), STATUS_INPUT);
        assert_string_equal(error.field, wrong[i].field);
    }
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account"), 0);
    end();
}

static void test_passwords_that_may_be_chosen(void **state)
{
    (void)state;
    const char *bad[] = {"",
                         "onze lettre",
                         "passwordpassword",
                         "MotDePasse123",
                         "Azertyuiop123",
                         "aaaaaaaaaaaaaaaa",
                         "121212121212",
                         "zoe.martin12",
                         "Martin-Martin1",
                         "invalid \xff utf-8 text"};
    const char *fine[] = {good, other, "ééééàààààùùç123", "12 lettres !", "martin pêche à la ligne le soir"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(account_password_check(bad[i], "zoe.martin@exemple.fr", "Zoé Martin", &error), STATUS_INPUT);
        assert_string_equal(error.field, "password");
    }
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        check_ok(account_password_check(fine[i], "zoe.martin@exemple.fr", "Zoé Martin", &error), &error);
    char *long_one = arena_print(arena = arena_new(), "%0600d", 7);
    assert_int_equal(account_password_check(long_one, NULL, NULL, &error), STATUS_INPUT);
    arena_free(&arena);
}

static void test_signing_in_and_out(void **state)
{
    (void)state;
    begin();
    struct account_opened opened, wrong;
    const char *csrf = NULL, *again = NULL;
    const int64_t id = make("a@exemple.fr", good);
    struct account_attempt attempt = attempt_of("A@exemple.fr", good);
    check_ok(sign_in(&attempt, &opened), &error);
    assert_int_equal(opened.account, id);
    assert_int_equal(strlen(opened.session), 43);
    const struct viewer *viewer = who(opened.session, NULL, &csrf);
    assert_int_equal(viewer->account, id);
    assert_string_equal(viewer->name, "Zoé Martin");
    assert_true(viewer->may_write && viewer_reads(viewer, READER_NETWORK));
    who(opened.session, NULL, &again);
    assert_string_equal(csrf, again);
    assert_string_not_equal(csrf, opened.session);
    attempt.password = other;
    assert_int_equal(sign_in(&attempt, &wrong), STATUS_DENIED);
    const char *refused = error.message;
    attempt = attempt_of("nobody@exemple.fr", good);
    assert_int_equal(sign_in(&attempt, &wrong), STATUS_DENIED);
    assert_string_equal(error.message, refused);
    assert_int_equal(who("no such token", NULL, &csrf)->account, 0);
    assert_null(csrf);
    check_ok(account_sign_out(db, opened.session, &error), &error);
    assert_int_equal(who(opened.session, NULL, NULL)->account, 0);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_session"), 0);
    end();
}

/* The database holds nothing with which one could sign in. */
static void test_secrets_are_not_in_the_database(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *token = NULL;
    const int64_t id = make("a@exemple.fr", good);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(sign_in(&attempt, &opened), &error);
    check_ok(account_api_token_create(
                 db, arena, id, id,
                 &(struct account_api_token){
                     .name = "Tableur", .may_write = true, .scopes = CLERK, .expires = time_now() + DAY},
                 &token, &error),
             &error);
    struct db_handle *read = NULL;
    const char *password = NULL, *network = NULL;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(db_one_text(read, arena, "SELECT password FROM account", DB_BIND_NONE, &password, &error), &error);
    check_ok(db_one_text(read, arena, "SELECT address FROM account_session", DB_BIND_NONE, &network, &error), &error);
    assert_memory_equal(password, "$argon2id$", 10);
    assert_string_equal(network, "192.0.2.0/24");
    const char *queries[] = {"SELECT hash FROM account_session", "SELECT hash FROM account_device",
                             "SELECT hash FROM account_api_token"};
    const char *secrets[] = {opened.session, opened.device, token};
    for (int i = 0; i < 3; i++) {
        struct db_rows *rows = db_query(read, queries[i], DB_BIND_NONE);
        size_t length = 0;
        assert_true(db_next(rows));
        const void *hash = db_get_blob(rows, 0, &length);
        assert_int_equal(length, 32);
        assert_null(memmem(hash, length, secrets[i], 8));
        check_ok(db_end(&rows, &error), &error);
    }
    db_release(&read);
    end();
}

static void fail_often(const char *email, const char *peer, const char *device, int times)
{
    struct account_opened opened;
    struct account_attempt attempt = attempt_of(email, other);
    attempt.peer = peer;
    attempt.device = device;
    for (int i = 0; i < times; i++) assert_int_equal(sign_in(&attempt, &opened), STATUS_DENIED);
}

static void test_failures_delay_whether_the_account_exists_or_not(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    make("a@exemple.fr", good);
    const char *emails[] = {"a@exemple.fr", "nobody@exemple.fr"};
    for (int i = 0; i < 2; i++) {
        struct account_attempt attempt = attempt_of(emails[i], good);
        fail_often(emails[i], "192.0.2.7", NULL, 4);
        assert_int_equal(sign_in(&attempt, &opened), STATUS_LIMIT);
        assert_int_equal(opened.retry_after, 1);
        run("UPDATE account_attempt SET last = last - 1001");
        fail_often(emails[i], "192.0.2.200", NULL, 1); /* the same network */
        assert_int_equal(sign_in(&attempt, &opened), STATUS_LIMIT);
        assert_in_range(opened.retry_after, 1, 2);
        run("UPDATE account_attempt SET failures = 60");
        assert_int_equal(sign_in(&attempt, &opened), STATUS_LIMIT);
        assert_in_range(opened.retry_after, 890, 900);
        run("DELETE FROM account_attempt");
    }
    end();
}

static void test_others_cannot_lock_a_person_out(void **state)
{
    (void)state;
    begin();
    struct account_opened opened, again;
    make("a@exemple.fr", good);
    struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(sign_in(&attempt, &opened), &error);
    fail_often("a@exemple.fr", "192.0.2.7", NULL, 4);
    assert_int_equal(sign_in(&attempt, &again), STATUS_LIMIT);
    attempt.peer = "203.0.113.5"; /* another network */
    check_ok(sign_in(&attempt, &again), &error);
    attempt.peer = "192.0.2.7"; /* the same, from the browser that signed in before */
    attempt.device = opened.device;
    check_ok(sign_in(&attempt, &again), &error);
    assert_string_equal(again.device, opened.device);
    fail_often("a@exemple.fr", "192.0.2.7", opened.device, 4); /* whose own failures count too */
    assert_int_equal(sign_in(&attempt, &again), STATUS_LIMIT);
    attempt.device = "of another person, or made up";
    assert_int_equal(sign_in(&attempt, &again), STATUS_LIMIT);
    end();
}

static void test_success_forgives(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    make("a@exemple.fr", good);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    for (int i = 0; i < 3; i++) {
        fail_often("a@exemple.fr", "192.0.2.7", NULL, 3);
        check_ok(sign_in(&attempt, &opened), &error);
    }
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_attempt"), 1); /* the network's own count */
    assert_int_equal(database_integer(db, "SELECT failures FROM account_attempt"), 9);
    end();
}

static void test_sessions_end_by_themselves(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    make("a@exemple.fr", good);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(sign_in(&attempt, &opened), &error);
    assert_true(who(opened.session, NULL, NULL)->account);
    run("UPDATE account_session SET last_seen = last_seen - 28801000"); /* 8 hours and a second */
    assert_false(who(opened.session, NULL, NULL)->account);
    run("UPDATE account_session SET last_seen = last_seen + 28801000, expires = expires - 604801000"); /* 7 days and a second */
    assert_false(who(opened.session, NULL, NULL)->account);
    check_ok(account_sweep(db, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_session"), 0);
    end();
}

static void test_sessions_are_listed_and_ended(void **state)
{
    (void)state;
    begin();
    struct account_opened opened[3];
    struct account_session_list list;
    struct db_handle *read = NULL;
    const int64_t id = make("a@exemple.fr", good), stranger = make("b@exemple.fr", good);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    for (int i = 0; i < 3; i++) check_ok(sign_in(&attempt, &opened[i]), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_sessions(read, arena, id, opened[1].session, &list, &error), &error);
    db_release(&read);
    assert_int_equal(list.count, 3);
    size_t current = 0, ended = 3;
    for (size_t i = 0; i < 3; i++) {
        current += list.items[i].current;
        if (!list.items[i].current) ended = i;
        assert_string_equal(list.items[i].device, "Firefox, Linux");
        assert_string_equal(list.items[i].address, "192.0.2.0/24");
    }
    assert_int_equal(current, 1);
    assert_int_equal(account_session_end(db, 9, stranger, list.items[ended].id, &error), STATUS_MISSING);
    check_ok(account_session_end(db, 9, id, list.items[ended].id, &error), &error);
    assert_int_equal(account_session_end(db, 9, id, list.items[ended].id, &error), STATUS_MISSING);
    check_ok(account_sessions_end(db, 9, id, opened[1].session, &error), &error);
    assert_true(who(opened[1].session, NULL, NULL)->account);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_session"), 1);
    check_ok(account_sessions_end(db, 9, id, NULL, &error), &error);
    assert_false(who(opened[1].session, NULL, NULL)->account);
    end();
}

static void test_networks_not_addresses_are_kept(void **state)
{
    (void)state;
    static const char *const peers[][2] = {
        {"203.0.113.77", "203.0.113.0/24"},
        {"::ffff:203.0.113.77", "203.0.113.0/24"},
        {"127.0.0.1", "127.0.0.1"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"},
        {"::1", "::1"},
        {"nonsense", ""},
        {NULL, ""},
    };
    begin();
    struct account_opened opened;
    struct account_session_list list;
    struct db_handle *read = NULL;
    const int64_t id = make("a@exemple.fr", good);
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++) {
        struct account_attempt attempt = attempt_of("a@exemple.fr", good);
        attempt.peer = peers[i][0];
        attempt.agent = NULL;
        check_ok(sign_in(&attempt, &opened), &error);
        check_ok(db_read(db, &read, &error), &error);
        check_ok(account_sessions(read, arena, id, opened.session, &list, &error), &error);
        db_release(&read);
        for (size_t j = 0; j < list.count; j++)
            if (list.items[j].current) assert_string_equal(list.items[j].address, peers[i][1]);
        assert_string_equal(list.items[0].device, "?, ?");
    }
    end();
}

static void test_last_use_is_written_later(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    make("a@exemple.fr", good);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(sign_in(&attempt, &opened), &error);
    run("UPDATE account_session SET last_seen = last_seen - 600000");
    const int64_t before = database_integer(db, "SELECT last_seen FROM account_session");
    who(opened.session, NULL, NULL);
    assert_int_equal(database_integer(db, "SELECT last_seen FROM account_session"), before);
    check_ok(account_write_seen(db, &error), &error);
    assert_true(database_integer(db, "SELECT last_seen FROM account_session") >= before + 600000);
    end();
}

static void test_a_disabled_account_is_out(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *token = NULL;
    const int64_t id = make("a@exemple.fr", good);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(sign_in(&attempt, &opened), &error);
    check_ok(account_api_token_create(
                 db, arena, id, id,
                 &(struct account_api_token){
                     .name = "Tableur", .may_write = true, .scopes = CLERK, .expires = time_now() + DAY},
                 &token, &error),
             &error);
    assert_int_equal(who(NULL, token, NULL)->account, id);
    check_ok(account_disable(db, 9, id, true, &error), &error);
    assert_false(who(opened.session, NULL, NULL)->account);
    assert_false(who(NULL, token, NULL)->account);
    assert_int_equal(sign_in(&attempt, &opened), STATUS_DENIED);
    assert_int_equal(account_session_open(db, arena, id, &attempt, &opened, &error), STATUS_DENIED);
    check_ok(account_disable(db, 9, id, false, &error), &error);
    assert_int_equal(who(NULL, token, NULL)->account, id);
    check_ok(account_session_open(db, arena, id, &attempt, &opened, &error), &error);
    assert_int_equal(who(opened.session, NULL, NULL)->account, id);
    assert_int_equal(account_disable(db, 9, 12345, true, &error), STATUS_MISSING);
    end();
}

static void test_changing_the_password(void **state)
{
    (void)state;
    begin();
    struct account_opened here, there, after;
    const int64_t id = make("a@exemple.fr", good);
    struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(sign_in(&attempt, &here), &error);
    check_ok(sign_in(&attempt, &there), &error);
    assert_int_equal(account_password_change(db, id, other, other, here.session, &error), STATUS_INPUT);
    assert_string_equal(error.field, "old_password");
    assert_int_equal(account_password_change(db, id, good, "court", here.session, &error), STATUS_INPUT);
    assert_string_equal(error.field, "password");
    check_ok(account_password_change(db, id, good, other, here.session, &error), &error);
    assert_true(who(here.session, NULL, NULL)->account);
    assert_false(who(there.session, NULL, NULL)->account);
    assert_int_equal(sign_in(&attempt, &after), STATUS_DENIED);
    attempt.password = other;
    check_ok(sign_in(&attempt, &after), &error);
    check_ok(account_password_set(db, 9, id, good, &error), &error);
    assert_false(who(here.session, NULL, NULL)->account);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_device"), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(account_password_change(db, id, other, other, NULL, &error), STATUS_INPUT);
    assert_int_equal(account_password_change(db, id, good, other, NULL, &error), STATUS_LIMIT);
    end();
}

static void test_composed_and_decomposed_letters_are_one_password(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    make("a@exemple.fr", "caf\xc3\xa9 du matin");
    const struct account_attempt attempt = attempt_of("a@exemple.fr", "cafe\xcc\x81 du matin");
    check_ok(sign_in(&attempt, &opened), &error);
    end();
}

static void test_stronger_limits_reach_old_passwords(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    struct account_policy stronger = quick;
    stronger.hash_operations = 2;
    make("a@exemple.fr", good);
    account_configure(&stronger);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account WHERE password LIKE '%t=2%'"), 0);
    check_ok(sign_in(&attempt, &opened), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account WHERE password LIKE '%t=2%'"), 1);
    check_ok(sign_in(&attempt, &opened), &error);
    end();
}

static void test_tokens_of_programs(void **state)
{
    (void)state;
    begin();
    const char *token = NULL, *reader = NULL, *csrf = "";
    struct account_api_token_list list;
    struct db_handle *read = NULL;
    const int64_t id = make("a@exemple.fr", good);
    const struct account_role role = {.account = id, .organisation = 2000001, .role = "clerk", .from = 0};
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    assert_int_equal(
        account_api_token_create(
            db, arena, id, id,
            &(struct account_api_token){.name = "", .may_write = true, .scopes = CLERK, .expires = time_now() + DAY},
            &token, &error),
        STATUS_INPUT);
    assert_int_equal(
        account_api_token_create(
            db, arena, id, id,
            &(struct account_api_token){.name = "T", .may_write = true, .scopes = CLERK, .expires = time_now() - 1},
            &token, &error),
        STATUS_INPUT);
    assert_int_equal(
        account_api_token_create(
            db, arena, 99, 99,
            &(struct account_api_token){.name = "T", .may_write = true, .scopes = CLERK, .expires = time_now() + DAY},
            &token, &error),
        STATUS_MISSING);
    check_ok(
        account_api_token_create(db, arena, id, id,
                                 &(struct account_api_token){
                                     .name = "Écrit", .may_write = true, .scopes = CLERK, .expires = time_now() + DAY},
                                 &token, &error),
        &error);
    check_ok(
        account_api_token_create(db, arena, id, id,
                                 &(struct account_api_token){
                                     .name = "Lit", .may_write = false, .scopes = OWNER, .expires = time_now() + DAY},
                                 &reader, &error),
        &error);
    assert_memory_equal(token, "mlg_", 4);
    const struct viewer *viewer = who(NULL, token, &csrf);
    assert_null(csrf);
    assert_int_equal(viewer->account, id);
    assert_true(viewer->may_write);
    assert_int_equal(viewer_rights(viewer, 2000001), ANYONE | SIGNED_IN | CLERK);
    assert_int_equal(viewer->roles, ANYONE | SIGNED_IN | CLERK);
    assert_false(who(NULL, reader, NULL)->may_write);
    assert_int_equal(who(token, NULL, NULL)->account, 0); /* a token is no session */
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_api_tokens(read, arena, id, &list, &error), &error);
    db_release(&read);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].name, "Lit");
    check_ok(account_write_seen(db, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_api_token WHERE last_used IS NOT NULL"), 2);
    assert_int_equal(account_api_token_revoke(db, 9, id + 1, list.items[1].id, &error), STATUS_MISSING);
    check_ok(account_api_token_revoke(db, 9, id, list.items[1].id, &error), &error);
    assert_int_equal(who(NULL, token, NULL)->account, 0);
    run("UPDATE account_api_token SET expires = 1");
    assert_int_equal(who(NULL, reader, NULL)->account, 0);
    end();
}

static void test_roles_have_days_and_consequences(void **state)
{
    (void)state;
    begin();
    int64_t given = 0;
    struct account_role_list list;
    struct account_opened opened;
    struct db_handle *read = NULL;
    const int64_t id = make("a@exemple.fr", good), today = time_today();
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    struct account_role role = {.account = id, .organisation = 2000001, .role = "clerk", .from = today, .author = 7};
    check_ok(sign_in(&attempt, &opened), &error);
    check_ok(account_role_give(db, &role, &given, &error), &error);
    assert_int_equal(account_role_give(db, &role, NULL, &error), STATUS_CONFLICT);
    const struct viewer *viewer = who(opened.session, NULL, NULL);
    assert_int_equal(viewer_rights(viewer, 2000001), ANYONE | SIGNED_IN | OWNER | CLERK);
    assert_int_equal(viewer->organisation, 2000001);
    assert_string_equal(viewer->organisation_name, "Organisation 2000001");
    role.organisation = 2000002;
    role.role = "guest";
    role.from = today + 1;
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    assert_int_equal(viewer_rights(who(opened.session, NULL, NULL), 2000002), ANYONE | SIGNED_IN);
    check_ok(account_role_end(db, 9, id, given, today - 1, &error), &error);
    assert_int_equal(viewer_rights(who(opened.session, NULL, NULL), 2000001), ANYONE | SIGNED_IN);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_roles(read, arena, id, &list, &error), &error);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].role, "clerk");
    assert_int_equal(list.items[0].until, today - 1);
    assert_int_equal(list.items[1].until, ACCOUNT_NO_END);
    check_ok(account_roles_at(read, arena, 2000002, &list, &error), &error);
    db_release(&read);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].author, 7);
    const struct account_role wrong[] = {{.account = id, .organisation = 1, .role = "king"},
                                         {.account = id, .organisation = 1, .role = "clerk", .from = 9, .until = 8},
                                         {.account = id, .role = "clerk"}};
    for (int i = 0; i < 3; i++) assert_int_equal(account_role_give(db, &wrong[i], NULL, &error), STATUS_INPUT);
    const struct account_role nobody = {.account = 5, .organisation = 1, .role = "clerk"};
    assert_int_equal(account_role_give(db, &nobody, NULL, &error), STATUS_MISSING);
    end();
}

static void test_an_administrator_is_one_everywhere(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const int64_t id = make("a@exemple.fr", good);
    const struct account_role role = {.account = id, .role = "administrator"};
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    check_ok(sign_in(&attempt, &opened), &error);
    const struct viewer *viewer = who(opened.session, NULL, NULL);
    assert_int_equal(viewer_rights(viewer, 2000099), ANYONE | SIGNED_IN | ADMINISTRATOR);
    assert_int_equal(viewer->organisation, 0);
    end();
}

static void test_acting_for_one_of_several(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const int64_t id = make("a@exemple.fr", good);
    struct account_role role = {.account = id, .organisation = 2000002, .role = "clerk"};
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    role.organisation = 2000001;
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    check_ok(sign_in(&attempt, &opened), &error);
    assert_int_equal(who(opened.session, NULL, NULL)->organisation, 2000001);
    check_ok(account_act_for(db, opened.session, 2000002, &error), &error);
    assert_int_equal(who(opened.session, NULL, NULL)->organisation, 2000002);
    assert_int_equal(account_act_for(db, opened.session, 2000003, &error), STATUS_DENIED);
    end();
}

static void with_link(const char *word, enum status expected, int64_t account)
{
    struct db_handle *read = NULL;
    struct account found = {.id = 0};
    check_ok(db_read(db, &read, &error), &error);
    assert_int_equal(account_link_find(read, arena, word, &found, &error), expected);
    db_release(&read);
    assert_int_equal(found.id, expected ? 0 : account);
}

static void test_links_to_a_password(void **state)
{
    (void)state;
    begin();
    const char *first = NULL, *second = NULL;
    struct account_opened opened;
    const int64_t id = make("a@exemple.fr", NULL);
    const struct account_attempt attempt = attempt_of("a@exemple.fr", good);
    check_ok(account_link_create(db, arena, 7, id, &first, &error), &error);
    with_link(first, STATUS_OK, id);
    with_link(first, STATUS_OK, id); /* looking changes nothing */
    check_ok(account_link_create(db, arena, 7, id, &second, &error), &error);
    with_link(first, STATUS_MISSING, id); /* a new one ends the one before */
    assert_int_equal(account_link_use(db, first, good, &error), STATUS_MISSING);
    assert_int_equal(account_link_use(db, second, "court", &error), STATUS_INPUT);
    with_link(second, STATUS_OK, id); /* not used up by a bad password */
    assert_int_equal(sign_in(&attempt, &opened), STATUS_DENIED);
    check_ok(account_link_use(db, second, good, &error), &error);
    with_link(second, STATUS_MISSING, id);
    assert_int_equal(account_link_use(db, second, other, &error), STATUS_MISSING);
    check_ok(sign_in(&attempt, &opened), &error);
    check_ok(account_link_create(db, arena, 7, id, &first, &error), &error);
    check_ok(account_link_use(db, first, other, &error), &error);
    assert_int_equal(who(opened.session, NULL, NULL)->account, 0); /* other sessions end */
    assert_int_equal(account_link_create(db, arena, 7, id + 1, &first, &error), STATUS_MISSING);
    end();
}

static void test_links_expire_and_die_with_the_account(void **state)
{
    (void)state;
    begin();
    const char *word = NULL;
    const int64_t id = make("a@exemple.fr", good);
    check_ok(account_link_create(db, arena, 7, id, &word, &error), &error);
    assert_int_equal(database_integer(db, "SELECT expires - created FROM account_link"), 72 * 3600 * 1000);
    check_ok(account_disable(db, 7, id, true, &error), &error);
    with_link(word, STATUS_MISSING, id);
    assert_int_equal(account_link_use(db, word, other, &error), STATUS_MISSING);
    assert_int_equal(account_link_create(db, arena, 7, id, &word, &error), STATUS_DENIED);
    check_ok(account_disable(db, 7, id, false, &error), &error);
    with_link(word, STATUS_OK, id);
    run("UPDATE account_link SET expires = created");
    with_link(word, STATUS_MISSING, id);
    assert_int_equal(account_link_use(db, word, other, &error), STATUS_MISSING);
    check_ok(account_sweep(db, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_link"), 0);
    end();
}

/* Each change leaves one line, which says who did it; what failed leaves none. */
static void test_changes_leave_lines(void **state)
{
    (void)state;
    begin();
    static const char *const expected[] = {"enabled",       "disabled",   "role_ended", "role_given",
                                           "token_revoked", "token_made", "signed_out", "password",
                                           "link",          "renamed",    "created"};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    const char *word = NULL, *token = NULL;
    struct account_event_list list;
    struct db_handle *read = NULL;
    int64_t given = 0;
    const int64_t boss = make("chef@exemple.fr", good), id = make("a@exemple.fr", NULL);
    struct account_role role = {.account = id, .organisation = 2000001, .role = "clerk", .author = boss};
    check_ok(account_rename(db, boss, id, "Autre", LANGUAGE_ENGLISH, &error), &error);
    check_ok(account_link_create(db, arena, boss, id, &word, &error), &error);
    check_ok(account_link_use(db, word, good, &error), &error);
    check_ok(account_sessions_end(db, boss, id, NULL, &error), &error);
    check_ok(account_api_token_create(db, arena, id, id,
                                      &(struct account_api_token){.name = "Tableur", .expires = time_now() + DAY},
                                      &token, &error),
             &error);
    const int64_t number = database_integer(db, "SELECT id FROM account_api_token");
    check_ok(account_api_token_revoke(db, boss, id, number, &error), &error);
    check_ok(account_role_give(db, &role, &given, &error), &error);
    assert_int_equal(account_role_give(db, &role, NULL, &error), STATUS_CONFLICT);
    check_ok(account_role_end(db, boss, id, given, time_today() - 1, &error), &error);
    check_ok(account_disable(db, boss, id, true, &error), &error);
    check_ok(account_disable(db, boss, id, false, &error), &error);
    assert_int_equal(account_disable(db, boss, 12345, true, &error), STATUS_MISSING);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_events(read, arena, id, 0, 50, &list, &error), &error);
    assert_int_equal(list.count, EXPECTED);
    for (size_t i = 0; i < EXPECTED; i++) {
        const bool own = strcmp(expected[i], "password") == 0 || strcmp(expected[i], "token_made") == 0;
        assert_string_equal(list.items[i].action, expected[i]);
        if (i < EXPECTED - 1) assert_int_equal(list.items[i].author, own ? id : boss);
        assert_string_equal(list.items[i].account_name, "Autre");
    }
    assert_string_equal(list.items[3].detail, "clerk");
    assert_int_equal(list.items[3].organisation, 2000001);
    check_ok(account_events(read, arena, 0, list.items[2].id, 2, &list, &error), &error);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].action, "role_given");
    db_release(&read);
    run("UPDATE account_event SET moment = 1");
    check_ok(account_sweep(db, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_event"), 0);
    end();
}

static bool reads(const char *bearer, int64_t reader) { return viewer_reads(who(NULL, bearer, NULL), reader); }

/* A token limited to a role reads what follows from this role, even as roles come and go, and nothing once it is withdrawn. */
static void test_a_limited_token_reads_by_its_role(void **state)
{
    (void)state;
    begin();
    const char *all = NULL, *clerk = NULL, *guest = NULL;
    int64_t given = 0;
    const int64_t id = make("a@exemple.fr", good), expires = time_now() + DAY, today = time_today();
    struct account_role role = {.account = id, .organisation = 2000001, .role = "clerk"};
    check_ok(account_role_give(db, &role, &given, &error), &error);
    const struct account_api_token wanted[] = {{.name = "T", .scopes = ACCOUNT_ALL_SCOPES, .expires = expires},
                                               {.name = "C", .scopes = CLERK | OWNER, .expires = expires},
                                               {.name = "G", .scopes = GUEST | OWNER, .expires = expires}};
    check_ok(account_api_token_create(db, arena, id, id, &wanted[0], &all, &error), &error);
    check_ok(account_api_token_create(db, arena, id, id, &wanted[1], &clerk, &error), &error);
    check_ok(account_api_token_create(db, arena, id, id, &wanted[2], &guest, &error), &error);
    assert_true(reads(all, 2000001) && reads(clerk, 2000001) && !reads(guest, 2000001));
    assert_true(reads(guest, READER_NETWORK));
    assert_int_equal(viewer_rights(who(NULL, clerk, NULL), 2000001), ANYONE | SIGNED_IN | OWNER | CLERK);
    assert_int_equal(viewer_rights(who(NULL, guest, NULL), 2000001), ANYONE | SIGNED_IN);
    assert_int_equal(who(NULL, guest, NULL)->account, id);
    /* what the database says by the number that reads is the same */
    assert_int_equal(
        database_integer(db, "SELECT COUNT(*) FROM account_token k JOIN account_api_token t ON t.id = k.account "
                             "WHERE t.name = 'C' AND k.token = 2000001"),
        1);
    assert_int_equal(
        database_integer(db, "SELECT COUNT(*) FROM account_token k JOIN account_api_token t ON t.id = k.account "
                             "WHERE t.name = 'G' AND k.token = 2000001"),
        0);
    role.organisation = 2000003;
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    assert_true(reads(clerk, 2000003) && !reads(guest, 2000003));
    check_ok(account_role_end(db, 0, id, given, today - 1, &error), &error);
    assert_true(!reads(all, 2000001) && !reads(clerk, 2000001));
    const int64_t number = database_integer(db, "SELECT id FROM account_api_token WHERE name = 'C'");
    check_ok(account_api_token_revoke(db, 0, id, number, &error), &error);
    assert_false(reads(clerk, 2000003) || reads(clerk, READER_NETWORK));
    assert_int_equal(
        database_integer(db, "SELECT COUNT(*) FROM account_token k JOIN account_api_token t ON t.id = k.account "
                             "WHERE t.name = 'C'"),
        0);
    end();
}

static void test_accounts_are_found_by_words(void **state)
{
    (void)state;
    begin();
    struct account_list list;
    struct db_handle *read = NULL;
    int64_t id = 0;
    for (int i = 0; i < 600; i++) {
        const struct account_new account = {.email = arena_print(arena, "p%03d@exemple.fr", i),
                                            .name = i % 100 ? "Ali Autre" : "Éva Étienne"};
        check_ok(account_create(db, &account, &id, &error), &error);
    }
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_search(read, arena, "etienne eva", NULL, 50, &list, &error), &error);
    assert_int_equal(list.count, 6);
    assert_string_equal(list.items[5].email, "p500@exemple.fr");
    check_ok(account_search(read, arena, "ETIENNE", list.items[1].email, 3, &list, &error), &error);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].email, "p200@exemple.fr");
    check_ok(account_search(read, arena, "p59 ali", NULL, 50, &list, &error), &error);
    assert_int_equal(list.count, 10);
    check_ok(account_search(read, arena, "personne", NULL, 50, &list, &error), &error);
    assert_int_equal(list.count, 0);
    check_ok(account_search(read, arena, "", NULL, 700, &list, &error), &error);
    assert_int_equal(list.count, 600);
    db_release(&read);
    end();
}

static void test_the_last_administrator_is_known(void **state)
{
    (void)state;
    begin();
    int64_t others = -1;
    struct db_handle *read = NULL;
    const int64_t one = make("a@exemple.fr", good), two = make("b@exemple.fr", good);
    const struct account_role first = {.account = one, .role = "administrator"},
                              second = {.account = two, .role = "administrator"};
    check_ok(account_role_give(db, &first, NULL, &error), &error);
    check_ok(account_role_give(db, &second, NULL, &error), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_role_others(read, "administrator", one, &others, &error), &error);
    assert_int_equal(others, 1);
    db_release(&read);
    check_ok(account_disable(db, one, two, true, &error), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_role_others(read, "administrator", one, &others, &error), &error);
    db_release(&read);
    assert_int_equal(others, 0);
    end();
}

static void test_accounts_come_in_pages(void **state)
{
    (void)state;
    begin();
    struct account_list list;
    struct db_handle *read = NULL;
    bool exists = true;
    make("c@exemple.fr", NULL);
    make("A@exemple.fr", NULL);
    make("b@exemple.fr", NULL);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_page(read, arena, NULL, 2, &list, &error), &error);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].email, "A@exemple.fr");
    check_ok(account_page(read, arena, list.items[1].email, 2, &list, &error), &error);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].email, "c@exemple.fr");
    assert_false(list.items[0].has_password);
    check_ok(account_demonstration_exists(read, &exists, &error), &error);
    assert_false(exists);
    db_release(&read);
    const struct account_new invented = {
        .email = "demo@exemple.fr", .name = "Personne inventée", .demonstration = true};
    int64_t id = 0;
    check_ok(account_create(db, &invented, &id, &error), &error);
    check_ok(account_rename(db, 9, id, "Autre personne", LANGUAGE_ENGLISH, &error), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_demonstration_exists(read, &exists, &error), &error);
    assert_true(exists);
    struct account account;
    check_ok(account_load(read, arena, id, &account, &error), &error);
    assert_string_equal(account.name, "Autre personne");
    assert_int_equal(account.language, LANGUAGE_ENGLISH);
    db_release(&read);
    end();
}

/* The true limits: slow enough to matter, quick enough to wait for, and as slow for an account that is not there. */
static void test_the_door_takes_as_long_for_everyone(void **state)
{
    (void)state;
    begin();
    struct account_policy earnest = quick;
    struct account_opened opened;
    earnest.hash_operations = 0;
    earnest.hash_memory = 0;
    account_configure(&earnest);
    make("a@exemple.fr", good);
    const char *emails[] = {"a@exemple.fr", "nobody@exemple.fr"};
    int64_t best[2] = {INT64_MAX, INT64_MAX};
    fail_often("first@exemple.fr", "192.0.2.7", NULL, 1);
    for (int round = 0; round < 8; round++) {
        const struct account_attempt attempt = attempt_of(emails[round % 2], other);
        const int64_t start = time_ticks();
        assert_int_equal(sign_in(&attempt, &opened), STATUS_DENIED);
        const int64_t took = time_ticks() - start;
        if (took < best[round % 2]) best[round % 2] = took;
    }
    print_message("# signing in takes %lld ms, %lld ms for an account that does not exist\n", (long long)best[0],
                  (long long)best[1]);
    assert_in_range(best[0], 20, 2000);
    assert_true(best[0] < best[1] * 2 && best[1] < best[0] * 2);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_address_has_one_account),
        cmocka_unit_test(test_what_is_no_account_is_refused),
        cmocka_unit_test(test_passwords_that_may_be_chosen),
        cmocka_unit_test(test_signing_in_and_out),
        cmocka_unit_test(test_secrets_are_not_in_the_database),
        cmocka_unit_test(test_failures_delay_whether_the_account_exists_or_not),
        cmocka_unit_test(test_others_cannot_lock_a_person_out),
        cmocka_unit_test(test_success_forgives),
        cmocka_unit_test(test_sessions_end_by_themselves),
        cmocka_unit_test(test_sessions_are_listed_and_ended),
        cmocka_unit_test(test_networks_not_addresses_are_kept),
        cmocka_unit_test(test_last_use_is_written_later),
        cmocka_unit_test(test_a_disabled_account_is_out),
        cmocka_unit_test(test_changing_the_password),
        cmocka_unit_test(test_composed_and_decomposed_letters_are_one_password),
        cmocka_unit_test(test_stronger_limits_reach_old_passwords),
        cmocka_unit_test(test_tokens_of_programs),
        cmocka_unit_test(test_roles_have_days_and_consequences),
        cmocka_unit_test(test_an_administrator_is_one_everywhere),
        cmocka_unit_test(test_acting_for_one_of_several),
        cmocka_unit_test(test_links_to_a_password),
        cmocka_unit_test(test_links_expire_and_die_with_the_account),
        cmocka_unit_test(test_changes_leave_lines),
        cmocka_unit_test(test_a_limited_token_reads_by_its_role),
        cmocka_unit_test(test_accounts_are_found_by_words),
        cmocka_unit_test(test_the_last_administrator_is_known),
        cmocka_unit_test(test_accounts_come_in_pages),
        cmocka_unit_test(test_the_door_takes_as_long_for_everyone),
    };
    return database_run_group(tests);
}
