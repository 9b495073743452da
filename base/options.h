/* options.h: the words after a command, read by a table that is also its --help. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* OPTION_FILE: the name of a file of options (base/config.h); a text, but no key of that file. */
enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER, OPTION_REAL, OPTION_LIST, OPTION_FILE };

enum { OPTION_LIST_MOST = 64 };

/* What a repeated option gathered. */
struct option_list {
    const char *values[OPTION_LIST_MOST];
    size_t count;
    bool from_file; /* the next value replaces them all */
};

struct option_row {
    const char *name;     /* "db" for --db; NULL for a positional argument, taken in order */
    const char *argument; /* what stands in the help for its value: "FILE"; NULL for a flag */
    const char *help;     /* one line */
    enum option_type type;
    bool required;
    void *target;        /* bool, const char *, int64_t, double or struct option_list, by type; holds the default */
    const char *section; /* begins a part of a file of options (base/config.h); NULL: goes on with the one before */
};

/* A command of the command line: one row. run gets the words after the command's name. */
struct command {
    const char *name;    /* "serve", or "survey calibrate" */
    const char *summary; /* one line */
    int (*run)(int argc, char **argv);
};

/* Reads argv (the words after the command's name; --name VALUE or --name=VALUE; -- ends the options) into the
 * targets. rows ends with a row whose target is NULL. STATUS_INPUT with a message that names the option. */
enum status options_read(int argc, char **argv, const struct option_row *rows, struct error *error);

/* Puts a value in the row's target, as one on the command line. */
enum status options_set(const struct option_row *row, const char *value, struct error *error);

/* The usual opening of a command: on --help prints the usage and gives 0; on wrong words prints what is wrong
 * on standard error and gives 1 (usage); else reads them and gives -1: go on. */
int options_start(const struct command *command, int argc, char **argv, const struct option_row *rows);

/* The usual end: on an error, describes it on standard error; gives the exit code. */
int options_end(enum status status, const struct error *error);

#endif
