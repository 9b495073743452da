#include "tests/check.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/csv/csv.h"

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

/* All rows as "cell|cell/": what the reader understood, or the error. */
static const char *read_all(const char *text, size_t length, const struct csv_format *format)
{
    struct buffer *out = buffer_new(arena, 1 << 20);
    struct csv_reader *reader = csv_open_bytes(arena, "t.csv", text, length, format);
    const struct csv_row *row = NULL;
    struct error error;
    while (csv_next(reader, &row, &error) == STATUS_OK) {
        if (!row) return buffer_data(out);
        for (size_t i = 0; i < row->count; i++) buffer_print(out, "%s%s", i ? "|" : "", row->cells[i].text);
        buffer_char(out, '/');
    }
    char *described = arena_alloc(arena, 600);
    error_describe(&error, described, 600);
    return described;
}

#define READ(text) read_all(text, sizeof(text) - 1, NULL)

static void test_reads_quotes_and_line_ends(void **state)
{
    (void)state;
    assert_string_equal(READ("a,b\n1,2\n"), "a|b/1|2/");
    assert_string_equal(READ("\xef\xbb\xbf"
                             "a,b\r\n1,2"),
                        "a|b/1|2/");
    assert_string_equal(READ("a,b\n\"x \"\"y\"\"\",\"1\n2\"\n\n\n"), "a|b/x \"y\"|1\n2/");
    assert_string_equal(READ("a,b\n,\n"), "a|b/|/");
    assert_string_equal(READ("\"a\",\"\"\n"), "a|/");
    assert_string_equal(READ("été,naïve\n"), "été|naïve/");
    assert_string_equal(READ(""), "");
    assert_string_equal(read_all("a;b\tc", 5, &(struct csv_format){.delimiter = ';'}), "a|b\tc/");
    assert_string_equal(read_all("a;b\tc", 5, &(struct csv_format){.delimiter = '\t'}), "a;b|c/");
}

static void test_refuses_with_the_place(void **state)
{
    (void)state;
    assert_string_equal(READ("a,b\n1\n"), "t.csv:2:1: The row has 1 cells where the first has 2.");
    assert_string_equal(READ("a,b\n\n1,2\n"), "t.csv:2:1: The row has 1 cells where the first has 2.");
    assert_string_equal(READ("a,b\n1,x\"y\n2,3\n"), "t.csv:2:2: A quote stands inside a cell that is not quoted.");
    assert_string_equal(READ("a,b\n\"1\n2\",3\n4,\"5"), "t.csv:4:2: A quote is opened and never closed.");
    assert_string_equal(READ("a,b\n\"1\"2,3\n"),
                        "t.csv:2:1: After a closing quote there must be a , or the end of the line.");
    assert_string_equal(READ("a,b\n1,\xff\n"), "t.csv:2: The text is not UTF-8.");
    assert_string_equal(READ("a,b\n1,\0\n"), "t.csv:2: The text is not UTF-8.");
    assert_string_equal(READ("a,b\n1,2\r3\n"), "t.csv:2:2: A carriage return stands inside a cell.");
    assert_string_equal(read_all("a\nbb\n", 5, &(struct csv_format){.most_cell_bytes = 1}),
                        "t.csv:2:1: The cell is too long.");
    assert_string_equal(read_all("a,b\n", 4, &(struct csv_format){.most_columns = 1}),
                        "t.csv:1:2: The row has too many columns.");
    assert_string_equal(read_all("a\n1\n2\n", 6, &(struct csv_format){.most_rows = 1}),
                        "t.csv:3: The file has too many rows.");
    assert_string_equal(read_all("a\n\"1\n\"\n", 8, &(struct csv_format){.no_newlines = true}),
                        "t.csv:2:1: A cell may not hold a line break.");
}

#define FORGIVE(text) read_all(text, sizeof(text) - 1, &(struct csv_format){.delimiter = ';', .forgiving = true})

static void test_forgives_on_request(void **state)
{
    (void)state;
    assert_string_equal(FORGIVE("a;b\n1\n1;2;3\n"), "a|b/1/1|2|3/");
    assert_string_equal(FORGIVE("a;5\" pipe;6\"\nx;\"y\"\n"), "a|5\" pipe|6\"/x|y/");
    assert_string_equal(FORGIVE("\"say \"hello\" twice\";b\n"), "say \"hello\" twice|b/");
    assert_string_equal(FORGIVE("\"a\"\"\";\"1;\n\"\"2\"\r\nz"), "a\"|1;\n\"2/z/");
    assert_string_equal(FORGIVE("a\rb;c\r\n\r\nd"), "a\rb|c//d/");
    assert_string_equal(FORGIVE("a;b\n\"1;2\n3"), "t.csv:2:1: A quote is opened and never closed.");
}

struct trickle {
    const char *text;
    size_t at;
};

/* Three bytes at a time: what a row is must not depend on how it arrives. */
static ptrdiff_t read_trickle(void *context, char *bytes, size_t size)
{
    struct trickle *trickle = context;
    const size_t left = strlen(trickle->text) - trickle->at, count = left < 3 ? left : 3;
    assert_true(size >= count);
    memcpy(bytes, trickle->text + trickle->at, count);
    trickle->at += count;
    return (ptrdiff_t)count;
}

static void test_reads_through_a_function(void **state)
{
    (void)state;
    struct trickle trickle = {.text = "a;\"b\"\"c\"\r\n\"d\ne\";f\n"};
    struct csv_reader *reader = csv_open_function(arena, "t.csv", read_trickle, &trickle,
                                                  &(struct csv_format){.delimiter = ';', .forgiving = true});
    const struct csv_row *row = NULL;
    assert_int_equal(csv_next(reader, &row, NULL), STATUS_OK);
    assert_string_equal(row->cells[1].text, "b\"c");
    assert_int_equal(csv_next(reader, &row, NULL), STATUS_OK);
    assert_string_equal(row->cells[0].text, "d\ne");
    assert_int_equal(csv_next(reader, &row, NULL), STATUS_OK);
    assert_null(row);
}

static void test_many_blank_lines_are_read_once(void **state)
{
    (void)state;
    enum { LINES = 2000000 };
    char *text = malloc(LINES + 1);
    memset(text, '\n', LINES);
    text[0] = text[LINES] = 'a';
    struct csv_reader *reader =
        csv_open_bytes(arena, "t.csv", text, LINES + 1, &(struct csv_format){.forgiving = true});
    const struct csv_row *row = NULL;
    int64_t rows = 0;
    const clock_t start = clock();
    while (csv_next(reader, &row, NULL) == STATUS_OK && row) rows++;
    assert_int_equal(rows, LINES);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 5);
    free(text);
}

static void test_file_longer_than_its_buffer(void **state)
{
    (void)state;
    char path[] = "/tmp/test_csv_XXXXXX";
    close(mkstemp(path));
    struct error error;
    struct csv_writer *writer = NULL;
    assert_int_equal(csv_create(arena, path, NULL, &writer, &error), STATUS_OK);
    for (int64_t i = 0; i < 60000; i++) {
        csv_put_integer(writer, i);
        csv_put_text(writer, i % 3 ? "plain" : "a \"quoted\",\ncell");
        csv_put_real(writer, (double)i / 7);
        csv_end_row(writer);
    }
    assert_int_equal(csv_finish(writer, &error), STATUS_OK);
    struct csv_reader *reader = NULL;
    assert_int_equal(csv_open(arena, path, NULL, &reader, &error), STATUS_OK);
    const struct csv_row *row = NULL;
    int64_t line = 1;
    for (int64_t i = 0; i < 60000; i++) {
        double value = 0;
        assert_int_equal(csv_next(reader, &row, &error), STATUS_OK);
        assert_non_null(row);
        assert_int_equal(row->line, line);
        line += i % 3 ? 1 : 2;
        assert_int_equal(strtoll(row->cells[0].text, NULL, 10), i);
        assert_string_equal(row->cells[1].text, i % 3 ? "plain" : "a \"quoted\",\ncell");
        assert_true(csv_parse_real(row->cells[2].text, row->cells[2].length, &value));
        assert_true(value == (double)i / 7);
    }
    assert_int_equal(csv_next(reader, &row, &error), STATUS_OK);
    assert_null(row);
    unlink(path);
}

static bool collect(void *context, const void *bytes, size_t length)
{
    buffer_add(context, bytes, length);
    return true;
}

static void test_guards_formulas(void **state)
{
    (void)state;
    struct buffer *out = buffer_new(arena, 1000);
    struct csv_writer *writer = csv_writer_new(
        arena, &(struct csv_format){.guard_formulas = true, .delimiter = ';', .crlf = true}, collect, out);
    csv_put_text(writer, "=1+\"2\"");
    csv_put_text(writer, "a;b");
    csv_put_real(writer, -2.5);
    csv_put_real(writer, NAN);
    csv_end_row(writer);
    assert_int_equal(csv_finish(writer, NULL), STATUS_OK);
    assert_string_equal(buffer_data(out), "\"'=1+\"\"2\"\"\";\"a;b\";-2.5;\r\n");
}

static bool parse(const char *text, double *value) { return csv_parse_real(text, strlen(text), value); }

static void test_parses_numbers_exactly(void **state)
{
    (void)state;
    static const char *const good[] = {"0",
                                       "-0.5",
                                       "+3",
                                       "1e5",
                                       "5.1E9",
                                       ".5",
                                       "5.",
                                       "729582164.6",
                                       "1e-300",
                                       "123456789012345678901234567890",
                                       "0.1000000000000000055511151231257827",
                                       "1.7976931348623157e308",
                                       "9007199254740993",
                                       "1e22",
                                       "1e23"};
    static const char *const bad[] = {"",     "-",   ".",  "e5", "1e",    "nan", "inf",
                                      "0x10", "1,5", " 1", "1 ", "1e999", "--1", "1.2.3"};
    double value = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(parse(good[i], &value));
        assert_true(value == strtod(good[i], NULL));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(parse(bad[i], &value));
}

static void test_guesses_the_delimiter(void **state)
{
    (void)state;
    assert_int_equal(csv_guess_delimiter("a,b\nc;d;e;f", 11), ',');
    assert_int_equal(csv_guess_delimiter("\"a,b,c\";d\n", 10), ';');
    assert_int_equal(csv_guess_delimiter("a\tb", 3), '\t');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_quotes_and_line_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses_with_the_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forgives_on_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reads_through_a_function, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_blank_lines_are_read_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_file_longer_than_its_buffer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guards_formulas, set_up, tear_down),
        cmocka_unit_test(test_parses_numbers_exactly),
        cmocka_unit_test(test_guesses_the_delimiter),
    };
    return run_group(tests);
}
