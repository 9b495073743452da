#include "platform/http/parameters_private.h"

#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"

static int hexadecimal(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

int64_t http_percent_decode(char *text, size_t length, bool plus_is_space)
{
    size_t out = 0;
    for (size_t at = 0; at < length; at++) {
        char byte = text[at];
        if (byte == '%') {
            const int high = at + 2 < length ? hexadecimal(text[at + 1]) : -1;
            const int low = high >= 0 ? hexadecimal(text[at + 2]) : -1;
            if (low < 0) return -1;
            byte = (char)(high * 16 + low);
            at += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        text[out++] = byte;
    }
    if (out < length) text[out] = '\0';
    return (int64_t)out;
}

static bool is_control(utf8proc_int32_t character)
{
    return (character < 0x20 && character != '\t' && character != '\n') || (character >= 0x7f && character <= 0x9f);
}

/* Bytes of the character at text + at, 0 when it is not accepted. */
static size_t character_at(const char *text, size_t at, size_t length)
{
    const unsigned char byte = (unsigned char)text[at];
    if (byte >= 0x20 && byte < 0x7f) return 1;
    utf8proc_int32_t character;
    const utf8proc_ssize_t bytes =
        utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(length - at), &character);
    return bytes <= 0 || is_control(character) ? 0 : (size_t)bytes;
}

int64_t http_text_clean(char *text, size_t length)
{
    size_t out = 0;
    for (size_t at = 0; at < length;) {
        if (text[at] == '\r') {
            at += at + 1 < length && text[at + 1] == '\n' ? 2 : 1;
            text[out++] = '\n';
            continue;
        }
        const size_t bytes = character_at(text, at, length);
        if (!bytes) return -1;
        if (out != at) memmove(text + out, text + at, bytes);
        out += bytes;
        at += bytes;
    }
    if (out < length) text[out] = '\0';
    return (int64_t)out;
}

enum status http_text_refused(struct error *error)
{
    return error_set(
        error, STATUS_INPUT,
        N_("The form or the address holds text that cannot be read (it is not UTF-8, or has control characters)."));
}

enum status http_fields_refused(struct error *error)
{
    return error_set(error, STATUS_LIMIT, N_("There are too many fields in the form or in the address."));
}

static int64_t decode_and_clean(char *text)
{
    const int64_t length = http_percent_decode(text, strlen(text), true);
    return length < 0 ? -1 : http_text_clean(text, (size_t)length);
}

static enum status parameter_read(char *pair, struct http_parameter *parameter, struct error *error)
{
    char *value = pair;
    char *name = strsep(&value, "=");
    if (!value) value = name + strlen(name);
    const int64_t length = decode_and_clean(value);
    if (decode_and_clean(name) < 0 || length < 0) return http_text_refused(error);
    *parameter = (struct http_parameter){.name = name, .value = value, .length = (size_t)length};
    return STATUS_OK;
}

static size_t count_pairs(const char *text, size_t length)
{
    size_t count = 1;
    for (size_t at = 0; at < length; at++) count += text[at] == '&';
    return count;
}

enum status http_parameters_parse(struct arena *arena, const char *text, size_t length,
                                  struct http_parameters *parameters, struct error *error)
{
    *parameters = (struct http_parameters){0};
    if (!length) return STATUS_OK;
    if (memchr(text, '\0', length)) return http_text_refused(error);
    const size_t pairs = count_pairs(text, length);
    if (pairs > PARAMETERS_MOST) return http_fields_refused(error);
    struct http_parameter *items = ARENA_ARRAY(arena, pairs, struct http_parameter);
    size_t count = 0;
    for (char *rest = arena_copy_bytes(arena, text, length); rest;) {
        char *pair = strsep(&rest, "&");
        if (!*pair) continue;
        const enum status status = parameter_read(pair, &items[count++], error);
        if (status != STATUS_OK) return status;
    }
    *parameters = (struct http_parameters){.items = items, .count = count};
    return STATUS_OK;
}
