/* tour.c: the visits of some days, each day in an order that makes the way short. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/visits/visits.h"

static const double MILLIONTHS = 1e-6;

static bool point_of(const struct place *place, struct route_point *point)
{
    if (place->latitude == ABSENT || place->longitude == ABSENT) return false;
    *point = (struct route_point){(double)place->latitude * MILLIONTHS, (double)place->longitude * MILLIONTHS};
    return true;
}

bool visits_start(struct record_context *context, int64_t cluster, struct route_point *start)
{
    struct place place = {.latitude = ABSENT, .longitude = ABSENT};
    void *record = NULL;
    return cluster && record_load(context, &organisation_kind, cluster, &record, NULL) == STATUS_OK &&
           record_place(context, &organisation_kind, record, &place) && point_of(&place, start);
}

static enum status find_visits(struct record_context *context, int64_t cluster, int64_t from, int64_t until,
                               void ***visits, size_t *count, struct error *error)
{
    int64_t ids[ROUTE_MOST - 1];
    size_t found = 0;
    *visits = ARENA_ARRAY(context->arena, ROUTE_MOST, void *);
    *count = 0;
    struct db_rows *rows = db_query(
        context->handle,
        "SELECT id FROM visit WHERE owner = $1 AND state <> 'cancelled' AND day BETWEEN $2 AND $3 ORDER BY day, id",
        DB_BIND(db_integer(cluster), db_integer(from), db_integer(until)));
    while (found < ROUTE_MOST - 1 && db_next(rows)) ids[found++] = db_get_integer(rows, 0);
    const enum status status = db_end(&rows, error);
    return status || !found ? status : record_load_many(context, &visit_kind, ids, found, *visits, count, error);
}

/* The one held last before this one. */
static enum status find_last(struct record_context *context, const struct visit *visit, const struct visit **last,
                             struct error *error)
{
    int64_t id = 0;
    void *record = NULL;
    *last = NULL;
    struct db_rows *rows =
        db_query(context->handle,
                 "SELECT id FROM visit WHERE company = $1 AND owner = $2 AND state = 'held' AND day <= $3 "
                 "AND id <> $4 ORDER BY day DESC, id DESC LIMIT 1",
                 DB_BIND(db_integer(visit->company.id), db_integer(visit->head.owner), db_integer(visit->day.day),
                         db_integer(visit->head.id)));
    if (db_next(rows)) id = db_get_integer(rows, 0);
    enum status status = db_end(&rows, error);
    if (!status && id) status = record_load(context, &visit_kind, id, &record, error);
    *last = record;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status load_stop(struct record_context *context, const struct visit *visit, struct visits_stop *stop,
                             struct error *error)
{
    void *company = NULL;
    enum status status = record_load(context, &organisation_kind, visit->company.id, &company, error);
    if (status && status != STATUS_MISSING) return status;
    *stop = (struct visits_stop){.visit = visit, .company = company, .kilometres = NAN};
    return find_last(context, visit, &stop->last, error);
}

/* Puts those that have a place into a short order, the others after them. */
static void order_day(struct arena *arena, struct visits_day *day, const struct route_point *start)
{
    struct route_point points[ROUTE_MOST] = {*start};
    struct visits_stop *stops = ARENA_ARRAY(arena, day->count + 1, struct visits_stop), *sorted = stops;
    size_t which[ROUTE_MOST], order[ROUTE_MOST], count = 1;
    for (size_t i = 0; i < day->count; i++)
        if (point_of(&day->stops[i].visit->place, &points[count])) which[count++] = i;
    day->kilometres = route_order(arena, points, count, order);
    for (size_t i = 0, at = 0; i + 1 < count; at = order[i++]) {
        *sorted = day->stops[which[order[i]]];
        sorted++->kilometres = route_distance(points[at], points[order[i]]);
    }
    for (size_t i = 0; i < day->count; i++)
        if (!point_of(&day->stops[i].visit->place, &points[0])) *sorted++ = day->stops[i];
    day->stops = stops;
}

enum status visits_tour(struct record_context *context, int64_t cluster, int64_t from, int64_t until,
                        struct visits_day **days, size_t *count, struct error *error)
{
    struct route_point start;
    void **visits = NULL;
    size_t found = 0;
    *count = 0;
    enum status status = find_visits(context, cluster, from, until, &visits, &found, error);
    *days = ARENA_ARRAY(context->arena, found + 1, struct visits_day);
    struct visits_stop *stops = ARENA_ARRAY(context->arena, found + 1, struct visits_stop);
    for (size_t i = 0; !status && i < found; i++) {
        const struct visit *visit = visits[i];
        if (!*count || (*days)[*count - 1].day != visit->day.day)
            (*days)[(*count)++] = (struct visits_day){.day = visit->day.day, .stops = &stops[i], .kilometres = NAN};
        (*days)[*count - 1].count++;
        status = load_stop(context, visit, &stops[i], error);
    }
    if (!status && visits_start(context, cluster, &start))
        for (size_t i = 0; i < *count; i++) order_day(context->arena, &(*days)[i], &start);
    return status;
}
