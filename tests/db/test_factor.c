/* Two-step sign-in: codes by the vectors of RFC 6238, each good once, recovery codes, and what failures bring to whom. */
#include "tests/db/database.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/key/key.h"

static const char good[] = "cheval correct batterie";
static const struct right_name names[] = {{ADMINISTRATOR, "administrator", "Administrator"}, {NOBODY, NULL, NULL}};
static const struct rights_model model = {
    .names = names,
    .relations = "SELECT organisation, 8 FROM account_role WHERE account = $1 AND valid_from <= $2",
    .circles = "SELECT organisation, 256 FROM account_role WHERE account = $1 AND $2 < 0",
};
static struct account_policy quick = {.model = &model, .hash_operations = 1, .hash_memory = 8192};

static struct error error;
static struct db *db;
static struct arena *arena;
static char key_path[64];

static void begin(void)
{
    size_t count = 0;
    const struct migration *own = schema_migrations(&count);
    snprintf(key_path, sizeof key_path, "/tmp/maillage-factor-%d", (int)getpid());
    quick.key_file = key_path;
    account_configure(&quick);
    arena = arena_new();
    db = database_begin(NULL);
    check_ok(db_migrate(db, own, count, NULL, &error), &error);
}

static void end(void)
{
    arena_free(&arena);
    database_end(&db);
    unlink(key_path);
}

static int64_t make(const char *email)
{
    int64_t id = 0;
    const struct account_new account = {.email = email, .name = "Zoé", .password = good};
    check_ok(account_create(db, &account, &id, &error), &error);
    return id;
}

static struct account_factor load(int64_t account)
{
    struct account_factor factor;
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(account_factor_load(read, arena, account, &factor, &error), &error);
    db_release(&read);
    return factor;
}

/* What a telephone would do with the text shown to the person: an independent reading of RFC 4648. */
static size_t decode(const char *text, unsigned char *bytes)
{
    size_t length = 0;
    unsigned held = 0, bits = 0;
    for (; *text; text++) {
        held = held << 5 | (unsigned)(*text >= 'A' ? *text - 'A' : *text - '2' + 26);
        bits += 5;
        if (bits >= 8) bytes[length++] = (unsigned char)(held >> (bits -= 8));
    }
    return length;
}

static const char *telephone(const char *secret, int64_t steps_from_now)
{
    unsigned char bytes[64];
    char *code = arena_alloc(arena, 9);
    const size_t length = decode(secret, bytes);
    account_code_at(bytes, length, time_now() / 30000 + steps_from_now, 6, code);
    return code;
}

static const struct account_recovery *pair(int64_t account, const char **secret)
{
    const struct account_recovery *codes = NULL;
    check_ok(account_factor_begin(db, account, &error), &error);
    *secret = load(account).secret;
    const struct account_asked asked = {.password = good, .code = telephone(*secret, -1)};
    check_ok(account_factor_confirm(db, arena, account, &asked, &codes, &error), &error);
    return codes;
}

static const struct account_attempt from = {.email = "a@exemple.fr", .password = good, .peer = "192.0.2.7"};

static const char *ticket_of(const struct account_attempt *attempt)
{
    struct account_opened opened;
    check_ok(account_sign_in(db, arena, attempt, &opened, &error), &error);
    assert_null(opened.session);
    assert_non_null(opened.ticket);
    return opened.ticket;
}

static enum status second(const struct account_attempt *attempt, const char *ticket, const char *code,
                          struct account_opened *opened)
{
    return account_sign_in_code(db, arena, attempt, ticket, code, opened, &error);
}

static void run(const char *sql) { check_ok(database_run(db, sql, DB_BIND_NONE, &error), &error); }

/* RFC 6238, appendix B (SHA-1), and RFC 4226, appendix D. */
static void test_codes_are_those_of_the_standards(void **state)
{
    (void)state;
    static const unsigned char secret[] = "12345678901234567890";
    const struct {
        int64_t seconds;
        const char *code;
    } vectors[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                   {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    const char *counted[] = {"755224", "287082", "359152", "969429", "338314",
                             "254676", "287922", "162583", "399871", "520489"};
    char code[9];
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        account_code_at(secret, 20, vectors[i].seconds / 30, 8, code);
        assert_string_equal(code, vectors[i].code);
        assert_int_equal(account_code_step(secret, 20, vectors[i].seconds * 1000, vectors[i].code + 2),
                         vectors[i].seconds / 30);
    }
    for (int i = 0; i < 10; i++) {
        account_code_at(secret, 20, i, 6, code);
        assert_string_equal(code, counted[i]);
    }
    assert_int_equal(account_code_step(secret, 20, 59000 + 30000, "287082"), 1); /* the one before still counts */
    assert_int_equal(account_code_step(secret, 20, 59000 + 61000, "287082"), 0);
    assert_int_equal(account_code_step(secret, 20, 59000, "94287082"), 0);
}

/* RFC 4648, section 10. */
static void test_secrets_are_written_in_base_32(void **state)
{
    (void)state;
    arena = arena_new();
    assert_string_equal(account_base32(arena, (const unsigned char *)"foobar", 6), "MZXW6YTBOI");
    assert_string_equal(account_base32(arena, (const unsigned char *)"fooba", 5), "MZXW6YTB");
    assert_string_equal(account_base32(arena, (const unsigned char *)"f", 1), "MY");
    assert_string_equal(account_base32(arena, (const unsigned char *)"", 0), "");
    assert_string_equal(account_code_clean(arena, " abcd-ef23 "), "ABCDEF23");
    assert_string_equal(account_factor_address(arena, "Le réseau", "a+b@exemple.fr", "MY"),
                        "otpauth://totp/Le%20r%C3%A9seau:a%2Bb@exemple.fr?secret=MY&issuer=Le%20r%C3%A9seau");
    arena_free(&arena);
}

static void test_a_code_is_asked_and_serves_once(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *secret = NULL;
    const int64_t id = make("a@exemple.fr");
    pair(id, &secret);
    assert_null(load(id).secret); /* shown no more */
    assert_int_equal(load(id).recovery, 10);
    const char *ticket = ticket_of(&from), *code = telephone(secret, 0);
    assert_int_equal(second(&from, ticket, telephone(secret, -1), &opened), STATUS_INPUT); /* served to confirm */
    check_ok(second(&from, ticket, code, &opened), &error);
    assert_int_equal(opened.account, id);
    assert_non_null(opened.session);
    assert_int_equal(second(&from, ticket, code, &opened), STATUS_INPUT);
    assert_int_equal(second(&from, ticket_of(&from), code, &opened), STATUS_INPUT);
    assert_null(opened.session);
    check_ok(second(&from, ticket, telephone(secret, 1), &opened), &error); /* a clock a little ahead */
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_session"), 2);
    end();
}

static void test_recovery_codes_serve_once(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *secret = NULL;
    const int64_t id = make("a@exemple.fr");
    const struct account_recovery *codes = pair(id, &secret);
    check_ok(second(&from, ticket_of(&from), codes->items[3], &opened), &error);
    assert_int_equal(second(&from, ticket_of(&from), codes->items[3], &opened), STATUS_INPUT);
    assert_int_equal(load(id).recovery, 9);
    assert_int_equal(second(&from, ticket_of(&from), "AAAA-AAAA-AAAA-AAAA", &opened), STATUS_INPUT);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_event WHERE action = 'recovery_used'"), 1);
    const struct account_recovery *others = NULL;
    const struct account_asked asked = {.password = good, .code = telephone(secret, 0)};
    check_ok(account_factor_renew(db, arena, id, &asked, &others, &error), &error);
    run("DELETE FROM account_attempt");
    assert_int_equal(second(&from, ticket_of(&from), codes->items[4], &opened),
                     STATUS_INPUT); /* gone with the others */
    check_ok(second(&from, ticket_of(&from), others->items[0], &opened), &error);
    end();
}

static void test_a_ticket_ends(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *secret = NULL;
    const int64_t id = make("a@exemple.fr");
    const struct account_recovery *codes = pair(id, &secret);
    char *ticket = arena_copy(arena, ticket_of(&from));
    check_ok(account_password_set(db, 0, id, "une autre phrase longue", &error), &error);
    assert_int_equal(second(&from, ticket, codes->items[0], &opened), STATUS_DENIED); /* with the password */
    const struct account_attempt again = {
        .email = "a@exemple.fr", .password = "une autre phrase longue", .peer = "192.0.2.7"};
    ticket = arena_copy(arena, ticket_of(&again));
    check_ok(account_disable(db, 0, id, true, &error), &error);
    assert_int_equal(second(&again, ticket, codes->items[0], &opened), STATUS_DENIED); /* with the account */
    check_ok(account_disable(db, 0, id, false, &error), &error);
    ticket[10] ^= 1;
    assert_int_equal(second(&again, ticket, codes->items[0], &opened), STATUS_DENIED); /* when it is changed */
    assert_int_equal(second(&again, "", codes->items[0], &opened), STATUS_DENIED);
    const char *stale = key_wrap(arena, (unsigned char[KEY_BYTES]){1}, "ticket", "1 99999999999999 x");
    assert_int_equal(second(&again, stale, codes->items[0], &opened), STATUS_DENIED); /* under another key */
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_session"), 0);
    end();
}

/* Whoever has the database alone has no secret; a key of its own stands in a file of mode 0600, or the factor cannot be used. */
static void test_the_secret_is_closed(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *secret = NULL, *kept = NULL;
    unsigned char bytes[64];
    char hex[129] = "";
    const int64_t id = make("a@exemple.fr");
    pair(id, &secret);
    const size_t length = decode(secret, bytes);
    assert_int_equal(length, 20);
    for (size_t i = 0; i < length; i++) sprintf(hex + 2 * i, "%02x", bytes[i]);
    struct db_handle *read = NULL;
    check_ok(db_read(db, &read, &error), &error);
    check_ok(db_one_text(read, arena, "SELECT secret FROM account_factor", DB_BIND_NONE, &kept, &error), &error);
    db_release(&read);
    assert_null(strstr(kept, hex));
    assert_null(strstr(kept, secret));
    const char *ticket = ticket_of(&from);
    assert_int_equal(unlink(key_path), 0); /* lost: another is made, which opens nothing */
    assert_int_equal(second(&from, ticket, telephone(secret, 0), &opened), STATUS_DENIED);
    assert_int_equal(second(&from, ticket_of(&from), telephone(secret, 0), &opened), STATUS_FAULT);
    end();
}

static void test_it_is_taken_off_with_proof_or_by_who_may(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const char *secret = NULL;
    const int64_t id = make("a@exemple.fr");
    pair(id, &secret);
    const struct account_asked wrong = {.password = "mauvaise phrase longue", .code = telephone(secret, 0)};
    assert_int_equal(account_factor_leave(db, id, &wrong, &error), STATUS_INPUT);
    assert_string_equal(error.field, "password");
    const struct account_asked without = {.password = good, .code = "000000"};
    assert_int_equal(account_factor_leave(db, id, &without, &error), STATUS_INPUT);
    assert_string_equal(error.field, "code");
    const struct account_asked right = {.password = good, .code = telephone(secret, 0)};
    check_ok(account_factor_leave(db, id, &right, &error), &error);
    check_ok(account_sign_in(db, arena, &from, &opened, &error), &error);
    assert_non_null(opened.session);
    pair(id, &secret);
    check_ok(account_factor_end(db, 77, id, &error), &error);
    assert_int_equal(account_factor_end(db, 77, id, &error), STATUS_MISSING);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM account_recovery"), 0);
    assert_int_equal(
        database_integer(db, "SELECT COUNT(*) FROM account_event WHERE action = 'factor_ended' AND author = 77"), 1);
    end();
}

/* Six digits are few: what comes to one account from everywhere is counted together; the browser that the person knows is left out. */
static void test_codes_cannot_be_guessed_nor_the_person_barred(void **state)
{
    (void)state;
    begin();
    struct account_opened opened, known;
    const char *secret = NULL;
    const int64_t id = make("a@exemple.fr");
    check_ok(account_sign_in(db, arena, &from, &known, &error), &error);
    pair(id, &secret);
    int tried = 0;
    for (int network = 0; network < 60; network++) {
        struct account_attempt guess = from;
        guess.peer = arena_print(arena, "198.51.%d.1", network);
        const char *ticket = ticket_of(&guess);
        const enum status status = second(&guess, ticket, "000000", &opened);
        if (status != STATUS_LIMIT) tried++;
        if (status == STATUS_LIMIT) assert_in_range(opened.retry_after, 1500, 1800);
    }
    assert_int_equal(tried, 50);
    struct account_attempt own = from;
    own.device = known.device;
    check_ok(second(&own, ticket_of(&own), telephone(secret, 0), &opened), &error);
    run("UPDATE account_attempt SET last = last - 1801000"); /* half an hour and a second */
    struct account_attempt fresh = from;
    fresh.peer = "203.0.113.9";
    check_ok(second(&fresh, ticket_of(&fresh), telephone(secret, 1), &opened), &error);
    end();
}

/* Many addresses tried from one network: it is slowed down as a whole, others and known devices are not. */
static void test_a_network_that_tries_everybody(void **state)
{
    (void)state;
    begin();
    struct account_opened opened, known;
    make("a@exemple.fr");
    check_ok(account_sign_in(db, arena, &from, &known, &error), &error);
    int denied = 0;
    for (int i = 0; i < 110; i++) {
        const struct account_attempt spray = {
            .email = arena_print(arena, "p%d@exemple.fr", i), .password = "mauvaise phrase", .peer = "192.0.2.9"};
        const enum status status = account_sign_in(db, arena, &spray, &opened, &error);
        if (status == STATUS_DENIED) denied++;
        if (status == STATUS_LIMIT) assert_in_range(opened.retry_after, 1, 60);
    }
    assert_int_equal(denied, 100);
    assert_int_equal(account_sign_in(db, arena, &from, &opened, &error), STATUS_LIMIT); /* the same /24 */
    struct account_attempt own = from;
    own.device = known.device;
    check_ok(account_sign_in(db, arena, &own, &opened, &error), &error);
    struct account_attempt elsewhere = from;
    elsewhere.peer = "203.0.113.9";
    check_ok(account_sign_in(db, arena, &elsewhere, &opened, &error), &error);
    run("UPDATE account_attempt SET last = last - 61000");
    check_ok(account_sign_in(db, arena, &from, &opened, &error), &error);
    check_ok(account_sign_in(db, arena, &from, &opened, &error), &error); /* who succeeds takes nothing away */
    end();
}

static void test_administrators_may_need_it(void **state)
{
    (void)state;
    begin();
    struct account_opened opened;
    const struct viewer *viewer = NULL;
    const char *csrf = NULL, *secret = NULL;
    bool lacks = false;
    quick.factor_for = ADMINISTRATOR;
    account_configure(&quick);
    quick.factor_for = NOBODY;
    const int64_t id = make("a@exemple.fr");
    const struct account_role role = {.account = id, .role = "administrator", .from = time_today()};
    check_ok(account_role_give(db, &role, NULL, &error), &error);
    check_ok(account_sign_in(db, arena, &from, &opened, &error), &error);
    for (int round = 0; round < 2; round++) {
        struct db_handle *read = NULL;
        check_ok(db_read(db, &read, &error), &error);
        check_ok(account_authenticate(read, arena, opened.session, NULL, &viewer, &csrf, &error), &error);
        check_ok(account_factor_lacks(read, arena, id, &lacks, &error), &error);
        assert_int_equal(lacks, round == 0);
        assert_int_equal((viewer->roles & viewer->everywhere & ADMINISTRATOR) != 0, round == 1);
        check_ok(account_viewer(read, arena, id, 0, ACCOUNT_ALL_SCOPES, true, &viewer, &error), &error);
        assert_int_equal((viewer_rights(viewer, 12) & ADMINISTRATOR) != 0, round == 1);
        db_release(&read);
        if (!round) pair(id, &secret);
    }
    end();
}

static void test_keys_in_files(void **state)
{
    (void)state;
    unsigned char first[KEY_BYTES], again[KEY_BYTES];
    char path[] = "/tmp/maillage-key-XXXXXX";
    arena = arena_new();
    assert_non_null(mkdtemp(path));
    const char *file = arena_print(arena, "%s/key", path);
    check_ok(key_file(file, first, sizeof first, NULL, &error), &error);
    check_ok(key_file(file, again, sizeof again, NULL, &error), &error);
    assert_memory_equal(first, again, sizeof first);
    const char *closed = key_wrap(arena, first, "a", "un secret");
    assert_string_equal(key_unwrap(arena, first, "a", closed), "un secret");
    assert_null(key_unwrap(arena, first, "b", closed));
    assert_null(key_unwrap(arena, first, "a", "AAAA"));
    assert_null(key_unwrap(arena, first, "a", NULL));
    assert_string_not_equal(closed, key_wrap(arena, first, "a", "un secret"));
    assert_int_equal(key_file("/proc/nowhere/key", first, sizeof first, NULL, &error), STATUS_INPUT);
    FILE *wrong = fopen(file, "w");
    fputs("deadbeef\n", wrong);
    fclose(wrong);
    assert_int_equal(key_file(file, first, sizeof first, NULL, &error), STATUS_INPUT);
    unlink(file);
    rmdir(path);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_those_of_the_standards),
        cmocka_unit_test(test_secrets_are_written_in_base_32),
        cmocka_unit_test(test_a_code_is_asked_and_serves_once),
        cmocka_unit_test(test_recovery_codes_serve_once),
        cmocka_unit_test(test_a_ticket_ends),
        cmocka_unit_test(test_the_secret_is_closed),
        cmocka_unit_test(test_it_is_taken_off_with_proof_or_by_who_may),
        cmocka_unit_test(test_codes_cannot_be_guessed_nor_the_person_barred),
        cmocka_unit_test(test_a_network_that_tries_everybody),
        cmocka_unit_test(test_administrators_may_need_it),
        cmocka_unit_test(test_keys_in_files),
    };
    return database_run_group(tests);
}
