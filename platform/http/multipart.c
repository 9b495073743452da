#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "platform/http/parameters_private.h"

enum { BOUNDARY_MOST = 70, PART_HEADERS_MOST = 4096 };

/* Where the reading of a body stands. */
struct multipart {
    struct arena *arena;
    char *at, *end;
    const char *delimiter; /* CR LF -- boundary */
    size_t delimiter_length;
    struct http_parameter *items;
    size_t count, room;
};

static enum status refuse(struct error *error)
{
    return error_set(error, STATUS_INPUT, N_("The form arrived damaged. Send it once more."));
}

/* A parameter of a header value: name="value" or name=value, in the arena; NULL when it is not there. Browsers write a quote within a
 * name as %22, so no backslash escapes are read (HTML standard, multipart/form-data encoding). */
static char *header_parameter(struct arena *arena, const char *value, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = strchr(value, ';'); at;) {
        at += 1 + strspn(at + 1, " \t");
        const bool found = strncasecmp(at, name, length) == 0 && at[length] == '=';
        at += strcspn(at, "=;\"");
        if (*at != '=') return NULL;
        const bool quoted = at[1] == '"';
        const char *start = at + 1 + quoted;
        const size_t size = strcspn(start, quoted ? "\"" : "; \t");
        at = start + size;
        if (quoted && *at++ != '"') return NULL;
        if (found) return arena_copy_bytes(arena, start, size);
        at += strspn(at, " \t");
        if (*at && *at != ';') return NULL;
        if (!*at) return NULL;
    }
    return NULL;
}

static bool has_type(const char *value, const char *type)
{
    const size_t length = strlen(type);
    return strncasecmp(value, type, length) == 0 && strchr("; \t", value[length]);
}

const char *http_multipart_boundary(struct arena *arena, const char *content_type)
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
    if (!has_type(content_type, "multipart/form-data")) return NULL;
    const char *boundary = header_parameter(arena, content_type, "boundary");
    if (!boundary) return NULL;
    const size_t length = strlen(boundary);
    const bool valid =
        length && length <= BOUNDARY_MOST && strspn(boundary, allowed) == length && boundary[length - 1] != ' ';
    return valid ? boundary : NULL;
}

/* What the headers of a part say. */
struct part {
    char *name, *filename;
    const char *media_type;
};

static enum status part_header(struct multipart *reading, char *line, struct part *part, struct error *error)
{
    char *value = line;
    const char *name = strsep(&value, ":");
    if (!value || !*name) return refuse(error);
    value += strspn(value, " \t");
    if (strcasecmp(name, "Content-Disposition") == 0) {
        if (part->name || !has_type(value, "form-data")) return refuse(error);
        part->name = header_parameter(reading->arena, value, "name");
        part->filename = header_parameter(reading->arena, value, "filename");
    } else if (strcasecmp(name, "Content-Type") == 0) {
        if (has_type(value, "multipart/mixed")) return refuse(error);
        part->media_type = arena_copy_bytes(reading->arena, value, strcspn(value, "; \t"));
    } else if (strcasecmp(name, "Content-Transfer-Encoding") == 0) {
        if (strcasecmp(value, "7bit") != 0 && strcasecmp(value, "8bit") != 0 && strcasecmp(value, "binary") != 0)
            return refuse(error);
    }
    return STATUS_OK;
}

/* Reads the header lines and the empty line after them. */
static enum status part_headers(struct multipart *reading, struct part *part, struct error *error)
{
    const size_t left = (size_t)(reading->end - reading->at);
    const char *limit = reading->at + (left < PART_HEADERS_MOST ? left : PART_HEADERS_MOST);
    for (;;) {
        char *line_end = memmem(reading->at, (size_t)(limit - reading->at), "\r\n", 2);
        if (!line_end) return refuse(error);
        char *line = reading->at;
        reading->at = line_end + 2;
        if (line == line_end) return part->name ? STATUS_OK : refuse(error);
        *line_end = '\0';
        if (strlen(line) != (size_t)(line_end - line) || http_text_clean(line, strlen(line)) < 0) return refuse(error);
        const enum status status = part_header(reading, line, part, error);
        if (status != STATUS_OK) return status;
    }
}

/* %22, %0D and %0A are the three escapes that browsers write into names; nothing else is decoded. */
static void name_decode(char *name)
{
    char *out = name;
    for (const char *at = name; *at; at++) {
        if (strncasecmp(at, "%22", 3) == 0) {
            *out++ = '"';
            at += 2;
        } else if (strncasecmp(at, "%0D", 3) == 0 || strncasecmp(at, "%0A", 3) == 0) {
            *out++ = ' ';
            at += 2;
        } else {
            *out++ = *at;
        }
    }
    *out = '\0';
}

/* The name without the folders that some browsers send. */
static const char *file_name(char *filename)
{
    name_decode(filename);
    const char *name = filename;
    for (const char *at = filename; *at; at++)
        if (*at == '/' || *at == '\\') name = at + 1;
    return name;
}

static struct http_parameter *item_add(struct multipart *reading)
{
    if (reading->count == reading->room) {
        const size_t room = reading->room ? reading->room * 2 : 16;
        struct http_parameter *items = ARENA_ARRAY(reading->arena, room, struct http_parameter);
        if (reading->count) memcpy(items, reading->items, reading->count * sizeof *items);
        reading->items = items;
        reading->room = room;
    }
    return &reading->items[reading->count++];
}

static enum status part_keep(struct multipart *reading, struct part *part, char *content, size_t length,
                             struct error *error)
{
    if (part->filename && !*part->filename && !length) return STATUS_OK;
    if (reading->count == PARAMETERS_MOST) return http_fields_refused(error);
    int64_t clean = (int64_t)length;
    if (!part->filename) clean = http_text_clean(content, length);
    if (clean < 0) return http_text_refused(error);
    name_decode(part->name);
    struct http_parameter *item = item_add(reading);
    *item = (struct http_parameter){.name = part->name, .value = content, .length = (size_t)clean};
    if (part->filename) {
        item->filename = file_name(part->filename);
        item->media_type = part->media_type ? part->media_type : "application/octet-stream";
    }
    return STATUS_OK;
}

/* One part, from its headers to the delimiter after it. */
static enum status part_read(struct multipart *reading, struct error *error)
{
    struct part part = {0};
    enum status status = part_headers(reading, &part, error);
    if (status != STATUS_OK) return status;
    /* The delimiter's CR LF may be the headers' last one, when the content is empty. */
    char *content = reading->at;
    char *from = content - 2;
    char *stop = memmem(from, (size_t)(reading->end - from), reading->delimiter, reading->delimiter_length);
    if (!stop) return refuse(error);
    reading->at = stop + reading->delimiter_length;
    const size_t length = stop < content ? 0 : (size_t)(stop - content);
    if (length) *stop = '\0';
    return part_keep(reading, &part, length ? content : arena_copy(reading->arena, ""), length, error);
}

/* After a delimiter: 1 another part follows, 0 the end, -1 neither. */
static int delimiter_next(struct multipart *reading)
{
    const size_t left = (size_t)(reading->end - reading->at);
    if (left >= 2 && memcmp(reading->at, "\r\n", 2) == 0) {
        reading->at += 2;
        return 1;
    }
    const bool ends = left >= 2 && memcmp(reading->at, "--", 2) == 0;
    return ends && (left == 2 || (left == 4 && memcmp(reading->at + 2, "\r\n", 2) == 0)) ? 0 : -1;
}

enum status http_multipart_parse(struct arena *arena, char *body, size_t length, const char *boundary,
                                 struct http_parameters *parameters, struct error *error)
{
    *parameters = (struct http_parameters){0};
    const char *delimiter = arena_print(arena, "\r\n--%s", boundary);
    struct multipart reading = {.arena = arena,
                                .at = body,
                                .end = body + length,
                                .delimiter = delimiter,
                                .delimiter_length = strlen(delimiter)};
    const size_t opening = reading.delimiter_length - 2;
    if (length < opening || memcmp(body, delimiter + 2, opening) != 0) return refuse(error);
    reading.at += opening;
    int next = delimiter_next(&reading);
    while (next > 0) {
        const enum status status = part_read(&reading, error);
        if (status != STATUS_OK) return status;
        next = delimiter_next(&reading);
    }
    if (next < 0) return refuse(error);
    *parameters = (struct http_parameters){.items = reading.items, .count = reading.count};
    return STATUS_OK;
}
