/* query_private.h: what the files of queries share. */
#ifndef PLATFORM_RECORD_QUERY_PRIVATE_H
#define PLATFORM_RECORD_QUERY_PRIVATE_H

#include "platform/db/db.h"
#include "platform/record/keys_private.h"
#include "platform/record/query.h"
#include "platform/record/sql.h"
#include "platform/text/text.h"

struct index_view;

/* All that the viewer may read: the union over their reader tokens. */
const struct index_set *query_visible(struct record_context *context, struct index_view *view);
/* The set narrowed by the query's filters, but for those of the field `but` (NULL: all). */
const struct index_set *query_filtered(struct record_context *context, const struct record_query *query,
                                       struct index_view *view, const struct kind *kind, const struct index_set *set,
                                       const char *but);
/* The folded words asked for, without those that say nothing (de, la, the) unless there are no others. */
struct text_words query_words(struct arena *arena, const char *text);
/* The key of a field's value, as records have it. */
int64_t query_value_key(const struct kind *kind, const char *name, const char *value);
/* SELECT columns of the records of up to SQL_BATCH slots, of a set whose rights were applied; and its rows. */
const char *query_batch_sql(struct arena *arena, const char *columns, const struct kind *kind);
struct db_rows *query_batch(struct record_context *context, const char *sql, const int64_t *slots, size_t count);

/* The slots of the query's page in the order of kind->starts, for at most QUERY_RANKED matches. */
enum status query_page_when(struct record_context *context, const struct record_query *query,
                            const struct record_found *found, int64_t *slots, size_t *count, struct error *error);

#endif
