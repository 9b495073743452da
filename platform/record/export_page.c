/* export_page.c: a list as a file. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"
#include "platform/html/templates.h"
#include "platform/job/pages.h"
#include "platform/record/export.h"
#include "platform/record/pages_private.h"

enum { BATCH_LIMIT = 80 * 1024 * 1024 };

/* ---- a file that is streamed ---- */

struct streamed {
    struct record_context context;
    struct record_query query;
    struct record_found found;
    struct record_export *exporting;
    struct arena *arena; /* of what was made and is not taken yet */
    struct buffer *made;
    size_t taken;
    bool more, closed;
};

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    const struct streamed *streamed = context;
    buffer_add(streamed->made, bytes, length);
    return buffer_overflowed(streamed->made)
               ? error_set(error, STATUS_LIMIT, N_("The file would be too large: narrow the list first."))
               : STATUS_OK;
}

static enum status make_more(struct streamed *streamed, struct error *error)
{
    arena_reset(streamed->arena);
    streamed->made = buffer_new(streamed->arena, BATCH_LIMIT);
    streamed->taken = 0;
    if (streamed->more) return record_export_step(streamed->exporting, &streamed->more, error);
    streamed->closed = true;
    return record_export_close(streamed->exporting, error);
}

static int64_t produce(void *context, char *bytes, size_t room)
{
    struct streamed *streamed = context;
    struct error error = {0};
    while (streamed->taken == buffer_length(streamed->made) && !streamed->closed)
        if (make_more(streamed, &error)) {
            char text[512];
            error_describe(&error, text, sizeof text);
            log_line(LOG_WARNING, "export", "kind=%s %s", streamed->found.kind->name, text);
            return -1;
        }
    const size_t left = buffer_length(streamed->made) - streamed->taken, length = left < room ? left : room;
    memcpy(bytes, buffer_data(streamed->made) + streamed->taken, length);
    streamed->taken += length;
    return (int64_t)length;
}

static void end_streamed(void *context)
{
    struct streamed *streamed = context;
    arena_free(&streamed->arena);
}

/* ---- what is asked ---- */

static enum status read_format(const struct http_request *request, enum export_format *format, struct error *error)
{
    const char *word = http_value(&request->query, "format");
    *format = EXPORT_CSV;
    if (!word || export_format_find(word, format)) return STATUS_OK;
    return error_field(error, STATUS_INPUT, "format", N_("“{1}” is not one of the choices."), word);
}

static enum status start_streaming(const struct http_request *request, struct http_response *response,
                                   struct streamed *streamed, enum export_format format, struct error *error)
{
    const char *word = http_value(&request->query, "format");
    streamed->arena = arena_new();
    arena_defer(request->arena, end_streamed, streamed);
    streamed->made = buffer_new(streamed->arena, BATCH_LIMIT);
    streamed->more = true;
    const enum status status = record_export_open(&streamed->context, &streamed->found, format, export_columns(request),
                                                  record_query_text(request->arena, &streamed->query, NULL, NULL),
                                                  add_bytes, streamed, &streamed->exporting, error);
    response->media_type = export_media_type(format);
    response->filename = arena_print(request->arena, "%s.%s", streamed->found.kind->name, word ? word : "csv");
    response->produce = produce;
    response->produce_context = streamed;
    return status;
}

/* A workbook that is too large for a page: a button has it made. */
static enum status offer_job(const struct http_request *request, struct http_response *response,
                             const struct kind *kind, int64_t rows, struct error *error)
{
    if (!request->viewer->account)
        return error_set(error, STATUS_LIMIT,
                         N_("A workbook of so many rows is made for those who sign in: narrow the list, or take CSV."));
    const struct part_head head = {
        .over = language_text(request->language, kind->plural),
        .title = language_text(request->language, N_("A large workbook")),
        .summary = language_print(request->arena, request->language,
                                  N_("This list has {1} rows. The workbook is made in the background; you may leave "
                                     "the page and take the file when it is ready."),
                                  language_number(request->arena, request->language, rows, 0), (const char *)NULL)};
    const struct form form = {.action = request->target,
                              .submit = language_text(request->language, N_("Make the workbook")),
                              .cancel_url = http_url(request, kind->path)};
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    template_part_head(&html, &head);
    template_form(&html, &form);
    const struct page page = {.title = head.title, .section = kind->path, .body = html_finish(&html), .narrow = true};
    page_send(request, response, &page);
    return STATUS_OK;
}

enum status record_export(const struct http_request *request, struct http_response *response, struct error *error)
{
    const struct kind *kind = record_request_kind(request);
    struct streamed *streamed = ARENA_NEW(request->arena, struct streamed);
    enum export_format format;
    streamed->context = record_request(request, "export");
    streamed->context.site = http_origin(request);
    enum status status = read_format(request, &format, error);
    if (!status)
        status = record_list_find(&streamed->context, request, kind, &streamed->query, &streamed->found, error);
    if (status) return status;
    if (format == EXPORT_XLSX && streamed->found.total > EXPORT_BOOK_ROWS)
        return offer_job(request, response, kind, streamed->found.total, error);
    return start_streaming(request, response, streamed, format, error);
}

enum status record_export_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "export");
    enum export_format format;
    int64_t job = 0;
    context.site = http_origin(request);
    enum status status = read_format(request, &format, error);
    if (!status) status = export_start(&context, record_request_kind(request), request, &job, error);
    return status ? status : job_lead(request, response, job, NULL, error);
}
