/* figures.h: published figures about needs that the reader may or may not see: one fixed cube of territory by kind of need and
 * territory by sector, a quarter at a time, in distinct companies. Frozen once when the quarter is over, protected by engine/counts; what is
 * hidden is not stored, so that no page can show it. Method: docs/methods-figures.md. */
#ifndef PRODUCT_FIGURES_FIGURES_H
#define PRODUCT_FIGURES_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db_handle;
struct records;

enum { FIGURES_METHOD = 1 };
#define FIGURES_FRANCE "FR"

enum figures_family { FIGURES_ALL, FIGURES_KIND, FIGURES_SECTOR };

/* Quarters are numbered year * 4 + 0 to 3. */
int64_t figures_quarter_of(int64_t day);
int64_t figures_quarter_start(int64_t quarter); /* its first day */
/* "2026-T3", as addresses and files have it. Result in the arena. */
const char *figures_quarter_name(struct arena *arena, int64_t quarter);
/* 0 when it is no quarter. */
int64_t figures_quarter_parse(const char *text);

struct figures_release {
    int64_t quarter, frozen, method, floor;
    int64_t needs, companies, left_out, cells, small, secondary; /* for the command line only */
};

/* Computes and stores the figures of all quarters that are over by `today` and not frozen yet, from that of the first need on. report (may
 * be NULL) is told of each. Each in one transaction: stopping it in between loses nothing. About a second a quarter and 10,000 companies. */
typedef void figures_report(void *context, const struct figures_release *release);
enum status figures_freeze(const struct records *records, int64_t today, figures_report *report, void *context,
                           struct error *error);

/* The frozen quarters, newest first. */
enum status figures_releases(struct db_handle *read, struct arena *arena, struct figures_release **releases,
                             size_t *count, struct error *error);

struct figures_cell {
    int64_t quarter;
    const char *code, *area;
    int64_t companies, members;
};

/* Which cells: quarter 0: all quarters; code or area NULL: all of them. */
struct figures_wish {
    int64_t quarter;
    enum figures_family family;
    const char *code, *area;
};

/* The published cells, by quarter, code, area. */
enum status figures_cells(struct db_handle *read, struct arena *arena, const struct figures_wish *wish,
                          struct figures_cell **cells, size_t *count, struct error *error);

#endif
