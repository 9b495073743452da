/* test_adoption.c: a practice that others take up: what their figures say, who counts once, who sees it. time limit: 300 s */
#include <string.h>

#include "base/arena.h"
#include "product/kinds/adoption.h"
#include "product/kinds/practice.h"
#include "tests/record/world.h"

struct play {
    struct world world;
    int64_t publisher, adopter; /* organisations */
    int64_t publisher_member, adopter_member, stranger;
    int64_t practice;
};

static const char *text_of(struct world *world, int64_t id) { return arena_print(world->arena, "%lld", (long long)id); }

static struct play play_begin(void)
{
    struct play play = {.world = world_begin()};
    struct world *world = &play.world;
    play.publisher = world_organisation(world, "Première", "company", "59350");
    play.adopter = world_organisation(world, "Seconde", "company", "62041");
    const int64_t other = world_organisation(world, "Autre", "company", "93066");
    play.publisher_member = world_account(world, "une@exemple.fr", "member", play.publisher);
    play.adopter_member = world_account(world, "deux@exemple.fr", "member", play.adopter);
    play.stranger = world_account(world, "trois@exemple.fr", "member", other);
    const struct input practice[] = {{"title", "Un tuteur par nouveau"},
                                     {"organisation", text_of(world, play.publisher)},
                                     {"context", "Des départs"},
                                     {"results", "Moins de départs"},
                                     {NULL, NULL}};
    play.practice = world_file(world, play.publisher_member, &practice_kind, practice);
    return play;
}

/* Files or changes with these texts; the fault's field in *field when it is refused. */
static enum status write(struct play *play, int64_t account, int64_t *id, const struct input *texts, size_t count,
                         const char **field)
{
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_context context = world_as(&play->world, account);
    context.language = LANGUAGE_FRENCH;
    const struct inputs inputs = {texts, count};
    struct record_change change = {.id = *id, .inputs = &inputs, .faults = &faults};
    const enum status status = record_write(&context, &adoption_kind, &change, &error);
    *field = faults.count ? arena_copy(play->world.arena, faults.items[0].field)
                          : arena_copy(play->world.arena, error.field);
    if (!status) *id = ((const struct record *)change.record)->id;
    return status;
}

static enum status take_up(struct play *play, int64_t account, int64_t organisation, const char *audience, int64_t *id,
                           const char **field)
{
    struct world *world = &play->world;
    const struct input texts[] = {{"practice", text_of(world, play->practice)},
                                  {"organisation", text_of(world, organisation)},
                                  {"audience", audience}};
    *id = 0;
    return write(play, account, id, texts, 3, field);
}

static const struct adoption *seen(struct play *play, int64_t account, int64_t id)
{
    void *record = NULL;
    struct record_context context = world_as(&play->world, account);
    return record_load(&context, &adoption_kind, id, &record, NULL) == STATUS_OK ? record : NULL;
}

static enum status step(struct play *play, int64_t id, const char *state)
{
    struct record_context context = world_as(&play->world, play->adopter_member);
    return record_change_state(&context, &adoption_kind, id, 0, state, "faute de temps", NULL);
}

static const struct row {
    const char *sought, *before, *after, *effect, *change, *figures;
} rows[] = {
    {"lower", "40", "18", "better", "-55.0", "Départs\u202f: 40 → 18 %"},
    {"higher", "40", "18", "worse", "-55.0", "Départs\u202f: 40 → 18 %"},
    {"higher", "3", "4", "better", "33.3", "Départs\u202f: 3 → 4 %"},
    {"higher", "-3", "-1", "better", "66.7", "Départs\u202f: −3 → −1 %"},
    {"lower", "0", "0.25", "worse", NULL, "Départs\u202f: 0 → 0,25 %"},
    {"lower", "1234.50", "1234.5", "same", "0.0", "Départs\u202f: 1\u202f234,5 → 1\u202f234,5 %"},
    {"lower", "3", "2.005", NULL, NULL, NULL},
    {"lower", "1000000000001", "1", NULL, NULL, NULL},
};

static const char *text(struct play *play, const struct adoption *adoption, const char *name)
{
    struct record_context context = world_program(&play->world);
    return field_text(&context, kind_field(&adoption_kind, name), adoption);
}

static void same(const char *got, const char *wanted)
{
    if (wanted)
        assert_string_equal(got, wanted);
    else
        assert_null(got);
}

/* The figures as a person would work them out; what is no figure is refused. */
static void test_effect(void **state)
{
    (void)state;
    const char *field = NULL;
    int64_t id = 0;
    struct play play = play_begin();
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "public", &id, &field), STATUS_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        const struct input texts[] = {{"measure", "Départs"},
                                      {"unit", "%"},
                                      {"sought", row->sought},
                                      {"before", row->before},
                                      {"after", row->after}};
        const enum status status = write(&play, play.adopter_member, &id, texts, 5, &field);
        assert_int_equal(status, row->effect ? STATUS_OK : STATUS_INPUT);
        const struct adoption *adoption = row->effect ? seen(&play, play.adopter_member, id) : NULL;
        if (!adoption) continue;
        same(adoption->figures.value, row->figures);
        same(text(&play, adoption, "effect"), row->effect);
        same(text(&play, adoption, "change"), row->change);
    }
    world_end(&play.world);
}

static void test_figures_alone(void **state)
{
    (void)state;
    const char *field = NULL;
    int64_t id = 0;
    struct play play = play_begin();
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "public", &id, &field), STATUS_OK);
    const struct input alone[] = {{"before", "12"}, {"measure", "Départs"}, {"sought", "lower"}};
    assert_int_equal(write(&play, play.adopter_member, &id, alone, 1, &field), STATUS_INPUT);
    assert_string_equal(field, "measure");
    assert_int_equal(write(&play, play.adopter_member, &id, alone, 2, &field), STATUS_INPUT);
    assert_string_equal(field, "sought");
    assert_int_equal(write(&play, play.adopter_member, &id, alone, 3, &field), STATUS_OK);
    assert_null(seen(&play, play.adopter_member, id)->effect.value);
    const struct input dates[] = {{"start", "2026-05-02"}, {"measured", "2026-05-01"}};
    assert_int_equal(write(&play, play.adopter_member, &id, dates, 2, &field), STATUS_INPUT);
    assert_string_equal(field, "measured");
    world_end(&play.world);
}

/* No result is announced without one. */
static void test_steps(void **state)
{
    (void)state;
    const char *field = NULL;
    int64_t id = 0;
    struct play play = play_begin();
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "public", &id, &field), STATUS_OK);
    assert_int_equal(step(&play, id, "measured"), STATUS_INPUT);
    assert_int_equal(step(&play, id, "begun"), STATUS_OK);
    assert_int_equal(step(&play, id, "in_place"), STATUS_OK);
    assert_int_equal(step(&play, id, "measured"), STATUS_INPUT);
    assert_string_equal(seen(&play, play.adopter_member, id)->head.state, "in_place");
    const struct input result[] = {{"result", "Deux départs de moins"}};
    assert_int_equal(write(&play, play.adopter_member, &id, result, 1, &field), STATUS_OK);
    assert_int_equal(step(&play, id, "measured"), STATUS_OK);
    world_end(&play.world);
}

/* Each organisation counts once; nobody takes up their own. */
static void test_once(void **state)
{
    (void)state;
    const char *field = NULL;
    int64_t id = 0, again = 0;
    struct play play = play_begin();
    assert_int_equal(take_up(&play, play.publisher_member, play.publisher, "public", &id, &field), STATUS_INPUT);
    assert_string_equal(field, "organisation");
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "public", &id, &field), STATUS_OK);
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "public", &again, &field), STATUS_INPUT);
    assert_int_equal(step(&play, id, "given_up"), STATUS_OK);
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "public", &again, &field), STATUS_OK);
    assert_int_equal(step(&play, id, "considered"), STATUS_INPUT);
    assert_int_equal(step(&play, again, "given_up"), STATUS_OK);
    assert_int_equal(step(&play, id, "considered"), STATUS_OK);
    world_end(&play.world);
}

/* Who published the practice sees who took it up, also in private; others do not. */
static void test_sides(void **state)
{
    (void)state;
    const char *field = NULL;
    int64_t id = 0;
    struct play play = play_begin();
    assert_int_equal(take_up(&play, play.adopter_member, play.adopter, "private", &id, &field), STATUS_OK);
    assert_non_null(seen(&play, play.publisher_member, id));
    assert_null(seen(&play, play.stranger, id));
    assert_null(seen(&play, 0, id));
    const struct input lesson[] = {{"lesson", "Autre"}};
    assert_int_equal(write(&play, play.publisher_member, &id, lesson, 1, &field), STATUS_DENIED);
    world_end(&play.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_effect), cmocka_unit_test(test_figures_alone),
                                       cmocka_unit_test(test_steps), cmocka_unit_test(test_once),
                                       cmocka_unit_test(test_sides)};
    return database_run_group(tests);
}
