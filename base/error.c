#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct error *error, enum status status, const char *message, va_list arguments)
{
    memset(error, 0, sizeof *error);
    error->status = status;
    error->message = message;
    for (size_t i = 0; i < ERROR_ARGUMENTS; i++) {
        const char *argument = va_arg(arguments, const char *);
        if (!argument) return;
        snprintf(error->arguments[i], ERROR_ARGUMENT_SIZE, "%s", argument);
    }
}

enum status error_fill(struct error *error, enum status status, const char *message, ...)
{
    if (!error) return status;
    va_list arguments;
    va_start(arguments, message);
    fill(error, status, message, arguments);
    va_end(arguments);
    return status;
}

enum status error_fill_field(struct error *error, enum status status, const char *field, const char *message, ...)
{
    if (!error) return status;
    va_list arguments;
    va_start(arguments, message);
    fill(error, status, message, arguments);
    va_end(arguments);
    snprintf(error->field, sizeof error->field, "%s", field);
    return status;
}

enum status error_at(struct error *error, const char *file, int64_t line, int64_t column)
{
    if (!error) return STATUS_FAULT;
    snprintf(error->file, sizeof error->file, "%s", file ? file : "");
    error->line = line;
    error->column = column;
    return error->status;
}

void error_sentence(const struct error *error, const char *format, char *text, size_t size)
{
    size_t used = 0;
    for (const char *at = format; *at && used + 1 < size; at++) {
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '4' && at[2] == '}') {
            const char *argument = error->arguments[at[1] - '1'];
            const size_t length = strnlen(argument, size - used - 1);
            memcpy(text + used, argument, length);
            used += length;
            at += 2;
        } else {
            text[used++] = *at;
        }
    }
    if (size) text[used] = '\0';
}

void error_describe(const struct error *error, char *text, size_t size)
{
    char sentence[1024];
    char place[320] = "";
    error_sentence(error, error->message ? error->message : "", sentence, sizeof sentence);
    if (error->file[0] || error->line) {
        const char *file = error->file[0] ? error->file : "line";
        if (error->column)
            snprintf(place, sizeof place, "%s:%lld:%lld: ", file, (long long)error->line, (long long)error->column);
        else if (error->line)
            snprintf(place, sizeof place, "%s:%lld: ", file, (long long)error->line);
        else
            snprintf(place, sizeof place, "%s: ", file);
    }
    snprintf(text, size, "%s%s%s%s", place, error->field, error->field[0] ? ": " : "", sentence);
}

int error_exit_code(enum status status)
{
    switch (status) {
    case STATUS_OK: return 0;
    case STATUS_INPUT:
    case STATUS_DENIED:
    case STATUS_MISSING:
    case STATUS_CONFLICT:
    case STATUS_LIMIT: return 2;
    case STATUS_NONE: return 3;
    case STATUS_BUSY:
    case STATUS_FAULT: return 4;
    }
    return 4;
}
