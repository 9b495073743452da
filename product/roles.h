/* roles.h: the roles that people hold at organisations of the network. */
#ifndef PRODUCT_ROLES_H
#define PRODUCT_ROLES_H

#include "base/error.h"
#include "platform/rights/rights.h"

struct record_context;

enum {
    MEMBER = RIGHT_ROLE,         /* of a company, laboratory ...: acts for it */
    OFFICER = RIGHT_ROLE << 1,   /* of a cluster: acts with its members */
    REGION = RIGHT_ROLE << 2,    /* of a collectivité: sees its territory */
    FUNDER = RIGHT_ROLE << 3,    /* of a funder */
    EVALUATOR = RIGHT_ROLE << 4, /* of procedures */
    MANAGER = RIGHT_ROLE << 5,   /* a member who says who acts for the organisation */
    MANDATARY = RIGHT_ROLE << 6, /* acts for an organisation that is not theirs, for a time that it chose */
};

/* What an account is to which organisations, for platform/rights. */
extern const struct rights_model product_rights;

/* after_save of memberships: what the accounts of both sides may see is computed again, in the same transaction. O(accounts of the
 * organisation, the cluster, its members and the régions). */
enum status roles_follow_membership(struct record_context *context, const void *record, const void *before,
                                    struct error *error);

#endif
