/* What the templates of templates/part/ show beyond parts.h: computed by parts.c. */
#ifndef PLATFORM_HTML_PARTS_PRIVATE_H
#define PLATFORM_HTML_PARTS_PRIVATE_H

#include "platform/html/parts.h"

struct error_line_view {
    const char *id;
    const char *sentence;
};
struct error_list_view {
    const struct error_line_view *lines;
    size_t line_count;
};

struct table_cell_view {
    const char *label; /* of the column: shown beside the value on phones */
    const char *text, *url;
    struct markup markup;
    bool is_head, is_number;
};
struct table_row_view {
    const struct table_cell_view *cells;
    size_t cell_count;
};
struct table_view {
    const char *caption;
    bool caption_unseen;
    const struct part_column *columns;
    size_t column_count;
    const struct table_row_view *rows;
    size_t row_count;
};

struct facet_choice_view {
    const char *id;
    const char *name, *value, *label, *count;
    bool chosen;
};
struct facet_view {
    const char *label;
    const struct facet_choice_view *first_ones, *others;
    size_t first_one_count, other_count;
    int64_t hidden; /* other_count */
};
struct facet_distance_view {
    int64_t kilometres;
    bool chosen;
};
struct facet_panel_view {
    const char *action, *query, *target, *around;
    bool search, has_place;
    const struct facet_distance_view *distances;
    size_t distance_count;
    int64_t chosen; /* how many are active */
    const struct facet_view *facets;
    size_t facet_count;
    const struct part_parameter *parameters;
    size_t parameter_count;
};

#endif
