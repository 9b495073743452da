/* fuzz_http_parameters.c: queries and urlencoded forms: what is accepted is clean, and is accepted again once encoded anew. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/http/parameters_private.h"
#include "tests/fuzz/fuzz.h"

static void check_clean(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_copy_bytes(arena, text, length);
    ENSURE(strlen(text) == length);
    ENSURE(http_text_clean(copy, length) == (int64_t)length && memcmp(copy, text, length) == 0);
}

static void check_again(struct arena *arena, const struct http_parameters *parameters)
{
    struct buffer *form = buffer_new(arena, 1 << 24);
    struct http_parameters again;
    for (size_t i = 0; i < parameters->count; i++)
        buffer_print(form, "%s%s=%s", i ? "&" : "", http_encode(arena, parameters->items[i].name),
                     http_encode(arena, parameters->items[i].value));
    ENSURE(http_parameters_parse(arena, buffer_data(form), buffer_length(form), &again, NULL) == STATUS_OK);
    ENSURE(again.count == parameters->count);
    for (size_t i = 0; i < again.count; i++) ENSURE(strcmp(again.items[i].value, parameters->items[i].value) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct http_parameters parameters;
    struct error error;
    if (http_parameters_parse(arena, (const char *)bytes, size, &parameters, &error) == STATUS_OK) {
        for (size_t i = 0; i < parameters.count; i++) {
            check_clean(arena, parameters.items[i].name, strlen(parameters.items[i].name));
            check_clean(arena, parameters.items[i].value, parameters.items[i].length);
        }
        check_again(arena, &parameters);
    }
    arena_free(&arena);
    return 0;
}
