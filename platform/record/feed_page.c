/* feed_page.c: a list as a feed of news, or as a calendar, with the list's filters. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/feed/feed.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"

enum { FEED_ENTRIES = 50, CALENDAR_EVENTS = 1000, FEED_BYTES = 8 * 1024 * 1024, TEXT_BYTES = 16 * 1024 };

const char *record_feed_url(const struct http_request *request, const struct kind *kind, const char *name,
                            const char *query)
{
    return http_url(request, arena_print(request->arena, "%s/%s%s%s", kind->path, name, *query ? "?" : "", query));
}

static const char *absolute(const struct http_request *request, const char *path)
{
    return arena_print(request->arena, "%s%s", http_origin(request), path);
}

/* What the record says, a line a field: never what is about a person, whoever asks. */
static const char *facts(struct record_context *context, const struct kind *kind, const void *record, bool whole)
{
    struct buffer *out = buffer_new(context->arena, TEXT_BYTES);
    for (const struct field *field = kind->fields; field->name; field++) {
        if (field->is_personal || (!whole && !field->list) || strcmp(field->name, kind->name_field) == 0) continue;
        const char *text = field_show(context, field, record);
        if (!text) text = field_text(context, field, record);
        if (text && buffer_length(out) + strlen(text) < TEXT_BYTES - 256)
            buffer_print(out, "%s%s", buffer_length(out) ? "\n" : "",
                         language_print(context->arena, context->language, N_("{1}: {2}"),
                                        language_text(context->language, field->label), text, (const char *)NULL));
    }
    return buffer_data(out);
}

/* The first `most` of the list in that order, whatever page the address says. */
static enum status find(struct record_context *context, const struct http_request *request, const struct kind *kind,
                        enum record_sort sort, int64_t most, struct record_query *query, void ***records, size_t *count,
                        struct error *error)
{
    struct record_found found;
    enum status status = record_list_find(context, request, kind, query, &found, error);
    if (status) return status;
    struct record_query asked = *query;
    asked.sort = sort;
    asked.page = 1;
    asked.page_size = most;
    found.ranked = false;
    return record_found_page(context, &asked, &found, records, count, error);
}

static enum status send(struct http_response *response, struct buffer *out, const char *media_type, struct error *error)
{
    if (buffer_overflowed(out))
        return error_set(error, STATUS_LIMIT, N_("The file would be too large: narrow the list first."));
    response->media_type = media_type;
    response->buffer = out;
    return STATUS_OK;
}

/* ---- news ---- */

static const char *owner_name(struct record_context *context, const struct record *head)
{
    for (const struct kind *const *kind = kinds_all(); *kind; kind++)
        if ((*kind)->is_organisation) return record_name(context, *kind, head->owner);
    return NULL;
}

static void add_entry(struct record_context *context, const struct http_request *request, const struct kind *kind,
                      const void *record, struct buffer *out)
{
    const struct record *head = record;
    const char *url = absolute(request, record_url(request, kind, head->id)), *host = strstr(url, "//") + 2;
    const struct atom_entry entry = {.id = arena_print(request->arena, "tag:%.*s,2026:%s/%lld",
                                                       (int)strcspn(host, ":/"), host, kind->name, (long long)head->id),
                                     .title = record_title(kind, record),
                                     .url = url,
                                     .summary = facts(context, kind, record, false),
                                     .author = owner_name(context, head),
                                     .category = language_text(request->language, kind->title),
                                     .published = head->created,
                                     .updated = head->updated};
    atom_add(out, &entry);
}

/* Of who asks without an account this is what everybody reads; a reader with an account has what they see. */
enum status record_feed_atom(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "feed");
    const struct kind *kind = record_request_kind(request);
    struct record_query query;
    void **records = NULL;
    size_t count = 0;
    const enum status status = find(&context, request, kind, SORT_NEW, FEED_ENTRIES, &query, &records, &count, error);
    if (status) return status;
    struct buffer *out = buffer_new(request->arena, FEED_BYTES);
    const char *text = record_query_text(request->arena, &query, NULL, NULL);
    const char *self = absolute(request, record_feed_url(request, kind, "feed.atom", text));
    struct atom_feed feed = {.id = self,
                             .title = language_text(request->language, kind->plural),
                             .self = self,
                             .alternate = absolute(request, record_list_url(request, kind, text)),
                             .author = "Maillage",
                             .language = language_code(request->language)};
    for (size_t i = 0; i < count; i++)
        if (((const struct record *)records[i])->updated > feed.updated)
            feed.updated = ((const struct record *)records[i])->updated;
    if (!feed.updated) feed.updated = time_now();
    atom_begin(out, &feed);
    for (size_t i = 0; i < count; i++) add_entry(&context, request, kind, records[i], out);
    atom_end(out);
    return send(response, out, "application/atom+xml; charset=utf-8", error);
}

/* ---- calendar ---- */

static int64_t dated_value(const struct kind *kind, const char *name, const void *record)
{
    const struct field *field = name ? kind_field(kind, name) : NULL;
    return field ? *(const int64_t *)field_value(field, record) : ABSENT;
}

static const char *location(struct record_context *context, const struct kind *kind, const void *record,
                            const struct place *place)
{
    const struct field *address = kind->address ? kind_field(kind, kind->address) : NULL;
    const char *exact = address ? field_text(context, address, record) : NULL;
    const char *commune =
        place->commune ? vocabulary_label(context->records->vocabulary, context->language, "territory", place->commune)
                       : NULL;
    return exact && commune ? arena_print(context->arena, "%s, %s", exact, commune) : exact ? exact : commune;
}

void record_calendar_event(struct record_context *context, const struct http_request *request, const struct kind *kind,
                           const void *record, struct buffer *out)
{
    const struct record *head = record;
    struct place place = {.latitude = ABSENT, .longitude = ABSENT};
    const struct state *state = kind_state(kind, head->state);
    record_place(context, kind, record, &place);
    const struct calendar_event event = {
        .uid = arena_print(request->arena, "%s-%lld@maillage", kind->name, (long long)head->id),
        .sequence = head->version - 1,
        .created = head->created,
        .updated = head->updated,
        .is_day = kind_field(kind, kind->starts)->type == FIELD_DATE,
        .starts = dated_value(kind, kind->starts, record),
        .ends = dated_value(kind, kind->ends, record),
        .summary = record_title(kind, record),
        .description = facts(context, kind, record, true),
        .location = location(context, kind, record, &place),
        .is_placed = place.latitude != ABSENT && !place.approximate,
        .latitude = place.latitude,
        .longitude = place.longitude,
        .url = absolute(request, record_url(request, kind, head->id)),
        .category = language_text(request->language, kind->title),
        .is_cancelled = state && state->ended && state->tone == TONE_ENDED};
    if (event.starts != ABSENT) calendar_add(out, &event);
}

enum status record_feed_calendar(const struct http_request *request, struct http_response *response,
                                 struct error *error)
{
    struct record_context context = record_request(request, "feed");
    const struct kind *kind = record_request_kind(request);
    struct record_query query;
    void **records = NULL;
    size_t count = 0;
    const enum status status =
        find(&context, request, kind, SORT_WHEN, CALENDAR_EVENTS, &query, &records, &count, error);
    if (status) return status;
    struct buffer *out = buffer_new(request->arena, FEED_BYTES);
    calendar_begin(out, language_text(request->language, kind->plural), language_code(request->language));
    for (size_t i = 0; i < count; i++) record_calendar_event(&context, request, kind, records[i], out);
    calendar_end(out);
    response->filename = arena_print(request->arena, "%s.ics", kind->name);
    return send(response, out, "text/calendar; charset=utf-8", error);
}
