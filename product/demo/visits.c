/* visits.c: visits of the demonstration: those held and those of the weeks to come. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/demo/demo_private.h"
#include "product/kinds/visit.h"

static const struct visit_words {
    const char *met, *said, *summary, *next;
} words[] = {
    {"la directrice et le chef d’atelier",
     "Deux départs à la retraite au printemps, personne pour reprendre le poste de réglage.",
     "L’atelier cherche à garder son savoir-faire de réglage. Intéressé par un apprentissage partagé.",
     "Le pôle met en relation avec le groupement d’employeurs. L’entreprise envoie sa fiche de poste."},
    {"le dirigeant", "Le four date de 1998 ; la facture de gaz a doublé. Le banquier demande un plan.",
     "Projet de récupération de chaleur, étude non commencée.", "Le pôle propose trois bureaux d’études."},
    {"la responsable qualité", "Un donneur d’ordres demande une certification avant septembre.",
     "Besoin d’un accompagnement à la certification.", "Deux adhérents certifiés sont prêts à raconter leur parcours."},
    {"le dirigeant et sa fille, qui reprend", "La reprise se prépare. Ils ne connaissaient pas le pôle.",
     "Reprise familiale en cours ; curieux des échanges entre dirigeants.", "Invitation à la prochaine rencontre."},
};

static int64_t working_day(int64_t day)
{
    const int64_t weekday = (day + 3) % 7; /* 0: Monday */
    return weekday > 4 ? day + 7 - weekday : day;
}

/* Those planned are near the cluster. */
static int64_t visited(struct demo *demo, int64_t index, bool planned)
{
    enum { NEAR = 16 };
    const int64_t all = (int64_t)demo->member_count, among = planned && all > NEAR ? NEAR : all;
    return index && all ? demo->members[random_below(&demo->random, among)] : demo->member;
}

/* Of the cluster where the officer of the demonstration works: a third of them in the three weeks to come. */
enum status demo_make_visit(struct demo *demo, int64_t index, struct error *error)
{
    struct visit *made = record_new(&demo->context, &visit_kind);
    const struct visit_words *said = &words[index % (int64_t)(sizeof words / sizeof *words)];
    const bool planned = index % 3 == 0;
    made->cluster.id = demo->largest;
    made->company.id = visited(demo, index, planned);
    made->officer.value = "Camille Chargé (fictif)";
    made->day.day = working_day(time_today() + (planned ? 1 + index % 15 : -20 - random_below(&demo->random, 500)));
    if (planned) return demo_save(demo, made, error);
    made->head.state = "held";
    made->met.value = said->met;
    made->said.value = said->said;
    made->summary.value = said->summary;
    made->next.value = said->next;
    made->next_day.day = made->day.day + 30;
    return demo_save(demo, made, error);
}
