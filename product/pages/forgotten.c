/* forgotten.c: asking for a letter that leads to a new password. What is said is the same whether the address has an account or not. */
#include "product/letters.h"

#include "base/arena.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

static void draw_form(struct html *html, const struct http_request *request)
{
    const struct widget field = {.type = WIDGET_EMAIL,
                                 .name = "email",
                                 .label = say(request, N_("E-mail")),
                                 .help = say(request, N_("The address with which you sign in.")),
                                 .required = true,
                                 .autocomplete = "username"};
    const struct form_group group = {.fields = &field, .field_count = 1};
    const struct form form = {.action = http_url(request, "/forgotten"),
                              .submit = say(request, N_("Send me a link")),
                              .cancel_url = http_url(request, "/sign-in"),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

static enum status draw_forgotten(const struct http_request *request, struct http_response *response,
                                  const struct part_notice *notice, bool form)
{
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Forgotten password")),
                                   .summary = say(request, N_("A letter brings you a link by which you choose "
                                                              "another one. It works once, within 72 hours."))};
    template_part_head(&html, &head);
    if (notice) template_part_notice(&html, notice);
    if (form) draw_form(&html, request);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_forgotten(const struct http_request *request, struct http_response *response, struct error *error)
{
    const struct part_notice none = {
        .tone = "info",
        .text = say(request, N_("No letter leaves from this site: ask who administers it for a link."))};
    const bool leave = letters_leave(request->application);
    (void)error;
    return draw_forgotten(request, response, leave ? NULL : &none, leave);
}

enum status post_forgotten(const struct http_request *request, struct http_response *response, struct error *error)
{
    if (!letters_leave(request->application)) return page_forgotten(request, response, error);
    const enum status status =
        letters_forgotten(request->application, request->arena, form_text(request, "email"), request->peer, error);
    const struct part_notice notice = {
        .tone = "good",
        .title = say(request, N_("Look at your letters.")),
        .text = say(request, N_("If this address has an account, a letter is on its way. Nothing within a quarter of "
                                "an hour? Look among unwanted letters, then ask who administers the site."))};
    return status ? status : draw_forgotten(request, response, &notice, false);
}
