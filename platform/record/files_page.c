/* files_page.c: files over HTTP: served as attachments, brought and taken away through the API. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/file/file.h"
#include "platform/record/files.h"
#include "platform/record/readings.h"
#include "platform/record/web_private.h"

static enum status no_such(struct error *error)
{
    return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

/* The file whose number the address holds, if the viewer may read the field of the record that holds it. A personal one is noted as read;
 * the record's other fields, which are not shown, are not. */
static enum status load_readable(struct record_context *context, const char *word, struct file_kept **file,
                                 struct error *error)
{
    char *end = NULL;
    void *record = NULL;
    const int64_t id = strtoll(word, &end, 10);
    if (*end || id <= 0) return no_such(error);
    enum status status = file_load(context->handle, context->arena, id, file, error);
    const struct kind *kind = status || !(*file)->holder ? NULL : kind_find((*file)->holder);
    const struct field *field = kind ? kind_field(kind, (*file)->field) : NULL;
    if (status && status != STATUS_MISSING) return status;
    if (!field || field->type != FIELD_FILE) return no_such(error);
    status = record_load(context, kind, (*file)->record, &record, error);
    context->readings = NULL;
    if (!status && ((const struct file *)field_value(field, record))->id != id) status = no_such(error);
    if (!status && field->is_personal) readings_note(context, kind, (*file)->record, field);
    return status ? status : readings_commit(context, error);
}

enum status record_file_get(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "file");
    struct file_kept *file = NULL;
    const enum status status = load_readable(&context, request->words[0], &file, error);
    if (status) return status;
    const bool text = strncmp(file->media_type, "text/", 5) == 0;
    response->media_type = text ? arena_print(request->arena, "%s; charset=utf-8", file->media_type) : file->media_type;
    response->filename = file->name;
    response->etag = file->digest;
    response->cache = HTTP_PRIVATE;
    response->produce = file_read;
    response->produce_context = file_reader_new(request->arena, request->read, file);
    return STATUS_OK;
}

static enum status address_field(const struct http_request *request, const struct kind **kind,
                                 const struct field **field, struct error *error)
{
    const enum status status = api_kind(request, kind, error);
    *field = status ? NULL : kind_field(*kind, request->words[2]);
    if (status) return status;
    return *field && (*field)->type == FIELD_FILE && api_id(request) ? STATUS_OK : no_such(error);
}

/* The first file of a form, or the body as it is, named by ?name=. */
static enum status sent_file(const struct http_request *request, struct file_given *given, struct error *error)
{
    const char *name = http_value(&request->query, "name");
    *given = (struct file_given){name ? name : "", request->body, request->body_length};
    for (size_t i = 0; !given->bytes && i < request->form.count; i++)
        if (request->form.items[i].filename)
            *given = (struct file_given){request->form.items[i].filename, request->form.items[i].value,
                                         request->form.items[i].length};
    return given->bytes ? STATUS_OK
                        : error_set(error, STATUS_INPUT,
                                    N_("Send the file as the body, with its media type, or in a form of "
                                       "multipart/form-data."));
}

/* Writes the field alone, from the version that the caller saw, and sends the record. */
static enum status change_file(struct record_context *context, const struct http_request *request,
                               const struct kind *kind, const struct field *field, const char *text,
                               struct http_response *response, struct error *error)
{
    const struct input input = {field->name, text};
    const struct inputs inputs = {&input, 1};
    struct faults faults = {.count = 0};
    struct record_change change = {.id = api_id(request), .inputs = &inputs, .faults = &faults};
    void *record = NULL;
    change.version = expected_version(request, http_integer(&request->form, "version", 0, INT64_MAX, 0));
    if (!change.version)
        return error_set(error, STATUS_INPUT, N_("Say which version you saw: If-Match, or the member “version”."));
    enum status status = record_write(context, kind, &change, error);
    if (status && faults.count) return send_faults(request, &faults, error, response);
    if (!status) status = reread(context, kind, change.id, &record, error);
    return status ? status : send_record(context, request, kind, record, response, error);
}

enum status record_file_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = NULL;
    const struct field *field = NULL;
    struct file_given given;
    struct faults faults = {.count = 0};
    int64_t id = 0;
    enum status status = address_field(request, &kind, &field, error);
    if (!status) status = sent_file(request, &given, error);
    if (!status) status = record_bring_file(&context, kind, api_id(request), field, &given, &id, error);
    if (status == STATUS_INPUT || status == STATUS_LIMIT) {
        faults_add(&faults, error);
        return *error->field ? send_faults(request, &faults, error, response) : status;
    }
    if (status) return status;
    return change_file(&context, request, kind, field, arena_print(request->arena, "%lld", (long long)id), response,
                       error);
}

enum status record_file_delete(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = NULL;
    const struct field *field = NULL;
    const enum status status = address_field(request, &kind, &field, error);
    return status ? status : change_file(&context, request, kind, field, "", response, error);
}
