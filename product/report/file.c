/* file.c: the report of a year as a workbook, and as a document to sign. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/pdf/pdf.h"
#include "platform/sheet/sheet.h"
#include "product/kinds/organisation.h"
#include "product/report/report.h"

enum { WORKBOOK_BYTES = 32 * 1024 * 1024, NOTES = 4, FIGURE_COLUMNS = 4 };

struct year {
    struct record_context *context;
    int64_t cluster;
    int number;
    const char *name; /* of the cluster */
    struct report_list lists[REPORT_SECTIONS];
};

static const char *say(const struct year *year, const char *english)
{
    return language_text(year->context->language, english);
}

static enum status gather(struct record_context *context, int64_t cluster, int number, struct year *year,
                          struct error *error)
{
    *year = (struct year){.context = context, .cluster = cluster, .number = number};
    year->name = record_name(context, &organisation_kind, cluster);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < REPORT_SECTIONS; i++)
        status = report_gather(context, &report_sections[i], cluster, number, &year->lists[i], error);
    return status;
}

static const char *title_of(const struct year *year)
{
    return language_print(year->context->arena, year->context->language, N_("Report of the year {1}: {2}"),
                          arena_print(year->context->arena, "%d", year->number), year->name, (const char *)NULL);
}

static const char *made_on(const struct year *year)
{
    return language_print(year->context->arena, year->context->language, N_("Made on {1} from Maillage by {2}."),
                          language_moment(year->context->arena, year->context->language, time_now()),
                          year->context->viewer->name ? year->context->viewer->name : "Maillage", (const char *)NULL);
}

/* ---- each figure, in order ---- */

typedef enum status put_figure(void *data, const struct report_list *list, const char *label, const char *value,
                               int64_t count, struct error *error);

static enum status each_figure(const struct year *year, const struct report_list *list, put_figure *put, void *data,
                               struct error *error)
{
    enum status status = put(data, list, say(year, N_("All")), "", (int64_t)list->line_count, error);
    for (size_t i = 0; !status && i < list->column_count; i++) {
        struct report_figure *figures = NULL;
        if (!list->section->columns[i].counted) continue;
        const size_t count = report_count(year->context->arena, list, i, &figures);
        for (size_t j = 0; !status && j < count; j++)
            status = put(data, list, list->labels[i], *figures[j].value ? figures[j].value : say(year, N_("Not said")),
                         figures[j].count, error);
    }
    return status;
}

/* ---- workbook ---- */

static enum status add_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(context, bytes, length);
    return STATUS_OK;
}

struct figure_writing {
    const struct year *year;
    struct sheet_writer *writer;
};

static enum status put_in_sheet(void *data, const struct report_list *list, const char *label, const char *value,
                                int64_t count, struct error *error)
{
    const struct figure_writing *writing = data;
    sheet_put_text(writing->writer, say(writing->year, list->section->title));
    sheet_put_text(writing->writer, label);
    sheet_put_text(writing->writer, value);
    sheet_put_number(writing->writer, count);
    return sheet_end_row(writing->writer, error);
}

static enum status write_figures(const struct year *year, struct sheet_writer *writer, struct error *error)
{
    struct sheet_column *columns = ARENA_ARRAY(year->context->arena, FIGURE_COLUMNS, struct sheet_column);
    columns[0].name = say(year, N_("Subject"));
    columns[1].name = say(year, N_("By"));
    columns[2].name = say(year, N_("Value"));
    columns[3] = (struct sheet_column){.name = say(year, N_("How many")), .type = CELL_NUMBER};
    struct figure_writing writing = {year, writer};
    enum status status = sheet_book_table(writer, say(year, N_("Figures")), columns, FIGURE_COLUMNS, error);
    for (size_t i = 0; !status && i < REPORT_SECTIONS; i++)
        status = each_figure(year, &year->lists[i], put_in_sheet, &writing, error);
    return status;
}

static void put_cell(struct sheet_writer *writer, enum report_type type, const struct report_cell *cell)
{
    if (cell->value == ABSENT)
        sheet_put_text(writer, cell->text);
    else if (type == REPORT_DAY)
        sheet_put_day(writer, cell->value);
    else
        sheet_put_number(writer, cell->value);
}

static enum status write_list(const struct year *year, const struct report_list *list, struct sheet_writer *writer,
                              struct error *error)
{
    struct sheet_column *columns = ARENA_ARRAY(year->context->arena, list->column_count, struct sheet_column);
    for (size_t i = 0; i < list->column_count; i++)
        columns[i] = (struct sheet_column){.name = list->labels[i],
                                           .type = list->types[i] == REPORT_DAY      ? CELL_DAY
                                                   : list->types[i] == REPORT_NUMBER ? CELL_NUMBER
                                                                                     : CELL_TEXT};
    enum status status = sheet_book_table(writer, say(year, list->section->title), columns, list->column_count, error);
    for (size_t i = 0; !status && i < list->line_count; i++) {
        for (size_t j = 0; j < list->column_count; j++) put_cell(writer, list->types[j], &list->lines[i].cells[j]);
        status = sheet_end_row(writer, error);
    }
    return status;
}

enum status report_workbook(struct record_context *context, int64_t cluster, int number, const char **bytes,
                            size_t *length, struct error *error)
{
    struct year year;
    struct buffer *out = buffer_new(context->arena, WORKBOOK_BYTES);
    struct sheet_writer *writer = NULL;
    enum status status = gather(context, cluster, number, &year, error);
    if (status) return status;
    const char *const notes[NOTES] = {say(&year, N_("Report")), title_of(&year), say(&year, N_("Source")),
                                      made_on(&year)};
    status = sheet_book_open(notes, NOTES / 2, add_bytes, out, &writer, error);
    if (!status) status = write_figures(&year, writer, error);
    for (size_t i = 0; !status && i < REPORT_SECTIONS; i++) status = write_list(&year, &year.lists[i], writer, error);
    if (status) return sheet_write_abandon(&writer), status;
    status = sheet_write_close(&writer, error);
    if (!status && buffer_overflowed(out))
        status = error_set(error, STATUS_LIMIT, N_("The document would be too long."));
    *bytes = buffer_data(out);
    *length = buffer_length(out);
    return status;
}

/* ---- document ---- */

struct figure_table {
    struct arena *arena;
    enum language language;
    const char **cells;
    size_t count, room;
    const char *label; /* of the row before: said once */
};

static enum status put_in_table(void *data, const struct report_list *list, const char *label, const char *value,
                                int64_t count, struct error *error)
{
    struct figure_table *table = data;
    (void)list, (void)error;
    if (table->count + 3 > table->room) {
        const char **larger = ARENA_ARRAY(table->arena, table->room * 2 + 30, const char *);
        for (size_t i = 0; i < table->count; i++) larger[i] = table->cells[i];
        table->cells = larger;
        table->room = table->room * 2 + 30;
    }
    const bool same = table->count && strcmp(label, table->label) == 0;
    table->label = label;
    table->cells[table->count++] = same ? "" : label;
    table->cells[table->count++] = value;
    table->cells[table->count++] = language_number(table->arena, table->language, count, 0);
    return STATUS_OK;
}

static enum status draw_section(const struct year *year, const struct report_list *list, struct pdf *pdf,
                                struct error *error)
{
    struct arena *arena = year->context->arena;
    const enum language language = year->context->language;
    const struct pdf_column columns[] = {
        {say(year, N_("By")), 3, false}, {say(year, N_("Value")), 5, false}, {say(year, N_("How many")), 2, true}};
    struct figure_table table = {.arena = arena, .language = language};
    const enum status status = each_figure(year, list, put_in_table, &table, error);
    pdf_heading(pdf, say(year, list->section->title));
    pdf_paragraph(pdf,
                  language_plural(arena, language, (int64_t)list->line_count, list->section->one, list->section->many));
    if (table.count > 3) pdf_table(pdf, columns, 3, table.cells + 3, table.count / 3 - 1);
    return status;
}

enum status report_document(struct record_context *context, int64_t cluster, int number, const char **bytes,
                            size_t *length, struct error *error)
{
    struct year year;
    struct pdf *pdf = NULL;
    enum status status = gather(context, cluster, number, &year, error);
    if (status) return status;
    const char *title = title_of(&year);
    const struct pdf_about about = {.title = title, .author = year.name, .footer = title, .moment = time_now()};
    status = pdf_open(context->arena, &about, &pdf, error);
    if (status) return status;
    pdf_title(pdf, title);
    pdf_paragraph(pdf, made_on(&year));
    pdf_paragraph(pdf,
                  say(&year, N_("Each figure is the number of lines of a list: the lists stand in the workbook of the "
                                "same year, and on the site.")));
    for (size_t i = 0; !status && i < REPORT_SECTIONS; i++) status = draw_section(&year, &year.lists[i], pdf, error);
    const char *const blanks[] = {say(&year, N_("Name and position")), say(&year, N_("Place and date")),
                                  say(&year, N_("Signature"))};
    pdf_heading(pdf, say(&year, N_("Certified correct")));
    pdf_blanks(pdf, blanks, sizeof blanks / sizeof *blanks);
    return status ? status : pdf_close(pdf, bytes, length, error);
}
