/* people.c: who holds which role at an organisation, and giving and ending roles there. */
#include "product/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/html/widget.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

enum { ROLES_MOST = 8 };

/* The page: where, what the viewer may do there, and what came of the form. */
struct people_page {
    int64_t organisation;
    const char *name;
    struct people_rights may;
    struct account_role_list roles;
    struct account_invitation_list waiting; /* for who may give roles */
    struct invitation invitation;           /* that was just made */
    const struct error *fault;
};

static enum status open_page(const struct http_request *request, struct people_page *page, struct error *error)
{
    page->organisation = strtoll(request->words[0], NULL, 10);
    enum status status =
        people_rights(request->read, request->arena, request->viewer, page->organisation, &page->may, error);
    if (status) return status;
    if (!page->organisation || !page->may.see)
        return error_set(error, STATUS_DENIED, N_("Only those who hold a role at this organisation see its people."));
    status = account_organisation_name(request->read, request->arena, page->organisation, &page->name, error);
    if (!status && !*page->name)
        status = error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    if (!status) status = account_roles_at(request->read, request->arena, page->organisation, &page->roles, error);
    if (!status && page->may.give)
        status = account_invitations_at(request->read, request->arena, page->organisation, &page->waiting, error);
    return status;
}

static const char *page_address(const struct http_request *request, const struct people_page *page)
{
    return http_url(request, arena_print(request->arena, "/organisations/%lld/people", (long long)page->organisation));
}

/* Those who may give roles see the addresses as well, to know whom they speak of. */
static enum status fill_row(const struct http_request *request, const struct people_page *page,
                            const struct account_role *role, struct account_row *row, struct error *error)
{
    struct account account = {.name = ""};
    const bool mine = rights_bit(&product_rights, role->role) & page->may.give;
    const enum status status = account_load(request->read, request->arena, role->account, &account, error);
    const char *note =
        arena_print(request->arena, "%s · %s", role_label(request, role->role), role_days(request, role));
    if (page->may.give) note = arena_print(request->arena, "%s · %s", note, account.email);
    *row = (struct account_row){.id = role->id, .name = account.name, .note = note, .act = "end", .fixed = !mine};
    return status;
}

/* In force or to come, or past ones. */
static enum status draw_list(struct html *html, const struct http_request *request, const struct people_page *page,
                             bool past, struct error *error)
{
    struct account_row *rows = ARENA_ARRAY(request->arena, page->roles.count + 1, struct account_row);
    enum status status = STATUS_OK;
    size_t count = 0;
    for (size_t i = 0; !status && i < page->roles.count; i++) {
        const struct account_role *role = &page->roles.items[i];
        const bool over = role->until != ACCOUNT_NO_END && role->until < time_today();
        if (over == past) status = fill_row(request, page, role, &rows[count], error);
        if (over == past) rows[count++].fixed |= past;
    }
    const struct account_rows view = {.title = past ? say(request, N_("Roles that have ended"))
                                                    : say(request, N_("Who holds a role")),
                                      .button = say(request, N_("End this role")),
                                      .empty = say(request, N_("Nobody yet.")),
                                      .action = page_address(request, page),
                                      .rows = rows,
                                      .row_count = count};
    if (!status && (count || !past)) template_account_rows(html, &view);
    return status;
}

static void draw_form(struct html *html, const struct http_request *request, const struct people_page *page)
{
    struct widget_choice roles[ROLES_MOST];
    size_t count = 0;
    for (const struct right_name *name = product_rights.names; name->bit && count < ROLES_MOST; name++)
        if (name->bit & page->may.give)
            roles[count++] =
                (struct widget_choice){.value = name->name,
                                       .label = say(request, name->label),
                                       .chosen = page->fault && strcmp(name->name, form_text(request, "role")) == 0};
    const struct widget fields[] = {
        {.type = WIDGET_EMAIL,
         .name = "email",
         .label = say(request, N_("E-mail of the person")),
         .value = page->fault ? form_text(request, "email") : NULL,
         .required = true},
        {.type = WIDGET_SELECT,
         .name = "role",
         .label = say(request, N_("Role")),
         .required = true,
         .choices = roles,
         .choice_count = count},
        {.type = WIDGET_DATE,
         .name = "until",
         .label = say(request, N_("Last day")),
         .value = page->fault ? form_text(request, "until") : NULL,
         .help = page->may.give & MANDATARY ? say(request, N_("A mandate has one, within three years. For other roles, "
                                                              "leave it empty when no end is known."))
                                            : say(request, N_("Leave it empty when no end is known."))},
        {.type = WIDGET_HIDDEN, .name = "act", .value = "give"},
    };
    const struct form_group group = {.title = say(request, N_("Invite a person")), .fields = fields, .field_count = 4};
    const struct form form = {.action = page_address(request, page),
                              .submit = say(request, N_("Invite")),
                              .note = say(request, N_("They hold the role once they have accepted. A mandate lets "
                                                      "somebody of another organisation, an adviser or a cluster’s "
                                                      "officer, act for yours.")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

/* Who was invited and has not answered. */
static void draw_waiting(struct html *html, const struct http_request *request, const struct people_page *page)
{
    struct account_row *rows = ARENA_ARRAY(request->arena, page->waiting.count + 1, struct account_row);
    for (size_t i = 0; i < page->waiting.count; i++) {
        const struct account_invitation *waiting = &page->waiting.items[i];
        const char *until = language_day(request->arena, request->language, time_day(waiting->expires));
        rows[i] = (struct account_row){
            .id = waiting->id,
            .name = waiting->email,
            .note = language_print(request->arena, request->language, N_("{1} · may accept until {2}"),
                                   role_label(request, waiting->role), until, (const char *)NULL),
            .act = "withdraw",
            .fixed = !(rights_bit(&product_rights, waiting->role) & page->may.give)};
    }
    const struct account_rows view = {.title = say(request, N_("Who was invited")),
                                      .button = say(request, N_("Withdraw")),
                                      .action = page_address(request, page),
                                      .rows = rows,
                                      .row_count = page->waiting.count};
    if (page->waiting.count) template_account_rows(html, &view);
}

static enum status draw_people(const struct http_request *request, struct http_response *response,
                               const struct people_page *page, struct error *error)
{
    struct html html = page_begin(request);
    const struct part_head head = {.over = page->name,
                                   .title = say(request, N_("People")),
                                   .summary = say(request, N_("Who acts for this organisation, and as what."))};
    draw_faults(&html, request, page->fault);
    template_part_head(&html, &head);
    draw_invitation(&html, request, &page->invitation);
    enum status status = draw_list(&html, request, page, false, error);
    if (!status && page->may.give) draw_waiting(&html, request, page);
    if (!status && page->may.give) draw_form(&html, request, page);
    if (!status && page->may.give) status = draw_list(&html, request, page, true, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", true);
}

enum status page_people(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct people_page page = {.name = NULL};
    const enum status status = open_page(request, &page, error);
    return status ? status : draw_people(request, response, &page, error);
}

static enum status invite(const struct http_request *request, struct people_page *page, struct error *error)
{
    struct letter_invitation of = {.wanted = {.email = form_text(request, "email"),
                                              .organisation = page->organisation,
                                              .role = form_text(request, "role"),
                                              .author = own_id(request)},
                                   .author_name = request->viewer->name,
                                   .organisation = page->name,
                                   .role = role_label(request, form_text(request, "role")),
                                   .language = request->language};
    enum status status =
        people_check_give(request->read, request->arena, request->viewer, page->organisation, of.wanted.role, error);
    if (!status) status = form_day(request, "until", ACCOUNT_NO_END, &of.wanted.until, error);
    return status ? status : people_invite(request->application, request->arena, &of, &page->invitation, error);
}

static enum status withdraw(const struct http_request *request, const struct people_page *page, struct error *error)
{
    const int64_t id = http_integer(&request->form, "id", 0, INT64_MAX, 0);
    for (size_t i = 0; i < page->waiting.count; i++) {
        const struct account_invitation *waiting = &page->waiting.items[i];
        if (waiting->id != id) continue;
        const enum status status =
            people_check_give(request->read, request->arena, request->viewer, page->organisation, waiting->role, error);
        return status ? status : account_invitation_end(request->db, own_id(request), waiting, error);
    }
    return error_set(error, STATUS_MISSING, N_("This invitation was answered or withdrawn already."));
}

static enum status end_role(const struct http_request *request, const struct people_page *page, struct error *error)
{
    const int64_t id = http_integer(&request->form, "id", 0, INT64_MAX, 0);
    for (size_t i = 0; i < page->roles.count; i++) {
        const struct account_role *role = &page->roles.items[i];
        if (role->id != id) continue;
        const enum status status =
            people_check_give(request->read, request->arena, request->viewer, page->organisation, role->role, error);
        return status ? status
                      : account_role_end(request->db, own_id(request), role->account, id, time_today() - 1, error);
    }
    return error_set(error, STATUS_MISSING, N_("The account does not hold this role."));
}

static enum status run_act(const struct http_request *request, struct people_page *page, struct error *error)
{
    if (acts(request, "end")) return end_role(request, page, error);
    if (acts(request, "withdraw")) return withdraw(request, page, error);
    return invite(request, page, error);
}

enum status post_people(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct people_page page = {.name = NULL};
    struct error fault = {0};
    enum status status = open_page(request, &page, error);
    if (status) return status;
    status = run_act(request, &page, &fault);
    if (status == STATUS_BUSY || status == STATUS_FAULT || status == STATUS_DENIED) {
        *error = fault;
        return status;
    }
    if (!status && !page.invitation.word)
        return http_redirect(request, response, page_address(request, &page),
                             page.invitation.sent ? sent_words(request, &page.invitation)
                                                  : say(request, N_("It is done.")));
    page.fault = status ? &fault : NULL;
    const enum status reread = open_page(request, &page, error);
    const enum status drawn = reread ? reread : draw_people(request, response, &page, error);
    if (status) response->status = form_status(status);
    return drawn;
}
