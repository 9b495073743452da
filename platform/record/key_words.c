/* key_words.c: the words of a record: the key of the stem of each, and the dictionary. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/language/language.h"
#include "platform/record/keys_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum { FIRST_TERMS = 64, WORDS_MOST = 200000, SIREN_DIGITS = 9, SIRET_DIGITS = 14 };

struct stem {
    int64_t keys[WORD_CLASSES]; /* 0: not worked out yet */
    uint64_t round;             /* of the record that had it last */
    int64_t key;                /* the one under which it stands there */
    const char *text;
};
struct word {
    struct stem *stem;
    uint64_t round;
    bool known;            /* to be in the dictionary, or to be put there by this transaction: */
    struct word *next_new; /* then in the list of the cache */
    char text[];
};

struct word_gathering {
    struct gathering *keys;
    struct word **words;
    size_t count, room;
    enum search_weight weight;
    int64_t heavy; /* words of weight A */
};

static struct word *find_word(struct key_cache *cache, const char *text, size_t length)
{
    struct word *word = map_get(cache->words, text);
    if (word) return word;
    word = arena_alloc(cache->arena, sizeof *word + length + 1);
    memcpy(word->text, text, length);
    const char *stem = text_stem(cache->arena, word->text);
    word->stem = map_get(cache->stems, stem);
    if (!word->stem) {
        word->stem = ARENA_NEW(cache->arena, struct stem);
        word->stem->text = stem;
        map_put(cache->stems, stem, word->stem);
    }
    map_put(cache->words, text, word);
    return word;
}

static void keep_word(struct word_gathering *words, struct word *word)
{
    if (words->count == words->room) {
        struct word **larger = ARENA_ARRAY(words->keys->arena, words->room * 2, struct word *);
        memcpy(larger, words->words, words->count * sizeof *larger);
        words->words = larger;
        words->room *= 2;
    }
    words->words[words->count++] = word;
}

/* A stem stands where it was met first, under the greatest weight. */
static void add_stem(struct word_gathering *words, struct stem *stem)
{
    if (stem->round == words->keys->cache->round) return;
    int64_t *key = &stem->keys[WEIGHT_A - words->weight];
    if (!*key) *key = index_key(word_fields[WEIGHT_A - words->weight], stem->text);
    stem->round = words->keys->cache->round;
    stem->key = *key;
    keys_add(words->keys, *key);
    words->heavy += words->weight == WEIGHT_A;
}

static void add_text(struct word_gathering *words, const char *text)
{
    const char *folded = text ? text_fold(words->keys->arena, text) : "";
    char plain[TEXT_WORD_MOST + 1];
    size_t length = 0, count = 0;
    for (const char *at = text_next_word(&folded, &length); at && count < TEXT_WORDS_MOST;
         at = text_next_word(&folded, &length)) {
        memcpy(plain, at, length);
        plain[length] = '\0';
        struct word *word = find_word(words->keys->cache, plain, length);
        if (word->round == words->keys->cache->round) continue;
        word->round = words->keys->cache->round;
        add_stem(words, word->stem);
        keep_word(words, word);
        count++;
    }
}

static void add_label(struct word_gathering *words, const char *scheme, const char *code)
{
    const struct vocabulary_code *found =
        words->keys->vocabulary ? vocabulary_find(words->keys->vocabulary, scheme, code) : NULL;
    if (!found) return;
    add_text(words, found->label_fr);
    add_text(words, found->label_en);
}

static void add_labels(struct word_gathering *words, const char *scheme, const char *list)
{
    for (const char *at = list; at && *at;) {
        const size_t length = strcspn(at, ";");
        add_label(words, scheme, arena_copy_bytes(words->keys->arena, at, length));
        at += length;
        at += *at == ';';
    }
}

static void add_choice_label(struct word_gathering *words, const struct field *field, const char *value)
{
    for (const struct option *option = field->choice.options; value && option && option->value; option++) {
        if (strcmp(option->value, value) != 0) continue;
        add_text(words, language_text(LANGUAGE_FRENCH, option->label));
        add_text(words, option->label);
    }
}

void words_of_text(struct word_gathering *words, const struct field *field, const void *member)
{
    (void)field;
    add_text(words, *(const char *const *)member);
}

/* The SIREN within a SIRET is a word as well: people look for either. */
void words_of_siret(struct word_gathering *words, const struct field *field, const void *member)
{
    const char *text = ((const struct siret *)member)->value;
    words_of_text(words, field, member);
    if (text && strlen(text) == SIRET_DIGITS) add_text(words, arena_copy_bytes(words->keys->arena, text, SIREN_DIGITS));
}

void words_of_code(struct word_gathering *words, const struct field *field, const void *member)
{
    const char *code = ((const struct code *)member)->value;
    if (code) add_label(words, field->code.scheme, code);
}

void words_of_codes(struct word_gathering *words, const struct field *field, const void *member)
{
    add_labels(words, field->code.scheme, ((const struct codes *)member)->value);
}

void words_of_choice(struct word_gathering *words, const struct field *field, const void *member)
{
    add_choice_label(words, field, ((const struct choice *)member)->value);
}

void words_of_place(struct word_gathering *words, const struct field *field, const void *member)
{
    const char *commune = ((const struct place *)member)->commune;
    (void)field;
    if (commune) add_label(words, "territory", commune);
}

static void add_field_text(struct word_gathering *words, const struct field *field, const void *record)
{
    const struct type *type = field_type(field);
    if (type->search) type->search(words, field, field_value(field, record));
}

/* The heaviest fields first, so that a word is kept under its greatest weight. */
void keys_add_words(struct gathering *gathering, const struct kind *kind, const void *record, struct record_keys *keys)
{
    struct word_gathering words = {.keys = gathering, .room = FIRST_TERMS};
    words.words = ARENA_ARRAY(gathering->arena, words.room, struct word *);
    gathering->cache->round++;
    for (words.weight = WEIGHT_A; words.weight > WEIGHT_NONE; words.weight--)
        for (const struct field *field = kind->fields; field->name; field++)
            if (field->search == words.weight && field_open(field)) add_field_text(&words, field, record);
    if (words.count) {
        int length_class = 0;
        while (words.heavy > length_limits[length_class]) length_class++;
        keys_add(gathering, index_key_number("length", length_class));
    }
    keys->words = words.words;
    keys->word_count = words.count;
}

/* ---- the dictionary ---- */

void key_cache_know(const struct record_keys *keys)
{
    for (size_t i = 0; i < keys->word_count; i++) keys->words[i]->known = true;
}

size_t key_cache_take(struct key_cache *cache, const struct record_keys *keys, struct index_term *terms)
{
    size_t count = 0;
    for (size_t i = 0; i < keys->word_count; i++) {
        struct word *word = keys->words[i];
        if (word->known) continue;
        terms[count++] = (struct index_term){word->text, word->stem->key};
        word->known = true;
        word->next_new = cache->new_words;
        cache->new_words = word;
    }
    return count;
}

void key_cache_done(struct key_cache *cache) { cache->new_words = NULL; }

void key_cache_begin(struct key_cache *cache)
{
    for (struct word *word = cache->new_words; word; word = word->next_new) word->known = false;
    cache->new_words = NULL;
    if (map_size(cache->words) < WORDS_MOST) return;
    arena_reset(cache->arena);
    key_cache_fill(cache);
}
