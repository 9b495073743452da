#include "platform/language/language.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *code;
    const char *name;
} languages[LANGUAGES] = {
    [LANGUAGE_FRENCH] = {"fr", "Français"},
    [LANGUAGE_ENGLISH] = {"en", "English"},
};

const char *language_code(enum language language) { return languages[language].code; }

const char *language_name(enum language language) { return languages[language].name; }

bool language_find(const char *code, enum language *language)
{
    for (size_t i = 0; code && i < LANGUAGES; i++) {
        if (strcmp(code, languages[i].code) != 0) continue;
        *language = (enum language)i;
        return true;
    }
    return false;
}

/* The language of a range such as "fr-CA" or "EN"; LANGUAGES when the site has none. */
static enum language range_language(const char *range, size_t length)
{
    for (size_t i = 0; i < LANGUAGES; i++) {
        const size_t size = strlen(languages[i].code);
        if (length >= size && !strncasecmp(range, languages[i].code, size) && (length == size || range[size] == '-'))
            return (enum language)i;
    }
    return LANGUAGES;
}

int language_weight(const char *from, const char *to)
{
    const char *at = memmem(from, (size_t)(to - from), "q=", 2);
    if (!at) return 1000;
    at += 2;
    if (*at != '0') return 1000;
    int weight = 0;
    int unit = 100;
    if (++at < to && *at == '.')
        for (at++; at < to && isdigit((unsigned char)*at) && unit; at++, unit /= 10) weight += (*at - '0') * unit;
    return weight;
}

enum language language_accept(const char *header)
{
    enum language best = LANGUAGE_FRENCH;
    int best_weight = 0;
    for (const char *at = header ? header : ""; *at;) {
        at += strspn(at, ", \t");
        const char *end = at + strcspn(at, ",");
        const enum language language = range_language(at, strcspn(at, ";, \t"));
        const int weight = language_weight(at, end);
        if (language != LANGUAGES && weight > best_weight) {
            best = language;
            best_weight = weight;
        }
        at = end;
    }
    return best;
}
