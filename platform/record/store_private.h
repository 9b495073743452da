/* store_private.h: what the files of the engine share. */
#ifndef PLATFORM_RECORD_STORE_PRIVATE_H
#define PLATFORM_RECORD_STORE_PRIVATE_H

#include "platform/db/db.h"
#include "platform/record/record.h"
#include "platform/record/keys.h"
#include "platform/record/sql.h"

/* The record of the present row, whole. */
void *row_record(struct record_context *context, const struct kind *kind, const struct db_rows *rows);
/* Empties what the viewer may not read; notes the personal fields that stay. */
void blank_record(struct record_context *context, const struct kind *kind, void *record);
/* The whole record, without the predicate: for the write path only. */
enum status load_raw(struct record_context *context, const struct kind *kind, int64_t id, void **record,
                     struct error *error);
/* As record_place, whoever saves: the index is the same for all. */
bool place_for_index(struct record_context *context, const struct kind *kind, const void *record, struct place *place);
/* All that comes before writing: owner, rights, the kind's hook, required fields, unique ones. Sets the head of a new record. */
enum status prepare_record(struct record_context *context, const struct kind *kind, void *record, const void *before,
                           struct faults *faults, struct error *error);
/* Fills the fields that fill themselves; filed: the record was there before. Loads each record pointed to once. */
enum status derive_fields(struct record_context *context, const struct kind *kind, void *record, bool filed,
                          struct error *error);
/* Sets those again that follow from codes of the same record: the région of a place. Loads nothing. */
void derive_from_codes(struct record_context *context, const struct kind *kind, void *record);
/* Stops the program when a row's derivation does not fit its field: called for each kind at start. */
void derive_check(const struct kind *kind);
/* Writes a prepared record with its index and history. */
enum status write_record(struct record_context *context, const struct kind *kind, void *record, const void *before,
                         struct error *error);
/* Writes an existing record over `before`, with its index and history line. */
enum status update_record(struct record_context *context, const struct kind *kind, void *record, const void *before,
                          const char *action, const char *reason, struct error *error);
/* An existing record, visible to the viewer, whole, at the version expected (0: any). */
enum status load_for_write(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                           void **record, struct error *error);
/* Brings a record into another state, in the transaction of context->handle. */
enum status change_state(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                         const char *state, const char *given, struct error *error);
/* Erases an existing record with its index entries and the content of its history; leaves a line that says so. */
enum status erase_record(struct record_context *context, const struct kind *kind, const void *before,
                         const char *reason, struct error *error);
enum status save_conflict(struct error *error);
/* The values of all columns in order (HEAD_COLUMNS + fields). In the arena. */
struct db_value *record_values(struct record_context *context, const struct kind *kind, const void *record,
                               size_t *count);
/* Writes the line of history of a change; before is NULL for a creation, after is NULL for an erasure. */
enum status history_write(struct record_context *context, const struct kind *kind, const char *action,
                          const void *before, const void *after, const char *reason, struct error *error);
/* Removes the content (personal or not) of the history of a record. */
enum status history_erase(struct record_context *context, const struct kind *kind, int64_t id, struct error *error);
/* The index follows: either side may be NULL. */
enum status index_record(struct record_context *context, const struct kind *kind, const void *before, const void *after,
                         struct error *error);
static inline struct record *head_of(void *record) { return record; }
static inline const struct record *head_in(const void *record) { return record; }
const struct state *kind_state(const struct kind *kind, const char *name);

#endif
