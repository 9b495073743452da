/* restored.c: what may not come back with a backup. */
#include "platform/account/account_private.h"

static enum status end_all(struct db_handle *write, void *context, struct error *error)
{
    (void)context;
    enum status status = db_run(write, "DELETE FROM account_session", DB_BIND_NONE, NULL, error);
    if (!status) status = db_run(write, "DELETE FROM account_device", DB_BIND_NONE, NULL, error);
    if (!status) status = db_run(write, "DELETE FROM account_invitation", DB_BIND_NONE, NULL, error);
    return status ? status : db_run(write, "DELETE FROM account_link", DB_BIND_NONE, NULL, error);
}

enum status account_restored(struct db *db, struct error *error) { return db_transaction(db, end_all, NULL, error); }
