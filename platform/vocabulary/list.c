/* list.c: the project's own format of a code list. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/csv/csv.h"
#include "platform/text/text.h"
#include "platform/vocabulary/list.h"

enum { FILE_LIMIT = 64 * 1024 * 1024, LONGEST_TEXT = 2000, MOST_COLUMNS = 64 };

/* How the text of a column enters its row. false: it is not of that form. */
typedef bool put_function(struct arena *arena, const char *text, void *member);

static bool put_text(struct arena *arena, const char *text, void *member)
{
    *(const char **)member = *text ? text_clean(arena, text, strlen(text)) : NULL;
    return strlen(text) <= LONGEST_TEXT;
}

static bool put_integer(struct arena *arena, const char *text, void *member)
{
    (void)arena;
    char *end = NULL;
    if (!*text) return true;
    errno = 0;
    *(int64_t *)member = strtoll(text, &end, 10);
    return !errno && !*end && *(int64_t *)member >= 0;
}

static bool put_degrees(struct arena *arena, const char *text, void *member)
{
    (void)arena;
    double degrees = 0;
    if (!*text) return true;
    if (!csv_parse_real(text, strlen(text), &degrees) || degrees < -180 || degrees > 180) return false;
    *(int64_t *)member = (int64_t)(degrees * 1e6 + (degrees < 0 ? -0.5 : 0.5));
    return true;
}

static bool put_flag(struct arena *arena, const char *text, void *member)
{
    (void)arena;
    *(bool *)member = strcmp(text, "1") == 0;
    return !*text || strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
}

static bool put_day(struct arena *arena, const char *text, void *member)
{
    (void)arena;
    return !*text || day_parse(text, member);
}

static const struct column {
    const char *name;
    put_function *put;
    size_t offset;
    const char *form; /* what it must be */
} columns[] = {
#define COLUMN(member, type, form) \
    { \
#member, put_##type, offsetof(struct list_row, member), form \
    }
    COLUMN(code, text, N_("a code")),
    COLUMN(level, text, N_("a word")),
    COLUMN(parent, text, N_("a code")),
    COLUMN(other_parent, text, N_("a code")),
    COLUMN(replaced_by, text, N_("a code")),
    COLUMN(label_fr, text, N_("a text of 2,000 bytes at most")),
    COLUMN(label_en, text, N_("a text of 2,000 bytes at most")),
    COLUMN(synonyms_fr, text, N_("a text of 2,000 bytes at most")),
    COLUMN(synonyms_en, text, N_("a text of 2,000 bytes at most")),
    COLUMN(note_fr, text, N_("a text of 2,000 bytes at most")),
    COLUMN(note_en, text, N_("a text of 2,000 bytes at most")),
    COLUMN(population, integer, N_("a whole number")),
    COLUMN(latitude, degrees, N_("degrees, with a point")),
    COLUMN(longitude, degrees, N_("degrees, with a point")),
    COLUMN(from, day, N_("a date such as 2026-11-22")),
    COLUMN(until, day, N_("a date such as 2026-11-22")),
    COLUMN(approximate, flag, N_("0 or 1")),
    COLUMN(retired, flag, N_("0 or 1")),
#undef COLUMN
};

static const struct column *find_column(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i].name, name) == 0) return &columns[i];
    return NULL;
}

/* The line "# key: value" at bytes; *value is copied into the arena. Gives the place of the next line, NULL when it is none. */
static const char *read_head_line(struct arena *arena, const char *bytes, const char *end, const char **key,
                                  const char **value)
{
    const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
    if (end - bytes < 2 || bytes[0] != '#' || bytes[1] != ' ' || !line_end) return NULL;
    const char *colon = memchr(bytes, ':', (size_t)(line_end - bytes));
    *key = colon ? arena_copy_bytes(arena, bytes + 2, (size_t)(colon - bytes - 2)) : "";
    *value = colon ? text_clean(arena, colon + 1, (size_t)(line_end - colon - 1)) : "";
    return line_end + 1;
}

/* Keys that are not known are remarks of the author. */
static bool put_head(struct list *list, const char *key, const char *value)
{
    const struct {
        const char *key, **target;
    } texts[] = {{"scheme", &list->scheme},     {"version", &list->version}, {"title_fr", &list->title_fr},
                 {"title_en", &list->title_en}, {"source", &list->source},   {"licence", &list->licence}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(key, texts[i].key) == 0) *texts[i].target = value;
    if (strcmp(key, "from") == 0) return day_parse(value, &list->from);
    return strcmp(key, "until") != 0 || day_parse(value, &list->until);
}

static enum status check_head(const struct list *list, struct error *error)
{
    const struct {
        const char *key, *value;
    } wanted[] = {{"scheme", list->scheme},     {"version", list->version}, {"title_fr", list->title_fr},
                  {"title_en", list->title_en}, {"source", list->source},   {"licence", list->licence}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!wanted[i].value || !*wanted[i].value)
            return error_set(error, STATUS_INPUT, N_("The list does not say its {1}: its head lacks that line."),
                             wanted[i].key);
    if (list->from == INT64_MIN)
        return error_set(error, STATUS_INPUT, N_("The list does not say its {1}: its head lacks that line."), "from");
    return STATUS_OK;
}

static enum status read_head(struct arena *arena, const char **at, const char *end, struct list *list, int64_t *lines,
                             struct error *error)
{
    const char *key = NULL, *value = NULL, *next = NULL;
    for (; (next = read_head_line(arena, *at, end, &key, &value)); *at = next) {
        ++*lines;
        if (!value || !put_head(list, key, value))
            return error_set(error, STATUS_INPUT, N_("The line “# {1}” at the head of the list cannot be read."), key);
    }
    return check_head(list, error);
}

/* Which column of the file is what. */
struct columns_found {
    const struct column *at[MOST_COLUMNS];
    size_t count;
};

static enum status read_columns(const struct csv_reader *reader, const struct csv_row *row, struct columns_found *found,
                                struct error *error)
{
    if (!row) return error_set(error, STATUS_INPUT, N_("The list has no line of column names."));
    if (row->count > MOST_COLUMNS) return error_set(error, STATUS_INPUT, N_("The list has too many columns."));
    for (size_t i = 0; i < row->count; i++) {
        found->at[i] = find_column(row->cells[i].text);
        found->count = i + 1;
        if (found->at[i]) continue;
        error_set(error, STATUS_INPUT, N_("A list of codes has no column “{1}”: see docs/reference-data.md."),
                  row->cells[i].text);
        return csv_error_at(reader, i + 1, error);
    }
    return STATUS_OK;
}

static enum status read_row(struct arena *arena, const struct csv_reader *reader, const struct csv_row *cells,
                            const struct columns_found *found, struct list_row *row, struct error *error)
{
    *row = (struct list_row){
        .population = INT64_MIN, .latitude = INT64_MIN, .longitude = INT64_MIN, .from = INT64_MIN, .until = INT64_MAX};
    row->line = cells->line;
    for (size_t i = 0; i < found->count; i++) {
        const struct column *column = found->at[i];
        const char *text = cells->cells[i].text;
        if (column->put(arena, text, (char *)row + column->offset)) continue;
        error_field(error, STATUS_INPUT, column->name, N_("“{1}” cannot stand here: {2} is needed."), text,
                    column->form);
        return csv_error_at(reader, i + 1, error);
    }
    return STATUS_OK;
}

static void add_row(struct arena *arena, struct list *list, size_t *room, const struct list_row *row)
{
    if (list->row_count == *room) {
        *room = *room ? 2 * *room : 256;
        struct list_row *larger = ARENA_ARRAY(arena, *room, struct list_row);
        if (list->row_count) memcpy(larger, list->rows, list->row_count * sizeof *larger);
        list->rows = larger;
    }
    list->rows[list->row_count++] = *row;
}

static enum status read_rows(struct arena *arena, struct csv_reader *reader, int64_t head_lines, struct list *list,
                             struct error *error)
{
    const struct csv_row *cells = NULL;
    struct columns_found found = {0};
    size_t room = 0;
    enum status status = csv_next(reader, &cells, error);
    if (status == STATUS_OK) status = read_columns(reader, cells, &found, error);
    while (status == STATUS_OK && (status = csv_next(reader, &cells, error)) == STATUS_OK && cells) {
        struct list_row row;
        status = read_row(arena, reader, cells, &found, &row, error);
        row.line += head_lines;
        if (status == STATUS_OK) add_row(arena, list, &room, &row);
    }
    if (status && error && error->line) error->line += head_lines;
    return status;
}

void list_take_fingerprint(struct list *list)
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < list->row_count; i++) {
        const struct list_row *row = &list->rows[i];
        const char *const texts[] = {row->code, row->parent ? row->parent : "", row->label_fr};
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
            crypto_generichash_update(&state, (const unsigned char *)texts[j], strlen(texts[j]) + 1);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(list->fingerprint, sizeof list->fingerprint, hash, sizeof hash);
}

static void take_fingerprint(const char *bytes, size_t length, struct list *list)
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)bytes, length, NULL, 0);
    sodium_bin2hex(list->fingerprint, sizeof list->fingerprint, hash, sizeof hash);
}

static enum status begin_list(struct arena *arena, const char *name, const char **at, const char *end,
                              struct list *list, int64_t *lines, struct error *error)
{
    *list = (struct list){.from = INT64_MIN, .until = INT64_MAX};
    take_fingerprint(*at, (size_t)(end - *at), list);
    const enum status status = read_head(arena, at, end, list, lines, error);
    return status ? error_at(error, name, *lines, 0) : STATUS_OK;
}

enum status list_read_bytes(struct arena *arena, const char *name, const char *bytes, size_t length, struct list *list,
                            struct error *error)
{
    const char *at = bytes;
    int64_t lines = 0;
    enum status status = begin_list(arena, name, &at, bytes + length, list, &lines, error);
    if (status) return status;
    const struct csv_format format = {.most_columns = MOST_COLUMNS};
    status =
        read_rows(arena, csv_open_bytes(arena, name, at, length - (size_t)(at - bytes), &format), lines, list, error);
    return status ? status : list_arrange(arena, name, list, error);
}

static enum status read_file(struct arena *arena, const char *path, struct buffer **content, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file) return error_set(error, STATUS_INPUT, N_("The file {1} cannot be read: {2}."), path, strerror(errno));
    *content = buffer_new(arena, FILE_LIMIT);
    char block[65536];
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;) buffer_add(*content, block, got);
    const bool broken = ferror(file) != 0;
    fclose(file);
    if (broken) return error_set(error, STATUS_INPUT, N_("The file {1} cannot be read: {2}."), path, strerror(EIO));
    if (buffer_overflowed(*content))
        return error_set(error, STATUS_LIMIT, N_("The file {1} is too large for a list of codes."), path);
    return STATUS_OK;
}

enum status list_read(struct arena *arena, const char *path, struct list *list, struct error *error)
{
    struct buffer *content = NULL;
    const enum status status = read_file(arena, path, &content, error);
    return status ? status : list_read_bytes(arena, path, buffer_data(content), buffer_length(content), list, error);
}

enum status list_peek(struct arena *arena, const char *path, struct list *list, struct error *error)
{
    struct buffer *content = NULL;
    int64_t lines = 0;
    const enum status status = read_file(arena, path, &content, error);
    if (status) return status;
    const char *at = buffer_data(content);
    return begin_list(arena, path, &at, at + buffer_length(content), list, &lines, error);
}
