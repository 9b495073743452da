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
    const char *name;
    struct record_count *counts;
    int64_t *keys;
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

/* Counts all values; keeps those that some record has, or that are chosen. scheme: of values without a label; NULL when all have one. */
static void count_values(struct counting *counting, const char *scheme)
{
    int64_t *numbers = ARENA_ARRAY(counting->context->arena, counting->count + 1, int64_t);
    size_t kept = 0;
    index_counts(counting->found->view, counting->set, counting->keys, counting->count, numbers);
    for (size_t i = 0; i < counting->count; i++) {
        struct record_count count = counting->counts[i];
        count.count = numbers[i];
        count.chosen = record_query_has(counting->query, counting->name, count.value);
        if (!count.count && !count.chosen) continue;
        if (!count.label)
            count.label = vocabulary_label(counting->context->records->vocabulary, counting->context->language, scheme,
                                           count.value);
        counting->counts[kept++] = count;
    }
    counting->count = kept;
}

enum status record_counts(struct record_context *context, const struct record_query *query,
                          const struct record_found *found, const char *name, const char *level,
                          struct record_count **counts, size_t *count, struct error *error)
{
    const struct field *field = kind_field(found->kind, name);
    struct counting counting = {.context = context, .query = query, .found = found, .name = name};
    const char *scheme = field && (field->type == FIELD_CODE || field->type == FIELD_CODES) ? field->code.scheme : NULL;
    if (strcmp(name, "place") == 0) scheme = "territory";
    make_room(&counting, FACET_COUNTS);
    counting.set = query_filtered(context, query, found->view, found->kind, found->wide, name);
    if (strcmp(name, "state") == 0)
        add_states(&counting);
    else if (strcmp(name, "place") == 0)
        add_codes(&counting, scheme, level ? level : "region");
    else if (scheme)
        add_codes(&counting, scheme, level);
    else if (field && field->type == FIELD_CHOICE)
        add_options(&counting, field->choice.options);
    else if (field && field->type == FIELD_YESNO)
        add_yesno(&counting);
    count_values(&counting, scheme);
    qsort(counting.counts, counting.count, sizeof *counting.counts, by_count);
    *counts = counting.counts;
    *count = counting.count;
    return index_view_status(found->view, error);
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
