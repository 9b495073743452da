/* fuzz_text.c: cleaning and folding give valid text, and once is as good as twice. */
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/text/text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new();
    const char *text = (const char *)bytes;
    const char *clean = text_clean(arena, text, size);
    ENSURE((clean != NULL) == text_valid(text, size));
    if (clean) {
        ENSURE(text_valid(clean, strlen(clean)));
        ENSURE(strcmp(text_clean(arena, clean, strlen(clean)), clean) == 0);
    }
    const char *folded = text_fold(arena, arena_copy_bytes(arena, text, size));
    ENSURE(text_valid(folded, strlen(folded)));
    ENSURE(strcmp(text_fold(arena, folded), folded) == 0);
    ENSURE(text_stems(arena, folded).count <= text_words(arena, folded).count);
    arena_free(&arena);
    return 0;
}
