/* chart_csv.c: the figures of a chart or a map as a file for spreadsheets. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/csv/csv.h"
#include "platform/html/map_private.h"

enum { MOST_BYTES = 1 << 20 };

struct file {
    struct arena *arena;
    enum language language;
    struct buffer *out;
    struct csv_writer *writer;
};

static bool write_bytes(void *context, const void *bytes, size_t length)
{
    buffer_add(context, bytes, length);
    return true;
}

static struct file open_file(struct arena *arena, enum language language)
{
    const struct csv_format format = {.delimiter = ';', .byte_order_mark = true, .crlf = true, .guard_formulas = true};
    struct file file = {.arena = arena, .language = language, .out = buffer_new(arena, MOST_BYTES)};
    file.writer = csv_writer_new(arena, &format, write_bytes, file.out);
    return file;
}

static const char *close_file(const struct file *file, size_t *length)
{
    csv_finish(file->writer, NULL);
    *length = buffer_length(file->out);
    return buffer_data(file->out);
}

static void put_word(const struct file *file, const char *english)
{
    csv_put_text(file->writer, language_text(file->language, english));
}

static void put_number(const struct file *file, double value, int scale)
{
    char *text = isfinite(value) ? arena_print(file->arena, "%.*f", scale, chart_rounded(value, scale))
                                 : arena_copy(file->arena, "");
    char *point = strchr(text, '.');
    if (point && file->language == LANGUAGE_FRENCH) *point = ',';
    csv_put_unguarded(file->writer, text);
}

static void put_figure(const struct file *file, double value, bool hidden, int scale)
{
    if (hidden)
        put_word(file, N_("withheld"));
    else
        put_number(file, value, scale);
}

static void put_head(const struct file *file, const struct chart *chart, bool intervals)
{
    put_word(file, chart->type == CHART_LINES ? N_("Period") : N_("Category"));
    for (size_t i = 0; i < chart->series_count; i++) {
        const char *label = chart->series[i].label;
        csv_put_text(file->writer, *label                        ? label
                                   : chart->unit && *chart->unit ? chart->unit
                                                                 : language_text(file->language, N_("Value")));
        if (!intervals) continue;
        put_word(file, N_("Lower bound"));
        put_word(file, N_("Upper bound"));
    }
    csv_end_row(file->writer);
}

static void put_row(const struct file *file, const struct chart *chart, size_t row, bool intervals)
{
    static const struct chart_point none = {.label = "", .value = NAN, .lower = NAN, .upper = NAN};
    const char *label = chart->series[0].points[row].label;
    csv_put_text(file->writer, label);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_point *found = chart_point_of(&chart->series[i], row, label), *point = found ? found : &none;
        put_figure(file, point->value, point->hidden, chart->scale);
        if (!intervals) continue;
        put_number(file, point->lower, chart->scale);
        put_number(file, point->upper, chart->scale);
    }
    csv_end_row(file->writer);
}

const char *chart_csv(struct arena *arena, enum language language, const struct chart *given, size_t *length)
{
    const struct chart chart = chart_without_hidden(arena, given);
    const struct file file = open_file(arena, language);
    const bool intervals = chart_has_intervals(&chart);
    put_head(&file, &chart, intervals);
    for (size_t i = 0; chart.series_count && i < chart.series[0].point_count; i++) put_row(&file, &chart, i, intervals);
    return close_file(&file, length);
}

const char *map_csv(struct arena *arena, enum language language, const struct france_map *map, size_t *length)
{
    const struct file file = open_file(arena, language);
    struct html html = html_new(arena, language, NULL, MOST_BYTES);
    const struct map_drawing drawing = {.html = &html, .map = map};
    put_word(&file, N_("Code"));
    put_word(&file, map->level == MAP_REGIONS ? N_("Région") : N_("Département"));
    csv_put_text(file.writer, map->unit && *map->unit ? map->unit : language_text(language, N_("Value")));
    csv_end_row(file.writer);
    for (size_t i = 0; i < map->area_count; i++) {
        const struct map_area *area = &map->areas[i];
        csv_put_text(file.writer, area->code);
        csv_put_text(file.writer, map_area_name(&drawing, area));
        put_figure(&file, map_known(area) ? area->value : NAN, area->hidden, map->scale);
        csv_end_row(file.writer);
    }
    return close_file(&file, length);
}
