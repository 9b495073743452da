/* session.c: the browsers that are signed in. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account_private.h"

enum { SESSIONS_SHOWN = 100 };

static struct db_value hash_value(const unsigned char hash[ACCOUNT_HASH]) { return db_blob(hash, ACCOUNT_HASH); }

enum status account_session_insert(struct db_handle *write, int64_t account, const char *token,
                                   const struct account_attempt *from, struct error *error)
{
    unsigned char hash[ACCOUNT_HASH];
    char network[ACCOUNT_NETWORK], device[ACCOUNT_DEVICE];
    const int64_t now = time_now();
    account_token_hash(token, hash);
    account_network(from->peer, network);
    account_device_words(from->agent, device);
    return db_run(write,
                  "INSERT INTO account_session (id, account, hash, device, address, created, last_seen, expires) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_BIND(db_integer(db_new_id()), db_integer(account), hash_value(hash), db_text(device),
                          db_text(network), db_integer(now), db_integer(now),
                          db_integer(now + account_policy()->absolute_ms)),
                  NULL, error);
}

enum status account_sessions_delete(struct db_handle *write, int64_t account, const char *except, bool devices,
                                    struct error *error)
{
    unsigned char hash[ACCOUNT_HASH] = {0};
    if (except) account_token_hash(except, hash);
    const enum status status = db_run(write, "DELETE FROM account_session WHERE account = $1 AND hash <> $2",
                                      DB_BIND(db_integer(account), hash_value(hash)), NULL, error);
    if (status || !devices) return status;
    return db_run(write, "DELETE FROM account_device WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
}

enum status account_sessions(struct db_handle *read, struct arena *arena, int64_t account, const char *session,
                             struct account_session_list *list, struct error *error)
{
    unsigned char present[ACCOUNT_HASH] = {0};
    const int64_t now = time_now();
    if (session) account_token_hash(session, present);
    struct account_session *items = ARENA_ARRAY(arena, SESSIONS_SHOWN, struct account_session);
    *list = (struct account_session_list){items, 0};
    struct db_rows *rows =
        db_query(read,
                 "SELECT id, device, address, created, last_seen, hash FROM account_session WHERE account = $1 "
                 "AND expires > $2 AND last_seen > $3 ORDER BY last_seen DESC, id DESC LIMIT 100",
                 DB_BIND(db_integer(account), db_integer(now), db_integer(now - account_policy()->idle_ms)));
    while (list->count < SESSIONS_SHOWN && db_next(rows)) {
        size_t length = 0;
        const void *hash = db_get_blob(rows, 5, &length);
        items[list->count++] = (struct account_session){
            .id = db_get_integer(rows, 0),
            .device = arena_copy(arena, db_get_text(rows, 1)),
            .address = arena_copy(arena, db_get_text(rows, 2)),
            .created = db_get_integer(rows, 3),
            .last_seen = db_get_integer(rows, 4),
            .current = session && length == ACCOUNT_HASH && memcmp(hash, present, ACCOUNT_HASH) == 0,
        };
    }
    return db_end(&rows, error);
}

/* What the transactions below are about. */
struct ending {
    int64_t author, account, id, organisation;
    const char *token;
};

static enum status delete_by_token(struct db_handle *write, void *context, struct error *error)
{
    const struct ending *ending = context;
    unsigned char hash[ACCOUNT_HASH];
    account_token_hash(ending->token, hash);
    return db_run(write, "DELETE FROM account_session WHERE hash = $1", DB_BIND(hash_value(hash)), NULL, error);
}

enum status account_sign_out(struct db *db, const char *session, struct error *error)
{
    struct ending ending = {.token = session};
    return session ? db_transaction(db, delete_by_token, &ending, error) : STATUS_OK;
}

static enum status delete_by_id(struct db_handle *write, void *context, struct error *error)
{
    const struct ending *ending = context;
    int64_t changed = 0;
    const enum status status = db_run(write, "DELETE FROM account_session WHERE id = $1 AND account = $2",
                                      DB_BIND(db_integer(ending->id), db_integer(ending->account)), &changed, error);
    if (status) return status;
    if (!changed) return error_set(error, STATUS_MISSING, N_("This session has ended already."));
    return account_event_write(write, &(struct account_deed){ending->author, ending->account, "session_ended", 0, NULL},
                               error);
}

enum status account_session_end(struct db *db, int64_t author, int64_t account, int64_t id, struct error *error)
{
    struct ending ending = {.author = author, .account = account, .id = id};
    return db_transaction(db, delete_by_id, &ending, error);
}

static enum status delete_all(struct db_handle *write, void *context, struct error *error)
{
    const struct ending *ending = context;
    const enum status status = account_sessions_delete(write, ending->account, ending->token, false, error);
    if (status) return status;
    return account_event_write(write, &(struct account_deed){ending->author, ending->account, "signed_out", 0, NULL},
                               error);
}

enum status account_sessions_end(struct db *db, int64_t author, int64_t account, const char *except,
                                 struct error *error)
{
    struct ending ending = {.author = author, .account = account, .token = except};
    return db_transaction(db, delete_all, &ending, error);
}

static enum status choose_organisation(struct db_handle *write, void *context, struct error *error)
{
    const struct ending *ending = context;
    unsigned char hash[ACCOUNT_HASH];
    int64_t changed = 0;
    account_token_hash(ending->token, hash);
    const enum status status = db_run(
        write,
        "UPDATE account_session SET organisation = $1 WHERE hash = $2 AND EXISTS (SELECT 1 FROM account_relation r "
        "WHERE r.account = account_session.account AND r.organisation = $1)",
        DB_BIND(db_integer(ending->organisation), hash_value(hash)), &changed, error);
    if (status || changed) return status;
    return error_set(error, STATUS_DENIED, N_("You do not act for this organisation."));
}

enum status account_act_for(struct db *db, const char *session, int64_t organisation, struct error *error)
{
    struct ending ending = {.token = session, .organisation = organisation};
    return db_transaction(db, choose_organisation, &ending, error);
}
