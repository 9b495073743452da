/* keys_private.h: the classes, levels and cells that keys.c writes and query.c reads. */
#ifndef PLATFORM_RECORD_KEYS_PRIVATE_H
#define PLATFORM_RECORD_KEYS_PRIVATE_H

#include <stdint.h>

#include "platform/record/keys.h"
#include "platform/record/kind.h"

struct map;

enum { WORD_CLASSES = 3, LENGTH_CLASSES = 6, CELL_LEVELS = 4, NUMBER_STEP = 4, MICRO_DEGREE = 1000000 };

/* What was worked out for earlier records, and is the same for the next: a word and its stem, a code and its ancestors. */
enum { MOST_ANCESTORS = 16 };
struct key_cache {
    struct arena *arena;       /* its own */
    struct map *words, *stems; /* texts: struct word, struct stem */
    struct map *codes;         /* field: map of struct code_keys by code */
    uint64_t round;            /* one a record */
    struct word *new_words;    /* given to the dictionary since the transaction began */
};
void key_cache_fill(struct key_cache *cache); /* with empty maps */
struct code_keys {
    int64_t items[MOST_ANCESTORS + 1];
    size_t count;
};

/* The keys of one record, as they are found. */
struct gathering {
    struct arena *arena;
    struct key_cache *cache;
    const struct vocabulary *vocabulary;
    int64_t *keys;
    size_t count, room;
};
void keys_add(struct gathering *gathering, int64_t key);
/* Its words: their keys, and the words of `keys`. */
void keys_add_words(struct gathering *gathering, const struct kind *kind, const void *record, struct record_keys *keys);

/* "word.a", "word.b", "word.c", by class 0, 1, 2. */
extern const char *const word_fields[WORD_CLASSES];
/* Words in fields of weight A, at most, of each class. */
extern const int64_t length_limits[LENGTH_CLASSES];
/* Sides of the cells in millionths of a degree, the largest first. */
extern const int64_t cell_sides[CELL_LEVELS];

/* The cell of that level and row and column; rows count from the south pole, columns from 180° west. */
int64_t cell_key(int level, int64_t row, int64_t column);
static inline int64_t cell_row(int level, int64_t latitude)
{
    return (latitude + 90 * (int64_t)MICRO_DEGREE) / cell_sides[level];
}
static inline int64_t cell_column(int level, int64_t longitude)
{
    return (longitude + 180 * (int64_t)MICRO_DEGREE) / cell_sides[level];
}

/* The key of a number without its last `bits` bits (NUMBER_STEP apart), and of a day, month (year * 12 + month - 1) and year. */
int64_t number_key(const char *field, int bits, int64_t prefix);
enum date_unit { DATE_DAY, DATE_MONTH, DATE_YEAR };
int64_t date_key(const char *field, enum date_unit unit, int64_t value);

/* The keys and the searched words of a member, by its type: for the table of types. Absent members have none. */
typedef void keys_of(struct gathering *gathering, const struct field *field, const void *member);
keys_of keys_of_number, keys_of_date, keys_of_moment, keys_of_period, keys_of_choice, keys_of_code, keys_of_codes,
    keys_of_yesno, keys_of_reference, keys_of_references;
struct word_gathering;
typedef void words_of(struct word_gathering *words, const struct field *field, const void *member);
words_of words_of_text, words_of_siret, words_of_code, words_of_codes, words_of_choice, words_of_place;

#endif
