/* query.h: which records of a kind are asked for, how many there are, by what, and a page of them.
 *
 * A query is read from the parameters of an address, the same for pages, map, exports and API:
 *   q=words                       all of them, in any field that is searched; the last may be the beginning of a word
 *   FIELD=code (again for more)   any of these codes or their descendants; another FIELD narrows further
 *   state=..., audience=..., owner=ID, place=CODE (commune, EPCI, département, région)
 *   FIELD.from=2026-01-01, FIELD.until=2026-03-31   days of a date field, both included
 *   near=50.63,3.06,25            within so many kilometres
 *   around=69123&within=25        the same around a commune: its code, its name, or its name as "Lyon (69)"; 25 when not said
 *   sort=new|old|name|relevance|when   page=N; when: what is to come, the soonest first, then what has been; for kinds that take place
 * Rights are part of the match set: what the viewer may not read is neither shown nor counted. */
#ifndef PLATFORM_RECORD_QUERY_H
#define PLATFORM_RECORD_QUERY_H

#include "platform/record/record.h"

struct index_set;

enum record_sort { SORT_NEW, SORT_OLD, SORT_NAME, SORT_RELEVANCE, SORT_WHEN };

enum { QUERY_FILTERS = 64, QUERY_PAGE_SIZE = 50, QUERY_RANKED = 10000, FACET_COUNTS = 60, FACET_CODES = 254 };

struct record_filter {
    const char *name;
    const char *value;
};

struct record_query {
    const char *words; /* NULL: none */
    struct record_filter filters[QUERY_FILTERS];
    size_t filter_count;
    bool is_near;
    int64_t latitude, longitude; /* millionths of a degree */
    double kilometres;
    double within;      /* as asked; 0: not */
    const char *around; /* code of the commune around which; as typed when is_lost; NULL: a point, or nowhere */
    bool is_lost;       /* there is no such commune: nothing matches */
    enum record_sort sort, usual; /* usual: where none is asked for */
    int64_t page, page_size;      /* from 1 */
};

/* What matches: opened on the context's handle, valid as long as the context's arena. */
struct record_found {
    const struct kind *kind;
    struct index_view *view;
    const struct index_set *visible; /* all that the viewer may read */
    const struct index_set *wide;    /* what matches but for the filters: for the counts of their choices */
    const struct index_set *set;     /* what matches */
    int64_t total;
    bool ranked; /* ordered by relevance; false beyond QUERY_RANKED matches: newest first */
};

/* Reads the parameters (name, value); what is no filter of the kind is passed over, a wrong value is STATUS_INPUT with its name. When only the
 * commune of `around` is not known, the query is complete and is_lost. */
enum status record_query_read(struct record_context *context, const struct kind *kind, const struct inputs *parameters,
                              struct record_query *query, struct error *error);

/* Finds. Some set operations on compressed sets: typically less than a millisecond at a million records. */
enum status record_find(struct record_context *context, const struct kind *kind, const struct record_query *query,
                        struct record_found *found, struct error *error);

/* The records of the query's page, in its order. */
enum status record_found_page(struct record_context *context, const struct record_query *query,
                              struct record_found *found, void ***records, size_t *count, struct error *error);

/* All of them, by batches in the order of filing, newest first: *at is where to go on, INT64_MAX at first; *count 0 at the end. */
enum status record_found_next(struct record_context *context, struct record_found *found, int64_t *at, void ***records,
                              size_t *count, struct error *error);

/* Counts by the values of a field ("state", "place" with a level of territory, or a facet), most frequent first, only those that match. Within
 * a field that is filtered, the counts are those that each choice would give: its own filter is left out. */
struct record_count {
    const char *value, *label;
    int64_t count;
    bool chosen;
};
enum status record_counts(struct record_context *context, const struct record_query *query,
                          const struct record_found *found, const char *name, const char *level,
                          struct record_count **counts, size_t *count, struct error *error);

/* Counts by several fields at once: what matches is read once for all. */
struct record_facet {
    const char *name, *level;    /* as above */
    struct record_count *counts; /* out */
    size_t count;
};
enum status record_facets(struct record_context *context, const struct record_query *query,
                          const struct record_found *found, struct record_facet *facets, size_t number,
                          struct error *error);

/* Whether a list of the kind may be counted by the name: "state", "place", or a facet of few values; at that level of its list of codes (NULL: the
 * usual one). A list of codes counts at most FACET_CODES values at once. */
bool record_counted(const struct record_context *context, const struct kind *kind, const char *name, const char *level);

/* How many of what matches also have this value. */
int64_t record_count_value(const struct record_found *found, const char *name, const char *value);

/* How many of what matches were dated in this month by a date field that is a facet (year * 12 + month - 1). */
int64_t record_count_month(const struct record_found *found, const char *name, int64_t month);

/* Whether the query holds this filter. */
bool record_query_has(const struct record_query *query, const char *name, const char *value);

/* The query as parameters of an address, without the page; with one filter added, or taken away when it is there (name NULL: none). */
const char *record_query_text(struct arena *arena, const struct record_query *query, const char *name,
                              const char *value);

/* The commune of `around` as people tell it from others of its name: "Saint-Denis (93)"; the code when it is not known. In the arena. */
const char *record_query_around(struct record_context *context, const struct record_query *query);

#endif
