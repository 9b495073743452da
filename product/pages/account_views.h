/* account_views.h: what the templates of one's account show. */
#ifndef PRODUCT_PAGES_ACCOUNT_VIEWS_H
#define PRODUCT_PAGES_ACCOUNT_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sessions or tokens, each with a button that ends it. */
struct account_row {
    int64_t id;
    const char *name, *note, *act;
    bool current;
};

struct account_rows {
    const char *title, *button, *empty, *action;
    const struct account_row *rows;
    size_t row_count;
};

#endif
