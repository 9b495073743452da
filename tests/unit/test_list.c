/* Files of code lists: what is read, and what is refused, with its line. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/vocabulary/list.h"
#include "tests/check.h"

#define HEAD \
    "# scheme: place\n# version: 2020\n# from: 2020-01-01\n# title_fr: Lieux\n# title_en: Places\n# source: test\n# " \
    "licence: none\n"

static struct error error;

static enum status read_text(struct arena *arena, const char *text, struct list *list)
{
    return list_read_bytes(arena, "file", text, strlen(text), list, &error);
}

/* Refused, at that line, with a sentence that holds the words. */
static void check_refused(const char *text, int64_t line, const char *words)
{
    struct arena *arena = arena_new();
    struct list list;
    char sentence[512];
    assert_int_equal(read_text(arena, text, &list), STATUS_INPUT);
    error_sentence(&error, error.message, sentence, sizeof sentence);
    if (!strstr(sentence, words)) fail_msg("“%s” does not speak of “%s”", sentence, words);
    assert_int_equal(error.line, line);
    arena_free(&arena);
}

static void test_heads_and_rows_are_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct list list;
    assert_int_equal(
        read_text(arena, HEAD "# remark: none\ncode,label_fr,population,from,retired\nb,\"Un, deux\",12,2021-03-01,1\n",
                  &list),
        STATUS_OK);
    assert_string_equal(list.scheme, "place");
    assert_int_equal(list.from, day_from_civil((struct civil){2020, 1, 1}));
    assert_int_equal(list.row_count, 1);
    assert_string_equal(list.rows[0].label_fr, "Un, deux");
    assert_int_equal(list.rows[0].population, 12);
    assert_int_equal(list.rows[0].from, day_from_civil((struct civil){2021, 3, 1}));
    assert_int_equal(list.rows[0].latitude, INT64_MIN);
    assert_true(list.rows[0].retired);
    assert_null(list.rows[0].parent);
    assert_int_equal(strlen(list.fingerprint), 64);
    arena_free(&arena);
}

static void test_parents_come_first_in_the_order_of_the_file(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct list list;
    assert_int_equal(read_text(arena, HEAD "code,label_fr,parent\nc,C,b\nx,X,\nb,B,a\ny,Y,x\na,A,\n", &list),
                     STATUS_OK);
    char order[8] = "";
    for (size_t i = 0; i < list.row_count; i++) strcat(order, list.rows[i].code);
    assert_string_equal(order, "xabyc");
    arena_free(&arena);
}

static void test_heads_that_say_too_little_are_refused(void **state)
{
    (void)state;
    check_refused("code,label_fr\na,A\n", 0, "scheme");
    check_refused("# scheme: place\n# version: 1\ncode,label_fr\na,A\n", 2, "title_fr");
    check_refused("# scheme: place\n# from: yesterday\n", 2, "from");
    check_refused(HEAD, 0, "column names");
}

static void test_cells_that_are_wrong_are_refused(void **state)
{
    (void)state;
    check_refused(HEAD "code,label_fr,colour\na,A,red\n", 8, "colour");
    check_refused(HEAD "code,label_fr,population\na,A,many\n", 9, "many");
    check_refused(HEAD "code,label_fr,population\na,A,-1\n", 9, "-1");
    check_refused(HEAD "code,label_fr,latitude\na,A,181\n", 9, "degrees");
    check_refused(HEAD "code,label_fr,from\na,A,2021-02-30\n", 9, "2021-02-30");
    check_refused(HEAD "code,label_fr,retired\na,A,yes\n", 9, "0 or 1");
    check_refused(HEAD "code,label_fr\na\n", 9, "");
}

static void test_codes_that_are_wrong_are_refused(void **state)
{
    (void)state;
    check_refused(HEAD "code,label_fr\n,A\n", 9, "not a code");
    check_refused(HEAD "code,label_fr\na b,A\n", 9, "a b");
    check_refused(HEAD "code,label_fr\na,A\nb,\n", 10, "label");
    check_refused(HEAD "code,label_fr\na,A\na,B\n", 10, "twice");
    check_refused(HEAD "code,label_fr,parent\na,A,z\n", 9, "z");
    check_refused(HEAD "code,label_fr,other_parent\na,A,z\n", 9, "z");
    check_refused(HEAD "code,label_fr,parent\na,A,a\n", 9, "ancestor");
    check_refused(HEAD "code,label_fr,parent\nr,R,\na,A,b\nb,B,c\nc,C,a\n", 10, "ancestor");
    check_refused(HEAD "code,label_fr,parent,other_parent\na,A,b,c\nb,B,c,a\nc,C,a,b\n", 9, "ancestor");
}

static void test_a_chain_of_26_is_too_deep(void **state)
{
    (void)state;
    char text[1024] = HEAD "code,label_fr,parent\n";
    for (char c = 'a'; c <= 'z'; c++) {
        const char row[] = {c, ',', 'X', ',', c == 'z' ? '\n' : (char)(c + 1), c == 'z' ? '\0' : '\n', '\0'};
        strcat(text, row);
    }
    check_refused(text, 9, "24");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads_and_rows_are_read),
        cmocka_unit_test(test_parents_come_first_in_the_order_of_the_file),
        cmocka_unit_test(test_heads_that_say_too_little_are_refused),
        cmocka_unit_test(test_cells_that_are_wrong_are_refused),
        cmocka_unit_test(test_codes_that_are_wrong_are_refused),
        cmocka_unit_test(test_a_chain_of_26_is_too_deep),
    };
    return run_group(tests);
}
