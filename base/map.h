/* map.h: from a key (text, or a 64-bit number) to a pointer. In an arena; nothing is ever removed.
 * Look-up and insertion are O(1) on average; keys are hashed with a secret drawn at start, so that no input
 * can be built to collide. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct map;

struct map *map_new(struct arena *arena);
size_t map_size(const struct map *map);

/* The value kept under the key, or NULL. */
void *map_get(const struct map *map, const char *key);
void *map_get_number(const struct map *map, int64_t key);

/* Keeps value (never NULL) under the key, replacing what was there. The key is copied. A map holds texts or
 * numbers as keys, not both. */
void map_put(struct map *map, const char *key, void *value);
void map_put_number(struct map *map, int64_t key, void *value);

#endif
