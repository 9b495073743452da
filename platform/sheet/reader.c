#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/csv/csv.h"
#include "platform/sheet/sheet_private.h"

const struct sheet_limits sheet_usual_limits = {400, 100000, 2000000, INT64_C(1) << 30, 200};

enum { LOOKED_AT_ROWS = 20 };

struct sheet_reader {
    struct arena *arena;
    const char *path;
    struct sheet_limits limits;
    struct book *book; /* NULL: a text file */
    size_t sheet;
    struct text_form form;
    struct sheet_source *source;
    const char **names, **cells;
    size_t columns;
    const char *format;
    bool overflows, ended;
    int64_t rows;
    enum status status;
    struct error fault;
};

static enum status open_source(struct sheet_reader *reader, struct error *error)
{
    if (reader->book) return book_open_sheet(reader->book, reader->sheet, &reader->source, error);
    return text_open(reader->path, &reader->form, &reader->limits, &reader->source, error);
}

static void close_source(struct sheet_reader *reader)
{
    if (reader->source) reader->source->type->close(reader->source);
    reader->source = NULL;
}

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

static size_t count_filled(const struct sheet_row *row)
{
    size_t filled = 0;
    for (size_t i = 0; i < row->count; i++) filled += !is_blank(row->cells[i]);
    return filled;
}

/* The number, from 0, of the row that is the header, by how many cells the first ones fill. */
static enum status find_header(struct sheet_reader *reader, size_t *header, struct error *error)
{
    size_t filled[LOOKED_AT_ROWS], count = 0, most = 0;
    const struct sheet_row *row = NULL;
    enum status status = STATUS_OK;
    while (count < LOOKED_AT_ROWS && !(status = reader->source->type->next(reader->source, &row, error)) && row) {
        filled[count] = count_filled(row);
        if (filled[count] > most) most = filled[count];
        count++;
    }
    /* A fault behind the first row is told when that row is reached: the ones before it are read. */
    if (status && !count) return status;
    if (!most) {
        error_set(error, STATUS_INPUT, N_("The file holds no table: its first lines are empty."));
        return error_at(error, reader->path, 0, 0);
    }
    for (*header = 0; *header + 1 < count && filled[*header] * 2 < most;) ++*header;
    return STATUS_OK;
}

/* White space of any kind, no-break spaces included, becomes one space; none at the ends. */
static const char *clean_name(struct arena *arena, const char *text)
{
    char *clean = arena_copy(arena, text), *to = clean;
    bool space = false;
    while (*text) {
        const size_t width = strchr(" \t\r\n", *text)                ? 1
                             : strncmp(text, "\xc2\xa0", 2) == 0     ? 2
                             : strncmp(text, "\xe2\x80\xaf", 3) == 0 ? 3
                                                                     : 0;
        if (width) {
            space = to != clean;
            text += width;
            continue;
        }
        if (space) *to++ = ' ';
        space = false;
        *to++ = *text++;
    }
    *to = '\0';
    return clean;
}

static enum status take_header(struct sheet_reader *reader, const struct sheet_row *row, struct error *error)
{
    reader->columns = row->count;
    while (reader->columns && is_blank(row->cells[reader->columns - 1])) reader->columns--;
    if (reader->columns > reader->limits.columns) {
        error_set(error, STATUS_LIMIT, N_("The row has too many columns."));
        return error_at(error, reader->path, row->line, 0);
    }
    reader->names = ARENA_ARRAY(reader->arena, reader->columns, const char *);
    reader->cells = ARENA_ARRAY(reader->arena, reader->columns, const char *);
    for (size_t i = 0; i < reader->columns; i++) reader->names[i] = clean_name(reader->arena, row->cells[i]);
    return STATUS_OK;
}

static enum status read_header(struct sheet_reader *reader, struct error *error)
{
    size_t header = 0;
    const struct sheet_row *row = NULL;
    enum status status = open_source(reader, error);
    if (!status) status = find_header(reader, &header, error);
    close_source(reader);
    if (!status) status = open_source(reader, error);
    ENSURE(status || reader->source);
    for (size_t i = 0; !status && i <= header; i++) status = reader->source->type->next(reader->source, &row, error);
    return status ? status : take_header(reader, row, error);
}

static bool is_archive(const char *path)
{
    char start[4] = "";
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool archive = file >= 0 && read(file, start, 4) == 4 && memcmp(start, "PK\3\4", 4) == 0;
    if (file >= 0) close(file);
    return archive;
}

static enum status open_file(struct sheet_reader *reader, const char *sheet, struct error *error)
{
    if (!is_archive(reader->path)) {
        const enum status status = text_examine(reader->path, &reader->form, error);
        if (!status) reader->format = text_form_name(reader->arena, &reader->form);
        return status;
    }
    enum status status = book_open(reader->path, &reader->limits, &reader->book, error);
    if (!status) status = book_find(reader->book, sheet, &reader->sheet, error);
    if (!status) reader->format = arena_print(reader->arena, "XLSX, %s", reader->book->names[reader->sheet]);
    return status;
}

enum status sheet_open(const char *path, const char *sheet, const struct sheet_limits *limits,
                       struct sheet_reader **opened, struct error *error)
{
    struct arena *arena = arena_new();
    struct sheet_reader *reader = ARENA_NEW(arena, struct sheet_reader);
    *reader = (struct sheet_reader){
        .arena = arena, .path = arena_copy(arena, path), .limits = limits ? *limits : sheet_usual_limits};
    enum status status = open_file(reader, sheet, error);
    if (!status) status = read_header(reader, error);
    *opened = reader;
    if (status) sheet_close(opened);
    return status;
}

void sheet_close(struct sheet_reader **reader)
{
    if (!*reader) return;
    close_source(*reader);
    book_close(&(*reader)->book);
    struct arena *arena = (*reader)->arena;
    arena_free(&arena);
    *reader = NULL;
}

size_t sheet_columns(const struct sheet_reader *reader, const char *const **names)
{
    if (names) *names = reader->names;
    return reader->columns;
}

size_t sheet_names(const struct sheet_reader *reader, const char *const **names)
{
    if (names) *names = reader->book ? reader->book->names : NULL;
    return reader->book ? reader->book->sheets : 0;
}

static const struct sheet_row *next_filled_row(struct sheet_reader *reader)
{
    const struct sheet_row *row = NULL;
    do reader->status = reader->source->type->next(reader->source, &row, &reader->fault);
    while (!reader->status && row && count_filled(row) == 0);
    if (reader->status || !row) return NULL;
    if (reader->rows++ < reader->limits.rows) return row;
    reader->status = error_set(&reader->fault, STATUS_LIMIT, N_("The file has too many rows."));
    error_at(&reader->fault, reader->path, row->line, 0);
    return NULL;
}

/* The apostrophe that our own writer puts before what a spreadsheet would run. */
static const char *unguarded(const char *text) { return text[0] == '\'' && csv_would_run(text) ? text + 1 : text; }

bool sheet_next(struct sheet_reader *reader, const char *const **cells, int64_t *line)
{
    const struct sheet_row *row = reader->ended ? NULL : next_filled_row(reader);
    reader->ended = !row;
    reader->overflows = false;
    if (!row) return false;
    for (size_t i = 0; i < reader->columns; i++) reader->cells[i] = i < row->count ? unguarded(row->cells[i]) : "";
    for (size_t i = reader->columns; i < row->count; i++)
        reader->overflows = reader->overflows || !is_blank(row->cells[i]);
    *cells = reader->cells;
    if (line) *line = row->line;
    return true;
}

bool sheet_row_overflows(const struct sheet_reader *reader) { return reader->overflows; }

enum status sheet_fault(const struct sheet_reader *reader, struct error *error)
{
    if (reader->status && error) *error = reader->fault;
    return reader->status;
}

double sheet_progress(const struct sheet_reader *reader)
{
    return reader->ended ? 1 : reader->source->type->progress(reader->source);
}

const char *sheet_format(const struct sheet_reader *reader) { return reader->format; }
