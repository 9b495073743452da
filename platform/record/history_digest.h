/* history_digest.h: what the lines of history are digested with. Who writes a line and who checks it use the same words.
 *
 * A line's digest is BLAKE2b, keyed with the line's salt, of all that the line says and of its leaves' digests. Of a creation, what is said is the
 * whole content, which is not kept: it is found again from the record and its later changes. Once a record is erased the salts are gone: the
 * digests stay, can no longer be computed, and tell nothing of what was erased. */
#ifndef PLATFORM_RECORD_HISTORY_DIGEST_H
#define PLATFORM_RECORD_HISTORY_DIGEST_H

#include "platform/record/record.h"

enum { HISTORY_SALT = 16, HISTORY_DIGEST = 32 };

/* The line itself. reason may be NULL. */
struct history_words {
    const char *kind, *action, *origin, *reason;
    int64_t record, version, account, moment;
};

/* What a record says: one text a field of the kind (NULL: absent), and what its head says. */
struct history_content {
    const char **texts;
    const char *state, *audience;
    int64_t owner;
};
struct history_content history_content_of(struct record_context *context, const struct kind *kind, const void *record);

/* Of the change of one personal field; before and after may be NULL. */
void history_leaf_digest(const unsigned char salt[HISTORY_SALT], const char *field, const char *before,
                         const char *after, unsigned char digest[HISTORY_DIGEST]);
/* Of a change or an erasure. changes: JSON, compact, keys sorted; leaves: their digests, one after the other, in the order of the fields. */
void history_change_digest(const unsigned char salt[HISTORY_SALT], const struct history_words *words,
                           const char *changes, const unsigned char *leaves, size_t leaf_count,
                           unsigned char digest[HISTORY_DIGEST]);
void history_creation_digest(const unsigned char salt[HISTORY_SALT], const struct history_words *words,
                             const struct kind *kind, const struct history_content *content,
                             unsigned char digest[HISTORY_DIGEST]);

#endif
