/* user_access.c: roles, tokens and sessions of an account, from the command line. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/command/user_private.h"
#include "product/roles.h"

enum { TOKEN_DAYS = 90 };

static enum status read_day(const char *name, const char *text, int64_t *day, struct error *error)
{
    if (!text || day_parse(text, day)) return STATUS_OK;
    return error_field(error, STATUS_INPUT, name, "{1} is not a day: write 2026-11-22.", text);
}

/* The role in force or to come that was given there. */
static enum status find_role(struct user_run *run, const struct account_role *wanted, int64_t *id, struct error *error)
{
    struct db_handle *read = NULL;
    struct account_role_list list = {0};
    enum status status = db_read(run->db, &read, error);
    if (status == STATUS_OK) status = account_roles(read, run->arena, wanted->account, &list, error);
    db_release(&read);
    for (size_t i = 0; i < list.count; i++) {
        const struct account_role *role = &list.items[i];
        const bool over = role->until != ACCOUNT_NO_END && role->until < time_today();
        if (!over && role->organisation == wanted->organisation && strcmp(role->role, wanted->role) == 0)
            *id = role->id;
    }
    if (status || *id) return status;
    return error_set(error, STATUS_MISSING, "The account does not hold this role there.");
}

static enum status print_roles(struct user_run *run, struct error *error)
{
    struct db_handle *read = NULL;
    struct account_role_list list = {0};
    enum status status = db_read(run->db, &read, error);
    if (status == STATUS_OK) status = account_roles(read, run->arena, run->account.id, &list, error);
    db_release(&read);
    for (size_t i = 0; i < list.count; i++) {
        char from[16], until[16] = "no end";
        day_format(list.items[i].from, from);
        if (list.items[i].until != ACCOUNT_NO_END) day_format(list.items[i].until, until);
        printf("%s\t%lld\t%s\t%s\n", list.items[i].role, (long long)list.items[i].organisation, from, until);
    }
    return status;
}

static enum status change_role(struct user_run *run, struct account_role *role, bool end, struct error *error)
{
    int64_t id = 0;
    enum status status = STATUS_OK;
    role->account = run->account.id;
    if (!role->role) return error_field(error, STATUS_INPUT, "role", "Say which role.");
    if (end) {
        status = find_role(run, role, &id, error);
        return status ? status : account_role_end(run->db, 0, role->account, id, time_today() - 1, error);
    }
    status = account_role_give(run->db, role, &id, error);
    if (status == STATUS_OK) printf("%lld\n", (long long)id);
    return status;
}

int user_role_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL, *from = NULL, *until = NULL;
    bool end = false, list = false;
    struct account_role role = {.from = time_today(), .until = ACCOUNT_NO_END};
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"role", "NAME", "member, manager, mandatary, officer, region, funder, evaluator or administrator", OPTION_TEXT,
         false, &role.role},
        {"list", NULL, "lists all roles, past and to come, instead", OPTION_FLAG, false, &list},
        {"organisation", "NUMBER", "where; none for administrator", OPTION_NUMBER, false, &role.organisation},
        {"from", "DAY", "first day (today)", OPTION_TEXT, false, &from},
        {"until", "DAY", "last day (no end)", OPTION_TEXT, false, &until},
        {"end", NULL, "ends the role as of yesterday instead", OPTION_FLAG, false, &end},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user role"), argc, argv, rows);
    if (code >= 0) return code;
    if (read_day("from", from, &role.from, &error) || read_day("until", until, &role.until, &error))
        return options_end(error.status, &error);
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK) status = list ? print_roles(&run, &error) : change_role(&run, &role, end, &error);
    return user_end(&run, status, &error);
}

static enum status print_tokens(struct user_run *run, struct error *error)
{
    struct db_handle *read = NULL;
    struct account_api_token_list list = {0};
    enum status status = db_read(run->db, &read, error);
    if (status == STATUS_OK) status = account_api_tokens(read, run->arena, run->account.id, &list, error);
    db_release(&read);
    for (size_t i = 0; i < list.count; i++) {
        const struct account_api_token *token = &list.items[i];
        char expires[32], used[32] = "never used";
        time_format(token->expires, expires);
        if (token->last_used) time_format(token->last_used, used);
        const char *state = token->revoked ? "revoked" : token->expires < time_now() ? "expired" : "valid";
        printf("%lld\t%s\t%s\t%s\t%s\t%s\n", (long long)token->id, token->name, token->may_write ? "write" : "read",
               state, expires, used);
    }
    return status;
}

static enum status read_scopes(const struct option_list *roles, rights *scopes, struct error *error)
{
    *scopes = roles->count ? OWNER | PARTNER : ACCOUNT_ALL_SCOPES;
    for (size_t i = 0; i < roles->count; i++) {
        const rights bit = rights_bit(&product_rights, roles->values[i]);
        if (!bit) return error_field(error, STATUS_INPUT, "role", "There is no role {1}.", roles->values[i]);
        *scopes |= bit;
    }
    return STATUS_OK;
}

/* What was asked of `user token`. */
struct token_words {
    const char *name;
    bool write, list;
    int64_t days, revoke;
    struct option_list roles;
};

static enum status make_token(struct user_run *run, const struct token_words *words, struct error *error)
{
    rights scopes = NOBODY;
    const char *token = NULL;
    enum status status = read_scopes(&words->roles, &scopes, error);
    if (status == STATUS_OK)
        status = account_api_token_create(run->db, run->arena, 0, run->account.id,
                                          &(struct account_api_token){.name = words->name,
                                                                      .may_write = words->write,
                                                                      .scopes = scopes,
                                                                      .expires = time_now() + words->days * MS_PER_DAY},
                                          &token, error);
    if (status == STATUS_OK) puts(token);
    return status;
}

int user_token_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL;
    struct token_words words = {.days = TOKEN_DAYS};
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"name", "TEXT", "what the token is for", OPTION_TEXT, false, &words.name},
        {"write", NULL, "it may change things (it reads only)", OPTION_FLAG, false, &words.write},
        {"role", "NAME", "a role to which it is limited; may be repeated (all of the account's)", OPTION_LIST, false,
         &words.roles},
        {"days", "N", "how long it is valid (90; 731 at most)", OPTION_NUMBER, false, &words.days},
        {"list", NULL, "lists the tokens instead", OPTION_FLAG, false, &words.list},
        {"revoke", "NUMBER", "withdraws one instead", OPTION_NUMBER, false, &words.revoke},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user token"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK)
        status = words.list     ? print_tokens(&run, &error)
                 : words.revoke ? account_api_token_revoke(run.db, 0, run.account.id, words.revoke, &error)
                                : make_token(&run, &words, &error);
    return user_end(&run, status, &error);
}

static enum status print_sessions(struct user_run *run, struct error *error)
{
    struct db_handle *read = NULL;
    struct account_session_list list = {0};
    enum status status = db_read(run->db, &read, error);
    if (status == STATUS_OK) status = account_sessions(read, run->arena, run->account.id, NULL, &list, error);
    db_release(&read);
    for (size_t i = 0; i < list.count; i++) {
        char seen[32];
        time_format(list.items[i].last_seen, seen);
        printf("%lld\t%s\t%s\t%s\n", (long long)list.items[i].id, list.items[i].device, list.items[i].address, seen);
    }
    return status;
}

int user_sessions_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL;
    bool end_all = false;
    int64_t end = 0;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"end", "NUMBER", "ends one session instead", OPTION_NUMBER, false, &end},
        {"end-all", NULL, "ends them all instead", OPTION_FLAG, false, &end_all},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user sessions"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK)
        status = end_all ? account_sessions_end(run.db, 0, run.account.id, NULL, &error)
                 : end   ? account_session_end(run.db, 0, run.account.id, end, &error)
                         : print_sessions(&run, &error);
    return user_end(&run, status, &error);
}
