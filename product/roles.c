/* roles.c: from roles, memberships and territories to what an account is to each organisation, as of a day. */
#include "product/roles.h"

static const struct right_name names[] = {
    {MEMBER, "member", N_("Member")},
    {OFFICER, "officer", N_("Cluster officer")},
    {REGION, "region", N_("Region officer")},
    {FUNDER, "funder", N_("Funder")},
    {EVALUATOR, "evaluator", N_("Evaluator")},
    {ADMINISTRATOR, "administrator", N_("Administrator")},
    {NOBODY, NULL, NULL},
};

_Static_assert(OWNER == 4 && MEMBER == 256 && OFFICER == 512 && REGION == 1024 && FUNDER == 2048 && EVALUATOR == 4096,
               "the numbers of roles stand in the queries below");

/* Roles in force. */
#define HELD \
    "SELECT organisation, role FROM account_role WHERE account = $1 AND valid_from <= $2 AND (valid_until IS NULL OR " \
    "valid_until >= $2)"
/* Memberships in force of clusters. */
#define MEMBERSHIPS \
    "SELECT organisation, cluster FROM membership WHERE starts <= $2 AND (ends IS NULL OR ends >= $2) AND state = " \
    "'open'"

/* One's own organisations; for officers their cluster's members; for regions the members of clusters in their territory. */
static const char relations[] =
    "WITH held AS (" HELD "), members AS (" MEMBERSHIPS ") "
    "SELECT organisation, CASE role WHEN 'member' THEN 260 WHEN 'officer' THEN 772 WHEN 'region' THEN 1284 WHEN "
    "'funder' THEN 2308 "
    "WHEN 'evaluator' THEN 4356 WHEN 'administrator' THEN 8 ELSE 0 END AS bits FROM held "
    "UNION ALL SELECT m.organisation, 512 FROM held h JOIN members m ON m.cluster = h.organisation WHERE h.role = "
    "'officer' "
    "UNION ALL SELECT m.organisation, 1024 FROM held h JOIN organisation c ON c.id = h.organisation "
    "JOIN organisation o ON o.region = c.region JOIN members m ON m.organisation = o.id WHERE h.role = 'region'";

/* Whose circle records the account may read: its own, those of the members of its clusters, those of the territory. */
static const char circles[] =
    "WITH held AS (" HELD "), members AS (" MEMBERSHIPS ") "
    "SELECT organisation FROM held "
    "UNION SELECT m.organisation FROM held h JOIN members m ON m.cluster = h.organisation WHERE h.role = 'officer' "
    "UNION SELECT other.organisation FROM held h JOIN members own ON own.organisation = h.organisation "
    "JOIN members other ON other.cluster = own.cluster WHERE h.role = 'member' "
    "UNION SELECT m.organisation FROM held h JOIN organisation c ON c.id = h.organisation "
    "JOIN organisation o ON o.region = c.region JOIN members m ON m.organisation = o.id WHERE h.role = 'region'";

const struct rights_model product_rights = {.names = names, .relations = relations, .circles = circles};
