/* search.c: one box for all kinds. */
#include <string.h>

#include "base/arena.h"
#include "platform/record/readings.h"
#include "product/pages/pages_private.h"
#include "product/pages/search_views.h"

enum { SHOWN = 5 };

static enum status search_kind(struct html *html, struct record_context *context, const struct http_request *request,
                               const struct kind *kind, const char *words, int64_t *total, struct error *error)
{
    const struct input item = {"q", words};
    const struct inputs parameters = {&item, 1};
    struct record_query query;
    struct record_found found;
    void **records = NULL;
    size_t count = 0;
    enum status status = record_query_read(context, kind, &parameters, &query, error);
    query.page_size = SHOWN;
    if (!status) status = record_find(context, kind, &query, &found, error);
    if (!status) status = record_found_page(context, &query, &found, &records, &count, error);
    if (status || !count) return status;
    *total += found.total;
    struct part_result *results = ARENA_ARRAY(request->arena, count, struct part_result);
    for (size_t i = 0; i < count; i++) results[i] = record_result(context, request, kind, records[i]);
    const struct search_part part = {
        .title = say(request, kind->plural),
        .results = {.results = results, .result_count = count},
        .all_url = record_list_url(request, kind, record_query_text(request->arena, &query, NULL, NULL)),
        .all = language_plural(request->arena, request->language, found.total, N_("See the {1} result"),
                               N_("See the {1} results"))};
    template_search_part(html, &part);
    return STATUS_OK;
}

enum status page_search(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const char *words = http_value(&request->query, "q");
    int64_t total = 0;
    enum status status = STATUS_OK;
    context.shown = &record_shown_in_lists;
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Search")),
                                   .summary = words && *words ? arena_print(request->arena, "« %s »", words) : NULL};
    template_part_head(&html, &head);
    for (const struct kind *const *kind = kinds_all(); words && *words && !status && *kind; kind++)
        status = search_kind(&html, &context, request, *kind, words, &total, error);
    if (status) return status;
    if (!total) {
        const struct part_empty empty = {
            .title = say(request, words && *words ? N_("Nothing was found") : N_("What are you looking for?")),
            .text = say(request, N_("Try the name of a company, a town, a trade, a SIREN."))};
        template_part_empty(&html, &empty);
    }
    status = readings_commit(&context, error);
    return status ? status : page_end(request, response, &html, head.title, NULL, false);
}
