/* import_pages.c: the conversation of an import: bring a file, read what would happen, apply it, take it back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/db/db.h"
#include "platform/file/file.h"
#include "platform/html/templates.h"
#include "platform/job/pages.h"
#include "platform/record/import_private.h"
#include "platform/record/pages_private.h"

enum { REMARKS_SHOWN = 100, REPORT_LIMIT = 64 * 1024 * 1024, MAPPING_LIMIT = 16 * 1024 };

static const char *fields_text(const struct http_request *request, const struct kind *kind)
{
    struct buffer *out = buffer_new(request->arena, MAPPING_LIMIT);
    for (const struct field *field = kind->fields; field->name; field++)
        if (!field->computed && field->type != FIELD_FILE)
            buffer_print(out, "%s%s%s", buffer_length(out) ? ", " : "", language_text(request->language, field->label),
                         field->required ? "*" : "");
    return buffer_data(out);
}

static enum status draw_upload(const struct http_request *request, struct http_response *response,
                               const struct kind *kind, const struct error *fault)
{
    const struct widget fields[] = {
        {.type = WIDGET_FILE,
         .name = "file",
         .label = language_text(request->language, N_("Your file")),
         .required = true,
         .help = language_text(
             request->language,
             N_("CSV or XLSX, as your spreadsheet saves it. The first line holds the names of the columns.")),
         .error = fault ? language_error(request->arena, request->language, fault) : NULL,
         .largest = 64 * 1000 * 1000},
        {.type = WIDGET_LINES,
         .name = "mapping",
         .label = language_text(request->language, N_("Columns under other names")),
         .help = language_text(request->language, N_("One a line: Name of your column = name of the field. Left empty: "
                                                     "columns are recognised by themselves."))},
    };
    const struct form_group group = {.fields = fields, .field_count = 2};
    const struct form form = {
        .action = http_url(request, arena_print(request->arena, "%s/import", kind->path)),
        .multipart = true,
        .groups = &group,
        .group_count = 1,
        .submit = language_text(request->language, N_("Check the file")),
        .note = language_text(request->language, N_("Nothing is kept before you have read what would happen.")),
        .cancel_url = http_url(request, kind->path)};
    const struct part_head head = {
        .over = language_text(request->language, kind->plural),
        .title = language_text(request->language, N_("Import a file")),
        .summary = language_print(request->arena, request->language,
                                  N_("Fields that are known: {1}. An asterisk marks those that are needed."),
                                  fields_text(request, kind), (const char *)NULL)};
    const struct part_error line = {"file", fault ? language_error(request->arena, request->language, fault) : NULL};
    const struct part_errors errors = {&line, 1};
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    if (fault) template_part_errors(&html, &errors);
    template_part_head(&html, &head);
    template_form(&html, &form);
    const struct page page = {.title = head.title,
                              .section = kind->path,
                              .body = html_finish(&html),
                              .narrow = true,
                              .crumbs = record_crumbs(request, kind, NULL, NULL, head.title)};
    page_send(request, response, &page);
    if (fault) response->status = http_status_of(fault->status);
    return STATUS_OK;
}

enum status record_import_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    if (!record_may_create(&context, kind))
        return error_set(error, STATUS_DENIED, N_("You may not file this: your account has no role for it."));
    return draw_upload(request, response, kind, NULL);
}

static void remove_file(void *path) { unlink(path); }

/* The uploaded bytes as a file on the disk, for as long as the request lasts: to see at once whether it is a table. */
static enum status write_upload(const struct http_request *request, const struct http_parameter *upload,
                                const char **path, struct error *error)
{
    const char *folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    char *name = arena_print(request->arena, "%s/maillage-import-XXXXXX", folder);
    const int file = mkstemp(name);
    size_t written = 0;
    if (file < 0) return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
    arena_defer(request->arena, remove_file, name);
    while (written < upload->length) {
        const ssize_t got = write(file, upload->value + written, upload->length - written);
        if (got <= 0) break;
        written += (size_t)got;
    }
    *path = name;
    if (close(file) == 0 && written == upload->length) return STATUS_OK;
    return error_set(error, STATUS_FAULT, N_("The file could not be kept: {1}."), strerror(errno));
}

static enum status begin_and_check(struct record_context *context, const struct http_request *request,
                                   const struct kind *kind, const struct http_parameter *upload, struct import **import,
                                   int64_t *job, struct error *error)
{
    const char *path = NULL, *mapping = http_value(&request->form, "mapping");
    const struct file_given given = {.name = upload->filename, .bytes = upload->value, .length = upload->length};
    enum status status = write_upload(request, upload, &path, error);
    if (!status) status = import_begin(context, kind, path, upload->filename, mapping, import, error);
    if (!status) status = import_take_file(context, *import, &given, error);
    return status ? status : import_start(context, *import, "import_check", (int64_t)upload->length, job, error);
}

static const char *import_path(const struct http_request *request, const struct import *import)
{
    return arena_print(request->arena, "%s/import/%lld", import->kind->path, (long long)import->id);
}

enum status record_import_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    const struct kind *kind = record_request_kind(request);
    const struct http_parameter *upload = http_find(&request->form, "file");
    struct import *import = NULL;
    struct error fault = {0};
    int64_t job = 0;
    if (!record_may_create(&context, kind))
        return error_set(error, STATUS_DENIED, N_("You may not file this: your account has no role for it."));
    if (!upload || !upload->filename || !upload->length) {
        error_field(&fault, STATUS_INPUT, "file", N_("Choose a file first."));
        return draw_upload(request, response, kind, &fault);
    }
    const enum status status = begin_and_check(&context, request, kind, upload, &import, &job, &fault);
    if (status == STATUS_INPUT || status == STATUS_LIMIT) return draw_upload(request, response, kind, &fault);
    if (status) {
        *error = fault;
        return status;
    }
    return job_lead(request, response, job, import_path(request, import), error);
}

static void draw_counts(struct html *html, const struct http_request *request, const struct import *import)
{
    const enum language language = request->language;
    const bool applied = strcmp(import->stage, "ready") != 0;
    const struct part_figure figures[] = {
        {.figure = language_number(request->arena, language, import->added, 0),
         .label = language_text(language, applied ? N_("added") : N_("would be added"))},
        {.figure = language_number(request->arena, language, import->changed, 0),
         .label = language_text(language, applied ? N_("changed") : N_("would be changed"))},
        {.figure = language_number(request->arena, language, import->same, 0),
         .label = language_text(language, N_("the same as now"))},
        {.figure = language_number(request->arena, language, import->refused, 0),
         .label = language_text(language, N_("refused"))},
    };
    const struct part_figures part = {.figures = figures, .figure_count = 4};
    template_part_figures(html, &part);
}

static const char *field_label(const struct http_request *request, const struct kind *kind, const char *name)
{
    const struct field *field = kind_field(kind, name);
    return field ? language_text(request->language, field->label) : "";
}

static enum status draw_remarks(struct html *html, struct record_context *context, const struct http_request *request,
                                const struct import *import, struct error *error)
{
    struct import_remark *remarks = NULL;
    size_t count = 0;
    const enum status status = import_remarks(context, import, 0, REMARKS_SHOWN, &remarks, &count, error);
    if (status || !count) return status;
    struct part_row *rows = ARENA_ARRAY(request->arena, count, struct part_row);
    for (size_t i = 0; i < count; i++) {
        struct part_cell *cells = ARENA_ARRAY(request->arena, 3, struct part_cell);
        cells[0].text = language_number(request->arena, request->language, remarks[i].line, 0);
        cells[1].text = field_label(request, import->kind, remarks[i].error.field);
        cells[2].text = language_error(request->arena, request->language, &remarks[i].error);
        rows[i] = (struct part_row){cells, 3};
    }
    const struct part_column columns[] = {
        {.label = language_text(request->language, N_("Line")), .is_number = true},
        {.label = language_text(request->language, N_("Field"))},
        {.label = language_text(request->language, N_("What is wrong, and what to do"))}};
    const struct part_table table = {.caption = language_text(request->language, N_("Lines refused")),
                                     .columns = columns,
                                     .column_count = 3,
                                     .rows = rows,
                                     .row_count = count};
    template_part_table(html, &table);
    return STATUS_OK;
}

static const char *stage_sentence(const struct http_request *request, const struct import *import)
{
    static const struct {
        const char *stage, *sentence;
    } sentences[] = {
        {"read", N_("The file was not read to its end: let it be checked again.")},
        {"ready", N_("Nothing is kept yet. Read what would happen, then apply it.")},
        {"applying", N_("The import was stopped before its end: it can go on, or be taken back.")},
        {"done", N_("The file was applied.")},
        {"undoing", N_("The import is being taken back; this was stopped and can go on.")},
        {"undone", N_("The import was taken back.")},
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i].stage, import->stage) == 0)
            return language_text(request->language, sentences[i].sentence);
    return "";
}

/* The job that is at work on the import, or was; id 0: none is known any more. */
static enum status load_job(const struct http_request *request, const struct import *import, struct job_state *job,
                            struct error *error)
{
    *job = (struct job_state){0};
    if (!import->job) return STATUS_OK;
    const enum status status = job_load(request->read, request->arena, request->viewer, import->job, job, error);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status draw_import(struct html *html, struct record_context *context, const struct http_request *request,
                               const struct import *import, const struct job_state *job, struct error *error)
{
    const char *base = http_url(request, import_path(request, import)), *stage = import->stage;
    const bool applying = strcmp(stage, "applying") == 0, undoing = strcmp(stage, "undoing") == 0,
               done = strcmp(stage, "done") == 0, ready = strcmp(stage, "ready") == 0;
    const struct record_import_view view = {.action = base,
                                            .remarks_url = import->refused && (import->file || import->path)
                                                               ? arena_print(request->arena, "%s/remarks", base)
                                                               : NULL,
                                            .list_url = http_url(request, import->kind->path),
                                            .unread = strcmp(stage, "read") == 0,
                                            .ready = ready && import->added + import->changed > 0,
                                            .stopped = applying,
                                            .done = done,
                                            .undo = done || applying || undoing};
    struct part_notice notice = {.tone = "info"};
    if (job->id && strcmp(job->state, "failed") == 0) job_draw_end(html, request, job);
    if (job->id && strcmp(stage, "undone") == 0 && job->message.message)
        notice.title = language_error(request->arena, request->language, &job->message);
    if (notice.title) template_part_notice(html, &notice);
    if (!view.unread) draw_counts(html, request, import);
    template_record_import(html, &view);
    return draw_remarks(html, context, request, import, error);
}

enum status record_import_show(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct import *import = NULL;
    struct job_state job;
    enum status status = import_load(&context, page_id(request), &import, error);
    if (!status) status = load_job(request, import, &job, error);
    if (status) return status;
    const bool at_work = job.id && !job_is_over(&job);
    const struct part_head head = {.over = language_text(request->language, N_("Import")),
                                   .title = import->name,
                                   .summary = at_work ? NULL : stage_sentence(request, import)};
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    html_open(&html);
    template_part_head(&html, &head);
    if (at_work)
        job_draw_progress(&html, request, &job, import_path(request, import), "import");
    else
        status = draw_import(&html, &context, request, import, &job, error);
    const struct part_region region = {"import", html_close(&html)};
    template_part_region(&html, &region);
    if (status) return status;
    const struct page page = {.title = language_text(request->language, N_("Import")),
                              .section = import->kind->path,
                              .body = html_finish(&html),
                              .crumbs = record_crumbs(request, import->kind, NULL, NULL, import->name)};
    page_send(request, response, &page);
    return STATUS_OK;
}

enum status record_import_act(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const char *const acts[][2] = {
        {"check", "import_check"}, {"apply", "import_apply"}, {"undo", "import_undo"}};
    struct record_context context = record_request(request, "page");
    const char *act = http_value(&request->form, "act"), *type = NULL;
    struct import *import = NULL;
    int64_t job = 0;
    for (size_t i = 0; act && i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i][0], act) == 0) type = acts[i][1];
    if (!type) return error_set(error, STATUS_INPUT, N_("This form is not known here: load the page again."));
    enum status status = import_load(&context, page_id(request), &import, error);
    if (!status) status = import_start(&context, import, type, INT64_MAX, &job, error);
    return status ? status : job_lead(request, response, job, import_path(request, import), error);
}

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    struct buffer *out = context;
    buffer_add(out, bytes, length);
    return buffer_overflowed(out) ? error_set(error, STATUS_LIMIT, N_("The report is too large for a page."))
                                  : STATUS_OK;
}

enum status record_import_remarks(const struct http_request *request, struct http_response *response,
                                  struct error *error)
{
    struct record_context context = record_request(request, "page");
    struct import *import = NULL;
    response->buffer = buffer_new(request->arena, REPORT_LIMIT);
    enum status status = import_load(&context, page_id(request), &import, error);
    if (!status) status = import_report(&context, import, add_bytes, response->buffer, error);
    if (status) return status;
    response->media_type = "text/csv; charset=utf-8";
    response->filename = "remarques.csv";
    return STATUS_OK;
}
