/* column_private.h: columns: for a list of keys, which of them each slot has; see column.c. */
#ifndef PLATFORM_INDEX_COLUMN_PRIVATE_H
#define PLATFORM_INDEX_COLUMN_PRIVATE_H

#include "platform/index/index_private.h"

enum { COLUMN_KEYS = 254, NONE = 255, LAYERS = 4, BATCH = 4096 };

struct column {
    uint64_t epoch, hash; /* of the keys */
    uint64_t built;       /* made of what was known at this position */
    uint64_t seen;        /* lines up to this position are among those apart */
    uint64_t built_apart; /* how many were apart from the start */
    uint64_t used;
    atomic_uint references;
    struct shared_set *apart;
    size_t length; /* slots */
    int layer_count;
    uint8_t *layers[LAYERS];
    uint32_t totals[NONE + 1]; /* slots that stand in the layers with each code */
    struct column *next;
};

uint64_t column_hash(const int64_t *keys, size_t count);
/* The column of these keys and what is apart of it for the view, with a reference each; NULL when there is none. */
struct column *column_find(struct index_view *view, uint64_t hash, struct shared_set **apart);
void column_drop(struct column *column);
/* Makes and keeps the column if the view knows the latest state of all, and there is room. */
void column_try(struct index_view *view, const struct index_set *const *sets, size_t count, uint64_t hash,
                size_t length);

#endif
