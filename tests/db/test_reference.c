/* The reference data that set-up writes: complete, coherent, found quickly. Needs build/reference (tools/setup run). */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/vocabulary/list.h"
#include "platform/vocabulary/vocabulary.h"
#include "tests/db/database.h"

static const char *const files[] = {"territory",         "naf",       "size", "size_lme", "csf", "trl",
                                    "organisation_type", "need_type", "skill"};

static struct db *db;
static struct vocabulary *vocabulary;

static int begin(void **state)
{
    (void)state;
    size_t count = 0;
    struct error error = {0};
    if (access("build/reference/territory.csv", R_OK) != 0) return 0;
    db = database_begin(NULL);
    const struct migration *migrations = schema_migrations(&count);
    check_ok(db_migrate(db, migrations, count, NULL, &error), &error);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct arena *arena = arena_new();
        struct list list;
        check_ok(list_read(arena, arena_print(arena, "build/reference/%s.csv", files[i]), &list, &error), &error);
        check_ok(list_store(db, &list, NULL, NULL, &error), &error);
        arena_free(&arena);
    }
    check_ok(vocabulary_load(db, &vocabulary, &error), &error);
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (!db) return 0;
    vocabulary_free(&vocabulary);
    database_end(&db);
    return 0;
}

static size_t count_level(const char *scheme, const char *level)
{
    struct arena *arena = arena_new();
    const struct vocabulary_code **codes = NULL;
    const size_t count = vocabulary_list(vocabulary, arena, scheme, level, NULL, &codes);
    arena_free(&arena);
    return count;
}

static void test_counts_are_the_official_ones(void **state)
{
    (void)state;
    if (!db) skip();
    assert_int_equal(count_level("territory", "region"), 18);
    assert_int_equal(count_level("territory", "departement"), 101);
    assert_int_equal(count_level("territory", "collectivite"), 8);
    assert_in_range(count_level("territory", "commune"), 34800, 35100);
    assert_in_range(count_level("territory", "epci"), 1240, 1270);
    assert_int_equal(count_level("territory", "arrondissement_municipal"), 45);
    assert_int_equal(count_level("naf", "section"), 21);
    assert_int_equal(count_level("naf", "division"), 88);
    assert_int_equal(count_level("naf", "group"), 272);
    assert_int_equal(count_level("naf", "class"), 615);
    assert_int_equal(count_level("naf", "subclass"), 732);
    assert_int_equal(count_level("size", NULL), 4);
    assert_int_equal(count_level("size_lme", NULL), 4);
    assert_int_equal(count_level("csf", NULL), 20);
    assert_int_equal(count_level("trl", NULL), 9);
    assert_in_range(count_level("skill", "skill"), 240, 400);
}

static int64_t population(const char *level)
{
    struct arena *arena = arena_new();
    const struct vocabulary_code **codes = NULL;
    const size_t count = vocabulary_list(vocabulary, arena, "territory", level, NULL, &codes);
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += codes[i]->population == INT64_MIN ? 0 : codes[i]->population;
    arena_free(&arena);
    return sum;
}

static void test_populations_add_up(void **state)
{
    (void)state;
    if (!db) skip();
    assert_in_range(population("region"), 67000000, 70000000);
    assert_int_equal(population("region"), population("departement"));
    assert_int_equal(population("region") + population("collectivite"), population("commune"));
}

/* Each code of the current editions: its ancestors end, each is of the same list, communes reach their département. */
static void test_each_code_has_its_place(void **state)
{
    (void)state;
    if (!db) skip();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct arena *arena = arena_new();
        const struct vocabulary_code **codes = NULL, *above[16];
        const size_t count = vocabulary_list(vocabulary, arena, files[i], NULL, NULL, &codes);
        for (size_t j = 0; j < count; j++) {
            const size_t steps = vocabulary_ancestors(vocabulary, files[i], codes[j]->code, above, 16);
            assert_in_range(steps, codes[j]->depth + 1, 6);
            if (codes[j]->parent)
                assert_int_equal(vocabulary_find(vocabulary, files[i], codes[j]->parent)->depth, codes[j]->depth - 1);
            if (strcmp(codes[j]->level, "commune") == 0) assert_non_null(codes[j]->parent);
            if (strcmp(codes[j]->level, "subclass") == 0) assert_int_equal(codes[j]->depth, 4);
        }
        arena_free(&arena);
    }
}

static void test_communes_lie_where_they_should(void **state)
{
    (void)state;
    if (!db) skip();
    struct arena *arena = arena_new();
    const struct vocabulary_code **codes = NULL;
    const size_t count = vocabulary_list(vocabulary, arena, "territory", "commune", NULL, &codes);
    size_t exact = 0, nowhere = 0;
    for (size_t i = 0; i < count; i++) {
        exact += codes[i]->latitude != INT64_MIN && !codes[i]->approximate;
        nowhere += codes[i]->latitude == INT64_MIN;
        if (codes[i]->latitude == INT64_MIN || codes[i]->code[0] == '9') continue;
        assert_in_range(codes[i]->latitude, 41000000, 51200000); /* the mainland */
        assert_true(codes[i]->longitude > -5500000 && codes[i]->longitude < 9700000);
    }
    assert_in_range(exact, 8500, 35100);
    assert_in_range(nowhere, 0, 10); /* the Southern Lands and Clipperton */
    const struct vocabulary_code *paris = vocabulary_find(vocabulary, "territory", "75056");
    assert_in_range(paris->latitude, 48800000, 48900000);
    assert_false(paris->approximate);
    assert_true(vocabulary_find(vocabulary, "territory", "97411")->latitude < -20000000);
    arena_free(&arena);
}

static void check_first(const char *scheme, const char *level, const char *query, const char *code)
{
    struct arena *arena = arena_new();
    const struct vocabulary_code *found[5];
    const size_t count = vocabulary_search(vocabulary, arena, LANGUAGE_FRENCH, scheme, level, query, found, 5);
    if (!count || strcmp(found[0]->code, code) != 0)
        fail_msg("%s gives %s, not %s", query, count ? found[0]->code : "nothing", code);
    arena_free(&arena);
}

static void test_pickers_find_what_people_type(void **state)
{
    (void)state;
    if (!db) skip();
    check_first("territory", "commune", "lyon", "69123");
    check_first("territory", "commune", "saint etienne", "42218");
    check_first("territory", "commune", "St-Étienne du Rouvray", "76575");
    check_first("territory", "commune", "l'hay", "94038");
    check_first("territory", "departement", "nord", "59");
    check_first("territory", "region", "bretagne", "R53");
    check_first("territory", "epci", "metropole lyon", "200046977");
    check_first("naf", NULL, "10.11Z", "10.11Z");
    check_first("naf", "class", "laiteries", "10.51");
    check_first("naf", "subclass", "fromages", "10.51C");
    check_first("naf", "section", "manufacturing", "C");
    check_first("skill", NULL, "soudage tig", "welding.tig_welding");
}

static void check_suggested(const char *scheme, const char *text, const char *code)
{
    struct arena *arena = arena_new();
    const struct vocabulary_code *found[5];
    const size_t count = vocabulary_suggest(vocabulary, arena, scheme, text, found, 5);
    const char *codes = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(found[i]->code, code) == 0) codes = NULL;
        if (codes) codes = arena_print(arena, "%s %s", codes, found[i]->code);
        if (!codes) break;
    }
    if (codes) fail_msg("“%s” gives%s, not %s", text, codes, code);
    arena_free(&arena);
}

static void test_needs_suggest_their_codes(void **state)
{
    (void)state;
    if (!db) skip();
    check_suggested("skill", "Nous cherchons deux soudeurs TIG pour notre atelier de tuyauterie inox",
                    "welding.tig_welding");
    check_suggested("skill", "Nous cherchons deux soudeurs TIG pour notre atelier de tuyauterie inox",
                    "forming.industrial_pipework");
    check_suggested("skill", "Un fraiseur sur commande numérique, en CDI", "machining.cnc_milling");
    check_suggested("skill", "we need a PLC programmer for a packaging line", "automation.plc_programming");
    check_suggested("skill", "Besoin d'aide pour la cybersécurité de nos machines", "digital.industrial_cybersecurity");
    check_suggested("skill", "récupérer la chaleur fatale de nos fours", "environment.heat_recovery");
    check_suggested("need_type", "Recruter trois techniciens de maintenance en CDI", "people.recruitment");
    check_suggested("need_type", "Nous cherchons un fournisseur de pièces forgées", "partner.supplier");
    check_suggested("need_type", "trouver un bâtiment industriel de 2000 m²", "premises.site");
    check_suggested("csf", "fabricant de dispositifs médicaux", "sante");
}

/* Limits are wide: the sanitizers and a busy machine. */
static void test_searches_are_quick(void **state)
{
    (void)state;
    if (!db) skip();
    static const char *const queries[] = {"s", "sa", "saint", "saint m", "la", "lille", "d", "villeneuve"};
    struct arena *arena = arena_new();
    const struct vocabulary_code *found[10];
    vocabulary_search(vocabulary, arena, LANGUAGE_FRENCH, "territory", NULL, "x", found, 10);
    const int64_t start = time_ticks();
    for (int round = 0; round < 10; round++)
        for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
            assert_true(vocabulary_search(vocabulary, arena, LANGUAGE_FRENCH, "territory", "commune", queries[i], found,
                                          10) > 0);
    const int64_t spent = time_ticks() - start;
    printf("# %.3f ms a search\n", (double)spent / (10.0 * sizeof queries / sizeof *queries));
    assert_in_range(spent, 0, 4000);
    arena_free(&arena);
}

/* With La Poste's file, which the project does not hold: MAILLAGE_HEXASMAL says where it is. */
static void test_the_postal_file_places_nearly_all(void **state)
{
    (void)state;
    const char *path = getenv("MAILLAGE_HEXASMAL");
    if (!db || !path) skip();
    size_t placed = 0, left = 0;
    struct error error = {0};
    check_ok(list_place_communes(db, vocabulary, path, &placed, &left, &error), &error);
    assert_in_range(placed, 34000, 40000);
    assert_in_range(
        database_integer(
            db, "SELECT COUNT(*) FROM vocabulary_code WHERE level = 'commune' AND retired = 0 AND approximate = 1"),
        0, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_counts_are_the_official_ones, begin),
        cmocka_unit_test(test_populations_add_up),
        cmocka_unit_test(test_each_code_has_its_place),
        cmocka_unit_test(test_communes_lie_where_they_should),
        cmocka_unit_test(test_pickers_find_what_people_type),
        cmocka_unit_test(test_needs_suggest_their_codes),
        cmocka_unit_test(test_searches_are_quick),
        cmocka_unit_test_teardown(test_the_postal_file_places_nearly_all, end),
    };
    return database_run_group(tests);
}
