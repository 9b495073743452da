/* query.c: the match set: rights, words, filters, distance. */
#include "platform/record/query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/index/index.h"
#include "platform/record/keys.h"
#include "platform/record/query_private.h"
#include "platform/record/store_private.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum { CELLS_MOST = 400, DAY_KEYS_MOST = 4096, PREFIX_TERMS = 60, PREFIX_LEAST = 2 };

static const double km_per_degree = 111.195; /* of latitude, on a sphere of 6,371 km */

const struct index_set *query_visible(struct record_context *context, struct index_view *view)
{
    const struct viewer *viewer = context->viewer;
    int64_t *keys = ARENA_ARRAY(context->arena, viewer->token_count + 1, int64_t);
    for (size_t i = 0; i < viewer->token_count; i++) keys[i] = index_key_number("reader", viewer->tokens[i]);
    return index_any(view, keys, viewer->token_count);
}

/* The words, folded, that are asked for: all but those that say nothing, unless there are no others. */
struct text_words query_words(struct arena *arena, const char *text)
{
    static const char *const fillers[] = {"au",  "aux", "dans", "de", "des", "du",   "en",  "et",
                                          "la",  "le",  "les",  "ou", "par", "pour", "sur", "un",
                                          "une", "and", "for",  "in", "of",  "or",   "the", "to"};
    const struct text_words words = text_words(arena, text);
    struct text_words kept = {.items = ARENA_ARRAY(arena, words.count, const char *)};
    for (size_t i = 0; i < words.count; i++) {
        bool filler = false;
        for (size_t j = 0; j < sizeof fillers / sizeof *fillers; j++) filler |= strcmp(words.items[i], fillers[j]) == 0;
        if (!filler) kept.items[kept.count++] = words.items[i];
    }
    return kept.count ? kept : words;
}

/* A word, in any field. */
static const struct index_set *find_word(struct index_view *view, const char *stem)
{
    int64_t keys[WORD_CLASSES];
    for (int i = 0; i < WORD_CLASSES; i++) keys[i] = index_key(word_fields[i], stem);
    return index_any(view, keys, WORD_CLASSES);
}

/* The words of the dictionary that begin so. */
static const struct index_set *find_prefix(struct record_context *context, struct index_view *view, const char *prefix)
{
    struct index_term terms[PREFIX_TERMS];
    const struct index_set *set = index_of_slots(view, NULL, 0);
    size_t count = 0;
    if (index_terms(view, RECORD_WORDS, prefix, terms, PREFIX_TERMS, &count, NULL)) return set;
    for (size_t i = 0; i < count; i++)
        set = index_or(view, set, find_word(view, text_stem(context->arena, terms[i].text)));
    return set;
}

/* The last word may not be finished: when no record has it (with what else is asked), words that begin so stand for it. */
static const struct index_set *match_words(struct record_context *context, struct index_view *view, const char *text,
                                           const struct index_set *set)
{
    const struct text_words words = query_words(context->arena, text);
    for (size_t i = 0; i < words.count; i++) {
        const struct index_set *all = set;
        set = index_and(view, all, find_word(view, text_stem(context->arena, words.items[i])));
        if (i + 1 == words.count && !index_count(set) && strlen(words.items[i]) >= PREFIX_LEAST)
            set = index_and(view, all, find_prefix(context, view, words.items[i]));
    }
    return set;
}

int64_t query_value_key(const struct kind *kind, const char *name, const char *value)
{
    const struct field *field = kind_field(kind, name);
    enum audience audience;
    if (strcmp(name, "audience") == 0 && audience_find(value, &audience)) return index_key_number("audience", audience);
    if (strcmp(name, "owner") == 0 || (field && (field->type == FIELD_REFERENCE || field->type == FIELD_REFERENCES)))
        return index_key_number(name, strtoll(value, NULL, 10));
    return index_key(name, value);
}

/* The fewest days, months and years that make the range up. */
static size_t range_keys(const char *field, int64_t from, int64_t until, int64_t *keys)
{
    size_t count = 0;
    while (from <= until && count < DAY_KEYS_MOST) {
        const struct civil date = day_to_civil(from);
        const int64_t next_year = day_from_civil((struct civil){date.year + 1, 1, 1});
        const int64_t next_month = day_from_civil((struct civil){date.year + date.month / 12, date.month % 12 + 1, 1});
        if (date.month == 1 && date.day == 1 && next_year - 1 <= until) {
            keys[count++] = date_key(field, DATE_YEAR, date.year);
            from = next_year;
        } else if (date.day == 1 && next_month - 1 <= until) {
            keys[count++] = date_key(field, DATE_MONTH, date.year * 12 + date.month - 1);
            from = next_month;
        } else {
            keys[count++] = date_key(field, DATE_DAY, from++);
        }
    }
    return count;
}

static int64_t bound_of(const struct record_query *query, const char *name, int64_t fallback)
{
    int64_t day = fallback;
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].name, name) == 0 && !day_parse(query->filters[i].value, &day)) day = fallback;
    return day;
}

static const struct index_set *match_dates(struct record_context *context, const struct kind *kind,
                                           struct index_view *view, const struct record_query *query,
                                           const struct index_set *set)
{
    const int64_t first = day_from_civil((struct civil){1800, 1, 1}),
                  last = day_from_civil((struct civil){2099, 12, 31});
    for (const struct field *field = kind->fields; field->name; field++) {
        if (!field_is_dated(field) || !field->facet) continue;
        const int64_t from = bound_of(query, arena_print(context->arena, "%s.from", field->name), first);
        const int64_t until = bound_of(query, arena_print(context->arena, "%s.until", field->name), last);
        if (from == first && until == last) continue;
        int64_t *keys = ARENA_ARRAY(context->arena, DAY_KEYS_MOST, int64_t);
        set = index_and(view, set, index_any(view, keys, range_keys(field->name, from, until, keys)));
    }
    return set;
}

static bool is_bound(const char *name) { return strchr(name, '.') != NULL; }

static bool asked_before(const struct record_query *query, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(query->filters[i].name, query->filters[index].name) == 0) return true;
    return false;
}

/* An organisation owns itself, and no key says so: its slot is looked up. */
static const struct index_set *match_owners(struct record_context *context, const struct record_query *query,
                                            struct index_view *view, const struct kind *kind)
{
    const char *sql = arena_print(context->arena, "SELECT slot FROM %s WHERE id = $1", kind->name);
    int64_t slots[QUERY_FILTERS];
    size_t count = 0;
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].name, "owner") == 0 &&
            db_one_integer(context->handle, sql, DB_BIND(db_integer(strtoll(query->filters[i].value, NULL, 10))),
                           &slots[count], NULL) == STATUS_OK)
            count++;
    return index_of_slots(view, slots, count);
}

static const struct index_set *match_values(const struct record_query *query, struct index_view *view,
                                            const struct kind *kind, const char *name)
{
    int64_t keys[QUERY_FILTERS];
    size_t count = 0;
    for (size_t i = 0; i < query->filter_count; i++)
        if (strcmp(query->filters[i].name, name) == 0)
            keys[count++] = query_value_key(kind, name, query->filters[i].value);
    return index_any(view, keys, count);
}

const struct index_set *query_filtered(struct record_context *context, const struct record_query *query,
                                       struct index_view *view, const struct kind *kind, const struct index_set *set,
                                       const char *but)
{
    for (size_t i = 0; i < query->filter_count; i++) {
        const char *name = query->filters[i].name;
        if (is_bound(name) || asked_before(query, i) || (but && strcmp(but, name) == 0)) continue;
        const bool own = kind->is_organisation && strcmp(name, "owner") == 0;
        set = index_and(view, set,
                        own ? match_owners(context, query, view, kind) : match_values(query, view, kind, name));
    }
    return set;
}

/* The level at which the circle covers few cells. */
static int cell_level(double kilometres)
{
    int level = CELL_LEVELS - 1;
    while (level > 0 && kilometres * 2 / km_per_degree * MICRO_DEGREE / (double)cell_sides[level] > 8) level--;
    return level;
}

static const struct index_set *match_cells(struct index_view *view, const struct record_query *query)
{
    const int level = cell_level(query->kilometres);
    const double north = query->kilometres / km_per_degree * MICRO_DEGREE;
    const double narrow = cos((double)query->latitude / MICRO_DEGREE * M_PI / 180);
    const double east = north / (narrow > 0.05 ? narrow : 0.05);
    int64_t keys[CELLS_MOST];
    size_t count = 0;
    const int64_t bottom = cell_row(level, query->latitude - (int64_t)north),
                  top = cell_row(level, query->latitude + (int64_t)north);
    const int64_t left = cell_column(level, query->longitude - (int64_t)east),
                  right = cell_column(level, query->longitude + (int64_t)east);
    for (int64_t row = bottom; row <= top; row++)
        for (int64_t column = left; column <= right && count < CELLS_MOST; column++)
            keys[count++] = cell_key(level, row, column);
    return index_any(view, keys, count);
}

/* Great-circle distance (haversine formula), in kilometres. */
static double distance(const struct record_query *query, int64_t latitude, int64_t longitude)
{
    const double radians = M_PI / 180 / MICRO_DEGREE;
    const double a = (double)query->latitude * radians, b = (double)latitude * radians;
    const double s = sin((b - a) / 2), t = sin((double)(longitude - query->longitude) * radians / 2);
    return 2 * 6371 * asin(sqrt(s * s + cos(a) * cos(b) * t * t));
}

/* Within the cells, the circle itself; only for kinds that hold their place, beyond QUERY_RANKED candidates the cells stand for it. */
static enum status match_circle(struct record_context *context, const struct kind *kind, struct index_view *view,
                                const struct record_query *query, const struct index_set **set, struct error *error)
{
    *set = index_and(view, *set, match_cells(view, query));
    const int64_t count = index_count(*set);
    if (count > QUERY_RANKED || !kind->place || strchr(kind->place, '.')) return STATUS_OK;
    int64_t *slots = ARENA_ARRAY(context->arena, (size_t)count + 1, int64_t),
            *inside = ARENA_ARRAY(context->arena, (size_t)count + 1, int64_t);
    size_t kept = 0;
    index_slots_of(*set, true, 0, slots, (size_t)count);
    const char *sql = query_batch_sql(
        context->arena, arena_print(context->arena, "r.slot, r.%s_latitude, r.%s_longitude", kind->place, kind->place),
        kind);
    enum status status = STATUS_OK;
    for (int64_t i = 0; !status && i < count; i += SQL_BATCH) {
        struct db_rows *rows =
            query_batch(context, sql, slots + i, count - i < SQL_BATCH ? (size_t)(count - i) : SQL_BATCH);
        while (db_next(rows))
            if (!db_is_null(rows, 1) &&
                distance(query, db_get_integer(rows, 1), db_get_integer(rows, 2)) <= query->kilometres)
                inside[kept++] = db_get_integer(rows, 0);
        status = db_end(&rows, error);
    }
    *set = index_of_slots(view, inside, kept);
    return status;
}

const char *query_batch_sql(struct arena *arena, const char *columns, const struct kind *kind)
{
    char *list = arena_alloc(arena, SQL_BATCH * 8);
    for (int i = 1; i <= SQL_BATCH; i++) strcat(list, arena_print(arena, "%s$%d", i > 1 ? ", " : "", i));
    return arena_print(arena, "SELECT %s FROM %s r WHERE r.slot IN (%s)", columns, kind->name, list);
}

struct db_rows *query_batch(struct record_context *context, const char *sql, const int64_t *slots, size_t count)
{
    struct db_value values[SQL_BATCH];
    for (size_t i = 0; i < SQL_BATCH; i++) values[i] = db_integer(i < count ? slots[i] : -1);
    return db_query(context->handle, sql, values, SQL_BATCH);
}

enum status record_find(struct record_context *context, const struct kind *kind, const struct record_query *query,
                        struct record_found *found, struct error *error)
{
    *found = (struct record_found){.kind = kind};
    enum status status =
        index_view_open(context->records->index, context->handle, context->arena, kind->name, &found->view, error);
    if (status) return status;
    found->visible = query_visible(context, found->view);
    found->set = found->visible;
    if (query->words) found->set = match_words(context, found->view, query->words, found->set);
    found->set = match_dates(context, kind, found->view, query, found->set);
    if (query->is_lost)
        found->set = index_of_slots(found->view, NULL, 0);
    else if (query->is_near)
        status = match_circle(context, kind, found->view, query, &found->set, error);
    found->wide = found->set;
    found->set = query_filtered(context, query, found->view, kind, found->set, NULL);
    found->total = index_count(found->set);
    found->ranked = query->sort == SORT_RELEVANCE && query->words && found->total <= QUERY_RANKED;
    return status ? status : index_view_status(found->view, error);
}

int64_t record_count_value(const struct record_found *found, const char *name, const char *value)
{
    return index_and_count(found->set, index_get(found->view, query_value_key(found->kind, name, value)));
}

int64_t record_count_month(const struct record_found *found, const char *name, int64_t month)
{
    return index_and_count(found->set, index_get(found->view, date_key(name, DATE_MONTH, month)));
}
