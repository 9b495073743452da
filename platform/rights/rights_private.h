/* rights_private.h: lists of (number, bits) in the arena, sorted by number when they come from the tables. */
#ifndef PLATFORM_RIGHTS_PRIVATE_H
#define PLATFORM_RIGHTS_PRIVATE_H

#include "platform/db/db.h"
#include "platform/rights/rights.h"

struct rights_entry {
    int64_t key, bits;
};

struct rights_list {
    struct rights_entry *entries;
    size_t count, capacity;
};

void rights_list_add(struct arena *arena, struct rights_list *list, int64_t key, int64_t bits);

/* Adds the rows of the query: a number and, if there is a second column, bits. */
enum status rights_list_read(struct db_handle *handle, struct arena *arena, const char *sql,
                             const struct db_value *values, size_t count, struct rights_list *list,
                             struct error *error);

/* What the tables hold for the account. */
enum status rights_read(struct db_handle *handle, struct arena *arena, int64_t account, struct rights_list *relations,
                        struct rights_list *tokens, struct error *error);

/* cache.c: what was loaded of an account, kept in memory under its version, which changes whenever the tables do. */
struct rights_loaded {
    const struct relation *relations;
    size_t relation_count;
    const int64_t *tokens;
    size_t token_count;
};

/* Copies what is kept into the arena; false when it is not there. */
bool rights_cache_get(uint64_t database, int64_t account, int64_t version, struct arena *arena,
                      struct rights_loaded *loaded);

/* Keeps a copy, unless it is too large; what was in its place makes way. */
void rights_cache_put(uint64_t database, int64_t account, int64_t version, const struct rights_loaded *loaded);

#endif
