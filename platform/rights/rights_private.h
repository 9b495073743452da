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
enum status rights_list_read(struct db_handle *handle, struct arena *arena, const char *sql, const struct db_value *values, size_t count,
                             struct rights_list *list, struct error *error);

/* What the tables hold for the account. */
enum status rights_read(struct db_handle *handle, struct arena *arena, int64_t account, struct rights_list *relations,
                        struct rights_list *tokens, struct error *error);

#endif
