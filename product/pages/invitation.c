/* invitation.c: the page behind an invitation: who invites to what, to be accepted under the account of its address, or with a new one. Reading it
 * changes nothing. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"
#include "product/people.h"

struct answering {
    const char *key;
    struct account_invitation invitation;
    struct account author, person; /* person.id 0: the address has no account */
    const char *organisation;
    const struct error *fault;
};

static enum status open_invitation(const struct http_request *request, const char *key, struct answering *page,
                                   struct error *error)
{
    struct db_handle *read = request->read;
    struct arena *arena = request->arena;
    page->key = key ? key : "";
    enum status status = account_invitation_find(read, arena, page->key, &page->invitation, error);
    if (!status) status = people_check_invitation(read, arena, &page->invitation, error);
    if (!status) status = account_load(read, arena, page->invitation.author, &page->author, error);
    if (!status)
        status = account_organisation_name(read, arena, page->invitation.organisation, &page->organisation, error);
    if (status) return status;
    status = account_find(read, arena, page->invitation.email, &page->person, error);
    if (status == STATUS_MISSING) page->person = (struct account){.id = 0};
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static void draw_answer(struct html *html, const struct http_request *request, const struct answering *page)
{
    const struct widget field = {.type = WIDGET_HIDDEN, .name = "key", .value = page->key};
    const struct form_group group = {.fields = &field, .field_count = 1};
    const struct form form = {.action = http_url(request, "/invitation"),
                              .submit = say(request, N_("Accept")),
                              .second = say(request, N_("Decline")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

static void draw_joining(struct html *html, const struct http_request *request, const struct answering *page)
{
    const struct widget fields[] = {
        {.type = WIDGET_TEXT,
         .name = "name",
         .label = say(request, N_("Your name, as others see it")),
         .value = page->fault ? form_text(request, "name") : NULL,
         .required = true,
         .most = 120,
         .autocomplete = "name"},
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
        {.type = WIDGET_HIDDEN, .name = "key", .value = page->key},
    };
    const struct form_group group = {.title = say(request, N_("Your account")), .fields = fields, .field_count = 4};
    const struct form form = {.action = http_url(request, "/invitation"),
                              .submit = say(request, N_("Open the account and accept")),
                              .groups = &group,
                              .group_count = 1,
                              .note = language_print(request->arena, request->language,
                                                     N_("You will then sign in with {1}."), page->invitation.email,
                                                     (const char *)NULL)};
    template_form(html, &form);
}

/* The address has an account which is not the one that reads. */
static void draw_sign_in(struct html *html, const struct http_request *request, const struct answering *page)
{
    const char *next = http_encode(
        request->arena, arena_print(request->arena, "%s?key=%s", http_url(request, "/invitation"), page->key));
    const struct part_link link = {.label = say(request, N_("Sign in")),
                                   .url =
                                       arena_print(request->arena, "%s?next=%s", http_url(request, "/sign-in"), next)};
    const bool other = request->viewer->account;
    const struct part_notice notice = {
        .tone = "info",
        .text = language_print(request->arena, request->language,
                               other ? N_("This invitation is for {1}: sign out, then open the link again.")
                                     : N_("You have an account under {1}: sign in to answer."),
                               page->invitation.email, (const char *)NULL),
        .links = &link,
        .link_count = other ? 0 : 1};
    template_part_notice(html, &notice);
}

static enum status draw_page(const struct http_request *request, struct http_response *response,
                             const struct answering *page)
{
    struct html html = page_begin(request);
    const struct account_role role = {.from = time_today(), .until = page->invitation.until};
    const struct part_head head = {.over = say(request, N_("Invitation")),
                                   .title = page->organisation,
                                   .summary = language_print(request->arena, request->language,
                                                             N_("{1} invites you. Role: {2}, {3}."), page->author.name,
                                                             role_label(request, page->invitation.role),
                                                             role_days(request, &role), (const char *)NULL)};
    draw_faults(&html, request, page->fault);
    template_part_head(&html, &head);
    if (page->person.id && page->person.id == request->viewer->account)
        draw_answer(&html, request, page);
    else if (page->person.id || request->viewer->account)
        draw_sign_in(&html, request, page);
    else
        draw_joining(&html, request, page);
    return page_end(request, response, &html, head.title, NULL, true);
}

enum status page_invitation(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct answering page = {.key = NULL};
    const enum status status = open_invitation(request, http_value(&request->query, "key"), &page, error);
    return status ? status : draw_page(request, response, &page);
}

static enum status join(const struct http_request *request, const struct answering *page, struct error *error)
{
    int64_t id = 0;
    const struct account_new person = {.email = page->invitation.email,
                                       .name = form_text(request, "name"),
                                       .language = request->language,
                                       .password = form_text(request, "password"),
                                       .author = page->invitation.author,
                                       .invitation = &page->invitation};
    if (strcmp(person.password, form_text(request, "again")) != 0)
        return error_field(error, STATUS_INPUT, "again", N_("The two passwords are not the same."));
    return account_create(request->db, &person, &id, error);
}

static enum status answer(const struct http_request *request, const struct answering *page, struct error *error)
{
    const bool own = page->person.id && page->person.id == request->viewer->account;
    if (!page->person.id && !request->viewer->account) return join(request, page, error);
    if (!own) return error_set(error, STATUS_DENIED, N_("This invitation was written to another address."));
    return strcmp(form_text(request, "second"), "1") == 0
               ? account_invitation_end(request->db, 0, &page->invitation, error)
               : account_invitation_accept(request->db, &page->invitation, page->person.id, error);
}

enum status post_invitation(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct answering page = {.key = NULL};
    struct error fault = {0};
    enum status status = open_invitation(request, form_text(request, "key"), &page, error);
    if (status) return status;
    status = answer(request, &page, &fault);
    if (status == STATUS_INPUT || status == STATUS_CONFLICT) {
        page.fault = &fault;
        draw_page(request, response, &page);
        response->status = form_status(status);
        return STATUS_OK;
    }
    *error = fault;
    if (status) return status;
    return page.person.id
               ? http_redirect(request, response, http_url(request, "/account"), say(request, N_("It is done.")))
               : http_redirect(request, response, http_url(request, "/sign-in"),
                               say(request, N_("Your account is open: sign in.")));
}
