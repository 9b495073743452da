/* account.c: one's own account: sessions, programs that act for one, password. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

enum { TOKEN_DAYS = 365 };

static void draw_sessions(struct html *html, const struct http_request *request,
                          const struct account_session_list *list)
{
    struct account_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct account_row);
    for (size_t i = 0; i < list->count; i++) {
        const struct account_session *session = &list->items[i];
        const char *seen = language_moment(request->arena, request->language, session->last_seen);
        rows[i] = (struct account_row){.id = session->id,
                                       .name = session->device,
                                       .act = "session",
                                       .note = arena_print(request->arena, "%s · %s", session->address, seen),
                                       .current = session->current};
    }
    const struct account_rows view = {.title = say(request, N_("Where you are signed in")),
                                      .button = say(request, N_("Sign out there")),
                                      .action = http_url(request, "/account"),
                                      .rows = rows,
                                      .row_count = list->count};
    template_account_rows(html, &view);
}

static void draw_tokens(struct html *html, const struct http_request *request,
                        const struct account_api_token_list *list)
{
    struct account_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct account_row);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct account_api_token *token = &list->items[i];
        if (token->revoked || token->expires < time_now()) continue;
        const char *until = language_day(request->arena, request->language, time_day(token->expires));
        rows[count++] = (struct account_row){
            .id = token->id,
            .name = token->name,
            .act = "token",
            .note = language_print(request->arena, request->language,
                                   token->may_write ? N_("reads and writes, until {1}") : N_("reads only, until {1}"),
                                   until, (const char *)NULL)};
    }
    const struct account_rows view = {
        .title = say(request, N_("Programs that act for you")),
        .button = say(request, N_("Revoke")),
        .empty = say(request, N_("None. A token lets a spreadsheet or another program use the API in your name.")),
        .action = http_url(request, "/account"),
        .rows = rows,
        .row_count = count};
    template_account_rows(html, &view);
}

static void draw_token_form(struct html *html, const struct http_request *request, const char *token)
{
    const struct widget fields[] = {
        {.type = WIDGET_TEXT,
         .name = "token_name",
         .label = say(request, N_("What is the token for?")),
         .required = true,
         .most = 80,
         .help = say(request, N_("For instance: the dashboard of our cluster."))},
        {.type = WIDGET_CHECKBOX, .name = "may_write", .label = say(request, N_("It may also write"))},
        {.type = WIDGET_HIDDEN, .name = "act", .value = "new_token"},
    };
    const struct form_group group = {.title = say(request, N_("New token")), .fields = fields, .field_count = 3};
    const struct form form = {.action = http_url(request, "/account"),
                              .submit = say(request, N_("Make the token")),
                              .groups = &group,
                              .group_count = 1};
    const struct part_notice notice = {.tone = "good",
                                       .title =
                                           say(request, N_("Your token: copy it now, it will not be shown again.")),
                                       .text = token};
    if (token) template_part_notice(html, &notice);
    template_form(html, &form);
}

static void draw_password_form(struct html *html, const struct http_request *request)
{
    const struct widget fields[] = {
        {.type = WIDGET_PASSWORD,
         .name = "old_password",
         .label = say(request, N_("Present password")),
         .required = true,
         .autocomplete = "current-password"},
        {.type = WIDGET_PASSWORD,
         .name = "new_password",
         .label = say(request, N_("New password")),
         .required = true,
         .autocomplete = "new-password",
         .help = say(request, N_("Twelve characters at least; a sentence that you alone would say is best."))},
        {.type = WIDGET_HIDDEN, .name = "act", .value = "password"},
    };
    const struct form_group group = {
        .title = say(request, N_("Change the password")), .fields = fields, .field_count = 3};
    const struct form form = {.action = http_url(request, "/account"),
                              .submit = say(request, N_("Change the password")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

static enum status draw_account(const struct http_request *request, struct http_response *response, const char *token,
                                const struct error *fault, struct error *error)
{
    struct account_session_list sessions = {0};
    struct account_api_token_list tokens = {0};
    struct account account = {0};
    struct html html = page_begin(request);
    enum status status = account_load(request->read, request->arena, request->viewer->account, &account, error);
    if (!status)
        status = account_sessions(request->read, request->arena, request->viewer->account, request->session, &sessions,
                                  error);
    if (!status) status = account_api_tokens(request->read, request->arena, request->viewer->account, &tokens, error);
    if (status) return status;
    const struct part_head head = {.title = say(request, N_("My account")),
                                   .summary = arena_print(request->arena, "%s · %s", account.name, account.email)};
    if (fault) {
        const struct part_error line = {*fault->field ? fault->field : NULL,
                                        language_error(request->arena, request->language, fault)};
        const struct part_errors errors = {&line, 1};
        template_part_errors(&html, &errors);
    }
    template_part_head(&html, &head);
    draw_sessions(&html, request, &sessions);
    draw_tokens(&html, request, &tokens);
    draw_token_form(&html, request, token);
    draw_password_form(&html, request);
    return page_end(request, response, &html, head.title, "/space", true);
}

enum status page_account(const struct http_request *request, struct http_response *response, struct error *error)
{
    return draw_account(request, response, NULL, NULL, error);
}

static enum status make_token(const struct http_request *request, const char **token, struct error *error)
{
    const char *name = http_value(&request->form, "token_name"), *may_write = http_value(&request->form, "may_write");
    return account_api_token_create(request->db, request->arena, request->viewer->account, name ? name : "",
                                    may_write && *may_write == '1', request->viewer->roles,
                                    time_now() + TOKEN_DAYS * (int64_t)MS_PER_DAY, token, error);
}

static enum status change_password(const struct http_request *request, struct error *error)
{
    const char *old_password = http_value(&request->form, "old_password"),
               *new_password = http_value(&request->form, "new_password");
    return account_password_change(request->db, request->viewer->account, old_password ? old_password : "",
                                   new_password ? new_password : "", request->session, error);
}

static bool acts(const struct http_request *request, const char *act)
{
    const char *asked = http_value(&request->form, "act");
    return asked && strcmp(asked, act) == 0;
}

enum status post_account(const struct http_request *request, struct http_response *response, struct error *error)
{
    const int64_t id = http_integer(&request->form, "id", 0, INT64_MAX, 0), account = request->viewer->account;
    const char *token = NULL, *done = N_("It is done.");
    struct error fault = {0};
    enum status status = STATUS_INPUT;
    if (acts(request, "session"))
        status = account_session_end(request->db, account, id, &fault);
    else if (acts(request, "token"))
        status = account_api_token_revoke(request->db, account, id, &fault);
    else if (acts(request, "new_token"))
        status = make_token(request, &token, &fault);
    else if (acts(request, "password"))
        status = change_password(request, &fault);
    else
        error_set(&fault, STATUS_INPUT, N_("This form is not known here: load the page again."));
    if (status == STATUS_BUSY || status == STATUS_FAULT) {
        *error = fault;
        return status;
    }
    if (status || token) {
        const enum status drawn = draw_account(request, response, token, status ? &fault : NULL, error);
        if (status) response->status = http_status_of(status);
        return drawn;
    }
    return http_redirect(request, response, http_url(request, "/account"), say(request, done));
}
