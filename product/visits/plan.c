/* plan.c: whom to see. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/roles.h"
#include "product/visits/visits.h"

enum { MEMBERS_MOST = 20000, SPOTS_MOST = 128 };
static const double MILLIONTHS = 1e-6;

int64_t visits_cluster(const struct viewer *viewer)
{
    const rights officer = OFFICER | OWNER;
    if ((viewer_rights(viewer, viewer->organisation) & officer) == officer) return viewer->organisation;
    for (size_t i = 0; i < viewer->relation_count; i++)
        if ((viewer->relations[i].rights & viewer->scopes & officer) == officer)
            return viewer->relations[i].organisation;
    return 0;
}

static const char members_of[] =
    "SELECT o.id, o.name, o.siren, o.place, o.departement, o.place_latitude, o.place_longitude, "
    "(SELECT MAX(v.day) FROM visit v WHERE v.company = o.id AND v.owner = $1 AND v.state = 'held') AS seen, "
    "(SELECT MIN(v.day) FROM visit v WHERE v.company = o.id AND v.owner = $1 AND v.state = 'planned' AND v.day >= $2) "
    "AS "
    "planned, "
    "(SELECT COUNT(*) FROM need n WHERE n.company = o.id AND n.state IN ('open', 'taken_up') AND n.reader IN (SELECT "
    "token FROM account_token WHERE account = $3)) AS needs "
    "FROM membership m JOIN organisation o ON o.id = m.organisation WHERE m.cluster = $1 AND m.state = 'open' AND "
    "m.starts <= $2 AND (m.ends IS NULL OR m.ends >= $2) AND o.state = 'open' ORDER BY o.name_key, o.id";

static int64_t day_of(const struct db_rows *rows, size_t column)
{
    return db_is_null(rows, column) ? ABSENT : db_get_integer(rows, column);
}

static struct visits_member read_member(struct arena *arena, const struct db_rows *rows)
{
    struct visits_member member = {.id = db_get_integer(rows, 0),
                                   .name = arena_copy(arena, db_get_text(rows, 1)),
                                   .siren = arena_copy(arena, db_get_text(rows, 2)),
                                   .commune = arena_copy(arena, db_get_text(rows, 3)),
                                   .departement = arena_copy(arena, db_get_text(rows, 4)),
                                   .is_placed = !db_is_null(rows, 5) && !db_is_null(rows, 6),
                                   .seen = day_of(rows, 7),
                                   .planned = day_of(rows, 8),
                                   .needs = db_get_integer(rows, 9),
                                   .kilometres = NAN};
    if (member.is_placed)
        member.at = (struct route_point){(double)db_get_integer(rows, 5) * MILLIONTHS,
                                         (double)db_get_integer(rows, 6) * MILLIONTHS};
    return member;
}

enum status visits_members(struct record_context *context, int64_t cluster, struct visits_member **members,
                           size_t *count, struct error *error)
{
    int64_t most = 0;
    const enum status status = db_one_integer(context->handle, "SELECT COUNT(*) FROM membership WHERE cluster = $1",
                                              DB_BIND(db_integer(cluster)), &most, error);
    if (status) return status;
    if (most > MEMBERS_MOST) most = MEMBERS_MOST;
    *members = ARENA_ARRAY(context->arena, (size_t)most + 1, struct visits_member);
    *count = 0;
    struct db_rows *rows =
        db_query(context->handle, members_of,
                 DB_BIND(db_integer(cluster), db_integer(time_today()), db_integer(context->viewer->reads_as)));
    while (*count < (size_t)most && db_next(rows)) {
        const struct visits_member member = read_member(context->arena, rows);
        if (*count && (*members)[*count - 1].id == member.id) continue; /* a member under two roles */
        (*members)[(*count)++] = member;
    }
    return db_end(&rows, error);
}

static int by_wait(const void *a, const void *b)
{
    const struct visits_member *x = a, *y = b;
    if (x->seen != y->seen) return x->seen < y->seen ? -1 : 1; /* ABSENT is before all days */
    if (x->kilometres != y->kilometres) return x->kilometres < y->kilometres ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

size_t visits_choose(struct visits_member *members, size_t count, struct route_point from, double kilometres,
                     int64_t since)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct visits_member member = members[i];
        if (!member.is_placed || member.planned != ABSENT || member.seen >= since) continue;
        member.kilometres = route_distance(from, member.at);
        if (member.kilometres <= kilometres) members[kept++] = member;
    }
    qsort(members, kept, sizeof *members, by_wait);
    return kept;
}

/* Shares are compared without dividing: fewest seen first, then the most members. */
static int by_share(const void *a, const void *b)
{
    const struct visits_spot *x = a, *y = b;
    const int64_t left = x->seen * y->members, right = y->seen * x->members;
    if (left != right) return left < right ? -1 : 1;
    if (x->members != y->members) return x->members > y->members ? -1 : 1;
    return strcmp(x->departement ? x->departement : "", y->departement ? y->departement : "");
}

size_t visits_spots(struct arena *arena, const struct visits_member *members, size_t count, int64_t since,
                    struct visits_spot **spots)
{
    size_t found = 0;
    *spots = ARENA_ARRAY(arena, SPOTS_MOST, struct visits_spot);
    for (size_t i = 0; i < count; i++) {
        const char *departement = members[i].departement;
        size_t at = 0;
        while (at < found &&
               strcmp((*spots)[at].departement ? (*spots)[at].departement : "", departement ? departement : "") != 0)
            at++;
        if (at == SPOTS_MOST) continue;
        if (at == found) (*spots)[found++] = (struct visits_spot){.departement = departement};
        (*spots)[at].members++;
        (*spots)[at].seen += members[i].seen >= since;
    }
    qsort(*spots, found, sizeof **spots, by_share);
    return found;
}

enum status visits_year(struct record_context *context, int64_t cluster, int64_t day, int64_t *held, int64_t *planned,
                        struct error *error)
{
    const int year = day_to_civil(day).year;
    const int64_t first = day_from_civil((struct civil){year, 1, 1}),
                  last = day_from_civil((struct civil){year, 12, 31});
    *held = *planned = 0;
    struct db_rows *rows = db_query(
        context->handle,
        "SELECT state, COUNT(*) FROM visit WHERE owner = $1 AND author = $2 AND day BETWEEN $3 AND $4 GROUP BY state",
        DB_BIND(db_integer(cluster), db_integer(context->viewer->account), db_integer(first), db_integer(last)));
    while (db_next(rows)) {
        const char *state = db_get_text(rows, 0);
        if (strcmp(state, "held") == 0) *held = db_get_integer(rows, 1);
        if (strcmp(state, "planned") == 0) *planned = db_get_integer(rows, 1);
    }
    return db_end(&rows, error);
}
