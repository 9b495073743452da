#include "tests/record/plain.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/query_private.h"
#include "platform/record/type.h"
#include "platform/vocabulary/vocabulary.h"

/* The lists of world.c once more, as a child and its parent. */
static const char *const parents[][2] = {{"59350", "59"},
                                         {"62041", "62"},
                                         {"93066", "93"},
                                         {"59", "R32"},
                                         {"62", "R32"},
                                         {"93", "R11"},
                                         {"25.62B", "25"},
                                         {"25", "C"},
                                         {"metal.welding", "metal"},
                                         {"people.recruitment", "people"}};

static bool is_within(const char *code, const char *ancestor)
{
    for (;;) {
        if (strcmp(code, ancestor) == 0) return true;
        const char *parent = NULL;
        for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
            if (strcmp(parents[i][0], code) == 0) parent = parents[i][1];
        if (!parent) return false;
        code = parent;
    }
}

static bool list_within(struct arena *arena, const char *list, const char *ancestor)
{
    char *copy = arena_copy(arena, list ? list : ""), *next = NULL;
    for (char *code = strtok_r(copy, ";", &next); code; code = strtok_r(NULL, ";", &next))
        if (is_within(code, ancestor)) return true;
    return false;
}

bool plain_has(struct record_context *context, const struct kind *kind, const void *record, const char *name,
               const char *value)
{
    const struct record *head = record;
    if (strcmp(name, "state") == 0) return strcmp(head->state, value) == 0;
    if (strcmp(name, "audience") == 0) return strcmp(audience_option(head->audience)->value, value) == 0;
    if (strcmp(name, "owner") == 0) return head->owner == strtoll(value, NULL, 10);
    if (strcmp(name, "place") == 0) {
        struct place place;
        return record_place(context, kind, record, &place) && is_within(place.commune, value);
    }
    const struct field *field = kind_field(kind, name);
    return field && list_within(context->arena, field_text(context, field, record), value);
}

/* ---- words ---- */

static const char *label_text(struct record_context *context, const struct field *field, const char *text)
{
    char *copy = arena_copy(context->arena, text), *next = NULL;
    const char *all = "";
    for (char *code = strtok_r(copy, ";", &next); code; code = strtok_r(NULL, ";", &next))
        all = arena_print(context->arena, "%s %s", all,
                          vocabulary_label(context->records->vocabulary, LANGUAGE_FRENCH, field->code.scheme, code));
    return all;
}

/* All that is searched under one weight, as one text. */
static const char *searched_text(struct record_context *context, const struct kind *kind, const void *record,
                                 enum search_weight weight)
{
    const char *all = "";
    for (const struct field *field = kind->fields; field->name; field++) {
        const char *text = field->search == weight && !field->is_personal ? field_text(context, field, record) : NULL;
        if (text && field->type == FIELD_CODES) text = label_text(context, field, text);
        if (text) all = arena_print(context->arena, "%s\n%s", all, text);
    }
    return all;
}

struct plain plain_load(struct record_context *context, const struct kind *kind, const int64_t *ids, size_t count)
{
    struct plain plain = {.kind = kind, .records = ARENA_ARRAY(context->arena, count + 1, void *)};
    plain.stems = arena_array(context->arena, count + 1, sizeof *plain.stems);
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        const enum status status = record_load(context, kind, ids[i], &plain.records[plain.count], &error);
        if (status != STATUS_MISSING) check_ok(status, &error);
        if (status) continue;
        for (enum search_weight weight = WEIGHT_C; weight <= WEIGHT_A; weight++)
            plain.stems[plain.count][weight] =
                text_stems(context->arena, searched_text(context, kind, plain.records[plain.count], weight));
        plain.count++;
    }
    return plain;
}

size_t plain_index(const struct plain *plain, int64_t id)
{
    for (size_t i = 0; i < plain->count; i++)
        if (((const struct record *)plain->records[i])->id == id) return i;
    fail_msg("the record %lld is not among those that the viewer may read", (long long)id);
    return 0;
}

static bool stems_have(const struct text_words *stems, const char *stem)
{
    for (size_t i = 0; i < stems->count; i++)
        if (strcmp(stems->items[i], stem) == 0) return true;
    return false;
}

/* The greatest weight under which the record has the stem; WEIGHT_NONE: it has it not. */
static enum search_weight stem_weight(const struct plain *plain, size_t i, const char *stem)
{
    for (enum search_weight weight = WEIGHT_A; weight > WEIGHT_NONE; weight--)
        if (stems_have(&plain->stems[i][weight], stem)) return weight;
    return WEIGHT_NONE;
}

static bool has_stems(const struct plain *plain, size_t i, const struct text_words *stems)
{
    for (size_t w = 0; w < stems->count; w++)
        if (!stem_weight(plain, i, stems->items[w])) return false;
    return true;
}

static bool any_has_stems(const struct plain *plain, const struct text_words *stems)
{
    for (size_t i = 0; i < plain->count; i++)
        if (has_stems(plain, i, stems)) return true;
    return false;
}

static bool has_beginning(struct record_context *context, const struct plain *plain, size_t i, const char *beginning)
{
    const struct text_words words = text_words(context->arena, plain->dictionary ? plain->dictionary : "");
    for (size_t w = 0; w < words.count; w++)
        if (strncmp(words.items[w], beginning, strlen(beginning)) == 0 &&
            stem_weight(plain, i, text_stem(context->arena, words.items[w])))
            return true;
    return false;
}

/* All the words; when no record at all has them, the last one may be the beginning of another. */
static bool has_words(struct record_context *context, const struct plain *plain, size_t i, const char *text)
{
    const struct text_words words = query_words(context->arena, text);
    struct text_words stems = {.items = ARENA_ARRAY(context->arena, words.count + 1, const char *),
                               .count = words.count};
    for (size_t w = 0; w < words.count; w++) stems.items[w] = text_stem(context->arena, words.items[w]);
    if (!words.count || any_has_stems(plain, &stems)) return has_stems(plain, i, &stems);
    stems.count--;
    return has_stems(plain, i, &stems) && has_beginning(context, plain, i, words.items[words.count - 1]);
}

/* The rarity of the stem under each weight that one of the viewer's records gives it, times that weight. */
static double word_score(const struct plain *plain, size_t i, const char *stem)
{
    static const double weights[] = {0, 1, 2, 4};
    const enum search_weight weight = stem_weight(plain, i, stem);
    double having = 0;
    for (size_t j = 0; j < plain->count; j++) having += stem_weight(plain, j, stem) == weight;
    return weight ? weights[weight] * log(1 + ((double)plain->count + 1) / (having + 1)) : 0;
}

double plain_score(struct record_context *context, const struct plain *plain, size_t i, const char *words)
{
    static const size_t limits[] = {2, 4, 8, 16, 64};
    const struct text_words asked = query_words(context->arena, words);
    int length_class = 0;
    double score = 0;
    for (size_t w = 0; w < asked.count; w++) score += word_score(plain, i, text_stem(context->arena, asked.items[w]));
    while (length_class < 5 && plain->stems[i][WEIGHT_A].count > limits[length_class]) length_class++;
    return score / (1 + 0.15 * length_class);
}

/* ---- days and distances ---- */

static bool in_days(struct record_context *context, const struct kind *kind, const void *record,
                    const struct record_filter *filter)
{
    const char *dot = strrchr(filter->name, '.');
    const struct field *field =
        kind_field(kind, arena_copy_bytes(context->arena, filter->name, (size_t)(dot - filter->name)));
    int64_t day = *(const int64_t *)field_value(field, record);
    if (field->type == FIELD_MOMENT && day != ABSENT) day = time_day(day + language_paris_offset(day));
    int64_t bound = 0;
    assert_true(day_parse(filter->value, &bound));
    if (day == ABSENT) return false;
    return strcmp(dot, ".from") == 0 ? day >= bound : day <= bound;
}

/* By the chord between two points of a sphere. */
static bool is_near(struct record_context *context, const struct kind *kind, const void *record,
                    const struct record_query *query)
{
    struct place place;
    if (!record_place(context, kind, record, &place) || place.latitude == ABSENT) return false;
    const double radians = M_PI / 180e6, a = (double)query->latitude * radians, b = (double)place.latitude * radians;
    const double turn = (double)(query->longitude - place.longitude) * radians;
    const double x = cos(a) - cos(b) * cos(turn), y = cos(b) * sin(turn), z = sin(a) - sin(b);
    return 2 * 6371 * asin(sqrt(x * x + y * y + z * z) / 2) <= query->kilometres;
}

/* ---- the query ---- */

static bool matches_filter(struct record_context *context, const struct kind *kind, const void *record,
                           const struct record_query *query, const char *name)
{
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].name, name) == 0 &&
            plain_has(context, kind, record, name, query->filters[i].value))
            return true;
    return false;
}

bool plain_matches(struct record_context *context, const struct plain *plain, size_t i,
                   const struct record_query *query, const char *but)
{
    const struct kind *kind = plain->kind;
    const void *record = plain->records[i];
    if (query->words && !has_words(context, plain, i, query->words)) return false;
    if (query->is_near && !is_near(context, kind, record, query)) return false;
    for (size_t f = 0; f < query->filter_count; f++) {
        const struct record_filter *filter = &query->filters[f];
        if (strchr(filter->name, '.') ? !in_days(context, kind, record, filter)
                                      : !(but && strcmp(but, filter->name) == 0) &&
                                            !matches_filter(context, kind, record, query, filter->name))
            return false;
    }
    return true;
}

struct named {
    const char *name;
    int64_t id;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static void turn_round(struct named *found, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        const struct named kept = found[i];
        found[i] = found[count - 1 - i];
        found[count - 1 - i] = kept;
    }
}

size_t plain_find(struct record_context *context, const struct plain *plain, const struct record_query *query,
                  const char *but, int64_t *ids)
{
    struct named *found = ARENA_ARRAY(context->arena, plain->count + 1, struct named);
    size_t count = 0;
    for (size_t i = 0; i < plain->count; i++)
        if (plain_matches(context, plain, i, query, but))
            found[count++] = (struct named){text_fold(context->arena, record_title(plain->kind, plain->records[i])),
                                            ((const struct record *)plain->records[i])->id};
    if (query->sort == SORT_NAME)
        qsort(found, count, sizeof *found, by_name);
    else if (query->sort != SORT_OLD)
        turn_round(found, count);
    for (size_t i = 0; i < count; i++) ids[i] = found[i].id;
    return count;
}

int64_t plain_count(struct record_context *context, const struct plain *plain, const struct record_query *query,
                    const char *but, const char *name, const char *value)
{
    int64_t count = 0;
    for (size_t i = 0; i < plain->count; i++)
        count += plain_matches(context, plain, i, query, but) &&
                 plain_has(context, plain->kind, plain->records[i], name, value);
    return count;
}
