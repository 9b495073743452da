#include "platform/record/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"

/* ---- finding ---- */

static const struct field *first_of(enum field_type type)
{
    for (const struct kind *const *kind = kinds_all(); *kind; kind++)
        for (const struct field *field = (*kind)->fields; field->name; field++)
            if (field->type == type) return field;
    return NULL;
}

/* As the database holds numbers. */
static enum status normal_telephone(struct record_context *context, const char **telephone, struct error *error)
{
    const struct field *field = *telephone ? first_of(FIELD_TELEPHONE) : NULL;
    struct telephone value = {0};
    if (!field) return STATUS_OK;
    const enum status status = field_type(field)->parse(context, field, *telephone, &value, error);
    *telephone = value.value;
    return status;
}

static const char *text_for(const struct people_sought *sought, enum field_type type)
{
    if (type == FIELD_EMAIL) return sought->email;
    if (type == FIELD_TELEPHONE) return sought->telephone;
    return type == FIELD_TEXT ? sought->name : NULL;
}

struct finding {
    struct people_found *found;
    size_t most, *count;
};

static bool is_found(const struct finding *finding, int64_t id)
{
    for (size_t i = 0; i < *finding->count; i++)
        if (finding->found[i].id == id) return true;
    return false;
}

static enum status take(const struct finding *finding, struct db_rows *rows, const struct kind *kind,
                        struct error *error)
{
    while (db_next(rows) && *finding->count < finding->most) {
        const struct kind *own = kind ? kind : kind_find(db_get_text(rows, 1));
        const int64_t id = db_get_integer(rows, 0);
        if (own && !is_found(finding, id)) finding->found[(*finding->count)++] = (struct people_found){own, id, !kind};
    }
    return db_end(&rows, error);
}

static enum status find_in_records(struct record_context *context, const struct people_sought *sought,
                                   const struct finding *finding, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++)
        for (const struct field *field = (*kind)->fields; !status && field->name; field++) {
            const char *text = field->is_personal ? text_for(sought, field->type) : NULL;
            if (!text) continue;
            const char *sql =
                arena_print(context->arena, "SELECT id FROM %s WHERE LOWER(%s) = LOWER($1) ORDER BY id DESC LIMIT $2",
                            (*kind)->name, field->name);
            status = take(finding,
                          db_query(context->handle, sql, DB_BIND(db_text(text), db_integer((int64_t)finding->most))),
                          *kind, error);
        }
    return status;
}

static enum status find_in_history(struct record_context *context, const char *text, const struct finding *finding,
                                   struct error *error)
{
    if (!text) return STATUS_OK;
    struct db_rows *rows =
        db_query(context->handle,
                 "SELECT DISTINCT l.record, h.kind FROM record_leaf l JOIN record_history h ON h.id = l.history WHERE "
                 "l.salt IS NOT NULL AND (LOWER(l.before) = LOWER($1) OR LOWER(l.after) = LOWER($1)) ORDER BY l.record "
                 "DESC LIMIT $2",
                 DB_BIND(db_text(text), db_integer((int64_t)(finding->most))));
    return take(finding, rows, NULL, error);
}

enum status people_find(struct record_context *context, const struct people_sought *sought, struct people_found *found,
                        size_t most, size_t *count, struct error *error)
{
    const struct finding finding = {found, most, count};
    struct people_sought normal = *sought;
    *count = 0;
    enum status status = normal_telephone(context, &normal.telephone, error);
    if (!status) status = find_in_records(context, &normal, &finding, error);
    if (!status) status = find_in_history(context, normal.email, &finding, error);
    if (!status) status = find_in_history(context, normal.telephone, &finding, error);
    return status ? status : find_in_history(context, normal.name, &finding, error);
}

/* ---- who read ---- */

#define READINGS \
    "SELECT r.moment, r.account, a.name, r.record, r.field, r.origin FROM record_reading r " \
    "LEFT JOIN account a ON a.id = r.account "

static enum status take_readings(struct record_context *context, struct db_rows *rows, const struct kind *kind,
                                 struct people_reading *readings, size_t most, size_t *count, struct error *error)
{
    while (*count < most && db_next(rows)) {
        const struct field *field = kind_field(kind, db_get_text(rows, 4));
        if (!field) continue;
        readings[(*count)++] = (struct people_reading){.moment = db_get_integer(rows, 0),
                                                       .account = db_get_integer(rows, 1),
                                                       .account_name = arena_copy(context->arena, db_get_text(rows, 2)),
                                                       .kind = kind,
                                                       .record = db_get_integer(rows, 3),
                                                       .field = field,
                                                       .origin = arena_copy(context->arena, db_get_text(rows, 5))};
    }
    return db_end(&rows, error);
}

enum status people_readings(struct record_context *context, const struct kind *kind, int64_t id,
                            struct people_reading *readings, size_t most, size_t *count, struct error *error)
{
    *count = 0;
    struct db_rows *rows =
        db_query(context->handle, READINGS "WHERE r.record = $1 AND r.kind = $2 ORDER BY r.moment DESC LIMIT $3",
                 DB_BIND(db_integer(id), db_text(kind->name), db_integer((int64_t)most)));
    return take_readings(context, rows, kind, readings, most, count, error);
}

static int newest_first(const void *a, const void *b)
{
    const struct people_reading *one = a, *other = b;
    return (one->moment < other->moment) - (one->moment > other->moment);
}

enum status people_readings_of(struct record_context *context, int64_t organisation, struct people_reading *readings,
                               size_t most, size_t *count, struct error *error)
{
    struct people_reading *all = ARENA_ARRAY(context->arena, most * 2, struct people_reading);
    enum status status = STATUS_OK;
    *count = 0;
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++) {
        size_t more = 0;
        if (!kind_has_people(*kind)) continue;
        const char *sql = arena_print(context->arena,
                                      READINGS "JOIN %s k ON k.id = r.record WHERE k.owner = $1 AND r.kind = $2 "
                                               "ORDER BY r.moment DESC LIMIT $3",
                                      (*kind)->name);
        struct db_rows *rows = db_query(
            context->handle, sql, DB_BIND(db_integer(organisation), db_text((*kind)->name), db_integer((int64_t)most)));
        memcpy(all, readings, *count * sizeof *all);
        status = take_readings(context, rows, *kind, all + *count, most, &more, error);
        qsort(all, *count + more, sizeof *all, newest_first);
        *count = *count + more < most ? *count + more : most;
        memcpy(readings, all, *count * sizeof *all);
    }
    return status;
}
