/* gather.c: the lines of a section of the report, and their figures. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/report/report.h"

struct gathering {
    struct record_context *context;
    const struct report_section *section;
    struct report_list *list;
    int64_t first, last; /* days of the year */
};

/* kind_field and kind_state are the record room's own. */
static const struct field *find_field(const struct kind *kind, const char *name)
{
    for (const struct field *field = kind->fields; name && field->name; field++)
        if (strcmp(field->name, name) == 0) return field;
    return NULL;
}

static enum report_type type_of(const struct field *field)
{
    if (field->type == FIELD_DATE) return REPORT_DAY;
    return field->type == FIELD_INTEGER ? REPORT_NUMBER : REPORT_TEXT;
}

static void set_columns(struct gathering *gathering)
{
    struct report_list *list = gathering->list;
    const enum language language = gathering->context->language;
    for (const struct report_column *column = gathering->section->columns; column->name; column++) {
        const struct field *field = find_field(gathering->section->kind, column->field);
        const char *label = field ? field->label : column->field ? N_("Step") : column->label;
        list->labels[list->column_count] = language_text(language, label);
        list->types[list->column_count++] = field ? type_of(field) : column->field ? REPORT_TEXT : column->type;
    }
}

static const char *state_text(const struct gathering *gathering, const char *name)
{
    for (const struct state *state = gathering->section->kind->states; state && state->name; state++)
        if (strcmp(state->name, name) == 0) return language_text(gathering->context->language, state->label);
    return name;
}

static const char *option_text(const struct gathering *gathering, const struct option *options, const char *value)
{
    for (const struct option *option = options; option && option->value; option++)
        if (strcmp(option->value, value) == 0) return language_text(gathering->context->language, option->label);
    return value;
}

/* The text of a column as the site shows it. */
static const char *shown(const struct gathering *gathering, const struct report_column *column, const char *text)
{
    const struct field *field = find_field(gathering->section->kind, column->field);
    const struct vocabulary *lists = gathering->context->records->vocabulary;
    const enum language language = gathering->context->language;
    if (!text) return "";
    if (column->field && !field) return state_text(gathering, text);
    if (field && field->type == FIELD_PLACE) return vocabulary_label(lists, language, "territory", text);
    if (field && field->type == FIELD_CODE) return vocabulary_label(lists, language, field->code.scheme, text);
    if (field && field->type == FIELD_CHOICE) return option_text(gathering, field->choice.options, text);
    return text;
}

static struct report_cell read_cell(const struct gathering *gathering, const struct report_column *column,
                                    enum report_type type, const struct db_rows *rows, size_t at)
{
    struct arena *arena = gathering->context->arena;
    const enum language language = gathering->context->language;
    const int64_t day = type == REPORT_IN_YEAR && !db_is_null(rows, at) ? db_get_integer(rows, at) : ABSENT;
    const bool within = day >= gathering->first && day <= gathering->last;
    if (type == REPORT_IN_YEAR)
        return (struct report_cell){language_text(language, within ? N_("Yes") : N_("No")), ABSENT};
    if (db_is_null(rows, at)) return (struct report_cell){"", ABSENT};
    if (type == REPORT_TEXT)
        return (struct report_cell){arena_copy(arena, shown(gathering, column, db_get_text(rows, at))), ABSENT};
    const int64_t value = db_get_integer(rows, at);
    return (struct report_cell){type == REPORT_DAY ? language_day_short(arena, language, value)
                                                   : language_number(arena, language, value, 0),
                                value};
}

static void read_line(const struct gathering *gathering, const struct db_rows *rows, struct report_line *line)
{
    line->id = db_get_integer(rows, 0);
    for (size_t i = 0; i < gathering->list->column_count; i++)
        line->cells[i] = read_cell(gathering, &gathering->section->columns[i], gathering->list->types[i], rows, i + 1);
}

static enum status add_line(struct gathering *gathering, size_t *room, const struct db_rows *rows, struct error *error)
{
    struct report_list *list = gathering->list;
    if (list->line_count == REPORT_LINES_MOST)
        return error_set(error, STATUS_LIMIT, N_("There are too many lines for a report."));
    if (list->line_count == *room) {
        struct report_line *larger = ARENA_ARRAY(gathering->context->arena, *room * 2, struct report_line);
        memcpy(larger, list->lines, *room * sizeof *larger);
        list->lines = larger;
        *room *= 2;
    }
    read_line(gathering, rows, &list->lines[list->line_count++]);
    return STATUS_OK;
}

enum status report_gather(struct record_context *context, const struct report_section *section, int64_t cluster,
                          int year, struct report_list *list, struct error *error)
{
    struct gathering gathering = {.context = context,
                                  .section = section,
                                  .list = list,
                                  .first = day_from_civil((struct civil){year, 1, 1}),
                                  .last = day_from_civil((struct civil){year, 12, 31})};
    size_t room = 64;
    *list = (struct report_list){.section = section, .lines = ARENA_ARRAY(context->arena, room, struct report_line)};
    set_columns(&gathering);
    struct db_rows *rows = db_query(context->handle, section->sql,
                                    DB_BIND(db_integer(cluster), db_integer(gathering.first),
                                            db_integer(gathering.last), db_integer(context->viewer->reads_as)));
    enum status status = STATUS_OK;
    while (!status && db_next(rows)) status = add_line(&gathering, &room, rows, error);
    const enum status ended = db_end(&rows, status ? NULL : error);
    return status ? status : ended;
}

/* ---- figures ---- */

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static int by_count(const void *a, const void *b)
{
    const struct report_figure *one = a, *other = b;
    if (one->count != other->count) return one->count > other->count ? -1 : 1;
    return strcmp(one->value, other->value);
}

size_t report_count(struct arena *arena, const struct report_list *list, size_t column, struct report_figure **figures)
{
    const char **values = ARENA_ARRAY(arena, list->line_count + 1, const char *);
    size_t count = 0;
    *figures = ARENA_ARRAY(arena, list->line_count + 1, struct report_figure);
    for (size_t i = 0; i < list->line_count; i++) values[i] = list->lines[i].cells[column].text;
    qsort(values, list->line_count, sizeof *values, by_text);
    for (size_t i = 0; i < list->line_count; i++) {
        if (!count || strcmp(values[i], (*figures)[count - 1].value) != 0)
            (*figures)[count++] = (struct report_figure){values[i], 0};
        (*figures)[count - 1].count++;
    }
    qsort(*figures, count, sizeof **figures, by_count);
    return count;
}
