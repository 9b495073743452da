/* export_page.c: a list as a file. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/export.h"
#include "platform/record/pages_private.h"
#include "platform/record/readings.h"

enum { EXPORT_LIMIT = 256 * 1024 * 1024 };

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    struct buffer *out = context;
    buffer_add(out, bytes, length);
    return buffer_overflowed(out)
               ? error_set(error, STATUS_LIMIT, N_("The file would be too large: narrow the list first."))
               : STATUS_OK;
}

enum status record_export(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "export");
    context.site = http_origin(request);
    const struct kind *kind = record_request_kind(request);
    struct record_query query;
    struct record_found found;
    enum export_format format = EXPORT_CSV;
    const char *word = http_value(&request->query, "format");
    if (word && !export_format_find(word, &format))
        return error_field(error, STATUS_INPUT, "format", N_("“{1}” is not one of the choices."), word);
    response->buffer = buffer_new(request->arena, EXPORT_LIMIT);
    enum status status = record_list_find(&context, request, kind, &query, &found, error);
    if (!status)
        status = record_export_write(&context, &found, format, export_columns(request),
                                     record_query_text(request->arena, &query, NULL, NULL), add_bytes, response->buffer,
                                     error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    response->media_type = export_media_type(format);
    response->filename = arena_print(request->arena, "%s.%s", kind->name, word ? word : "csv");
    return STATUS_OK;
}
