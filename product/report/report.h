/* report.h: the year of a cluster, for the State and the Région: members, visits, needs and what became of them, events, practices.
 *
 * Each section is a list; every figure is the number of its lines that have a value in common, so that a figure opens on exactly what it counts. The
 * sections are a table of data: a query, and columns which are fields of a kind or say what they are. Nothing is counted that its reader may not read. */
#ifndef PRODUCT_REPORT_H
#define PRODUCT_REPORT_H

#include "platform/record/record.h"

enum { REPORT_SECTIONS = 5, REPORT_COLUMNS = 12, REPORT_LINES_MOST = 20000 };

/* REPORT_IN_YEAR: a day, shown as whether it is in the year. */
enum report_type { REPORT_TEXT, REPORT_NUMBER, REPORT_DAY, REPORT_IN_YEAR };

struct report_column {
    const char *name;
    const char
        *field; /* of the section's kind: says the label, the type, how values are shown; NULL: the members below */
    const char *label;
    enum report_type type;
    bool counted; /* figures by its values */
};

struct report_section {
    const char *name, *title, *one, *many; /* "{1} member", "{1} members" */
    const struct kind *kind;
    const char *
        sql; /* (id of the record, its columns in order) of cluster $1, by the first and last day of the year and the reader */
    const struct report_column *columns; /* ended by a row without name */
};
extern const struct report_section report_sections[REPORT_SECTIONS];

struct report_cell {
    const char *text; /* as shown; "" for nothing */
    int64_t value;    /* number, day; ABSENT */
};
struct report_line {
    int64_t id;
    struct report_cell cells[REPORT_COLUMNS];
};

struct report_list {
    const struct report_section *section;
    const char *labels[REPORT_COLUMNS];
    enum report_type types[REPORT_COLUMNS];
    size_t column_count;
    struct report_line *lines;
    size_t line_count;
};

/* How many lines of a list have this value in that column. */
struct report_figure {
    const char *value;
    int64_t count;
};

/* The section of that name, or NULL. */
const struct report_section *report_find(const char *name);

/* The lines of a section for the cluster and the year, in the context's language and with its viewer's rights. One statement. STATUS_LIMIT beyond
 * REPORT_LINES_MOST. */
enum status report_gather(struct record_context *context, const struct report_section *section, int64_t cluster,
                          int year, struct report_list *list, struct error *error);

/* The values of a column with their counts, most frequent first; in the arena. O(n log n). */
size_t report_count(struct arena *arena, const struct report_list *list, size_t column, struct report_figure **figures);

/* The whole report as a workbook (a sheet of figures, then a sheet a section) or as a document to sign. In the context's arena. */
enum status report_workbook(struct record_context *context, int64_t cluster, int year, const char **bytes,
                            size_t *length, struct error *error);
enum status report_document(struct record_context *context, int64_t cluster, int year, const char **bytes,
                            size_t *length, struct error *error);

#endif
