/* survey_disclose.h: what the commands "survey protect" and "survey audit" share: their words, and the table that these say. */
#ifndef PRODUCT_COMMAND_SURVEY_DISCLOSE_H
#define PRODUCT_COMMAND_SURVEY_DISCLOSE_H

#include "base/options.h"
#include "engine/survey/disclose.h"
#include "product/command/survey_table.h"

struct disclose_words {
    const char *units, *response, *weight, *holding;
    struct option_list by, hierarchy;
    struct disclose_rules rules;
};

enum { DISCLOSE_ROWS = 12 };

/* Fills the rows of the shared options, for words; gives how many. */
size_t disclose_option_rows(struct disclose_words *words, struct option_row *rows);

struct disclose_input {
    struct arena *arena;
    struct disclose_tree trees[DISCLOSE_DIMENSIONS_MOST];
    const char *names[DISCLOSE_DIMENSIONS_MOST];
    size_t dimensions;
    struct disclose_table table;
    uint8_t *status; /* DISCLOSE_UNPUBLISHED where no --by shows the cell, else DISCLOSE_OPEN */
};

/* Reads hierarchies and units and fills the table. Several --by are linked tables: together one cube, of which each shows a
 * side. Memory: the arena's. */
enum status disclose_input_read(struct arena *arena, const struct disclose_words *words, struct disclose_input *input,
                                struct error *error);

/* "sector=S01, region=Total" */
const char *disclose_cell_name(const struct disclose_input *input, size_t cell);

/* The figure with nine significant digits, the rounding of published intervals. */
double disclose_round(double value);

/* The word of a status in a table's file, and back (-1 when it is none). */
const char *disclose_status_word(uint8_t status);
int disclose_status_read(const char *word);

int survey_audit_run(int argc, char **argv);

#endif
