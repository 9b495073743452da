/* fuzz_multipart.c: the first line is the media type, the rest the body of a multipart form. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/http/parameters_private.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct http_parameter *item)
{
    ENSURE(item->name && item->value && item->value[item->length] == '\0');
    if (!item->filename)
        ENSURE(strlen(item->value) == item->length);
    else
        ENSURE(!strpbrk(item->filename, "/\\") && item->media_type);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new();
    const uint8_t *line_end = size ? memchr(bytes, '\n', size) : NULL;
    const size_t first = line_end ? (size_t)(line_end - bytes) : size;
    const char *boundary = http_multipart_boundary(arena, arena_copy_bytes(arena, (const char *)bytes, first));
    if (boundary && line_end) {
        struct http_parameters parameters;
        struct error error;
        char *body = arena_copy_bytes(arena, (const char *)line_end + 1, size - first - 1);
        if (http_multipart_parse(arena, body, size - first - 1, boundary, &parameters, &error) == STATUS_OK)
            for (size_t i = 0; i < parameters.count; i++) check(&parameters.items[i]);
    }
    arena_free(&arena);
    return 0;
}
