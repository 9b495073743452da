/* cache.c: kept sets, in parts with a lock each, the least recently used thrown out first. */
#include <stdlib.h>

#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { PARTS = 16, FIRST_BUCKETS = 256, ENTRY_COST = 160, CONTAINER_COST = 48 };

struct entry {
    struct cache_key key;
    uint64_t position;
    struct shared_set *set;
    size_t size;
    struct entry *chain, *newer, *older;
};

struct part {
    pthread_mutex_t lock;
    struct entry **buckets;
    size_t bucket_count, count, size, limit;
    struct entry *newest, *oldest;
};

struct cache {
    struct part parts[PARTS];
};

struct shared_set *shared_new(roaring_bitmap_t *bitmap)
{
    struct shared_set *set = malloc(sizeof *set);
    if (!set) fatal_memory(sizeof *set);
    atomic_init(&set->references, 1);
    set->bitmap = bitmap;
    return set;
}

void shared_drop(struct shared_set *set)
{
    if (atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) != 1) return;
    roaring_bitmap_free(set->bitmap);
    free(set);
}

static size_t set_size(const roaring_bitmap_t *bitmap)
{
    roaring_statistics_t statistics;
    roaring_bitmap_statistics(bitmap, &statistics);
    return ENTRY_COST + roaring_bitmap_portable_size_in_bytes(bitmap) + statistics.n_containers * CONTAINER_COST;
}

static struct entry **allocate_buckets(size_t count)
{
    struct entry **buckets = calloc(count, sizeof(struct entry *));
    if (!buckets) fatal_memory(count * sizeof(struct entry *));
    return buckets;
}

struct cache *cache_new(size_t limit)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (!cache) fatal_memory(sizeof *cache);
    for (size_t i = 0; i < PARTS; i++) {
        struct part *part = &cache->parts[i];
        pthread_mutex_init(&part->lock, NULL);
        part->limit = limit / PARTS;
        part->bucket_count = FIRST_BUCKETS;
        part->buckets = allocate_buckets(FIRST_BUCKETS);
    }
    return cache;
}

static uint64_t hash_of(const struct cache_key *key)
{
    return key_scatter(key->key ^ (int64_t)((uint64_t)key->kind << 15) ^ (int64_t)key->epoch);
}

static bool same(const struct cache_key *a, const struct cache_key *b)
{
    return a->key == b->key && a->kind == b->kind && a->epoch == b->epoch;
}

static struct part *part_of(struct cache *cache, uint64_t hash) { return &cache->parts[hash >> 60]; }

static struct entry **link_of(struct part *part, const struct cache_key *key, uint64_t hash)
{
    struct entry **link = &part->buckets[hash & (part->bucket_count - 1)];
    while (*link && !same(&(*link)->key, key)) link = &(*link)->chain;
    return link;
}

static void unlink_use(struct part *part, struct entry *entry)
{
    if (entry->newer)
        entry->newer->older = entry->older;
    else
        part->newest = entry->older;
    if (entry->older)
        entry->older->newer = entry->newer;
    else
        part->oldest = entry->newer;
}

static void link_newest(struct part *part, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = part->newest;
    if (part->newest)
        part->newest->newer = entry;
    else
        part->oldest = entry;
    part->newest = entry;
}

static void remove_entry(struct part *part, struct entry *entry)
{
    *link_of(part, &entry->key, hash_of(&entry->key)) = entry->chain;
    unlink_use(part, entry);
    part->size -= entry->size;
    part->count--;
    shared_drop(entry->set);
    free(entry);
}

static void grow(struct part *part)
{
    const size_t old_count = part->bucket_count;
    struct entry **old = part->buckets;
    part->bucket_count *= 2;
    part->buckets = allocate_buckets(part->bucket_count);
    for (size_t i = 0; i < old_count; i++)
        for (struct entry *entry = old[i], *next; entry; entry = next) {
            struct entry **bucket = &part->buckets[hash_of(&entry->key) & (part->bucket_count - 1)];
            next = entry->chain;
            entry->chain = *bucket;
            *bucket = entry;
        }
    free(old);
}

struct shared_set *cache_get(struct cache *cache, const struct cache_key *key, uint64_t *position)
{
    const uint64_t hash = hash_of(key);
    struct part *part = part_of(cache, hash);
    struct shared_set *set = NULL;
    pthread_mutex_lock(&part->lock);
    struct entry *entry = *link_of(part, key, hash);
    if (entry) {
        set = entry->set;
        *position = entry->position;
        atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
        unlink_use(part, entry);
        link_newest(part, entry);
    }
    pthread_mutex_unlock(&part->lock);
    return set;
}

static void add_entry(struct part *part, const struct cache_key *key, uint64_t position, struct shared_set *set,
                      size_t size)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry) fatal_memory(sizeof *entry);
    if (part->count >= part->bucket_count) grow(part);
    *entry = (struct entry){.key = *key, .position = position, .set = set, .size = size};
    struct entry **bucket = &part->buckets[hash_of(key) & (part->bucket_count - 1)];
    entry->chain = *bucket;
    *bucket = entry;
    link_newest(part, entry);
    atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    part->size += size;
    part->count++;
    while (part->size > part->limit && part->oldest != entry) remove_entry(part, part->oldest);
}

void cache_put(struct cache *cache, const struct cache_key *key, uint64_t position, struct shared_set *set)
{
    const uint64_t hash = hash_of(key);
    struct part *part = part_of(cache, hash);
    const size_t size = set_size(set->bitmap);
    if (size > part->limit) return;
    pthread_mutex_lock(&part->lock);
    struct entry *entry = *link_of(part, key, hash);
    if (!entry || entry->position < position) {
        if (entry) remove_entry(part, entry);
        add_entry(part, key, position, set, size);
    }
    pthread_mutex_unlock(&part->lock);
}

size_t cache_size(struct cache *cache)
{
    size_t size = 0;
    for (size_t i = 0; i < PARTS; i++) {
        pthread_mutex_lock(&cache->parts[i].lock);
        size += cache->parts[i].size;
        pthread_mutex_unlock(&cache->parts[i].lock);
    }
    return size;
}

void cache_free(struct cache **cache)
{
    if (!*cache) return;
    for (size_t i = 0; i < PARTS; i++) {
        struct part *part = &(*cache)->parts[i];
        for (struct entry *entry = part->oldest, *newer; entry; entry = newer) {
            newer = entry->newer;
            shared_drop(entry->set);
            free(entry);
        }
        free(part->buckets);
        pthread_mutex_destroy(&part->lock);
    }
    free(*cache);
    *cache = NULL;
}
