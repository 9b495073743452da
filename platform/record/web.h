/* web.h: the addresses of the declared kinds: pages and API. The program adds its own beside them. */
#ifndef PLATFORM_RECORD_WEB_H
#define PLATFORM_RECORD_WEB_H

#include "platform/html/html.h"
#include "platform/http/http.h"
#include "platform/html/parts.h"
#include "platform/record/query.h"
#include "platform/record/record.h"

/* The application that http_start was given must begin with a struct records. */
struct record_context record_request(const struct http_request *request, const char *origin);

/* The routes of each kind's pages (list, map, file, record, edit, step, history, import, export), made from the kinds; in the arena, which must
 * outlive the server. Ended by a row without handler. */
const struct http_route *record_page_routes(struct arena *arena, const struct kind *const *kinds);

/* /api/v1: lists, records, vocabularies, the OpenAPI text. Static. */
extern const struct http_route record_api_routes[];

/* What the API has beside the kinds: texts that are members of the object "paths" of the OpenAPI text, ended by NULL. Once, before requests; static. */
void record_api_describe(const char *const *paths);

/* The kind whose path the request's path begins with. Never NULL in handlers of record_page_routes. */
const struct kind *record_request_kind(const struct http_request *request);

/* "/needs/123", with the language. */
const char *record_url(const struct http_request *request, const struct kind *kind, int64_t id);

/* The address of the list with these parameters: path?query. */
const char *record_list_url(const struct http_request *request, const struct kind *kind, const char *query);

/* What a list is asked by, in words: "Needs: « welder », Bretagne"; the kind's name alone for the whole list. In the arena. */
const char *record_query_words(struct record_context *context, const struct kind *kind,
                               const struct record_query *query);

/* The address that offers to keep this list and to tell what is new in it (platform/saved). */
const char *record_keep_url(const struct http_request *request, const struct kind *kind, const char *query);

/* What the address's parameters find among the records of a kind: for lists, and for pages of figures about them. */
enum status record_list_find(struct record_context *context, const struct http_request *request,
                             const struct kind *kind, struct record_query *query, struct record_found *found,
                             struct error *error);
/* What surrounds a list, its map or its figures: head, filters that lead to `path` again, chips, tabs, exports. The body is the caller's. */
struct part_list record_list_frame(struct record_context *context, const struct http_request *request, const char *path,
                                   const struct record_query *query, const struct record_found *found);

/* A record as one result of a list. */
struct part_result record_result(struct record_context *context, const struct http_request *request,
                                 const struct kind *kind, const void *record);

#endif
