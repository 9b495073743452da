#include "tests/http/site.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"

static _Atomic int calls;

int site_calls(void) { return calls; }

static enum status show_home(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    calls++;
    response->body = arena_print(request->arena, "<p>home %s %s</p>", language_code(request->language),
                                 request->flash ? request->flash : "-");
    response->cache = HTTP_PUBLIC_SHORT;
    return STATUS_OK;
}

static enum status show_form(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    calls++;
    response->body = arena_print(request->arena, "<input name=csrf value=\"%s\">", request->csrf);
    return STATUS_OK;
}

static enum status save_form(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    calls++;
    return http_redirect(request, response, http_url(request, "/"), "C’est enregistré");
}

/* Everything that came in, one line each. */
static enum status echo(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    calls++;
    struct buffer *out = buffer_new(request->arena, 64 << 20);
    buffer_print(out, "path=%s\ntarget=%s\nlanguage=%s\npeer=%s\naccount=%lld\nid=%s\n", request->path, request->target,
                 language_code(request->language), request->peer, (long long)request->viewer->account, request->id);
    for (size_t i = 0; i < HTTP_WORDS && request->words[i]; i++) buffer_print(out, "word=%s\n", request->words[i]);
    for (size_t i = 0; i < request->query.count; i++)
        buffer_print(out, "query %s=%s\n", request->query.items[i].name, request->query.items[i].value);
    for (size_t i = 0; i < request->form.count; i++) {
        const struct http_parameter *item = &request->form.items[i];
        uint32_t sum = 0;
        for (size_t b = 0; b < item->length; b++) sum = sum * 31 + (unsigned char)item->value[b];
        if (item->filename)
            buffer_print(out, "file %s=%s %s %zu %u\n", item->name, item->filename, item->media_type, item->length,
                         sum);
        else
            buffer_print(out, "form %s=%s\n", item->name, item->value);
    }
    if (request->body) buffer_print(out, "body %s %zu ", request->body_type, request->body_length);
    if (request->body) buffer_add(out, request->body, request->body_length);
    response->media_type = "text/plain; charset=utf-8";
    response->buffer = out;
    return STATUS_OK;
}

static enum status show_large(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    struct buffer *out = buffer_new(request->arena, 1 << 20);
    for (int i = 0; i < 2000; i++) buffer_print(out, "<p>line %d of a page that compresses well</p>\n", i);
    response->buffer = out;
    response->etag = "v7";
    response->cache = HTTP_PRIVATE;
    return STATUS_OK;
}

static enum status show_asset(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    if (strcmp(request->words[0], "style.css") != 0) return error_set(error, STATUS_MISSING, "There is no such file.");
    response->media_type = "text/css";
    response->body = "p{color:inherit}";
    response->etag = "abc";
    response->cache = HTTP_PUBLIC_FOREVER;
    return STATUS_OK;
}

static enum status fail_as_asked(const struct http_request *request, struct http_response *response,
                                 struct error *error)
{
    (void)response;
    const char *how = request->words[0];
    if (strcmp(how, "input") == 0) return error_field(error, STATUS_INPUT, "name", "The name {1} is too long.", "Zoé");
    if (strcmp(how, "conflict") == 0) return error_set(error, STATUS_CONFLICT, "Somebody else changed it.");
    if (strcmp(how, "silent") == 0) return STATUS_BUSY;
    return error_set(error, STATUS_FAULT, "The secret table is broken.");
}

static enum status sleep_long(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    usleep((useconds_t)http_integer(&request->query, "ms", 0, 5000, 300) * 1000);
    response->media_type = "text/plain";
    response->body = "slept";
    return STATUS_OK;
}

/* A stream of n bytes in lines, made from rows of the database or failing at the end. */
struct lines {
    int64_t left, number;
    bool fails;
    struct db_handle *read;
};

static int64_t make_lines(void *context, char *bytes, size_t room)
{
    struct lines *lines = context;
    size_t used = 0;
    int64_t one = 0;
    if (db_one_integer(lines->read, "SELECT 1", DB_BIND_NONE, &one, NULL) != STATUS_OK) return -1;
    while (lines->left && used + 32 < room) {
        used += (size_t)snprintf(bytes + used, room - used, "line %09lld\n", (long long)lines->number++);
        lines->left--;
    }
    if (!used && lines->fails) return -1;
    return (int64_t)used;
}

static void lines_end(void *context)
{
    struct lines *lines = context;
    lines->left = 0;
}

static enum status stream_lines(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    struct lines *lines = ARENA_NEW(request->arena, struct lines);
    lines->left = http_integer(&request->query, "lines", 0, 100000000, 1000);
    lines->fails = http_value(&request->query, "fails") != NULL;
    lines->read = request->read;
    arena_defer(request->arena, lines_end, lines);
    response->media_type = "text/csv";
    response->filename = "besoins d’été \"1\".csv";
    response->produce = make_lines;
    response->produce_context = lines;
    return STATUS_OK;
}

static enum status inject(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    const char *what = http_value(&request->query, "next");
    return http_redirect(request, response, what ? what : "/fr/", NULL);
}

static enum status sign_in(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    calls++;
    http_redirect(request, response, http_url(request, "/"), NULL);
    response->set_session = request->method == HTTP_DELETE ? "" : "anna";
    if (request->device) response->set_device = arena_print(request->arena, "%s-again", request->device);
    return STATUS_OK;
}

const struct http_route site_routes[] = {
    ROUTE(HTTP_GET, "/", ROUTE_PAGE, ACCESS_PUBLIC, show_home),
    ROUTE(HTTP_GET, "/form", ROUTE_PAGE, ACCESS_PUBLIC, show_form),
    ROUTE(HTTP_POST, "/form", ROUTE_PAGE, ACCESS_PUBLIC, save_form),
    ROUTE(HTTP_POST, "/echo", ROUTE_PAGE, ACCESS_PUBLIC, echo, .body_limit = 8 * 1024 * 1024),
    ROUTE(HTTP_PUT, "/echo", ROUTE_PAGE, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_PATCH, "/echo", ROUTE_PAGE, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_DELETE, "/echo", ROUTE_PAGE, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_GET, "/echo/{a}", ROUTE_PAGE, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_GET, "/echo/new", ROUTE_PAGE, ACCESS_PUBLIC, show_form),
    ROUTE(HTTP_POST, "/echo/{a}/part/{b}", ROUTE_PAGE, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_GET, "/large", ROUTE_PAGE, ACCESS_PUBLIC, show_large),
    ROUTE(HTTP_GET, "/mine", ROUTE_PAGE, ACCESS_ACCOUNT, show_home),
    ROUTE(HTTP_POST, "/mine", ROUTE_PAGE, ACCESS_ACCOUNT, echo, .body_limit = 1 << 20),
    ROUTE(HTTP_GET, "/edit", ROUTE_PAGE, ACCESS_RIGHTS, show_home, .rights = ROLE_EDITOR),
    ROUTE(HTTP_POST, "/edit", ROUTE_PAGE, ACCESS_RIGHTS, echo, .rights = ROLE_EDITOR, .slow = true),
    ROUTE(HTTP_GET, "/sleep", ROUTE_PAGE, ACCESS_PUBLIC, sleep_long, .slow = true),
    ROUTE(HTTP_GET, "/lines", ROUTE_PAGE, ACCESS_PUBLIC, stream_lines, .slow = true),
    ROUTE(HTTP_GET, "/hasty-lines", ROUTE_PAGE, ACCESS_PUBLIC, stream_lines),
    ROUTE(HTTP_GET, "/inject", ROUTE_PAGE, ACCESS_PUBLIC, inject),
    ROUTE(HTTP_GET, "/fail/{how}", ROUTE_PAGE, ACCESS_PUBLIC, fail_as_asked),
    ROUTE(HTTP_POST, "/sign-in", ROUTE_PAGE, ACCESS_PUBLIC, sign_in, .guesses = true),
    ROUTE(HTTP_DELETE, "/sign-in", ROUTE_PAGE, ACCESS_PUBLIC, sign_in),
    ROUTE(HTTP_GET, "/assets/{name}", ROUTE_ASSET, ACCESS_PUBLIC, show_asset),
    ROUTE(HTTP_GET, "/api/v1/echo", ROUTE_API, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_POST, "/api/v1/echo", ROUTE_API, ACCESS_PUBLIC, echo),
    ROUTE(HTTP_GET, "/api/v1/edit", ROUTE_API, ACCESS_RIGHTS, echo, .rights = ROLE_EDITOR),
    ROUTE(HTTP_POST, "/api/v1/edit", ROUTE_API, ACCESS_RIGHTS, echo, .rights = ROLE_EDITOR),
    ROUTE(HTTP_GET, "/api/v1/fail/{how}", ROUTE_API, ACCESS_PUBLIC, fail_as_asked),
    {.handler = NULL},
};

static const int64_t public_token[] = {READER_PUBLIC};

static struct viewer *account(struct arena *arena, int64_t number, rights roles)
{
    struct viewer *viewer = ARENA_NEW(arena, struct viewer);
    *viewer = (struct viewer){.account = number,
                              .name = "Somebody",
                              .roles = ANYONE | SIGNED_IN | roles,
                              .scopes = ~(rights)0,
                              .may_write = true,
                              .tokens = public_token,
                              .token_count = 1};
    return viewer;
}

static enum status authenticate(struct db_handle *read, struct arena *arena, const char *session, const char *bearer,
                                const struct viewer **viewer, const char **csrf, struct error *error)
{
    const char *given = session ? session : bearer;
    if (!read) return error_set(error, STATUS_FAULT, "There is no handle.");
    if (strcmp(given, "broken") == 0) return error_set(error, STATUS_BUSY, "The database is locked.");
    struct viewer *found = NULL;
    if (session && strcmp(given, "anna") == 0)
        found = account(arena, 2000001, 0);
    else if (session && strcmp(given, "edith") == 0)
        found = account(arena, 2000002, ROLE_EDITOR);
    else if (bearer && (strcmp(given, "reads") == 0 || strcmp(given, "writes") == 0))
        found = account(arena, 2000002, ROLE_EDITOR);
    if (found && bearer) found->may_write = strcmp(given, "writes") == 0;
    if (found) *viewer = found;
    if (found && session) *csrf = arena_print(arena, "csrf-of-%s", session);
    return STATUS_OK;
}

static void error_page(const struct http_request *request, const struct error *error, struct http_response *response)
{
    response->body =
        arena_print(request->arena, "<h1>%s</h1>", language_error(request->arena, request->language, error));
}

struct http_options site_options(void)
{
    static const unsigned char secret[32] = "a secret that the tests know";
    return (struct http_options){.listen = "127.0.0.1:0",
                                 .metrics_listen = "127.0.0.1:0",
                                 .secret = secret,
                                 .rates = {-1, -1, -1},
                                 .threads = 2,
                                 .workers = 2,
                                 .connections_per_peer = 4000};
}

void site_begin(struct site *site, const struct http_options *options)
{
    struct http_options used = options ? *options : site_options();
    const struct http_route *const tables[] = {site_routes, NULL};
    struct error error = {0};
    log_set_level(LOG_FAULT);
    *site = (struct site){.arena = arena_new(), .db = database_begin(NULL)};
    used.db = site->db;
    check_ok(http_start(&used, tables, authenticate, error_page, &site->server, &error), &error);
    site->port = http_port(site->server);
}

void site_end(struct site *site)
{
    http_stop(&site->server, 5000);
    database_end(&site->db);
    arena_free(&site->arena);
}
