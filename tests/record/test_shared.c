/* test_shared.c: records with another side (a booking, a registration), and places that are counted: who sees and does what, who waits and who
 * follows, also when many come at once. time limit: 300 s */
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/kinds/booking.h"
#include "product/kinds/equipment.h"
#include "product/kinds/event.h"
#include "product/kinds/registration.h"
#include "product/roles.h"
#include "tests/record/world.h"

enum { PLACES = 3, THREADS = 4, EACH = 3 };

struct play {
    struct world world;
    int64_t host, guest, stranger; /* organisations */
    int64_t host_member, guest_member, stranger_member;
    int64_t event;
};

static const char *text_of(struct world *world, int64_t id) { return arena_print(world->arena, "%lld", (long long)id); }

static int64_t make_event(struct world *world, int64_t account, int64_t organiser, const char *places)
{
    const struct input texts[] = {
        {"title", "Atelier"},           {"type", "workshop"}, {"organiser", text_of(world, organiser)},
        {"starts", "2036-07-01T14:30"}, {"places", places},   {NULL, NULL}};
    return world_file(world, account, &event_kind, texts);
}

static struct play play_begin(void)
{
    struct play play = {.world = world_begin()};
    struct world *world = &play.world;
    play.host = world_organisation(world, "Hôte", "company", "59350");
    play.guest = world_organisation(world, "Invitée", "company", "62041");
    play.stranger = world_organisation(world, "Autre", "company", "93066");
    play.host_member = world_account(world, "hote@exemple.fr", "member", play.host);
    play.guest_member = world_account(world, "invitee@exemple.fr", "member", play.guest);
    play.stranger_member = world_account(world, "autre@exemple.fr", "member", play.stranger);
    play.event = make_event(world, play.host_member, play.host, "3");
    return play;
}

static int64_t register_one(struct world *world, int64_t account, int64_t organisation, int64_t event)
{
    const struct input texts[] = {{"event", text_of(world, event)},
                                  {"organisation", text_of(world, organisation)},
                                  {"person", "Ada Présente"},
                                  {NULL, NULL}};
    return world_file(world, account, &registration_kind, texts);
}

static const struct registration *seen(struct world *world, int64_t account, int64_t id)
{
    void *record = NULL;
    struct record_context context = world_as(world, account);
    return record_load(&context, &registration_kind, id, &record, NULL) == STATUS_OK ? record : NULL;
}

static enum status step(struct world *world, int64_t account, const struct kind *kind, int64_t id, const char *state,
                        const char *reason)
{
    struct record_context context = world_as(world, account);
    return record_change_state(&context, kind, id, 0, state, reason, NULL);
}

static int64_t in_state(struct world *world, const char *state)
{
    return database_integer(world->db,
                            arena_print(world->arena, "SELECT COUNT(*) FROM registration WHERE state = '%s'", state));
}

/* Both sides see it with who comes; nobody else does. Each takes its own steps. */
static void test_sides(void **state)
{
    (void)state;
    struct play play = play_begin();
    struct world *world = &play.world;
    const int64_t id = register_one(world, play.guest_member, play.guest, play.event);
    assert_non_null(seen(world, play.guest_member, id)->person.value);
    assert_non_null(seen(world, play.host_member, id)->person.value);
    assert_int_equal(seen(world, play.host_member, id)->organiser.id, play.host);
    assert_null(seen(world, play.stranger_member, id));
    assert_null(seen(world, 0, id));
    assert_int_equal(step(world, play.guest_member, &registration_kind, id, "present", NULL), STATUS_DENIED);
    assert_int_equal(step(world, play.stranger_member, &registration_kind, id, "cancelled", NULL), STATUS_MISSING);
    assert_int_equal(step(world, play.host_member, &registration_kind, id, "present", NULL), STATUS_OK);
    world_end(world);
}

static enum status change(struct world *world, int64_t account, int64_t id, const char *field, const char *text)
{
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_context context = world_as(world, account);
    const struct input one = {field, text};
    const struct inputs inputs = {&one, 1};
    struct record_change wanted = {.id = id, .inputs = &inputs, .faults = &faults};
    return record_write(&context, &booking_kind, &wanted, &error);
}

/* Who owns the equipment answers, and changes nothing of what was asked. */
static void test_booking(void **state)
{
    (void)state;
    struct play play = play_begin();
    struct world *world = &play.world;
    const struct input equipment[] = {
        {"title", "Banc"},    {"type", "machine"}, {"organisation", text_of(world, play.host)},
        {"description", "x"}, {"access", "y"},     {"price_per", "day"},
        {NULL, NULL}};
    const int64_t bench = world_file(world, play.host_member, &equipment_kind, equipment);
    const struct input asked[] = {{"equipment", text_of(world, bench)},
                                  {"organisation", text_of(world, play.guest)},
                                  {"starts", "2036-07-01T09:00"},
                                  {"ends", "2036-07-01T12:00"},
                                  {"purpose", "Essai"},
                                  {"person", "Ada"},
                                  {NULL, NULL}};
    const int64_t id = world_file(world, play.guest_member, &booking_kind, asked);
    assert_int_equal(change(world, play.guest_member, id, "answer", "oui"), STATUS_INPUT);
    assert_int_equal(change(world, play.host_member, id, "purpose", "autre"), STATUS_INPUT);
    assert_int_equal(change(world, play.stranger_member, id, "answer", "oui"), STATUS_MISSING);
    assert_int_equal(change(world, play.host_member, id, "answer", "oui"), STATUS_OK);
    assert_int_equal(change(world, play.guest_member, id, "ends", "2036-07-01T08:00"), STATUS_INPUT);
    assert_int_equal(step(world, play.guest_member, &booking_kind, id, "accepted", NULL), STATUS_DENIED);
    assert_int_equal(step(world, play.host_member, &booking_kind, id, "refused", NULL), STATUS_INPUT); /* no reason */
    assert_int_equal(step(world, play.host_member, &booking_kind, id, "accepted", NULL), STATUS_OK);
    assert_int_equal(step(world, play.host_member, &booking_kind, id, "withdrawn", NULL), STATUS_DENIED);
    assert_int_equal(step(world, play.guest_member, &booking_kind, id, "done", NULL), STATUS_OK);
    world_end(world);
}

/* The fourth waits; who waited longest follows; more places let more in; a taken place is needed to step in. */
static void test_places(void **state)
{
    int64_t ids[6];
    (void)state;
    struct play play = play_begin();
    struct world *world = &play.world;
    for (int i = 0; i < 6; i++) ids[i] = register_one(world, play.guest_member, play.guest, play.event);
    for (int i = 0; i < 6; i++)
        assert_string_equal(seen(world, play.guest_member, ids[i])->head.state, i < PLACES ? "registered" : "waiting");
    assert_int_equal(step(world, play.host_member, &registration_kind, ids[3], "registered", NULL), STATUS_CONFLICT);
    assert_int_equal(step(world, play.guest_member, &registration_kind, ids[1], "cancelled", NULL), STATUS_OK);
    assert_string_equal(seen(world, play.guest_member, ids[3])->head.state, "registered");
    assert_string_equal(seen(world, play.guest_member, ids[4])->head.state, "waiting");
    /* One who waits and gives up frees nothing. */
    assert_int_equal(step(world, play.guest_member, &registration_kind, ids[4], "cancelled", NULL), STATUS_OK);
    assert_string_equal(seen(world, play.guest_member, ids[5])->head.state, "waiting");
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_context context = world_as(world, play.host_member);
    const struct input more = {"places", "10"};
    const struct inputs inputs = {&more, 1};
    struct record_change wider = {.id = play.event, .inputs = &inputs, .faults = &faults};
    check_ok(record_write(&context, &event_kind, &wider, &error), &error);
    assert_string_equal(seen(world, play.guest_member, ids[5])->head.state, "registered");
    /* Told in the history, as the program's doing. */
    const struct history_line *lines = NULL;
    size_t count = 0;
    context = world_as(world, play.guest_member);
    check_ok(record_history(&context, &registration_kind, ids[5], &lines, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_string_equal(lines[0].action, "state");
    assert_int_equal(lines[0].account, 0);
    world_end(world);
}

/* A cancelled event takes nobody. */
static void test_closed(void **state)
{
    (void)state;
    struct play play = play_begin();
    struct world *world = &play.world;
    struct faults faults = {.count = 0};
    assert_int_equal(step(world, play.host_member, &event_kind, play.event, "cancelled", "grève"), STATUS_OK);
    struct record_context context = world_as(world, play.guest_member);
    const struct input texts[] = {
        {"event", text_of(world, play.event)}, {"organisation", text_of(world, play.guest)}, {"person", "Ada"}};
    const struct inputs inputs = {texts, 3};
    struct record_change refused = {.inputs = &inputs, .faults = &faults};
    assert_int_equal(record_write(&context, &registration_kind, &refused, NULL), STATUS_INPUT);
    assert_int_equal(in_state(world, "registered"), 0);
    world_end(world);
}

struct crowd {
    struct world world; /* with an arena of its own */
    int64_t account, organisation, event;
};

static void *come(void *data)
{
    struct crowd *crowd = data;
    struct db_handle *handle = NULL;
    struct error error = {0};
    struct viewer viewer;
    for (int i = 0; i < EACH; i++) {
        struct faults faults = {.count = 0};
        const struct input texts[] = {{"event", text_of(&crowd->world, crowd->event)},
                                      {"organisation", text_of(&crowd->world, crowd->organisation)},
                                      {"person", "Ada"}};
        const struct inputs inputs = {texts, 3};
        check_ok(db_read(crowd->world.db, &handle, &error), &error);
        check_ok(viewer_load(handle, crowd->world.arena, crowd->account, &viewer, &error), &error);
        struct record_context context = {.records = &crowd->world.records,
                                         .arena = crowd->world.arena,
                                         .viewer = &viewer,
                                         .origin = "test",
                                         .handle = handle};
        struct record_change wanted = {.inputs = &inputs, .faults = &faults};
        const enum status status = record_write(&context, &registration_kind, &wanted, &error);
        db_release(&handle);
        check_ok(status, faults.count ? &faults.items[0] : &error);
    }
    return NULL;
}

/* As many places as there are, not one more, whoever comes at the same moment. */
static void test_at_once(void **state)
{
    pthread_t threads[THREADS];
    struct crowd crowds[THREADS];
    (void)state;
    struct play play = play_begin();
    for (int i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){play.world, i % 2 ? play.guest_member : play.stranger_member,
                                   i % 2 ? play.guest : play.stranger, play.event};
        crowds[i].world.arena = arena_new();
        crowds[i].world.handle = NULL;
    }
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, come, &crowds[i]), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) arena_free(&crowds[i].world.arena);
    assert_int_equal(in_state(&play.world, "registered"), PLACES);
    assert_int_equal(in_state(&play.world, "waiting"), THREADS * EACH - PLACES);
    world_end(&play.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sides), cmocka_unit_test(test_booking),
                                       cmocka_unit_test(test_places), cmocka_unit_test(test_closed),
                                       cmocka_unit_test(test_at_once)};
    return database_run_group(tests);
}
