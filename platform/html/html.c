#include "platform/html/html.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/html/template.h"
#include "platform/http/http.h"

enum { MOST_PATH_ARGUMENTS = 6 };

struct html html_new(struct arena *arena, enum language language, const struct http_request *request, size_t limit)
{
    return (struct html){.out = buffer_new(arena, limit), .arena = arena, .language = language, .request = request};
}

static const char *escape_of(char character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void html_text(struct html *html, const char *text)
{
    if (!text) return;
    for (const char *at = text; *at;) {
        const size_t plain = strcspn(at, "&<>\"'");
        buffer_add(html->out, at, plain);
        at += plain;
        if (*at) buffer_text(html->out, escape_of(*at++));
    }
}

void html_number(struct html *html, int64_t number) { buffer_print(html->out, "%" PRId64, number); }

void html_markup(struct html *html, struct markup markup) { buffer_add(html->out, markup.html, markup.length); }

struct markup html_finish(struct html *html)
{
    return (struct markup){.html = buffer_data(html->out), .length = buffer_length(html->out)};
}

void html_open(struct html *html)
{
    ENSURE(html->depth < HTML_NESTING);
    html->opened[html->depth++] = buffer_length(html->out);
}

struct markup html_close(struct html *html)
{
    ENSURE(html->depth > 0);
    const size_t start = html->opened[--html->depth];
    const size_t length = buffer_length(html->out) - start;
    const struct markup part = {.html = arena_copy_bytes(html->arena, buffer_data(html->out) + start, length),
                                .length = length};
    buffer_cut(html->out, start);
    return part;
}

/* Length of the scheme before ':', 0 when the address has none (RFC 3986, section 3.1). */
static size_t scheme_length(const char *url)
{
    const size_t length = strcspn(url, ":/?#");
    return url[length] == ':' ? length : 0;
}

bool html_url_allowed(const char *url)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    for (const char *at = url; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == '\\' || *at == 0x7f) return false;
    const size_t length = scheme_length(url);
    if (!length) return url[0] != ':' && strncmp(url, "//", 2) != 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strlen(schemes[i]) == length && !strncasecmp(url, schemes[i], length)) return true;
    return false;
}

void html_url(struct html *html, const char *url) { html_text(html, url && html_url_allowed(url) ? url : "#"); }

/* One segment of a path: all but RFC 3986's unreserved characters as %XX. */
static void write_segment(struct html *html, const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (const char *at = text; *at; at++) {
        if (strchr(unreserved, *at))
            buffer_char(html->out, *at);
        else
            buffer_print(html->out, "%%%02X", (unsigned)(unsigned char)*at);
    }
}

static void write_path(struct html *html, const char *pattern, const char *const *arguments, size_t count)
{
    for (const char *at = pattern; *at; at++) {
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '0' + MOST_PATH_ARGUMENTS && at[2] == '}') {
            const size_t which = (size_t)(at[1] - '1');
            if (which < count) write_segment(html, arguments[which]);
            at += 2;
        } else {
            html_text(html, (const char[]){*at, '\0'});
        }
    }
}

void html_path(struct html *html, const char *pattern, ...)
{
    if (!pattern || pattern[0] != '/' || !html_url_allowed(pattern)) {
        html_text(html, "#");
        return;
    }
    const char *arguments[MOST_PATH_ARGUMENTS];
    size_t count = 0;
    va_list list;
    va_start(list, pattern);
    for (const char *argument; count < MOST_PATH_ARGUMENTS && (argument = va_arg(list, const char *)) != NULL;)
        arguments[count++] = argument;
    va_end(list);
    buffer_print(html->out, "/%s", language_code(html->language));
    if (strcmp(pattern, "/") != 0)
        write_path(html, pattern, arguments, count);
    else
        buffer_char(html->out, '/');
}

void html_csrf(struct html *html)
{
    const char *token = html->request ? html->request->csrf : NULL;
    buffer_text(html->out, "<input type=\"hidden\" name=\"csrf\" value=\"");
    html_text(html, token);
    buffer_text(html->out, "\">");
}
