/* csv_private.h: shared by the reader and the writer. */
#ifndef PLATFORM_CSV_PRIVATE_H
#define PLATFORM_CSV_PRIVATE_H

#include "platform/csv/csv.h"

/* The format with its defaults in place of zeros. */
struct csv_format csv_format_complete(const struct csv_format *format);

#endif
