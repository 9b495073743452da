/* lists.c: the cube's fixed lists: départements and régions, first level of kinds of need, sections of activities; and the base of rates. */
#include <string.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/figures/figures_private.h"

static void list_add(struct arena *arena, struct figures_list *list, const char *code)
{
    int32_t *number = ARENA_NEW(arena, int32_t);
    *number = (int32_t)list->count;
    list->codes[list->count++] = code;
    map_put(list->numbers, code, number);
}

/* The codes of a level, or the roots. */
static struct figures_list read_list(const struct figures_quarter *quarter, const char *scheme, const char *level)
{
    const struct vocabulary_code **found = NULL;
    struct figures_list list = {.numbers = map_new(quarter->arena)};
    const size_t count = vocabulary_list(quarter->records->vocabulary, quarter->arena, scheme, level, NULL, &found);
    list.codes = ARENA_ARRAY(quarter->arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        if (level || found[i]->depth == 0) list_add(quarter->arena, &list, found[i]->code);
    return list;
}

int32_t figures_number(const struct figures_list *list, const char *code)
{
    const int32_t *number = code ? map_get(list->numbers, code) : NULL;
    return number ? *number : (int32_t)list->count;
}

int32_t figures_root_number(const struct figures_quarter *quarter, const struct figures_list *list, const char *scheme,
                            const char *code)
{
    enum { ANCESTORS = 8 };
    const struct vocabulary_code *ancestors[ANCESTORS];
    const size_t count =
        code ? vocabulary_ancestors(quarter->records->vocabulary, scheme, code, ancestors, ANCESTORS) : 0;
    return count ? figures_number(list, ancestors[count - 1]->code) : (int32_t)list->count;
}

void figures_lists(struct figures_quarter *quarter)
{
    quarter->regions = read_list(quarter, "territory", "region");
    quarter->places = read_list(quarter, "territory", "departement");
    quarter->kinds = read_list(quarter, "need_type", NULL);
    quarter->sectors = read_list(quarter, "naf", NULL);
    quarter->region_of_place = ARENA_ARRAY(quarter->arena, quarter->places.count + 1, int32_t);
    for (size_t i = 0; i < quarter->places.count; i++) {
        const struct vocabulary_code *place =
            vocabulary_find(quarter->records->vocabulary, "territory", quarter->places.codes[i]);
        quarter->region_of_place[i] = figures_number(&quarter->regions, place->parent);
    }
    quarter->region_of_place[quarter->places.count] = (int32_t)quarter->regions.count;
}

/* Member companies on the last day of the quarter. */
enum status figures_members(struct db_handle *read, struct figures_quarter *quarter, struct error *error)
{
    const size_t areas = figures_areas(quarter), sectors = quarter->sectors.count + 1;
    struct db_rows *rows = db_query(
        read,
        "SELECT o.departement, o.sector, COUNT(DISTINCT m.organisation) FROM membership m JOIN organisation o ON "
        "o.id = m.organisation WHERE m.starts <= $1 AND (m.ends IS NULL OR m.ends >= $1) AND o.type = 'company' "
        "GROUP BY o.departement, o.sector",
        DB_BIND(db_integer(figures_quarter_start(quarter->quarter + 1) - 1)));
    quarter->members = ARENA_ARRAY(quarter->arena, areas, int64_t);
    quarter->members_sector = ARENA_ARRAY(quarter->arena, areas * sectors, int64_t);
    while (db_next(rows)) {
        const size_t place = (size_t)figures_number(&quarter->places, db_get_text(rows, 0));
        const size_t sector = (size_t)figures_root_number(quarter, &quarter->sectors, "naf", db_get_text(rows, 1));
        const size_t among[3] = {0, 1 + (size_t)quarter->region_of_place[place], 2 + quarter->regions.count + place};
        for (size_t k = 0; k < 3; k++) {
            quarter->members[among[k]] += db_get_integer(rows, 2);
            quarter->members_sector[among[k] * sectors + sector] += db_get_integer(rows, 2);
        }
    }
    return db_end(&rows, error);
}
