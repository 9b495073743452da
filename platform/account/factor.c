/* factor.c: the second proof: a secret shared with a telephone, its codes, and the codes for who lost it. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/key/key.h"

enum { SECRET_BYTES = 20, RECOVERY_BYTES = 10, RECOVERY_LETTERS = 16 };

static const char purpose[] = "second factor";

static enum status not_right(struct error *error)
{
    return error_field(error, STATUS_INPUT, "code",
                       N_("This code is not right, or served already: type the one that is shown now."));
}

/* ---- what is kept ---- */

/* The secret as it is: bytes in hexadecimal, closed. length 0: there is none. */
struct kept_secret {
    unsigned char bytes[SECRET_BYTES];
    size_t length;
    int64_t confirmed, last_step;
};

static enum status open_secret(struct arena *arena, const char *closed, struct kept_secret *kept, struct error *error)
{
    unsigned char key[KEY_BYTES];
    enum status status = account_key(key, error);
    if (status) return status;
    const char *hex = key_unwrap(arena, key, purpose, closed);
    sodium_memzero(key, sizeof key);
    if (hex && sodium_hex2bin(kept->bytes, SECRET_BYTES, hex, strlen(hex), NULL, &kept->length, NULL) == 0)
        return STATUS_OK;
    return error_set(error, STATUS_FAULT, "A second factor does not open with this server's key of accounts.");
}

static enum status load_secret(struct db_handle *read, struct arena *arena, int64_t account, struct kept_secret *kept,
                               struct error *error)
{
    const char *closed = NULL;
    *kept = (struct kept_secret){.length = 0};
    struct db_rows *rows = db_query(read, "SELECT secret, confirmed, last_step FROM account_factor WHERE account = $1",
                                    DB_BIND(db_integer(account)));
    if (db_next(rows)) {
        closed = arena_copy(arena, db_get_text(rows, 0));
        kept->confirmed = db_get_integer(rows, 1);
        kept->last_step = db_get_integer(rows, 2);
    }
    const enum status status = db_end(&rows, error);
    return status || !closed ? status : open_secret(arena, closed, kept, error);
}

enum status account_factor_load(struct db_handle *read, struct arena *arena, int64_t account,
                                struct account_factor *factor, struct error *error)
{
    struct kept_secret kept;
    *factor = (struct account_factor){.since = 0};
    enum status status = load_secret(read, arena, account, &kept, error);
    if (status || !kept.length) return status;
    factor->since = kept.confirmed;
    if (!kept.confirmed) factor->secret = account_base32(arena, kept.bytes, kept.length);
    sodium_memzero(&kept, sizeof kept);
    return db_one_integer(read, "SELECT COUNT(*) FROM account_recovery WHERE account = $1",
                          DB_BIND(db_integer(account)), &factor->recovery, error);
}

/* ---- setting it up ---- */

struct beginning {
    int64_t account;
    const char *closed;
};

/* What was begun and not confirmed makes way; what is in force does not. */
static enum status insert_secret(struct db_handle *write, void *context, struct error *error)
{
    const struct beginning *beginning = context;
    enum status status = db_run(write, "DELETE FROM account_factor WHERE account = $1 AND confirmed IS NULL",
                                DB_BIND(db_integer(beginning->account)), NULL, error);
    if (status) return status;
    status = db_run(write, "INSERT INTO account_factor (account, secret, last_step, created) VALUES ($1, $2, 0, $3)",
                    DB_BIND(db_integer(beginning->account), db_text(beginning->closed), db_integer(time_now())), NULL,
                    error);
    return status == STATUS_CONFLICT ? error_set(error, status, N_("Two-step sign-in is set for this account already."))
                                     : status;
}

enum status account_factor_begin(struct db *db, int64_t account, struct error *error)
{
    unsigned char key[KEY_BYTES], secret[SECRET_BYTES];
    char hex[2 * SECRET_BYTES + 1];
    const enum status status = account_key(key, error);
    if (status) return status;
    struct arena *arena = arena_new();
    randombytes_buf(secret, sizeof secret);
    sodium_bin2hex(hex, sizeof hex, secret, sizeof secret);
    struct beginning beginning = {account, key_wrap(arena, key, purpose, hex)};
    sodium_memzero(key, sizeof key);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(hex, sizeof hex);
    const enum status inserted = db_transaction(db, insert_secret, &beginning, error);
    arena_free(&arena);
    return inserted;
}

/* "ABCD-EFGH-IJKL-MNOP": 80 random bits, whose hash needs neither salt nor slowness. */
static const char *draw_recovery(struct arena *arena)
{
    unsigned char bytes[RECOVERY_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    const char *text = account_base32(arena, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return arena_print(arena, "%.4s-%.4s-%.4s-%.4s", text, text + 4, text + 8, text + 12);
}

static enum status insert_recovery(struct db_handle *write, struct arena *arena, int64_t account,
                                   const struct account_recovery *codes, struct error *error)
{
    enum status status =
        db_run(write, "DELETE FROM account_recovery WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
    for (size_t i = 0; !status && i < ACCOUNT_RECOVERY_CODES; i++) {
        unsigned char hash[ACCOUNT_HASH];
        account_token_hash(account_code_clean(arena, codes->items[i]), hash);
        status = db_run(write, "INSERT INTO account_recovery (account, hash) VALUES ($1, $2)",
                        DB_BIND(db_integer(account), db_blob(hash, sizeof hash)), NULL, error);
    }
    return status;
}

/* A change of the proof that was itself proved. */
struct factor_change {
    struct arena *arena;
    int64_t author, account, confirmed; /* confirmed: the secret's becomes that; 0: it stays */
    const char *action;
    const struct account_proof *proof; /* NULL: none is asked */
    const struct account_guard *guard; /* NULL: none */
    const struct account_recovery *codes;
};

static enum status change_factor(struct db_handle *write, void *context, struct error *error)
{
    const struct factor_change *change = context;
    enum status status = change->proof ? account_proof_use(write, change->proof, error) : STATUS_OK;
    if (status == STATUS_OK && change->confirmed)
        status = db_run(write, "UPDATE account_factor SET confirmed = $1 WHERE account = $2",
                        DB_BIND(db_integer(change->confirmed), db_integer(change->account)), NULL, error);
    if (status == STATUS_OK && change->codes)
        status = insert_recovery(write, change->arena, change->account, change->codes, error);
    if (status == STATUS_OK && change->guard) status = account_guard_forgive(write, change->guard, error);
    const struct account_deed deed = {change->author, change->account, change->action, 0, NULL};
    return status ? status : account_event_write(write, &deed, error);
}

static const struct account_recovery *draw_codes(struct arena *arena)
{
    struct account_recovery *codes = ARENA_NEW(arena, struct account_recovery);
    for (size_t i = 0; i < ACCOUNT_RECOVERY_CODES; i++) codes->items[i] = draw_recovery(arena);
    return codes;
}

/* ---- proving ---- */

static enum status judge_recovery(struct db_handle *read, const char *code, struct account_proof *proof,
                                  struct error *error)
{
    int64_t found = 0;
    account_token_hash(code, proof->recovery);
    const enum status status =
        db_one_integer(read, "SELECT EXISTS (SELECT 1 FROM account_recovery WHERE account = $1 AND hash = $2)",
                       DB_BIND(db_integer(proof->account), db_blob(proof->recovery, ACCOUNT_HASH)), &found, error);
    return status || found ? status : not_right(error);
}

static enum status judge_code(struct db_handle *read, struct arena *arena, const char *code,
                              struct account_proof *proof, struct error *error)
{
    struct kept_secret kept;
    if (strlen(code) == RECOVERY_LETTERS) return judge_recovery(read, code, proof, error);
    const enum status status = load_secret(read, arena, proof->account, &kept, error);
    if (status) return status;
    if (kept.length) proof->step = account_code_step(kept.bytes, kept.length, time_now(), code);
    const int64_t last = kept.last_step;
    sodium_memzero(&kept, sizeof kept);
    return proof->step > last ? STATUS_OK : not_right(error);
}

enum status account_proof_judge(struct db *db, struct arena *arena, int64_t account, const char *code,
                                struct account_proof *proof, struct error *error)
{
    struct db_handle *read = NULL;
    *proof = (struct account_proof){.account = account};
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = judge_code(read, arena, account_code_clean(arena, code), proof, error);
    db_release(&read);
    return status;
}

static enum status use_recovery(struct db_handle *write, const struct account_proof *proof, struct error *error)
{
    int64_t changed = 0;
    const enum status status =
        db_run(write, "DELETE FROM account_recovery WHERE account = $1 AND hash = $2",
               DB_BIND(db_integer(proof->account), db_blob(proof->recovery, ACCOUNT_HASH)), &changed, error);
    if (status) return status;
    if (!changed) return not_right(error);
    const struct account_deed deed = {proof->account, proof->account, "recovery_used", 0, NULL};
    return account_event_write(write, &deed, error);
}

/* Of two requests with the same code, one finds the step used. */
enum status account_proof_use(struct db_handle *write, const struct account_proof *proof, struct error *error)
{
    int64_t changed = 0;
    if (!proof->step) return use_recovery(write, proof, error);
    const enum status status =
        db_run(write, "UPDATE account_factor SET last_step = $1 WHERE account = $2 AND last_step < $3",
               DB_BIND(db_integer(proof->step), db_integer(proof->account), db_integer(proof->step)), &changed, error);
    return status || changed ? status : not_right(error);
}

/* ---- by the person ---- */

static enum status run_change(struct db *db, struct factor_change *change, struct error *error)
{
    const enum status status = db_transaction(db, change_factor, change, error);
    if (status == STATUS_OK) log_line(LOG_NOTE, "account", "%s=%lld", change->action, (long long)change->account);
    return status;
}

/* Password and code are both asked, so that a browser left open is not enough. Failures are counted as at the door. */
static enum status prove(struct db *db, struct arena *arena, int64_t account, const struct account_asked *asked,
                         const struct account_guard *guard, struct account_proof *proof, struct error *error)
{
    struct account_secret secret;
    int64_t retry_after = 0;
    bool right = true;
    enum status status = account_secret_find(db, arena, account, &secret, error);
    if (status == STATUS_OK) status = account_guard_enter(db, guard, &retry_after, error);
    if (status == STATUS_OK && secret.password && asked->password)
        status = account_password_verify(asked->password, secret.password, &right, error);
    if (status) return status;
    if (!right) return error_field(error, STATUS_INPUT, "password", N_("This is not your present password."));
    return account_proof_judge(db, arena, account, asked->code, proof, error);
}

static struct account_guard own_guard(int64_t account, const char *session)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)account);
    return (struct account_guard){.own = account_attempt_key("factor", number, session ? session : "")};
}

enum status account_factor_confirm(struct db *db, struct arena *arena, int64_t account,
                                   const struct account_asked *asked, const struct account_recovery **codes,
                                   struct error *error)
{
    const struct account_guard guard = own_guard(account, asked->session);
    struct account_proof proof;
    enum status status = prove(db, arena, account, asked, &guard, &proof, error);
    if (status == STATUS_OK && !proof.step) status = not_right(error);
    if (status) return status;
    *codes = draw_codes(arena);
    struct factor_change change = {.arena = arena,
                                   .author = account,
                                   .account = account,
                                   .confirmed = time_now(),
                                   .action = "factor_set",
                                   .proof = &proof,
                                   .guard = &guard,
                                   .codes = *codes};
    return run_change(db, &change, error);
}

enum status account_factor_renew(struct db *db, struct arena *arena, int64_t account, const struct account_asked *asked,
                                 const struct account_recovery **codes, struct error *error)
{
    const struct account_guard guard = own_guard(account, asked->session);
    struct account_proof proof;
    const enum status status = prove(db, arena, account, asked, &guard, &proof, error);
    if (status) return status;
    *codes = draw_codes(arena);
    struct factor_change change = {.arena = arena,
                                   .author = account,
                                   .account = account,
                                   .action = "factor_codes",
                                   .proof = &proof,
                                   .guard = &guard,
                                   .codes = *codes};
    return run_change(db, &change, error);
}

/* ---- taking it off ---- */

static enum status delete_factor(struct db_handle *write, void *context, struct error *error)
{
    const struct factor_change *change = context;
    int64_t changed = 0;
    enum status status = change->proof ? account_proof_use(write, change->proof, error) : STATUS_OK;
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_recovery WHERE account = $1", DB_BIND(db_integer(change->account)),
                        NULL, error);
    if (status == STATUS_OK)
        status = db_run(write, "DELETE FROM account_factor WHERE account = $1", DB_BIND(db_integer(change->account)),
                        &changed, error);
    if (status) return status;
    if (!changed) return error_set(error, STATUS_MISSING, N_("Two-step sign-in is not set for this account."));
    if (change->guard) status = account_guard_forgive(write, change->guard, error);
    const struct account_deed deed = {change->author, change->account, "factor_ended", 0, NULL};
    return status ? status : account_event_write(write, &deed, error);
}

enum status account_factor_leave(struct db *db, int64_t account, const struct account_asked *asked, struct error *error)
{
    struct arena *arena = arena_new();
    const struct account_guard guard = own_guard(account, asked->session);
    struct account_proof proof;
    struct factor_change change = {.author = account, .account = account, .proof = &proof, .guard = &guard};
    enum status status = prove(db, arena, account, asked, &guard, &proof, error);
    if (status == STATUS_OK) status = db_transaction(db, delete_factor, &change, error);
    arena_free(&arena);
    return status;
}

enum status account_factor_end(struct db *db, int64_t author, int64_t account, struct error *error)
{
    struct factor_change change = {.author = author, .account = account};
    const enum status status = db_transaction(db, delete_factor, &change, error);
    if (status == STATUS_OK)
        log_line(LOG_NOTE, "account", "factor_ended=%lld author=%lld", (long long)account, (long long)author);
    return status;
}

/* A label as in "Maillage:zoe@exemple.fr": letters, digits and few others stay, the rest is percent-encoded. */
static const char *encode(struct arena *arena, const char *text)
{
    char *encoded = arena_alloc(arena, 3 * strlen(text) + 1), *end = encoded;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        const bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
                           strchr("-._~@", *at);
        end += plain ? sprintf(end, "%c", *at) : sprintf(end, "%%%02X", *at);
    }
    return encoded;
}

const char *account_factor_address(struct arena *arena, const char *site, const char *email, const char *secret)
{
    const char *issuer = encode(arena, site);
    return arena_print(arena, "otpauth://totp/%s:%s?secret=%s&issuer=%s", issuer, encode(arena, email), secret, issuer);
}
