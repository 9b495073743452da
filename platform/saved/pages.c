/* pages.c: the searches that a person keeps, and keeping one. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/page.h"
#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/html/widget.h"
#include "platform/record/query.h"
#include "platform/record/web.h"
#include "platform/saved/page_views.h"
#include "platform/saved/saved.h"

enum { PAGE_LIMIT = 512 * 1024 };

static const char *say(const struct http_request *request, const char *english)
{
    return language_text(request->language, english);
}

static enum status send_page(const struct http_request *request, struct http_response *response, struct html *html,
                             const char *title)
{
    const struct page page = {.title = title, .section = "/space", .body = html_finish(html), .narrow = true};
    page_send(request, response, &page);
    return STATUS_OK;
}

/* ---- the list ---- */

static const char *list_url(const struct http_request *request, const struct saved_search *search)
{
    return record_list_url(request, search->kind, search->query);
}

static const char *news_words(const struct http_request *request, int64_t count)
{
    if (count >= SAVED_COUNTED) return say(request, N_("See what is new: 100 or more"));
    return language_plural(request->arena, request->language, count, N_("See the new one"), N_("See the {1} new ones"));
}

static enum status draw_row(struct record_context *context, const struct http_request *request,
                            const struct saved_search *search, struct saved_row *row, struct error *error)
{
    struct saved_news news;
    const enum status status = saved_find_news(context, search, search->seen, 0, &news, error);
    const char *since = language_moment(request->arena, request->language, search->seen);
    *row = (struct saved_row){.id = search->id,
                              .name = search->name,
                              .url = list_url(request, search),
                              .note = language_print(request->arena, request->language,
                                                     news.count ? N_("since {1}") : N_("nothing new since {1}"), since,
                                                     (const char *)NULL),
                              .news = news.count ? news_words(request, news.count) : NULL};
    return status;
}

static void draw_empty(struct html *html, const struct http_request *request)
{
    const struct part_link action = {.label = say(request, N_("Find")), .url = http_url(request, "/find")};
    const struct part_empty empty = {
        .title = say(request, N_("You keep no search yet")),
        .text = say(request, N_("Below each list stands “Hear what is new”: the list is then kept here with its "
                                "filters, and you see what was added since you last looked.")),
        .actions = &action,
        .action_count = 1};
    template_part_empty(html, &empty);
}

static enum status draw_rows(struct html *html, const struct http_request *request, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct saved_search *searches = NULL;
    size_t count = 0;
    context.shown = &record_shown_in_lists;
    enum status status = saved_list(request->read, request->arena, request->viewer->account, &searches, &count, error);
    struct saved_row *rows = ARENA_ARRAY(request->arena, count + 1, struct saved_row);
    for (size_t i = 0; !status && i < count; i++) status = draw_row(&context, request, &searches[i], &rows[i], error);
    if (status) return status;
    const struct saved_rows view = {.action = http_url(request, SAVED_PATH), .rows = rows, .row_count = count};
    if (count)
        template_saved_rows(html, &view);
    else
        draw_empty(html, request);
    return STATUS_OK;
}

enum status saved_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    const struct part_head head = {
        .title = say(request, N_("My searches")),
        .summary = say(request, N_("The lists that you keep, and what was added to them since you last looked."))};
    template_part_head(&html, &head);
    const enum status status = draw_rows(&html, request, error);
    return status ? status : send_page(request, response, &html, head.title);
}

/* ---- what is done with one ---- */

static enum status find_own(const struct http_request *request, int64_t id, const struct saved_search **search,
                            struct error *error)
{
    struct saved_search *searches = NULL;
    size_t count = 0;
    const enum status status =
        saved_list(request->read, request->arena, request->viewer->account, &searches, &count, error);
    *search = NULL;
    for (size_t i = 0; i < count; i++)
        if (searches[i].id == id) *search = &searches[i];
    if (status || *search) return status;
    return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

/* The list, newest first: what the button counted stands at its head. */
static const char *newest_url(const struct http_request *request, const struct saved_search *search)
{
    const char *query = search->query;
    return record_list_url(request, search->kind,
                           *query ? arena_print(request->arena, "sort=new&%s", query) : "sort=new");
}

enum status saved_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    const struct saved_search *search = NULL;
    const int64_t account = request->viewer->account, id = http_integer(&request->form, "id", 1, INT64_MAX, 0);
    const char *act = http_value(&request->form, "act");
    enum status status = find_own(request, id, &search, error);
    if (status) return status;
    if (act && strcmp(act, "end") == 0) {
        status = saved_end(request->db, account, id, error);
        return status ? status
                      : http_redirect(request, response, http_url(request, SAVED_PATH),
                                      say(request, N_("The search is no longer kept.")));
    }
    status = saved_see(request->db, account, id, time_now(), error);
    return status ? status : http_redirect(request, response, newest_url(request, search), NULL);
}

/* ---- keeping one ---- */

/* The list that the address speaks of: ?of=need&..., as its kind reads it. */
struct wanted {
    const struct kind *kind;
    const char *query, *words;
};

static enum status read_wanted(const struct http_request *request, const struct http_parameters *given,
                               struct wanted *wanted, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const char *of = http_value(given, "of");
    struct record_query query;
    wanted->kind = of ? kind_find(of) : NULL;
    if (!wanted->kind || !wanted->kind->path)
        return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    struct input *items = ARENA_ARRAY(request->arena, given->count + 1, struct input);
    for (size_t i = 0; i < given->count; i++) items[i] = (struct input){given->items[i].name, given->items[i].value};
    const struct inputs inputs = {items, given->count};
    const enum status status = record_query_read(&context, wanted->kind, &inputs, &query, error);
    if (status) return status;
    wanted->query = record_query_text(request->arena, &query, NULL, NULL);
    wanted->words = record_query_words(&context, wanted->kind, &query);
    return STATUS_OK;
}

static enum status draw_form(const struct http_request *request, struct http_response *response,
                             const struct wanted *wanted, const char *name, const struct error *fault)
{
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    const struct part_head head = {
        .title = say(request, N_("Hear what is new")),
        .summary = say(request, N_("The list is kept in My space with its filters, under a name of yours. You alone "
                                   "see it."))};
    const struct widget fields[] = {{.type = WIDGET_TEXT,
                                     .name = "name",
                                     .label = say(request, N_("Name of this search")),
                                     .value = name,
                                     .required = true,
                                     .most = SAVED_NAME_MOST,
                                     .error = fault ? language_error(request->arena, request->language, fault) : NULL},
                                    {.type = WIDGET_HIDDEN, .name = "of", .value = wanted->kind->name},
                                    {.type = WIDGET_HIDDEN, .name = "list", .value = wanted->query}};
    const struct form_group group = {.help = wanted->words, .fields = fields, .field_count = 3};
    const struct form form = {.action = http_url(request, SAVED_NEW_PATH),
                              .submit = say(request, N_("Keep this search")),
                              .cancel_url = record_list_url(request, wanted->kind, wanted->query),
                              .groups = &group,
                              .group_count = 1};
    template_part_head(&html, &head);
    template_form(&html, &form);
    if (fault) response->status = http_status_of(fault->status);
    return send_page(request, response, &html, head.title);
}

/* A name proposed from the list's own words, cut at a whole character. */
static const char *proposed_name(struct arena *arena, const char *words)
{
    char *name = arena_copy(arena, words);
    size_t characters = 0;
    for (char *at = name; *at; at++) {
        if (((unsigned char)*at & 0xC0) == 0x80) continue;
        if (characters++ < SAVED_NAME_MOST) continue;
        *at = '\0';
        break;
    }
    return name;
}

enum status saved_new_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct wanted wanted = {.kind = NULL};
    const enum status status = read_wanted(request, &request->query, &wanted, error);
    if (status) return status;
    return draw_form(request, response, &wanted, proposed_name(request->arena, wanted.words), NULL);
}

/* The form holds the list as one text, read again as an address would be. */
static enum status read_form(const struct http_request *request, struct wanted *wanted, struct error *error)
{
    struct http_parameters list;
    const char *text = http_value(&request->form, "list"), *of = http_value(&request->form, "of");
    text = arena_print(request->arena, "of=%s&%s", http_encode(request->arena, of ? of : ""), text ? text : "");
    const enum status status = http_parameters_parse(request->arena, text, strlen(text), &list, error);
    return status ? status : read_wanted(request, &list, wanted, error);
}

enum status saved_new_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct wanted wanted = {.kind = NULL};
    struct error fault = {0};
    const char *name = http_value(&request->form, "name");
    enum status status = read_form(request, &wanted, error);
    if (status) return status;
    const struct saved_search search = {.kind = wanted.kind, .name = name, .query = wanted.query};
    status = saved_keep(request->db, request->viewer->account, &search, &fault);
    if (status == STATUS_INPUT || status == STATUS_LIMIT) return draw_form(request, response, &wanted, name, &fault);
    if (status) {
        *error = fault;
        return status;
    }
    return http_redirect(request, response, http_url(request, SAVED_PATH), say(request, N_("The search is kept.")));
}
