#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/rights/rights.h"
#include "product/deadlines/deadlines.h"

enum { WORD_BYTES = 24, WORD_LETTERS = 32, HASH = 32, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

/* The word is 192 bits drawn at random: a plain hash keeps it. */
static void hash_word(const char *word, unsigned char hash[HASH])
{
    crypto_generichash(hash, HASH, (const unsigned char *)word, strlen(word), NULL, 0);
}

struct making {
    int64_t account;
    unsigned char hash[HASH];
};

static enum status make_in(struct db_handle *write, void *data, struct error *error)
{
    const struct making *making = data;
    return db_run(
        write,
        "INSERT INTO deadline_feed (account, secret, created) VALUES ($1, $2, $3) ON CONFLICT (account) DO UPDATE "
        "SET secret = excluded.secret, created = excluded.created",
        DB_BIND(db_integer(making->account), db_blob(making->hash, HASH), db_integer(time_now())), NULL, error);
}

enum status deadlines_make_address(struct db *db, struct arena *arena, int64_t account, const char **word,
                                   struct error *error)
{
    unsigned char bytes[WORD_BYTES];
    struct making making = {.account = account};
    char *text = arena_alloc(arena, WORD_LETTERS + 1);
    randombytes_buf(bytes, sizeof bytes);
    *word = sodium_bin2base64(text, WORD_LETTERS + 1, bytes, sizeof bytes, VARIANT);
    hash_word(*word, making.hash);
    return db_transaction(db, make_in, &making, error);
}

enum status deadlines_forget(struct db_handle *write, int64_t account, struct error *error)
{
    return db_run(write, "DELETE FROM deadline_feed WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
}

static enum status end_in(struct db_handle *write, void *data, struct error *error)
{
    const int64_t *account = data;
    return deadlines_forget(write, *account, error);
}

enum status deadlines_end_address(struct db *db, int64_t account, struct error *error)
{
    return db_transaction(db, end_in, &account, error);
}

enum status deadlines_address_since(struct db_handle *read, int64_t account, int64_t *since, struct error *error)
{
    struct db_rows *rows =
        db_query(read, "SELECT created FROM deadline_feed WHERE account = $1", DB_BIND(db_integer(account)));
    *since = db_next(rows) ? db_get_integer(rows, 0) : 0;
    return db_end(&rows, error);
}

enum status deadlines_viewer(struct db_handle *read, struct arena *arena, const char *word,
                             const struct viewer **viewer, struct error *error)
{
    unsigned char hash[HASH];
    int64_t account = 0;
    hash_word(word, hash);
    struct db_rows *rows = db_query(
        read,
        "SELECT f.account FROM deadline_feed f JOIN account a ON a.id = f.account WHERE f.secret = $1 AND a.disabled "
        "IS NULL",
        DB_BIND(db_blob(hash, HASH)));
    if (db_next(rows)) account = db_get_integer(rows, 0);
    enum status status = db_end(&rows, error);
    if (!status && !account)
        status = error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    if (status) return status;
    struct viewer *loaded = ARENA_NEW(arena, struct viewer);
    loaded->scopes = ~(rights)0;
    *viewer = loaded;
    return viewer_load(read, arena, account, loaded, error);
}
