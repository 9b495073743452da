/* The forms of a graph, and the choice among media types. What the forms mean is judged by rapper, rdflib and n3: tests/site/test_catalogue.mjs. */
#include "tests/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/http/http.h"
#include "platform/rdf/rdf.h"

static const struct rdf_prefix prefixes[] = {{"ex", "http://example.org/ns#"},
                                             {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
                                             {"xsd", "http://www.w3.org/2001/XMLSchema#"},
                                             {NULL, NULL}};
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

static const char *written(const struct rdf *rdf, enum rdf_form form)
{
    struct buffer *out = buffer_new(arena, 100000);
    rdf_write(rdf, form, out);
    return buffer_data(out);
}

static struct rdf *awkward(void)
{
    struct rdf *rdf = rdf_new(arena, prefixes);
    rdf_type(rdf, "http://example.org/a b", "ex:Thing");
    rdf_text(rdf, "http://example.org/a b", "ex:says", "\"<\\&>\r\n\t\x01 é \xef\xbf\xbe", "fr");
    rdf_link(rdf, "http://example.org/a b", "ex:sees", "http://example.org/<x>?a=1&b=\"2\"");
    rdf_typed(rdf, "http://example.org/a b", "ex:day", "2026-11-26", "xsd:date");
    rdf_text(rdf, "http://example.org/c", "ex:says", "", NULL);
    rdf_text(rdf, "http://example.org/c", "ex:says", NULL, NULL);
    rdf_typed(rdf, "http://example.org/a b", "ex:day", "2026-11-26", "xsd:date");
    return rdf;
}

static void test_turtle(void **state)
{
    (void)state;
    assert_string_equal(strstr(written(awkward(), RDF_TURTLE), "\n<"),
                        "\n<http://example.org/a%20b>\n    rdf:type <http://example.org/ns#Thing> ;\n"
                        "    ex:says \"\\\"<\\\\&>\\r\\n\\t  é    \"@fr ;\n"
                        "    ex:sees <http://example.org/%3Cx%3E?a=1&b=%222%22> ;\n"
                        "    ex:day \"2026-11-26\"^^xsd:date .\n");
}

static void test_xml(void **state)
{
    (void)state;
    const char *text = written(awkward(), RDF_XML);
    assert_non_null(strstr(text, "<ex:says xml:lang=\"fr\">&quot;&lt;\\&amp;&gt;&#13;\n\t  é    </ex:says>"));
    assert_non_null(strstr(text, "rdf:resource=\"http://example.org/%3Cx%3E?a=1&amp;b=%222%22\"/>"));
    assert_non_null(strstr(text, "<ex:day rdf:datatype=\"http://www.w3.org/2001/XMLSchema#date\">2026-11-26</ex:day>"));
    assert_null(strstr(text, "example.org/c"));
}

static void test_jsonld(void **state)
{
    (void)state;
    const char *text = written(awkward(), RDF_JSONLD);
    assert_non_null(strstr(text, "\"@id\": \"http://example.org/a%20b\""));
    assert_non_null(strstr(text, "\"@type\": \"xsd:date\""));
    const char *day = strstr(text, "2026-11-26");
    assert_non_null(day);
    assert_null(strstr(day + 1, "2026-11-26"));
}

static void test_extensions(void **state)
{
    (void)state;
    enum rdf_form form = RDF_TURTLE;
    assert_true(rdf_extension_find("rdf", &form));
    assert_int_equal(form, RDF_XML);
    assert_string_equal(rdf_media_type(form), "application/rdf+xml");
    assert_false(rdf_extension_find("xml", &form));
}

static size_t choose(const char *accept)
{
    static const char *const types[] = {"text/turtle", "application/ld+json", "application/rdf+xml", "text/html"};
    return http_choose(accept, types, 4);
}

static void test_choice(void **state)
{
    (void)state;
    assert_int_equal(choose(NULL), 0);
    assert_int_equal(choose(""), 0);
    assert_int_equal(choose("*/*"), 0);
    assert_int_equal(choose("application/rdf+xml"), 2);
    assert_int_equal(choose("Application/LD+JSON;profile=x"), 1);
    assert_int_equal(choose("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), 3);
    assert_int_equal(choose("text/turtle;q=0.3, application/rdf+xml;q=0.7"), 2);
    assert_int_equal(choose("text/turtle;q=0, */*;q=0.1"), 1);
    assert_int_equal(choose("text/*;q=0.5, text/turtle;q=0.2, application/ld+json;q=0.4"), 3);
    assert_int_equal(choose("image/png"), 4);
    assert_int_equal(choose("text/turtle;q=0"), 4);
    assert_int_equal(choose(";q=,,/;,*"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_turtle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_xml, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_jsonld, set_up, tear_down),
        cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_choice),
    };
    return run_group(tests);
}
