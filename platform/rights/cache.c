/* cache.c: what accounts hold, kept in memory: an officer of a large cluster holds thousands of tokens, asked for at each request. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/rights/rights_private.h"

/* At most PLACES * LARGEST * (16 + 8) bytes. */
enum { PLACES = 64, LARGEST = 8192 };

static struct place {
    uint64_t database;
    int64_t account, version;
    struct rights_loaded loaded; /* its arrays are malloc'ed */
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Identifiers made in one millisecond differ in their low bits, others above: both take part. */
static struct place *place_of(uint64_t database, int64_t account)
{
    const uint64_t mixed = ((uint64_t)account ^ database << 32) * 0x9e3779b97f4a7c15u;
    return &places[(mixed >> 32) % PLACES];
}

static void *copy_to(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *copy = arena_array(arena, count, size);
    if (count) memcpy(copy, items, count * size);
    return copy;
}

bool rights_cache_get(uint64_t database, int64_t account, int64_t version, struct arena *arena,
                      struct rights_loaded *loaded)
{
    pthread_mutex_lock(&lock);
    const struct place *place = place_of(database, account);
    const struct rights_loaded *kept = &place->loaded;
    const bool found =
        kept->tokens && place->database == database && place->account == account && place->version == version;
    if (found) {
        *loaded = *kept;
        loaded->relations = copy_to(arena, kept->relations, kept->relation_count, sizeof *kept->relations);
        loaded->tokens = copy_to(arena, kept->tokens, kept->token_count, sizeof *kept->tokens);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* A copy that lasts, never of size 0; NULL when there is no memory: then nothing is kept. */
static void *copy_that_lasts(const void *items, size_t count, size_t size)
{
    void *copy = malloc(count * size + 1);
    if (copy && count) memcpy(copy, items, count * size);
    return copy;
}

void rights_cache_put(uint64_t database, int64_t account, int64_t version, const struct rights_loaded *loaded)
{
    if (loaded->relation_count > LARGEST || loaded->token_count > LARGEST) return;
    struct relation *relations = copy_that_lasts(loaded->relations, loaded->relation_count, sizeof *relations);
    int64_t *tokens = copy_that_lasts(loaded->tokens, loaded->token_count, sizeof *tokens);
    if (!relations || !tokens) {
        free(relations);
        free(tokens);
        return;
    }
    pthread_mutex_lock(&lock);
    struct place *place = place_of(database, account);
    struct rights_loaded before = place->loaded;
    *place =
        (struct place){database, account, version, {relations, loaded->relation_count, tokens, loaded->token_count}};
    pthread_mutex_unlock(&lock);
    free((void *)(uintptr_t)before.relations);
    free((void *)(uintptr_t)before.tokens);
}
