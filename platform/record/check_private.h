/* check_private.h: what the files of the check share. */
#ifndef PLATFORM_RECORD_CHECK_PRIVATE_H
#define PLATFORM_RECORD_CHECK_PRIVATE_H

#include "platform/index/index.h"
#include "platform/record/check.h"
#include "platform/record/history_digest.h"
#include "platform/record/store_private.h"

enum { CHECK_BATCH = 50 };

struct check {
    const struct records *records;
    const struct check_wishes *wishes;
    struct check_totals *totals;
    struct db_handle *read;
    struct arena *batch;     /* reset after each batch */
    struct key_cache *cache; /* of the present kind */
    unsigned char secret[INDEX_SECRET];
};

/* Says a sentence and counts it. */
void check_found(struct check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A context of the program in the batch's arena. */
struct record_context check_context(struct check *check);

/* One record that was read, with what the row says beside it. */
struct checked {
    void *record;
    int64_t reader;
    const char *name_key;
};

/* An audience that there is: the reader token of another cannot be computed. */
static inline bool has_audience(const struct record *head)
{
    return head->audience >= AUDIENCE_PRIVATE && head->audience <= AUDIENCE_PUBLIC;
}

/* check_records.c */
enum status check_kind(struct check *check, const struct kind *kind, struct error *error);
/* The keys under which the record should be found. */
struct record_keys check_keys(struct check *check, const struct kind *kind, const void *record);
/* At most `most` records after that value of the column (id or slot), below the end. In the batch's arena. */
enum status check_read(struct check *check, const struct kind *kind, const char *column, int64_t after, int64_t end,
                       struct checked *found, size_t most, size_t *count, struct error *error);

/* check_index.c: once all records of the kind were summed. */
enum status check_index(struct check *check, const struct kind *kind, const struct index_sums *wanted,
                        struct error *error);

/* check_history.c: the history of a batch of records. */
enum status check_histories(struct check *check, const struct kind *kind, const struct checked *records, size_t count,
                            struct error *error);

/* check_chain.c: records of the kind whose history is there and that are not, count being how many are; the erased ones; the seals. */
enum status check_gone(struct check *check, const struct kind *kind, int64_t count, struct error *error);
enum status check_chain(struct check *check, struct error *error);

#endif
