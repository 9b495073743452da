/* seal.h: the chain over the lines of history. A seal folds the lines that follow the last seal, in the order of their numbers, under its
 * digest, with the digest of the seal before it, and is signed. Who keeps a head (the last seal) elsewhere can tell later that nothing before it was cut or
 * made again. Writers do not wait for it. What is erased is not under the seal, the digests of what was erased are: the chain goes on verifying. */
#ifndef PLATFORM_RECORD_SEAL_H
#define PLATFORM_RECORD_SEAL_H

#include "base/error.h"
#include "platform/db/db.h"

enum { SEAL_DIGEST = 32, SEAL_PUBLIC = 32, SEAL_SECRET = 64, SEAL_SIGNATURE = 64, SEAL_LINES = 10000 };

struct seal {
    int64_t number, first, last, lines, moment; /* first and last: numbers of lines of history */
    unsigned char previous[SEAL_DIGEST], digest[SEAL_DIGEST];
    unsigned char key[SEAL_PUBLIC], signature[SEAL_SIGNATURE];
};

/* The signing key from its file, made with mode 0600 when there is none. */
enum status seal_key(const char *path, unsigned char secret[SEAL_SECRET], struct error *error);

/* Folds at most `most` seals of SEAL_LINES lines. Only lines numbered before `before` (a moment; a minute ago is right: numbers are given before
 * the commit) are taken. *made: seals written. The lines are read beside the writers. STATUS_CONFLICT: another process sealed meanwhile. */
enum status history_seal(struct db *db, const unsigned char secret[SEAL_SECRET], int64_t before, int64_t most,
                         int64_t *made, struct error *error);

/* The last seal; number 0: none. And that one. */
enum status seal_last(struct db_handle *read, struct seal *seal, struct error *error);
enum status seal_load(struct db_handle *read, int64_t number, struct seal *seal, struct error *error);

/* Computes the digest of the lines between first and last again, as they are now, after `previous`. */
enum status seal_compute(struct db_handle *read, struct seal *seal, struct error *error);
bool seal_signed(const struct seal *seal);

/* A head as text, to be kept elsewhere, and back. */
const char *seal_print(struct arena *arena, const struct seal *seal);
enum status seal_parse(const char *text, struct seal *seal, struct error *error);

#endif
