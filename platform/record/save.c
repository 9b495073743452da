/* save.c: checking a whole record, and saving one. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/record/files.h"
#include "platform/record/store_private.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"

static bool is_absent(struct record_context *context, const struct field *field, const void *record)
{
    return field_text(context, field, record) == NULL;
}

static void check_required(struct record_context *context, const struct kind *kind, const void *record,
                           struct faults *faults)
{
    struct error error;
    for (const struct field *field = kind->fields; field->name; field++) {
        if (!field->required || !is_absent(context, field, record)) continue;
        bool told = false;
        for (size_t i = 0; i < faults->count; i++) told |= strcmp(faults->items[i].field, field->name) == 0;
        if (told) continue;
        error_field(&error, STATUS_INPUT, field->name, N_("This is needed."));
        faults_add(faults, &error);
    }
}

static void check_unique(struct record_context *context, const struct field *field, const void *record,
                         const struct uniques *uniques, struct faults *faults)
{
    struct error fault;
    const int64_t holder = uniques_holder(context, uniques, field, record);
    if (!holder || holder == head_in(record)->id) return;
    error_field(&fault, STATUS_CONFLICT, field->name, N_("{1} is already there: open that record instead."),
                field_text(context, field, record));
    faults_add(faults, &fault);
}

static enum status check_all(struct record_context *context, const struct kind *kind, const void *record,
                             struct uniques *uniques, struct faults *faults, struct error *error)
{
    check_required(context, kind, record, faults);
    const enum status status = uniques_look_up(context, uniques, &record, 1, error);
    if (status) return status;
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->unique) check_unique(context, field, record, uniques, faults);
    return faults->count ? error_set(error, STATUS_INPUT, N_("Some fields need your attention.")) : STATUS_OK;
}

/* Nobody writes a record away from their own sight: an officer cannot keep a company's need to the company alone. */
static void check_seen(const struct record_context *context, const struct record *head, struct faults *faults)
{
    struct error fault;
    if (!context->viewer->account || !head->owner) return;
    if (viewer_reads(context->viewer, reader_token(head->audience, head->owner))) return;
    if (head->partner && viewer_reads(context->viewer, head->partner)) return;
    error_field(&fault, STATUS_INPUT, "audience", N_("You would no longer see it yourself: choose more readers."));
    faults_add(faults, &fault);
}

/* The organisation that owns what the reference points to. */
static enum status owner_of_reference(struct record_context *context, const struct field *field, int64_t id,
                                      int64_t *owner, struct error *error)
{
    const struct kind *kind = kind_find(field->reference.to);
    ENSURE(kind);
    const char *sql = arena_print(context->arena, "SELECT owner FROM %s WHERE id = $1", kind->name);
    return db_one_integer(context->handle, sql, DB_BIND(db_integer(id)), owner, error);
}

static enum status set_owner(struct record_context *context, const struct kind *kind, void *record, struct error *error)
{
    struct record *head = record;
    if (kind->is_organisation) {
        head->owner = head->id;
        return STATUS_OK;
    }
    if (!kind->owner_field) {
        if (!head->owner) head->owner = context->viewer->organisation;
        return head->owner ? STATUS_OK
                           : error_set(error, STATUS_DENIED, N_("Choose first the organisation for which you act."));
    }
    const struct field *field = kind_field(kind, kind->owner_field);
    ENSURE(field && field->type == FIELD_REFERENCE);
    const int64_t id = ((const struct reference *)field_value(field, record))->id;
    if (!id) return STATUS_OK; /* told by check_required */
    return owner_of_reference(context, field, id, &head->owner, error);
}

static enum status deny(struct error *error)
{
    return error_set(error, STATUS_DENIED, N_("You may not write this: ask the organisation that owns it."));
}

static bool may_file(const struct record_context *context, const struct kind *kind)
{
    return context->viewer->may_write && (kind->create & context->viewer->roles & context->viewer->scopes);
}

static enum status check_rights(const struct record_context *context, const struct kind *kind,
                                const struct record *head, bool filed, struct error *error)
{
    const rights needed = filed ? kind->write : kind->create;
    const rights held = kind->is_organisation && !filed ? context->viewer->roles : record_held(context, head);
    return context->viewer->may_write && (needed & held & context->viewer->scopes) ? STATUS_OK : deny(error);
}

bool record_may_write(const struct record_context *context, const struct kind *kind, const struct record *record)
{
    return check_rights(context, kind, record, true, NULL) == STATUS_OK;
}

bool record_may_create(const struct record_context *context, const struct kind *kind)
{
    if (kind->list && !vocabulary_has(context->records->vocabulary, kind->list)) return false;
    return may_file(context, kind);
}

enum status save_conflict(struct error *error)
{
    return error_set(error, STATUS_CONFLICT,
                     N_("Somebody else changed this meanwhile: look at both versions and choose."));
}

int64_t record_now(const struct record_context *context) { return context->now ? context->now : time_now(); }

static void stamp(const struct record_context *context, struct record *head)
{
    head->updated = record_now(context);
    if (head->id) return;
    head->id = db_new_id();
    head->version = 1;
    head->created = head->updated;
    head->author = context->viewer->account;
    head->state_day = time_day(head->updated);
}

enum status prepare_record(struct record_context *context, const struct kind *kind, void *record, const void *before,
                           struct uniques *uniques, struct faults *faults, struct error *error)
{
    struct record *head = record;
    const bool filed = head->id != 0;
    stamp(context, head);
    enum status status = set_owner(context, kind, record, error);
    if (!status && head->owner) status = check_rights(context, kind, head, filed, error);
    if (!status) status = derive_fields(context, kind, record, before != NULL, error);
    head->partner = kind_partner(kind, record);
    if (!status && kind->before_save) status = kind->before_save(context, record, before, error);
    if (!status && !filed) status = capacity_place(context, kind, record, error);
    if (!status) check_seen(context, head, faults);
    if (!status) files_check(context, kind, record, before, faults);
    return status ? status : check_all(context, kind, record, uniques, faults, error);
}

static enum status save(struct record_context *context, const struct kind *kind, void *record, const void *before,
                        struct faults *faults, struct error *error)
{
    struct record_batch *batch = record_batch_new(context->arena, kind);
    record_batch_begin(batch, context);
    enum status status = record_batch_add(batch, record, before, faults, error);
    if (!status) status = record_batch_write(batch, error);
    if (status && !before) {
        head_of(record)->id = 0;
        head_of(record)->slot = ABSENT;
    }
    return status;
}

enum status record_save(struct record_context *context, const struct kind *kind, void *record, struct faults *faults,
                        struct error *error)
{
    void *before = NULL;
    if (head_of(record)->id) {
        const enum status status = load_raw(context, kind, head_of(record)->id, &before, error);
        if (status) return status;
        if (head_of(before)->version != head_of(record)->version) return save_conflict(error);
    }
    return save(context, kind, record, before, faults, error);
}

/* An existing record, visible to the viewer, whole, at the version expected (0: any). */
enum status load_for_write(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                           void **record, struct error *error)
{
    enum status status = record_load(context, kind, id, record, error);
    if (!status) status = load_raw(context, kind, id, record, error);
    if (!status && version && head_of(*record)->version != version) status = save_conflict(error);
    return status;
}

struct write_work {
    struct record_context *context;
    const struct kind *kind;
    struct record_change *change;
};

/* The record as the change would leave it, and as it was. */
static enum status apply_change(struct record_context *context, const struct kind *kind, struct record_change *change,
                                void **before, struct error *error)
{
    enum status status = STATUS_OK;
    *before = NULL;
    if (!change->id && !may_file(context, kind))
        return deny(error); /* before any field: who may file nothing is told so */
    if (change->id) status = load_for_write(context, kind, change->id, change->version, before, error);
    if (status) return status;
    change->record = record_new(context, kind);
    if (*before) memcpy(change->record, *before, kind->size);
    record_apply(context, kind, change->record, change->inputs, change->faults);
    return STATUS_OK;
}

/* Saves, steps and does what goes with it. */
static enum status write_all(struct record_context *context, const struct kind *kind, struct record_change *change,
                             struct error *error)
{
    void *before = NULL;
    enum status status = apply_change(context, kind, change, &before, error);
    if (!status) status = save(context, kind, change->record, before, change->faults, error);
    if (status) return status;
    const struct record *head = change->record;
    if (change->state)
        status = change_state(context, kind, head->id, head->version, change->state, change->reason, error);
    if (!status && change->also) status = change->also(context, change->record, change->data, error);
    if (status || !change->once.key) return status;
    return once_keep(context->handle, context->viewer->account, &change->once, head->id, error);
}

static enum status write_in(struct db_handle *handle, void *data, struct error *error)
{
    const struct write_work *work = data;
    struct record_change *change = work->change;
    struct record_context context = *work->context;
    int64_t kept = 0;
    bool same = false;
    context.handle = handle;
    change->faults->count = 0;
    change->again = false;
    enum status status = STATUS_OK;
    if (change->once.key) status = once_find(handle, context.viewer->account, &change->once, &kept, &same, error);
    if (status) return status;
    if (!kept) return write_all(&context, work->kind, change, error);
    status = record_load(&context, work->kind, kept, &change->record, error);
    if (status) return status;
    change->again = true;
    return same ? STATUS_OK
                : error_set(error, STATUS_CONFLICT,
                            N_("This was received already, with other words: choose which ones stay."));
}

enum status record_try(struct record_context *context, const struct kind *kind, struct record_change *change,
                       struct error *error)
{
    void *before = NULL;
    enum status status = apply_change(context, kind, change, &before, error);
    if (!status)
        status = prepare_record(context, kind, change->record, before, uniques_new(context->arena, kind),
                                change->faults, error);
    return status ? status : error_set(error, STATUS_INPUT, N_("Some fields need your attention."));
}

enum status record_write(struct record_context *context, const struct kind *kind, struct record_change *change,
                         struct error *error)
{
    struct write_work work = {context, kind, change};
    enum status status = once_check(&change->once, error);
    if (!status) status = db_transaction(context->records->db, write_in, &work, error);
    /* Perhaps the same sending came at the same time by another connection: then it is there now. */
    if (status == STATUS_CONFLICT && change->once.key && !change->again)
        status = db_transaction(context->records->db, write_in, &work, error);
    if (!status && change->id) record_files_sweep(context, kind);
    return status;
}
