/* panels.c: what points to a record, on its page: the first of each kind, and how many there are by what. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/db/db.h"
#include "platform/html/templates.h"
#include "platform/record/pages_private.h"
#include "platform/record/query.h"

enum { COUNTED_MOST = 4 };

static bool panel_applies(struct record_context *context, const struct kind *kind, const struct panel *panel,
                          const void *record)
{
    if (!panel->when) return true;
    const char *text = strcmp(panel->when, "state") == 0 ? ((const struct record *)record)->state
                                                         : field_text(context, kind_field(kind, panel->when), record);
    return text && strcmp(text, panel->is) == 0;
}

/* One more may be filed from here when the record owns what points to it. */
static bool may_file_here(const struct record_context *context, const struct kind *kind, const struct panel *panel,
                          const struct record *head)
{
    if (panel->open) return record_may_create(context, kind);
    return record_may_create(context, kind) && kind->owner_field && strcmp(kind->owner_field, panel->field) == 0 &&
           kind->create & record_held(context, head);
}

static enum status load_panel(struct record_context *context, const struct kind *kind, const struct panel *panel,
                              int64_t id, void **records, size_t *loaded, struct error *error)
{
    int64_t ids[50];
    size_t count = 0;
    const char *sql =
        arena_print(context->arena, "SELECT r.id FROM %s r WHERE r.%s = $1 AND %s ORDER BY r.updated DESC LIMIT 50",
                    kind->name, panel->field, kind_predicate(context->arena, kind, 2));
    struct db_rows *rows =
        db_query(context->handle, sql, DB_BIND(db_integer(id), db_integer(context->viewer->reads_as)));
    while (count < 50 && db_next(rows)) ids[count++] = db_get_integer(rows, 0);
    const enum status status = db_end(&rows, error);
    struct record_context brief = *context;
    brief.shown = &record_shown_in_lists;
    return status ? status : record_load_many(&brief, kind, ids, count, records, loaded, error);
}

/* The label of what is counted: of a place, the level of territory. */
static const char *counted_label(const struct record_context *context, const struct kind *kind, const char *name,
                                 const char *level)
{
    const struct field *field = kind_field(kind, level ? level : name);
    if (!field) field = kind_field(kind, name);
    return language_text(context->language, field ? field->label : N_("State"));
}

static enum status count_line(struct record_context *context, const struct http_request *request,
                              const struct record_query *query, const struct record_found *found, const char *name,
                              const char *level, struct record_panel_count *line, struct error *error)
{
    struct record_count *counts = NULL;
    size_t count = 0;
    const enum status status = record_counts(context, query, found, name, level, &counts, &count, error);
    struct part_link *links = ARENA_ARRAY(context->arena, count + 1, struct part_link);
    *line = (struct record_panel_count){.label = counted_label(context, found->kind, name, level), .links = links};
    for (size_t i = 0; !status && i < count; i++) {
        if (!counts[i].count) continue;
        const char *text = record_query_text(context->arena, query, name, counts[i].value);
        links[line->link_count++] =
            (struct part_link){.label = counts[i].label,
                               .url = record_list_url(request, found->kind, text),
                               .count = language_number(context->arena, context->language, counts[i].count, 0)};
    }
    return status;
}

/* By what those that there are stand counted: a line a facet, each count leading to its list. */
static enum status count_panel(struct record_context *context, const struct http_request *request,
                               const struct kind *kind, const struct panel *panel, const char *id,
                               struct record_panel *view, struct error *error)
{
    struct record_query query;
    struct record_found found;
    const struct input link = {panel->field, id};
    enum status status = record_query_read(context, kind, &(struct inputs){&link, 1}, &query, error);
    if (!status) status = record_find(context, kind, &query, &found, error);
    struct record_panel_count *lines = ARENA_ARRAY(context->arena, COUNTED_MOST, struct record_panel_count);
    for (const char *at = panel->counted; !status && *at; at += strcspn(at, ";"), at += *at == ';') {
        char *name = arena_copy_bytes(context->arena, at, strcspn(at, ";")), *level = strchr(name, '.');
        if (level) *level++ = '\0';
        ENSURE(view->count_count < COUNTED_MOST && record_counted(context, kind, name, level));
        status = count_line(context, request, &query, &found, name, level, &lines[view->count_count], error);
        view->count_count += lines[view->count_count].link_count > 0;
    }
    view->counts = lines;
    return status;
}

/* Adds the section of what points to the record, when there is something to see or to file. */
static enum status add_panel(struct html *html, struct record_context *context, const struct http_request *request,
                             const struct panel *panel, const struct record *head, struct part_section *sections,
                             size_t *section_count, struct error *error)
{
    const struct kind *kind = kind_find(panel->kind);
    const size_t most = panel->most > 0 && panel->most < 50 ? (size_t)panel->most : 49;
    const char *query = arena_print(context->arena, "%s=%lld", panel->field, (long long)head->id);
    const bool may_file = may_file_here(context, kind, panel, head);
    void *records[50];
    size_t loaded = 0;
    enum status status = load_panel(context, kind, panel, head->id, records, &loaded, error);
    if (status || !(loaded || may_file)) return status;
    struct part_result results[50];
    const size_t shown = loaded < most ? loaded : most;
    for (size_t i = 0; i < shown; i++) results[i] = record_result(context, request, kind, records[i]);
    struct record_panel view = {
        .results = {.results = results, .result_count = shown},
        .empty = !shown,
        .all_url = loaded > most ? record_list_url(request, kind, query) : NULL,
        .file_url = may_file ? http_url(request, arena_print(context->arena, "%s/new?%s", kind->path, query)) : NULL,
        .filing = language_text(context->language, kind->filing)};
    const char *id = arena_print(context->arena, "%lld", (long long)head->id);
    if (panel->counted && shown) status = count_panel(context, request, kind, panel, id, &view, error);
    if (status) return status;
    sections[(*section_count)++] = (struct part_section){.title = language_text(context->language, panel->title),
                                                         .body = HTML_DRAWN(html, template_record_panel, &view)};
    return STATUS_OK;
}

enum status record_panels(struct html *html, struct record_context *context, const struct http_request *request,
                          const struct kind *kind, const void *record, struct part_section *sections,
                          size_t *section_count, struct error *error)
{
    enum status status = STATUS_OK;
    for (const struct panel *panel = kind->panels;
         !status && panel && panel->title && *section_count < RECORD_SECTIONS_MOST; panel++)
        if (panel_applies(context, kind, panel, record))
            status = add_panel(html, context, request, panel, record, sections, section_count, error);
    return status;
}
