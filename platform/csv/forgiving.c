#include <string.h>

#include "platform/csv/csv_private.h"

/* A quote closes its cell when a delimiter or the end of the line follows; `end` counts as the latter. */
static bool closes(const char *after, const char *end, char delimiter)
{
    if (after < end && *after == '\r') after++;
    return after >= end || *after == delimiter || *after == '\n';
}

/* From within a quoted cell: its closing quote, or NULL. */
static char *find_closing_quote(char *at, const char *end, char delimiter)
{
    while ((at = memchr(at, '"', (size_t)(end - at)))) {
        if (at + 1 < end && at[1] == '"')
            at += 2;
        else if (closes(at + 1, end, delimiter))
            return at;
        else
            at++;
    }
    return NULL;
}

char *csv_forgiving_row_end(char *at, char *limit, char delimiter, bool ended, bool *open)
{
    *open = false;
    char *line = memchr(at, '\n', (size_t)(limit - at));
    if (line && !memchr(at, '"', (size_t)(line - at))) return line;
    for (bool begins = true; at < limit; at++) {
        if (*at == '\n') return at;
        if (begins && *at == '"') {
            char *quote = find_closing_quote(at + 1, limit, delimiter);
            *open = !quote;
            if (!quote) return ended ? limit : NULL;
            at = quote;
        }
        begins = *at == delimiter;
    }
    return ended ? limit : NULL;
}

/* Removes the doubled quotes in place; gives the length that remains. */
static size_t unquote(char *text, size_t length)
{
    char *to = text;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' && i + 1 < length && text[i + 1] == '"') i++;
        *to++ = text[i];
    }
    return (size_t)(to - text);
}

char *csv_forgiving_cell(char **at, char *end, char delimiter, size_t *length)
{
    if (*at < end && **at == '"') {
        char *text = ++*at;
        char *quote = find_closing_quote(text, end, delimiter);
        if (!quote) return NULL;
        *length = (size_t)(quote - text);
        if (memchr(text, '"', *length)) *length = unquote(text, *length);
        char *after = quote + 1;
        return after < end && *after == '\r' ? after + 1 : after;
    }
    char *stop = memchr(*at, delimiter, (size_t)(end - *at));
    if (!stop) stop = end;
    *length = (size_t)(stop - *at);
    return stop;
}
