/* link.c: links, handed over once, by which a person chooses the password of an account. */
#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum { LINK_MS = ACCOUNT_LINK_HOURS * 3600 * MS_PER_SECOND };

struct making {
    int64_t author, account;
    const char *word;
};

static enum status check_account(struct db_handle *write, int64_t account, struct error *error)
{
    int64_t disabled = 0;
    const enum status status = db_one_integer(write, "SELECT disabled IS NOT NULL FROM account WHERE id = $1",
                                              DB_BIND(db_integer(account)), &disabled, error);
    if (status == STATUS_MISSING) return error_set(error, status, N_("There is no such account."));
    if (status || !disabled) return status;
    return error_set(error, STATUS_DENIED, N_("This account may not be used."));
}

static enum status insert_link(struct db_handle *write, void *context, struct error *error)
{
    const struct making *making = context;
    unsigned char hash[ACCOUNT_HASH];
    const int64_t now = time_now();
    account_token_hash(making->word, hash);
    enum status status = check_account(write, making->account, error);
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_link WHERE account = $1", DB_BIND(db_integer(making->account)),
                        NULL, error);
    if (status == STATUS_OK)
        status = db_run(write,
                        "INSERT INTO account_link (id, account, hash, author, created, expires) "
                        "VALUES ($1, $2, $3, $4, $5, $6)",
                        DB_BIND(db_integer(db_new_id()), db_integer(making->account), db_blob(hash, sizeof hash),
                                db_integer(making->author), db_integer(now), db_integer(now + LINK_MS)),
                        NULL, error);
    const struct account_deed deed = {making->author, making->account, "link", 0, NULL};
    return status ? status : account_event_write(write, &deed, error);
}

enum status account_link_create_in(struct db_handle *write, struct arena *arena, int64_t author, int64_t account,
                                   const char **word, struct error *error)
{
    struct making making = {author, account, account_token_draw(arena, "")};
    const enum status status = insert_link(write, &making, error);
    *word = making.word;
    return status;
}

enum status account_link_create(struct db *db, struct arena *arena, int64_t author, int64_t account, const char **word,
                                struct error *error)
{
    struct making making = {author, account, account_token_draw(arena, "")};
    const enum status status = db_transaction(db, insert_link, &making, error);
    if (status) return status;
    log_line(LOG_NOTE, "account", "link_made account=%lld author=%lld", (long long)account, (long long)author);
    *word = making.word;
    return STATUS_OK;
}

static enum status refuse(struct error *error)
{
    return error_set(error, STATUS_MISSING,
                     N_("This link was used already or has expired: ask for another from who gave it to you."));
}

static enum status find_account(struct db_handle *read, const char *word, int64_t *account, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    account_token_hash(word, hash);
    const enum status status =
        db_one_integer(read, "SELECT account FROM account_link WHERE hash = $1 AND expires > $2",
                       DB_BIND(db_blob(hash, sizeof hash), db_integer(time_now())), account, error);
    return status == STATUS_MISSING ? refuse(error) : status;
}

enum status account_link_find(struct db_handle *read, struct arena *arena, const char *word, struct account *account,
                              struct error *error)
{
    int64_t id = 0;
    enum status status = find_account(read, word, &id, error);
    if (status == STATUS_OK) status = account_load(read, arena, id, account, error);
    if (status || !account->disabled) return status;
    *account = (struct account){.id = 0};
    return refuse(error);
}

enum status account_link_end(struct db_handle *write, const char *word, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    int64_t changed = 0;
    account_token_hash(word, hash);
    const enum status status = db_run(write, "DELETE FROM account_link WHERE hash = $1 AND expires > $2",
                                      DB_BIND(db_blob(hash, sizeof hash), db_integer(time_now())), &changed, error);
    return status || changed ? status : refuse(error);
}

static enum status load_secret(struct db *db, struct arena *arena, const char *word, struct account_secret *secret,
                               struct error *error)
{
    int64_t account = 0;
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = find_account(read, word, &account, error);
    if (status == STATUS_OK) status = account_secret_load(read, arena, NULL, account, secret, error);
    db_release(&read);
    return status == STATUS_OK && (!secret->id || secret->disabled) ? refuse(error) : status;
}

enum status account_link_use(struct db *db, const char *word, const char *password, struct error *error)
{
    struct arena *arena = arena_new();
    struct account_secret secret = {.id = 0};
    enum status status = load_secret(db, arena, word, &secret, error);
    struct account_replacement replacement = {.author = secret.id, .id = secret.id, .devices = true, .link = word};
    if (status == STATUS_OK) status = account_password_replace(db, arena, &secret, password, &replacement, error);
    arena_free(&arena);
    return status;
}
