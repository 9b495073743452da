/* test_handover.c: needs handed over to a service that speaks the documented interface, and what can go wrong on the way.
 * time limit: 300 s */
#include "tests/record/world.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/client/client.h"
#include "platform/job/job.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/application.h"
#include "product/kinds/handover.h"
#include "product/upkeep.h"
#include "tests/record/beside.h"

static const char *address;

struct scene {
    struct world world;
    struct application application;
    struct handover_service service;
    int64_t company, officer, member, need;
};

static struct scene scene_begin(void)
{
    struct scene scene = {.world = world_begin()};
    struct error error = {0};
    size_t subjects = 0;
    address = beside_start(scene.world.arena, "tests/record/stand-in.py");
    job_declare(product_jobs);
    scene.service =
        (struct handover_service){.key = "ce", .address = address, .page = "7", .token = "right", .private = true};
    const struct handover_services services = {&scene.service, 1, "https://maillage.example"};
    check_ok(handover_fetch_subjects(scene.world.db, &services, &subjects, &error), &error);
    assert_int_equal(subjects, 8);
    vocabulary_free(&scene.world.records.vocabulary);
    check_ok(vocabulary_load(scene.world.db, &scene.world.records.vocabulary, &error), &error);
    const int64_t cluster = world_organisation(&scene.world, "Pôle", "cluster", "59350");
    scene.company = world_organisation(&scene.world, "Soudure d’Arras", "company", "62041");
    world_member(&scene.world, scene.company, cluster, 18000, ABSENT);
    scene.officer = world_account(&scene.world, "officer@exemple.fr", "officer", cluster);
    scene.member = world_account(&scene.world, "member@exemple.fr", "member", scene.company);
    scene.need = world_need(&scene.world, scene.officer, "Deux soudeurs", scene.company, AUDIENCE_NETWORK);
    return scene;
}

static void scene_end(struct scene *scene)
{
    beside_stop();
    world_end(&scene->world);
}

static enum status write_it(struct scene *scene, int64_t account, int64_t id, const struct input *inputs, size_t count,
                            const char *state, int64_t *made, struct error *error)
{
    struct record_context context = world_as(&scene->world, account);
    struct faults faults = {.count = 0};
    struct record_change change = {
        .id = id, .state = state, .inputs = &(struct inputs){inputs, count}, .faults = &faults};
    const enum status status = record_write(&context, &handover_kind, &change, error);
    if (status && faults.count) *error = faults.items[0];
    if (!status && made) *made = ((const struct record *)change.record)->id;
    return status;
}

static int64_t draft(struct scene *scene, const char *subject)
{
    struct error error = {0};
    int64_t id = 0;
    const struct input inputs[] = {{"need", arena_print(scene->world.arena, "%lld", (long long)scene->need)},
                                   {"subject", subject},
                                   {"with_contact", "0"}};
    check_ok(write_it(scene, scene->officer, 0, inputs, 3, NULL, &id, &error), &error);
    return id;
}

static int64_t jobs_waiting(struct scene *scene)
{
    return database_integer(scene->world.db, "SELECT COUNT(*) FROM job WHERE state = 'waiting'");
}

/* Runs what is due until nothing is left, new tries included. */
static int run_jobs(struct scene *scene)
{
    scene->application.records = scene->world.records;
    scene->application.services = (struct handover_services){&scene->service, 1, "https://maillage.example"};
    const struct job_options options = {.db = scene->world.db, .application = &scene->application, .backoff_ms = 1};
    int runs = 0;
    for (int tries = 0; tries < 200 && jobs_waiting(scene); tries++) {
        struct error error = {0};
        bool ran = false;
        check_ok(job_run_next(&options, &ran, &error), &error);
        if (!ran) usleep(5000);
        runs += ran;
    }
    return runs;
}

static const struct handover *read_back(struct scene *scene, int64_t id)
{
    struct record_context context = world_as(&scene->world, scene->officer);
    struct error error = {0};
    void *record = NULL;
    check_ok(record_load(&context, &handover_kind, id, &record, &error), &error);
    return record;
}

/* The requests that came with the identifier of that hand-over; *last: the newest. */
static size_t received(struct scene *scene, int64_t id, json_t **all, const json_t **last)
{
    struct client_answer answer;
    struct error error = {0};
    size_t i = 0, count = 0;
    const json_t *one = NULL;
    const char *identifier = arena_print(scene->world.arena, "maillage-%lld", (long long)id);
    const struct client_call call = {
        .method = "GET", .url = arena_print(scene->world.arena, "%s/received", address), .private = true};
    check_ok(client_send(scene->world.arena, &call, &answer, &error), &error);
    *all = json_loadb(answer.body, answer.length, 0, NULL);
    json_array_foreach(*all, i, one)
    {
        const char *said = json_string_value(json_object_get(one, "identifier"));
        if (!said || strcmp(said, identifier) != 0) continue;
        *last = json_object_get(one, "solicitation");
        count++;
    }
    return count;
}

static size_t received_count(struct scene *scene, int64_t id)
{
    json_t *all = NULL;
    const json_t *last = NULL;
    const size_t count = received(scene, id, &all, &last);
    json_decref(all);
    return count;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void send_it(struct scene *scene, int64_t id)
{
    struct error error = {0};
    check_ok(write_it(scene, scene->officer, id, NULL, 0, "waiting", NULL, &error), &error);
}

static void test_a_need_is_sent_and_the_number_kept(void **state)
{
    (void)state;
    struct scene scene = scene_begin();
    struct error error = {0};
    json_t *all = NULL;
    const json_t *sent = NULL;
    const int64_t id = draft(&scene, "ce.101");
    assert_int_equal(jobs_waiting(&scene), 0);
    const struct input yes = {"answered_yes", "ce.101.94"};
    check_ok(write_it(&scene, scene.officer, id, &yes, 1, "waiting", NULL, &error), &error);
    assert_int_equal(jobs_waiting(&scene), 1);
    assert_int_equal(run_jobs(&scene), 1);
    const struct handover *handover = read_back(&scene, id);
    assert_string_equal(handover->head.state, "sent");
    assert_string_equal(handover->number.value, "21");
    assert_int_equal(handover->sent.day, time_today());
    assert_non_null(strstr(handover->answer.value, "OPérateur de COmpétences"));
    assert_int_equal(received(&scene, id, &all, &sent), 1);
    assert_int_equal(json_integer_value(json_object_get(sent, "landing_id")), 7);
    assert_int_equal(json_integer_value(json_object_get(sent, "landing_subject_id")), 101);
    assert_string_equal(text_of(sent, "description"), "Deux soudeurs");
    assert_string_equal(text_of(sent, "full_name"), "officer@exemple.fr"); /* no tick: not the contact of the need */
    assert_string_equal(text_of(sent, "email"), "officer@exemple.fr");
    assert_string_equal(text_of(sent, "origin_url"),
                        arena_print(scene.world.arena, "https://maillage.example/fr/handovers/%lld", (long long)id));
    const json_t *answers = json_object_get(sent, "questions_additionnelles");
    assert_int_equal(json_array_size(answers), 2);
    assert_true(json_is_false(json_object_get(json_array_get(answers, 0), "answer")));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(answers, 1), "question_id")), 94);
    assert_true(json_is_true(json_object_get(json_array_get(answers, 1), "answer")));
    json_decref(all);
    /* Those who sent it were shown the person's details: the ledger says so. */
    assert_true(database_integer(scene.world.db, "SELECT COUNT(*) FROM record_reading WHERE kind = 'handover'") > 0);
    scene_end(&scene);
}

static void test_the_contact_leaves_with_their_tick_only(void **state)
{
    (void)state;
    struct scene scene = scene_begin();
    struct error error = {0};
    json_t *all = NULL;
    const json_t *sent = NULL;
    const int64_t id = draft(&scene, "ce.101");
    const struct input tick = {"with_contact", "1"};
    assert_int_equal(write_it(&scene, scene.officer, id, &tick, 1, NULL, NULL, &error), STATUS_INPUT);
    assert_string_equal(error.field, "with_contact"); /* the need has a name and no address */
    struct record_context context = world_as(&scene.world, scene.member);
    struct faults faults = {.count = 0};
    const struct input reach[] = {{"email", "ada@exemple.fr"}, {"telephone", "+33123456789"}};
    struct record_change change = {.id = scene.need, .inputs = &(struct inputs){reach, 2}, .faults = &faults};
    check_ok(record_write(&context, &need_kind, &change, &error), &error);
    check_ok(write_it(&scene, scene.officer, id, &tick, 1, NULL, NULL, &error), &error);
    assert_string_equal(read_back(&scene, id)->contact.value, "Ada Contact");
    send_it(&scene, id);
    run_jobs(&scene);
    assert_int_equal(received(&scene, id, &all, &sent), 1);
    assert_string_equal(text_of(sent, "full_name"), "Ada Contact");
    assert_string_equal(text_of(sent, "email"), "ada@exemple.fr");
    assert_string_equal(text_of(sent, "phone_number"), "+33123456789");
    json_decref(all);
    scene_end(&scene);
}

static void check_state(struct scene *scene, int64_t id, const char *state, const char *reason)
{
    const struct handover *handover = read_back(scene, id);
    assert_string_equal(handover->head.state, state);
    if (reason) assert_non_null(strstr(handover->head.reason, reason));
}

static void test_what_the_service_refuses_is_told(void **state)
{
    (void)state;
    struct scene scene = scene_begin();
    const int64_t id = draft(&scene, "ce.102");
    send_it(&scene, id);
    assert_int_equal(run_jobs(&scene), 1);
    check_state(&scene, id, "failed", "SIRET : doit être un numéro à 14 chiffres valide ; Questions additionnelles");
    assert_int_equal(received_count(&scene, id), 1);
    scene.service.token = "wrong";
    const int64_t other = draft(&scene, "ce.101");
    send_it(&scene, other);
    assert_int_equal(run_jobs(&scene), 1);
    check_state(&scene, other, "failed", "clé");
    const int64_t turned = draft(&scene, "ce.107");
    scene.service.token = "right";
    send_it(&scene, turned);
    run_jobs(&scene);
    check_state(&scene, turned, "failed", "302"); /* led elsewhere: not followed */
    scene_end(&scene);
}

static void test_a_service_that_knows_repeats_is_asked_again(void **state)
{
    (void)state;
    static const struct {
        const char *subject;
        size_t requests;
    } cases[] = {{"ce.103", 2}, {"ce.104", 2}, {"ce.105", 2}, {"ce.106", 2}};
    struct scene scene = scene_begin();
    scene.service.knows_repeats = true;
    scene.service.total_ms = 500;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t id = draft(&scene, cases[i].subject);
        send_it(&scene, id);
        assert_int_equal(run_jobs(&scene), 2);
        check_state(&scene, id, "sent", NULL);
        assert_int_equal(received_count(&scene, id), cases[i].requests); /* all under one identifier */
    }
    scene_end(&scene);
}

static void test_a_service_that_does_not_is_never_asked_twice(void **state)
{
    (void)state;
    static const char *const subjects[] = {"ce.103", "ce.104", "ce.106", "ce.108"};
    struct scene scene = scene_begin();
    scene.service.total_ms = 500;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const int64_t id = draft(&scene, subjects[i]);
        send_it(&scene, id);
        assert_int_equal(run_jobs(&scene), 1);
        check_state(&scene, id, "uncertain", NULL);
        assert_int_equal(received_count(&scene, id), 1);
    }
    /* What was turned away unread is asked again. */
    const int64_t id = draft(&scene, "ce.105");
    send_it(&scene, id);
    assert_int_equal(run_jobs(&scene), 2);
    check_state(&scene, id, "sent", NULL);
    scene_end(&scene);
}

static void test_a_service_that_is_down_is_tried_until_it_is_up(void **state)
{
    (void)state;
    struct scene scene = scene_begin();
    const char *up = scene.service.address;
    const int64_t id = draft(&scene, "ce.101");
    scene.application.records = scene.world.records;
    scene.service.address = "http://127.0.0.1:1";
    scene.application.services = (struct handover_services){&scene.service, 1, "https://maillage.example"};
    const struct job_options options = {.db = scene.world.db, .application = &scene.application, .backoff_ms = 1};
    struct error error = {0};
    bool ran = false;
    send_it(&scene, id);
    check_ok(job_run_next(&options, &ran, &error), &error);
    assert_true(ran);
    check_state(&scene, id, "waiting", "joint");
    assert_int_equal(jobs_waiting(&scene), 1); /* the same job, not one more */
    scene.service.address = up;
    assert_int_equal(run_jobs(&scene), 1);
    check_state(&scene, id, "sent", NULL);
    assert_int_equal(received_count(&scene, id), 1);
    scene_end(&scene);
}

/* The program died between asking and noting the answer. */
static void test_a_crash_while_sending(void **state)
{
    (void)state;
    struct scene scene = scene_begin();
    struct error error = {0};
    for (int knows = 0; knows < 2; knows++) {
        const int64_t id = draft(&scene, "ce.101");
        send_it(&scene, id);
        assert_int_equal(write_it(&scene, scene.officer, id, NULL, 0, "sending", NULL, &error), STATUS_INPUT);
        struct record_context context = world_as(&scene.world, scene.officer);
        context.program = true;
        check_ok(record_change_state(&context, &handover_kind, id, 0, "sending", NULL, &error), &error);
        scene.service.knows_repeats = knows;
        run_jobs(&scene);
        check_state(&scene, id, knows ? "sent" : "uncertain", NULL);
        assert_int_equal(received_count(&scene, id), knows);
    }
    scene_end(&scene);
}

static void test_who_may_and_when(void **state)
{
    (void)state;
    struct scene scene = scene_begin();
    struct error error = {0};
    const int64_t elsewhere = world_organisation(&scene.world, "Ailleurs", "cluster", "93066");
    const int64_t stranger = world_account(&scene.world, "stranger@exemple.fr", "officer", elsewhere);
    const char *need = arena_print(scene.world.arena, "%lld", (long long)scene.need);
    const struct input inputs[] = {{"need", need}, {"subject", "ce.101"}, {"with_contact", "0"}};
    assert_int_equal(write_it(&scene, stranger, 0, inputs, 3, NULL, NULL, &error), STATUS_DENIED);
    const struct input wrong[] = {{"need", need}, {"subject", "ce"}, {"with_contact", "0"}};
    assert_int_equal(write_it(&scene, scene.member, 0, wrong, 3, NULL, NULL, &error), STATUS_INPUT);
    assert_string_equal(error.field, "subject");
    int64_t id = 0;
    check_ok(write_it(&scene, scene.member, 0, inputs, 3, NULL, &id, &error), &error);
    struct record_context context = world_as(&scene.world, stranger);
    void *record = NULL;
    assert_int_equal(record_load(&context, &handover_kind, id, &record, &error), STATUS_MISSING);
    send_it(&scene, id);
    run_jobs(&scene);
    const struct input late = {"message", "Autre chose"};
    assert_int_equal(write_it(&scene, scene.member, id, &late, 1, NULL, NULL, &error), STATUS_CONFLICT);
    const struct input answered = {"answer", "La CCI rappelle lundi"};
    check_ok(write_it(&scene, scene.officer, id, &answered, 1, "accepted", NULL, &error), &error);
    check_ok(write_it(&scene, scene.officer, id, NULL, 0, "ended", NULL, &error), &error);
    assert_int_equal(jobs_waiting(&scene), 0);
    scene_end(&scene);
}

static void test_settings_of_services(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct handover_services services;
    struct error error = {0};
    static const char *const bad[] = {"ce https://a.example",
                                      "ce http://a.example 7 /etc/hostname",
                                      "ce https://a.example seven /etc/hostname",
                                      "c.e https://a.example 7 /etc/hostname",
                                      "ce https://a.example 7 /etc/hostname always",
                                      "ce https://a.example 7 /no/such/file",
                                      "ce https://u:p@a.example 7 /etc/hostname"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct option_list lines = {.values = {bad[i]}, .count = 1};
        assert_int_equal(handover_read_services(arena, &lines, "https://m.example", &services, &error), STATUS_INPUT);
    }
    const struct option_list good = {.values = {"ce https://a.example 7 /etc/hostname knows-repeats"}, .count = 1};
    check_ok(handover_read_services(arena, &good, "https://m.example", &services, &error), &error);
    assert_true(services.items[0].knows_repeats && !services.items[0].private);
    assert_ptr_equal(handover_find_service(&services, "ce.101"), &services.items[0]);
    assert_null(handover_find_service(&services, "cea.101"));
    assert_int_equal(handover_read_services(arena, &good, NULL, &services, &error), STATUS_INPUT);
    arena_free(&arena);
}

#define WITH_STAND_IN(test) cmocka_unit_test_setup_teardown(test, NULL, beside_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND_IN(test_a_need_is_sent_and_the_number_kept),
        WITH_STAND_IN(test_the_contact_leaves_with_their_tick_only),
        WITH_STAND_IN(test_what_the_service_refuses_is_told),
        WITH_STAND_IN(test_a_service_that_knows_repeats_is_asked_again),
        WITH_STAND_IN(test_a_service_that_does_not_is_never_asked_twice),
        WITH_STAND_IN(test_a_service_that_is_down_is_tried_until_it_is_up),
        WITH_STAND_IN(test_a_crash_while_sending),
        WITH_STAND_IN(test_who_may_and_when),
        cmocka_unit_test(test_settings_of_services),
    };
    return database_run_group(tests);
}
