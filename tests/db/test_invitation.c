/* Invitations to hold a role, and what is asked by who forgot a password. */
#include "tests/db/database.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"

enum { CLERK = RIGHT_ROLE, GUEST = RIGHT_ROLE << 1, PLACE = 2000001 };

static const char good[] = "cheval correct batterie";
static const struct right_name names[] = {{CLERK, "clerk", "Clerk"}, {GUEST, "guest", "Guest"}, {NOBODY, NULL, NULL}};
static const struct rights_model model = {
    .names = names,
    .relations = "SELECT organisation, CASE role WHEN 'clerk' THEN 260 ELSE 512 END FROM account_role "
                 "WHERE account = $1 AND valid_from <= $2 AND (valid_until IS NULL OR valid_until >= $2)",
    .circles = "SELECT organisation, 256 FROM account_role WHERE account = $1 AND $2 < 0",
};

static struct error error;
static struct db *db;
static struct arena *arena;
static int64_t boss;
static char key_file[64];

static int64_t make(const char *email)
{
    int64_t id = 0;
    const struct account_new account = {.email = email, .name = "Zoé", .password = good};
    check_ok(account_create(db, &account, &id, &error), &error);
    return id;
}

static void begin(void)
{
    size_t count = 0;
    const struct migration *own = schema_migrations(&count);
    snprintf(key_file, sizeof key_file, "/tmp/maillage-invitation-%d", (int)getpid());
    account_configure(
        &(struct account_policy){.model = &model, .hash_operations = 1, .hash_memory = 8192, .key_file = key_file});
    arena = arena_new();
    db = database_begin(NULL);
    check_ok(db_migrate(db, own, count, NULL, &error), &error);
    boss = make("chef@exemple.fr");
}

static void end(void)
{
    unlink(key_file);
    arena_free(&arena);
    database_end(&db);
}

static void run(const char *sql) { check_ok(database_run(db, sql, DB_BIND_NONE, &error), &error); }

/* ---- invitations ---- */

struct inviting {
    struct account_invitation wanted;
    const char *word;
};

static enum status invite_in(struct db_handle *write, void *context, struct error *fault)
{
    struct inviting *inviting = context;
    return account_invite(write, arena, &inviting->wanted, &inviting->word, fault);
}

static enum status try_invite(const char *email, const char *role, int64_t until, const char **word)
{
    struct inviting inviting = {
        .wanted = {.email = email, .organisation = PLACE, .role = role, .until = until, .author = boss}};
    const enum status status = db_transaction(db, invite_in, &inviting, &error);
    *word = inviting.word;
    return status;
}

static const char *invite(const char *email, const char *role)
{
    const char *word = NULL;
    check_ok(try_invite(email, role, ACCOUNT_NO_END, &word), &error);
    return word;
}

static enum status find(const char *word, struct account_invitation *invitation)
{
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    const enum status status = account_invitation_find(read, arena, word, invitation, &error);
    db_release(&read);
    return status;
}

static struct account_role_list roles_of(int64_t account)
{
    struct account_role_list list = {NULL, 0};
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_roles(read, arena, account, &list, &error), &error);
    db_release(&read);
    return list;
}

/* The word is nowhere in the database; what was asked is found by it, as often as one looks. */
static void test_an_invitation_is_found_by_its_word(void **state)
{
    (void)state;
    begin();
    struct account_invitation found;
    char sql[200];
    const char *word = invite(" Zoé@Exemple.FR ", "clerk");
    for (int i = 0; i < 3; i++) check_ok(find(word, &found), &error);
    assert_string_equal(found.email, "Zoé@Exemple.FR");
    assert_string_equal(found.role, "clerk");
    assert_int_equal(found.organisation, PLACE);
    assert_int_equal(found.author, boss);
    assert_int_equal(found.expires - found.created, 14LL * MS_PER_DAY);
    assert_int_equal(strlen(word), 43);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM account_invitation WHERE email LIKE '%%%s%%' OR role LIKE '%%%s%%'",
             word, word);
    assert_int_equal(database_integer(db, sql), 0);
    assert_int_equal(database_integer(db, "SELECT LENGTH(hash) FROM account_invitation"), 32);
    assert_int_equal(find("nothing", &found), STATUS_MISSING);
    end();
}

static void test_what_cannot_be_invited_is_refused(void **state)
{
    (void)state;
    begin();
    const char *word = NULL;
    assert_int_equal(try_invite("no address", "clerk", ACCOUNT_NO_END, &word), STATUS_INPUT);
    assert_string_equal(error.field, "email");
    assert_int_equal(try_invite("a@exemple.fr", "king", ACCOUNT_NO_END, &word), STATUS_INPUT);
    assert_string_equal(error.field, "role");
    assert_int_equal(try_invite("a@exemple.fr", "clerk", time_today() - 1, &word), STATUS_INPUT);
    assert_string_equal(error.field, "until");
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_invitation"), 0);
    for (int i = 0; i < 50; i++) invite(arena_print(arena, "p%d@exemple.fr", i), "clerk");
    assert_int_equal(try_invite("one@exemple.fr", "clerk", ACCOUNT_NO_END, &word), STATUS_LIMIT);
    check_ok(try_invite("p7@exemple.fr", "clerk", ACCOUNT_NO_END, &word), &error); /* again, in place of its own */
    end();
}

/* Only the account of that address accepts, once; the role has the day and the author that were said. */
static void test_an_account_accepts_once(void **state)
{
    (void)state;
    begin();
    struct account_invitation found;
    const char *word = NULL;
    const int64_t id = make("zoé@exemple.fr"), other = make("other@exemple.fr"), until = time_today() + 30;
    check_ok(try_invite("ZOÉ@exemple.fr", "guest", until, &word), &error);
    check_ok(find(word, &found), &error);
    assert_int_equal(account_invitation_accept(db, &found, other, &error), STATUS_DENIED);
    assert_int_equal(roles_of(other).count, 0);
    check_ok(account_disable(db, 0, id, true, &error), &error);
    assert_int_equal(account_invitation_accept(db, &found, id, &error), STATUS_DENIED);
    check_ok(account_disable(db, 0, id, false, &error), &error);
    check_ok(account_invitation_accept(db, &found, id, &error), &error);
    const struct account_role_list list = roles_of(id);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].role, "guest");
    assert_int_equal(list.items[0].until, until);
    assert_int_equal(list.items[0].author, boss);
    assert_int_equal(find(word, &found), STATUS_MISSING);
    assert_int_equal(account_invitation_accept(db, &found, id, &error), STATUS_DENIED);
    assert_int_equal(roles_of(id).count, 1);
    end();
}

/* The account and its role are made together, or neither is. */
static void test_somebody_new_opens_an_account(void **state)
{
    (void)state;
    begin();
    struct account_invitation found;
    int64_t id = 0, again = 0;
    const char *word = invite("new@exemple.fr", "clerk");
    check_ok(find(word, &found), &error);
    struct account_new person = {.email = found.email, .name = "Nadia", .password = "court", .invitation = &found};
    assert_int_equal(account_create(db, &person, &id, &error), STATUS_INPUT);
    check_ok(find(word, &found), &error); /* not used up */
    person.password = good;
    check_ok(account_create(db, &person, &id, &error), &error);
    assert_int_equal(roles_of(id).count, 1);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_relation"), 1);
    assert_int_equal(find(word, &found), STATUS_MISSING);
    person.email = "another@exemple.fr"; /* the invitation is gone: no account is left behind */
    assert_int_equal(account_create(db, &person, &again, &error), STATUS_MISSING);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account"), 2);
    end();
}

static void test_invitations_end(void **state)
{
    (void)state;
    begin();
    struct account_invitation found;
    struct account_invitation_list list;
    struct db_handle *read = NULL;
    const char *first = invite("a@exemple.fr", "clerk"), *second = invite("A@exemple.fr", "clerk");
    const char *other = invite("a@exemple.fr", "guest");
    assert_int_equal(find(first, &found), STATUS_MISSING); /* another one took its place */
    check_ok(find(second, &found), &error);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_invitations_at(read, arena, PLACE, &list, &error), &error);
    db_release(&read);
    assert_int_equal(list.count, 2);
    check_ok(account_invitation_end(db, boss, &found, &error), &error);
    assert_int_equal(account_invitation_end(db, boss, &found, &error), STATUS_MISSING);
    assert_int_equal(find(second, &found), STATUS_MISSING);
    check_ok(find(other, &found), &error);
    run("UPDATE account_invitation SET expires = created");
    assert_int_equal(find(other, &found), STATUS_MISSING);
    check_ok(account_sweep(db, &error), &error);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_invitation"), 0);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_event WHERE action = 'invited'"), 3);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_event WHERE action = 'uninvited'"), 1);
    end();
}

static enum status erase(struct db_handle *write, void *context, struct error *fault)
{
    return account_erase(write, 0, *(const int64_t *)context, fault);
}

/* Neither an erased account's address nor what it asked for stays; a restored backup brings none back. */
static void test_invitations_go_with_accounts(void **state)
{
    (void)state;
    begin();
    struct account_invitation found;
    int64_t id = make("a@exemple.fr");
    const char *to = invite("a@exemple.fr", "clerk"), *by = invite("b@exemple.fr", "clerk");
    check_ok(db_transaction(db, erase, &id, &error), &error);
    assert_int_equal(find(to, &found), STATUS_MISSING);
    check_ok(find(by, &found), &error);
    check_ok(db_transaction(db, erase, &boss, &error), &error);
    assert_int_equal(find(by, &found), STATUS_MISSING);
    boss = make("chef@exemple.fr");
    by = invite("b@exemple.fr", "clerk");
    check_ok(account_restored(db, &error), &error);
    assert_int_equal(find(by, &found), STATUS_MISSING);
    end();
}

/* Whether the address has an account changes nothing in what the inviter meets. */
static void test_invitations_are_counted(void **state)
{
    (void)state;
    begin();
    make("known@exemple.fr");
    static const char *const addresses[] = {"known@exemple.fr", "unknown@exemple.fr"};
    for (size_t i = 0; i < 2; i++) {
        for (int time = 0; time < 3; time++)
            check_ok(account_invite_count(db, arena, boss, addresses[i], &error), &error);
        assert_int_equal(account_invite_count(db, arena, boss, addresses[i], &error), STATUS_LIMIT);
        assert_string_equal(error.arguments[0], "20");
    }
    for (int i = 0; i < 22; i++)
        check_ok(account_invite_count(db, arena, boss, arena_print(arena, "p%d@exemple.fr", i), &error), &error);
    assert_int_equal(account_invite_count(db, arena, boss, "more@exemple.fr", &error), STATUS_LIMIT);
    check_ok(account_invite_count(db, arena, boss + 1, "more@exemple.fr", &error), &error);
    end();
}

/* ---- forgotten passwords ---- */

static enum status forget(const char *email, const char *peer, const char **closed)
{
    return account_forgotten_count(db, arena, email, peer, closed, &error);
}

static void test_a_forgotten_password(void **state)
{
    (void)state;
    begin();
    const char *closed = NULL, *unknown = NULL, *other = NULL;
    struct account found = {.id = 0};
    struct db_handle *read = NULL;
    check_ok(forget("CHEF@exemple.fr", "192.0.2.7", &closed), &error);
    check_ok(forget("chat@exemple.fr", "192.0.2.7", &unknown), &error);
    check_ok(forget("chef@exemple.fr", "192.0.2.7", &other), &error);
    assert_null(strstr(closed, "chef"));
    assert_int_equal(strlen(closed), strlen(unknown)); /* closed, and not the same twice */
    assert_string_not_equal(closed, other);
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_forgotten_find(read, arena, closed, &found, &error), &error);
    assert_int_equal(found.id, boss);
    assert_int_equal(account_forgotten_find(read, arena, unknown, &found, &error), STATUS_MISSING);
    assert_int_equal(account_forgotten_find(read, arena, "chef@exemple.fr", &found, &error), STATUS_MISSING);
    db_release(&read);
    end();
}

/* The fourth time for an address, the 31st from a network, known or not. */
static void test_forgetting_is_counted(void **state)
{
    (void)state;
    begin();
    const char *closed = NULL;
    static const char *const addresses[] = {"chef@exemple.fr", "nobody@exemple.fr"};
    for (size_t i = 0; i < 2; i++) {
        for (int time = 0; time < 3; time++)
            check_ok(forget(addresses[i], arena_print(arena, "10.0.%d.1", time), &closed), &error);
        assert_int_equal(forget(addresses[i], "10.0.9.1", &closed), STATUS_LIMIT);
    }
    for (int i = 0; i < 30; i++)
        check_ok(forget(arena_print(arena, "p%d@exemple.fr", i), arena_print(arena, "192.0.2.%d", i), &closed), &error);
    assert_int_equal(forget("p99@exemple.fr", "192.0.2.99", &closed), STATUS_LIMIT);
    check_ok(forget("p99@exemple.fr", "192.0.3.99", &closed), &error);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_invitation_is_found_by_its_word),
        cmocka_unit_test(test_what_cannot_be_invited_is_refused),
        cmocka_unit_test(test_an_account_accepts_once),
        cmocka_unit_test(test_somebody_new_opens_an_account),
        cmocka_unit_test(test_invitations_end),
        cmocka_unit_test(test_invitations_go_with_accounts),
        cmocka_unit_test(test_invitations_are_counted),
        cmocka_unit_test(test_a_forgotten_password),
        cmocka_unit_test(test_forgetting_is_counted),
    };
    return database_run_group(tests);
}
