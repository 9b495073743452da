#include "product/people.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/application.h"
#include "product/roles.h"

enum { EVERY_ROLE = MEMBER | MANAGER | MANDATARY | OFFICER | REGION | FUNDER | EVALUATOR };

/* By the roles that the viewer holds there themself: what they are to its members, or by a membership, does not count. */
static enum status may_give(struct db_handle *read, struct arena *arena, const struct viewer *viewer,
                            int64_t organisation, rights *give, struct error *error)
{
    struct account_role_list roles;
    const enum status status = account_roles(read, arena, viewer->account, &roles, error);
    for (size_t i = 0; !status && i < roles.count; i++) {
        const struct account_role *role = &roles.items[i];
        if (role->organisation != organisation || !account_role_holds(role, time_today())) continue;
        const rights held = rights_bit(&product_rights, role->role);
        if (held == OFFICER) *give |= MEMBER | OFFICER;
        if (held == MANAGER) *give |= MEMBER | MANAGER | MANDATARY;
    }
    return status;
}

enum status people_rights(struct db_handle *read, struct arena *arena, const struct viewer *viewer,
                          int64_t organisation, struct people_rights *found, struct error *error)
{
    *found = (struct people_rights){.see = false};
    if (!viewer->account || !viewer->may_write) return STATUS_OK;
    if (viewer->everywhere & ADMINISTRATOR) {
        *found = (struct people_rights){true, organisation ? (rights)EVERY_ROLE : (rights)ADMINISTRATOR};
        return STATUS_OK;
    }
    if (!organisation) return STATUS_OK;
    found->see = viewer_rights(viewer, organisation) & (OWNER | OFFICER);
    return found->see ? may_give(read, arena, viewer, organisation, &found->give, error) : STATUS_OK;
}

enum status people_check_give(struct db_handle *read, struct arena *arena, const struct viewer *viewer,
                              int64_t organisation, const char *role, struct error *error)
{
    struct people_rights found;
    const enum status status = people_rights(read, arena, viewer, organisation, &found, error);
    if (status || (rights_bit(&product_rights, role) & found.give)) return status;
    return error_set(error, STATUS_DENIED, N_("You may not give or end this role here."));
}

enum status people_is_last_administrator(struct db_handle *read, const struct account_role *role, bool *last,
                                         struct error *error)
{
    int64_t others = 1;
    enum status status = STATUS_OK;
    if (rights_bit(&product_rights, role->role) == ADMINISTRATOR)
        status = account_role_others(read, role->role, role->account, &others, error);
    *last = !others;
    return status;
}

enum status people_invite(const struct application *application, struct arena *arena,
                          const struct letter_invitation *of, struct invitation *invitation, struct error *error)
{
    const struct account_invitation *wanted = &of->wanted;
    const bool endless = wanted->until == ACCOUNT_NO_END || wanted->until > time_today() + MANDATE_DAYS_MOST;
    if (rights_bit(&product_rights, wanted->role) == MANDATARY && endless)
        return error_field(error, STATUS_INPUT, "until",
                           N_("A mandate has a last day, within three years: say which. It can be given again."));
    return letters_invite(application, arena, of, invitation, error);
}

enum status people_check_invitation(struct db_handle *read, struct arena *arena,
                                    const struct account_invitation *invitation, struct error *error)
{
    const struct viewer *author = NULL;
    enum status status = account_viewer(read, arena, invitation->author, invitation->organisation, ACCOUNT_ALL_SCOPES,
                                        true, &author, error);
    if (!status) status = people_check_give(read, arena, author, invitation->organisation, invitation->role, error);
    if (status != STATUS_DENIED) return status;
    return error_set(error, STATUS_MISSING,
                     N_("Who invited you may not give this role any more: ask the organisation for another "
                        "invitation."));
}
