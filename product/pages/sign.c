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
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_sign_in(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)error;
    return draw_sign_in(request, response, NULL, next_path(&request->query), NULL);
}

enum status post_sign_in(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *email = http_value(&request->form, "email"), *password = http_value(&request->form, "password");
    const char *next = next_path(&request->form);
    const struct account_attempt attempt = {.email = email ? email : "",
                                            .password = password ? password : "",
                                            .peer = request->peer,
                                            .device = request->device,
                                            .agent = request->header ? request->header(request, "User-Agent") : NULL};
    struct account_opened opened = {0};
    struct error fault = {0};
    const enum status status = account_sign_in(request->db, request->arena, &attempt, &opened, &fault);
    if (status == STATUS_DENIED || status == STATUS_INPUT || status == STATUS_LIMIT) {
        draw_sign_in(request, response, email, next, language_error(request->arena, request->language, &fault));
        response->status = status == STATUS_LIMIT ? 429 : 422;
        response->retry_after = opened.retry_after;
        return STATUS_OK;
    }
    if (status) {
        *error = fault;
        return status;
    }
    response->set_session = opened.session;
    response->set_device = opened.device;
    return http_redirect(request, response, next ? next : http_url(request, "/"),
                         say(request, N_("You are signed in.")));
}

enum status post_sign_out(const struct http_request *request, struct http_response *response, struct error *error)
{
    const enum status status = request->session ? account_sign_out(request->db, request->session, error) : STATUS_OK;
    if (status) return status;
    response->set_session = "";
    return http_redirect(request, response, http_url(request, "/"), say(request, N_("You are signed out.")));
}
