/* record_views.h: what the templates of records show. */
#ifndef PLATFORM_RECORD_VIEWS_H
#define PLATFORM_RECORD_VIEWS_H

#include "platform/html/parts.h"
#include "platform/html/widget.h"

/* The steps that may follow, a button each. */
struct record_steps {
    const char *action;
    int64_t version;
    const struct record_step {
        const char *state, *label;
    } * steps;
    size_t step_count;
    const char *reason;        /* the steps for which a reason is asked, NULL: none */
    const char *given, *error; /* the reason as it was sent, and what is wrong with it */
};

/* What points to a record: how many by what, the first ones, where the others are, and what files one more. */
struct record_panel_count {
    const char *label;
    const struct part_link *links;
    size_t link_count;
};
struct record_panel {
    const struct record_panel_count *counts;
    size_t count_count;
    struct part_results results;
    bool empty;
    const char *all_url;           /* NULL: all are shown */
    const char *file_url, *filing; /* NULL: the viewer may not */
};

/* Confirming an erasure. */
struct record_erasure {
    struct part_head head;
    const char *action, *text, *button, *cancel_url;
    const char *stays;             /* what is kept all the same */
    const char *law;               /* the law keeps it: nothing can be erased; NULL: it does not */
    const char *other_url, *other; /* to the other erasure, of what is said of people alone; NULL */
    int64_t version;
};

/* Choosing the columns of a file. */
struct record_columns {
    const char *action, *cancel_url;
    const struct widget *fields;  /* columns, form of the file */
    const struct widget *filters; /* hidden: the list's */
    size_t field_count, filter_count;
};

/* What can be done with an import. */
struct record_import_view {
    const char *action, *remarks_url, *list_url;
    bool unread, ready, stopped, done,
        undo; /* what is offered: to check it, apply it, go on, see the list, take it back */
};

#endif
