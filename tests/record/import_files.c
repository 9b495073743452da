#include "tests/record/import_files.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/sheet/sheet.h"
#include "tests/check.h"

enum { TEXT_LIMIT = 64 * 1024 * 1024 };

static void remove_file(void *path) { unlink(path); }

static const char *file_of(struct arena *arena, const char *bytes, size_t length)
{
    char *path = arena_copy(arena, "/tmp/maillage-test-file-XXXXXX");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    arena_defer(arena, remove_file, path);
    for (size_t written = 0; written < length;) {
        const ssize_t got = write(file, bytes + written, length - written);
        assert_true(got > 0);
        written += (size_t)got;
    }
    close(file);
    return path;
}

const char *import_file(struct arena *arena, const char *text, const char *encoding)
{
    const size_t length = strlen(text);
    if (strcmp(encoding, "UTF-8") == 0) return file_of(arena, text, length);
    if (strcmp(encoding, "UTF-8 BOM") == 0)
        return file_of(arena, arena_print(arena, "\xEF\xBB\xBF%s", text), length + 3);
    iconv_t turned = iconv_open(encoding, "UTF-8");
    char *in = arena_copy(arena, text), *out = arena_alloc(arena, length * 2 + 4), *start = out;
    size_t left = length, room = length * 2 + 4;
    assert_true(turned != (iconv_t)-1);
    assert_true(iconv(turned, &in, &left, &out, &room) != (size_t)-1);
    iconv_close(turned);
    return file_of(arena, start, (size_t)(out - start));
}

const char *import_csv(struct arena *arena, const char *rows, char delimiter)
{
    struct buffer *out = buffer_new(arena, TEXT_LIMIT);
    bool begins = true;
    for (const char *at = rows; *at; at++) {
        if (begins) buffer_char(out, '"');
        begins = *at == '\n' || *at == '|';
        if (!begins)
            buffer_char(out, *at);
        else
            buffer_print(out, *at == '|' ? "\"%c" : "\"\r\n", delimiter);
    }
    assert_false(buffer_overflowed(out));
    return buffer_data(out);
}

static enum status to_buffer(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(context, bytes, length);
    return STATUS_OK;
}

const char *import_offers_xlsx(struct arena *arena, const struct offer_row *rows, size_t count)
{
    static const struct sheet_column columns[] = {{.name = "title"},
                                                  {.name = "Price", .type = CELL_NUMBER, .scale = 2},
                                                  {.name = "rate", .type = CELL_NUMBER, .scale = 1},
                                                  {.name = "Day", .type = CELL_DAY},
                                                  {.name = "open"},
                                                  {.name = "company"}};
    struct buffer *out = buffer_new(arena, TEXT_LIMIT);
    struct sheet_writer *writer = NULL;
    struct error error = {0};
    assert_int_equal(sheet_write_open(SHEET_XLSX, columns, 6, NULL, 0, to_buffer, out, &writer, &error), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        sheet_put_text(writer, rows[i].title);
        sheet_put_number(writer, rows[i].price);
        sheet_put_number(writer, rows[i].rate);
        sheet_put_day(writer, rows[i].day);
        sheet_put_text(writer, rows[i].open);
        sheet_put_text(writer, rows[i].company);
        assert_int_equal(sheet_end_row(writer, &error), STATUS_OK);
    }
    assert_int_equal(sheet_write_close(&writer, &error), STATUS_OK);
    return file_of(arena, buffer_data(out), buffer_length(out));
}
