/* survey_arrays.c SAMPLE.csv MARGINS.csv: times the survey engine on arrays, without files. CPU seconds, one thread. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"
#include "engine/survey/calibrate.h"
#include "engine/survey/estimate.h"
#include "platform/csv/csv.h"

enum { MOST = 200000, CELLS = 100, REGIONS = 13, SECTORS = 20 };

struct sample {
    size_t count, stratum_count;
    uint32_t *cell, *region, *sector, *stratum;
    double *turnover, *invest, *design, *population;
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static double number(const struct csv_row *row, size_t column)
{
    double value = NAN;
    csv_parse_real(row->cells[column].text, row->cells[column].length, &value);
    return value;
}

static const struct csv_row *next(struct csv_reader *reader)
{
    const struct csv_row *row = NULL;
    struct error error;
    if (csv_next(reader, &row, &error)) exit(2);
    return row;
}

static uint32_t rank_of(const struct csv_row *row, size_t column)
{
    return (uint32_t)atoi(row->cells[column].text + 1) - 1;
}

/* id,sector,size,region,turnover,opinion,invest,stratum,Nh,d */
static struct sample read_sample(struct arena *arena, const char *path)
{
    struct sample s = {.stratum_count = CELLS * REGIONS};
    uint32_t **const codes[] = {&s.cell, &s.region, &s.sector, &s.stratum};
    double **const values[] = {&s.turnover, &s.invest, &s.design, &s.population};
    for (size_t i = 0; i < 4; i++) {
        *codes[i] = ARENA_ARRAY(arena, MOST, uint32_t);
        *values[i] = ARENA_ARRAY(arena, MOST, double);
    }
    struct csv_reader *reader = NULL;
    struct error error;
    if (csv_open(arena, path, NULL, &reader, &error)) exit(2);
    next(reader);
    for (const struct csv_row *row; (row = next(reader)) && s.count < MOST; s.count++) {
        const size_t i = s.count;
        s.sector[i] = rank_of(row, 1);
        s.cell[i] = s.sector[i] * 5 + rank_of(row, 2);
        s.region[i] = rank_of(row, 3);
        s.stratum[i] = s.cell[i] * REGIONS + s.region[i];
        s.turnover[i] = number(row, 4);
        s.invest[i] = number(row, 6);
        s.population[s.stratum[i]] = number(row, 8);
        s.design[i] = number(row, 9);
    }
    return s;
}

static void read_totals(struct arena *arena, const char *path, double *totals)
{
    struct csv_reader *reader = NULL;
    struct error error;
    if (csv_open(arena, path, NULL, &reader, &error)) exit(2);
    next(reader);
    size_t count = 0;
    for (const struct csv_row *row; (row = next(reader)) && count < CELLS + REGIONS + SECTORS;)
        totals[count++] = number(row, 2);
}

static double *calibrate_by(struct arena *arena, const struct sample *s, const double *totals,
                            enum calibrate_method method, const struct survey_rows **rows)
{
    static const char *const names[] = {"linear", "raking", "truncated", "logit"};
    const struct survey_term terms[] = {
        {s->cell, CELLS, NULL}, {s->region, REGIONS, NULL}, {s->sector, SECTORS, s->turnover}};
    const double start = seconds();
    *rows = survey_rows_build(arena, s->count, terms, 3);
    const struct calibrate_problem problem = {
        .rows = *rows, .design = s->design, .totals = totals, .method = method, .lower = 0.3, .upper = 3};
    struct calibrate_result result;
    struct error error = {0};
    if (calibrate(arena, &problem, &result, &error)) exit(3);
    printf("calibrate, %-9s %zu units x %zu margins: %.3f s, %d iterations, relative error %.0e\n", names[method],
           s->count, (*rows)->column_count, seconds() - start, result.iterations, result.worst);
    return result.ratio;
}

static void estimate_domains(struct arena *arena, const struct sample *s, const struct survey_rows *rows,
                             const double *ratio)
{
    double *weight = ARENA_ARRAY(arena, s->count, double);
    for (size_t i = 0; i < s->count; i++) weight[i] = s->design[i] * ratio[i];
    const struct estimate_design design = {.unit_count = s->count,
                                           .weight = weight,
                                           .stratum = s->stratum,
                                           .stratum_count = s->stratum_count,
                                           .population = s->population,
                                           .margins = rows,
                                           .initial = s->design};
    struct estimate_plan *plan = NULL;
    struct estimate estimates[CELLS];
    struct error error = {0};
    size_t place = 0;
    double start = seconds();
    if (estimate_plan_new(arena, &design, &plan, &place, &error)) exit(2);
    printf("plan of the estimates: %.3f s\n", seconds() - start);
    start = seconds();
    estimate_totals(arena, plan, s->invest, (struct estimate_domains){s->cell, CELLS}, estimates);
    printf("total by %d domains, calibrated variance: %.3f s (first: %.6g, se %.6g)\n", CELLS, seconds() - start,
           estimates[0].value, sqrt(estimates[0].variance));
    start = seconds();
    estimate_ratios(arena, plan, s->invest, s->turnover, (struct estimate_domains){s->cell, CELLS}, estimates);
    printf("ratio by %d domains, calibrated variance: %.3f s\n", CELLS, seconds() - start);
}

int main(int argc, char **argv)
{
    if (argc != 3) return 1;
    struct arena *arena = arena_new();
    double totals[CELLS + REGIONS + SECTORS];
    const struct sample sample = read_sample(arena, argv[1]);
    read_totals(arena, argv[2], totals);
    const double before = megabytes();
    for (int method = CALIBRATE_LINEAR; method <= CALIBRATE_LOGIT; method++) {
        struct arena *job = arena_new();
        const struct survey_rows *rows = NULL;
        const double *ratio = calibrate_by(job, &sample, totals, (enum calibrate_method)method, &rows);
        if (method == CALIBRATE_LOGIT) printf("memory above the arrays: %.0f MB\n", megabytes() - before);
        if (method == CALIBRATE_LOGIT) estimate_domains(job, &sample, rows, ratio);
        arena_free(&job);
    }
    arena_free(&arena);
    return 0;
}
