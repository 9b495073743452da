/* chart_gallery OUTLINES DIRECTORY: writes charts-fr.html, charts-en.html and the Vega-Lite descriptions there. Invented figures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/chart.h"

enum { CHARTS = 8 };

static struct arena *arena;

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NONE .lower = NAN, .upper = NAN

static const struct chart_point needs[] = {
    {"Énergie et décarbonation", 412, NONE, "/fr/needs?theme=energy"},
    {"Compétences et recrutement", 365, NONE, "/fr/needs?theme=skills"},
    {"Financement de l’innovation", 241, NONE, "/fr/needs?theme=funding"},
    {"Cybersécurité", 0, NONE, NULL, true},
    {"Accès aux plateformes d’essai et aux équipements de mesure partagés", 118, NONE, "/fr/needs?theme=platforms"},
    {"Export", 64, NONE, "/fr/needs?theme=export"},
    {"Propriété intellectuelle", NAN, NONE, NULL}};
static const struct chart_point shares[] = {{"Petites entreprises", 34.2, 30.1, 38.3, NULL, false},
                                            {"Entreprises moyennes", 47.8, 43.0, 52.6, NULL, false},
                                            {"ETI", 61.5, 52.2, 70.8, NULL, false},
                                            {"Grandes entreprises", 0, 0, 0, NULL, true}};
static const struct chart_point before[] = {
    {"Auvergne-Rhône-Alpes", 31, NONE}, {"Bretagne", 22, NONE}, {"Occitanie", 27, NONE}};
static const struct chart_point after[] = {
    {"Auvergne-Rhône-Alpes", 38, NONE}, {"Bretagne", 21, NONE}, {"Occitanie", 35, NONE}};
static const struct chart_point balances[] = {{"Effectifs", 14, 9, 19, NULL, false},
                                              {"Investissement", 22, 15, 29, NULL, false},
                                              {"Prix de l’énergie", -38, -45, -31, NULL, false},
                                              {"Carnet de commandes", -6, -12, 0, NULL, false},
                                              {"Marges", -17, -24, -10, NULL, false},
                                              {"Trésorerie", 0, -5, 5, NULL, false}};
static const struct chart_point never[] = {
    {"Industrie", 12, NONE}, {"Numérique", 8, NONE}, {"Santé", 20, NONE}, {"Agroalimentaire", 9, NONE}};
static const struct chart_point sometimes[] = {
    {"Industrie", 38, NONE}, {"Numérique", 52, NONE}, {"Santé", 31, NONE}, {"Agroalimentaire", 0, NONE, NULL, true}};
static const struct chart_point always[] = {
    {"Industrie", 50, NONE}, {"Numérique", 40, NONE}, {"Santé", 49, NONE}, {"Agroalimentaire", 43, NONE}};

static struct chart_point quarters[3][16];

static void make_quarters(void)
{
    static const double starts[] = {52, 38, 30}, slopes[] = {1.9, -0.6, 1.2}, waves[] = {5, 4, 6};
    for (size_t i = 0; i < 3; i++)
        for (int j = 0; j < 16; j++) {
            const double value = starts[i] + slopes[i] * j + waves[i] * sin(j * 0.9 + (double)i), half = 3 + 0.25 * j;
            quarters[i][j] = (struct chart_point){
                arena_print(arena, "%d-T%d", 2023 + j / 4, j % 4 + 1), value, value - half, value + half, NULL, false};
        }
    quarters[1][6].hidden = true;
}

static const char *const source =
    "Source : enquête Maillage, 1 204 entreprises, 4e trimestre 2026 ; intervalles à 95 %.";

static void all_charts(struct chart charts[CHARTS])
{
    static const struct chart_series s_needs[] = {{"", needs, COUNT(needs)}},
                                     s_shares[] = {{"", shares, COUNT(shares)}};
    static const struct chart_series s_years[] = {{"2025", before, COUNT(before)}, {"2026", after, COUNT(after)}};
    static const struct chart_series s_balances[] = {{"", balances, COUNT(balances)}};
    static const struct chart_series s_often[] = {
        {"Jamais", never, 4}, {"Parfois", sometimes, 4}, {"Toujours", always, 4}};
    static const struct chart_series s_long[] = {{"Un projet financé par le pôle", never, 4},
                                                 {"Un projet financé par la Région", sometimes, 4},
                                                 {"Aucun", always, 4}};
    static struct chart_series s_lines[3], s_one[1];
    static const char *const names[] = {"Énergie", "Compétences", "Financement"};
    for (size_t i = 0; i < 3; i++) s_lines[i] = (struct chart_series){names[i], quarters[i], 16};
    s_one[0] = (struct chart_series){"", quarters[0], 16};
    charts[0] = (struct chart){CHART_BARS,
                               "L’énergie est le premier besoin exprimé par les entreprises en 2026",
                               "besoins ouverts",
                               source,
                               s_needs,
                               1,
                               0};
    charts[1] = (struct chart){CHART_BARS,
                               "Plus une entreprise est grande, plus elle a engagé un plan de décarbonation",
                               "% des entreprises",
                               source,
                               s_shares,
                               1,
                               1};
    charts[2] = (struct chart){
        CHART_BARS, "Deux régions sur trois progressent", "% d’entreprises accompagnées", source, s_years, 2, 0};
    charts[3] = (struct chart){CHART_BALANCE,
                               "Les prix de l’énergie pèsent plus que tout le reste",
                               "solde d’opinions, en points",
                               source,
                               s_balances,
                               1,
                               0};
    charts[4] = (struct chart){CHART_STACK,
                               "La moitié des industriels utilisent toujours les données de leurs machines",
                               "% des réponses",
                               source,
                               s_often,
                               3,
                               0};
    charts[5] = (struct chart){CHART_STACK, "Qui finance les projets ?", "% des projets", source, s_long, 3, 0};
    charts[6] = (struct chart){CHART_LINES,
                               "Les besoins en énergie et en financement montent, ceux en compétences reculent",
                               "besoins pour 1 000 entreprises",
                               source,
                               s_lines,
                               3,
                               1};
    charts[7] = (struct chart){CHART_LINES,
                               "Les besoins d’énergie, trimestre par trimestre",
                               "besoins pour 1 000 entreprises",
                               source,
                               s_one,
                               1,
                               1};
}

static const char *const departements[] = {
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12",  "13",  "14",  "15",  "16", "17",
    "18", "19", "21", "22", "23", "24", "25", "26", "27", "28", "29", "2A",  "2B",  "30",  "31",  "32", "33",
    "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45",  "46",  "47",  "48",  "49", "50",
    "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62",  "63",  "64",  "65",  "66", "67",
    "68", "69", "70", "71", "72", "73", "74", "75", "76", "77", "78", "79",  "80",  "81",  "82",  "83", "84",
    "85", "86", "87", "88", "89", "90", "91", "92", "93", "94", "95", "971", "972", "973", "974", "976"};
static const char *const regions[] = {"R11", "R24", "R27", "R28", "R32", "R44", "R52", "R53", "R75",
                                      "R76", "R84", "R93", "R94", "R01", "R02", "R03", "R04", "R06"};

/* Skewed, as counts are: the same at each run. */
static double made_value(size_t i)
{
    return floor(exp(1.2 + 2.1 * fabs(sin((double)i * 12.9898)) + 1.4 * fabs(cos((double)i * 4.1414))));
}

static struct markup departement_map(struct html *html, bool diverging)
{
    static struct map_area areas[COUNT(departements)];
    for (size_t i = 0; i < COUNT(departements); i++) {
        const double value = diverging ? round(sin((double)i * 1.7) * 24) : made_value(i);
        areas[i] = (struct map_area){departements[i], value, !diverging && i % 23 == 7,
                                     arena_print(arena, "/fr/needs?departement=%s", departements[i]), NULL};
    }
    areas[40].value = NAN;
    const struct france_map map = {.level = MAP_DEPARTEMENTS,
                                   .question = diverging ? "Où l’emploi industriel augmente, où il recule"
                                                         : "Le Nord et le Rhône concentrent les besoins",
                                   .unit = diverging ? "solde d’opinions, en points" : "besoins ouverts",
                                   .source = source,
                                   .areas = areas,
                                   .area_count = COUNT(areas),
                                   .selected = diverging ? NULL : "59",
                                   .diverging = diverging};
    return map_draw(html, &map);
}

static struct markup region_map(struct html *html)
{
    static struct map_area areas[COUNT(regions)];
    for (size_t i = 0; i < COUNT(regions); i++)
        areas[i] = (struct map_area){regions[i], 12.5 + 3.7 * fabs(sin((double)i * 2.3)) * 4, i == 6,
                                     arena_print(arena, "/fr/needs?region=%s", regions[i]), NULL};
    const struct france_map map = {.level = MAP_REGIONS,
                                   .question = "Combien de besoins pour mille entreprises membres ?",
                                   .unit = "besoins pour 1 000 entreprises",
                                   .source = source,
                                   .areas = areas,
                                   .area_count = COUNT(areas),
                                   .selected = "R84",
                                   .scale = 1};
    return map_draw(html, &map);
}

static struct markup point_map(struct html *html)
{
    static struct map_point points[80];
    static const int64_t towns[][2] = {
        {48856600, 2352200},   {45764000, 4835700},   {43296500, 5369800},  {50629200, 3057300},  {47218400, -1553600},
        {43604700, 1444200},   {48573400, 7752100},   {44837800, -579200},  {48390400, -4486100}, {42697300, 9450900},
        {-20882100, 55450700}, {16241100, -61533100}, {4922200, -52313500}, {45188500, 5724500}};
    for (size_t i = 0; i < COUNT(points); i++) {
        const int64_t *town = towns[i % COUNT(towns)];
        const int64_t ring = (int64_t)(i / COUNT(towns));
        points[i] = (struct map_point){town[0] + ring * 90000 * (i % 2 ? 1 : -1),
                                       town[1] + ring * 120000,
                                       arena_print(arena, "Pôle de démonstration %d", (int)i),
                                       "/fr/find/1",
                                       1 + (int64_t)(i * 7 % 20),
                                       i % 9 == 0};
    }
    const struct france_map map = {.level = MAP_REGIONS,
                                   .question = "Où sont les plateformes d’essai",
                                   .unit = "une plateforme ou plusieurs, selon la taille du cercle",
                                   .source = source,
                                   .points = points,
                                   .point_count = COUNT(points)};
    return map_draw(html, &map);
}

static void write_file(const char *directory, const char *name, const char *text, size_t length)
{
    FILE *file = fopen(arena_print(arena, "%s/%s", directory, name), "wb");
    if (!file || fwrite(text, 1, length, file) != length || fclose(file) != 0) exit(4);
}

static void write_page(const char *directory, enum language language, const struct chart *charts)
{
    struct html html = html_new(arena, language, NULL, 16 << 20);
    buffer_print(html.out,
                 "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                 "content=\"width=device-width, initial-scale=1\">"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self' file:; "
                 "font-src 'self' file:\">"
                 "<title>Charts</title><link rel=\"stylesheet\" href=\"site.css\"><main id=\"content\" "
                 "class=\"wide\"><h1>Charts</h1>",
                 language_code(language));
    for (size_t i = 0; i < CHARTS; i++) html_markup(&html, chart_draw(&html, &charts[i]));
    html_markup(&html, departement_map(&html, false));
    html_markup(&html, region_map(&html));
    html_markup(&html, departement_map(&html, true));
    html_markup(&html, point_map(&html));
    buffer_text(html.out, "</main></html>");
    const struct markup page = html_finish(&html);
    write_file(directory, arena_print(arena, "charts-%s.html", language_code(language)), page.html, page.length);
}

int main(int argc, char **argv)
{
    struct error error = {0};
    struct chart charts[CHARTS];
    arena = arena_new();
    if (argc != 3 || map_load(argv[1], &error)) {
        char text[600];
        error_describe(&error, text, sizeof text);
        fprintf(stderr, "chart_gallery OUTLINES DIRECTORY\n%s\n", argc == 3 ? text : "");
        return 1;
    }
    make_quarters();
    all_charts(charts);
    write_page(argv[2], LANGUAGE_FRENCH, charts);
    write_page(argv[2], LANGUAGE_ENGLISH, charts);
    for (size_t i = 0; i < CHARTS; i++) {
        const char *text = chart_vega(arena, LANGUAGE_FRENCH, &charts[i]);
        write_file(argv[2], arena_print(arena, "chart-%d.vl.json", (int)i), text, strlen(text));
    }
    arena_free(&arena);
    return 0;
}
