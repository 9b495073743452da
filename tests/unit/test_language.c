#include "tests/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/language/language.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void test_accept(void **state)
{
    (void)state;
    assert_int_equal(language_accept(NULL), LANGUAGE_FRENCH);
    assert_int_equal(language_accept(""), LANGUAGE_FRENCH);
    assert_int_equal(language_accept("de, ja;q=0.5"), LANGUAGE_FRENCH);
    assert_int_equal(language_accept("en"), LANGUAGE_ENGLISH);
    assert_int_equal(language_accept("EN-gb,fr;q=0.9"), LANGUAGE_ENGLISH);
    assert_int_equal(language_accept("en;q=0.8, fr-FR;q=0.81"), LANGUAGE_FRENCH);
    assert_int_equal(language_accept("en;q=0.805, fr;q=0.80"), LANGUAGE_ENGLISH);
    assert_int_equal(language_accept("fr;q=0, en;q=0.001"), LANGUAGE_ENGLISH);
    assert_int_equal(language_accept("fro, enm, en;q=0.1"), LANGUAGE_ENGLISH);
    assert_int_equal(language_accept(";q=,,;,fr;;q=."), LANGUAGE_FRENCH);
    enum language found = LANGUAGE_FRENCH;
    assert_true(language_find("en", &found));
    assert_int_equal(found, LANGUAGE_ENGLISH);
    assert_false(language_find("EN", &found));
    assert_false(language_find(NULL, &found));
    assert_string_equal(language_code(LANGUAGE_FRENCH), "fr");
    assert_string_equal(language_name(LANGUAGE_FRENCH), "Français");
}

static void test_sentences(void **state)
{
    (void)state;
    assert_string_equal(language_text(LANGUAGE_FRENCH, "Search"), "Rechercher");
    assert_string_equal(language_text(LANGUAGE_ENGLISH, "Search"), "Search");
    assert_string_equal(language_text(LANGUAGE_FRENCH, "No sentence of ours"), "No sentence of ours");
    assert_string_equal(language_text(LANGUAGE_FRENCH, NULL), "");
    assert_string_equal(language_print(arena, LANGUAGE_ENGLISH, "{2} before {1}, {3}{7}.", "a", "b", NULL),
                        "b before a, {7}.");
    struct error error;
    error_set(&error, STATUS_INPUT, "There is no {1} in {2}.", "x", "y {1}");
    assert_string_equal(language_error(arena, LANGUAGE_FRENCH, &error), "There is no x in y {1}.");
}

static void test_plural(void **state)
{
    (void)state;
    assert_string_equal(language_plural(arena, LANGUAGE_FRENCH, 0, "{1} one", "{1} many"), "0 one");
    assert_string_equal(language_plural(arena, LANGUAGE_FRENCH, 1, "{1} one", "{1} many"), "1 one");
    assert_string_equal(language_plural(arena, LANGUAGE_FRENCH, 2, "{1} one", "{1} many"), "2 many");
    assert_string_equal(language_plural(arena, LANGUAGE_ENGLISH, 0, "{1} one", "{1} many"), "0 many");
    assert_string_equal(language_plural(arena, LANGUAGE_ENGLISH, 1200, "{1} one", "{1} many"), "1,200 many");
}

#define NNBSP "\u202f"

static void test_numbers(void **state)
{
    (void)state;
    assert_string_equal(language_number(arena, LANGUAGE_FRENCH, 0, 0), "0");
    assert_string_equal(language_number(arena, LANGUAGE_FRENCH, 12345, 1), "1" NNBSP "234,5");
    assert_string_equal(language_number(arena, LANGUAGE_ENGLISH, 12345, 1), "1,234.5");
    assert_string_equal(language_number(arena, LANGUAGE_FRENCH, -5, 2), "−0,05");
    assert_string_equal(language_number(arena, LANGUAGE_FRENCH, 1234567, 0), "1" NNBSP "234" NNBSP "567");
    assert_string_equal(language_number(arena, LANGUAGE_FRENCH, 123456, 0), "123" NNBSP "456");
    assert_string_equal(language_number(arena, LANGUAGE_ENGLISH, INT64_MAX, 0), "9,223,372,036,854,775,807");
    assert_string_equal(language_number(arena, LANGUAGE_ENGLISH, INT64_MIN + 1, 18), "−9.223372036854775807");
    assert_string_equal(language_number(arena, LANGUAGE_ENGLISH, 1, 18), "0.000000000000000001");
    assert_string_equal(language_number(arena, LANGUAGE_ENGLISH, INT64_MIN, 0), "");
    assert_string_equal(language_money(arena, LANGUAGE_FRENCH, 123450), "1" NNBSP "234,50\u00a0€");
    assert_string_equal(language_money(arena, LANGUAGE_FRENCH, -300000), "−3" NNBSP "000\u00a0€");
    assert_string_equal(language_money(arena, LANGUAGE_ENGLISH, -123450), "−€1,234.50");
    assert_string_equal(language_money(arena, LANGUAGE_ENGLISH, INT64_MIN), "");
}

static void test_bytes(void **state)
{
    (void)state;
    assert_string_equal(language_bytes(arena, LANGUAGE_FRENCH, 0), "0\u00a0octets");
    assert_string_equal(language_bytes(arena, LANGUAGE_FRENCH, 999), "999\u00a0octets");
    assert_string_equal(language_bytes(arena, LANGUAGE_FRENCH, 1200), "1,2\u00a0Ko");
    assert_string_equal(language_bytes(arena, LANGUAGE_ENGLISH, 34200000), "34\u00a0MB");
    assert_string_equal(language_bytes(arena, LANGUAGE_ENGLISH, 999960), "1.0\u00a0MB");
    assert_string_equal(language_bytes(arena, LANGUAGE_ENGLISH, -1), "");
}

static int64_t day(int year, int month, int of_month) { return day_from_civil((struct civil){year, month, of_month}); }

static void test_days(void **state)
{
    (void)state;
    assert_string_equal(language_day(arena, LANGUAGE_FRENCH, day(2026, 11, 22)), "22 novembre 2026");
    assert_string_equal(language_day(arena, LANGUAGE_FRENCH, day(2026, 8, 1)), "1er août 2026");
    assert_string_equal(language_day(arena, LANGUAGE_ENGLISH, day(2026, 8, 1)), "1 August 2026");
    assert_string_equal(language_day(arena, LANGUAGE_FRENCH, INT64_MIN), "");
    assert_string_equal(language_day_short(arena, LANGUAGE_FRENCH, day(2026, 8, 1)), "01/08/2026");
    assert_string_equal(language_month(arena, LANGUAGE_FRENCH, day(2026, 2, 28)), "février 2026");
}

/* As Paris reads it: the change of hour in 2026 is on 29 March and 25 October, in 2021 on 28 March and 31 October. */
static void test_paris(void **state)
{
    (void)state;
    static const struct {
        const char *utc;
        const char *paris;
    } cases[] = {
        {"2026-11-22T07:30:00Z", "22 novembre 2026 à 08:30"}, {"2026-07-14T22:30:00Z", "15 juillet 2026 à 00:30"},
        {"2026-03-29T00:59:59Z", "29 mars 2026 à 01:59"},     {"2026-03-29T01:00:00Z", "29 mars 2026 à 03:00"},
        {"2026-10-25T00:59:59Z", "25 octobre 2026 à 02:59"},  {"2026-10-25T01:00:00Z", "25 octobre 2026 à 02:00"},
        {"2021-10-31T00:59:59Z", "31 octobre 2021 à 02:59"},  {"2021-10-31T01:00:00Z", "31 octobre 2021 à 02:00"},
        {"2026-12-31T23:00:00Z", "1er janvier 2027 à 00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t moment = 0;
        assert_true(time_parse(cases[i].utc, &moment));
        assert_string_equal(language_moment(arena, LANGUAGE_FRENCH, moment), cases[i].paris);
    }
    assert_string_equal(language_moment(arena, LANGUAGE_ENGLISH, 0), "1 January 1970, 01:00");
}

/* From the clock on the wall back to the moment: the hour that comes twice is its first, the one left out is none. */
static void test_paris_moment(void **state)
{
    static const struct {
        const char *wall, *utc;
    } cases[] = {{"2026-11-22T08:30:00Z", "2026-11-22T07:30:00.000Z"},
                 {"2026-07-15T00:30:00Z", "2026-07-14T22:30:00.000Z"},
                 {"2026-03-29T01:59:00Z", "2026-03-29T00:59:00.000Z"},
                 {"2026-03-29T03:00:00Z", "2026-03-29T01:00:00.000Z"},
                 {"2026-10-25T02:30:00Z", "2026-10-25T00:30:00.000Z"},
                 {"2026-10-25T03:00:00Z", "2026-10-25T02:00:00.000Z"},
                 {"2026-03-29T02:00:00Z", NULL},
                 {"2026-03-29T02:59:59Z", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t wall = 0, moment = 0;
        char text[32];
        assert_true(time_parse(cases[i].wall, &wall));
        assert_int_equal(language_paris_moment(wall, &moment), cases[i].utc != NULL);
        time_format(moment, text);
        if (cases[i].utc) assert_string_equal(text, cases[i].utc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accept),
        cmocka_unit_test_setup_teardown(test_sentences, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_plural, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_paris, set_up, tear_down),
        cmocka_unit_test(test_paris_moment),
    };
    return run_group(tests);
}
