/* Code lists: read, refused, stored, found, searched, suggested; on both engines. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/vocabulary/list.h"
#include "platform/vocabulary/vocabulary.h"
#include "tests/db/database.h"

#define HEAD \
    "# scheme: place\n# version: 2020\n# from: 2020-01-01\n# title_fr: Lieux\n# title_en: Places\n# source: test\n# " \
    "licence: none\n"

static const char places[] =
    HEAD "code,level,parent,other_parent,label_fr,label_en,population,latitude,longitude,approximate,retired,replaced_"
         "by,synonyms_fr,note_fr,note_en\n"
         "33063,commune,33,243300316,Bordeaux,,261804,44.84044,-0.5805,,,,,,\n" /* before its parents, on purpose */
         "R75,region,,,Nouvelle-Aquitaine,New Aquitaine,,,,,,,,,\n"
         "33,departement,R75,,Gironde,,1600000,44.8,-0.5,1,,,,,\n"
         "243300316,epci,,,Bordeaux Métropole,,800000,,,,,,,,\n"
         "33318,commune,33,243300316,Pessac,,66000,,,,,,\"ville du vin|château, vignoble\",Une ville.,A town.\n"
         "33999,commune,33,,Vieux-Bourg,,,,,,1,33318,,,\n";

static struct vocabulary *load(struct db *db)
{
    struct vocabulary *vocabulary = NULL;
    struct error error = {0};
    check_ok(vocabulary_load(db, &vocabulary, &error), &error);
    return vocabulary;
}

static bool store(struct db *db, const char *text)
{
    struct arena *arena = arena_new();
    struct list list;
    struct error error = {0};
    bool changed = false;
    check_ok(list_read_bytes(arena, "test", text, strlen(text), &list, &error), &error);
    check_ok(list_store(db, &list, NULL, &changed, &error), &error);
    arena_free(&arena);
    return changed;
}

static struct db *begin(void)
{
    size_t count = 0;
    struct error error = {0};
    struct db *db = database_begin(NULL);
    const struct migration *migrations = schema_migrations(&count);
    check_ok(db_migrate(db, migrations, count, NULL, &error), &error);
    return db;
}

static void test_codes_are_found_with_their_ancestors(void **state)
{
    (void)state;
    struct db *db = begin();
    assert_true(store(db, places));
    struct vocabulary *vocabulary = load(db);
    const struct vocabulary_code *code = vocabulary_find(vocabulary, "place", "33063");
    assert_non_null(code);
    assert_string_equal(code->label_fr, "Bordeaux");
    assert_string_equal(code->parent, "33");
    assert_string_equal(code->level, "commune");
    assert_int_equal(code->depth, 2);
    assert_int_equal(code->population, 261804);
    assert_int_equal(code->latitude, 44840440);
    assert_int_equal(code->longitude, -580500);
    assert_false(code->approximate);
    assert_true(vocabulary_find(vocabulary, "place", "33")->approximate);
    assert_string_equal(vocabulary_label(vocabulary, LANGUAGE_ENGLISH, "place", "R75"), "New Aquitaine");
    assert_string_equal(vocabulary_label(vocabulary, LANGUAGE_ENGLISH, "place", "33063"), "Bordeaux");
    assert_string_equal(vocabulary_label(vocabulary, LANGUAGE_FRENCH, "place", "nowhere"), "nowhere");
    assert_null(vocabulary_find(vocabulary, "naf", "33063"));
    const struct vocabulary_code *above[8];
    assert_int_equal(vocabulary_ancestors(vocabulary, "place", "33063", above, 8), 4);
    assert_string_equal(above[0]->code, "33063");
    assert_string_equal(above[1]->code, "243300316");
    assert_string_equal(above[2]->code, "33");
    assert_string_equal(above[3]->code, "R75");
    assert_int_equal(vocabulary_ancestors(vocabulary, "place", "33063", above, 2), 2);
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void test_lists_by_level_and_parent(void **state)
{
    (void)state;
    struct db *db = begin();
    store(db, places);
    struct vocabulary *vocabulary = load(db);
    struct arena *arena = arena_new();
    const struct vocabulary_code **codes = NULL;
    assert_int_equal(vocabulary_list(vocabulary, arena, "place", "commune", NULL, &codes),
                     2); /* the retired one is left out */
    assert_int_equal(vocabulary_list(vocabulary, arena, "place", NULL, NULL, &codes), 5);
    assert_int_equal(vocabulary_list(vocabulary, arena, "place", "commune", "33", &codes), 2);
    assert_int_equal(vocabulary_list(vocabulary, arena, "place", NULL, "243300316", &codes), 2);
    assert_string_equal(codes[1]->code, "33318");
    assert_int_equal(vocabulary_list(vocabulary, arena, "place", NULL, "unknown", &codes), 0);
    assert_string_equal(vocabulary_note(vocabulary, LANGUAGE_FRENCH, "place", "33318"), "Une ville.");
    assert_string_equal(vocabulary_note(vocabulary, LANGUAGE_ENGLISH, "place", "33318"), "A town.");
    assert_null(vocabulary_note(vocabulary, LANGUAGE_FRENCH, "place", "33"));
    const struct vocabulary_code *former = vocabulary_find(vocabulary, "place", "33999");
    assert_true(former->retired);
    assert_string_equal(former->replaced_by, "33318");
    arena_free(&arena);
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void check_search(const struct vocabulary *vocabulary, const char *level, const char *query,
                         const char *expected)
{
    struct arena *arena = arena_new();
    const struct vocabulary_code *found[4];
    const size_t count = vocabulary_search(vocabulary, arena, LANGUAGE_FRENCH, "place", level, query, found, 4);
    const char *codes = "";
    for (size_t i = 0; i < count; i++) codes = arena_print(arena, "%s%s ", codes, found[i]->code);
    assert_string_equal(codes, expected);
    arena_free(&arena);
}

static void test_search_by_beginnings(void **state)
{
    (void)state;
    struct db *db = begin();
    store(db, places);
    struct vocabulary *vocabulary = load(db);
    check_search(vocabulary, NULL, "Bordeaux",
                 "33063 243300316 "); /* what is so named first, whatever the population */
    check_search(vocabulary, NULL, "bord", "243300316 33063 ");
    check_search(vocabulary, NULL, "METROPOLE bordeaux", "243300316 ");
    check_search(vocabulary, "commune", "bord", "33063 ");
    check_search(vocabulary, NULL, "new aq", "R75 "); /* either language */
    check_search(vocabulary, NULL, "33", "33 33063 33318 ");
    check_search(vocabulary, NULL, "33318", "33318 ");
    check_search(vocabulary, NULL, "vieux", ""); /* retired */
    check_search(vocabulary, NULL, "", "");
    check_search(vocabulary, NULL, "bordeaux zz", "");
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void test_suggestions_from_a_text(void **state)
{
    (void)state;
    struct db *db = begin();
    store(db, places);
    struct vocabulary *vocabulary = load(db);
    struct arena *arena = arena_new();
    const struct vocabulary_code *found[4];
    const char *text = "Nous cherchons des châteaux et vignobles près d’une ville";
    assert_int_equal(vocabulary_suggest(vocabulary, arena, "place", text, found, 4), 1);
    assert_string_equal(found[0]->code, "33318");
    assert_int_equal(vocabulary_suggest(vocabulary, arena, "place", "rien de tel", found, 4), 0);
    assert_int_equal(vocabulary_suggest(vocabulary, arena, "nothing", text, found, 4), 0);
    arena_free(&arena);
    vocabulary_free(&vocabulary);
    database_end(&db);
}

#define LATER \
    "# scheme: place\n# version: 2021\n# from: 2021-01-01\n# title_fr: Lieux\n# title_en: Places\n# source: test\n# " \
    "licence: none\n"

static void test_codes_of_older_editions_stay_readable(void **state)
{
    (void)state;
    struct db *db = begin();
    store(db, HEAD "code,label_fr\na,Unchanged\nb,Renamed\nc,Gone\n");
    store(db, LATER "code,label_fr\na,Unchanged\nb,New name\nd,New\n");
    struct vocabulary *vocabulary = load(db);
    assert_string_equal(vocabulary_find(vocabulary, "place", "b")->label_fr, "New name");
    assert_string_equal(vocabulary_find(vocabulary, "place", "b")->version, "2021");
    assert_string_equal(vocabulary_find_version(vocabulary, "place", "2020", "b")->label_fr, "Renamed");
    assert_string_equal(vocabulary_find_version(vocabulary, "place", "2020", "a")->label_fr, "Unchanged");
    assert_string_equal(vocabulary_find_version(vocabulary, "place", "2021", "a")->label_fr, "Unchanged");
    assert_null(vocabulary_find_version(vocabulary, "place", "2020", "d"));
    assert_null(vocabulary_find_version(vocabulary, "place", "1999", "a"));
    assert_true(vocabulary_find(vocabulary, "place", "c")->retired);
    assert_false(vocabulary_find(vocabulary, "place", "a")->retired);
    struct arena *arena = arena_new();
    const struct vocabulary_code **codes = NULL;
    assert_int_equal(vocabulary_list(vocabulary, arena, "place", NULL, NULL, &codes), 3);
    const struct vocabulary_edition *editions = NULL;
    assert_int_equal(vocabulary_editions(vocabulary, &editions), 2);
    assert_true(editions[0].current && strcmp(editions[0].version, "2021") == 0 && !editions[1].current);
    arena_free(&arena);
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void test_an_edition_to_come_is_found_and_not_proposed(void **state)
{
    (void)state;
    struct db *db = begin();
    store(db, HEAD "code,label_fr\na,Present\n");
    store(db, "# scheme: place\n# version: 2200\n# from: 2200-01-01\n# title_fr: Lieux\n# title_en: Places\n# source: "
              "test\n# licence: none\n"
              "code,label_fr\na,Future\nz,To come\n");
    struct vocabulary *vocabulary = load(db);
    assert_string_equal(vocabulary_find(vocabulary, "place", "a")->label_fr, "Present");
    assert_string_equal(vocabulary_find(vocabulary, "place", "z")->label_fr, "To come");
    assert_false(vocabulary_find(vocabulary, "place", "z")->retired);
    check_search(vocabulary, NULL, "to come", "");
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void test_the_same_file_is_stored_once_and_a_new_one_replaces_it(void **state)
{
    (void)state;
    struct db *db = begin();
    assert_true(store(db, places));
    assert_false(store(db, places));
    assert_true(store(db, HEAD "code,label_fr,synonyms_fr\na,Alone,un|deux\n"));
    struct vocabulary *vocabulary = load(db);
    assert_null(vocabulary_find(vocabulary, "place", "33063"));
    assert_non_null(vocabulary_find(vocabulary, "place", "a"));
    vocabulary_free(&vocabulary);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM vocabulary_code"), 1);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM vocabulary_text"), 2);
    assert_int_equal(database_integer(db, "SELECT COUNT(*) FROM vocabulary_version"), 1);
    database_end(&db);
}

static void test_an_empty_database_has_an_empty_vocabulary(void **state)
{
    (void)state;
    struct db *db = begin();
    struct vocabulary *vocabulary = load(db);
    assert_null(vocabulary_find(vocabulary, "place", "a"));
    check_search(vocabulary, NULL, "a", "");
    vocabulary_free(&vocabulary);
    database_end(&db);
}

/* Writes the text to a file that is gone after the test; the arena's. */
static const char *write_file(struct arena *arena, const char *name, const char *text)
{
    char *directory = arena_copy(arena, "/tmp/maillage-vocabulary-XXXXXX");
    assert_non_null(mkdtemp(directory));
    const char *path = arena_print(arena, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void remove_file(struct arena *arena, const char *path)
{
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(arena_copy_bytes(arena, path, (size_t)(strrchr(path, '/') - path))), 0);
}

static enum status import(struct db *db, const char *scheme, const char *version, const char *name, const char *text,
                          struct error *error)
{
    struct arena *arena = arena_new();
    const char *path = write_file(arena, name, text);
    struct vocabulary *present = load(db);
    struct list list;
    const struct list_request request = {.scheme = scheme, .version = version, .from = INT64_MIN};
    enum status status = list_read_official(arena, present, path, &request, &list, error);
    if (status == STATUS_OK) status = list_store(db, &list, NULL, NULL, error);
    vocabulary_free(&present);
    remove_file(arena, path);
    arena_free(&arena);
    return status;
}

static const char territory[] = "# scheme: territory\n# version: 2020\n# from: 2020-01-01\n# title_fr: T\n# title_en: "
                                "T\n# source: test\n# licence: none\n"
                                "code,level,label_fr,parent,other_parent,population,latitude,longitude,approximate\n"
                                "R75,region,Nouvelle-Aquitaine,,,,,,\n33,departement,Gironde,R75,,,,,\n975,"
                                "collectivite,Saint-Pierre-et-Miquelon,,,,,,\n"
                                "243300316,epci,Bordeaux "
                                "Métropole,,,,,,\n33063,commune,Bordeaux,33,243300316,261804,44.84,-0.58,1\n33318,"
                                "commune,Pessac,33,243300316,66000,44.8,-0.6,1\n"
                                "97502,commune,Saint-Pierre,975,,5200,,,\n";

static void test_a_year_of_the_geographical_code(void **state)
{
    (void)state;
    struct db *db = begin();
    struct error error = {0};
    store(db, territory);
    check_ok(
        import(db, "territory", NULL, "v_commune_2021.csv",
               "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
               "COM,33063,75,33,33D,332,0,BORDEAUX,Bordeaux,Bordeaux-et-Pessac,3399,\n"
               "COMD,33063,,,,,0,BORDEAUX,Bordeaux,Bordeaux,,33063\nCOMD,33318,,,,,0,PESSAC,Pessac,Pessac,,33063\n",
               &error),
        &error);
    struct vocabulary *vocabulary = load(db);
    const struct vocabulary_code *merged = vocabulary_find(vocabulary, "territory", "33063");
    assert_string_equal(merged->label_fr, "Bordeaux-et-Pessac");
    assert_string_equal(merged->version, "2021");
    assert_int_equal(merged->population, 261804);
    assert_int_equal(merged->latitude, 44840000);
    const struct vocabulary_code *part = vocabulary_find(vocabulary, "territory", "33318"), *above[8];
    assert_true(part->retired);
    assert_string_equal(part->replaced_by, "33063");
    assert_int_equal(vocabulary_ancestors(vocabulary, "territory", "33318", above, 8), 4);
    assert_false(
        vocabulary_find(vocabulary, "territory", "97502")->retired); /* overseas communes stand in another file */
    vocabulary_free(&vocabulary);
    assert_int_equal(import(db, "territory", "2022", "other.csv", "a;b\n1;2\n", &error), STATUS_INPUT);
    database_end(&db);
}

static void test_a_zoning_links_communes_to_areas(void **state)
{
    (void)state;
    struct db *db = begin();
    struct error error = {0};
    store(db, territory);
    check_ok(import(db, "employment_area", NULL, "ZE2020_au_01-01-2021.csv",
                    "Zones d’emploi "
                    "2020;;;\nCODGEO;LIBGEO;ZE2020;LIBZE2020\n33063;Bordeaux;7505;Bordeaux\n33318;Pessac;7505;"
                    "Bordeaux\n99999;Nowhere;1;X\n",
                    &error),
             &error);
    struct vocabulary *vocabulary = load(db);
    const struct vocabulary_code *areas[4];
    assert_int_equal(vocabulary_links(vocabulary, "territory", "33318", "employment_area", areas, 4), 1);
    assert_string_equal(areas[0]->label_fr, "Bordeaux");
    assert_int_equal(vocabulary_links(vocabulary, "territory", "97502", "employment_area", areas, 4), 0);
    assert_null(vocabulary_find(vocabulary, "employment_area", "1")); /* no commune that is known */
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void test_a_new_naf_stands_beside_the_old(void **state)
{
    (void)state;
    struct db *db = begin();
    struct error error = {0};
    store(db, "# scheme: naf\n# version: 2008\n# from: 2008-01-01\n# title_fr: NAF\n# title_en: NAF\n# source: t\n# "
              "licence: n\n"
              "code,label_fr,parent\nC,Industrie,\n10,Alimentaire,C\n10.11Z,Viande,10\n");
    check_ok(import(db, "naf", "2200", "naf.csv",
                    "Code;Libellé\nSection C;Industrie nouvelle\n10;Alimentaire\n10.1;Viande\n10.11;Viande de "
                    "boucherie\n1011Y;Viandes\n;note\n",
                    &error),
             &error);
    struct vocabulary *vocabulary = load(db);
    assert_string_equal(vocabulary_find(vocabulary, "naf", "C")->label_fr, "Industrie");
    assert_string_equal(vocabulary_find(vocabulary, "naf", "10.11Z")->version, "2008");
    const struct vocabulary_code *new_code = vocabulary_find(vocabulary, "naf", "10.11Y");
    assert_string_equal(new_code->version, "2200");
    assert_string_equal(new_code->parent, "10.11");
    assert_string_equal(new_code->level, "subclass");
    assert_int_equal(new_code->depth, 4);
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void check_correspondence(const struct vocabulary *vocabulary, const char *code, const char *expected)
{
    struct arena *arena = arena_new();
    const struct vocabulary_code *found[8];
    const char *codes = "";
    const size_t count = vocabulary_links(vocabulary, "naf", code, "naf_correspondence", found, 8);
    for (size_t i = 0; i < count; i++) codes = arena_print(arena, "%s%s ", codes, found[i]->code);
    assert_string_equal(codes, expected);
    arena_free(&arena);
}

static void test_codes_of_two_editions_correspond(void **state)
{
    (void)state;
    struct db *db = begin();
    struct error error = {0};
    store(db, "# scheme: naf\n# version: 2008\n# from: 2008-01-01\n# title_fr: NAF\n# title_en: NAF\n# source: t\n# "
              "licence: n\ncode,label_fr\n10.11Z,Viande\n10.12Z,Volaille\n62.01Z,Programmation\n");
    check_ok(import(db, "naf", "2200", "naf.csv", "Code;Libellé\n10.11Y;Viandes\n62.10G;Jeux\n62.10H;Autres\n", &error),
             &error);
    check_ok(import(db, "naf_correspondence", "2025", "table.csv",
                    "N°;\"NAFold-code\n(code niveau sous-classe)\";\"NAFold-intitulé\n(niveau)\";\"NAFnew-code\n(code "
                    "niveau)\";\"NAFnew-intitulé\n(niveau)\"\n"
                    "1;1011Z;Viande;10.11Y;Viandes\n2;1012Z;Volaille;10.11Y;Viandes\n3;1012Z;Volaille;10.11Y;Viandes\n"
                    "4;62.01Z;Programmation;62.10G;Jeux\n5;62.01Z;Programmation;62.10H;Autres\n;;;;note\n",
                    &error),
             &error);
    struct vocabulary *vocabulary = load(db);
    check_correspondence(vocabulary, "10.11Z", "10.11Y ");
    check_correspondence(vocabulary, "10.11Y", "10.11Z 10.12Z ");
    check_correspondence(vocabulary, "62.01Z", "62.10G 62.10H ");
    check_correspondence(vocabulary, "62.10H", "62.01Z ");
    vocabulary_free(&vocabulary);
    database_end(&db);
}

static void test_communes_are_placed_by_the_postal_file(void **state)
{
    (void)state;
    struct db *db = begin();
    struct error error = {0};
    store(db, territory);
    struct arena *arena = arena_new();
    const char *path =
        write_file(arena, "hexasmal.csv",
                   "Code_commune_INSEE;Nom_commune;Code_postal;Libelle_acheminement;Ligne_5;coordonnees_gps\n"
                   "33063;BORDEAUX;33000;BORDEAUX;;44.85, -0.57\n33063;BORDEAUX;33100;BORDEAUX;;44.87, "
                   "-0.59\n33318;PESSAC;33600;PESSAC;;\n");
    struct vocabulary *vocabulary = load(db);
    size_t placed = 0, left = 0;
    check_ok(list_place_communes(db, vocabulary, path, &placed, &left, &error), &error);
    assert_int_equal(placed, 1);
    assert_int_equal(left, 2); /* Pessac, and Saint-Pierre, which has none */
    vocabulary_free(&vocabulary);
    vocabulary = load(db);
    assert_int_equal(vocabulary_find(vocabulary, "territory", "33063")->latitude, 44860000);
    assert_int_equal(vocabulary_find(vocabulary, "territory", "33063")->longitude, -580000);
    assert_false(vocabulary_find(vocabulary, "territory", "33063")->approximate);
    assert_true(vocabulary_find(vocabulary, "territory", "33318")->approximate);
    /* The next edition knows centres only. */
    struct list next;
    char *later = arena_copy(arena, territory);
    memcpy(strstr(later, "# version: 2020"), "# version: 2021", 15);
    memcpy(strstr(later, "# from: 2020"), "# from: 2021", 12);
    check_ok(list_read_bytes(arena, "later", later, strlen(later), &next, &error), &error);
    list_keep_places(vocabulary, &next);
    check_ok(list_store(db, &next, NULL, NULL, &error), &error);
    vocabulary_free(&vocabulary);
    vocabulary = load(db);
    assert_string_equal(vocabulary_find(vocabulary, "territory", "33063")->version, "2021");
    assert_int_equal(vocabulary_find(vocabulary, "territory", "33063")->latitude, 44860000);
    assert_false(vocabulary_find(vocabulary, "territory", "33063")->approximate);
    assert_true(vocabulary_find(vocabulary, "territory", "33318")->approximate);
    vocabulary_free(&vocabulary);
    remove_file(arena, path);
    arena_free(&arena);
    database_end(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_found_with_their_ancestors),
        cmocka_unit_test(test_lists_by_level_and_parent),
        cmocka_unit_test(test_search_by_beginnings),
        cmocka_unit_test(test_suggestions_from_a_text),
        cmocka_unit_test(test_codes_of_older_editions_stay_readable),
        cmocka_unit_test(test_an_edition_to_come_is_found_and_not_proposed),
        cmocka_unit_test(test_the_same_file_is_stored_once_and_a_new_one_replaces_it),
        cmocka_unit_test(test_an_empty_database_has_an_empty_vocabulary),
        cmocka_unit_test(test_a_year_of_the_geographical_code),
        cmocka_unit_test(test_a_zoning_links_communes_to_areas),
        cmocka_unit_test(test_a_new_naf_stands_beside_the_old),
        cmocka_unit_test(test_codes_of_two_editions_correspond),
        cmocka_unit_test(test_communes_are_placed_by_the_postal_file),
    };
    return database_run_group(tests);
}
