#include "engine/survey/rows.h"

#include <string.h>

#include "base/arena.h"

static uint32_t term_column(const struct survey_term *term, size_t unit)
{
    return term->category ? term->category[unit] : 0;
}

const struct survey_rows *survey_rows_build(struct arena *arena, size_t unit_count, const struct survey_term *terms,
                                            size_t term_count)
{
    struct survey_rows *rows = ARENA_NEW(arena, struct survey_rows);
    uint32_t *start = ARENA_ARRAY(arena, unit_count + 1, uint32_t);
    uint32_t *column = ARENA_ARRAY(arena, unit_count * term_count, uint32_t);
    double *value = ARENA_ARRAY(arena, unit_count * term_count, double);
    uint32_t at = 0;
    for (size_t i = 0; i < unit_count; i++) {
        uint32_t first = 0;
        for (const struct survey_term *term = terms; term < terms + term_count; term++) {
            const uint32_t category = term_column(term, i);
            const double x = term->value ? term->value[i] : 1;
            if (category != SURVEY_NO_CATEGORY && x != 0) {
                column[at] = first + category;
                value[at++] = x;
            }
            first += (uint32_t)term->category_count;
        }
        start[i + 1] = at;
    }
    for (const struct survey_term *term = terms; term < terms + term_count; term++)
        rows->column_count += term->category_count;
    rows->unit_count = unit_count;
    rows->start = start;
    rows->column = column;
    rows->value = value;
    return rows;
}

void survey_rows_totals(const struct survey_rows *rows, const double *weight, double *totals)
{
    memset(totals, 0, rows->column_count * sizeof *totals);
    for (size_t i = 0; i < rows->unit_count; i++)
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1]; k++)
            totals[rows->column[k]] += weight[i] * rows->value[k];
}
