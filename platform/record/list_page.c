/* list_page.c: the list of a kind: words, filters with counts, results, pages, exports. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/html/templates.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"
#include "platform/record/readings.h"
#include "platform/vocabulary/vocabulary.h"

enum { FACETS_MOST = 16, PARAMETERS_MOST = 100 };

static struct inputs list_parameters(const struct http_request *request)
{
    struct input *items = ARENA_ARRAY(request->arena, request->query.count + 1, struct input);
    for (size_t i = 0; i < request->query.count; i++)
        items[i] = (struct input){request->query.items[i].name, request->query.items[i].value};
    return (struct inputs){items, request->query.count};
}

enum status record_list_find(struct record_context *context, const struct http_request *request,
                             const struct kind *kind, struct record_query *query, struct record_found *found,
                             struct error *error)
{
    const struct inputs parameters = list_parameters(request);
    const enum status status = record_query_read(context, kind, &parameters, query, error);
    const bool is_page =
        strcmp(context->origin, "page") == 0; /* where the list itself says that there is no such commune */
    return status && !(query->is_lost && is_page) ? status : record_find(context, kind, query, found, error);
}

static const char *figure(const struct http_request *request, int64_t number)
{
    return language_number(request->arena, request->language, number, 0);
}

/* One level of a hierarchy at a time: what stands below a root is a choice only when it is chosen. */
static bool is_offered(const struct record_context *context, const struct field *field,
                       const struct record_count *count)
{
    const bool coded = field && (field->type == FIELD_CODE || field->type == FIELD_CODES);
    const struct vocabulary_code *code =
        coded ? vocabulary_find(context->records->vocabulary, field->code.scheme, count->value) : NULL;
    return !code || code->depth == 0 || count->chosen;
}

/* What a list is counted by, beside it. */
struct asked_facets {
    struct record_facet items[FACETS_MOST];
    const char *labels[FACETS_MOST];
    size_t count;
};

static void ask_facet(struct asked_facets *asked, const char *name, const char *label)
{
    if (asked->count == FACETS_MOST) return;
    asked->items[asked->count] = (struct record_facet){.name = name};
    asked->labels[asked->count++] = label;
}

static struct asked_facets ask_facets(const struct record_context *context, const struct kind *kind)
{
    struct asked_facets asked = {.count = 0};
    if (kind->states) ask_facet(&asked, "state", N_("Step"));
    if (kind->place) ask_facet(&asked, "place", N_("Région"));
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->type != FIELD_PLACE && record_counted(context, kind, field->name, NULL))
            ask_facet(&asked, field->name, field->label);
    return asked;
}

static struct part_facet draw_facet(struct record_context *context, const struct http_request *request,
                                    const struct kind *kind, const struct record_facet *facet, const char *label)
{
    struct part_facet_choice *choices = ARENA_ARRAY(request->arena, facet->count, struct part_facet_choice);
    size_t kept = 0;
    for (size_t i = 0; i < facet->count; i++) {
        const struct record_count *count = &facet->counts[i];
        if (is_offered(context, kind_field(kind, facet->name), count))
            choices[kept++] =
                (struct part_facet_choice){count->value, count->label, figure(request, count->count), count->chosen};
    }
    return (struct part_facet){.name = facet->name,
                               .label = language_text(request->language, label),
                               .choices = choices,
                               .choice_count = kept};
}

static size_t gather_facets(struct record_context *context, const struct http_request *request,
                            const struct record_query *query, const struct record_found *found,
                            struct part_facet *facets)
{
    size_t count = 0;
    struct asked_facets asked = ask_facets(context, found->kind);
    if (record_facets(context, query, found, asked.items, asked.count, NULL)) return 0;
    for (size_t i = 0; i < asked.count; i++)
        if (asked.items[i].count)
            facets[count++] = draw_facet(context, request, found->kind, &asked.items[i], asked.labels[i]);
    return count;
}

static bool is_drawn(const struct part_facet *facets, size_t count, const struct record_filter *filter)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(facets[i].name, filter->name) != 0) continue;
        for (size_t j = 0; j < facets[i].choice_count; j++)
            if (strcmp(facets[i].choices[j].value, filter->value) == 0) return true;
    }
    return false;
}

/* Filters that no box shows (a commune, a company, a period) are kept as they are when boxes are ticked. */
static size_t keep_parameters(const struct http_request *request, const struct record_query *query,
                              const struct part_facet *facets, size_t facet_count, struct part_parameter *parameters)
{
    size_t count = 0;
    for (size_t i = 0; i < query->filter_count; i++)
        if (!is_drawn(facets, facet_count, &query->filters[i]))
            parameters[count++] = (struct part_parameter){query->filters[i].name, query->filters[i].value};
    const char *near = http_value(&request->query, "near"), *sort = http_value(&request->query, "sort");
    if (near && *near && !query->around) parameters[count++] = (struct part_parameter){"near", near};
    if (sort && *sort) parameters[count++] = (struct part_parameter){"sort", sort};
    return count;
}

static const char *query_url(const struct http_request *request, const char *path, const char *text)
{
    return http_url(request, *text ? arena_print(request->arena, "%s?%s", path, text) : path);
}

static struct part_chips list_chips(struct record_context *context, const struct http_request *request,
                                    const struct kind *kind, const char *path, const struct record_query *query)
{
    struct arena *arena = request->arena;
    struct part_chip *chips = ARENA_ARRAY(arena, query->filter_count + 2, struct part_chip);
    size_t count = 0;
    if (query->words)
        chips[count++] = (struct part_chip){arena_print(arena, "« %s »", query->words),
                                            query_url(request, path, record_query_text(arena, query, "q", NULL))};
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct record_filter *filter = &query->filters[i];
        chips[count++] =
            (struct part_chip){record_filter_label(context, kind, filter),
                               query_url(request, path, record_query_text(arena, query, filter->name, filter->value))};
    }
    if (query->is_near)
        chips[count++] = (struct part_chip){record_near_label(context, query),
                                            query_url(request, path, record_query_text(arena, query, "near", NULL))};
    return (struct part_chips){chips, count, http_url(request, path)};
}

static struct part_link sort_link(const struct http_request *request, const struct kind *kind,
                                  const struct record_query *query, enum record_sort sort, const char *name,
                                  const char *label)
{
    const char *text = record_query_text(request->arena, query, "sort", NULL);
    return (struct part_link){
        .label = language_text(request->language, label),
        .current = query->sort == sort,
        .url =
            record_list_url(request, kind, arena_print(request->arena, "%s%ssort=%s", text, *text ? "&" : "", name))};
}

static const struct part_facets *list_facets(struct record_context *context, const struct http_request *request,
                                             const char *path, const struct record_query *query,
                                             const struct record_found *found)
{
    struct part_facets *panel = ARENA_NEW(request->arena, struct part_facets);
    struct part_facet *facets = ARENA_ARRAY(request->arena, FACETS_MOST, struct part_facet);
    struct part_parameter *parameters = ARENA_ARRAY(request->arena, PARAMETERS_MOST, struct part_parameter);
    const size_t facet_count = gather_facets(context, request, query, found, facets);
    *panel = (struct part_facets){.action = http_url(request, path),
                                  .query = query->words,
                                  .search = true,
                                  .target = "list",
                                  .has_place = found->kind->place != NULL,
                                  .around = query->around ? record_query_around(context, query) : NULL,
                                  .within = query->around ? (int64_t)query->kilometres : 0,
                                  .facets = facets,
                                  .facet_count = facet_count,
                                  .parameters = parameters,
                                  .parameter_count = keep_parameters(request, query, facets, facet_count, parameters)};
    return panel;
}

static void set_sorts(const struct http_request *request, const struct kind *kind, const struct record_query *query,
                      struct part_list *list)
{
    struct part_link *sorts = ARENA_ARRAY(request->arena, 5, struct part_link);
    if (query->words)
        sorts[list->sort_count++] = sort_link(request, kind, query, SORT_RELEVANCE, "relevance", N_("Best match"));
    if (kind->starts) sorts[list->sort_count++] = sort_link(request, kind, query, SORT_WHEN, "when", N_("To come"));
    sorts[list->sort_count++] = sort_link(request, kind, query, SORT_NEW, "new", N_("Newest"));
    sorts[list->sort_count++] = sort_link(request, kind, query, SORT_NAME, "name", N_("Name"));
    list->sorts = sorts;
    list->sort_label = language_text(request->language, N_("Order by"));
}

static void set_exports(const struct http_request *request, const struct kind *kind, const char *text,
                        struct part_list *list)
{
    static const struct {
        const char *format, *label;
    } formats[] = {{"csv", "CSV"}, {"xlsx", "XLSX"}, {"json", "JSON"}, {"geojson", "GeoJSON"}};
    struct part_link *exports = ARENA_ARRAY(request->arena, 8, struct part_link);
    list->export_count = kind->place ? 4 : 3;
    for (size_t i = 0; i < list->export_count; i++)
        exports[i] = (struct part_link){
            .label = formats[i].label,
            .url = http_url(request, arena_print(request->arena, "%s/export?format=%s%s%s", kind->path,
                                                 formats[i].format, *text ? "&" : "", text))};
    exports[list->export_count++] =
        (struct part_link){.label = language_text(request->language, N_("Choose the columns")),
                           .url = http_url(request, arena_print(request->arena, "%s/export/columns%s%s", kind->path,
                                                                *text ? "?" : "", text))};
    exports[list->export_count++] = (struct part_link){.label = language_text(request->language, N_("News (Atom)")),
                                                       .url = record_feed_url(request, kind, "feed.atom", text)};
    if (kind->starts)
        exports[list->export_count++] =
            (struct part_link){.label = language_text(request->language, N_("Calendar (iCalendar)")),
                               .url = record_feed_url(request, kind, "calendar.ics", text)};
    exports[list->export_count++] = (struct part_link){
        .label = language_text(request->language, N_("Hear what is new")), .url = record_keep_url(request, kind, text)};
    list->exports = exports;
}

static const struct part_tabs *list_tabs(const struct http_request *request, const struct kind *kind, const char *path,
                                         const char *text)
{
    const struct {
        const char *label, *path;
    } views[] = {{N_("List"), kind->path},
                 {N_("Map"), arena_print(request->arena, "%s/map", kind->path)},
                 {N_("Figures"), kind->figures}};
    struct part_tabs *tabs = ARENA_NEW(request->arena, struct part_tabs);
    struct part_link *links = ARENA_ARRAY(request->arena, 3, struct part_link);
    if (!kind->place) return NULL;
    const size_t count = kind->figures ? 3 : 2;
    for (size_t i = 0; i < count; i++)
        links[i] = (struct part_link){.label = language_text(request->language, views[i].label),
                                      .url = query_url(request, views[i].path, text),
                                      .current = strcmp(views[i].path, path) == 0};
    *tabs = (struct part_tabs){language_text(request->language, N_("Ways to see the list")), links, count};
    return tabs;
}

static struct markup empty_list(struct html *html, const struct http_request *request, const struct kind *kind)
{
    const struct part_link actions[] = {
        {.label = language_text(request->language, N_("See the whole list")), .url = http_url(request, kind->path)}};
    const struct part_empty empty = {
        .title = language_text(request->language, N_("Nothing matches")),
        .actions = actions,
        .action_count = 1,
        .text = language_text(request->language, N_("Take a filter away, or try another word."))};
    return HTML_DRAWN(html, template_part_empty, &empty);
}

static struct part_head list_head(struct record_context *context, const struct http_request *request,
                                  const struct kind *kind)
{
    struct part_link *actions = ARENA_ARRAY(request->arena, 2, struct part_link);
    size_t count = 0;
    if (record_may_create(context, kind)) {
        actions[count++] =
            (struct part_link){.label = language_text(request->language, kind->filing),
                               .url = http_url(request, arena_print(request->arena, "%s/new", kind->path))};
        actions[count++] =
            (struct part_link){.label = language_text(request->language, N_("Import a file")),
                               .url = http_url(request, arena_print(request->arena, "%s/import", kind->path))};
    }
    return (struct part_head){.title = language_text(request->language, kind->plural),
                              .actions = actions,
                              .action_count = count,
                              .summary = kind->summary ? language_text(request->language, kind->summary) : NULL};
}

struct part_list record_list_frame(struct record_context *context, const struct http_request *request, const char *path,
                                   const struct record_query *query, const struct record_found *found)
{
    const struct kind *kind = found->kind;
    const char *text = record_query_text(request->arena, query, NULL, NULL);
    struct part_list list = {.head = list_head(context, request, kind),
                             .facets = list_facets(context, request, path, query, found),
                             .chips = list_chips(context, request, kind, path, query),
                             .tabs = list_tabs(request, kind, path, text),
                             .target = "list",
                             .sentence = language_plural(request->arena, request->language, found->total,
                                                         N_("{1} result"), N_("{1} results"))};
    if (strcmp(path, kind->path) == 0) set_sorts(request, kind, query, &list);
    set_exports(request, kind, text, &list);
    return list;
}

static struct part_results list_results(struct record_context *context, const struct http_request *request,
                                        const struct kind *kind, void **records, size_t count)
{
    struct part_result *results = ARENA_ARRAY(request->arena, count + 1, struct part_result);
    for (size_t i = 0; i < count; i++) results[i] = record_result(context, request, kind, records[i]);
    return (struct part_results){results, count};
}

enum status record_list_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    struct record_query query;
    struct record_found found;
    void **records = NULL;
    size_t count = 0;
    context.shown = &record_shown_in_lists;
    enum status status = record_list_find(&context, request, kind, &query, &found, error);
    if (!status) status = record_found_page(&context, &query, &found, &records, &count, error);
    if (status) return status;
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    struct part_list list = record_list_frame(&context, request, kind->path, &query, &found);
    const struct part_results results = list_results(&context, request, kind, records, count);
    const char *text = record_query_text(request->arena, &query, NULL, NULL);
    list.body = count ? HTML_DRAWN(&html, template_part_results, &results) : empty_list(&html, request, kind);
    list.pages = parts_pages(
        &html, record_list_url(request, kind, arena_print(request->arena, "%s%spage=", text, *text ? "&" : "")),
        query.page, query.page_size, found.total);
    template_part_list(&html, &list);
    status = readings_commit(&context, error);
    if (status) return status;
    const struct page page = {.title = list.head.title,
                              .section = kind->path,
                              .body = html_finish(&html),
                              .head_feed = record_feed_url(request, kind, "feed.atom", text)};
    page_send(request, response, &page);
    return STATUS_OK;
}
