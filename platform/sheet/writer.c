#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/csv/csv.h"
#include "platform/sheet/sheet_private.h"

/* Of the CSV writer: what the sink said first. */
struct csv_sheet {
    struct csv_writer *csv;
    char point;
    enum status status;
    struct error fault;
};

static bool send_bytes(void *context, const void *bytes, size_t length)
{
    struct sheet_writer *writer = context;
    struct csv_sheet *own = writer->own;
    if (!own->status) own->status = writer->sink(writer->context, bytes, length, &own->fault);
    return !own->status;
}

void sheet_print_scaled(char *text, int64_t scaled, int scale, char point)
{
    uint64_t rest = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    char digits[32];
    int count = 0;
    do {
        if (scale && count == scale) digits[count++] = point, scale = -1;
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest || (scale > 0 && count <= scale));
    if (scaled < 0) *text++ = '-';
    while (count) *text++ = digits[--count];
    *text = '\0';
}

static void put_csv_text(struct sheet_writer *writer, const char *text)
{
    csv_put_text(((struct csv_sheet *)writer->own)->csv, text);
}
static void put_csv_empty(struct sheet_writer *writer) { put_csv_text(writer, ""); }

/* Unguarded: a negative number is no formula. */
static void put_csv_number(struct sheet_writer *writer, int64_t scaled)
{
    const struct csv_sheet *own = writer->own;
    char text[32];
    sheet_print_scaled(text, scaled, writer->columns[writer->at].scale, own->point);
    csv_put_unguarded(own->csv, text);
}

static void put_csv_day(struct sheet_writer *writer, int64_t day)
{
    char text[16];
    day_format(day, text);
    put_csv_text(writer, text);
}

static void put_csv_moment(struct sheet_writer *writer, int64_t local, int64_t ahead)
{
    char text[40];
    time_format_ahead(local - ahead, ahead, text);
    put_csv_text(writer, text);
}

static enum status csv_answer(const struct csv_sheet *own, struct error *error)
{
    if (own->status && error) *error = own->fault;
    return own->status;
}

static enum status end_csv_row(struct sheet_writer *writer, struct error *error)
{
    const struct csv_sheet *own = writer->own;
    csv_end_row(own->csv);
    return csv_answer(own, error);
}

static enum status finish_csv(struct sheet_writer *writer, struct error *error)
{
    const struct csv_sheet *own = writer->own;
    csv_finish(own->csv, NULL);
    return csv_answer(own, error);
}

enum status csv_sheet_open(struct sheet_writer *writer, char delimiter, struct error *error)
{
    static const struct sheet_writer_type type = {put_csv_text,  put_csv_number, put_csv_day, put_csv_moment,
                                                  put_csv_empty, end_csv_row,    finish_csv};
    const struct csv_format format = {
        .delimiter = delimiter, .byte_order_mark = true, .crlf = true, .guard_formulas = true};
    struct csv_sheet *own = ARENA_NEW(writer->arena, struct csv_sheet);
    writer->type = &type;
    writer->own = own;
    own->point = delimiter == ';' ? ',' : '.';
    own->csv = csv_writer_new(writer->arena, &format, send_bytes, writer);
    for (size_t i = 0; i < writer->count; i++) csv_put_text(own->csv, writer->columns[i].name);
    csv_end_row(own->csv);
    return csv_answer(own, error);
}

enum status sheet_write_open(enum sheet_type type, const struct sheet_column *columns, size_t count,
                             const char *const *notes, size_t note_pairs, sheet_sink *sink, void *context,
                             struct sheet_writer **opened, struct error *error)
{
    struct arena *arena = arena_new();
    struct sheet_writer *writer = ARENA_NEW(arena, struct sheet_writer);
    *writer = (struct sheet_writer){.arena = arena,
                                    .columns = columns,
                                    .count = count,
                                    .notes = notes,
                                    .note_pairs = note_pairs,
                                    .sink = sink,
                                    .context = context};
    enum status status = type == SHEET_XLSX ? workbook_open(writer, error)
                                            : csv_sheet_open(writer, type == SHEET_CSV_COMMA ? ',' : ';', error);
    if (!status && type == SHEET_XLSX) status = workbook_table(writer, "Table", error);
    *opened = writer;
    if (status) sheet_write_abandon(opened);
    return status;
}

enum status sheet_book_open(const char *const *notes, size_t note_pairs, sheet_sink *sink, void *context,
                            struct sheet_writer **opened, struct error *error)
{
    struct arena *arena = arena_new();
    struct sheet_writer *writer = ARENA_NEW(arena, struct sheet_writer);
    *writer = (struct sheet_writer){
        .arena = arena, .notes = notes, .note_pairs = note_pairs, .sink = sink, .context = context};
    const enum status status = workbook_open(writer, error);
    *opened = writer;
    if (status) sheet_write_abandon(opened);
    return status;
}

enum status sheet_book_table(struct sheet_writer *writer, const char *name, const struct sheet_column *columns,
                             size_t count, struct error *error)
{
    workbook_table_end(writer);
    writer->columns = columns;
    writer->count = count;
    writer->at = 0;
    return workbook_table(writer, name, error);
}

void sheet_put_text(struct sheet_writer *writer, const char *text)
{
    ENSURE(writer->at < writer->count);
    if (text && *text)
        writer->type->text(writer, text);
    else
        writer->type->empty(writer);
    writer->at++;
}

void sheet_put_number(struct sheet_writer *writer, int64_t scaled)
{
    ENSURE(writer->at < writer->count);
    writer->type->number(writer, scaled);
    writer->at++;
}

void sheet_put_day(struct sheet_writer *writer, int64_t day)
{
    ENSURE(writer->at < writer->count);
    writer->type->day(writer, day);
    writer->at++;
}

void sheet_put_moment(struct sheet_writer *writer, int64_t local, int64_t ahead)
{
    ENSURE(writer->at < writer->count);
    writer->type->moment(writer, local, ahead);
    writer->at++;
}

void sheet_put_empty(struct sheet_writer *writer)
{
    ENSURE(writer->at < writer->count);
    writer->type->empty(writer);
    writer->at++;
}

enum status sheet_end_row(struct sheet_writer *writer, struct error *error)
{
    while (writer->at < writer->count) sheet_put_empty(writer);
    writer->at = 0;
    return writer->type->end_row(writer, error);
}

void sheet_write_abandon(struct sheet_writer **writer)
{
    if (!*writer) return;
    struct arena *arena = (*writer)->arena;
    arena_free(&arena);
    *writer = NULL;
}

enum status sheet_write_close(struct sheet_writer **writer, struct error *error)
{
    if (!*writer) return STATUS_OK;
    const enum status status = (*writer)->type->finish(*writer, error);
    sheet_write_abandon(writer);
    return status;
}
