/* open_views.h: what the page of open data shows of a dataset. */
#ifndef PRODUCT_PAGES_OPEN_VIEWS_H
#define PRODUCT_PAGES_OPEN_VIEWS_H

#include <stddef.h>

struct open_file_view {
    const char *label, *url;
};
struct open_dataset_view {
    const char *title, *text;
    const char *rows, *changed, *rights; /* NULL: not said */
    const char *page, *api;              /* api NULL: none */
    const struct open_file_view *files;
    size_t file_count;
};

#endif
