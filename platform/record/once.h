/* once.h: what is sent again because its answer was lost is kept once.
 *
 * Who sends something draws a key for it and sends the same key at each try. The key, the account and a digest of what was sent are kept in the
 * transaction of the record that came of it. Keys are forgotten after ONCE_DAYS. */
#ifndef PLATFORM_RECORD_ONCE_H
#define PLATFORM_RECORD_ONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct db;
struct db_handle;

enum { ONCE_KEY_LEAST = 8, ONCE_KEY_MOST = 80, ONCE_DAYS = 60 };

/* What was sent: its key (letters, digits, - and _) and its bytes, borrowed. */
struct once {
    const char *key; /* NULL: nothing is kept, each sending is another record */
    const char *content;
    size_t length;
};

/* STATUS_INPUT when it is no key. */
enum status once_check(const struct once *once, struct error *error);

/* *record: what came of that key of the account; 0: it was not seen. *same: whether the same bytes came with it. One look-up. */
enum status once_find(struct db_handle *handle, int64_t account, const struct once *once, int64_t *record, bool *same,
                      struct error *error);

/* Keeps the key. STATUS_CONFLICT when another transaction has just kept it. */
enum status once_keep(struct db_handle *write, int64_t account, const struct once *once, int64_t record,
                      struct error *error);

/* Forgets what was sent for a record that is erased. */
enum status once_forget(struct db_handle *write, int64_t record, struct error *error);

/* And all that an account sent, when it is erased. */
enum status once_forget_account(struct db_handle *write, int64_t account, struct error *error);

/* Forgets keys older than ONCE_DAYS. */
enum status once_sweep(struct db *db, struct error *error);

#endif
