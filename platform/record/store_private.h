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
/* Which records have which values of unique fields, as far as it was asked within one transaction. In the arena. */
struct uniques;
struct uniques *uniques_new(struct arena *arena, const struct kind *kind);
/* Asks for the values of these records, those not asked for yet: one statement for each unique field and 50 of them. */
enum status uniques_look_up(struct record_context *context, struct uniques *uniques, const void *const *records,
                            size_t count, struct error *error);
/* The record that has the value of this unique field of `record`, which was looked up; 0: none. */
int64_t uniques_holder(struct record_context *context, const struct uniques *uniques, const struct field *field,
                       const void *record);
/* From now on the record has these values, no longer those that it had before (NULL: it is new). */
void uniques_take(struct record_context *context, struct uniques *uniques, const void *record, const void *before);

/* All that comes before writing: owner, rights, what fills itself, the kind's hook, required fields, unique ones (looked up here when they were
 * not). Sets the head of a new record. */
enum status prepare_record(struct record_context *context, const struct kind *kind, void *record, const void *before,
                           struct uniques *uniques, struct faults *faults, struct error *error);

/* A write of one record. before NULL: a creation; after NULL: an erasure. */
struct save {
    void *after;
    const void *before;
    const char *action; /* as the history tells it */
    const char *reason;
};
/* Writes one prepared record with its index, its history and what follows. */
enum status write_record(struct record_context *context, const struct kind *kind, const struct save *save,
                         struct error *error);
struct uniques *batch_uniques(const struct record_batch *batch);
/* Whether the record is in the batch and not written yet. */
bool batch_holds(const struct record_batch *batch, int64_t id);
size_t batch_count(const struct record_batch *batch);
/* Fills the fields that fill themselves; filed: the record was there before. Loads each record pointed to once. */
enum status derive_fields(struct record_context *context, const struct kind *kind, void *record, bool filed,
                          struct error *error);
/* Sets those again that follow from codes of the same record: the région of a place. Loads nothing. */
void derive_from_codes(struct record_context *context, const struct kind *kind, void *record);
/* Stops the program when a row's derivation does not fit its field: called for each kind at start. */
void derive_check(const struct kind *kind);
/* An existing record, visible to the viewer, whole, at the version expected (0: any). */
enum status load_for_write(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                           void **record, struct error *error);
/* Brings a record into another state, in the transaction of context->handle. */
enum status change_state(struct record_context *context, const struct kind *kind, int64_t id, int64_t version,
                         const char *state, const char *given, struct error *error);
/* Erases an existing record with its index entries and the content of its history; leaves a line that says so. */
enum status erase_record(struct record_context *context, const struct kind *kind, const void *before,
                         const char *reason, struct error *error);
/* Files (files.c): stops the program when a row of one is not right; adds a fault for each file that the record may not hold; in the
 * transaction of the save, holds those that it has and lets go those that it had. Either side may be NULL. */
void files_check_kind(const struct kind *kind);
void files_check(struct record_context *context, const struct kind *kind, const void *record, const void *before,
                 struct faults *faults);
enum status files_follow(struct record_context *context, const struct kind *kind, const void *record,
                         const void *before, struct error *error);
/* Counted places (capacity.c): stops the program when the kind's are not right; a new record without a place waits; a step to a place needs one
 * (STATUS_CONFLICT); after a write, those who wait get the places that it freed. */
void capacity_check_kind(const struct kind *kind);
enum status capacity_place(struct record_context *context, const struct kind *kind, void *record, struct error *error);
enum status capacity_check(struct record_context *context, const struct kind *kind, const void *record,
                           const void *before, struct error *error);
enum status capacity_follow(struct record_context *context, const struct kind *kind, const void *record,
                            const void *before, struct error *error);
enum status save_conflict(struct error *error);
/* Writes the lines of history of these writes. */
enum status history_write(struct record_context *context, const struct kind *kind, const struct save *saves,
                          size_t count, struct error *error);
/* Removes the content (personal or not) of the history of a record. */
enum status history_erase(struct record_context *context, const struct kind *kind, int64_t id, struct error *error);
/* Removes what the history says of people, and the salts of digests that cover it; the lines and their digests stay. */
enum status history_forget(struct record_context *context, const struct kind *kind, int64_t id, struct error *error);
/* Empties what a record says of people (forget.c), and what hangs on it; erases what hangs on it. In the transaction of context->handle. */
enum status forget_record(struct record_context *context, const struct kind *kind, const void *before,
                          struct error *error);
enum status erase_dependents(struct record_context *context, const struct kind *kind, int64_t id, const char *reason,
                             struct error *error);
/* The field by which records of that kind hang on a record of `on`: they belong to it, not to an organisation of their own; NULL: they do not. */
const struct field *hanging_field(const struct kind *kind, const struct kind *on);
/* Whether a dash takes its place when nobody is named any more. */
bool stands_for_somebody(const struct field *field);
/* Stops the program when the kind's retention cannot be (retention.c). */
void retention_check_kind(const struct kind *kind);
/* STATUS_CONFLICT, with the day and the law, while the law keeps the record. */
enum status check_law(struct record_context *context, const struct kind *kind, const void *record, struct error *error);
/* Asks, in the same transaction, for the traces of what was erased to be removed (traces.c). */
enum status traces_ask(struct record_context *context, const struct kind *kind, struct error *error);
/* The index follows the writes. `begin` works out the entries of the new records, beside the caller when there is a worker, on the means'
 * arena; who has begun calls `write`, whatever happened in between, which waits for that work, adds what the changed ones need, moves the
 * records that are where they are, and writes, unless so_far (returned then) is a failure. */
struct worker;
struct index_batch;
struct index_means {
    struct arena *arena; /* of the present transaction; while begun, nobody else's */
    struct key_cache *cache;
    struct worker *worker; /* NULL: none */
};
struct index_batch *index_batch_begin(struct record_context *context, const struct index_means *means,
                                      const struct kind *kind, const struct save *saves, size_t count);
enum status index_batch_write(struct index_batch *batch, enum status so_far, struct error *error);
static inline struct record *head_of(void *record) { return record; }
static inline const struct record *head_in(const void *record) { return record; }
const struct state *kind_state(const struct kind *kind, const char *name);

#endif
