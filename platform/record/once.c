#include "platform/record/once.h"

#include <sodium.h>
#include <string.h>

#include "base/time.h"
#include "platform/db/db.h"

enum { DIGEST = 16 };

static void take_digest(const struct once *once, unsigned char digest[DIGEST])
{
    crypto_generichash(digest, DIGEST, (const unsigned char *)once->content, once->length, NULL, 0);
}

enum status once_check(const struct once *once, struct error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const size_t length = once->key ? strlen(once->key) : 0;
    if (!once->key || (length >= ONCE_KEY_LEAST && length <= ONCE_KEY_MOST && strspn(once->key, letters) == length))
        return STATUS_OK;
    return error_field(error, STATUS_INPUT, "key",
                       N_("The key of a sending has 8 to 80 letters, digits, hyphens or underscores."));
}

enum status once_find(struct db_handle *handle, int64_t account, const struct once *once, int64_t *record, bool *same,
                      struct error *error)
{
    unsigned char digest[DIGEST];
    size_t length = 0;
    take_digest(once, digest);
    *record = 0;
    *same = false;
    struct db_rows *rows =
        db_query(handle, "SELECT record, digest FROM record_once WHERE account = $1 AND sent_key = $2",
                 DB_BIND(db_integer(account), db_text(once->key)));
    while (db_next(rows)) {
        *record = db_get_integer(rows, 0);
        const void *kept = db_get_blob(rows, 1, &length);
        *same = length == DIGEST && memcmp(kept, digest, DIGEST) == 0;
    }
    return db_end(&rows, error);
}

enum status once_keep(struct db_handle *write, int64_t account, const struct once *once, int64_t record,
                      struct error *error)
{
    unsigned char digest[DIGEST];
    take_digest(once, digest);
    return db_run(write,
                  "INSERT INTO record_once (account, sent_key, digest, record, moment) VALUES ($1, $2, $3, $4, $5)",
                  DB_BIND(db_integer(account), db_text(once->key), db_blob(digest, DIGEST), db_integer(record),
                          db_integer(time_now())),
                  NULL, error);
}

enum status once_forget(struct db_handle *write, int64_t record, struct error *error)
{
    return db_run(write, "DELETE FROM record_once WHERE record = $1", DB_BIND(db_integer(record)), NULL, error);
}

enum status once_forget_account(struct db_handle *write, int64_t account, struct error *error)
{
    return db_run(write, "DELETE FROM record_once WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
}

static enum status sweep_in(struct db_handle *handle, void *data, struct error *error)
{
    const int64_t *before = data;
    return db_run(handle, "DELETE FROM record_once WHERE moment < $1", DB_BIND(db_integer(*before)), NULL, error);
}

enum status once_sweep(struct db *db, struct error *error)
{
    int64_t before = time_now() - ONCE_DAYS * (int64_t)MS_PER_DAY;
    return db_transaction(db, sweep_in, &before, error);
}
