/* export.h: records as a file: CSV, XLSX, JSON, GeoJSON, with the fields that the viewer may read. */
#ifndef PLATFORM_RECORD_EXPORT_H
#define PLATFORM_RECORD_EXPORT_H

#include "platform/record/query.h"
#include "platform/sheet/sheet.h"

enum export_format { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON, EXPORT_GEOJSON };

/* "csv", "xlsx", "json", "geojson"; false for another word. */
bool export_format_find(const char *word, enum export_format *format);
const char *export_media_type(enum export_format format);

/* The fields named in a list with commas between, in that order; all for NULL or "". `fields` has room for EXPORT_FIELDS. STATUS_INPUT for a
 * name that is none. */
enum { EXPORT_FIELDS = 200 };
enum status record_columns_choose(struct record_context *context, const struct kind *kind, const char *columns,
                                  const struct field **fields, size_t *count, struct error *error);

/* Writes all that was found to the sink, in batches; columns: names separated by commas, NULL: all. The personal fields that leave are
 * noted in the context (readings_commit before the first byte goes out). STATUS_INPUT for a column that is none. */
enum status record_export_write(struct record_context *context, struct record_found *found, enum export_format format,
                                const char *columns, const char *filters, sheet_sink *sink, void *data,
                                struct error *error);

#endif
