/* import_private.h: what the files of imports share. */
#ifndef PLATFORM_RECORD_IMPORT_PRIVATE_H
#define PLATFORM_RECORD_IMPORT_PRIVATE_H

#include "platform/record/import.h"
#include "platform/record/store_private.h"

enum outcome { OUTCOME_ADDED, OUTCOME_CHANGED, OUTCOME_SAME, OUTCOME_REFUSED };

/* A row of the file, made ready: the record that it gives, the one that it would change, what is wrong. */
struct import_row {
    int64_t line;
    const char *const *cells;
    const void *probe; /* a record with its unique values */
    const void
        *draft; /* the new record that its cells give, with the faults found; NULL: to be read with the database */
    const struct faults *draft_faults; /* NULL: none */
    enum outcome outcome;
    bool waits; /* it depends on rows that the batch holds: to be read again once they are written */
    void *record, *before;
    const struct error *fault; /* why it was refused */
};
struct import_rows {
    struct import_row *items;
    size_t count, room;
};
struct import_rows *import_rows_new(struct arena *arena, size_t room);
/* Copies the row into the arena and adds it. */
void import_keep_row(struct arena *arena, const struct import *import, struct import_rows *rows,
                     const char *const *cells, int64_t line);

/* Reads the probe of the row and, when no value of it has to be looked up in the database, the draft. Uses no handle of the context. */
void import_draft_row(struct record_context *context, const struct import *import, struct import_row *row);

/* import_ahead.c: rows of the file, a batch at a time, read and parsed by a thread while the caller writes those before. */
struct sheet_reader;
struct import_batch {
    struct arena *arena; /* of the batch; the caller's, too, until it asks for the next */
    struct import_rows *rows;
    double progress; /* of the file, once these rows are read */
};
struct import_ahead;
/* size: rows of the first batch; most: of any. What it needs lies in the context's arena. */
struct import_ahead *import_ahead_start(const struct record_context *context, const struct import *import,
                                        struct sheet_reader *reader, size_t size, size_t most);
/* The next rows; NULL: no more, and the reader says why (sheet_fault). size: of the batch after it. */
struct import_batch *import_ahead_next(struct import_ahead *ahead, size_t size);
void import_ahead_end(struct import_ahead *ahead); /* waits for the thread */

/* Looks up which records the rows name: before they are read. */
enum status import_look_up(struct record_context *context, struct record_batch *batch, const struct import *import,
                           struct import_rows *rows, struct error *error);
/* Reads one row as it would be applied, and adds what is to be written to the batch. All failures of the row are an outcome; a status other than OK
 * is of the database. */
enum status import_read_row(struct record_context *context, struct record_batch *batch, const struct import *import,
                            struct import_row *row, struct error *error);
/* Notes the keys of a row that was applied before the import was stopped. */
void import_see_row(struct record_context *context, const struct import *import, const char *const *cells,
                    int64_t line);
void import_count(struct import *import, enum outcome outcome);
enum status import_keep(struct db_handle *handle, const struct import *import, struct error *error);
/* import_file.c: a copy of what lies in the database, at import->path. */
enum status import_copy_file(struct record_context *context, struct import *import, struct error *error);

/* import_job.c: puts "import_check", "import_apply" or "import_undo" of it into the queue, one at a time. bytes: of the file, when its lines are
 * not counted yet. *job: the job, also one that was there. */
enum status import_start(struct record_context *context, const struct import *import, const char *type, int64_t bytes,
                         int64_t *job, struct error *error);

/* Tells who follows, in the transaction. */
enum status import_tell(struct db_handle *handle, const struct import *import, int64_t done, int64_t total,
                        struct error *error);
bool import_stops(const struct import *import);
enum status import_add_remark(struct db_handle *handle, struct arena *arena, const struct import *import,
                              const struct import_row *row, struct error *error);

#endif
