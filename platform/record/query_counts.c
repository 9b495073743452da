/* query_counts.c: by what a list may be counted, and the counts. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/index/index.h"
#include "platform/record/query_private.h"
#include "platform/vocabulary/vocabulary.h"

static int by_count(const void *a, const void *b)
{
    const struct record_count *x = a, *y = b;
    return (x->count < y->count) - (x->count > y->count);
}

/* The values of a field: gathered first, then counted at once. */
struct counting {
    struct record_context *context;
    const struct record_query *query;
    const struct record_found *found;
    const struct index_set *set;
    const char *name, *scheme; /* scheme: of the values without a label; NULL when all have one */
    struct record_count *counts;
    int64_t *keys, *numbers;
    size_t count, room;
};

static void make_room(struct counting *counting, size_t room)
{
    counting->room = room;
    counting->counts = ARENA_ARRAY(counting->context->arena, room + 1, struct record_count);
    counting->keys = ARENA_ARRAY(counting->context->arena, room + 1, int64_t);
}

static void add_value(struct counting *counting, const char *value, const char *label)
{
    if (counting->count == counting->room) return;
    counting->keys[counting->count] = query_value_key(counting->found->kind, counting->name, value);
    counting->counts[counting->count++] = (struct record_count){.value = value, .label = label};
}

static void add_codes(struct counting *counting, const char *scheme, const char *level)
{
    const struct vocabulary_code **codes = NULL;
    const struct vocabulary *lists = counting->context->records->vocabulary;
    const size_t total = vocabulary_list(lists, counting->context->arena, scheme, level, NULL, &codes);
    make_room(counting, total);
    for (size_t i = 0; i < total; i++)
        if (level || codes[i]->depth == 0 || total <= FACET_COUNTS) add_value(counting, codes[i]->code, NULL);
}

static void add_options(struct counting *counting, const struct option *options)
{
    for (; options && options->value; options++)
        add_value(counting, options->value, language_text(counting->context->language, options->label));
}

static void add_states(struct counting *counting)
{
    for (const struct state *state = counting->found->kind->states; state && state->name; state++)
        add_value(counting, state->name, language_text(counting->context->language, state->label));
}

static void add_yesno(struct counting *counting)
{
    add_value(counting, "1", language_text(counting->context->language, N_("Yes")));
    add_value(counting, "0", language_text(counting->context->language, N_("No")));
}

static bool is_filtered(const struct record_query *query, const char *name)
{
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].name, name) == 0) return true;
    return false;
}

static void gather(struct counting *counting, const char *level)
{
    const struct record_found *found = counting->found;
    const struct field *field = kind_field(found->kind, counting->name);
    const bool place = strcmp(counting->name, "place") == 0;
    if (field && (field->type == FIELD_CODE || field->type == FIELD_CODES)) counting->scheme = field->code.scheme;
    if (place) counting->scheme = "territory";
    make_room(counting, FACET_COUNTS);
    counting->set =
        is_filtered(counting->query, counting->name)
            ? query_filtered(counting->context, counting->query, found->view, found->kind, found->wide, counting->name)
            : found->set;
    if (strcmp(counting->name, "state") == 0)
        add_states(counting);
    else if (counting->scheme)
        add_codes(counting, counting->scheme, place && !level ? "region" : level);
    else if (field && field->type == FIELD_CHOICE)
        add_options(counting, field->choice.options);
    else if (field && field->type == FIELD_YESNO)
        add_yesno(counting);
    counting->numbers = ARENA_ARRAY(counting->context->arena, counting->count + 1, int64_t);
}

/* Keeps the values that some record has, or that are chosen, in the order of their numbers. */
static void keep_values(struct counting *counting)
{
    size_t kept = 0;
    for (size_t i = 0; i < counting->count; i++) {
        struct record_count count = counting->counts[i];
        count.count = counting->numbers[i];
        count.chosen = record_query_has(counting->query, counting->name, count.value);
        if (!count.count && !count.chosen) continue;
        if (!count.label)
            count.label = vocabulary_label(counting->context->records->vocabulary, counting->context->language,
                                           counting->scheme, count.value);
        counting->counts[kept++] = count;
    }
    counting->count = kept;
    qsort(counting->counts, counting->count, sizeof *counting->counts, by_count);
}

enum status record_facets(struct record_context *context, const struct record_query *query,
                          const struct record_found *found, struct record_facet *facets, size_t number,
                          struct error *error)
{
    struct counting *countings = ARENA_ARRAY(context->arena, number + 1, struct counting);
    struct index_counting *asked = ARENA_ARRAY(context->arena, number + 1, struct index_counting);
    for (size_t i = 0; i < number; i++) {
        countings[i] = (struct counting){.context = context, .query = query, .found = found, .name = facets[i].name};
        gather(&countings[i], facets[i].level);
        asked[i] =
            (struct index_counting){countings[i].set, countings[i].keys, countings[i].count, countings[i].numbers};
    }
    index_counts(found->view, asked, number);
    for (size_t i = 0; i < number; i++) {
        keep_values(&countings[i]);
        facets[i].counts = countings[i].counts;
        facets[i].count = countings[i].count;
    }
    return index_view_status(found->view, error);
}

enum status record_counts(struct record_context *context, const struct record_query *query,
                          const struct record_found *found, const char *name, const char *level,
                          struct record_count **counts, size_t *count, struct error *error)
{
    struct record_facet facet = {.name = name, .level = level};
    const enum status status = record_facets(context, query, found, &facet, 1, error);
    *counts = facet.counts;
    *count = facet.count;
    return status;
}

bool record_counted(const struct record_context *context, const struct kind *kind, const char *name, const char *level)
{
    const struct field *field = kind_field(kind, name);
    const bool place = strcmp(name, "place") == 0,
               coded = field && (field->type == FIELD_CODE || field->type == FIELD_CODES);
    const char *scheme = place ? "territory" : coded ? field->code.scheme : NULL;
    if (level) {
        const struct vocabulary_code **codes = NULL;
        const size_t count =
            scheme ? vocabulary_list(context->records->vocabulary, context->arena, scheme, level, NULL, &codes) : 0;
        if (!count || count > FACET_CODES) return false;
    }
    if (place) return kind->place != NULL;
    if (strcmp(name, "state") == 0) return kind->states != NULL;
    return field && field->facet && field_open(field) &&
           (coded || field->type == FIELD_CHOICE || field->type == FIELD_YESNO);
}
