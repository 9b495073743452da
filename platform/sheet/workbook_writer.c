/* A workbook out, through libxlsxwriter: rows go to a temporary file as they come. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/csv/csv.h"
#include "platform/sheet/sheet_private.h"

enum {
    MOST_CELL_UNITS = 32767, /* UTF-16 units in a cell */
    MOST_LINKS = 65530,
    MOST_LINK_BYTES = 2000,
    LOOKED_AT_ROWS = 200, /* for the widths */
    LEAST_WIDTH = 8,
    MOST_WIDTH = 60,
    NOTE_NAME_WIDTH = 24,
    NOTE_WIDTH = 90,
};

static const int64_t most_exact = 999999999999999; /* 15 digits */

struct workbook_sheet {
    char path[512];
    bool made; /* the file at path */
    lxw_workbook *book;
    lxw_worksheet *table;
    lxw_format *bold, *date, *moment, *link, *wrapped;
    lxw_format **numbers; /* of each column; NULL for no number */
    size_t *widths;
    lxw_row_t row;
    int64_t links, cut;
};

static void clear_workbook(void *context)
{
    struct workbook_sheet *own = context;
    if (own->book) lxw_workbook_free(own->book);
    own->book = NULL;
    if (own->made) unlink(own->path);
    own->made = false;
}

static struct workbook_sheet *own_of(struct sheet_writer *writer) { return writer->own; }

static size_t count_points(const char *text)
{
    size_t points = 0;
    for (; *text; text++) points += ((unsigned char)*text & 0xc0) != 0x80;
    return points;
}

static void note_width(struct sheet_writer *writer, size_t width)
{
    struct workbook_sheet *own = own_of(writer);
    if (own->row <= LOOKED_AT_ROWS && width > own->widths[writer->at]) own->widths[writer->at] = width;
}

/* The text, or its beginning as far as a cell holds it. */
static const char *fit_text(struct sheet_writer *writer, const char *text)
{
    size_t units = 0, at = 0;
    if (strlen(text) <= MOST_CELL_UNITS) return text;
    while (text[at]) {
        const unsigned char first = (unsigned char)text[at];
        const size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        units += bytes == 4 ? 2 : 1;
        if (units > MOST_CELL_UNITS) {
            own_of(writer)->cut++;
            return arena_copy_bytes(writer->arena, text, at);
        }
        at += bytes;
    }
    return text;
}

/* libxlsxwriter escapes control characters, but not a text that looks like such an escape. */
static const char *escaped(struct arena *arena, const char *text)
{
    const size_t length = strlen(text);
    if (!strstr(text, "_x")) return text;
    struct buffer *out = buffer_new(arena, 8 * length + 1);
    for (size_t i = 0; i < length; i++) {
        if (cell_escape_at(text + i, length - i) >= 0) buffer_text(out, "_x005F");
        buffer_char(out, text[i]);
    }
    return buffer_data(out);
}

static bool is_link(const char *text)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0) return strlen(text) <= MOST_LINK_BYTES;
    return false;
}

/* A cell runs no text; but our reader takes an apostrophe away, so that one of the text's own needs another. */
static const char *guarded(struct arena *arena, const char *text)
{
    return *text == '\'' && csv_would_run(text) ? arena_print(arena, "'%s", text) : text;
}

static void put_text(struct sheet_writer *writer, const char *given)
{
    struct workbook_sheet *own = own_of(writer);
    const char *text = guarded(writer->arena, given);
    note_width(writer, count_points(text));
    if (writer->columns[writer->at].type == CELL_LINK && own->links < MOST_LINKS && is_link(text)) {
        own->links++;
        worksheet_write_url(own->table, own->row, (lxw_col_t)writer->at, text, own->link);
    } else {
        worksheet_write_string(own->table, own->row, (lxw_col_t)writer->at,
                               escaped(writer->arena, fit_text(writer, text)), NULL);
    }
}

static void put_number(struct sheet_writer *writer, int64_t scaled)
{
    struct workbook_sheet *own = own_of(writer);
    char text[32];
    sheet_print_scaled(text, scaled, writer->columns[writer->at].scale, '.');
    if (scaled > most_exact || scaled < -most_exact) {
        put_text(writer, text);
        return;
    }
    double unit = 1;
    for (int i = 0; i < writer->columns[writer->at].scale; i++) unit *= 10;
    note_width(writer, strlen(text) + 2);
    worksheet_write_number(own->table, own->row, (lxw_col_t)writer->at, (double)scaled / unit,
                           own->numbers[writer->at]);
}

/* The serial number of a day in the 1900 system, which counts a 29 February 1900 (ECMA-376, 18.17.4.1); 0 before 1900. */
static int64_t serial_of_day(int64_t day)
{
    const int64_t march = day_from_civil((struct civil){1900, 3, 1});
    const int64_t serial = day - march + (day >= march ? 61 : 60);
    return serial > 0 ? serial : 0;
}

static void put_day(struct sheet_writer *writer, int64_t day)
{
    struct workbook_sheet *own = own_of(writer);
    const int64_t serial = serial_of_day(day);
    char text[16];
    day_format(day, text);
    note_width(writer, strlen(text) + 2);
    if (serial)
        worksheet_write_number(own->table, own->row, (lxw_col_t)writer->at, (double)serial, own->date);
    else
        put_text(writer, text);
}

static void put_moment(struct sheet_writer *writer, int64_t local, int64_t ahead)
{
    struct workbook_sheet *own = own_of(writer);
    const int64_t day = time_day(local), serial = serial_of_day(day);
    char text[40];
    time_format_ahead(local - ahead, ahead, text);
    note_width(writer, strlen(text));
    if (serial)
        worksheet_write_number(own->table, own->row, (lxw_col_t)writer->at,
                               (double)serial + (double)(local - day * MS_PER_DAY) / MS_PER_DAY, own->moment);
    else
        put_text(writer, text);
}

static void put_empty(struct sheet_writer *writer) { (void)writer; }

static enum status end_row(struct sheet_writer *writer, struct error *error)
{
    struct workbook_sheet *own = own_of(writer);
    if (own->row >= LXW_ROW_MAX)
        return error_set(error, STATUS_LIMIT,
                         N_("A workbook holds 1,048,576 rows at most: narrow the list, or export it as CSV."));
    own->row++;
    return STATUS_OK;
}

static void write_notes(struct sheet_writer *writer)
{
    struct workbook_sheet *own = own_of(writer);
    lxw_worksheet *notes = workbook_add_worksheet(own->book, "Source");
    worksheet_set_column(notes, 0, 0, NOTE_NAME_WIDTH, NULL);
    worksheet_set_column(notes, 1, 1, NOTE_WIDTH, NULL);
    lxw_row_t row = 0;
    for (; row < writer->note_pairs; row++) {
        worksheet_write_string(notes, row, 0, writer->notes[2 * row], own->bold);
        worksheet_write_string(notes, row, 1, fit_text(writer, writer->notes[2 * row + 1]), own->wrapped);
    }
    if (!own->cut) return;
    worksheet_write_string(notes, row, 0, "32 767 +", own->bold);
    worksheet_write_number(notes, row, 1, (double)own->cut, NULL);
}

static void finish_table(struct sheet_writer *writer)
{
    struct workbook_sheet *own = own_of(writer);
    if (!own->table) return;
    for (size_t i = 0; i < writer->count; i++) {
        const size_t width = own->widths[i] < LEAST_WIDTH  ? LEAST_WIDTH
                             : own->widths[i] > MOST_WIDTH ? MOST_WIDTH
                                                           : own->widths[i];
        worksheet_set_column(own->table, (lxw_col_t)i, (lxw_col_t)i, (double)width + 2, NULL);
    }
    const lxw_row_t last = own->row > 1 ? own->row - 1 : 1;
    if (writer->count) worksheet_autofilter(own->table, 0, 0, last, (lxw_col_t)(writer->count - 1));
}

static enum status send_file(struct sheet_writer *writer, struct error *error)
{
    char bytes[64 * 1024];
    enum status status = STATUS_OK;
    const int file = open(own_of(writer)->path, O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? -1 : 0;
    while (!status && file >= 0 && (count = read(file, bytes, sizeof bytes)) > 0)
        status = writer->sink(writer->context, bytes, (size_t)count, error);
    if (count < 0)
        status = error_set(error, STATUS_FAULT, N_("The workbook could not be written: {1}."), strerror(errno));
    if (file >= 0) close(file);
    return status;
}

static enum status finish_workbook(struct sheet_writer *writer, struct error *error)
{
    struct workbook_sheet *own = own_of(writer);
    finish_table(writer);
    write_notes(writer);
    const lxw_error failure = workbook_close(own->book);
    own->book = NULL;
    if (failure)
        return error_set(error, STATUS_FAULT, N_("The workbook could not be written: {1}."), lxw_strerror(failure));
    return send_file(writer, error);
}

static lxw_format *number_format(lxw_workbook *book, int scale)
{
    char text[40] = "0";
    lxw_format *format = workbook_add_format(book);
    if (scale > 0) snprintf(text, sizeof text, "#,##0.%.*s", scale, "000000000000000000");
    format_set_num_format(format, text);
    return format;
}

static void make_formats(struct sheet_writer *writer)
{
    struct workbook_sheet *own = own_of(writer);
    own->bold = workbook_add_format(own->book);
    format_set_bold(own->bold);
    own->date = workbook_add_format(own->book);
    format_set_num_format(own->date, "dd/mm/yyyy");
    own->moment = workbook_add_format(own->book);
    format_set_num_format(own->moment, "dd/mm/yyyy hh:mm");
    own->link = workbook_get_default_url_format(own->book);
    own->wrapped = workbook_add_format(own->book);
    format_set_text_wrap(own->wrapped);
}

static void make_columns(struct sheet_writer *writer)
{
    struct workbook_sheet *own = own_of(writer);
    own->widths = ARENA_ARRAY(writer->arena, writer->count, size_t);
    own->numbers = ARENA_ARRAY(writer->arena, writer->count, lxw_format *);
    for (size_t i = 0; i < writer->count; i++)
        if (writer->columns[i].type == CELL_NUMBER)
            own->numbers[i] = number_format(own->book, writer->columns[i].scale);
}

static void write_head(struct sheet_writer *writer)
{
    struct workbook_sheet *own = own_of(writer);
    for (size_t i = 0; i < writer->count; i++) {
        own->widths[i] = count_points(writer->columns[i].name) + 2; /* the filter's button */
        worksheet_write_string(own->table, 0, (lxw_col_t)i, fit_text(writer, writer->columns[i].name), own->bold);
    }
    worksheet_freeze_panes(own->table, 1, 0);
    own->row = 1;
}

static enum status make_file(struct workbook_sheet *own, struct error *error)
{
    const char *folder = getenv("TMPDIR");
    snprintf(own->path, sizeof own->path, "%s/maillage-sheet-XXXXXX", folder && *folder ? folder : "/tmp");
    const int file = mkostemp(own->path, O_CLOEXEC);
    if (file < 0) return error_set(error, STATUS_FAULT, N_("The workbook could not be written: {1}."), strerror(errno));
    own->made = true;
    close(file);
    return STATUS_OK;
}

static enum status refuse(struct error *error)
{
    return error_set(error, STATUS_FAULT, N_("The workbook could not be written: {1}."), "libxlsxwriter");
}

enum status workbook_open(struct sheet_writer *writer, struct error *error)
{
    static const struct sheet_writer_type type = {put_text,  put_number, put_day,        put_moment,
                                                  put_empty, end_row,    finish_workbook};
    struct workbook_sheet *own = ARENA_NEW(writer->arena, struct workbook_sheet);
    writer->type = &type;
    writer->own = own;
    arena_defer(writer->arena, clear_workbook, own);
    const enum status status = make_file(own, error);
    if (status) return status;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = getenv("TMPDIR")};
    own->book = workbook_new_opt(own->path, &options);
    if (!own->book) return refuse(error);
    make_formats(writer);
    return STATUS_OK;
}

enum status workbook_table(struct sheet_writer *writer, const char *name, struct error *error)
{
    struct workbook_sheet *own = own_of(writer);
    own->table = workbook_add_worksheet(own->book, name);
    if (!own->table) return refuse(error);
    make_columns(writer);
    write_head(writer);
    return STATUS_OK;
}

void workbook_table_end(struct sheet_writer *writer) { finish_table(writer); }
