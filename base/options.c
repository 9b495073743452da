#include "base/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row *find_option(const struct option_row *rows, const char *name, size_t length)
{
    for (; rows->target; rows++)
        if (rows->name && strlen(rows->name) == length && strncmp(rows->name, name, length) == 0) return rows;
    return NULL;
}

static const struct option_row *find_positional(const struct option_row *rows, size_t index)
{
    for (; rows->target; rows++)
        if (!rows->name && index-- == 0) return rows;
    return NULL;
}

static enum status read_number(const struct option_row *row, const char *value, struct error *error)
{
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(value, &end, 10);
    if (errno || !*value || *end)
        return error_field(error, STATUS_INPUT, row->name ? row->name : row->argument, "{1} is not a whole number.",
                           value);
    *(int64_t *)row->target = number;
    return STATUS_OK;
}

static enum status read_real(const struct option_row *row, const char *value, struct error *error)
{
    char *end = NULL;
    const double number = strtod(value, &end);
    if (!*value || *end)
        return error_field(error, STATUS_INPUT, row->name ? row->name : row->argument, "{1} is not a number.", value);
    *(double *)row->target = number;
    return STATUS_OK;
}

static enum status read_list(const struct option_row *row, const char *value, struct error *error)
{
    struct option_list *list = row->target;
    if (list->from_file) *list = (struct option_list){.count = 0};
    if (list->count == OPTION_LIST_MOST)
        return error_field(error, STATUS_LIMIT, row->name ? row->name : row->argument, "It is given too many times.");
    list->values[list->count++] = value;
    return STATUS_OK;
}

enum status options_set(const struct option_row *row, const char *value, struct error *error)
{
    switch (row->type) {
    case OPTION_FLAG: *(bool *)row->target = true; return STATUS_OK;
    case OPTION_FILE:
    case OPTION_TEXT: *(const char **)row->target = value; return STATUS_OK;
    case OPTION_NUMBER: return read_number(row, value, error);
    case OPTION_REAL: return read_real(row, value, error);
    case OPTION_LIST: return read_list(row, value, error);
    }
    return STATUS_FAULT;
}

static enum status read_option(int argc, char **argv, int *at, const struct option_row *rows, bool *given,
                               struct error *error)
{
    const char *name = argv[*at] + 2;
    const char *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option_row *row = find_option(rows, name, length);
    if (!row) return error_set(error, STATUS_INPUT, "There is no option {1}.", argv[*at]);
    given[row - rows] = true;
    if (row->type == OPTION_FLAG) return options_set(row, NULL, error);
    if (equals) return options_set(row, equals + 1, error);
    if (*at + 1 >= argc)
        return error_field(error, STATUS_INPUT, row->name, "The option needs a value: {1}.", row->argument);
    return options_set(row, argv[++*at], error);
}

static enum status check_required(const struct option_row *rows, const bool *given, struct error *error)
{
    for (size_t i = 0; rows[i].target; i++)
        if (rows[i].required && !given[i])
            return error_set(error, STATUS_INPUT, "Missing: {1}{2}.", rows[i].name ? "--" : "",
                             rows[i].name ? rows[i].name : rows[i].argument);
    return STATUS_OK;
}

enum status options_read(int argc, char **argv, const struct option_row *rows, struct error *error)
{
    bool given[64] = {false};
    bool ended = false;
    size_t positional = 0;
    for (int at = 0; at < argc; at++) {
        enum status status = STATUS_OK;
        if (!ended && strcmp(argv[at], "--") == 0) {
            ended = true;
        } else if (!ended && strncmp(argv[at], "--", 2) == 0) {
            status = read_option(argc, argv, &at, rows, given, error);
        } else {
            const struct option_row *row = find_positional(rows, positional);
            if (!row) return error_set(error, STATUS_INPUT, "{1} is one word too many.", argv[at]);
            given[row - rows] = true;
            if (row->type != OPTION_LIST) positional++;
            status = options_set(row, argv[at], error);
        }
        if (status) return status;
    }
    return check_required(rows, given, error);
}

static void print_help(const struct command *command, const struct option_row *rows)
{
    printf("Usage: maillage %s", command->name);
    for (const struct option_row *row = rows; row->target; row++)
        if (!row->name) printf(row->required ? " %s" : " [%s]", row->argument);
    printf(" [options]\n\n%s\n\n", command->summary);
    for (const struct option_row *row = rows; row->target; row++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s %s", row->name ? "--" : "", row->name ? row->name : "",
                 row->argument ? row->argument : "");
        printf("  %-30s %s%s\n", left, row->help, row->required && row->name ? " (required)" : "");
    }
}

int options_start(const struct command *command, int argc, char **argv, const struct option_row *rows)
{
    struct error error;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") != 0) continue;
        print_help(command, rows);
        return 0;
    }
    if (options_read(argc, argv, rows, &error) == STATUS_OK) return -1;
    char text[1400];
    error_describe(&error, text, sizeof text);
    fprintf(stderr, "maillage %s: %s\nTry: maillage %s --help\n", command->name, text, command->name);
    return 1;
}

int options_end(enum status status, const struct error *error)
{
    if (status == STATUS_OK) return 0;
    char text[1400];
    error_describe(error, text, sizeof text);
    fprintf(stderr, "maillage: %s\n", text);
    return error_exit_code(status);
}
