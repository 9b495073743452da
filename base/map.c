#include "base/map.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/fatal.h"

enum { FIRST_SLOTS = 16 };

struct entry {
    uint64_t hash;
    const char *text;
    int64_t number;
    void *value; /* NULL: the slot is free */
};

struct map {
    struct arena *arena;
    struct entry *slots;
    size_t slot_count; /* a power of two */
    size_t size;
};

static uint64_t secret = 0x9e3779b97f4a7c15U;
static pthread_once_t secret_once = PTHREAD_ONCE_INIT;

static void draw_secret(void)
{
    uint64_t drawn = 0;
    if (getrandom(&drawn, sizeof drawn, 0) == (ssize_t)sizeof drawn) secret = drawn;
}

struct map *map_new(struct arena *arena)
{
    struct map *map = ARENA_NEW(arena, struct map);
    map->arena = arena;
    map->slot_count = FIRST_SLOTS;
    map->slots = ARENA_ARRAY(arena, FIRST_SLOTS, struct entry);
    pthread_once(&secret_once, draw_secret);
    return map;
}

size_t map_size(const struct map *map) { return map->size; }

/* The finaliser of MurmurHash3 (A. Appleby, public domain). */
static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdU;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53U;
    return hash ^ (hash >> 33);
}

static uint64_t hash_text(const char *text)
{
    uint64_t hash = secret;
    size_t left = strlen(text);
    for (; left >= 8; left -= 8, text += 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        hash = mix(hash ^ word) + 0x9e3779b97f4a7c15U;
    }
    uint64_t last = 0;
    memcpy(&last, text, left);
    return mix(hash ^ last ^ ((uint64_t)left << 56));
}

static uint64_t hash_number(int64_t number) { return mix(secret ^ (uint64_t)number); }

static int same_key(const struct entry *entry, uint64_t hash, const char *text, int64_t number)
{
    if (entry->hash != hash) return 0;
    return text ? entry->text && strcmp(entry->text, text) == 0 : !entry->text && entry->number == number;
}

static struct entry *find(const struct map *map, uint64_t hash, const char *text, int64_t number)
{
    size_t at = hash & (map->slot_count - 1);
    while (map->slots[at].value && !same_key(&map->slots[at], hash, text, number))
        at = (at + 1) & (map->slot_count - 1);
    return &map->slots[at];
}

static void grow(struct map *map)
{
    const struct map old = *map;
    map->slot_count *= 2;
    map->slots = ARENA_ARRAY(map->arena, map->slot_count, struct entry);
    for (size_t i = 0; i < old.slot_count; i++) {
        const struct entry *entry = &old.slots[i];
        if (entry->value) *find(map, entry->hash, entry->text, entry->number) = *entry;
    }
}

static void put(struct map *map, uint64_t hash, const char *text, int64_t number, void *value)
{
    ENSURE(value);
    if (map->size * 4 >= map->slot_count * 3) grow(map);
    struct entry *entry = find(map, hash, text, number);
    if (!entry->value) {
        map->size++;
        *entry = (struct entry){.hash = hash, .text = text ? arena_copy(map->arena, text) : NULL, .number = number};
    }
    entry->value = value;
}

void *map_get(const struct map *map, const char *key) { return find(map, hash_text(key), key, 0)->value; }

void *map_get_number(const struct map *map, int64_t key) { return find(map, hash_number(key), NULL, key)->value; }

void map_put(struct map *map, const char *key, void *value) { put(map, hash_text(key), key, 0, value); }

void map_put_number(struct map *map, int64_t key, void *value) { put(map, hash_number(key), NULL, key, value); }
