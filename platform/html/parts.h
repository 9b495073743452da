/* parts.h: what pages are made of beside forms: lists, tables, facets, states, notices. Each struct is the view of a template of the same
 * name in templates/part/, used from other templates by {{> part_table view.table}} and the like, or from C by template_part_table.
 *
 * All texts are translated already; absent ones are NULL. "url" is an address as it goes into the page (http_url). A text may be
 * given as markup instead, where the struct has both. */
#ifndef PLATFORM_HTML_PARTS_H
#define PLATFORM_HTML_PARTS_H

#include "platform/html/html.h"

struct part_link {
    const char *label;
    const char *url;
    bool current;
    const char *count; /* a figure after the label, written in the language */
};

/* The head of a page: title, what it is, what can be done. {{> part_head view.head}} */
struct part_head {
    const char *over; /* a word above the title: the kind of thing */
    const char *title;
    const char *summary;
    const struct part_tag *tag;      /* state, beside the title */
    const struct part_link *actions; /* the first is the main one */
    size_t action_count;
};

/* The state of something: word, shape and colour. tone: "neutral", "waiting", "good", "ended", "bad". */
struct part_tag {
    const char *label;
    const char *tone;
};

/* What is wrong in a form, at its head, each line leading to its field. field: the widget's name, or NULL. */
struct part_error {
    const char *field;
    const char *sentence;
};
struct part_errors {
    const struct part_error *lines;
    size_t line_count;
};

/* A box that says one thing. tone: "info", "good", "warning", "bad". */
struct part_notice {
    const char *tone;
    const char *title;
    const char *text;
    struct markup markup;
    const struct part_link *links;
    size_t link_count;
};

/* A list that is empty, and what to do first. */
struct part_empty {
    const char *title;
    const char *text;
    const struct part_link *actions;
    size_t action_count;
};

/* Answers before sending, or a record's fields: a label, a value, and perhaps a link to change it. */
struct part_answer {
    const char *label;
    const char *text;
    struct markup markup;
    const char *change_url; /* "Change" */
};
struct part_answers {
    const char *title;
    const struct part_answer *answers;
    size_t answer_count;
};

/* Tabs that are links: other views of the same thing. */
struct part_tabs {
    const char *label; /* for screen readers: "Views of this list" */
    const struct part_link *links;
    size_t link_count;
};

/* A table. On phones each row is a block of label and value. */
struct part_column {
    const char *label;
    const char *unit;
    bool is_number;       /* aligned right, tabular figures */
    const char *sort_url; /* NULL: not sortable */
    const char *sorted;   /* "ascending", "descending" or NULL */
};
struct part_cell {
    const char *text;
    struct markup markup;
    const char *url; /* the text is a link */
};
struct part_row {
    const struct part_cell *cells; /* one a column */
    size_t cell_count;
};
struct part_table {
    const char *caption;
    bool caption_unseen; /* for screen readers only: the page says it already */
    bool first_is_head;  /* the first cell names the row */
    const struct part_column *columns;
    size_t column_count;
    const struct part_row *rows;
    size_t row_count;
};

/* Results, one after the other: name, where and when, state. */
struct part_result {
    const char *title, *url; /* url NULL: it has no page for who reads this */
    const char *text;        /* two lines at most are shown */
    const struct part_tag *tag;
    const char *const *facts; /* "Lille (59)", "12 novembre 2026" */
    size_t fact_count;
};
struct part_results {
    const struct part_result *results;
    size_t result_count;
};

/* Pages of a list. before: all of the address but the number ("/fr/needs?sector=C&page="). */
struct part_page_link {
    const char *label;
    const char *url;
    bool current;
    bool gap;
};
struct part_pages {
    const struct part_page_link *pages;
    size_t page_count;
    const char *previous_url, *next_url;
    const char *sentence; /* "Results 51 to 100 of 1 234" */
};
/* Fills it: page counts from 1; at most seven numbers are shown. Result in the arena. */
struct part_pages parts_pages(struct html *html, const char *before, int64_t page, int64_t per_page, int64_t total);

/* Filters beside a list: boxes to tick, with counts; a search within; without script a button applies them. */
struct part_facet_choice {
    const char *value;
    const char *label;
    const char *count;
    bool chosen;
};
struct part_facet {
    const char *name; /* of the parameter */
    const char *label;
    const struct part_facet_choice *choices; /* most frequent first; those chosen are always shown */
    size_t choice_count;
    size_t shown; /* how many before "show more"; 0: 6 */
};
struct part_parameter {
    const char *name;
    const char *value;
};
struct part_facets {
    const char *action; /* address of the list */
    const char *query;  /* what is searched within the list; shown when search is true */
    bool search;
    const char *target; /* id of the element that htmx replaces by the new list; NULL: the page is loaded */
    bool has_place;     /* a place and a distance may be asked: the parameters around and within */
    const char *around; /* what was asked, or NULL */
    int64_t within;     /* kilometres; 0: not asked */
    const struct part_facet *facets;
    size_t facet_count;
    const struct part_parameter *parameters; /* kept as they are: sort, radius */
    size_t parameter_count;
};

/* Active filters, each with a link that takes it away. */
struct part_chip {
    const char *label;
    const char *remove_url;
};
struct part_chips {
    const struct part_chip *chips;
    size_t chip_count;
    const char *clear_url;
};

/* Long work. done of total; total 0: not known yet. */
struct part_progress {
    const char *label; /* what is being done */
    int64_t done, total;
    const char *sentence;    /* "3 400 of 10 000 lines; about 2 minutes left" */
    const char *refresh_url; /* the page, fetched again every two seconds while it runs; NULL: ended */
    const char *region;      /* id of the element that is then replaced by what it has become: part_region */
    const char *cancel_url;  /* posts there; NULL: cannot be stopped */
};

/* A stretch of a page that replaces itself while something in it goes on. */
struct part_region {
    const char *id;
    struct markup body;
};

/* What happened to a record, newest first. */
struct part_change {
    const char *label, *before, *after;
};
struct part_event {
    const char *when;
    const char *who;
    const char *what; /* "Filed", "State: open → taken up" */
    const char *reason;
    const struct part_change *changes;
    size_t change_count;
};
struct part_history {
    const struct part_event *events;
    size_t event_count;
};

/* Figures that matter, above a page. */
struct part_figure {
    const char *figure, *label, *note, *url;
};
struct part_figures {
    const struct part_figure *figures;
    size_t figure_count;
};

/* Doors: what one can do from here, each a title and a sentence. */
struct part_door {
    const char *title, *text, *url;
};
struct part_doors {
    const struct part_door *doors;
    size_t door_count;
};

/* The opening of a home page: what this is, and the search. */
struct part_hero {
    const char *title, *text;
    const char *search_url; /* address that takes ?q=; NULL: no search */
    const char *search_label, *example;
    const struct part_link *links; /* beneath the search */
    size_t link_count;
};

/* A titled stretch of a page. id: for links within the page. */
struct part_section {
    const char *id, *title, *text;
    struct markup body;
    const char *more_label, *more_url; /* "All needs" */
};

/* A page that lists: its head, filters beside (beneath the head on phones), results, pages. */
struct part_list {
    struct part_head head;
    const struct part_facets *facets;
    struct part_chips chips;
    const char *sentence;         /* "1 234 needs" */
    const struct part_tabs *tabs; /* list, map, table */
    const char *sort_label;       /* "Order by" */
    const struct part_link *sorts;
    size_t sort_count;
    const char *target; /* id of the part that filters replace: the facets' target */
    struct markup body; /* part_results, part_table, a map ... */
    struct part_pages pages;
    const struct part_link *exports; /* "CSV", "XLSX", "GeoJSON" */
    size_t export_count;
};

/* A page that shows one thing: its head, its answers, and beside them what goes with it. */
struct part_record {
    struct part_head head;
    struct markup notice;
    struct markup body;
    const struct part_section *asides;
    size_t aside_count;
    const struct part_section *sections; /* below */
    size_t section_count;
};

#endif
