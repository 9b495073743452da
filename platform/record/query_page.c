/* query_page.c: a page of what was found, in order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/index/index.h"
#include "platform/record/query_private.h"
#include "platform/record/store_private.h"
#include "platform/text/text.h"

enum { NAME_SORTED = 2000, WALKED_FOR_ONE = 40, FIRST_STRETCH = 500, LAST_STRETCH = 32000, BATCH_ROWS = 50 };

struct ranked {
    int64_t slot;
    double score;
    const char *name;
};

static int by_score(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return (x->slot < y->slot) - (x->slot > y->slot);
}

static int by_name(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order ? order : (x->slot > y->slot) - (x->slot < y->slot);
}

/* Adds to the scores of those that are in the set, or divides them; both lists go from the highest slot down. */
static void score_set(struct record_context *context, struct record_found *found, const struct index_set *set,
                      struct ranked *ranked, size_t count, double more, double divisor)
{
    const struct index_set *both = index_and(found->view, set, found->set);
    int64_t *slots = ARENA_ARRAY(context->arena, (size_t)index_count(both) + 1, int64_t);
    const size_t inside = index_slots_of(both, true, 0, slots, (size_t)index_count(both));
    for (size_t i = 0, j = 0; i < count && j < inside; i++) {
        if (ranked[i].slot != slots[j]) continue;
        ranked[i].score = (ranked[i].score + more) / divisor;
        j++;
    }
}

/* Each word counts by its rarity among what the viewer may read (log of all over those that have it) and by the weight of the field that
 * holds it; names that hold little else come first: the length classes stand for the length of BM25 (Robertson and Zaragoza 2009), term
 * frequency being one. */
static void score_words(struct record_context *context, struct record_found *found, const char *words,
                        struct ranked *ranked, size_t count)
{
    static const double weights[WORD_CLASSES] = {4, 2, 1};
    const struct text_words asked = query_words(context->arena, words);
    const double all = (double)index_count(found->visible) + 1;
    for (size_t w = 0; w < asked.count; w++)
        for (int class = 0; class < WORD_CLASSES; class ++) {
            const char *stem = text_stem(context->arena, asked.items[w]);
            const struct index_set *set = index_get(found->view, index_key(word_fields[class], stem));
            const double rarity = weights[class] * log(1 + all / ((double)index_and_count(set, found->visible) + 1));
            score_set(context, found, set, ranked, count, rarity, 1);
        }
    for (int class = 1; class < LENGTH_CLASSES; class ++)
        score_set(context, found, index_get(found->view, index_key_number("length", class)), ranked, count, 0,
                  1 + 0.15 * class);
}

/* Hoare's partition: none up to the index that it gives, which is not the last, is worse than any after it. */
static int64_t part(struct ranked *ranked, int64_t count)
{
    const struct ranked pivot = ranked[(count - 1) / 2];
    int64_t low = -1, high = count;
    for (;;) {
        do low++;
        while (by_score(&ranked[low], &pivot) < 0);
        do high--;
        while (by_score(&ranked[high], &pivot) > 0);
        if (low >= high) return high;
        const struct ranked other = ranked[low];
        ranked[low] = ranked[high];
        ranked[high] = other;
    }
}

/* Brings the `first` best before the others, in no order. */
static void select_best(struct ranked *ranked, int64_t count, int64_t first)
{
    while (count > 1 && first > 0 && first < count) {
        const int64_t cut = part(ranked, count) + 1;
        if (first < cut) {
            count = cut;
        } else {
            ranked += cut;
            count -= cut;
            first -= cut;
        }
    }
}

static struct ranked *all_slots(struct record_context *context, const struct record_found *found, size_t *count)
{
    *count = (size_t)found->total;
    int64_t *slots = ARENA_ARRAY(context->arena, *count + 1, int64_t);
    struct ranked *ranked = ARENA_ARRAY(context->arena, *count + 1, struct ranked);
    *count = index_slots_of(found->set, true, 0, slots, *count);
    for (size_t i = 0; i < *count; i++) ranked[i].slot = slots[i];
    return ranked;
}

static size_t cut_page(const struct record_query *query, const struct ranked *ranked, size_t count, int64_t *slots)
{
    const size_t skip = (size_t)((query->page - 1) * query->page_size);
    size_t kept = 0;
    for (size_t i = skip; i < count && kept < (size_t)query->page_size; i++) slots[kept++] = ranked[i].slot;
    return kept;
}

static size_t page_by_relevance(struct record_context *context, const struct record_query *query,
                                struct record_found *found, int64_t *slots)
{
    size_t count = 0;
    struct ranked *ranked = all_slots(context, found, &count);
    const int64_t end = query->page * query->page_size;
    score_words(context, found, query->words, ranked, count);
    if (end < (int64_t)count) {
        select_best(ranked, (int64_t)count, end);
        count = (size_t)end;
    }
    qsort(ranked, count, sizeof *ranked, by_score);
    return cut_page(query, ranked, count, slots);
}

static enum status sort_few(struct record_context *context, const struct record_query *query,
                            struct record_found *found, int64_t *slots, size_t *kept, struct error *error)
{
    size_t count = 0, named = 0;
    struct ranked *ranked = all_slots(context, found, &count);
    const char *sql = query_batch_sql(context->arena, "r.slot, r.name_key", found->kind);
    int64_t *all = ARENA_ARRAY(context->arena, count + 1, int64_t);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) all[i] = ranked[i].slot;
    for (size_t i = 0; !status && i < count; i += SQL_BATCH) {
        struct db_rows *rows = query_batch(context, sql, all + i, count - i < SQL_BATCH ? count - i : SQL_BATCH);
        while (db_next(rows))
            ranked[named++] = (struct ranked){.slot = db_get_integer(rows, 0),
                                              .name = arena_copy(context->arena, db_get_text(rows, 1))};
        status = db_end(&rows, error);
    }
    qsort(ranked, named, sizeof *ranked, by_name);
    *kept = cut_page(query, ranked, named, slots);
    return status;
}

/* A walk along the index of names, from the end that is nearer to the page. */
struct walk {
    struct index_bits set;
    int64_t skip, wanted;
    const char *name; /* where the next stretch begins: beyond this name and slot */
    int64_t slot;
    int64_t *slots;
    size_t kept;
    bool ended;
};

/* One stretch: a limit tells PostgreSQL to go by the index rather than sort all names. */
static enum status walk_stretch(struct record_context *context, const char *sql, int64_t length, struct walk *walk,
                                struct error *error)
{
    int64_t seen = 0;
    struct db_rows *rows =
        db_query(context->handle, sql, DB_BIND(db_text(walk->name), db_integer(walk->slot), db_integer(length)));
    while ((int64_t)walk->kept < walk->wanted && db_next(rows)) {
        walk->slot = db_get_integer(rows, 0);
        if (++seen == length) walk->name = arena_copy(context->arena, db_get_text(rows, 1));
        if (index_bit(&walk->set, walk->slot) && walk->skip-- <= 0) walk->slots[walk->kept++] = walk->slot;
    }
    walk->ended = (int64_t)walk->kept == walk->wanted || seen < length;
    return db_end(&rows, error);
}

/* Some 100 ns a record on SQLite, until the page is full. */
static enum status walk_names(struct record_context *context, const struct record_query *query,
                              struct record_found *found, int64_t *slots, size_t *kept, struct error *error)
{
    const int64_t first = (query->page - 1) * query->page_size, left = found->total - first;
    const int64_t wanted = left < query->page_size ? left : query->page_size;
    const bool backwards = first > found->total / 2;
    struct walk walk = {.set = index_bits_of(found->view, found->set),
                        .skip = backwards ? left - wanted : first,
                        .wanted = wanted,
                        .name = backwards ? "\U0010FFFF" : "",
                        .slot = backwards ? INT64_MAX : -1,
                        .slots = slots,
                        .ended = wanted <= 0};
    const char *sql =
        arena_print(context->arena,
                    backwards ? "SELECT r.slot, r.name_key FROM %s r WHERE (r.name_key, r.slot) < ($1, $2) "
                                "ORDER BY r.name_key DESC, r.slot DESC LIMIT $3"
                              : "SELECT r.slot, r.name_key FROM %s r WHERE (r.name_key, r.slot) > ($1, $2) "
                                "ORDER BY r.name_key, r.slot LIMIT $3",
                    found->kind->name);
    enum status status = STATUS_OK;
    for (int64_t length = FIRST_STRETCH; !status && !walk.ended; length *= length < LAST_STRETCH ? 4 : 1)
        status = walk_stretch(context, sql, length, &walk, error);
    *kept = walk.kept;
    for (size_t i = 0; backwards && i < *kept / 2; i++) {
        const int64_t other = slots[i];
        slots[i] = slots[*kept - 1 - i];
        slots[*kept - 1 - i] = other;
    }
    return status;
}

/* Whether the index of names is walked rather than the name of each match fetched, which costs as much as some 40 steps. */
static bool is_walked(const struct record_query *query, const struct record_found *found)
{
    const int64_t end = query->page * query->page_size, left = found->total - (end - query->page_size);
    const int64_t steps = found->total ? index_count(found->visible) * (end < left ? end : left) / found->total : 0;
    return found->total > NAME_SORTED || steps < found->total * WALKED_FOR_ONE;
}

static enum status page_slots(struct record_context *context, const struct record_query *query,
                              struct record_found *found, int64_t *slots, size_t *count, struct error *error)
{
    const int64_t skip = (query->page - 1) * query->page_size;
    if (query->sort == SORT_NAME)
        return is_walked(query, found) ? walk_names(context, query, found, slots, count, error)
                                       : sort_few(context, query, found, slots, count, error);
    if (query->sort == SORT_WHEN && found->kind->starts && found->total <= QUERY_RANKED)
        return query_page_when(context, query, found, slots, count, error);
    if (found->ranked)
        *count = page_by_relevance(context, query, found, slots);
    else
        *count = index_slots_of(found->set, query->sort != SORT_OLD, skip, slots, (size_t)query->page_size);
    return STATUS_OK;
}

enum status record_found_page(struct record_context *context, const struct record_query *query,
                              struct record_found *found, void ***records, size_t *count, struct error *error)
{
    int64_t *slots = ARENA_ARRAY(context->arena, (size_t)query->page_size, int64_t);
    size_t asked = 0;
    *records = ARENA_ARRAY(context->arena, (size_t)query->page_size, void *);
    enum status status = page_slots(context, query, found, slots, &asked, error);
    if (!status) status = record_load_slots(context, found->kind, slots, asked, *records, count, error);
    return status ? status : index_view_status(found->view, error);
}

enum status record_found_next(struct record_context *context, struct record_found *found, int64_t *at, void ***records,
                              size_t *count, struct error *error)
{
    int64_t slots[BATCH_ROWS];
    const int64_t skip = *at == INT64_MAX ? 0 : *at;
    *records = ARENA_ARRAY(context->arena, BATCH_ROWS, void *);
    const size_t asked = index_slots_of(found->set, true, skip, slots, BATCH_ROWS);
    *at = skip + (int64_t)asked;
    *count = 0;
    return asked ? record_load_slots(context, found->kind, slots, asked, *records, count, error)
                 : index_view_status(found->view, error);
}
