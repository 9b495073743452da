/* people.h: who may see and change which roles people hold at an organisation.
 *
 * Who holds a role at the organisation sees who else does, and so does an officer of a cluster of which it is a member. The administrator gives any role
 * anywhere; an officer gives, at the cluster of which they are one, what an officer has: member and officer. Nobody gives more than they
 * hold, and what is not said here nobody may. */
#ifndef PRODUCT_PEOPLE_H
#define PRODUCT_PEOPLE_H

#include "platform/account/account.h"

struct people_rights {
    bool see;    /* who holds roles there */
    rights give; /* role bits that the viewer may give and end there */
};

/* organisation 0: the whole site. */
enum status people_rights(struct db_handle *read, struct arena *arena, const struct viewer *viewer,
                          int64_t organisation, struct people_rights *found, struct error *error);

/* STATUS_DENIED unless the viewer may give, or end, that role there. */
enum status people_check_give(struct db_handle *read, struct arena *arena, const struct viewer *viewer,
                              int64_t organisation, const char *role, struct error *error);

/* Whether ending this role would leave the site without an administrator. */
enum status people_is_last_administrator(struct db_handle *read, const struct account_role *role, bool *last,
                                         struct error *error);

/* Gives a role to the account of that address; where there is none, makes one under that name, and then *word is that of the link
 * by which its person chooses a password (else NULL). The role's organisation, name, days and author are the caller's. */
enum status people_add(struct db *db, struct arena *arena, const struct account_new *person,
                       const struct account_role *role, const char **word, struct error *error);

#endif
