/* Pages of forms. */
#include "tests/html/gallery.h"

#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/html/widget.h"

static const struct widget_choice kinds[] = {
    {"skill", "Une compétence ou du personnel", "Recruter, former, emprunter", true},
    {"equipment", "Un équipement ou un essai", "Acheter, louer, partager", false},
    {"partner", "Un partenaire ou un fournisseur", NULL, false},
    {"money", "Un financement", NULL, false}};
static const struct widget_choice skills[] = {{"H2501", "Maintenance d’équipements industriels", NULL, true},
                                              {"H1208", "Automatisme et informatique industrielle", NULL, true}};
static const struct widget_choice audiences[] = {
    {"private", "Mon pôle seulement", "Son chargé de mission vous répond.", false},
    {"network", "Tout le réseau des pôles", "54 pôles et leurs adhérents ; sans vos coordonnées.", true},
    {"public", "Tout le monde", "Publié sur ce site.", false}};

static const struct widget what[] = {{.type = WIDGET_TEXT,
                                      .name = "title",
                                      .label = "Ce que vous cherchez, en une phrase",
                                      .help = "Par exemple : « Deux soudeurs TIG pour six mois ».",
                                      .value = "Deux techniciens de maintenance pour une ligne de coulée",
                                      .required = true,
                                      .most = 140},
                                     {.type = WIDGET_RADIOS,
                                      .name = "type",
                                      .label = "De quoi s’agit-il ?",
                                      .required = true,
                                      .choices = kinds,
                                      .choice_count = COUNT(kinds)},
                                     {.type = WIDGET_LINES,
                                      .name = "detail",
                                      .label = "Précisions",
                                      .help = "Le contexte, ce qui a été essayé, ce qui conviendrait.",
                                      .most = 1000,
                                      .value = "Notre ligne basse pression redémarre en janvier."},
                                     {.type = WIDGET_PICKER,
                                      .name = "skills",
                                      .label = "Compétences",
                                      .help = "Proposées d’après votre phrase ; corrigez-les au besoin.",
                                      .several = true,
                                      .suggest = "/api/v1/vocabulary/skill",
                                      .choices = skills,
                                      .choice_count = COUNT(skills),
                                      .required = true}};
static const struct widget when[] = {
    {.type = WIDGET_NUMBER,
     .name = "headcount",
     .label = "Combien de personnes ?",
     .unit = "personnes",
     .value = "2",
     .required = true},
    {.type = WIDGET_DATE, .name = "start", .label = "À partir de quand ?", .value = "2027-01-12", .required = true},
    {.type = WIDGET_MONEY, .name = "budget", .label = "Budget", .help = "Hors taxes, pour toute la durée."},
    {.type = WIDGET_PICKER,
     .name = "place",
     .label = "Où ?",
     .suggest = "/api/v1/vocabulary/territory",
     .required = true,
     .choices = (const struct widget_choice[]){{"59017", "Armentières (59280)", NULL, true}},
     .choice_count = 1}};
static const struct widget who[] = {{.type = WIDGET_RADIOS,
                                     .name = "audience",
                                     .label = "Qui peut le voir ?",
                                     .required = true,
                                     .choices = audiences,
                                     .choice_count = COUNT(audiences)}};
static const struct form_group groups[] = {{NULL, NULL, what, COUNT(what)},
                                           {"Quand, où, combien", NULL, when, COUNT(when)},
                                           {"Qui le voit", "Vous pourrez le changer à tout moment.", who, COUNT(who)}};

void gallery_form(struct html *html)
{
    template_part_head(
        html, &(struct part_head){.title = "Déposer un besoin",
                                  .summary = "Deux minutes suffisent. Votre pôle vous répond sous cinq jours ouvrés."});
    template_form(html, &(struct form){.action = "/fr/needs",
                                       .submit = "Vérifier et envoyer",
                                       .second = "Garder en brouillon",
                                       .cancel_url = "/fr/tell",
                                       .mark_optional = true,
                                       .groups = groups,
                                       .group_count = COUNT(groups)});
}

void gallery_form_errors(struct html *html)
{
    static const struct part_error errors[] = {
        {"title", "Dites en une phrase ce que vous cherchez."},
        {"start", "« 31/02/2027 » n’est pas une date : écrivez-la comme 22/11/2026."},
        {"type", "Choisissez de quoi il s’agit."},
        {"siret", "Le SIRET 123 456 789 00012 n’est pas valable : vérifiez le dernier groupe de chiffres."}};
    static const struct widget_choice none[] = {{"skill", "Une compétence ou du personnel", NULL, false},
                                                {"equipment", "Un équipement ou un essai", NULL, false}};
    static const struct widget_choice found[] = {{"25620", "Mécanique industrielle", "25.62B", false},
                                                 {"2511", "Structures métalliques", "25.11Z", false}};
    const struct widget fields[] = {{.type = WIDGET_TEXT,
                                     .name = "title",
                                     .label = "Ce que vous cherchez, en une phrase",
                                     .help = "Par exemple : « Deux soudeurs TIG pour six mois ».",
                                     .required = true,
                                     .error = errors[0].sentence},
                                    {.type = WIDGET_RADIOS,
                                     .name = "type",
                                     .label = "De quoi s’agit-il ?",
                                     .required = true,
                                     .choices = none,
                                     .choice_count = COUNT(none),
                                     .error = errors[2].sentence},
                                    {.type = WIDGET_DATE,
                                     .name = "start",
                                     .label = "À partir de quand ?",
                                     .value = "31/02/2027",
                                     .required = true,
                                     .error = errors[1].sentence},
                                    {.type = WIDGET_TEXT,
                                     .name = "siret",
                                     .label = "SIRET de l’établissement",
                                     .narrow = true,
                                     .value = "123 456 789 00012",
                                     .required = true,
                                     .error = errors[3].sentence},
                                    {.type = WIDGET_PICKER,
                                     .name = "sector",
                                     .label = "Secteur",
                                     .suggest = "/api/v1/vocabulary/naf",
                                     .query = "mécanique",
                                     .searched = true,
                                     .choices = found,
                                     .choice_count = COUNT(found)},
                                    {.type = WIDGET_PICKER,
                                     .name = "cluster",
                                     .label = "Pôle",
                                     .suggest = "/api/v1/organisations",
                                     .query = "zzz",
                                     .searched = true}};
    const struct form_group group = {NULL, NULL, fields, COUNT(fields)};
    template_part_errors(html, &(struct part_errors){errors, COUNT(errors)});
    template_part_head(html, &(struct part_head){.title = "Déposer un besoin"});
    template_form(html, &(struct form){.action = "/fr/needs",
                                       .submit = "Vérifier et envoyer",
                                       .groups = &group,
                                       .group_count = 1,
                                       .mark_optional = true,
                                       .version = 3});
}

void gallery_widgets(struct html *html)
{
    static const struct widget_choice sizes[] = {
        {"tpe", "Très petite entreprise", NULL, false}, {"pme", "PME", NULL, true}, {"eti", "ETI", NULL, false}};
    static const struct widget_choice topics[] = {
        {"a", "Décarbonation", NULL, true},
        {"b", "Numérique et intelligence artificielle", "Capteurs, données, jumeau numérique", false},
        {"c", "Recrutement", NULL, true}};
    const struct widget fields[] = {
        {.type = WIDGET_SELECT,
         .name = "size",
         .label = "Taille",
         .choices = sizes,
         .choice_count = COUNT(sizes),
         .required = true},
        {.type = WIDGET_CHECKBOXES,
         .name = "topics",
         .label = "Sujets suivis",
         .help = "Autant que vous voulez.",
         .choices = topics,
         .choice_count = COUNT(topics)},
        {.type = WIDGET_YESNO, .name = "export", .label = "Exportez-vous ?", .value = "1", .required = true},
        {.type = WIDGET_PERIOD, .name = "period", .label = "Période", .value = "2027-01-04", .until = "2027-06-30"},
        {.type = WIDGET_EMAIL,
         .name = "email",
         .label = "Adresse électronique",
         .autocomplete = "email",
         .required = true,
         .value = "c.lefevre@fonderie-lys.example"},
        {.type = WIDGET_TELEPHONE, .name = "telephone", .label = "Téléphone", .autocomplete = "tel"},
        {.type = WIDGET_LINK, .name = "site", .label = "Site", .autocomplete = "url"},
        {.type = WIDGET_PASSWORD,
         .name = "password",
         .label = "Mot de passe",
         .help = "12 caractères au moins.",
         .autocomplete = "new-password",
         .required = true},
        {.type = WIDGET_PLACE,
         .name = "commune",
         .label = "Commune",
         .suggest = "/api/v1/vocabulary/territory",
         .latitude = "50.6868",
         .longitude = "2.8811",
         .choices = (const struct widget_choice[]){{"59017", "Armentières (59280)", NULL, true}},
         .choice_count = 1},
        {.type = WIDGET_FILE,
         .name = "plan",
         .label = "Plan ou cahier des charges",
         .media_types = "application/pdf",
         .largest = 10000000,
         .file_name = "ligne-de-coulee.pdf",
         .file_url = "/fr/files/1",
         .file_size = 1234567},
        {.type = WIDGET_CHECKBOX,
         .name = "terms",
         .label = "J’accepte que mon pôle transmette ce besoin",
         .help = "À un service partenaire, et à lui seul.",
         .required = true},
        {.type = WIDGET_HIDDEN, .name = "step", .value = "2"}};
    const struct form_group group = {"Tous les champs", NULL, fields, COUNT(fields)};
    template_part_head(html, &(struct part_head){.title = "Champs de formulaire"});
    template_form(
        html, &(struct form){
                  .action = "/fr/x", .submit = "Enregistrer", .groups = &group, .group_count = 1, .multipart = true});
}

void gallery_check(struct html *html)
{
    static const struct part_answer answers[] = {
        {.label = "Ce que vous cherchez",
         .text = "Deux techniciens de maintenance pour une ligne de coulée",
         .change_url = "/x"},
        {.label = "De quoi s’agit-il", .text = "Une compétence ou du personnel", .change_url = "/x"},
        {.label = "Compétences", .text = "Maintenance d’équipements industriels ; automatisme", .change_url = "/x"},
        {.label = "Personnes", .text = "2", .change_url = "/x"},
        {.label = "Budget", .change_url = "/x"},
        {.label = "Qui peut le voir", .text = "Tout le réseau des pôles", .change_url = "/x"}};
    template_part_head(html, &(struct part_head){.title = "Vérifiez votre besoin avant de l’envoyer"});
    template_part_answers(html, &(struct part_answers){NULL, answers, COUNT(answers)});
    template_form(html,
                  &(struct form){.action = "/fr/needs",
                                 .submit = "Envoyer le besoin",
                                 .note = "Votre pôle en est averti aussitôt. Vous recevrez un message à chaque étape.",
                                 .cancel_url = "/fr/tell"});
}
