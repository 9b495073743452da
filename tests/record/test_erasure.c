/* test_erasure.c: what is erased is nowhere: a word of its own is planted in every personal field of every kind, in their history, in files, imports, lists
 * made and letters; after the erasure each byte of the database's files is read. time limit: 300 s */
#include "tests/record/every.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/file/file.h"
#include "platform/index/index.h"
#include "platform/job/job.h"
#include "platform/mail/mail.h"
#include "platform/record/check.h"
#include "platform/record/erased.h"
#include "platform/record/export.h"
#include "platform/record/json.h"
#include "platform/record/files.h"
#include "platform/record/seal.h"
#include "platform/record/store_private.h"
#include "platform/record/traces.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/application.h"
#include "product/kinds/handover.h"
#include "product/kinds/kinds.h"
#include "product/kinds/practice.h"
#include "product/roles.h"

/* Words that nothing else says; the telephone's stands for its digits. */
#define PLANT "zqxplant"
#define DIGITS "98765432"

enum { KINDS_MOST = 40, NOISE = 40, FILE_LIMIT = 256 * 1024 * 1024 };

static struct world world;
static struct error error;
static int64_t company, officer;
static int64_t planted[KINDS_MOST];
static char said[8192];

/* ---- bytes ---- */

static size_t count_in(const char *bytes, size_t length, const char *needle)
{
    const size_t size = strlen(needle);
    size_t found = 0;
    for (size_t i = 0; i + size <= length; i++) found += strncasecmp(bytes + i, needle, size) == 0;
    return found;
}

static size_t count_in_file(const char *path, const char *needle)
{
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    struct stat about;
    assert_int_equal(fstat(fileno(file), &about), 0);
    assert_true(about.st_size < FILE_LIMIT);
    char *bytes = malloc((size_t)about.st_size + 1);
    const size_t length = fread(bytes, 1, (size_t)about.st_size, file), found = count_in(bytes, length, needle);
    free(bytes);
    fclose(file);
    return found;
}

static size_t count_in_folder(const char *folder, const char *needle)
{
    DIR *entries = opendir(folder);
    size_t found = 0;
    assert_non_null(entries);
    for (const struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        if (*entry->d_name == '.') continue;
        const char *path = arena_print(world.arena, "%s/%s", folder, entry->d_name);
        found += entry->d_type == DT_DIR ? count_in_folder(path, needle) : count_in_file(path, needle);
    }
    closedir(entries);
    return found;
}

/* PostgreSQL: of the tables of this database; its log is its own affair, see docs/trust.md. */
static const char *folder(void)
{
    struct db_handle *read = NULL;
    const char *path = NULL;
    if (database_engine() == DB_SQLITE) {
        char *own = arena_copy(world.arena, database_address());
        *strrchr(own, '/') = '\0';
        return own;
    }
    check_ok(db_read(world.db, &read, &error), &error);
    check_ok(db_one_text(read, world.arena,
                         "SELECT current_setting('data_directory') || '/base/' || CAST(oid AS TEXT) FROM pg_database "
                         "WHERE datname = current_database()",
                         DB_BIND_NONE, &path, &error),
             &error);
    check_ok(db_run(read, "CHECKPOINT", DB_BIND_NONE, NULL, &error), &error);
    db_release(&read);
    return path;
}

static size_t bytes_left(void) { return count_in_folder(folder(), PLANT) + count_in_folder(folder(), DIGITS); }

/* ---- planting ---- */

static int64_t bring_file(const char *text)
{
    const char *bytes = arena_print(world.arena, "%%PDF-1.7\n%s\n%s\n", text, PLANT);
    const struct file_given given = {PLANT ".pdf", bytes, strlen(bytes)};
    int64_t id = 0;
    check_ok(file_store(world.db, world.arena, &given, company, officer, 0, &id, &error), &error);
    return id;
}

/* A text of the field's type; NULL: none is known, and this test must learn one. */
static const char *plant_text(const struct field *field, int turn)
{
    switch ((int)field->type) {
    case FIELD_TEXT:
    case FIELD_MARKDOWN: return arena_print(world.arena, PLANT " %d", turn);
    case FIELD_EMAIL: return arena_print(world.arena, PLANT "%d@exemple.fr", turn);
    case FIELD_TELEPHONE: return arena_print(world.arena, "0" DIGITS "%d", turn);
    case FIELD_LINK: return arena_print(world.arena, "https://" PLANT "%d.exemple.fr", turn);
    case FIELD_FILE: return arena_print(world.arena, "%lld", (long long)bring_file(field->name));
    default: fail_msg("plant a %s in the personal field %s", field_type(field)->name, field->name);
    }
    return NULL;
}

static const char *code_text(const struct record_context *context, const struct field *field)
{
    const struct vocabulary_code **codes = NULL;
    const size_t count =
        vocabulary_list(context->records->vocabulary, world.arena, field->code.scheme, field->code.level, NULL, &codes);
    return count ? codes[0]->code : NULL;
}

static int64_t target_of(const struct field *field)
{
    for (size_t i = 0; kinds_all()[i]; i++)
        if (strcmp(kinds_all()[i]->name, field->reference.to) == 0) return planted[i] ? planted[i] : company;
    return company;
}

/* What a record needs to be one of its kind. */
static const char *needed_text(const struct record_context *context, const struct kind *kind, const struct field *field)
{
    if (!field->required && !(field->name && strcmp(field->name, kind->name_field) == 0)) return NULL;
    switch ((int)field->type) {
    case FIELD_TEXT:
    case FIELD_MARKDOWN: return "Planté " PLANT "titre";
    case FIELD_REFERENCE: return arena_print(world.arena, "%lld", (long long)target_of(field));
    case FIELD_CODE:
    case FIELD_CODES: return code_text(context, field);
    case FIELD_CHOICE: return field->choice.options->value;
    case FIELD_PLACE: return "59350";
    case FIELD_DATE: return "2026-11-02";
    case FIELD_MOMENT: return "2026-11-02 10:00";
    case FIELD_PERIOD: return "2026-11-02/2026-11-03";
    case FIELD_YESNO: return "1";
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_MONEY: return "1";
    default: fail_msg("give the required field %s of %s a value", field->name, kind->name);
    }
    return NULL;
}

static void set_field(struct record_context *context, const struct field *field, void *record, const char *text)
{
    if (text) check_ok(field_type(field)->parse(context, field, text, field_member(field, record), &error), &error);
}

struct planting {
    struct record_context context;
    const struct kind *kind;
    void *record;
    const void *before;
};

static enum status plant_in(struct db_handle *write, void *data, struct error *fault)
{
    struct planting *planting = data;
    struct record_context context = planting->context;
    context.handle = write;
    return write_record(
        &context, planting->kind,
        &(struct save){planting->record, planting->before, planting->before ? "changed" : "created", NULL}, fault);
}

static void write_planted(struct record_context *context, const struct kind *kind, void *record, const void *before,
                          int turn)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->is_personal) set_field(context, field, record, plant_text(field, turn));
    struct planting planting = {*context, kind, record, before};
    check_ok(db_transaction(world.db, plant_in, &planting, &error), &error);
}

/* By the engine's own path, without the hooks of the kind: each field that a person could fill is filled. */
static int64_t plant(const struct kind *kind)
{
    struct record_context context = world_as(&world, officer);
    void *record = record_new(&context, kind);
    struct record *head = record;
    for (const struct field *field = kind->fields; field->name; field++)
        set_field(&context, field, record, needed_text(&context, kind, field));
    head->id = db_new_id();
    head->owner = kind->is_organisation ? head->id : company;
    head->version = 1;
    head->created = head->updated = time_now();
    head->author = officer;
    head->state_day = time_today();
    derive_from_codes(&context, kind, record);
    write_planted(&context, kind, record, NULL, 1);
    void *changed = NULL, *before = NULL;
    context = world_as(&world, officer);
    check_ok(load_raw(&context, kind, head->id, &before, &error), &error);
    changed = arena_copy_bytes(world.arena, before, kind->size);
    write_planted(&context, kind, changed, before, 2);
    return head->id;
}

/* All that there are, and the one with a field of every type. */
static const struct kind *kinds[KINDS_MOST];

static size_t place_of(const struct kind *kind)
{
    size_t i = 0;
    while (kinds[i] != kind) i++;
    return i;
}

/* What a list made earlier, an import that ended and a letter leave behind. */
static void plant_traces(void)
{
    const char *const rows[] = {
        "INSERT INTO record_import (id, home, account, kind, name, mapping, created, stage, lines, done, added, "
        "changed, same, "
        "refused, file) VALUES (71, 5, 1, 'need', 'a.csv', '{}', 1, 'done', 1, 1, 0, 0, 0, 1, $1)",
        "INSERT INTO record_import_line (home, import, line, outcome, remark) VALUES (5, 71, 2, 'refused', '{\"a\": "
        "[\"" PLANT "\"]}')",
        "INSERT INTO job (id, type, account, organisation, scopes, may_write, language, subject, argument, priority, "
        "state, "
        "attempts, cancel, created, started, ended, done, total, file) VALUES (72, 'record_export', 1, 0, 1, 1, 'fr', "
        "'need.csv', "
        "'{\"kind\":\"need\",\"query\":[[\"q\",\"" PLANT "\"]]}', 1, 'done', 1, 0, 1, 1, 1, 0, 0, $1)"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t file = i == 1 ? 0 : bring_file("held");
        if (file)
            check_ok(database_run(world.db, "UPDATE record_file SET holder = 'job', record = 72 WHERE id = $1",
                                  DB_BIND(db_integer(file)), &error),
                     &error);
        check_ok(i == 1 ? database_run(world.db, rows[i], DB_BIND_NONE, &error)
                        : database_run(world.db, rows[i], DB_BIND(db_integer(file)), &error),
                 &error);
    }
}

/* Enough around it that pages are filled, split and shared. */
static void make_noise(int64_t account, int from, int count)
{
    for (int i = 0; i < count; i++)
        world_need(&world, account,
                   arena_print(world.arena, "Bruit %d de fond assez long pour remplir des pages", from + i), company,
                   AUDIENCE_NETWORK);
}

static void begin(int noise)
{
    world = world_begin();
    size_t count = 0;
    for (; product_kinds[count]; count++) kinds[count] = product_kinds[count];
    kinds[count] = &every_kind;
    kinds_set(kinds);
    const struct migration table = {9999, "9999-every.sql", kind_create_sql(world.arena, &every_kind)};
    check_ok(db_migrate(world.db, &table, 1, NULL, &error), &error);
    company = world_organisation(&world, "Une", "company", "59350");
    officer = world_account(&world, "c@exemple.fr", "member", company);
    make_noise(officer, 0, noise);
    for (size_t i = 0; kinds[i]; i++) planted[i] = plant(kinds[i]);
    plant_traces();
    make_noise(officer, noise, noise);
}

static void end(void) { world_end(&world); }

/* ---- interfaces ---- */

static enum status gather_bytes(void *data, const char *bytes, size_t length, struct error *fault)
{
    (void)fault;
    char **text = data;
    *text = arena_print(world.arena, "%s%.*s", *text, (int)length, bytes);
    return STATUS_OK;
}

/* All that the owner can take away of a kind. */
static const char *all_said(const struct kind *kind)
{
    char *text = arena_copy(world.arena, "");
    struct record_query query;
    struct record_found found;
    struct record_context context = world_as(&world, officer);
    context.site = "";
    const struct inputs none = {NULL, 0};
    check_ok(record_query_read(&context, kind, &none, &query, &error), &error);
    for (enum export_format format = EXPORT_CSV; format <= EXPORT_JSON;
         format = format == EXPORT_CSV ? EXPORT_JSON : format + 1) {
        check_ok(record_find(&context, kind, &query, &found, &error), &error);
        check_ok(record_export_write(&context, &found, format, NULL, NULL, gather_bytes, &text, &error), &error);
    }
    return text;
}

static bool says_plant(const char *text) { return count_in(text, strlen(text), PLANT) || strstr(text, DIGITS); }

static void say(void *context, const char *sentence)
{
    (void)context;
    if (strlen(said) + strlen(sentence) + 2 < sizeof said) strcat(strcat(said, sentence), "\n");
}

static void chain_verifies(const char *head)
{
    struct check_totals totals;
    const struct check_wishes wishes = {.head = head, .day = time_today(), .say = say};
    said[0] = '\0';
    check_ok(record_check(&world.records, &wishes, &totals, &error), &error);
    /* The plants stand in records made without their kind's hooks: only what the check says of histories counts here. */
    if (strstr(said, "istory") || strstr(said, "seal") || strstr(said, "index")) fail_msg("said: %s", said);
}

static const char *seal(void)
{
    static unsigned char secret[SEAL_SECRET], key[SEAL_PUBLIC];
    struct seal last;
    int64_t made = 0;
    crypto_sign_keypair(key, secret);
    check_ok(history_seal(world.db, secret, time_now() + 1000, 1000, &made, &error), &error);
    struct record_context context = world_program(&world);
    check_ok(seal_last(context.handle, &last, &error), &error);
    return seal_print(world.arena, &last);
}

static void remove_traces(void)
{
    for (size_t i = 0; kinds[i]; i++) {
        struct traces_removed removed = {0};
        check_ok(record_traces_remove(&world.records, kinds[i], &removed, &error), &error);
    }
}

static void let_go_of_readers(void)
{
    if (world.handle) db_release(&world.handle);
}

static const char *in_french(void) { return language_error(world.arena, LANGUAGE_FRENCH, &error); }

/* ---- the tests ---- */

static void test_personal_details_are_nowhere_after(void **state)
{
    (void)state;
    begin(NOISE);
    const char *head = seal();
    assert_true(says_plant(all_said(&need_kind)));
    let_go_of_readers();
    check_ok(db_checkpoint(world.db, &error), &error);
    assert_true(bytes_left() > 20);
    for (size_t i = 0; kinds[i]; i++) {
        struct record_context context = world_as(&world, officer);
        if (!kind_has_people(kinds[i])) continue;
        const enum status status = record_forget(&context, kinds[i], planted[i], 0, &error);
        if (kinds[i] == &organisation_kind) /* another's */
            assert_int_equal(status, STATUS_DENIED);
        else if (kinds[i] == &handover_kind) /* emptied with the need on which it hangs */
            assert_int_equal(status, STATUS_INPUT);
        else
            check_ok(status, &error);
    }
    chain_verifies(head);
    for (size_t i = 0; kinds[i]; i++) {
        const char *text = all_said(kinds[i]);
        if (kinds[i] == &organisation_kind) continue;
        assert_null(strstr(text, PLANT "1@"));
        assert_null(strstr(text, PLANT "2@"));
        assert_null(strstr(text, DIGITS));
    }
    end();
}

struct erasing {
    const struct kind *kind;
    int64_t id;
    bool people;
};

static enum status erase_in(struct db_handle *write, void *data, struct error *fault)
{
    const struct erasing *erasing = data;
    const struct record_erasing wanted = {erasing->kind, erasing->id, erasing->people, "test", NULL};
    return record_erase_for(&world.records, write, &wanted, fault);
}

static enum status erase_one(const struct kind *kind, int64_t id, bool people)
{
    struct erasing erasing = {kind, id, people};
    return db_transaction(world.db, erase_in, &erasing, &error);
}

/* PostgreSQL writes a table anew with the rows that a statement begun before may still see: its own statistics, for instance, which it gathers
 * when it likes. Once that is over, none is left. */
static void leave_no_byte(void)
{
    size_t left = 1;
    for (int tries = 0; left && tries < 40; tries++) {
        if (tries) usleep(250000);
        check_ok(db_compact(world.db, true, &error), &error);
        left = bytes_left();
    }
    assert_int_equal(left, 0);
}

/* Whole records, titles and all: no byte says the word any more. The hand-over and what hangs on a need go with it. */
static void test_records_are_nowhere_after(void **state)
{
    (void)state;
    begin(NOISE);
    const char *head = seal();
    for (size_t i = 0; kinds[i]; i++) {
        const enum status status = erase_one(kinds[i], planted[i], false);
        if (status && kinds[i] != &handover_kind)
            fail_msg("%s: %s", kinds[i]->name, error.message); /* it went with its need */
    }
    remove_traces();
    let_go_of_readers();
    chain_verifies(head);
    for (size_t i = 0; kinds[i]; i++) assert_false(says_plant(all_said(kinds[i])));
    let_go_of_readers();
    check_ok(db_checkpoint(world.db, &error), &error);
    print_message("# bytes of the database that still say it before it is written anew: %zu\n", bytes_left());
    if (database_engine() == DB_POSTGRESQL) {
        check_ok(db_compact(world.db, false, &error), &error);
        print_message("# after VACUUM: %zu\n", bytes_left());
    }
    leave_no_byte();
    end();
}

/* The details alone, of all kinds, where titles say nothing. */
static void test_details_leave_no_byte(void **state)
{
    (void)state;
    begin(NOISE);
    const char *head = seal();
    for (size_t i = 0; kinds[i]; i++) {
        const enum status status = kind_has_people(kinds[i]) ? erase_one(kinds[i], planted[i], true) : STATUS_OK;
        if (status && kinds[i] != &handover_kind)
            fail_msg("%s: %s", kinds[i]->name, error.message); /* emptied with its need */
    }
    chain_verifies(head);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_leaf WHERE salt IS NOT NULL"), 0);
    for (size_t i = 0; kinds[i]; i++) erase_one(kinds[i], planted[i], false);
    remove_traces();
    let_go_of_readers();
    chain_verifies(head);
    leave_no_byte();
    end();
}

/* What the law keeps is not erased, by nobody, and the sentence says which law and until when; once that day has come it is. */
static void test_the_law_is_told_and_wins(void **state)
{
    static struct kind kept;
    (void)state;
    begin(0);
    kept = every_kind;
    kept.retention.law_months = 12;
    kept.retention.law = "Code of trials, article 1";
    const size_t place = place_of(&every_kind);
    kinds[place] = &kept;
    struct record_context context = world_as(&world, officer);
    assert_int_equal(erase_one(&kept, planted[place], false), STATUS_CONFLICT);
    assert_non_null(strstr(in_french(), "tant que ce n’est pas termin"));
    check_ok(record_change_state(&context, &kept, planted[place], 0, "done", NULL, &error), &error);
    assert_int_equal(erase_one(&kept, planted[place], true), STATUS_CONFLICT);
    assert_int_equal(record_erase(&context, &kept, planted[place], 0, NULL, &error), STATUS_CONFLICT);
    assert_non_null(strstr(in_french(), "Code of trials, article 1"));
    let_go_of_readers();
    check_ok(database_run(world.db, "UPDATE every SET state_day = $1", DB_BIND(db_integer(time_today() - 364)), &error),
             &error);
    assert_int_equal(erase_one(&kept, planted[place], true), STATUS_CONFLICT);
    check_ok(database_run(world.db, "UPDATE every SET state_day = $1", DB_BIND(db_integer(time_today() - 366)), &error),
             &error);
    check_ok(erase_one(&kept, planted[place], true), &error);
    check_ok(erase_one(&kept, planted[place], false), &error);
    kinds[place] = &every_kind;
    end();
}

static void test_tampering_with_what_was_forgotten_is_named(void **state)
{
    static const char *const tamperings[] = {
        "UPDATE record_leaf SET before = 'Bob'",
        "UPDATE record_history SET account = 5 WHERE action = 'changed'",
        "UPDATE record_history SET salt = digest WHERE action = 'created' AND kind = 'need'",
        "UPDATE need SET contact = 'Eve' WHERE title LIKE 'Planté%'",
        "DELETE FROM record_history WHERE action = 'forgotten'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++) {
        struct check_totals totals;
        const struct check_wishes wishes = {.day = time_today(), .say = say};
        begin(1);
        check_ok(erase_one(&need_kind, planted[place_of(&need_kind)], true), &error);
        chain_verifies(NULL);
        check_ok(database_run(world.db, tamperings[i], DB_BIND_NONE, &error), &error);
        said[0] = '\0';
        check_ok(record_check(&world.records, &wishes, &totals, &error), &error);
        if (!strstr(said, "need") || !strstr(said, "istory")) fail_msg("%s\nsaid: %s", tamperings[i], said);
        end();
    }
}

/* Every table that knows accounts, whoever adds it: its number stays in histories, and nowhere else. */
static void no_table_knows(int64_t account)
{
    static const char kept[] =
        " account_request record_history record_reading record_import record_file account_event ";
    struct db_handle *read = NULL;
    check_ok(db_read(world.db, &read, &error), &error);
    struct db_rows *rows = db_query(read,
                                    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE "
                                    "m.type = 'table' AND c.name IN ('account', 'author')",
                                    DB_BIND_NONE);
    while (db_next(rows)) {
        const char *table = arena_print(world.arena, " %s ", db_get_text(rows, 0));
        if (strstr(kept, table) || (kind_find(db_get_text(rows, 0)) && strcmp(db_get_text(rows, 1), "author") == 0))
            continue;
        const char *sql = arena_print(world.arena, "SELECT COUNT(*) FROM %s WHERE %s = %lld", table,
                                      db_get_text(rows, 1), (long long)account);
        if (database_integer(world.db, sql)) fail_msg("%s still knows the account", table);
    }
    check_ok(db_end(&rows, &error), &error);
    db_release(&read);
}

static void test_an_account_is_nowhere_after(void **state)
{
    (void)state;
    world = world_begin();
    company = world_organisation(&world, "Une", "company", "59350");
    officer = world_account(&world, PLANT "@exemple.fr", "member", company);
    const struct account_api_token wanted = {
        .name = PLANT, .may_write = true, .scopes = MEMBER, .expires = time_now() + MS_PER_DAY};
    const char *token = NULL;
    check_ok(account_rename(world.db, 0, officer, PLANT " Personne", LANGUAGE_FRENCH, &error), &error);
    check_ok(account_api_token_create(world.db, world.arena, officer, officer, &wanted, &token, &error), &error);
    check_ok(database_run(world.db,
                          "INSERT INTO account_factor (account, secret, last_step, created) VALUES ($1, '" PLANT
                          "', 0, 1)",
                          DB_BIND(db_integer(officer)), &error),
             &error);
    check_ok(database_run(world.db, "INSERT INTO account_recovery (account, hash) VALUES ($1, $2)",
                          DB_BIND(db_integer(officer), db_blob(PLANT, strlen(PLANT))), &error),
             &error);
    world_need(&world, officer, "Un tour", company, AUDIENCE_PUBLIC);
    check_ok(
        database_run(
            world.db,
            "INSERT INTO mail (id, account, recipient, subject, body, written, due, attempts) VALUES (1, $1, '" PLANT
            "@exemple.fr', 'a', '" PLANT "', 1, 1, 0)",
            DB_BIND(db_integer(officer)), &error),
        &error);
    check_ok(person_erase(world.db, 0, officer, &error), &error);
    assert_int_equal(person_erase(world.db, 0, officer, &error), STATUS_MISSING);
    let_go_of_readers();
    if (database_engine() == DB_SQLITE) no_table_knows(officer);
    leave_no_byte();
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history WHERE account <> 0"), 1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM account_token WHERE account <> 0"), 0);
    end();
}

static int64_t replay(const char *path)
{
    struct application application = {.records = world.records};
    struct erased_totals totals = {0};
    check_ok(application_erase_again(&application, path, NULL, &totals, &error), &error);
    return totals.erased;
}

/* Accounts and details are in the list of what was erased, and are erased again once; what was given afterwards stays. */
static void test_the_list_has_details_and_accounts(void **state)
{
    (void)state;
    begin(0);
    char path[] = "/tmp/maillage-erased-XXXXXX", text[4096] = "";
    close(mkstemp(path));
    check_ok(erase_one(&need_kind, planted[place_of(&need_kind)], true), &error);
    check_ok(person_erase(world.db, 0, officer, &error), &error);
    check_ok(erased_note(world.db, path, time_now() + 60000, NULL, &error), &error);
    FILE *file = fopen(path, "re");
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_non_null(
        strstr(text, arena_print(world.arena, "need/people %lld ", (long long)planted[place_of(&need_kind)])));
    assert_non_null(strstr(text, arena_print(world.arena, "account %lld ", (long long)officer)));
    assert_int_equal(replay(path), 0);
    check_ok(database_run(world.db, "UPDATE record_history SET moment = moment - 3600000 WHERE action = 'forgotten'",
                          DB_BIND_NONE, &error),
             &error);
    check_ok(database_run(world.db, "UPDATE need SET contact = 'Eve' WHERE title LIKE 'Planté%'", DB_BIND_NONE, &error),
             &error);
    assert_int_equal(replay(path), 1);
    unlink(path);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_personal_details_are_nowhere_after),
        cmocka_unit_test(test_records_are_nowhere_after),
        cmocka_unit_test(test_details_leave_no_byte),
        cmocka_unit_test(test_the_law_is_told_and_wins),
        cmocka_unit_test(test_tampering_with_what_was_forgotten_is_named),
        cmocka_unit_test(test_an_account_is_nowhere_after),
        cmocka_unit_test(test_the_list_has_details_and_accounts),
    };
    return database_run_group(tests);
}
