/* survey_statistics.h: the statistics asked of a survey, and the lines of their file. */
#ifndef PRODUCT_COMMAND_SURVEY_STATISTICS_H
#define PRODUCT_COMMAND_SURVEY_STATISTICS_H

#include "base/options.h"
#include "engine/survey/estimate.h"
#include "platform/csv/csv.h"
#include "product/command/survey_table.h"

struct statistic {
    const char *name;     /* "total" */
    const char *variable; /* as asked: "y", "y/x", "y:0.5" */
    struct table_column *y, *x;
    double argument; /* of a quantile: p; of a balance: the largest score */
};

struct statistics {
    struct statistic *list;
    size_t count;
    struct table_column **by;
    size_t by_count;
    double level;
    enum estimate_interval share_interval;
    bool effects; /* two more columns: design effect and effective size */
};

/* What was asked on the command line; by: "a,b" or NULL. Wants the columns of the units. */
struct statistics_words {
    struct option_list total, mean, ratio, share, balance, quantile;
    const char *by;
};

enum status statistics_want(struct arena *arena, const struct statistics_words *words, struct table *units,
                            struct statistics *statistics, struct error *error);

/* Computes all and writes the file's lines, header included. */
enum status statistics_write(struct arena *arena, const struct estimate_plan *plan, const struct table *units,
                             const struct statistics *statistics, struct csv_writer *writer, struct error *error);

#endif
