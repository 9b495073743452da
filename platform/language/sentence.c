#include "platform/language/language.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/language/language_private.h"

enum { MOST_ARGUMENTS = 6, MOST_SENTENCE_BYTES = 65536 };

static int compare_sentences(const void *key, const void *row)
{
    return strcmp(key, ((const struct sentence *)row)->english);
}

const char *language_text(enum language language, const char *english)
{
    if (!english) return "";
    if (language == LANGUAGE_ENGLISH) return english;
    const struct sentence *found =
        bsearch(english, language_sentences, language_sentence_count, sizeof *language_sentences, compare_sentences);
    return found ? found->french : english;
}

static const char *fill_in(struct arena *arena, const char *format, const char *const *arguments, size_t count)
{
    struct buffer *out = buffer_new(arena, MOST_SENTENCE_BYTES);
    for (const char *at = format; *at; at++) {
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '0' + MOST_ARGUMENTS && at[2] == '}') {
            const size_t which = (size_t)(at[1] - '1');
            if (which < count) buffer_text(out, arguments[which]);
            at += 2;
        } else {
            buffer_char(out, *at);
        }
    }
    return buffer_data(out);
}

const char *language_print(struct arena *arena, enum language language, const char *english, ...)
{
    const char *arguments[MOST_ARGUMENTS];
    size_t count = 0;
    va_list list;
    va_start(list, english);
    for (const char *argument; count < MOST_ARGUMENTS && (argument = va_arg(list, const char *)) != NULL;)
        arguments[count++] = argument;
    va_end(list);
    return fill_in(arena, language_text(language, english), arguments, count);
}

const char *language_plural(struct arena *arena, enum language language, int64_t number, const char *one,
                            const char *many)
{
    const bool singular = language == LANGUAGE_FRENCH ? number > -2 && number < 2 : number == 1 || number == -1;
    const char *figure = language_number(arena, language, number, 0);
    return fill_in(arena, language_text(language, singular ? one : many), &figure, 1);
}

const char *language_error(struct arena *arena, enum language language, const struct error *error)
{
    const char *arguments[ERROR_ARGUMENTS];
    for (size_t i = 0; i < ERROR_ARGUMENTS; i++) arguments[i] = error->arguments[i];
    return fill_in(arena, language_text(language, error->message), arguments, ERROR_ARGUMENTS);
}
