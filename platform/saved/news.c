/* news.c: what is new in a search. */
#include <string.h>

#include "base/arena.h"
#include "platform/http/http.h"
#include "platform/record/query.h"
#include "platform/saved/saved.h"

/* The search's parameters, newest first whatever the order in which it was kept. */
static enum status read_query(struct record_context *context, const struct saved_search *search,
                              struct record_query *query, struct error *error)
{
    struct http_parameters parameters;
    enum status status =
        http_parameters_parse(context->arena, search->query, strlen(search->query), &parameters, error);
    if (status) return status;
    struct input *items = ARENA_ARRAY(context->arena, parameters.count + 1, struct input);
    struct inputs inputs = {items, 0};
    for (size_t i = 0; i < parameters.count; i++)
        if (strcmp(parameters.items[i].name, "sort") != 0)
            items[inputs.count++] = (struct input){parameters.items[i].name, parameters.items[i].value};
    status = record_query_read(context, search->kind, &inputs, query, error);
    return query->is_lost ? STATUS_OK : status;
}

static bool add_new(void *const *records, size_t count, int64_t since, size_t most, struct saved_news *news)
{
    for (size_t i = 0; i < count && news->count < SAVED_COUNTED; i++) {
        if (((const struct record *)records[i])->created <= since) return false;
        if (news->record_count < most) news->records[news->record_count++] = records[i];
        news->count++;
    }
    return count > 0 && news->count < SAVED_COUNTED;
}

enum status saved_find_news(struct record_context *context, const struct saved_search *search, int64_t since,
                            size_t most, struct saved_news *news, struct error *error)
{
    struct record_query query;
    struct record_found found;
    void **records = NULL;
    size_t count = 0;
    int64_t at = INT64_MAX;
    *news = (struct saved_news){.records = ARENA_ARRAY(context->arena, most + 1, void *)};
    enum status status = read_query(context, search, &query, error);
    if (!status) status = record_find(context, search->kind, &query, &found, error);
    bool more = !status;
    while (!status && more) {
        status = record_found_next(context, &found, &at, &records, &count, error);
        more = !status && add_new(records, count, since, most, news);
    }
    return status;
}
