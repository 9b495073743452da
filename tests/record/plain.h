/* plain.h: a query of records answered without the index: each record that the viewer may load is looked at in turn. */
#ifndef TESTS_RECORD_PLAIN_H
#define TESTS_RECORD_PLAIN_H

#include "tests/record/world.h"

#include "platform/record/query.h"
#include "platform/text/text.h"

/* What an account may load of all records of a kind that the test made, in the order of their filing. */
struct plain {
    const struct kind *kind;
    void **records;
    struct text_words (*stems)[WEIGHT_A + 1]; /* of each record, by the weight of the fields that hold them */
    size_t count;
    const char *
        dictionary; /* every word that any record has had, as one text: what an unfinished word may stand for; NULL: nothing */
};

struct plain plain_load(struct record_context *context, const struct kind *kind, const int64_t *ids, size_t count);

/* Whether record `i` matches, leaving out the filters of the field `but` (NULL: none). */
bool plain_matches(struct record_context *context, const struct plain *plain, size_t i,
                   const struct record_query *query, const char *but);
/* Whether the record has the value, or a descendant of it, in that field, "state", "audience", "owner" or "place". */
bool plain_has(struct record_context *context, const struct kind *kind, const void *record, const char *name,
               const char *value);
/* The ids that match, in the order of the query (by relevance: newest first). */
size_t plain_find(struct record_context *context, const struct plain *plain, const struct record_query *query,
                  const char *but, int64_t *ids);
/* The rank of record `i` among all that the viewer may read. */
double plain_score(struct record_context *context, const struct plain *plain, size_t i, const char *words);
/* Which of the records has that id. */
size_t plain_index(const struct plain *plain, int64_t id);
/* How many match and have the value. */
int64_t plain_count(struct record_context *context, const struct plain *plain, const struct record_query *query,
                    const char *but, const char *name, const char *value);

#endif
