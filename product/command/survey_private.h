/* survey_private.h: the survey commands, one file each. */
#ifndef PRODUCT_COMMAND_SURVEY_PRIVATE_H
#define PRODUCT_COMMAND_SURVEY_PRIVATE_H

#include "base/options.h"
#include "engine/survey/calibrate.h"
#include "product/command/survey_table.h"

int survey_allocate_run(int argc, char **argv);
int survey_calibrate_run(int argc, char **argv);
int survey_estimate_run(int argc, char **argv);

/* Refuses weights that are missing or negative. */
enum status survey_check_weights(const struct table *units, const struct table_column *weight, struct error *error);

/* The row of that name in survey_commands. */
const struct command *survey_command(const char *name);

/* "linear", "raking", "truncated", "logit"; says so on standard error when it is none of them. */
bool survey_read_method(const char *text, enum calibrate_method *method);

#endif
