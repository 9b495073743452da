/* readings.h: the ledger of personal fields read. What a request read is committed in one batch before the first byte leaves; if that
 * fails, the page does not leave. */
#ifndef PLATFORM_RECORD_READINGS_H
#define PLATFORM_RECORD_READINGS_H

#include "platform/record/record.h"

/* Notes that the viewer is about to be shown this field of this record. Each pair once. */
void readings_note(struct record_context *context, const struct kind *kind, int64_t record, const struct field *field);

/* Makes the list in the context's own arena, so that contexts that are copies of it, with a shorter life, note in it as well. */
void readings_begin(struct record_context *context);

/* Commits what was noted, in a transaction of its own; nothing noted: nothing done. Call before the response is sent. */
enum status readings_commit(struct record_context *context, struct error *error);

/* Removes the lines of before that moment, in one transaction; by number, which begins with the moment. */
enum status readings_sweep(struct db *db, int64_t before, struct error *error);

#endif
