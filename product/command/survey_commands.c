#include <string.h>

#include "product/command/commands.h"
#include "product/command/survey_private.h"

const struct command survey_commands[] = {
    {"survey allocate", "How many units to draw from each stratum.", survey_allocate_run},
    {"survey calibrate", "Weights that reproduce known totals.", survey_calibrate_run},
    {"survey estimate", "Estimates with their variance and intervals.", survey_estimate_run},
    {0},
};

const struct command *survey_command(const char *name)
{
    const struct command *row = survey_commands;
    while (row->name && strcmp(row->name, name) != 0) row++;
    return row;
}
