/* map_points.c: what a list holds, as points for the map on which one moves about: the records themselves when they are few, else how many
 * there are in each commune. The rights and filters are those of the list. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/json.h"
#include "platform/record/keys_private.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"
#include "platform/record/readings.h"
#include "platform/vocabulary/vocabulary.h"

enum { RECORDS_MOST = 2000, POINTS_BYTES = 8 * 1024 * 1024 };

static void add_point(struct buffer *out, int64_t latitude, int64_t longitude, bool approximate, int64_t count,
                      const char *name, const char *url)
{
    buffer_print(out,
                 "%s{\"type\": \"Feature\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [%.6f, %.6f]}, "
                 "\"properties\": {\"count\": %lld, \"approximate\": %s, \"name\": ",
                 buffer_data(out)[buffer_length(out) - 1] == '[' ? "" : ",\n", (double)longitude / MICRO_DEGREE,
                 (double)latitude / MICRO_DEGREE, (long long)count, approximate ? "true" : "false");
    json_text(out, name);
    buffer_text(out, ", \"url\": ");
    json_text(out, url);
    buffer_text(out, "}}");
}

static enum status add_records(struct record_context *context, const struct http_request *request,
                               struct record_found *found, struct buffer *out, int64_t *shown, struct error *error)
{
    int64_t at = INT64_MAX;
    for (;;) {
        void **records = NULL;
        size_t count = 0;
        const enum status status = record_found_next(context, found, &at, &records, &count, error);
        if (status || !count) return status;
        for (size_t i = 0; i < count; i++) {
            struct place place;
            if (!record_place(context, found->kind, records[i], &place) || place.latitude == ABSENT) continue;
            add_point(out, place.latitude, place.longitude, place.approximate == 1, 1,
                      record_title(found->kind, records[i]), record_url(request, found->kind, head_in(records[i])->id));
            ++*shown;
        }
    }
}

static enum status add_communes(struct record_context *context, const struct http_request *request,
                                const struct record_query *query, const struct record_found *found, struct buffer *out,
                                int64_t *shown, struct error *error)
{
    struct record_count *counts = NULL;
    size_t count = 0;
    const enum status status = record_counts(context, query, found, "place", "commune", &counts, &count, error);
    for (size_t i = 0; !status && i < count; i++) {
        const struct vocabulary_code *commune =
            vocabulary_find(context->records->vocabulary, "territory", counts[i].value);
        if (!commune || commune->latitude == ABSENT || !counts[i].count) continue;
        add_point(
            out, commune->latitude, commune->longitude, commune->approximate, counts[i].count, counts[i].label,
            record_list_url(request, found->kind, record_query_text(context->arena, query, "place", counts[i].value)));
        *shown += counts[i].count;
    }
    return status;
}

/* What is not on the map, or not as itself. */
static const char *note(const struct http_request *request, const struct record_found *found, int64_t shown, bool many)
{
    const int64_t lost = found->total - shown;
    const char *lost_words =
        lost > 0 ? language_plural(request->arena, request->language, lost, N_("{1} has no place on the map."),
                                   N_("{1} have no place on the map."))
                 : "";
    if (!many) return lost_words;
    const char *words = language_text(request->language, N_("Many results: they are counted by commune."));
    return *lost_words ? arena_print(request->arena, "%s %s", words, lost_words) : words;
}

enum status record_points(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    struct record_query query;
    struct record_found found;
    struct buffer *out = buffer_new(request->arena, POINTS_BYTES);
    int64_t shown = 0;
    if (!kind->place) return error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    context.shown = &record_shown_in_lists;
    enum status status = record_list_find(&context, request, kind, &query, &found, error);
    if (status) return status;
    const bool many = found.total > RECORDS_MOST;
    buffer_text(out, "{\"type\": \"FeatureCollection\", \"features\": [");
    status = many ? add_communes(&context, request, &query, &found, out, &shown, error)
                  : add_records(&context, request, &found, out, &shown, error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    buffer_text(out, "],\n\"note\": ");
    json_text(out, note(request, &found, shown, many));
    buffer_text(out, "}\n");
    response->buffer = out;
    response->media_type = "application/geo+json";
    response->cache = HTTP_PRIVATE;
    return STATUS_OK;
}
