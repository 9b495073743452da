/* leave.c: leaving an organisation: what it means is said before, and nobody else is asked. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

/* A role of one's own, in force, at an organisation. */
static enum status find_role(const struct http_request *request, int64_t id, struct account_role *found,
                             struct error *error)
{
    struct account_role_list list;
    const enum status status = account_roles(request->read, request->arena, own_id(request), &list, error);
    for (size_t i = 0; !status && i < list.count; i++) {
        if (list.items[i].id != id || !list.items[i].organisation || !account_role_holds(&list.items[i], time_today()))
            continue;
        *found = list.items[i];
        return STATUS_OK;
    }
    return status ? status : error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
}

/* Whether nobody else says who acts for the organisation. */
static enum status is_last_manager(const struct http_request *request, const struct account_role *role, bool *last,
                                   struct error *error)
{
    struct account_role_list list;
    const enum status status = account_roles_at(request->read, request->arena, role->organisation, &list, error);
    *last = !status && rights_bit(&product_rights, role->role) == MANAGER;
    for (size_t i = 0; !status && i < list.count; i++)
        if (list.items[i].account != role->account && rights_bit(&product_rights, list.items[i].role) == MANAGER &&
            account_role_holds(&list.items[i], time_today()))
            *last = false;
    return status;
}

enum status page_leave(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct account_role role = {.id = 0};
    const char *name = NULL;
    bool last = false;
    const int64_t id = http_integer(&request->query, "role", 1, INT64_MAX, 0);
    enum status status = find_role(request, id, &role, error);
    if (!status) status = account_organisation_name(request->read, request->arena, role.organisation, &name, error);
    if (!status) status = is_last_manager(request, &role, &last, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_head head = {
        .over = role_label(request, role.role),
        .title = language_print(request->arena, request->language, N_("Leave {1}?"), name, (const char *)NULL)};
    const struct part_notice notice = {
        .tone = "warning",
        .text = say(request, N_("Nobody else says who acts for this organisation: name somebody first, on the page of "
                                "its people, or its cluster will have to."))};
    const struct account_button button = {
        .title = say(request, N_("What it means")),
        .text =
            say(request, N_("From now on you no longer act for it, and see of it what everybody sees. What you filed "
                            "stays with it. Its people can invite you again.")),
        .label = say(request, N_("Leave")),
        .act = "leave",
        .id = id,
        .action = http_url(request, "/account/leave")};
    template_part_head(&html, &head);
    if (last) template_part_notice(&html, &notice);
    template_account_button(&html, &button);
    return page_end(request, response, &html, head.title, "/space", true);
}

enum status post_leave(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct account_role role = {.id = 0};
    enum status status = find_role(request, http_integer(&request->form, "id", 1, INT64_MAX, 0), &role, error);
    if (!status)
        status = account_role_end(request->db, own_id(request), own_id(request), role.id, time_today() - 1, error);
    return status ? status
                  : http_redirect(request, response, http_url(request, "/account"),
                                  say(request, N_("You no longer act for it.")));
}
