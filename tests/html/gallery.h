/* The gallery: pages that show every widget and part with plausible French content, written as files, so that they can be looked at and
 * checked (tests/html/test_gallery). Development only. */
#ifndef TESTS_HTML_GALLERY_H
#define TESTS_HTML_GALLERY_H

#include "platform/html/html.h"

struct gallery_page {
    const char *name; /* of the file, without ".html" */
    const char *title;
    const char *section; /* path */
    bool narrow;
    const struct page_crumb *crumbs;
    void (*draw)(struct html *html);
    bool signed_in;
};

void gallery_home(struct html *html);
void gallery_list(struct html *html);
void gallery_table(struct html *html);
void gallery_form(struct html *html);
void gallery_form_errors(struct html *html);
void gallery_widgets(struct html *html);
void gallery_check(struct html *html);
void gallery_record(struct html *html);
void gallery_states(struct html *html);

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
