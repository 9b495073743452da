#include "platform/record/deadlines.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/record/sql.h"
#include "platform/record/store_private.h"
#include "platform/vocabulary/vocabulary.h"

enum { ANCESTORS = 8 };

static bool is_deadline(const struct field *field) { return field->type == FIELD_DATE && field->date.deadline; }

bool deadlines_has(const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if (is_deadline(field)) return true;
    return false;
}

struct gathering {
    struct record_context *context;
    const struct deadline_query *query;
    struct deadline *items;
    size_t count, room;
};

static bool is_there(struct record_context *context, const struct kind *kind, const void *record, const char *code)
{
    const struct vocabulary_code *above[ANCESTORS];
    struct place place = {.commune = NULL};
    if (!kind->place || !record_place(context, kind, record, &place) || !place.commune) return false;
    const size_t count =
        vocabulary_ancestors(context->records->vocabulary, "territory", place.commune, above, ANCESTORS);
    for (size_t i = 0; i < count; i++)
        if (strcmp(above[i]->code, code) == 0) return true;
    return strcmp(place.commune, code) == 0;
}

static bool fits(const struct gathering *gathering, const struct kind *kind, const struct field *field,
                 const void *record)
{
    const struct record *head = record;
    const struct deadline_query *query = gathering->query;
    const struct state *state = kind_state(kind, head->state);
    const rights held = viewer_rights_between(gathering->context->viewer, head->owner, head->partner);
    if ((state && state->ended && state->tone == TONE_ENDED) || !field_readable(kind, field, held)) return false;
    if (query->own && !(held & (OWNER | PARTNER))) return false;
    return !query->place || is_there(gathering->context, kind, record, query->place);
}

static void keep(struct gathering *gathering, const struct kind *kind, const struct field *field, void **records,
                 size_t count)
{
    for (size_t i = 0; i < count && gathering->count < gathering->room; i++)
        if (fits(gathering, kind, field, records[i]))
            gathering->items[gathering->count++] =
                (struct deadline){kind, field, records[i], ((const struct date *)field_value(field, records[i]))->day};
}

static enum status gather(struct gathering *gathering, const struct kind *kind, const struct field *field,
                          struct error *error)
{
    struct arena *arena = gathering->context->arena;
    const struct deadline_query *query = gathering->query;
    int64_t *ids = ARENA_ARRAY(arena, DEADLINES_MOST, int64_t);
    void **records = ARENA_ARRAY(arena, DEADLINES_MOST, void *);
    size_t count = 0;
    const char *sql =
        arena_print(arena,
                    "SELECT r.id FROM %s r WHERE r.%s BETWEEN $1 AND $2 AND (r.owner = $3 OR $3 = 0) AND %s "
                    "ORDER BY r.%s, r.id LIMIT %d",
                    kind->name, field->name, kind_predicate(arena, kind, 4), field->name, DEADLINES_MOST);
    struct db_rows *rows = db_query(gathering->context->handle, sql,
                                    DB_BIND(db_integer(query->from), db_integer(query->until), db_integer(query->owner),
                                            db_integer(gathering->context->viewer->reads_as)));
    while (count < DEADLINES_MOST && db_next(rows)) ids[count++] = db_get_integer(rows, 0);
    enum status status = db_end(&rows, error);
    if (!status && count) status = record_load_many(gathering->context, kind, ids, count, records, &count, error);
    if (!status) keep(gathering, kind, field, records, count);
    return status;
}

static int by_day(const void *a, const void *b)
{
    const struct deadline *x = a, *y = b;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    const int64_t left = ((const struct record *)x->record)->id, right = ((const struct record *)y->record)->id;
    return (left > right) - (left < right);
}

static size_t count_fields(const struct kind *const *kinds)
{
    size_t count = 0;
    for (; *kinds; kinds++)
        for (const struct field *field = (*kinds)->fields; field->name; field++) count += is_deadline(field);
    return count;
}

enum status deadlines_find(struct record_context *context, const struct deadline_query *query,
                           struct deadline **deadlines, size_t *count, struct error *error)
{
    const size_t room = count_fields(kinds_all()) * DEADLINES_MOST;
    struct gathering gathering = {context, query, ARENA_ARRAY(context->arena, room + 1, struct deadline), 0, room};
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++)
        for (const struct field *field = (*kind)->fields; !status && field->name; field++)
            if (is_deadline(field) && !field->is_personal && (!query->kind || query->kind == *kind))
                status = gather(&gathering, *kind, field, error);
    qsort(gathering.items, gathering.count, sizeof *gathering.items, by_day);
    *deadlines = gathering.items;
    *count = gathering.count;
    return status;
}
