#include "platform/http/router_private.h"

#include <string.h>

#include "base/arena.h"
#include "platform/http/parameters_private.h"

struct node {
    const char *literal;
    struct node *children; /* a list: siblings are few */
    struct node *next;
    struct node *parameter; /* the child that any segment matches */
    const struct http_route_entry *by_method[HTTP_METHODS];
};

struct http_router {
    struct arena *arena;
    struct node pages, others;
    struct http_route_entry *entries;
    size_t count;
};

/* Decodes and checks one segment, in place. */
static enum status segment_decode(char *segment, struct error *error)
{
    const int64_t length = http_percent_decode(segment, strlen(segment), false);
    const bool readable =
        length >= 0 && http_text_clean(segment, (size_t)length) == length && !strpbrk(segment, "/\\\t\n");
    if (!readable || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
        return error_set(error, STATUS_INPUT, N_("This address cannot be read. Check that it was copied whole."));
    if (!*segment) return error_set(error, STATUS_MISSING, N_("There is no page at this address."));
    return STATUS_OK;
}

enum status http_path_parse(struct arena *arena, const char *raw, struct http_path *path, struct error *error)
{
    path->count = 0;
    if (*raw != '/')
        return error_set(error, STATUS_INPUT, N_("This address cannot be read. Check that it was copied whole."));
    if (!raw[1]) return STATUS_OK;
    enum status worst = STATUS_OK;
    for (char *rest = arena_copy(arena, raw + 1); rest;) {
        char *segment = strsep(&rest, "/");
        const enum status status = segment_decode(segment, error);
        if (status == STATUS_INPUT) return status;
        if (status != STATUS_OK) worst = status;
        if (path->count == PATH_SEGMENTS)
            worst = error_set(error, STATUS_MISSING, N_("There is no page at this address."));
        else
            path->segments[path->count++] = segment;
    }
    return worst;
}

static struct node *child_of(struct arena *arena, struct node *node, const char *segment)
{
    const bool any = *segment == '{';
    if (any && node->parameter) return node->parameter;
    for (struct node *child = node->children; !any && child; child = child->next)
        if (strcmp(child->literal, segment) == 0) return child;
    struct node *child = ARENA_NEW(arena, struct node);
    child->literal = segment;
    if (any) return node->parameter = child;
    child->next = node->children;
    return node->children = child;
}

static bool name_closed(const char *segment)
{
    const size_t length = strlen(segment);
    return length > 2 && segment[length - 1] == '}' && strcspn(segment + 1, "{}") == length - 2;
}

/* Puts the row's path into the tree; NULL when it is written wrongly. */
static struct node *node_of(struct http_router *router, const struct http_route *row)
{
    struct node *node = row->type == ROUTE_PAGE ? &router->pages : &router->others;
    if (*row->path != '/') return NULL;
    if (!row->path[1]) return node;
    size_t words = 0, depth = 0;
    for (char *rest = arena_copy(router->arena, row->path + 1); rest;) {
        const char *segment = strsep(&rest, "/");
        if (!*segment || ++depth > PATH_SEGMENTS) return NULL;
        if (*segment == '{' && (!name_closed(segment) || ++words > HTTP_WORDS)) return NULL;
        node = child_of(router->arena, node, segment);
    }
    return node;
}

static enum status row_check(const struct http_route *row, struct error *error)
{
    if (row->type < ROUTE_PAGE || row->type > ROUTE_ASSET || row->method >= HTTP_METHODS)
        return error_set(error, STATUS_INPUT, "The route {1} has no known type or method.", row->path);
    if (row->access < ACCESS_PUBLIC || row->access > ACCESS_RIGHTS)
        return error_set(error, STATUS_INPUT, "The route {1} says nobody who may call it.", row->path);
    if ((row->access == ACCESS_RIGHTS) != (row->rights != 0))
        return error_set(error, STATUS_INPUT, "The route {1} must name rights if and only if its access is by rights.",
                         row->path);
    if (row->type == ROUTE_ASSET && (row->access != ACCESS_PUBLIC || row->method != HTTP_GET))
        return error_set(error, STATUS_INPUT, "The route {1} is an asset: public, and only read.", row->path);
    return STATUS_OK;
}

static enum status row_add(struct http_router *router, const struct http_route *row, struct error *error)
{
    const enum status status = row_check(row, error);
    if (status != STATUS_OK) return status;
    struct node *node = node_of(router, row);
    if (!node) return error_set(error, STATUS_INPUT, "The route {1} is written wrongly.", row->path);
    if (node->by_method[row->method]) return error_set(error, STATUS_INPUT, "The route {1} is there twice.", row->path);
    struct http_route_entry *entry = &router->entries[router->count];
    *entry = (struct http_route_entry){.row = row, .number = router->count};
    node->by_method[row->method] = entry;
    router->count++;
    return STATUS_OK;
}

static size_t rows_in(const struct http_route *const *tables)
{
    size_t count = 0;
    for (; *tables; tables++)
        for (const struct http_route *row = *tables; row->handler; row++) count++;
    return count;
}

enum status http_router_new(struct arena *arena, const struct http_route *const *tables, struct http_router **router,
                            struct error *error)
{
    *router = ARENA_NEW(arena, struct http_router);
    (*router)->arena = arena;
    (*router)->entries = ARENA_ARRAY(arena, rows_in(tables) + 1, struct http_route_entry);
    for (; *tables; tables++)
        for (const struct http_route *row = *tables; row->handler; row++) {
            const enum status status = row_add(*router, row, error);
            if (status != STATUS_OK) return status;
        }
    return STATUS_OK;
}

size_t http_router_count(const struct http_router *router) { return router->count; }

const struct http_route *http_router_row(const struct http_router *router, size_t number)
{
    return router->entries[number].row;
}

/* The words taken so far, while the tree is searched. */
struct search {
    const struct http_path *path;
    enum http_method method;
    const char *words[HTTP_WORDS];
    struct http_route_match *match;
};

static bool search_end(struct search *search, const struct node *node)
{
    for (unsigned method = 0; method < HTTP_METHODS; method++)
        if (node->by_method[method]) search->match->allowed |= 1u << method;
    search->match->entry = node->by_method[search->method];
    if (search->match->entry) memcpy(search->match->words, search->words, sizeof search->words);
    return search->match->entry != NULL;
}

static bool search_from(struct search *search, const struct node *node, size_t at, size_t word)
{
    if (at == search->path->count) return search_end(search, node);
    const char *segment = search->path->segments[at];
    for (const struct node *child = node->children; child; child = child->next)
        if (strcmp(child->literal, segment) == 0 && search_from(search, child, at + 1, word)) return true;
    if (!node->parameter) return false;
    search->words[word] = segment;
    if (search_from(search, node->parameter, at + 1, word + 1)) return true;
    search->words[word] = NULL;
    return false;
}

bool http_router_find(const struct http_router *router, bool pages, const struct http_path *path, size_t from,
                      enum http_method method, struct http_route_match *match)
{
    *match = (struct http_route_match){0};
    struct search search = {.path = path, .method = method, .match = match};
    return search_from(&search, pages ? &router->pages : &router->others, from, 0) || match->allowed;
}
