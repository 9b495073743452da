/* Rows of a text file. */
#include <string.h>

#include "base/arena.h"
#include "platform/csv/csv.h"
#include "platform/sheet/sheet_private.h"

enum { MOST_ROW_BYTES = 8 * 1024 * 1024 };

struct text_source {
    struct sheet_source source;
    struct arena *arena;
    struct text_stream *stream;
    struct csv_reader *reader;
    struct sheet_row row;
    const char **cells;
    size_t capacity;
};

static enum status text_next(struct sheet_source *source, const struct sheet_row **row, struct error *error)
{
    struct text_source *text = (struct text_source *)source;
    const struct csv_row *found = NULL;
    *row = NULL;
    const enum status status = csv_next(text->reader, &found, error);
    if (status || !found) return status;
    if (found->count > text->capacity) {
        text->capacity = found->count * 2;
        text->cells = ARENA_ARRAY(text->arena, text->capacity, const char *);
        text->row.cells = text->cells;
    }
    for (size_t i = 0; i < found->count; i++) text->cells[i] = found->cells[i].text;
    text->row.count = found->count;
    text->row.line = found->line;
    *row = &text->row;
    return STATUS_OK;
}

static double text_progress(const struct sheet_source *source)
{
    return text_stream_progress(((const struct text_source *)source)->stream);
}

static void text_close(struct sheet_source *source)
{
    struct arena *arena = ((struct text_source *)source)->arena;
    arena_free(&arena);
}

enum status text_open(const char *path, const struct text_form *form, const struct sheet_limits *limits,
                      struct sheet_source **source, struct error *error)
{
    static const struct sheet_source_type type = {text_next, text_progress, text_close};
    struct arena *arena = arena_new();
    struct text_source *text = ARENA_NEW(arena, struct text_source);
    text->source.type = &type;
    text->arena = arena;
    enum status status = text_stream_open(arena, path, form->encoding, form->lone_returns, &text->stream, error);
    if (!status) {
        /* Of the cells beyond the header's, empty ones are let pass and others told: more columns than those are surely no table. */
        const struct csv_format format = {.delimiter = form->delimiter,
                                          .forgiving = true,
                                          .most_cell_bytes = limits->cell_bytes,
                                          .most_row_bytes = MOST_ROW_BYTES,
                                          .most_columns = limits->columns * 4};
        text->reader = csv_open_function(arena, path, text_stream_read, text->stream, &format);
        const struct sheet_row *row = NULL;
        if (form->says_separator) status = text_next(&text->source, &row, error);
    }
    if (status)
        arena_free(&arena);
    else
        *source = &text->source;
    return status;
}
