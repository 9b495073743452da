/* fuzz_markdown.c: whatever is written, the page gets only the elements that we write, balanced, and only addresses that we allow. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/html/html.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_NESTED = 4096 };

static const char *const elements[] = {"p",  "h3",     "h4", "h5",   "h6",  "ul",         "ol", "li",
                                       "em", "strong", "a",  "code", "pre", "blockquote", "br", "hr"};

static const char *element_at(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strlen(elements[i]) == length && !strncmp(elements[i], name, length)) return elements[i];
    return NULL;
}

static void check_address(const char *at, size_t length)
{
    char address[4096];
    ENSURE(length < sizeof address);
    memcpy(address, at, length);
    address[length] = '\0';
    ENSURE(!strpbrk(address, "<>\"'"));
    for (char *entity; (entity = strstr(address, "&amp;")) != NULL;)
        memmove(entity + 1, entity + 5, strlen(entity + 5) + 1);
    ENSURE(strcmp(address, "#") == 0 || html_url_allowed(address) || strstr(address, "&#39;") ||
           strstr(address, "&quot;"));
}

/* What stands between the name of an element and its ">". */
static void check_attributes(const char *name, const char *at, size_t length)
{
    static const char link[] = " rel=\"nofollow noopener\" href=\"";
    if (!length) return;
    if (strcmp(name, "a") == 0) {
        ENSURE(length >= sizeof link && !strncmp(at, link, sizeof link - 1) && at[length - 1] == '"');
        check_address(at + sizeof link - 1, length - sizeof link);
        return;
    }
    ENSURE(strcmp(name, "ol") == 0 && !strncmp(at, " start=\"", 8) && strspn(at + 8, "0123456789") == length - 9 &&
           at[length - 1] == '"');
}

static void check_markup(struct markup markup)
{
    const char *open[MOST_NESTED];
    size_t depth = 0;
    for (const char *at = markup.html; (at = strchr(at, '<')) != NULL;) {
        const bool closing = at[1] == '/';
        const char *name = at + 1 + closing;
        const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");
        const char *element = element_at(name, length);
        const char *end = strchr(name, '>');
        ENSURE(element && end);
        if (closing) {
            ENSURE(depth > 0 && open[--depth] == element && end == name + length);
        } else {
            check_attributes(element, name + length, (size_t)(end - name) - length);
            if (strcmp(element, "br") != 0 && strcmp(element, "hr") != 0) {
                ENSURE(depth < MOST_NESTED);
                open[depth++] = element;
            }
        }
        at = end;
    }
    ENSURE(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 1500) return 0;
    struct arena *arena = arena_new();
    const struct markup markup = html_markdown(arena, arena_copy_bytes(arena, (const char *)bytes, size));
    ENSURE(strlen(markup.html) == markup.length);
    check_markup(markup);
    arena_free(&arena);
    return 0;
}
