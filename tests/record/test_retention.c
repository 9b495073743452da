/* test_retention.c: what is said of people goes when its period is over, with the clock moved; what a law keeps longer waits; the page's figures say so before. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/check.h"
#include "platform/record/retention.h"
#include "product/kinds/event.h"
#include "product/kinds/kinds.h"
#include "product/kinds/need.h"
#include "product/kinds/registration.h"

enum { KINDS_MOST = 40, MOST = 10 };

static struct world world;
static struct error error;
static struct kind own; /* a need with another retention */
static const struct kind *kinds[KINDS_MOST];
static int64_t company, cluster, member, officer;

static void begin(struct retention retention)
{
    size_t count = 0;
    world = world_begin();
    own = need_kind;
    own.retention = retention;
    for (; product_kinds[count]; count++)
        kinds[count] = product_kinds[count] == &need_kind ? &own : product_kinds[count];
    kinds_set(kinds);
    company = world_organisation(&world, "Une", "company", "59350");
    cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    member = world_account(&world, "m@exemple.fr", "member", company);
    officer = world_account(&world, "o@exemple.fr", "officer", cluster);
}

static void end(void) { world_end(&world); }

/* A need that names somebody. */
static int64_t open_need(void)
{
    const char *number = arena_print(world.arena, "%lld", (long long)company);
    const struct input texts[] = {{"title", "Un tour"}, {"type", "people.recruitment"},
                                  {"company", number},  {"description", "Un besoin assez précis."},
                                  {"contact", "Zoé"},   {"email", "zoe@exemple.fr"},
                                  {NULL, NULL}};
    return world_file(&world, member, &own, texts);
}

static int64_t closed_need(void)
{
    const int64_t id = open_need();
    struct record_context context = world_as(&world, member);
    check_ok(record_change_state(&context, &own, id, 0, "closed", "Sans suite", &error), &error);
    db_release(&world.handle);
    return id;
}

static int64_t in_months(int months, int days)
{
    return (retention_day(&(struct kind){.retention = {.months = months}}, time_today()) + days) * MS_PER_DAY +
           MS_PER_DAY / 2;
}

static struct retention_totals apply(const struct kind *kind, int64_t now)
{
    struct retention_totals totals = {0};
    check_ok(retention_apply(&world.records, kind, now, NULL, &totals, &error), &error);
    return totals;
}

static int64_t named(void) { return database_integer(world.db, "SELECT COUNT(*) FROM need WHERE contact IS NOT NULL"); }

static void test_details_go_when_the_period_is_over(void **state)
{
    (void)state;
    begin((struct retention){.purpose = "a", .months = 24});
    const int64_t id = closed_need();
    open_need();
    assert_int_equal(apply(&own, in_months(24, -1)).emptied, 0);
    assert_int_equal(named(), 2);
    const struct retention_totals totals = apply(&own, in_months(24, 0));
    assert_true(totals.emptied == 1 && totals.erased == 0 && totals.kept == 0);
    assert_int_equal(named(), 1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM need"), 2);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_leaf WHERE salt IS NOT NULL"), 0);
    assert_int_equal(apply(&own, in_months(60, 0)).emptied, 0);
    assert_int_equal(
        database_integer(world.db, arena_print(world.arena,
                                               "SELECT COUNT(*) FROM record_history WHERE record = %lld AND "
                                               "action = 'forgotten' AND origin = 'retention'",
                                               (long long)id)),
        1);
    end();
}

static void test_a_whole_record_goes_and_a_law_keeps_it_longer(void **state)
{
    (void)state;
    begin((struct retention){.purpose = "a", .months = 6, .whole = true, .law_months = 18, .law = "Code of trials"});
    closed_need();
    assert_int_equal(apply(&own, in_months(6, 1)).erased, 0);
    assert_int_equal(apply(&own, in_months(18, -1)).erased, 0);
    assert_int_equal(apply(&own, in_months(18, 0)).erased, 1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM need"), 0);
    end();
}

static void test_without_a_period_nothing_goes(void **state)
{
    (void)state;
    begin((struct retention){.purpose = "a"});
    closed_need();
    assert_int_equal(apply(&own, in_months(1000, 0)).emptied, 0);
    assert_int_equal(named(), 1);
    end();
}

/* More than one batch of them. */
static void test_many_go(void **state)
{
    (void)state;
    begin((struct retention){.purpose = "a", .months = 1});
    closed_need();
    for (int i = 0; i < 120; i++) closed_need();
    assert_int_equal(apply(&own, in_months(1, 0)).emptied, 121);
    assert_int_equal(named(), 0);
    end();
}

static void test_what_takes_place_ends_then(void **state)
{
    (void)state;
    begin((struct retention){.purpose = "a", .months = 24});
    const struct input event[] = {{"title", "Rencontre"},
                                  {"type", "meeting"},
                                  {"organiser", arena_print(world.arena, "%lld", (long long)cluster)},
                                  {"starts", arena_print(world.arena, "%s 10:00", "2099-05-04")},
                                  {"description", "Une rencontre."},
                                  {NULL, NULL}};
    const char *number = arena_print(world.arena, "%lld", (long long)world_file(&world, officer, &event_kind, event));
    const struct input registration[] = {{"event", number},
                                         {"organisation", arena_print(world.arena, "%lld", (long long)company)},
                                         {"person", "Zoé"},
                                         {"email", "zoe@exemple.fr"},
                                         {NULL, NULL}};
    world_file(&world, member, &registration_kind, registration);
    const int64_t held = day_from_civil((struct civil){2099, 5, 4}), months = registration_kind.retention.months;
    const int64_t past = retention_day(&registration_kind, held);
    assert_true(months > 0 && past > held);
    assert_int_equal(apply(&registration_kind, (past - 1) * MS_PER_DAY).emptied, 0);
    assert_int_equal(apply(&registration_kind, past * MS_PER_DAY).emptied, 1);
    assert_int_equal(
        database_integer(world.db, "SELECT COUNT(*) FROM registration WHERE person = '—' AND email IS NULL"), 1);
    assert_int_equal(apply(&registration_kind, (past + 1) * MS_PER_DAY).emptied, 0);
    end();
}

static void test_what_will_go_is_told(void **state)
{
    struct retention_due due[MOST];
    size_t count = 0;
    int64_t many = 0;
    (void)state;
    begin((struct retention){.purpose = "a", .months = 24});
    const int64_t first = closed_need();
    closed_need();
    check_ok(database_run(world.db, "UPDATE need SET state_day = state_day - 10 WHERE id = $1",
                          DB_BIND(db_integer(first)), &error),
             &error);
    struct record_context context = world_as(&world, member);
    check_ok(retention_next(&context, &own, due, MOST, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_true(due[0].id == first && due[0].day == retention_day(&own, time_today() - 10));
    check_ok(retention_count(&context, &own, due[0].day - 1, &many, &error), &error);
    assert_int_equal(many, 0);
    check_ok(retention_count(&context, &own, due[0].day, &many, &error), &error);
    assert_int_equal(many, 1);
    check_ok(retention_count(&context, &own, due[1].day, &many, &error), &error);
    assert_int_equal(many, 2);
    db_release(&world.handle);
    end();
}

/* The last day of a month without a 31st, and 29 February, are days of months that have them. */
static void test_months_end_where_they_can(void **state)
{
    (void)state;
    const struct kind year = {.retention = {.months = 12}}, month = {.retention = {.months = 1}};
    assert_int_equal(retention_day(&year, day_from_civil((struct civil){2028, 2, 29})),
                     day_from_civil((struct civil){2029, 2, 28}));
    assert_int_equal(retention_day(&month, day_from_civil((struct civil){2026, 1, 31})),
                     day_from_civil((struct civil){2026, 2, 28}));
    assert_int_equal(retention_day(&month, day_from_civil((struct civil){2026, 12, 31})),
                     day_from_civil((struct civil){2027, 1, 31}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details_go_when_the_period_is_over),
        cmocka_unit_test(test_a_whole_record_goes_and_a_law_keeps_it_longer),
        cmocka_unit_test(test_without_a_period_nothing_goes),
        cmocka_unit_test(test_many_go),
        cmocka_unit_test(test_what_takes_place_ends_then),
        cmocka_unit_test(test_what_will_go_is_told),
        cmocka_unit_test(test_months_end_where_they_can),
    };
    return database_run_group(tests);
}
