#include "platform/http/limit_private.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"

enum { SETS = 4096, WAYS = 4, LOCKS = 64 };

struct bucket {
    uint64_t key; /* 0: free */
    int64_t at;
    double tokens;
};

struct http_limiter {
    double per_ms;
    double burst;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    pthread_mutex_t locks[LOCKS];
    struct bucket buckets[SETS][WAYS];
};

struct http_limiter *http_limiter_new(int64_t per_minute, int64_t burst)
{
    struct http_limiter *limiter = calloc(1, sizeof *limiter);
    if (!limiter) fatal_memory(sizeof *limiter);
    limiter->per_ms = (double)per_minute / 60000.0;
    limiter->burst = (double)(burst < 1 ? 1 : burst);
    randombytes_buf(limiter->secret, sizeof limiter->secret);
    for (size_t i = 0; i < LOCKS; i++) pthread_mutex_init(&limiter->locks[i], NULL);
    return limiter;
}

void http_limiter_free(struct http_limiter **limiter)
{
    if (!*limiter) return;
    for (size_t i = 0; i < LOCKS; i++) pthread_mutex_destroy(&(*limiter)->locks[i]);
    free(*limiter);
    *limiter = NULL;
}

static void bucket_fill(const struct http_limiter *limiter, struct bucket *bucket, int64_t now)
{
    if (now > bucket->at) bucket->tokens += (double)(now - bucket->at) * limiter->per_ms;
    if (bucket->tokens > limiter->burst) bucket->tokens = limiter->burst;
    bucket->at = now;
}

/* The bucket of the key in its set, made anew in the place of the fullest when it is not there. */
static struct bucket *bucket_find(struct http_limiter *limiter, struct bucket *set, uint64_t key, int64_t now)
{
    struct bucket *fullest = set;
    for (size_t way = 0; way < WAYS; way++) {
        if (set[way].key == 0) {
            fullest = &set[way];
            break;
        }
        bucket_fill(limiter, &set[way], now);
        if (set[way].key == key) return &set[way];
        if (set[way].tokens > fullest->tokens) fullest = &set[way];
    }
    *fullest = (struct bucket){.key = key, .at = now, .tokens = limiter->burst};
    return fullest;
}

int64_t http_limiter_take(struct http_limiter *limiter, const void *key, size_t length, int64_t now)
{
    if (limiter->per_ms < 0) return 0;
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, key, length, limiter->secret);
    if (!hash) hash = 1;
    const size_t set = hash % SETS;
    pthread_mutex_t *lock = &limiter->locks[set % LOCKS];
    pthread_mutex_lock(lock);
    struct bucket *bucket = bucket_find(limiter, limiter->buckets[set], hash, now);
    int64_t wait = 0;
    if (bucket->tokens >= 1)
        bucket->tokens -= 1;
    else
        wait = limiter->per_ms > 0 ? 1 + (int64_t)((1 - bucket->tokens) / limiter->per_ms / 1000) : 60;
    pthread_mutex_unlock(lock);
    return wait;
}
