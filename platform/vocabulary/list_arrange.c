/* list_arrange.c: what every list must be, whatever it came from. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "platform/vocabulary/list.h"

enum { LONGEST_CODE = 64, DEEPEST = 24 };

static bool well_made(const char *code)
{
    const size_t length = strlen(code);
    return length >= 1 && length <= LONGEST_CODE && !strpbrk(code, " \t\n;,|");
}

static enum status refuse(const char *file, const struct list_row *row, struct error *error)
{
    error_at(error, file, row->line, 0);
    return STATUS_INPUT;
}

static enum status check_row(const char *file, const struct map *codes, const struct list_row *row, struct error *error)
{
    if (!row->code || !well_made(row->code))
        error_field(error, STATUS_INPUT, "code",
                    N_("“{1}” is not a code: up to 64 characters, without spaces, commas, semicolons or bars."),
                    row->code ? row->code : "");
    else if (map_get(codes, row->code))
        error_field(error, STATUS_INPUT, "code", N_("The code “{1}” stands twice in the list."), row->code);
    else if (!row->label_fr)
        error_field(error, STATUS_INPUT, "label_fr", N_("The code “{1}” has no label."), row->code);
    else
        return STATUS_OK;
    return refuse(file, row, error);
}

static enum status check_reference(const char *file, const struct map *codes, const struct list_row *row,
                                   const char *field, const char *code, struct error *error)
{
    if (!code || map_get(codes, code)) return STATUS_OK;
    error_field(error, STATUS_INPUT, field, N_("The code “{1}” stands under “{2}”, which is not in the list."),
                row->code, code);
    return refuse(file, row, error);
}

/* How many codes stand above this one in its longest chain; over DEEPEST when the chain closes on itself. depths: 0 not known yet, else depth + 1. */
static int depth_of(const struct map *codes, const struct list *list, int *depths, const struct list_row *row, int left)
{
    const size_t at = (size_t)(row - list->rows);
    if (depths[at]) return depths[at] - 1;
    if (left == 0) return DEEPEST + 1;
    int deepest = -1;
    const char *const above[] = {row->parent, row->other_parent};
    for (size_t i = 0; i < 2; i++) {
        const struct list_row *parent = above[i] ? map_get(codes, above[i]) : NULL;
        const int depth = parent ? depth_of(codes, list, depths, parent, left - 1) : -1;
        if (depth > DEEPEST) return depth; /* at once: both ways of a closed chain would be walked again and again */
        if (depth > deepest) deepest = depth;
    }
    if (deepest < DEEPEST) depths[at] = deepest + 2;
    return deepest + 1;
}

static enum status find_depths(const char *file, const struct map *codes, const struct list *list, int *depths,
                               struct error *error)
{
    for (size_t i = 0; i < list->row_count; i++)
        if (depth_of(codes, list, depths, &list->rows[i], DEEPEST) > DEEPEST) {
            error_field(error, STATUS_INPUT, "parent",
                        N_("The code “{1}” is its own ancestor, or stands under more than 24 others."),
                        list->rows[i].code);
            return refuse(file, &list->rows[i], error);
        }
    return STATUS_OK;
}

/* By depth, in the order of the file within a depth. */
static void sort_by_depth(struct arena *arena, struct list *list, const int *depths)
{
    size_t starts[DEEPEST + 3] = {0};
    struct list_row *sorted = ARENA_ARRAY(arena, list->row_count, struct list_row);
    for (size_t i = 0; i < list->row_count; i++) starts[depths[i] + 1]++;
    for (size_t depth = 1; depth < DEEPEST + 3; depth++) starts[depth] += starts[depth - 1];
    for (size_t i = 0; i < list->row_count; i++) sorted[starts[depths[i]]++] = list->rows[i];
    list->rows = sorted;
}

enum status list_arrange(struct arena *arena, const char *file, struct list *list, struct error *error)
{
    struct map *codes = map_new(arena);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < list->row_count && status == STATUS_OK; i++) {
        status = check_row(file, codes, &list->rows[i], error);
        if (status == STATUS_OK) map_put(codes, list->rows[i].code, &list->rows[i]);
    }
    for (size_t i = 0; i < list->row_count && status == STATUS_OK; i++) {
        const struct list_row *row = &list->rows[i];
        status = check_reference(file, codes, row, "parent", row->parent, error);
        if (status == STATUS_OK) status = check_reference(file, codes, row, "other_parent", row->other_parent, error);
    }
    int *depths = ARENA_ARRAY(arena, list->row_count + 1, int);
    if (status == STATUS_OK) status = find_depths(file, codes, list, depths, error);
    if (status == STATUS_OK) sort_by_depth(arena, list, depths);
    return status;
}
