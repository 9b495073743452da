/* index.h: which records of a kind have a given key, as compressed sets: the base of facets, filters and search.
 *
 * A record has a slot, a dense number within its kind. A key is a 63-bit number made of (field, value): a code or any ancestor of it,
 * a state, a reader token, a word of a text. For each key the index knows the set of slots that have it. On disk
 * (tables index_posting, index_log, index_term) a set is stored by blocks of 65,536 slots; each change of a record is one line in
 * index_log, written in the record's own transaction; a job folds the log into the blocks. In memory a process keeps sets that it has
 * read, bounded, and applies the lines of the log that are newer: so a reader sees what its snapshot sees, on both engines.
 * Sets are CRoaring bitmaps. */
#ifndef PLATFORM_INDEX_H
#define PLATFORM_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db;
struct db_handle;
struct index;     /* all kinds of one database, shared by the threads of a process */
struct index_set; /* an immutable or private set of slots; belongs to an arena */

struct index *index_open(struct db *db, size_t memory_limit);
void index_close(struct index **index);

/* Keys. 63-bit hashes of (field, value): two different ones collide with probability 2^-63 a pair. */
int64_t index_key(const char *field, const char *value);
int64_t index_key_number(const char *field, int64_t value);

/* In the caller's write transaction: the record in `slot` loses and gains keys. Both lists may be empty; every record also has the key
 * INDEX_ALL while it exists. One statement. */
enum { INDEX_ALL = 1 };
enum status index_change(struct db_handle *write, const char *kind, int64_t slot, const int64_t *lost, size_t lost_count,
                         const int64_t *gained, size_t gained_count, struct error *error);

/* Many new records at once (imports): gather, then write block by block within the caller's transaction. */
struct index_bulk;
struct index_bulk *index_bulk_new(struct arena *arena, const char *kind);
void index_bulk_add(struct index_bulk *bulk, int64_t slot, const int64_t *keys, size_t count);
enum status index_bulk_write(struct index_bulk *bulk, struct db_handle *write, struct error *error);

/* The next free slots of a kind (reserves `count`, gives the first), in the caller's transaction. */
enum status index_slots(struct db_handle *write, const char *kind, int64_t count, int64_t *first, struct error *error);

/* A view for one request: the index as the handle's snapshot sees it. */
struct index_view;
enum status index_view_open(struct index *index, struct db_handle *read, struct arena *arena, const char *kind, struct index_view **view,
                            struct error *error);

/* Sets. Never NULL; an unknown key gives the empty set. Results live in the view's arena. */
const struct index_set *index_get(struct index_view *view, int64_t key);
const struct index_set *index_any(struct index_view *view, const int64_t *keys, size_t count); /* union */
const struct index_set *index_and(struct index_view *view, const struct index_set *a, const struct index_set *b);
const struct index_set *index_or(struct index_view *view, const struct index_set *a, const struct index_set *b);
const struct index_set *index_without(struct index_view *view, const struct index_set *a, const struct index_set *b);
int64_t index_count(const struct index_set *set);
int64_t index_and_count(const struct index_set *a, const struct index_set *b);
/* Up to `most` slots after skipping `skip`, from the highest down (newest filed first) or the lowest up. Returns how many. */
size_t index_slots_of(const struct index_set *set, bool descending, int64_t skip, int64_t *slots, size_t most);
bool index_has(const struct index_set *set, int64_t slot);

/* Words: the dictionary for typing help. Terms that begin with the prefix, most frequent first. */
enum status index_terms(struct index_view *view, const char *field, const char *prefix, const char **terms, size_t most, size_t *count,
                        struct error *error);
/* In the write transaction: makes sure that the words are in the dictionary. */
enum status index_add_terms(struct db_handle *write, const char *kind, const char *field, const char *const *terms, size_t count,
                            struct error *error);

/* The job: folds the log into the blocks, at most `most` lines; *left: how many remain. Safe beside readers and other processes. */
enum status index_merge(struct db *db, int64_t most, int64_t *left, struct error *error);

#endif
