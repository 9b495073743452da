#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "platform/csv/csv_private.h"

enum { WRITER_CAPACITY = 64 * 1024 };

struct csv_writer {
    struct csv_format format;
    csv_write_function *write;
    void *context;
    const char *path; /* of the file that csv_create opened; NULL otherwise */
    int file;
    int failure; /* errno of the first write that failed */
    bool failed;
    bool in_row;
    size_t used;
    char buffer[WRITER_CAPACITY];
};

static void flush(struct csv_writer *writer)
{
    if (!writer->failed && writer->used && !writer->write(writer->context, writer->buffer, writer->used)) {
        writer->failed = true;
        writer->failure = errno;
    }
    writer->used = 0;
}

static void put_bytes(struct csv_writer *writer, const char *bytes, size_t length)
{
    while (length) {
        if (writer->used == WRITER_CAPACITY) flush(writer);
        const size_t room = WRITER_CAPACITY - writer->used;
        const size_t part = length < room ? length : room;
        memcpy(writer->buffer + writer->used, bytes, part);
        writer->used += part;
        bytes += part;
        length -= part;
    }
}

struct csv_writer *csv_writer_new(struct arena *arena, const struct csv_format *format, csv_write_function *write,
                                  void *context)
{
    struct csv_writer *writer = ARENA_NEW(arena, struct csv_writer);
    writer->format = csv_format_complete(format);
    writer->write = write;
    writer->context = context;
    writer->file = -1;
    if (writer->format.byte_order_mark) put_bytes(writer, "\xef\xbb\xbf", 3);
    return writer;
}

static bool write_file(void *context, const void *bytes, size_t length)
{
    const struct csv_writer *writer = context;
    const char *at = bytes;
    while (length) {
        const ssize_t count = write(writer->file, at, length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        at += count;
        length -= (size_t)count;
    }
    return true;
}

static void close_file(void *context)
{
    struct csv_writer *writer = context;
    if (writer->file >= 0) close(writer->file);
    writer->file = -1;
}

enum status csv_create(struct arena *arena, const char *path, const struct csv_format *format,
                       struct csv_writer **writer, struct error *error)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) {
        error_set(error, STATUS_INPUT, N_("The file cannot be written: {1}."), strerror(errno));
        return error_at(error, path, 0, 0);
    }
    *writer = csv_writer_new(arena, format, write_file, NULL);
    (*writer)->context = *writer;
    (*writer)->file = file;
    (*writer)->path = arena_copy(arena, path);
    arena_defer(arena, close_file, *writer);
    return STATUS_OK;
}

static void put_delimiter(struct csv_writer *writer)
{
    if (writer->in_row) put_bytes(writer, &writer->format.delimiter, 1);
    writer->in_row = true;
}

static void put_quoted(struct csv_writer *writer, const char *before, const char *text)
{
    put_bytes(writer, "\"", 1);
    put_bytes(writer, before, strlen(before));
    for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
        put_bytes(writer, text, (size_t)(quote - text) + 1);
        put_bytes(writer, "\"", 1);
    }
    put_bytes(writer, text, strlen(text));
    put_bytes(writer, "\"", 1);
}

static void put_cell(struct csv_writer *writer, const char *text, bool guarded)
{
    const char special[] = {'"', '\n', '\r', writer->format.delimiter, '\0'};
    put_delimiter(writer);
    if (guarded || strpbrk(text, special))
        put_quoted(writer, guarded ? "'" : "", text);
    else
        put_bytes(writer, text, strlen(text));
}

bool csv_would_run(const char *text)
{
    text += strspn(text, "'");
    return *text && strchr("=+-@\t\r", *text);
}

void csv_put_text(struct csv_writer *writer, const char *text)
{
    put_cell(writer, text, writer->format.guard_formulas && csv_would_run(text));
}

void csv_put_unguarded(struct csv_writer *writer, const char *text) { put_cell(writer, text, false); }

static int print_integer(char *text, int64_t value)
{
    char digits[24];
    int count = 0, length = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do digits[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) text[length++] = '-';
    while (count) text[length++] = digits[--count];
    return length;
}

/* printf follows the locale for the point. */
static void plain_point(char *text, int length)
{
    char *comma = memchr(text, ',', (size_t)length);
    if (comma) *comma = '.';
}

void csv_put_real(struct csv_writer *writer, double value)
{
    char text[40];
    int length = 0;
    put_delimiter(writer);
    if (!isfinite(value)) return;
    if (fabs(value) < 1e15 && value == (double)(int64_t)value) {
        length = print_integer(text, (int64_t)value);
    } else {
        double again = 0;
        for (int digits = 15; digits <= 17; digits++) {
            length = snprintf(text, sizeof text, "%.*g", digits, value);
            plain_point(text, length);
            if (csv_parse_real(text, (size_t)length, &again) && again == value) break;
        }
    }
    put_bytes(writer, text, (size_t)length);
}

void csv_put_integer(struct csv_writer *writer, int64_t value)
{
    char text[24];
    put_delimiter(writer);
    put_bytes(writer, text, (size_t)print_integer(text, value));
}

void csv_end_row(struct csv_writer *writer)
{
    if (writer->format.crlf)
        put_bytes(writer, "\r\n", 2);
    else
        put_bytes(writer, "\n", 1);
    writer->in_row = false;
}

enum status csv_finish(struct csv_writer *writer, struct error *error)
{
    flush(writer);
    if (writer->file >= 0 && close(writer->file) != 0 && !writer->failed) {
        writer->failed = true;
        writer->failure = errno;
    }
    writer->file = -1;
    if (!writer->failed) return STATUS_OK;
    error_set(error, STATUS_FAULT, N_("Writing failed: {1}."), strerror(writer->failure));
    return error_at(error, writer->path, 0, 0);
}
