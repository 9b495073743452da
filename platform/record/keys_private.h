/* keys_private.h: the classes, levels and cells that keys.c writes and query.c reads. */
#ifndef PLATFORM_RECORD_KEYS_PRIVATE_H
#define PLATFORM_RECORD_KEYS_PRIVATE_H

#include <stdint.h>

#include "platform/record/kind.h"

enum { WORD_CLASSES = 3, LENGTH_CLASSES = 6, CELL_LEVELS = 4, NUMBER_STEP = 4, MICRO_DEGREE = 1000000 };

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

/* The value of a number field (INTEGER, DECIMAL, MONEY), ABSENT when there is none. */
int64_t number_value(const struct field *field, const void *record);
bool is_number(const struct field *field);
bool is_date(const struct field *field);

#endif
