/* visits_views.h: what the pages of visits show. */
#ifndef PRODUCT_PAGES_VISITS_VIEWS_H
#define PRODUCT_PAGES_VISITS_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/html/parts.h"
#include "platform/html/widget.h"

/* ---- the note, which may be written without a network: assets/visit.js ---- */

struct note_need_fields {
    const char *title;
    const struct widget *fields;
    size_t field_count;
    bool open;
};
struct note_member {
    const char *label; /* "Name (SIREN)" */
};
struct note_view {
    const char *action, *key, *account;
    int64_t visit, version;
    const char *company;       /* as typed, or the planned visit's */
    const char *company_error; /* NULL: none */
    const struct widget *fields;
    size_t field_count;
    const struct note_need_fields *needs;
    size_t need_count;
    const struct note_member *members; /* to choose from */
    size_t member_count;
    const struct part_answers *preview; /* what the authority will read, before it is told; NULL: not asked */
};

/* ---- the tour ---- */

struct tour_fact {
    const char *label, *text, *url;
};
struct tour_stop {
    int64_t number;
    const char *name, *url, *note_url, *note_label, *where, *way;
    const struct part_tag *tag;
    const struct tour_fact *facts;
    size_t fact_count;
};
struct tour_dot {
    int64_t number, x, y, text_y;
};
struct tour_sketch {
    const char *title, *line; /* of a polyline: "10,20 30,40" */
    const struct tour_dot *dots;
    size_t dot_count;
    int64_t start_x, start_y, width, height;
    const char *box; /* viewBox */
};
struct tour_day {
    const char *title, *sentence;
    const struct tour_sketch *sketch; /* NULL: fewer than two places */
    const struct tour_stop *stops;
    size_t stop_count;
};

struct tour_taken {
    const char *account;
};

/* ---- the address of a person's deadlines ---- */

struct deadline_address {
    const char *action;
    const char *address; /* just made; NULL: not shown */
    const char *since;   /* NULL: there is none */
};

/* ---- whom to see ---- */

struct plan_row {
    int64_t id;
    const char *box, *name, *note; /* box: id of the element */
    bool chosen;
};
struct plan_filters {
    const char *action;
    const struct widget *fields;
    size_t field_count;
};
struct plan_choice {
    const char *action, *key;
    const struct widget *day;
    const struct plan_row *rows;
    size_t row_count;
};

#endif
