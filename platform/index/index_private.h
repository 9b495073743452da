/* index_private.h: what the files of the index share.
 *
 * How a reader sees what its snapshot sees. A set is its blocks with the lines of the log applied in order; applying a line twice
 * changes nothing, so a merge may fold a line into some blocks before it removes it. A process knows lines: each that it has read has
 * a position. It keeps sets with the position up to which lines were applied to them; a view uses a kept set when no line beyond
 * what its snapshot sees was applied to it, after applying those that it lacks. Which lines a snapshot sees is told by their
 * transactions: on SQLite all below a number; on PostgreSQL what pg_current_snapshot says, so a line that commits late is neither missed
 * nor seen early. Whatever does not fit (an older snapshot, a writer's own view) is read from the database, for that view alone. */
#ifndef PLATFORM_INDEX_PRIVATE_H
#define PLATFORM_INDEX_PRIVATE_H

#include <pthread.h>
#include <roaring/roaring.h>
#include <stdatomic.h>

#include "platform/db/db.h"
#include "platform/index/index.h"

enum { BLOCK_SLOTS = 65536, BATCH_KEYS = 32 };

/* key.c */
int64_t index_kind(const char *kind);
uint64_t key_scatter(int64_t key); /* for hash tables in memory */

/* block.c: the stored form of one block. */
struct block_bytes {
    void *bytes; /* malloc'ed */
    size_t length;
};
/* offsets ascending and distinct. */
struct block_bytes block_encode(int64_t block, const uint16_t *offsets, size_t count);
/* Adds the slots of a stored block to the set. STATUS_FAULT when it is damaged. */
enum status block_add_to(roaring_bitmap_t *set, int64_t block, const void *bytes, size_t length, struct error *error);

/* One change of one block of one key. */
struct block_change {
    int64_t block, key;
    const uint16_t *gained, *lost; /* ascending */
    size_t gained_count, lost_count;
    int64_t growth; /* out: slots that it really has more */
};
/* Reads, changes and writes up to BATCH_KEYS blocks of the same number. is_new: none of them exists yet. */
enum status block_write(struct db_handle *write, int64_t kind, struct block_change *changes, size_t count, bool is_new,
                        struct error *error);
/* Adds the growths to the dictionary. */
enum status term_counts(struct db_handle *write, int64_t kind, const struct block_change *changes, size_t count,
                        struct error *error);

/* line.c: a line of the log: for each key, slots gained or lost. */
struct member_change {
    int64_t key;
    const uint32_t *slots;
    uint32_t count;
    bool gained;
};
typedef void line_user(void *context, const struct member_change *change);
struct block_bytes line_encode(int64_t slot, const int64_t *lost, size_t lost_count, const int64_t *gained,
                               size_t gained_count);
struct block_bytes line_encode_bulk(const struct member_change *groups, size_t count);
/* Calls use for each change, in order; the slots point into bytes, which must be aligned for 64-bit numbers. False when it is damaged. */
bool line_each(const void *bytes, size_t length, line_user *use, void *context);
enum status log_write(struct db_handle *write, int64_t kind, const struct block_bytes *line, int64_t members,
                      struct error *error);

/* overlay.c: lines of the log in memory, by key. */
struct line {
    int64_t txn, id;
    uint64_t position;
    void *bytes; /* malloc'ed */
    size_t length;
};
struct overlay_change {
    struct member_change change;
    uint64_t position;
    int64_t txn;
    uint32_t before; /* + 1; 0: the first of its key */
};
struct overlay {
    struct line *lines;
    size_t line_count, line_room;
    struct overlay_change *changes;
    size_t change_count, change_room;
    struct overlay_chain {
        int64_t key;
        uint32_t last;
    } * chains; /* hash table; + 1, 0: free */
    size_t chain_count, chain_room;
};
/* Takes the line's bytes. False when they are damaged (they are freed then). */
bool overlay_add(struct overlay *overlay, const struct line *line);
/* The last change of the key, or NULL; and the one before. Positions descend. */
const struct overlay_change *overlay_last(const struct overlay *overlay, int64_t key);
const struct overlay_change *overlay_before(const struct overlay *overlay, const struct overlay_change *change);
void overlay_clear(struct overlay *overlay);
/* Forgets the lines below txn. */
void overlay_trim(struct overlay *overlay, int64_t txn);

/* snapshot.c */
struct snapshot {
    int64_t lowest, end; /* all transactions below lowest are seen, none from end on */
    int64_t *running;    /* between: not seen; ascending */
    size_t running_count;
};
struct index_state {
    int64_t through, folded, direct;
};
bool snapshot_sees(const struct snapshot *snapshot, int64_t txn);
/* Whether a sees all that b sees: snapshots of one database follow each other. */
bool snapshot_covers(const struct snapshot *a, const struct snapshot *b);
enum status snapshot_read(struct db_handle *read, struct arena *arena, int64_t kind, struct snapshot *snapshot,
                          struct index_state *state, struct error *error);

/* cache.c: sets shared by the views of all threads. */
struct shared_set {
    atomic_uint references;
    roaring_bitmap_t *bitmap; /* never changed */
};
struct cache;
struct cache_key {
    int64_t kind, key;
    uint64_t epoch;
};
struct cache *cache_new(size_t limit);
void cache_free(struct cache **cache);
struct shared_set *shared_new(roaring_bitmap_t *bitmap); /* one reference */
void shared_drop(struct shared_set *set);
/* The set, with a reference for the caller, and its position; NULL. */
struct shared_set *cache_get(struct cache *cache, const struct cache_key *key, uint64_t *position);
/* Keeps the set unless a later position is kept. */
void cache_put(struct cache *cache, const struct cache_key *key, uint64_t position, struct shared_set *set);
size_t cache_size(struct cache *cache);

/* merge.c: as index_merge, each kind up to where a block ends, so that a block that fills is written once. */
enum status index_merge_blocks(struct db *db, struct error *error);

/* view.c, kinds.c */
struct index_kind {
    int64_t kind;
    pthread_rwlock_t lock;
    bool loaded;
    uint64_t epoch;           /* changes when nothing of what was known holds any more */
    uint64_t trims;           /* how many times lines were forgotten */
    uint64_t position;        /* of the last line known */
    int64_t highest;          /* greatest txn known */
    struct snapshot known;    /* all lines that it sees are known; running is malloc'ed */
    struct index_state state; /* of the same moment */
    struct overlay overlay;
    pthread_mutex_t column_lock; /* of what follows; taken after lock */
    struct column *columns;
    size_t column_bytes;
    uint64_t column_uses;
    struct index_kind *next;
};
struct index {
    struct db *db;
    struct cache *cache;
    size_t column_limit;  /* bytes of the columns of one kind */
    pthread_mutex_t lock; /* of the list of kinds */
    struct index_kind *kinds;
};
struct index_kind *index_find_kind(struct index *index, int64_t kind);
void kind_free(struct index_kind *kind);

struct own_set;
struct index_view {
    struct index *index;
    struct index_kind *kind;
    struct db_handle *handle;
    struct arena *arena;
    struct snapshot snapshot;
    struct index_state state;
    uint64_t epoch, trims, position;
    uint64_t first_unseen;  /* position of the first line that the snapshot does not see, known or to come */
    bool alone;             /* nothing shared may be used */
    bool read_alone;        /* overlay has been read */
    struct overlay overlay; /* the whole log, when alone */
    enum status status;     /* the first failure of a reading */
    struct error error;
    struct own_set *own; /* what ends with the view */
};
/* Brings what the process knows of the kind up to the view's snapshot, or makes the view alone. */
enum status kind_learn(struct index_view *view, struct error *error);
/* The set of the key as the view sees it: one reference for the caller. */
struct shared_set *kind_set(struct index_view *view, int64_t key);
/* Reads the lines from txn on into the overlay; each once. */
enum status lines_read(struct db_handle *read, int64_t kind, int64_t txn, struct line **lines, size_t *count,
                       struct error *error);

/* column.c. The kind is locked for writing. */
void columns_free(struct index_kind *kind);
void columns_follow(struct index_kind *kind); /* before lines are forgotten */

struct index_set {
    const roaring_bitmap_t *bitmap;
};

#endif
