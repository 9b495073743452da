/* fuzz_route.c: paths to routes: no segment that gets through is empty, a dot or holds a slash; what a {name} takes is a segment. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/http/router_private.h"
#include "tests/fuzz/fuzz.h"

static enum status nothing(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)request, (void)response, (void)error;
    return STATUS_OK;
}

static const struct http_route routes[] = {
    ROUTE(HTTP_GET, "/", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/needs/{id}", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_POST, "/needs/new", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/{kind}/list/{page}", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    ROUTE(HTTP_GET, "/{a}/{b}/{c}/{d}", ROUTE_PAGE, ACCESS_PUBLIC, nothing),
    {.handler = NULL},
};

static void check_segment(const char *segment)
{
    ENSURE(*segment && !strpbrk(segment, "/\\\r\n") && strcmp(segment, ".") != 0 && strcmp(segment, "..") != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new();
    const struct http_route *const tables[] = {routes, NULL};
    static struct http_router *router; /* the same for all inputs */
    struct http_path path;
    struct error error;
    if (!router) ENSURE(http_router_new(arena_new(), tables, &router, &error) == STATUS_OK);
    if (http_path_parse(arena, arena_copy_bytes(arena, (const char *)bytes, size), &path, &error) == STATUS_OK) {
        for (size_t i = 0; i < path.count; i++) check_segment(path.segments[i]);
        for (unsigned method = 0; method < HTTP_METHODS; method++) {
            struct http_route_match match;
            if (!http_router_find(router, true, &path, 0, (enum http_method)method, &match)) continue;
            ENSURE(match.entry ? (match.allowed & 1u << method) != 0 : match.allowed != 0);
            for (size_t i = 0; i < HTTP_WORDS && match.words[i]; i++) check_segment(match.words[i]);
        }
    }
    arena_free(&arena);
    return 0;
}
