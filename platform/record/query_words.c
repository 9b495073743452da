/* query_words.c: what a list is asked by, in words. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"
#include "platform/vocabulary/vocabulary.h"

const char *record_filter_label(struct record_context *context, const struct kind *kind,
                                const struct record_filter *filter)
{
    const struct state *state = strcmp(filter->name, "state") == 0 ? kind_state(kind, filter->value) : NULL;
    const struct field *field = kind_field(kind, filter->name);
    if (state) return language_text(context->language, state->label);
    if (strcmp(filter->name, "place") == 0)
        return vocabulary_label(context->records->vocabulary, context->language, "territory", filter->value);
    if (field && (field->type == FIELD_CODE || field->type == FIELD_CODES))
        return vocabulary_label(context->records->vocabulary, context->language, field->code.scheme, filter->value);
    if (field && field->type == FIELD_REFERENCE)
        return record_name(context, kind_find(field->reference.to), strtoll(filter->value, NULL, 10));
    if (strstr(filter->name, ".from"))
        return language_print(context->arena, context->language, N_("from {1}"), filter->value, (const char *)NULL);
    if (strstr(filter->name, ".until"))
        return language_print(context->arena, context->language, N_("until {1}"), filter->value, (const char *)NULL);
    return filter->value;
}

const char *record_near_label(struct record_context *context, const struct record_query *query)
{
    const char *kilometres = arena_print(context->arena, "%g", query->kilometres);
    if (!query->around)
        return language_print(context->arena, context->language, N_("within {1} km"), kilometres, (const char *)NULL);
    const char *place = record_query_around(context, query);
    return query->is_lost ? language_print(context->arena, context->language, N_("“{1}”: no commune of that name"),
                                           place, (const char *)NULL)
                          : language_print(context->arena, context->language, N_("within {1} km of {2}"), kilometres,
                                           place, (const char *)NULL);
}

static const char *join(struct arena *arena, const char *before, const char *word)
{
    return *before ? arena_print(arena, "%s, %s", before, word) : word;
}

const char *record_query_words(struct record_context *context, const struct kind *kind,
                               const struct record_query *query)
{
    struct arena *arena = context->arena;
    const char *words = "";
    if (query->words) words = arena_print(arena, "« %s »", query->words);
    for (size_t i = 0; i < query->filter_count; i++)
        words = join(arena, words, record_filter_label(context, kind, &query->filters[i]));
    if (query->is_near) words = join(arena, words, record_near_label(context, query));
    const char *plural = language_text(context->language, kind->plural);
    return *words ? language_print(arena, context->language, N_("{1}: {2}"), plural, words, (const char *)NULL)
                  : plural;
}
