/* main.c: the command line; one row per command. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/options.h"
#include "product/command/commands.h"

static const struct command *const tables[] = {
    serve_commands,     handover_commands,  describe_commands, demo_commands,   record_commands, job_commands,
    reference_commands, migration_commands, account_commands,  mail_commands,   survey_commands, disclose_commands,
    figures_commands,   check_commands,     sirene_commands,   backup_commands, erase_commands,  NULL,
};

/* The command whose name is made of the first words; *words: how many. */
static const struct command *find_command(int argc, char **argv, int *words)
{
    char name[128] = "";
    for (*words = 1; *words < argc && *words <= 2; ++*words) {
        if (strlen(name) + strlen(argv[*words]) + 2 > sizeof name) return NULL;
        if (*name) strcat(name, " ");
        strcat(name, argv[*words]);
        for (const struct command *const *table = tables; *table; table++)
            for (const struct command *row = *table; row->name; row++)
                if (strcmp(row->name, name) == 0) return row;
    }
    return NULL;
}

/* Whether the command is one of several that begin with the same word: "user add". */
static bool is_of(const struct command *row, const char *group)
{
    const size_t length = strlen(group);
    return !length || (strncmp(row->name, group, length) == 0 && row->name[length] == ' ');
}

/* The word as a group of commands; "" when it is none. */
static const char *find_group(const char *word)
{
    for (const struct command *const *table = tables; *table; table++)
        for (const struct command *row = *table; row->name; row++)
            if (is_of(row, word)) return word;
    return "";
}

/* The commands of a group; all of them when it is "". */
static void print_commands(FILE *out, const char *group)
{
    fprintf(out, "Usage: maillage COMMAND [options]\n\n");
    for (const struct command *const *table = tables; *table; table++)
        for (const struct command *row = *table; row->name; row++)
            if (is_of(row, group)) fprintf(out, "  %-20s %s\n", row->name, row->summary);
    fprintf(out, "\nEach command has --help. Exit codes: 0 done, 1 usage, 2 bad input, 3 no answer, 4 our fault.\n");
}

int main(int argc, char **argv)
{
    int words = 0;
    const struct command *command = find_command(argc, argv, &words);
    /* Notes are for those who keep a server's log; who types a command reads its own words. */
    if (command != serve_commands) log_set_level(LOG_WARNING);
    if (command) return command->run(argc - words - 1, argv + words + 1);
    const bool help = argc > 1 && strcmp(argv[argc - 1], "--help") == 0;
    print_commands(help ? stdout : stderr, argc > 1 ? find_group(argv[1]) : "");
    return help ? 0 : 1;
}
