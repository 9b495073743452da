/* sheet_private.h: what the parts of this room share: sources of raw rows, the workbook, the writers. */
#ifndef PLATFORM_SHEET_PRIVATE_H
#define PLATFORM_SHEET_PRIVATE_H

#include <expat.h>
#include <zip.h>

#include "platform/sheet/sheet.h"

struct arena;
struct sheet_source;

/* A row as it stands in the file: cells valid until the next one; empty ones are "". */
struct sheet_row {
    const char *const *cells;
    size_t count;
    int64_t line;
};

/* Raw rows from one kind of file. */
struct sheet_source_type {
    /* *row is NULL after the last. */
    enum status (*next)(struct sheet_source *source, const struct sheet_row **row, struct error *error);
    double (*progress)(const struct sheet_source *source);
    void (*close)(struct sheet_source *source);
};
struct sheet_source {
    const struct sheet_source_type *type;
};

/* ---- text files ---- */

enum text_encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_WINDOWS_1252 };
struct text_form {
    enum text_encoding encoding;
    char delimiter;
    bool lone_returns;   /* lines end in CR alone */
    bool says_separator; /* the first line is "sep=;" */
};

/* Examines the whole file once: O(bytes). */
enum status text_examine(const char *path, struct text_form *form, struct error *error);
enum status text_open(const char *path, const struct text_form *form, const struct sheet_limits *limits,
                      struct sheet_source **source, struct error *error);
/* "UTF-8, ;". */
const char *text_form_name(struct arena *arena, const struct text_form *form);

/* A file decoded into UTF-8 as it is read; freed with the arena. */
struct text_stream;
enum status text_stream_open(struct arena *arena, const char *path, enum text_encoding encoding, bool lone_returns,
                             struct text_stream **stream, struct error *error);
/* A csv_read_function over a stream. */
ptrdiff_t text_stream_read(void *stream, char *bytes, size_t size);
/* Bytes of the file read so far over its size. */
double text_stream_progress(const struct text_stream *stream);

/* ---- workbooks ---- */

/* The zip archive, read under limits. */
struct package {
    zip_t *archive;
    const char *path;
    struct sheet_limits limits;
    int64_t expanded; /* bytes, over all parts read so far */
};
enum status package_open(struct package *package, const char *path, const struct sheet_limits *limits,
                         struct error *error);
void package_close(struct package *package);
bool package_has(const struct package *package, const char *name);

/* One part of it, through expat: no document type, no entities, limited tokens and depth. */
struct part;
struct part_handlers {
    void (*start)(void *context, const char *name, const char **attributes); /* the name without its prefix */
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, int length);
};
/* Freed with part_close. */
enum status part_open(struct package *package, const char *name, const struct part_handlers *handlers, void *context,
                      struct part **part, struct error *error);
void part_close(struct part **part);
/* Parses until part_pause is called within a handler or the end; *ended tells which. */
enum status part_parse(struct part *part, bool *ended, struct error *error);
void part_pause(struct part *part);
/* Stops at once from within a handler: part_parse returns the error that was set there. */
struct error *part_refuse(struct part *part);
double part_progress(const struct part *part);
/* Reads a whole part. */
enum status part_read(struct package *package, const char *name, const struct part_handlers *handlers, void *context,
                      struct error *error);
/* The value of an attribute, its prefix set aside, or NULL. */
const char *part_attribute(const char **attributes, const char *name);

/* Bytes that grow by doubling, in malloc; limits are kept by the callers. */
struct span {
    char *bytes;
    size_t length, capacity;
};
void span_add(struct span *span, const char *bytes, size_t length);
void span_end(struct span *span); /* adds the NUL */

enum cell_form { FORM_NUMBER, FORM_DATE, FORM_HOUR };
struct book {
    struct arena *arena;
    struct package package;
    bool from_1904;
    const char **names;
    const char **parts; /* of each sheet */
    bool *hidden;
    size_t sheets;
    unsigned char *forms; /* enum cell_form of each cell style */
    size_t form_count;
    struct span strings; /* all shared strings, each ended by NUL */
    size_t *string_at;
    size_t string_count, string_capacity;
};
enum status book_open(const char *path, const struct sheet_limits *limits, struct book **book, struct error *error);
void book_close(struct book **book);
/* The index of the named sheet; NULL: the first that is not hidden. */
enum status book_find(const struct book *book, const char *name, size_t *sheet, struct error *error);
enum status book_read_styles(struct book *book, const char *part, struct error *error);
enum status book_read_strings(struct book *book, const char *part, struct error *error);
enum status book_open_sheet(struct book *book, size_t sheet, struct sheet_source **source, struct error *error);

/* What a number format shows: "dd/mm/yyyy" a date, "[h]:mm" a number (a duration), "hh:mm" an hour. */
enum cell_form cell_form_of_format(const char *format);
enum cell_form cell_form_of_built_in(int64_t format);
/* Writes the text of a number as the sheet holds it; text holds at least CELL_TEXT_SIZE bytes. False when it is no number. */
enum { CELL_TEXT_SIZE = 64 };
bool cell_number(const char *value, size_t length, enum cell_form form, bool from_1904, char *text);

/* Control characters stand as _xHHHH_ in XML, and so does an underscore that could be taken for such a beginning (ECMA-376, 22.9.2.19).
 * The code that begins here, or -1. */
enum { ESCAPE_LENGTH = 7 };
int cell_escape_at(const char *text, size_t left);
/* Decodes them in place (those beyond ASCII are left as they are); gives the new length. */
size_t cell_unescape(char *text, size_t length);

/* ---- writers ---- */

struct sheet_writer_type {
    void (*text)(struct sheet_writer *writer, const char *text);
    void (*number)(struct sheet_writer *writer, int64_t scaled);
    void (*day)(struct sheet_writer *writer, int64_t day);
    void (*moment)(struct sheet_writer *writer, int64_t local, int64_t ahead);
    void (*empty)(struct sheet_writer *writer);
    enum status (*end_row)(struct sheet_writer *writer, struct error *error);
    enum status (*finish)(struct sheet_writer *writer, struct error *error);
};
struct sheet_writer {
    const struct sheet_writer_type *type;
    struct arena *arena;
    const struct sheet_column *columns;
    size_t count;
    const char *const *notes;
    size_t note_pairs;
    sheet_sink *sink;
    void *context;
    size_t at; /* column of the next cell */
    void *own; /* of the type */
};
enum status csv_sheet_open(struct sheet_writer *writer, char delimiter, struct error *error);
enum status workbook_open(struct sheet_writer *writer, struct error *error);
/* The next table, with the writer's columns; and the end of the present one. */
enum status workbook_table(struct sheet_writer *writer, const char *name, struct error *error);
void workbook_table_end(struct sheet_writer *writer);
/* A scaled integer with its point: 12345 at scale 2 is 123.45. text holds at least 32 bytes. */
void sheet_print_scaled(char *text, int64_t scaled, int scale, char point);

#endif
