#include <pthread.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "platform/text/text.h"
#include "platform/text/text_private.h"

/* U+FDFA, the longest: 18 code points. */
enum { MOST_CODES = 32, MOST_BYTES = 4 };

/* Letters that Unicode does not take apart, as French, Polish, Danish or Turkish names are typed on another keyboard. */
static const struct {
    int32_t code;
    const char *plain;
} letters[] = {{0x0e6, "ae"}, {0x0f0, "d"}, {0x0f8, "o"},  {0x0fe, "th"}, {0x111, "d"}, {0x127, "h"},
               {0x131, "i"},  {0x142, "l"}, {0x153, "oe"}, {0x14b, "n"},  {0x167, "t"}};

struct folding {
    char *text;
    size_t used;
    size_t size;
    bool gap; /* a space is due before the next letter */
};

static void put_bytes(struct arena *arena, struct folding *folding, const char *bytes, size_t length)
{
    if (folding->used + length + 2 > folding->size) {
        char *larger = arena_alloc(arena, folding->size * 2 + length + 2);
        memcpy(larger, folding->text, folding->used);
        folding->text = larger;
        folding->size = folding->size * 2 + length + 2;
    }
    if (folding->gap && folding->used) folding->text[folding->used++] = ' ';
    folding->gap = false;
    memcpy(folding->text + folding->used, bytes, length);
    folding->used += length;
}

/* Letters and figures; the modifier letters that serve as apostrophes are neither. */
static bool is_word(int32_t code)
{
    if (code >= 0x2b9 && code <= 0x2bc) return false;
    const utf8proc_category_t category = utf8proc_category(code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static void put_code(struct arena *arena, struct folding *folding, int32_t code)
{
    if (!is_word(code)) {
        folding->gap = true;
        return;
    }
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i].code == code) {
            put_bytes(arena, folding, letters[i].plain, strlen(letters[i].plain));
            return;
        }
    }
    utf8proc_uint8_t bytes[MOST_BYTES];
    const utf8proc_ssize_t length = utf8proc_encode_char(code, bytes);
    put_bytes(arena, folding, (const char *)bytes, (size_t)length);
}

/* A character beyond ASCII: NFKD, case and marks removed, ignorable ones (soft hyphen, joiners) dropped. */
static void fold_code(struct arena *arena, struct folding *folding, int32_t code)
{
    utf8proc_int32_t parts[MOST_CODES];
    int last_class = 0;
    const utf8proc_option_t options =
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    const utf8proc_ssize_t count = utf8proc_decompose_char(code, parts, MOST_CODES, options, &last_class);
    for (utf8proc_ssize_t i = 0; i < count && i < MOST_CODES; i++) put_code(arena, folding, parts[i]);
}

/* What the letters of Latin alphabets become, worked out once: "" where a closer look is needed. */
enum { FIRST_LATIN = 0xc0, AFTER_LATIN = 0x180 };
static char latin[AFTER_LATIN - FIRST_LATIN][4];
static pthread_once_t latin_once = PTHREAD_ONCE_INIT;

static void fold_latin(void)
{
    struct arena *arena = arena_new();
    for (int32_t code = FIRST_LATIN; code < AFTER_LATIN; code++) {
        char text[64];
        struct folding folding = {.text = text, .size = sizeof text};
        fold_code(arena, &folding, code);
        if (!folding.gap && folding.used < sizeof *latin && !memchr(text, ' ', folding.used))
            memcpy(latin[code - FIRST_LATIN], text, folding.used);
    }
    arena_free(&arena);
}

static void put_letter(struct arena *arena, struct folding *folding, int32_t code)
{
    const char *plain = code >= FIRST_LATIN && code < AFTER_LATIN ? latin[code - FIRST_LATIN] : "";
    if (*plain)
        put_bytes(arena, folding, plain, strlen(plain));
    else
        fold_code(arena, folding, code);
}

static void fold_ascii(struct folding *folding, char character)
{
    if (character >= 'A' && character <= 'Z') character = (char)(character + ('a' - 'A'));
    if ((character < 'a' || character > 'z') && (character < '0' || character > '9')) {
        folding->gap = true;
        return;
    }
    if (folding->gap && folding->used) folding->text[folding->used++] = ' ';
    folding->gap = false;
    folding->text[folding->used++] = character;
}

const char *text_fold(struct arena *arena, const char *text)
{
    pthread_once(&latin_once, fold_latin);
    size_t left = strlen(text);
    struct folding folding = {.size = left + 3, .text = arena_alloc(arena, left + 3)};
    const unsigned char *at = (const unsigned char *)text;
    while (left) {
        int32_t code;
        const size_t taken = text_next(at, left, &code);
        if (code >= 0 && code < 0x80 && folding.used + 2 < folding.size)
            fold_ascii(&folding, (char)code);
        else if (code < 0)
            folding.gap = true;
        else
            put_letter(arena, &folding, code);
        at += taken;
        left -= taken;
    }
    folding.text[folding.used] = '\0';
    return folding.text;
}
