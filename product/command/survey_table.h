/* survey_table.h: the columns that a survey command needs of a CSV file, as arrays.
 *
 * A command says which columns it wants, reads, and hands the arrays to an engine. What is wrong with a cell is said with
 * its file, line and column. */
#ifndef PRODUCT_COMMAND_SURVEY_TABLE_H
#define PRODUCT_COMMAND_SURVEY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;

enum table_kind {
    TABLE_NUMBER,   /* double; NaN where the cell is empty */
    TABLE_CATEGORY, /* uint32_t: the code of a label, in order of appearance; the empty cell has a label as well */
    TABLE_KEY,      /* const char *: present and different in each row */
    TABLE_TEXT,     /* const char *, possibly empty */
};

struct table_column {
    const char *name;
    enum table_kind kind;
    bool optional; /* absent from the file: present is false and there are no values */
    bool present;
    size_t place;       /* number of the cell in its row, from 1 */
    double *number;     /* per row; TABLE_NUMBER */
    uint32_t *code;     /* per row; TABLE_CATEGORY */
    const char **text;  /* per row; TABLE_KEY, TABLE_TEXT */
    const char **label; /* per code; TABLE_CATEGORY */
    size_t label_count;
    struct map *labels; /* label or key -> its number + 1 */
    size_t label_capacity;
};

struct table {
    struct arena *arena;
    const char *path;
    size_t row_count;
    uint32_t *line; /* per row */
    struct table_column **columns;
    size_t column_count;
    size_t row_capacity;
};

struct table *table_new(struct arena *arena, const char *path);

/* The column of that name, wanted in that form; the same column again gives the same pointer. A column may be wanted in two
 * forms. name is kept. */
struct table_column *table_want(struct table *table, const char *name, enum table_kind kind);

/* Reads the file. Then the columns are filled. O(cells). */
enum status table_read(struct table *table, struct error *error);

/* The column that identifies the units: name, or "id" when name is NULL; a file without it numbers its units from 1. */
struct table_column *table_want_id(struct table *table, const char *name);

/* Says in the error where a value stands; gives the error's status. */
enum status table_error_at(const struct table *table, size_t row, const struct table_column *column,
                           struct error *error);

/* The row of a key, or SIZE_MAX. O(1). */
size_t table_find_key(const struct table_column *column, const char *key);

/* Refuses empty, or otherwise missing, values of a column. */
enum status table_require_values(const struct table *table, const struct table_column *column, struct error *error);

#endif
