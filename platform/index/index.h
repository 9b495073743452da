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

/* memory_limit: bytes of kept sets, a quarter of it for columns (of each kind that is counted); 0: 48 MB. The lines of the log that are not merged yet come on top (see index_merge). */
struct index *index_open(struct db *db, size_t memory_limit);
/* After all views have ended. */
void index_close(struct index **index);
/* Bytes of kept sets at present. */
size_t index_memory(const struct index *index);

/* Keys. 63-bit hashes of (field, value): two different ones collide with probability 2^-63 a pair. */
int64_t index_key(const char *field, const char *value);
int64_t index_key_number(const char *field, int64_t value);

/* In the caller's write transaction: the record in `slot` loses and gains keys. Both lists may be empty. A record has the key INDEX_ALL
 * while it exists: who creates it gives the key as gained, who erases it as lost. One statement. */
enum { INDEX_ALL = 1 };
enum status index_change(struct db_handle *write, const char *kind, int64_t slot, const int64_t *lost,
                         size_t lost_count, const int64_t *gained, size_t gained_count, struct error *error);

/* A word of the dictionary, for typing help. The dictionary covers all records: who shows a word checks that the reader may see a record
 * that has it. */
struct index_term {
    const char *text; /* folded */
    int64_t key;      /* the key whose records have it: gives its frequency */
};

/* Many records at once: gather, then write within the caller's transaction. Slots of new ones ascend; each gets INDEX_ALL as well. Up to 400,000
 * memberships (some 8,000 records) are written as one line of the log (a few milliseconds): who writes much more has a merger
 * beside it. Beyond that they go into the blocks directly: about 3 s a million records, holding the writer; on PostgreSQL two such writes of
 * one kind do not run side by side (STATUS_BUSY, run again). */
struct index_bulk;
struct index_bulk *index_bulk_new(struct arena *arena, const char *kind);
void index_bulk_add(struct index_bulk *bulk, int64_t slot, const int64_t *keys, size_t count);
/* A record that was there, or was added to the same bulk, changes: as index_change, written after the additions. */
void index_bulk_change(struct index_bulk *bulk, int64_t slot, const int64_t *lost, size_t lost_count,
                       const int64_t *gained, size_t gained_count);
/* As index_add_terms, each word once for all records of the bulk. All of one field. */
void index_bulk_terms(struct index_bulk *bulk, const char *field, const struct index_term *terms, size_t count);
/* No more additions: works out what will be written of them. Touches no database, so that another thread may do it. index_bulk_write does it
 * when nobody did. */
void index_bulk_ready(struct index_bulk *bulk);
enum status index_bulk_write(struct index_bulk *bulk, struct db_handle *write, struct error *error);

/* The next free slots of a kind (reserves `count`, gives the first), in the caller's transaction. */
enum status index_slots(struct db_handle *write, const char *kind, int64_t count, int64_t *first, struct error *error);

/* A view for one request: the index as the handle's snapshot sees it. It makes the handle keep to one moment until the arena ends
 * (db_snapshot); within db_transaction it sees what the transaction wrote before. For one thread. */
struct index_view;
enum status index_view_open(struct index *index, struct db_handle *read, struct arena *arena, const char *kind,
                            struct index_view **view, struct error *error);

/* The first failure of a reading (a set that could not be read is empty): to be asked before a result is shown. */
enum status index_view_status(const struct index_view *view, struct error *error);

/* Sets. Never NULL; an unknown key gives the empty set. Results live in the view's arena. */
const struct index_set *index_get(struct index_view *view, int64_t key);
const struct index_set *index_any(struct index_view *view, const int64_t *keys, size_t count); /* union */
const struct index_set *index_and(struct index_view *view, const struct index_set *a, const struct index_set *b);
const struct index_set *index_or(struct index_view *view, const struct index_set *a, const struct index_set *b);
const struct index_set *index_without(struct index_view *view, const struct index_set *a, const struct index_set *b);
/* A set of these slots, in any order. */
const struct index_set *index_of_slots(struct index_view *view, const int64_t *slots, size_t count);
int64_t index_count(const struct index_set *set);
int64_t index_and_count(const struct index_set *a, const struct index_set *b);
/* How many of a set have each of the keys: for facets. Of a kind of more than 20,000 slots by columns that are kept (one byte a slot for up to
 * 254 keys; the same list of keys should be asked again), else by intersections. Countings of the same set are done in one reading of it.
 * O(the smaller of the set and what it lacks, plus what changed lately), a column. */
struct index_counting {
    const struct index_set *set;
    const int64_t *keys;
    size_t count;
    int64_t *counts; /* out: one a key */
};
void index_counts(struct index_view *view, const struct index_counting *countings, size_t number);
/* Up to `most` slots after skipping `skip`, from the highest down (newest filed first) or the lowest up. Returns how many. */
size_t index_slots_of(const struct index_set *set, bool descending, int64_t skip, int64_t *slots, size_t most);
bool index_has(const struct index_set *set, int64_t slot);
/* The set as one bit a slot, for very many questions in a row. In the view's arena. O(highest slot / 64 + slots). */
struct index_bits {
    const uint64_t *words;
    int64_t end; /* no slot from here on is in the set */
};
struct index_bits index_bits_of(struct index_view *view, const struct index_set *set);
static inline bool index_bit(const struct index_bits *bits, int64_t slot)
{
    return slot >= 0 && slot < bits->end && (bits->words[slot / 64] >> (slot % 64) & 1);
}

/* Words for typing help. */
/* Terms that begin with the prefix, most frequent first (as of the last merge). Texts in the view's arena. */
enum status index_terms(struct index_view *view, const char *field, const char *prefix, struct index_term *terms,
                        size_t most, size_t *count, struct error *error);
/* In the write transaction: makes sure that the words are in the dictionary. Words that are there keep their first key. */
enum status index_add_terms(struct db_handle *write, const char *kind, const char *field,
                            const struct index_term *terms, size_t count, struct error *error);

/* Words that are rare or gone (some lines of the log may tell otherwise), in their order after that one: for who removes those that no record has any more. */
enum status index_rare_terms(struct index_view *view, const char *field, const char *after, struct index_term *terms,
                             size_t most, size_t *count, struct error *error);
/* In the write transaction: takes a word out of the dictionary. */
enum status index_drop_term(struct db_handle *write, const char *kind, const char *field, const char *term,
                            struct error *error);

/* The job, to be run about every 1,000 lines: folds the log into the blocks, at most `most` lines of each kind; *left: how many remain.
 * Safe beside readers, writers and other processes; holds the writer for some 20 ms at a time; may end anywhere. On PostgreSQL
 * lines wait for the transactions that began before them. */
enum status index_merge(struct db *db, int64_t most, int64_t *left, struct error *error);
/* The same beside one that writes a great deal, who calls `step` between its transactions: once some 60,000 new records are in the log, folding begins
 * on a thread of its own; it is waited for when twice as many are. `end` waits for it, and must be called; each gives the failure of the last folding. */
struct index_merger;
struct index_merger *index_merger_new(struct arena *arena, struct db *db);
enum status index_merger_step(struct index_merger *merger, struct error *error);
enum status index_merger_end(struct index_merger *merger, struct error *error);
/* How many lines wait to be folded. */
enum status index_waiting(struct db *db, int64_t *lines, struct error *error);

/* ---- checking ---- */

enum { INDEX_SECRET = 16, INDEX_BLOCK = 65536 };

/* A fingerprint of pairs of key and slot, block of slots by block, whatever their order: what the records say and what the index holds are the same if
 * and only if their sums are (2^-64 of chance, the secret being random). A few bytes a block. In the arena. */
struct index_sums;
struct index_sums *index_sums_new(struct arena *arena, const unsigned char secret[INDEX_SECRET]);
void index_sums_add(struct index_sums *sums, int64_t slot, const int64_t *keys, size_t count);
/* Adds all that the index holds of the kind. Reads it whole; the log that is not merged yet is in memory. */
enum status index_sums_read(struct db_handle *read, const char *kind, struct index_sums *sums, struct error *error);
size_t index_sums_blocks(const struct index_sums *sums);
bool index_sums_differ(const struct index_sums *a, const struct index_sums *b, size_t block);

/* The pairs of one block themselves, sorted by slot and key: to say what differs. Zero it first; ended by index_pairs_free. */
struct index_pairs {
    struct index_pair {
        int64_t slot, key;
    } * items;
    size_t count, room;
};
void index_pairs_add(struct index_pairs *pairs, int64_t key, int64_t slot);
void index_pairs_sort(struct index_pairs *pairs);
void index_pairs_free(struct index_pairs *pairs);
enum status index_pairs_read(struct db_handle *read, const char *kind, int64_t block, struct index_pairs *pairs,
                             struct error *error);

#endif
