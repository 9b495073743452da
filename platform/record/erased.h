/* erased.h: the list of what was erased, kept beside the database and outside its backups, so that a backup that is older than an erasure does not bring
 * back what was erased. A line says a kind (KIND/people when only its personal details were erased, "account" for an account), a number and a moment: nothing
 * of what the record held. */
#ifndef PLATFORM_RECORD_ERASED_H
#define PLATFORM_RECORD_ERASED_H

#include "platform/record/record.h"

/* Adds to the list what was erased since it was last brought up to date, up to the moment `before` (a minute ago is right: numbers of lines are
 * given before the commit). Made with mode 0600 when it is not there; durable when this returns. Reads the lines of history since then. *added (may be NULL):
 * how many. STATUS_INPUT: the file is no such list. */
enum status erased_note(struct db *db, const char *path, int64_t before, int64_t *added, struct error *error);

struct erased_totals {
    int64_t listed, erased, kept; /* kept: could not be erased, for a reason that was said */
};

/* Erases again what the list names and the database holds, each in a transaction of its own. say: told of each that could not be erased, by kind and
 * number. The database must not be in use. STATUS_INPUT: no such list, or a kind that this program does not know. */
typedef void erased_say(void *context, const char *kind, int64_t id, const struct error *why);
/* Erases an account, which is not the record engine's; STATUS_MISSING when it is not there. */
typedef enum status erase_account(struct db *db, int64_t id, struct error *error);
struct erased_wishes {
    erased_say *say;
    void *context;
    erase_account *account;
};
enum status erased_replay(const struct records *records, const char *path, const struct erased_wishes *wishes,
                          struct erased_totals *totals, struct error *error);

#endif
