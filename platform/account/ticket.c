/* ticket.c: the second step of signing in: what the first one proved is carried by the browser, closed with the server's key. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/key/key.h"

enum {
    TICKET_MS = ACCOUNT_TICKET_MINUTES * 60 * MS_PER_SECOND,
    STAMP_BYTES = 16,
    ANYWHERE_BURST = 50,
    ANYWHERE_MS = 30 * 60 * MS_PER_SECOND
};

static const char purpose[] = "ticket";

/* Another one once the password was changed. */
static const char *stamp_of(struct arena *arena, const struct account_secret *secret)
{
    unsigned char hash[ACCOUNT_HASH];
    char *text = arena_alloc(arena, 2 * STAMP_BYTES + 1);
    account_token_hash(secret->password ? secret->password : "", hash);
    return sodium_bin2hex(text, 2 * STAMP_BYTES + 1, hash, STAMP_BYTES);
}

enum status account_ticket_make(struct arena *arena, const struct account_secret *secret, const char **ticket,
                                struct error *error)
{
    unsigned char key[KEY_BYTES];
    const enum status status = account_key(key, error);
    if (status) return status;
    *ticket = key_wrap(
        arena, key, purpose,
        arena_print(arena, "%" PRId64 " %" PRId64 " %s", secret->id, time_now() + TICKET_MS, stamp_of(arena, secret)));
    sodium_memzero(key, sizeof key);
    return STATUS_OK;
}

static enum status refuse(struct error *error)
{
    return error_set(error, STATUS_DENIED, N_("Too much time has passed: sign in again."));
}

static enum status open_ticket(struct db *db, struct arena *arena, const char *ticket, struct account_secret *secret,
                               struct error *error)
{
    unsigned char key[KEY_BYTES];
    int64_t account = 0, until = 0;
    char stamp[2 * STAMP_BYTES + 1] = "";
    enum status status = account_key(key, error);
    if (status) return status;
    const char *text = key_unwrap(arena, key, purpose, ticket);
    sodium_memzero(key, sizeof key);
    if (!text || sscanf(text, "%" SCNd64 " %" SCNd64 " %32s", &account, &until, stamp) != 3 || until < time_now())
        return refuse(error);
    status = account_secret_find(db, arena, account, secret, error);
    if (status && status != STATUS_MISSING) return status;
    const bool good = !status && !secret->disabled && secret->factor && strcmp(stamp, stamp_of(arena, secret)) == 0;
    return good ? STATUS_OK : refuse(error);
}

/* As for passwords; and what comes from unknown places to one account is counted together, since six digits are few. */
static struct account_guard guard_of(struct arena *arena, const struct account_entry *entry)
{
    char network[ACCOUNT_NETWORK];
    const char *number = arena_print(arena, "%" PRId64, entry->secret.id);
    if (entry->known_device)
        return (struct account_guard){.own = account_attempt_key("code device", number, entry->attempt->device)};
    account_network(entry->attempt->peer, network);
    return (struct account_guard){.own = account_attempt_key("code network", number, network),
                                  .place = account_attempt_key("code anywhere", number, ""),
                                  .burst = ANYWHERE_BURST,
                                  .every_ms = ANYWHERE_MS};
}

static enum status find_device(struct db *db, struct account_entry *entry, struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_entry_device(read, entry, error);
    db_release(&read);
    return status;
}

enum status account_sign_in_code(struct db *db, struct arena *arena, const struct account_attempt *attempt,
                                 const char *ticket, const char *code, struct account_opened *opened,
                                 struct error *error)
{
    struct account_entry entry = {.attempt = attempt};
    struct account_proof proof;
    *opened = (struct account_opened){.account = 0};
    enum status status = open_ticket(db, arena, ticket, &entry.secret, error);
    if (status == STATUS_OK) status = find_device(db, &entry, error);
    if (status) return status;
    entry.guard = guard_of(arena, &entry);
    status = account_guard_enter(db, &entry.guard, &opened->retry_after, error);
    if (status == STATUS_OK) status = account_proof_judge(db, arena, entry.secret.id, code, &proof, error);
    if (status) return status;
    entry.proof = &proof;
    return account_entry_open(db, arena, &entry, opened, error);
}
