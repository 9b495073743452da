/* api_list.c: a list as a page of the API, with the counts that were asked for. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/export.h"
#include "platform/record/json.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"
#include "platform/record/readings.h"

enum { LIST_LIMIT = 8 * 1024 * 1024, COUNTED_MOST = 16 };

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
    const char *counted = http_value(&request->query, "facets");
    if (counted && *counted)
        text =
            arena_print(request->arena, "%s%sfacets=%s", text, *text ? "&" : "", http_encode(request->arena, counted));
    const char *columns = export_columns(request);
    if (columns)
        text =
            arena_print(request->arena, "%s%scolumns=%s", text, *text ? "&" : "", http_encode(request->arena, columns));
    if (query->page_size != QUERY_PAGE_SIZE)
        text = arena_print(request->arena, "%s%slimit=%lld", text, *text ? "&" : "", (long long)query->page_size);
    const bool more = query->page * query->page_size < total;
    const char *next = more ? page_link(request, kind, text, query->page + 1, "next") : NULL;
    const char *previous = query->page > 1 ? page_link(request, kind, text, query->page - 1, "prev") : NULL;
    response->link = next && previous ? arena_print(request->arena, "%s, %s", previous, next) : next ? next : previous;
}

/* "NAME" or "NAME.LEVEL", as counts are asked for. */
struct counted {
    const char *texts[COUNTED_MOST];
    struct record_facet facets[COUNTED_MOST];
    size_t count;
};

static enum status read_counted(const struct record_context *context, const char *list, const struct kind *kind,
                                struct counted *counted, struct error *error)
{
    char *next = NULL;
    counted->count = 0;
    for (char *word = strtok_r(arena_copy(context->arena, list ? list : ""), ",", &next); word;
         word = strtok_r(NULL, ",", &next)) {
        char *name = arena_copy(context->arena, word), *dot = strchr(name, '.');
        if (dot) *dot++ = '\0';
        if (counted->count == COUNTED_MOST || !record_counted(context, kind, name, dot))
            return error_field(error, STATUS_INPUT, "facets", N_("There are no counts by “{1}” in this list."), word);
        counted->facets[counted->count] = (struct record_facet){.name = name, .level = dot};
        counted->texts[counted->count++] = word;
    }
    return STATUS_OK;
}

static void put_counts(struct buffer *out, const struct record_count *counts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_text(out, i ? ", {\"value\": " : "{\"value\": ");
        json_text(out, counts[i].value);
        buffer_text(out, ", \"label\": ");
        json_text(out, counts[i].label);
        buffer_print(out, ", \"count\": %lld}", (long long)counts[i].count);
    }
}

static void put_facets(struct buffer *out, const struct counted *counted)
{
    for (size_t i = 0; i < counted->count; i++) {
        buffer_text(out, i ? ", " : "\"facets\": {");
        json_text(out, counted->texts[i]);
        buffer_text(out, ": [");
        put_counts(out, counted->facets[i].counts, counted->facets[i].count);
        buffer_text(out, "]");
    }
    if (counted->count) buffer_text(out, "}, ");
}

/* The fields that were asked for. */
struct chosen {
    const struct field *fields[EXPORT_FIELDS];
    size_t count;
};

static void put_items(struct buffer *out, struct record_context *context, const struct chosen *chosen, void **records,
                      size_t count)
{
    buffer_text(out, "\"items\": [");
    for (size_t i = 0; i < count; i++) {
        if (i) buffer_text(out, ", ");
        json_chosen(out, context, records[i], chosen->fields, chosen->count);
    }
    buffer_text(out, "]}");
}

enum status record_api_list(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = kind_find(request->words[0]);
    struct record_query query;
    struct record_found found;
    struct counted counted;
    struct chosen chosen = {.count = 0};
    void **records = NULL;
    size_t count = 0;
    if (!kind) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    struct buffer *out = buffer_new(request->arena, LIST_LIMIT);
    enum status status = read_counted(&context, http_value(&request->query, "facets"), kind, &counted, error);
    if (!status)
        status = record_columns_choose(&context, kind, export_columns(request), chosen.fields, &chosen.count, error);
    const struct record_shown shown = {chosen.fields, chosen.count};
    context.shown = &shown;
    if (!status) status = record_list_find(&context, request, kind, &query, &found, error);
    if (!status) status = record_facets(&context, &query, &found, counted.facets, counted.count, error);
    if (!status) status = record_found_page(&context, &query, &found, &records, &count, error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    buffer_print(out, "{\"total\": %lld, \"page\": %lld, ", (long long)found.total, (long long)query.page);
    put_facets(out, &counted);
    put_items(out, &context, &chosen, records, count);
    set_links(request, response, kind, &query, found.total);
    response->buffer = out;
    response->media_type = "application/json";
    response->cache = HTTP_PRIVATE;
    return STATUS_OK;
}
