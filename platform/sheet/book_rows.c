/* Rows of one sheet of a workbook, as they are parsed. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/sheet/sheet_private.h"

enum { LAST_ROW = 1048576 };

/* Where the text of a cell is: among the shared strings, or in the row's own bytes. */
struct place {
    const char *shared;
    size_t own;
    bool filled;
};

struct worksheet {
    struct sheet_source source;
    struct book *book;
    struct arena *arena;
    struct part *part;
    struct span texts; /* of the present row */
    struct place *places;
    const char **cells;
    size_t width, column, capacity; /* cells of the row so far; column of the present cell; most */
    enum cell_form form;
    char type; /* 'n' number, 's' shared, 't' text, 'b' boolean, 'd' ISO date */
    bool takes, within_is, phonetic;
    size_t start; /* of the present cell in texts */
    struct sheet_row row;
};

/* "BC12": the column before the digits, from 0; SIZE_MAX when there is none. */
static size_t column_of(const char *reference)
{
    size_t column = 0;
    if (*reference < 'A' || *reference > 'Z') return SIZE_MAX;
    for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++)
        column = column * 26 + (size_t)(*reference - 'A' + 1);
    return column - 1;
}

static char type_of(const char *type)
{
    if (!type || strcmp(type, "n") == 0) return 'n';
    if (strcmp(type, "s") == 0) return 's';
    if (strcmp(type, "b") == 0 || strcmp(type, "d") == 0) return *type;
    return 't';
}

static void begin_row(struct worksheet *sheet, const char *reference)
{
    sheet->row.line = reference ? strtoll(reference, NULL, 10) : sheet->row.line + 1;
    if (sheet->row.line < 1 || sheet->row.line > LAST_ROW)
        error_set(part_refuse(sheet->part), STATUS_INPUT, N_("The sheet has a row beyond the last possible one."));
    sheet->width = 0;
    sheet->column = SIZE_MAX;
    sheet->texts.length = 0;
}

static void begin_cell(struct worksheet *sheet, const char **attributes)
{
    const char *reference = part_attribute(attributes, "r"), *style = part_attribute(attributes, "s");
    const size_t column = reference ? column_of(reference) : SIZE_MAX;
    const size_t index = style ? (size_t)strtoull(style, NULL, 10) : 0;
    sheet->column = column == SIZE_MAX ? sheet->column + 1 : column;
    sheet->form = index < sheet->book->form_count ? (enum cell_form)sheet->book->forms[index] : FORM_NUMBER;
    sheet->type = type_of(part_attribute(attributes, "t"));
    sheet->start = sheet->texts.length;
}

static void sheet_start(void *context, const char *name, const char **attributes)
{
    struct worksheet *sheet = context;
    if (strcmp(name, "c") == 0)
        begin_cell(sheet, attributes);
    else if (strcmp(name, "v") == 0)
        sheet->takes = true;
    else if (strcmp(name, "is") == 0)
        sheet->within_is = true;
    else if (strcmp(name, "t") == 0)
        sheet->takes = sheet->within_is && !sheet->phonetic;
    else if (strcmp(name, "rPh") == 0)
        sheet->phonetic = true;
    else if (strcmp(name, "row") == 0)
        begin_row(sheet, part_attribute(attributes, "r"));
}

static void sheet_text(void *context, const char *text, int length)
{
    struct worksheet *sheet = context;
    if (!sheet->takes) return;
    if (sheet->texts.length - sheet->start + (size_t)length > sheet->book->package.limits.cell_bytes)
        error_set(part_refuse(sheet->part), STATUS_LIMIT, N_("The cell is too long."));
    else
        span_add(&sheet->texts, text, (size_t)length);
}

static struct place *fill_cell(struct worksheet *sheet)
{
    if (sheet->column >= sheet->capacity) {
        error_set(part_refuse(sheet->part), STATUS_LIMIT, N_("The row has too many columns."));
        return NULL;
    }
    while (sheet->width <= sheet->column) sheet->places[sheet->width++] = (struct place){0};
    sheet->places[sheet->column] = (struct place){.own = sheet->start, .filled = true};
    return &sheet->places[sheet->column];
}

static void replace(struct worksheet *sheet, const char *text)
{
    sheet->texts.length = sheet->start;
    span_add(&sheet->texts, text, strlen(text) + 1);
    fill_cell(sheet);
}

static void end_shared(struct worksheet *sheet)
{
    const struct book *book = sheet->book;
    char *end = NULL;
    const char *value = sheet->texts.bytes + sheet->start;
    const unsigned long long index = strtoull(value, &end, 10);
    sheet->texts.length = sheet->start;
    if (end == value || *end || index >= book->string_count) {
        error_set(part_refuse(sheet->part), STATUS_INPUT,
                  N_("A cell refers to a text that the workbook does not hold: save it again, or as CSV."));
        return;
    }
    const char *text = book->strings.bytes + book->string_at[index];
    if (!*text) return;
    struct place *place = fill_cell(sheet);
    if (place) place->shared = text;
}

static void end_number(struct worksheet *sheet, size_t length)
{
    char text[CELL_TEXT_SIZE];
    if (cell_number(sheet->texts.bytes + sheet->start, length, sheet->form, sheet->book->from_1904, text))
        replace(sheet, text);
    else
        fill_cell(sheet);
}

/* "2026-11-22T00:00:00.000Z" is a day. */
static void end_iso_date(struct worksheet *sheet)
{
    char *text = sheet->texts.bytes + sheet->start, *midnight = strstr(text, "T00:00:00");
    if (midnight && strspn(midnight + 9, ".0Z") == strlen(midnight + 9)) *midnight = '\0';
    fill_cell(sheet);
}

static void end_cell(struct worksheet *sheet)
{
    size_t length = sheet->texts.length - sheet->start;
    if (!length) return;
    if (sheet->type == 't') {
        length = cell_unescape(sheet->texts.bytes + sheet->start, length);
        sheet->texts.length = sheet->start + length;
    }
    span_end(&sheet->texts);
    const char *value = sheet->texts.bytes + sheet->start;
    if (sheet->type == 's')
        end_shared(sheet);
    else if (sheet->type == 'n')
        end_number(sheet, length);
    else if (sheet->type == 'b')
        replace(sheet, strcmp(value, "0") == 0 ? "false" : "true");
    else if (sheet->type == 'd')
        end_iso_date(sheet);
    else if (length)
        fill_cell(sheet);
}

static void sheet_end(void *context, const char *name)
{
    struct worksheet *sheet = context;
    if (strcmp(name, "c") == 0)
        end_cell(sheet);
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        sheet->takes = false;
    else if (strcmp(name, "is") == 0)
        sheet->within_is = false;
    else if (strcmp(name, "rPh") == 0)
        sheet->phonetic = false;
    else if (strcmp(name, "row") == 0 && sheet->width)
        part_pause(sheet->part);
}

static enum status worksheet_next(struct sheet_source *source, const struct sheet_row **row, struct error *error)
{
    struct worksheet *sheet = (struct worksheet *)source;
    bool ended = false;
    *row = NULL;
    const enum status status = part_parse(sheet->part, &ended, error);
    if (status) error_at(error, sheet->book->package.path, sheet->row.line, 0);
    if (status) return status;
    if (ended) return STATUS_OK;
    for (size_t i = 0; i < sheet->width; i++) {
        const struct place *place = &sheet->places[i];
        sheet->cells[i] = place->shared ? place->shared : place->filled ? sheet->texts.bytes + place->own : "";
    }
    sheet->row.cells = sheet->cells;
    sheet->row.count = sheet->width;
    *row = &sheet->row;
    return STATUS_OK;
}

static double worksheet_progress(const struct sheet_source *source)
{
    return part_progress(((const struct worksheet *)source)->part);
}

static void worksheet_close(struct sheet_source *source)
{
    struct worksheet *sheet = (struct worksheet *)source;
    part_close(&sheet->part);
    free(sheet->texts.bytes);
    struct arena *arena = sheet->arena;
    arena_free(&arena);
}

enum status book_open_sheet(struct book *book, size_t index, struct sheet_source **source, struct error *error)
{
    static const struct sheet_source_type type = {worksheet_next, worksheet_progress, worksheet_close};
    static const struct part_handlers handlers = {sheet_start, sheet_end, sheet_text};
    struct arena *arena = arena_new();
    struct worksheet *sheet = ARENA_NEW(arena, struct worksheet);
    sheet->source.type = &type;
    sheet->book = book;
    sheet->arena = arena;
    sheet->capacity = book->package.limits.columns * 4;
    sheet->places = ARENA_ARRAY(arena, sheet->capacity, struct place);
    sheet->cells = ARENA_ARRAY(arena, sheet->capacity, const char *);
    sheet->column = SIZE_MAX;
    const enum status status = part_open(&book->package, book->parts[index], &handlers, sheet, &sheet->part, error);
    if (status)
        arena_free(&arena);
    else
        *source = &sheet->source;
    return status;
}
