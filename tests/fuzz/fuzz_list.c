/* fuzz_list.c: lists of codes in the project's own format, read and arranged. */
#include "base/arena.h"
#include "base/fatal.h"
#include "platform/vocabulary/list.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct list list;
    struct error error = {0};
    const enum status status = list_read_bytes(arena, "input", (const char *)bytes, size, &list, &error);
    ENSURE(status == STATUS_OK || error.message);
    for (size_t i = 0; status == STATUS_OK && i < list.row_count; i++)
        ENSURE(list.rows[i].code && list.rows[i].label_fr);
    arena_free(&arena);
    return 0;
}
