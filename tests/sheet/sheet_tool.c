/* sheet_tool: reads and writes tables for test_sheet_judges, which compares with openpyxl.
 *   read FILE [SHEET]      rows as lines, cells parted by U+001F, the header first
 *   write xlsx|csv FILE N  N rows of made values */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/sheet/sheet.h"

static int tell(const struct error *error)
{
    char text[600];
    error_describe(error, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return error_exit_code(error->status);
}

static void print_row(const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) printf("%s%s", i ? "\x1f" : "", cells[i]);
    putchar('\x1e');
}

static int read_table(const char *path, const char *sheet)
{
    struct sheet_reader *reader = NULL;
    struct error error = {0};
    const char *const *cells = NULL;
    if (sheet_open(path, sheet, NULL, &reader, &error)) return tell(&error);
    const size_t count = sheet_columns(reader, &cells);
    print_row(cells, count);
    while (sheet_next(reader, &cells, NULL)) print_row(cells, count);
    const enum status status = sheet_fault(reader, &error);
    sheet_close(&reader);
    return status ? tell(&error) : 0;
}

static enum status to_file(void *context, const char *bytes, size_t length, struct error *error)
{
    return fwrite(bytes, 1, length, context) == length ? STATUS_OK : error_set(error, STATUS_FAULT, "full");
}

static int write_table(enum sheet_type type, const char *path, int64_t rows)
{
    static const struct sheet_column columns[] = {{"Nom", CELL_TEXT, 0},       {"Entier", CELL_NUMBER, 0},
                                                  {"Montant", CELL_NUMBER, 2}, {"Jour", CELL_DAY, 0},
                                                  {"Heure", CELL_MOMENT, 0},   {"Lien", CELL_LINK, 0}};
    static const char *const notes[] = {"Source", "Maillage", "Date", "22 novembre 2026"};
    struct sheet_writer *writer = NULL;
    struct error error = {0};
    FILE *file = fopen(path, "wb");
    if (!file || sheet_write_open(type, columns, 6, notes, 2, to_file, file, &writer, &error)) return tell(&error);
    for (int64_t row = 0; row < rows; row++) {
        char text[80];
        snprintf(text, sizeof text, "=Société « n° %" PRId64 " » _x0041_ \x01 <&>", row);
        sheet_put_text(writer, text);
        sheet_put_number(writer, row * 7919 - 1000);
        sheet_put_number(writer, row * 12345 - 10);
        sheet_put_day(writer, row * 37 % 50000 - 20000);
        sheet_put_moment(writer, ((row * 37 % 50000 + 1) * 1440 + row) * 60000, 3600000);
        snprintf(text, sizeof text, "https://example.org/%" PRId64, row);
        sheet_put_text(writer, row % 3 ? text : NULL);
        if (sheet_end_row(writer, &error)) break;
    }
    if (error.status || sheet_write_close(&writer, &error)) return tell(&error);
    return fclose(file) ? 4 : 0;
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "read") == 0) return read_table(argv[2], argc > 3 ? argv[3] : NULL);
    if (argc == 5 && strcmp(argv[1], "write") == 0)
        return write_table(strcmp(argv[2], "xlsx") == 0 ? SHEET_XLSX : SHEET_CSV_SEMICOLON, argv[3],
                           strtoll(argv[4], NULL, 10));
    fputs("read FILE [SHEET] | write xlsx|csv FILE N\n", stderr);
    return 1;
}
