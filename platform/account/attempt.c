/* attempt.c: failures in a row, and the growing delay that they bring. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "platform/account/account_private.h"

enum { FREE_FAILURES = 4, LONGEST_DELAY_S = 15 * 60, FORGOTTEN_AFTER_MS = MS_PER_DAY };

struct account_attempt_key account_attempt_key(const char *sort, const char *first, const char *second)
{
    const char *const parts[] = {sort, first, second};
    struct account_attempt_key key;
    crypto_generichash_state state;
    account_policy();
    crypto_generichash_init(&state, NULL, 0, sizeof key.bytes);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) /* the NUL keeps the parts apart */
        crypto_generichash_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    crypto_generichash_final(&state, key.bytes, sizeof key.bytes);
    return key;
}

static struct db_value key_value(const struct account_attempt_key *key)
{
    return db_blob(key->bytes, sizeof key->bytes);
}

/* One second after the first failure that is not free, then twice as long each time. */
static int64_t delay_ms(int64_t failures)
{
    if (failures < FREE_FAILURES) return 0;
    const int64_t doublings = failures - FREE_FAILURES;
    const int64_t seconds = doublings < 10 ? (int64_t)1 << doublings : LONGEST_DELAY_S;
    return (seconds < LONGEST_DELAY_S ? seconds : LONGEST_DELAY_S) * MS_PER_SECOND;
}

static enum status read_failures(struct db_handle *write, const struct account_attempt_key *key, int64_t *failures,
                                 int64_t *last, struct error *error)
{
    struct db_rows *rows =
        db_query(write, "SELECT failures, last FROM account_attempt WHERE attempt_key = $1", DB_BIND(key_value(key)));
    *failures = *last = 0;
    if (db_next(rows)) {
        *failures = db_get_integer(rows, 0);
        *last = db_get_integer(rows, 1);
    }
    return db_end(&rows, error);
}

static enum status write_failures(struct db_handle *write, const struct account_attempt_key *key, int64_t failures,
                                  int64_t last, struct error *error)
{
    return db_run(write,
                  "INSERT INTO account_attempt (attempt_key, failures, last) VALUES ($1, $2, $3) "
                  "ON CONFLICT (attempt_key) DO UPDATE SET failures = excluded.failures, last = excluded.last",
                  DB_BIND(key_value(key), db_integer(failures), db_integer(last)), NULL, error);
}

static enum status refuse(int64_t wait_ms, int64_t *retry_after, struct error *error)
{
    char seconds[24];
    *retry_after = (wait_ms + MS_PER_SECOND - 1) / MS_PER_SECOND;
    snprintf(seconds, sizeof seconds, "%lld", (long long)*retry_after);
    return error_set(error, STATUS_LIMIT, N_("Too many attempts failed. Wait {1} seconds, then try again."), seconds);
}

struct count {
    const struct account_guard *guard;
    int64_t now, retry_after;
};

static enum status count_own(struct db_handle *write, struct count *count, struct error *error)
{
    int64_t failures = 0, last = 0;
    if (sodium_is_zero(count->guard->own.bytes, sizeof count->guard->own.bytes)) return STATUS_OK;
    const enum status status = read_failures(write, &count->guard->own, &failures, &last, error);
    if (status) return status;
    if (count->now - last > FORGOTTEN_AFTER_MS) failures = 0;
    const int64_t wait_ms = last + delay_ms(failures) - count->now;
    if (failures && wait_ms > 0) return refuse(wait_ms, &count->retry_after, error);
    return write_failures(write, &count->guard->own, failures + 1, count->now, error);
}

/* A bucket that leaks: `last` is the moment up to which what leaked is taken off. */
static enum status count_place(struct db_handle *write, struct count *count, struct error *error)
{
    const struct account_guard *guard = count->guard;
    int64_t level = 0, last = 0;
    if (!guard->burst) return STATUS_OK;
    const enum status status = read_failures(write, &guard->place, &level, &last, error);
    if (status) return status;
    const int64_t leaked = (count->now - last) / guard->every_ms;
    level = leaked < level ? level - leaked : 0;
    last = level ? last + leaked * guard->every_ms : count->now;
    if (level >= guard->burst) return refuse(last + guard->every_ms - count->now, &count->retry_after, error);
    return write_failures(write, &guard->place, level + 1, last, error);
}

static enum status count_both(struct db_handle *write, void *context, struct error *error)
{
    struct count *count = context;
    count->retry_after = 0;
    const enum status status = count_own(write, count, error);
    return status ? status : count_place(write, count, error);
}

enum status account_guard_enter(struct db *db, const struct account_guard *guard, int64_t *retry_after,
                                struct error *error)
{
    struct count count = {.guard = guard, .now = time_now()};
    const enum status status = db_transaction(db, count_both, &count, error);
    *retry_after = count.retry_after;
    return status;
}

enum status account_guard_forgive(struct db_handle *write, const struct account_guard *guard, struct error *error)
{
    enum status status = db_run(write, "DELETE FROM account_attempt WHERE attempt_key = $1",
                                DB_BIND(key_value(&guard->own)), NULL, error);
    if (status || !guard->burst) return status;
    status = db_run(write, "UPDATE account_attempt SET failures = failures - 1 WHERE attempt_key = $1",
                    DB_BIND(key_value(&guard->place)), NULL, error);
    return status ? status
                  : db_run(write, "DELETE FROM account_attempt WHERE attempt_key = $1 AND failures <= 0",
                           DB_BIND(key_value(&guard->place)), NULL, error);
}
