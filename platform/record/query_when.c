/* query_when.c: a page of a list in the order of the calendar: what is to come, the soonest first, then what has been, the latest first. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/query_private.h"

struct dated {
    int64_t slot, at;
    bool past;
};

static int by_when(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    if (x->past != y->past) return x->past - y->past;
    const int order = (x->at > y->at) - (x->at < y->at);
    if (order) return x->past ? -order : order;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static enum status read_dates(struct record_context *context, const struct record_found *found, const int64_t *slots,
                              size_t count, struct dated *dated, size_t *kept, struct error *error)
{
    const struct kind *kind = found->kind;
    const bool is_day = kind_field(kind, kind->starts)->type == FIELD_DATE;
    const int64_t now = is_day ? time_today() : time_now();
    const char *sql = query_batch_sql(context->arena, arena_print(context->arena, "r.slot, r.%s", kind->starts), kind);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i += SQL_BATCH) {
        struct db_rows *rows = query_batch(context, sql, slots + i, count - i < SQL_BATCH ? count - i : SQL_BATCH);
        while (db_next(rows)) {
            const int64_t at = db_is_null(rows, 1) ? INT64_MIN : db_get_integer(rows, 1);
            dated[(*kept)++] = (struct dated){db_get_integer(rows, 0), at, at < now};
        }
        status = db_end(&rows, error);
    }
    return status;
}

enum status query_page_when(struct record_context *context, const struct record_query *query,
                            const struct record_found *found, int64_t *slots, size_t *count, struct error *error)
{
    const size_t total = (size_t)found->total, skip = (size_t)((query->page - 1) * query->page_size);
    int64_t *all = ARENA_ARRAY(context->arena, total + 1, int64_t);
    struct dated *dated = ARENA_ARRAY(context->arena, total + 1, struct dated);
    size_t kept = 0;
    const enum status status =
        read_dates(context, found, all, index_slots_of(found->set, true, 0, all, total), dated, &kept, error);
    qsort(dated, kept, sizeof *dated, by_when);
    *count = 0;
    for (size_t i = skip; i < kept && *count < (size_t)query->page_size; i++) slots[(*count)++] = dated[i].slot;
    return status;
}
