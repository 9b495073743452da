#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

enum { LINE_SIZE = 2048 };

static enum log_level threshold = LOG_NOTE;

void log_set_level(enum log_level level) { threshold = level; }

static void replace_controls(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) *text = '?';
}

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "note", "warning", "fault"};
    if (level < threshold) return;
    char now[32], details[LINE_SIZE - 128], line[LINE_SIZE];
    time_format(time_now(), now);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(details, sizeof details, format, arguments);
    va_end(arguments);
    replace_controls(details);
    const int length = snprintf(line, sizeof line, "%s %s %s %s\n", now, names[level], event, details);
    if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0) return;
}
