/* page_views.h: what the template of the saved searches shows. */
#ifndef PLATFORM_SAVED_PAGE_VIEWS_H
#define PLATFORM_SAVED_PAGE_VIEWS_H

#include <stddef.h>
#include <stdint.h>

struct saved_rows {
    const char *action;
    const struct saved_row {
        int64_t id;
        const char *name, *url, *note;
        const char *news; /* on the button that shows what is new; NULL: nothing is */
    } * rows;
    size_t row_count;
};

#endif
