/* form_pages.c: filing and editing, the steps of a life, erasing. */
#include <string.h>

#include "base/arena.h"
#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/record/files.h"
#include "platform/record/pages_private.h"
#include "platform/record/readings.h"
#include "platform/record/type.h"

void draw_errors(struct html *html, struct record_context *context, const struct kind *kind,
                 const struct faults *faults, const struct error *error)
{
    struct part_error lines[FAULTS_MOST + 1];
    size_t count = 0;
    if (error && (error->status == STATUS_CONFLICT || !(faults && faults->count)))
        lines[count++] = (struct part_error){*error->field ? error->field : NULL,
                                             language_error(context->arena, context->language, error)};
    for (size_t i = 0; faults && i < faults->count; i++) {
        const struct error *fault = &faults->items[i];
        const struct field *field = kind_field(kind, fault->field);
        const char *sentence = language_error(context->arena, context->language, fault);
        if (strcmp(fault->field, "audience") == 0)
            sentence = arena_print(context->arena, "%s – %s", language_text(context->language, N_("Who may see it")),
                                   sentence);
        if (field)
            sentence = arena_print(context->arena, "%s – %s", language_text(context->language, field->label), sentence);
        lines[count++] = (struct part_error){*fault->field ? fault->field : NULL, sentence};
    }
    const struct part_errors part = {lines, count};
    if (count) template_part_errors(html, &part);
}

enum status form_page(const struct http_request *request, struct http_response *response,
                      struct record_context *context, const struct kind *kind, const void *record,
                      const struct http_parameters *given, const struct faults *faults, const struct error *error)
{
    const struct record *head = record;
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    const char *name = head->id ? record_title(kind, record) : NULL;
    const char *title =
        head->id ? language_text(request->language, N_("Edit")) : language_text(request->language, kind->filing);
    const struct part_head part = {.over = language_text(request->language, kind->title),
                                   .title = head->id ? name : title};
    draw_errors(&html, context, kind, faults, error);
    template_part_head(&html, &part);
    template_form(&html, record_form(context, request, kind, record, given, faults));
    const char *path = head->id ? arena_print(request->arena, "%s/%lld", kind->path, (long long)head->id) : NULL;
    const struct page page = {.title = title,
                              .section = kind->path,
                              .body = html_finish(&html),
                              .narrow = true,
                              .crumbs = record_crumbs(request, kind, name, path, title)};
    page_send(request, response, &page);
    if (error) response->status = error->status == STATUS_CONFLICT ? 409 : 422;
    return STATUS_OK;
}

/* Who belongs to one organisation only files for it: it is there already. */
static void propose_owner(struct record_context *context, const struct kind *kind, void *record)
{
    const struct field *field = kind->owner_field ? kind_field(kind, kind->owner_field) : NULL;
    const struct kind *to = field ? kind_find(field->reference.to) : NULL;
    if (!to || !to->is_organisation || context->viewer->relation_count != 1) return;
    ((struct reference *)field_member(field, record))->id = context->viewer->relations[0].organisation;
}

/* The values that a link may bring: /needs/new?company=12 */
static void apply_query(struct record_context *context, const struct http_request *request, const struct kind *kind,
                        void *record)
{
    struct faults ignored = {.count = 0};
    const struct inputs inputs = record_form_inputs(request, kind, &request->query);
    record_apply(context, kind, record, &inputs, &ignored);
}

enum status record_form_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const int64_t id = page_id(request);
    void *record = NULL;
    if (!id) {
        if (!record_may_create(&context, kind))
            return error_set(error, STATUS_DENIED, N_("You may not file this: your account has no role for it."));
        record = record_new(&context, kind);
        propose_owner(&context, kind, record);
        apply_query(&context, request, kind, record);
        return form_page(request, response, &context, kind, record, NULL, NULL, NULL);
    }
    enum status status = record_load(&context, kind, id, &record, error);
    if (!status && !record_may_write(&context, kind, record))
        status = error_set(error, STATUS_DENIED, N_("You may not write this: ask the organisation that owns it."));
    if (!status) status = readings_commit(&context, error);
    return status ? status : form_page(request, response, &context, kind, record, NULL, NULL, NULL);
}

/* Somebody else saved meanwhile: each field that now reads otherwise than what was sent says how, so that one may choose. */
static void tell_differences(struct record_context *context, const struct http_request *request,
                             const struct kind *kind, const void *record, const struct http_parameters *given,
                             struct faults *faults)
{
    struct faults ignored = {.count = 0};
    struct error difference;
    void *sent = record_new(context, kind);
    memcpy(sent, record, kind->size);
    const struct inputs inputs = record_form_inputs(request, kind, given);
    record_apply(context, kind, sent, &inputs, &ignored);
    for (const struct field *field = kind->fields; field->name; field++) {
        const char *mine = field_text(context, field, sent), *theirs = field_text(context, field, record);
        if (strcmp(mine ? mine : "", theirs ? theirs : "") == 0) continue;
        if (theirs)
            error_field(&difference, STATUS_CONFLICT, field->name,
                        N_("It now reads “{1}”. Keep yours, or take that one."), field_show(context, field, record));
        else
            error_field(&difference, STATUS_CONFLICT, field->name,
                        N_("It was left empty or emptied meanwhile. Keep yours, or empty it."));
        faults_add(faults, &difference);
    }
}

/* The form again, as it was sent, with what is wrong; nothing was kept. After a conflict it is about the present version, else about the one that
 * the person saw. */
static enum status form_again(const struct http_request *request, struct http_response *response,
                              struct record_context *context, const struct kind *kind,
                              const struct http_parameters *given, const struct record_change *change,
                              const struct error *fault, struct error *error)
{
    void *record = NULL;
    enum status status = STATUS_OK;
    if (change->id)
        status = reread(context, kind, change->id, &record, error);
    else
        record = record_new(context, kind);
    if (!status) status = readings_commit(context, error);
    if (status) return status;
    /* What a hook finds wrong with a field is told beside it, as what the engine finds. */
    if (fault && fault->status == STATUS_INPUT && !change->faults->count && kind_field(kind, fault->field))
        faults_add(change->faults, fault);
    if (fault && fault->status == STATUS_CONFLICT && change->id && !change->faults->count)
        tell_differences(context, request, kind, record, given, change->faults);
    else if (change->id)
        ((struct record *)record)->version = change->version;
    return form_page(request, response, context, kind, record, given, change->faults, fault);
}

/* Saves what was sent, with the files that came with it. When a file is not taken, nothing is saved and all that is wrong is told. */
static enum status save_form(struct record_context *context, const struct http_request *request,
                             const struct kind *kind, struct record_change *change, struct http_parameters *given,
                             struct error *fault)
{
    struct inputs *inputs = ARENA_NEW(request->arena, struct inputs);
    struct db_handle *const lent = context->handle;
    struct db_handle *fresh = NULL;
    enum status status = record_form_files(context, request, kind, change->id, given, change->faults, fault);
    if (!status) status = db_read_in(context->records->db, request->arena, &fresh, fault); /* sees the files */
    if (status) return status;
    context->handle = fresh;
    *inputs = record_form_inputs(request, kind, given);
    change->inputs = inputs;
    const char *pick = http_value(given, "pick");
    if (pick && *pick) return STATUS_NONE;
    if (change->faults->count) return record_try(context, kind, change, fault);
    context->handle = lent;
    status = record_write(context, kind, change, fault);
    context->handle = fresh;
    return status;
}

enum status record_form_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    struct faults faults = {.count = 0};
    struct error fault = {0};
    struct http_parameters given;
    struct record_change change = {
        .id = page_id(request), .faults = &faults, .version = http_integer(&request->form, "version", 0, INT64_MAX, 0)};
    const enum status status = save_form(&context, request, kind, &change, &given, &fault);
    if (status == STATUS_NONE) return form_again(request, response, &context, kind, &given, &change, NULL, error);
    if (status == STATUS_INPUT || status == STATUS_CONFLICT || (status && faults.count))
        return form_again(request, response, &context, kind, &given, &change, &fault, error);
    if (status) {
        *error = fault;
        return status;
    }
    const struct record *head = change.record;
    return http_redirect(
        request, response, record_url(request, kind, head->id),
        language_text(request->language, change.id ? N_("The changes are saved.") : N_("It is filed.")));
}

enum status record_step_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const int64_t id = page_id(request);
    const char *state = http_value(&request->form, "state");
    struct error fault = {0};
    const enum status status =
        record_change_state(&context, kind, id, http_integer(&request->form, "version", 0, INT64_MAX, 0),
                            state ? state : "", http_value(&request->form, "reason"), &fault);
    if (status == STATUS_INPUT || status == STATUS_LIMIT || status == STATUS_CONFLICT)
        return record_show(request, response, &fault, error);
    if (status) {
        *error = fault;
        return status;
    }
    return http_redirect(request, response, record_url(request, kind, id),
                         language_text(request->language, N_("The step is noted.")));
}
