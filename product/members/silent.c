/* silent.c: members without a sign of life. */
#include "product/members/silent.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/kinds/organisation.h"
#include "product/roles.h"

enum { MEMBERS_MOST = 20000 };

static bool is_cluster(struct record_context *context, int64_t organisation)
{
    void *record = NULL;
    return record_load(context, &organisation_kind, organisation, &record, NULL) == STATUS_OK &&
           strcmp(((const struct organisation *)record)->type.value, "cluster") == 0;
}

static bool answers_for(const struct viewer *viewer, int64_t organisation)
{
    const rights held = viewer_rights(viewer, organisation);
    return (held & OWNER) && (held & (OFFICER | MANAGER));
}

enum status silent_cluster(struct record_context *context, int64_t *cluster, struct error *error)
{
    const struct viewer *viewer = context->viewer;
    (void)error;
    *cluster = 0;
    if (viewer->organisation && answers_for(viewer, viewer->organisation) && is_cluster(context, viewer->organisation))
        *cluster = viewer->organisation;
    for (size_t i = 0; !*cluster && i < viewer->relation_count; i++)
        if (answers_for(viewer, viewer->relations[i].organisation) &&
            is_cluster(context, viewer->relations[i].organisation))
            *cluster = viewer->relations[i].organisation;
    return STATUS_OK;
}

static const char signs[] =
    "SELECT o.id, o.name, o.place, MIN(m.starts), o.name_key, "
    "(SELECT MAX(v.day) FROM visit v WHERE v.company = o.id AND v.owner = $1 AND v.state = 'held'), "
    "(SELECT MAX(n.filed) FROM need n WHERE n.company = o.id AND n.reader IN (SELECT token FROM account_token WHERE "
    "account = $2)), "
    "(SELECT MAX(r.starts) FROM registration r WHERE r.organisation = o.id AND r.organiser = $1 AND r.state <> "
    "'cancelled') "
    "FROM membership m JOIN organisation o ON o.id = m.organisation WHERE m.cluster = $1 AND m.state = 'open' AND "
    "m.starts <= $3 AND (m.ends IS NULL OR m.ends >= $3) AND o.state = 'open' GROUP BY o.id, o.name, o.place, "
    "o.name_key";

static int64_t day_of(const struct db_rows *rows, size_t column)
{
    return db_is_null(rows, column) ? ABSENT : db_get_integer(rows, column);
}

static struct silent_member read_member(struct arena *arena, const struct db_rows *rows)
{
    struct silent_member member = {.id = db_get_integer(rows, 0),
                                   .name = arena_copy(arena, db_get_text(rows, 1)),
                                   .commune = arena_copy(arena, db_get_text(rows, 2)),
                                   .sorted = arena_copy(arena, db_get_text(rows, 4)),
                                   .since = db_get_integer(rows, 3),
                                   .visited = day_of(rows, 5),
                                   .asked = day_of(rows, 6),
                                   .came = db_is_null(rows, 7) ? ABSENT : db_get_integer(rows, 7) / MS_PER_DAY};
    member.last = member.visited > member.asked ? member.visited : member.asked;
    if (member.came > member.last) member.last = member.came;
    return member;
}

static int by_silence(const void *a, const void *b)
{
    const struct silent_member *one = a, *other = b;
    if (one->last != other->last) return one->last < other->last ? -1 : 1;
    return strcmp(one->sorted, other->sorted);
}

enum status silent_members(struct record_context *context, int64_t cluster, int64_t day, struct silent_member **silent,
                           size_t *count, int64_t *members, struct error *error)
{
    struct db_rows *rows =
        db_query(context->handle, signs,
                 DB_BIND(db_integer(cluster), db_integer(context->viewer->reads_as), db_integer(time_today())));
    *silent = ARENA_ARRAY(context->arena, MEMBERS_MOST, struct silent_member);
    *count = 0;
    *members = 0;
    while (db_next(rows)) {
        const struct silent_member member = read_member(context->arena, rows);
        ++*members;
        if (member.last < day && member.since < day && *count < MEMBERS_MOST) (*silent)[(*count)++] = member;
    }
    qsort(*silent, *count, sizeof **silent, by_silence);
    return db_end(&rows, error);
}
