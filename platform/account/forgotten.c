/* forgotten.c: an address for which somebody asks another password: counted, and closed until the work in the background opens it, since it may be
 * anybody's. */
#include <sodium.h>

#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/key/key.h"

enum {
    ADDRESS_BURST = 3,
    ADDRESS_MS = 20 * 60 * MS_PER_SECOND,
    PLACE_BURST = 30,
    PLACE_MS = 60 * MS_PER_SECOND,
};

static const char purpose[] = "forgotten password";

/* Each address in turn, then each network. */
static enum status count(struct db *db, const char *email_key, const char *peer, struct error *error)
{
    char network[ACCOUNT_NETWORK];
    int64_t retry_after = 0;
    account_network(peer, network);
    const struct account_guard guards[] = {
        {.place = account_attempt_key("forgotten", email_key, ""), .burst = ADDRESS_BURST, .every_ms = ADDRESS_MS},
        {.place = account_attempt_key("forgotten place", network, ""), .burst = PLACE_BURST, .every_ms = PLACE_MS}};
    const enum status status = account_guard_enter(db, &guards[1], &retry_after, error);
    return status ? status : account_guard_enter(db, &guards[0], &retry_after, error);
}

enum status account_forgotten_count(struct db *db, struct arena *arena, const char *email, const char *peer,
                                    const char **closed, struct error *error)
{
    unsigned char key[KEY_BYTES];
    const char *email_key = account_email_key(arena, email);
    enum status status = account_key(key, error);
    if (status == STATUS_OK) status = count(db, email_key ? email_key : "", peer, error);
    if (status == STATUS_OK) *closed = key_wrap(arena, key, purpose, email_key ? email_key : "");
    sodium_memzero(key, sizeof key);
    return status;
}

enum status account_forgotten_find(struct db_handle *read, struct arena *arena, const char *closed,
                                   struct account *account, struct error *error)
{
    unsigned char key[KEY_BYTES];
    const enum status status = account_key(key, error);
    if (status) return status;
    const char *email = key_unwrap(arena, key, purpose, closed);
    sodium_memzero(key, sizeof key);
    return account_find(read, arena, email ? email : "", account, error);
}
