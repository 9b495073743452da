/* export.h: records as a file: CSV, XLSX, JSON, GeoJSON, with the fields that the viewer may read. */
#ifndef PLATFORM_RECORD_EXPORT_H
#define PLATFORM_RECORD_EXPORT_H

#include "platform/record/query.h"
#include "platform/sheet/sheet.h"

enum export_format { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON, EXPORT_GEOJSON };

/* A workbook is made whole before its first byte leaves: beyond so many rows, in the background and for accounts only. */
enum { EXPORT_BOOK_ROWS = 20000 };

/* "csv", "xlsx", "json", "geojson"; false for another word. */
bool export_format_find(const char *word, enum export_format *format);
const char *export_media_type(enum export_format format);

/* The fields named in a list with commas between, in that order; all for NULL or "". `fields` has room for EXPORT_FIELDS. STATUS_INPUT for a
 * name that is none. */
enum { EXPORT_FIELDS = 200 };
enum status record_columns_choose(struct record_context *context, const struct kind *kind, const char *columns,
                                  const struct field **fields, size_t *count, struct error *error);

/* Writes all that was found to the sink, in batches; columns: names separated by commas, NULL: all. The personal fields of a batch are noted as
 * read before the batch is handed to the sink. STATUS_INPUT for a column that is none. */
enum status record_export_write(struct record_context *context, struct record_found *found, enum export_format format,
                                const char *columns, const char *filters, sheet_sink *sink, void *data,
                                struct error *error);

/* The same step by step, for who streams or tells progress: open, step until there is no more, close. Memory does not grow with the records. All
 * arguments outlive it; it ends with the context's arena. */
struct record_export;
enum status record_export_open(struct record_context *context, struct record_found *found, enum export_format format,
                               const char *columns, const char *filters, sheet_sink *sink, void *data,
                               struct record_export **result, struct error *error);
enum status record_export_step(struct record_export *exporting, bool *more, struct error *error);
enum status record_export_close(struct record_export *exporting, struct error *error);
int64_t record_export_done(const struct record_export *exporting); /* records written */

#endif
