/* check.h: whether a database holds what it says: the engine's own checks, each record against its kind, the index against the records, the history
 * against the records and under its seals, the rights against what they follow from. Writes nothing (but what repair_index asks): fit for a live file, a
 * backup or a replica. Memory does not grow with the number of records. */
#ifndef PLATFORM_RECORD_CHECK_H
#define PLATFORM_RECORD_CHECK_H

#include "platform/record/record.h"

/* A sentence about what is wrong, in English, for the command line. */
typedef void check_say(void *context, const char *sentence);

struct check_wishes {
    const char *head;  /* a head kept elsewhere (seal.h), as text; NULL: none */
    int64_t day;       /* as of which rights are computed */
    bool repair_index; /* puts the index right, record by record */
    check_say *say;
    void *context;
};

struct check_totals {
    int64_t records, lines, seals, unsealed, accounts,
        erased; /* erased: lines whose content was erased, and is therefore not checked */
    int64_t findings, repaired;
};

/* STATUS_OK whatever is found; another status when the database could not be read to the end. */
enum status record_check(const struct records *records, const struct check_wishes *wishes, struct check_totals *totals,
                         struct error *error);

#endif
