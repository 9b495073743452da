/* pdf.h: documents to print, sign and keep: titles, paragraphs, tables that go on from page to page, on A4.
 *
 * Drawn by cairo and pango. What is drawn is tagged (ISO 32000-1, 14.8: headings, paragraphs, tables with their header cells), so that a screen reader reads
 * it in order; the language is not declared, which cairo 1.16 cannot do. The same calls give the same bytes. One thread at a time. */
#ifndef PLATFORM_PDF_H
#define PLATFORM_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct pdf;

struct pdf_about {
    const char *title, *author; /* as the file's properties say them */
    const char *footer;         /* at the foot of each page, before its number */
    int64_t moment;             /* when it was made */
};

enum { PDF_PAGES_MOST = 500, PDF_COLUMNS_MOST = 12, PDF_BYTES_MOST = 32 * 1024 * 1024 };

/* Begins a document, which ends with the arena. STATUS_FAULT when it cannot be drawn. */
enum status pdf_open(struct arena *arena, const struct pdf_about *about, struct pdf **pdf, struct error *error);

/* In order, from the top of the first page; what does not fit goes to the next page. Texts are UTF-8; what the fonts lack shows as boxes. A call after
 * a fault does nothing. Cost: some 50 us a line. */
void pdf_title(struct pdf *pdf, const char *text);
void pdf_heading(struct pdf *pdf, const char *text);
void pdf_paragraph(struct pdf *pdf, const char *text);

struct pdf_column {
    const char *label;
    int share;      /* of the width, in relation to the others */
    bool is_number; /* aligned right */
};
/* cells: rows * columns texts, row by row; NULL is empty. The head stands again on each page; a row is not cut unless it is longer than a page. */
void pdf_table(struct pdf *pdf, const struct pdf_column *columns, size_t count, const char *const *cells, size_t rows);

/* A label with a line to write on, one beneath the other, kept on one page. */
void pdf_blanks(struct pdf *pdf, const char *const *labels, size_t count);

/* The finished file, in the arena. STATUS_LIMIT beyond PDF_PAGES_MOST or PDF_BYTES_MOST. */
enum status pdf_close(struct pdf *pdf, const char **bytes, size_t *length, struct error *error);

#endif
