/* test_report.c: the year of a cluster: what is listed and when, figures that are the number of their lines, with whose rights; the document. */
#include "tests/record/world.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/kinds/event.h"
#include "product/kinds/practice.h"
#include "product/kinds/visit.h"
#include "product/report/report.h"

static struct world world;
static struct error error;
static int64_t cluster, company, second, officer, member;
static int year;

static const char *number(int64_t id) { return arena_print(world.arena, "%lld", (long long)id); }
static int64_t day_in(int which, int month, int day) { return day_from_civil((struct civil){which, month, day}); }

static void begin(void)
{
    world = world_begin();
    year = day_to_civil(time_today()).year;
    cluster = world_organisation(&world, "Pôle", "cluster", "59350");
    company = world_organisation(&world, "Une", "company", "59350");
    second = world_organisation(&world, "Deux", "company", "62041");
    world_member(&world, company, cluster, day_in(year - 2, 3, 1), ABSENT);
    officer = world_account(&world, "o@exemple.fr", "officer", cluster);
    member = world_account(&world, "m@exemple.fr", "member", company);
}

static struct report_list gather(int64_t account, const char *section, int which)
{
    struct report_list list;
    struct record_context context = world_as(&world, account);
    context.arena = world.arena;
    check_ok(report_gather(&context, report_find(section), cluster, which, &list, &error), &error);
    db_release(&world.handle);
    return list;
}

static size_t column_of(const struct report_list *list, const char *name)
{
    for (size_t i = 0; i < list->column_count; i++)
        if (strcmp(list->section->columns[i].name, name) == 0) return i;
    fail_msg("no column %s", name);
    return 0;
}

static const char *cell(const struct report_list *list, size_t line, const char *name)
{
    return list->lines[line].cells[column_of(list, name)].text;
}

/* Each year that a membership touches, once however many it has. */
static void test_members(void **state)
{
    (void)state;
    begin();
    world_member(&world, second, cluster, day_in(year - 1, 6, 1), day_in(year - 1, 9, 30));
    world_member(&world, second, cluster, day_in(year - 1, 11, 1), day_in(year, 1, 1));
    assert_int_equal(gather(officer, "members", year - 3).line_count, 0);
    assert_int_equal(gather(officer, "members", year - 2).line_count, 1);
    struct report_list list = gather(officer, "members", year - 1);
    assert_int_equal(list.line_count, 2);
    assert_string_equal(cell(&list, 0, "name"), "Deux");
    assert_string_equal(cell(&list, 0, "joined"), "Oui");
    assert_string_equal(cell(&list, 0, "left"), "Non");
    assert_string_equal(cell(&list, 1, "joined"), "Non");
    list = gather(officer, "members", year);
    assert_int_equal(list.line_count, 2);
    assert_string_equal(cell(&list, 0, "left"), "Oui");
    assert_int_equal(gather(officer, "members", year + 1).line_count, 1);
    world_end(&world);
}

static void test_visits(void **state)
{
    (void)state;
    begin();
    char last_day[16], first_day[16];
    day_format(day_in(year - 1, 12, 31), last_day);
    day_format(day_in(year, 1, 1), first_day);
    const char *const days[] = {last_day, first_day, first_day};
    for (size_t i = 0; i < 3; i++) {
        const struct input texts[] = {
            {"company", number(company)}, {"cluster", number(cluster)}, {"day", days[i]}, {NULL, NULL}};
        const int64_t id = world_file(&world, officer, &visit_kind, texts);
        struct record_context context = world_as(&world, officer);
        if (i < 2) check_ok(record_change_state(&context, &visit_kind, id, 0, "held", NULL, &error), &error);
        db_release(&world.handle);
    }
    assert_int_equal(gather(officer, "visits", year - 1).line_count, 1);
    const struct report_list list = gather(officer, "visits", year);
    assert_int_equal(list.line_count, 1);
    assert_string_equal(cell(&list, 0, "company"), "Une");
    assert_string_equal(cell(&list, 0, "needs"), "0");
    world_end(&world);
}

/* Of members when they filed, and only what may be read. */
static void test_needs(void **state)
{
    (void)state;
    begin();
    const int64_t other = world_account(&world, "a@exemple.fr", "member", second);
    world_need(&world, member, "Un tour", company, AUDIENCE_NETWORK);
    world_need(&world, member, "Sans bruit", company, AUDIENCE_PRIVATE);
    world_need(&world, other, "D’un autre", second, AUDIENCE_NETWORK);
    const struct report_list list = gather(officer, "needs", year);
    assert_int_equal(list.line_count, 1);
    assert_string_equal(cell(&list, 0, "title"), "Un tour");
    assert_string_equal(cell(&list, 0, "state"), "Ouvert");
    assert_int_equal(gather(member, "needs", year).line_count, 2);
    assert_int_equal(gather(officer, "needs", year - 1).line_count, 0);
    world_end(&world);
}

static void test_events_and_practices(void **state)
{
    (void)state;
    begin();
    const struct input event[] = {{"title", "Un atelier"},
                                  {"organiser", number(cluster)},
                                  {"type", "workshop"},
                                  {"starts", arena_print(world.arena, "%d-12-30T10:00", year)},
                                  {NULL, NULL}};
    const struct input practice[] = {{"title", "Un carnet"},
                                     {"organisation", number(cluster)},
                                     {"context", "Des départs"},
                                     {"results", "Moins de départs"},
                                     {NULL, NULL}};
    world_file(&world, officer, &event_kind, event);
    world_file(&world, officer, &practice_kind, practice);
    const struct report_list events = gather(officer, "events", year), practices = gather(officer, "practices", year);
    assert_int_equal(events.line_count, 1);
    assert_string_equal(cell(&events, 0, "registered"), "0");
    assert_int_equal(practices.line_count, 1);
    assert_string_equal(cell(&practices, 0, "adoptions"), "0");
    world_end(&world);
}

/* Against counting by hand, for each column of a list of many. */
static void test_figures(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 30; i++) {
        const int64_t id = world_need(&world, member, "Un tour", company, AUDIENCE_NETWORK);
        struct record_context context = world_as(&world, officer);
        if (i % 3)
            check_ok(record_change_state(&context, &need_kind, id, 0, i % 3 == 1 ? "taken_up" : "served", NULL, &error),
                     &error);
        db_release(&world.handle);
    }
    const struct report_list list = gather(officer, "needs", year);
    for (size_t column = 0; column < list.column_count; column++) {
        struct report_figure *figures = NULL;
        const size_t count = report_count(world.arena, &list, column, &figures);
        int64_t sum = 0;
        for (size_t i = 0; i < count; i++) {
            int64_t own = 0;
            for (size_t j = 0; j < list.line_count; j++)
                own += strcmp(list.lines[j].cells[column].text, figures[i].value) == 0;
            assert_int_equal(own, figures[i].count);
            sum += own;
            if (i) assert_true(figures[i - 1].count >= figures[i].count);
        }
        assert_int_equal(sum, 30);
    }
    struct report_figure *figures = NULL;
    assert_int_equal(report_count(world.arena, &list, column_of(&list, "state"), &figures), 3);
    assert_int_equal(figures[0].count, 10);
    world_end(&world);
}

static void test_files(void **state)
{
    const char *bytes = NULL;
    size_t length = 0;
    (void)state;
    begin();
    struct record_context context = world_as(&world, officer);
    context.arena = world.arena;
    check_ok(report_document(&context, cluster, year, &bytes, &length, &error), &error);
    assert_true(length > 1000 && memcmp(bytes, "%PDF-", 5) == 0 && memmem(bytes, length, "%%EOF", 5));
    check_ok(report_workbook(&context, cluster, year, &bytes, &length, &error), &error);
    assert_true(length > 1000 && memcmp(bytes, "PK", 2) == 0);
    db_release(&world.handle);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members), cmocka_unit_test(test_visits),
        cmocka_unit_test(test_needs),   cmocka_unit_test(test_events_and_practices),
        cmocka_unit_test(test_figures), cmocka_unit_test(test_files),
    };
    return database_run_group(tests);
}
