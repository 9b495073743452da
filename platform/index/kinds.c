/* kinds.c: what a process knows of the index of a kind, and the sets made of it. See index_private.h. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/index/index_private.h"

enum { TRIES = 4, FIRST_LINES = 16 };

static struct index_kind *new_kind(int64_t number)
{
    struct index_kind *kind = calloc(1, sizeof *kind);
    if (!kind) fatal_memory(sizeof *kind);
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&kind->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    pthread_mutex_init(&kind->column_lock, NULL);
    kind->kind = number;
    return kind;
}

struct index_kind *index_find_kind(struct index *index, int64_t number)
{
    pthread_mutex_lock(&index->lock);
    struct index_kind *kind = index->kinds;
    while (kind && kind->kind != number) kind = kind->next;
    if (!kind) {
        kind = new_kind(number);
        kind->next = index->kinds;
        index->kinds = kind;
    }
    pthread_mutex_unlock(&index->lock);
    return kind;
}

void kind_free(struct index_kind *kind)
{
    columns_free(kind);
    overlay_clear(&kind->overlay);
    free(kind->known.running);
    pthread_mutex_destroy(&kind->column_lock);
    pthread_rwlock_destroy(&kind->lock);
    free(kind);
}

static void free_lines(struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) free(lines[i].bytes);
    free(lines);
}

static void keep_line(struct line **lines, size_t *count, const struct db_rows *rows)
{
    if ((*count & (*count - 1)) == 0 && (*count == 0 || *count >= FIRST_LINES)) {
        *lines = realloc(*lines, (*count ? *count * 2 : FIRST_LINES) * sizeof **lines);
        if (!*lines) fatal_memory(*count);
    }
    struct line *line = &(*lines)[(*count)++];
    *line = (struct line){.txn = db_get_integer(rows, 0), .id = db_get_integer(rows, 1)};
    const void *bytes = db_get_blob(rows, 2, &line->length);
    line->bytes = malloc(line->length ? line->length : 1);
    if (!line->bytes) fatal_memory(line->length);
    if (line->length) memcpy(line->bytes, bytes, line->length);
}

enum status lines_read(struct db_handle *read, int64_t kind, int64_t txn, struct line **lines, size_t *count,
                       struct error *error)
{
    *lines = NULL;
    *count = 0;
    struct db_rows *rows =
        db_query(read, "SELECT txn, line, changes FROM index_log WHERE kind = $1 AND txn >= $2 ORDER BY txn, line",
                 DB_BIND(db_integer(kind), db_integer(txn)));
    while (db_next(rows)) keep_line(lines, count, rows);
    const enum status status = db_end(&rows, error);
    if (status) {
        free_lines(*lines, *count);
        *lines = NULL;
        *count = 0;
    }
    return status;
}

static enum status damaged(struct error *error)
{
    return error_set(error, STATUS_FAULT, N_("A line of the index's log is damaged. Rebuild the index."));
}

/* ---- learning ---- */

static bool same_state(const struct index_state *a, const struct index_state *b)
{
    return a->folded == b->folded && a->direct == b->direct && a->through == b->through;
}

static void apply(roaring_bitmap_t *bitmap, const struct member_change *change)
{
    if (change->gained)
        roaring_bitmap_add_many(bitmap, change->count, change->slots);
    else
        roaring_bitmap_remove_many(bitmap, change->count, change->slots);
}

struct pending {
    const struct overlay_change **items; /* malloc'ed; the newest first */
    size_t count, room;
};

static void add_pending(struct pending *pending, const struct overlay_change *change)
{
    if (pending->count == pending->room) {
        pending->room = pending->room ? pending->room * 2 : FIRST_LINES;
        pending->items = realloc(pending->items, pending->room * sizeof *pending->items);
        if (!pending->items) fatal_memory(pending->room * sizeof *pending->items);
    }
    pending->items[pending->count++] = change;
}

/* Applies them, the oldest first, and ends them. */
static void apply_pending(struct pending *pending, roaring_bitmap_t *bitmap)
{
    while (pending->count) apply(bitmap, &pending->items[--pending->count]->change);
    free(pending->items);
}

/* Before lines are forgotten they are applied to the kept sets that lack them. */
static void refresh_kept(struct index_view *view)
{
    struct index_kind *kind = view->kind;
    for (size_t i = 0; i < kind->overlay.chain_room; i++) {
        const struct overlay_chain *chain = &kind->overlay.chains[i];
        uint64_t position = 0;
        const struct cache_key key = {kind->kind, chain->key, kind->epoch};
        struct shared_set *kept = chain->last ? cache_get(view->index->cache, &key, &position) : NULL;
        if (!kept) continue;
        struct pending pending = {0};
        for (const struct overlay_change *change = overlay_last(&kind->overlay, chain->key);
             change && change->position > position; change = overlay_before(&kind->overlay, change))
            add_pending(&pending, change);
        if (pending.count) {
            struct shared_set *fresh = shared_new(roaring_bitmap_copy(kept->bitmap));
            apply_pending(&pending, fresh->bitmap);
            cache_put(view->index->cache, &key, kind->position, fresh);
            shared_drop(fresh);
        }
        shared_drop(kept);
    }
}

static int64_t lines_below(const struct overlay *overlay, int64_t txn)
{
    int64_t count = 0;
    for (size_t i = 0; i < overlay->line_count; i++) count += overlay->lines[i].txn < txn;
    return count;
}

static void start_afresh(struct index_kind *kind)
{
    columns_free(kind);
    overlay_clear(&kind->overlay);
    kind->epoch++;
    kind->highest = 0;
    kind->loaded = false;
}

/* A merge has folded lines: those that are known are forgotten; if any was not known, everything is. */
static void follow_merge(struct index_view *view)
{
    struct index_kind *kind = view->kind;
    const bool direct = view->state.direct != kind->state.direct;
    if (direct || lines_below(&kind->overlay, view->state.through) != view->state.folded - kind->state.folded) {
        start_afresh(kind);
        return;
    }
    refresh_kept(view);
    columns_follow(kind);
    overlay_trim(&kind->overlay, view->state.through);
    kind->trims++;
    kind->state = view->state;
}

static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->txn != y->txn) return x->txn < y->txn ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* The lines known from txn on, in order, to be looked up. */
static struct line *known_lines(const struct overlay *overlay, int64_t txn, size_t *count)
{
    struct line *known = malloc((overlay->line_count + 1) * sizeof *known);
    if (!known) fatal_memory(overlay->line_count);
    *count = 0;
    for (size_t i = 0; i < overlay->line_count; i++)
        if (overlay->lines[i].txn >= txn) known[(*count)++] = overlay->lines[i];
    if (*count) qsort(known, *count, sizeof *known, compare_lines);
    return known;
}

static bool add_lines(struct index_kind *kind, int64_t from, struct line *lines, size_t count)
{
    size_t known_count = 0;
    bool good = true;
    struct line *known = known_lines(&kind->overlay, from, &known_count);
    for (size_t i = 0; i < count; i++) {
        if (known_count && bsearch(&lines[i], known, known_count, sizeof *known, compare_lines)) {
            free(lines[i].bytes);
        } else {
            lines[i].position = ++kind->position;
            if (lines[i].txn > kind->highest) kind->highest = lines[i].txn;
            good &= overlay_add(&kind->overlay, &lines[i]);
        }
        lines[i].bytes = NULL;
    }
    free(known);
    return good;
}

static void know_snapshot(struct index_kind *kind, const struct snapshot *snapshot)
{
    free(kind->known.running);
    kind->known = *snapshot;
    kind->known.running = malloc((snapshot->running_count + 1) * sizeof *snapshot->running);
    if (!kind->known.running) fatal_memory(snapshot->running_count);
    if (snapshot->running_count)
        memcpy(kind->known.running, snapshot->running, snapshot->running_count * sizeof *snapshot->running);
}

static bool is_older(const struct index_state *a, const struct index_state *b)
{
    return a->folded < b->folded || a->direct < b->direct;
}

/* The kind is locked for writing. The lines are those that the view's snapshot sees from txn on. */
static enum status absorb(struct index_view *view, int64_t from, struct line *lines, size_t count, struct error *error)
{
    struct index_kind *kind = view->kind;
    if (kind->loaded && is_older(&view->state, &kind->state)) return STATUS_OK;
    if (kind->loaded && !same_state(&view->state, &kind->state)) follow_merge(view);
    if (!kind->loaded && from) return STATUS_OK; /* all lines are needed: the next try */
    if (!kind->loaded) {
        kind->state = view->state;
        kind->trims++;
    }
    if (!add_lines(kind, from, lines, count)) {
        start_afresh(kind);
        return damaged(error);
    }
    if (!kind->loaded || !snapshot_covers(&kind->known, &view->snapshot)) know_snapshot(kind, &view->snapshot);
    kind->loaded = true;
    return STATUS_OK;
}

static uint64_t first_unseen(const struct index_view *view)
{
    const struct index_kind *kind = view->kind;
    uint64_t first = kind->position + 1; /* what is learned later is not seen either */
    if (kind->highest < view->snapshot.lowest) return first;
    for (size_t i = 0; i < kind->overlay.line_count; i++)
        if (kind->overlay.lines[i].position < first && !snapshot_sees(&view->snapshot, kind->overlay.lines[i].txn))
            first = kind->overlay.lines[i].position;
    return first;
}

/* Whether all that the snapshot sees is known; the kind is locked. */
static bool adopt(struct index_view *view)
{
    const struct index_kind *kind = view->kind;
    if (!kind->loaded || !same_state(&view->state, &kind->state) || !snapshot_covers(&kind->known, &view->snapshot))
        return false;
    view->epoch = kind->epoch;
    view->trims = kind->trims;
    view->position = kind->position;
    view->first_unseen = first_unseen(view);
    return true;
}

/* Whether it is worth reading lines, and from which transaction on. The kind is locked. */
static bool lines_wanted(const struct index_view *view, int64_t *from)
{
    const struct index_kind *kind = view->kind;
    *from = kind->loaded && view->state.direct == kind->state.direct ? kind->known.lowest : 0;
    return !kind->loaded || !is_older(&view->state, &kind->state);
}

enum status kind_learn(struct index_view *view, struct error *error)
{
    struct index_kind *kind = view->kind;
    enum status status = snapshot_read(view->handle, view->arena, kind->kind, &view->snapshot, &view->state, error);
    if (status) return status;
    view->alone = db_writing(view->handle);
    for (int i = 0; i < TRIES && !view->alone; i++) {
        int64_t from = 0;
        struct line *lines = NULL;
        size_t count = 0;
        pthread_rwlock_rdlock(&kind->lock);
        const bool adopted = adopt(view), wanted = !adopted && lines_wanted(view, &from);
        pthread_rwlock_unlock(&kind->lock);
        if (adopted) return STATUS_OK;
        if (!wanted) break;
        status = lines_read(view->handle, kind->kind, from, &lines, &count, error);
        if (status) return status;
        pthread_rwlock_wrlock(&kind->lock);
        status = absorb(view, from, lines, count, error);
        pthread_rwlock_unlock(&kind->lock);
        free_lines(lines, count);
        if (status) return status;
    }
    pthread_rwlock_rdlock(&kind->lock);
    view->alone = view->alone || !adopt(view);
    pthread_rwlock_unlock(&kind->lock);
    return STATUS_OK;
}

/* ---- sets ---- */

static void fail(struct index_view *view, enum status status, const struct error *error)
{
    if (view->status) return;
    view->status = status;
    view->error = *error;
}

/* The blocks as the snapshot has them. */
static roaring_bitmap_t *read_blocks(struct index_view *view, int64_t key)
{
    struct error error;
    roaring_bitmap_t *bitmap = roaring_bitmap_create();
    if (!bitmap) fatal_memory(0);
    struct db_rows *rows =
        db_query(view->handle, "SELECT block, bits FROM index_posting WHERE kind = $1 AND key = $2 ORDER BY block",
                 DB_BIND(db_integer(view->kind->kind), db_integer(key)));
    enum status status = STATUS_OK;
    while (status == STATUS_OK && db_next(rows)) {
        size_t length;
        const void *bytes = db_get_blob(rows, 1, &length);
        status = block_add_to(bitmap, db_get_integer(rows, 0), bytes, length, &error);
    }
    const enum status ended = db_end(&rows, status ? NULL : &error);
    if (status || ended) fail(view, status ? status : ended, &error);
    return bitmap;
}

static void settle(roaring_bitmap_t *bitmap)
{
    roaring_bitmap_run_optimize(bitmap);
    roaring_bitmap_shrink_to_fit(bitmap);
}

static void read_log_alone(struct index_view *view)
{
    struct error error;
    struct line *lines = NULL;
    size_t count = 0;
    const enum status status = lines_read(view->handle, view->kind->kind, 0, &lines, &count, &error);
    if (status) fail(view, status, &error);
    for (size_t i = 0; i < count; i++)
        if (!overlay_add(&view->overlay, &lines[i])) fail(view, damaged(&error), &error);
    free(lines);
    view->read_alone = true;
}

/* From the database alone. */
static struct shared_set *set_alone(struct index_view *view, int64_t key)
{
    if (!view->read_alone) read_log_alone(view);
    struct pending pending = {0};
    roaring_bitmap_t *bitmap = read_blocks(view, key);
    for (const struct overlay_change *change = overlay_last(&view->overlay, key); change;
         change = overlay_before(&view->overlay, change))
        add_pending(&pending, change);
    apply_pending(&pending, bitmap);
    settle(bitmap);
    return shared_new(bitmap);
}

/* How a set to which all lines up to a position were applied compares with what the view sees. */
struct comparison {
    struct pending lacks; /* what the view sees beyond */
    bool too_new;         /* a line was applied that the view does not see */
    bool whole;           /* the view sees all known lines of the key */
};

/* The kind is locked. */
static struct comparison compare(const struct index_view *view, int64_t key, uint64_t position)
{
    const struct overlay *overlay = &view->kind->overlay;
    struct comparison result = {.whole = true};
    for (const struct overlay_change *change = overlay_last(overlay, key); change;
         change = overlay_before(overlay, change)) {
        if (change->position <= position && change->position < view->first_unseen) break;
        const bool seen = change->position <= view->position && snapshot_sees(&view->snapshot, change->txn);
        result.whole &= seen;
        result.too_new |= !seen && change->position <= position;
        if (seen && change->position > position) add_pending(&result.lacks, change);
    }
    return result;
}

/* Applies to the bitmap (which becomes the result's) what it lacks, and keeps the result if later views may use it. The kind is locked. */
static struct shared_set *complete(struct index_view *view, const struct cache_key *key, struct comparison *comparison,
                                   roaring_bitmap_t *bitmap)
{
    apply_pending(&comparison->lacks, bitmap);
    struct shared_set *set = shared_new(bitmap);
    if (comparison->whole) cache_put(view->index->cache, key, view->position, set);
    return set;
}

static bool still_holds(const struct index_view *view)
{
    return view->epoch == view->kind->epoch && view->trims == view->kind->trims;
}

/* The kept set, completed; NULL when there is none, or, with *alone, when it cannot serve. The kind is locked. */
static struct shared_set *kept_set(struct index_view *view, const struct cache_key *key, bool *alone)
{
    uint64_t position = 0;
    *alone = !still_holds(view);
    struct shared_set *kept = *alone ? NULL : cache_get(view->index->cache, key, &position);
    if (!kept) return NULL;
    struct comparison comparison = compare(view, key->key, position);
    if (!comparison.too_new && !comparison.lacks.count) return kept;
    *alone = comparison.too_new;
    struct shared_set *set = NULL;
    if (comparison.too_new)
        free(comparison.lacks.items);
    else
        set = complete(view, key, &comparison, roaring_bitmap_copy(kept->bitmap));
    shared_drop(kept);
    return set;
}

static struct shared_set *read_set(struct index_view *view, const struct cache_key *key)
{
    struct shared_set *set = NULL;
    roaring_bitmap_t *bitmap = read_blocks(view, key->key);
    settle(bitmap);
    pthread_rwlock_rdlock(&view->kind->lock);
    if (still_holds(view) && !view->status) {
        struct comparison comparison = compare(view, key->key, 0);
        set = complete(view, key, &comparison, bitmap);
    }
    pthread_rwlock_unlock(&view->kind->lock);
    if (!set) roaring_bitmap_free(bitmap);
    return set;
}

struct shared_set *kind_set(struct index_view *view, int64_t key)
{
    bool alone = view->alone;
    struct shared_set *set = NULL;
    const struct cache_key cache_key = {view->kind->kind, key, view->epoch};
    if (!alone) {
        pthread_rwlock_rdlock(&view->kind->lock);
        set = kept_set(view, &cache_key, &alone);
        pthread_rwlock_unlock(&view->kind->lock);
    }
    if (!set && !alone) set = read_set(view, &cache_key);
    return set ? set : set_alone(view, key);
}
