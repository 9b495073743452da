#include "platform/record/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/language/language.h"
#include "platform/record/keys_private.h"
#include "platform/record/type.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum { FIRST_ROOM = 128 };

const char *const word_fields[WORD_CLASSES] = {"word.a", "word.b", "word.c"};
const int64_t length_limits[LENGTH_CLASSES] = {2, 4, 8, 16, 64, INT64_MAX};
const int64_t cell_sides[CELL_LEVELS] = {4 * MICRO_DEGREE, MICRO_DEGREE, MICRO_DEGREE / 4, MICRO_DEGREE / 16};

void keys_add(struct gathering *gathering, int64_t key)
{
    if (gathering->count == gathering->room) {
        int64_t *larger = ARENA_ARRAY(gathering->arena, gathering->room * 2, int64_t);
        memcpy(larger, gathering->keys, gathering->count * sizeof *larger);
        gathering->keys = larger;
        gathering->room *= 2;
    }
    gathering->keys[gathering->count++] = key;
}

int64_t cell_key(int level, int64_t row, int64_t column)
{
    return index_key_number("cell", ((int64_t)level << 56) | row << 28 | column);
}

/* The number of bits is part of the field's name, so that 1 without its last 4 bits is not the number 1. */
static int64_t levelled_key(const char *field, char level, int64_t value)
{
    char name[96] = {level, ':'};
    strncat(name, field, sizeof name - 3);
    return index_key_number(name, value);
}

int64_t number_key(const char *field, int bits, int64_t prefix)
{
    return levelled_key(field, (char)('A' + bits / NUMBER_STEP), prefix);
}

int64_t date_key(const char *field, enum date_unit unit, int64_t value)
{
    static const char letters[] = {[DATE_DAY] = 'd', [DATE_MONTH] = 'm', [DATE_YEAR] = 'y'};
    return levelled_key(field, letters[unit], value);
}

void keys_of_number(struct gathering *gathering, const struct field *field, const void *member)
{
    int64_t value = *(const int64_t *)member;
    if (value == ABSENT) return;
    keys_add(gathering, number_key(field->name, 0, value));
    for (int bits = 0; value != 0 && value != -1;) {
        value >>= NUMBER_STEP;
        bits += NUMBER_STEP;
        keys_add(gathering, number_key(field->name, bits, value));
    }
}

static void add_day(struct gathering *gathering, const char *field, int64_t day)
{
    if (day == ABSENT) return;
    const struct civil date = day_to_civil(day);
    keys_add(gathering, date_key(field, DATE_DAY, day));
    keys_add(gathering, date_key(field, DATE_MONTH, date.year * 12 + date.month - 1));
    keys_add(gathering, date_key(field, DATE_YEAR, date.year));
}

void keys_of_date(struct gathering *gathering, const struct field *field, const void *member)
{
    add_day(gathering, field->name, ((const struct date *)member)->day);
}

/* The day on which it is in Paris. */
void keys_of_moment(struct gathering *gathering, const struct field *field, const void *member)
{
    const int64_t moment = ((const struct moment *)member)->at;
    if (moment != ABSENT) add_day(gathering, field->name, time_day(moment + language_paris_offset(moment)));
}

void keys_of_period(struct gathering *gathering, const struct field *field, const void *member)
{
    const struct period *period = member;
    add_day(gathering, arena_print(gathering->arena, "%s.from", field->name), period->from.day);
    add_day(gathering, arena_print(gathering->arena, "%s.to", field->name), period->to.day);
}

/* A code and its ancestors; one that is in no list stands alone. */
static const struct code_keys *work_out_code(struct gathering *gathering, struct map *known, const char *field,
                                             const char *scheme, const char *code)
{
    const struct vocabulary_code *codes[MOST_ANCESTORS];
    struct code_keys *keys = ARENA_NEW(gathering->cache->arena, struct code_keys);
    const size_t count =
        gathering->vocabulary ? vocabulary_ancestors(gathering->vocabulary, scheme, code, codes, MOST_ANCESTORS) : 0;
    for (size_t i = 0; i < count; i++) keys->items[keys->count++] = index_key(field, codes[i]->code);
    keys->items[keys->count++] = index_key(field, code);
    map_put(known, code, keys);
    return keys;
}

static void add_code(struct gathering *gathering, const char *field, const char *scheme, const char *code)
{
    struct map *known = map_get(gathering->cache->codes, field);
    if (!known) {
        known = map_new(gathering->cache->arena);
        map_put(gathering->cache->codes, field, known);
    }
    const struct code_keys *keys = map_get(known, code);
    if (!keys) keys = work_out_code(gathering, known, field, scheme, code);
    for (size_t i = 0; i < keys->count; i++) keys_add(gathering, keys->items[i]);
}

/* Calls use for each item of "a;b;c". */
typedef void item_user(struct gathering *gathering, const struct field *field, const char *item);
static void each_item(struct gathering *gathering, const struct field *field, const char *list, item_user *use)
{
    for (const char *at = list; at && *at;) {
        const size_t length = strcspn(at, ";");
        if (length) use(gathering, field, arena_copy_bytes(gathering->arena, at, length));
        at += length;
        at += *at == ';';
    }
}

static void add_item_code(struct gathering *gathering, const struct field *field, const char *code)
{
    add_code(gathering, field->name, field->code.scheme, code);
}

static void add_item_reference(struct gathering *gathering, const struct field *field, const char *id)
{
    keys_add(gathering, index_key_number(field->name, strtoll(id, NULL, 10)));
}

void keys_of_choice(struct gathering *gathering, const struct field *field, const void *member)
{
    const char *word = ((const struct choice *)member)->value;
    if (word) keys_add(gathering, index_key(field->name, word));
}

void keys_of_code(struct gathering *gathering, const struct field *field, const void *member)
{
    const char *code = ((const struct code *)member)->value;
    if (code) add_item_code(gathering, field, code);
}

void keys_of_codes(struct gathering *gathering, const struct field *field, const void *member)
{
    each_item(gathering, field, ((const struct codes *)member)->value, add_item_code);
}

void keys_of_yesno(struct gathering *gathering, const struct field *field, const void *member)
{
    const int64_t yes = ((const struct yesno *)member)->value;
    if (yes != ABSENT) keys_add(gathering, index_key(field->name, yes ? "1" : "0"));
}

void keys_of_reference(struct gathering *gathering, const struct field *field, const void *member)
{
    const int64_t id = ((const struct reference *)member)->id;
    if (id) keys_add(gathering, index_key_number(field->name, id));
}

void keys_of_references(struct gathering *gathering, const struct field *field, const void *member)
{
    each_item(gathering, field, ((const struct references *)member)->value, add_item_reference);
}

static void add_facet(struct gathering *gathering, const struct field *field, const void *record)
{
    const struct type *type = field_type(field);
    if (type->keys) type->keys(gathering, field, field_value(field, record));
}

static void add_place(struct gathering *gathering, const struct place *place)
{
    if (place->commune) add_code(gathering, "place", "territory", place->commune);
    if (place->latitude == ABSENT || place->longitude == ABSENT) return;
    for (int level = 0; level < CELL_LEVELS; level++)
        keys_add(gathering, cell_key(level, cell_row(level, place->latitude), cell_column(level, place->longitude)));
}

static void add_head(struct gathering *gathering, const struct kind *kind, const struct record *head)
{
    keys_add(gathering, INDEX_ALL);
    keys_add(gathering, index_key_number("reader", reader_token(head->audience, head->owner)));
    if (kind->partner && kind_partner(kind, head))
        keys_add(gathering, index_key_number("reader", kind_partner(kind, head)));
    keys_add(gathering, index_key_number("audience", head->audience));
    if (!kind->is_organisation) keys_add(gathering, index_key_number("owner", head->owner));
    if (head->state) keys_add(gathering, index_key("state", head->state));
}

static int compare_keys(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_distinct(int64_t *keys, size_t count)
{
    size_t kept = 0;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        if (!kept || keys[kept - 1] != keys[i]) keys[kept++] = keys[i];
    return kept;
}

void key_cache_fill(struct key_cache *cache)
{
    cache->words = map_new(cache->arena);
    cache->stems = map_new(cache->arena);
    cache->codes = map_new(cache->arena);
}

static void end_cache(void *context) { arena_free(&((struct key_cache *)context)->arena); }

struct key_cache *key_cache_new(struct arena *arena)
{
    struct key_cache *cache = ARENA_NEW(arena, struct key_cache);
    cache->arena = arena_new();
    key_cache_fill(cache);
    arena_defer(arena, end_cache, cache);
    return cache;
}

struct record_keys record_index_keys(struct arena *arena, struct key_cache *cache, const struct vocabulary *vocabulary,
                                     const struct kind *kind, const void *record, const struct place *place)
{
    struct record_keys keys = {0};
    struct gathering gathering = {.arena = arena, .cache = cache, .vocabulary = vocabulary, .room = FIRST_ROOM};
    gathering.keys = ARENA_ARRAY(arena, gathering.room, int64_t);
    add_head(&gathering, kind, record);
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->facet && field_open(field)) add_facet(&gathering, field, record);
    if (place) add_place(&gathering, place);
    keys_add_words(&gathering, kind, record, &keys);
    keys.count = sort_distinct(gathering.keys, gathering.count);
    keys.items = gathering.keys;
    return keys;
}

/* What is in a and not in b, both ascending. */
static size_t without(const struct record_keys *a, const struct record_keys *b, int64_t *out)
{
    size_t count = 0, j = 0;
    for (size_t i = 0; i < a->count; i++) {
        while (j < b->count && b->items[j] < a->items[i]) j++;
        if (j == b->count || b->items[j] != a->items[i]) out[count++] = a->items[i];
    }
    return count;
}

struct keys_change record_keys_change(struct arena *arena, const struct record_keys *before,
                                      const struct record_keys *after)
{
    static const struct record_keys nothing;
    if (!before) before = &nothing;
    if (!after) after = &nothing;
    int64_t *lost = ARENA_ARRAY(arena, before->count, int64_t), *gained = ARENA_ARRAY(arena, after->count, int64_t);
    const size_t lost_count = without(before, after, lost), gained_count = without(after, before, gained);
    return (struct keys_change){lost, gained, lost_count, gained_count};
}
