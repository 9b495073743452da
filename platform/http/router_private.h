/* router_private.h: the route tables as a tree of path segments. Knows neither connections nor the library behind. */
#ifndef PLATFORM_HTTP_ROUTER_PRIVATE_H
#define PLATFORM_HTTP_ROUTER_PRIVATE_H

#include "platform/http/http.h"

enum { PATH_SEGMENTS = 16 };

/* A path cut at its slashes, each segment decoded. "/" has no segment. */
struct http_path {
    const char *segments[PATH_SEGMENTS];
    size_t count;
};

/* Cuts and decodes raw (what stands before '?'). STATUS_INPUT: not a path that anybody may mean (bad %, no UTF-8, control
 * characters, a slash or a dot segment hidden in an encoding); STATUS_MISSING: well formed, but empty segments or too deep. */
enum status http_path_parse(struct arena *arena, const char *raw, struct http_path *path, struct error *error);

/* What the routers knows a row by: its number counts requests. */
struct http_route_entry {
    const struct http_route *row;
    size_t number;
};

struct http_route_match {
    const struct http_route_entry *entry; /* NULL: the method is not among the allowed ones */
    const char *words[HTTP_WORDS];
    unsigned allowed; /* bit 1 << method for each that the path has */
};

struct http_router;

/* Builds the tree in the arena. STATUS_INPUT names the row that is wrong (path, access, rights, twice the same). */
enum status http_router_new(struct arena *arena, const struct http_route *const *tables, struct http_router **router,
                            struct error *error);
size_t http_router_count(const struct http_router *router);
const struct http_route *http_router_row(const struct http_router *router, size_t number);

/* Finds path among the pages (path without its language) or among the others. False: no such path. A literal segment goes
 * before a {name}; the match is by method as well. O(segments) unless literals and names overlap. */
bool http_router_find(const struct http_router *router, bool pages, const struct http_path *path, size_t from,
                      enum http_method method, struct http_route_match *match);

#endif
