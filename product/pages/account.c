/* account.c: one's own account: name, organisations, sessions, programs that act for one, password. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/html/widget.h"
#include "product/digest/digest.h"
#include "product/pages/account_tokens.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

/* What the page shows. */
struct own_account {
    struct account account;
    struct account_role_list roles;
    struct account_session_list sessions;
    struct account_api_token_list tokens;
    struct account_factor factor;
    struct digest_wish letters;
    bool lacks_factor;
};

static enum status load_own(const struct http_request *request, struct own_account *own, struct error *error)
{
    struct db_handle *read = request->read;
    struct arena *arena = request->arena;
    enum status status = account_load(read, arena, own_id(request), &own->account, error);
    if (!status) status = account_roles(read, arena, own_id(request), &own->roles, error);
    if (!status) status = account_sessions(read, arena, own_id(request), request->session, &own->sessions, error);
    if (!status) status = account_api_tokens(read, arena, own_id(request), &own->tokens, error);
    if (!status) status = account_factor_load(read, arena, own_id(request), &own->factor, error);
    if (!status) status = digest_wish_load(read, own_id(request), &own->letters, error);
    if (!status) status = account_factor_lacks(read, arena, own_id(request), &own->lacks_factor, error);
    return status;
}

static void draw_name_form(struct html *html, const struct http_request *request, const struct account *account)
{
    const struct widget_choice languages[] = {
        {.value = "fr", .label = "Français", .chosen = account->language == LANGUAGE_FRENCH},
        {.value = "en", .label = "English", .chosen = account->language == LANGUAGE_ENGLISH}};
    const struct widget fields[] = {
        {.type = WIDGET_TEXT,
         .name = "name",
         .label = say(request, N_("Your name, as others see it")),
         .value = account->name,
         .required = true,
         .most = 120,
         .autocomplete = "name"},
        {.type = WIDGET_RADIOS,
         .name = "language",
         .label = say(request, N_("Language of the letters that you receive")),
         .required = true,
         .choices = languages,
         .choice_count = 2},
        {.type = WIDGET_HIDDEN, .name = "act", .value = "name"},
    };
    const struct form_group group = {.title = say(request, N_("Who you are")), .fields = fields, .field_count = 3};
    const struct form form = {.action = http_url(request, "/account"),
                              .submit = say(request, N_("Keep this")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

/* Where one holds roles; a click chooses for which organisation one acts. */
static enum status draw_roles(struct html *html, const struct http_request *request,
                              const struct account_role_list *roles, struct error *error)
{
    struct account_row *rows = ARENA_ARRAY(request->arena, roles->count + 1, struct account_row);
    size_t count = 0;
    for (size_t i = 0; i < roles->count; i++) {
        const struct account_role *role = &roles->items[i];
        const char *name = NULL;
        if (!account_role_holds(role, time_today())) continue;
        const enum status status =
            account_organisation_name(request->read, request->arena, role->organisation, &name, error);
        if (status) return status;
        const bool current = role->organisation && role->organisation == request->viewer->organisation;
        rows[count++] = (struct account_row){
            .id = role->organisation,
            .name = role->organisation ? name : say(request, N_("The whole site")),
            .url = role->organisation ? http_url(request, arena_print(request->arena, "/organisations/%lld/people",
                                                                      (long long)role->organisation))
                                      : NULL,
            .note = arena_print(request->arena, "%s · %s", role_label(request, role->role), role_days(request, role)),
            .more = say(request, N_("Leave")),
            .more_url = role->organisation ? http_url(request, arena_print(request->arena, "/account/leave?role=%lld",
                                                                           (long long)role->id))
                                           : NULL,
            .act = "act_for",
            .mark = current ? say(request, N_("you act for it now")) : NULL,
            .fixed = !role->organisation};
    }
    const struct account_rows view = {.title = say(request, N_("Your roles")),
                                      .button = say(request, N_("Act for it")),
                                      .empty =
                                          say(request, N_("None yet: ask your cluster or the site’s administrator.")),
                                      .action = http_url(request, "/account"),
                                      .rows = rows,
                                      .row_count = count};
    template_account_rows(html, &view);
    return STATUS_OK;
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
    };
    const struct form_group group = {
        .title = say(request, N_("Change the password")), .fields = fields, .field_count = 2};
    const struct form form = {.action = http_url(request, "/account/password"),
                              .submit = say(request, N_("Change the password")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

static void draw_second_step(struct html *html, const struct http_request *request, const struct own_account *own)
{
    const struct account_row row = {.name = say(request, N_("Two-step sign-in")),
                                    .url = http_url(request, "/account/second-step"),
                                    .note = second_step_words(request, &own->factor),
                                    .fixed = true};
    const struct account_rows view = {
        .title = say(request, N_("How you prove who you are")), .rows = &row, .row_count = 1};
    template_account_rows(html, &view);
}

static void draw_lack(struct html *html, const struct http_request *request)
{
    const struct part_link link = {.label = say(request, N_("Set up two-step sign-in")),
                                   .url = http_url(request, "/account/second-step")};
    const struct part_notice notice = {
        .tone = "warning",
        .text = say(request, N_("On this site an administrator’s rights count once two-step sign-in is set up.")),
        .links = &link,
        .link_count = 1};
    template_part_notice(html, &notice);
}

static void draw_sign_out(struct html *html, const struct http_request *request)
{
    const struct account_button button = {
        .title = say(request, N_("Lost a computer or a telephone?")),
        .text = say(request, N_("This ends all your sessions but this one. Programs keep their tokens.")),
        .label = say(request, N_("Sign out everywhere else")),
        .act = "elsewhere",
        .action = http_url(request, "/account")};
    template_account_button(html, &button);
}

static enum status draw_account(const struct http_request *request, struct http_response *response, const char *token,
                                const struct error *fault, struct error *error)
{
    struct own_account own = {.account = {.id = 0}};
    const char *action = http_url(request, "/account");
    enum status status = load_own(request, &own, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("My account")),
                                   .summary =
                                       arena_print(request->arena, "%s · %s", own.account.name, own.account.email)};
    draw_faults(&html, request, fault);
    template_part_head(&html, &head);
    if (own.lacks_factor) draw_lack(&html, request);
    status = draw_roles(&html, request, &own.roles, error);
    if (status) return status;
    draw_second_step(&html, request, &own);
    draw_sessions(&html, request, &own.sessions, action);
    if (own.sessions.count > 1) draw_sign_out(&html, request);
    draw_tokens(&html, request, &own.tokens, action);
    draw_token_form(&html, request, token);
    draw_name_form(&html, request, &own.account);
    draw_letters_form(&html, request, own.letters.period, NULL);
    draw_password_form(&html, request);
    return page_end(request, response, &html, head.title, "/space", true);
}

enum status page_account(const struct http_request *request, struct http_response *response, struct error *error)
{
    return draw_account(request, response, NULL, NULL, error);
}

typedef enum status own_act(const struct http_request *request, int64_t id, const char **token, struct error *error);

static enum status end_session(const struct http_request *request, int64_t id, const char **token, struct error *error)
{
    (void)token;
    return account_session_end(request->db, own_id(request), own_id(request), id, error);
}

static enum status end_sessions(const struct http_request *request, int64_t id, const char **token, struct error *error)
{
    (void)token, (void)id;
    return account_sessions_end(request->db, own_id(request), own_id(request), request->session, error);
}

static enum status revoke_token(const struct http_request *request, int64_t id, const char **token, struct error *error)
{
    (void)token;
    return account_api_token_revoke(request->db, own_id(request), own_id(request), id, error);
}

static enum status new_token(const struct http_request *request, int64_t id, const char **token, struct error *error)
{
    (void)id;
    return make_token(request, token, error);
}

static enum status change_name(const struct http_request *request, int64_t id, const char **token, struct error *error)
{
    (void)token, (void)id;
    enum language language = request->language;
    language_find(form_text(request, "language"), &language);
    return account_rename(request->db, own_id(request), own_id(request), form_text(request, "name"), language, error);
}

static enum status act_for(const struct http_request *request, int64_t id, const char **token, struct error *error)
{
    (void)token;
    return account_act_for(request->db, request->session, id, error);
}

static enum status run_act(const struct http_request *request, const char **token, struct error *error)
{
    static const struct {
        const char *name;
        own_act *run;
    } known[] = {{"session", end_session}, {"elsewhere", end_sessions}, {"token", revoke_token},
                 {"new_token", new_token}, {"name", change_name},       {"act_for", act_for}};
    const int64_t id = http_integer(&request->form, "id", 0, INT64_MAX, 0);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (acts(request, known[i].name)) return known[i].run(request, id, token, error);
    return error_set(error, STATUS_INPUT, N_("This form is not known here: load the page again."));
}

/* What follows a form: the page again with what is wrong or with the new token, or the way back. */
static enum status answer_form(const struct http_request *request, struct http_response *response, const char *token,
                               const struct error *fault, struct error *error)
{
    if (fault->status == STATUS_BUSY || fault->status == STATUS_FAULT) {
        *error = *fault;
        return fault->status;
    }
    if (!fault->status && !token)
        return http_redirect(request, response, http_url(request, "/account"), say(request, N_("It is done.")));
    if (fault->status) response->status = form_status(fault->status);
    return draw_account(request, response, token, fault, error);
}

enum status post_account(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *token = NULL;
    struct error fault = {0};
    fault.status = run_act(request, &token, &fault);
    return answer_form(request, response, token, &fault, error);
}

enum status post_password(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct error fault = {0};
    fault.status = account_password_change(request->db, own_id(request), form_text(request, "old_password"),
                                           form_text(request, "new_password"), request->session, &fault);
    return answer_form(request, response, NULL, &fault, error);
}
