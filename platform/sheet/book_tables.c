/* The workbook's tables: number formats by style, shared strings. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/map.h"
#include "platform/sheet/sheet_private.h"

enum {
    MOST_STYLES = 65536,
    MOST_FORMATS = 65536,
    MOST_STRINGS = 16 * 1024 * 1024,
    MOST_STRING_BYTES = 256 * 1024 * 1024,
};

struct style_parse {
    struct book *book;
    struct map *formats;
    bool within;
};

static void style_start(void *context, const char *name, const char **attributes)
{
    static enum cell_form kept[] = {FORM_NUMBER, FORM_DATE, FORM_HOUR};
    struct style_parse *parse = context;
    struct book *book = parse->book;
    if (strcmp(name, "cellXfs") == 0) parse->within = true;
    const char *id = part_attribute(attributes, "numFmtId"), *code = part_attribute(attributes, "formatCode");
    const int64_t format = id ? strtoll(id, NULL, 10) : 0;
    if (strcmp(name, "numFmt") == 0 && id && code && map_size(parse->formats) < MOST_FORMATS)
        map_put_number(parse->formats, format, &kept[cell_form_of_format(code)]);
    if (strcmp(name, "xf") != 0 || !parse->within || book->form_count == MOST_STYLES) return;
    const enum cell_form *own = map_get_number(parse->formats, format);
    book->forms[book->form_count++] = (unsigned char)(own ? *own : cell_form_of_built_in(format));
}

static void style_end(void *context, const char *name)
{
    struct style_parse *parse = context;
    if (strcmp(name, "cellXfs") == 0) parse->within = false;
}

enum status book_read_styles(struct book *book, const char *part, struct error *error)
{
    static const struct part_handlers handlers = {style_start, style_end, NULL};
    struct style_parse parse = {book, map_new(book->arena), false};
    book->forms = malloc(MOST_STYLES);
    if (!book->forms) fatal_memory(MOST_STYLES);
    return part_read(&book->package, part, &handlers, &parse, error);
}

/* within: an <si>; takes: a <t> of it that is not phonetic help (<rPh>). */
struct string_parse {
    struct book *book;
    bool within, takes, phonetic, overflows;
    size_t start;
};

static void string_start(void *context, const char *name, const char **attributes)
{
    struct string_parse *parse = context;
    (void)attributes;
    if (strcmp(name, "si") == 0) {
        parse->within = true;
        parse->start = parse->book->strings.length;
    }
    if (strcmp(name, "rPh") == 0) parse->phonetic = true;
    if (strcmp(name, "t") == 0) parse->takes = parse->within && !parse->phonetic;
}

static void string_text(void *context, const char *text, int length)
{
    struct string_parse *parse = context;
    if (!parse->takes || parse->overflows) return;
    parse->overflows = parse->book->strings.length + (size_t)length > MOST_STRING_BYTES;
    if (!parse->overflows) span_add(&parse->book->strings, text, (size_t)length);
}

static void keep_string(struct string_parse *parse)
{
    struct book *book = parse->book;
    if (book->string_count == MOST_STRINGS) parse->overflows = true;
    if (parse->overflows) return;
    if (book->string_count == book->string_capacity) {
        book->string_capacity = book->string_capacity * 2 + 1024;
        book->string_at = realloc(book->string_at, book->string_capacity * sizeof(size_t));
        if (!book->string_at) fatal_memory(book->string_capacity * sizeof(size_t));
    }
    struct span *strings = &book->strings;
    if (strings->length > parse->start)
        strings->length = parse->start + cell_unescape(strings->bytes + parse->start, strings->length - parse->start);
    span_end(strings);
    book->string_at[book->string_count++] = parse->start;
}

static void string_end(void *context, const char *name)
{
    struct string_parse *parse = context;
    if (strcmp(name, "t") == 0) parse->takes = false;
    if (strcmp(name, "rPh") == 0) parse->phonetic = false;
    if (strcmp(name, "si") != 0 || !parse->within) return;
    parse->within = false;
    keep_string(parse);
}

enum status book_read_strings(struct book *book, const char *part, struct error *error)
{
    static const struct part_handlers handlers = {string_start, string_end, string_text};
    struct string_parse parse = {.book = book};
    const enum status status = part_read(&book->package, part, &handlers, &parse, error);
    if (status || !parse.overflows) return status;
    error_set(error, STATUS_LIMIT, N_("The workbook holds too many texts: save the sheet as CSV."));
    return error_at(error, book->package.path, 0, 0);
}
