/* sign_in.c: proving who one is, and changing the proof. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum { DEVICES_KEPT = 20 };

/* One sentence for every reason, so that none can be told from another. */
static enum status refuse(struct error *error)
{
    return error_set(error, STATUS_DENIED, N_("This e-mail address and password do not go together."));
}

/* A sign-in on its way. */
struct entry {
    const struct account_attempt *attempt;
    struct account_secret secret;
    bool known_device;
    struct account_attempt_key key;
    const char *session, *device; /* tokens; device: a new one, or the known one */
    const char *new_hash;         /* when the limits of the old hash are no longer today's */
};

static enum status find_device(struct db_handle *read, struct entry *entry, struct error *error)
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

static enum status find(struct db *db, struct arena *arena, const char *email_key, struct entry *entry,
                        struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_secret_load(read, arena, email_key, 0, &entry->secret, error);
    if (status == STATUS_OK) status = find_device(read, entry, error);
    db_release(&read);
    return status;
}

/* A known device has a count of its own, which nobody else can fill; other places share that of their network. */
static void choose_count(struct entry *entry, const char *email_key)
{
    char network[ACCOUNT_NETWORK];
    account_network(entry->attempt->peer, network);
    entry->key = entry->known_device ? account_attempt_key("device", email_key, entry->attempt->device)
                                     : account_attempt_key("network", email_key, network);
}

static enum status keep_device(struct db_handle *write, const struct entry *entry, struct error *error)
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
    const struct entry *entry = context;
    enum status status = account_attempt_forgive(write, &entry->key, error);
    if (status == STATUS_OK)
        status = account_session_insert(write, entry->secret.id, entry->session, entry->attempt, error);
    if (status == STATUS_OK) status = keep_device(write, entry, error);
    if (status == STATUS_OK && entry->new_hash)
        status = account_password_store(write, entry->secret.id, entry->new_hash, error);
    return status;
}

static enum status open_session(struct db *db, struct arena *arena, struct entry *entry, struct account_opened *opened,
                                struct error *error)
{
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
    struct entry entry = {.attempt = attempt};
    bool right = false;
    *opened = (struct account_opened){.account = 0};
    const char *email_key = account_email_key(arena, attempt->email);
    if (!email_key) email_key = "";
    enum status status = find(db, arena, email_key, &entry, error);
    if (status) return status;
    choose_count(&entry, email_key);
    status = account_attempt_count(db, &entry.key, &opened->retry_after, error);
    if (status == STATUS_OK) status = account_password_verify(attempt->password, entry.secret.password, &right, error);
    if (status) return status;
    if (!right || entry.secret.disabled) return refuse(error);
    if (account_password_is_old(entry.secret.password))
        status = account_password_hash(arena, attempt->password, &entry.new_hash, error);
    return status ? status : open_session(db, arena, &entry, opened, error);
}

enum status account_session_open(struct db *db, struct arena *arena, int64_t account,
                                 const struct account_attempt *from, struct account_opened *opened, struct error *error)
{
    struct entry entry = {.attempt = from};
    struct db_handle *read = NULL;
    *opened = (struct account_opened){.account = 0};
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_secret_load(read, arena, NULL, account, &entry.secret, error);
    if (status == STATUS_OK) status = find_device(read, &entry, error);
    db_release(&read);
    if (status) return status;
    if (!entry.secret.id || entry.secret.disabled)
        return error_set(error, STATUS_DENIED, N_("This account may not be used."));
    entry.key = account_attempt_key("opened", "", "");
    return open_session(db, arena, &entry, opened, error);
}

static enum status replace(struct db_handle *write, void *context, struct error *error)
{
    const struct account_replacement *replacement = context;
    const struct account_deed deed = {replacement->author, replacement->id, "password", 0, NULL};
    enum status status = replacement->link ? account_link_end(write, replacement->link, error) : STATUS_OK;
    if (status == STATUS_OK) status = account_event_write(write, &deed, error);
    if (status == STATUS_OK) status = account_password_store(write, replacement->id, replacement->hash, error);
    if (status == STATUS_OK)
        status = account_sessions_delete(write, replacement->id, replacement->session, replacement->devices, error);
    if (status == STATUS_OK && replacement->forgiven)
        status = account_attempt_forgive(write, replacement->forgiven, error);
    return status;
}

static enum status load_secret(struct db *db, struct arena *arena, int64_t id, struct account_secret *secret,
                               struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_secret_load(read, arena, NULL, id, secret, error);
    db_release(&read);
    if (status || secret->id) return status;
    return error_set(error, STATUS_MISSING, N_("There is no such account."));
}

enum status account_password_replace(struct db *db, struct arena *arena, const struct account_secret *secret,
                                     const char *password, struct account_replacement *replacement, struct error *error)
{
    enum status status = account_password_check(password, secret->email, secret->name, error);
    if (status == STATUS_OK) status = account_password_hash(arena, password, &replacement->hash, error);
    if (status == STATUS_OK) status = db_transaction(db, replace, replacement, error);
    if (status == STATUS_OK) log_line(LOG_NOTE, "account", "password_set=%lld", (long long)replacement->id);
    return status;
}

enum status account_password_set(struct db *db, int64_t author, int64_t id, const char *password, struct error *error)
{
    struct arena *arena = arena_new();
    struct account_secret secret;
    struct account_replacement replacement = {.author = author, .id = id, .devices = true};
    enum status status = load_secret(db, arena, id, &secret, error);
    if (status == STATUS_OK) status = account_password_replace(db, arena, &secret, password, &replacement, error);
    arena_free(&arena);
    return status;
}

static enum status change_password(struct db *db, struct arena *arena, struct account_replacement *replacement,
                                   const char *old_password, const char *new_password, struct error *error)
{
    struct account_secret secret;
    int64_t retry_after = 0;
    bool right = false;
    enum status status = load_secret(db, arena, replacement->id, &secret, error);
    if (status == STATUS_OK) status = account_attempt_count(db, replacement->forgiven, &retry_after, error);
    if (status == STATUS_OK) status = account_password_verify(old_password, secret.password, &right, error);
    if (status) return status;
    if (!right) return error_field(error, STATUS_INPUT, "old_password", N_("This is not your present password."));
    return account_password_replace(db, arena, &secret, new_password, replacement, error);
}

enum status account_password_change(struct db *db, int64_t id, const char *old_password, const char *new_password,
                                    const char *session, struct error *error)
{
    struct arena *arena = arena_new();
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)id);
    const struct account_attempt_key key = account_attempt_key("change", number, session ? session : "");
    struct account_replacement replacement = {.author = id, .id = id, .session = session, .forgiven = &key};
    const enum status status = change_password(db, arena, &replacement, old_password, new_password, error);
    arena_free(&arena);
    return status;
}
