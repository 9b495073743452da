/* test_visit.c: what is noted at a visit is kept once, with its needs, however often it is sent; who reads what of it; whom to see. time limit: 300 s */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/application.h"
#include "product/kinds/practice.h"
#include "product/visits/letter.h"
#include "product/visits/visits.h"
#include "tests/record/world.h"

enum { THREADS = 4 };

struct play {
    struct world world;
    int64_t cluster, company, region;
    int64_t officer, member, agent;
};

static const char *text_of(struct world *world, int64_t id) { return arena_print(world->arena, "%lld", (long long)id); }

static struct play play_begin(void)
{
    struct play play = {.world = world_begin()};
    struct world *world = &play.world;
    play.cluster = world_organisation(world, "Pôle", "cluster", "59350");
    play.company = world_organisation(world, "Mécanique", "company", "62041");
    play.region = world_organisation(world, "Région", "local_authority", "93066");
    world_member(world, play.company, play.cluster, time_today() - 100, ABSENT);
    play.officer = world_account(world, "charge@exemple.fr", "officer", play.cluster);
    play.member = world_account(world, "membre@exemple.fr", "member", play.company);
    play.agent = world_account(world, "agent@exemple.fr", "region", play.region);
    return play;
}

/* A note of today with one need, the same words each time but for the summary. */
static struct note note_of(const struct play *play, struct input items[4], const char *key, const char *summary)
{
    items[0] = (struct input){"day", "2026-01-15"};
    items[1] = (struct input){"summary", summary};
    items[2] = (struct input){"said", "Entre nous"};
    items[3] = (struct input){"met", "Ada"};
    return (struct note){.cluster = play->cluster,
                         .company = "Mécanique",
                         .inputs = {items, 4},
                         .needs = {{"Deux soudeurs", "people.recruitment", "Au printemps"}},
                         .once = {key, summary, strlen(summary)}};
}

static int64_t count_of(struct play *play, const char *table)
{
    return database_integer(play->world.db, arena_print(play->world.arena, "SELECT COUNT(*) FROM %s", table));
}

static enum status keep(struct play *play, int64_t account, const struct note *note, struct record_change *change,
                        struct error *error)
{
    struct record_context context = world_as(&play->world, account);
    return note_keep(&context, note, change, error);
}

static const struct visit *seen(struct play *play, int64_t account, int64_t id)
{
    void *record = NULL;
    struct record_context context = world_as(&play->world, account);
    return record_load(&context, &visit_kind, id, &record, NULL) == STATUS_OK ? record : NULL;
}

static int64_t id_of(const struct record_change *change) { return ((const struct record *)change->record)->id; }

/* The answer was lost: the same key and words give what is there; other words are a conflict that names it. */
static void test_once(void **state)
{
    struct input items[4];
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_change change = {.faults = &faults}, again = {.faults = &faults}, other = {.faults = &faults};
    (void)state;
    struct play play = play_begin();
    const struct note note = note_of(&play, items, "clef-0001", "À retenir");
    check_ok(keep(&play, play.officer, &note, &change, &error), &error);
    assert_false(change.again);
    check_ok(keep(&play, play.officer, &note, &again, &error), &error);
    assert_true(again.again);
    assert_true(id_of(&again) == id_of(&change));
    const struct note edited = note_of(&play, items, "clef-0001", "Autre chose");
    assert_int_equal(keep(&play, play.officer, &edited, &other, &error), STATUS_CONFLICT);
    assert_true(other.again && id_of(&other) == id_of(&change));
    assert_int_equal(count_of(&play, "visit"), 1);
    assert_int_equal(count_of(&play, "need"), 1);
    const struct visit *visit = seen(&play, play.officer, id_of(&change));
    assert_string_equal(visit->head.state, "held");
    assert_string_equal(visit->summary.value, "À retenir");
    assert_int_equal(database_integer(play.world.db, "SELECT visit FROM need"), id_of(&change));
    world_end(&play.world);
}

struct sender {
    struct play play;
    enum status status;
};

static void *send_one(void *data)
{
    struct sender *sender = data;
    struct input items[4];
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_change change = {.faults = &faults};
    const struct note note = note_of(&sender->play, items, "clef-0002", "À retenir");
    sender->status = keep(&sender->play, sender->play.officer, &note, &change, &error);
    if (sender->play.world.handle) db_release(&sender->play.world.handle);
    return NULL;
}

/* The same sending by several connections at once. */
static void test_at_once(void **state)
{
    pthread_t threads[THREADS];
    struct sender senders[THREADS];
    (void)state;
    struct play play = play_begin();
    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.play = play};
        senders[i].play.world.arena = arena_new();
        senders[i].play.world.handle = NULL;
        assert_int_equal(pthread_create(&threads[i], NULL, send_one, &senders[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(senders[i].status, STATUS_OK);
        arena_free(&senders[i].play.world.arena);
    }
    assert_int_equal(count_of(&play, "visit"), 1);
    assert_int_equal(count_of(&play, "need"), 1);
    world_end(&play.world);
}

/* All or nothing: a need that is wrong keeps the visit away, and its key is free again. */
static void test_whole(void **state)
{
    struct input items[4];
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_change change = {.faults = &faults};
    (void)state;
    struct play play = play_begin();
    struct note note = note_of(&play, items, "clef-0003", "À retenir");
    note.needs[1] = (struct note_need){"Sans type", "", ""};
    assert_int_equal(keep(&play, play.officer, &note, &change, &error), STATUS_INPUT);
    assert_string_equal(faults.items[0].field, "need2.type");
    assert_int_equal(count_of(&play, "visit") + count_of(&play, "need") + count_of(&play, "record_once"), 0);
    note.needs[1].type = "people.recruitment";
    check_ok(keep(&play, play.officer, &note, &change, &error), &error);
    assert_int_equal(count_of(&play, "need"), 2);
    note.company = "Inconnue";
    note.once.key = "clef-0004";
    assert_int_equal(keep(&play, play.officer, &note, &change, &error), STATUS_INPUT);
    assert_string_equal(error.field, "company");
    note.once.key = "non !";
    assert_int_equal(keep(&play, play.officer, &note, &change, &error), STATUS_INPUT);
    note.once.key = "clef-0005";
    note.company = "Mécanique";
    assert_int_equal(keep(&play, play.member, &note, &change, &error), STATUS_DENIED);
    world_end(&play.world);
}

/* A planned visit that somebody changed meanwhile is not overwritten. */
static void test_conflict(void **state)
{
    struct input items[4];
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_change change = {.faults = &faults};
    (void)state;
    struct play play = play_begin();
    struct world *world = &play.world;
    const struct input planned[] = {{"company", text_of(world, play.company)},
                                    {"cluster", text_of(world, play.cluster)},
                                    {"day", "2026-01-15"},
                                    {NULL, NULL}};
    const int64_t id = world_file(world, play.officer, &visit_kind, planned);
    struct note note = note_of(&play, items, "clef-0006", "À retenir");
    note.visit = id;
    note.version = 7;
    assert_int_equal(keep(&play, play.officer, &note, &change, &error), STATUS_CONFLICT);
    assert_false(change.again);
    note.version = 1;
    check_ok(keep(&play, play.officer, &note, &change, &error), &error);
    assert_string_equal(seen(&play, play.officer, id)->head.state, "held");
    note.version = 1; /* sent again: the version that it knew is old, and it does not matter */
    check_ok(keep(&play, play.officer, &note, &change, &error), &error);
    assert_true(change.again);
    world_end(world);
}

/* The company does not read it, nor the authority before it is told; then it reads neither what was said nor who was met. */
static void test_readers(void **state)
{
    struct input items[4];
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_change change = {.faults = &faults};
    (void)state;
    struct play play = play_begin();
    const struct note note = note_of(&play, items, "clef-0007", "À retenir");
    check_ok(keep(&play, play.officer, &note, &change, &error), &error);
    const int64_t id = id_of(&change);
    assert_null(seen(&play, play.member, id));
    assert_null(seen(&play, play.agent, id));
    struct record_context context = world_as(&play.world, play.officer);
    const struct input told = {"authority", text_of(&play.world, play.region)};
    const struct inputs inputs = {&told, 1};
    struct record_change telling = {.id = id, .inputs = &inputs, .faults = &faults};
    check_ok(record_write(&context, &visit_kind, &telling, &error), &error);
    const struct visit *read = seen(&play, play.agent, id);
    assert_string_equal(read->summary.value, "À retenir");
    assert_null(read->said.value);
    assert_null(read->met.value);
    assert_null(seen(&play, play.member, id));
    assert_string_equal(seen(&play, play.officer, id)->said.value, "Entre nous");
    world_end(&play.world);
}

/* Whoever was never seen comes first; who is planned, far away or was seen lately does not come. */
static void test_choice(void **state)
{
    static const double degree = 111.195; /* kilometres of latitude */
    struct visits_member members[] = {
        {.id = 1, .is_placed = true, .at = {50.1, 3}, .seen = 900, .planned = ABSENT},
        {.id = 2, .is_placed = true, .at = {50.2, 3}, .seen = ABSENT, .planned = ABSENT},
        {.id = 3, .is_placed = true, .at = {50.05, 3}, .seen = ABSENT, .planned = ABSENT},
        {.id = 4, .is_placed = true, .at = {51.5, 3}, .seen = ABSENT, .planned = ABSENT},
        {.id = 5, .is_placed = true, .at = {50, 3}, .seen = 1000, .planned = ABSENT},
        {.id = 6, .is_placed = true, .at = {50, 3}, .seen = ABSENT, .planned = 1100},
        {.id = 7, .seen = ABSENT, .planned = ABSENT},
    };
    struct visits_spot *spots = NULL;
    (void)state;
    struct arena *arena = arena_new();
    members[0].departement = members[1].departement = members[4].departement = "59";
    members[2].departement = members[3].departement = "62";
    assert_int_equal(visits_spots(arena, members, 5, 950, &spots), 2);
    assert_string_equal(spots[0].departement, "62");
    assert_true(spots[0].members == 2 && spots[0].seen == 0 && spots[1].members == 3 && spots[1].seen == 1);
    assert_int_equal(visits_choose(members, 7, (struct route_point){50, 3}, 50, 1000), 3);
    assert_true(members[0].id == 3 && members[1].id == 2 && members[2].id == 1);
    assert_true(fabs(members[1].kilometres - 0.2 * degree) < 0.01);
    arena_free(&arena);
}

/* Members and tours as the database tells them. */
static void test_tour(void **state)
{
    struct visits_member *members = NULL;
    struct visits_day *days = NULL;
    struct error error = {0};
    size_t count = 0;
    (void)state;
    struct play play = play_begin();
    struct world *world = &play.world;
    const struct input first[] = {{"company", text_of(world, play.company)},
                                  {"cluster", text_of(world, play.cluster)},
                                  {"day", "2026-01-15"},
                                  {NULL, NULL}};
    const struct input second[] = {{"company", text_of(world, play.region)},
                                   {"cluster", text_of(world, play.cluster)},
                                   {"day", "2026-01-15"},
                                   {NULL, NULL}};
    world_file(world, play.officer, &visit_kind, first);
    const int64_t off = world_file(world, play.officer, &visit_kind, second);
    struct record_context context = world_as(world, play.officer);
    check_ok(visits_members(&context, play.cluster, &members, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_true(members[0].id == play.company && members[0].seen == ABSENT);
    int64_t day = 0;
    assert_true(day_parse("2026-01-15", &day));
    check_ok(visits_tour(&context, play.cluster, day, day + 6, &days, &count, &error), &error);
    assert_true(count == 1 && days[0].count == 2);
    check_ok(record_change_state(&context, &visit_kind, off, 0, "cancelled", "grève", &error), &error);
    context = world_as(world, play.officer);
    check_ok(visits_tour(&context, play.cluster, day, day + 6, &days, &count, &error), &error);
    assert_true(count == 1 && days[0].count == 1);
    check_ok(visits_tour(&context, play.cluster, day + 1, day + 6, &days, &count, &error), &error);
    assert_int_equal(count, 0);
    world_end(world);
}

/* ---- the letter of the evening ---- */

/* Days of July, when Paris is two hours ahead, and of December, one. */
enum { SUMMER = 20650, WINTER = 20450, HOUR_MS = 3600000 };

static void test_evening(void **state)
{
    (void)state;
    assert_false(visit_letter_is_time(SUMMER, (int64_t)SUMMER * MS_PER_DAY + 16 * HOUR_MS - 1));
    assert_true(visit_letter_is_time(SUMMER, (int64_t)SUMMER * MS_PER_DAY + 16 * HOUR_MS));
    assert_true(visit_letter_is_time(SUMMER - 1, (int64_t)SUMMER * MS_PER_DAY));
    assert_false(visit_letter_is_time(SUMMER + 1, (int64_t)SUMMER * MS_PER_DAY + 20 * HOUR_MS));
    assert_false(visit_letter_is_time(WINTER, (int64_t)WINTER * MS_PER_DAY + 17 * HOUR_MS - 1));
    assert_true(visit_letter_is_time(WINTER, (int64_t)WINTER * MS_PER_DAY + 17 * HOUR_MS));
}

static void share_practice(struct play *play, const char *title, const char *type, const char *audience)
{
    const struct input texts[] = {{"title", title},
                                  {"organisation", text_of(&play->world, play->cluster)},
                                  {"context", "Des départs"},
                                  {"results", "Moins de départs"},
                                  {"serves", type},
                                  {"audience", audience},
                                  {NULL, NULL}};
    world_file(&play->world, play->officer, &practice_kind, texts);
}

static int64_t visit_with_letter(struct play *play, const char *letter)
{
    struct input items[6];
    struct faults faults = {.count = 0};
    struct error error;
    struct record_change change = {.faults = &faults};
    char yesterday[16];
    day_format(time_today() - 1, yesterday);
    struct note note = note_of(play, items, "clef-0009", "Une équipe solide");
    items[0].text = yesterday;
    items[4] = (struct input){"letter", letter};
    items[5] = (struct input){"next", "Nous cherchons deux candidats"};
    note.inputs.count = 6;
    check_ok(keep(play, play->officer, &note, &change, &error), &error);
    db_release(&play->world.handle);
    return id_of(&change);
}

static void run_letters(struct play *play)
{
    static const struct job_type *const tables[] = {visit_jobs, NULL};
    struct application application = {.records = play->world.records,
                                      .mail = {.server = "smtp://127.0.0.1:9", .from_name = "Maillage"},
                                      .origin = "https://maillage.exemple.fr"};
    const struct job_options options = {.db = play->world.db, .application = &application};
    const struct job_request request = {
        .type = "visit_letters", .viewer = viewer_program(), .language = LANGUAGE_FRENCH, .priority = JOB_LAST};
    struct error error = {0};
    int64_t id = 0;
    bool ran = false;
    job_declare(tables);
    check_ok(job_start(play->world.db, &request, &id, &error), &error);
    check_ok(job_run_next(&options, &ran, &error), &error);
    assert_true(ran);
}

static const char *body_to(struct play *play, const char *email)
{
    struct error error;
    struct record_context context = world_program(&play->world);
    const char *body = "";
    struct db_rows *rows =
        db_query(context.handle, "SELECT body FROM mail WHERE recipient = $1", DB_BIND(db_text(email)));
    if (db_next(rows)) body = arena_copy(play->world.arena, db_get_text(rows, 0));
    check_ok(db_end(&rows, &error), &error);
    db_release(&play->world.handle);
    return body;
}

static void test_letter_to_the_company(void **state)
{
    static const char *const said[] = {
        "Une équipe solide",        "Nous cherchons deux candidats",         "Deux soudeurs",
        "Un carnet de compétences", "https://maillage.exemple.fr/fr/needs/", "charge@exemple.fr"};
    static const char *const kept[] = {"Entre nous", "Ada", "Pour le réseau seul", "Autre chose"};
    (void)state;
    struct play play = play_begin();
    share_practice(&play, "Un carnet de compétences", "people.recruitment", "public");
    share_practice(&play, "Pour le réseau seul", "people.recruitment", "network");
    share_practice(&play, "Autre chose", "skills", "public");
    const int64_t id = visit_with_letter(&play, "company");
    run_letters(&play);
    const char *body = body_to(&play, "membre@exemple.fr"), *copy = body_to(&play, "charge@exemple.fr");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) assert_non_null(strstr(body, said[i]));
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) assert_null(strstr(body, kept[i]));
    assert_non_null(strstr(copy, "membre@exemple.fr"));
    assert_int_equal(count_of(&play, "mail"), 2);
    assert_int_equal(seen(&play, play.officer, id)->lettered.day, time_today());
    run_letters(&play);
    assert_int_equal(count_of(&play, "mail"), 2);
    world_end(&play.world);
}

static void test_letter_to_oneself(void **state)
{
    (void)state;
    struct play play = play_begin();
    visit_with_letter(&play, "self");
    run_letters(&play);
    assert_int_equal(count_of(&play, "mail"), 1);
    assert_non_null(strstr(body_to(&play, "charge@exemple.fr"), "Transmettez-lui"));
    world_end(&play.world);
}

static void test_no_letter_unless_asked(void **state)
{
    (void)state;
    struct play play = play_begin();
    visit_with_letter(&play, "");
    run_letters(&play);
    assert_int_equal(count_of(&play, "mail"), 0);
    world_end(&play.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_once),
                                       cmocka_unit_test(test_at_once),
                                       cmocka_unit_test(test_whole),
                                       cmocka_unit_test(test_conflict),
                                       cmocka_unit_test(test_readers),
                                       cmocka_unit_test(test_choice),
                                       cmocka_unit_test(test_tour),
                                       cmocka_unit_test(test_evening),
                                       cmocka_unit_test(test_letter_to_the_company),
                                       cmocka_unit_test(test_letter_to_oneself),
                                       cmocka_unit_test(test_no_letter_unless_asked)};
    return database_run_group(tests);
}
