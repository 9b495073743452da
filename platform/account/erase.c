/* erase.c: the end of an account: what names the person goes, its number stays where it was written. */
#include "base/arena.h"
#include "platform/account/account_private.h"

/* Whatever is kept of an account, the account itself last. A new table of accounts joins here. */
static const char *const removals[] = {
    "DELETE FROM account_token WHERE account IN (SELECT id FROM account_api_token WHERE account = $1)",
    "DELETE FROM account_relation WHERE account IN (SELECT id FROM account_api_token WHERE account = $1)",
    "DELETE FROM account_token_version WHERE account IN (SELECT id FROM account_api_token WHERE account = $1)",
    "DELETE FROM account_session WHERE account = $1",
    "DELETE FROM account_device WHERE account = $1",
    "DELETE FROM account_api_token WHERE account = $1",
    "DELETE FROM account_link WHERE account = $1",
    "DELETE FROM account_invitation WHERE author = $1 OR email_key IN (SELECT email_key FROM account WHERE id = $1)",
    "DELETE FROM account_factor WHERE account = $1",
    "DELETE FROM account_recovery WHERE account = $1",
    "DELETE FROM account_role WHERE account = $1",
    "DELETE FROM account_relation WHERE account = $1",
    "DELETE FROM account_token WHERE account = $1",
    "DELETE FROM account_token_version WHERE account = $1",
    "UPDATE account_event SET detail = NULL WHERE account = $1 AND action IN ('token_made', 'token_revoked')",
    "UPDATE account_request SET words = NULL, answer = NULL WHERE account = $1",
};

enum status account_erase(struct db_handle *write, int64_t author, int64_t id, struct error *error)
{
    int64_t changed = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof removals / sizeof *removals; i++)
        status = db_run(write, removals[i], DB_BIND(db_integer(id)), NULL, error);
    if (!status) status = db_run(write, "DELETE FROM account WHERE id = $1", DB_BIND(db_integer(id)), &changed, error);
    if (!status && !changed) return error_set(error, STATUS_MISSING, N_("There is no such account."));
    const struct account_deed deed = {.author = author, .account = id, .action = "erased"};
    return status ? status : account_event_write(write, &deed, error);
}
