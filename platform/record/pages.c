/* pages.c: the page of a record: what it says, and its steps. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/record/pages_private.h"
#include "platform/record/readings.h"
#include "platform/record/type.h"

enum { LINK_LIMIT = 8192 };

static const char *const tones[] = {
    [TONE_NEUTRAL] = "neutral", [TONE_WAITING] = "waiting", [TONE_GOOD] = "good", [TONE_ENDED] = "ended"};

int64_t page_id(const struct http_request *request)
{
    char *end = NULL;
    const int64_t id = request->words[0] ? strtoll(request->words[0], &end, 10) : 0;
    return end && !*end && id > 0 ? id : 0;
}

const struct part_tag *state_tag(struct record_context *context, const struct kind *kind, const struct record *head)
{
    const struct state *state = kind_state(kind, head->state);
    if (!kind->states || !state) return NULL;
    struct part_tag *tag = ARENA_NEW(context->arena, struct part_tag);
    *tag = (struct part_tag){language_text(context->language, state->label), tones[state->tone]};
    return tag;
}

const struct page_crumb *record_crumbs(const struct http_request *request, const struct kind *kind,
                                       const char *record_title_text, const char *record_path, const char *last)
{
    struct page_crumb *crumbs = ARENA_ARRAY(request->arena, 4, struct page_crumb);
    size_t count = 0;
    crumbs[count++] = (struct page_crumb){language_text(request->language, kind->plural), kind->path};
    if (record_title_text) crumbs[count++] = (struct page_crumb){record_title_text, last ? record_path : NULL};
    if (last) crumbs[count++] = (struct page_crumb){last, NULL};
    return crumbs;
}

static const char *action_url(struct record_context *context, const struct http_request *request,
                              const struct kind *kind, int64_t id, const char *suffix)
{
    return http_url(request, arena_print(context->arena, "%s/%lld%s", kind->path, (long long)id, suffix));
}

static struct part_link action(struct record_context *context, const struct http_request *request,
                               const struct kind *kind, int64_t id, const char *label, const char *suffix)
{
    return (struct part_link){.label = language_text(context->language, label),
                              .url = action_url(context, request, kind, id, suffix)};
}

static struct part_head record_head(struct record_context *context, const struct http_request *request,
                                    const struct kind *kind, const void *record)
{
    const struct record *head = record;
    struct part_link *actions = ARENA_ARRAY(context->arena, 3, struct part_link);
    size_t count = 0;
    if (record_may_write(context, kind, head))
        actions[count++] = action(context, request, kind, head->id, N_("Edit"), "/edit");
    if (kind->erase & record_held(context, head))
        actions[count++] = action(context, request, kind, head->id, N_("Erase"), "/erase");
    else if (record_may_forget(context, kind, record))
        actions[count++] = action(context, request, kind, head->id, N_("Erase the personal details"), "/forget");
    return (struct part_head){.over = language_text(context->language, kind->title),
                              .title = record_title(kind, record),
                              .tag = state_tag(context, kind, head),
                              .actions = actions,
                              .action_count = count};
}

static struct markup link_markup(struct record_context *context, const char *label, const char *url)
{
    struct html html = html_new(context->arena, context->language, NULL, LINK_LIMIT);
    template_record_link(&html, &(struct part_link){.label = label, .url = url});
    return html_finish(&html);
}

static struct part_answer field_answer(struct record_context *context, const struct http_request *request,
                                       const struct field *field, const void *record)
{
    struct part_answer answer = {.label = language_text(context->language, field->label)};
    const char *text = field_show(context, field, record);
    if (field->type == FIELD_MOMENT && text)
        answer.text =
            language_print(context->arena, context->language, N_("{1} (hour of Paris)"), text, (const char *)NULL);
    else if (field->type == FIELD_MARKDOWN && text)
        answer.markup = html_markdown(context->arena, text);
    else if (field->type == FIELD_REFERENCE && text) {
        const struct kind *to = kind_find(field->reference.to);
        answer.markup = link_markup(
            context, text, record_url(request, to, ((const struct reference *)field_value(field, record))->id));
    } else if (field->type == FIELD_FILE && text)
        answer.markup = link_markup(
            context, text,
            http_url(request, arena_print(context->arena, "/files/%lld",
                                          (long long)((const struct file *)field_value(field, record))->id)));
    else if (field->type == FIELD_LINK && text)
        answer.markup = link_markup(context, text, text);
    else if (field->type == FIELD_EMAIL && text)
        answer.markup = link_markup(context, text, arena_print(context->arena, "mailto:%s", text));
    else if (field->type == FIELD_TELEPHONE && text)
        answer.markup =
            link_markup(context, text, arena_print(context->arena, "tel:%s", field_text(context, field, record)));
    else
        answer.text = text;
    return answer;
}

static struct part_section fields_section(struct html *html, struct record_context *context,
                                          const struct http_request *request, const struct kind *kind,
                                          const void *record)
{
    struct part_answer answers[200];
    size_t count = 0;
    const struct record *head = record;
    for (const struct field *field = kind->fields; field->name && count < 198; field++)
        if (strcmp(field->name, kind->name_field) != 0 && field_text(context, field, record))
            answers[count++] = field_answer(context, request, field, record);
    if (!kind->fixed_audience)
        answers[count++] =
            (struct part_answer){.label = language_text(context->language, N_("Who may see it")),
                                 .text = language_text(context->language, audience_option(head->audience)->label)};
    if (head->reason)
        answers[count++] =
            (struct part_answer){.label = language_text(context->language, N_("Reason given")), .text = head->reason};
    const struct part_answers part = {.answers = answers, .answer_count = count};
    return (struct part_section){.body = HTML_DRAWN(html, template_part_answers, &part),
                                 .more_label = language_text(context->language, N_("History")),
                                 .more_url = action_url(context, request, kind, head->id, "/history")};
}

/* Adds the section of the steps that may follow, when there are some. */
static void add_steps(struct html *html, struct record_context *context, const struct http_request *request,
                      const struct kind *kind, const void *record, const struct error *fault,
                      struct part_section *sections, size_t *section_count)
{
    const struct state *states[8];
    struct record_step steps[8];
    const struct record *head = record;
    const size_t count = record_next_states(context, kind, head, states, 8);
    struct record_steps view = {.action = action_url(context, request, kind, head->id, "/step"),
                                .version = head->version,
                                .steps = steps,
                                .step_count = count,
                                .given = http_value(&request->form, "reason"),
                                .error = fault && strcmp(fault->field, "reason") == 0
                                             ? language_error(context->arena, context->language, fault)
                                             : NULL};
    for (size_t i = 0; i < count; i++) {
        steps[i] = (struct record_step){states[i]->name, language_text(context->language, states[i]->label)};
        if (states[i]->reason)
            view.reason =
                view.reason ? arena_print(context->arena, "%s, %s", view.reason, steps[i].label) : steps[i].label;
    }
    if (count)
        sections[(*section_count)++] = (struct part_section){.title = language_text(context->language, N_("Next step")),
                                                             .body = HTML_DRAWN(html, template_record_steps, &view)};
}

struct part_result record_result(struct record_context *context, const struct http_request *request,
                                 const struct kind *kind, const void *record)
{
    const struct record *head = record;
    const char **facts = ARENA_ARRAY(context->arena, 8, const char *);
    struct part_result result = {.title = record_title(kind, record),
                                 .url = record_url(request, kind, head->id),
                                 .tag = state_tag(context, kind, head),
                                 .facts = facts};
    for (const struct field *field = kind->fields; field->name && result.fact_count < 6; field++) {
        const char *text =
            field->list && strcmp(field->name, kind->name_field) != 0 ? field_show(context, field, record) : NULL;
        if (text && *text && !strstr(result.title, text)) facts[result.fact_count++] = text;
    }
    return result;
}

enum status record_show(const struct http_request *request, struct http_response *response, const struct error *fault,
                        struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    void *record = NULL;
    enum status status = fault ? reread(&context, kind, page_id(request), &record, error)
                               : record_load(&context, kind, page_id(request), &record, error);
    if (status) return status;
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    if (fault) draw_errors(&html, &context, kind, NULL, fault);
    struct part_section sections[RECORD_SECTIONS_MOST + 1], asides[1];
    struct part_record part = {
        .head = record_head(&context, request, kind, record), .sections = sections, .asides = asides};
    sections[part.section_count++] = fields_section(&html, &context, request, kind, record);
    add_steps(&html, &context, request, kind, record, fault, asides, &part.aside_count);
    if (!status) status = record_panels(&html, &context, request, kind, record, sections, &part.section_count, error);
    if (!status) status = readings_commit(&context, error);
    if (status) return status;
    template_part_record(&html, &part);
    const char *title = record_title(kind, record);
    const struct page page = {.title = title,
                              .section = kind->path,
                              .body = html_finish(&html),
                              .crumbs = record_crumbs(request, kind, title, NULL, NULL)};
    page_send(request, response, &page);
    if (fault) response->status = http_status_of(fault->status);
    return STATUS_OK;
}

enum status record_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    return record_show(request, response, NULL, error);
}

static const char *event_title(struct record_context *context, const struct history_line *line)
{
    static const struct {
        const char *action, *label;
    } labels[] = {{"created", N_("Filed")},
                  {"changed", N_("Changed")},
                  {"state", N_("New step")},
                  {"forgotten", N_("Personal details erased")},
                  {"erased", N_("Erased")}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i].action, line->action) == 0) return language_text(context->language, labels[i].label);
    return line->action;
}

/* A canonical text of the history, as a person reads it. */
static const char *shown_text(struct record_context *context, const struct kind *kind, const struct field *field,
                              const char *text)
{
    if (!text) return NULL;
    const struct state *state = strcmp(field->name, "state") == 0 ? kind_state(kind, text) : NULL;
    enum audience audience;
    if (state) return language_text(context->language, state->label);
    if (strcmp(field->name, "audience") == 0 && audience_find(text, &audience))
        return language_text(context->language, audience_option(audience)->label);
    if (!kind_field(kind, field->name)) return text;
    void *record = record_new(context, kind);
    if (field_type(field)->parse(context, field, text, field_member(field, record), NULL)) return text;
    const char *shown = field_show(context, field, record);
    return shown ? shown : text;
}

static struct part_event history_event(struct record_context *context, const struct kind *kind,
                                       const struct history_line *line)
{
    struct part_change *changes = ARENA_ARRAY(context->arena, line->change_count + 1, struct part_change);
    for (size_t i = 0; i < line->change_count; i++) {
        const struct history_change *change = &line->changes[i];
        changes[i] = (struct part_change){language_text(context->language, change->field->label),
                                          shown_text(context, kind, change->field, change->before),
                                          shown_text(context, kind, change->field, change->after)};
    }
    const char *nobody = line->account ? N_("An account that was erased") : N_("Maillage");
    const char *who = line->account_name ? line->account_name : language_text(context->language, nobody);
    return (struct part_event){.when = language_moment(context->arena, context->language, line->moment),
                               .who = who,
                               .what = event_title(context, line),
                               .reason = line->reason,
                               .changes = changes,
                               .change_count = line->change_count};
}

enum status record_history_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const struct history_line *lines = NULL;
    size_t count = 0;
    const int64_t id = page_id(request);
    enum status status = record_history(&context, kind, id, &lines, &count, error);
    if (status) return status;
    struct part_event *events = ARENA_ARRAY(request->arena, count + 1, struct part_event);
    for (size_t i = 0; i < count; i++) events[i] = history_event(&context, kind, &lines[i]);
    const char *name = record_name(&context, kind, id), *title = language_text(request->language, N_("History"));
    const struct part_head head = {
        .over = name,
        .title = title,
        .summary = language_text(request->language, N_("Who changed what, when and why, the latest first."))};
    const struct part_history history = {.events = events, .event_count = count};
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    template_part_head(&html, &head);
    template_part_history(&html, &history);
    status = readings_commit(&context, error);
    if (status) return status;
    const char *path = arena_print(request->arena, "%s/%lld", kind->path, (long long)id);
    const struct page page = {.title = title,
                              .section = kind->path,
                              .body = html_finish(&html),
                              .crumbs = record_crumbs(request, kind, name, path, title)};
    page_send(request, response, &page);
    return STATUS_OK;
}
