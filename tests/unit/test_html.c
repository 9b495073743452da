#include "tests/check.h"

#include <string.h>

#include "base/arena.h"
#include "platform/html/assets.h"
#include "platform/html/page.h"
#include "platform/html/page_private.h"
#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/html/widget.h"
#include "platform/http/http.h"
#include "platform/rights/rights.h"

enum { LIMIT = 1 << 20 };

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

static struct html writer(void) { return html_new(arena, LANGUAGE_FRENCH, NULL, LIMIT); }

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part)) fail_msg("\"%s\" is in:\n%s", part, text);
}

static void test_text(void **state)
{
    (void)state;
    struct html html = writer();
    html_text(&html, "a<b>&\"'\n é");
    html_text(&html, NULL);
    html_number(&html, INT64_MIN);
    assert_string_equal(html_finish(&html).html, "a&lt;b&gt;&amp;&quot;&#39;\n é-9223372036854775808");
    struct html small = html_new(arena, LANGUAGE_FRENCH, NULL, 3);
    html_text(&small, "abc<");
    assert_string_equal(html_finish(&small).html, "abc");
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"https://a.example/b?c=d#e",
                                       "HTTP://a",
                                       "mailto:a@b.example",
                                       "tel:+33123456789",
                                       "/fr/x",
                                       "x/y",
                                       "?a=b:c",
                                       "#top",
                                       "",
                                       "/a:b",
                                       "./a:b"};
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JavaScript:x",
                                      " javascript:x",
                                      "java\tscript:x",
                                      "java\nscript:x",
                                      "data:text/html,x",
                                      "vbscript:x",
                                      "//evil.example",
                                      "\\\\evil.example",
                                      "/\\evil.example",
                                      ":x",
                                      "blob:x",
                                      "file:///etc/passwd",
                                      "https:\x01//a"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!html_url_allowed(good[i])) fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (html_url_allowed(bad[i])) fail_msg("accepted: %s", bad[i]);
    struct html html = writer();
    html_url(&html, "https://a.example/?a=1&b=\"2\"");
    html_url(&html, "javascript:1");
    html_url(&html, NULL);
    assert_string_equal(html_finish(&html).html, "https://a.example/?a=1&amp;b=&quot;2&quot;##");
}

static void test_paths(void **state)
{
    (void)state;
    struct html html = writer();
    html_path(&html, "/needs/{1}/{2}", "a b/é?", "..%", NULL);
    html_text(&html, " ");
    html_path(&html, "/", NULL);
    html_text(&html, " ");
    html_path(&html, "/needs?a=1&b=2", NULL);
    html_text(&html, " ");
    html_path(&html, "//evil.example", NULL);
    assert_string_equal(html_finish(&html).html, "/fr/needs/a%20b%2F%C3%A9%3F/..%25 /fr/ /fr/needs?a=1&amp;b=2 #");
}

static void test_parts_within(void **state)
{
    (void)state;
    struct html html = writer();
    html_text(&html, "before ");
    const struct part_tag tag = {"x", "good"};
    const struct markup drawn = HTML_DRAWN(&html, template_part_tag, &tag);
    html_text(&html, "after");
    assert_string_equal(html_finish(&html).html, "before after");
    assert_string_equal(drawn.html, "<span class=\"tag tag-good\">x</span>\n");
}

static void test_markdown(void **state)
{
    (void)state;
    static const struct {
        const char *markdown, *html;
    } cases[] = {
        {"# T\n\na *b* **c** `d<e`", "<h3>T</h3><p>a <em>b</em> <strong>c</strong> <code>d&lt;e</code></p>"},
        {"- a\n- b", "<ul><li>a</li><li>b</li></ul>"},
        {"3. a\n\n4. b", "<ol start=\"3\"><li><p>a</p></li><li><p>b</p></li></ol>"},
        {"[x](https://a.example \"t\")", "<p><a rel=\"nofollow noopener\" href=\"https://a.example\">x</a></p>"},
        {"[x](javascript:alert(1))", "<p><a rel=\"nofollow noopener\" href=\"#\">x</a></p>"},
        {"![x](https://a.example/p.png)", "<p><a rel=\"nofollow noopener\" href=\"https://a.example/p.png\">x</a></p>"},
        {"a <b onclick=x>c</b> <script>x</script>", "<p>a c x</p>"},
        {"<div>\nx\n</div>", ""},
        {"a\nb  \nc\n\n> q\n\n---", "<p>a\nb<br>c</p><blockquote><p>q</p></blockquote><hr>"},
        {"```\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>"},
        {"<https://a.example/?a&b>",
         "<p><a rel=\"nofollow noopener\" href=\"https://a.example/?a&amp;b\">https://a.example/?a&amp;b</a></p>"},
        {"", ""},
        {NULL, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(html_markdown(arena, cases[i].markdown).html, cases[i].html);
}

static const char *draw_widget(const struct widget *widget)
{
    struct html html = writer();
    template_widget(&html, widget);
    return html_finish(&html).html;
}

static void test_widget_ties_help_and_error(void **state)
{
    (void)state;
    const char *text = draw_widget(&(struct widget){.type = WIDGET_TEXT,
                                                    .name = "title",
                                                    .label = "L<",
                                                    .help = "H",
                                                    .error = "E",
                                                    .value = "\"v\"",
                                                    .required = true,
                                                    .most = 140});
    assert_contains(text, "<label for=\"f-title\">L&lt;</label>");
    assert_contains(text, "id=\"f-title-help\">H<");
    assert_contains(text, "aria-describedby=\"f-title-help f-title-error\" aria-invalid=\"true\" required>");
    assert_contains(text, "value=\"&quot;v&quot;\" maxlength=\"140\"");
    text = draw_widget(&(struct widget){.type = WIDGET_TEXT, .name = "title", .label = "L"});
    assert_contains(text, "(facultatif)");
    assert_lacks(text, "aria-");
    assert_lacks(text, "required");
    assert_contains(draw_widget(&(struct widget){
                        .type = WIDGET_TEXT, .name = "t", .label = "L", .question = true, .required = true}),
                    "<h1 class=\"question\"><label for=\"f-t\">L</label></h1>");
}

static void test_widget_dates(void **state)
{
    (void)state;
    assert_contains(draw_widget(&(struct widget){.type = WIDGET_DATE, .name = "d", .value = "2027-01-12"}),
                    "type=\"date\" value=\"2027-01-12\"");
    assert_contains(draw_widget(&(struct widget){.type = WIDGET_DATE, .name = "d"}), "type=\"date\" value=\"\"");
    assert_contains(draw_widget(&(struct widget){.type = WIDGET_DATE, .name = "d", .value = "31/02/2027"}),
                    "type=\"text\" value=\"31/02/2027\"");
    assert_contains(draw_widget(&(struct widget){.type = WIDGET_DATE, .name = "d", .value = "2027-02-31"}),
                    "type=\"text\" value=\"2027-02-31\"");
    const char *text =
        draw_widget(&(struct widget){.type = WIDGET_PERIOD, .name = "p", .value = "2027-01-01", .until = "soon"});
    assert_contains(text, "type=\"date\" name=\"p\" value=\"2027-01-01\"");
    assert_contains(text, "type=\"text\" name=\"p.until\" value=\"soon\"");
}

static void test_widget_choices(void **state)
{
    (void)state;
    const struct widget_choice choices[] = {{"a", "A", "hint", false}, {"b", "B", NULL, true}};
    const char *text = draw_widget(
        &(struct widget){.type = WIDGET_RADIOS, .name = "c", .label = "C", .choices = choices, .choice_count = 2});
    assert_contains(text, "<input id=\"f-c\" type=\"radio\" name=\"c\" value=\"a\" aria-describedby=\"f-c-hint\">");
    assert_contains(text, "<input id=\"f-c-2\" type=\"radio\" name=\"c\" value=\"b\" checked>");
    text = draw_widget(
        &(struct widget){.type = WIDGET_SELECT, .name = "c", .label = "C", .choices = choices, .choice_count = 2});
    assert_contains(text, "<option value=\"b\" selected>B</option>");
    text = draw_widget(&(struct widget){.type = WIDGET_YESNO, .name = "y", .label = "Y", .value = "0"});
    assert_contains(text, "value=\"1\">");
    assert_contains(text, "value=\"0\" checked>");
    assert_contains(text, "Oui");
}

static void test_widget_picker(void **state)
{
    (void)state;
    const struct widget_choice choices[] = {{"1", "Chosen", NULL, true}, {"2", "Found", "hint", false}};
    const struct widget picker = {.type = WIDGET_PICKER,
                                  .name = "s",
                                  .label = "S",
                                  .several = true,
                                  .suggest = "/api/v1/vocabulary/naf",
                                  .choices = choices,
                                  .choice_count = 2,
                                  .query = "fo",
                                  .searched = true};
    const char *text = draw_widget(&picker);
    assert_contains(text, "data-picker=\"checkbox\" data-suggest=\"/api/v1/vocabulary/naf\" data-name=\"s\"");
    assert_contains(text, "type=\"checkbox\" name=\"s\" value=\"1\" checked>");
    assert_contains(text, "type=\"checkbox\" name=\"s\" value=\"2\" aria-describedby=");
    assert_contains(text, "1 réponse");
    assert_contains(text, "name=\"s.query\" value=\"fo\"");
    assert_contains(text, "name=\"pick\" value=\"s\"");
    struct widget none = picker;
    none.choice_count = 1;
    assert_contains(draw_widget(&none), "Rien ne correspond à «\u202ffo\u202f»");
    none = (struct widget){.type = WIDGET_PLACE, .name = "p", .label = "P", .latitude = "50.6"};
    assert_contains(draw_widget(&none), "name=\"p.latitude\" value=\"50.6\"");
}

/* The labels of the pages with [] about the current one, … for a gap. */
static const char *page_labels(int64_t page, int64_t total)
{
    struct html html = writer();
    const struct part_pages pages = parts_pages(&html, "?page=", page, 10, total);
    const char *text = "";
    for (size_t i = 0; i < pages.page_count; i++) {
        const struct part_page_link *link = &pages.pages[i];
        text = arena_print(arena, link->current ? "%s[%s]" : "%s %s ", text, link->gap ? "…" : link->label);
    }
    return text;
}

static void test_pages(void **state)
{
    (void)state;
    assert_string_equal(page_labels(1, 0), "");
    assert_string_equal(page_labels(1, 10), "");
    assert_string_equal(page_labels(1, 11), "[1] 2 ");
    assert_string_equal(page_labels(7, 70), " 1  2  3  4  5  6 [7]");
    assert_string_equal(page_labels(1, 80), "[1] 2  …  8 ");
    assert_string_equal(page_labels(2, 80), " 1 [2] 3  …  8 ");
    assert_string_equal(page_labels(5, 95), " 1  …  4 [5] 6  …  10 ");
    assert_string_equal(page_labels(12, 123400), " 1  …  11 [12] 13  …  12\u202f340 ");
    assert_string_equal(page_labels(99, 95), " 1  …  9 [10]");
    assert_string_equal(page_labels(-5, 95), "[1] 2  …  10 ");
    struct html html = writer();
    const struct part_pages pages = parts_pages(&html, "/fr/x?page=", 2, 50, 1234);
    assert_string_equal(pages.sentence, "51 à 100 sur 1\u202f234");
    assert_string_equal(pages.previous_url, "/fr/x?page=1");
    assert_string_equal(pages.next_url, "/fr/x?page=3");
    assert_null(parts_pages(&html, "?p=", 25, 50, 1234).next_url);
}

static void test_facets(void **state)
{
    (void)state;
    const struct part_facet_choice choices[] = {{"a", "A", "9", false}, {"b", "B", "8", false}, {"c", "C", "1", true}};
    const struct part_facet facet = {"f", "F", choices, 3, 1};
    struct html html = writer();
    template_part_facets(
        &html, &(struct part_facets){.action = "/fr/x", .target = "list", .facets = &facet, .facet_count = 1});
    const char *text = html_finish(&html).html;
    const char *fold = strstr(text, "<details class=\"more\">");
    assert_non_null(fold);
    assert_true(strstr(text, "value=\"c\" checked") < fold);
    assert_true(strstr(text, "value=\"b\"") > fold);
    assert_contains(text, "1 filtre actif");
    assert_contains(text, "hx-target=\"#list\"");
}

static void test_errors(void **state)
{
    (void)state;
    const struct part_error lines[] = {{"title", "Too <long>."}, {NULL, "No."}};
    struct html html = writer();
    template_part_errors(&html, &(struct part_errors){lines, 0});
    assert_int_equal(html_finish(&html).length, 0);
    template_part_errors(&html, &(struct part_errors){lines, 2});
    assert_contains(html_finish(&html).html, "<a href=\"#f-title\">Too &lt;long&gt;.</a>");
    assert_contains(html_finish(&html).html, "<li>No.</li>");
}

static const char *cookies(const struct http_request *request, const char *name)
{
    (void)request;
    return strcmp(name, "Cookie") == 0 ? "session=x; theme=dark; other" : NULL;
}

static const struct page_entry tell_entries[] = {{"Entry one", "/needs/new"}, {NULL, NULL}};
static const struct page_section sections[] = {
    {"Section one", "/tell", tell_entries}, {"Section two", "/find", NULL}, {NULL, NULL, NULL}};
static const struct viewer member = {.account = 1, .name = "C. <L>", .organisation_name = "F"};

static struct http_request request_of(const struct viewer *viewer)
{
    return (struct http_request){.arena = arena,
                                 .language = LANGUAGE_FRENCH,
                                 .path = "/needs/new",
                                 .target = "/fr/needs/new?a=1",
                                 .viewer = viewer,
                                 .csrf = "t",
                                 .header = cookies,
                                 .flash = "Saved."};
}

static void test_page(void **state)
{
    (void)state;
    page_set_sections("Maillage", sections);
    const struct http_request request = request_of(&member);
    struct http_response response = {0};
    const struct page_crumb crumbs[] = {{"Dire", "/tell"}, {"Ici", NULL}, {NULL, NULL}};
    page_send(&request, &response,
              &(struct page){.title = "A & B",
                             .section = "/tell",
                             .body = {"<p>b</p>", 8},
                             .crumbs = crumbs,
                             .head_feed = "/fr/x.atom"});
    const char *text = response.body;
    assert_int_equal(strlen(text), response.body_length);
    assert_contains(text, "<html lang=\"fr\" data-theme=\"dark\">");
    assert_contains(text, "<title>A &amp; B – Maillage</title>");
    assert_contains(text, "<a href=\"/fr/tell\" aria-current=\"true\">Section one</a>");
    assert_contains(text, "<a href=\"/fr/needs/new\" aria-current=\"page\">Entry one</a>");
    assert_contains(text, "href=\"/en/needs/new?a=1\" hreflang=\"en\"");
    assert_contains(text, "C. &lt;L&gt;");
    assert_contains(text, "<span aria-current=\"page\">Ici</span>");
    assert_contains(text, "href=\"/fr/x.atom\"");
    assert_contains(text, "<p>Saved.</p>");
    assert_contains(text, "<p>b</p>");
    assert_contains(text, asset_url("site.css"));
    assert_lacks(text, "Se connecter");
    const struct http_request visit = request_of(viewer_public());
    page_send(&visit, &response, &(struct page){.title = "T"});
    assert_contains(response.body, "href=\"/fr/sign-in\"");
    assert_lacks(response.body, "name=\"csrf\"");
}

static void test_section_from_the_address(void **state)
{
    (void)state;
    static const struct page_entry find[] = {{"Needs", "/needs"}, {"Actors", "/actors"}, {NULL, NULL}};
    const struct page_section all[] = {{"Tell", "/tell", tell_entries}, {"Find", "/find", find}, {NULL, NULL, NULL}};
    assert_string_equal(page_section_of(all, NULL, "/needs"), "/find");
    assert_string_equal(page_section_of(all, NULL, "/needs/12/history"), "/find");
    assert_string_equal(page_section_of(all, NULL, "/needs/new"), "/tell");
    assert_string_equal(page_section_of(all, NULL, "/tell"), "/tell");
    assert_null(page_section_of(all, NULL, "/needs-old"));
    assert_null(page_section_of(all, NULL, "/"));
    assert_null(page_section_of(NULL, NULL, "/needs"));
    assert_string_equal(page_section_of(all, "/tell", "/needs"), "/tell");
}

static void test_errors_as_pages(void **state)
{
    (void)state;
    struct http_request request = request_of(viewer_public());
    request.id = "R-1";
    struct http_response response = {.status = 500};
    struct error error;
    error_set(&error, STATUS_FAULT, "The table {1} is lost.", "secret");
    page_error(&request, &error, &response);
    assert_contains(response.body, "R-1");
    assert_lacks(response.body, "secret");
    error_set(&error, STATUS_INPUT, "No {1}.", "<x>");
    page_error(&request, &error, &response);
    assert_contains(response.body, "No &lt;x&gt;.");
    assert_lacks(response.body, "R-1");
}

static void test_cookie_and_language(void **state)
{
    (void)state;
    static const char *const allowed[] = {"dark", "light", NULL};
    assert_string_equal(page_cookie("theme=light", "theme", allowed), "light");
    assert_string_equal(page_cookie("a=b;theme=dark;c", "theme", allowed), "dark");
    assert_null(page_cookie("mytheme=dark; theme=darker; theme=\"dark\"", "theme", allowed));
    assert_null(page_cookie("theme", "theme", allowed));
    assert_null(page_cookie(NULL, "theme", allowed));
    assert_string_equal(page_in_language(arena, "/fr", LANGUAGE_ENGLISH), "/en");
    assert_string_equal(page_in_language(arena, "/fr?x=1", LANGUAGE_ENGLISH), "/en?x=1");
    assert_string_equal(page_in_language(arena, "/french/x", LANGUAGE_ENGLISH), "/en");
    assert_string_equal(page_in_language(arena, NULL, LANGUAGE_ENGLISH), "/en");
}

static enum status get_asset(const char *name, struct http_response *response)
{
    const struct http_request request = {.arena = arena, .words = {name}};
    *response = (struct http_response){0};
    return asset_routes[0].handler(&request, response, NULL);
}

static void test_assets(void **state)
{
    (void)state;
    struct http_response response;
    const char *url = asset_url("site.css");
    assert_int_equal(strncmp(url, "/assets/site-", 13), 0);
    assert_int_equal(get_asset(url + 8, &response), STATUS_OK);
    assert_string_equal(response.media_type, "text/css; charset=utf-8");
    assert_int_equal(response.cache, HTTP_PUBLIC_FOREVER);
    assert_true(response.body_length > 10000);
    assert_int_equal(get_asset("site.css", &response), STATUS_MISSING);
    assert_int_equal(get_asset("../site.css", &response), STATUS_MISSING);
    assert_string_equal(asset_url("nothing.css"), "");
    assert_false(asset_exists("theme.css"));
}

static const char *write_temporary(const char *text)
{
    static char path[] = "/tmp/test_html_XXXXXX";
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    FILE *file = fdopen(mkstemp(path), "w");
    fputs(text, file);
    fclose(file);
    return path;
}

static void test_theme(void **state)
{
    (void)state;
    struct error error;
    assert_int_equal(page_load_theme("/nowhere.css", NULL, &error), STATUS_INPUT);
    assert_int_equal(page_load_theme(NULL, NULL, &error), STATUS_OK);
    const char *path = write_temporary("");
    assert_int_equal(page_load_theme(path, NULL, &error), STATUS_LIMIT);
    remove(path);
    path = write_temporary(":root{--accent:#000}");
    assert_int_equal(page_load_theme(path, path, &error), STATUS_OK);
    remove(path);
    struct http_response response;
    assert_int_equal(get_asset(asset_url("theme.css") + 8, &response), STATUS_OK);
    assert_int_equal(response.body_length, 20);
    const struct http_request request = request_of(viewer_public());
    page_send(&request, &response, &(struct page){.title = "T"});
    assert_contains(response.body, asset_url("theme.css"));
    assert_contains(response.body, ":root{--accent:#000}\n<header");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_text),
        TEST(test_addresses),
        TEST(test_paths),
        TEST(test_parts_within),
        TEST(test_markdown),
        TEST(test_widget_ties_help_and_error),
        TEST(test_widget_dates),
        TEST(test_widget_choices),
        TEST(test_widget_picker),
        TEST(test_pages),
        TEST(test_facets),
        TEST(test_errors),
        TEST(test_page),
        TEST(test_section_from_the_address),
        TEST(test_errors_as_pages),
        TEST(test_cookie_and_language),
        TEST(test_assets),
        TEST(test_theme),
    };
    return run_group(tests);
}
