/* api_token.c: tokens by which programs act for an account. */
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/text/text.h"

enum { TOKENS_MOST = 50, LONGEST_NAME = 80, LONGEST_DAYS = 731 };

struct issue {
    int64_t author, account, id, expires;
    const char *name, *token;
    bool may_write;
    rights scopes;
};

static enum status check_number(struct db_handle *write, int64_t account, struct error *error)
{
    int64_t count = 0;
    const enum status status = db_one_integer(
        write, "SELECT COUNT(*) FROM account_api_token WHERE account = $1 AND revoked IS NULL AND expires > $2",
        DB_BIND(db_integer(account), db_integer(time_now())), &count, error);
    if (status || count < TOKENS_MOST) return status;
    return error_set(error, STATUS_LIMIT, N_("An account has at most 50 tokens. Withdraw one that is no longer used."));
}

/* What a limited token may read is computed with its account's rights. */
static enum status finish_token(struct db_handle *write, const struct issue *issue, struct error *error)
{
    const struct rights_model *model = account_policy()->model;
    const struct account_deed deed = {
        .author = issue->author, .account = issue->account, .action = "token_made", .detail = issue->name};
    const enum status status = account_event_write(write, &deed, error);
    return status || !model ? status : rights_refresh(write, model, issue->account, time_today(), error);
}

static enum status insert_token(struct db_handle *write, void *context, struct error *error)
{
    struct issue *issue = context;
    unsigned char hash[ACCOUNT_HASH];
    account_token_hash(issue->token, hash);
    issue->id = db_new_id();
    const enum status status = check_number(write, issue->account, error);
    if (status) return status;
    const enum status inserted =
        db_run(write,
               "INSERT INTO account_api_token (id, account, hash, name, may_write, scopes, created, expires) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               DB_BIND(db_integer(issue->id), db_integer(issue->account), db_blob(hash, sizeof hash),
                       db_text(issue->name), db_integer(issue->may_write), db_integer(issue->scopes),
                       db_integer(time_now()), db_integer(issue->expires)),
               NULL, error);
    return inserted ? inserted : finish_token(write, issue, error);
}

enum status account_api_token_create(struct db *db, struct arena *arena, int64_t author, int64_t account,
                                     const struct account_api_token *wanted, const char **token, struct error *error)
{
    const char *clean = wanted->name ? text_clean(arena, wanted->name, strlen(wanted->name)) : NULL;
    const int64_t now = time_now(), expires = wanted->expires;
    if (!clean || !*clean || text_length(clean) > LONGEST_NAME)
        return error_field(error, STATUS_INPUT, "name", N_("Say in 80 characters or fewer what the token is for."));
    if (expires <= now || expires > now + (int64_t)LONGEST_DAYS * MS_PER_DAY)
        return error_field(error, STATUS_INPUT, "expires", N_("A token ends on a day to come, within two years."));
    struct issue issue = {.author = author,
                          .account = account,
                          .expires = expires,
                          .name = clean,
                          .may_write = wanted->may_write,
                          .scopes = wanted->scopes};
    issue.token = account_token_draw(arena, "mlg_");
    const enum status status = db_transaction(db, insert_token, &issue, error);
    if (status)
        return status == STATUS_CONFLICT ? error_set(error, STATUS_MISSING, N_("There is no such account.")) : status;
    log_line(LOG_NOTE, "account", "token_made=%lld account=%lld", (long long)issue.id, (long long)account);
    *token = issue.token;
    return STATUS_OK;
}

enum status account_api_tokens(struct db_handle *read, struct arena *arena, int64_t account,
                               struct account_api_token_list *list, struct error *error)
{
    enum { SHOWN = 200 };
    struct account_api_token *items = ARENA_ARRAY(arena, SHOWN, struct account_api_token);
    *list = (struct account_api_token_list){items, 0};
    struct db_rows *rows =
        db_query(read,
                 "SELECT id, name, may_write, scopes, created, expires, last_used, revoked FROM account_api_token "
                 "WHERE account = $1 ORDER BY id DESC LIMIT 200",
                 DB_BIND(db_integer(account)));
    while (list->count < SHOWN && db_next(rows))
        items[list->count++] = (struct account_api_token){
            .id = db_get_integer(rows, 0),
            .name = arena_copy(arena, db_get_text(rows, 1)),
            .may_write = db_get_integer(rows, 2),
            .scopes = (rights)db_get_integer(rows, 3),
            .created = db_get_integer(rows, 4),
            .expires = db_get_integer(rows, 5),
            .last_used = db_get_integer(rows, 6),
            .revoked = db_get_integer(rows, 7),
        };
    return db_end(&rows, error);
}

static enum status revoke_token(struct db_handle *write, void *context, struct error *error)
{
    const struct issue *issue = context;
    int64_t changed = 0;
    enum status status =
        db_run(write, "UPDATE account_api_token SET revoked = $1 WHERE id = $2 AND account = $3 AND revoked IS NULL",
               DB_BIND(db_integer(time_now()), db_integer(issue->id), db_integer(issue->account)), &changed, error);
    if (status) return status;
    if (!changed) return error_set(error, STATUS_MISSING, N_("There is no such token, or it was withdrawn already."));
    status = rights_forget(write, issue->id, error);
    const struct account_deed deed = {.author = issue->author, .account = issue->account, .action = "token_revoked"};
    return status ? status : account_event_write(write, &deed, error);
}

enum status account_api_token_revoke(struct db *db, int64_t author, int64_t account, int64_t id, struct error *error)
{
    struct issue issue = {.author = author, .account = account, .id = id};
    return db_transaction(db, revoke_token, &issue, error);
}
