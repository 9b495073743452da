/* sign.c: signing in and out. */
#include <string.h>

#include "base/arena.h"
#include "platform/account/account.h"
#include "platform/html/widget.h"
#include "product/pages/pages_private.h"

enum { EMAIL_MOST = 254, PASSWORD_MOST = 256 };

/* Only a path of this site: what follows a sign-in must not lead elsewhere. */
static const char *next_path(const struct http_parameters *parameters)
{
    const char *next = http_value(parameters, "next");
    return next && next[0] == '/' && next[1] != '/' && next[1] != '\\' ? next : NULL;
}

static void draw_forgotten(struct html *html, const struct http_request *request)
{
    html_markup(html, html_markdown(request->arena,
                                    arena_print(request->arena, "[%s](%s)", say(request, N_("Forgotten password?")),
                                                http_url(request, "/forgotten"))));
}

static enum status draw_sign_in(const struct http_request *request, struct http_response *response, const char *email,
                                const char *next, const char *fault)
{
    const struct widget fields[] = {
        {.type = WIDGET_EMAIL,
         .name = "email",
         .label = say(request, N_("E-mail")),
         .value = email,
         .required = true,
         .autocomplete = "username"},
        {.type = WIDGET_PASSWORD,
         .name = "password",
         .label = say(request, N_("Password")),
         .required = true,
         .autocomplete = "current-password"},
        {.type = WIDGET_HIDDEN, .name = "next", .value = next},
    };
    const struct form_group group = {.fields = fields, .field_count = next ? 3 : 2};
    const struct form form = {.action = http_url(request, "/sign-in"),
                              .submit = say(request, N_("Sign in")),
                              .groups = &group,
                              .group_count = 1};
    const struct part_error line = {"email", fault};
    const struct part_errors errors = {&line, 1};
    const struct part_head head = {.title = say(request, N_("Sign in"))};
    struct html html = page_begin(request);
    if (fault) template_part_errors(&html, &errors);
    template_part_head(&html, &head);
    template_form(&html, &form);
    draw_forgotten(&html, request);
    return page_end(request, response, &html, head.title, NULL, true);
}

/* The second step. */
static enum status draw_code(const struct http_request *request, struct http_response *response, const char *ticket,
                             const char *next, const char *fault)
{
    const struct widget fields[] = {
        {.type = WIDGET_TEXT,
         .name = "code",
         .label = say(request, N_("Code shown by your telephone")),
         .help =
             say(request, N_("Six digits, from the application that you paired. Without your telephone, type one of "
                             "your recovery codes.")),
         .required = true,
         .narrow = true,
         .autocomplete = "one-time-code"},
        {.type = WIDGET_HIDDEN, .name = "ticket", .value = ticket},
        {.type = WIDGET_HIDDEN, .name = "next", .value = next},
    };
    const struct form_group group = {.fields = fields, .field_count = next ? 3 : 2};
    const struct form form = {.action = http_url(request, "/sign-in"),
                              .submit = say(request, N_("Sign in")),
                              .cancel_url = http_url(request, "/sign-in"),
                              .groups = &group,
                              .group_count = 1};
    const struct part_error line = {"code", fault};
    const struct part_errors errors = {&line, 1};
    const struct part_head head = {.title = say(request, N_("One more step"))};
    struct html html = page_begin(request);
    if (fault) template_part_errors(&html, &errors);
    template_part_head(&html, &head);
    template_form(&html, &form);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_sign_in(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    return draw_sign_in(request, response, NULL, next_path(&request->query), NULL);
}

/* Where to after signing in: where the person was going, or to what they must set up first. */
static enum status welcome(const struct http_request *request, struct http_response *response,
                           const struct account_opened *opened, const char *next, struct error *error)
{
    bool lacks = false;
    const enum status status = account_factor_lacks(request->read, request->arena, opened->account, &lacks, error);
    if (status) return status;
    response->set_session = opened->session;
    response->set_device = opened->device;
    if (lacks)
        return http_redirect(
            request, response, http_url(request, "/account/second-step"),
            say(request, N_("On this site an administrator’s rights count once two-step sign-in is set up.")));
    return http_redirect(request, response, next ? next : http_url(request, "/"),
                         say(request, N_("You are signed in.")));
}

/* What a step gave: on to the next one, or the same again with what was wrong. */
static enum status follow(const struct http_request *request, struct http_response *response, enum status status,
                          const struct account_opened *opened, const struct error *fault, struct error *error)
{
    const char *next = next_path(&request->form), *ticket = http_value(&request->form, "ticket");
    const char *sentence = status ? language_error(request->arena, request->language, fault) : NULL;
    if (!status) {
        return opened->ticket ? draw_code(request, response, opened->ticket, next, NULL)
                              : welcome(request, response, opened, next, error);
    }
    if (status != STATUS_DENIED && status != STATUS_INPUT && status != STATUS_LIMIT) {
        *error = *fault;
        return status;
    }
    if (ticket && status != STATUS_DENIED)
        draw_code(request, response, ticket, next, sentence);
    else
        draw_sign_in(request, response, http_value(&request->form, "email"), next, sentence);
    response->status = status == STATUS_LIMIT ? 429 : 422;
    response->retry_after = opened->retry_after;
    return STATUS_OK;
}

enum status post_sign_in(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *email = http_value(&request->form, "email"), *password = http_value(&request->form, "password");
    const char *ticket = http_value(&request->form, "ticket"), *code = http_value(&request->form, "code");
    const struct account_attempt attempt = {.email = email ? email : "",
                                            .password = password ? password : "",
                                            .peer = request->peer,
                                            .device = request->device,
                                            .agent = request->header ? request->header(request, "User-Agent") : NULL};
    struct account_opened opened = {0};
    struct error fault = {0};
    const enum status status =
        ticket ? account_sign_in_code(request->db, request->arena, &attempt, ticket, code ? code : "", &opened, &fault)
               : account_sign_in(request->db, request->arena, &attempt, &opened, &fault);
    return follow(request, response, status, &opened, &fault, error);
}

enum status post_sign_out(const struct http_request *request, struct http_response *response, struct error *error)
{
    const enum status status = request->session ? account_sign_out(request->db, request->session, error) : STATUS_OK;
    if (status) return status;
    response->set_session = "";
    return http_redirect(request, response, http_url(request, "/"), say(request, N_("You are signed out.")));
}
