/* query_read.c: a query from the parameters of an address, and back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/record/keys_private.h"
#include "platform/record/query.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum { QUERY_LIMIT = 16 * 1024, WORDS_MOST = 200, FARTHEST = 500, USUAL_KILOMETRES = 25, NAMESAKES = 50 };

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), size = strlen(end);
    return length > size && strcmp(text + length - size, end) == 0;
}

/* "filed.from" for a date that is a facet. */
static bool is_day_bound(struct arena *arena, const struct kind *kind, const char *name)
{
    if (!ends_with(name, ".from") && !ends_with(name, ".until")) return false;
    const struct field *field = kind_field(kind, arena_copy_bytes(arena, name, (size_t)(strrchr(name, '.') - name)));
    return field && field->facet && field_open(field) && field_is_dated(field);
}

static bool is_filter(struct arena *arena, const struct kind *kind, const char *name)
{
    const struct field *field = kind_field(kind, name);
    if (field) return field->facet && field_open(field);
    return strcmp(name, "state") == 0 || strcmp(name, "audience") == 0 || strcmp(name, "owner") == 0 ||
           (strcmp(name, "place") == 0 && kind->place) || is_day_bound(arena, kind, name);
}

static enum status read_near(const char *text, struct record_query *query, struct error *error)
{
    char *end = NULL;
    const double latitude = strtod(text, &end);
    const double longitude = *end == ',' ? strtod(end + 1, &end) : NAN;
    const double kilometres = *end == ',' ? strtod(end + 1, &end) : 25;
    if (*end || !(fabs(latitude) <= 90) || !(fabs(longitude) <= 180) || !(kilometres > 0 && kilometres <= FARTHEST))
        return error_field(error, STATUS_INPUT, "near",
                           N_("“{1}” is not a place: write latitude,longitude,kilometres."), text);
    query->is_near = true;
    query->latitude = llround(latitude * MICRO_DEGREE);
    query->longitude = llround(longitude * MICRO_DEGREE);
    query->kilometres = kilometres;
    return STATUS_OK;
}

static enum status read_within(const char *text, struct record_query *query, struct error *error)
{
    char *end = NULL;
    const double kilometres = strtod(text, &end);
    if (*end || !(kilometres > 0 && kilometres <= FARTHEST))
        return error_field(error, STATUS_INPUT, "within", N_("“{1}” is not a distance: from 1 to 500 kilometres."),
                           text);
    query->within = kilometres;
    return STATUS_OK;
}

/* "59350" or "Lille" or "Saint-Denis (93)": the département tells those of the same name apart; else the most peopled one. */
static const struct vocabulary_code *find_commune(struct record_context *context, const char *text)
{
    const struct vocabulary *lists = context->records->vocabulary;
    const struct vocabulary_code *found[NAMESAKES], *exact = vocabulary_find(lists, "territory", text);
    const char *open = strrchr(text, '(');
    const char *departement = open ? arena_copy_bytes(context->arena, open + 1, strcspn(open + 1, ")")) : "";
    if (exact && exact->latitude != ABSENT) return exact;
    const char *name = open ? arena_copy_bytes(context->arena, text, (size_t)(open - text)) : text;
    const size_t count =
        vocabulary_search(lists, context->arena, context->language, "territory", "commune", name, found, NAMESAKES);
    for (size_t i = 0; i < count; i++)
        if (found[i]->latitude != ABSENT && strncmp(found[i]->code, departement, strlen(departement)) == 0)
            return found[i];
    return NULL;
}

static enum status find_around(struct record_context *context, struct record_query *query, struct error *error)
{
    if (!query->around) return STATUS_OK;
    const struct vocabulary_code *commune = find_commune(context, query->around);
    query->is_near = true;
    query->kilometres = query->within > 0 ? query->within : USUAL_KILOMETRES;
    query->is_lost = !commune;
    if (!commune)
        return error_field(error, STATUS_INPUT, "around", N_("There is no commune named “{1}”."), query->around);
    query->around = commune->code;
    query->latitude = commune->latitude;
    query->longitude = commune->longitude;
    return STATUS_OK;
}

const char *record_query_around(struct record_context *context, const struct record_query *query)
{
    const char *code = query->around;
    if (query->is_lost) return code;
    const char *name = vocabulary_label(context->records->vocabulary, context->language, "territory", code);
    const struct vocabulary_code *commune = vocabulary_find(context->records->vocabulary, "territory", code);
    if (!commune || strcmp(commune->level, "commune") != 0) return name;
    return arena_print(context->arena, "%s (%.*s)", name, strncmp(code, "97", 2) == 0 ? 3 : 2, code);
}

static enum status read_sort(const char *text, struct record_query *query, struct error *error)
{
    static const char *const sorts[] = {"new", "old", "name", "relevance", "when"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(sorts[i], text) != 0) continue;
        query->sort = (enum record_sort)i;
        return STATUS_OK;
    }
    return error_field(error, STATUS_INPUT, "sort", N_("“{1}” is not one of the choices."), text);
}

static enum status read_number(const char *name, const char *text, int64_t most, int64_t *number, struct error *error)
{
    char *end = NULL;
    const long long value = strtoll(text, &end, 10);
    if (*end || value < 1 || value > most)
        return error_field(error, STATUS_INPUT, name, N_("“{1}” is not a page of this list."), text);
    *number = value;
    return STATUS_OK;
}

static enum status add_filter(struct arena *arena, const struct kind *kind, const char *name, const char *value,
                              struct record_query *query, struct error *error)
{
    int64_t day = 0;
    if (is_day_bound(arena, kind, name) && !day_parse(value, &day))
        return error_field(error, STATUS_INPUT, name, N_("“{1}” is not a date: write it as 22/11/2026."), value);
    if (query->filter_count == QUERY_FILTERS)
        return error_field(error, STATUS_LIMIT, name, N_("Too many filters at once."));
    query->filters[query->filter_count++] = (struct record_filter){arena_copy(arena, name), arena_copy(arena, value)};
    return STATUS_OK;
}

static enum status read_parameter(struct record_context *context, const struct kind *kind,
                                  const struct input *parameter, struct record_query *query, bool *sorted,
                                  struct error *error)
{
    const char *name = parameter->field, *value = parameter->text;
    if (!*value) return STATUS_OK;
    if (strcmp(name, "q") == 0) {
        const char *words = text_clean(context->arena, value, strlen(value));
        if (!words || text_length(words) > WORDS_MOST)
            return error_field(error, STATUS_LIMIT, "q", N_("The text is too long: {1} characters at most."), "200");
        query->words = *words ? words : NULL;
        return STATUS_OK;
    }
    if (strcmp(name, "near") == 0) return read_near(value, query, error);
    if (strcmp(name, "within") == 0) return read_within(value, query, error);
    if (strcmp(name, "around") == 0) {
        const char *place = text_clean(context->arena, value, strlen(value));
        query->around = place && *place ? place : NULL;
        return STATUS_OK;
    }
    if (strcmp(name, "page") == 0) return read_number("page", value, 1000000, &query->page, error);
    if (strcmp(name, "limit") == 0) return read_number("limit", value, 500, &query->page_size, error);
    if (strcmp(name, "sort") == 0) {
        *sorted = true;
        return read_sort(value, query, error);
    }
    return is_filter(context->arena, kind, name) ? add_filter(context->arena, kind, name, value, query, error)
                                                 : STATUS_OK;
}

enum status record_query_read(struct record_context *context, const struct kind *kind, const struct inputs *parameters,
                              struct record_query *query, struct error *error)
{
    bool sorted = false;
    enum status status = STATUS_OK;
    *query = (struct record_query){.page = 1, .page_size = QUERY_PAGE_SIZE};
    for (size_t i = 0; !status && i < parameters->count; i++)
        status = read_parameter(context, kind, &parameters->items[i], query, &sorted, error);
    query->usual = query->words ? SORT_RELEVANCE : kind->starts ? SORT_WHEN : SORT_NEW;
    if (!sorted) query->sort = query->usual;
    return status ? status : find_around(context, query, error);
}

bool record_query_has(const struct record_query *query, const char *name, const char *value)
{
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].name, name) == 0 && strcmp(query->filters[i].value, value) == 0) return true;
    return false;
}

/* Percent-encodes what is not unreserved (RFC 3986). */
static void add_encoded(struct buffer *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if ((*at >= '0' && *at <= '9') || ((*at | 32) >= 'a' && (*at | 32) <= 'z') || strchr("-._~,", *at))
            buffer_char(out, (char)*at);
        else
            buffer_print(out, "%%%02X", *at);
}

static void add_parameter(struct buffer *out, const char *name, const char *value)
{
    if (buffer_length(out)) buffer_char(out, '&');
    add_encoded(out, name);
    buffer_char(out, '=');
    add_encoded(out, value);
}

const char *record_query_text(struct arena *arena, const struct record_query *query, const char *name,
                              const char *value)
{
    static const char *const sorts[] = {"new", "old", "name", "relevance", "when"};
    struct buffer *out = buffer_new(arena, QUERY_LIMIT);
    bool taken = false;
    const bool words_changed = name && strcmp(name, "q") == 0;
    if (query->words && !words_changed) add_parameter(out, "q", query->words);
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct record_filter *filter = &query->filters[i];
        if (name && value && strcmp(filter->name, name) == 0 && strcmp(filter->value, value) == 0)
            taken = true;
        else
            add_parameter(out, filter->name, filter->value);
    }
    if (name && value && !taken && !words_changed && strcmp(name, "near") != 0) add_parameter(out, name, value);
    const bool nearness = query->is_near && !(name && strcmp(name, "near") == 0);
    if (nearness && query->around) {
        add_parameter(out, "around", query->around);
        add_parameter(out, "within", arena_print(arena, "%g", query->kilometres));
    } else if (nearness)
        add_parameter(out, "near",
                      arena_print(arena, "%.6f,%.6f,%g", (double)query->latitude / MICRO_DEGREE,
                                  (double)query->longitude / MICRO_DEGREE, query->kilometres));
    if (query->sort != query->usual && !(name && strcmp(name, "sort") == 0))
        add_parameter(out, "sort", sorts[query->sort]);
    return buffer_data(out);
}
