/* commands.h: the tables of commands that main.c knows; each ends with a row of zeros. */
#ifndef PRODUCT_COMMAND_COMMANDS_H
#define PRODUCT_COMMAND_COMMANDS_H

#include "base/options.h"

extern const struct command survey_commands[];
extern const struct command job_commands[];
extern const struct command disclose_commands[];
extern const struct command serve_commands[], describe_commands[], demo_commands[], migration_commands[],
    record_commands[];
extern const struct command reference_commands[], handover_commands[];
extern const struct command account_commands[], mail_commands[];
extern const struct command figures_commands[], sirene_commands[];

extern const struct command check_commands[], backup_commands[], erase_commands[];

#endif
