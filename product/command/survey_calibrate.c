/* survey_calibrate.c: maillage survey calibrate. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "engine/survey/calibrate.h"
#include "platform/csv/csv.h"
#include "product/command/survey_margins.h"
#include "product/command/survey_private.h"

struct calibrate_words {
    const char *units, *margins, *weight, *method, *bounds, *scale, *id, *out;
    double tolerance;
    bool partial;
};

bool survey_read_method(const char *text, enum calibrate_method *method)
{
    static const char *const names[] = {"linear", "raking", "truncated", "logit"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *method = (enum calibrate_method)i;
        return true;
    }
    fprintf(stderr, "maillage: the method %s is unknown: linear, raking, truncated or logit.\n", text);
    return false;
}

/* "0.3,3" */
static bool read_bounds(const struct calibrate_words *words, struct calibrate_problem *problem)
{
    const bool needed = problem->method == CALIBRATE_TRUNCATED || problem->method == CALIBRATE_LOGIT;
    if (!words->bounds && !needed) return true;
    const char *comma = words->bounds ? strchr(words->bounds, ',') : NULL;
    if (needed && comma && csv_parse_real(words->bounds, (size_t)(comma - words->bounds), &problem->lower) &&
        csv_parse_real(comma + 1, strlen(comma + 1), &problem->upper))
        return true;
    fprintf(stderr, needed ? "maillage: the method needs --bounds L,U, such as --bounds 0.3,3.\n"
                           : "maillage: --bounds goes with the methods truncated and logit only.\n");
    return false;
}

enum status survey_check_weights(const struct table *units, const struct table_column *weight, struct error *error)
{
    const enum status status = table_require_values(units, weight, error);
    for (size_t row = 0; !status && row < units->row_count; row++) {
        if (weight->number[row] >= 0) continue;
        error_field(error, STATUS_INPUT, weight->name, N_("The weight is negative."));
        return table_error_at(units, row, weight, error);
    }
    return status;
}

static enum status write_weights(struct arena *arena, const char *path, const struct table_column *id, size_t count,
                                 const double *design, const double *ratio, struct error *error)
{
    struct csv_writer *writer = NULL;
    const enum status status = csv_create(arena, path, NULL, &writer, error);
    if (status) return status;
    static const char *const names[] = {"id", "d", "g", "w"};
    for (size_t i = 0; i < 4; i++) csv_put_text(writer, names[i]);
    csv_end_row(writer);
    for (size_t i = 0; i < count; i++) {
        csv_put_text(writer, id->text[i]);
        csv_put_real(writer, design[i]);
        csv_put_real(writer, ratio[i]);
        csv_put_real(writer, design[i] * ratio[i]);
        csv_end_row(writer);
    }
    return csv_finish(writer, error);
}

static void report_margins(const struct margins *margins, const struct calibrate_result *result)
{
    static const char *const why[] = {
        [CALIBRATE_IMPLIED] = "follows from the margins before it and agrees with them",
        [CALIBRATE_EMPTY] = "has no unit and a total of 0",
        [CALIBRATE_ZERO] = "has a total of 0: its units weigh 0",
    };
    for (size_t j = 0; j < margins->count; j++) {
        if (result->state[j] != CALIBRATE_MET)
            fprintf(stderr, "note: the margin %s %s.\n", margins->names[j], why[result->state[j]]);
        else if (margins->prices && isfinite(margins->prices[j]))
            fprintf(stderr, "note: the margin %s has a price: asked %.10g, reached %.10g.\n", margins->names[j],
                    margins->totals[j], result->achieved[j]);
    }
}

static void report_ratios(size_t count, const struct calibrate_result *result, size_t margin_count)
{
    double least = INFINITY, most = -INFINITY;
    size_t negative = 0;
    for (size_t i = 0; i < count; i++) {
        least = fmin(least, result->ratio[i]);
        most = fmax(most, result->ratio[i]);
        negative += result->ratio[i] < 0;
    }
    printf("%zu units, %zu margins, %d iterations, largest relative error %.1e, g from %.6g to %.6g\n", count,
           margin_count, result->iterations, result->worst, least, most);
    if (negative) fprintf(stderr, "note: %zu weights are negative: a bounded method avoids it.\n", negative);
}

/* Every margin that would have to move, where there is no solution. */
static void report_relaxation(const struct margins *margins, const struct calibrate_result *result)
{
    if (result->reason == CALIBRATE_SOLVED || !result->relaxed) return;
    for (size_t j = 0; j < margins->count; j++) {
        const double change = result->relaxed[j] - margins->totals[j];
        if (fabs(change) > 1e-9 * (1 + fabs(margins->totals[j])))
            fprintf(stderr, "to relax: %s: %.10g to %.10g\n", margins->names[j], margins->totals[j],
                    result->relaxed[j]);
    }
}

static enum status calibrate_files(struct arena *arena, const struct calibrate_words *words,
                                   struct calibrate_problem *problem, struct error *error)
{
    struct table *units = table_new(arena, words->units);
    const struct table_column *id = table_want_id(units, words->id);
    const struct table_column *weight = table_want(units, words->weight, TABLE_NUMBER);
    const struct table_column *scale = words->scale ? table_want(units, words->scale, TABLE_NUMBER) : NULL;
    struct margins margins = {.partial = words->partial};
    enum status status = margins_read(arena, words->margins, units, &margins, error);
    if (!status) status = table_read(units, error);
    if (!status) status = survey_check_weights(units, weight, error);
    if (!status) status = margins_apply(arena, units, &margins, error);
    if (status) return status;
    problem->rows = margins.rows;
    problem->design = weight->number;
    problem->scale = scale ? scale->number : NULL;
    problem->totals = margins.totals;
    problem->price = margins.prices;
    problem->names = margins.names;
    problem->tolerance = words->tolerance;
    struct calibrate_result result = {0};
    status = calibrate(arena, problem, &result, error);
    if (status == STATUS_NONE) report_relaxation(&margins, &result);
    if (status) return status;
    report_margins(&margins, &result);
    report_ratios(units->row_count, &result, margins.count);
    return write_weights(arena, words->out, id, units->row_count, weight->number, result.ratio, error);
}

int survey_calibrate_run(int argc, char **argv)
{
    struct calibrate_words words = {.tolerance = 1e-9};
    struct calibrate_problem problem = {0};
    const struct option_row rows[] = {
        {"units", "FILE", "the units: id and any columns", OPTION_TEXT, true, &words.units},
        {"margins", "FILE", "variable,category,total[,price]", OPTION_TEXT, true, &words.margins},
        {"weight", "COLUMN", "the initial weight, in the units", OPTION_TEXT, true, &words.weight},
        {"method", "METHOD", "linear, raking, truncated or logit", OPTION_TEXT, true, &words.method},
        {"bounds", "L,U", "of the ratio of weights: truncated, logit", OPTION_TEXT, false, &words.bounds},
        {"scale", "COLUMN", "q: how freely a unit's weight moves", OPTION_TEXT, false, &words.scale},
        {"id", "COLUMN", "the identifier (id, or the number of the line)", OPTION_TEXT, false, &words.id},
        {"tolerance", "X", "largest relative error of a margin (1e-9)", OPTION_REAL, false, &words.tolerance},
        {"partial", NULL, "accept categories without a margin", OPTION_FLAG, false, &words.partial},
        {"out", "FILE", "the weights: id,d,g,w", OPTION_TEXT, true, &words.out},
        {0},
    };
    const int started = options_start(survey_command("survey calibrate"), argc, argv, rows);
    if (started >= 0) return started;
    if (!survey_read_method(words.method, &problem.method) || !read_bounds(&words, &problem)) return 1;
    struct arena *arena = arena_new();
    struct error error = {0};
    const int code = options_end(calibrate_files(arena, &words, &problem, &error), &error);
    arena_free(&arena);
    return code;
}
