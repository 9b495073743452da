#include "platform/record/files.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/file/file.h"
#include "platform/record/store_private.h"

enum { OTHER_INPUTS = 256 * 1024, KEPT_MOST = 16 };

static const struct file *file_of(const struct field *field, const void *record)
{
    static const struct file none = {.id = 0};
    return record ? field_value(field, record) : &none;
}

bool kind_has_files(const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->type == FIELD_FILE) return true;
    return false;
}

/* Twice what is taken: a file that is somewhat too large is refused beside its field, not by the server. */
size_t kind_form_limit(const struct kind *kind)
{
    size_t limit = OTHER_INPUTS;
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->type == FIELD_FILE) limit += (size_t)field->file.largest * 2;
    return limit;
}

void files_check_kind(const struct kind *kind)
{
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->type == FIELD_FILE)
            ENSURE(field->file.media_types && field->file.largest > 0 && field->file.largest <= FILE_MOST &&
                   !field->facet && !field->sort && !field->unique && !field->search && !field->derivation);
}

static void check_file(struct record_context *context, const struct field *field, const struct file *file,
                       struct faults *faults)
{
    struct error fault;
    struct file_kept *kept = NULL;
    const struct file_limits limits = {field->file.media_types, field->file.largest};
    enum status status = file_load(context->handle, context->arena, file->id, &kept, &fault);
    if (!status && (kept->holder || kept->account != context->viewer->account))
        status = error_set(&fault, STATUS_CONFLICT, N_("This file belongs to another record: bring it once more."));
    if (!status) status = file_check_kept(context->arena, context->language, kept, &limits, &fault);
    if (!status) return;
    snprintf(fault.field, sizeof fault.field, "%s", field->name);
    faults_add(faults, &fault);
}

void files_check(struct record_context *context, const struct kind *kind, const void *record, const void *before,
                 struct faults *faults)
{
    for (const struct field *field = kind->fields; field->name; field++) {
        if (field->type != FIELD_FILE) continue;
        const struct file *file = file_of(field, record);
        if (file->id && file->id != file_of(field, before)->id) check_file(context, field, file, faults);
    }
}

enum status files_follow(struct record_context *context, const struct kind *kind, const void *record,
                         const void *before, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct field *field = kind->fields; !status && field->name; field++) {
        if (field->type != FIELD_FILE) continue;
        const int64_t now = file_of(field, record)->id, then = file_of(field, before)->id;
        if (now == then) continue;
        if (now)
            status = file_hold(context->handle, now, context->viewer->account, kind->name, head_in(record)->id,
                               field->name, error);
        if (!status && then) status = file_let_go(context->handle, then, error);
    }
    return status;
}

void record_files_sweep(struct record_context *context, const struct kind *kind)
{
    if (kind_has_files(kind)) file_sweep(context->records->db, 0, NULL, NULL);
}

/* Where a file is counted: with the record that is there, else where the viewer acts. */
static enum status find_home(struct record_context *context, const struct kind *kind, int64_t id,
                             const struct field *field, int64_t *home, struct error *error)
{
    void *record = NULL;
    if (!id && !record_may_create(context, kind))
        return error_set(error, STATUS_DENIED, N_("You may not file this: your account has no role for it."));
    enum status status = id ? record_load(context, kind, id, &record, error) : STATUS_OK;
    if (!status && record && !record_may_write(context, kind, record))
        status = error_set(error, STATUS_DENIED, N_("You may not write this: ask the organisation that owns it."));
    if (status) return status;
    const rights held = record ? record_held(context, record) : context->viewer->roles;
    *home = record ? head_in(record)->home : context->viewer->organisation;
    return field_writable(kind, field, held, id != 0)
               ? STATUS_OK
               : error_field(error, STATUS_DENIED, field->name, N_("You may not change this."));
}

enum status record_bring_file(struct record_context *context, const struct kind *kind, int64_t id,
                              const struct field *field, const struct file_given *given, int64_t *file,
                              struct error *error)
{
    int64_t home = 0;
    const struct file_limits limits = {field->file.media_types, field->file.largest};
    const int64_t room = context->records->file_room ? context->records->file_room : FILE_ROOM;
    enum status status = find_home(context, kind, id, field, &home, error);
    if (!status) status = file_check(context->arena, context->language, given, &limits, error);
    if (!status)
        status =
            file_store(context->records->db, context->arena, given, home, context->viewer->account, room, file, error);
    if (status && error && !*error->field) snprintf(error->field, sizeof error->field, "%s", field->name);
    return status;
}

static bool is_refusal(enum status status) { return status == STATUS_INPUT || status == STATUS_LIMIT; }

enum status record_form_files(struct record_context *context, const struct http_request *request,
                              const struct kind *kind, int64_t id, struct http_parameters *given, struct faults *faults,
                              struct error *error)
{
    struct http_parameter *items = ARENA_ARRAY(context->arena, request->form.count + KEPT_MOST, struct http_parameter);
    size_t count = 0;
    enum status status = STATUS_OK;
    for (const struct field *field = kind->fields; field->name && !status && count < KEPT_MOST; field++) {
        const struct http_parameter *sent = field->type == FIELD_FILE ? http_find(&request->form, field->name) : NULL;
        const struct file_given file = {sent ? sent->filename : NULL, sent ? sent->value : NULL,
                                        sent ? sent->length : 0};
        int64_t kept = 0;
        if (!file.name) continue;
        status = record_bring_file(context, kind, id, field, &file, &kept, error);
        if (!status)
            items[count++] = (struct http_parameter){.name = arena_print(context->arena, "%s.kept", field->name),
                                                     .value = arena_print(context->arena, "%lld", (long long)kept)};
        if (!is_refusal(status)) continue;
        faults_add(faults, error);
        status = STATUS_OK;
    }
    for (size_t i = 0; i < request->form.count; i++)
        if (!request->form.items[i].filename) items[count++] = request->form.items[i];
    *given = (struct http_parameters){items, count};
    return status;
}
