#include "product/kinds/membership.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/record/record.h"
#include "product/roles.h"

enum { ACCOUNTS_LIMIT = 64 * 1024 * 1024 };

static const struct option roles[] = {
    {"member", N_("Member")},
    {"board", N_("Member of the board")},
    {"partner", N_("Partner")},
    {NULL, NULL},
};

#define FIELD(type_, member_, ...) type_(membership, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, .label = N_("Membership"), .computed = true, .max = 400, .list = true),
    FIELD(REFERENCE, organisation, .label = N_("Organisation"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(REFERENCE, cluster, .label = N_("Cluster"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(CHOICE, role, .label = N_("Role"), .options = roles, .required = true, .facet = true),
    FIELD(DATE, starts, .label = N_("Since"), .required = true, .list = true),
    FIELD(DATE, ends, .label = N_("Until"), .list = true),
    FIELDS_END,
};

static enum status name_it(struct record_context *context, void *record, const void *before, struct error *error)
{
    struct membership *membership = record;
    (void)before, (void)error;
    membership->title.value = arena_print(context->arena, "%s – %s",
                                          record_name(context, kind_find("organisation"), membership->organisation.id),
                                          record_name(context, kind_find("organisation"), membership->cluster.id));
    return STATUS_OK;
}

/* Who may see what follows from memberships: the accounts of both sides are computed again. */
static enum status refresh_accounts(struct record_context *context, const void *record, const void *before,
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

const struct kind membership_kind = {
    .name = "membership",
    .title = N_("Membership"),
    .plural = N_("Memberships"),
    .path = "/memberships",
    .summary = N_("Who is a member of which cluster."),
    .filing = N_("Add a membership"),
    .size = sizeof(struct membership),
    .fields = fields,
    .name_field = "title",
    .owner_field = "cluster",
    .reference = true,
    .place = "organisation.place",
    .create = OFFICER | ADMINISTRATOR,
    .read = ANYONE,
    .write = OFFICER | ADMINISTRATOR,
    .erase = OFFICER | ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
    .before_save = name_it,
    .after_save = refresh_accounts,
};
