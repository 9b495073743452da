#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/csv/csv_private.h"

enum { FIRST_CAPACITY = 256 * 1024 };

struct csv_reader {
    struct csv_format format;
    const char *name;
    int file; /* -1: through the function, or the bytes are all in memory */
    csv_read_function *read;
    void *context;
    char *buffer;
    size_t capacity, at, filled;
    bool ended;
    bool begun;
    int64_t line; /* of the row that begins at `at` */
    int64_t rows;
    size_t columns; /* of the first row; 0 before it */
    size_t text_at; /* once ended: behind a character that is no line end */
    struct csv_cell *cells;
    size_t cell_capacity;
    struct csv_row row;
};

struct csv_format csv_format_complete(const struct csv_format *format)
{
    struct csv_format whole = format ? *format : (struct csv_format){0};
    if (!whole.delimiter) whole.delimiter = ',';
    if (!whole.most_cell_bytes) whole.most_cell_bytes = 64 * 1024;
    if (!whole.most_row_bytes) whole.most_row_bytes = 1024 * 1024;
    if (!whole.most_columns) whole.most_columns = 4096;
    if (!whole.most_rows) whole.most_rows = INT64_MAX;
    return whole;
}

static void close_reader(void *context)
{
    struct csv_reader *reader = context;
    if (reader->file > STDIN_FILENO) close(reader->file);
    free(reader->buffer);
    free(reader->cells);
}

static struct csv_reader *new_reader(struct arena *arena, const char *name, const struct csv_format *format,
                                     size_t capacity)
{
    struct csv_reader *reader = ARENA_NEW(arena, struct csv_reader);
    reader->format = csv_format_complete(format);
    reader->name = arena_copy(arena, name);
    reader->file = -1;
    reader->line = 1;
    reader->capacity = capacity;
    reader->buffer = malloc(capacity + 1);
    if (!reader->buffer) fatal_memory(capacity + 1);
    arena_defer(arena, close_reader, reader);
    return reader;
}

enum status csv_open(struct arena *arena, const char *path, const struct csv_format *format, struct csv_reader **reader,
                     struct error *error)
{
    const int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        error_set(error, STATUS_INPUT, N_("The file cannot be opened: {1}."), strerror(errno));
        return error_at(error, path, 0, 0);
    }
    *reader = new_reader(arena, path, format, FIRST_CAPACITY);
    (*reader)->file = file;
    return STATUS_OK;
}

struct csv_reader *csv_open_bytes(struct arena *arena, const char *name, const void *bytes, size_t length,
                                  const struct csv_format *format)
{
    struct csv_reader *reader = new_reader(arena, name, format, length + 1);
    if (length) memcpy(reader->buffer, bytes, length);
    reader->filled = length;
    reader->ended = true;
    return reader;
}

struct csv_reader *csv_open_function(struct arena *arena, const char *name, csv_read_function *read, void *context,
                                     const struct csv_format *format)
{
    struct csv_reader *reader = new_reader(arena, name, format, FIRST_CAPACITY);
    reader->read = read;
    reader->context = context;
    return reader;
}

enum status csv_error_at(const struct csv_reader *reader, size_t column, struct error *error)
{
    return error_at(error, reader->name, reader->row.line, (int64_t)column);
}

static enum status refuse(struct csv_reader *reader, size_t column, struct error *error)
{
    reader->row.line = reader->line;
    return csv_error_at(reader, column, error);
}

/* Makes room behind what is filled; what was consumed makes way first. */
static void make_room(struct csv_reader *reader)
{
    if (reader->at) {
        memmove(reader->buffer, reader->buffer + reader->at, reader->filled - reader->at);
        reader->filled -= reader->at;
        reader->at = 0;
    }
    if (reader->filled < reader->capacity) return;
    char *larger = realloc(reader->buffer, reader->capacity * 2 + 1);
    if (!larger) fatal_memory(reader->capacity * 2 + 1);
    reader->buffer = larger;
    reader->capacity *= 2;
}

static enum status read_more(struct csv_reader *reader, struct error *error)
{
    make_room(reader);
    char *into = reader->buffer + reader->filled;
    const size_t size = reader->capacity - reader->filled;
    ssize_t count;
    do count = reader->read ? reader->read(reader->context, into, size) : read(reader->file, into, size);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
        error_set(error, STATUS_INPUT, N_("The file cannot be read: {1}."), strerror(errno));
        return refuse(reader, 0, error);
    }
    if (count == 0) reader->ended = true;
    reader->filled += (size_t)count;
    return STATUS_OK;
}

/* The end of the row that begins at `at` (its LF, or the end of what is filled), or NULL when it is not in the buffer yet.
 * A line break between two quotes belongs to the row. */
static char *find_row_end(const struct csv_reader *reader, bool *open)
{
    if (reader->format.forgiving)
        return csv_forgiving_row_end(reader->buffer + reader->at, reader->buffer + reader->filled,
                                     reader->format.delimiter, reader->ended, open);
    char *from = reader->buffer + reader->at, *limit = reader->buffer + reader->filled;
    *open = false;
    for (;;) {
        char *end = memchr(from, '\n', (size_t)(limit - from));
        char *stop = end ? end : limit;
        for (char *quote = from; (quote = memchr(quote, '"', (size_t)(stop - quote))); quote++) *open = !*open;
        if (!end) return reader->ended ? limit : NULL;
        if (!*open) return end;
        from = end + 1;
    }
}

/* The rest of a UTF-8 sequence after its first byte; 0 when it is not one. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    const unsigned first = at[0];
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > left) return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    if ((first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] > 0x9f)) return 0; /* overlong; surrogates */
    if ((first == 0xf0 && at[1] < 0x90) || (first == 0xf4 && at[1] > 0x8f)) return 0;
    return length;
}

static bool text_is_valid(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        uint64_t word;
        if (end - at >= 8 && (memcpy(&word, at, 8), (word & 0x8080808080808080U) == 0)) {
            at += 8;
        } else if (*at < 0x80) {
            at++;
        } else {
            const size_t sequence = sequence_length(at, (size_t)(end - at));
            if (!sequence) return false;
            at += sequence;
        }
    }
    return !memchr(text, '\0', length);
}

static void add_cell(struct csv_reader *reader, char *text, size_t length)
{
    if (reader->row.count == reader->cell_capacity) {
        reader->cell_capacity = reader->cell_capacity ? reader->cell_capacity * 2 : 32;
        struct csv_cell *larger = realloc(reader->cells, reader->cell_capacity * sizeof *larger);
        if (!larger) fatal_memory(reader->cell_capacity * sizeof *larger);
        reader->cells = larger;
    }
    text[length] = '\0';
    reader->cells[reader->row.count++] = (struct csv_cell){text, length};
}

/* Takes a quoted cell whose text begins at `start`, removing the doubled quotes in place; gives what follows its closing
 * quote, or NULL when there is none. */
static char *take_quoted(char *start, char *end, size_t *length)
{
    char *from = start, *to = start;
    for (;;) {
        char *quote = memchr(from, '"', (size_t)(end - from));
        if (!quote) return NULL;
        memmove(to, from, (size_t)(quote - from));
        to += quote - from;
        *length = (size_t)(to - start);
        if (quote + 1 == end || quote[1] != '"') return quote + 1;
        *to++ = '"';
        from = quote + 2;
    }
}

/* A cell that begins at `at`; *next is where the one after it begins, or NULL after the last. */
static enum status take_cell(struct csv_reader *reader, char *at, char *end, char **next, struct error *error)
{
    char *stop = NULL;
    size_t length = 0;
    const bool quoted = at < end && *at == '"';
    if (reader->format.forgiving) {
        stop = csv_forgiving_cell(&at, end, reader->format.delimiter, &length);
        if (!stop) return error_set(error, STATUS_INPUT, N_("A quote is opened and never closed."));
    } else if (quoted) {
        stop = take_quoted(++at, end, &length);
        if (!stop) return error_set(error, STATUS_INPUT, N_("A quote is opened and never closed."));
        if (stop < end && *stop != reader->format.delimiter)
            return error_set(error, STATUS_INPUT,
                             N_("After a closing quote there must be a {1} or the end of the line."),
                             reader->format.delimiter == '\t' ? "tab" : (char[]){reader->format.delimiter, '\0'});
    } else {
        stop = memchr(at, reader->format.delimiter, (size_t)(end - at));
        if (!stop) stop = end;
        length = (size_t)(stop - at);
        if (memchr(at, '"', length))
            return error_set(error, STATUS_INPUT, N_("A quote stands inside a cell that is not quoted."));
        if (memchr(at, '\r', length))
            return error_set(error, STATUS_INPUT, N_("A carriage return stands inside a cell."));
    }
    *next = stop < end ? stop + 1 : NULL;
    add_cell(reader, at, length);
    return STATUS_OK;
}

static enum status check_cell(const struct csv_reader *reader, const struct csv_cell *cell, struct error *error)
{
    if (cell->length > reader->format.most_cell_bytes)
        return error_set(error, STATUS_LIMIT, N_("The cell is too long."));
    if (reader->format.no_newlines && memchr(cell->text, '\n', cell->length))
        return error_set(error, STATUS_INPUT, N_("A cell may not hold a line break."));
    if (reader->row.count > reader->format.most_columns)
        return error_set(error, STATUS_LIMIT, N_("The row has too many columns."));
    return STATUS_OK;
}

static enum status split_row(struct csv_reader *reader, char *at, char *end, struct error *error)
{
    reader->row.count = 0;
    reader->row.line = reader->line;
    for (char *next = at; next;) {
        enum status status = take_cell(reader, next, end, &next, error);
        if (status) return csv_error_at(reader, reader->row.count + 1, error);
        status = check_cell(reader, &reader->cells[reader->row.count - 1], error);
        if (status) return csv_error_at(reader, reader->row.count, error);
    }
    reader->row.cells = reader->cells;
    return STATUS_OK;
}

static enum status check_row(struct csv_reader *reader, struct error *error)
{
    char present[32], wanted[32];
    if (!reader->columns) reader->columns = reader->row.count;
    snprintf(present, sizeof present, "%zu", reader->row.count);
    snprintf(wanted, sizeof wanted, "%zu", reader->columns);
    if (reader->row.count != reader->columns && !reader->format.forgiving) {
        error_set(error, STATUS_INPUT, N_("The row has {1} cells where the first has {2}."), present, wanted);
        return csv_error_at(reader, reader->row.count, error);
    }
    if (reader->rows++ > reader->format.most_rows) {
        error_set(error, STATUS_LIMIT, N_("The file has too many rows."));
        return csv_error_at(reader, 0, error);
    }
    return STATUS_OK;
}

static enum status skip_mark(struct csv_reader *reader, struct error *error)
{
    while (!reader->ended && reader->filled < 3) {
        const enum status status = read_more(reader, error);
        if (status) return status;
    }
    if (reader->filled >= 3 && memcmp(reader->buffer, "\xef\xbb\xbf", 3) == 0) reader->at = 3;
    reader->begun = true;
    return STATUS_OK;
}

/* Brings one whole row into the buffer. */
static enum status load_row(struct csv_reader *reader, char **end, struct error *error)
{
    bool open = false;
    while (!(*end = find_row_end(reader, &open))) {
        if (reader->filled - reader->at > reader->format.most_row_bytes) {
            error_set(error, STATUS_LIMIT,
                      open ? N_("A quote is opened and not closed within the longest row allowed.")
                           : N_("The row is too long."));
            return refuse(reader, 0, error);
        }
        const enum status status = read_more(reader, error);
        if (status) return status;
    }
    const char *start = reader->buffer + reader->at;
    if (text_is_valid(start, (size_t)(*end - start))) return STATUS_OK;
    error_set(error, STATUS_INPUT, N_("The text is not UTF-8."));
    return refuse(reader, 0, error);
}

/* Remembers where it found text, so that a file of blank lines is looked through once. */
static bool only_blank_lines_remain(struct csv_reader *reader)
{
    if (!reader->ended || reader->at < reader->text_at) return false;
    for (size_t i = reader->at; i < reader->filled; i++) {
        if (reader->buffer[i] == '\n' || reader->buffer[i] == '\r') continue;
        reader->text_at = i + 1;
        return false;
    }
    return true;
}

static int64_t count_lines(const char *from, const char *to)
{
    int64_t lines = 1;
    while ((from = memchr(from, '\n', (size_t)(to - from)))) lines++, from++;
    return lines;
}

enum status csv_next(struct csv_reader *reader, const struct csv_row **row, struct error *error)
{
    *row = NULL;
    enum status status = reader->begun ? STATUS_OK : skip_mark(reader, error);
    while (!status && !reader->ended && reader->filled - reader->at < 4096) status = read_more(reader, error);
    if (status || only_blank_lines_remain(reader)) return status;
    char *end = NULL;
    status = load_row(reader, &end, error);
    if (status) return status;
    char *start = reader->buffer + reader->at;
    const int64_t lines = count_lines(start, end);
    const size_t consumed = (size_t)(end - start) + (end < reader->buffer + reader->filled);
    if (end > start && end[-1] == '\r') end--;
    status = split_row(reader, start, end, error);
    if (!status) status = check_row(reader, error);
    if (status) return status;
    reader->at += consumed;
    reader->line += lines;
    *row = &reader->row;
    return STATUS_OK;
}

char csv_guess_delimiter(const char *bytes, size_t length)
{
    size_t counts[128] = {0};
    bool quoted = false;
    for (size_t i = 0; i < length && (quoted || bytes[i] != '\n'); i++) {
        const unsigned char character = (unsigned char)bytes[i];
        if (character == '"')
            quoted = !quoted;
        else if (!quoted && character < 128)
            counts[character]++;
    }
    if (counts[';'] > counts[','] && counts[';'] >= counts['\t']) return ';';
    return counts['\t'] > counts[','] ? '\t' : ',';
}
