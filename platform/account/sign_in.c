/* sign_in.c: proving who one is, and the session that follows. */
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum { DEVICES_KEPT = 20, PLACE_BURST = 100, PLACE_MS = 60 * MS_PER_SECOND };

/* One sentence for every reason, so that none can be told from another. */
static enum status refuse(struct error *error)
{
    return error_set(error, STATUS_DENIED, N_("This e-mail address and password do not go together."));
}

enum status account_entry_device(struct db_handle *read, struct account_entry *entry, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    int64_t found = 0;
    if (!entry->attempt->device) return STATUS_OK;
    account_token_hash(entry->attempt->device, hash);
    const enum status status =
        db_one_integer(read, "SELECT EXISTS (SELECT 1 FROM account_device WHERE hash = $1 AND account = $2)",
                       DB_BIND(db_blob(hash, sizeof hash), db_integer(entry->secret.id)), &found, error);
    entry->known_device = found;
    return status;
}

static enum status find(struct db *db, struct arena *arena, const char *email_key, struct account_entry *entry,
                        struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_secret_load(read, arena, email_key, 0, &entry->secret, error);
    if (status == STATUS_OK) status = account_entry_device(read, entry, error);
    db_release(&read);
    return status;
}

/* A known device has a count of its own, which nobody else can fill; other places share that of their network. */
static struct account_guard guard_of(const struct account_entry *entry, const char *email_key)
{
    char network[ACCOUNT_NETWORK];
    if (entry->known_device)
        return (struct account_guard){.own = account_attempt_key("device", email_key, entry->attempt->device)};
    account_network(entry->attempt->peer, network);
    return (struct account_guard){.own = account_attempt_key("network", email_key, network),
                                  .place = account_attempt_key("place", network, ""),
                                  .burst = PLACE_BURST,
                                  .every_ms = PLACE_MS};
}

static enum status keep_device(struct db_handle *write, const struct account_entry *entry, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    const int64_t now = time_now();
    account_token_hash(entry->device, hash);
    if (entry->known_device)
        return db_run(write, "UPDATE account_device SET last_used = $1 WHERE hash = $2",
                      DB_BIND(db_integer(now), db_blob(hash, sizeof hash)), NULL, error);
    const enum status status =
        db_run(write, "INSERT INTO account_device (id, account, hash, created, last_used) VALUES ($1, $2, $3, $4, $5)",
               DB_BIND(db_integer(db_new_id()), db_integer(entry->secret.id), db_blob(hash, sizeof hash),
                       db_integer(now), db_integer(now)),
               NULL, error);
    if (status) return status;
    return db_run(write,
                  "DELETE FROM account_device WHERE account = $1 AND id NOT IN "
                  "(SELECT id FROM account_device WHERE account = $1 ORDER BY last_used DESC, id DESC LIMIT $2)",
                  DB_BIND(db_integer(entry->secret.id), db_integer(DEVICES_KEPT)), NULL, error);
}

static enum status let_in(struct db_handle *write, void *context, struct error *error)
{
    const struct account_entry *entry = context;
    enum status status = account_guard_forgive(write, &entry->guard, error);
    if (status == STATUS_OK && entry->proof) status = account_proof_use(write, entry->proof, error);
    if (status == STATUS_OK)
        status = account_session_insert(write, entry->secret.id, entry->session, entry->attempt, error);
    if (status == STATUS_OK) status = keep_device(write, entry, error);
    if (status == STATUS_OK && entry->new_hash)
        status = account_password_store(write, entry->secret.id, entry->new_hash, error);
    return status;
}

static enum status forgive(struct db_handle *write, void *context, struct error *error)
{
    const struct account_entry *entry = context;
    return account_guard_forgive(write, &entry->guard, error);
}

/* The password was right: its failures are forgiven, and the code is asked. */
static enum status ask_code(struct db *db, struct arena *arena, struct account_entry *entry,
                            struct account_opened *opened, struct error *error)
{
    const enum status status = db_transaction(db, forgive, entry, error);
    return status ? status : account_ticket_make(arena, &entry->secret, &opened->ticket, error);
}

enum status account_entry_open(struct db *db, struct arena *arena, struct account_entry *entry,
                               struct account_opened *opened, struct error *error)
{
    if (entry->secret.factor && !entry->proof) return ask_code(db, arena, entry, opened, error);
    entry->session = account_token_draw(arena, "");
    entry->device = entry->known_device ? entry->attempt->device : account_token_draw(arena, "");
    const enum status status = db_transaction(db, let_in, entry, error);
    if (status) return status;
    opened->account = entry->secret.id;
    opened->session = entry->session;
    opened->device = entry->device;
    log_line(LOG_NOTE, "account", "signed_in=%lld", (long long)entry->secret.id);
    return STATUS_OK;
}

enum status account_sign_in(struct db *db, struct arena *arena, const struct account_attempt *attempt,
                            struct account_opened *opened, struct error *error)
{
    struct account_entry entry = {.attempt = attempt};
    bool right = false;
    *opened = (struct account_opened){.account = 0};
    const char *email_key = account_email_key(arena, attempt->email);
    if (!email_key) email_key = "";
    enum status status = find(db, arena, email_key, &entry, error);
    if (status) return status;
    entry.guard = guard_of(&entry, email_key);
    status = account_guard_enter(db, &entry.guard, &opened->retry_after, error);
    if (status == STATUS_OK) status = account_password_verify(attempt->password, entry.secret.password, &right, error);
    if (status) return status;
    if (!right || entry.secret.disabled) return refuse(error);
    if (account_password_is_old(entry.secret.password))
        status = account_password_hash(arena, attempt->password, &entry.new_hash, error);
    return status ? status : account_entry_open(db, arena, &entry, opened, error);
}

enum status account_session_open(struct db *db, struct arena *arena, int64_t account,
                                 const struct account_attempt *from, struct account_opened *opened, struct error *error)
{
    struct account_entry entry = {.attempt = from};
    struct db_handle *read = NULL;
    *opened = (struct account_opened){.account = 0};
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_secret_load(read, arena, NULL, account, &entry.secret, error);
    if (status == STATUS_OK) status = account_entry_device(read, &entry, error);
    db_release(&read);
    if (status) return status;
    if (!entry.secret.id || entry.secret.disabled)
        return error_set(error, STATUS_DENIED, N_("This account may not be used."));
    entry.guard = (struct account_guard){.own = account_attempt_key("opened", "", "")};
    return account_entry_open(db, arena, &entry, opened, error);
}
