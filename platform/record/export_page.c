/* export_page.c: a list as a file, and as a page of the API. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/export.h"
#include "platform/record/json.h"
#include "platform/record/pages_private.h"
#include "platform/record/readings.h"

enum { EXPORT_LIMIT = 256 * 1024 * 1024, LIST_LIMIT = 8 * 1024 * 1024 };

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
        status = record_export_write(&context, &found, format, http_value(&request->query, "columns"),
                                     record_query_text(request->arena, &query, NULL, NULL), add_bytes, response->buffer,
                                     error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    response->media_type = export_media_type(format);
    response->filename = arena_print(request->arena, "%s.%s", kind->name, word ? word : "csv");
    return STATUS_OK;
}

static const char *page_link(const struct http_request *request, const struct kind *kind, const char *text,
                             int64_t page, const char *relation)
{
    return arena_print(request->arena, "</api/v1/%s?%s%spage=%lld>; rel=\"%s\"", kind->name, text, *text ? "&" : "",
                       (long long)page, relation);
}

static void set_links(const struct http_request *request, struct http_response *response, const struct kind *kind,
                      const struct record_query *query, int64_t total)
{
    const char *text = record_query_text(request->arena, query, NULL, NULL);
    if (query->page_size != QUERY_PAGE_SIZE)
        text = arena_print(request->arena, "%s%slimit=%lld", text, *text ? "&" : "", (long long)query->page_size);
    const bool more = query->page * query->page_size < total;
    const char *next = more ? page_link(request, kind, text, query->page + 1, "next") : NULL;
    const char *previous = query->page > 1 ? page_link(request, kind, text, query->page - 1, "prev") : NULL;
    response->link = next && previous ? arena_print(request->arena, "%s, %s", previous, next) : next ? next : previous;
}

enum status record_api_list(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = kind_find(request->words[0]);
    struct record_query query;
    struct record_found found;
    void **records = NULL;
    size_t count = 0;
    if (!kind) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    enum status status = record_list_find(&context, request, kind, &query, &found, error);
    if (!status) status = record_found_page(&context, &query, &found, &records, &count, error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    struct buffer *out = buffer_new(request->arena, LIST_LIMIT);
    buffer_print(out, "{\"total\": %lld, \"page\": %lld, \"items\": [", (long long)found.total, (long long)query.page);
    for (size_t i = 0; i < count; i++) {
        if (i) buffer_text(out, ", ");
        json_record(out, &context, kind, records[i]);
    }
    buffer_text(out, "]}");
    set_links(request, response, kind, &query, found.total);
    response->buffer = out;
    response->media_type = "application/json";
    response->cache = HTTP_PRIVATE;
    return STATUS_OK;
}
