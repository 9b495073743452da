/* fuzz_config.c: a file of settings. */
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fatal.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *db = "here";
    int64_t guesses = 10;
    bool quiet = false;
    struct option_list proxies = {.count = 0};
    const struct option_row rows[] = {{"db", "ADDRESS", "a text", OPTION_TEXT, false, &db, NULL},
                                      {"guesses", "NUMBER", "a number", OPTION_NUMBER, false, &guesses, NULL},
                                      {"quiet", NULL, "a flag", OPTION_FLAG, false, &quiet, NULL},
                                      {"proxy", "ADDRESS", "a list", OPTION_LIST, false, &proxies, NULL},
                                      {.target = NULL}};
    struct arena *arena = arena_new();
    struct error error = {0};
    const enum status status = config_read(arena, "input", (const char *)bytes, size, rows, &error);
    ENSURE(status == STATUS_OK || (error.message && error.line > 0));
    ENSURE(*db && !strchr(db, '\n') && proxies.count <= OPTION_LIST_MOST);
    for (size_t i = 0; i < proxies.count; i++) ENSURE(*proxies.values[i]);
    arena_free(&arena);
    return 0;
}
