/* csv.h: delimited text, read strictly and written plainly (RFC 4180, UTF-8), row by row in bounded memory.
 *
 * Strict: cells may stand in double quotes, with "" for a quote; a quote elsewhere, a bare carriage return, a NUL, bytes
 * that are not UTF-8 and rows of unequal length are refused, with file, line and column. Lines end in LF or CRLF; a byte
 * order mark is skipped; blank lines are accepted at the end only. "Column" is the number of the cell in its row, from 1.
 *
 * Forgiving, on request: a quote opens a quoted cell only where the cell begins and stands for itself elsewhere (5" pipe), what follows
 * a closing quote is kept as it stands, rows may be of unequal length, a lone carriage return belongs to its cell. */
#ifndef PLATFORM_CSV_H
#define PLATFORM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct csv_reader;
struct csv_writer;

/* Zero in a limit means its default. */
struct csv_format {
    char delimiter;         /* ',' when 0; also ';' or '\t' */
    bool no_newlines;       /* reading: refuse a line break within quotes */
    bool forgiving;         /* reading files as people have them: see below */
    size_t most_cell_bytes; /* 64 KiB by default */
    size_t most_row_bytes;  /* 1 MiB by default */
    size_t most_columns;    /* 4,096 by default */
    int64_t most_rows;      /* no limit by default; the header is not counted */
    bool byte_order_mark;   /* writing: begin with it (spreadsheets then read UTF-8) */
    bool crlf;              /* writing: end lines in CRLF */
    bool guard_formulas;    /* writing: a text that csv_would_run gets an apostrophe before it */
};

struct csv_cell {
    const char *text; /* unquoted, ended by a NUL */
    size_t length;
};

struct csv_row {
    const struct csv_cell *cells;
    size_t count;
    int64_t line; /* of its first character, from 1 */
};

/* Opens a file ("-": standard input); it is closed with the arena. format may be NULL. */
enum status csv_open(struct arena *arena, const char *path, const struct csv_format *format, struct csv_reader **reader,
                     struct error *error);

/* The same; a zip archive that holds one file .csv is read from within, as it is unpacked. STATUS_INPUT when it holds none, or several. */
enum status csv_open_packed(struct arena *arena, const char *path, const struct csv_format *format,
                            struct csv_reader **reader, struct error *error);

/* Reads from memory, which must outlive the reader; name stands for the file in messages. */
struct csv_reader *csv_open_bytes(struct arena *arena, const char *name, const void *bytes, size_t length,
                                  const struct csv_format *format);

/* Reads through a function: up to size bytes, 0 at the end, -1 when it cannot (errno says why). name stands for the file in messages. */
typedef ptrdiff_t csv_read_function(void *context, char *bytes, size_t size);
struct csv_reader *csv_open_function(struct arena *arena, const char *name, csv_read_function *read, void *context,
                                     const struct csv_format *format);

/* The next row, the header being the first; *row is NULL after the last. The cells are valid until the next call. O(bytes). */
enum status csv_next(struct csv_reader *reader, const struct csv_row **row, struct error *error);

/* Where an error found by the caller stands: file of the reader, line of its present row, column from 1. Returns the
 * status that the error holds. */
enum status csv_error_at(const struct csv_reader *reader, size_t column, struct error *error);

/* The delimiter (',', ';' or tab) that a first line most likely uses: the one that it holds most often outside quotes. */
char csv_guess_delimiter(const char *bytes, size_t length);

/* A decimal number: sign, digits, point, exponent, nothing else, whatever the locale. False when text is something else
 * or overflows. Correctly rounded. */
bool csv_parse_real(const char *text, size_t length, double *value);

/* Writes to a file, or through a function (which returns false when it cannot); flushed by csv_finish. */
enum status csv_create(struct arena *arena, const char *path, const struct csv_format *format,
                       struct csv_writer **writer, struct error *error);
typedef bool csv_write_function(void *context, const void *bytes, size_t length);
struct csv_writer *csv_writer_new(struct arena *arena, const struct csv_format *format, csv_write_function *write,
                                  void *context);

/* Whether a spreadsheet would run the text, or might once apostrophes were taken away from before it: it begins with = + - @ TAB CR after
 * any number of them. So one apostrophe more, and one less, give the same text back. */
bool csv_would_run(const char *text);

/* The next cell of the row. A number is written with the fewest of 15 to 17 significant digits that read back the same;
 * one that is not finite leaves the cell empty. */
void csv_put_text(struct csv_writer *writer, const char *text);
void csv_put_unguarded(struct csv_writer *writer, const char *text); /* for a number written by the caller */
void csv_put_real(struct csv_writer *writer, double value);
void csv_put_integer(struct csv_writer *writer, int64_t value);
void csv_end_row(struct csv_writer *writer);

/* Flushes, closes the file and says whether all was written. */
enum status csv_finish(struct csv_writer *writer, struct error *error);

#endif
