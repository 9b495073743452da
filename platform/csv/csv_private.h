/* csv_private.h: shared by the reader and the writer. */
#ifndef PLATFORM_CSV_PRIVATE_H
#define PLATFORM_CSV_PRIVATE_H

#include "platform/csv/csv.h"

/* The format with its defaults in place of zeros. */
struct csv_format csv_format_complete(const struct csv_format *format);

/* Forgiving reading. The end of the row that begins at `at` (its LF; the limit when nothing follows), or NULL when it is not there yet;
 * *open: a quoted cell was not closed. */
char *csv_forgiving_row_end(char *at, char *limit, char delimiter, bool ended, bool *open);
/* The cell at *at, which moves to its text, unquoted in place over *length bytes. Gives what follows the cell; NULL: never closed. */
char *csv_forgiving_cell(char **at, char *end, char delimiter, size_t *length);

#endif
