/* forget.c: what a record says of people is erased, and the record stays. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/files.h"
#include "platform/record/people.h"
#include "platform/record/store_private.h"
#include "platform/record/traces.h"
#include "platform/record/type.h"

enum { DEPENDENTS_LIMIT = 8 * 1024 * 1024 };

/* What stands for somebody's name where one is required and nobody is named any more. */
static const char nobody[] = "—";

/* ---- what hangs on it ---- */

/* Records of that kind belong to the record, not to an organisation of their own: a need's hand-overs. */
const struct field *hanging_field(const struct kind *kind, const struct kind *on)
{
    const struct field *field = kind->owner_field && !on->is_organisation ? kind_field(kind, kind->owner_field) : NULL;
    return field && strcmp(field->reference.to, on->name) == 0 ? field : NULL;
}

static enum status find_dependents(struct record_context *context, const struct kind *kind, const struct field *field,
                                   int64_t id, struct buffer *ids, struct error *error)
{
    const char *sql = arena_print(context->arena, "SELECT id FROM %s WHERE %s = $1", kind->name, field->name);
    struct db_rows *rows = db_query(context->handle, sql, DB_BIND(db_integer(id)));
    while (db_next(rows)) {
        const int64_t one = db_get_integer(rows, 0);
        buffer_add(ids, &one, sizeof one);
    }
    return db_end(&rows, error);
}

typedef enum status act_on(struct record_context *context, const struct kind *kind, const void *record,
                           const char *reason, struct error *error);

static enum status each_dependent(struct record_context *context, const struct kind *kind, int64_t id, act_on *act,
                                  const char *reason, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct kind *const *other = kinds_all(); !status && *other; other++) {
        const struct field *field = hanging_field(*other, kind);
        if (!field) continue;
        struct buffer *ids = buffer_new(context->arena, DEPENDENTS_LIMIT);
        status = find_dependents(context, *other, field, id, ids, error);
        for (size_t at = 0; !status && at < buffer_length(ids); at += sizeof(int64_t)) {
            int64_t one = 0;
            void *record = NULL;
            memcpy(&one, buffer_data(ids) + at, sizeof one);
            status = load_raw(context, *other, one, &record, error);
            if (!status) status = act(context, *other, record, reason, error);
        }
    }
    return status;
}

static enum status erase_one(struct record_context *context, const struct kind *kind, const void *record,
                             const char *reason, struct error *error)
{
    enum status status = check_law(context, kind, record, error);
    if (!status) status = erase_dependents(context, kind, head_in(record)->id, reason, error);
    return status ? status : erase_record(context, kind, record, reason, error);
}

enum status erase_dependents(struct record_context *context, const struct kind *kind, int64_t id, const char *reason,
                             struct error *error)
{
    return each_dependent(context, kind, id, erase_one, reason, error);
}

/* ---- people ---- */

bool stands_for_somebody(const struct field *field) { return field->required && field->type == FIELD_TEXT; }

static bool says_of_people(struct record_context *context, const struct kind *kind, const void *record)
{
    for (const struct field *field = kind->fields; field->name; field++) {
        const char *text = field->is_personal ? field_text(context, field, record) : NULL;
        if (text && !(stands_for_somebody(field) && strcmp(text, nobody) == 0)) return true;
    }
    return false;
}

static enum status empty_people(struct record_context *context, const struct kind *kind, void *record,
                                struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct field *field = kind->fields; !status && field->name; field++) {
        if (!field->is_personal) continue;
        field_type(field)->clear(field_member(field, record));
        if (stands_for_somebody(field))
            status = field_type(field)->parse(context, field, nobody, field_member(field, record), error);
    }
    return status;
}

static enum status history_says(struct record_context *context, int64_t id, bool *says, struct error *error)
{
    int64_t one = 0;
    const enum status status =
        db_one_integer(context->handle, "SELECT id FROM record_leaf WHERE record = $1 AND salt IS NOT NULL LIMIT 1",
                       DB_BIND(db_integer(id)), &one, error);
    *says = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status forget_dependent(struct record_context *context, const struct kind *kind, const void *record,
                                    const char *reason, struct error *error)
{
    (void)reason;
    bool held = false;
    const enum status status = history_says(context, head_in(record)->id, &held, error);
    if (status || !(held || says_of_people(context, kind, record))) return status;
    return forget_record(context, kind, record, error);
}

enum status forget_record(struct record_context *context, const struct kind *kind, const void *before,
                          struct error *error)
{
    void *record = arena_copy_bytes(context->arena, before, kind->size);
    head_of(record)->updated = record_now(context);
    enum status status = check_law(context, kind, before, error);
    if (!status) status = empty_people(context, kind, record, error);
    if (!status) status = history_forget(context, kind, head_in(before)->id, error);
    if (!status) status = write_record(context, kind, &(struct save){record, before, "forgotten", NULL}, error);
    return status ? status : each_dependent(context, kind, head_in(before)->id, forget_dependent, NULL, error);
}

static bool may_change_people(const struct record_context *context, const struct kind *kind, const struct record *head)
{
    const rights held = record_held(context, head);
    bool any = false;
    for (const struct field *field = kind->fields; field->name; field++) {
        if (!field->is_personal) continue;
        if (!field_readable(kind, field, held) || (field->write && !field_writable(kind, field, held, true)))
            return false;
        if (field->required && !stands_for_somebody(field)) return false;
        any = true;
    }
    return any && record_may_write(context, kind, head);
}

bool record_may_forget(struct record_context *context, const struct kind *kind, const void *record)
{
    bool held = false;
    if (!may_change_people(context, kind, record)) return false;
    return says_of_people(context, kind, record) || (!history_says(context, head_in(record)->id, &held, NULL) && held);
}

enum status record_erase_for(const struct records *records, struct db_handle *write,
                             const struct record_erasing *erasing, struct error *error)
{
    struct arena *arena = arena_new();
    struct record_context context = {.records = records,
                                     .arena = arena,
                                     .viewer = viewer_program(),
                                     .language = LANGUAGE_FRENCH,
                                     .handle = write,
                                     .origin = erasing->origin,
                                     .now = erasing->now,
                                     .program = true};
    void *record = NULL;
    bool held = false;
    enum status status = load_raw(&context, erasing->kind, erasing->id, &record, error);
    if (!status) status = history_says(&context, erasing->id, &held, error);
    if (!status && erasing->people && !held && !says_of_people(&context, erasing->kind, record))
        status = error_set(error, STATUS_MISSING, N_("Nothing is kept here about a person."));
    if (!status)
        status = erasing->people ? forget_record(&context, erasing->kind, record, error)
                                 : erase_one(&context, erasing->kind, record, erasing->reason, error);
    arena_free(&arena);
    return status;
}

struct forget_work {
    struct record_context *context;
    const struct kind *kind;
    int64_t id, version;
};

static enum status forget_in(struct db_handle *handle, void *data, struct error *error)
{
    const struct forget_work *work = data;
    struct record_context context = *work->context;
    void *before = NULL;
    context.handle = handle;
    const enum status status = load_for_write(&context, work->kind, work->id, work->version, &before, error);
    if (status) return status;
    if (!may_change_people(&context, work->kind, before))
        return error_set(error, STATUS_DENIED, N_("You may not erase this."));
    if (!record_may_forget(&context, work->kind, before))
        return error_set(error, STATUS_INPUT, N_("Nothing is kept here about a person."));
    const enum status done = forget_record(&context, work->kind, before, error);
    return done ? done : traces_ask(&context, work->kind, error);
}

enum status record_forget(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                          struct error *error)
{
    struct forget_work work = {context, kind, id, version};
    return db_transaction(context->records->db, forget_in, &work, error);
}

static enum status forget_for_person(struct db_handle *handle, void *data, struct error *error)
{
    const struct forget_work *work = data;
    struct record_context context = *work->context;
    void *before = NULL;
    bool held = false;
    context.handle = handle;
    enum status status = load_raw(&context, work->kind, work->id, &before, error);
    if (!status) status = history_says(&context, work->id, &held, error);
    if (status) return status;
    if (!held && !says_of_people(&context, work->kind, before))
        return error_set(error, STATUS_INPUT, N_("Nothing is kept here about a person."));
    status = forget_record(&context, work->kind, before, error);
    return status ? status : traces_ask(&context, work->kind, error);
}

enum status people_forget(struct record_context *context, const struct kind *kind, int64_t id, struct error *error)
{
    struct forget_work work = {context, kind, id, 0};
    if (!(context->viewer->everywhere & context->viewer->scopes & ADMINISTRATOR) || !context->viewer->may_write)
        return error_set(error, STATUS_DENIED, N_("You may not erase this."));
    return db_transaction(context->records->db, forget_for_person, &work, error);
}
