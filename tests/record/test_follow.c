/* test_follow.c: records keep the code they were filed under, and are found where it lies now, when another edition comes into force. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "platform/index/index.h"
#include "platform/vocabulary/list.h"
#include "platform/vocabulary/vocabulary.h"

/* Arras, of Pas-de-Calais, is merged into Saint-Denis, of another région; Lille enters an EPCI. */
static const char merged[] =
    "# scheme: territory\n# version: 2021\n# from: 2021-01-01\n# title_fr: t\n# title_en: t\n# source: test\n"
    "# licence: none\ncode,level,parent,other_parent,label_fr,retired,replaced_by\n"
    "R32,region,,,Hauts-de-France,,\nR11,region,,,Île-de-France,,\n59,departement,R32,,Nord,,\n"
    "62,departement,R32,,Pas-de-Calais,,\n93,departement,R11,,Seine-Saint-Denis,,\n"
    "200093201,epci,,,Métropole européenne de Lille,,\n59350,commune,59,200093201,Lille,,\n"
    "62041,commune,93,,Arras,1,93066\n93066,commune,93,,Saint-Denis,,\n";

static void take_edition(struct world *world, const char *text)
{
    struct error error = {0};
    struct list list;
    check_ok(list_read_bytes(world->arena, "test", text, strlen(text), &list, &error), &error);
    check_ok(list_store(world->db, &list, NULL, NULL, &error), &error);
    vocabulary_free(&world->records.vocabulary);
    check_ok(vocabulary_load(world->db, &world->records.vocabulary, &error), &error);
}

static size_t follow(struct world *world)
{
    struct error error = {0};
    size_t followed = 99;
    check_ok(records_follow_vocabulary(&world->records, &followed, &error), &error);
    return followed;
}

static int64_t count_under(struct world *world, const char *kind, const char *territory)
{
    struct record_context context = world_program(world);
    struct error error = {0};
    struct index_view *view = NULL;
    check_ok(index_view_open(world->records.index, context.handle, world->arena, kind, &view, &error), &error);
    const int64_t count = index_count(index_get(view, index_key("place", territory)));
    check_ok(index_view_status(view, &error), &error);
    return count;
}

static void check_counts(struct world *world, const char *kind, int64_t hauts_de_france, int64_t ile_de_france)
{
    assert_int_equal(count_under(world, kind, "R32"), hauts_de_france);
    assert_int_equal(count_under(world, kind, "R11"), ile_de_france);
    assert_int_equal(count_under(world, kind, "93"), ile_de_france);
}

static void rename_organisation(struct world *world, int64_t id, const char *name)
{
    struct record_context context = world_program(world);
    struct error error = {0};
    struct faults faults = {.count = 0};
    const struct input input = {"name", name};
    struct record_change change = {.id = id, .inputs = &(struct inputs){&input, 1}, .faults = &faults};
    check_ok(record_write(&context, &organisation_kind, &change, &error), &error);
}

static void test_a_commune_merged_into_another_moves_its_records(void **state)
{
    (void)state;
    struct world world = world_begin();
    assert_int_equal(follow(&world), 0); /* notes the lists */
    const int64_t cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    const int64_t moved = world_organisation(&world, "Soudure d’Arras", "company", "62041");
    const int64_t other = world_organisation(&world, "Fonderie de Lille", "company", "59350");
    const int64_t officer = world_account(&world, "officer@exemple.fr", "officer", cluster);
    world_member(&world, moved, cluster, 18000, ABSENT);
    world_member(&world, other, cluster, 18000, ABSENT);
    world_need(&world, officer, "Deux soudeurs", moved, AUDIENCE_NETWORK);
    check_counts(&world, "organisation", 3, 0);
    check_counts(&world, "membership", 2, 0);
    check_counts(&world, "need", 1, 0);

    take_edition(&world, merged);
    assert_int_equal(follow(&world), 6); /* all: Lille's entered an EPCI */
    check_counts(&world, "organisation", 2, 1);
    check_counts(&world, "membership", 1, 1);
    check_counts(&world, "need", 0, 1);
    assert_int_equal(count_under(&world, "organisation", "62"), 0);
    assert_int_equal(count_under(&world, "organisation", "62041"), 1);
    assert_int_equal(count_under(&world, "organisation", "200093201"), 2);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation WHERE region = 'R11' AND "
                                                "departement = '93' AND place = '62041' AND version = 2"),
                     1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM need WHERE region = 'R11' AND version = 2"), 1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation WHERE version = 1"), 2);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history WHERE origin = 'reference'"), 2);

    /* What is changed afterwards leaves nothing behind under the former région. */
    rename_organisation(&world, moved, "Soudure de Saint-Denis");
    check_counts(&world, "organisation", 2, 1);
    check_counts(&world, "membership", 1, 1);
    assert_int_equal(follow(&world), 0);
    world_end(&world);
}

static void test_a_list_read_again_in_place_of_the_same_edition(void **state)
{
    (void)state;
    struct world world = world_begin();
    follow(&world);
    world_organisation(&world, "Soudure d’Arras", "company", "62041");
    take_edition(&world, merged);
    assert_int_equal(follow(&world), 1);
    const char *again = arena_print(world.arena, "%s%s", merged, "76540,commune,62,,Rouen,,\n");
    char *corrected = arena_copy(world.arena, again);
    memcpy(strstr(corrected, "62041,commune,93"), "62041,commune,62", 16);
    take_edition(&world, corrected);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM vocabulary_version WHERE version = '2021'"), 2);
    assert_int_equal(follow(&world), 1);
    check_counts(&world, "organisation", 1, 0);
    /* The former reading was kept until then only. */
    take_edition(&world, merged);
    assert_int_equal(follow(&world), 1);
    take_edition(&world, corrected);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM vocabulary_version WHERE version = '2021'"), 2);
    check_counts(&world, "organisation", 0, 1);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_commune_merged_into_another_moves_its_records),
        cmocka_unit_test(test_a_list_read_again_in_place_of_the_same_edition),
    };
    return database_run_group(tests);
}
