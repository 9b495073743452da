/* roles.h: the roles that people hold at organisations of the network. */
#ifndef PRODUCT_ROLES_H
#define PRODUCT_ROLES_H

#include "platform/rights/rights.h"

enum {
    MEMBER = RIGHT_ROLE,         /* of a company, laboratory ...: acts for it */
    OFFICER = RIGHT_ROLE << 1,   /* of a cluster: acts with its members */
    REGION = RIGHT_ROLE << 2,    /* of a collectivité: sees its territory */
    FUNDER = RIGHT_ROLE << 3,    /* of a funder */
    EVALUATOR = RIGHT_ROLE << 4, /* of procedures */
};

/* What an account is to which organisations, for platform/rights. */
extern const struct rights_model product_rights;

#endif
