#include "tests/check.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/text/text.h"

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

static const char *clean(const char *text) { return text_clean(arena, text, strlen(text)); }

static void test_valid(void **state)
{
    (void)state;
    static const char *const good[] = {"", "abc", "é", "𝄞", "\U0010ffff", "\t\n", "٣"};
    static const char *const bad[] = {"\xff",  "\xc3",     "\xc0\x80",    "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "a\x80", "\xe2\x82", "\xf0\x9f\x98"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(text_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(text_valid(bad[i], strlen(bad[i])));
        assert_null(clean(bad[i]));
    }
    assert_false(text_valid("a\0b", 3));
    assert_null(text_clean(arena, "a\0b", 3));
}

static void test_clean(void **state)
{
    (void)state;
    assert_string_equal(clean("e\xcc\x81nergie"), "\xc3\xa9nergie");
    assert_string_equal(clean("\xe2\x84\xab"), "\xc3\x85"); /* the ångström sign is the letter */
    assert_string_equal(clean("  a b \r\n\t"), "a b");
    assert_string_equal(clean("a\r\nb"), "a\nb");
    assert_string_equal(clean("\u00a0\u202fprix\u202f: 3\u00a0€\u202f"), "prix\u202f: 3\u00a0€");
    assert_string_equal(clean("\ufeffa\x01\x7f\xc2\x85"
                              "b"),
                        "ab");
    assert_string_equal(clean("abc\u202egpj.exe"), "abcgpj.exe");
    assert_string_equal(clean("👩‍🔬 ok"), "👩‍🔬 ok");
    assert_string_equal(clean("\u1100\u1161"), "\uac00");         /* Hangul jamo compose */
    assert_string_equal(clean("q\u0307\u0323"), "q\u0323\u0307"); /* marks in canonical order */
    assert_string_equal(clean(" \n\u3000"), "");
    assert_string_equal(clean(""), "");
}

/* A million marks in the wrong order would take minutes to sort. */
static void test_marks_are_bounded(void **state)
{
    (void)state;
    struct buffer *text = buffer_new(arena, 8 << 20);
    buffer_text(text, "e");
    for (int i = 0; i < 500000; i++) buffer_text(text, "\u0301\u0323");
    const clock_t start = clock();
    const char *cleaned = clean(buffer_data(text));
    assert_true(text_length(cleaned) <= 31);
    assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
    assert_string_equal(text_fold(arena, buffer_data(text)), "e");
}

static void test_length(void **state)
{
    (void)state;
    assert_int_equal(text_length(""), 0);
    assert_int_equal(text_length("Œuvre 𝄞"), 7);
    assert_int_equal(text_length("e\u0301"), 2);
}

static void test_fold(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Énergie de l’Œuvre", "energie de l oeuvre"},
        {"E\u0301NERGIE", "energie"},
        {"« Été »\u202f!", "ete"},
        {"aujourd'hui aujourd’hui aujourdʼhui", "aujourd hui aujourd hui aujourd hui"},
        {"Saint-Étienne – Nord\u2011Est", "saint etienne nord est"},
        {"Straße STRASSE ẞ", "strasse strasse ss"},
        {"Ægir Łódź Søren Đorđe Þór", "aegir lodz soren dorde thor"},
        {"İstanbul ISTANBUL ıstanbul istanbul", "istanbul istanbul istanbul istanbul"},
        {"ﬁlière ﬀ", "filiere ff"},
        {"m² 3D ½ №5", "m2 3d 1 2 no5"},
        {"ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"},
        {"👩‍🔬 R&D 💡", "r d"},
        {"so\u00adlution", "solution"},
        {"𝐌aths ＡＢＣ", "maths abc"},
        {"  ", ""},
        {"", ""},
        {"a\xff"
         "b\xc3",
         "a b"},
        {"ﷺ", "صلى الله عليه وسلم"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *folded = text_fold(arena, pairs[i][0]);
        assert_string_equal(folded, pairs[i][1]);
        assert_string_equal(text_fold(arena, folded), folded);
    }
}

static const char *joined(struct text_words words)
{
    struct buffer *buffer = buffer_new(arena, 1 << 20);
    for (size_t i = 0; i < words.count; i++) buffer_print(buffer, "%s%s", i ? " " : "", words.items[i]);
    return buffer_data(buffer);
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(joined(text_words(arena, "L’énergie, l'ÉNERGIE et à 3D")), "energie et 3d");
    assert_string_equal(joined(text_words(arena, "")), "");
    char longest[70];
    memset(longest, 'x', sizeof longest);
    longest[64] = '\0';
    assert_int_equal(text_words(arena, longest).count, 1);
    longest[64] = 'x';
    longest[65] = '\0';
    assert_int_equal(text_words(arena, longest).count, 0);
    struct buffer *many = buffer_new(arena, 1 << 20);
    for (int i = 0; i < 5000; i++) buffer_print(many, "mot%d ", i);
    assert_int_equal(text_words(arena, buffer_data(many)).count, 4000);
    assert_int_equal(text_stems(arena, buffer_data(many)).count, 4000);
}

/* Forms of one word meet, with and without accents. */
static void test_stems(void **state)
{
    (void)state;
    static const char *const same[][3] = {
        {"énergie", "ÉNERGIES", "energie"},
        {"formé", "formée", "formees"},
        {"industriel", "industrielle", "industriels"},
        {"soudeur", "soudeurs", "SOUDEUR"},
        {"idée", "idées", "idee"},
        {"hydrogène", "Hydrogènes", "hydrogene"},
        {"compétence", "compétences", "competence"},
        {"national", "nationale", "nationales"},
        {"Œuvre", "oeuvres", "œuvres"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const char *text = arena_print(arena, "%s %s %s", same[i][0], same[i][1], same[i][2]);
        assert_int_equal(text_stems(arena, text).count, 1);
    }
    assert_string_equal(text_stem(arena, "competences"), text_stems(arena, "Compétence").items[0]);
    assert_int_equal(text_stems(arena, "compétence compétition soudure hydrogène").count, 4);
}

static void *fold_many(void *argument)
{
    struct arena *own = arena_new();
    const int rounds = *(const int *)argument;
    size_t sum = 0;
    for (int i = 0; i < rounds; i++) {
        if (i % 1000 == 0) arena_reset(own);
        const char *name = arena_print(own, "Société d’Études n° %d de la Vallée de l’Énergie", i);
        sum += strlen(text_fold(own, name)) + text_stems(own, name).count;
    }
    arena_free(&own);
    return (void *)sum; /* NOLINT(performance-no-int-to-ptr): a number carried home */
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    int rounds = 5000;
    void *expected = fold_many(&rounds);
    for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, fold_many, &rounds), 0);
    for (int i = 0; i < 4; i++) {
        void *sum = NULL;
        pthread_join(threads[i], &sum);
        assert_ptr_equal(sum, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_clean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_marks_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stems, set_up, tear_down),
        cmocka_unit_test(test_threads),
    };
    return run_group(tests);
}
