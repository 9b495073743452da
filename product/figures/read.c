/* read.c: the published figures, as they stand in the database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/figures/figures.h"

int64_t figures_quarter_of(int64_t day)
{
    const struct civil date = day_to_civil(day);
    return 4 * (int64_t)date.year + (date.month - 1) / 3;
}

int64_t figures_quarter_start(int64_t quarter)
{
    return day_from_civil((struct civil){(int)(quarter / 4), (int)(quarter % 4) * 3 + 1, 1});
}

const char *figures_quarter_name(struct arena *arena, int64_t quarter)
{
    return arena_print(arena, "%lld-T%lld", (long long)(quarter / 4), (long long)(quarter % 4 + 1));
}

int64_t figures_quarter_parse(const char *text)
{
    int year = 0, number = 0, used = 0;
    if (!text || sscanf(text, "%4d-T%1d%n", &year, &number, &used) != 2 || text[used] || used != 7) return 0;
    return year >= 1900 && number >= 1 && number <= 4 ? 4 * (int64_t)year + number - 1 : 0;
}

enum status figures_releases(struct db_handle *read, struct arena *arena, struct figures_release **releases,
                             size_t *count, struct error *error)
{
    enum { MOST = 400 };
    struct db_rows *rows = db_query(read,
                                    "SELECT quarter, frozen, method, floor FROM figures_release ORDER BY quarter DESC "
                                    "LIMIT $1",
                                    DB_BIND(db_integer(MOST)));
    *releases = ARENA_ARRAY(arena, MOST, struct figures_release);
    *count = 0;
    while (db_next(rows))
        (*releases)[(*count)++] = (struct figures_release){.quarter = db_get_integer(rows, 0),
                                                           .frozen = db_get_integer(rows, 1),
                                                           .method = db_get_integer(rows, 2),
                                                           .floor = db_get_integer(rows, 3)};
    return db_end(&rows, error);
}

static const char *family_name(enum figures_family family)
{
    static const char *const names[] = {"all", "kind", "sector"};
    return names[family];
}

struct cells {
    struct figures_cell *items;
    size_t count, room;
};

static void add_cell(struct arena *arena, struct cells *cells, const struct db_rows *rows)
{
    if (cells->count == cells->room) {
        cells->room = 2 * cells->room + 128;
        struct figures_cell *items = ARENA_ARRAY(arena, cells->room, struct figures_cell);
        if (cells->count) memcpy(items, cells->items, cells->count * sizeof *items);
        cells->items = items;
    }
    cells->items[cells->count++] = (struct figures_cell){.quarter = db_get_integer(rows, 0),
                                                         .code = arena_copy(arena, db_get_text(rows, 1)),
                                                         .area = arena_copy(arena, db_get_text(rows, 2)),
                                                         .companies = db_get_integer(rows, 3),
                                                         .members = db_get_integer(rows, 4)};
}

enum status figures_cells(struct db_handle *read, struct arena *arena, const struct figures_wish *wish,
                          struct figures_cell **result, size_t *count, struct error *error)
{
    struct cells cells = {.items = NULL};
    struct db_rows *rows =
        db_query(read,
                 "SELECT quarter, code, area, companies, members FROM figures_cell WHERE quarter BETWEEN $1 AND $2 AND "
                 "family = $3 AND (CAST($4 AS TEXT) IS NULL OR code = $4) AND (CAST($5 AS TEXT) IS NULL OR area = $5) "
                 "ORDER BY quarter, code, area",
                 DB_BIND(db_integer(wish->quarter), db_integer(wish->quarter ? wish->quarter : INT32_MAX),
                         db_text(family_name(wish->family)), db_text(wish->code), db_text(wish->area)));
    while (db_next(rows)) add_cell(arena, &cells, rows);
    *result = cells.items;
    *count = cells.count;
    return db_end(&rows, error);
}
