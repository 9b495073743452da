/* shared.c: practices, events and equipment of the demonstration. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/demo/demo_private.h"
#include "product/kinds/adoption.h"
#include "product/kinds/booking.h"
#include "product/kinds/equipment.h"
#include "product/kinds/event.h"
#include "product/kinds/organisation.h"
#include "product/kinds/practice.h"
#include "product/kinds/registration.h"

enum { HOUR = 3600000, OPENING = 9 };

static int64_t any_organisation(struct demo *demo)
{
    const int64_t members = demo->organisation_count < 10500 ? (int64_t)demo->organisation_count : 10500;
    return demo->organisations[random_below(&demo->random, members)];
}

/* The cluster of the accounts of the demonstration has its share. */
static int64_t any_cluster(struct demo *demo, int64_t index)
{
    return index % 4 == 0 ? demo->largest : demo->clusters[random_below(&demo->random, (int64_t)demo->cluster_count)];
}

enum status demo_make_practice(struct demo *demo, int64_t index, struct error *error)
{
    struct practice *made = record_new(&demo->context, &practice_kind);
    const struct practice_words *words = &demo_practices[index % (int64_t)demo_practice_count];
    made->title.value = words->title;
    made->serves.value = words->serves;
    made->organisation.id = any_organisation(demo);
    made->context.value = words->context;
    made->means.value = words->means;
    made->cost.cents = words->cost * (80 + random_below(&demo->random, 40)) / 100 / 10000 * 10000;
    made->results.value = words->results;
    made->conditions.value = words->conditions;
    made->testimony.value = words->testimony;
    made->start.day = time_today() - 200 - random_below(&demo->random, 900);
    const enum status status = demo_save(demo, made, error);
    if (!status) demo->practices[demo->practice_count++ % DEMO_KEPT] = made->head.id;
    return status;
}

/* Some are no better off, as in life. */
static void draw_result(struct demo *demo, const struct practice_words *words, struct adoption *made)
{
    const int64_t gained = words->before - words->after, share = random_below(&demo->random, 14) - 2; /* tenths */
    made->head.state = "measured";
    made->after.scaled = (made->before.scaled - gained * share / 10) / 100 * 100;
    made->measured.day = time_today() - random_below(&demo->random, 60);
    made->result.value = share < 1    ? "Rien n’a changé encore : il manque du temps de préparation."
                         : share < 10 ? "Un vrai progrès, moindre que chez ceux qui ont commencé."
                                      : "Le même résultat que chez ceux qui ont commencé.";
}

/* Anybody but who published it. */
static int64_t draw_adopter(struct demo *demo, int64_t index, int64_t practice)
{
    void *published = NULL;
    int64_t adopter = index % 8 ? any_organisation(demo) : demo->member;
    if (record_load(&demo->context, &practice_kind, practice, &published, NULL)) return adopter;
    while (adopter == ((const struct practice *)published)->organisation.id) adopter = any_organisation(demo);
    return adopter;
}

/* Half of them have a result. */
enum status demo_make_adoption(struct demo *demo, int64_t index, struct error *error)
{
    static const char *const early[] = {"considered", "begun", "begun", "in_place", "in_place"};
    struct adoption *made = record_new(&demo->context, &adoption_kind);
    const size_t which = (size_t)(index * 5 + index / 8) % demo->practice_count;
    const struct practice_words *words = &demo_practices[which % demo_practice_count];
    made->practice.id = demo->practices[which];
    made->organisation.id = draw_adopter(demo, index, made->practice.id);
    made->start.day = time_today() - 90 - random_below(&demo->random, 400);
    made->measure.value = words->measure;
    made->unit.value = words->unit;
    made->sought.value = words->sought;
    made->before.scaled = words->before * (80 + random_below(&demo->random, 40)) / 100 / 100 * 100;
    if (index % 2)
        draw_result(demo, words, made);
    else
        made->head.state = early[index / 2 % 5];
    return demo_save(demo, made, error);
}

/* Working days, at nine or at two, half of them in the two months to come. */
static int64_t draw_moment(struct demo *demo)
{
    int64_t day = time_today() + (random_below(&demo->random, 2) ? 3 + random_below(&demo->random, 60)
                                                                 : -random_below(&demo->random, 300));
    int64_t moment = 0;
    const int64_t weekday = (day + 3) % 7; /* 0: Monday */
    if (weekday > 4) day += 7 - weekday;
    language_paris_moment(day * MS_PER_DAY + (random_below(&demo->random, 2) ? OPENING : 14) * HOUR, &moment);
    return moment;
}

enum status demo_make_event(struct demo *demo, int64_t index, struct error *error)
{
    struct event *made = record_new(&demo->context, &event_kind);
    const struct event_words *words = &demo_events[index % (int64_t)demo_event_count];
    void *organiser = NULL;
    made->title.value = words->title;
    made->type.value = words->type;
    made->organiser.id = any_cluster(demo, index);
    made->description.value = words->text;
    made->for_whom.value = words->for_whom;
    made->places.value = words->places;
    made->starts.at = draw_moment(demo);
    made->ends.at = made->starts.at + (1 + random_below(&demo->random, 3)) * HOUR;
    const bool past = made->starts.at < time_now();
    if (past) made->head.state = "held";
    if (words->places != ABSENT) made->register_until.day = time_day(made->starts.at) - 2;
    if (past && strcmp(words->type, "exchange") == 0)
        made->minutes.value =
            "## Décisions\n\n- Une convention type est partagée.\n- Prochain échange dans trois mois.";
    if (strcmp(words->type, "online") == 0)
        made->online.value = "https://visio.example/pole";
    else if (record_load(&demo->context, &organisation_kind, made->organiser.id, &organiser, NULL) == STATUS_OK)
        made->place = ((const struct organisation *)organiser)->place;
    const enum status status = demo_save(demo, made, error);
    if (!status && !past) demo->planned[demo->planned_count++ % DEMO_KEPT] = made->head.id;
    return status;
}

enum status demo_make_equipment(struct demo *demo, int64_t index, struct error *error)
{
    struct equipment *made = record_new(&demo->context, &equipment_kind);
    const struct equipment_words *words = &demo_equipment[index % (int64_t)demo_equipment_count];
    made->title.value = words->title;
    made->type.value = words->type;
    made->organisation.id = index % 4 ? any_organisation(demo) : any_cluster(demo, index);
    made->description.value = words->text;
    made->access.value = words->access;
    made->price.cents = words->price;
    made->price_per.value = words->price_per;
    const enum status status = demo_save(demo, made, error);
    if (!status) demo->equipment[demo->equipment_count++ % DEMO_KEPT] = made->head.id;
    return status;
}

static const char *const persons[] = {"Alix Inventé", "Noé Fictif", "Lou Imaginaire", "Sacha Supposé", "Ange Rêvée"};

/* The company of the demonstration's member among others. */
static int64_t guest(struct demo *demo, int64_t index) { return index % 5 ? any_organisation(demo) : demo->member; }

enum status demo_make_registration(struct demo *demo, int64_t index, struct error *error)
{
    struct registration *made = record_new(&demo->context, &registration_kind);
    if (!demo->planned_count) return STATUS_OK;
    made->event.id = demo->planned[random_below(&demo->random, (int64_t)demo->planned_count)];
    made->organisation.id = guest(demo, index);
    made->person.value = index % 5 ? persons[index % 5] : "Élie Entreprise (fictif)";
    made->email.value = index % 5 ? NULL : "entreprise@maillage.example";
    return demo_save(demo, made, error);
}

enum status demo_make_booking(struct demo *demo, int64_t index, struct error *error)
{
    static const char *const purposes[] = {"Essai d’endurance d’un moteur prototype, une pièce.",
                                           "Première série de vingt pièces, matière fournie.",
                                           "Analyse d’une surface après corrosion, trois échantillons."};
    struct booking *made = record_new(&demo->context, &booking_kind);
    made->equipment.id = demo->equipment[random_below(&demo->random, (int64_t)demo->equipment_count)];
    made->organisation.id = guest(demo, index);
    made->starts.at = draw_moment(demo);
    made->ends.at = made->starts.at + 4 * HOUR;
    made->purpose.value = purposes[index % 3];
    made->person.value = index % 5 ? persons[index % 5] : "Élie Entreprise (fictif)";
    made->email.value = index % 5 ? NULL : "entreprise@maillage.example";
    if (made->starts.at < time_now()) made->head.state = "done";
    return demo_save(demo, made, error);
}
