/* sheet.h: tables as people have them, in (CSV of any delimiter and encoding, XLSX) and out (CSV, XLSX). */
#ifndef PLATFORM_SHEET_H
#define PLATFORM_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct sheet_reader;
struct sheet_writer;

struct sheet_limits { size_t columns, cell_bytes; int64_t rows; int64_t expanded_bytes; int ratio; };
/* 400 columns, 100,000 bytes a cell, 2,000,000 rows, 1 GiB expanded, ratio 200. */
extern const struct sheet_limits sheet_usual_limits;

/* Opens a file on disk: XLSX by its content (first sheet, or the named one), else text: encoding (UTF-8 with or without BOM, UTF-16 with
 * BOM, else Windows-1252), delimiter (comma, semicolon, tab, bar) and header found from the first 64 KiB. Streams: memory does not grow
 * with the rows (XLSX: shared strings are kept, within limits). */
enum status sheet_open(const char *path, const char *sheet, const struct sheet_limits *limits, struct sheet_reader **reader, struct error *error);
void sheet_close(struct sheet_reader **reader);
/* The header row: cleaned UTF-8 names. */
size_t sheet_columns(const struct sheet_reader *reader, const char *const **names);
/* The next row: `columns` texts, "" when absent; valid until the next call. XLSX dates come as "2026-11-22", numbers with a point. false at
 * the end or on a fault, which sheet_fault then tells. *line: 1-based line (CSV: of the row's first byte) or row of the sheet. */
bool sheet_next(struct sheet_reader *reader, const char *const **cells, int64_t *line);
enum status sheet_fault(const struct sheet_reader *reader, struct error *error);
/* How far: bytes read and in all, for progress; and a position to start again from (rows to skip). */
double sheet_progress(const struct sheet_reader *reader);
/* What was found, for the person: "UTF-8, ;". */
const char *sheet_format(const struct sheet_reader *reader);

enum sheet_type { SHEET_CSV_SEMICOLON, SHEET_CSV_COMMA, SHEET_XLSX };
enum cell_type { CELL_TEXT, CELL_NUMBER, CELL_DAY, CELL_LINK };
struct sheet_column { const char *name; enum cell_type type; int scale; };

/* Writes to a callback (streamed for CSV; XLSX is built in a temporary file by libxlsxwriter in constant-memory mode, then sent). CSV: UTF-8 with BOM,
 * RFC 4180; texts that begin with = + - @ tab or carriage return get an apostrophe in front. XLSX: same neutralisation is not needed (typed
 * text cells), head in bold and frozen, autofilter, widths, a second sheet with source, date, filters, method (notes: "name", "value" pairs). */
typedef enum status sheet_sink(void *context, const char *bytes, size_t length, struct error *error);
enum status sheet_write_open(enum sheet_type type, const struct sheet_column *columns, size_t count, const char *const *notes, size_t note_pairs,
                             sheet_sink *sink, void *context, struct sheet_writer **writer, struct error *error);
/* One cell after the other, in order of the columns. NULL text: empty. */
void sheet_put_text(struct sheet_writer *writer, const char *text);
void sheet_put_number(struct sheet_writer *writer, int64_t scaled); /* scale of its column */
void sheet_put_day(struct sheet_writer *writer, int64_t day);
void sheet_put_empty(struct sheet_writer *writer);
enum status sheet_end_row(struct sheet_writer *writer, struct error *error);
enum status sheet_write_close(struct sheet_writer **writer, struct error *error);

#endif
