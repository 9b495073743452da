/* admin.c: for the administrator: the list of accounts, a new account, the log of what was done to accounts. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

enum { ACCOUNTS_A_PAGE = 50, EVENTS_A_PAGE = 100, LIST_CELLS = 4 };

static const char *state_of(const struct http_request *request, const struct account *account)
{
    if (account->disabled) return say(request, N_("disabled"));
    if (account->demonstration) return say(request, N_("demonstration"));
    return account->has_password ? say(request, N_("active")) : say(request, N_("no password yet"));
}

/* "Member – Atelier du Nord; Administrator": what is held today. */
static enum status held_roles(const struct http_request *request, int64_t account, const char **words,
                              struct error *error)
{
    struct account_role_list roles;
    enum status status = account_roles(request->read, request->arena, account, &roles, error);
    *words = "";
    for (size_t i = 0; !status && i < roles.count; i++) {
        const struct account_role *role = &roles.items[i];
        const char *place = "";
        if (!account_role_holds(role, time_today())) continue;
        status = account_organisation_name(request->read, request->arena, role->organisation, &place, error);
        *words = arena_print(request->arena, *place ? "%s%s%s – %s" : "%s%s%s", *words, **words ? "; " : "",
                             role_label(request, role->role), place);
    }
    return status;
}

static enum status list_row(const struct http_request *request, const struct account *account, struct part_row *row,
                            struct error *error)
{
    struct part_cell *cells = ARENA_ARRAY(request->arena, LIST_CELLS, struct part_cell);
    cells[0].text = account->name;
    cells[0].url = http_url(request, arena_print(request->arena, "/admin/accounts/%lld", (long long)account->id));
    cells[1].text = account->email;
    cells[2].text = state_of(request, account);
    *row = (struct part_row){cells, LIST_CELLS};
    return held_roles(request, account->id, &cells[3].text, error);
}

static enum status draw_list(struct html *html, const struct http_request *request, const struct account_list *list,
                             struct error *error)
{
    const struct part_column columns[LIST_CELLS] = {{.label = say(request, N_("Name"))},
                                                    {.label = say(request, N_("E-mail"))},
                                                    {.label = say(request, N_("State"))},
                                                    {.label = say(request, N_("Roles today"))}};
    struct part_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct part_row);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < list->count; i++) status = list_row(request, &list->items[i], &rows[i], error);
    const struct part_table table = {.caption = say(request, N_("Accounts, by e-mail address")),
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = LIST_CELLS,
                                     .rows = rows,
                                     .row_count = list->count};
    const struct part_empty none = {.title = say(request, N_("No account is called so."))};
    if (status) return status;
    const struct part_section section = {.title = table.caption, .body = HTML_DRAWN(html, template_part_table, &table)};
    if (list->count) template_part_section(html, &section);
    if (!list->count) template_part_empty(html, &none);
    return STATUS_OK;
}

/* The page that follows begins after the last account of this one, named by its number. */
static enum status list_accounts(const struct http_request *request, const char *words, struct account_list *list,
                                 const char **next, struct error *error)
{
    struct account last = {.email = NULL};
    const int64_t after = http_integer(&request->query, "after", 1, INT64_MAX, 0);
    enum status status = after ? account_load(request->read, request->arena, after, &last, error) : STATUS_OK;
    if (!status)
        status = account_search(request->read, request->arena, words, last.email, ACCOUNTS_A_PAGE + 1, list, error);
    *next = NULL;
    if (status || list->count <= ACCOUNTS_A_PAGE) return status;
    list->count = ACCOUNTS_A_PAGE;
    *next =
        http_url(request, arena_print(request->arena, "/admin/accounts?q=%s&after=%lld",
                                      http_encode(request->arena, words), (long long)list->items[list->count - 1].id));
    return STATUS_OK;
}

static void draw_next(struct html *html, const struct http_request *request, const char *label, const char *url)
{
    const struct part_link link = {.label = label, .url = url};
    const struct part_notice notice = {.tone = "info", .links = &link, .link_count = 1};
    (void)request;
    if (url) template_part_notice(html, &notice);
}

enum status page_accounts(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *query = http_value(&request->query, "q"), *words = query ? query : "", *next = NULL;
    struct account_list list;
    enum status status = list_accounts(request, words, &list, &next, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_link actions[] = {
        {.label = say(request, N_("New account")), .url = http_url(request, "/admin/accounts/new")},
        {.label = say(request, N_("Log of changes")), .url = http_url(request, "/admin/log")}};
    const struct part_head head = {.title = say(request, N_("Accounts")),
                                   .summary = say(request, N_("Who may sign in, and as what.")),
                                   .actions = actions,
                                   .action_count = 2};
    const struct account_search_view search = {http_url(request, "/admin/accounts"), say(request, N_("Name or e-mail")),
                                               words};
    template_part_head(&html, &head);
    template_account_search(&html, &search);
    status = draw_list(&html, request, &list, error);
    draw_next(&html, request, say(request, N_("The next accounts")), next);
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}

static enum status draw_new(const struct http_request *request, struct http_response *response,
                            const struct error *fault)
{
    const struct widget_choice languages[] = {{.value = "fr", .label = "Français", .chosen = true},
                                              {.value = "en", .label = "English"}};
    const struct widget fields[] = {
        {.type = WIDGET_EMAIL,
         .name = "email",
         .label = say(request, N_("E-mail")),
         .value = form_text(request, "email"),
         .required = true},
        {.type = WIDGET_TEXT,
         .name = "name",
         .label = say(request, N_("Name")),
         .value = form_text(request, "name"),
         .required = true,
         .most = 120},
        {.type = WIDGET_RADIOS,
         .name = "language",
         .label = say(request, N_("Language of the letters that they receive")),
         .required = true,
         .choices = languages,
         .choice_count = 2},
    };
    const struct form_group group = {.fields = fields, .field_count = 3};
    const struct form form = {.action = http_url(request, "/admin/accounts/new"),
                              .submit = say(request, N_("Make the account")),
                              .groups = &group,
                              .group_count = 1,
                              .cancel_url = http_url(request, "/admin/accounts"),
                              .note = say(request, N_("A link leads the person to choose a password. "
                                                      "Roles are given on the next page."))};
    const struct part_head head = {.title = say(request, N_("New account"))};
    struct html html = page_begin(request);
    draw_faults(&html, request, fault);
    template_part_head(&html, &head);
    template_form(&html, &form);
    return page_end(request, response, &html, head.title, "/space", true);
}

enum status page_account_new(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    return draw_new(request, response, NULL);
}

enum status post_account_new(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct account_new person = {.email = form_text(request, "email"),
                                 .name = form_text(request, "name"),
                                 .language = request->language,
                                 .author = own_id(request)};
    struct error fault = {0};
    struct invitation invitation = {.word = NULL};
    const struct inviter by = {own_id(request), request->viewer->name};
    int64_t id = 0;
    language_find(form_text(request, "language"), &person.language);
    enum status status = account_create(request->db, &person, &id, &fault);
    if (status == STATUS_INPUT || status == STATUS_CONFLICT) {
        response->status = form_status(status);
        return draw_new(request, response, &fault);
    }
    if (!status) status = letters_welcome(request->application, request->arena, &by, id, &invitation, &fault);
    if (!status) return draw_one_account(request, response, id, &invitation, NULL, error);
    *error = fault;
    return status;
}

enum status page_account_log(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct account_event_list list;
    const int64_t before = http_integer(&request->query, "before", 1, INT64_MAX, 0);
    enum status status = account_events(request->read, request->arena, 0, before, EVENTS_A_PAGE, &list, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_head head = {
        .title = say(request, N_("Log of changes to accounts")),
        .summary =
            say(request, N_("Who did what to which account. Lines are kept for a year, then removed; they hold no more "
                            "than is shown here."))};
    template_part_head(&html, &head);
    status = draw_events(&html, request, &list, false, error);
    if (!status && list.count == EVENTS_A_PAGE)
        draw_next(&html, request, say(request, N_("Earlier changes")),
                  http_url(request, arena_print(request->arena, "/admin/log?before=%lld",
                                                (long long)list.items[list.count - 1].id)));
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}
