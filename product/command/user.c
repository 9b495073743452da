/* user.c: `maillage user ...`: accounts, for who runs the server. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/migrate.h"
#include "product/command/commands.h"
#include "product/command/user_private.h"
#include "product/application.h"

enum { PAGE = 500 };

enum status user_begin(struct user_run *run, const char *address, bool create, const char *email, struct error *error)
{
    struct db_handle *read = NULL;
    size_t count = 0;
    const struct migration *migrations = schema_migrations(&count);
    *run = (struct user_run){.arena = arena_new()};
    enum status status = db_open(address, &(struct db_options){.create = create}, &run->db, error);
    if (status == STATUS_OK) application_set_accounts(run->db, NULL, false);
    if (status == STATUS_OK) status = db_migrate(run->db, migrations, count, NULL, error);
    if (status || !email) return status;
    status = db_read(run->db, &read, error);
    if (status == STATUS_OK) status = account_find(read, run->arena, email, &run->account, error);
    db_release(&read);
    return status;
}

int user_end(struct user_run *run, enum status status, const struct error *error)
{
    db_close(&run->db);
    arena_free(&run->arena);
    return options_end(status, error);
}

static enum status add(struct user_run *run, struct account_new *account, const char *file, bool no_password,
                       struct error *error)
{
    int64_t id = 0;
    enum status status = STATUS_OK;
    if (!no_password) status = user_read_password(run->arena, file, &account->password, error);
    if (status == STATUS_OK) status = account_create(run->db, account, &id, error);
    if (status == STATUS_OK) printf("%lld\n", (long long)id);
    return status;
}

static int run_add(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *file = NULL, *language = "fr";
    bool no_password = false;
    struct account_new account = {.email = NULL};
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(account.email),
        {"name", "NAME", "as shown to others", OPTION_TEXT, true, &account.name},
        {"language", "fr|en", "language of letters (fr)", OPTION_TEXT, false, &language},
        {"password-file", "FILE", "holds the password in its first line (standard input)", OPTION_TEXT, false, &file},
        {"no-password", NULL, "the person cannot sign in by password yet", OPTION_FLAG, false, &no_password},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user add"), argc, argv, rows);
    if (code >= 0) return code;
    if (!language_find(language, &account.language))
        return options_end(error_field(&error, STATUS_INPUT, "language", "There is no language {1}.", language),
                           &error);
    enum status status = user_begin(&run, db, true, NULL, &error);
    if (status == STATUS_OK) status = add(&run, &account, file, no_password, &error);
    return user_end(&run, status, &error);
}

static void print_roles(const struct account_role_list *roles)
{
    const int64_t today = time_today();
    const char *before = "";
    for (size_t i = 0; i < roles->count; i++) {
        const struct account_role *role = &roles->items[i];
        if (role->from > today || (role->until != ACCOUNT_NO_END && role->until < today)) continue;
        printf("%s%s", before, role->role);
        if (role->organisation) printf("@%lld", (long long)role->organisation);
        before = " ";
    }
}

static const char *state_of(const struct account *account)
{
    if (account->disabled) return "disabled";
    if (account->demonstration) return "demonstration";
    return account->has_password ? "active" : "no password";
}

static enum status print_page(struct db_handle *read, struct arena *arena, const struct account_list *list,
                              struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct account *account = &list->items[i];
        struct account_role_list roles;
        const enum status status = account_roles(read, arena, account->id, &roles, error);
        if (status) return status;
        printf("%lld\t%s\t%s\t%s\t", (long long)account->id, account->email, account->name, state_of(account));
        print_roles(&roles);
        putchar('\n');
    }
    return STATUS_OK;
}

static enum status print_all(struct db_handle *read, struct error *error)
{
    char after[400] = "";
    size_t shown = PAGE;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && shown == PAGE) {
        struct arena *arena = arena_new();
        struct account_list list = {0};
        status = account_page(read, arena, after, PAGE, &list, error);
        if (status == STATUS_OK) status = print_page(read, arena, &list, error);
        shown = list.count;
        if (shown) snprintf(after, sizeof after, "%s", list.items[shown - 1].email);
        arena_free(&arena);
    }
    return status;
}

static int run_list(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB;
    const struct option_row rows[] = {USER_DB_ROW(db), {.target = NULL}};
    struct user_run run;
    struct error error = {0};
    struct db_handle *read = NULL;
    const int code = options_start(user_command("user list"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, NULL, &error);
    if (status == STATUS_OK) status = db_read(run.db, &read, &error);
    if (status == STATUS_OK) status = print_all(read, &error);
    db_release(&read);
    return user_end(&run, status, &error);
}

static int run_password(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL, *file = NULL, *password = NULL;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"password-file", "FILE", "holds the password in its first line (standard input)", OPTION_TEXT, false, &file},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user password"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK) status = user_read_password(run.arena, file, &password, &error);
    if (status == STATUS_OK) status = account_password_set(run.db, 0, run.account.id, password, &error);
    return user_end(&run, status, &error);
}

static int run_disable(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL;
    bool enable = false;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"undo", NULL, "lets the account be used again", OPTION_FLAG, false, &enable},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int code = options_start(user_command("user disable"), argc, argv, rows);
    if (code >= 0) return code;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK) status = account_disable(run.db, 0, run.account.id, !enable, &error);
    return user_end(&run, status, &error);
}

const struct command account_commands[] = {
    {"user add", "Makes an account.", run_add},
    {"user list", "Lists the accounts: number, address, name, state, roles in force.", run_list},
    {"user password", "Sets a password, and signs the person out everywhere.", run_password},
    {"user disable", "Bars an account, or lets it in again.", run_disable},
    {"user rename", "Changes the name or the language.", user_rename_run},
    {"user link", "Makes a link by which the person chooses a password: shown once, used once.", user_link_run},
    {"user log", "Lists what was done to accounts, by whom, newest first.", user_log_run},
    {"user role", "Gives a role at an organisation, ends it, or lists them.", user_role_run},
    {"user token", "Makes an API token, lists or revokes them.", user_token_run},
    {"user factor", "Sets two-step sign-in, says whether it is set, or turns it off.", user_factor_run},
    {"user sessions", "Lists where a person is signed in, or signs them out.", user_sessions_run},
    {NULL, NULL, NULL},
};

const struct command *user_command(const char *name)
{
    const struct command *row = account_commands;
    while (strcmp(row->name, name) != 0) row++;
    return row;
}
