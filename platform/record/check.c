#include "platform/record/check.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "platform/record/check_private.h"

enum { SENTENCE = 1024, ACCOUNTS = 500 };

void check_found(struct check *check, const char *format, ...)
{
    char sentence[SENTENCE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    check->totals->findings++;
    check->wishes->say(check->wishes->context, sentence);
}

struct record_context check_context(struct check *check)
{
    return (struct record_context){.records = check->records,
                                   .arena = check->batch,
                                   .viewer = viewer_program(),
                                   .language = LANGUAGE_ENGLISH,
                                   .handle = check->read,
                                   .origin = "check"};
}

/* What the engine says of itself: rows of one text; "ok" is none. */
static enum status check_engine(struct check *check, const char *sql, const char *advice, struct error *error)
{
    struct db_rows *rows = db_query(check->read, sql, DB_BIND_NONE);
    while (db_next(rows)) {
        const char *text = db_get_text(rows, 0);
        if (text && strcmp(text, "ok") != 0) check_found(check, "The database engine finds: %s. %s", text, advice);
    }
    return db_end(&rows, error);
}

static enum status check_engines(struct check *check, struct error *error)
{
    const char *whole =
        db_differs(check->records->db, "PRAGMA integrity_check(20)",
                   "SELECT 'index ' || CAST(indexrelid AS TEXT) || ' is not valid' FROM pg_index WHERE NOT "
                   "indisvalid LIMIT 20");
    const char *links =
        db_differs(check->records->db, "PRAGMA foreign_key_check",
                   "SELECT 'constraint ' || conname || ' was not validated' FROM pg_constraint WHERE NOT "
                   "convalidated LIMIT 20");
    const enum status status =
        check_engine(check, whole, "Restore the last good backup, or dump and load the database.", error);
    return status ? status
                  : check_engine(check, links, "A row points to one that is gone: restore it from a backup.", error);
}

/* ---- rights ---- */

static enum status check_account(struct check *check, int64_t account, struct error *error)
{
    bool differ = false;
    const enum status status =
        rights_differ(check->read, check->records->rights, account, check->wishes->day, &differ, error);
    check->totals->accounts++;
    if (differ)
        check_found(
            check,
            "Account %lld may read other records than its roles say: let the server run, which computes rights each "
            "day; if this stays, somebody wrote into account_token or account_relation.",
            (long long)account);
    return status;
}

static enum status check_accounts(struct check *check, struct error *error)
{
    int64_t after = -1;
    size_t count = ACCOUNTS;
    enum status status = check_account(check, 0, error);
    while (!status && count == ACCOUNTS) {
        int64_t ids[ACCOUNTS];
        struct db_rows *rows =
            db_query(check->read, "SELECT id FROM account WHERE id > $1 AND disabled IS NULL ORDER BY id LIMIT 500",
                     DB_BIND(db_integer(after)));
        for (count = 0; count < ACCOUNTS && db_next(rows);) ids[count++] = db_get_integer(rows, 0);
        status = db_end(&rows, error);
        for (size_t i = 0; !status && i < count; i++) status = check_account(check, ids[i], error);
        if (count) after = ids[count - 1];
    }
    return status;
}

static enum status check_all(struct check *check, struct error *error)
{
    enum status status = check_engines(check, error);
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++)
        status = check_kind(check, *kind, error);
    if (!status) status = check_chain(check, error);
    return status ? status : check_accounts(check, error);
}

enum status record_check(const struct records *records, const struct check_wishes *wishes, struct check_totals *totals,
                         struct error *error)
{
    struct check check = {.records = records, .wishes = wishes, .totals = totals};
    struct arena *arena = arena_new();
    *totals = (struct check_totals){.records = 0};
    check.batch = arena_new();
    randombytes_buf(check.secret, sizeof check.secret);
    enum status status = db_read_in(records->db, arena, &check.read, error);
    struct arena *moment = arena_new();
    if (!status && !wishes->repair_index) status = db_snapshot(check.read, moment, error);
    if (!status) status = check_all(&check, error);
    arena_free(&check.batch);
    arena_free(&moment);
    arena_free(&arena);
    return status;
}
