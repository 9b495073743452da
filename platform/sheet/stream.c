#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "platform/sheet/sheet_private.h"

enum { RAW_SIZE = 64 * 1024 };

struct text_stream {
    int file;
    enum text_encoding encoding;
    bool lone_returns;
    int64_t size, taken;
    unsigned high; /* a UTF-16 surrogate that waits for its other half; 0: none */
    size_t at, filled;
    unsigned char raw[RAW_SIZE];
};

static void close_stream(void *context)
{
    const struct text_stream *stream = context;
    close(stream->file);
}

enum status text_stream_open(struct arena *arena, const char *path, enum text_encoding encoding, bool lone_returns,
                             struct text_stream **stream, struct error *error)
{
    struct stat about;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0 || S_ISDIR(about.st_mode)) {
        error_set(error, STATUS_INPUT, N_("The file cannot be opened: {1}."), strerror(file < 0 ? errno : EISDIR));
        if (file >= 0) close(file);
        return error_at(error, path, 0, 0);
    }
    *stream = ARENA_NEW(arena, struct text_stream);
    (*stream)->file = file;
    (*stream)->encoding = encoding;
    (*stream)->lone_returns = lone_returns;
    (*stream)->size = about.st_size;
    arena_defer(arena, close_stream, *stream);
    return STATUS_OK;
}

double text_stream_progress(const struct text_stream *stream)
{
    return stream->size > 0 ? (double)stream->taken / (double)stream->size : 1;
}

/* Windows-1252 where it differs from Latin-1 (WHATWG Encoding Standard, index windows-1252, which keeps the five unassigned bytes as C1
 * controls; here they become U+FFFD). */
static unsigned from_windows(unsigned char byte)
{
    static const unsigned short upper[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                             0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
                                             0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                             0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
    return byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : byte;
}

static size_t encode(unsigned point, char *out)
{
    if (point < 0x80) return out[0] = (char)point, 1;
    const size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length - 1; i > 0; i--, point >>= 6) out[i] = (char)(0x80 | (point & 0x3f));
    out[0] = (char)(first[length] | point);
    return length;
}

/* One UTF-16 unit: the point that it completes, in at most six bytes (an unpaired surrogate before it is U+FFFD); 0 while half is awaited. */
static size_t take_unit(struct text_stream *stream, unsigned unit, char *out)
{
    const bool low = unit >= 0xdc00 && unit < 0xe000;
    size_t length = 0;
    if (stream->high && low) {
        length = encode(0x10000 + ((stream->high - 0xd800) << 10) + (unit - 0xdc00), out);
        stream->high = 0;
        return length;
    }
    if (stream->high) length = encode(0xfffd, out);
    stream->high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
    if (stream->high) return length;
    return length + encode(low ? 0xfffd : unit, out + length);
}

/* Decodes what stands in raw, as far as out has room; leaves half a unit for the next time. */
static size_t decode(struct text_stream *stream, char *out, size_t size)
{
    const bool wide = stream->encoding == ENCODING_UTF16LE || stream->encoding == ENCODING_UTF16BE;
    const size_t step = wide ? 2 : 1;
    size_t length = 0;
    for (; stream->at + step <= stream->filled && length + 6 <= size; stream->at += step) {
        const unsigned char *raw = stream->raw + stream->at;
        if (stream->encoding == ENCODING_UTF16LE)
            length += take_unit(stream, raw[0] | (unsigned)raw[1] << 8, out + length);
        else if (wide)
            length += take_unit(stream, raw[1] | (unsigned)raw[0] << 8, out + length);
        else
            length += encode(from_windows(*raw), out + length);
    }
    return length;
}

static ptrdiff_t read_file(struct text_stream *stream, void *into, size_t size)
{
    ssize_t count;
    do count = read(stream->file, into, size);
    while (count < 0 && errno == EINTR);
    if (count > 0) stream->taken += count;
    return count;
}

static ptrdiff_t read_decoded(struct text_stream *stream, char *bytes, size_t size)
{
    size_t length = decode(stream, bytes, size);
    while (length + 6 <= size) {
        const size_t left = stream->filled - stream->at;
        memmove(stream->raw, stream->raw + stream->at, left);
        stream->at = 0;
        const ptrdiff_t count = read_file(stream, stream->raw + left, RAW_SIZE - left);
        stream->filled = left + (count > 0 ? (size_t)count : 0);
        if (count < 0) return count;
        if (count == 0) break;
        length += decode(stream, bytes + length, size - length);
    }
    return (ptrdiff_t)length;
}

ptrdiff_t text_stream_read(void *context, char *bytes, size_t size)
{
    struct text_stream *stream = context;
    const ptrdiff_t count =
        stream->encoding == ENCODING_UTF8 ? read_file(stream, bytes, size) : read_decoded(stream, bytes, size);
    if (!stream->lone_returns) return count;
    for (ptrdiff_t i = 0; i < count; i++)
        if (bytes[i] == '\r') bytes[i] = '\n';
    return count;
}
