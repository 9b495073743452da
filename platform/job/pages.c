/* pages.c: one's own work in the background, and the administrator's view of all. */
#include "platform/job/pages.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/file/file.h"
#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/job/job_private.h"
#include "platform/job/page_views.h"

enum { PAGE_LIMIT = 1024 * 1024, SHOWN = 50, SHORT_MS = 1500 };

static const char *say(const struct http_request *request, const char *english)
{
    return language_text(request->language, english);
}

static const struct part_tag *tag_of(const struct http_request *request, const struct job_state *job)
{
    static const struct {
        const char *state, *label, *tone;
    } tags[] = {
        {"waiting", N_("Waiting"), "waiting"}, {"running", N_("At work"), "waiting"}, {"done", N_("Done"), "good"},
        {"failed", N_("Failed"), "bad"},       {"cancelled", N_("Stopped"), "ended"},
    };
    struct part_tag *tag = ARENA_NEW(request->arena, struct part_tag);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tags[i].state, job->state) == 0) *tag = (struct part_tag){say(request, tags[i].label), tags[i].tone};
    return tag;
}

static const char *title_of(const struct http_request *request, const struct job_state *job)
{
    return job->type ? say(request, job->type->title) : job->type_name;
}

static const char *path_of(const struct http_request *request, const struct job_state *job, const char *after)
{
    return arena_print(request->arena, "/space/jobs/%lld%s", (long long)job->id, after);
}

/* ---- progress ---- */

static const char *amount(const struct http_request *request, const struct job_state *job)
{
    struct arena *arena = request->arena;
    const enum language language = request->language;
    if (!job->total) return "";
    if (job->type && job->type->unit)
        return language_print(arena, language, job->type->unit, language_number(arena, language, job->done, 0),
                              language_number(arena, language, job->total, 0), (const char *)NULL);
    return language_print(arena, language, N_("{1} % done"),
                          language_number(arena, language, job->done * 100 / job->total, 0), (const char *)NULL);
}

/* From what was done since it started; NULL while that says little. */
static const char *time_left(const struct http_request *request, const struct job_state *job)
{
    enum { LITTLE_MS = 5000, MINUTE_MS = 60000 };
    const int64_t took = time_now() - job->started;
    if (!job->started || !job->total || job->done * 50 < job->total || took < LITTLE_MS) return NULL;
    const int64_t left = (int64_t)((double)took * (double)(job->total - job->done) / (double)job->done);
    if (left < MINUTE_MS) return say(request, N_("less than a minute left"));
    return language_plural(request->arena, request->language, (left + MINUTE_MS / 2) / MINUTE_MS,
                           N_("about one minute left"), N_("about {1} minutes left"));
}

static const char *progress_sentence(const struct http_request *request, const struct job_state *job)
{
    if (job->cancel) return say(request, N_("It stops after the present step."));
    if (strcmp(job->state, "waiting") == 0)
        return job->error.message && *job->error.message
                   ? say(request, N_("It did not work at once; it is tried again in a moment."))
                   : say(request, N_("It waits for its turn."));
    const char *how_far = amount(request, job), *left = time_left(request, job);
    return left ? arena_print(request->arena, "%s · %s", how_far, left) : how_far;
}

void job_draw_progress(struct html *html, const struct http_request *request, const struct job_state *job,
                       const char *path, const char *region)
{
    const char *back = http_encode(request->arena, http_url(request, path));
    const struct part_progress part = {
        .label = *job->subject ? arena_print(request->arena, "%s – %s", title_of(request, job), job->subject)
                               : title_of(request, job),
        .done = job->done,
        .total = job->total,
        .sentence = progress_sentence(request, job),
        .refresh_url = http_url(request, path),
        .region = region,
        .cancel_url = job->cancel ? NULL
                                  : http_url(request, arena_print(request->arena, "%s?next=%s",
                                                                  path_of(request, job, "/cancel"), back))};
    template_part_progress(html, &part);
}

/* What the person can do something about is told; a fault of ours is for the administrator. */
static const char *why_failed(const struct http_request *request, const struct job_state *job)
{
    if (job->error.status == STATUS_FAULT && !(request->viewer->everywhere & ADMINISTRATOR))
        return say(request, N_("The fault is ours: the administrator finds what happened in the log."));
    return language_error(request->arena, request->language, &job->error);
}

void job_draw_end(struct html *html, const struct http_request *request, const struct job_state *job)
{
    const bool failed = strcmp(job->state, "failed") == 0, cancelled = strcmp(job->state, "cancelled") == 0;
    struct part_notice notice = {.tone = failed ? "bad" : "info"};
    if (failed) {
        notice.title = say(request, N_("This did not succeed."));
        notice.text = why_failed(request, job);
    } else if (cancelled) {
        notice.title = say(request, N_("This was stopped before its end."));
    }
    if (failed || cancelled) template_part_notice(html, &notice);
}

/* ---- one job ---- */

static void draw_over(struct html *html, const struct http_request *request, const struct job_state *job)
{
    const bool again = strcmp(job->state, "failed") == 0 || strcmp(job->state, "cancelled") == 0;
    const bool mine = job->account == request->viewer->account;
    const struct job_actions actions = {
        .result_url = mine && job->result ? http_url(request, job->result) : NULL,
        .file_url = mine && job->file ? http_url(request, path_of(request, job, "/file")) : NULL,
        .retry_url = again ? http_url(request, path_of(request, job, "/retry")) : NULL};
    const struct part_notice notice = {.tone = "good",
                                       .title = job->message.message && *job->message.message
                                                    ? language_error(request->arena, request->language, &job->message)
                                                    : say(request, N_("It is done."))};
    job_draw_end(html, request, job);
    if (!again) template_part_notice(html, &notice);
    template_job_actions(html, &actions);
}

static void draw_dates(struct html *html, const struct http_request *request, const struct job_state *job)
{
    struct part_answer answers[4];
    size_t count = 0;
    const struct {
        const char *label;
        int64_t moment;
    } dates[] = {{N_("Asked for"), job->created}, {N_("Started"), job->started}, {N_("Ended"), job->ended}};
    for (size_t i = 0; i < 3; i++)
        if (dates[i].moment)
            answers[count++] =
                (struct part_answer){.label = say(request, dates[i].label),
                                     .text = language_moment(request->arena, request->language, dates[i].moment)};
    const struct part_answers part = {.answers = answers, .answer_count = count};
    template_part_answers(html, &part);
}

static int64_t job_in_address(const struct http_request *request)
{
    const struct http_parameter word = {.name = "job", .value = request->words[0]};
    return http_integer(&(struct http_parameters){&word, 1}, "job", 0, INT64_MAX, 0);
}

enum status job_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct job_state job;
    const enum status status =
        job_load(request->read, request->arena, request->viewer, job_in_address(request), &job, error);
    if (status) return status;
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    const struct part_head head = {.over = say(request, N_("Work in the background")),
                                   .title = title_of(request, &job),
                                   .summary = *job.subject ? job.subject : NULL,
                                   .tag = tag_of(request, &job)};
    html_open(&html);
    template_part_head(&html, &head);
    if (job_is_over(&job))
        draw_over(&html, request, &job);
    else
        job_draw_progress(&html, request, &job, path_of(request, &job, ""), "work");
    draw_dates(&html, request, &job);
    const struct part_region region = {"work", html_close(&html)};
    template_part_region(&html, &region);
    const struct page page = {.title = head.title, .section = "/space", .body = html_finish(&html), .narrow = true};
    page_send(request, response, &page);
    return STATUS_OK;
}

enum status job_file_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct job_state job;
    struct file_kept *file = NULL;
    enum status status = job_load(request->read, request->arena, request->viewer, job_in_address(request), &job, error);
    /* Made with one person's rights: it is for nobody else, administrators included. */
    if (!status && (!job.file || job.account != request->viewer->account))
        status = error_set(error, STATUS_MISSING, N_("This page does not exist, or you may not see it."));
    if (!status) status = file_load(request->read, request->arena, job.file, &file, error);
    if (status) return status;
    response->media_type = file->media_type;
    response->filename = file->name;
    response->produce = file_read;
    response->produce_context = file_reader_new(request->arena, request->read, file);
    return STATUS_OK;
}

/* ---- steering ---- */

static enum status steered(const struct http_request *request, struct http_response *response, enum status status)
{
    const char *next = http_value(&request->query, "next");
    if (status) return status;
    return http_redirect(
        request, response,
        next ? next
             : http_url(request, arena_print(request->arena, "/space/jobs/%lld", (long long)job_in_address(request))),
        NULL);
}

enum status job_cancel_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    return steered(request, response, job_cancel(request->db, request->viewer, job_in_address(request), error));
}

enum status job_retry_post(const struct http_request *request, struct http_response *response, struct error *error)
{
    return steered(request, response, job_retry(request->db, request->viewer, job_in_address(request), error));
}

enum status job_lead(const struct http_request *request, struct http_response *response, int64_t job, const char *path,
                     struct error *error)
{
    bool over = false;
    const enum status status = job_wait(request->db, job, SHORT_MS, &over, error);
    if (status) return status;
    return http_redirect(
        request, response,
        http_url(request, path ? path : arena_print(request->arena, "/space/jobs/%lld", (long long)job)), NULL);
}

/* ---- lists ---- */

struct listing {
    const struct http_request *request;
    struct html *html;
    bool all; /* the administrator's */
};

static struct markup button_of(const struct listing *listing, const struct job_state *job)
{
    const struct http_request *request = listing->request;
    const bool over = job_is_over(job);
    if (strcmp(job->state, "done") == 0 || (job->cancel && !over)) return (struct markup){0};
    const char *back = http_encode(request->arena, http_url(request, request->path));
    const struct job_button button = {
        .url = http_url(request, arena_print(request->arena, "%s?next=%s",
                                             path_of(request, job, over ? "/retry" : "/cancel"), back)),
        .label = over ? say(request, N_("Try again")) : say(request, N_("Stop")),
        .about = title_of(request, job)};
    return HTML_DRAWN(listing->html, template_job_button, &button);
}

static const char *how_it_stands(const struct http_request *request, const struct job_state *job)
{
    if (!job_is_over(job)) return progress_sentence(request, job);
    if (strcmp(job->state, "failed") == 0) return why_failed(request, job);
    return job->message.message ? language_error(request->arena, request->language, &job->message) : "";
}

static const char *who_asked(const struct listing *listing, const struct job_state *job)
{
    const struct http_request *request = listing->request;
    const char *name = NULL;
    if (!job->account) return say(request, N_("The program"));
    db_one_text(request->read, request->arena, "SELECT name FROM account WHERE id = $1",
                DB_BIND(db_integer(job->account)), &name, NULL);
    return name ? name : "–";
}

static struct part_row row_of(const struct listing *listing, const struct job_state *job)
{
    const struct http_request *request = listing->request;
    struct part_cell *cells = ARENA_ARRAY(request->arena, 6, struct part_cell);
    size_t count = 0;
    cells[count++] = (struct part_cell){
        .text = *job->subject ? arena_print(request->arena, "%s – %s", title_of(request, job), job->subject)
                              : title_of(request, job),
        .url = http_url(request, path_of(request, job, ""))};
    cells[count++].markup = HTML_DRAWN(listing->html, template_part_tag, tag_of(request, job));
    cells[count++].text = how_it_stands(request, job);
    if (listing->all) cells[count++].text = who_asked(listing, job);
    cells[count++].text = language_moment(request->arena, request->language, job->ended ? job->ended : job->created);
    cells[count++].markup = button_of(listing, job);
    return (struct part_row){cells, count};
}

static void draw_list(const struct listing *listing, const char *caption, const struct job_list *list)
{
    const struct http_request *request = listing->request;
    struct part_column columns[6];
    size_t count = 0;
    struct part_row *rows = ARENA_ARRAY(request->arena, list->count + 1, struct part_row);
    for (size_t i = 0; i < list->count; i++) rows[i] = row_of(listing, &list->items[i]);
    memset(columns, 0, sizeof columns);
    columns[count++].label = say(request, N_("What"));
    columns[count++].label = say(request, N_("State"));
    columns[count++].label = say(request, N_("How it stands"));
    if (listing->all) columns[count++].label = say(request, N_("Who asked"));
    columns[count++].label = say(request, N_("When"));
    columns[count++].label = say(request, N_("To do"));
    const struct part_table table = {
        .caption = caption, .columns = columns, .column_count = count, .rows = rows, .row_count = list->count};
    template_part_table(listing->html, &table);
}

static void send_list(const struct http_request *request, struct http_response *response, struct html *html,
                      const char *title, const char *section)
{
    const struct page page = {.title = title, .section = section, .body = html_finish(html)};
    page_send(request, response, &page);
}

enum status job_mine_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    struct job_list list;
    const enum status status =
        job_list_account(request->read, request->arena, request->viewer->account, 0, SHOWN, &list, error);
    if (status) return status;
    const struct part_head head = {
        .title = say(request, N_("My work in the background")),
        .summary = say(request, N_("Imports and other long work go on while you do something else. What has ended is "
                                   "kept here for 30 days."))};
    const struct part_empty empty = {.title = say(request, N_("Nothing yet.")),
                                     .text = say(request, N_("An import, for instance, would be found here."))};
    template_part_head(&html, &head);
    if (list.count)
        draw_list(&(struct listing){request, &html, false}, say(request, N_("The latest first")), &list);
    else
        template_part_empty(&html, &empty);
    send_list(request, response, &html, head.title, "/space");
    return STATUS_OK;
}

enum status job_admin_page(const struct http_request *request, struct http_response *response, struct error *error)
{
    static const struct {
        const char *state, *caption;
    } lists[] = {{"running", N_("At work")},
                 {"waiting", N_("Waiting")},
                 {"failed", N_("Failed")},
                 {"cancelled", N_("Stopped")},
                 {"done", N_("Done")}};
    struct html html = html_new(request->arena, request->language, request, PAGE_LIMIT);
    const struct part_head head = {.title = say(request, N_("Work in the background of the whole site"))};
    bool any = false;
    template_part_head(&html, &head);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct job_list list;
        const enum status status =
            job_list_state(request->read, request->arena, lists[i].state, 0, SHOWN, &list, error);
        if (status) return status;
        any = any || list.count;
        if (!list.count) continue;
        const char *caption = say(request, lists[i].caption);
        html_open(&html);
        draw_list(&(struct listing){request, &html, true}, caption, &list);
        const struct part_section section = {.title = caption, .body = html_close(&html)};
        template_part_section(&html, &section);
    }
    if (!any) template_part_empty(&html, &(struct part_empty){.title = say(request, N_("Nothing yet."))});
    send_list(request, response, &html, head.title, "/space");
    return STATUS_OK;
}
