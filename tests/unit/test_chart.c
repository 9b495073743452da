#include "tests/check.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart.h"
#include "platform/html/chart_private.h"

static struct arena *arena;
static struct html html;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    html = html_new(arena, LANGUAGE_FRENCH, NULL, 1 << 22);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

#define NONE .lower = NAN, .upper = NAN
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const enum chart_type types[] = {CHART_BARS, CHART_STACK, CHART_LINES, CHART_BALANCE};

static const char *draw(enum chart_type type, const struct chart_point *points, size_t count)
{
    const struct chart_series series[] = {{"Série", points, count}};
    const struct chart chart = {type, "Question", "unité", "Source", series, 1, 1};
    return chart_draw(&html, &chart).html;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++) count++;
    return count;
}

/* Elements open and close as they should. */
static void assert_well_formed(const char *text)
{
    const char *names[64];
    size_t depth = 0;
    for (const char *at = text; (at = strchr(at, '<')); at++) {
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (at[1] == '/') {
            assert_true(depth > 0);
            depth--;
            assert_memory_equal(names[depth], at + 2, strcspn(at + 2, ">"));
        } else if (end[-1] != '/') {
            assert_true(depth < COUNT(names));
            names[depth++] = at + 1;
        }
    }
    assert_int_equal(depth, 0);
}

static void test_ticks_are_round_and_cover(void **state)
{
    (void)state;
    static const struct {
        double lower, upper;
        int most;
        double step, from, to;
        int scale;
    } cases[] = {
        {0, 412, 5, 100, 0, 500, 0},  {0, 1, 5, 0.2, 0, 1, 1},
        {-38, 38, 6, 20, -40, 40, 0}, {0, 0.0012, 4, 0.0005, 0, 0.0015, 4},
        {52, 91, 5, 10, 50, 100, 0},  {0, 9.9, 4, 2.5, 0, 10, 1},
        {5, 5, 4, 2, 4, 10, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct ticks ticks = chart_ticks(cases[i].lower, cases[i].upper, cases[i].most);
        assert_true(fabs(ticks.step - cases[i].step) < 1e-9);
        assert_true(fabs(ticks.lower - cases[i].from) < 1e-9);
        assert_true(fabs(ticks.upper - cases[i].to) < 1e-9);
        assert_int_equal(ticks.scale, cases[i].scale);
    }
    srand(7);
    for (int i = 0; i < 20000; i++) {
        const double lower = (rand() - RAND_MAX / 2.0) * pow(10, rand() % 12 - 12),
                     upper = lower + rand() * pow(10, rand() % 12 - 12);
        const struct ticks ticks = chart_ticks(lower, upper, 5);
        assert_true(ticks.count >= 2 && ticks.count <= 7);
        assert_true(ticks.lower <= lower + ticks.step * 1e-6 && ticks.upper >= upper - ticks.step * 1e-6);
    }
}

static void test_numbers_are_french(void **state)
{
    (void)state;
    assert_string_equal(chart_number(&html, 1234.56, 1, false), "1\u202f234,6");
    assert_string_equal(chart_number(&html, -3, 0, true), "\u22123");
    assert_string_equal(chart_number(&html, 3, 0, true), "+3");
    assert_string_equal(chart_number(&html, -0.04, 1, true), "0,0");
    assert_string_equal(chart_number(&html, 1e300, 1, false), "∞");
}

static void test_bars_are_as_long_as_their_values(void **state)
{
    (void)state;
    const struct chart_point points[] = {{"a", 100, NONE}, {"b", 50, NONE}, {"c", 0, NONE}};
    const char *svg = draw(CHART_BARS, points, 3);
    double widths[3];
    const char *at = svg;
    for (size_t i = 0; i < 3; i++) {
        at = strstr(at + 1, "<rect class=\"bar c0\"");
        assert_non_null(at);
        assert_int_equal(sscanf(strstr(at, " width="), " width=\"%lf", &widths[i]), 1);
    }
    assert_true(fabs(widths[0] - 2 * widths[1]) < 0.2 && widths[0] > 300);
    assert_true(widths[2] == 0);
}

static void test_all_is_escaped(void **state)
{
    (void)state;
    const struct chart_point points[] = {{"<script>\"&'", 2, NONE, "javascript:alert(1)"},
                                         {"b", 1, NONE, "/fr/x?a=1&b=\"2"}};
    for (size_t i = 0; i < COUNT(types); i++) {
        const struct chart_series series[] = {{"<b>", points, 2}, {"</svg>", points, 2}};
        const struct chart chart = {types[i], "<i>question", "<u>", "<s>", series, 2, 0};
        const char *text = chart_draw(&html, &chart).html;
        static const char *const never[] = {"<script", "<b>", "<i>", "<u>", "<s>", "javascript", " style=", "b=\"2"};
        for (size_t j = 0; j < COUNT(never); j++) assert_null(strstr(text, never[j]));
        assert_well_formed(text);
    }
}

/* 7391.5 is written nowhere, whatever the chart, nor can it be told from the scale, which would be another. */
static void test_hidden_figures_never_leak(void **state)
{
    (void)state;
    const struct chart_point hidden[] = {
        {"a", 10, 9, 11, NULL, false}, {"secret", 7391.5, 7000, 8000, "/fr/x", true}, {"c", 20, 19, 21, NULL, false}};
    const struct chart_point empty[] = {
        {"a", 10, 9, 11, NULL, false}, {"secret", 1, NAN, NAN, "/fr/x", true}, {"c", 20, 19, 21, NULL, false}};
    for (size_t i = 0; i < COUNT(types); i++) {
        const char *text = draw(types[i], hidden, 3);
        static const char *const never[] = {"7391", "7\u202f391", "7000", "7\u202f000", "8000", "8\u202f000"};
        for (size_t j = 0; j < COUNT(never); j++) assert_null(strstr(text, never[j]));
        assert_non_null(strstr(text, "non communiqué"));
        assert_non_null(strstr(text, "fill=\"url(#"));
        assert_string_equal(text, draw(types[i], empty, 3));
        const struct chart_series with[] = {{"", hidden, 3}}, without[] = {{"", empty, 3}};
        const struct chart a = {types[i], "Q", "u", "S", with, 1, 1}, b = {types[i], "Q", "u", "S", without, 1, 1};
        assert_string_equal(chart_vega(arena, LANGUAGE_FRENCH, &a), chart_vega(arena, LANGUAGE_FRENCH, &b));
        assert_null(strstr(chart_vega(arena, LANGUAGE_FRENCH, &a), "7391"));
        size_t length = 0;
        assert_string_equal(chart_csv(arena, LANGUAGE_FRENCH, &a, &length),
                            chart_csv(arena, LANGUAGE_FRENCH, &b, &length));
        assert_null(strstr(chart_csv(arena, LANGUAGE_FRENCH, &a, &length), "7391"));
    }
}

static void test_odd_data_draws(void **state)
{
    (void)state;
    const struct chart_point points[] = {
        {"nan", NAN, NONE}, {"inf", INFINITY, NONE}, {NULL, -5, NONE}, {"huge", 1e17, -1e17, 1e18}, {"é", 0, 0, 0}};
    for (size_t i = 0; i < COUNT(types); i++)
        for (size_t count = 0; count <= COUNT(points); count++) {
            const char *text = draw(types[i], points, count);
            assert_well_formed(text);
            assert_null(strstr(text, "nan\""));
            assert_null(strstr(text, "inf\""));
        }
    const struct chart none = {CHART_LINES, "Q", NULL, NULL, NULL, 0, 0};
    assert_well_formed(chart_draw(&html, &none).html);
}

static void test_figure_is_accessible(void **state)
{
    (void)state;
    const struct chart_point plain[] = {{"a", 3, NONE}, {"b", 8, NONE}},
                             linked[] = {{"a", 3, NONE, "/fr/a"}, {"b", 8, NONE}};
    const char *text = draw(CHART_BARS, plain, 2);
    assert_int_equal(occurrences(text, "role=\"img\""), 2);
    assert_int_equal(
        occurrences(text, "2 chiffres\u202f; le plus élevé\u202f: 8,0 (b)\u202f; le plus bas\u202f: 3,0 (a)."), 2);
    assert_non_null(strstr(text, "<th scope=\"row\">a</th><td class=\"number\">3,0</td>"));
    for (const char *id = text; (id = strstr(id, " id=\"")); id++) {
        const char *quoted = arena_copy_bytes(arena, id + 1, strcspn(id + 5, "\"") + 5);
        assert_int_equal(occurrences(text, quoted), 1);
    }
    /* Children of an image are not reached: one with links is a group. */
    text = draw(CHART_BARS, linked, 2);
    assert_int_equal(occurrences(text, "role=\"img\""), 0);
    assert_int_equal(occurrences(text, "<a class=\"row\" href=\"/fr/a\">"), 2);
}

static void test_line_breaks_where_there_is_no_figure(void **state)
{
    (void)state;
    const struct chart_point points[] = {{"1", 1, NONE}, {"2", 2, NONE},   {"3", NAN, NONE}, {"4", 4, NONE},
                                         {"5", 5, NONE}, {"6", NAN, NONE}, {"7", 7, NONE}};
    const char *text = draw(CHART_LINES, points, COUNT(points));
    assert_int_equal(occurrences(text, "class=\"line c0\""), 2 * 2);
    assert_int_equal(occurrences(text, "class=\"dot c0\""), 2);
    assert_int_equal(occurrences(text, "class=\"band"), 0);
}

static void test_texts_wrap_and_fit(void **state)
{
    (void)state;
    const char *lines[2];
    assert_int_equal(svg_wrap(arena, "one two three four", 60, lines, 2), 2);
    assert_string_equal(lines[0], "one two");
    assert_non_null(strstr(lines[1], "…"));
    assert_int_equal(svg_wrap(arena, "éééééééééééééééééééé", 20, lines, 2), 2);
    assert_string_equal(lines[0], "éé");
    assert_string_equal(svg_fit(arena, "short", 100), "short");
    assert_int_equal(svg_wrap(arena, "wide", 1, lines, 2), 1);
}

static void test_vega_holds_the_figures(void **state)
{
    (void)state;
    const struct chart_point points[] = {{"a \"b\"", 3.25, 2, 4.5}, {"é", NAN, NONE}};
    const struct chart_series series[] = {{"S", points, 2}};
    const struct chart chart = {CHART_BARS, "Q ?", "u", "Source", series, 1, 1};
    json_t *all = json_loads(chart_vega(arena, LANGUAGE_FRENCH, &chart), 0, NULL);
    json_t *row = json_array_get(json_object_get(json_object_get(all, "data"), "values"), 0);
    assert_string_equal(json_string_value(json_object_get(all, "title")), "Q ?");
    assert_string_equal(json_string_value(json_object_get(row, "label")), "a \"b\"");
    assert_true(fabs(json_real_value(json_object_get(row, "value")) - 3.3) < 1e-9);
    assert_true(fabs(json_real_value(json_object_get(row, "upper")) - 4.5) < 1e-9);
    json_decref(all);
}

static void test_csv_is_for_spreadsheets(void **state)
{
    (void)state;
    const struct chart_point points[] = {{"=a;b", 3.25, 2, 4.5}, {"é", NAN, NONE}};
    const struct chart_series series[] = {{"S", points, 2}};
    const struct chart chart = {CHART_BARS, "Q ?", "u", "Source", series, 1, 1};
    size_t length = 0;
    assert_string_equal(chart_csv(arena, LANGUAGE_ENGLISH, &chart, &length),
                        "\xef\xbb\xbf"
                        "Category;S;Lower bound;Upper bound\r\n\"'=a;b\";3.3;2.0;4.5\r\né;;;\r\n");
    assert_non_null(strstr(chart_csv(arena, LANGUAGE_FRENCH, &chart, &length), ";3,3;2,0;4,5\r\n"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_ticks_are_round_and_cover),
        TEST(test_numbers_are_french),
        TEST(test_bars_are_as_long_as_their_values),
        TEST(test_all_is_escaped),
        TEST(test_hidden_figures_never_leak),
        TEST(test_odd_data_draws),
        TEST(test_figure_is_accessible),
        TEST(test_line_breaks_where_there_is_no_figure),
        TEST(test_texts_wrap_and_fit),
        TEST(test_vega_holds_the_figures),
        TEST(test_csv_is_for_spreadsheets),
    };
    return run_group(tests);
}
