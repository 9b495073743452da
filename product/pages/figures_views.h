/* figures_views.h: what the templates of the published figures show. */
#ifndef PRODUCT_PAGES_FIGURES_VIEWS_H
#define PRODUCT_PAGES_FIGURES_VIEWS_H

#include "platform/html/parts.h"

struct figures_option {
    const char *value, *label;
    bool chosen;
};
struct figures_group {
    const char *label;
    const struct figures_option *options;
    size_t option_count;
};
/* Which figures: a list to choose from for each. */
struct figures_choice {
    const char *action, *level;
    struct figures_group quarters, plain, kinds, sectors, areas;
};

/* What stands beneath: what a figure is, how it was made, what is not shown. */
struct figures_note {
    const char *definition, *release, *hidden, *method;
};

#endif
