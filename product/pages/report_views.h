/* report_views.h: what the template of the year shows. */
#ifndef PRODUCT_PAGES_REPORT_VIEWS_H
#define PRODUCT_PAGES_REPORT_VIEWS_H

#include "platform/html/html.h"

/* Small tables beside each other. */
struct report_figures {
    struct markup tables;
};

/* A table of many columns, which moves sideways by itself. */
struct report_wide {
    const char *label;
    struct markup table;
};

#endif
