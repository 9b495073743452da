/* user_factor.c: `maillage user factor`: two-step sign-in of an account, for who runs the server. */
#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "product/command/user_private.h"

static enum status load(struct user_run *run, struct account_factor *factor, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(run->db, &read, error);
    if (status == STATUS_OK) status = account_factor_load(read, run->arena, run->account.id, factor, error);
    db_release(&read);
    return status;
}

static enum status show(struct user_run *run, struct error *error)
{
    struct account_factor factor;
    char since[32] = "";
    const enum status status = load(run, &factor, error);
    if (status) return status;
    if (factor.since) time_format(factor.since, since);
    printf("%s\t%s\t%lld\n",
           factor.since    ? "on"
           : factor.secret ? "waiting"
                           : "off",
           since, (long long)factor.recovery);
    return STATUS_OK;
}

static enum status begin(struct user_run *run, const char *site, struct error *error)
{
    struct account_factor factor;
    enum status status = account_factor_begin(run->db, run->account.id, error);
    if (status == STATUS_OK) status = load(run, &factor, error);
    if (status == STATUS_OK) puts(account_factor_address(run->arena, site, run->account.email, factor.secret));
    return status;
}

/* The first code turns it on; a later one makes other recovery codes. */
static enum status prove(struct user_run *run, const char *code, struct error *error)
{
    struct account_factor factor;
    const struct account_recovery *codes = NULL;
    const struct account_asked asked = {.code = code};
    enum status status = load(run, &factor, error);
    if (status == STATUS_OK)
        status = factor.since ? account_factor_renew(run->db, run->arena, run->account.id, &asked, &codes, error)
                              : account_factor_confirm(run->db, run->arena, run->account.id, &asked, &codes, error);
    for (size_t i = 0; status == STATUS_OK && i < ACCOUNT_RECOVERY_CODES; i++) puts(codes->items[i]);
    return status;
}

int user_factor_run(int argc, char **argv)
{
    const char *db = USER_DEFAULT_DB, *email = NULL, *code = NULL, *site = "Maillage";
    bool start = false, off = false;
    const struct option_row rows[] = {
        USER_DB_ROW(db),
        USER_EMAIL_ROW(email),
        {"begin", NULL, "draws a key, and writes its address for a telephone", OPTION_FLAG, false, &start},
        {"code", "CODE", "turns it on with a first code, or makes other recovery codes: written once", OPTION_TEXT,
         false, &code},
        {"off", NULL, "turns it off", OPTION_FLAG, false, &off},
        {"name", "NAME", "name of the site in that address (Maillage)", OPTION_TEXT, false, &site},
        {.target = NULL},
    };
    struct user_run run;
    struct error error = {0};
    const int exit = options_start(user_command("user factor"), argc, argv, rows);
    if (exit >= 0) return exit;
    enum status status = user_begin(&run, db, false, email, &error);
    if (status == STATUS_OK)
        status = off     ? account_factor_end(run.db, 0, run.account.id, &error)
                 : start ? begin(&run, site, &error)
                 : code  ? prove(&run, code, &error)
                         : show(&run, &error);
    return user_end(&run, status, &error);
}
