/* survey_margins.h: a file of margins (variable,category,total[,price]) laid over a file of units.
 *
 *   size,small,1200                  how many units are in a category
 *   size*region,small*84,310         in a crossing of categories
 *   turnover,,5.1e9                  the sum of a numeric variable
 *   turnover@sector,C,3e9            its sum within a category (or a crossing: turnover@sector*size,C*small,...)
 *   price: what a relative miss of 1 costs, in the weighted number of units; empty: the margin must be met */
#ifndef PRODUCT_COMMAND_SURVEY_MARGINS_H
#define PRODUCT_COMMAND_SURVEY_MARGINS_H

#include "engine/survey/rows.h"
#include "product/command/survey_table.h"

struct margins {
    size_t count;
    const char **names; /* "size,small" */
    double *totals;
    double *prices; /* NULL: all must be met */
    bool partial;   /* in: accept units whose category has no margin */
    const struct survey_rows *rows;
    /* private */
    struct table *file;
    struct margin_term *terms;
    size_t term_count;
};

/* Reads the file and wants from the units' table the columns that it names. */
enum status margins_read(struct arena *arena, const char *path, struct table *units, struct margins *margins,
                         struct error *error);

/* Once the units are read: builds the rows. Refuses a unit whose category has no margin, or whose variable is missing. */
enum status margins_apply(struct arena *arena, const struct table *units, struct margins *margins, struct error *error);

#endif
