/* fuzz_url.c: what is put in an address or a text never leaves its quotes, and no address leads out of the site but by a scheme allowed. */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/html/html.h"
#include "platform/html/page_private.h"
#include "tests/fuzz/fuzz.h"

enum { LIMIT = 1 << 20 };

static const char *shown(struct arena *arena, void (*write)(struct html *html, const char *text), const char *text)
{
    struct html html = html_new(arena, LANGUAGE_FRENCH, NULL, LIMIT);
    write(&html, text);
    return html_finish(&html).html;
}

static void write_path(struct html *html, const char *text) { html_path(html, text, text, NULL); }
static void write_segment(struct html *html, const char *text) { html_path(html, "/{1}", text, NULL); }

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const themes[] = {"dark", "light", NULL};
    struct arena *arena = arena_new();
    const char *text = arena_copy_bytes(arena, (const char *)bytes, size);
    ENSURE(!strpbrk(shown(arena, html_text, text), "<>\"'"));
    const char *url = shown(arena, html_url, text);
    ENSURE(!strpbrk(url, "<>\"'\\ \t\n") && strncmp(url, "//", 2) != 0);
    ENSURE(strncasecmp(url, "javascript:", 11) != 0 && strncasecmp(url, "data:", 5) != 0);
    const char *path = shown(arena, write_path, text);
    ENSURE(strcmp(path, "#") == 0 || strncmp(path, "/fr/", 4) == 0);
    ENSURE(!strpbrk(path, "<>\"'"));
    const char *segment = shown(arena, write_segment, text);
    ENSURE(strncmp(segment, "/fr/", 4) == 0 && !strpbrk(segment + 4, "/?#<>\"'& "));
    ENSURE(strncmp(page_in_language(arena, text, LANGUAGE_ENGLISH), "/en", 3) == 0);
    const char *theme = page_cookie(text, "theme", themes);
    ENSURE(!theme || theme == themes[0] || theme == themes[1]);
    ENSURE(language_accept(text) < LANGUAGES);
    arena_free(&arena);
    return 0;
}
