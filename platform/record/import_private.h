/* import_private.h: what the files of imports share. */
#ifndef PLATFORM_RECORD_IMPORT_PRIVATE_H
#define PLATFORM_RECORD_IMPORT_PRIVATE_H

#include "platform/record/import.h"
#include "platform/record/store_private.h"

enum outcome { OUTCOME_ADDED, OUTCOME_CHANGED, OUTCOME_SAME, OUTCOME_REFUSED };

/* A row of the file, made ready: the record that it gives, the one that it would change, what is wrong. */
struct import_row {
    int64_t line;
    enum outcome outcome;
    void *record, *before;
    struct faults faults;
    struct error error;
};

/* Reads one row as it would be applied; writes nothing. All failures of the row are an outcome; a status other than OK is of the database. */
enum status import_read_row(struct record_context *context, const struct import *import, const char *const *cells,
                            struct import_row *row, struct error *error);
/* Notes the keys of a row that was applied before the import was stopped. */
void import_see_row(struct record_context *context, const struct import *import, const char *const *cells,
                    int64_t line);
void import_count(struct import *import, enum outcome outcome);
enum status import_keep(struct db_handle *handle, const struct import *import, struct error *error);
enum status import_add_remark(struct db_handle *handle, struct arena *arena, const struct import *import,
                              const struct import_row *row, struct error *error);

#endif
