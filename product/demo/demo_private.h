/* demo_private.h: what the parts of the demonstration share. */
#ifndef PRODUCT_DEMO_PRIVATE_H
#define PRODUCT_DEMO_PRIVATE_H

#include <stddef.h>

#include "platform/record/record.h"
#include "product/demo/demo.h"

/* Random numbers that are the same everywhere: SplitMix64 (Steele, Lea and Flood 2014). */
struct random {
    uint64_t state;
};
uint64_t random_next(struct random *random);
/* 0 to below - 1. */
int64_t random_below(struct random *random, int64_t below);
/* 0 to 1, 1 excluded. */
double random_unit(struct random *random);

/* Drawing one of many by weight: O(log count). */
struct draw {
    int64_t *sums;
    size_t count;
};
struct draw draw_new(struct arena *arena, const int64_t *weights, size_t count);
size_t draw_one(const struct draw *draw, struct random *random);

struct sector {
    const char *code;
    const char *word;
    int64_t weight;
    const char *strategic;
};
extern const struct sector demo_sectors[];
extern const size_t demo_sector_count;

/* An invented name: "Mécanique Alvérane (fictif)". */
const char *demo_name(struct arena *arena, struct random *random, const char *word);
/* A number with a right check digit, beginning with 0, that no company has: index 0 to 9,999,999. */
const char *demo_siren(struct arena *arena, int64_t index);

struct need_words {
    const char *type;
    const char *title;
    const char *text;
};
extern const struct need_words demo_needs[];
extern const size_t demo_need_count;

struct practice_words {
    const char *title, *serves, *context, *means;
    int64_t cost; /* cents */
    const char *results, *conditions, *testimony;
    const char *measure, *unit, *sought; /* what those who take it up measure, and what they hope for */
    int64_t before, after;               /* hundredths, give or take */
};
extern const struct practice_words demo_practices[];
extern const size_t demo_practice_count;

struct event_words {
    const char *type, *title, *text, *for_whom;
    int64_t places;
};
extern const struct event_words demo_events[];
extern const size_t demo_event_count;

struct equipment_words {
    const char *type, *title, *text, *access;
    int64_t price; /* cents */
    const char *price_per;
};
extern const struct equipment_words demo_equipment[];
extern const size_t demo_equipment_count;

enum { DEMO_KEPT = 64 };

/* What is being made. */
struct demo {
    struct record_context context; /* its arena is of the batch */
    struct record_batch *batch;    /* of the kind that is being made */
    const struct demo_options *options;
    struct arena *arena; /* of the whole */
    struct random random;
    const struct vocabulary_code **communes;
    size_t commune_count;
    struct draw commune_draw, sector_draw;
    int64_t *organisations, *regions_of; /* companies, then the others: ids, and the index of their région */
    size_t organisation_count;
    int64_t clusters[64];
    const char *cluster_regions[64];
    size_t cluster_count;
    int64_t planned[DEMO_KEPT], equipment[DEMO_KEPT]; /* events to come, and equipment: ids */
    int64_t practices[DEMO_KEPT];                     /* ids, as their words stand in demo_practices */
    size_t planned_count, equipment_count, practice_count;
    int64_t member;             /* the company of the demonstration's member */
    int64_t largest;            /* the cluster of most members, where the officer of the demonstration works */
    int64_t members[DEMO_KEPT]; /* of that cluster */
    size_t member_count;
    int64_t next_siren;
    demo_progress *progress;
    void *progress_context;
};

/* One item in the transaction of a batch. */
typedef enum status demo_item(struct demo *demo, int64_t index, struct error *error);
/* Makes `count` items in short transactions, each with the index of its records. */
enum status demo_batches(struct demo *demo, const char *what, const struct kind *kind, int64_t count, demo_item *item,
                         struct error *error);

/* Adds a record to the batch. */
enum status demo_save(struct demo *demo, void *record, struct error *error);

demo_item demo_make_body, demo_make_company, demo_make_membership, demo_make_need, demo_make_practice, demo_make_event,
    demo_make_equipment, demo_make_registration, demo_make_booking, demo_make_adoption, demo_make_visit;
enum {
    DEMO_PRACTICES = 24,
    DEMO_ADOPTIONS = 40,
    DEMO_VISITS = 45,
    DEMO_EVENTS = 36,
    DEMO_EQUIPMENT = 24,
    DEMO_REGISTRATIONS = 60,
    DEMO_BOOKINGS = 12,
    DEMO_CLUSTERS = 55,
    DEMO_LABORATORIES = 60,
    DEMO_TRAINING = 40,
    DEMO_FUNDERS = 6,
    DEMO_REGIONS = 18,
    DEMO_BODIES = DEMO_CLUSTERS + DEMO_LABORATORIES + DEMO_TRAINING + DEMO_FUNDERS + DEMO_REGIONS
};

#endif
