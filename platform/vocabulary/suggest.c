/* suggest.c: the codes that a free text speaks of.
 *
 * Each label and synonym of a list is a term: the set of its stems. A stem weighs log((1 + terms) / terms that hold it). A term speaks
 * when the text holds all its stems or, if it has three or more, those that make 60 % of its weight. A code scores the weight held by its
 * best term, times the share held, and a tenth of what its other terms score. (Weights: K. Spärck Jones, 1972.) */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary_private.h"

enum { MOST_CODES = 5000, PARTIAL_FROM = 3 };

static const double enough = 0.6, of_others = 0.1;

struct term {
    int32_t code;
    uint32_t stems;
    double weight; /* of its stems together */
};

struct posting {
    uint32_t term;
    struct posting *next;
};

struct stem {
    uint32_t terms; /* that hold it */
    struct posting *postings;
    struct stem *next;
};

struct suggester {
    struct map *stems;
    struct stem *all;   /* a chain */
    struct term *terms; /* by code */
    size_t term_count;
};

/* Words that say nothing by themselves, as the stemmer leaves them; both languages. */
static bool is_empty_word(const char *stem)
{
    static const char *const words[] = {"de",  "du",   "des",  "la",   "le",  "les",  "et",   "ou",  "en",
                                        "au",  "aux",  "un",   "une",  "dan", "pour", "par",  "sur", "avec",
                                        "san", "sans", "and",  "of",   "the", "for",  "in",   "or",  "on",
                                        "to",  "with", "nous", "notr", "est", "son",  "dans", "que", "qui"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], stem) == 0) return true;
    return false;
}

static struct stem *stem_of(struct arena *arena, struct suggester *suggester, const char *text)
{
    struct stem *stem = map_get(suggester->stems, text);
    if (stem) return stem;
    stem = ARENA_NEW(arena, struct stem);
    stem->next = suggester->all;
    suggester->all = stem;
    map_put(suggester->stems, text, stem);
    return stem;
}

static void add_term(struct arena *arena, struct arena *scratch, struct suggester *suggester, int32_t code,
                     const char *text)
{
    const struct text_words words = text_stems(scratch, text);
    struct term *term = &suggester->terms[suggester->term_count];
    *term = (struct term){.code = code};
    for (size_t i = 0; i < words.count; i++) {
        if (is_empty_word(words.items[i])) continue;
        struct stem *stem = stem_of(arena, suggester, words.items[i]);
        struct posting *posting = ARENA_NEW(arena, struct posting);
        *posting = (struct posting){(uint32_t)suggester->term_count, stem->postings};
        stem->postings = posting;
        stem->terms++;
        term->stems++;
    }
    if (term->stems) suggester->term_count++;
}

static void add_code(struct arena *scratch, const struct vocabulary *vocabulary, struct suggester *suggester,
                     int32_t code)
{
    const struct vocabulary_code *entry = &vocabulary->codes[code];
    size_t count = 0;
    const struct attached *texts = vocabulary_attached(vocabulary, code, &count);
    add_term(vocabulary->arena, scratch, suggester, code, entry->label_fr);
    if (entry->label_en != entry->label_fr) add_term(vocabulary->arena, scratch, suggester, code, entry->label_en);
    for (size_t i = 0; i < count; i++)
        if (!texts[i].note) add_term(vocabulary->arena, scratch, suggester, code, texts[i].content);
}

static size_t most_terms(const struct vocabulary *vocabulary, const struct scheme *scheme)
{
    size_t count = 2 * (size_t)scheme->current, texts = 0;
    for (int32_t i = 0; i < scheme->current; i++) {
        vocabulary_attached(vocabulary, scheme->first + i, &texts);
        count += texts;
    }
    return count;
}

static double weight_of(const struct suggester *suggester, const struct stem *stem)
{
    return log((1.0 + (double)suggester->term_count) / stem->terms);
}

static void weigh_terms(struct suggester *suggester)
{
    for (const struct stem *stem = suggester->all; stem; stem = stem->next)
        for (const struct posting *posting = stem->postings; posting; posting = posting->next)
            suggester->terms[posting->term].weight += weight_of(suggester, stem);
}

static struct suggester *build(const struct vocabulary *vocabulary, const struct scheme *scheme)
{
    struct arena *scratch = arena_new();
    struct suggester *suggester = ARENA_NEW(vocabulary->arena, struct suggester);
    suggester->stems = map_new(vocabulary->arena);
    suggester->terms = ARENA_ARRAY(vocabulary->arena, most_terms(vocabulary, scheme), struct term);
    for (int32_t i = 0; i < scheme->current; i++) {
        if (!vocabulary->codes[scheme->first + i].retired) add_code(scratch, vocabulary, suggester, scheme->first + i);
        arena_reset(scratch);
    }
    arena_free(&scratch);
    weigh_terms(suggester);
    return suggester;
}

static const struct suggester *suggester_of(const struct vocabulary *vocabulary, struct scheme *scheme)
{
    struct suggester *suggester = atomic_load_explicit(&scheme->suggester, memory_order_acquire);
    if (suggester) return suggester;
    pthread_mutex_lock(&vocabulary->late->lock);
    suggester = atomic_load_explicit(&scheme->suggester, memory_order_relaxed);
    if (!suggester) {
        suggester = build(vocabulary, scheme);
        atomic_store_explicit(&scheme->suggester, suggester, memory_order_release);
    }
    pthread_mutex_unlock(&vocabulary->late->lock);
    return suggester;
}

/* What a text holds of a term. */
struct holding {
    uint32_t stems;
    double weight;
};

static struct holding *hold(struct arena *arena, const struct suggester *suggester, const char *text)
{
    struct holding *held = ARENA_ARRAY(arena, suggester->term_count, struct holding);
    const struct text_words words = text_stems(arena, text);
    for (size_t i = 0; i < words.count; i++) {
        const struct stem *stem = map_get(suggester->stems, words.items[i]);
        for (const struct posting *posting = stem ? stem->postings : NULL; posting; posting = posting->next) {
            held[posting->term].stems++;
            held[posting->term].weight += weight_of(suggester, stem);
        }
    }
    return held;
}

static double score_term(const struct term *term, struct holding held)
{
    if (held.stems == term->stems) return held.weight;
    const double share = held.weight / term->weight;
    return term->stems >= PARTIAL_FROM && share >= enough ? held.weight * share : 0;
}

struct scored {
    int32_t code;
    double score;
};

static void keep_scored(struct scored *best, size_t *count, size_t most, struct scored one)
{
    size_t at = *count;
    while (at > 0 && best[at - 1].score < one.score) at--;
    if (at == most) return;
    if (*count < most) ++*count;
    memmove(best + at + 1, best + at, (*count - at - 1) * sizeof *best);
    best[at] = one;
}

/* The terms of one code follow one another. */
static size_t score_codes(const struct suggester *suggester, const struct holding *held, struct scored *best,
                          size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < suggester->term_count;) {
        const int32_t code = suggester->terms[i].code;
        double highest = 0, sum = 0;
        for (; i < suggester->term_count && suggester->terms[i].code == code; i++) {
            const double score = held[i].stems ? score_term(&suggester->terms[i], held[i]) : 0;
            highest = fmax(highest, score);
            sum += score;
        }
        if (highest > 0) keep_scored(best, &count, most, (struct scored){code, highest + of_others * (sum - highest)});
    }
    return count;
}

size_t vocabulary_suggest(const struct vocabulary *vocabulary, struct arena *arena, const char *scheme_name,
                          const char *text, const struct vocabulary_code **out, size_t most)
{
    struct scheme *scheme = vocabulary_scheme(vocabulary, scheme_name);
    if (!scheme || !most || scheme->current > MOST_CODES) return 0;
    const struct suggester *suggester = suggester_of(vocabulary, scheme);
    struct scored *best = ARENA_ARRAY(arena, most, struct scored);
    const size_t count = score_codes(suggester, hold(arena, suggester, text), best, most);
    for (size_t i = 0; i < count; i++) out[i] = &vocabulary->codes[best[i].code];
    return count;
}
