#include "platform/record/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/key/key.h"

enum { ID_BITS = 20 };

/* ---- digest and signature ---- */

static void hash_number(crypto_generichash_state *state, int64_t number)
{
    unsigned char bytes[sizeof number];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void hash_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)(text ? text : ""), strlen(text ? text : "") + 1);
}

#define LINE_COLUMNS "id, home, kind, record, version, moment, account, action, origin, digest"

static void hash_line(crypto_generichash_state *state, const struct db_rows *rows)
{
    size_t length = 0;
    hash_number(state, db_get_integer(rows, 0));
    hash_number(state, db_get_integer(rows, 1));
    hash_text(state, db_get_text(rows, 2));
    for (size_t column = 3; column < 7; column++) hash_number(state, db_get_integer(rows, column));
    hash_text(state, db_get_text(rows, 7));
    hash_text(state, db_get_text(rows, 8));
    const unsigned char *digest = db_get_blob(rows, 9, &length);
    if (length) crypto_generichash_update(state, digest, length);
}

/* The lines after seal->last of the state so far, at most `most`, up to the number `end`; sets first, last and lines. */
static enum status hash_lines(struct db_handle *read, struct seal *seal, int64_t after, int64_t end, int64_t most,
                              crypto_generichash_state *state, struct error *error)
{
    struct db_rows *rows =
        db_query(read, "SELECT " LINE_COLUMNS " FROM record_history WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
                 DB_BIND(db_integer(after), db_integer(end), db_integer(most)));
    while (db_next(rows)) {
        hash_line(state, rows);
        seal->last = db_get_integer(rows, 0);
        if (!seal->lines++) seal->first = seal->last;
    }
    return db_end(&rows, error);
}

static void close_digest(struct seal *seal, crypto_generichash_state *state)
{
    hash_number(state, seal->number);
    hash_number(state, seal->lines);
    crypto_generichash_final(state, seal->digest, SEAL_DIGEST);
}

static void begin_digest(const struct seal *seal, crypto_generichash_state *state)
{
    static const unsigned char name[] = "maillage seal 1";
    crypto_generichash_init(state, NULL, 0, SEAL_DIGEST);
    crypto_generichash_update(state, name, sizeof name);
    crypto_generichash_update(state, seal->previous, SEAL_DIGEST);
}

enum status seal_compute(struct db_handle *read, struct seal *seal, struct error *error)
{
    crypto_generichash_state state;
    const int64_t end = seal->last, after = seal->first - 1;
    begin_digest(seal, &state);
    seal->lines = 0;
    const enum status status = hash_lines(read, seal, after, end, INT64_MAX, &state, error);
    close_digest(seal, &state);
    return status;
}

/* What is signed: all but the signature. */
static size_t message_of(const struct seal *seal, unsigned char message[128])
{
    const int64_t numbers[] = {seal->number, seal->first, seal->last, seal->lines, seal->moment};
    size_t length = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (size_t byte = 0; byte < 8; byte++) message[length++] = (unsigned char)((uint64_t)numbers[i] >> (8 * byte));
    memcpy(message + length, seal->digest, SEAL_DIGEST);
    return length + SEAL_DIGEST;
}

bool seal_signed(const struct seal *seal)
{
    unsigned char message[128];
    const size_t length = message_of(seal, message);
    return crypto_sign_verify_detached(seal->signature, message, length, seal->key) == 0;
}

/* ---- the key ---- */

static void draw_pair(unsigned char *secret)
{
    unsigned char key[SEAL_PUBLIC];
    crypto_sign_keypair(key, secret);
}

enum status seal_key(const char *path, unsigned char secret[SEAL_SECRET], struct error *error)
{
    return key_file(path, secret, SEAL_SECRET, draw_pair, error);
}

/* ---- the table ---- */

static void read_bytes(const struct db_rows *rows, size_t column, unsigned char *bytes, size_t size)
{
    size_t length = 0;
    const void *got = db_get_blob(rows, column, &length);
    memset(bytes, 0, size);
    if (length == size) memcpy(bytes, got, size);
}

static enum status read_seal(struct db_rows *rows, struct seal *seal, struct error *error)
{
    *seal = (struct seal){.number = 0};
    if (db_next(rows)) {
        seal->number = db_get_integer(rows, 0);
        seal->first = db_get_integer(rows, 1);
        seal->last = db_get_integer(rows, 2);
        seal->lines = db_get_integer(rows, 3);
        seal->moment = db_get_integer(rows, 4);
        read_bytes(rows, 5, seal->previous, SEAL_DIGEST);
        read_bytes(rows, 6, seal->digest, SEAL_DIGEST);
        read_bytes(rows, 7, seal->key, SEAL_PUBLIC);
        read_bytes(rows, 8, seal->signature, SEAL_SIGNATURE);
    }
    return db_end(&rows, error);
}

#define SEAL_COLUMNS "number, first, last, lines, moment, previous, digest, public_key, signature"

enum status seal_last(struct db_handle *read, struct seal *seal, struct error *error)
{
    return read_seal(
        db_query(read, "SELECT " SEAL_COLUMNS " FROM record_seal ORDER BY number DESC LIMIT 1", DB_BIND_NONE), seal,
        error);
}

enum status seal_load(struct db_handle *read, int64_t number, struct seal *seal, struct error *error)
{
    return read_seal(
        db_query(read, "SELECT " SEAL_COLUMNS " FROM record_seal WHERE number = $1", DB_BIND(db_integer(number))), seal,
        error);
}

static enum status insert_seal(struct db_handle *write, void *context, struct error *error)
{
    const struct seal *seal = context;
    const enum status status = db_run(
        write,
        "INSERT INTO record_seal (number, first, last, lines, moment, previous, digest, public_key, signature) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        DB_BIND(db_integer(seal->number), db_integer(seal->first), db_integer(seal->last), db_integer(seal->lines),
                db_integer(seal->moment), db_blob(seal->previous, SEAL_DIGEST), db_blob(seal->digest, SEAL_DIGEST),
                db_blob(seal->key, SEAL_PUBLIC), db_blob(seal->signature, SEAL_SIGNATURE)),
        NULL, error);
    return status == STATUS_CONFLICT
               ? error_set(error, status, N_("Another process is sealing the history: nothing was done."))
               : status;
}

/* The next seal, not yet written; lines 0: there is nothing to seal. */
static enum status next_seal(struct db *db, const unsigned char secret[SEAL_SECRET], int64_t before, struct seal *seal,
                             struct error *error)
{
    struct seal last;
    struct db_handle *read = NULL;
    crypto_generichash_state state;
    unsigned char message[128];
    enum status status = db_read(db, &read, error);
    if (!status) status = seal_last(read, &last, error);
    if (status) {
        db_release(&read);
        return status;
    }
    *seal = (struct seal){.number = last.number + 1, .moment = time_now()};
    memcpy(seal->previous, last.digest, SEAL_DIGEST);
    begin_digest(seal, &state);
    status = hash_lines(read, seal, last.last, before << ID_BITS, SEAL_LINES, &state, error);
    db_release(&read);
    close_digest(seal, &state);
    crypto_sign_ed25519_sk_to_pk(seal->key, secret);
    crypto_sign_detached(seal->signature, NULL, message, message_of(seal, message), secret);
    return status;
}

enum status history_seal(struct db *db, const unsigned char secret[SEAL_SECRET], int64_t before, int64_t most,
                         int64_t *made, struct error *error)
{
    for (*made = 0; *made < most; ++*made) {
        struct seal seal;
        enum status status = next_seal(db, secret, before, &seal, error);
        if (!status && seal.lines) status = db_transaction(db, insert_seal, &seal, error);
        if (status || !seal.lines) return status;
    }
    return STATUS_OK;
}

/* ---- a head as text ---- */

const char *seal_print(struct arena *arena, const struct seal *seal)
{
    char digest[2 * SEAL_DIGEST + 1], key[2 * SEAL_PUBLIC + 1], signature[2 * SEAL_SIGNATURE + 1];
    sodium_bin2hex(digest, sizeof digest, seal->digest, SEAL_DIGEST);
    sodium_bin2hex(key, sizeof key, seal->key, SEAL_PUBLIC);
    sodium_bin2hex(signature, sizeof signature, seal->signature, SEAL_SIGNATURE);
    return arena_print(arena, "maillage-head 1\n%lld %lld %lld %lld %lld\ndigest %s\nkey %s\nsignature %s\n",
                       (long long)seal->number, (long long)seal->first, (long long)seal->last, (long long)seal->lines,
                       (long long)seal->moment, digest, key, signature);
}

static bool read_hex(unsigned char *bytes, size_t size, const char *hex)
{
    size_t length = 0;
    return sodium_hex2bin(bytes, size, hex, strlen(hex), NULL, &length, NULL) == 0 && length == size;
}

enum status seal_parse(const char *text, struct seal *seal, struct error *error)
{
    long long numbers[5];
    char digest[2 * SEAL_DIGEST + 1], key[2 * SEAL_PUBLIC + 1], signature[2 * SEAL_SIGNATURE + 1];
    *seal = (struct seal){.number = 0};
    const int got = sscanf(text, "maillage-head 1 %lld %lld %lld %lld %lld digest %64s key %64s signature %128s",
                           &numbers[0], &numbers[1], &numbers[2], &numbers[3], &numbers[4], digest, key, signature);
    if (got != 8 || !read_hex(seal->digest, SEAL_DIGEST, digest) || !read_hex(seal->key, SEAL_PUBLIC, key) ||
        !read_hex(seal->signature, SEAL_SIGNATURE, signature))
        return error_set(error, STATUS_INPUT, N_("This file is not a head that the program wrote."));
    seal->number = numbers[0];
    seal->first = numbers[1];
    seal->last = numbers[2];
    seal->lines = numbers[3];
    seal->moment = numbers[4];
    return seal_signed(seal)
               ? STATUS_OK
               : error_set(error, STATUS_INPUT, N_("The signature of this head is not right: it was changed."));
}
