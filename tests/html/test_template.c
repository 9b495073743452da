#include "tests/check.h"

#include <string.h>

#include "base/arena.h"
#include "golden_templates.h"
#include "platform/http/http.h"
#include "tests/golden/templates/golden.h"

enum { LIMIT = 65536 };

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

static const char *const entries[] = {"x", "<y>"};
static const struct golden_row rows[] = {{.name = "r&1", .entries = entries, .entry_count = 2}, {.name = "r2"}};
static const struct golden_inner inner = {"i\"n"};

static struct golden_view full_view(void)
{
    return (struct golden_view){
        .name = "<a> & \"b\" 'c'",
        .label = "Search",
        .address = "javascript:alert(1)",
        .path = "/needs",
        .text = "*x*",
        .count = 1234,
        .day = 20779,
        .moment = 1795332600000,
        .size = 7,
        .flag = true,
        .body = {"<u>z</u>", 8},
        .rows = rows,
        .row_count = 2,
        .inside = inner,
        .other = &inner,
    };
}

static const char *draw(const struct golden_view *view, enum language language)
{
    const struct http_request request = {.arena = arena, .csrf = "to\"ken"};
    struct html html = html_new(arena, language, &request, LIMIT);
    template_every_word(&html, view);
    return html_finish(&html).html;
}

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

#define ESCAPED "&lt;a&gt; &amp; &quot;b&quot; &#39;c&#39;"

static void test_escapes(void **state)
{
    (void)state;
    const struct golden_view view = full_view();
    const char *text = draw(&view, LANGUAGE_ENGLISH);
    assert_contains(text, "<h1 title=\"" ESCAPED "\">" ESCAPED "</h1>");
    assert_contains(text, "<p>1234 7 true <u>z</u></p>");
    assert_contains(text, "<a href=\"#\">1</a>");
    assert_contains(text,
                    "<a href=\"/en/needs/%3Ca%3E%20%26%20%22b%22%20%27c%27/1234\">2</a><a href=\"/en/needs\">3</a>");
    assert_contains(text, "<a href=\"#" ESCAPED "\">4</a>");
    assert_contains(text, "<input type=\"hidden\" name=\"csrf\" value=\"to&quot;ken\">");
    assert_contains(text, "<div><p><em>x</em></p></div>");
    assert_contains(text, "<pre>\n  " ESCAPED "\n  1  2\n</pre>");
    assert_null(strstr(text, "<a> &"));
}

static void test_languages(void **state)
{
    (void)state;
    const struct golden_view view = full_view();
    const char *english = draw(&view, LANGUAGE_ENGLISH);
    const char *french = draw(&view, LANGUAGE_FRENCH);
    assert_contains(english, "<p>Search|" ESCAPED " at most.|1,234 to 7 of 22 November 2026|Search</p>");
    assert_contains(english, "<p>1,234 filters set</p>");
    assert_contains(
        english,
        "<p>1,234 12.34 €12.34 22 November 2026 22/11/2026 November 2026 22 November 2026, 08:30 1.2\u00a0kB</p>");
    assert_contains(french, "<p>Rechercher|" ESCAPED " au plus.|1\u202f234 à 7 sur 22 novembre 2026|Rechercher</p>");
    assert_contains(french, "<p>1\u202f234 12,34 12,34\u00a0€ 22 novembre 2026 22/11/2026 novembre 2026 22 novembre "
                            "2026 à 08:30 1,2\u00a0Ko</p>");
}

static void test_blocks(void **state)
{
    (void)state;
    struct golden_view view = full_view();
    const char *text = draw(&view, LANGUAGE_ENGLISH);
    assert_contains(text, "<b>1</b>");
    assert_contains(text, "<input type=\"text\" class=\"a b\">");
    assert_contains(text, "<li>r&amp;1 x &lt;y&gt;</li>");
    assert_contains(text, "<li>r2 0</li>");
    assert_contains(text, "<i>i&quot;n</i>");
    assert_contains(text, "[i&quot;n]\n[i&quot;n]\n<hr>");
    view = (struct golden_view){.name = ""};
    text = draw(&view, LANGUAGE_ENGLISH);
    assert_contains(text, "<b>2</b>");
    assert_contains(text, "<input type=\"text\" disabled class=\"a\">");
    assert_contains(text, "<ul>\n<li>0</li>\n</ul>");
    assert_contains(text, "<i>-</i>");
    assert_contains(text, "<p>0 0 false </p>");
    assert_contains(text, "<a href=\"#\">1</a>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_languages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_blocks, set_up, tear_down),
    };
    return run_group(tests);
}
