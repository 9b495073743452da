/* Published figures on both engines: frozen once, in distinct companies, whatever their needs' audience; what is small is nowhere stored. */
#include "tests/record/world.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/figures/figures.h"

static struct error error;
static struct world world;

struct filing {
    int64_t company;
    const char *type;
    enum audience audience;
    int64_t day;
};

static enum status file_need(struct db_handle *write, void *data, struct error *failure)
{
    const struct filing *filing = data;
    struct record_context context = {.records = &world.records,
                                     .arena = world.arena,
                                     .viewer = viewer_program(),
                                     .origin = "test",
                                     .handle = write,
                                     .now = filing->day * MS_PER_DAY + 1000};
    struct faults faults = {.count = 0};
    struct need *need = record_new(&context, &need_kind);
    need->title.value = "Un besoin";
    need->company.id = filing->company;
    need->type.value = filing->type;
    need->head.audience = filing->audience;
    return record_save(&context, &need_kind, need, &faults, failure);
}

static void need_of(int64_t company, const char *type, enum audience audience, int64_t day)
{
    struct filing filing = {company, type, audience, day};
    check_ok(db_transaction(world.db, file_need, &filing, &error), &error);
}

/* count companies of a commune, each with one need. */
static void companies(const char *commune, const char *type, enum audience audience, int count, int64_t day)
{
    static int number;
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "Entreprise %d", ++number);
        need_of(world_organisation(&world, name, "company", commune), type, audience, day);
    }
}

/* The published figure, or -1. */
static int64_t figure(int64_t quarter, enum figures_family family, const char *code, const char *area)
{
    struct db_handle *read = NULL;
    struct figures_cell *cells = NULL;
    size_t count = 0;
    check_ok(db_read(world.db, &read, &error), &error);
    check_ok(
        figures_cells(read, world.arena, &(struct figures_wish){quarter, family, code, area}, &cells, &count, &error),
        &error);
    db_release(&read);
    assert_true(count <= 1);
    return count ? cells[0].companies : -1;
}

static int64_t day_of(const char *text)
{
    int64_t day = 0;
    assert_true(day_parse(text, &day));
    return day;
}

static void freeze(const char *today)
{
    check_ok(figures_freeze(&world.records, day_of(today), NULL, NULL, &error), &error);
}

static void test_quarters(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(figures_quarter_name(arena, figures_quarter_of(day_of("2026-09-30"))), "2026-T3");
    assert_int_equal(figures_quarter_parse("2026-T3"), 2026 * 4 + 2);
    assert_int_equal(figures_quarter_start(2026 * 4 + 3), day_of("2026-10-01"));
    for (const char *const *wrong =
             (const char *const[]){"", "2026", "2026-T5", "2026-T0", "2026-T12", "26-T1", "2026-T1 ", NULL};
         *wrong; wrong++)
        assert_int_equal(figures_quarter_parse(*wrong), 0);
    assert_int_equal(figures_quarter_parse(NULL), 0);
    arena_free(&arena);
}

static void test_what_nobody_may_read_is_counted_and_the_small_is_not_stored(void **state)
{
    (void)state;
    const int64_t day = day_of("2026-05-10"), quarter = figures_quarter_of(day);
    world = world_begin();
    companies("59350", "people.recruitment", AUDIENCE_PRIVATE, 6, day);
    companies("62041", "people", AUDIENCE_PRIVATE, 5, day);
    companies("93066", "skills", AUDIENCE_PRIVATE, 7, day);
    companies("93066", "people", AUDIENCE_PRIVATE, 1, day);
    const int64_t twice = world_organisation(&world, "Deux besoins", "company", "93066");
    need_of(twice, "skills", AUDIENCE_PUBLIC, day + 5);
    need_of(twice, "people", AUDIENCE_PRIVATE, day); /* what it keeps to itself changes nothing */
    freeze("2026-07-01");
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "FR"), 20);
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "59"), 6);
    assert_int_equal(figure(quarter, FIGURES_KIND, "people", "59"), 6);
    assert_int_equal(figure(quarter, FIGURES_KIND, "people", "93"), -1);
    assert_int_equal(figure(quarter, FIGURES_KIND, "people", "R11"), -1);
    /* 93 and its total are known: the other kind would give it back. */
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "93"), 9);
    assert_int_equal(figure(quarter, FIGURES_KIND, "skills", "93"), -1);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM figures_cell WHERE companies < 3"), 0);
    world_end(&world);
}

static void test_a_quarter_is_frozen_once_and_when_it_is_over(void **state)
{
    (void)state;
    const int64_t day = day_of("2026-05-10"), quarter = figures_quarter_of(day);
    world = world_begin();
    freeze("2026-07-01");
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM figures_release"), 0);
    companies("59350", "people", AUDIENCE_NETWORK, 6, day);
    freeze("2026-06-30");
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM figures_release"), 0);
    freeze("2026-07-01");
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "FR"), 6);
    companies("59350", "people", AUDIENCE_PRIVATE, 1, day + 1); /* late: it would be the difference */
    freeze("2026-07-02");
    freeze("2026-12-31");
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "FR"), 6);
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM figures_release"),
                     2); /* the third one is empty */
    world_end(&world);
}

/* Whoever sees the needs of the network subtracts them. */
static void test_what_is_seen_subtracts_to_nothing_small(void **state)
{
    (void)state;
    const int64_t day = day_of("2026-05-10"), quarter = figures_quarter_of(day);
    world = world_begin();
    companies("59350", "people", AUDIENCE_NETWORK, 6, day);
    companies("59350", "people", AUDIENCE_PRIVATE, 2, day);
    companies("62041", "people", AUDIENCE_NETWORK, 4, day);
    companies("62041", "people", AUDIENCE_PRIVATE, 3, day);
    companies("93066", "people", AUDIENCE_PRIVATE, 4, day);
    freeze("2026-07-01");
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "FR"), 19);
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "R32"), 15);
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "59"), -1); /* 8 less the 6 that are seen */
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "62"), -1); /* gives the former back */
    world_end(&world);
}

static void test_one_private_need_is_left_out(void **state)
{
    (void)state;
    const int64_t day = day_of("2026-05-10"), quarter = figures_quarter_of(day);
    world = world_begin();
    companies("59350", "people", AUDIENCE_PUBLIC, 6, day);
    companies("59350", "people", AUDIENCE_PRIVATE, 1, day);
    freeze("2026-07-01");
    assert_int_equal(figure(quarter, FIGURES_ALL, "", "FR"), 6);
    assert_int_equal(database_integer(world.db, "SELECT left_out FROM figures_release"), 1);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quarters),
        cmocka_unit_test(test_what_nobody_may_read_is_counted_and_the_small_is_not_stored),
        cmocka_unit_test(test_a_quarter_is_frozen_once_and_when_it_is_over),
        cmocka_unit_test(test_what_is_seen_subtracts_to_nothing_small),
        cmocka_unit_test(test_one_private_need_is_left_out),
    };
    return database_run_group(tests);
}
