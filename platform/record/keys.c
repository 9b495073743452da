#include "platform/record/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/language/language.h"
#include "platform/record/keys_private.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum { MOST_ANCESTORS = 16, FIRST_ROOM = 64 };

const char *const word_fields[WORD_CLASSES] = {"word.a", "word.b", "word.c"};
const int64_t length_limits[LENGTH_CLASSES] = {2, 4, 8, 16, 64, INT64_MAX};
const int64_t cell_sides[CELL_LEVELS] = {4 * MICRO_DEGREE, MICRO_DEGREE, MICRO_DEGREE / 4, MICRO_DEGREE / 16};

struct gathering {
    struct arena *arena;
    const struct vocabulary *vocabulary;
    int64_t *keys;
    size_t count, room;
};

static void add(struct gathering *gathering, int64_t key)
{
    if (gathering->count == gathering->room) {
        int64_t *larger = ARENA_ARRAY(gathering->arena, gathering->room * 2, int64_t);
        memcpy(larger, gathering->keys, gathering->count * sizeof *larger);
        gathering->keys = larger;
        gathering->room *= 2;
    }
    gathering->keys[gathering->count++] = key;
}

int64_t cell_key(int level, int64_t row, int64_t column)
{
    return index_key_number("cell", ((int64_t)level << 56) | row << 28 | column);
}

/* The number of bits is part of the field's name, so that 1 without its last 4 bits is not the number 1. */
static int64_t levelled_key(const char *field, char level, int64_t value)
{
    char name[96] = {level, ':'};
    strncat(name, field, sizeof name - 3);
    return index_key_number(name, value);
}

int64_t number_key(const char *field, int bits, int64_t prefix)
{
    return levelled_key(field, (char)('A' + bits / NUMBER_STEP), prefix);
}

int64_t date_key(const char *field, enum date_unit unit, int64_t value)
{
    static const char letters[] = {[DATE_DAY] = 'd', [DATE_MONTH] = 'm', [DATE_YEAR] = 'y'};
    return levelled_key(field, letters[unit], value);
}

bool is_number(const struct field *field)
{
    return field->type == FIELD_INTEGER || field->type == FIELD_DECIMAL || field->type == FIELD_MONEY;
}

bool is_date(const struct field *field) { return field->type == FIELD_DATE || field->type == FIELD_PERIOD; }

int64_t number_value(const struct field *field, const void *record)
{
    const void *value = field_value(field, record);
    if (field->type == FIELD_INTEGER) return ((const struct integer *)value)->value;
    if (field->type == FIELD_DECIMAL) return ((const struct decimal *)value)->scaled;
    return field->type == FIELD_MONEY ? ((const struct money *)value)->cents : ABSENT;
}

static void add_number(struct gathering *gathering, const char *field, int64_t value)
{
    if (value == ABSENT) return;
    add(gathering, number_key(field, 0, value));
    for (int bits = 0; value != 0 && value != -1;) {
        value >>= NUMBER_STEP;
        bits += NUMBER_STEP;
        add(gathering, number_key(field, bits, value));
    }
}

static void add_day(struct gathering *gathering, const char *field, int64_t day)
{
    if (day == ABSENT) return;
    const struct civil date = day_to_civil(day);
    add(gathering, date_key(field, DATE_DAY, day));
    add(gathering, date_key(field, DATE_MONTH, date.year * 12 + date.month - 1));
    add(gathering, date_key(field, DATE_YEAR, date.year));
}

static void add_period(struct gathering *gathering, const struct field *field, const struct period *period)
{
    add_day(gathering, arena_print(gathering->arena, "%s.from", field->name), period->from.day);
    add_day(gathering, arena_print(gathering->arena, "%s.to", field->name), period->to.day);
}

/* A code and its ancestors; one that is in no list stands alone. */
static void add_code(struct gathering *gathering, const char *field, const char *scheme, const char *code)
{
    const struct vocabulary_code *codes[MOST_ANCESTORS];
    const size_t count =
        gathering->vocabulary ? vocabulary_ancestors(gathering->vocabulary, scheme, code, codes, MOST_ANCESTORS) : 0;
    for (size_t i = 0; i < count; i++) add(gathering, index_key(field, codes[i]->code));
    add(gathering, index_key(field, code));
}

/* Calls use for each item of "a;b;c". */
typedef void item_user(struct gathering *gathering, const struct field *field, const char *item);
static void each_item(struct gathering *gathering, const struct field *field, const char *list, item_user *use)
{
    for (const char *at = list; at && *at;) {
        const size_t length = strcspn(at, ";");
        if (length) use(gathering, field, arena_copy_bytes(gathering->arena, at, length));
        at += length;
        at += *at == ';';
    }
}

static void add_item_code(struct gathering *gathering, const struct field *field, const char *code)
{
    add_code(gathering, field->name, field->code.scheme, code);
}

static void add_item_reference(struct gathering *gathering, const struct field *field, const char *id)
{
    add(gathering, index_key_number(field->name, strtoll(id, NULL, 10)));
}

static void add_facet(struct gathering *gathering, const struct field *field, const void *record)
{
    const void *value = field_value(field, record);
    if (is_number(field)) {
        add_number(gathering, field->name, number_value(field, record));
    } else if (field->type == FIELD_DATE) {
        add_day(gathering, field->name, ((const struct date *)value)->day);
    } else if (field->type == FIELD_PERIOD) {
        add_period(gathering, field, value);
    } else if (field->type == FIELD_CHOICE) {
        const char *word = ((const struct choice *)value)->value;
        if (word) add(gathering, index_key(field->name, word));
    } else if (field->type == FIELD_CODE) {
        const char *code = ((const struct code *)value)->value;
        if (code) add_item_code(gathering, field, code);
    } else if (field->type == FIELD_CODES) {
        each_item(gathering, field, ((const struct codes *)value)->value, add_item_code);
    } else if (field->type == FIELD_YESNO) {
        const int64_t yes = ((const struct yesno *)value)->value;
        if (yes != ABSENT) add(gathering, index_key(field->name, yes ? "1" : "0"));
    } else if (field->type == FIELD_REFERENCE) {
        const int64_t id = ((const struct reference *)value)->id;
        if (id) add(gathering, index_key_number(field->name, id));
    } else if (field->type == FIELD_REFERENCES) {
        each_item(gathering, field, ((const struct references *)value)->value, add_item_reference);
    }
}

static void add_place(struct gathering *gathering, const struct place *place)
{
    if (place->commune) add_code(gathering, "place", "territory", place->commune);
    if (place->latitude == ABSENT || place->longitude == ABSENT) return;
    for (int level = 0; level < CELL_LEVELS; level++)
        add(gathering, cell_key(level, cell_row(level, place->latitude), cell_column(level, place->longitude)));
}

static void add_head(struct gathering *gathering, const struct record *head)
{
    add(gathering, INDEX_ALL);
    add(gathering, index_key_number("reader", reader_token(head->audience, head->owner)));
    add(gathering, index_key_number("audience", head->audience));
    add(gathering, index_key_number("owner", head->owner));
    if (head->state) add(gathering, index_key("state", head->state));
}

/* ---- words ---- */

struct word_gathering {
    struct gathering *keys;
    struct map *stems; /* to the key under which each stands */
    struct map *words;
    struct index_term *terms; /* the distinct words */
    size_t count, room;
    enum search_weight weight;
    int64_t heavy; /* words of weight A */
};

static void keep_term(struct word_gathering *words, const char *word, int64_t key)
{
    if (words->count == words->room) {
        struct index_term *larger = ARENA_ARRAY(words->keys->arena, words->room * 2, struct index_term);
        memcpy(larger, words->terms, words->count * sizeof *larger);
        words->terms = larger;
        words->room *= 2;
    }
    words->terms[words->count++] = (struct index_term){word, key};
}

/* The key of the word's stem: where it stands already, or under the present weight. */
static int64_t stem_key(struct word_gathering *words, const char *word)
{
    const char *stem = text_stem(words->keys->arena, word);
    const int64_t *known = map_get(words->stems, stem);
    if (known) return *known;
    int64_t *key = ARENA_NEW(words->keys->arena, int64_t);
    *key = index_key(word_fields[WEIGHT_A - words->weight], stem);
    map_put(words->stems, stem, key);
    add(words->keys, *key);
    words->heavy += words->weight == WEIGHT_A;
    return *key;
}

static void add_text(struct word_gathering *words, const char *text)
{
    if (!text) return;
    const struct text_words plain = text_words(words->keys->arena, text);
    for (size_t i = 0; i < plain.count; i++) {
        if (map_get(words->words, plain.items[i])) continue;
        map_put(words->words, plain.items[i], words);
        keep_term(words, plain.items[i], stem_key(words, plain.items[i]));
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

static bool is_text(const struct field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_MARKDOWN || field->type == FIELD_LINK ||
           field->type == FIELD_EMAIL || field->type == FIELD_TELEPHONE || field->type == FIELD_SIREN ||
           field->type == FIELD_SIRET;
}

/* The SIREN within a SIRET is a word as well: people look for either. */
static void add_field_text(struct word_gathering *words, const struct field *field, const void *record)
{
    const void *value = field_value(field, record);
    if (is_text(field)) {
        const char *text = *(const char *const *)value;
        add_text(words, text);
        if (field->type == FIELD_SIRET && text && strlen(text) == 14)
            add_text(words, arena_copy_bytes(words->keys->arena, text, 9));
    } else if (field->type == FIELD_CODE) {
        const char *code = ((const struct code *)value)->value;
        if (code) add_label(words, field->code.scheme, code);
    } else if (field->type == FIELD_CODES) {
        add_labels(words, field->code.scheme, ((const struct codes *)value)->value);
    } else if (field->type == FIELD_CHOICE) {
        add_choice_label(words, field, ((const struct choice *)value)->value);
    } else if (field->type == FIELD_PLACE) {
        const char *commune = ((const struct place *)value)->commune;
        if (commune) add_label(words, "territory", commune);
    }
}

/* The heaviest fields first, so that a word is kept under its greatest weight. */
static void add_words(struct gathering *gathering, const struct kind *kind, const void *record,
                      struct record_keys *keys)
{
    struct word_gathering words = {
        .keys = gathering, .stems = map_new(gathering->arena), .words = map_new(gathering->arena), .room = FIRST_ROOM};
    words.terms = ARENA_ARRAY(gathering->arena, words.room, struct index_term);
    for (words.weight = WEIGHT_A; words.weight > WEIGHT_NONE; words.weight--)
        for (const struct field *field = kind->fields; field->name; field++)
            if (field->search == words.weight && field_open(field)) add_field_text(&words, field, record);
    if (words.count) {
        int length_class = 0;
        while (words.heavy > length_limits[length_class]) length_class++;
        add(gathering, index_key_number("length", length_class));
    }
    keys->terms = words.terms;
    keys->term_count = words.count;
}

static int compare_keys(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_distinct(int64_t *keys, size_t count)
{
    size_t kept = 0;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        if (!kept || keys[kept - 1] != keys[i]) keys[kept++] = keys[i];
    return kept;
}

struct record_keys record_index_keys(struct arena *arena, const struct vocabulary *vocabulary, const struct kind *kind,
                                     const void *record, const struct place *place)
{
    struct record_keys keys = {0};
    struct gathering gathering = {.arena = arena, .vocabulary = vocabulary, .room = FIRST_ROOM};
    gathering.keys = ARENA_ARRAY(arena, gathering.room, int64_t);
    add_head(&gathering, record);
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->facet && field_open(field)) add_facet(&gathering, field, record);
    if (place) add_place(&gathering, place);
    add_words(&gathering, kind, record, &keys);
    keys.count = sort_distinct(gathering.keys, gathering.count);
    keys.items = gathering.keys;
    return keys;
}

size_t record_new_terms(struct arena *arena, const struct record_keys *before, const struct record_keys *after,
                        struct index_term *terms)
{
    size_t count = 0;
    struct map *had = map_new(arena);
    for (size_t i = 0; before && i < before->term_count; i++) map_put(had, before->terms[i].text, had);
    for (size_t i = 0; i < after->term_count; i++)
        if (!map_get(had, after->terms[i].text)) terms[count++] = after->terms[i];
    return count;
}

/* What is in a and not in b, both ascending. */
static size_t without(const struct record_keys *a, const struct record_keys *b, int64_t *out)
{
    size_t count = 0, j = 0;
    for (size_t i = 0; i < a->count; i++) {
        while (j < b->count && b->items[j] < a->items[i]) j++;
        if (j == b->count || b->items[j] != a->items[i]) out[count++] = a->items[i];
    }
    return count;
}

struct keys_change record_keys_change(struct arena *arena, const struct record_keys *before,
                                      const struct record_keys *after)
{
    static const struct record_keys nothing;
    if (!before) before = &nothing;
    if (!after) after = &nothing;
    int64_t *lost = ARENA_ARRAY(arena, before->count, int64_t), *gained = ARENA_ARRAY(arena, after->count, int64_t);
    const size_t lost_count = without(before, after, lost), gained_count = without(after, before, gained);
    return (struct keys_change){lost, gained, lost_count, gained_count};
}
