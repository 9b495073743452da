/* Pages of lists, records and states. */
#include "tests/html/gallery.h"

#include "platform/html/parts.h"
#include "platform/html/templates.h"

static const struct part_tag open_tag = {"À pourvoir", "waiting"};
static const struct part_tag taken_tag = {"Pris en charge", "good"};
static const struct part_tag closed_tag = {"Clos", "ended"};

void gallery_home(struct html *html)
{
    static const struct part_link links[] = {{.label = "Déposer un besoin", .url = "/fr/needs/new"},
                                             {.label = "Voir la carte des besoins", .url = "/fr/needs/map"},
                                             {.label = "Les pôles et leurs adhérents", .url = "/fr/clusters"}};
    template_part_hero(
        html, &(struct part_hero){.title = "Ce dont vos entreprises ont besoin, dit une fois et entendu partout",
                                  .text = "Maillage relie les entreprises, les pôles d’innovation et ceux qui les "
                                          "aident : un besoin déposé en deux minutes, des réponses "
                                          "proches de chez vous, et des chiffres publics sur ce qui manque.",
                                  .search_url = "/fr/search",
                                  .search_label = "Que cherchez-vous ?",
                                  .example = "soudeur, cybersécurité, Lille…",
                                  .links = links,
                                  .link_count = COUNT(links)});
    static const struct part_figure figures[] = {
        {"12 482", "entreprises adhérentes", "dans 54 pôles", "/fr/organisations"},
        {"3 217", "besoins ouverts", "dont 1 108 de compétences", "/fr/needs"},
        {"68 %", "trouvent une réponse", "dans les 60 jours, sur 12 mois", "/fr/understand"},
        {"9 jours", "avant la première réponse", "médiane, 3e trimestre 2026", "/fr/understand"},
    };
    template_part_figures(html, &(struct part_figures){figures, COUNT(figures)});
    static const struct part_door doors[] = {
        {"Dire", "Un besoin, une visite, une pratique, une réponse à l’enquête.", "/fr/tell"},
        {"Trouver", "Des acteurs, des solutions, des aides, des formations, des plateformes.", "/fr/find"},
        {"Agir", "Candidatures, appels, labels, échanges de salariés, projets.", "/fr/act"},
        {"Comprendre", "Observatoires, cartes, métiers et compétences, effets.", "/fr/understand"},
        {"Mon espace", "Mon entreprise, mes dossiers, mes échéances, mes données.", "/fr/me"},
    };
    const struct markup drawn = HTML_DRAWN(html, template_part_doors, &(struct part_doors){doors, COUNT(doors)});
    template_part_section(html, &(struct part_section){.title = "Par où commencer", .body = drawn});
}

static const struct part_facet_choice sectors[] = {{"C25", "Fabrication de produits métalliques", "412", true},
                                                   {"C10", "Industries alimentaires", "287", false},
                                                   {"C28", "Machines et équipements", "251", false},
                                                   {"C22", "Caoutchouc et plastique", "198", false},
                                                   {"C20", "Chimie", "143", false},
                                                   {"C26", "Informatique, électronique et optique", "121", false},
                                                   {"C13", "Textile", "88", false},
                                                   {"C30", "Matériels de transport", "71", false},
                                                   {"C31", "Meubles", "34", false}};
static const struct part_facet_choice regions[] = {{"32", "Hauts-de-France", "612", true},
                                                   {"84", "Auvergne-Rhône-Alpes", "544", false},
                                                   {"44", "Grand Est", "301", false},
                                                   {"52", "Pays de la Loire", "287", false}};
static const struct part_facet_choice states[] = {{"open", "À pourvoir", "1 904", false},
                                                  {"taken", "Pris en charge", "873", false},
                                                  {"closed", "Clos", "440", false}};
static const struct part_facet facets[] = {{"sector", "Secteur d’activité", sectors, COUNT(sectors), 5},
                                           {"region", "Région", regions, COUNT(regions), 0},
                                           {"state", "État", states, COUNT(states), 0}};

static const char *const place_1[] = {"Fonderie de la Lys", "Armentières (59)", "dans 12 jours", "2 personnes"};
static const char *const place_2[] = {"Tôlerie Vasseur", "Hazebrouck (59)", "avant le 15 janvier 2027"};
static const char *const place_3[] = {"Ateliers du Boulonnais", "Boulogne-sur-Mer (62)", "clos le 3 novembre 2026"};

static const struct part_result results[] = {
    {"Deux techniciens de maintenance pour une ligne de coulée", "/fr/needs/1",
     "Notre ligne basse pression redémarre en janvier. Nous cherchons deux personnes capables de diagnostiquer une "
     "panne d’automate et "
     "d’hydraulique, en 2×8 ; un salarié prêté par une entreprise voisine conviendrait aussi pour six mois.",
     &open_tag, place_1, COUNT(place_1)},
    {"Contrôle non destructif : un prestataire à moins de 50 km", "/fr/needs/2",
     "Ressuage et magnétoscopie sur des pièces mécano-soudées, deux demi-journées par mois.", &taken_tag, place_2,
     COUNT(place_2)},
    {"Former dix soudeurs au procédé TIG sur inox", "/fr/needs/3", NULL, &closed_tag, place_3, COUNT(place_3)},
};

void gallery_list(struct html *html)
{
    static const struct part_link actions[] = {{.label = "Déposer un besoin", .url = "/fr/needs/new"},
                                               {.label = "S’abonner", .url = "/fr/needs/follow"}};
    static const struct part_facets panel = {.action = "/fr/needs",
                                             .search = true,
                                             .query = "maintenance",
                                             .target = "list",
                                             .facets = facets,
                                             .facet_count = COUNT(facets)};
    static const struct part_link views[] = {{"Liste", "/fr/needs", true, NULL},
                                             {"Carte", "/fr/needs/map", false, NULL},
                                             {"Tableau", "/fr/needs/table", false, NULL}};
    static const struct part_tabs tabs = {"Façons de voir la liste", views, COUNT(views)};
    static const struct part_chip chips[] = {{"Produits métalliques", "/fr/needs?region=32"},
                                             {"Hauts-de-France", "/fr/needs?sector=C25"}};
    static const struct part_link sorts[] = {{"Plus récents", "/fr/needs", true, NULL},
                                             {"Plus proches", "/fr/needs?sort=near", false, NULL},
                                             {"Pertinence", "/fr/needs?sort=rank", false, NULL}};
    static const struct part_link exports[] = {{"CSV", "/x", false, NULL},
                                               {"Tableur (XLSX)", "/x", false, NULL},
                                               {"GeoJSON", "/x", false, NULL},
                                               {"Atom", "/x", false, NULL}};
    const struct part_list list = {
        .head = {.title = "Besoins des entreprises",
                 .summary =
                     "Compétences, équipements, partenaires, financements : ce que les entreprises cherchent, et où.",
                 .actions = actions,
                 .action_count = COUNT(actions)},
        .facets = &panel,
        .chips = {chips, COUNT(chips), "/fr/needs"},
        .sentence = "1 234 besoins",
        .tabs = &tabs,
        .sort_label = "Trier par",
        .sorts = sorts,
        .sort_count = COUNT(sorts),
        .target = "list",
        .body = HTML_DRAWN(html, template_part_results, &(struct part_results){results, COUNT(results)}),
        .pages = parts_pages(html, "/fr/needs?page=", 4, 50, 1234),
        .exports = exports,
        .export_count = COUNT(exports)};
    template_part_list(html, &list);
}

#define ROW(...) \
    { \
        (const struct part_cell[]){__VA_ARGS__}, 5 \
    }

void gallery_table(struct html *html)
{
    static const struct part_column columns[] = {
        {.label = "Région", .sort_url = "?s=region"},
        {.label = "Besoins ouverts", .is_number = true, .sort_url = "?s=open", .sorted = "descending"},
        {.label = "Pour 1 000 adhérents", .is_number = true, .sort_url = "?s=rate"},
        {.label = "Délai médian", .unit = "(jours)", .is_number = true, .sort_url = "?s=delay"},
        {.label = "Tendance"}};
    const struct part_row rows[] = {ROW({.text = "Hauts-de-France", .url = "/x"}, {.text = "1 612"}, {.text = "142,3"},
                                        {.text = "9"}, {.text = "en hausse"}),
                                    ROW({.text = "Auvergne-Rhône-Alpes", .url = "/x"}, {.text = "1 544"},
                                        {.text = "97,8"}, {.text = "11"}, {.text = "stable"}),
                                    ROW({.text = "Grand Est", .url = "/x"}, {.text = "301"}, {.text = "64,1"},
                                        {.text = "14"}, {.text = "en baisse"}),
                                    ROW({.text = "Provence-Alpes-Côte d’Azur", .url = "/x"}, {.text = "287"},
                                        {.text = "58,0"}, {.text = "12"}, {.text = "stable"}),
                                    ROW({.text = "Bourgogne-Franche-Comté", .url = "/x"}, {.text = "143"},
                                        {.text = "71,5"}, {.text = "8"}, {.text = "en hausse"}),
                                    ROW({.text = "Corse", .url = "/x"}, {0}, {0}, {0}, {.text = "non communiqué"})};
    static const struct part_link views[] = {
        {"Régions", "/x", true, NULL}, {"Départements", "/x", false, NULL}, {"Secteurs", "/x", false, NULL}};
    template_part_head(
        html,
        &(struct part_head){
            .title = "Où manque-t-il quoi ?",
            .summary = "Besoins ouverts au 22 novembre 2026, par région. Chaque chiffre ouvre la liste qu’il résume."});
    template_part_tabs(html, &(struct part_tabs){"Découpages", views, COUNT(views)});
    template_part_table(html, &(struct part_table){.caption = "Besoins ouverts par région",
                                                   .caption_unseen = true,
                                                   .first_is_head = true,
                                                   .columns = columns,
                                                   .column_count = COUNT(columns),
                                                   .rows = rows,
                                                   .row_count = COUNT(rows)});
    const struct part_pages pages = parts_pages(html, "/fr/x?page=", 1, 6, 18);
    template_part_pages(html, &pages);
}

static const struct part_change changes[] = {{"Effectif", "1", "2"}, {"Date souhaitée", NULL, "12 janvier 2027"}};
static const struct part_event events[] = {
    {"22 novembre 2026 à 08:30", "Camille Lefèvre", "Modifié", NULL, changes, COUNT(changes)},
    {"20 novembre 2026 à 17:02", "Pôle Mécanique du Nord", "Audience élargie au réseau",
     "Avec l’accord de l’entreprise", NULL, 0},
    {"18 novembre 2026 à 09:14", "Camille Lefèvre", "Déposé", NULL, NULL, 0}};

void gallery_record(struct html *html)
{
    static const struct part_link actions[] = {{.label = "Prendre en charge", .url = "/x"},
                                               {.label = "Modifier", .url = "/x"}};
    const struct part_answer answers[] = {
        {.label = "Ce qui est recherché",
         .markup = html_markdown(html->arena,
                                 "Notre ligne basse pression redémarre en janvier. Nous cherchons **deux personnes** "
                                 "capables de :\n\n- diagnostiquer une panne d’automate ;\n- intervenir sur "
                                 "l’hydraulique.\n\nUn salarié prêté par une entreprise voisine conviendrait aussi.")},
        {.label = "Compétences", .text = "Maintenance industrielle ; automatisme ; hydraulique"},
        {.label = "Personnes", .text = "2"},
        {.label = "À partir du", .text = "12 janvier 2027"},
        {.label = "Budget", .text = NULL},
        {.label = "Lieu", .text = "Armentières (59280), Nord"}};
    static const struct part_answer company[] = {{.label = "Entreprise", .text = "Fonderie de la Lys"},
                                                 {.label = "SIREN", .text = "552 100 554"},
                                                 {.label = "Taille", .text = "PME (86 salariés)"}};
    const struct part_section asides[] = {
        {.title = "L’entreprise",
         .body = HTML_DRAWN(html, template_part_answers, &(struct part_answers){NULL, company, COUNT(company)}),
         .more_label = "Voir sa fiche",
         .more_url = "/x"},
        {.title = "Historique",
         .body = HTML_DRAWN(html, template_part_history, &(struct part_history){events, COUNT(events)})}};
    static const struct part_result near[] = {
        {"Prêt de personnel : deux automaticiens jusqu’en juin", "/x",
         "Baisse de charge jusqu’en juin ; équipe autonome sur automates et variateurs.", NULL, place_2,
         COUNT(place_2)}};
    const struct part_section sections[] = {
        {.title = "Ce qui pourrait y répondre",
         .text = "Trouvé par les compétences et la distance ; rien n’est transmis sans votre accord.",
         .body = HTML_DRAWN(html, template_part_results, &(struct part_results){near, COUNT(near)}),
         .more_label = "Toutes les pistes (14)",
         .more_url = "/x"}};
    template_part_record(
        html,
        &(struct part_record){
            .head = {.over = "Besoin",
                     .title = "Deux techniciens de maintenance pour une ligne de coulée",
                     .tag = &open_tag,
                     .actions = actions,
                     .action_count = COUNT(actions)},
            .notice = HTML_DRAWN(html, template_part_notice,
                                 &(struct part_notice){.tone = "info",
                                                       .title = "Visible par tout le réseau",
                                                       .text = "Les 54 pôles et leurs adhérents voient ce besoin ; vos "
                                                               "coordonnées ne sont montrées qu’à votre pôle."}),
            .body = HTML_DRAWN(html, template_part_answers, &(struct part_answers){NULL, answers, COUNT(answers)}),
            .asides = asides,
            .aside_count = COUNT(asides),
            .sections = sections,
            .section_count = COUNT(sections)});
}

void gallery_states(struct html *html)
{
    static const struct part_tag tags[] = {{"Brouillon", "neutral"},
                                           {"À pourvoir", "waiting"},
                                           {"Pris en charge", "good"},
                                           {"Clos", "ended"},
                                           {"Refusé", "bad"}};
    static const struct part_link again[] = {{.label = "Voir les 7 lignes", .url = "/x"},
                                             {.label = "Télécharger le rapport", .url = "/x"}};
    static const struct part_link first[] = {{.label = "Déposer un besoin", .url = "/x"},
                                             {.label = "Voir ceux du réseau", .url = "/x"}};
    template_part_head(html, &(struct part_head){.title = "États et messages"});
    html_markup(html, (struct markup){"<p>", 3});
    for (size_t i = 0; i < COUNT(tags); i++) {
        template_part_tag(html, &tags[i]);
        html_text(html, " ");
    }
    html_markup(html, (struct markup){"</p><br>", 8});
    template_part_notice(
        html, &(struct part_notice){.tone = "good",
                                    .title = "Votre besoin est déposé",
                                    .text = "Votre pôle en est averti. Vous recevrez un message à chaque étape."});
    template_part_notice(html, &(struct part_notice){
                                   .tone = "info", .text = "La prochaine vague du baromètre ouvre le 4 janvier 2027."});
    template_part_notice(html,
                         &(struct part_notice){.tone = "warning",
                                               .title = "7 lignes sur 1 000 ne peuvent pas être importées",
                                               .text = "Les 993 autres sont prêtes. Rien n’est encore enregistré.",
                                               .links = again,
                                               .link_count = COUNT(again)});
    template_part_notice(
        html, &(struct part_notice){
                  .tone = "bad",
                  .title = "L’envoi n’a pas abouti",
                  .text = "Ce que vous avez saisi est gardé dans vos brouillons. Réessayez dans quelques minutes."});
    template_part_progress(html,
                           &(struct part_progress){.label = "Import de 10 000 entreprises",
                                                   .done = 3400,
                                                   .total = 10000,
                                                   .sentence = "3 400 lignes sur 10 000 ; encore 2 minutes environ.",
                                                   .refresh_url = "/states-fr.html",
                                                   .cancel_url = "/x"});
    template_part_empty(
        html, &(struct part_empty){"Aucun besoin pour l’instant",
                                   "Dites ce qui vous manque : deux minutes suffisent, et vous choisissez qui le voit.",
                                   first, COUNT(first)});
}
