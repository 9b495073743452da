/* silent.c: the members of one's cluster who gave no sign for a while: a page, a file, a figure of My space. */
#include "product/members/silent.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/record/readings.h"
#include "platform/sheet/sheet.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/pages/pages_private.h"
#include "product/roles.h"

enum {
    USUAL_MONTHS = 12,
    MONTHS_MOST = 120,
    COLUMNS = 6,
    DAYS_A_YEAR = 365,
    MONTHS_A_YEAR = 12,
    FILE_BYTES = 8 * 1024 * 1024
};

struct asking {
    const struct http_request *request;
    struct record_context context;
    int64_t cluster, months;
    struct silent_member *silent;
    size_t count;
    int64_t members;
};

static int64_t day_before(int64_t months) { return time_today() - months * DAYS_A_YEAR / MONTHS_A_YEAR; }

static enum status find(struct asking *asking, struct error *error)
{
    asking->context = record_request(asking->request, "page");
    asking->months = http_integer(&asking->request->query, "months", 1, MONTHS_MOST, USUAL_MONTHS);
    enum status status = silent_cluster(&asking->context, &asking->cluster, error);
    if (!status && !asking->cluster)
        status = error_set(error, STATUS_DENIED, N_("This page is for the officers and managers of a cluster."));
    return status ? status
                  : silent_members(&asking->context, asking->cluster, day_before(asking->months), &asking->silent,
                                   &asking->count, &asking->members, error);
}

static const char *day_text(const struct http_request *request, int64_t day)
{
    return day == ABSENT ? say(request, N_("never")) : language_day_short(request->arena, request->language, day);
}

static const char *place_of(const struct asking *asking, const struct silent_member *member)
{
    return member->commune ? vocabulary_label(asking->context.records->vocabulary, asking->request->language,
                                              "territory", member->commune)
                           : "";
}

static void set_columns(const struct http_request *request, const char *columns[COLUMNS])
{
    static const char *const labels[COLUMNS] = {N_("Member"),     N_("Commune"),   N_("Member since"),
                                                N_("Last visit"), N_("Last need"), N_("Last event")};
    for (size_t i = 0; i < COLUMNS; i++) columns[i] = say(request, labels[i]);
}

static void draw_table(const struct asking *asking, struct html *html)
{
    const struct http_request *request = asking->request;
    const char *labels[COLUMNS];
    struct part_column columns[COLUMNS];
    struct part_row *rows = ARENA_ARRAY(request->arena, asking->count + 1, struct part_row);
    set_columns(request, labels);
    for (size_t i = 0; i < COLUMNS; i++) columns[i] = (struct part_column){.label = labels[i]};
    for (size_t i = 0; i < asking->count; i++) {
        const struct silent_member *member = &asking->silent[i];
        struct part_cell *cells = ARENA_ARRAY(request->arena, COLUMNS, struct part_cell);
        cells[0] = (struct part_cell){
            .text = member->name,
            .url = http_url(request, arena_print(request->arena, "/organisations/%lld", (long long)member->id))};
        cells[1].text = place_of(asking, member);
        cells[2].text = day_text(request, member->since);
        cells[3].text = day_text(request, member->visited);
        cells[4].text = day_text(request, member->asked);
        cells[5].text = day_text(request, member->came);
        rows[i] = (struct part_row){cells, COLUMNS};
    }
    const struct part_table table = {.caption = say(request, N_("Members who gave no sign")),
                                     .caption_unseen = true,
                                     .first_is_head = true,
                                     .columns = columns,
                                     .column_count = COLUMNS,
                                     .rows = rows,
                                     .row_count = asking->count};
    template_part_table(html, &table);
}

static void draw_choice(const struct asking *asking, struct html *html)
{
    static const int64_t months[] = {6, 12, 24};
    const struct http_request *request = asking->request;
    struct part_link links[3];
    for (size_t i = 0; i < 3; i++)
        links[i] = (struct part_link){
            .label =
                language_print(request->arena, request->language, N_("For {1} months"),
                               language_number(request->arena, request->language, months[i], 0), (const char *)NULL),
            .url = http_url(request, arena_print(request->arena, "/space/silent?months=%lld", (long long)months[i])),
            .current = months[i] == asking->months};
    const struct part_tabs tabs = {say(request, N_("How long")), links, 3};
    template_part_tabs(html, &tabs);
}

static const char *sentence(const struct asking *asking)
{
    const struct http_request *request = asking->request;
    return language_print(request->arena, request->language,
                          N_("{1} of {2} members: no visit of yours, no need that you may read, none of your events."),
                          language_number(request->arena, request->language, (int64_t)asking->count, 0),
                          language_number(request->arena, request->language, asking->members, 0), (const char *)NULL);
}

enum status page_silent(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct asking asking = {.request = request};
    enum status status = find(&asking, error);
    if (status) return status;
    struct html html = page_begin(request);
    struct part_link actions[2];
    struct part_head head = {
        .title = say(request, N_("Members who gave no sign")), .summary = sentence(&asking), .actions = actions};
    if (request->viewer->roles & OFFICER)
        actions[head.action_count++] =
            (struct part_link){.label = say(request, N_("Plan visits")), .url = http_url(request, "/visits/plan")};
    actions[head.action_count++] = (struct part_link){
        .label = say(request, N_("Take the list (XLSX)")),
        .url =
            http_url(request, arena_print(request->arena, "/space/silent/file?months=%lld", (long long)asking.months))};
    template_part_head(&html, &head);
    draw_choice(&asking, &html);
    if (asking.count) draw_table(&asking, &html);
    status = readings_commit(&asking.context, error);
    return status ? status : page_end(request, response, &html, head.title, "/space", false);
}

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    struct buffer *out = context;
    (void)error;
    buffer_add(out, bytes, length);
    return STATUS_OK;
}

static void put_day(struct sheet_writer *writer, int64_t day)
{
    if (day == ABSENT)
        sheet_put_empty(writer);
    else
        sheet_put_day(writer, day);
}

static enum status put_member(struct sheet_writer *writer, const struct asking *asking,
                              const struct silent_member *member, struct error *error)
{
    sheet_put_text(writer, member->name);
    sheet_put_text(writer, place_of(asking, member));
    put_day(writer, member->since);
    put_day(writer, member->visited);
    put_day(writer, member->asked);
    put_day(writer, member->came);
    return sheet_end_row(writer, error);
}

static enum status write_file(const struct asking *asking, struct buffer *out, struct error *error)
{
    const char *labels[COLUMNS];
    struct sheet_column columns[COLUMNS];
    struct sheet_writer *writer = NULL;
    set_columns(asking->request, labels);
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct sheet_column){.name = labels[i], .type = i > 1 ? CELL_DAY : CELL_TEXT};
    enum status status = sheet_write_open(SHEET_XLSX, columns, COLUMNS, NULL, 0, add_bytes, out, &writer, error);
    for (size_t i = 0; !status && i < asking->count; i++)
        status = put_member(writer, asking, &asking->silent[i], error);
    if (status) return sheet_write_abandon(&writer), status;
    return sheet_write_close(&writer, error);
}

enum status send_silent(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct asking asking = {.request = request};
    struct buffer *out = buffer_new(request->arena, FILE_BYTES);
    enum status status = find(&asking, error);
    if (!status) status = write_file(&asking, out, error);
    if (status) return status;
    response->buffer = out;
    response->media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response->filename = "adherents-silencieux.xlsx";
    return readings_commit(&asking.context, error);
}

size_t cluster_doors(const struct http_request *request, struct part_door *doors)
{
    struct record_context context = record_request(request, "page");
    int64_t cluster = 0;
    if (silent_cluster(&context, &cluster, NULL) || !cluster) return 0;
    doors[0] = (struct part_door){say(request, N_("Members who gave no sign")),
                                  say(request, N_("No visit, no need, no event for a year: whom to call.")),
                                  http_url(request, "/space/silent")};
    doors[1] = (struct part_door){say(request, N_("The year’s file")),
                                  say(request, N_("For the State and the Région: figures, lists, a document to sign.")),
                                  http_url(request, "/space/year")};
    return 2;
}
