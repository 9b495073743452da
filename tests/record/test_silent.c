/* test_silent.c: members of a cluster without a visit, a need or an event for a while: who they are, for whom, since when. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/kinds/event.h"
#include "product/kinds/registration.h"
#include "product/kinds/visit.h"
#include "product/members/silent.h"

enum { YEAR = 365 };

static struct world world;
static struct error error;
static int64_t cluster, other_cluster, officer, manager, member;
static int64_t companies[4];

static void begin(void)
{
    static const char *const names[] = {"Électronique", "Bois", "Zinc", "Aciers"};
    world = world_begin();
    cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    other_cluster = world_organisation(&world, "Autre pôle", "cluster", "59350");
    for (size_t i = 0; i < 4; i++) {
        companies[i] = world_organisation(&world, names[i], "company", "59350");
        world_member(&world, companies[i], cluster, time_today() - 3 * YEAR, ABSENT);
    }
    officer = world_account(&world, "o@exemple.fr", "officer", cluster);
    manager = world_account(&world, "d@exemple.fr", "manager", cluster);
    member = world_account(&world, "m@exemple.fr", "member", companies[0]);
}

static const char *number(int64_t id) { return arena_print(world.arena, "%lld", (long long)id); }

static const char *day(int64_t days_ago)
{
    char text[16];
    day_format(time_today() - days_ago, text);
    return arena_copy(world.arena, text);
}

static void visit(int64_t company, int64_t days_ago, const char *state)
{
    const struct input texts[] = {
        {"company", number(company)}, {"cluster", number(cluster)}, {"day", day(days_ago)}, {NULL, NULL}};
    const int64_t id = world_file(&world, officer, &visit_kind, texts);
    if (strcmp(state, "planned") == 0) return;
    struct record_context context = world_as(&world, officer);
    check_ok(record_change_state(&context, &visit_kind, id, 0, state, NULL, &error), &error);
    db_release(&world.handle);
}

/* The names of the silent ones, in their order. */
static const char *silent(int64_t account, int64_t days, int64_t *members)
{
    struct silent_member *found = NULL;
    size_t count = 0;
    int64_t own = 0;
    const char *names = "";
    struct record_context context = world_as(&world, account);
    context.arena = world.arena;
    check_ok(silent_cluster(&context, &own, &error), &error);
    assert_true(own == cluster);
    check_ok(silent_members(&context, own, time_today() - days, &found, &count, members, &error), &error);
    db_release(&world.handle);
    for (size_t i = 0; i < count; i++) names = arena_print(world.arena, "%s%s.", names, found[i].name);
    return names;
}

static void test_signs(void **state)
{
    int64_t members = 0;
    (void)state;
    begin();
    assert_string_equal(silent(officer, YEAR, &members), "Aciers.Bois.Électronique.Zinc.");
    assert_int_equal(members, 4);
    visit(companies[1], 400, "held");
    visit(companies[2], 10, "planned");
    assert_string_equal(silent(officer, YEAR, &members), "Aciers.Électronique.Zinc.Bois.");
    assert_string_equal(silent(officer, 2 * YEAR, &members), "Aciers.Électronique.Zinc.");
    visit(companies[1], 20, "held");
    assert_string_equal(silent(manager, YEAR, &members), "Aciers.Électronique.Zinc.");
    world_need(&world, member, "Un tour", companies[0], AUDIENCE_NETWORK);
    assert_string_equal(silent(manager, YEAR, &members), "Aciers.Zinc.");
    world_end(&world);
}

static void test_events(void **state)
{
    int64_t members = 0;
    (void)state;
    begin();
    const struct input event[] = {{"title", "Un atelier"},
                                  {"organiser", number(cluster)},
                                  {"type", "workshop"},
                                  {"starts", arena_print(world.arena, "%sT10:00", day(-20))},
                                  {NULL, NULL}};
    const int64_t id = world_file(&world, officer, &event_kind, event);
    const struct input registration[] = {
        {"event", number(id)}, {"organisation", number(companies[0])}, {"person", "Zoé"}, {NULL, NULL}};
    world_file(&world, member, &registration_kind, registration);
    assert_string_equal(silent(officer, YEAR, &members), "Aciers.Bois.Zinc.");
    world_end(&world);
}

/* What one may not read is no sign; who has just become a member is not silent. */
static void test_unread_and_new(void **state)
{
    int64_t members = 0;
    (void)state;
    begin();
    world_need(&world, member, "Sans bruit", companies[0], AUDIENCE_PRIVATE);
    const int64_t fresh = world_organisation(&world, "Neuve", "company", "59350");
    world_member(&world, fresh, cluster, time_today() - 30, ABSENT);
    const int64_t gone = world_organisation(&world, "Partie", "company", "59350");
    world_member(&world, gone, cluster, time_today() - 900, time_today() - 10);
    assert_string_equal(silent(officer, YEAR, &members), "Aciers.Bois.Électronique.Zinc.");
    assert_int_equal(members, 5);
    world_end(&world);
}

static void test_for_whom(void **state)
{
    int64_t own = -1;
    (void)state;
    begin();
    struct record_context context = world_as(&world, member);
    check_ok(silent_cluster(&context, &own, &error), &error);
    assert_int_equal(own, 0);
    const int64_t boss = world_account(&world, "b@exemple.fr", "manager", companies[0]);
    context = world_as(&world, boss);
    check_ok(silent_cluster(&context, &own, &error), &error);
    assert_int_equal(own, 0);
    db_release(&world.handle);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_signs), cmocka_unit_test(test_events),
                                       cmocka_unit_test(test_unread_and_new), cmocka_unit_test(test_for_whom)};
    return database_run_group(tests);
}
