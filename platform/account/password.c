/* password.c: which passwords may be chosen, and their hashing, which is slow on purpose. */
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account_private.h"
#include "platform/text/text.h"

enum {
    SHORTEST = 12,
    LONGEST_BYTES = 512,
    LEAST_DISTINCT = 5,
    LEAST_PART = 4,
    LEAST_LEFT = 8,
    AT_A_TIME = 2,
    LONGEST_WAIT_S = 5
};

/* The places at the slow hash: its memory times the places is what passwords may take of the machine. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    unsigned taken;
} hashing = {.lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

static enum status take_place(struct error *error)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LONGEST_WAIT_S;
    int result = 0;
    pthread_mutex_lock(&hashing.lock);
    while (hashing.taken == AT_A_TIME && !result)
        result = pthread_cond_timedwait(&hashing.freed, &hashing.lock, &until);
    const bool taken = hashing.taken < AT_A_TIME;
    hashing.taken += taken;
    pthread_mutex_unlock(&hashing.lock);
    return taken ? STATUS_OK
                 : error_set(error, STATUS_BUSY, N_("Too many people are signing in. Please try again in a moment."));
}

static void leave_place(void)
{
    pthread_mutex_lock(&hashing.lock);
    hashing.taken--;
    pthread_cond_signal(&hashing.freed);
    pthread_mutex_unlock(&hashing.lock);
}

/* NFC, so that a password is the same from every keyboard; malloc'ed, NULL when it is not UTF-8. */
static char *normalise(const char *password)
{
    utf8proc_uint8_t *composed = NULL;
    const utf8proc_option_t options = UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    if (strlen(password) > LONGEST_BYTES) return NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)password, 0, &composed, options) < 0) return NULL;
    return (char *)composed;
}

static void forget(char *password)
{
    if (password) sodium_memzero(password, strlen(password));
    free(password);
}

enum status account_password_hash(struct arena *arena, const char *password, const char **hash, struct error *error)
{
    const struct account_policy *policy = account_policy();
    char text[crypto_pwhash_STRBYTES];
    enum status status = take_place(error);
    if (status) return status;
    char *normal = normalise(password);
    const int failed = !normal || crypto_pwhash_str_alg(text, normal, strlen(normal), policy->hash_operations,
                                                        policy->hash_memory, crypto_pwhash_ALG_ARGON2ID13);
    leave_place();
    forget(normal);
    if (failed) return error_set(error, STATUS_FAULT, N_("The password could not be kept: the machine lacks memory."));
    *hash = arena_copy(arena, text);
    return STATUS_OK;
}

/* A hash that no password has, with today's limits: it takes as long to refuse. */
static const char *decoy(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char text[crypto_pwhash_STRBYTES];
    const struct account_policy *policy = account_policy();
    pthread_mutex_lock(&lock);
    if (!text[0] || account_password_is_old(text)) {
        unsigned char random[32];
        randombytes_buf(random, sizeof random);
        if (crypto_pwhash_str_alg(text, (const char *)random, sizeof random, policy->hash_operations,
                                  policy->hash_memory, crypto_pwhash_ALG_ARGON2ID13))
            text[0] = '\0';
    }
    pthread_mutex_unlock(&lock);
    return text;
}

enum status account_password_verify(const char *password, const char *hash, bool *right, struct error *error)
{
    const char *none = decoy(); /* made at the first call, whoever asks: no difference shows */
    const enum status status = take_place(error);
    if (status) return status;
    char *normal = normalise(password);
    const char *given = normal ? normal : "";
    *right = crypto_pwhash_str_verify(hash ? hash : none, given, strlen(given)) == 0 && hash && normal;
    leave_place();
    forget(normal);
    return STATUS_OK;
}

bool account_password_is_old(const char *hash)
{
    const struct account_policy *policy = account_policy();
    return crypto_pwhash_str_needs_rehash(hash, policy->hash_operations, policy->hash_memory) != 0;
}

static size_t count_distinct(const char *text)
{
    bool seen[256] = {false};
    size_t distinct = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        distinct += !seen[*at];
        seen[*at] = true;
    }
    return distinct;
}

static void remove_word(char *text, const char *word)
{
    for (char *found = text; (found = strstr(found, word));)
        memmove(found, found + strlen(word), strlen(found + strlen(word)) + 1);
}

/* Whether little is left of the password once the words of the name or address are taken out. */
static bool is_made_of(struct arena *arena, const char *folded, const char *personal)
{
    if (!personal) return false;
    char *left = arena_copy(arena, folded), *rest = arena_copy(arena, text_fold(arena, personal)), *word = NULL;
    while ((word = strtok_r(rest, " @._-+", &rest)))
        if (strlen(word) >= LEAST_PART) remove_word(left, word);
    return strlen(left) < strlen(folded) && strlen(left) < LEAST_LEFT;
}

static enum status check(struct arena *arena, const char *password, const char *email, const char *name,
                         struct error *error)
{
    if (strlen(password) > LONGEST_BYTES || !text_valid(password, strlen(password)))
        return error_field(error, STATUS_INPUT, "password",
                           N_("This password is too long, or holds what cannot be typed."));
    if (text_length(password) < SHORTEST)
        return error_field(error, STATUS_INPUT, "password",
                           N_("A password has 12 characters or more: a few words make a good one."));
    const char *folded = text_fold(arena, password);
    if (account_password_is_common(folded) || count_distinct(password) < LEAST_DISTINCT)
        return error_field(error, STATUS_INPUT, "password",
                           N_("This password is among the first that anyone would try. Choose another."));
    if (is_made_of(arena, folded, email) || is_made_of(arena, folded, name))
        return error_field(error, STATUS_INPUT, "password",
                           N_("This password is made of your name or address. Choose another."));
    return STATUS_OK;
}

enum status account_password_check(const char *password, const char *email, const char *name, struct error *error)
{
    struct arena *arena = arena_new();
    const enum status status = check(arena, password, email, name, error);
    arena_free(&arena);
    return status;
}

enum status account_password_store(struct db_handle *write, int64_t id, const char *hash, struct error *error)
{
    int64_t changed = 0;
    const enum status status = db_run(write, "UPDATE account SET password = $1, password_changed = $2 WHERE id = $3",
                                      DB_BIND(db_text(hash), db_integer(time_now()), db_integer(id)), &changed, error);
    if (status || changed) return status;
    return error_set(error, STATUS_MISSING, N_("There is no such account."));
}
