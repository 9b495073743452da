/* deadlines.c: all the days by which something is to be done: a page, a calendar and a feed of news, for everybody and for a person. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/feed/feed.h"
#include "platform/record/deadlines.h"
#include "platform/record/readings.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/deadlines/deadlines.h"
#include "product/kinds/organisation.h"
#include "product/pages/pages_private.h"
#include "product/pages/visits_views.h"

enum { DAYS_AHEAD = 400, FEED_LIMIT = 4 * 1024 * 1024, KINDS_MOST = 32, REGIONS_MOST = 40, SHOWN = 100 };

struct asking {
    const struct http_request *request;
    struct record_context context;
    struct deadline_query query;
    struct deadline *items;
    size_t count;
};

/* ?kind=event&place=R32&owner=12&own=1 */
static void read_query(struct asking *asking)
{
    const struct http_parameters *parameters = &asking->request->query;
    const char *kind = http_value(parameters, "kind"), *place = http_value(parameters, "place");
    asking->query = (struct deadline_query){.from = time_today(),
                                            .until = time_today() + DAYS_AHEAD,
                                            .kind = kind ? kind_find(kind) : NULL,
                                            .place = place && *place ? place : NULL,
                                            .owner = http_integer(parameters, "owner", 1, INT64_MAX, 0),
                                            .own = http_integer(parameters, "own", 0, 1, 0) == 1};
}

/* Those of the request's viewer; with a word in the address, those of the person whose address it is. */
static enum status find(struct asking *asking, struct error *error)
{
    const char *word = http_value(&asking->request->query, "key");
    asking->context = record_request(asking->request, "feed");
    read_query(asking);
    enum status status = STATUS_OK;
    if (word && *word)
        status = deadlines_viewer(asking->request->read, asking->request->arena, word, &asking->context.viewer, error);
    return status ? status : deadlines_find(&asking->context, &asking->query, &asking->items, &asking->count, error);
}

static const char *absolute(const struct http_request *request, const char *path)
{
    return arena_print(request->arena, "%s%s", http_origin(request), path);
}

static const char *title_of(const struct asking *asking, const struct deadline *item)
{
    return language_print(asking->request->arena, asking->request->language, N_("{1}: {2}"),
                          say(asking->request, item->field->label), record_title(item->kind, item->record),
                          (const char *)NULL);
}

/* The filters, as they stand in an address. */
static const char *filters_of(const struct asking *asking)
{
    struct arena *arena = asking->request->arena;
    const struct deadline_query *query = &asking->query;
    const char *text = "";
    if (query->kind) text = arena_print(arena, "%s&kind=%s", text, query->kind->name);
    if (query->place) text = arena_print(arena, "%s&place=%s", text, http_encode(arena, query->place));
    if (query->owner) text = arena_print(arena, "%s&owner=%lld", text, (long long)query->owner);
    return query->own ? arena_print(arena, "%s&own=1", text) : text;
}

static enum status send_feed(const struct http_request *request, struct http_response *response, struct buffer *out,
                             const char *media_type, struct error *error)
{
    (void)request;
    if (buffer_overflowed(out))
        return error_set(error, STATUS_LIMIT, N_("The file would be too large: narrow the list first."));
    response->media_type = media_type;
    response->buffer = out;
    return STATUS_OK;
}

enum status send_deadlines_calendar(const struct http_request *request, struct http_response *response,
                                    struct error *error)
{
    struct asking asking = {.request = request};
    const enum status status = find(&asking, error);
    if (status) return status;
    struct buffer *out = buffer_new(request->arena, FEED_LIMIT);
    calendar_begin(out, say(request, N_("Deadlines")), language_code(request->language));
    for (size_t i = 0; i < asking.count; i++) {
        const struct deadline *item = &asking.items[i];
        const struct record *head = item->record;
        const struct calendar_event event = {.uid = arena_print(request->arena, "%s-%lld-%s@maillage", item->kind->name,
                                                                (long long)head->id, item->field->name),
                                             .sequence = head->version - 1,
                                             .created = head->created,
                                             .updated = head->updated,
                                             .is_day = true,
                                             .starts = item->day,
                                             .ends = ABSENT,
                                             .summary = title_of(&asking, item),
                                             .url = absolute(request, record_url(request, item->kind, head->id)),
                                             .category = say(request, item->kind->title)};
        calendar_add(out, &event);
    }
    calendar_end(out);
    response->filename = "deadlines.ics";
    return send_feed(request, response, out, "text/calendar; charset=utf-8", error);
}

static void add_entry(const struct asking *asking, const struct deadline *item, struct buffer *out)
{
    const struct http_request *request = asking->request;
    const struct record *head = item->record;
    const char *url = absolute(request, record_url(request, item->kind, head->id)), *host = strstr(url, "//") + 2;
    const struct atom_entry entry = {.id = arena_print(request->arena, "tag:%.*s,2026:%s/%lld/%s",
                                                       (int)strcspn(host, ":/"), host, item->kind->name,
                                                       (long long)head->id, item->field->name),
                                     .title = title_of(asking, item),
                                     .url = url,
                                     .summary = language_day(request->arena, request->language, item->day),
                                     .category = say(request, item->kind->title),
                                     .published = head->created,
                                     .updated = head->updated};
    atom_add(out, &entry);
}

enum status send_deadlines_feed(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct asking asking = {.request = request};
    const enum status status = find(&asking, error);
    if (status) return status;
    const char *filters = filters_of(&asking);
    const char *self =
        absolute(request, http_url(request, arena_print(request->arena, "/deadlines.atom%s%s", *filters ? "?" : "",
                                                        *filters ? filters + 1 : "")));
    struct atom_feed feed = {.id = self,
                             .title = say(request, N_("Deadlines")),
                             .self = self,
                             .alternate = absolute(request, http_url(request, "/deadlines")),
                             .author = "Maillage",
                             .language = language_code(request->language)};
    for (size_t i = 0; i < asking.count; i++)
        if (((const struct record *)asking.items[i].record)->updated > feed.updated)
            feed.updated = ((const struct record *)asking.items[i].record)->updated;
    if (!feed.updated) feed.updated = time_now();
    struct buffer *out = buffer_new(request->arena, FEED_LIMIT);
    atom_begin(out, &feed);
    for (size_t i = 0; i < asking.count; i++) add_entry(&asking, &asking.items[i], out);
    atom_end(out);
    return send_feed(request, response, out, "application/atom+xml; charset=utf-8", error);
}

/* ---- the page ---- */

static struct widget kind_choice(const struct asking *asking)
{
    struct widget_choice *choices = ARENA_ARRAY(asking->request->arena, KINDS_MOST, struct widget_choice);
    struct widget widget = {.type = WIDGET_SELECT,
                            .name = "kind",
                            .label = say(asking->request, N_("What they come from")),
                            .choices = choices};
    for (const struct kind *const *kind = kinds_all(); *kind && widget.choice_count < KINDS_MOST; kind++)
        if (deadlines_has(*kind))
            choices[widget.choice_count++] = (struct widget_choice){.value = (*kind)->name,
                                                                    .label = say(asking->request, (*kind)->plural),
                                                                    .chosen = *kind == asking->query.kind};
    return widget;
}

static struct widget place_choice(const struct asking *asking)
{
    const struct vocabulary_code **regions = NULL;
    const struct vocabulary *lists = asking->context.records->vocabulary;
    const size_t count = vocabulary_list(lists, asking->request->arena, "territory", "region", NULL, &regions);
    struct widget_choice *choices = ARENA_ARRAY(asking->request->arena, count + 1, struct widget_choice);
    for (size_t i = 0; i < count; i++)
        choices[i] = (struct widget_choice){
            .value = regions[i]->code,
            .label = vocabulary_label(lists, asking->request->language, "territory", regions[i]->code),
            .chosen = asking->query.place && strcmp(asking->query.place, regions[i]->code) == 0};
    return (struct widget){.type = WIDGET_SELECT,
                           .name = "place",
                           .label = say(asking->request, N_("Région")),
                           .choices = choices,
                           .choice_count = count};
}

static void draw_filters(const struct asking *asking, struct html *html)
{
    struct widget fields[4] = {kind_choice(asking), place_choice(asking)};
    size_t count = 2;
    if (asking->request->viewer->account)
        fields[count++] = (struct widget){.type = WIDGET_CHECKBOX,
                                          .name = "own",
                                          .label = say(asking->request, N_("Only those of my organisations")),
                                          .value = asking->query.own ? "1" : NULL};
    if (asking->query.owner)
        fields[count++] =
            (struct widget){.type = WIDGET_HIDDEN,
                            .name = "owner",
                            .value = arena_print(asking->request->arena, "%lld", (long long)asking->query.owner)};
    const struct plan_filters view = {http_url(asking->request, "/deadlines"), fields, count};
    template_deadline_filters(html, &view);
}

static void draw_list(struct asking *asking, struct html *html)
{
    const struct http_request *request = asking->request;
    const size_t count = asking->count < SHOWN ? asking->count : SHOWN;
    struct part_result *results = ARENA_ARRAY(request->arena, count + 1, struct part_result);
    for (size_t i = 0; i < count; i++) {
        const struct deadline *item = &asking->items[i];
        const char **facts = ARENA_ARRAY(request->arena, 2, const char *);
        facts[0] = language_day(request->arena, request->language, item->day);
        facts[1] = say(request, item->kind->title);
        results[i] =
            (struct part_result){.title = title_of(asking, item),
                                 .url = record_url(request, item->kind, ((const struct record *)item->record)->id),
                                 .facts = facts,
                                 .fact_count = 2};
    }
    const struct part_results part = {results, count};
    const struct part_empty empty = {
        .title = say(request, N_("No deadline is near")),
        .text = say(request, N_("Those of calls, events and visits will stand here, the soonest first."))};
    const struct part_section section = {.title = say(request, N_("The soonest first")),
                                         .body = HTML_DRAWN(html, template_part_results, &part)};
    if (count)
        template_part_section(html, &section);
    else
        template_part_empty(html, &empty);
}

static void draw_links(const struct asking *asking, struct html *html)
{
    const struct http_request *request = asking->request;
    const char *filters = filters_of(asking);
    const char *query = *filters ? arena_print(request->arena, "?%s", filters + 1) : "";
    const struct part_link links[] = {
        {.label = say(request, N_("Calendar (iCalendar)")),
         .url = http_url(request, arena_print(request->arena, "/deadlines.ics%s", query))},
        {.label = say(request, N_("Feed (Atom)")),
         .url = http_url(request, arena_print(request->arena, "/deadlines.atom%s", query))}};
    const struct part_notice notice = {
        .tone = "info",
        .title = say(request, N_("Follow these deadlines in your own calendar")),
        .text = say(request, N_("These addresses keep the filters above, and show what everybody may read.")),
        .links = links,
        .link_count = 2};
    template_part_notice(html, &notice);
}

/* A person's own address is shown once, when it is made. */
static enum status draw_own(const struct asking *asking, struct html *html, const char *word, struct error *error)
{
    const struct http_request *request = asking->request;
    int64_t since = 0;
    if (!request->viewer->account) return STATUS_OK;
    const enum status status = deadlines_address_since(request->read, request->viewer->account, &since, error);
    if (status) return status;
    const struct deadline_address view = {
        .action = http_url(request, "/deadlines"),
        .address =
            word ? absolute(request, http_url(request, arena_print(request->arena, "/deadlines.ics?key=%s", word)))
                 : NULL,
        .since = since && !word ? language_moment(request->arena, request->language, since) : NULL};
    template_deadline_address(html, &view);
    return STATUS_OK;
}

static enum status draw_page(const struct http_request *request, struct http_response *response, const char *word,
                             struct error *error)
{
    struct asking asking = {.request = request};
    enum status status = find(&asking, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_head head = {
        .title = say(request, N_("Deadlines")),
        .summary =
            say(request,
                N_("All that is to be done by a day, whatever it comes from: what you may read, the soonest first."))};
    template_part_head(&html, &head);
    draw_filters(&asking, &html);
    draw_list(&asking, &html);
    draw_links(&asking, &html);
    status = draw_own(&asking, &html, word, error);
    if (!status) status = readings_commit(&asking.context, error);
    return status ? status : page_end(request, response, &html, head.title, "/find", false);
}

enum status page_deadlines(const struct http_request *request, struct http_response *response, struct error *error)
{
    return draw_page(request, response, NULL, error);
}

enum status post_deadlines(const struct http_request *request, struct http_response *response, struct error *error)
{
    const char *act = http_value(&request->form, "act"), *word = NULL;
    if (act && strcmp(act, "end") == 0) {
        const enum status status = deadlines_end_address(request->db, request->viewer->account, error);
        return status ? status
                      : http_redirect(request, response, http_url(request, "/deadlines"),
                                      say(request, N_("The address no longer works.")));
    }
    const enum status status =
        deadlines_make_address(request->db, request->arena, request->viewer->account, &word, error);
    return status ? status : draw_page(request, response, word, error);
}
