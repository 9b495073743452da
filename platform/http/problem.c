#include "platform/http/http_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const char *title_of(int status)
{
    switch (status) {
    case 400: return N_("Bad request");
    case 401: return N_("Sign in first");
    case 403: return N_("Not allowed");
    case 404: return N_("Not found");
    case 405: return N_("Method not allowed");
    case 409: return N_("Conflict");
    case 413: return N_("Too large");
    case 415: return N_("Type not accepted");
    case 422: return N_("No answer");
    case 429: return N_("Too many requests");
    case 503: return N_("Busy");
    default: return N_("Our fault");
    }
}

/* What people are told: the details of our own faults are for the log. */
static const char *detail_of(const struct http_exchange *exchange, const struct error *error)
{
    const struct http_request *request = &exchange->request;
    if (error->status == STATUS_FAULT)
        return language_print(request->arena, request->language,
                              N_("Something broke on our side. Tell us this number: {1}."), request->id,
                              (const char *)NULL);
    return language_error(request->arena, request->language, error);
}

/* RFC 9457. */
static void as_json(struct http_exchange *exchange, const struct error *error)
{
    const struct http_request *request = &exchange->request;
    struct http_response *response = &exchange->response;
    json_t *object = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
                               language_text(request->language, title_of(response->status)), "status", response->status,
                               "detail", detail_of(exchange, error), "request", request->id);
    if (object && *error->field) json_object_set_new(object, "field", json_string(error->field));
    char *text = object ? json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    response->media_type = "application/problem+json";
    response->body = text ? arena_copy(request->arena, text) : "{}";
    free(text);
    json_decref(object);
}

/* Refusals that a flood may cause are cheap: no page is drawn. */
static bool as_page(const struct http_exchange *exchange)
{
    const bool asset = exchange->row && exchange->row->type == ROUTE_ASSET;
    return exchange->server->error_page && !exchange->rated && !exchange->cut && !asset;
}

static void as_text(struct http_exchange *exchange, const struct error *error)
{
    exchange->response.media_type = "text/plain; charset=utf-8";
    exchange->response.body = arena_print(exchange->request.arena, "%s\n", detail_of(exchange, error));
}

void http_problem(struct http_exchange *exchange, int status, const struct error *error)
{
    struct http_response *response = &exchange->response;
    *response = (struct http_response){.status = status, .retry_after = response->retry_after};
    exchange->request.flash = NULL;
    if (exchange->problem)
        as_json(exchange, error);
    else if (as_page(exchange))
        exchange->server->error_page(&exchange->request, error, response);
    else
        as_text(exchange, error);
    response->status = status;
    response->cache = HTTP_NO_STORE;
    if (!response->buffer) response->body_length = strlen(response->body ? response->body : "");
}
