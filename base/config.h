/* config.h: options of a command kept in a file: `name = value`, one a line, by the same table as the words of the command line.
 *
 * A line that is empty or begins with # says nothing. A value goes to the end of its line, as it stands, without the spaces around it. A list
 * is written on several lines of the same name; anything else once. A flag is `yes` or `no`. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdio.h>

#include "base/options.h"

struct arena;

enum { CONFIG_BYTES = 64 * 1024 };

/* Reads the text into the rows' targets; values live in the arena. name: of the file, for errors. Rows without a name, and those whose
 * option must not stand in a file (OPTION_FILE), are no keys. What a list held before is forgotten; the first value that the command line
 * gives afterwards replaces the file's. STATUS_INPUT with file and line: an unknown or repeated name, no value, a control character. */
enum status config_read(struct arena *arena, const char *name, const char *text, size_t length,
                        const struct option_row *rows, struct error *error);

/* The same from a file of at most CONFIG_BYTES. */
enum status config_load(struct arena *arena, const char *file, const struct option_row *rows, struct error *error);

/* Writes a file that changes nothing: each name with its help and its default, commented out. */
void config_print(FILE *out, const struct option_row *rows);

/* The content of a file that holds a secret, without what ends its last line. A name without folder is that of a credential given by systemd
 * ($CREDENTIALS_DIRECTORY), when there is such a directory. STATUS_INPUT when it cannot be read, is empty or larger than 4 kB. */
enum status config_secret(struct arena *arena, const char *name, const char **secret, struct error *error);

#endif
