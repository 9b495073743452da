/* keys.h: under which keys of the index a record is found. Who saves a record calls this; who asks (query.h) uses the same words.
 *
 *   field of the key      value                                                 from
 *   INDEX_ALL             -                                                     every record
 *   "reader"              reader token                                          audience and owner
 *   "state", "audience", "owner"                                                the head; an organisation is its own owner and has no such key
 *   a field's own name    a choice, a code and its ancestors, 1 or 0, the id of a reference; the year, the month and the day of
 *                         a date; a number and what is left of it without its last 4, 8, 12 ... bits
 *   "place"               the code of the commune and its ancestors             kind->place
 *   "cell"                cells of 4, 1, 1/4 and 1/16 degree                    the same, when its coordinates are known
 *   "word.a" ... "word.c" a stemmed word, once, under the greatest weight       fields with .search
 *   "length"              how many words there are in fields of weight A, in classes  for ranking
 * Only fields for which field_open() holds enter the index. */
#ifndef PLATFORM_RECORD_KEYS_H
#define PLATFORM_RECORD_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "platform/index/index.h"
#include "platform/record/kind.h"

struct arena;
struct vocabulary;

struct word;
struct record_keys {
    const int64_t *items; /* distinct, ascending */
    size_t count;
    struct word **words; /* distinct, unstemmed; of the cache */
    size_t word_count;
};

/* The field of the dictionary of words. */
#define RECORD_WORDS "word"

/* What is the same for many records of a kind: words and stems, codes and ancestors, and which words the dictionary has. For one thread and one
 * vocabulary; ends with the arena; about 200 bytes a distinct word, 200,000 words at most. */
struct key_cache;
struct key_cache *key_cache_new(struct arena *arena);
/* At the start of each transaction, also when it runs again; and once it is committed. Keys from before are gone. */
void key_cache_begin(struct key_cache *cache);
void key_cache_done(struct key_cache *cache);
/* The words of a record that are not known to be in the dictionary, to be put there by this transaction: for index_bulk_terms. Right after
 * record_index_keys; `terms` has room for all. Returns how many. */
size_t key_cache_take(struct key_cache *cache, const struct record_keys *keys, struct index_term *terms);
/* The record has been in the index: so its words are in the dictionary. */
void key_cache_know(const struct record_keys *keys);

/* The keys of a record. place: where it is (record_place), or NULL. Memory in the arena and the cache's. O(words log words). */
struct record_keys record_index_keys(struct arena *arena, struct key_cache *cache, const struct vocabulary *vocabulary,
                                     const struct kind *kind, const void *record, const struct place *place);

/* What a change loses and gains: before and after may be NULL (a creation, an erasure). Linear. */
struct keys_change {
    const int64_t *lost, *gained;
    size_t lost_count, gained_count;
};
struct keys_change record_keys_change(struct arena *arena, const struct record_keys *before,
                                      const struct record_keys *after);

#endif
