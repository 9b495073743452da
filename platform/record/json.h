/* json.h: records as JSON and back: the API's one form of a record. */
#ifndef PLATFORM_RECORD_JSON_H
#define PLATFORM_RECORD_JSON_H

#include "platform/record/record.h"

struct buffer;

/* A JSON string, quoted and escaped (RFC 8259). NULL gives null. */
void json_text(struct buffer *out, const char *text);

/* {"id": "...", "version": 3, ..., one member a field that the viewer may read and that is present}. */
void json_record(struct buffer *out, struct record_context *context, const struct kind *kind, const void *record);

/* The same with these fields only. */
void json_chosen(struct buffer *out, struct record_context *context, const void *record,
                 const struct field *const *fields, size_t count);

/* The members of a JSON object as inputs: numbers, booleans, lists and objects become the texts that record_apply reads; null empties. A
 * member that is no field of the kind, or is of the head (id, version ...), is a fault. *version: of the member "version", 0 when absent. */
enum status json_inputs(struct record_context *context, const struct kind *kind, const char *body, size_t length,
                        struct inputs *inputs, int64_t *version, struct faults *faults, struct error *error);

#endif
