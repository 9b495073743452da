/* pages.h: the pages of work in the background: one's own, the administrator's, and the part that other pages show of a job of theirs.
 *
 * Rows for the program's table of routes (the addresses are fixed):
 *     GET /space/jobs, /space/jobs/{job}, /space/jobs/{job}/file (slow); POST /space/jobs/{job}/cancel, /space/jobs/{job}/retry: ACCESS_ACCOUNT
 *     GET /admin/jobs: ACCESS_RIGHTS, ADMINISTRATOR */
#ifndef PLATFORM_JOB_PAGES_H
#define PLATFORM_JOB_PAGES_H

#include "platform/html/html.h"
#include "platform/http/http.h"
#include "platform/job/job.h"

http_handler job_mine_page, job_page, job_file_page, job_cancel_post, job_retry_post, job_admin_page;

/* The bar of a job that waits or runs, with its sentence and a button that stops it: on the page of that path ("/organisations/import/12"), which is
 * asked again every two seconds; `region`: id of the element that then replaces itself by its successor, so that the page changes when the job
 * ends; without script, a link does it. */
void job_draw_progress(struct html *html, const struct http_request *request, const struct job_state *job,
                       const char *path, const char *region);

/* What became of a job that failed or was cancelled, as a notice; nothing for others. */
void job_draw_end(struct html *html, const struct http_request *request, const struct job_state *job);

/* Where a request that put a job into the queue leads: waits a moment, so that short work shows its end, then to the path (NULL: the job's own
 * page). For handlers of slow routes. */
enum status job_lead(const struct http_request *request, struct http_response *response, int64_t job, const char *path,
                     struct error *error);

#endif
