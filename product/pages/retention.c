/* retention.c: what is kept of people, for what and for how long: for everybody as a table, for administrators with what goes next. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/retention.h"
#include "product/pages/pages_private.h"

enum { PERIOD_CELLS = 3, DUE_CELLS = 4, NEXT_CELLS = 3, NEXT_MOST = 5, ROWS_MOST = 60, AHEAD_DAYS = 90 };

/* What is kept beside records; the periods are those of account.h, readings.h, job sweeps (product/upkeep.c). */
static const struct {
    const char *what, *purpose, *period;
} others[] = {
    {N_("Accounts"), N_("To sign in and act for an organisation"),
     N_("until the person asks for its end, or an administrator erases it")},
    {N_("Sessions"), N_("To stay signed in"), N_("seven days at most, eight hours without use")},
    {N_("Browsers known from before"), N_("So that nobody’s wrong passwords lock another person out"),
     N_("180 days after the last use")},
    {N_("What was done to accounts"), N_("To tell who gave which rights"), N_("one year")},
    {N_("Who was shown which personal details"), N_("So that those concerned can know it"), N_("one year")},
    {N_("Letters"), N_("To send them"), N_("until they have left; then only when, and to which account")},
    {N_("Files of imports, lists made"), N_("To finish the work, and to fetch its result"), N_("30 days")},
    {N_("Requests about personal data"), N_("To answer them, and to show that they were answered"),
     N_("three years after the answer")},
    {N_("Histories of records"), N_("To tell who changed what, and when"),
     N_("as long as the record; the personal details in them go with those of the record")},
};

static const char *period_of(const struct http_request *request, const struct kind *kind)
{
    const struct retention *kept = &kind->retention;
    const char *number = arena_print(request->arena, "%d", kept->months);
    const char *end = kind->starts ? N_("{1} months after it took place") : N_("{1} months after it has ended");
    const char *text = kept->months ? language_print(request->arena, request->language, end, number, (const char *)NULL)
                                    : say(request, N_("as long as the record"));
    if (!kept->law_months) return text;
    return language_print(request->arena, request->language, N_("{1}; by law {2} months: {3}"), text,
                          arena_print(request->arena, "%d", kept->law_months), say(request, kept->law),
                          (const char *)NULL);
}

/* "Need: Person to speak to, E-mail of that person". */
static const char *details_of(const struct http_request *request, const struct kind *kind)
{
    const char *list = NULL;
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->is_personal) {
            const char *label = say(request, field->label);
            list = list ? arena_print(request->arena, "%s, %s", list, label) : label;
        }
    return language_print(request->arena, request->language, N_("{1}: {2}"), say(request, kind->title), list,
                          (const char *)NULL);
}

static void draw_rows(struct html *html, const struct http_request *request, const char *title, const char *text,
                      const char *const *labels, size_t width, struct part_row *rows, size_t count)
{
    struct part_column *columns = ARENA_ARRAY(request->arena, width, struct part_column);
    for (size_t i = 0; i < width; i++) columns[i] = (struct part_column){.label = say(request, labels[i])};
    const struct part_table table = {.caption = say(request, title),
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = width,
                                     .rows = rows,
                                     .row_count = count};
    const struct part_section section = {.title = table.caption,
                                         .text = text ? say(request, text) : NULL,
                                         .body = HTML_DRAWN(html, template_part_table, &table)};
    template_part_section(html, &section);
}

static struct part_row row_of(const struct http_request *request, const char *const *texts, size_t width)
{
    struct part_cell *cells = ARENA_ARRAY(request->arena, width, struct part_cell);
    for (size_t i = 0; i < width; i++) cells[i] = (struct part_cell){.text = texts[i]};
    return (struct part_row){cells, width};
}

void draw_periods(struct html *html, const struct http_request *request)
{
    static const char *const labels[PERIOD_CELLS] = {N_("What is kept"), N_("For what"), N_("For how long")};
    struct part_row rows[ROWS_MOST];
    size_t count = 0;
    for (const struct kind *const *kind = kinds_all(); *kind && count < ROWS_MOST; kind++)
        if (kind_has_people(*kind)) {
            const char *const texts[] = {details_of(request, *kind), say(request, (*kind)->retention.purpose),
                                         period_of(request, *kind)};
            rows[count++] = row_of(request, texts, PERIOD_CELLS);
        }
    for (size_t i = 0; i < sizeof others / sizeof *others && count < ROWS_MOST; i++) {
        const char *const texts[] = {say(request, others[i].what), say(request, others[i].purpose),
                                     say(request, others[i].period)};
        rows[count++] = row_of(request, texts, PERIOD_CELLS);
    }
    draw_rows(html, request, N_("What is kept, for what, for how long"), NULL, labels, PERIOD_CELLS, rows, count);
}

/* ---- what goes next ---- */

static enum status due_row(struct record_context *context, const struct http_request *request, const struct kind *kind,
                           struct part_row *row, struct error *error)
{
    int64_t due = 0, soon = 0;
    const int64_t today = time_today();
    enum status status = retention_count(context, kind, today, &due, error);
    if (!status) status = retention_count(context, kind, today + AHEAD_DAYS, &soon, error);
    const char *const texts[] = {say(request, kind->plural), period_of(request, kind),
                                 language_number(request->arena, request->language, due, 0),
                                 language_number(request->arena, request->language, soon - due, 0)};
    *row = row_of(request, texts, DUE_CELLS);
    return status;
}

static enum status next_rows(struct record_context *context, const struct http_request *request,
                             const struct kind *kind, struct part_row *rows, size_t *count, struct error *error)
{
    struct retention_due due[NEXT_MOST];
    size_t found = 0;
    const enum status status = retention_next(context, kind, due, NEXT_MOST, &found, error);
    for (size_t i = 0; i < found && *count < ROWS_MOST; i++) {
        const char *name = record_name(context, kind, due[i].id);
        const char *number = arena_print(request->arena, "%lld", (long long)due[i].id);
        const char *const texts[] = {*name ? name : number, say(request, kind->title),
                                     language_day(request->arena, request->language, due[i].day)};
        rows[*count] = row_of(request, texts, NEXT_CELLS);
        struct part_cell *first = (struct part_cell *)(uintptr_t)rows[*count].cells;
        if (*name) first->url = record_url(request, kind, due[i].id);
        ++*count;
    }
    return status;
}

enum status page_retention(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const due_labels[DUE_CELLS] = {N_("Of what"), N_("Kept"), N_("Goes next night"),
                                                      N_("Within 90 days")};
    static const char *const next_labels[NEXT_CELLS] = {N_("Record"), N_("Kind"), N_("Its personal details go on")};
    struct record_context context = record_request(request, "page");
    struct part_row due[ROWS_MOST], next[ROWS_MOST];
    size_t due_count = 0, next_count = 0;
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); !status && *kind && due_count < ROWS_MOST; kind++) {
        if (!(*kind)->retention.months) continue;
        status = due_row(&context, request, *kind, &due[due_count++], error);
        if (!status) status = next_rows(&context, request, *kind, next, &next_count, error);
    }
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_link action = {.label = say(request, N_("What the last nights did")),
                                     .url = http_url(request, "/admin/jobs")};
    const struct part_head head = {
        .title = say(request, N_("Periods of keeping")),
        .summary =
            say(request,
                N_("What is said of people goes by itself when its period is over, a little before three each night "
                   "(UTC). The periods stand in the table of each kind of record.")),
        .actions = &action,
        .action_count = 1};
    template_part_head(&html, &head);
    draw_rows(&html, request, N_("What will go"), NULL, due_labels, DUE_CELLS, due, due_count);
    if (next_count)
        draw_rows(&html, request, N_("The first to go"), N_("The five oldest of each kind that have ended."),
                  next_labels, NEXT_CELLS, next, next_count);
    draw_periods(&html, request);
    return page_end(request, response, &html, head.title, "/space", false);
}
