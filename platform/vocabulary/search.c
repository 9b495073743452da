/* search.c: codes by the beginnings of the words of their names.
 *
 * One sorted array of all words of all current codes; a query looks at the codes of its rarest word and checks the others in their
 * folded text. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary_private.h"

enum { MOST_WORDS = 16 };

/* A word within the folded text of a code; ends at a space, a line end or the NUL. */
struct word {
    const char *text;
    int32_t code;
};

struct word_index {
    struct word *words;
    size_t count;
};

struct query {
    const char *text; /* folded */
    const char *words[MOST_WORDS];
    size_t lengths[MOST_WORDS];
    size_t count;
};

struct hit {
    int32_t code;
    int rank; /* 2: is the label or the code; 1: has all words whole; 0: their beginnings */
};

struct hits {
    const struct vocabulary *vocabulary;
    struct hit *best; /* sorted */
    size_t count, most;
};

static bool ends_word(char character) { return character == '\0' || character == ' ' || character == '\n'; }

static const char *next_word(const char *at)
{
    while (!ends_word(*at)) at++;
    while (*at == ' ' || *at == '\n') at++;
    return at;
}

static int compare_words(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    const char *x = a->text, *y = b->text;
    while (*x == *y && !ends_word(*x)) x++, y++;
    const int first = ends_word(*x) ? 0 : (unsigned char)*x, second = ends_word(*y) ? 0 : (unsigned char)*y;
    if (first != second) return first < second ? -1 : 1;
    return (a->code > b->code) - (a->code < b->code);
}

/* Calls for each word of each code that may be proposed; counts them when words is NULL. */
static size_t gather_words(const struct vocabulary *vocabulary, struct word *words)
{
    size_t count = 0;
    for (size_t s = 0; s < vocabulary->scheme_count; s++) {
        const struct scheme *scheme = &vocabulary->schemes[s];
        for (int32_t i = scheme->first; i < scheme->first + scheme->current; i++) {
            if (vocabulary->codes[i].retired) continue;
            for (const char *at = vocabulary->folded[i]; *at; at = next_word(at), count++)
                if (words) words[count] = (struct word){at, i};
        }
    }
    return count;
}

static struct word_index *build_index(const struct vocabulary *vocabulary)
{
    struct word_index *index = ARENA_NEW(vocabulary->arena, struct word_index);
    index->count = gather_words(vocabulary, NULL);
    index->words = ARENA_ARRAY(vocabulary->arena, index->count, struct word);
    gather_words(vocabulary, index->words);
    if (index->count) qsort(index->words, index->count, sizeof *index->words, compare_words);
    return index;
}

/* The index, made by the first thread that needs it. */
static const struct word_index *word_index(const struct vocabulary *vocabulary)
{
    struct made_late *late = vocabulary->late;
    struct word_index *index = atomic_load_explicit(&late->words, memory_order_acquire);
    if (index) return index;
    pthread_mutex_lock(&late->lock);
    index = atomic_load_explicit(&late->words, memory_order_relaxed);
    if (!index) {
        index = build_index(vocabulary);
        atomic_store_explicit(&late->words, index, memory_order_release);
    }
    pthread_mutex_unlock(&late->lock);
    return index;
}

static struct query read_query(struct arena *arena, const char *text)
{
    struct query query = {.text = text_fold(arena, text)};
    for (const char *at = query.text; *at && query.count < MOST_WORDS; at = next_word(at)) {
        query.words[query.count] = at;
        query.lengths[query.count++] = strcspn(at, " \n");
    }
    return query;
}

/* The first word that is not before the prefix (or, with `after`, that is beyond all that begin with it). */
static size_t edge(const struct word_index *index, const char *prefix, size_t length, bool after)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *word = index->words[middle].text;
        const size_t whole = strcspn(word, " \n");
        int order = memcmp(word, prefix, whole < length ? whole : length);
        if (order == 0 && whole < length) order = -1;
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether a word of the folded text begins with the prefix; *whole becomes false unless one is the prefix. */
static bool has_word(const char *folded, const char *prefix, size_t length, bool *whole)
{
    bool found = false;
    for (const char *at = folded; *at; at = next_word(at)) {
        if (strncmp(at, prefix, length) != 0) continue;
        if (ends_word(at[length])) return true;
        found = true;
    }
    *whole = false;
    return found;
}

/* Whether one of the lines is the query. */
static bool has_line(const char *folded, const char *query)
{
    const size_t length = strlen(query);
    for (const char *line = folded; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, query, length) == 0 && (line[length] == '\n' || line[length] == '\0')) return true;
    return false;
}

static int rank_of(const struct vocabulary *vocabulary, const struct query *query, int32_t code)
{
    bool whole = true;
    for (size_t i = 0; i < query->count; i++)
        if (!has_word(vocabulary->folded[code], query->words[i], query->lengths[i], &whole)) return NOWHERE;
    return whole ? 1 + has_line(vocabulary->folded[code], query->text) : 0;
}

static bool is_better(const struct vocabulary *vocabulary, struct hit a, struct hit b)
{
    if (a.rank != b.rank) return a.rank > b.rank;
    const int64_t people = vocabulary->codes[a.code].population, others = vocabulary->codes[b.code].population;
    return people != others ? people > others : a.code < b.code;
}

/* Keeps the best hits in order. A code met by two of its words is kept once. */
static void keep_hit(struct hits *hits, struct hit hit)
{
    size_t at = hits->count;
    while (at > 0 && is_better(hits->vocabulary, hit, hits->best[at - 1])) at--;
    if (at == hits->most || (at > 0 && hits->best[at - 1].code == hit.code)) return;
    if (hits->count < hits->most) hits->count++;
    memmove(hits->best + at + 1, hits->best + at, (hits->count - at - 1) * sizeof *hits->best);
    hits->best[at] = hit;
}

static void look_through(struct hits *hits, const struct query *query, const struct scheme *scheme, const char *level,
                         const struct word *words, size_t count)
{
    const struct vocabulary_code *codes = hits->vocabulary->codes;
    for (size_t i = 0; i < count; i++) {
        const int32_t code = words[i].code;
        if (code < scheme->first || code >= scheme->first + scheme->current) continue;
        if (level && strcmp(codes[code].level, level) != 0) continue;
        const int rank = rank_of(hits->vocabulary, query, code);
        if (rank != NOWHERE) keep_hit(hits, (struct hit){code, rank});
    }
}

/* The codes that match the query, by its rarest word. */
static void search(struct hits *hits, const struct query *query, const struct scheme *scheme, const char *level)
{
    const struct word_index *index = word_index(hits->vocabulary);
    size_t first = 0, count = SIZE_MAX;
    for (size_t i = 0; i < query->count; i++) {
        const size_t start = edge(index, query->words[i], query->lengths[i], false);
        const size_t width = edge(index, query->words[i], query->lengths[i], true) - start;
        if (width >= count) continue;
        first = start;
        count = width;
    }
    look_through(hits, query, scheme, level, index->words + first, query->count ? count : 0);
}

/* The word as names have it: abbreviations of addresses in full, plurals without their mark. */
static const char *as_in_names(struct arena *arena, const char *word, size_t length)
{
    static const char *const abbreviations[][2] = {{"st", "saint"}, {"ste", "sainte"}, {"sts", "saints"}};
    char *copy = arena_copy_bytes(arena, word, length);
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (strcmp(copy, abbreviations[i][0]) == 0) return abbreviations[i][1];
    if (length > 3 && (copy[length - 1] == 's' || copy[length - 1] == 'x')) copy[length - 1] = '\0';
    return copy;
}

/* The query with such words, tried when the words as typed are found nowhere. */
static struct query loosened(struct arena *arena, const struct query *query)
{
    const char *text = "";
    for (size_t i = 0; i < query->count; i++)
        text = arena_print(arena, "%s%s ", text, as_in_names(arena, query->words[i], query->lengths[i]));
    return read_query(arena, text);
}

size_t vocabulary_search(const struct vocabulary *vocabulary, struct arena *arena, enum language language,
                         const char *scheme_name, const char *level, const char *text,
                         const struct vocabulary_code **out, size_t most)
{
    (void)language; /* the names of both languages are found */
    const struct scheme *scheme = vocabulary_scheme(vocabulary, scheme_name);
    if (!scheme || !most) return 0;
    struct query query = read_query(arena, text);
    struct hits hits = {.vocabulary = vocabulary, .best = ARENA_ARRAY(arena, most, struct hit), .most = most};
    search(&hits, &query, scheme, level);
    if (!hits.count) {
        query = loosened(arena, &query);
        search(&hits, &query, scheme, level);
    }
    for (size_t i = 0; i < hits.count; i++) out[i] = &vocabulary->codes[hits.best[i].code];
    return hits.count;
}
