/* record_views.h: what the templates of records show. */
#ifndef PLATFORM_RECORD_VIEWS_H
#define PLATFORM_RECORD_VIEWS_H

#include "platform/html/parts.h"
#include "platform/html/widget.h"

/* The steps that may follow, a button each. */
struct record_steps {
    const char *action;
    int64_t version;
    const struct record_step { const char *state, *label; } *steps;
    size_t step_count;
    bool reason; /* a reason may be asked */
};

struct record_panel {
    const char *title;
    struct part_results results;
};

/* Confirming an erasure. */
struct record_erasure {
    const char *action, *name, *cancel_url;
    int64_t version;
};

/* What can be done with an import. */
struct record_import_view {
    const char *action, *remarks_url, *list_url;
    bool ready, done, useful;
};

#endif
