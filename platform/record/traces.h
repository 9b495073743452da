/* traces.h: what an erasure leaves behind elsewhere is removed: files and refused lines of imports that have ended, files made of lists, words of the
 * dictionary that no record has any more, files let go; then the write-ahead log is emptied. What is left are free places within pages, which
 * db_compact writes anew. */
#ifndef PLATFORM_RECORD_TRACES_H
#define PLATFORM_RECORD_TRACES_H

#include "platform/job/job.h"
#include "platform/record/record.h"

/* Erases, in the program's name, a record with what hangs on it, or what they say of people alone: for the operator, retention and restored backups. STATUS_MISSING:
 * no such record, or nothing about people in it; STATUS_CONFLICT: the law keeps it. Within db_transaction; traces are the caller's to remove. */
struct record_erasing {
    const struct kind *kind;
    int64_t id;
    bool people;
    const char *origin, *reason; /* as the history tells it */
    int64_t now;                 /* the moment of it; 0: the clock's */
};
enum status record_erase_for(const struct records *records, struct db_handle *write,
                             const struct record_erasing *erasing, struct error *error);

struct traces_removed {
    int64_t imports, exports, words, files;
};

/* Those of a kind and of what hangs on it, added to *removed. Imports that have not ended are left: they hold what is about to be filed. Several short
 * transactions; may run twice at once. O(rare words of the kind). */
enum status record_traces_remove(const struct records *records, const struct kind *kind, struct traces_removed *removed,
                                 struct error *error);

/* The job that does so after each erasure. The application of the workers must begin with a struct records. */
extern const struct job_type traces_jobs[];

#endif
