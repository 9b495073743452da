/* place.c: exact coordinates of communes from La Poste's file. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/csv/csv.h"
#include "platform/db/db.h"
#include "platform/vocabulary/official_private.h"
#include "platform/vocabulary/vocabulary.h"

enum { BATCH = 1000 };

/* A commune with several postal codes has as many lines: their mean. */
struct place {
    const char *code;
    double latitude, longitude;
    int lines;
    struct place *next;
};

struct placing {
    int64_t edition;
    const struct place *first; /* of the present batch */
    const struct place *next;  /* after it */
    size_t placed;
};

/* "47.72, 7.00" */
static bool read_point(const char *text, double *latitude, double *longitude)
{
    const char *comma = strchr(text, ',');
    if (!comma) return false;
    const char *east = comma + 1 + strspn(comma + 1, " ");
    return csv_parse_real(text, (size_t)(comma - text), latitude) && csv_parse_real(east, strlen(east), longitude) &&
           *latitude >= -90 && *latitude <= 90 && *longitude >= -180 && *longitude <= 180;
}

static struct place *place_of(struct arena *arena, struct map *places, struct place **chain, const char *code)
{
    struct place *place = map_get(places, code);
    if (place) return place;
    place = ARENA_NEW(arena, struct place);
    place->code = arena_copy(arena, code);
    place->next = *chain;
    *chain = place;
    map_put(places, code, place);
    return place;
}

static enum status read_places(struct arena *arena, struct official *file, struct place **chain, struct error *error)
{
    int code = -1, point = -1;
    struct map *places = map_new(arena);
    enum status status =
        official_need(arena, file, "Code_commune_INSEE|code_commune_insee|#Code_commune_INSEE", &code, error);
    if (status == STATUS_OK)
        status = official_need(arena, file, "coordonnees_gps|coordonnees_geographiques|_geopoint", &point, error);
    while (status == STATUS_OK && official_next(file)) {
        double latitude = 0, longitude = 0;
        if (!read_point(file->cells[point], &latitude, &longitude)) continue;
        struct place *place = place_of(arena, places, chain, file->cells[code]);
        place->latitude += latitude;
        place->longitude += longitude;
        place->lines++;
    }
    return status;
}

static int64_t millionths(double degrees) { return (int64_t)(degrees * 1e6 + (degrees < 0 ? -0.5 : 0.5)); }

static enum status write_batch(struct db_handle *handle, void *context, struct error *error)
{
    struct placing *placing = context;
    enum status status = STATUS_OK;
    size_t placed = 0, tried = 0;
    const struct place *place = placing->first;
    for (; place && tried < BATCH && status == STATUS_OK; place = place->next, tried++) {
        int64_t changed = 0;
        status = db_run(handle,
                        "UPDATE vocabulary_code SET latitude = $1, longitude = $2, approximate = 0 WHERE edition = $3 "
                        "AND code = $4",
                        DB_BIND(db_integer(millionths(place->latitude / place->lines)),
                                db_integer(millionths(place->longitude / place->lines)), db_integer(placing->edition),
                                db_text(place->code)),
                        &changed, error);
        placed += (size_t)changed;
    }
    placing->next = place;
    placing->placed = placed;
    return status;
}

static enum status write_places(struct db *db, int64_t edition, const struct place *chain, size_t *placed,
                                struct error *error)
{
    struct placing placing = {.edition = edition, .first = chain};
    enum status status = STATUS_OK;
    while (placing.first && status == STATUS_OK) {
        status = db_transaction(db, write_batch, &placing, error);
        placing.first = placing.next;
        if (status == STATUS_OK) *placed += placing.placed;
    }
    return status;
}

void list_keep_places(const struct vocabulary *present, struct list *list)
{
    for (size_t i = 0; i < list->row_count; i++) {
        struct list_row *row = &list->rows[i];
        const struct vocabulary_code *known = vocabulary_find(present, list->scheme, row->code);
        if (!known || known->approximate || known->latitude == INT64_MIN) continue;
        if (!row->approximate && row->latitude != INT64_MIN) continue;
        row->latitude = known->latitude;
        row->longitude = known->longitude;
        row->approximate = false;
    }
}

static enum status count_left(struct db *db, int64_t edition, size_t *left, struct error *error)
{
    struct db_handle *handle = NULL;
    int64_t count = 0;
    enum status status = db_read(db, &handle, error);
    if (status == STATUS_OK)
        status = db_one_integer(handle,
                                "SELECT COUNT(*) FROM vocabulary_code WHERE edition = $1 AND level = 'commune' "
                                "AND retired = 0 AND (approximate = 1 OR latitude IS NULL)",
                                DB_BIND(db_integer(edition)), &count, error);
    db_release(&handle);
    *left = (size_t)count;
    return status;
}

static int64_t territory_edition(const struct vocabulary *present)
{
    const struct vocabulary_edition *editions = NULL;
    const size_t count = vocabulary_editions(present, &editions);
    for (size_t i = 0; i < count; i++)
        if (editions[i].current && strcmp(editions[i].scheme, "territory") == 0) return editions[i].edition;
    return 0;
}

enum status list_place_communes(struct db *db, const struct vocabulary *present, const char *path, size_t *placed,
                                size_t *left, struct error *error)
{
    const int64_t edition = territory_edition(present);
    *placed = *left = 0;
    if (!edition)
        return error_set(error, STATUS_INPUT, N_("Load the reference data first: there are no communes yet."));
    struct arena *arena = arena_new();
    struct official file = {0};
    struct place *chain = NULL;
    enum status status = official_open(&file, path, NULL, error);
    if (status == STATUS_OK) status = read_places(arena, &file, &chain, error);
    status = official_close(&file, status, NULL, error);
    if (status == STATUS_OK) status = write_places(db, edition, chain, placed, error);
    if (status == STATUS_OK) status = count_left(db, edition, left, error);
    arena_free(&arena);
    return status;
}
