/* roles.c: from roles, memberships and territories to what an account is to each organisation, as of a day. */
#include "product/roles.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/record/record.h"
#include "product/kinds/membership.h"

enum { ACCOUNTS_LIMIT = 64 * 1024 * 1024 };

static const struct right_name names[] = {
    {MEMBER, "member", N_("Member")},
    {MANAGER, "manager", N_("Manager")},
    {MANDATARY, "mandatary", N_("Mandate")},
    {OFFICER, "officer", N_("Cluster officer")},
    {REGION, "region", N_("Region officer")},
    {FUNDER, "funder", N_("Funder")},
    {EVALUATOR, "evaluator", N_("Evaluator")},
    {ADMINISTRATOR, "administrator", N_("Administrator")},
    {NOBODY, NULL, NULL},
};

_Static_assert(OWNER == 4 && MEMBER == 256 && OFFICER == 512 && REGION == 1024 && FUNDER == 2048 && EVALUATOR == 4096 &&
                   MANAGER == 8192 && MANDATARY == 16384,
               "the numbers of roles stand in the queries below");

/* Roles in force. */
#define HELD \
    "SELECT organisation, role FROM account_role WHERE account = $1 AND valid_from <= $2 AND (valid_until IS NULL OR " \
    "valid_until >= $2)"
/* Memberships in force of clusters. */
#define MEMBERSHIPS \
    "SELECT organisation, cluster FROM membership WHERE starts <= $2 AND (ends IS NULL OR ends >= $2) AND state = " \
    "'open'"

/* What a role is to its organisation: managers and mandataries are members as well. */
#define BITS \
    "CASE role WHEN 'member' THEN 260 WHEN 'manager' THEN 8452 WHEN 'mandatary' THEN 16644 WHEN 'officer' THEN 772 " \
    "WHEN 'region' THEN 1284 WHEN 'funder' THEN 2308 WHEN " \
    "'evaluator' THEN 4356 WHEN 'administrator' THEN 8 ELSE 0 END"

/* One's own organisations; for officers their cluster's members; for regions the members of clusters in their territory. */
static const char relations[] =
    "WITH held AS (" HELD "), members AS (" MEMBERSHIPS ") "
    "SELECT organisation, " BITS " AS bits FROM held "
    "UNION ALL SELECT m.organisation, 512 FROM held h JOIN members m ON m.cluster = h.organisation WHERE h.role = "
    "'officer' "
    "UNION ALL SELECT m.organisation, 1024 FROM held h JOIN organisation c ON c.id = h.organisation "
    "JOIN organisation o ON o.region = c.region JOIN members m ON m.organisation = o.id WHERE h.role = 'region'";

/* Whose circle records the account may read: its own, those of the members of its clusters, those of the territory. */
static const char circles[] =
    "WITH held AS (" HELD "), members AS (" MEMBERSHIPS ") "
    "SELECT organisation, " BITS " FROM held "
    "UNION SELECT m.organisation, 512 FROM held h JOIN members m ON m.cluster = h.organisation WHERE h.role = "
    "'officer' "
    "UNION SELECT other.organisation, 256 FROM held h JOIN members own ON own.organisation = h.organisation "
    "JOIN members other ON other.cluster = own.cluster WHERE h.role IN ('member', 'manager', 'mandatary') "
    "UNION SELECT m.organisation, 1024 FROM held h JOIN organisation c ON c.id = h.organisation "
    "JOIN organisation o ON o.region = c.region JOIN members m ON m.organisation = o.id WHERE h.role = 'region'";

const struct rights_model product_rights = {.names = names, .relations = relations, .circles = circles};

enum status roles_follow_membership(struct record_context *context, const void *record, const void *before,
                                    struct error *error)
{
    const struct membership *membership = record ? record : before;
    struct buffer *accounts = buffer_new(context->arena, ACCOUNTS_LIMIT);
    struct db_rows *rows =
        db_query(context->handle,
                 "SELECT DISTINCT account FROM account_role WHERE organisation IN ($1, $2) OR role = 'region' "
                 "OR organisation IN (SELECT organisation FROM membership WHERE cluster = $2) ORDER BY account",
                 DB_BIND(db_integer(membership->organisation.id), db_integer(membership->cluster.id)));
    while (db_next(rows)) {
        const int64_t account = db_get_integer(rows, 0);
        buffer_add(accounts, &account, sizeof account);
    }
    enum status status = db_end(&rows, error);
    ENSURE(!buffer_overflowed(accounts));
    for (size_t at = 0; !status && at < buffer_length(accounts); at += sizeof(int64_t)) {
        int64_t account = 0;
        memcpy(&account, buffer_data(accounts) + at, sizeof account);
        status = rights_refresh(context->handle, context->records->rights, account, time_today(), error);
    }
    return status;
}
