/* personal_data.c: for who answers for the site: what people ask about their data; what is held about a person, found and erased without being shown. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/request.h"
#include "platform/html/widget.h"
#include "platform/record/people.h"
#include "product/pages/account_views.h"
#include "product/pages/my_data.h"
#include "product/pages/pages_private.h"

enum { WAITING_MOST = 100, FOUND_MOST = 100, CELLS = 4 };

static const char *here(const struct http_request *request, const char *name, const char *value)
{
    return http_url(
        request, arena_print(request->arena, "/admin/personal-data?%s=%s", name, http_encode(request->arena, value)));
}

/* ---- requests ---- */

static struct part_row waiting_row(const struct http_request *request, const struct account_request *asked)
{
    struct part_cell *cells = ARENA_ARRAY(request->arena, CELLS, struct part_cell);
    cells[0].text = asked->name ? asked->name : say(request, N_("an account that is gone"));
    cells[0].url = here(request, "request", arena_print(request->arena, "%lld", (long long)asked->id));
    cells[1].text = my_wish_label(request, asked->wish);
    cells[2].text = language_moment(request->arena, request->language, asked->created);
    cells[3].text = language_day(request->arena, request->language, asked->due);
    return (struct part_row){cells, CELLS};
}

static void draw_waiting(struct html *html, const struct http_request *request, const struct account_request *waiting,
                         size_t count)
{
    const struct part_column columns[CELLS] = {{.label = say(request, N_("Who asks"))},
                                               {.label = say(request, N_("For what"))},
                                               {.label = say(request, N_("Since when"))},
                                               {.label = say(request, N_("Answer due by"))}};
    struct part_row *rows = ARENA_ARRAY(request->arena, count + 1, struct part_row);
    for (size_t i = 0; i < count; i++) rows[i] = waiting_row(request, &waiting[i]);
    const struct part_table table = {.caption = say(request, N_("Requests that wait")),
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = CELLS,
                                     .rows = rows,
                                     .row_count = count};
    struct part_section section = {.title = table.caption, .text = say(request, N_("No request waits."))};
    if (count)
        section = (struct part_section){.title = table.caption, .body = HTML_DRAWN(html, template_part_table, &table)};
    template_part_section(html, &section);
}

static void draw_answer_form(struct html *html, const struct http_request *request, const struct account_request *asked)
{
    const struct widget_choice outcomes[] = {
        {.value = "done", .label = say(request, N_("It was done"))},
        {.value = "refused", .label = say(request, N_("It is refused, for the reason below"))}};
    const struct widget fields[] = {
        {.type = WIDGET_RADIOS,
         .name = "outcome",
         .label = say(request, N_("What came of it")),
         .required = true,
         .choices = outcomes,
         .choice_count = 2},
        {.type = WIDGET_LINES,
         .name = "answer",
         .label = say(request, N_("Answer, which the person reads in My data")),
         .most = ACCOUNT_REQUEST_MOST,
         .value = form_text(request, "answer")},
        {.type = WIDGET_HIDDEN, .name = "act", .value = "settle"},
        {.type = WIDGET_HIDDEN, .name = "id", .value = arena_print(request->arena, "%lld", (long long)asked->id)}};
    const struct form_group group = {.title = language_print(request->arena, request->language, N_("Answer {1}"),
                                                             asked->name ? asked->name : "–", (const char *)NULL),
                                     .help = asked->words,
                                     .fields = fields,
                                     .field_count = 4};
    const struct form form = {.action = here(request, "request", fields[3].value),
                              .submit = say(request, N_("Keep the answer")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

/* ---- a person ---- */

static struct people_sought sought_of(const char *words)
{
    const bool digits = strspn(words, "+0123456789 .()-") == strlen(words);
    if (strchr(words, '@')) return (struct people_sought){.email = words};
    if (digits) return (struct people_sought){.telephone = words};
    return (struct people_sought){.name = words};
}

static struct account_row found_row(const struct http_request *request, struct record_context *context,
                                    const struct people_found *found)
{
    const char *name = record_name(context, found->kind, found->id);
    const char *title = say(request, found->kind->title);
    return (struct account_row){
        .id = found->id,
        .name = *name ? name : arena_print(request->arena, "%s %lld", title, (long long)found->id),
        .note = found->in_history ? arena_print(request->arena, "%s · %s", title, say(request, N_("in its history")))
                                  : title,
        .url = *name ? record_url(request, found->kind, found->id) : NULL,
        .act = arena_print(request->arena, "forget:%s", found->kind->name)};
}

static enum status draw_account_of(struct html *html, const struct http_request *request, const char *email,
                                   struct error *error)
{
    struct account account;
    const enum status status = account_find(request->read, request->arena, email, &account, error);
    if (status) return status == STATUS_MISSING ? STATUS_OK : status;
    const struct account_row row = {
        .name = account.name,
        .note = account.email,
        .url = http_url(request, arena_print(request->arena, "/admin/accounts/%lld", (long long)account.id)),
        .fixed = true};
    const struct account_rows view = {
        .title = say(request, N_("Account under this address")), .rows = &row, .row_count = 1};
    template_account_rows(html, &view);
    return STATUS_OK;
}

static enum status draw_person(struct html *html, const struct http_request *request, const char *words,
                               struct error *fault, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct people_found found[FOUND_MOST];
    const struct people_sought sought = sought_of(words);
    size_t count = 0;
    enum status status = people_find(&context, &sought, found, FOUND_MOST, &count, fault);
    if (status == STATUS_INPUT) return STATUS_OK;
    if (status) return *error = *fault, status;
    struct account_row *rows = ARENA_ARRAY(request->arena, count + 1, struct account_row);
    for (size_t i = 0; i < count; i++) rows[i] = found_row(request, &context, &found[i]);
    const struct account_rows view = {.title = language_print(request->arena, request->language,
                                                              N_("Records that say “{1}”"), words, (const char *)NULL),
                                      .button = say(request, N_("Erase the personal details")),
                                      .empty = say(request, N_("None, neither in records nor in their histories.")),
                                      .action = here(request, "q", words),
                                      .rows = rows,
                                      .row_count = count};
    template_account_rows(html, &view);
    return sought.email ? draw_account_of(html, request, words, error) : STATUS_OK;
}

/* ---- the page ---- */

static enum status draw(const struct http_request *request, struct http_response *response, struct error *fault,
                        struct error *error)
{
    struct account_request waiting[WAITING_MOST];
    size_t count = 0;
    const char *words = http_value(&request->query, "q");
    const int64_t asked = http_integer(&request->query, "request", 1, INT64_MAX, 0);
    enum status status = account_requests(request->read, request->arena, 0, WAITING_MOST, waiting, &count, error);
    if (status) return status;
    struct html html = page_begin(request), body = page_begin(request);
    const struct part_head head = {
        .title = say(request, N_("Personal data")),
        .summary =
            say(request,
                N_("What people ask about their data. What is held about a person is found and erased here without "
                   "being shown to you; each erasure stands in the history of its record."))};
    const struct account_search_view search = {http_url(request, "/admin/personal-data"),
                                               say(request, N_("E-mail, telephone or whole name of a person")),
                                               words ? words : ""};
    template_part_head(&body, &head);
    draw_waiting(&body, request, waiting, count);
    for (size_t i = 0; i < count; i++)
        if (waiting[i].id == asked) draw_answer_form(&body, request, &waiting[i]);
    template_account_search(&body, &search);
    if (words && *words) status = draw_person(&body, request, words, fault, error);
    if (status) return status;
    draw_faults(&html, request, fault->status ? fault : NULL);
    html_markup(&html, html_finish(&body));
    return page_end(request, response, &html, head.title, "/space", true);
}

enum status page_personal_data(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct error fault = {0};
    return draw(request, response, &fault, error);
}

static enum status settle(const struct http_request *request, int64_t id, struct error *error)
{
    const char *outcome = form_text(request, "outcome");
    if (strcmp(outcome, "done") != 0 && strcmp(outcome, "refused") != 0)
        return error_field(error, STATUS_INPUT, "outcome", N_("Say what came of it."));
    return account_request_settle(request->db, own_id(request), id, strcmp(outcome, "done") == 0,
                                  form_text(request, "answer"), error);
}

static enum status run_act(const struct http_request *request, struct error *error)
{
    static const char forget[] = "forget:";
    struct record_context context = record_request(request, "request");
    const int64_t id = http_integer(&request->form, "id", 1, INT64_MAX, 0);
    const char *act = form_text(request, "act");
    const struct kind *kind = strncmp(act, forget, sizeof forget - 1) == 0 ? kind_find(act + sizeof forget - 1) : NULL;
    if (strcmp(act, "settle") == 0) return settle(request, id, error);
    if (kind) return people_forget(&context, kind, id, error);
    return error_set(error, STATUS_INPUT, N_("This form is not known here: load the page again."));
}

enum status post_personal_data(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct error fault = {0};
    const enum status status = run_act(request, &fault);
    const char *words = http_value(&request->query, "q");
    if (!status)
        return http_redirect(request, response,
                             words ? here(request, "q", words) : http_url(request, "/admin/personal-data"),
                             say(request, N_("It is done.")));
    if (status == STATUS_BUSY || status == STATUS_FAULT) return *error = fault, status;
    response->status = form_status(status);
    return draw(request, response, &fault, error);
}
