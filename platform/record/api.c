/* api.c: records as JSON. The same checks, rights and history as the pages: only the form differs. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/files.h"
#include "platform/record/json.h"
#include "platform/record/readings.h"
#include "platform/record/web.h"
#include "platform/record/web_private.h"
#include "platform/vocabulary/vocabulary.h"

enum { RECORD_LIMIT = 512 * 1024, BODY_LIMIT = 1024 * 1024, SUGGESTIONS = 12 };

static enum status no_such(struct error *error)
{
    return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

enum status api_kind(const struct http_request *request, const struct kind **kind, struct error *error)
{
    *kind = kind_find(request->words[0]);
    return *kind ? STATUS_OK : no_such(error);
}

int64_t api_id(const struct http_request *request)
{
    char *end = NULL;
    const int64_t id = request->words[1] ? strtoll(request->words[1], &end, 10) : 0;
    return end && *end == '\0' && id > 0 ? id : 0;
}

enum status send_record(struct record_context *context, const struct http_request *request, const struct kind *kind,
                        const void *record, struct http_response *response, struct error *error)
{
    const struct record *head = record;
    response->buffer = buffer_new(request->arena, RECORD_LIMIT);
    json_record(response->buffer, context, kind, record);
    response->media_type = "application/json";
    /* What a reader sees follows the record's version and the reader: both are in the tag. */
    response->etag = arena_print(request->arena, "%lld-%lld-%lld", (long long)head->version,
                                 (long long)request->viewer->reads_as, (long long)request->viewer->tokens_version);
    response->cache = HTTP_PRIVATE;
    return readings_commit(context, error);
}

static enum status get_record(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = NULL;
    void *record = NULL;
    enum status status = api_kind(request, &kind, error);
    if (!status) status = record_load(&context, kind, api_id(request), &record, error);
    return status ? status : send_record(&context, request, kind, record, response, error);
}

enum status send_faults(const struct http_request *request, const struct faults *faults, const struct error *error,
                        struct http_response *response)
{
    struct buffer *out = buffer_new(request->arena, RECORD_LIMIT);
    response->status = error->status == STATUS_INPUT ? 422 : http_status_of(error->status);
    buffer_print(out, "{\"type\": \"about:blank\", \"status\": %d, \"title\": ", response->status);
    json_text(out, language_error(request->arena, request->language, error));
    buffer_text(out, ", \"errors\": [");
    for (size_t i = 0; i < faults->count; i++) {
        buffer_text(out, i ? ", {\"field\": " : "{\"field\": ");
        json_text(out, faults->items[i].field);
        buffer_text(out, ", \"detail\": ");
        json_text(out, language_error(request->arena, request->language, &faults->items[i]));
        buffer_char(out, '}');
    }
    buffer_text(out, "]}");
    response->buffer = out;
    response->media_type = "application/problem+json";
    return STATUS_OK;
}

int64_t expected_version(const struct http_request *request, int64_t member)
{
    const char *tag = request->header ? request->header(request, "If-Match") : NULL;
    if (!tag || *tag == '*') return member;
    while (*tag == '"' || *tag == 'W' || *tag == '/') tag++;
    return strtoll(tag, NULL, 10);
}

static enum status change_or_state(struct record_context *context, const struct kind *kind,
                                   struct record_change *change, struct error *error)
{
    if (change->inputs->count || !change->id) return record_write(context, kind, change, error);
    if (!change->state) return STATUS_OK;
    return record_change_state(context, kind, change->id, change->version, change->state, change->reason, error);
}

static enum status write_record_api(const struct http_request *request, struct http_response *response, int64_t id,
                                    struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = NULL;
    struct inputs inputs;
    struct faults faults = {.count = 0};
    struct record_change change = {.id = id, .inputs = &inputs, .faults = &faults};
    enum status status = api_kind(request, &kind, error);
    if (status) return status;
    if (id || !request->words[1])
        status =
            json_inputs(&context, kind, request->body, request->body_length, &inputs, &change.version, &faults, error);
    if (!status) take_state(&inputs, &change.state, &change.reason);
    if (!id) {
        change.state = NULL; /* a new record is in the first state */
        const char *key = request->header ? request->header(request, "Idempotency-Key") : NULL;
        change.once = (struct once){key, request->body, request->body_length};
    }
    change.version = expected_version(request, change.version);
    if (!status && id && !change.version)
        return error_set(error, STATUS_INPUT, N_("Say which version you saw: If-Match, or the member “version”."));
    if (!status) status = change_or_state(&context, kind, &change, error);
    if (status && faults.count) return send_faults(request, &faults, error, response);
    if (status) return status;
    void *record = NULL;
    const int64_t written = id ? id : ((const struct record *)change.record)->id;
    status = reread(&context, kind, written, &record, error);
    if (status) return status;
    response->status = id || change.again ? 200 : 201;
    if (!id) response->location = arena_print(request->arena, "/api/v1/%s/%lld", kind->name, (long long)written);
    return send_record(&context, request, kind, record, response, error);
}

static enum status post_record(const struct http_request *request, struct http_response *response, struct error *error)
{
    return write_record_api(request, response, 0, error);
}

static enum status patch_record(const struct http_request *request, struct http_response *response, struct error *error)
{
    const int64_t id = api_id(request);
    return id ? write_record_api(request, response, id, error) : no_such(error);
}

static enum status delete_record(const struct http_request *request, struct http_response *response,
                                 struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = NULL;
    enum status status = api_kind(request, &kind, error);
    if (!status) status = record_erase(&context, kind, api_id(request), expected_version(request, 0), NULL, error);
    if (!status) response->status = 204;
    return status;
}

static enum status get_vocabulary(const struct http_request *request, struct http_response *response,
                                  struct error *error)
{
    const struct records *records = request->application;
    const struct vocabulary_code *found[SUGGESTIONS];
    const char *query = http_value(&request->query, "q"), *level = http_value(&request->query, "level");
    (void)error;
    const size_t count = vocabulary_search(records->vocabulary, request->arena, request->language, request->words[0],
                                           level && *level ? level : NULL, query ? query : "", found, SUGGESTIONS);
    struct buffer *out = buffer_new(request->arena, RECORD_LIMIT);
    buffer_text(out, "{\"items\": [");
    for (size_t i = 0; i < count; i++) {
        buffer_text(out, i ? ", {\"code\": " : "{\"code\": ");
        json_text(out, found[i]->code);
        buffer_text(out, ", \"label\": ");
        json_text(out, request->language == LANGUAGE_FRENCH || !found[i]->label_en ? found[i]->label_fr
                                                                                   : found[i]->label_en);
        buffer_text(out, ", \"level\": ");
        json_text(out, found[i]->level);
        buffer_char(out, '}');
    }
    buffer_text(out, "]}");
    response->buffer = out;
    response->media_type = "application/json";
    response->cache = HTTP_PUBLIC_SHORT;
    return STATUS_OK;
}

static enum status get_suggestions(const struct http_request *request, struct http_response *response,
                                   struct error *error)
{
    struct record_context context = record_request(request, "api");
    const struct kind *kind = NULL;
    struct record_match found[SUGGESTIONS];
    const char *words = http_value(&request->query, "q");
    const enum status status = api_kind(request, &kind, error);
    if (status) return status;
    const size_t count = record_suggest(&context, kind, words ? words : "", found, SUGGESTIONS);
    struct buffer *out = buffer_new(request->arena, RECORD_LIMIT);
    buffer_text(out, "{\"items\": [");
    for (size_t i = 0; i < count; i++) {
        buffer_print(out, "%s{\"id\": \"%lld\", \"label\": ", i ? ", " : "", (long long)found[i].id);
        json_text(out, found[i].name);
        buffer_text(out, ", \"hint\": ");
        json_text(out, found[i].hint);
        buffer_char(out, '}');
    }
    buffer_text(out, "]}");
    response->buffer = out;
    response->media_type = "application/json";
    response->cache = HTTP_PRIVATE;
    return readings_commit(&context, error);
}

const struct http_route record_api_routes[] = {
    ROUTE(HTTP_GET, "/api/v1/suggest/{kind}", ROUTE_API, ACCESS_PUBLIC, get_suggestions),
    ROUTE(HTTP_GET, "/api/v1/vocabulary/{scheme}", ROUTE_API, ACCESS_PUBLIC, get_vocabulary),
    ROUTE(HTTP_GET, "/api/v1/openapi.json", ROUTE_API, ACCESS_PUBLIC, record_api_openapi),
    ROUTE(HTTP_GET, "/api/v1/{kind}", ROUTE_API, ACCESS_PUBLIC, record_api_list),
    ROUTE(HTTP_POST, "/api/v1/{kind}", ROUTE_API, ACCESS_ACCOUNT, post_record, .body_limit = BODY_LIMIT),
    ROUTE(HTTP_GET, "/api/v1/{kind}/{id}", ROUTE_API, ACCESS_PUBLIC, get_record),
    ROUTE(HTTP_PATCH, "/api/v1/{kind}/{id}", ROUTE_API, ACCESS_ACCOUNT, patch_record, .body_limit = BODY_LIMIT),
    ROUTE(HTTP_DELETE, "/api/v1/{kind}/{id}", ROUTE_API, ACCESS_ACCOUNT, delete_record),
    ROUTE(HTTP_POST, "/api/v1/{kind}/{id}/{field}", ROUTE_API, ACCESS_ACCOUNT, record_file_post, .slow = true,
          .body_limit = FILE_MOST + BODY_LIMIT),
    ROUTE(HTTP_DELETE, "/api/v1/{kind}/{id}/{field}", ROUTE_API, ACCESS_ACCOUNT, record_file_delete),
    ROUTE(HTTP_GET, FILE_ADDRESS "/{id}", ROUTE_API, ACCESS_PUBLIC, record_file_get, .slow = true),
    {.handler = NULL},
};
