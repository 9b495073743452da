#include "product/people.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/roles.h"

enum { EVERY_ROLE = MEMBER | OFFICER | REGION | FUNDER | EVALUATOR };

/* By the roles that the viewer holds there themself: what they are to its members, or by a membership, does not count. */
static enum status may_give(struct db_handle *read, struct arena *arena, const struct viewer *viewer,
                            int64_t organisation, rights *give, struct error *error)
{
    struct account_role_list roles;
    const enum status status = account_roles(read, arena, viewer->account, &roles, error);
    for (size_t i = 0; !status && i < roles.count; i++) {
        const struct account_role *role = &roles.items[i];
        if (role->organisation == organisation && account_role_holds(role, time_today()) &&
            strcmp(role->role, "officer") == 0)
            *give |= MEMBER | OFFICER;
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

static enum status find_or_make(struct db *db, struct arena *arena, const struct account_new *person, int64_t *id,
                                bool *made, struct error *error)
{
    struct db_handle *read = NULL;
    struct account account;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_find(read, arena, person->email, &account, error);
    db_release(&read);
    *made = status == STATUS_MISSING;
    if (status == STATUS_OK) *id = account.id;
    if (status != STATUS_MISSING) return status;
    if (!person->name || !*person->name)
        return error_field(error, STATUS_INPUT, "name",
                           N_("Nobody has an account under this address yet: say the person's name to make one."));
    return account_create(db, person, id, error);
}

enum status people_add(struct db *db, struct arena *arena, const struct account_new *person,
                       const struct account_role *role, const char **word, struct error *error)
{
    struct account_role given = *role;
    bool made = false;
    *word = NULL;
    enum status status = find_or_make(db, arena, person, &given.account, &made, error);
    if (status == STATUS_OK) status = account_role_give(db, &given, NULL, error);
    return status || !made ? status : account_link_create(db, arena, role->author, given.account, word, error);
}
