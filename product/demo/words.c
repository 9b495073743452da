/* words.c: random numbers, invented names, sectors and needs. */
#include <string.h>

#include "base/arena.h"
#include "product/demo/demo_private.h"

uint64_t random_next(struct random *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

int64_t random_below(struct random *random, int64_t below)
{
    return below > 0 ? (int64_t)(random_next(random) % (uint64_t)below) : 0;
}

double random_unit(struct random *random) { return (double)(random_next(random) >> 11) * 0x1p-53; }

struct draw draw_new(struct arena *arena, const int64_t *weights, size_t count)
{
    struct draw draw = {ARENA_ARRAY(arena, count, int64_t), count};
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) draw.sums[i] = sum += weights[i] > 0 ? weights[i] : 0;
    return draw;
}

size_t draw_one(const struct draw *draw, struct random *random)
{
    const int64_t at = random_below(random, draw->sums[draw->count - 1]);
    size_t low = 0, high = draw->count - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (draw->sums[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Weights: the shares of activities among the small and medium companies of clusters, in our estimate. */
const struct sector demo_sectors[] = {
    {"25.62B", "Mécanique", 70, "industrie_futur"},
    {"62.01Z", "Logiciels", 110, "numerique_confiance"},
    {"71.12B", "Ingénierie", 120, "construction"},
    {"72.19Z", "Laboratoires", 80, "sante"},
    {"26.51B", "Capteurs", 35, "electronique"},
    {"20.59Z", "Chimie", 30, "chimie_materiaux"},
    {"22.29A", "Plasturgie", 45, "chimie_materiaux"},
    {"10.89Z", "Saveurs", 30, "agroalimentaire"},
    {"27.90Z", "Électrotechnique", 25, "electronique"},
    {"30.30Z", "Aéronautique", 25, "aeronautique"},
    {"21.20Z", "Pharma", 18, "sante"},
    {"26.11Z", "Composants", 22, "electronique"},
    {"33.20C", "Automatismes", 30, "industrie_futur"},
    {"35.11Z", "Énergies", 25, "energies"},
    {"38.32Z", "Recyclage", 30, "dechets"},
    {"25.50A", "Forge", 20, "mines_metallurgie"},
    {"25.61Z", "Traitements", 22, "mines_metallurgie"},
    {"24.51Z", "Fonderie", 12, "mines_metallurgie"},
    {"16.23Z", "Charpentes", 18, "bois"},
    {"13.96Z", "Textiles techniques", 18, "mode_luxe"},
    {"29.32Z", "Équipements", 28, "automobile"},
    {"28.99B", "Machines", 30, "industrie_futur"},
    {"28.22Z", "Levage", 14, "industrie_futur"},
    {"32.50A", "Dispositifs médicaux", 30, "sante"},
    {"58.29C", "Applications", 40, "numerique_confiance"},
    {"63.11Z", "Données", 30, "infrastructures_numeriques"},
    {"10.51C", "Fromagerie", 14, "agroalimentaire"},
    {"01.13Z", "Maraîchage", 16, "agroalimentaire"},
    {"37.00Z", "Assainissement", 10, "eau"},
    {"36.00Z", "Eaux", 10, "eau"},
    {"42.22Z", "Réseaux", 14, "construction"},
    {"43.21A", "Électricité", 30, "construction"},
    {"52.29B", "Logistique", 25, "energies"},
    {"49.41A", "Transports", 25, "automobile"},
    {"20.42Z", "Cosmétiques", 22, "mode_luxe"},
    {"17.21A", "Emballages", 12, "bois"},
    {"18.12Z", "Imprimerie", 12, "bois"},
    {"30.11Z", "Chantiers", 8, "mer"},
    {"03.22Z", "Aquaculture", 6, "agroalimentaire"},
    {"23.61Z", "Béton", 12, "construction"},
    {"46.69B", "Fournitures", 35, "industrie_futur"},
    {"70.22Z", "Conseil", 60, "industrie_futur"},
};
const size_t demo_sector_count = sizeof demo_sectors / sizeof *demo_sectors;

static const char *const beginnings[] = {"Al",  "Bel", "Cor", "Dol", "Er",  "Fal",  "Gal",  "Hel",  "Is",   "Jor",
                                         "Kel", "Lor", "Mor", "Nor", "Or",  "Pel",  "Quer", "Ros",  "Sal",  "Tor",
                                         "Ul",  "Val", "Ven", "Yol", "Zel", "Bran", "Clar", "Druv", "Flor", "Grav"};
static const char *const middles[] = {"va", "ré", "do", "mi", "ni", "tha", "lo", "ri",  "sé", "ta",
                                      "vi", "no", "la", "mo", "ga", "bé",  "zo", "ché", "ju", "pa"};
static const char *const endings[] = {"ne",  "rane", "lys",  "dor",  "vent", "mont", "tis", "nox",  "val",  "rel",
                                      "zan", "bert", "gane", "lune", "via",  "tec",  "lia", "prim", "nova", "ster"};

#define PICK(random_, list_) ((list_)[random_below((random_), (int64_t)(sizeof(list_) / sizeof *(list_)))])

const char *demo_name(struct arena *arena, struct random *random, const char *word)
{
    const char *beginning = PICK(random, beginnings), *middle = PICK(random, middles), *ending = PICK(random, endings);
    const char *second = random_below(random, 3) ? "" : PICK(random, middles);
    return arena_print(arena, "%s %s%s%s%s (fictif)", word, beginning, middle, second, ending);
}

const char *demo_siren(struct arena *arena, int64_t index)
{
    char digits[16];
    int sum = 0;
    const uint64_t body = (uint64_t)index % 10000000U;
    for (int i = 0; i < 7; i++)
        digits[7 - i] = (char)('0' + body / (uint64_t[]){1, 10, 100, 1000, 10000, 100000, 1000000}[i] % 10);
    digits[0] = '0';
    for (int i = 0; i < 8; i++) {
        const int digit = digits[7 - i] - '0', twice = i % 2 == 0 ? digit * 2 : digit;
        sum += twice > 9 ? twice - 9 : twice;
    }
    digits[8] = (char)('0' + (10 - sum % 10) % 10);
    digits[9] = '\0';
    return arena_copy(arena, digits);
}

const struct need_words demo_needs[] = {
    {"people.recruitment", "Recruter deux soudeurs TIG pour notre nouvelle ligne",
     "Nous n’avons reçu que trois candidatures en quatre mois. Une formation de demandeurs d’emploi à plusieurs "
     "entreprises nous intéresse."},
    {"people.recruitment", "Recruter un technicien de maintenance industrielle",
     "Poste en 2 × 8, machines à commande numérique et robots. Débutants acceptés si une formation suit."},
    {"people.recruitment", "Trouver un développeur de logiciels embarqués",
     "Langage C, microcontrôleurs, sûreté de fonctionnement. Télétravail partiel possible."},
    {"people.recruitment", "Recruter un data scientist pour le contrôle qualité",
     "Vision par ordinateur sur nos lignes de contrôle. Nous cherchons depuis un an."},
    {"people.recruitment", "Recruter des opérateurs sur commande numérique",
     "Quatre départs en retraite dans l’année. Nous formons au poste."},
    {"people.sharing", "Embaucher un responsable énergie à temps partagé",
     "Un jour par semaine suffirait, à partager avec des voisins."},
    {"people.recruitment", "Recruter un chaudronnier confirmé", "Lecture de plans, inox et aluminium."},
    {"people.recruitment", "Recruter un automaticien", "Automates et supervision, déplacements en France."},
    {"skills.training", "Former nos chefs d’équipe à la gestion de production",
     "Six personnes, sur place, par demi-journées."},
    {"skills.training", "Former une équipe à la cybersécurité industrielle",
     "Après une tentative d’intrusion, nous voulons des gestes simples et un plan."},
    {"skills.training", "Monter en compétences en fabrication additive métal",
     "Deux techniciens à former, et l’accès à une machine pour s’exercer."},
    {"skills.training", "Former les acheteurs à l’éco-conception",
     "Savoir lire une analyse de cycle de vie et la demander aux fournisseurs."},
    {"skills.training", "Apprendre à utiliser l’intelligence artificielle au bureau d’études",
     "Par où commencer, avec quelles précautions pour nos plans."},
    {"technology.decarbonation", "Réduire la consommation d’un four de traitement thermique",
     "Four à gaz de 2 MW, en continu. Récupération de chaleur ou électrification."},
    {"technology.solution", "Trouver un capteur sans fil pour milieu explosif", "Zone ATEX 1, autonomie de deux ans."},
    {"technology.solution", "Automatiser le contrôle visuel de pièces plastiques",
     "Trente mille pièces par jour, défauts d’aspect."},
    {"technology.solution", "Remplacer un solvant dangereux",
     "Dégraissage avant peinture ; l’autorisation du produit actuel s’achève."},
    {"technology.decarbonation", "Récupérer la chaleur d’un compresseur d’air",
     "Environ 400 kW perdus, ateliers à chauffer à côté."},
    {"partner.consortium", "Chercher un partenaire pour un projet européen",
     "Consortium de quatre pays sur les matériaux biosourcés ; il manque un utilisateur final."},
    {"technology.research", "Trouver un laboratoire pour des essais de corrosion", "Essais longs en milieu marin."},
    {"partner.supplier", "Trouver un sous-traitant en usinage cinq axes",
     "Séries de 50 à 200 pièces, aluminium aéronautique."},
    {"partner.consortium", "S’associer pour une plateforme de recyclage",
     "Massifier les plastiques techniques de la région."},
    {"funding.grant", "Financer un démonstrateur de production",
     "Besoin d’environ 1,2 million d’euros sur deux ans ; quelles aides se combinent ?"},
    {"funding.grant", "Financer un premier recrutement de docteur", "Thèse terminée dans l’équipe partenaire."},
    {"funding.grant", "Comprendre le crédit d’impôt recherche",
     "Première déclaration, nous craignons d’oublier des dépenses."},
    {"equipment.sharing", "Accéder à un banc d’essai électrique", "Moteurs de 50 à 200 kW, quelques semaines par an."},
    {"equipment.sharing", "Partager une salle blanche", "Classe ISO 7, un jour par semaine."},
    {"equipment.sharing", "Utiliser un microscope électronique", "Analyses ponctuelles de surfaces."},
    {"partner.customer", "Rencontrer des acheteurs de grands groupes",
     "Nous avons un produit prêt et deux références régionales."},
    {"partner.export", "Exporter en Allemagne", "Premier salon l’an prochain : qui l’a déjà fait ?"},
    {"skills.transfer", "Préparer la transmission de l’entreprise",
     "Dirigeant de 61 ans, vingt salariés, reprise par les cadres envisagée."},
};
const size_t demo_need_count = sizeof demo_needs / sizeof *demo_needs;
