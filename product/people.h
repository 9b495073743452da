/* people.h: who may see and change which roles people hold at an organisation.
 *
 * Who holds a role at the organisation sees who else does, and so does an officer of a cluster of which it is a member. The administrator gives any role
 * anywhere; an officer gives, at the cluster of which they are one, what an officer has: member and officer. Nobody gives more than they
 * hold, and what is not said here nobody may. */
#ifndef PRODUCT_PEOPLE_H
#define PRODUCT_PEOPLE_H

#include "platform/account/account.h"
#include "product/letters.h"

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

/* The longest that a mandate may be given for, from today. */
enum { MANDATE_DAYS_MOST = 3 * 366 };

/* Invites an address to hold a role at an organisation; the words are the same whether it has an account or not. of->wanted.organisation and its name, the author and
 * their name are the caller's, who asked people_check_give. STATUS_INPUT with the field (email, role, until): a mandate has a last day. */
enum status people_invite(const struct application *application, struct arena *arena,
                          const struct letter_invitation *of, struct invitation *invitation, struct error *error);

/* Whether who invited may still give that role there: STATUS_MISSING when they may not. */
enum status people_check_invitation(struct db_handle *read, struct arena *arena,
                                    const struct account_invitation *invitation, struct error *error);

#endif
