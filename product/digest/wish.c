/* wish.c: how often a person wants the letter, and the word that ends it. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "product/digest/digest.h"

static const char purpose[] = "digest";

enum status digest_wish_load(struct db_handle *read, int64_t account, struct digest_wish *wish, struct error *error)
{
    struct db_rows *rows =
        db_query(read, "SELECT period, told FROM digest_wish WHERE account = $1", DB_BIND(db_integer(account)));
    *wish = (struct digest_wish){.period = DIGEST_WEEK};
    if (db_next(rows)) *wish = (struct digest_wish){db_get_integer(rows, 0), db_get_integer(rows, 1)};
    return db_end(&rows, error);
}

struct keeping {
    int64_t account, period;
};

static enum status keep_in(struct db_handle *write, void *data, struct error *error)
{
    const struct keeping *keeping = data;
    return db_run(write,
                  "INSERT INTO digest_wish (account, period, told) VALUES ($1, $2, 0) "
                  "ON CONFLICT (account) DO UPDATE SET period = excluded.period",
                  DB_BIND(db_integer(keeping->account), db_integer(keeping->period)), NULL, error);
}

enum status digest_wish_keep(struct db *db, int64_t account, int64_t period, struct error *error)
{
    struct keeping keeping = {account, period};
    if (period != DIGEST_NEVER && period != DIGEST_DAY && period != DIGEST_WEEK)
        return error_field(error, STATUS_INPUT, "period", N_("Choose one of the answers."));
    return db_transaction(db, keep_in, &keeping, error);
}

enum status digest_forget(struct db_handle *write, int64_t account, struct error *error)
{
    return db_run(write, "DELETE FROM digest_wish WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
}

enum status digest_word(struct arena *arena, int64_t account, const char **word, struct error *error)
{
    return account_word_close(arena, purpose, arena_print(arena, "%" PRId64, account), word, error);
}

enum status digest_account_of(struct arena *arena, const char *word, int64_t *account, struct error *error)
{
    const char *text = NULL;
    const enum status status = account_word_open(arena, purpose, word, &text, error);
    *account = text ? strtoll(text, NULL, 10) : 0;
    return status;
}
