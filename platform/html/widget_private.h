/* What the templates of templates/widget/ show: computed from struct widget. */
#ifndef PLATFORM_HTML_WIDGET_PRIVATE_H
#define PLATFORM_HTML_WIDGET_PRIVATE_H

#include "platform/html/widget.h"

struct choice_view {
    const char *id;
    const char *hint_id;
    const char *value, *label, *hint;
    bool chosen;
};

struct widget_view {
    const char *id, *help_id, *error_id, *count_id;
    const char *described_by; /* ids of help, error and count; NULL: none */
    const char *name, *label, *help, *error, *value;
    bool required, question, narrow, several, searched, is_place;
    const char *input_type, *input_mode, *autocomplete, *unit;
    int64_t most, line_count;
    const char *until, *until_type;
    const char *query, *suggest;
    const char *latitude, *longitude;
    const struct choice_view *choices; /* of a select, radios, checkboxes; of a picker: those chosen */
    size_t choice_count;
    const struct choice_view *found_ones; /* of a picker */
    size_t found_one_count;
    const char *choice_type; /* "radio", "checkbox" */
    const char *media_types, *file_name, *file_url;
    const char *file_kept;
    bool file_removed;
    int64_t file_size, largest;
};

#endif
