#include "platform/text/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/text/text_private.h"

/* Runs of combining marks beyond this are cut (Unicode Standard Annex 15, Stream-Safe Text Format): sorting them takes
 * quadratic time, and no language has so many. */
enum { MOST_MARKS = 30 };

size_t text_next(const unsigned char *bytes, size_t length, int32_t *code)
{
    if (bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    const utf8proc_ssize_t taken = utf8proc_iterate(bytes, (utf8proc_ssize_t)length, code);
    if (taken > 0) return (size_t)taken;
    *code = -1;
    return 1;
}

bool text_valid(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned char *end = at + length;
    while (at < end) {
        int32_t code;
        at += text_next(at, (size_t)(end - at), &code);
        if (code <= 0) return false;
    }
    return true;
}

size_t text_length(const char *text)
{
    size_t count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* Controls, marks that turn the direction of what surrounds a text, the byte order mark: none has a place in a field. */
static bool is_control(int32_t code)
{
    if (code < 0x20) return code != '\t' && code != '\n';
    if (code < 0x7f) return false;
    return code <= 0x9f || code == 0xfeff || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           (code >= 0xfff9 && code <= 0xfffb);
}

static bool is_space(int32_t code)
{
    if (code < 0x80) return code == ' ' || code == '\t' || code == '\n';
    return code == 0x200b || utf8proc_category(code) == UTF8PROC_CATEGORY_ZS ||
           utf8proc_category(code) == UTF8PROC_CATEGORY_ZL || utf8proc_category(code) == UTF8PROC_CATEGORY_ZP;
}

/* Below U+0300 every text is NFC already; so are the general punctuation marks that French uses. */
static bool may_change(int32_t code) { return code >= 0x300 && !(code >= 0x2002 && code <= 0x20cf); }

struct cleaning {
    char *text;    /* what is kept */
    size_t length; /* up to the last character that is not a space */
    bool normal;   /* is NFC as it stands */
};

/* Keeps what is to be kept; text has room for all bytes. False when they are not UTF-8 without NUL. */
static bool keep_characters(const unsigned char *at, size_t left, struct cleaning *cleaning)
{
    size_t used = 0;
    int marks = 0;
    while (left) {
        int32_t code;
        const size_t taken = text_next(at, left, &code);
        if (code <= 0) return false;
        marks = code >= 0x300 && utf8proc_get_property(code)->combining_class ? marks + 1 : 0;
        const bool space = is_space(code);
        if (!is_control(code) && marks <= MOST_MARKS && (used || !space)) {
            memcpy(cleaning->text + used, at, taken);
            used += taken;
            if (!space) cleaning->length = used;
            cleaning->normal = cleaning->normal && !may_change(code);
        }
        at += taken;
        left -= taken;
    }
    return true;
}

static const char *compose(struct arena *arena, const char *text, size_t length)
{
    utf8proc_uint8_t *composed = NULL;
    const utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &composed,
                                               UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (size < 0) fatal_memory(length);
    const char *copy = arena_copy_bytes(arena, (const char *)composed, (size_t)size);
    free(composed);
    return copy;
}

/* Most texts stay as they are: letters up to U+017F, figures, ASCII signs, the French apostrophe, no space at the ends. */
static bool is_plain(const unsigned char *at, size_t length)
{
    if (length && (at[0] <= ' ' || at[length - 1] <= ' ')) return false;
    for (size_t i = 0; i < length; i++) {
        if ((at[i] >= ' ' && at[i] < 0x7f) || at[i] == '\n' || at[i] == '\t') continue;
        if (at[i] >= 0xc3 && at[i] <= 0xc5 && i + 1 < length && (at[i + 1] & 0xc0) == 0x80)
            i++;
        else if (i + 2 < length && memcmp(at + i, "’", 3) == 0)
            i += 2;
        else
            return false;
    }
    return true;
}

const char *text_clean(struct arena *arena, const char *bytes, size_t length)
{
    if (is_plain((const unsigned char *)bytes, length)) return arena_copy_bytes(arena, bytes, length);
    struct cleaning cleaning = {.text = arena_alloc(arena, length + 1), .normal = true};
    if (!keep_characters((const unsigned char *)bytes, length, &cleaning)) return NULL;
    cleaning.text[cleaning.length] = '\0';
    return cleaning.normal ? cleaning.text : compose(arena, cleaning.text, cleaning.length);
}
