/* search_views.h: what the template of the search shows. */
#ifndef PRODUCT_PAGES_SEARCH_VIEWS_H
#define PRODUCT_PAGES_SEARCH_VIEWS_H

#include "platform/html/parts.h"

/* The best results of one kind. */
struct search_part {
    const char *title, *all, *all_url;
    struct part_results results;
};

#endif
