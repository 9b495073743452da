/* shared_words.c: invented practices, events and equipment of the demonstration. */
#include "product/demo/demo_private.h"

const struct practice_words demo_practices[] = {
    {"Quatre ateliers se partagent deux apprentis soudeurs", "people.apprentice;skills.training",
     "Aucun atelier n’avait assez de travail pour un apprenti à plein temps, et le centre de formation fermait sa "
     "section.",
     "Un groupement d’employeurs, un tuteur par atelier, une réunion par mois. Six mois de préparation.", 1800000,
     "Deux apprentis embauchés à l’issue, section maintenue avec 11 élèves, délais de soudure réduits d’un tiers.",
     "Trois entreprises à moins de 30 km, un centre de formation qui accepte d’adapter son calendrier.",
     "« Seuls, nous aurions renoncé dès la première année. »", "Délai moyen de soudure", "jours", "lower", 1500, 1000},
    {"La chaleur d’un compresseur chauffe l’atelier voisin", "technology.decarbonation;partner.exchange",
     "Deux usines mitoyennes : l’une rejetait 380 kW de chaleur, l’autre chauffait au gaz.",
     "Échangeur, 140 m de canalisation, convention de dix ans. Étude payée à moitié par l’agence de l’énergie.",
     21000000, "1 150 MWh de gaz évités par an, 230 tCO2e en moins, retour en quatre ans et demi.",
     "Moins de 300 m entre les sites, des horaires qui se recouvrent, un bail assez long.",
     "« La convention a pris plus de temps que les tuyaux. »", "Gaz acheté en un an", "MWh", "lower", 118000, 62000},
    {"Un responsable énergie à temps partagé entre cinq PME", "people.sharing;technology.decarbonation",
     "Des factures qui doublent et personne pour s’en occuper plus d’une heure par mois.",
     "Un jour par semaine dans chaque entreprise, contrat porté par le groupement d’employeurs.", 6500000,
     "12 % de consommation en moins la première année en moyenne, poste financé par les économies.",
     "Des entreprises de consommation comparable, un premier financement de six mois.",
     "« Il voit chez l’un ce qu’il "
     "faut faire chez l’autre. »",
     "Électricité consommée en un an", "MWh", "lower", 84000, 74000},
    {"Des après-midi d’essai sur le robot du lycée", "technology.test;equipment.sharing",
     "Les PME hésitaient à acheter un robot sans l’avoir essayé sur leurs pièces.",
     "Le lycée ouvre son robot le mercredi après-midi ; un professeur et un intégrateur accompagnent.", 450000,
     "17 entreprises venues en un an, cinq achats décidés, trois abandons utiles.",
     "Une plateforme équipée, une convention d’assurance, un intégrateur sans exclusivité.", NULL,
     "Pièces essayées sur un robot en un an", NULL, "higher", 200, 1900},
    {"Une revue de sûreté informatique entre pairs", "skills.training;rules.standard",
     "Deux adhérents attaqués en six mois ; des audits trop chers pour les autres.",
     "Les responsables de six PME se visitent deux par deux avec une grille de 40 questions.", 300000,
     "Toutes ont désormais une sauvegarde essayée ; une attaque arrêtée en mars.",
     "De la confiance, une charte de confidentialité signée, un animateur.",
     "« On accepte d’un confrère ce que l’on "
     "n’entend pas d’un consultant. »",
     "Sauvegardes relues avec succès", "%", "higher", 5500, 10000},
    {"Acheter ensemble l’électricité de huit ateliers", "partner.exchange",
     "Des contrats signés seuls, au plus mauvais moment.",
     "Un appel d’offres commun porté par le pôle, en trois tranches.", 150000,
     "9 % sous le prix obtenu seul l’année précédente, et un calendrier d’effacement commun.",
     "Des volumes connus par tranche horaire, un mandat clair.", NULL, "Prix du mégawattheure", "€", "lower", 13800,
     12600},
    {"Le parcours d’accueil de trois semaines divise par deux les départs", "people.recruitment",
     "Quatre nouveaux sur dix partaient avant trois mois.",
     "Un tuteur, un carnet de compétences, un point chaque vendredi.", 900000,
     "Départs avant trois mois : de 40 % à 18 % en un an.", "Du temps de tuteur, protégé par la direction.",
     "« Le carnet a appris autant aux anciens qu’aux nouveaux. »", "Départs avant trois mois", "%", "lower", 4000,
     1800},
    {"Une thèse partagée entre un laboratoire et trois PME", "technology.research;funding.grant",
     "Un verrou commun sur le collage de composites, aucun budget pour une thèse seul.",
     "Convention à quatre, une réunion par trimestre, les résultats communs publiés après six mois.", 12000000,
     "Un procédé validé, un brevet commun, un docteur embauché.", "Un intérêt commun qui ne porte pas sur le produit.",
     NULL, "Rebuts de collage", "%", "lower", 900, 400},
};
const size_t demo_practice_count = sizeof demo_practices / sizeof *demo_practices;

const struct event_words demo_events[] = {
    {"meeting", "Rencontre des adhérents du pôle", "Tour de table des besoins, puis travail par groupes de quatre.",
     "Tous les adhérents", 60},
    {"workshop", "Atelier : écrire un cahier des charges de robotisation",
     "Venez avec une pièce et un temps de cycle. On repart avec un premier cahier des charges.",
     "PME de moins de 250 "
     "salariés",
     12},
    {"exchange", "Échange : partager des apprentis entre ateliers",
     "Ceux qui l’ont fait racontent : contrat, calendrier, ce qui a coincé.", "Dirigeants et responsables d’atelier",
     20},
    {"online", "Une heure sur les aides à la décarbonation", "Ce qui existe, ce qui se combine, les dates de dépôt.",
     "Toutes les entreprises", ABSENT},
    {"visit", "Portes ouvertes d’une plateforme de fabrication additive",
     "Démonstration sur trois machines, questions aux opérateurs.", "Bureaux d’études", 25},
    {"workshop", "Atelier : sûreté informatique entre pairs", "La grille des 40 questions, essayée à deux.",
     "Responsables informatiques, ou qui en tient lieu", 16},
};
const size_t demo_event_count = sizeof demo_events / sizeof *demo_events;

const struct equipment_words demo_equipment[] = {
    {"platform", "Plateforme de fabrication additive métal", "Fusion laser sur lit de poudre, acier et titane, 250 mm.",
     "Avec un opérateur de la plateforme. Deux semaines à l’avance. Accord de confidentialité fourni.", 9000, "hour"},
    {"machine", "Banc d’essai de moteurs électriques 200 kW", "Essais d’endurance et de rendement jusqu’à 200 kW.",
     "Seul après une journée de prise en main. Assurance du matériel à votre charge.", 65000, "day"},
    {"machine", "Microscope électronique à balayage", "Images de surface, analyse chimique locale.",
     "Échantillons envoyés ou apportés ; résultat sous cinq jours.", 18000, "use"},
    {"room", "Salle blanche ISO 7, 80 m²", "Assemblage et contrôle de petits ensembles.",
     "À la journée, tenue fournie, formation d’une heure obligatoire.", 40000, "day"},
    {"computing", "Calcul de structures et de fluides", "64 cœurs, licences libres installées, aide au premier calcul.",
     "À distance, compte ouvert en deux jours.", ABSENT, "quote"},
    {"showcase", "Vitrine : atelier d’assemblage avec cobots", "Trois postes réels, montrés en production le jeudi.",
     "Visite sur rendez-vous, dix personnes au plus.", ABSENT, "free"},
};
const size_t demo_equipment_count = sizeof demo_equipment / sizeof *demo_equipment;
