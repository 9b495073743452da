#include "platform/record/web.h"

#include <string.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/record/files.h"
#include "platform/record/web_private.h"

struct record_context record_request(const struct http_request *request, const char *origin)
{
    return (struct record_context){.records = request->application,
                                   .arena = request->arena,
                                   .viewer = request->viewer,
                                   .language = request->language,
                                   .handle = request->read,
                                   .origin = origin};
}

void take_state(struct inputs *inputs, const char **state, const char **reason)
{
    struct input *kept = (struct input *)(uintptr_t)inputs->items;
    size_t count = 0;
    *state = input_text(inputs, "state");
    *reason = input_text(inputs, "reason");
    for (size_t i = 0; i < inputs->count; i++)
        if (strcmp(inputs->items[i].field, "state") != 0 && strcmp(inputs->items[i].field, "reason") != 0)
            kept[count++] = inputs->items[i];
    inputs->count = count;
}

enum status reread(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                   struct error *error)
{
    struct db_handle *fresh = NULL;
    struct db_handle *const lent = context->handle;
    enum status status = db_read(context->records->db, &fresh, error);
    if (status) return status;
    context->handle = fresh;
    status = record_load(context, kind, id, record, error);
    context->handle = lent;
    db_release(&fresh);
    return status;
}

const struct kind *record_request_kind(const struct http_request *request)
{
    const struct kind *best = NULL;
    for (const struct kind *const *kind = kinds_all(); *kind; kind++) {
        const size_t length = strlen((*kind)->path);
        if (strncmp(request->path, (*kind)->path, length) != 0 || !strchr("/", request->path[length])) continue;
        if (!best || length > strlen(best->path)) best = *kind;
    }
    return best;
}

const char *record_url(const struct http_request *request, const struct kind *kind, int64_t id)
{
    return http_url(request, arena_print(request->arena, "%s/%lld", kind->path, (long long)id));
}

const char *record_list_url(const struct http_request *request, const struct kind *kind, const char *query)
{
    return http_url(request, *query ? arena_print(request->arena, "%s?%s", kind->path, query) : kind->path);
}

const char *record_keep_url(const struct http_request *request, const struct kind *kind, const char *query)
{
    return http_url(request,
                    arena_print(request->arena, "/space/searches/new?of=%s%s%s", kind->name, *query ? "&" : "", query));
}

/* The pages of one kind, their paths after the kind's own; {id} and {import} are words of the address. */
static const struct http_route page_rows[] = {
    ROUTE(HTTP_GET, "", ROUTE_PAGE, ACCESS_PUBLIC, record_list_page),
    ROUTE(HTTP_POST, "", ROUTE_PAGE, ACCESS_ACCOUNT, record_form_post, .body_limit = 256 * 1024),
    ROUTE(HTTP_GET, "/map", ROUTE_PAGE, ACCESS_PUBLIC, record_map_page),
    ROUTE(HTTP_GET, "/points", ROUTE_PAGE, ACCESS_PUBLIC, record_points),
    ROUTE(HTTP_GET, "/new", ROUTE_PAGE, ACCESS_ACCOUNT, record_form_page),
    ROUTE(HTTP_GET, "/export/columns", ROUTE_PAGE, ACCESS_PUBLIC, record_export_columns),
    ROUTE(HTTP_GET, "/export", ROUTE_PAGE, ACCESS_PUBLIC, record_export, .slow = true),
    ROUTE(HTTP_POST, "/export", ROUTE_PAGE, ACCESS_ACCOUNT, record_export_post, .slow = true),
    ROUTE(HTTP_GET, "/import", ROUTE_PAGE, ACCESS_ACCOUNT, record_import_page),
    ROUTE(HTTP_POST, "/import", ROUTE_PAGE, ACCESS_ACCOUNT, record_import_post, .slow = true,
          .body_limit = 64 * 1024 * 1024),
    ROUTE(HTTP_GET, "/import/{import}", ROUTE_PAGE, ACCESS_ACCOUNT, record_import_show),
    ROUTE(HTTP_POST, "/import/{import}", ROUTE_PAGE, ACCESS_ACCOUNT, record_import_act, .slow = true),
    ROUTE(HTTP_GET, "/import/{import}/remarks", ROUTE_PAGE, ACCESS_ACCOUNT, record_import_remarks, .slow = true),
    ROUTE(HTTP_GET, "/feed.atom", ROUTE_PAGE, ACCESS_PUBLIC, record_feed_atom),
    ROUTE(HTTP_GET, "/calendar.ics", ROUTE_PAGE, ACCESS_PUBLIC, record_feed_calendar),
    ROUTE(HTTP_GET, "/{id}", ROUTE_PAGE, ACCESS_PUBLIC, record_page),
    ROUTE(HTTP_POST, "/{id}", ROUTE_PAGE, ACCESS_ACCOUNT, record_form_post, .body_limit = 256 * 1024),
    ROUTE(HTTP_GET, "/{id}/edit", ROUTE_PAGE, ACCESS_ACCOUNT, record_form_page),
    ROUTE(HTTP_POST, "/{id}/step", ROUTE_PAGE, ACCESS_ACCOUNT, record_step_post),
    ROUTE(HTTP_GET, "/{id}/history", ROUTE_PAGE, ACCESS_PUBLIC, record_history_page),
    ROUTE(HTTP_GET, "/{id}/erase", ROUTE_PAGE, ACCESS_ACCOUNT, record_erase_page),
    ROUTE(HTTP_POST, "/{id}/erase", ROUTE_PAGE, ACCESS_ACCOUNT, record_erase_post),
    ROUTE(HTTP_GET, "/{id}/forget", ROUTE_PAGE, ACCESS_ACCOUNT, record_forget_page),
    ROUTE(HTTP_POST, "/{id}/forget", ROUTE_PAGE, ACCESS_ACCOUNT, record_forget_post),
};

enum { PAGE_ROWS = sizeof page_rows / sizeof *page_rows };

static const struct http_route file_row =
    ROUTE(HTTP_GET, "/files/{id}", ROUTE_PAGE, ACCESS_PUBLIC, record_file_get, .slow = true);

/* What has no place is on no map, and what does not take place is in no calendar. */
static bool is_served(const struct kind *kind, http_handler *handler)
{
    if (handler == record_map_page || handler == record_points) return kind->place != NULL;
    return handler != record_feed_calendar || kind->starts;
}

const struct http_route *record_page_routes(struct arena *arena, const struct kind *const *kinds)
{
    size_t count = 0;
    while (kinds[count]) count++;
    struct http_route *routes = ARENA_ARRAY(arena, count * PAGE_ROWS + 2, struct http_route);
    size_t made = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < PAGE_ROWS; i++) {
            if (!is_served(kinds[k], page_rows[i].handler)) continue;
            struct http_route *route = &routes[made++];
            *route = page_rows[i];
            route->path = arena_print(arena, "%s%s", kinds[k]->path, page_rows[i].path);
            if (page_rows[i].handler == record_form_post && kind_has_files(kinds[k])) {
                route->body_limit = kind_form_limit(kinds[k]);
                route->slow = true;
            }
        }
    routes[made] = file_row;
    return routes;
}
