#include "product/command/survey_table.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/csv/csv.h"

enum { FIRST_ROWS = 1024, FIRST_LABELS = 16, COLUMNS_MOST = 256 };

struct table *table_new(struct arena *arena, const char *path)
{
    struct table *table = ARENA_NEW(arena, struct table);
    table->arena = arena;
    table->path = path;
    table->columns = ARENA_ARRAY(arena, COLUMNS_MOST, struct table_column *);
    return table;
}

struct table_column *table_want(struct table *table, const char *name, enum table_kind kind)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (table->columns[c]->kind == kind && strcmp(table->columns[c]->name, name) == 0) return table->columns[c];
    struct table_column *column = ARENA_NEW(table->arena, struct table_column);
    column->name = name;
    column->kind = kind;
    if (kind == TABLE_CATEGORY || kind == TABLE_KEY) column->labels = map_new(table->arena);
    if (table->column_count < COLUMNS_MOST) table->columns[table->column_count++] = column;
    return column;
}

struct table_column *table_want_id(struct table *table, const char *name)
{
    struct table_column *column = table_want(table, name ? name : "id", TABLE_KEY);
    column->optional = !name;
    return column;
}

static void *grow(struct arena *arena, const void *old, size_t count, size_t capacity, size_t size)
{
    void *larger = arena_array(arena, capacity, size);
    if (count) memcpy(larger, old, count * size);
    return larger;
}

static void grow_rows(struct table *table)
{
    const size_t count = table->row_count, capacity = table->row_capacity ? table->row_capacity * 2 : FIRST_ROWS;
    table->row_capacity = capacity;
    table->line = grow(table->arena, table->line, count, capacity, sizeof *table->line);
    for (size_t c = 0; c < table->column_count; c++) {
        struct table_column *column = table->columns[c];
        switch (column->kind) {
        case TABLE_NUMBER: column->number = grow(table->arena, column->number, count, capacity, sizeof(double)); break;
        case TABLE_CATEGORY: column->code = grow(table->arena, column->code, count, capacity, sizeof(uint32_t)); break;
        case TABLE_KEY:
        case TABLE_TEXT: column->text = grow(table->arena, column->text, count, capacity, sizeof(char *)); break;
        }
    }
}

static uint32_t code_of(struct table *table, struct table_column *column, const char *text)
{
    const uint32_t last = table->row_count ? column->code[table->row_count - 1] : UINT32_MAX;
    if (last != UINT32_MAX && strcmp(column->label[last], text) == 0) return last;
    const uintptr_t known = (uintptr_t)map_get(column->labels, text);
    if (known) return (uint32_t)(known - 1);
    if (column->label_count == column->label_capacity) {
        column->label_capacity = column->label_capacity ? column->label_capacity * 2 : FIRST_LABELS;
        column->label = grow(table->arena, column->label, column->label_count, column->label_capacity, sizeof(char *));
    }
    column->label[column->label_count++] = arena_copy(table->arena, text);
    map_put(column->labels, text, (void *)(uintptr_t)column->label_count);
    return (uint32_t)column->label_count - 1;
}

static enum status take_key(struct table *table, struct table_column *column, const char *text, struct error *error)
{
    const size_t row = table->row_count;
    if (!*text) return error_field(error, STATUS_INPUT, column->name, N_("The identifier is empty."));
    const uintptr_t known = (uintptr_t)map_get(column->labels, text);
    if (known)
        return error_field(error, STATUS_CONFLICT, column->name,
                           N_("{1} was already on line {2}: a unit stands on one line, in one stratum."), text,
                           arena_print(table->arena, "%u", table->line[known - 1]));
    map_put(column->labels, text, (void *)(uintptr_t)(row + 1));
    column->text[row] = arena_copy(table->arena, text);
    return STATUS_OK;
}

static enum status take_cell(struct table *table, struct table_column *column, const struct csv_cell *cell,
                             struct error *error)
{
    const size_t row = table->row_count;
    switch (column->kind) {
    case TABLE_NUMBER:
        column->number[row] = NAN;
        if (cell->length == 0 || csv_parse_real(cell->text, cell->length, &column->number[row])) return STATUS_OK;
        return error_field(error, STATUS_INPUT, column->name, N_("{1} is not a number."), cell->text);
    case TABLE_CATEGORY: column->code[row] = code_of(table, column, cell->text); return STATUS_OK;
    case TABLE_KEY: return take_key(table, column, cell->text, error);
    case TABLE_TEXT: column->text[row] = arena_copy_bytes(table->arena, cell->text, cell->length); return STATUS_OK;
    }
    return STATUS_OK;
}

static enum status find_column(const struct csv_reader *reader, const struct csv_row *header,
                               struct table_column *column, struct error *error)
{
    for (size_t i = 0; i < header->count; i++) {
        if (strcmp(header->cells[i].text, column->name) != 0) continue;
        if (column->present) {
            error_set(error, STATUS_INPUT, N_("There are two columns {1}."), column->name);
            return csv_error_at(reader, i + 1, error);
        }
        column->present = true;
        column->place = i + 1;
    }
    if (column->present || column->optional) return STATUS_OK;
    error_set(error, STATUS_INPUT, N_("There is no column {1}."), column->name);
    return csv_error_at(reader, 0, error);
}

static enum status read_header(struct table *table, struct csv_reader *reader, struct error *error)
{
    const struct csv_row *header = NULL;
    enum status status = csv_next(reader, &header, error);
    if (!status && !header) {
        error_set(error, STATUS_INPUT, N_("The file is empty: its first line must name the columns."));
        return error_at(error, table->path, 0, 0);
    }
    for (size_t c = 0; !status && c < table->column_count; c++)
        status = find_column(reader, header, table->columns[c], error);
    return status;
}

static enum status take_row(struct table *table, const struct csv_reader *reader, const struct csv_row *row,
                            struct error *error)
{
    if (table->row_count == table->row_capacity) grow_rows(table);
    table->line[table->row_count] = (uint32_t)row->line;
    for (size_t c = 0; c < table->column_count; c++) {
        struct table_column *column = table->columns[c];
        if (!column->present && column->kind != TABLE_KEY) continue;
        const enum status status =
            column->present ? take_cell(table, column, &row->cells[column->place - 1], error)
                            : take_key(table, column, arena_print(table->arena, "%zu", table->row_count + 1), error);
        if (status) return csv_error_at(reader, column->place, error);
    }
    table->row_count++;
    return STATUS_OK;
}

enum status table_read(struct table *table, struct error *error)
{
    struct csv_reader *reader = NULL;
    const struct csv_row *row = NULL;
    enum status status = csv_open(table->arena, table->path, NULL, &reader, error);
    if (!status) status = read_header(table, reader, error);
    while (!status && !(status = csv_next(reader, &row, error)) && row) status = take_row(table, reader, row, error);
    if (!status && table->row_count == 0) {
        error_set(error, STATUS_INPUT, N_("The file has no row after its header."));
        return error_at(error, table->path, 0, 0);
    }
    return status;
}

enum status table_error_at(const struct table *table, size_t row, const struct table_column *column,
                           struct error *error)
{
    return error_at(error, table->path, table->line[row], column ? (int64_t)column->place : 0);
}

size_t table_find_key(const struct table_column *column, const char *key)
{
    return (uintptr_t)map_get(column->labels, key) - 1;
}

static bool is_missing(const struct table_column *column, size_t row)
{
    switch (column->kind) {
    case TABLE_NUMBER: return isnan(column->number[row]);
    case TABLE_CATEGORY: return !*column->label[column->code[row]];
    case TABLE_KEY:
    case TABLE_TEXT: return !*column->text[row];
    }
    return false;
}

enum status table_require_values(const struct table *table, const struct table_column *column, struct error *error)
{
    for (size_t row = 0; column->present && row < table->row_count; row++) {
        if (!is_missing(column, row)) continue;
        error_field(error, STATUS_INPUT, column->name, N_("The value is missing. Complete it, or impute it first."));
        return table_error_at(table, row, column, error);
    }
    return STATUS_OK;
}
