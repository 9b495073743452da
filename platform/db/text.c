#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/db/db_private.h"

char *db_copy(const char *text)
{
    char *copy = strdup(text);
    if (!copy) fatal_memory(strlen(text) + 1);
    return copy;
}

/* Through the closing quote; a doubled quote is two quoted texts, which comes to the same. */
static size_t skip_quoted(const char *sql)
{
    const char *end = strchr(sql + 1, *sql);
    return end ? (size_t)(end - sql) + 1 : strlen(sql);
}

size_t db_text_skip(const char *sql)
{
    if (*sql == '\'' || *sql == '"') return skip_quoted(sql);
    if (sql[0] == '-' && sql[1] == '-') return strcspn(sql, "\n");
    if (sql[0] == '/' && sql[1] == '*') {
        const char *end = strstr(sql + 2, "*/");
        return end ? (size_t)(end - sql) + 2 : strlen(sql);
    }
    return 0;
}

char *db_text_number(const char *sql)
{
    char *copy = db_copy(sql);
    for (size_t at = 0; copy[at];) {
        const size_t skipped = db_text_skip(copy + at);
        if (!skipped && copy[at] == '$' && isdigit((unsigned char)copy[at + 1])) copy[at] = '?';
        at += skipped ? skipped : 1;
    }
    return copy;
}
