/* welcome.c: the page behind a link by which a person chooses the password of their account. Reading it changes nothing, and it opens no
 * session: the person then signs in. */
#include "base/arena.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

#include <string.h>

static void draw_form(struct html *html, const struct http_request *request, const struct account *account,
                      const char *key)
{
    const struct widget fields[] = {
        {.type = WIDGET_PASSWORD,
         .name = "password",
         .label = say(request, N_("New password")),
         .required = true,
         .autocomplete = "new-password",
         .help = say(request, N_("Twelve characters at least; a sentence that you alone would say is best."))},
        {.type = WIDGET_PASSWORD,
         .name = "again",
         .label = say(request, N_("The same again")),
         .required = true,
         .autocomplete = "new-password"},
        {.type = WIDGET_HIDDEN, .name = "key", .value = key},
    };
    const struct form_group group = {.fields = fields, .field_count = 3};
    const struct form form = {.action = http_url(request, "/welcome"),
                              .submit = say(request, N_("Keep this password")),
                              .groups = &group,
                              .group_count = 1,
                              .note = language_print(request->arena, request->language,
                                                     N_("You will then sign in with {1}."), account->email,
                                                     (const char *)NULL)};
    template_form(html, &form);
}

static enum status draw_welcome(const struct http_request *request, struct http_response *response,
                                const struct account *account, const char *key, const struct error *fault)
{
    struct html html = page_begin(request);
    const struct part_head head = {
        .title =
            language_print(request->arena, request->language, N_("Welcome, {1}"), account->name, (const char *)NULL),
        .summary = say(request, N_("Choose the password of your account. This link works once."))};
    draw_faults(&html, request, fault);
    template_part_head(&html, &head);
    draw_form(&html, request, account, key);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_welcome(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct account account = {.id = 0};
    const char *key = http_value(&request->query, "key");
    const enum status status = account_link_find(request->read, request->arena, key ? key : "", &account, error);
    return status ? status : draw_welcome(request, response, &account, key, NULL);
}

enum status post_welcome(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct account account = {.id = 0};
    struct error fault = {0};
    const char *key = form_text(request, "key"), *password = form_text(request, "password");
    enum status status = account_link_find(request->read, request->arena, key, &account, error);
    if (status) return status;
    status = strcmp(password, form_text(request, "again")) == 0
                 ? account_link_use(request->db, key, password, &fault)
                 : error_field(&fault, STATUS_INPUT, "again", N_("The two passwords are not the same."));
    if (status == STATUS_INPUT) {
        response->status = form_status(status);
        return draw_welcome(request, response, &account, key, &fault);
    }
    if (status) {
        *error = fault;
        return status;
    }
    response->set_session = "";
    return http_redirect(request, response, http_url(request, "/sign-in"),
                         say(request, N_("Your password is kept: sign in with it.")));
}
