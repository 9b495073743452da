/* pages_private.h: the handlers, and what they share. */
#ifndef PRODUCT_PAGES_PRIVATE_H
#define PRODUCT_PAGES_PRIVATE_H

#include "platform/html/page.h"
#include "platform/html/parts.h"
#include "platform/html/templates.h"
#include "platform/record/web.h"
#include "product/application.h"
#include "product/pages/pages.h"

enum { PAGE_BYTES = 2 * 1024 * 1024 };

http_handler page_home, page_sign_in, post_sign_in, post_sign_out, page_account, post_account, page_needs, page_figures,
    page_figures_export, api_figures, page_search, page_section, page_space, page_legal, page_privacy,
    page_accessibility, page_sources, page_open_data, page_api, page_suggest, page_welcome, post_welcome, post_password,
    page_people, post_people, page_accounts, page_account_new, post_account_new, page_one_account, post_one_account,
    page_account_log, api_catalogue, api_catalogue_file, api_catalogue_dataset, api_codes, page_second_step,
    post_second_step, page_my_data, post_my_data, my_data_file, page_personal_data, post_personal_data, page_retention,
    page_visit_note, post_visit_note, send_visit_worker, page_visit_plan, post_visit_plan, page_visit_tour,
    page_deadlines, post_deadlines, send_deadlines_calendar, send_deadlines_feed, page_forgotten, post_forgotten,
    page_invitation, post_invitation, page_letters, post_letters, show_letters_stop, post_letters_stop, page_silent,
    send_silent, page_year, page_year_list, send_year, page_leave, post_leave;

struct invitation;
/* The administrator's page of an account; invitation: that was just made, fault: what was wrong with a form (NULL: none). */
enum status draw_one_account(const struct http_request *request, struct http_response *response, int64_t id,
                             const struct invitation *invitation, const struct error *fault, struct error *error);

/* The site's name, and its menus from the tables of the kinds. Once, before requests. */
void sections_start(const char *name);

/* What is kept of people, for what and for how long: the kinds' tables, then accounts and the rest. */
void draw_periods(struct html *html, const struct http_request *request);

/* How often one wants the letter of what is new: a form that posts to the page of letters; word: of the letter that led there (NULL: signed in). */
void draw_letters_form(struct html *html, const struct http_request *request, int64_t period, const char *word);
/* The doors of My space to the silent members and the year of one's cluster, two; 0: one answers for none. */
size_t cluster_doors(const struct http_request *request, struct part_door *doors);
/* "Once a week". */
const char *letters_words(const struct http_request *request, int64_t period);

/* One paragraph of Markdown a line, translated; ended by NULL. */
void draw_paragraphs(struct html *html, const struct http_request *request, const char *const *paragraphs);

/* What the legal notice says. Once, before requests. */
void legal_set(const struct legal_words *said);

static inline const char *say(const struct http_request *request, const char *english)
{
    return language_text(request->language, english);
}
static inline struct html page_begin(const struct http_request *request)
{
    return html_new(request->arena, request->language, request, PAGE_BYTES);
}
static inline enum status page_end(const struct http_request *request, struct http_response *response,
                                   struct html *html, const char *title, const char *section, bool narrow)
{
    const struct page page = {.title = title, .section = section, .body = html_finish(html), .narrow = narrow};
    page_send(request, response, &page);
    return STATUS_OK;
}

#endif
