/* test_import.c: files of all forms become records; the dry run tells what applying does; a stop, even by a kill, loses nothing; undoing takes all of
 * it back, but what was changed since. time limit: 300 s */
#include "tests/record/import_files.h"
#include "tests/record/world.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/index/index.h"
#include "platform/record/import.h"
#include "platform/record/query.h"
#include "platform/record/schema.h"
#include "platform/record/sql.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/kinds.h"
#include "product/roles.h"

enum { TEXT_LIMIT = 64 * 1024 * 1024, KINDS_MOST = 64 };

/* ---- a kind with money, rates, days ---- */

struct offer {
    struct record head;
    struct text title;
    struct money price;
    struct decimal rate;
    struct date day;
    struct yesno open;
    struct reference company;
};

static const struct field offer_fields[] = {
    TEXT(offer, title, .label = N_("Title"), .required = true, .unique = true, .search = WEIGHT_A),
    MONEY(offer, price, .label = N_("Price")),
    DECIMAL(offer, rate, .label = N_("Rate"), .scale = 1),
    DATE(offer, day, .label = N_("Day")),
    YESNO(offer, open, .label = N_("Is open")),
    REFERENCE(offer, company, .label = N_("Company"), .to = "organisation", .required = true),
    FIELDS_END,
};

static const struct kind offer_kind = {
    .name = "offer",
    .title = N_("Offer"),
    .plural = N_("Offers"),
    .path = "/offers",
    .summary = N_("Offers."),
    .filing = N_("Add an offer"),
    .size = sizeof(struct offer),
    .fields = offer_fields,
    .name_field = "title",
    .owner_field = "company",
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_NETWORK,
    .small_cell = 3,
};

/* Declares the kind beside the program's own and makes its table. */
static void declare_offers(struct world *world)
{
    static const struct kind *kinds[KINDS_MOST];
    struct error error = {0};
    size_t count = 0, migration_count = 0;
    for (; product_kinds[count]; count++) kinds[count] = product_kinds[count];
    kinds[count] = &offer_kind;
    kinds_set(kinds);
    const struct migration *own = schema_migrations(&migration_count);
    struct migration *all = ARENA_ARRAY(world->arena, migration_count + 1, struct migration);
    memcpy(all, own, migration_count * sizeof *all);
    all[migration_count] =
        (struct migration){own[migration_count - 1].number + 1, "offer", kind_create_sql(world->arena, &offer_kind)};
    check_ok(db_migrate(world->db, all, migration_count + 1, NULL, &error), &error);
}

/* ---- small words ---- */

struct counts {
    int64_t added, changed, same, refused;
};

static void check_counts(const struct import *import, struct counts counts, const char *what)
{
    if (import->added == counts.added && import->changed == counts.changed && import->same == counts.same &&
        import->refused == counts.refused)
        return;
    fail_msg("%s: added %lld, changed %lld, same %lld, refused %lld; expected %lld, %lld, %lld, %lld", what,
             (long long)import->added, (long long)import->changed, (long long)import->same, (long long)import->refused,
             (long long)counts.added, (long long)counts.changed, (long long)counts.same, (long long)counts.refused);
}

static struct import *begin(struct record_context *context, const struct kind *kind, const char *path,
                            const char *mapping)
{
    struct import *import = NULL;
    struct error error = {0};
    check_ok(import_begin(context, kind, path, "fichier", mapping, &import, &error), &error);
    return import;
}

static struct import *load(struct record_context *context, int64_t id)
{
    struct import *import = NULL;
    struct error error = {0};
    check_ok(import_load(context, id, &import, &error), &error);
    return import;
}

/* Checks, then applies; the two must count alike. */
static struct import *check_and_apply(struct world *world, int64_t account, const struct kind *kind, const char *path,
                                      const char *mapping, struct counts counts)
{
    struct record_context context = world_as(world, account);
    struct error error = {0};
    struct import *import = begin(&context, kind, path, mapping);
    check_ok(import_check(&context, import, NULL, NULL, &error), &error);
    assert_string_equal(import->stage, "ready");
    check_counts(import, counts, "dry run");
    context = world_as(world, account);
    import = load(&context, import->id);
    check_counts(import, counts, "dry run, kept");
    check_ok(import_apply(&context, import, NULL, NULL, &error), &error);
    assert_string_equal(import->stage, "done");
    check_counts(import, counts, "applied");
    return import;
}

static int64_t count_of(struct world *world, const char *table)
{
    return database_integer(world->db, arena_print(world->arena, "SELECT COUNT(*) FROM %s", table));
}

/* How many the index finds for one parameter of a query. */
static int64_t found(struct world *world, int64_t account, const struct kind *kind, const char *name, const char *value)
{
    struct record_context context = world_as(world, account);
    struct record_query query;
    struct record_found records;
    struct error error = {0};
    const struct input item = {name, value};
    context.arena = arena_new();
    check_ok(record_query_read(&context, kind, &(struct inputs){&item, name ? 1 : 0}, &query, &error), &error);
    check_ok(record_find(&context, kind, &query, &records, &error), &error);
    arena_free(&context.arena);
    return records.total;
}

static const char *siren_of(struct arena *arena, int number)
{
    for (int last = 0; last < 10; last++) {
        const char *siren = arena_print(arena, "%08d%d", 52000000 + number, last);
        if (siren_valid(siren)) return siren;
    }
    fail_msg("no SIREN for %d", number);
    return NULL;
}

static int64_t administrator(struct world *world)
{
    return world_account(world, "admin@exemple.fr", "administrator",
                         world_organisation(world, "Maison", "cluster", "59350"));
}

/* ---- forms of files ---- */

static void test_files_of_all_forms_read_alike(void **state)
{
    (void)state;
    struct world world = world_begin();
    declare_offers(&world);
    const int64_t company = world_organisation(&world, "Une", "company", "59350"),
                  member = world_account(&world, "a@exemple.fr", "member", company);
    static const char rows[] =
        "Title|Price|RATE|day|Is open|Commentaire|company\nPièce forgée n° 1 ; été|1 234,50|12,5|28/02/2026|oui|x|Une\n"
        "Tôle, pliée|99.5|-0,5|2026-11-22|non|y|Une\nVide|||||z|Une\n";
    static const struct offer_row sheet[] = {{"Pièce forgée n° 1 ; été", 123450, 125, 20512, "oui", "Une"},
                                             {"Tôle, pliée", 9950, -5, 20779, "non", "Une"}};
    const char *const encodings[] = {"UTF-8", "UTF-8 BOM", "UTF-16", "WINDOWS-1252"};
    struct counts counts = {3, 0, 0, 0};
    for (size_t e = 0; e < 4; e++)
        for (const char *delimiter = ";,\t"; *delimiter; delimiter++) {
            check_and_apply(&world, member, &offer_kind,
                            import_file(world.arena, import_csv(world.arena, rows, *delimiter), encodings[e]), NULL,
                            counts);
            counts = (struct counts){.same = 3};
        }
    check_and_apply(&world, member, &offer_kind, import_offers_xlsx(world.arena, sheet, 2), NULL,
                    (struct counts){.same = 2});
    assert_int_equal(database_integer(world.db, "SELECT SUM(price) FROM offer"), 133400);
    assert_int_equal(database_integer(world.db, "SELECT SUM(rate) FROM offer"), 120);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM offer WHERE day = 20512 AND open = 1"), 1);
    assert_int_equal(
        database_integer(
            world.db,
            "SELECT COUNT(*) FROM offer WHERE price IS NULL AND day IS NULL AND open IS NULL AND rate IS NULL"),
        1);
    kinds_set(product_kinds);
    world_end(&world);
}

static void test_columns_are_known_by_label_or_mapping(void **state)
{
    (void)state;
    struct world world = world_begin();
    const int64_t admin = administrator(&world);
    struct record_context context = world_as(&world, admin);
    struct error error = {0};
    const char *path = import_file(
        world.arena,
        "Raison sociale;TYPE ;Commune;Effectif;siren;Inconnue;Qui la voit\nForge;Entreprise;Lille;1 200;;?;network\n",
        "UTF-8");
    const struct import *import = begin(&context, &organisation_kind, path, "raison sociale = Nom\n");
    static const char *const names[] = {"name", "type", "place", "headcount", "siren", NULL, "audience"};
    assert_int_equal(import->column_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(import->fields[i] != NULL, names[i] != NULL);
        if (names[i]) assert_string_equal(import->fields[i]->name, names[i]);
    }
    check_and_apply(&world, admin, &organisation_kind, path, "raison sociale = Nom\n", (struct counts){.added = 1});
    assert_int_equal(
        database_integer(world.db, "SELECT audience FROM organisation WHERE name = 'Forge' AND headcount = 1200"),
        AUDIENCE_NETWORK);
    struct import *bad = NULL;
    context = world_as(&world, admin);
    path = import_file(world.arena, "Nom;Raison sociale\na;b\n", "UTF-8");
    assert_int_equal(import_begin(&context, &organisation_kind, path, "f", "Raison sociale = name", &bad, &error),
                     STATUS_INPUT);
    path = import_file(world.arena, "x;y\na;b\n", "UTF-8");
    assert_int_equal(import_begin(&context, &organisation_kind, path, "f", NULL, &bad, &error), STATUS_INPUT);
    assert_int_equal(import_begin(&context, &organisation_kind, "/nowhere/f.csv", "f", NULL, &bad, &error),
                     STATUS_INPUT);
    world_end(&world);
}

/* ---- faulty lines ---- */

/* The rows of a file of which some are faulty: whether line `number` is, and in which field. */
static const char *faulty_row(struct arena *arena, int number, const char **field)
{
    const char *siren = siren_of(arena, number), *name = arena_print(arena, "Société %d", number);
    *field = NULL;
    switch (number % 11) {
    case 3: *field = "siren"; return arena_print(arena, "%s|Entreprise|Lille|123456789|5", name);
    case 5: *field = "place"; return arena_print(arena, "%s|Entreprise|Atlantide|%s|5", name, siren);
    case 7: *field = "name"; return arena_print(arena, "|company|62041|%s|5", siren);
    case 8: *field = "headcount"; return arena_print(arena, "%s|Entreprise|Lille|%s|douze", name, siren);
    case 9: *field = "siren"; return arena_print(arena, "%s|Pôle|Arras|%s|", name, siren_of(arena, number - 9));
    default: return arena_print(arena, "%s|Entreprise|93066|%s|%d", name, siren, number);
    }
}

enum { FAULTY_ROWS = 450 };

static void check_remarks(struct record_context *context, const struct import *import, const char *const *fields,
                          int64_t refused)
{
    struct import_remark *remarks = NULL;
    struct error error = {0};
    size_t count = 0, at = 0;
    check_ok(import_remarks(context, import, 0, 1000, &remarks, &count, &error), &error);
    if ((int64_t)count != refused) fail_msg("%zu remarks, %lld lines refused", count, (long long)refused);
    for (int i = 0; i < FAULTY_ROWS; i++) {
        if (!fields[i]) continue;
        assert_int_equal(remarks[at].line, i + 2);
        assert_string_equal(remarks[at].error.field, fields[i]);
        assert_string_equal(remarks[at++].outcome, "refused");
    }
}

static enum status to_buffer(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(context, bytes, length);
    return STATUS_OK;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text += strlen(part)) count++;
    return count;
}

static void check_report(struct record_context *context, struct import *import)
{
    struct buffer *out = buffer_new(context->arena, TEXT_LIMIT);
    struct error error = {0};
    context->language = LANGUAGE_FRENCH;
    check_ok(import_report(context, import, to_buffer, out, &error), &error);
    const char *text = buffer_data(out);
    assert_int_equal(occurrences(text, "\r\n"), import->refused + 1);
    assert_non_null(strstr(text, ";Remarque\r\n"));
    assert_non_null(strstr(text, "Société 5;Entreprise;Atlantide;"));
    assert_non_null(strstr(text, "Atlantide\u202f»"));
    assert_null(strstr(text, "Société 4;"));
}

static void test_faulty_lines_are_told_and_spoil_nothing(void **state)
{
    (void)state;
    struct world world = world_begin();
    const int64_t admin = administrator(&world), before = count_of(&world, "organisation");
    struct buffer *rows = buffer_new(world.arena, TEXT_LIMIT);
    const char *fields[FAULTY_ROWS];
    int64_t refused = 0;
    buffer_text(rows, "Nom|Type|Commune|SIREN|Effectif\n");
    for (int i = 0; i < FAULTY_ROWS; i++) {
        buffer_print(rows, "%s\n", faulty_row(world.arena, i, &fields[i]));
        refused += fields[i] != NULL;
    }
    struct record_context context = world_as(&world, admin);
    struct error error = {0};
    struct import *import =
        begin(&context, &organisation_kind,
              import_file(world.arena, import_csv(world.arena, buffer_data(rows), ';'), "UTF-8"), NULL);
    const struct counts counts = {FAULTY_ROWS - refused, 0, 0, refused};
    for (int turn = 0; turn < 2; turn++) { /* asking twice changes nothing */
        check_ok(import_check(&context, import, NULL, NULL, &error), &error);
        check_counts(import, counts, "dry run");
        assert_int_equal(count_of(&world, "organisation"), before);
        context = world_as(&world, admin);
        check_remarks(&context, import, fields, refused);
    }
    check_report(&context, import);
    check_ok(import_apply(&context, import, NULL, NULL, &error), &error);
    check_counts(import, counts, "applied");
    context = world_as(&world, admin);
    check_remarks(&context, import, fields, refused);
    check_report(&context, import);
    assert_int_equal(count_of(&world, "organisation"), before + counts.added);
    assert_int_equal(found(&world, admin, &organisation_kind, NULL, NULL), before + counts.added);
    assert_int_equal(found(&world, admin, &organisation_kind, "place", "R11"), counts.added);
    assert_int_equal(found(&world, admin, &organisation_kind, "q", "société"), counts.added);
    assert_int_equal(import_apply(&context, import, NULL, NULL, &error), STATUS_INPUT); /* once is enough */
    world_end(&world);
}

/* ---- existing records ---- */

static const char *company_file(struct world *world, int count, int new, int changed, const char *contact)
{
    struct buffer *rows = buffer_new(world->arena, TEXT_LIMIT);
    buffer_text(rows, "Nom|Type|Commune|SIREN|Effectif|Contact\n");
    for (int i = 0; i < count + new; i++)
        buffer_print(rows, "Forge %d%s|company|59350|%s|%d|%s\n", i, i < changed ? " neuve" : "",
                     siren_of(world->arena, i), i, i < changed ? contact : "Zoé");
    return import_file(world->arena, import_csv(world->arena, buffer_data(rows), ';'), "UTF-8");
}

static struct organisation *by_siren(struct world *world, int number)
{
    struct record_context context = world_program(world);
    struct error error = {0};
    void *record = NULL;
    int64_t id = 0;
    check_ok(record_resolve(&context, &organisation_kind, siren_of(world->arena, number), &id, &error), &error);
    check_ok(load_raw(&context, &organisation_kind, id, &record, &error), &error);
    return record;
}

static void change_headcount(struct world *world, int64_t account, int number)
{
    struct record_context context = world_as(world, account);
    struct organisation *organisation = by_siren(world, number);
    context = world_as(world, account);
    const struct input item = {"headcount", "7777"};
    struct faults faults = {.count = 0};
    struct error error = {0};
    struct record_change change = {.id = organisation->head.id,
                                   .version = organisation->head.version,
                                   .inputs = &(struct inputs){&item, 1},
                                   .faults = &faults};
    check_ok(record_write(&context, &organisation_kind, &change, &error), &error);
}

enum { THERE = 120, NEW = 60, CHANGED = 50 };

static void test_rows_update_by_siren_and_are_undone(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t admin = administrator(&world), before = count_of(&world, "organisation");
    int64_t kept = 0;
    check_and_apply(&world, admin, &organisation_kind, company_file(&world, THERE, 0, 0, ""), NULL,
                    (struct counts){.added = THERE});
    struct import *import =
        check_and_apply(&world, admin, &organisation_kind, company_file(&world, THERE, NEW, CHANGED, "Ada"), NULL,
                        (struct counts){NEW, CHANGED, THERE - CHANGED, 0});
    assert_string_equal(by_siren(&world, 3)->name.value, "Forge 3 neuve");
    assert_string_equal(by_siren(&world, 3)->contact.value, "Ada");
    assert_int_equal(found(&world, admin, &organisation_kind, "q", "neuve"), CHANGED);
    for (int i = 0; i < 3; i++) change_headcount(&world, admin, i * 4);          /* of those that it changed */
    for (int i = 0; i < 2; i++) change_headcount(&world, admin, THERE + 11 * i); /* of those that it added */
    struct record_context context = world_as(&world, admin);
    import = load(&context, import->id);
    check_ok(import_undo(&context, import, &kept, &error), &error);
    assert_string_equal(import->stage, "undone");
    assert_int_equal(kept, 5);
    assert_int_equal(count_of(&world, "organisation"), before + THERE + 2);
    assert_int_equal(found(&world, admin, &organisation_kind, NULL, NULL), before + THERE + 2);
    assert_int_equal(found(&world, admin, &organisation_kind, "q", "neuve"), 3);
    assert_string_equal(by_siren(&world, 3)->name.value, "Forge 3");
    assert_string_equal(by_siren(&world, 3)->contact.value, "Zoé");
    assert_string_equal(by_siren(&world, 4)->name.value, "Forge 4 neuve");
    assert_string_equal(by_siren(&world, 4)->contact.value, "Ada");
    assert_int_equal(import_undo(&context, import, &kept, &error), STATUS_INPUT);
    /* Lines of history of what is gone hold nothing. */
    assert_int_equal(
        database_integer(world.db,
                         "SELECT COUNT(*) FROM record_history h WHERE kind = 'organisation' AND changes IS NOT NULL "
                         "AND NOT EXISTS (SELECT 1 FROM organisation o WHERE o.id = h.record)"),
        0);
    world_end(&world);
}

static void test_an_undone_import_can_be_applied_and_undone_again(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t admin = administrator(&world), before = count_of(&world, "organisation");
    int64_t kept = 0;
    struct import *import = check_and_apply(&world, admin, &organisation_kind, company_file(&world, THERE, 0, 0, ""),
                                            NULL, (struct counts){.added = THERE});
    for (int turn = 0; turn < 2; turn++) {
        struct record_context context = world_as(&world, admin);
        check_ok(import_undo(&context, import, &kept, &error), &error);
        assert_int_equal(kept, 0);
        assert_int_equal(count_of(&world, "organisation"), before);
        context = world_as(&world, admin);
        import = load(&context, import->id);
        check_ok(import_apply(&context, import, NULL, NULL, &error), &error);
        assert_int_equal(count_of(&world, "organisation"), before + THERE);
    }
    world_end(&world);
}

/* ---- stops ---- */

enum { MANY = 1500 };

static const char *many_file(struct world *world, int count)
{
    struct buffer *rows = buffer_new(world->arena, TEXT_LIMIT);
    buffer_text(rows, "Nom;Type;Commune;SIREN;Secteur\n");
    for (int i = 0; i < count; i++)
        buffer_print(rows, "Usine %d;company;%s;%s;%s\n", i, i % 3 ? "59350" : "93066",
                     i % 2 ? siren_of(world->arena, i) : "", i % 5 ? "25.62B" : "62.01Z");
    return import_file(world->arena, buffer_data(rows), "UTF-8");
}

static void check_all_there(struct world *world, int64_t admin, int64_t before, int count)
{
    assert_int_equal(count_of(world, "organisation"), before + count);
    assert_int_equal(
        database_integer(world->db, "SELECT COUNT(DISTINCT name) FROM organisation WHERE name LIKE 'Usine %'"), count);
    assert_int_equal(found(world, admin, &organisation_kind, NULL, NULL), before + count);
    assert_int_equal(found(world, admin, &organisation_kind, "q", "usine"), count);
    assert_int_equal(found(world, admin, &organisation_kind, "place", "R11"), (count + 2) / 3);
    assert_int_equal(found(world, admin, &organisation_kind, "sector", "62.01Z"), (count + 4) / 5);
    assert_int_equal(
        database_integer(world->db,
                         "SELECT COUNT(*) FROM record_history WHERE kind = 'organisation' AND action = 'created'"),
        before + count);
}

static bool stop_soon(void *data, double share)
{
    int *batches = data;
    assert_true(share >= 0 && share <= 1);
    return --*batches > 0;
}

static void test_a_stopped_import_goes_on(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    const int64_t admin = administrator(&world), before = count_of(&world, "organisation");
    struct record_context context = world_as(&world, admin);
    struct import *import = begin(&context, &organisation_kind, many_file(&world, MANY), NULL);
    int64_t stops = 0, kept = 0;
    do {
        int batches = 1 + (int)stops % 3;
        context = world_as(&world, admin);
        import = load(&context, import->id);
        check_ok(import_apply(&context, import, stop_soon, &batches, &error), &error);
        stops++;
    } while (strcmp(import->stage, "applying") == 0);
    assert_true(stops > 1);
    check_counts(import, (struct counts){.added = MANY}, "in parts");
    check_all_there(&world, admin, before, MANY);
    context = world_as(&world, admin);
    check_ok(import_undo(&context, load(&context, import->id), &kept, &error), &error);
    assert_int_equal(count_of(&world, "organisation"), before);
    world_end(&world);
}

/* What the killed process does: opens the database and goes on with the import. */
static int apply_alone(const char *address, int64_t account, int64_t id)
{
    static const struct account_policy policy = {.model = &product_rights, .hash_operations = 1, .hash_memory = 8192};
    struct world world = {.arena = arena_new()};
    struct import *import = NULL;
    struct error error = {0};
    account_configure(&policy);
    kinds_set(product_kinds);
    if (db_open(address, &(struct db_options){.readers = 2}, &world.db, &error)) return 3;
    world.records = (struct records){.db = world.db, .rights = &product_rights};
    if (vocabulary_load(world.db, &world.records.vocabulary, &error)) return 3;
    world.records.index = index_open(world.db, 0);
    struct record_context context = world_as(&world, account);
    enum status status = import_load(&context, id, &import, &error);
    if (!status) status = import_apply(&context, import, NULL, NULL, &error);
    db_release(&world.handle);
    index_close(&world.records.index);
    vocabulary_free(&world.records.vocabulary);
    db_close(&world.db);
    arena_free(&world.arena);
    kind_sql_free();
    return status ? 4 : 0;
}

static pid_t start_alone(int64_t account, int64_t id)
{
    char who[32], what[32];
    snprintf(who, sizeof who, "%lld", (long long)account);
    snprintf(what, sizeof what, "%lld", (long long)id);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child) return child;
    execl("/proc/self/exe", "test_import", "--apply", database_address(), who, what, (char *)NULL);
    _exit(127);
}

static int64_t rows_done(struct world *world)
{
    return database_integer(world->db, "SELECT COALESCE(SUM(done), 0) FROM record_import");
}

static void test_a_killed_import_goes_on_in_another_process(void **state)
{
    (void)state;
    struct world world = world_begin();
    const int64_t admin = administrator(&world), before = count_of(&world, "organisation");
    struct record_context context = world_as(&world, admin);
    const struct import *import = begin(&context, &organisation_kind, many_file(&world, MANY), NULL);
    int kills = 0, end = 0;
    for (bool ended = false; !ended;) {
        const int64_t done = rows_done(&world);
        const pid_t child = start_alone(admin, import->id);
        pid_t gone = 0;
        while (kills < 6 && rows_done(&world) <= done && !(gone = waitpid(child, &end, WNOHANG))) usleep(500);
        usleep((useconds_t)(kills * 1700)); /* into a batch, before and after its end */
        if (!gone && kills < 6) kill(child, SIGKILL);
        if (!gone) waitpid(child, &end, 0);
        ended = !WIFSIGNALED(end);
        kills += !ended;
    }
    assert_true(kills > 0);
    assert_int_equal(WEXITSTATUS(end), 0);
    context = world_as(&world, admin);
    import = load(&context, import->id);
    assert_string_equal(import->stage, "done");
    check_counts(import, (struct counts){.added = MANY}, "after kills");
    check_all_there(&world, admin, before, MANY);
    world_end(&world);
}

/* ---- rights ---- */

static void test_imports_keep_to_rights(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct error error = {0};
    struct import *import = NULL;
    const int64_t one = world_organisation(&world, "Une", "company", "59350");
    world_organisation(&world, "Autre", "company", "62041");
    const int64_t member = world_account(&world, "a@exemple.fr", "member", one),
                  nobody = world_account(&world, "b@exemple.fr", NULL, 0);
    const char *organisations = import_file(world.arena, "Nom;Type;Commune\nForge;company;Lille\n", "UTF-8");
    const char *needs = import_file(
        world.arena, "title;company;type;contact\nSoudeurs;Une;people;Bob\nTourneurs;Autre;people;Bob\n", "UTF-8");
    struct record_context context = world_as(&world, member);
    assert_int_equal(import_begin(&context, &organisation_kind, organisations, "f", NULL, &import, &error),
                     STATUS_DENIED);
    context = world_as(&world, nobody);
    assert_int_equal(import_begin(&context, &need_kind, needs, "f", NULL, &import, &error), STATUS_DENIED);
    context = world_as(&world, 0);
    assert_int_equal(import_begin(&context, &need_kind, needs, "f", NULL, &import, &error), STATUS_DENIED);
    import = check_and_apply(&world, member, &need_kind, needs, NULL, (struct counts){.added = 1, .refused = 1});
    struct import_remark *remarks = NULL;
    size_t count = 0;
    context = world_as(&world, member);
    check_ok(import_remarks(&context, import, 0, 10, &remarks, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_int_equal(remarks[0].line, 3);
    assert_int_equal(remarks[0].error.status, STATUS_DENIED);
    context = world_as(&world, nobody);
    assert_int_equal(import_load(&context, import->id, &import, &error), STATUS_MISSING); /* somebody else's */
    world_end(&world);
}

/* Who may write a personal field and not read it does not empty it with a file that could not hold it. */
static void test_what_may_not_be_read_is_not_emptied(void **state)
{
    (void)state;
    struct world world = world_begin();
    const int64_t admin = administrator(&world);
    const char *siren = siren_of(world.arena, 1);
    check_and_apply(
        &world, admin, &organisation_kind,
        import_file(world.arena,
                    arena_print(world.arena, "Nom;Type;Commune;SIREN;Contact\nForge;company;Lille;%s;Zoé\n", siren),
                    "UTF-8"),
        NULL, (struct counts){.added = 1});
    check_and_apply(
        &world, admin, &organisation_kind,
        import_file(world.arena,
                    arena_print(world.arena, "Nom;Type;Commune;SIREN;Contact\nForge;company;Arras;%s;\n", siren),
                    "UTF-8"),
        NULL, (struct counts){.changed = 1});
    assert_string_equal(by_siren(&world, 1)->contact.value, "Zoé");
    assert_string_equal(by_siren(&world, 1)->place.commune, "62041");
    world_end(&world);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "--apply") == 0)
        return apply_alone(argv[2], strtoll(argv[3], NULL, 10), strtoll(argv[4], NULL, 10));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_of_all_forms_read_alike),
        cmocka_unit_test(test_columns_are_known_by_label_or_mapping),
        cmocka_unit_test(test_faulty_lines_are_told_and_spoil_nothing),
        cmocka_unit_test(test_rows_update_by_siren_and_are_undone),
        cmocka_unit_test(test_an_undone_import_can_be_applied_and_undone_again),
        cmocka_unit_test(test_a_stopped_import_goes_on),
        cmocka_unit_test(test_a_killed_import_goes_on_in_another_process),
        cmocka_unit_test(test_imports_keep_to_rights),
        cmocka_unit_test(test_what_may_not_be_read_is_not_emptied),
    };
    return database_run_group(tests);
}
