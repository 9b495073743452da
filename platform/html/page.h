/* page.h: the frame of the pages, beyond what html.h says: themes, errors, and the view of templates/page.html. */
#ifndef PLATFORM_HTML_PAGE_H
#define PLATFORM_HTML_PAGE_H

#include "platform/html/html.h"

/* Loads an administrator's theme: a style sheet and a fragment of HTML that is put above the head of every page (either may be NULL).
 * Once, before requests. The fragment is trusted as the configuration is. */
enum status page_load_theme(const char *style_sheet, const char *header_fragment, struct error *error);

/* An error as a page (see http_error_page): what happened and what to do, in the reader's language. */
void page_error(const struct http_request *request, const struct error *error, struct http_response *response);

/* What templates/page.html shows. */
struct page_link {
    const char *label; /* English: translated by the template */
    const char *path;
    bool current;
    const struct page_link *links; /* entries of the section */
    size_t link_count;
};

struct page_step {
    const char *label; /* translated already */
    const char *path;  /* NULL: where one is */
};

struct page_view {
    const char *language; /* "fr" */
    const char *theme;    /* "dark", "light"; NULL: as the system says */
    const char *title;
    const char *window_title; /* "Needs – Maillage" */
    const char *site_name;
    const char *feed;
    const char *query; /* shown in the search box */
    const char *flash;
    struct markup banner; /* the theme's fragment */
    struct markup body;
    bool narrow;
    bool has_htmx, has_theme;
    const struct page_link *sections;
    size_t section_count;
    const struct page_link *entries; /* of the current section */
    size_t entry_count;
    const struct page_step *steps;
    size_t step_count;
    bool signed_in;
    const char *account_name, *organisation_name;
    const char *other_language, *other_language_name, *other_language_url;
};

/* What templates/error.html shows. */
struct error_page_view {
    const char *title;
    const char *sentence;
    const char *advice;
    const char *reference; /* id of the request, for our faults */
};

#endif
