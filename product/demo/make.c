/* make.c: one organisation, one membership, one need of the demonstration. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/demo/demo_private.h"
#include "product/kinds/membership.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"

enum { PLACE_SPREAD = 8000, CITY = 80000 };

static const struct vocabulary_code *draw_commune(struct demo *demo, int64_t least)
{
    const struct vocabulary_code *commune = NULL;
    for (int i = 0; i < 200; i++) {
        commune = demo->communes[draw_one(&demo->commune_draw, &demo->random)];
        if (commune->population >= least) return commune;
    }
    return commune;
}

static void set_place(struct demo *demo, struct place *place, const struct vocabulary_code *commune)
{
    *place = (struct place){commune->code, commune->latitude, commune->longitude, commune->approximate};
    if (commune->approximate) return;
    place->latitude += random_below(&demo->random, PLACE_SPREAD) - PLACE_SPREAD / 2;
    place->longitude += random_below(&demo->random, PLACE_SPREAD) - PLACE_SPREAD / 2;
}

enum status demo_save(struct demo *demo, void *record, struct error *error)
{
    struct faults faults;
    faults.count = 0;
    const enum status status = record_batch_add(demo->batch, record, NULL, &faults, error);
    if (status == STATUS_INPUT && faults.count) *error = faults.items[0];
    return status;
}

static void keep_organisation(struct demo *demo, const struct organisation *organisation)
{
    demo->organisations[demo->organisation_count++] = organisation->head.id;
}

static const struct body {
    const char *type, *word, *sector;
    int count;
} bodies[] = {
    {"cluster", "Pôle", "94.99Z", DEMO_CLUSTERS},
    {"laboratory", "Laboratoire", "72.19Z", DEMO_LABORATORIES},
    {"training", "Centre de formation", "85.59A", DEMO_TRAINING},
    {"funder", "Fonds", "64.99Z", DEMO_FUNDERS},
    {"local_authority", "Région", "84.11Z", DEMO_REGIONS},
};

static const struct body *body_of(int64_t index)
{
    size_t i = 0;
    while (index >= bodies[i].count) index -= bodies[i++].count;
    return &bodies[i];
}

static const char *region_of(const struct demo *demo, const char *commune)
{
    const struct vocabulary_code *ancestors[8];
    const size_t count = vocabulary_ancestors(demo->context.records->vocabulary, "territory", commune, ancestors, 8);
    for (size_t i = 0; i < count; i++)
        if (strcmp(ancestors[i]->level, "region") == 0) return ancestors[i]->code;
    return NULL;
}

/* The largest commune of the n-th région: where its council is placed, nearly enough. */
static const struct vocabulary_code *region_seat(struct demo *demo, size_t rank, const struct vocabulary_code **region)
{
    const struct vocabulary_code **regions = NULL, *seat = NULL;
    const size_t count =
        vocabulary_list(demo->context.records->vocabulary, demo->context.arena, "territory", "region", NULL, &regions);
    if (!count) return draw_commune(demo, 0);
    *region = regions[rank % count];
    for (size_t i = 0; i < demo->commune_count; i++) {
        const struct vocabulary_code *commune = demo->communes[i];
        if (commune->retired || commune->latitude == INT64_MIN || (seat && commune->population <= seat->population))
            continue;
        const char *code = region_of(demo, commune->code);
        if (code && strcmp(code, (*region)->code) == 0) seat = commune;
    }
    return seat ? seat : draw_commune(demo, 0);
}

enum status demo_make_body(struct demo *demo, int64_t index, struct error *error)
{
    struct organisation *made = record_new(&demo->context, &organisation_kind);
    const struct body *body = body_of(index);
    const struct sector *sector = &demo_sectors[random_below(&demo->random, (int64_t)demo_sector_count)];
    const struct vocabulary_code *region = NULL;
    const bool council = strcmp(body->type, "local_authority") == 0;
    const struct vocabulary_code *commune =
        council ? region_seat(demo, (size_t)index, &region) : draw_commune(demo, CITY);
    made->name.value = demo_name(demo->context.arena, &demo->random,
                                 arena_print(demo->context.arena, "%s %s", body->word, sector->word));
    if (region) made->name.value = arena_print(demo->context.arena, "Région %s (démonstration)", region->label_fr);
    made->type.value = body->type;
    made->siren.value = demo_siren(demo->context.arena, demo->next_siren++);
    made->sector.value = body->sector;
    made->invented.value = 1;
    set_place(demo, &made->place, commune);
    const enum status status = demo_save(demo, made, error);
    if (status) return status;
    if (strcmp(body->type, "cluster") == 0) {
        demo->clusters[index] = made->head.id;
        demo->cluster_regions[index] = region_of(demo, commune->code);
        demo->cluster_count = (size_t)index + 1;
    }
    return STATUS_OK;
}

/* Shares of sizes among the members of clusters, in our estimate: 45, 33, 17 and 5 in a hundred. */
static int64_t draw_headcount(struct random *random, const char **size)
{
    const int64_t share = random_below(random, 100);
    if (share < 45) return *size = "micro", 1 + random_below(random, 9);
    if (share < 78) return *size = "small", 10 + random_below(random, 40);
    if (share < 95) return *size = "medium", 50 + random_below(random, 200);
    return *size = "large", 250 + random_below(random, 3000);
}

enum status demo_make_company(struct demo *demo, int64_t index, struct error *error)
{
    struct organisation *made = record_new(&demo->context, &organisation_kind);
    const struct sector *sector = &demo_sectors[draw_one(&demo->sector_draw, &demo->random)];
    (void)index;
    made->name.value = demo_name(demo->context.arena, &demo->random, sector->word);
    made->type.value = "company";
    made->siren.value = demo_siren(demo->context.arena, demo->next_siren++);
    made->sector.value = sector->code;
    made->strategic_sectors.value = sector->strategic;
    made->headcount.value = draw_headcount(&demo->random, &made->size.value);
    made->invented.value = 1;
    set_place(demo, &made->place, draw_commune(demo, 0));
    const enum status status = demo_save(demo, made, error);
    if (!status) keep_organisation(demo, made);
    return status;
}

/* A cluster of the company's région, if there is one, in seven cases of ten. */
static int64_t draw_cluster(struct demo *demo, int64_t company)
{
    struct organisation *loaded = NULL;
    const int64_t start = random_below(&demo->random, (int64_t)demo->cluster_count);
    const bool near = random_below(&demo->random, 10) < 7;
    void *record = NULL;
    if (near && record_load(&demo->context, &organisation_kind, company, &record, NULL) == STATUS_OK) loaded = record;
    for (size_t i = 0; loaded && loaded->region.value && i < demo->cluster_count; i++) {
        const size_t at = ((size_t)start + i) % demo->cluster_count;
        if (demo->cluster_regions[at] && strcmp(demo->cluster_regions[at], loaded->region.value) == 0)
            return demo->clusters[at];
    }
    return demo->clusters[start];
}

enum status demo_make_membership(struct demo *demo, int64_t index, struct error *error)
{
    struct membership *made = record_new(&demo->context, &membership_kind);
    made->organisation.id = demo->organisations[index];
    made->cluster.id = draw_cluster(demo, made->organisation.id);
    made->role.value = random_below(&demo->random, 20) ? "member" : "board";
    made->starts.day = time_today() - 30 - random_below(&demo->random, 4000);
    return demo_save(demo, made, error);
}

static void draw_state(struct demo *demo, struct need *need, int64_t age)
{
    const int64_t share = random_below(&demo->random, 100);
    const bool old = age > 60;
    if (share < (old ? 30 : 80)) return;
    need->head.state = share < (old ? 50 : 95) ? "taken_up" : share < 82 || !old ? "served" : "closed";
    if (strcmp(need->head.state, "closed") == 0) need->head.reason = "Aucune réponse utile en six mois";
}

enum status demo_make_need(struct demo *demo, int64_t index, struct error *error)
{
    static const enum audience audiences[] = {AUDIENCE_NETWORK, AUDIENCE_NETWORK, AUDIENCE_PUBLIC, AUDIENCE_CIRCLE,
                                              AUDIENCE_PRIVATE};
    struct need *made = record_new(&demo->context, &need_kind);
    const struct need_words *words = &demo_needs[random_below(&demo->random, (int64_t)demo_need_count)];
    const int64_t members = demo->organisation_count < 10500 ? (int64_t)demo->organisation_count : 10500;
    /* Older ones are fewer: the service became known. */
    const double spread = random_unit(&demo->random);
    const int64_t age = (int64_t)(spread * spread * 720);
    (void)index;
    made->title.value = words->title;
    made->description.value = words->text;
    made->type.value = words->type;
    made->company.id = demo->organisations[random_below(&demo->random, members)];
    made->head.audience = audiences[random_below(&demo->random, 5)];
    if (strcmp(words->type, "people.recruitment") == 0) made->headcount.value = 1 + random_below(&demo->random, 6);
    demo->context.now = time_now() - age * MS_PER_DAY - random_below(&demo->random, MS_PER_DAY / 3);
    draw_state(demo, made, age);
    const enum status status = demo_save(demo, made, error);
    demo->context.now = 0;
    return status;
}
