/* import_files.h: files to import, for tests. */
#ifndef TESTS_RECORD_IMPORT_FILES_H
#define TESTS_RECORD_IMPORT_FILES_H

#include <stddef.h>

struct arena;

/* A file in the temporary folder with this text in that encoding ("UTF-8", "UTF-8 BOM", "UTF-16", "WINDOWS-1252"). Its path is of the arena,
 * and it is removed when the arena ends. */
const char *import_file(struct arena *arena, const char *text, const char *encoding);

/* The rows, "a|b|c" lines, as CSV with this delimiter, every cell quoted. */
const char *import_csv(struct arena *arena, const char *rows, char delimiter);

/* A table of offers as XLSX: title, price (scaled by 100), rate (by 10), day, open, company. */
struct offer_row {
    const char *title;
    long long price, rate, day;
    const char *open, *company;
};
const char *import_offers_xlsx(struct arena *arena, const struct offer_row *rows, size_t count);

#endif
