/* figures_private.h: what the files behind figures.h share. */
#ifndef PRODUCT_FIGURES_PRIVATE_H
#define PRODUCT_FIGURES_PRIVATE_H

#include "base/map.h"
#include "engine/counts/counts.h"
#include "platform/record/record.h"
#include "product/figures/figures.h"

/* A list of codes, and one more item for what is in none of them. */
struct figures_list {
    const char **codes;
    size_t count; /* without the last item */
    struct map *numbers;
};

/* How widely a need is shared: onlookers see up to a level. */
enum share { SHARE_PUBLIC = 1, SHARE_NETWORK, SHARE_CIRCLE, SHARE_PRIVATE };

/* One company of the quarter: where its need that is shared most widely stands, the first of those. */
struct figures_company {
    int64_t id;
    enum share share;
    int32_t place, kind, sector;
};

/* Members of a circle: the companies whose circle records someone of that cluster reads. */
struct figures_circle {
    struct map *companies;
};

/* All that a quarter's figures are computed from. */
struct figures_quarter {
    struct arena *arena;
    const struct records *records;
    int64_t quarter;
    struct figures_list places, regions, kinds, sectors;
    int32_t *region_of_place;
    struct figures_company *companies;
    size_t company_count;
    int64_t needs;
    struct figures_circle *circles;
    size_t circle_count;
    int64_t *members;        /* by area */
    int64_t *members_sector; /* by area, then sector */
};

static inline size_t figures_areas(const struct figures_quarter *quarter)
{
    return 1 + (quarter->regions.count + 1) + (quarter->places.count + 1);
}

/* The number of a code in a list; that of the last item when it is in none. */
int32_t figures_number(const struct figures_list *list, const char *code);
/* The same for its topmost ancestor. */
int32_t figures_root_number(const struct figures_quarter *quarter, const struct figures_list *list, const char *scheme,
                            const char *code);

/* Reads it from the database. */
enum status figures_gather(struct db_handle *read, struct figures_quarter *quarter, struct error *error);
/* The vocabulary's lists and members, apart. */
void figures_lists(struct figures_quarter *quarter);
enum status figures_members(struct db_handle *read, struct figures_quarter *quarter, struct error *error);

/* Protects what was gathered. */
enum status figures_protect(const struct figures_quarter *quarter, struct counts_result *result, struct error *error);

#endif
