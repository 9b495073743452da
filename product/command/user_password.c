/* user_password.c: a password from a file, from standard input, or typed without echo; never from the command line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "product/command/user_private.h"

enum { LINE_MOST = 1024 };

static enum status read_line(FILE *file, struct arena *arena, const char **password, struct error *error)
{
    char line[LINE_MOST];
    const char *got = fgets(line, sizeof line, file);
    if (got) line[strcspn(line, "\r\n")] = '\0';
    if (got && *line) *password = arena_copy(arena, line);
    explicit_bzero(line, sizeof line);
    return got && *password ? STATUS_OK : error_field(error, STATUS_INPUT, "password", "There is no password to read.");
}

static enum status ask(const char *prompt, struct arena *arena, const char **password, struct error *error)
{
    struct termios usual, silent;
    tcgetattr(STDIN_FILENO, &usual);
    silent = usual;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    fputs(prompt, stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    const enum status status = read_line(stdin, arena, password, error);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
    fputc('\n', stderr);
    return status;
}

static enum status ask_twice(struct arena *arena, const char **password, struct error *error)
{
    const char *again = NULL;
    enum status status = ask("Password: ", arena, password, error);
    if (status == STATUS_OK) status = ask("The same again: ", arena, &again, error);
    if (status == STATUS_OK && (!*password || !again || strcmp(*password, again) != 0))
        status = error_field(error, STATUS_INPUT, "password", "The two are not the same.");
    return status;
}

enum status user_read_password(struct arena *arena, const char *file, const char **password, struct error *error)
{
    *password = NULL;
    if (!file && isatty(STDIN_FILENO)) return ask_twice(arena, password, error);
    if (!file || strcmp(file, "-") == 0) return read_line(stdin, arena, password, error);
    FILE *opened = fopen(file, "re");
    if (!opened)
        return error_field(error, STATUS_INPUT, "password-file", "{1} cannot be read: {2}.", file, strerror(errno));
    const enum status status = read_line(opened, arena, password, error);
    fclose(opened);
    return status;
}
