/* test_sirene.c: Insee's stock files and the changes of its API into the organisations. time limit: 300 s */
#include "tests/record/world.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/client/client.h"
#include "platform/job/job.h"
#include "product/application.h"
#include "product/sirene/sirene.h"
#include "product/upkeep.h"
#include "tests/record/beside.h"

#define PLACES \
    "siren,nic,siret,statutDiffusionEtablissement,dateDernierTraitementEtablissement,etablissementSiege," \
    "libelleVoieEtablissement,codeCommuneEtablissement," \
    "dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,denominationUsuelleEtablissement," \
    "activitePrincipaleEtablissement," \
    "nomenclatureActivitePrincipaleEtablissement,caractereEmployeurEtablissement," \
    "activitePrincipaleNAF25Etablissement\n"
#define UNITS \
    "siren,statutDiffusionUniteLegale,prenom1UniteLegale,trancheEffectifsUniteLegale,dateDebut," \
    "etatAdministratifUniteLegale,nomUniteLegale," \
    "denominationUniteLegale,denominationUsuelle1UniteLegale,categorieJuridiqueUniteLegale\n"

/* Five companies: A with a works in Lille and its head office in Saint-Denis, B closed, C a person with a sign, D a withheld person, E that employs nobody. */
static const char places[] = PLACES
    "300000015,00015,30000001500015,O,2025-10-01T10:00:00,true,,93066,2001-01-01,A,,,62.01Z,NAFRev2,O,62.10Y\n"
    "300000015,00023,30000001500023,O,2025-10-02T10:00:00,false,\"DE L'USINE, BAT "
    "B\",59350,2003-01-01,A,,,25.62B,NAFRev2,O,25.53Y\n"
    "300000023,00018,30000002300018,O,2025-10-01T10:00:00,true,,59350,2024-05-06,F,,,25.62B,NAFRev2,N,\n"
    "300000031,00017,30000003100017,O,2025-10-01T10:00:00,true,,62041,2010-01-01,A,\"AU "
    "\"\"SOUDEUR\"\"\",,25.62B,NAFRev2,O,\n"
    "300000049,00019,30000004900019,P,2025-10-01T10:00:00,true,[ND],62041,2010-01-01,A,[ND],[ND],25.62B,NAFRev2,O,\n"
    "300000056,00014,30000005600014,O,2025-10-01T10:00:00,true,,59350,2010-01-01,A,,,25.62B,NAFRev2,N,\n";
static const char units[] =
    UNITS "300000015,O,,12,1999-01-01,A,,MECANIQUE A,,5710\n300000023,O,,NN,2024-05-06,C,,B FERMEE,,5710\n"
          "300000031,O,JEANNE,01,2010-01-01,A,PRIVEE,,,1000\n300000049,P,[ND],01,2010-01-01,A,[ND],,,1000\n"
          "300000056,O,,NN,2010-01-01,A,,E SANS SALARIE,,5710\n";

static const char *written(struct arena *arena, const char *text)
{
    char *path = arena_print(arena, "/tmp/sirene-XXXXXX");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return path;
}

static struct sirene_count import(struct world *world, const char *establishments, const char *companies,
                                  const char *words)
{
    struct arena *arena = arena_new();
    struct error error = {0};
    struct sirene_filter *filter = NULL;
    struct sirene_gathering *gathering = NULL;
    struct sirene_count count = {0};
    check_ok(sirene_filter_read(arena, &world->records, words, &filter, &error), &error);
    check_ok(sirene_begin(arena, &world->records, filter, &gathering, &error), &error);
    const char *first = written(arena, establishments), *second = companies ? written(arena, companies) : NULL;
    check_ok(sirene_read_establishments(gathering, first, &error), &error);
    if (second) check_ok(sirene_read_units(gathering, second, &error), &error);
    check_ok(sirene_store(gathering, &count, &error), &error);
    unlink(first);
    if (second) unlink(second);
    arena_free(&arena);
    return count;
}

static const struct organisation *organisation_of(struct world *world, const char *siren)
{
    struct record_context context = world_program(world);
    struct error error = {0};
    void *record = NULL;
    int64_t id = 0;
    if (record_resolve(&context, &organisation_kind, siren, &id, &error)) return NULL;
    return record_load(&context, &organisation_kind, id, &record, &error) ? NULL : record;
}

static int64_t day(const char *text)
{
    int64_t value = ABSENT;
    assert_true(day_parse(text, &value));
    return value;
}

static void test_the_filter_takes_what_it_says(void **state)
{
    (void)state;
    struct world world = world_begin();
    const struct sirene_count count = import(&world, places, units, "naf=C,place=R32,active,employer");
    assert_int_equal(count.lines, 6);
    assert_int_equal(count.kept, 3);
    assert_int_equal(count.companies, 3);
    assert_int_equal(count.added, 2);
    assert_int_equal(count.unnamed, 1);
    const struct organisation *works = organisation_of(&world, "300000015");
    assert_string_equal(works->name.value, "MECANIQUE A");
    assert_string_equal(works->siret.value, "30000001500023");
    assert_string_equal(works->place.commune, "59350");
    assert_string_equal(works->sector.value, "25.62B");
    assert_string_equal(works->naf_2025.value, "25.53Y");
    assert_string_equal(works->size.value, "small");
    assert_string_equal(works->type.value, "company");
    assert_string_equal(works->head.state, "open");
    assert_int_equal(works->closed.day, ABSENT);
    assert_int_equal(works->treated.day, day("2025-10-02"));
    assert_string_equal(organisation_of(&world, "300000031")->name.value, "AU \"SOUDEUR\"");
    assert_null(organisation_of(&world, "300000049"));
    assert_null(organisation_of(&world, "300000056"));
    assert_null(organisation_of(&world, "300000023"));
    world_end(&world);
}

static void test_again_changes_nothing(void **state)
{
    (void)state;
    struct world world = world_begin();
    import(&world, places, units, "naf=C,place=R32,active,employer");
    const int64_t lines = database_integer(world.db, "SELECT COUNT(*) FROM record_history");
    const struct sirene_count again = import(&world, places, units, "naf=C,place=R32,active,employer");
    assert_int_equal(again.added + again.changed, 0);
    assert_int_equal(again.same, 2);
    const struct sirene_count wider = import(&world, places, units, "active");
    assert_int_equal(wider.added, 1);
    assert_int_equal(wider.changed, 0);
    assert_string_equal(organisation_of(&world, "300000015")->siret.value, "30000001500023");
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history"), lines + 1);
    world_end(&world);
}

/* No byte of a person's name, nor what Insee withholds, anywhere in the database. */
static void test_names_of_people_and_what_is_withheld_are_not_kept(void **state)
{
    (void)state;
    struct world world = world_begin();
    import(&world, places, units, "");
    static const char *const queries[] = {
        "SELECT COUNT(*) FROM organisation WHERE name LIKE '%[ND]%' OR name LIKE '%PRIVEE%' OR name LIKE '%JEANNE%'",
        "SELECT COUNT(*) FROM record_history WHERE changes LIKE '%[ND]%' OR changes LIKE '%PRIVEE%'"};
    for (size_t i = 0; i < 2; i++) assert_int_equal(database_integer(world.db, queries[i]), 0);
    assert_null(organisation_of(&world, "300000049"));
    world_end(&world);
}

static void test_people_keep_what_they_wrote(void **state)
{
    (void)state;
    struct world world = world_begin();
    const int64_t id = world_organisation(&world, "Mécanique d’Arras", "company", "62041");
    struct error error = {0};
    check_ok(database_run(world.db, "UPDATE organisation SET siren = '300000015' WHERE id = $1",
                          DB_BIND(db_integer(id)), &error),
             &error);
    const struct sirene_count count = import(&world, places, units, "place=R11,employer");
    assert_int_equal(count.added, 0);
    assert_int_equal(count.changed, 1);
    const struct organisation *kept = organisation_of(&world, "300000015");
    assert_int_equal(kept->head.id, id);
    assert_string_equal(kept->name.value, "Mécanique d’Arras");
    assert_string_equal(kept->place.commune, "62041");
    assert_string_equal(kept->siret.value, "30000001500015");
    assert_string_equal(kept->sector.value, "62.01Z");
    world_end(&world);
}

static void test_what_closes_is_marked_whatever_the_filter(void **state)
{
    (void)state;
    struct world world = world_begin();
    import(&world, places, units, "place=R32,active,employer");
    static const char later[] = PLACES
        "300000015,00015,30000001500015,O,2025-11-01T10:00:00,true,,93066,2001-01-01,A,,,62.01Z,NAFRev2,O,\n"
        "300000015,00023,30000001500023,O,2025-11-02T10:00:00,false,,59350,2025-10-31,F,,,25.62B,NAFRev2,N,\n"
        "300000031,00017,30000003100017,O,2025-11-01T10:00:00,true,,62041,2025-10-15,F,AU SOUDEUR,,25.62B,NAFRev2,N,\n";
    static const char ended[] = UNITS "300000015,O,,12,1999-01-01,A,,MECANIQUE A,,5710\n"
                                      "300000031,O,,NN,2025-10-16,C,,,,1000\n";
    const struct sirene_count count = import(&world, later, ended, "place=R32,active,employer");
    assert_int_equal(count.changed, 2);
    assert_int_equal(count.closed, 1);
    assert_int_equal(count.added, 0);
    /* Its works closed: the organisation is where the company still is. */
    const struct organisation *moved = organisation_of(&world, "300000015");
    assert_string_equal(moved->siret.value, "30000001500015");
    assert_string_equal(moved->place.commune, "93066");
    assert_string_equal(moved->head.state, "open");
    const struct organisation *closed = organisation_of(&world, "300000031");
    assert_string_equal(closed->head.state, "closed");
    assert_int_equal(closed->closed.day, day("2025-10-15"));
    /* An older file does not bring it back. */
    assert_int_equal(import(&world, places, units, "").changed, 0);
    assert_string_equal(organisation_of(&world, "300000031")->head.state, "closed");
    world_end(&world);
}

static void test_whoever_asks_not_to_be_shown_goes(void **state)
{
    (void)state;
    struct world world = world_begin();
    import(&world, places, units, "employer");
    static const char later[] = PLACES "300000031,00017,30000003100017,P,2025-11-01T10:00:00,true,[ND],62041,2010-01-"
                                       "01,A,[ND],[ND],25.62B,NAFRev2,O,\n";
    const struct sirene_count count = import(&world, later, UNITS "300000031,P,[ND],01,2010-01-01,A,[ND],,,1000\n", "");
    assert_int_equal(count.withheld, 1);
    assert_null(organisation_of(&world, "300000031"));
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history WHERE changes LIKE '%SOUDEUR%'"),
                     0);
    world_end(&world);
}

static void test_files_that_are_not_these_are_refused(void **state)
{
    (void)state;
    struct world world = world_begin();
    struct arena *arena = arena_new();
    struct error error = {0};
    struct sirene_filter *filter = NULL;
    struct sirene_gathering *gathering = NULL;
    static const char *const words[] = {"naf=ZZ", "place=00000", "closed", "active;employer", "naf"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(sirene_filter_read(arena, &world.records, words[i], &filter, &error), STATUS_INPUT);
    check_ok(sirene_filter_read(arena, &world.records, "", &filter, &error), &error);
    check_ok(sirene_begin(arena, &world.records, filter, &gathering, &error), &error);
    static const char *const files[] = {"a,b\n1,2\n", "", "siren,siret\n300000015,30000001500015\n"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = written(arena, files[i]);
        assert_int_equal(sirene_read_establishments(gathering, path, &error), STATUS_INPUT);
        unlink(path);
    }
    assert_int_equal(sirene_read_units(gathering, "/no/such/file", &error), STATUS_INPUT);
    arena_free(&arena);
    const struct sirene_count faulty = import(
        &world, PLACES "12,00015,1,O,2025-10-01T10:00:00,true,,59350,2001-01-01,A,,,25.62B,NAFRev2,O,\n", NULL, "");
    assert_int_equal(faulty.faulty, 1);
    world_end(&world);
}

/* ---- the API ---- */

static const char *address;

static void post(struct arena *arena, const char *body)
{
    struct client_answer answer;
    struct error error = {0};
    const struct client_call call = {.method = "POST",
                                     .url = arena_print(arena, "%s/set", address),
                                     .body = body,
                                     .body_length = strlen(body),
                                     .private = true};
    check_ok(client_send(arena, &call, &answer, &error), &error);
    assert_int_equal(answer.status, 200);
}

/* An establishment as the API gives it, its past period included. */
static const char *one(struct arena *arena, const char *siren, const char *nic, const char *treated, const char *state,
                       const char *name)
{
    return arena_print(arena,
                       "{\"siren\": \"%s\", \"nic\": \"%s\", \"siret\": \"%s%s\", \"statutDiffusionEtablissement\": "
                       "\"O\", \"dateDernierTraitementEtablissement\": \"%s\", \"etablissementSiege\": true, "
                       "\"uniteLegale\": {\"etatAdministratifUniteLegale\": \"%s\", \"statutDiffusionUniteLegale\": "
                       "\"O\", \"denominationUniteLegale\": \"%s\", \"categorieJuridiqueUniteLegale\": \"5710\", "
                       "\"trancheEffectifsUniteLegale\": \"01\"}, \"adresseEtablissement\": "
                       "{\"codeCommuneEtablissement\": \"59350\", \"libelleVoieEtablissement\": \"[ND]\"}, "
                       "\"periodesEtablissement\": [{\"dateFin\": \"2020-01-01\", \"dateDebut\": \"2001-01-01\", "
                       "\"etatAdministratifEtablissement\": \"F\", \"activitePrincipaleEtablissement\": \"62.01Z\"}, "
                       "{\"dateFin\": null, \"dateDebut\": \"2025-11-20\", \"etatAdministratifEtablissement\": "
                       "\"%s\", \"activitePrincipaleEtablissement\": \"25.62B\", "
                       "\"caractereEmployeurEtablissement\": \"O\", \"enseigne1Etablissement\": null}]}",
                       siren, nic, siren, nic, treated, strcmp(state, "A") == 0 ? "A" : "C", name, state);
}

static void set(struct arena *arena, const char *establishments, const char *more)
{
    post(arena, arena_print(arena, "{\"establishments\": [%s]%s}", establishments, more));
}

/* Runs the night's job once; whether it is done. */
static bool run_night(struct world *world, const char *key, int64_t wait_ms)
{
    struct application application = {
        .records = world->records,
        .sirene = {.address = address, .key = key, .filter = "naf=C,active", .private = true, .wait_ms = wait_ms}};
    const struct job_options options = {.db = world->db, .application = &application, .backoff_ms = 1};
    struct error error = {0};
    int64_t id = 0;
    bool ran = false;
    check_ok(job_start(world->db,
                       &(struct job_request){.type = "sirene_increment", .viewer = viewer_program(), .unique = "night"},
                       &id, &error),
             &error);
    check_ok(job_run_next(&options, &ran, &error), &error);
    assert_true(ran);
    const bool done = database_integer(world->db, "SELECT COUNT(*) FROM job WHERE state <> 'done'") == 0;
    check_ok(database_run(world->db, "DELETE FROM job", NULL, 0, &error), &error);
    return done;
}

static struct world begin_with_service(void)
{
    struct world world = world_begin();
    job_declare(product_jobs);
    address = beside_start(world.arena, "tests/sirene/stand-in.py");
    return world;
}

static const char *moment(struct arena *arena, int64_t days, const char *hour)
{
    char text[16];
    day_format(time_today() + days, text);
    return arena_print(arena, "%sT%s", text, hour);
}

static void test_changes_are_fetched_page_after_page(void **state)
{
    (void)state;
    struct world world = begin_with_service();
    struct arena *arena = world.arena;
    const char *list = "";
    static const char *const sirens[] = {"300000015", "300000023", "300000031", "300000049",
                                         "300000056", "300000064", "300000072"};
    for (size_t i = 0; i < 7; i++)
        list = arena_print(arena, "%s%s%s", list, i ? ", " : "",
                           one(arena, sirens[i], "00015", moment(arena, -1, arena_print(arena, "10:00:0%zu.123", i)),
                               "A", arena_print(arena, "SOCIETE %zu", i)));
    set(arena, list, "");
    assert_true(run_night(&world, "right", 0));
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation WHERE siren IS NOT NULL"), 7);
    const struct organisation *last = organisation_of(&world, "300000072");
    assert_string_equal(last->name.value, "SOCIETE 6");
    assert_string_equal(last->sector.value, "25.62B");
    assert_string_equal(last->size.value, "micro");
    /* The next night asks from the last moment on: one line, which changes nothing. */
    const int64_t before = database_integer(world.db, "SELECT COUNT(*) FROM record_history");
    set(arena, list, ", \"busy_at\": 0");
    assert_true(run_night(&world, "right", 0));
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM record_history"), before);
    /* One closes. */
    set(arena, one(arena, sirens[2], "00015", moment(arena, 0, "06:00:00"), "F", "SOCIETE 2"), ", \"busy_at\": 0");
    assert_true(run_night(&world, "right", 0));
    assert_string_equal(organisation_of(&world, sirens[2])->head.state, "closed");
    assert_int_equal(organisation_of(&world, sirens[2])->closed.day, day("2025-11-20"));
    beside_stop();
    world_end(&world);
}

static void test_what_the_service_refuses(void **state)
{
    (void)state;
    struct world world = begin_with_service();
    struct arena *arena = world.arena;
    set(arena, "", "");
    assert_true(run_night(&world, NULL, 0)); /* no key: nothing is asked */
    assert_false(run_night(&world, "wrong", 0));
    assert_true(run_night(&world, "right", 0)); /* 404: nothing changed */
    set(arena, one(arena, "300000015", "00015", moment(arena, -1, "10:00:00"), "A", "SOCIETE"),
        ", \"busy_at\": 1, \"retry_after\": \"3600\"");
    assert_false(run_night(&world, "right", 0)); /* an hour is too long: the job comes back */
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation"), 0);
    assert_true(run_night(&world, "right", 0));
    assert_int_equal(database_integer(world.db, "SELECT COUNT(*) FROM organisation"), 1);
    beside_stop();
    world_end(&world);
}

/* Of a company that is here, a line about another establishment changes nothing; a new head office follows the closing of ours. */
static void test_another_establishment_is_not_ours(void **state)
{
    (void)state;
    struct world world = begin_with_service();
    struct arena *arena = world.arena;
    set(arena, one(arena, "300000015", "00015", moment(arena, -2, "10:00:00"), "A", "SOCIETE"), ", \"busy_at\": 0");
    assert_true(run_night(&world, "right", 0));
    set(arena, one(arena, "300000015", "00023", moment(arena, -1, "10:00:00"), "A", "SOCIETE"), ", \"busy_at\": 0");
    assert_true(run_night(&world, "right", 0));
    assert_string_equal(organisation_of(&world, "300000015")->siret.value, "30000001500015");
    beside_stop();
    world_end(&world);
}

#define WITH_SERVICE(test) cmocka_unit_test_setup_teardown(test, NULL, beside_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_filter_takes_what_it_says),
        cmocka_unit_test(test_again_changes_nothing),
        cmocka_unit_test(test_names_of_people_and_what_is_withheld_are_not_kept),
        cmocka_unit_test(test_people_keep_what_they_wrote),
        cmocka_unit_test(test_what_closes_is_marked_whatever_the_filter),
        cmocka_unit_test(test_whoever_asks_not_to_be_shown_goes),
        cmocka_unit_test(test_files_that_are_not_these_are_refused),
        WITH_SERVICE(test_changes_are_fetched_page_after_page),
        WITH_SERVICE(test_what_the_service_refuses),
        WITH_SERVICE(test_another_establishment_is_not_ours),
    };
    return database_run_group(tests);
}
