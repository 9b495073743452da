/* deadlines.h: the address under which a calendar program, which cannot sign in, follows what a person may read. Whoever has the address reads their deadlines
 * (titles and days, nothing about people), and nothing else; another address ends the one before. */
#ifndef PRODUCT_DEADLINES_DEADLINES_H
#define PRODUCT_DEADLINES_DEADLINES_H

#include "base/error.h"

struct arena;
struct db;
struct db_handle;
struct viewer;

/* Makes the account's address anew: *word is what stands in it, in the arena. */
enum status deadlines_make_address(struct db *db, struct arena *arena, int64_t account, const char **word,
                                   struct error *error);
enum status deadlines_end_address(struct db *db, int64_t account, struct error *error);
/* Since when there is one; 0: there is none. */
enum status deadlines_address_since(struct db_handle *read, int64_t account, int64_t *since, struct error *error);

/* Whose address it is: that account's viewer, who may only read. STATUS_MISSING: nobody's, or of an account that may not be used. */
enum status deadlines_viewer(struct db_handle *read, struct arena *arena, const char *word,
                             const struct viewer **viewer, struct error *error);

/* In the transaction that erases an account. */
enum status deadlines_forget(struct db_handle *write, int64_t account, struct error *error);

#endif
