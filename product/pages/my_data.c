/* my_data.c: my data: the page, the files, and what one asks for. */
#include "product/pages/my_data.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/account/request.h"
#include "platform/html/widget.h"
#include "platform/record/json.h"
#include "platform/sheet/sheet.h"
#include "product/pages/account_views.h"
#include "product/pages/pages_private.h"

enum { FILE_LIMIT = 32 * 1024 * 1024 };

/* ---- the page ---- */

static struct markup draw_table(struct html *html, const struct http_request *request, const struct my_part *part)
{
    const size_t width = part->items[0].line_count;
    struct part_column *columns = ARENA_ARRAY(request->arena, width, struct part_column);
    struct part_row *rows = ARENA_ARRAY(request->arena, part->item_count, struct part_row);
    for (size_t i = 0; i < width; i++) columns[i] = (struct part_column){.label = part->items[0].lines[i].label};
    for (size_t i = 0; i < part->item_count; i++) {
        struct part_cell *cells = ARENA_ARRAY(request->arena, width, struct part_cell);
        for (size_t j = 0; j < width; j++) cells[j] = (struct part_cell){.text = part->items[i].lines[j].text};
        rows[i] = (struct part_row){cells, width};
    }
    const struct part_table table = {.caption = part->title,
                                     .caption_unseen = true,
                                     .columns = columns,
                                     .column_count = width,
                                     .rows = rows,
                                     .row_count = part->item_count};
    return HTML_DRAWN(html, template_part_table, &table);
}

static void draw_answers(struct html *html, const struct http_request *request, const struct my_part *part)
{
    const struct my_item *item = part->items;
    struct part_answer *answers = ARENA_ARRAY(request->arena, item->line_count, struct part_answer);
    struct part_answers view = {.answers = answers};
    for (size_t i = 0; i < item->line_count; i++)
        if (item->lines[i].text)
            answers[view.answer_count++] =
                (struct part_answer){.label = item->lines[i].label, .text = item->lines[i].text};
    const struct part_section section = {.title = part->title, .body = HTML_DRAWN(html, template_part_answers, &view)};
    template_part_section(html, &section);
}

/* Things with a name: what is said of each stands beneath it. */
static void draw_named(struct html *html, const struct http_request *request, const struct my_part *part)
{
    struct part_result *results = ARENA_ARRAY(request->arena, part->item_count, struct part_result);
    for (size_t i = 0; i < part->item_count; i++) {
        const struct my_item *item = &part->items[i];
        const char **facts = ARENA_ARRAY(request->arena, item->line_count, const char *);
        results[i] = (struct part_result){.title = item->title, .url = item->url, .facts = facts};
        for (size_t j = 0; j < item->line_count; j++)
            if (item->lines[j].text)
                facts[results[i].fact_count++] =
                    language_print(request->arena, request->language, N_("{1}: {2}"), item->lines[j].label,
                                   item->lines[j].text, (const char *)NULL);
    }
    const struct part_results view = {results, part->item_count};
    const struct part_section section = {
        .title = part->title, .text = part->text, .body = HTML_DRAWN(html, template_part_results, &view)};
    template_part_section(html, &section);
}

static void draw_part(struct html *html, const struct http_request *request, const struct my_part *part)
{
    if (!part->alike && part->items->title) {
        draw_named(html, request, part);
    } else if (!part->alike) {
        draw_answers(html, request, part);
    } else {
        const struct part_section section = {
            .title = part->title, .text = part->text, .body = draw_table(html, request, part)};
        template_part_section(html, &section);
    }
}

static void draw_request_form(struct html *html, const struct http_request *request)
{
    static const char *const wishes[] = {"see", "correct", "erase"};
    struct widget_choice choices[3];
    for (size_t i = 0; i < 3; i++)
        choices[i] = (struct widget_choice){.value = wishes[i],
                                            .label = my_wish_label(request, wishes[i]),
                                            .chosen = strcmp(form_text(request, "wish"), wishes[i]) == 0};
    const struct widget fields[] = {{.type = WIDGET_RADIOS,
                                     .name = "wish",
                                     .label = say(request, N_("What I ask for")),
                                     .required = true,
                                     .choices = choices,
                                     .choice_count = 3},
                                    {.type = WIDGET_LINES,
                                     .name = "words",
                                     .label = say(request, N_("Which data, and what is wrong with them")),
                                     .required = true,
                                     .most = ACCOUNT_REQUEST_MOST,
                                     .value = form_text(request, "words")}};
    const struct form_group group = {
        .title = say(request, N_("Ask who answers for this site")),
        .help =
            say(request, N_("What you may change yourself is quicker: your name in My account, the contacts of your "
                            "records on their pages. For the rest you are answered here within a month.")),
        .fields = fields,
        .field_count = 2};
    const struct form form = {.action = http_url(request, "/account/data"),
                              .submit = say(request, N_("Send my request")),
                              .groups = &group,
                              .group_count = 1};
    template_form(html, &form);
}

static enum status draw(const struct http_request *request, struct http_response *response, const struct error *fault,
                        struct error *error)
{
    struct my_data data;
    const enum status status = my_data_gather(request, false, &data, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_link actions[] = {
        {.label = say(request, N_("All of it in one file (JSON)")),
         .url = http_url(request, "/account/data/file?format=json")},
        {.label = say(request, N_("As a table (CSV)")), .url = http_url(request, "/account/data/file?format=csv")}};
    const struct part_head head = {
        .title = say(request, N_("My data")),
        .summary =
            say(request, N_("All that this site holds about you, who was shown it, and how to have it put right. The "
                            "files also have what you filed and what you were shown of others.")),
        .actions = actions,
        .action_count = 2};
    draw_faults(&html, request, fault);
    template_part_head(&html, &head);
    for (size_t i = 0; i < data.part_count; i++) draw_part(&html, request, &data.parts[i]);
    draw_request_form(&html, request);
    return page_end(request, response, &html, head.title, "/space", false);
}

enum status page_my_data(const struct http_request *request, struct http_response *response, struct error *error)
{
    return draw(request, response, NULL, error);
}

enum status post_my_data(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct error fault = {0};
    const enum status status = account_request_file(request->db, own_id(request), form_text(request, "wish"),
                                                    form_text(request, "words"), &fault);
    if (!status)
        return http_redirect(request, response, http_url(request, "/account/data"),
                             say(request, N_("Your request is kept: its answer will stand on this page.")));
    if (status == STATUS_BUSY || status == STATUS_FAULT) return *error = fault, status;
    response->status = form_status(status);
    return draw(request, response, &fault, error);
}

/* ---- the files ---- */

static void put_item(struct buffer *out, const struct my_item *item)
{
    size_t put = 0;
    buffer_text(out, "{");
    if (item->title) {
        buffer_text(out, "\"title\":");
        json_text(out, item->title);
        buffer_text(out, ",");
    }
    buffer_text(out, "\"fields\":[");
    for (size_t i = 0; i < item->line_count; i++) {
        if (!item->lines[i].text) continue;
        buffer_text(out, put++ ? ",{\"name\":" : "{\"name\":");
        json_text(out, item->lines[i].name);
        buffer_text(out, ",\"label\":");
        json_text(out, item->lines[i].label);
        buffer_text(out, ",\"value\":");
        json_text(out, item->lines[i].text);
        buffer_text(out, "}");
    }
    buffer_text(out, "]}");
}

static void write_json(struct buffer *out, const struct my_data *data)
{
    buffer_text(out, "{\"parts\":[");
    for (size_t i = 0; i < data->part_count; i++) {
        buffer_text(out, i ? ",\n{\"name\":" : "\n{\"name\":");
        json_text(out, data->parts[i].name);
        buffer_text(out, ",\"title\":");
        json_text(out, data->parts[i].title);
        buffer_text(out, ",\"items\":[");
        for (size_t j = 0; j < data->parts[i].item_count; j++) {
            buffer_text(out, j ? ",\n" : "\n");
            put_item(out, &data->parts[i].items[j]);
        }
        buffer_text(out, "]}");
    }
    buffer_text(out, "]}\n");
}

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(context, bytes, length);
    return STATUS_OK;
}

static enum status write_rows(struct sheet_writer *writer, const struct http_request *request,
                              const struct my_part *part, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < part->item_count; i++) {
        const struct my_item *item = &part->items[i];
        const char *name = item->title ? item->title : arena_print(request->arena, "%zu", i + 1);
        for (size_t j = 0; !status && j < item->line_count; j++) {
            if (!item->lines[j].text) continue;
            sheet_put_text(writer, part->title);
            sheet_put_text(writer, name);
            sheet_put_text(writer, item->lines[j].label);
            sheet_put_text(writer, item->lines[j].text);
            status = sheet_end_row(writer, error);
        }
    }
    return status;
}

static enum status write_csv(struct buffer *out, const struct http_request *request, const struct my_data *data,
                             struct error *error)
{
    const struct sheet_column columns[] = {{.name = say(request, N_("Part"))},
                                           {.name = say(request, N_("Of what"))},
                                           {.name = say(request, N_("Field"))},
                                           {.name = say(request, N_("Value"))}};
    struct sheet_writer *writer = NULL;
    enum status status = sheet_write_open(SHEET_CSV_SEMICOLON, columns, 4, NULL, 0, add_bytes, out, &writer, error);
    for (size_t i = 0; !status && i < data->part_count; i++)
        status = write_rows(writer, request, &data->parts[i], error);
    if (status) return sheet_write_abandon(&writer), status;
    return sheet_write_close(&writer, error);
}

enum status my_data_file(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct my_data data;
    const char *format = http_value(&request->query, "format");
    const bool csv = format && strcmp(format, "csv") == 0;
    struct buffer *out = buffer_new(request->arena, FILE_LIMIT);
    enum status status = my_data_gather(request, true, &data, error);
    if (status) return status;
    if (csv)
        status = write_csv(out, request, &data, error);
    else
        write_json(out, &data);
    response->buffer = out;
    response->media_type = csv ? "text/csv; charset=utf-8" : "application/json";
    response->filename = csv ? "maillage-my-data.csv" : "maillage-my-data.json";
    response->cache = HTTP_NO_STORE;
    return status;
}
