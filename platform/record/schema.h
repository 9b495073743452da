/* schema.h: from the field tables to the next migration, and the proof that the two agree. */
#ifndef PLATFORM_RECORD_SCHEMA_H
#define PLATFORM_RECORD_SCHEMA_H

#include "base/error.h"

struct arena;
struct db;
struct kind;

/* What the declared kinds have and the tables of this SQLite database (to which all migrations were applied) lack, as the text of a
 * migration; NULL when they agree. A column or table that is no longer declared is refused (STATUS_CONFLICT): a drop is never written by
 * itself. Text in the arena. */
enum status schema_difference(struct db *db, struct arena *arena, const struct kind *const *kinds, const char **sql,
                              struct error *error);

#endif
