/* sheet.h: tables as people have them, in (CSV of any delimiter and encoding, XLSX) and out (CSV, XLSX). See docs/sheets.md. */
#ifndef PLATFORM_SHEET_H
#define PLATFORM_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sheet_reader;
struct sheet_writer;

struct sheet_limits {
    size_t columns, cell_bytes;
    int64_t rows;
    int64_t expanded_bytes;
    int ratio;
};
/* 400 columns, 100,000 bytes a cell, 2,000,000 rows, 1 GiB expanded, ratio 200. */
extern const struct sheet_limits sheet_usual_limits;

/* Opens a file on disk (path outlives the reader): XLSX by its content (first visible sheet, or the named one), else text: encoding
 * (UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252) from the whole file, delimiter (comma, semicolon, tab, bar, or what a
 * line "sep=;" says) and header from the first 64 KiB. The header is the first of the first 20 rows to fill at least half of the cells that
 * the fullest of them fills: title lines above it are passed over. Streams: memory does not grow with the rows (XLSX: shared strings are
 * kept, up to 256 MiB). STATUS_INPUT: no such file or sheet, no table in it, not a kind that is read; STATUS_LIMIT: beyond a limit. */
enum status sheet_open(const char *path, const char *sheet, const struct sheet_limits *limits,
                       struct sheet_reader **reader, struct error *error);
/* Closes and sets *reader to NULL; NULL is let pass. */
void sheet_close(struct sheet_reader **reader);
/* The header row: UTF-8 names, white space collapsed. Columns beyond the last name are left out; a name may be "" or occur twice. */
size_t sheet_columns(const struct sheet_reader *reader, const char *const **names);
/* The names of the sheets of the workbook, hidden ones included; none for a text file. */
size_t sheet_names(const struct sheet_reader *reader, const char *const **names);
/* The next row that is not empty: `columns` texts, "" when absent; valid until the next call. From XLSX: dates as "2026-11-22", moments as
 * "2026-11-22T08:30:00", hours as "08:30:00", numbers with a point and 15 digits at most (as spreadsheets show them), "true" and "false", errors
 * as written ("#N/A"), merged cells in their first cell only. An apostrophe before = + - @ tab and return, as sheet_write_open puts it, is taken
 * away. false at the end or on a fault, which sheet_fault then tells. *line: 1-based line of the file (CSV: of the row's first byte) or row
 * of the sheet. O(bytes of the row). */
bool sheet_next(struct sheet_reader *reader, const char *const **cells, int64_t *line);
/* Whether the last row holds text beyond the last named column: the texts themselves are not given. */
bool sheet_row_overflows(const struct sheet_reader *reader);
/* STATUS_OK, or why reading stopped, with the file's line. */
enum status sheet_fault(const struct sheet_reader *reader, struct error *error);
/* How far: the share of the bytes read, 0 to 1. */
double sheet_progress(const struct sheet_reader *reader);
/* What was found, for the person: "UTF-8, ;" or "XLSX, Sheet1". */
const char *sheet_format(const struct sheet_reader *reader);

enum sheet_type { SHEET_CSV_SEMICOLON, SHEET_CSV_COMMA, SHEET_XLSX };
enum cell_type { CELL_TEXT, CELL_NUMBER, CELL_DAY, CELL_MOMENT, CELL_LINK };
struct sheet_column {
    const char *name;
    enum cell_type type;
    int scale;
};

/* Writes to a callback (streamed for CSV; XLSX is built in a temporary file by libxlsxwriter in constant-memory mode, then sent). columns and notes
 * outlive the writer. CSV: UTF-8 with BOM, RFC 4180, lines in CRLF, decimal comma with the semicolon and point with the comma; texts that begin with
 * = + - @ tab or carriage return get an apostrophe in front. XLSX: typed cells, so that no text is ever run; numbers of more than 15 digits as text;
 * links for http, https and mailto; head in bold and frozen, autofilter, widths; a second sheet "Source" with source, date, filters,
 * method (notes: "name", "value" pairs). Texts beyond the 32,767 characters of a spreadsheet's cell are cut, and their count noted there. */
typedef enum status sheet_sink(void *context, const char *bytes, size_t length, struct error *error);
enum status sheet_write_open(enum sheet_type type, const struct sheet_column *columns, size_t count,
                             const char *const *notes, size_t note_pairs, sheet_sink *sink, void *context,
                             struct sheet_writer **writer, struct error *error);
/* A workbook of several tables, a sheet each, under that name (31 characters at most, none of []:*?/\\, each once): written one after the other. columns must
 * outlive the table. The rest is as for one table. */
enum status sheet_book_open(const char *const *notes, size_t note_pairs, sheet_sink *sink, void *context,
                            struct sheet_writer **writer, struct error *error);
enum status sheet_book_table(struct sheet_writer *writer, const char *name, const struct sheet_column *columns,
                             size_t count, struct error *error);
/* One cell after the other, in order of the columns. NULL text: empty. */
void sheet_put_text(struct sheet_writer *writer, const char *text);
void sheet_put_number(struct sheet_writer *writer, int64_t scaled); /* scale of its column */
void sheet_put_day(struct sheet_writer *writer, int64_t day);
/* local: milliseconds of the clock on the wall, as if it were in UTC; ahead: how much it is ahead of UTC, which CSV says ("+01:00") and
 * workbooks, that know no zones, do not. */
void sheet_put_moment(struct sheet_writer *writer, int64_t local, int64_t ahead);
void sheet_put_empty(struct sheet_writer *writer);
/* STATUS_LIMIT beyond the 1,048,576 rows of a spreadsheet. Cells that were not put are empty. */
enum status sheet_end_row(struct sheet_writer *writer, struct error *error);
/* Sends what remains, sets *writer to NULL; NULL is let pass. abandon: after a fault, frees without sending. */
enum status sheet_write_close(struct sheet_writer **writer, struct error *error);
void sheet_write_abandon(struct sheet_writer **writer);

#endif
