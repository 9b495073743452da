/* fuzz_csv.c: the strict CSV reader, with each delimiter. */
#include "base/arena.h"
#include "platform/csv/csv.h"
#include "tests/fuzz/fuzz.h"

static void read_all(const uint8_t *bytes, size_t size, char delimiter)
{
    struct arena *arena = arena_new();
    const struct csv_format format = {.delimiter = delimiter, .most_columns = 64, .most_cell_bytes = 1000};
    struct csv_reader *reader = csv_open_bytes(arena, "input", bytes, size, &format);
    const struct csv_row *row = NULL;
    struct error error;
    size_t sum = 0;
    while (csv_next(reader, &row, &error) == STATUS_OK && row)
        for (size_t i = 0; i < row->count; i++) sum += (unsigned char)row->cells[i].text[row->cells[i].length];
    if (sum) __builtin_trap();
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    read_all(bytes, size, csv_guess_delimiter((const char *)bytes, size));
    read_all(bytes, size, ',');
    return 0;
}
