/* The outlines in memory, and where a place falls on them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/csv/csv.h"
#include "platform/html/map_private.h"

enum { COLUMNS = 15, MOST_OUTLINES = 1000 };

static struct outlines loaded;
static struct arena *kept;

const struct outlines *map_outlines(void) { return &loaded; }

const struct outline *map_outline(enum outline_kind kind, const char *code)
{
    if (kind == OUTLINE_REGION && *code == 'R') code++;
    for (size_t i = 0; i < loaded.count; i++)
        if (loaded.rows[i].kind == kind && strcmp(loaded.rows[i].code, code) == 0) return &loaded.rows[i];
    return NULL;
}

static bool find_kind(const char *name, enum outline_kind *kind)
{
    static const char *const names[OUTLINE_KINDS] = {"departement", "region", "zoom", "frame"};
    for (size_t i = 0; i < OUTLINE_KINDS; i++)
        if (strcmp(names[i], name) == 0) return *kind = (enum outline_kind)i, true;
    return false;
}

/* Path data goes into pages as it is: letters of paths and figures only. */
static bool read_outline(struct arena *arena, const struct csv_row *row, struct outline *outline)
{
    double *const numbers[] = {&outline->x,     &outline->y,  &outline->west, &outline->south, &outline->east,
                               &outline->north, &outline->x0, &outline->kx,   &outline->y0,    &outline->ky};
    if (row->count != COLUMNS || !find_kind(row->cells[0].text, &outline->kind)) return false;
    outline->code = arena_copy(arena, row->cells[1].text);
    outline->name = arena_copy(arena, row->cells[2].text);
    outline->region = arena_copy(arena, row->cells[3].text);
    outline->path = arena_copy(arena, row->cells[4].text);
    if (strspn(outline->path, "MLmlz0123456789 .-") != strlen(outline->path)) return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct csv_cell *cell = &row->cells[5 + i];
        if (cell->length && !csv_parse_real(cell->text, cell->length, numbers[i])) return false;
    }
    return outline->kind == OUTLINE_FRAME || *outline->path;
}

static enum status read_all(struct csv_reader *reader, struct arena *arena, struct outline *rows, size_t *count,
                            struct error *error)
{
    const struct csv_row *row = NULL;
    enum status status = csv_next(reader, &row, error);
    for (*count = 0; !status && row;) {
        status = csv_next(reader, &row, error);
        if (status || !row) break;
        if (*count == MOST_OUTLINES || !read_outline(arena, row, &rows[*count])) {
            error_set(error, STATUS_INPUT,
                      N_("This line is no outline of the map: write the reference data again (make run does it)."));
            return csv_error_at(reader, 0, error);
        }
        ++*count;
    }
    return status;
}

enum status map_load(const char *file, struct error *error)
{
    struct arena *reading = arena_new(), *arena = arena_new();
    struct csv_reader *reader = NULL;
    struct outline *rows = ARENA_ARRAY(arena, MOST_OUTLINES, struct outline);
    size_t count = 0;
    enum status status = csv_open(reading, file, NULL, &reader, error);
    if (!status) status = read_all(reader, arena, rows, &count, error);
    arena_free(&reading);
    if (status) {
        arena_free(&arena);
        return status;
    }
    if (kept) arena_free(&kept);
    kept = arena;
    loaded = (struct outlines){rows, count};
    return STATUS_OK;
}

/* The ordinate of a latitude on a sphere of one degree a degree at the equator. */
static double mercator(double latitude) { return log(tan(M_PI / 4 + latitude * M_PI / 360)) * 180 / M_PI; }

bool map_project(int64_t latitude, int64_t longitude, double *x, double *y)
{
    const double north = (double)latitude / 1e6, east = (double)longitude / 1e6;
    for (size_t i = 0; i < loaded.count; i++) {
        const struct outline *frame = &loaded.rows[i];
        if (frame->kind != OUTLINE_FRAME || east < frame->west || east > frame->east || north < frame->south ||
            north > frame->north)
            continue;
        *x = frame->x0 + frame->kx * east;
        *y = frame->y0 - frame->ky * mercator(north);
        return true;
    }
    return false;
}
