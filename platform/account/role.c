/* role.c: roles of accounts at organisations; what follows from them is computed again at once. */
#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum { ROLES_MOST = 1000 };

static enum status refresh(struct db_handle *write, int64_t account, struct error *error)
{
    const struct rights_model *model = account_policy()->model;
    return model ? rights_refresh(write, model, account, time_today(), error) : STATUS_OK;
}

enum status account_role_check(const struct account_role *role, struct error *error)
{
    const struct rights_model *model = account_policy()->model;
    if (!model || !rights_bit(model, role->role))
        return error_field(error, STATUS_INPUT, "role", N_("There is no role {1}."), role->role);
    if (role->until != ACCOUNT_NO_END && role->until < role->from)
        return error_field(error, STATUS_INPUT, "until", N_("The last day comes before the first one."));
    if (rights_bit(model, role->role) != ADMINISTRATOR && !role->organisation)
        return error_field(error, STATUS_INPUT, "organisation", N_("Say at which organisation the role is held."));
    return STATUS_OK;
}

/* Held already: the same role at the same place on a common day. */
static enum status refuse_double(struct db_handle *write, const struct account_role *role, struct error *error)
{
    int64_t held = 0;
    const int64_t last = role->until == ACCOUNT_NO_END ? INT64_MAX : role->until;
    const enum status status = db_one_integer(
        write,
        "SELECT EXISTS (SELECT 1 FROM account_role WHERE account = $1 AND organisation = $2 AND role = $3 "
        "AND valid_from <= $4 AND (valid_until IS NULL OR valid_until >= $5))",
        DB_BIND(db_integer(role->account), db_integer(role->organisation), db_text(role->role), db_integer(last),
                db_integer(role->from)),
        &held, error);
    if (status || !held) return status;
    return error_field(error, STATUS_CONFLICT, "role", N_("This role is held already."));
}

enum status account_role_give_in(struct db_handle *write, const struct account_role *role, int64_t *id,
                                 struct error *error)
{
    const int64_t number = db_new_id();
    enum status status = account_role_check(role, error);
    if (status == STATUS_OK) status = refuse_double(write, role, error);
    if (status) return status;
    status = db_run(
        write,
        "INSERT INTO account_role (id, account, organisation, role, valid_from, valid_until, author, created) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        DB_BIND(db_integer(number), db_integer(role->account), db_integer(role->organisation), db_text(role->role),
                db_integer(role->from), account_or_null(role->until), db_integer(role->author), db_integer(time_now())),
        NULL, error);
    if (status == STATUS_CONFLICT)
        return error_field(error, STATUS_MISSING, "account", N_("There is no such account."));
    const struct account_deed deed = {role->author, role->account, "role_given", role->organisation, role->role};
    if (status == STATUS_OK) status = account_event_write(write, &deed, error);
    if (status == STATUS_OK) status = refresh(write, role->account, error);
    if (status == STATUS_OK && id) *id = number;
    return status;
}

struct gift {
    const struct account_role *role;
    int64_t id;
};

static enum status give(struct db_handle *write, void *context, struct error *error)
{
    struct gift *gift = context;
    return account_role_give_in(write, gift->role, &gift->id, error);
}

enum status account_role_give(struct db *db, const struct account_role *role, int64_t *id, struct error *error)
{
    struct gift gift = {.role = role};
    const enum status status = db_transaction(db, give, &gift, error);
    if (status) return status;
    log_line(LOG_NOTE, "account", "role_given=%lld account=%lld author=%lld", (long long)gift.id,
             (long long)role->account, (long long)role->author);
    if (id) *id = gift.id;
    return STATUS_OK;
}

struct role_end {
    int64_t author, account, id, last_day;
};

static enum status note_end(struct db_handle *write, const struct role_end *end, struct error *error)
{
    return db_run(
        write,
        "INSERT INTO account_event (id, moment, account, author, action, organisation, detail) "
        "SELECT $1, $2, account, $3, 'role_ended', organisation, role FROM account_role WHERE id = $4",
        DB_BIND(db_integer(db_new_id()), db_integer(time_now()), db_integer(end->author), db_integer(end->id)), NULL,
        error);
}

static enum status end_role(struct db_handle *write, void *context, struct error *error)
{
    const struct role_end *end = context;
    int64_t changed = 0;
    enum status status =
        db_run(write, "UPDATE account_role SET valid_until = $1 WHERE id = $2 AND account = $3",
               DB_BIND(db_integer(end->last_day), db_integer(end->id), db_integer(end->account)), &changed, error);
    if (status) return status;
    if (!changed) return error_set(error, STATUS_MISSING, N_("The account does not hold this role."));
    status = note_end(write, end, error);
    return status ? status : refresh(write, end->account, error);
}

enum status account_role_end(struct db *db, int64_t author, int64_t account, int64_t id, int64_t last_day,
                             struct error *error)
{
    struct role_end end = {author, account, id, last_day};
    const enum status status = db_transaction(db, end_role, &end, error);
    if (status == STATUS_OK)
        log_line(LOG_NOTE, "account", "role_ended=%lld account=%lld", (long long)id, (long long)account);
    return status;
}

static enum status read_roles(struct db_rows *rows, struct arena *arena, struct account_role_list *list,
                              struct error *error)
{
    struct account_role *items = ARENA_ARRAY(arena, ROLES_MOST, struct account_role);
    *list = (struct account_role_list){items, 0};
    while (list->count < ROLES_MOST && db_next(rows))
        items[list->count++] = (struct account_role){
            .id = db_get_integer(rows, 0),
            .account = db_get_integer(rows, 1),
            .organisation = db_get_integer(rows, 2),
            .role = arena_copy(arena, db_get_text(rows, 3)),
            .from = db_get_integer(rows, 4),
            .until = db_is_null(rows, 5) ? ACCOUNT_NO_END : db_get_integer(rows, 5),
            .author = db_get_integer(rows, 6),
        };
    return db_end(&rows, error);
}

#define ROLE_COLUMNS "id, account, organisation, role, valid_from, valid_until, author"

enum status account_roles(struct db_handle *read, struct arena *arena, int64_t account, struct account_role_list *list,
                          struct error *error)
{
    return read_roles(db_query(read,
                               "SELECT " ROLE_COLUMNS " FROM account_role WHERE account = $1 ORDER BY id LIMIT 1000",
                               DB_BIND(db_integer(account))),
                      arena, list, error);
}

enum status account_roles_at(struct db_handle *read, struct arena *arena, int64_t organisation,
                             struct account_role_list *list, struct error *error)
{
    return read_roles(
        db_query(read, "SELECT " ROLE_COLUMNS " FROM account_role WHERE organisation = $1 ORDER BY id LIMIT 1000",
                 DB_BIND(db_integer(organisation))),
        arena, list, error);
}

bool account_role_holds(const struct account_role *role, int64_t day)
{
    return role->from <= day && (role->until == ACCOUNT_NO_END || role->until >= day);
}

enum status account_role_others(struct db_handle *read, const char *role, int64_t account, int64_t *count,
                                struct error *error)
{
    const int64_t today = time_today();
    return db_one_integer(read,
                          "SELECT COUNT(DISTINCT r.account) FROM account_role r JOIN account a ON a.id = r.account "
                          "WHERE r.organisation = 0 AND r.role = $1 AND r.account <> $2 AND a.disabled IS NULL "
                          "AND r.valid_from <= $3 AND (r.valid_until IS NULL OR r.valid_until >= $4)",
                          DB_BIND(db_text(role), db_integer(account), db_integer(today), db_integer(today)), count,
                          error);
}

enum status account_organisation_name(struct db_handle *read, struct arena *arena, int64_t organisation,
                                      const char **name, struct error *error)
{
    const char *sql = account_policy()->organisation_name;
    *name = "";
    if (!sql || !organisation) return STATUS_OK;
    const enum status status = db_one_text(read, arena, sql, DB_BIND(db_integer(organisation)), name, error);
    return status == STATUS_MISSING ? STATUS_OK : status;
}
