/* explain.h: gathers every SQL text that is prepared, and asks the engine how it would run each.
 *
 *     explain_begin();
 *     ... what the program does ...
 *     assert_int_equal(explain_check(db, &rules), 0);
 *     explain_end();
 *
 * SQLite: EXPLAIN QUERY PLAN. PostgreSQL: PREPARE, then EXPLAIN EXECUTE with the generic plan and sequential scans made dear, so that one
 * that is left is one that no index can replace. */
#ifndef TESTS_DB_EXPLAIN_H
#define TESTS_DB_EXPLAIN_H

#include <stddef.h>

struct db;

struct explain_rules {
    const char *const *large; /* tables that are never read whole; ended by NULL */
    const char *const
        *allowed; /* beginnings of texts that may read them whole all the same; ended by NULL; may be NULL */
};

void explain_begin(void);
void explain_end(void);

/* How many distinct texts were gathered. */
size_t explain_count(void);

/* Explains each text; prints those that cannot be explained or read a large table whole, with their plans; gives how many. */
size_t explain_check(struct db *db, const struct explain_rules *rules);

#endif
