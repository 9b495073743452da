/* test_check.c: a clean database passes the check; each tampering is named; what was erased leaves a chain that verifies. time limit: 240 s */
#include "tests/record/world.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/record/check.h"
#include "platform/record/erased.h"
#include "platform/record/seal.h"

static struct world world;
static struct error error;
static unsigned char secret[SEAL_SECRET];
static int64_t company, account, need;
static char said[8192];

static void say(void *context, const char *sentence)
{
    (void)context;
    if (strlen(said) + strlen(sentence) + 2 < sizeof said) strcat(strcat(said, sentence), "\n");
}

static struct check_totals check_with(const char *head, bool repair)
{
    struct check_totals totals;
    const struct check_wishes wishes = {.head = head, .day = time_today(), .repair_index = repair, .say = say};
    said[0] = '\0';
    check_ok(record_check(&world.records, &wishes, &totals, &error), &error);
    return totals;
}

static void passes(void)
{
    check_with(NULL, false);
    assert_string_equal(said, "");
}

/* Exactly one thing is found, and says this. */
static void finds(const char *words)
{
    const struct check_totals totals = check_with(NULL, false);
    if (!strstr(said, words)) fail_msg("not said: %s\nbut: %s", words, said);
    assert_int_equal(totals.findings, 1);
}

static void run(const char *sql) { check_ok(database_run(world.db, sql, DB_BIND_NONE, &error), &error); }

static void write_need(int64_t id, int64_t version, const char *field, const char *text)
{
    struct record_context context = world_as(&world, account);
    const struct input item = {field, text};
    const struct inputs inputs = {&item, 1};
    struct faults faults = {.count = 0};
    struct record_change change = {.id = id, .version = version, .inputs = &inputs, .faults = &faults};
    check_ok(record_write(&context, &need_kind, &change, &error), &error);
}

/* An organisation, a cluster, a member, three needs: one with a life, one with personal data, one that will be erased. */
static void begin(void)
{
    world = world_begin();
    company = world_organisation(&world, "Une", "company", "59350");
    const int64_t cluster = world_organisation(&world, "Pôle", "cluster", "62041");
    world_member(&world, company, cluster, time_today() - 5, ABSENT);
    account = world_account(&world, "a@exemple.fr", "member", company);
    need = world_need(&world, account, "Deux soudeurs", company, AUDIENCE_NETWORK);
    world_need(&world, account, "Un tourneur", company, AUDIENCE_PUBLIC);
    write_need(need, 1, "title", "Trois soudeurs");
    write_need(need, 2, "contact", "Bob Contact");
    struct record_context context = world_as(&world, account);
    check_ok(record_change_state(&context, &need_kind, need, 3, "closed", "Recruté ailleurs", &error), &error);
}

static void end(void) { world_end(&world); }

static int64_t seal_all(void)
{
    int64_t made = 0;
    unsigned char key[SEAL_PUBLIC];
    if (sodium_is_zero(secret, sizeof secret)) crypto_sign_keypair(key, secret);
    check_ok(history_seal(world.db, secret, time_now() + 1000, 100, &made, &error), &error);
    return made;
}

static const char *head_now(void)
{
    struct seal seal;
    struct record_context context = world_program(&world);
    check_ok(seal_last(context.handle, &seal, &error), &error);
    return seal_print(world.arena, &seal);
}

static void test_a_clean_database_passes(void **state)
{
    (void)state;
    begin();
    passes();
    assert_int_equal(seal_all(), 1);
    assert_int_equal(seal_all(), 0);
    write_need(need, 4, "title", "Quatre soudeurs");
    const struct check_totals totals = check_with(head_now(), false);
    assert_string_equal(said, "");
    assert_int_equal(totals.records,
                     database_integer(world.db, "SELECT (SELECT COUNT(*) FROM organisation) + (SELECT COUNT(*) FROM "
                                                "membership) + (SELECT COUNT(*) FROM need)"));
    assert_int_equal(totals.lines, database_integer(world.db, "SELECT COUNT(*) FROM record_history"));
    assert_int_equal(totals.unsealed, 1);
    assert_int_equal(totals.seals, 1);
    end();
}

static void test_a_merged_index_passes(void **state)
{
    (void)state;
    begin();
    int64_t left = 1;
    while (left) check_ok(index_merge(world.db, 1000, &left, &error), &error);
    passes();
    write_need(need, 4, "title", "Quatre soudeurs"); /* blocks and a log */
    passes();
    end();
}

static void test_an_erased_record_passes(void **state)
{
    (void)state;
    begin();
    seal_all();
    const char *head = head_now();
    struct record_context context = world_as(&world, account);
    check_ok(record_erase(&context, &need_kind, need, 4, "À la demande de la personne", &error), &error);
    struct check_totals totals = check_with(head, false);
    assert_string_equal(said, "");
    assert_int_equal(totals.erased, 4);
    seal_all();
    totals = check_with(head, false);
    assert_string_equal(said, "");
    assert_int_equal(totals.seals, 2);
    run("UPDATE record_history SET reason = 'Autre' WHERE action = 'erased'");
    finds("was erased was altered");
    end();
}

/* ---- the list of what was erased ---- */

static const char *read_text(const char *path)
{
    char text[4096] = "";
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return arena_copy_bytes(world.arena, text, length);
}

static void write_text(const char *path, const char *mode, const char *text)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int64_t note(const char *path, int64_t before)
{
    int64_t added = -1;
    check_ok(erased_note(world.db, path, before, &added, &error), &error);
    return added;
}

static void test_erasures_are_listed_once(void **state)
{
    (void)state;
    begin();
    char path[] = "/tmp/maillage-erased-XXXXXX";
    close(mkstemp(path));
    const int64_t soon = time_now() + 60000;
    assert_int_equal(note(path, soon - 120000), 0); /* made, empty */
    struct record_context context = world_as(&world, account);
    check_ok(record_erase(&context, &need_kind, need, 4, "À la demande de la personne", &error), &error);
    assert_int_equal(note(path, soon), 1);
    assert_int_equal(note(path, soon), 0);
    assert_int_equal(note(path, soon + 1), 0);
    const char *whole = read_text(path);
    assert_non_null(strstr(whole, arena_print(world.arena, "\nneed %lld 20", (long long)need)));
    assert_null(strstr(whole, "soudeurs"));
    write_text(path, "ae", "need 1234"); /* torn by a crash */
    assert_int_equal(note(path, soon + 2), 0);
    assert_string_equal(read_text(path),
                        arena_print(world.arena, "%suntil %lld\n", whole, (long long)(soon + 2) << 20));
    write_text(path, "we", "Bonjour\n");
    assert_int_equal(erased_note(world.db, path, soon, NULL, &error), STATUS_INPUT);
    unlink(path);
    end();
}

static void tell(void *context, const char *kind, int64_t id, const struct error *why)
{
    (void)context, (void)kind, (void)id, (void)why;
    strcat(said, "kept ");
}

static void test_listed_erasures_are_done_again(void **state)
{
    (void)state;
    begin();
    struct erased_totals totals;
    char path[] = "/tmp/maillage-erased-XXXXXX";
    close(mkstemp(path));
    *said = '\0';
    /* one that is there, and one that is not */
    write_text(path, "we",
               arena_print(world.arena,
                           "maillage-erased 1\nneed %lld 2026-11-26T03:00:00.000Z\nneed 7 2026-11-26T03:00:00.000Z\n"
                           "until 9\n",
                           (long long)need));
    check_ok(erased_replay(&world.records, path, &(struct erased_wishes){.say = tell}, &totals, &error), &error);
    assert_int_equal(totals.listed, 2);
    assert_int_equal(totals.erased, 1);
    assert_int_equal(totals.kept, 0);
    assert_string_equal(said, "");
    struct record_context context = world_as(&world, account);
    void *record = NULL;
    assert_int_equal(record_load(&context, &need_kind, need, &record, &error), STATUS_MISSING);
    assert_int_equal(check_with(NULL, false).erased, 4);
    assert_string_equal(said, "");
    write_text(path, "we", "maillage-erased 1\nunicorn 7 2026-11-26T03:00:00.000Z\n");
    assert_int_equal(erased_replay(&world.records, path, &(struct erased_wishes){.say = tell}, &totals, &error),
                     STATUS_INPUT);
    assert_int_equal(error.line, 2);
    unlink(path);
    end();
}

/* Each in a database of its own: what is done by SQL, what is said. */
static const struct {
    const char *sql, *words;
} tamperings[] = {
    {"UPDATE need SET headcount = 12 WHERE title = 'Trois soudeurs'", "does not say what its history says"},
    {"UPDATE need SET contact = 'Eve' WHERE title = 'Trois soudeurs'", "first in contact"},
    {"UPDATE need SET state = 'nowhere' WHERE title = 'Un tourneur'", "does not exist"},
    {"UPDATE need SET reader = 1 WHERE title = 'Trois soudeurs'", "may be read by others"},
    {"UPDATE need SET audience = 9 WHERE title = 'Un tourneur'", "an audience that does not exist"},
    {"UPDATE need SET version = 9 WHERE title = 'Un tourneur'", "is at version 9"},
    {"UPDATE need SET name_key = 'x' WHERE title = 'Un tourneur'", "sorted under another name"},
    {"DELETE FROM need WHERE title = 'Un tourneur'", "is gone and nothing says"},
    {"DELETE FROM record_history WHERE version = 2", "lacks or doubles its version 2"},
    {"DELETE FROM record_history WHERE version = 4", "is at version 4 and its history ends at 3"},
    {"DELETE FROM record_history WHERE kind = 'membership'", "has no history"},
    {"UPDATE record_history SET changes = '{\"title\":[\"Dix soudeurs\",\"Trois soudeurs\"]}' WHERE version = 2",
     "altered at version 2"},
    {"UPDATE record_history SET account = 5 WHERE version = 2", "altered at version 2"},
    {"UPDATE record_history SET reason = 'Autre' WHERE version = 4", "altered at version 4"},
    {"UPDATE record_history SET moment = 5 WHERE kind = 'membership'", "does not say what its history says"},
    {"UPDATE record_history SET salt = NULL, changes = NULL WHERE version = 2", "altered at version 2"},
    {"UPDATE record_leaf SET after = 'Eve'", "altered at version 3"},
    {"DELETE FROM record_leaf", "altered at version 3"},
    {"DELETE FROM account_token WHERE token > 2", "may read other records than its roles say"},
    {"INSERT INTO account_token (account, token) VALUES (0, 2)", "Account 0 may read"},
    {"UPDATE account_relation SET bits = 8", "may read other records than its roles say"},
};

static void test_each_tampering_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++) {
        begin();
        passes();
        run(tamperings[i].sql);
        check_with(NULL, false);
        if (!strstr(said, tamperings[i].words))
            fail_msg("%s\nnot said: %s\nbut: %s", tamperings[i].sql, tamperings[i].words, said);
        end();
    }
}

static void test_the_index_is_compared_and_put_right(void **state)
{
    (void)state;
    begin();
    int64_t left = 1;
    while (left) check_ok(index_merge(world.db, 1000, &left, &error), &error);
    run("DELETE FROM index_posting WHERE key = (SELECT MIN(key) FROM index_posting WHERE key > 1) AND block = 0");
    check_with(NULL, false);
    assert_non_null(strstr(said, "it lacks 1 keys and has 0 too many"));
    struct check_totals totals = check_with(NULL, true);
    assert_true(totals.repaired > 0 && totals.repaired == totals.findings);
    passes();
    end();
}

struct stray {
    int64_t slot;
};

static enum status add_stray(struct db_handle *write, void *context, struct error *failure)
{
    const struct stray *stray = context;
    const int64_t key = 12345;
    return index_change(write, "need", stray->slot, NULL, 0, &key, 1, failure);
}

static void test_a_key_too_many_is_found(void **state)
{
    (void)state;
    begin();
    struct stray stray = {database_integer(world.db, "SELECT slot FROM need WHERE title = 'Un tourneur'")};
    check_ok(db_transaction(world.db, add_stray, &stray, &error), &error);
    finds("it lacks 0 keys and has 1 too many");
    check_with(NULL, true);
    passes();
    stray.slot = 70000; /* where there is no record, in another block */
    check_ok(db_transaction(world.db, add_stray, &stray, &error), &error);
    finds("slot 70000");
    end();
}

static void test_seals_tell_what_was_cut_or_made_again(void **state)
{
    (void)state;
    begin();
    seal_all();
    write_need(need, 4, "title", "Quatre soudeurs");
    seal_all();
    const char *head = head_now();
    check_with(head, false);
    assert_string_equal(said, "");
    /* a line of who and when, which no record's digest covers once erased: under the seal */
    run("UPDATE record_history SET home = 1 WHERE kind = 'membership'");
    finds("under seal 1 were altered");
    run("UPDATE record_history SET home = (SELECT MIN(home) FROM membership) WHERE kind = 'membership'");
    passes();
    /* the seal itself */
    run("UPDATE record_seal SET lines = lines - 1 WHERE number = 1");
    check_with(NULL, false);
    assert_non_null(strstr(said, "lines were removed or added"));
    assert_non_null(strstr(said, "signature of seal 1"));
    run("UPDATE record_seal SET lines = lines + 1 WHERE number = 1");
    passes();
    /* the end of the chain cut: only the head kept elsewhere tells */
    run("DELETE FROM record_seal WHERE number = 2");
    passes();
    check_with(head, false);
    assert_non_null(strstr(said, "its end was cut off"));
    /* made again, well formed, with another key */
    unsigned char key[SEAL_PUBLIC];
    crypto_sign_keypair(key, secret);
    run("DELETE FROM record_seal");
    seal_all();
    passes();
    write_need(need, 5, "title", "Cinq soudeurs");
    seal_all();
    passes();
    check_with(head, false);
    assert_non_null(strstr(said, "the chain was made again"));
    run("DELETE FROM record_seal WHERE number = 1");
    check_with(NULL, false);
    assert_non_null(strstr(said, "Seal 1 is not there"));
    end();
}

static void test_a_head_that_was_changed_is_refused(void **state)
{
    (void)state;
    begin();
    seal_all();
    struct seal seal;
    char *head = arena_copy(world.arena, head_now());
    check_ok(seal_parse(head, &seal, &error), &error);
    char *digit = strstr(head, "digest ") + 7;
    *digit = *digit == '0' ? '1' : '0';
    assert_int_equal(seal_parse(head, &seal, &error), STATUS_INPUT);
    assert_int_equal(seal_parse("maillage", &seal, &error), STATUS_INPUT);
    end();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clean_database_passes),
        cmocka_unit_test(test_a_merged_index_passes),
        cmocka_unit_test(test_an_erased_record_passes),
        cmocka_unit_test(test_erasures_are_listed_once),
        cmocka_unit_test(test_listed_erasures_are_done_again),
        cmocka_unit_test(test_each_tampering_is_named),
        cmocka_unit_test(test_the_index_is_compared_and_put_right),
        cmocka_unit_test(test_a_key_too_many_is_found),
        cmocka_unit_test(test_seals_tell_what_was_cut_or_made_again),
        cmocka_unit_test(test_a_head_that_was_changed_is_refused),
    };
    return database_run_group(tests);
}
