/* test_batch.c: many records written together are what they would be one by one. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "platform/index/index.h"
#include "platform/record/import.h"
#include "platform/record/keys.h"
#include "platform/record/query.h"
#include "platform/record/schema.h"
#include "platform/record/sql.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"
#include "product/kinds/kinds.h"
#include "product/roles.h"
#include "tests/record/import_files.h"

enum { MANY = 70, KINDS_MOST = 64 };

static const char *siren_of(struct arena *arena, int number)
{
    for (int last = 0; last < 10; last++) {
        const char *siren = arena_print(arena, "%08d%d", 61000000 + number, last);
        if (siren_valid(siren)) return siren;
    }
    return NULL;
}

static void *company(struct record_context *context, const char *name, int number)
{
    struct organisation *made = record_new(context, &organisation_kind);
    made->name.value = name;
    made->type.value = "company";
    made->siren.value = siren_of(context->arena, number);
    made->place = (struct place){"59350", 50630000, 3050000, 1};
    return made;
}

/* What a test does in one transaction. */
struct work {
    struct world *world;
    struct arena *arena;
    struct record_batch *batch;
    enum status (*run)(struct work *work, struct record_context *context, struct error *error);
    void *records[MANY];
    enum status added[MANY];
    const char *fields[MANY]; /* of the fault */
    bool fails;
};

static enum status in_transaction(struct db_handle *handle, void *data, struct error *error)
{
    struct work *work = data;
    struct record_context context = world_program(work->world);
    context.arena = work->arena;
    context.handle = handle;
    record_batch_begin(work->batch, &context);
    const enum status status = work->run(work, &context, error);
    return work->fails && !status ? error_set(error, STATUS_FAULT, "as the test wishes") : status;
}

static enum status run(struct work *work, struct error *error)
{
    const enum status status = db_transaction(work->world->db, in_transaction, work, error);
    return status ? status : record_batch_done(work->batch, error);
}

static struct work work_new(struct world *world)
{
    return (struct work){
        .world = world, .arena = world->arena, .batch = record_batch_new(world->arena, &organisation_kind)};
}

static void add(struct work *work, int at, void *record, const void *before)
{
    struct faults faults;
    struct error error = {0};
    faults.count = 0;
    work->records[at] = record;
    work->added[at] = record_batch_add(work->batch, record, before, &faults, &error);
    work->fields[at] = faults.count ? arena_copy(work->arena, faults.items[0].field) : "";
}

static int64_t found(struct world *world, const char *name, const char *value)
{
    struct record_context context = world_program(world);
    struct record_query query;
    struct record_found records;
    struct error error = {0};
    const struct input item = {name, value};
    context.arena = arena_new();
    check_ok(record_query_read(&context, &organisation_kind, &(struct inputs){&item, 1}, &query, &error), &error);
    check_ok(record_find(&context, &organisation_kind, &query, &records, &error), &error);
    arena_free(&context.arena);
    return records.total;
}

/* ---- faults and order ---- */

/* One in seven has no name; one in ten has the number of the one before. */
static enum status add_many(struct work *work, struct record_context *context, struct error *error)
{
    for (int i = 0; i < MANY; i++)
        add(work, i,
            company(context, i % 7 == 3 ? NULL : arena_print(context->arena, "Forge n° %d", i), i - (i % 10 == 9)),
            NULL);
    return record_batch_write(work->batch, error);
}

static void test_a_faulty_record_spoils_nothing(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct work work = work_new(&world);
    struct error error = {0};
    int64_t kept = 0, slot = -1;
    work.run = add_many;
    check_ok(run(&work, &error), &error);
    for (int i = 0; i < MANY; i++) {
        const struct record *head = work.records[i];
        const bool nameless = i % 7 == 3, twice = i % 10 == 9 && (i - 1) % 7 != 3;
        assert_int_equal(work.added[i], nameless || twice ? STATUS_INPUT : STATUS_OK);
        assert_string_equal(work.fields[i], nameless ? "name" : twice ? "siren" : "");
        if (work.added[i]) {
            assert_int_equal(head->id, 0);
            continue;
        }
        assert_true(slot < 0 || head->slot == slot + 1); /* without a gap */
        slot = head->slot;
        kept++;
    }
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation"), kept);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history WHERE kind = 'organisation' AND "
                                                "version = 1 AND action = 'created' AND changes IS NULL"),
                     kept);
    assert_int_equal(found(&world, "q", "forge"), kept);
    assert_int_equal(found(&world, "q", "11"), 1);
    assert_int_equal(found(&world, "place", "59"), kept);
    world_end(&world);
}

static const void *stored(struct record_context *context, int64_t id)
{
    void *record = NULL;
    struct error error = {0};
    check_ok(load_raw(context, &organisation_kind, id, &record, &error), &error);
    return record;
}

static void *copy(struct record_context *context, const void *record)
{
    return arena_copy_bytes(context->arena, record, organisation_kind.size);
}

static enum status add_two(struct work *work, struct record_context *context, struct error *error)
{
    add(work, 0, company(context, "Une", 1), NULL);
    add(work, 1, company(context, "Deux", 2), NULL);
    return record_batch_write(work->batch, error);
}

/* The first gives its number up, and a new one takes it; the second takes a number that is held. */
static enum status exchange_numbers(struct work *work, struct record_context *context, struct error *error)
{
    const void *one = stored(context, head_in(work->records[0])->id),
               *two = stored(context, head_in(work->records[1])->id);
    struct organisation *first = copy(context, one), *second = copy(context, two);
    first->siren.value = siren_of(context->arena, 3);
    second->siren.value = siren_of(context->arena, 3);
    add(work, 0, first, one);
    add(work, 2, company(context, "Trois", 1), NULL);
    add(work, 3, second, two);
    return record_batch_write(work->batch, error);
}

static void test_a_number_that_is_given_up_is_free(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct work work = work_new(&world);
    struct error error = {0};
    work.run = add_two;
    check_ok(run(&work, &error), &error);
    work.run = exchange_numbers;
    check_ok(run(&work, &error), &error);
    assert_int_equal(work.added[0], STATUS_OK);
    assert_int_equal(work.added[2], STATUS_OK);
    assert_int_equal(work.added[3], STATUS_INPUT);
    assert_string_equal(work.fields[3], "siren");
    assert_int_equal(
        database_integer(world.db, arena_print(world.arena, "SELECT id FROM organisation WHERE siren = '%s'",
                                               siren_of(world.arena, 1))),
        head_in(work.records[2])->id);
    assert_int_equal(database_integer(world.db, "SELECT SUM(version) FROM organisation"), 4);
    world_end(&world);
}

/* ---- conflicts and what is rolled back ---- */

static enum status change_stale(struct work *work, struct record_context *context, struct error *error)
{
    struct organisation *before = copy(context, stored(context, head_in(work->records[0])->id));
    before->head.version--; /* as somebody saw it who has been overtaken */
    struct organisation *after = copy(context, before);
    after->name.value = "Autre";
    add(work, 2, company(context, "Quatre", 4), NULL);
    add(work, 0, after, before);
    return record_batch_write(work->batch, error);
}

static void test_a_stale_version_fails_the_whole(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct work work = work_new(&world);
    struct error error = {0};
    work.run = add_two;
    check_ok(run(&work, &error), &error);
    work.run = change_stale;
    assert_int_equal(run(&work, &error), STATUS_CONFLICT);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation"), 2);
    assert_int_equal(found(&world, "q", "quatre"), 0);
    world_end(&world);
}

/* The batch remembers which words the dictionary has: not those of a transaction that was rolled back. */
static void test_words_of_a_failed_transaction_are_written_again(void **state)
{
    (void)state;
    static const char count[] = "SELECT COUNT(*) FROM index_term WHERE term IN ('une', 'deux')";
    struct world world = world_begin();
    struct work work = work_new(&world);
    struct error error = {0};
    work.run = add_two;
    work.fails = true;
    assert_int_equal(run(&work, &error), STATUS_FAULT);
    assert_int_equal(database_integer(world.db, count), 0);
    work.fails = false;
    check_ok(run(&work, &error), &error);
    assert_int_equal(database_integer(world.db, count), 2);
    assert_int_equal(found(&world, "q", "deux"), 1);
    world_end(&world);
}

/* One cache for many records gives the keys that a fresh one gives for each. */
static void test_a_cache_changes_no_key(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct record_context context = world_program(&world);
    struct key_cache *shared = key_cache_new(world.arena);
    for (int i = 0; i < MANY; i++) {
        struct organisation *made =
            company(&context, arena_print(world.arena, "Forges %d de la forge %d", i % 5, i % 3), i);
        made->activity.value = i % 2 ? "Pièces forgées, soudées ; 5 pièces" : "Traitement";
        made->place.commune = i % 3 ? "59350" : "75056";
        const struct record_keys one = record_index_keys(world.arena, shared, world.records.vocabulary,
                                                         &organisation_kind, made, &made->place),
                                 other = record_index_keys(world.arena, key_cache_new(world.arena),
                                                           world.records.vocabulary, &organisation_kind, made,
                                                           &made->place);
        assert_int_equal(one.count, other.count);
        assert_memory_equal(one.items, other.items, one.count * sizeof *one.items);
        assert_int_equal(one.word_count, other.word_count);
    }
    world_end(&world);
}

/* ---- imports whose rows depend on each other ---- */

struct part {
    struct record head;
    struct text title, number;
    struct reference of, company;
};

static const struct field part_fields[] = {
    TEXT(part, title, .label = N_("Title"), .required = true, .unique = true),
    TEXT(part, number, .label = N_("Number"), .unique = true),
    REFERENCE(part, of, .label = N_("Part of"), .to = "part"),
    REFERENCE(part, company, .label = N_("Company"), .to = "organisation", .required = true),
    FIELDS_END,
};

static const struct kind part_kind = {
    .name = "part",
    .title = N_("Part"),
    .plural = N_("Parts"),
    .path = "/parts",
    .summary = N_("Parts."),
    .filing = N_("Add a part"),
    .size = sizeof(struct part),
    .fields = part_fields,
    .name_field = "title",
    .owner_field = "company",
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_NETWORK,
    .small_cell = 3,
};

static void declare_parts(struct world *world)
{
    static const struct kind *kinds[KINDS_MOST];
    struct error error = {0};
    size_t count = 0, migration_count = 0;
    for (; product_kinds[count]; count++) kinds[count] = product_kinds[count];
    kinds[count] = &part_kind;
    kinds_set(kinds);
    const struct migration *own = schema_migrations(&migration_count);
    struct migration *all = ARENA_ARRAY(world->arena, migration_count + 1, struct migration);
    memcpy(all, own, migration_count * sizeof *all);
    all[migration_count] =
        (struct migration){own[migration_count - 1].number + 1, "part", kind_create_sql(world->arena, &part_kind)};
    check_ok(db_migrate(world->db, all, migration_count + 1, NULL, &error), &error);
}

static struct import *apply(struct world *world, int64_t account, const char *rows)
{
    struct record_context context = world_as(world, account);
    struct import *import = NULL;
    struct error error = {0};
    const char *path = import_file(world->arena, import_csv(world->arena, rows, ';'), "UTF-8");
    check_ok(import_begin(&context, &part_kind, path, "fichier", NULL, &import, &error), &error);
    check_ok(import_apply(&context, import, NULL, NULL, &error), &error);
    return import;
}

static void test_a_row_may_name_a_row_before_it(void **state)
{
    (void)state;
    struct world world = world_begin();
    declare_parts(&world);
    const int64_t firm = world_organisation(&world, "Une", "company", "59350"),
                  member = world_account(&world, "a@exemple.fr", "member", firm);
    const struct import *import = apply(&world, member,
                                        "Title|Number|of|company\nArbre|1||Une\nPignon|2|Arbre|Une\nDent|3|Pignon|Une\n"
                                        "Vis|4|Nulle part|Une\nÉcrou|5|Dent|Une\n");
    assert_int_equal(import->added, 4);
    assert_int_equal(import->refused, 1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM part a JOIN part b ON a.of = b.id"), 3);
    /* The same record by one number, then by the other: the second change sees the first. */
    import = apply(&world, member, "Title|Number|company\nArbre|7|Une\n|4|Une\nPignon||Une\nRoue|2|Une\n");
    assert_int_equal(import->changed, 2); /* Arbre has another number; Pignon gives its own up */
    assert_int_equal(import->added, 1);   /* so that a wheel may take it */
    assert_int_equal(import->refused, 1); /* a part without a title */
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM part WHERE number = '2' AND title = 'Roue'"), 1);
    assert_int_equal(database_integer(world.db, "SELECT version FROM part WHERE title = 'Arbre'"), 2);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_faulty_record_spoils_nothing),
        cmocka_unit_test(test_a_number_that_is_given_up_is_free),
        cmocka_unit_test(test_a_stale_version_fails_the_whole),
        cmocka_unit_test(test_words_of_a_failed_transaction_are_written_again),
        cmocka_unit_test(test_a_cache_changes_no_key),
        cmocka_unit_test(test_a_row_may_name_a_row_before_it),
    };
    return database_run_group(tests);
}
