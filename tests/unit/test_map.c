#include "tests/check.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/map_private.h"

/* Written by set-up. */
#define OUTLINES "build/reference/france-outlines.csv"
#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct arena *arena;
static struct html html;

static int set_up(void **state)
{
    struct error error = {0};
    (void)state;
    arena = arena_new();
    html = html_new(arena, LANGUAGE_FRENCH, NULL, 1 << 22);
    if (map_load(OUTLINES, &error)) fail_msg("%s: %s", OUTLINES, error.message);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* ---- where places fall ---- */

struct corner {
    double x, y;
};
struct shape {
    struct corner corners[3000];
    size_t count, starts[40], rings;
};

/* "M x y l dx dy ... z", again and again. */
static const struct shape *shape_of(const char *path)
{
    struct shape *shape = ARENA_NEW(arena, struct shape);
    double x = 0, y = 0;
    for (char *at = arena_copy(arena, path); *at;) {
        const bool absolute = *at == 'M';
        if (absolute) shape->starts[shape->rings++] = shape->count;
        if (strchr("MLlz", *at)) at++;
        for (char *end = at;; at = end) {
            const double dx = strtod(at, &end);
            if (end == at) break;
            const double dy = strtod(end, &end);
            x = absolute ? dx : x + dx;
            y = absolute ? dy : y + dy;
            assert_true(shape->count < COUNT(shape->corners));
            shape->corners[shape->count++] = (struct corner){x, y};
        }
        while (*at == ' ') at++;
    }
    return shape;
}

static bool holds(const struct shape *shape, double x, double y)
{
    bool inside = false;
    for (size_t ring = 0; ring < shape->rings; ring++) {
        const size_t end = ring + 1 < shape->rings ? shape->starts[ring + 1] : shape->count;
        for (size_t i = shape->starts[ring], j = end - 1; i < end; j = i++) {
            const struct corner *a = &shape->corners[i], *b = &shape->corners[j];
            if ((a->y > y) != (b->y > y) && x < (b->x - a->x) * (y - a->y) / (b->y - a->y) + a->x) inside = !inside;
        }
    }
    return inside;
}

static double to_segment(const struct corner *a, const struct corner *b, double x, double y)
{
    const double dx = b->x - a->x, dy = b->y - a->y, length = dx * dx + dy * dy;
    const double along = length > 0 ? fmin(1, fmax(0, ((x - a->x) * dx + (y - a->y) * dy) / length)) : 0;
    return hypot(a->x + along * dx - x, a->y + along * dy - y);
}

/* Kilometres to the outline. */
static double distance_to(const char *code, const struct shape *shape, double x, double y, double latitude)
{
    double nearest = INFINITY;
    for (size_t i = 1; i < shape->count; i++)
        nearest = fmin(nearest, to_segment(&shape->corners[i - 1], &shape->corners[i], x, y));
    return nearest / map_outline(OUTLINE_FRAME, strlen(code) == 3 ? code : "")->kx * 111.32 *
           cos(latitude * M_PI / 180);
}

static const struct outline *departement(const char *code)
{
    const struct outline *outline = map_outline(OUTLINE_DEPARTEMENT, code);
    if (!outline) fail_msg("no outline of %s", code);
    return outline;
}

static const struct {
    const char *code;
    double latitude, longitude;
} prefectures[] = {
    {"01", 46.2056, 5.2256},    {"06", 43.7031, 7.2661},    {"09", 42.9653, 1.6067},   {"13", 43.2964, 5.3700},
    {"2A", 41.9267, 8.7369},    {"2B", 42.7008, 9.4503},    {"17", 46.1591, -1.1517},  {"21", 47.3220, 5.0415},
    {"22", 48.5136, -2.7653},   {"25", 47.2378, 6.0241},    {"29", 47.9975, -4.0979},  {"31", 43.6045, 1.4440},
    {"33", 44.8378, -0.5794},   {"34", 43.6119, 3.8772},    {"35", 48.1147, -1.6794},  {"38", 45.1869, 5.7264},
    {"44", 47.2181, -1.5528},   {"45", 47.9025, 1.9090},    {"48", 44.5181, 3.5006},   {"50", 49.1153, -1.0828},
    {"51", 48.9575, 4.3650},    {"54", 48.6936, 6.1846},    {"57", 49.1197, 6.1764},   {"59", 50.6311, 3.0468},
    {"62", 50.2910, 2.7772},    {"63", 45.7772, 3.0819},    {"64", 43.2951, -0.3708},  {"66", 42.6976, 2.8954},
    {"67", 48.5734, 7.7521},    {"68", 48.0790, 7.3585},    {"69", 45.7589, 4.8414},   {"73", 45.5646, 5.9178},
    {"74", 45.8992, 6.1289},    {"75", 48.8566, 2.3522},    {"76", 49.4404, 1.0939},   {"80", 49.8941, 2.2958},
    {"84", 43.9486, 4.8083},    {"86", 46.5802, 0.3404},    {"87", 45.8336, 1.2611},   {"90", 47.6379, 6.8628},
    {"92", 48.8924, 2.2066},    {"93", 48.9106, 2.4397},    {"94", 48.7904, 2.4556},   {"95", 49.0361, 2.0631},
    {"971", 15.9971, -61.7326}, {"972", 14.6037, -61.0742}, {"973", 4.9224, -52.3135}, {"974", -20.8789, 55.4481},
    {"976", -12.7806, 45.2279},
};

static void test_prefectures_fall_in_their_departements(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(prefectures); i++) {
        double x = 0, y = 0;
        assert_true(
            map_project(llround(prefectures[i].latitude * 1e6), llround(prefectures[i].longitude * 1e6), &x, &y));
        /* Ports may stand in the water of a simplified coast; those overseas are drawn more roughly. */
        const double most = strlen(prefectures[i].code) == 3 ? 4 : 1;
        const struct shape *own = shape_of(departement(prefectures[i].code)->path);
        if (!holds(own, x, y) && distance_to(prefectures[i].code, own, x, y, prefectures[i].latitude) > most)
            fail_msg("the prefecture of %s falls outside it", prefectures[i].code);
        if (!holds(own, x, y))
            print_message("# %s: in the water, %.1f km from the coast\n", prefectures[i].code,
                          distance_to(prefectures[i].code, own, x, y, prefectures[i].latitude));
        for (size_t j = 0; j < COUNT(prefectures); j++)
            if (i != j && holds(shape_of(departement(prefectures[j].code)->path), x, y))
                fail_msg("the prefecture of %s falls in %s", prefectures[i].code, prefectures[j].code);
    }
}

enum side { NORTH, SOUTH, EAST, WEST };

/* The outermost corner of the largest island of a département. */
static struct corner outermost(const char *code, enum side side)
{
    const struct shape *shape = shape_of(departement(code)->path);
    size_t longest = 0, from = 0, to = 0;
    for (size_t ring = 0; ring < shape->rings; ring++) {
        const size_t end = ring + 1 < shape->rings ? shape->starts[ring + 1] : shape->count;
        if (end - shape->starts[ring] > longest)
            longest = end - shape->starts[ring], from = shape->starts[ring], to = end;
    }
    struct corner best = shape->corners[from];
    for (size_t i = from; i < to; i++) {
        const struct corner corner = shape->corners[i];
        if (side == NORTH   ? corner.y < best.y
            : side == SOUTH ? corner.y > best.y
            : side == EAST  ? corner.x > best.x
                            : corner.x < best.x)
            best = corner;
    }
    return best;
}

static int compare(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/* Capes and borders of known degrees: how far the projection puts them from where they are drawn, across the side that they bound. */
static void test_known_places_fall_within_kilometres(void **state)
{
    (void)state;
    static const struct {
        const char *place, *code;
        enum side side;
        double latitude, longitude;
    } known[] = {
        {"Bray-Dunes", "59", NORTH, 51.0890, 2.5450},       {"Pointe de Corsen", "29", WEST, 48.4131, -4.7956},
        {"Lauterbourg", "67", EAST, 48.9665, 8.2306},       {"Puig de Coma Negra", "66", SOUTH, 42.3328, 2.5278},
        {"Cap Corse", "2B", NORTH, 43.0120, 9.4090},        {"Capo Pertusato", "2A", SOUTH, 41.3660, 9.1850},
        {"Cap de la Hague", "50", NORTH, 49.7275, -1.9440}, {"Hendaye", "64", WEST, 43.3600, -1.7908},
        {"Cap Cerbère", "66", EAST, 42.4400, 3.1760},       {"Pointe de Givet", "08", NORTH, 50.1680, 4.8300},
    };
    const double kilometres = 111.32; /* a degree of the equator */
    double errors[COUNT(known)];
    for (size_t i = 0; i < COUNT(known); i++) {
        double x = 0, y = 0;
        assert_true(map_project(llround(known[i].latitude * 1e6), llround(known[i].longitude * 1e6), &x, &y));
        const struct corner drawn = outermost(known[i].code, known[i].side);
        const double units = known[i].side == NORTH || known[i].side == SOUTH ? fabs(y - drawn.y) : fabs(x - drawn.x);
        errors[i] = units / map_outline(OUTLINE_FRAME, "")->kx * kilometres * cos(known[i].latitude * M_PI / 180);
        print_message("# %s: %.2f km\n", known[i].place, errors[i]);
    }
    qsort(errors, COUNT(errors), sizeof *errors, compare);
    assert_true(errors[COUNT(errors) / 2] < 2);
    assert_true(errors[COUNT(errors) - 1] < 6);
}

static void test_elsewhere_is_nowhere(void **state)
{
    (void)state;
    double x, y;
    assert_false(map_project(40712800, -74006000, &x, &y)); /* New York */
    assert_false(map_project(0, 0, &x, &y));
    assert_false(map_project(INT64_MIN, INT64_MIN, &x, &y));
}

static void test_outlines_are_whole(void **state)
{
    (void)state;
    size_t counts[OUTLINE_KINDS] = {0};
    for (size_t i = 0; i < map_outlines()->count; i++) counts[map_outlines()->rows[i].kind]++;
    assert_int_equal(counts[OUTLINE_DEPARTEMENT], 101);
    assert_int_equal(counts[OUTLINE_REGION], 18);
    assert_int_equal(counts[OUTLINE_ZOOM], 4);
    assert_int_equal(counts[OUTLINE_FRAME], 6);
    assert_non_null(map_outline(OUTLINE_REGION, "R84"));
    /* Each département's middle lies in its région's outline. */
    for (size_t i = 0; i < map_outlines()->count; i++) {
        const struct outline *outline = &map_outlines()->rows[i];
        if (outline->kind == OUTLINE_DEPARTEMENT && holds(shape_of(outline->path), outline->x, outline->y))
            assert_true(holds(shape_of(map_outline(OUTLINE_REGION, outline->region)->path), outline->x, outline->y));
    }
}

static void test_damaged_outlines_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {"departement,01,Ain,84,M0 0\"><script>,1,1,,,,,,,,",
                                        "departement,01,Ain,84,M0 0l1 1z,1,x,,,,,,,,",
                                        "planet,01,Ain,84,M0 0z,1,1,,,,,,,,", "departement,01"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        char path[] = "/tmp/test_map_XXXXXX";
        FILE *file = fdopen(mkstemp(path), "wb");
        fprintf(file, "kind,code,name,region,path,x,y,west,south,east,north,x0,kx,y0,ky\n");
        fputs("departement,01,Ain,84,", file);
        fprintf(file, "M0 0l1 1z,1,1,,,,,,,,\n%s\n", lines[i]);
        fclose(file);
        struct error error = {0};
        assert_int_equal(map_load(path, &error), STATUS_INPUT);
        assert_int_equal(map_outlines()->count, 129); /* what was loaded stays */
        unlink(path);
    }
    assert_int_equal(map_load("/nowhere", NULL) != STATUS_OK, 1);
}

/* ---- classes ---- */

static const char *classes_of(double *values, size_t count, bool diverging, int scale)
{
    const struct map_classes classes = map_classify(values, count, diverging, scale);
    struct buffer *out = buffer_new(arena, 2000);
    for (size_t i = 0; i < classes.count; i++)
        buffer_print(out, "%s %g-%g ", classes.classes[i].colour, classes.classes[i].low, classes.classes[i].high);
    for (size_t i = 0; i < count; i++) {
        size_t found = 0;
        const char *colour = map_colour(&classes, values[i]);
        for (size_t j = 0; j < classes.count; j++)
            found += strcmp(classes.classes[j].colour, colour) == 0 && values[i] >= classes.classes[j].low &&
                     values[i] <= classes.classes[j].high;
        assert_true(found == 1 || strcmp(colour, "d3") == 0);
    }
    return buffer_data(out);
}

#define CLASSES(diverging, scale, ...) \
    classes_of((double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / sizeof(double), diverging, scale)

static void test_classes(void **state)
{
    (void)state;
    assert_string_equal(CLASSES(false, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100), "q0 1-2 q1 3-4 q2 5-6 q3 7-8 q5 9-100 ");
    assert_string_equal(CLASSES(false, 0, 1, 1, 1, 1, 1, 1, 1, 2, 50, 60), "q0 1-1 q2 2-2 q5 50-60 ");
    assert_string_equal(CLASSES(false, 0, 10, 12, 14, 15, 17, 19), "q0 10-12 q1 12-14 q2 14-16 q3 16-18 q5 18-20 ");
    assert_string_equal(CLASSES(false, 0, 0, 0, 3, 4, 5, 90), "q0 0-0 q1 3-3 q2 4-4 q3 5-5 q5 90-90 ");
    assert_string_equal(CLASSES(false, 0, 7), "q3 7-7 ");
    assert_string_equal(CLASSES(true, 0, -25, 0, 12), "d0 -30--20 d1 -20--10 d2 -10-0 d4 0-10 d5 10-20 d6 20-30 ");
    assert_int_equal(map_classify(NULL, 0, false, 0).count, 0);
    srand(3);
    for (int i = 0; i < 3000; i++) {
        double values[101];
        const size_t count = (size_t)(rand() % 101) + 1;
        for (size_t j = 0; j < count; j++)
            values[j] = floor(pow(rand() % 1000 / 100.0, rand() % 4)) - (i % 3 ? 0 : 300);
        classes_of(values, count, i % 3 == 0, 0);
    }
}

/* ---- drawing ---- */

static const char *draw(const struct map_area *areas, size_t count, const char *selected)
{
    const struct france_map map = {.level = MAP_DEPARTEMENTS,
                                   .question = "Où ?",
                                   .unit = "besoins",
                                   .source = "Source",
                                   .areas = areas,
                                   .area_count = count,
                                   .selected = selected};
    return map_draw(&html, &map).html;
}

static void test_hidden_areas_never_leak(void **state)
{
    (void)state;
    const struct map_area hidden[] = {{"59", 7391, true, "/fr/59", "Nord: 7391 needs"},
                                      {"69", 12, false, "/fr/69", NULL},
                                      {"13", 3, false, NULL, NULL},
                                      {"75", 90, false, NULL, NULL}};
    const struct map_area empty[] = {{"59", 0, true, "/fr/59", NULL},
                                     {"69", 12, false, "/fr/69", NULL},
                                     {"13", 3, false, NULL, NULL},
                                     {"75", 90, false, NULL, NULL}};
    const char *text = draw(hidden, 4, NULL);
    assert_null(strstr(text, "7391"));
    assert_null(strstr(text, "7\u202f391"));
    assert_non_null(strstr(text, "aria-label=\"Nord\u202f: non communiqué\""));
    assert_string_equal(text, draw(empty, 4, NULL));
}

static void test_areas_are_links_with_names(void **state)
{
    (void)state;
    const struct map_area areas[] = {{"59", 7, false, "/fr/needs?a=1&b=\"2", "Nord : 7 <besoins>"},
                                     {"69", 12, false, "javascript:x", NULL},
                                     {"75", 90, false, "/fr/75", NULL}};
    const char *text = draw(areas, 3, "59");
    assert_non_null(strstr(
        text, "href=\"/fr/needs?a=1&amp;b=&quot;2\" aria-label=\"Nord : 7 &lt;besoins&gt;\" aria-current=\"true\""));
    assert_null(strstr(text, "javascript"));
    assert_null(strstr(text, " style="));
    assert_non_null(strstr(text, "<g class=\"area q2\" role=\"img\" aria-label=\"Rhône\u202f: 12\""));
    assert_non_null(strstr(text, "tabindex=\"-1\" aria-hidden=\"true\"><title>Paris\u202f: 90"));
    /* The selected one is drawn behind all others. */
    const char *selected = strstr(text, "selected");
    assert_non_null(selected);
    assert_null(strstr(selected, "class=\"area none\""));
}

static void test_points_are_gathered(void **state)
{
    (void)state;
    static struct map_point points[1000];
    size_t clusters = 0, lost = 0;
    int64_t weight = 0;
    for (size_t i = 0; i < COUNT(points); i++)
        points[i] = (struct map_point){45000000 + (int64_t)(i * 7919 % 3000000),
                                       1000000 + (int64_t)(i * 104729 % 4000000),
                                       "Lieu",
                                       "/fr/x",
                                       (int64_t)(i % 3),
                                       false};
    points[0].latitude = 0;
    const struct map_cluster *made = map_gather(&html, points, COUNT(points), &clusters, &lost);
    assert_int_equal(lost, 1);
    assert_in_range(clusters, 10, 200);
    for (size_t i = 0; i < clusters; i++) {
        weight += made[i].weight;
        for (size_t j = 0; j < i; j++) assert_true(hypot(made[i].x - made[j].x, made[i].y - made[j].y) >= 20);
    }
    assert_int_equal(weight, 333 + 333 + 333 * 2 + 1 - 1);
}

static void test_time_of_a_map(void **state)
{
    (void)state;
    struct map_area areas[101];
    size_t count = 0;
    for (size_t i = 0; i < map_outlines()->count; i++)
        if (map_outlines()->rows[i].kind == OUTLINE_DEPARTEMENT)
            areas[count++] = (struct map_area){map_outlines()->rows[i].code, (double)(i * i), false, "/fr/x", NULL};
    const clock_t start = clock();
    for (int i = 0; i < 20; i++) assert_true(strlen(draw(areas, count, NULL)) < 200000);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC / 20 < 0.1); /* under the sanitizers */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_prefectures_fall_in_their_departements),
        TEST(test_known_places_fall_within_kilometres),
        TEST(test_elsewhere_is_nowhere),
        TEST(test_outlines_are_whole),
        TEST(test_damaged_outlines_are_refused),
        TEST(test_classes),
        TEST(test_hidden_areas_never_leak),
        TEST(test_areas_are_links_with_names),
        TEST(test_points_are_gathered),
        TEST(test_time_of_a_map),
    };
    return run_group(tests);
}
