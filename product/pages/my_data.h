/* my_data.h: all that is held about a person, gathered once: drawn as a page, written as JSON or CSV. */
#ifndef PRODUCT_PAGES_MY_DATA_H
#define PRODUCT_PAGES_MY_DATA_H

#include "platform/http/http.h"

struct my_line {
    const char *name, *label, *text; /* name: in files; label: for people; text NULL: left out */
};
struct my_item {
    const char *title, *url; /* NULL: none */
    const struct my_line *lines;
    size_t line_count;
};
struct my_part {
    const char *name, *title, *text; /* text: a sentence beneath the title */
    bool alike;                      /* each item has the same lines: a table */
    const struct my_item *items;
    size_t item_count;
};
enum { MY_PARTS = 12 };
struct my_data {
    struct my_part parts[MY_PARTS];
    size_t part_count;
};

/* Of who is signed in. whole: with what they filed and read, which pages do without: reads the history of the site. What is personal in records is
 * noted as read by them. */
enum status my_data_gather(const struct http_request *request, bool whole, struct my_data *data, struct error *error);

/* "see what is held", "have it corrected", "have it erased". */
const char *my_wish_label(const struct http_request *request, const char *wish);

#endif
