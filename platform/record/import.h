/* import.h: a file of rows becomes records: a conversation in three steps.
 *
 * begin: the columns are recognised. check (dry run): each line is read as it would be applied, nothing is written but the remarks. apply: in
 * batches that each stand or fall, where it stopped if it was stopped; undo takes all of it back, but what was changed since. A faulty
 * line is refused with a remark and does not spoil the others. */
#ifndef PLATFORM_RECORD_IMPORT_H
#define PLATFORM_RECORD_IMPORT_H

#include "platform/record/record.h"

struct map;
struct db_handle;
struct file_given;

/* Who follows an import at work (a job): told in each transaction how far it is, which may refuse that; asked between them whether to stop. */
struct import_watch {
    enum status (*step)(void *data, struct db_handle *write, int64_t done, int64_t total, struct error *error);
    bool (*stops)(void *data);
    void *data;
};

struct import {
    int64_t id, home, account;
    const struct kind *kind;
    const char *name;  /* of the file, as the person knows it */
    const char *path;  /* where it lies on the disk; NULL: in the database, and not copied yet */
    int64_t file, job; /* where it lies in the database (platform/file); the job that last worked on it; 0: none */
    const char *stage; /* "read", "ready", "applying", "done", "undoing", "undone" */
    int64_t created;
    int64_t lines, done, added, changed, same, refused;
    const struct field **fields; /* of each column; NULL: the column is not taken */
    const char *const *columns;  /* names of the columns */
    size_t column_count;
    const char *format; /* "UTF-8, ;" */
    struct map *seen;   /* keys of unique fields met in the file: the line of each */
    const char *mapping;
    const struct import_watch *watch; /* NULL: nobody */
};

struct import_remark {
    int64_t line;
    const char *outcome;
    struct error error;
};

/* Called now and then: how far (0 to 1); false stops the work where it is. */
typedef bool import_progress(void *context, double share);

/* Opens the file, recognises its columns (label in either language, name of the field; `mapping`, which may be NULL, is "column=field" lines
 * that come first) and keeps the import. STATUS_INPUT when no column is recognised or two are of one field; a needed column that is missing is
 * told row by row, for a file that only updates may leave it out. */
enum status import_begin(struct record_context *context, const struct kind *kind, const char *path, const char *name,
                         const char *mapping, struct import **import, struct error *error);
/* The account's own import. One whose file is in the database has no columns before import_open, which the functions below call. */
enum status import_load(struct record_context *context, int64_t id, struct import **import, struct error *error);
/* Copies the file to the disk, until the context's arena ends, and recognises its columns; nothing when they are known. */
enum status import_open(struct record_context *context, struct import *import, struct error *error);

/* Takes the file into the database, where other servers find it and from where it goes with import_sweep: the path is then no longer used. */
enum status import_take_file(struct record_context *context, struct import *import, const struct file_given *given,
                             struct error *error);
/* Lets go the files of imports begun so many days ago; remarks and what undoing needs stay. */
enum status import_sweep(struct db *db, int64_t days, struct error *error);

/* Dry run: counts and remarks. Stage: ready, or read when it was stopped. */
enum status import_check(struct record_context *context, struct import *import, import_progress *progress, void *data,
                         struct error *error);
/* Applies from where it stands. Each batch is one short transaction. Stage: done; STATUS_INPUT when it was before. An empty cell empties the
 * field, but for one that the viewer may not read. */
enum status import_apply(struct record_context *context, struct import *import, import_progress *progress, void *data,
                         struct error *error);
/* Erases what it added and gives back what it changed, where nobody changed it since; *kept: how many were left as they are. Of one that was
 * stopped as well. Stage: undone, or undoing when it was stopped. */
enum status import_undo(struct record_context *context, struct import *import, int64_t *kept, struct error *error);

/* The remarks, in order of line, at most `most` after skipping `skip`. */
enum status import_remarks(struct record_context *context, const struct import *import, int64_t skip, size_t most,
                           struct import_remark **remarks, size_t *count, struct error *error);
/* The same file with a column of remarks, as CSV, through the sink of sheet.h. */
enum status import_report(struct record_context *context, struct import *import,
                          enum status (*sink)(void *, const char *, size_t, struct error *), void *data,
                          struct error *error);

#endif
