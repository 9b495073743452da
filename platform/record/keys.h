/* keys.h: under which keys of the index a record is found. Who saves a record calls this; who asks (query.h) uses the same words.
 *
 *   field of the key      value                                                 from
 *   INDEX_ALL             -                                                     every record
 *   "reader"              reader token                                          audience and owner
 *   "state", "audience", "owner"                                                the head
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

struct record_keys {
    const int64_t *items; /* distinct, ascending */
    size_t count;
    const struct index_term
        *terms; /* its words, unstemmed, with their keys: for index_add_terms(..., RECORD_WORDS, ...) */
    size_t term_count;
};

/* The field of the dictionary of words. */
#define RECORD_WORDS "word"

/* The keys of a record. place: where it is (record_place), or NULL. All memory in the arena. O(words log words). */
struct record_keys record_index_keys(struct arena *arena, const struct vocabulary *vocabulary, const struct kind *kind,
                                     const void *record, const struct place *place);

/* The terms of `after` that `before` (may be NULL) lacks: what the dictionary may not have yet. */
size_t record_new_terms(struct arena *arena, const struct record_keys *before, const struct record_keys *after,
                        struct index_term *terms);

/* What a change loses and gains: before and after may be NULL (a creation, an erasure). Linear. */
struct keys_change {
    const int64_t *lost, *gained;
    size_t lost_count, gained_count;
};
struct keys_change record_keys_change(struct arena *arena, const struct record_keys *before,
                                      const struct record_keys *after);

#endif
