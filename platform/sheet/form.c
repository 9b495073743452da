/* What a text file is: its encoding, the ends of its lines, its delimiter. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "platform/csv/csv.h"
#include "platform/sheet/sheet_private.h"

enum { HEAD_SIZE = 64 * 1024, LOOKED_AT_ROWS = 50 };

/* A count of what is and what is not UTF-8, chunk by chunk (Unicode 15, table 3-7). */
struct tally {
    unsigned char first, second; /* of the next byte: what it may be, when more are awaited */
    int awaited;
    int64_t sequences, wrong, nulls;
};

static void begin_sequence(struct tally *tally, unsigned char byte)
{
    tally->first = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    tally->second = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    if (byte >= 0xc2 && byte <= 0xf4)
        tally->awaited = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    else
        tally->wrong++;
}

static void count_byte(struct tally *tally, unsigned char byte)
{
    if (tally->awaited && byte >= tally->first && byte <= tally->second) {
        tally->first = 0x80;
        tally->second = 0xbf;
        if (--tally->awaited == 0) tally->sequences++;
        return;
    }
    if (tally->awaited) tally->wrong++;
    tally->awaited = 0;
    if (byte == 0) tally->nulls++;
    if (byte >= 0x80) begin_sequence(tally, byte);
}

static void count_bytes(struct tally *tally, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint64_t word;
        if (!tally->awaited && i + 8 <= length) {
            memcpy(&word, bytes + i, 8);
            /* No byte has its high bit, and none is zero (the second holds only where the first does). */
            if (!(word & 0x8080808080808080U) && !((word - 0x0101010101010101U) & 0x8080808080808080U)) {
                i += 8;
                continue;
            }
        }
        count_byte(tally, bytes[i++]);
    }
}

static enum status count_file(const char *path, struct tally *tally, unsigned char start[4], struct error *error)
{
    unsigned char bytes[HEAD_SIZE];
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? -1 : 0;
    memset(start, 0, 4);
    for (bool first = true; file >= 0; first = false) {
        count = read(file, bytes, sizeof bytes);
        if (count <= 0) break;
        if (first) memcpy(start, bytes, count < 4 ? (size_t)count : 4);
        count_bytes(tally, bytes, (size_t)count);
    }
    if (count < 0) error_set(error, STATUS_INPUT, N_("The file cannot be opened: {1}."), strerror(errno));
    if (file >= 0) close(file);
    return count < 0 ? error_at(error, path, 0, 0) : STATUS_OK;
}

/* A damaged UTF-8 file stays one: the damage is told, with its line, when it is read. */
static bool looks_like_utf8(const struct tally *tally, const unsigned char start[4])
{
    return !tally->wrong || memcmp(start, "\xef\xbb\xbf", 3) == 0 || tally->sequences > 10 * tally->wrong;
}

static enum status find_encoding(const char *path, enum text_encoding *encoding, struct error *error)
{
    struct tally tally = {0};
    unsigned char start[4];
    const enum status status = count_file(path, &tally, start, error);
    if (status) return status;
    if (tally.awaited) tally.wrong++;
    if (memcmp(start, "\xff\xfe", 2) == 0 || memcmp(start, "\xfe\xff", 2) == 0) {
        *encoding = start[0] == 0xff ? ENCODING_UTF16LE : ENCODING_UTF16BE;
        return STATUS_OK;
    }
    if (memcmp(start, "\xd0\xcf\x11\xe0", 4) == 0) {
        error_set(error, STATUS_INPUT,
                  N_("This is an old Excel file (.xls), or one protected by a password: save it as .xlsx without "
                     "password, or as CSV."));
        return error_at(error, path, 0, 0);
    }
    if (tally.nulls) {
        error_set(error, STATUS_INPUT, N_("This file is neither text nor a workbook: save the table as .xlsx or CSV."));
        return error_at(error, path, 0, 0);
    }
    *encoding = looks_like_utf8(&tally, start) ? ENCODING_UTF8 : ENCODING_WINDOWS_1252;
    return STATUS_OK;
}

/* How many of the first rows have the commonest number of cells (of two at least), under a delimiter. */
struct fit {
    size_t rows, width;
};

static struct fit measure(const char *head, size_t length, bool whole, char delimiter)
{
    size_t widths[LOOKED_AT_ROWS] = {0}, count = 0;
    struct arena *arena = arena_new();
    const struct csv_format format = {
        .delimiter = delimiter, .forgiving = true, .most_cell_bytes = HEAD_SIZE, .most_row_bytes = HEAD_SIZE};
    struct csv_reader *reader = csv_open_bytes(arena, "", head, length, &format);
    const struct csv_row *row = NULL;
    while (count < LOOKED_AT_ROWS && csv_next(reader, &row, NULL) == STATUS_OK && row) widths[count++] = row->count;
    if (count > 1 && count < LOOKED_AT_ROWS && !whole) count--; /* cut by the end of the head */
    arena_free(&arena);
    struct fit best = {0, 1};
    for (size_t i = 0; i < count; i++) {
        size_t rows = 0;
        for (size_t j = 0; j < count; j++) rows += widths[j] == widths[i];
        if (widths[i] > 1 && rows > best.rows) best = (struct fit){rows, widths[i]};
    }
    /* Prose of one comma a line under a heading without any is one column, not two. */
    if (best.width == 2 && widths[0] == 1) best.rows = 0;
    return best;
}

static char find_delimiter(const char *head, size_t length, bool whole)
{
    static const char candidates[] = {';', '\t', '|', ','};
    char delimiter = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        const struct fit fit = measure(head, length, whole, candidates[i]);
        if (fit.rows <= most) continue;
        most = fit.rows;
        delimiter = candidates[i];
    }
    return delimiter;
}

/* The first line that Excel understands: sep=; */
static bool says_separator(const char *head, size_t length, char *delimiter)
{
    if (length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) head += 3, length -= 3;
    if (length < 6 || memcmp(head, "sep=", 4) != 0 || (head[5] != '\n' && head[5] != '\r') || head[4] == '"')
        return false;
    if (head[4] < ' ' && head[4] != '\t') return false;
    *delimiter = head[4];
    return (unsigned char)head[4] < 0x80;
}

enum status text_examine(const char *path, struct text_form *form, struct error *error)
{
    *form = (struct text_form){0};
    enum status status = find_encoding(path, &form->encoding, error);
    if (status) return status;
    struct arena *arena = arena_new();
    struct text_stream *stream = NULL;
    status = text_stream_open(arena, path, form->encoding, false, &stream, error);
    if (!status) {
        char *head = arena_alloc(arena, HEAD_SIZE + 1);
        const ptrdiff_t count = text_stream_read(stream, head, HEAD_SIZE);
        const size_t length = count > 0 ? (size_t)count : 0;
        form->lone_returns = !memchr(head, '\n', length) && memchr(head, '\r', length);
        for (size_t i = 0; form->lone_returns && i < length; i++)
            if (head[i] == '\r') head[i] = '\n';
        form->says_separator = says_separator(head, length, &form->delimiter);
        if (!form->says_separator) form->delimiter = find_delimiter(head, length, text_stream_progress(stream) >= 1);
    }
    arena_free(&arena);
    return status;
}

const char *text_form_name(struct arena *arena, const struct text_form *form)
{
    static const char *const names[] = {"UTF-8", "UTF-16", "UTF-16", "Windows-1252"};
    const char delimiter[] = {form->delimiter, '\0'};
    return arena_print(arena, "%s, %s", names[form->encoding], form->delimiter == '\t' ? "tab" : delimiter);
}
