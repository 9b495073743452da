#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

#include "base/fatal.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/key/key.h"

enum { IDLE_HOURS = 8, ABSOLUTE_DAYS = 7, OPERATIONS = 6, MEMORY = 32 * 1024 * 1024 };

static struct account_policy policy;
static char key_path[4096];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    if (sodium_init() < 0) fatal("libsodium cannot be used");
    if (!policy.idle_ms) policy.idle_ms = (int64_t)IDLE_HOURS * 3600 * MS_PER_SECOND;
    if (!policy.absolute_ms) policy.absolute_ms = (int64_t)ABSOLUTE_DAYS * MS_PER_DAY;
    if (!policy.hash_operations) policy.hash_operations = OPERATIONS;
    if (!policy.hash_memory) policy.hash_memory = MEMORY;
}

void account_configure(const struct account_policy *chosen)
{
    policy = *chosen;
    snprintf(key_path, sizeof key_path, "%s", chosen->key_file ? chosen->key_file : "");
    policy.key_file = *key_path ? key_path : NULL;
    prepare();
}

const struct account_policy *account_policy(void)
{
    pthread_once(&once, prepare);
    return &policy;
}

struct db_value account_or_null(int64_t value) { return value ? db_integer(value) : db_null(); }

enum status account_key(unsigned char *key, struct error *error)
{
    const struct account_policy *known = account_policy();
    if (!known->key_file) return error_set(error, STATUS_FAULT, "No file is named for the key of accounts.");
    return key_file(known->key_file, key, KEY_BYTES, NULL, error);
}
