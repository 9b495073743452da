/* load.c: reading records. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/record/readings.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"

static const struct state only_state = {.name = "open", .label = N_("Open")};

const struct state *kind_state(const struct kind *kind, const char *name)
{
    if (!kind->states) return &only_state;
    for (const struct state *state = kind->states; state->name; state++)
        if (name && strcmp(state->name, name) == 0) return state;
    return NULL;
}

void *record_new(struct record_context *context, const struct kind *kind)
{
    void *record = arena_alloc(context->arena, kind->size);
    for (const struct field *field = kind->fields; field->name; field++)
        field_type(field)->clear(field_member(field, record));
    head_of(record)->audience = kind->audience;
    head_of(record)->state = kind->states ? kind->states->name : only_state.name;
    head_of(record)->slot = ABSENT;
    return record;
}

static void load_head(struct arena *arena, const struct db_rows *rows, struct record *head)
{
    head->id = db_get_integer(rows, HEAD_ID);
    head->home = db_get_integer(rows, HEAD_HOME);
    head->owner = db_get_integer(rows, HEAD_OWNER);
    head->slot = db_get_integer(rows, HEAD_SLOT);
    head->version = db_get_integer(rows, HEAD_VERSION);
    head->created = db_get_integer(rows, HEAD_CREATED);
    head->updated = db_get_integer(rows, HEAD_UPDATED);
    head->author = db_get_integer(rows, HEAD_AUTHOR);
    head->audience = (enum audience)db_get_integer(rows, HEAD_AUDIENCE);
    head->state = arena_copy(arena, db_get_text(rows, HEAD_STATE));
    head->reason = arena_copy(arena, db_get_text(rows, HEAD_REASON));
    head->state_day = db_get_integer(rows, HEAD_STATE_DAY);
}

void *row_record(struct record_context *context, const struct kind *kind, const struct db_rows *rows)
{
    void *record = arena_alloc(context->arena, kind->size);
    size_t column = HEAD_COLUMNS;
    load_head(context->arena, rows, record);
    for (const struct field *field = kind->fields; field->name; field++) {
        const struct type *type = field_type(field);
        type->load(context->arena, rows, column, field_member(field, record));
        column += type->column_count;
    }
    ((struct record *)record)->partner = kind_partner(kind, record);
    return record;
}

rights record_held(const struct record_context *context, const struct record *record)
{
    return viewer_rights_between(context->viewer, record->owner, record->partner);
}

const struct record_shown record_shown_in_lists = {NULL, 0};

static bool is_shown(const struct record_shown *shown, const struct field *field)
{
    if (!shown || (!shown->fields && field->list)) return true;
    for (size_t i = 0; shown->fields && i < shown->count; i++)
        if (shown->fields[i] == field) return true;
    return false;
}

void blank_record(struct record_context *context, const struct kind *kind, void *record)
{
    const rights held = record_held(context, record);
    for (const struct field *field = kind->fields; field->name; field++) {
        if (!field->read) continue;
        if (!field_readable(kind, field, held) || (field->is_personal && !is_shown(context->shown, field)))
            field_type(field)->clear(field_member(field, record));
        else if (field->is_personal && field_text(context, field, record))
            readings_note(context, kind, head_in(record)->id, field);
    }
}

static enum status load_one(struct record_context *context, const struct kind *kind, const char *sql,
                            const struct db_value *values, size_t count, void **record, struct error *error)
{
    struct db_rows *rows = db_query(context->handle, sql, values, count);
    *record = db_next(rows) ? row_record(context, kind, rows) : NULL;
    const enum status status = db_end(&rows, error);
    if (status) return status;
    if (*record) return STATUS_OK;
    error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    return STATUS_MISSING;
}

enum status record_load(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                        struct error *error)
{
    const enum status status = load_one(context, kind, kind_sql(kind)->by_id,
                                        DB_BIND(db_integer(id), db_integer(context->viewer->reads_as)), record, error);
    if (!status) blank_record(context, kind, *record);
    return status;
}

enum status load_raw(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                     struct error *error)
{
    return load_one(context, kind, kind_sql(kind)->raw, DB_BIND(db_integer(id)), record, error);
}

/* Puts each record that was read at the place of its key in the list; then closes the gaps. */
static enum status load_batch(struct record_context *context, const struct kind *kind, const char *sql,
                              const int64_t *keys, size_t count, bool by_slot, void **records, struct error *error)
{
    struct db_value values[SQL_BATCH + 1];
    for (size_t i = 0; i < SQL_BATCH; i++) values[i] = db_integer(i < count ? keys[i] : -1);
    values[SQL_BATCH] = db_integer(context->viewer->reads_as);
    struct db_rows *rows = db_query(context->handle, sql, values, SQL_BATCH + 1);
    while (db_next(rows)) {
        const int64_t key = db_get_integer(rows, by_slot ? HEAD_SLOT : HEAD_ID);
        for (size_t i = 0; i < count; i++) {
            if (keys[i] != key) continue;
            records[i] = row_record(context, kind, rows);
            blank_record(context, kind, records[i]);
        }
    }
    return db_end(&rows, error);
}

static enum status load_keys(struct record_context *context, const struct kind *kind, const int64_t *keys, size_t count,
                             bool by_slot, void **records, size_t *loaded, struct error *error)
{
    const char *sql = by_slot ? kind_sql(kind)->by_slots : kind_sql(kind)->by_ids;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) records[i] = NULL;
    for (size_t i = 0; !status && i < count; i += SQL_BATCH) {
        const size_t batch = count - i < SQL_BATCH ? count - i : SQL_BATCH;
        status = load_batch(context, kind, sql, keys + i, batch, by_slot, records + i, error);
    }
    *loaded = 0;
    for (size_t i = 0; i < count; i++)
        if (records[i]) records[(*loaded)++] = records[i];
    return status;
}

enum status record_load_many(struct record_context *context, const struct kind *kind, const int64_t *ids, size_t count,
                             void **records, size_t *loaded, struct error *error)
{
    return load_keys(context, kind, ids, count, false, records, loaded, error);
}

enum status record_load_slots(struct record_context *context, const struct kind *kind, const int64_t *slots,
                              size_t count, void **records, size_t *loaded, struct error *error)
{
    return load_keys(context, kind, slots, count, true, records, loaded, error);
}

const char *record_title(const struct kind *kind, const void *record)
{
    const struct field *field = kind_field(kind, kind->name_field);
    ENSURE(field);
    const char *name = *(const char *const *)field_value(field, record);
    return name ? name : "";
}

const char *record_name(struct record_context *context, const struct kind *kind, int64_t id)
{
    const char *name = NULL;
    const enum status status = db_one_text(context->handle, context->arena, kind_sql(kind)->name,
                                           DB_BIND(db_integer(id), db_integer(context->viewer->reads_as)), &name, NULL);
    return !status && name ? name : "";
}

/* Ids of the records, visible to the viewer, whose column has this value: two at most. The order keeps PostgreSQL to the index: where many share a
 * name, it would read the table instead, hoping to meet two soon. */
static enum status find_two(struct record_context *context, const struct kind *kind, const char *column,
                            struct db_value value, int64_t *ids, size_t *count, struct error *error)
{
    const char *sql =
        arena_print(context->arena, "SELECT r.id FROM %s r WHERE r.%s = $1 AND %s ORDER BY r.slot LIMIT 2", kind->name,
                    column, kind_predicate(context->arena, kind, 2));
    struct db_rows *rows = db_query(context->handle, sql, DB_BIND(value, db_integer(context->viewer->reads_as)));
    for (*count = 0; *count < 2 && db_next(rows);) ids[(*count)++] = db_get_integer(rows, 0);
    return db_end(&rows, error);
}

static enum status resolve_by(struct record_context *context, const struct kind *kind, const char *column,
                              struct db_value value, int64_t *id, struct error *error)
{
    int64_t ids[2];
    size_t count = 0;
    const enum status status = find_two(context, kind, column, value, ids, &count, error);
    if (status) return status;
    if (count == 1) *id = ids[0];
    if (count == 1) return STATUS_OK;
    return error_set(error, count ? STATUS_CONFLICT : STATUS_MISSING, N_("“{1}” was not found, or you may not see it."),
                     (const char *)value.bytes);
}

enum status record_resolve(struct record_context *context, const struct kind *kind, const char *text, int64_t *id,
                           struct error *error)
{
    char *end = NULL;
    enum status status = STATUS_MISSING;
    const int64_t number = strtoll(text, &end, 10);
    if (*text && !*end && number > 0) status = resolve_by(context, kind, "id", db_integer(number), id, error);
    for (const struct field *field = kind->fields; status == STATUS_MISSING && field->name; field++) {
        if (!field->unique || !field_open(field)) continue;
        void *parsed = record_new(context, kind);
        if (field_type(field)->parse(context, field, text, field_member(field, parsed), NULL)) continue;
        struct db_value value[TYPE_COLUMNS];
        field_type(field)->bind(field_value(field, parsed), value);
        status = resolve_by(context, kind, field->name, value[0], id, error);
    }
    if (status != STATUS_MISSING) return status;
    return resolve_by(context, kind, "name_key", db_text(text_fold(context->arena, text)), id, error);
}

const char *field_text(struct record_context *context, const struct field *field, const void *record)
{
    return field_type(field)->print(context->arena, field, field_value(field, record));
}

const char *field_show(struct record_context *context, const struct field *field, const void *record)
{
    const struct type *type = field_type(field);
    return type->show ? type->show(context, field, field_value(field, record)) : NULL;
}

static bool place_of(const struct kind *kind, const char *name, const void *record, struct place *place)
{
    const struct field *field = kind_field(kind, name);
    if (!field || field->type != FIELD_PLACE) return false;
    *place = *(const struct place *)field_value(field, record);
    return place->commune != NULL;
}

typedef enum status loader(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                           struct error *error);

static bool find_place(struct record_context *context, const struct kind *kind, const void *record, loader *load,
                       struct place *place)
{
    if (!kind->place) return false;
    const char *dot = strchr(kind->place, '.');
    if (!dot) return place_of(kind, kind->place, record, place);
    const struct field *link =
        kind_field(kind, arena_copy_bytes(context->arena, kind->place, (size_t)(dot - kind->place)));
    ENSURE(link && link->type == FIELD_REFERENCE);
    const int64_t id = ((const struct reference *)field_value(link, record))->id;
    const struct kind *target = kind_find(link->reference.to);
    void *other = NULL;
    if (!id || load(context, target, id, &other, NULL)) return false;
    return place_of(target, dot + 1, other, place);
}

bool record_place(struct record_context *context, const struct kind *kind, const void *record, struct place *place)
{
    struct record_context only_place = *context;
    only_place.shown = &record_shown_in_lists;
    return find_place(&only_place, kind, record, record_load, place);
}

bool place_for_index(struct record_context *context, const struct kind *kind, const void *record, struct place *place)
{
    return find_place(context, kind, record, load_raw, place);
}
