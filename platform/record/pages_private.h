/* pages_private.h: what the files of the pages of records share, and the views of their templates. */
#ifndef PLATFORM_RECORD_PAGES_PRIVATE_H
#define PLATFORM_RECORD_PAGES_PRIVATE_H

#include "platform/html/parts.h"
#include "platform/record/form.h"
#include "platform/record/record_views.h"
#include "platform/record/store_private.h"
#include "platform/record/web_private.h"

struct buffer;

enum { PAGE_LIMIT = 2 * 1024 * 1024 };

/* The number in the address; 0 when there is none. */
int64_t page_id(const struct http_request *request);
/* The state as a tag; NULL for kinds of one state. */
const struct part_tag *state_tag(struct record_context *context, const struct kind *kind, const struct record *head);
/* List > record > last; any of the latter two may be NULL. */
const struct page_crumb *record_crumbs(const struct http_request *request, const struct kind *kind,
                                       const char *record_title_text, const char *record_path, const char *last);
/* What is wrong, at the head of a page: the faults of fields, each leading to its field, or the error alone. */
void draw_errors(struct html *html, struct record_context *context, const struct kind *kind,
                 const struct faults *faults, const struct error *error);
/* The page of a record, with what was wrong in what was asked of it; fault may be NULL. */
enum status record_show(const struct http_request *request, struct http_response *response, const struct error *fault,
                        struct error *error);
/* The columns that an export is asked for, with commas between; NULL: all. */
const char *export_columns(const struct http_request *request);
/* A form page: title, errors, form. */
enum status form_page(const struct http_request *request, struct http_response *response,
                      struct record_context *context, const struct kind *kind, const void *record,
                      const struct http_parameters *given, const struct faults *faults, const struct error *error);

/* panels.c: adds a section for each panel of the kind that applies to the record, at most RECORD_SECTIONS_MOST in all. */
enum { RECORD_SECTIONS_MOST = 16 };
enum status record_panels(struct html *html, struct record_context *context, const struct http_request *request,
                          const struct kind *kind, const void *record, struct part_section *sections,
                          size_t *section_count, struct error *error);

/* feed_page.c: the address of the list's feed of that name ("feed.atom", "calendar.ics"), with the list's parameters. */
const char *record_feed_url(const struct http_request *request, const struct kind *kind, const char *name,
                            const char *query);

/* query_words.c: a filter of a list, and how far around what, as people say them. */
const char *record_filter_label(struct record_context *context, const struct kind *kind,
                                const struct record_filter *filter);
const char *record_near_label(struct record_context *context, const struct record_query *query);

/* Adds the record to a calendar, when it says when it takes place. */
void record_calendar_event(struct record_context *context, const struct http_request *request, const struct kind *kind,
                           const void *record, struct buffer *out);

/* export_job.c: has what the address of a list says made into a file in the background. */
enum status export_start(struct record_context *context, const struct kind *kind, const struct http_request *asked,
                         int64_t *job, struct error *error);

#endif
