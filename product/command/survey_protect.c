/* survey_protect.c: maillage survey protect. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "platform/csv/csv.h"
#include "platform/solver/solver.h"
#include "product/command/commands.h"
#include "product/command/survey_disclose.h"

struct protect_words {
    struct disclose_words shared;
    const char *method, *cost, *out;
    int64_t seconds;
};

static void write_header(struct csv_writer *writer, const struct disclose_input *input)
{
    static const char *const names[] = {"n", "value", "status", "lower", "upper"};
    for (size_t d = 0; d < input->dimensions; d++) csv_put_text(writer, input->names[d]);
    for (size_t i = 0; i < 5; i++) csv_put_text(writer, names[i]);
    csv_end_row(writer);
}

static void write_cell(struct csv_writer *writer, const struct disclose_input *input, size_t cell, const double *lower,
                       const double *upper)
{
    const struct disclose_table *table = &input->table;
    const bool open = input->status[cell] == DISCLOSE_OPEN;
    for (size_t d = 0; d < input->dimensions; d++)
        csv_put_text(writer, input->trees[d].codes[disclose_node(table, cell, d)]);
    if (open) {
        csv_put_integer(writer, table->respondents[cell]);
        csv_put_real(writer, table->value[cell]);
    } else {
        csv_put_text(writer, "");
        csv_put_text(writer, "");
    }
    csv_put_text(writer, disclose_status_word(input->status[cell]));
    csv_put_real(writer, open ? table->value[cell] : disclose_round(lower[cell]));
    csv_put_real(writer, open ? table->value[cell] : disclose_round(upper[cell]));
    csv_end_row(writer);
}

/* The first classification varies slowest. */
static void write_cells(struct csv_writer *writer, const struct disclose_input *input, size_t d, size_t cell,
                        const double *lower, const double *upper)
{
    if (d == input->dimensions) {
        if (input->status[cell] != DISCLOSE_UNPUBLISHED) write_cell(writer, input, cell, lower, upper);
        return;
    }
    for (size_t node = 0; node < input->trees[d].count; node++)
        write_cells(writer, input, d + 1, cell + node * input->table.stride[d], lower, upper);
}

static enum status write_table(const char *path, const struct disclose_input *input, const double *lower,
                               const double *upper, struct error *error)
{
    struct csv_writer *writer = NULL;
    const enum status status = csv_create(input->arena, path, NULL, &writer, error);
    if (status) return status;
    write_header(writer, input);
    write_cells(writer, input, 0, 0, lower, upper);
    return csv_finish(writer, error);
}

static void print_summary(const struct disclose_summary *summary, const struct disclose_report *report)
{
    printf("cells %zu, of which %zu empty; primary %zu, secondary %zu\n", summary->cells, summary->empty,
           summary->primary, summary->secondary);
    printf("information lost: %.2f %% of the cells, %.3f %% of the values\n",
           summary->cells ? 100 * (double)(summary->primary + summary->secondary) / (double)summary->cells : 0,
           summary->value > 0 ? 100 * summary->lost / summary->value : 0);
    printf("sets of suppressed cells protected as one: %zu\n", summary->pools);
    printf("audit: %zu cells and sets, %s: safe\n", report->checked,
           report->exact ? "exact intervals" : "each with an alternative table that adds up");
}

static enum status protect(struct arena *arena, const struct protect_words *words, struct disclose_options *options,
                           struct error *error)
{
    struct disclose_input input;
    struct disclose_summary summary;
    struct disclose_report report;
    enum status status = disclose_input_read(arena, &words->shared, &input, error);
    if (!status) status = disclose_protect(&input.table, options, input.status, &summary, error);
    if (status) return status;
    double *lower = ARENA_ARRAY(arena, input.table.cells, double),
           *upper = ARENA_ARRAY(arena, input.table.cells, double);
    if (disclose_audit(arena, &input.table, &options->rules, input.status, lower, upper, &report) != STATUS_OK)
        return error_set(error, STATUS_NONE,
                         N_("The auditor refuses the suppression that was found, at {1}: nothing was written."),
                         disclose_cell_name(&input, report.findings[0].cell));
    status = write_table(words->out, &input, lower, upper, error);
    if (!status) print_summary(&summary, &report);
    return status;
}

static bool read_choices(const struct protect_words *words, struct disclose_options *options)
{
    static const char *const costs[] = {"value", "cells", "balance"};
    const bool optimal = strcmp(words->method, "optimal") == 0;
    options->rules = words->shared.rules;
    options->method = optimal ? DISCLOSE_OPTIMAL : DISCLOSE_FAST;
    int cost = 0;
    while (cost < 3 && strcmp(words->cost, costs[cost]) != 0) cost++;
    options->cost = (enum disclose_cost)cost;
    if ((optimal || strcmp(words->method, "fast") == 0) && cost < 3 && words->seconds > 0 && words->seconds <= 86400)
        return true;
    fprintf(
        stderr,
        "maillage: --method is optimal or fast; --cost is value, cells or balance; --seconds is from 1 to 86400.\n");
    return false;
}

static int run_protect(int argc, char **argv)
{
    struct protect_words words = {.method = "fast", .cost = "balance", .seconds = 60};
    struct option_row rows[DISCLOSE_ROWS + 5] = {0};
    const size_t shared = disclose_option_rows(&words.shared, rows);
    const struct option_row own[] = {
        {"method", "NAME", "optimal (a few hundred cells) or fast", OPTION_TEXT, false, &words.method},
        {"cost", "NAME", "what a suppressed cell loses: value, cells or balance", OPTION_TEXT, false, &words.cost},
        {"seconds", "N", "time given to each run of the exact solver (60)", OPTION_NUMBER, false, &words.seconds},
        {"out", "FILE", "by columns, n, value, status, lower, upper", OPTION_TEXT, true, &words.out},
    };
    memcpy(rows + shared, own, sizeof own);
    const int started = options_start(&disclose_commands[0], argc, argv, rows);
    struct disclose_options options = disclose_options_default();
    if (started >= 0) return started;
    if (!read_choices(&words, &options)) return 1;
    struct arena *arena = arena_new();
    struct error error = {0};
    const struct solver_limits limits = {.seconds = (int)words.seconds};
    options.solver = solver_new(arena, NULL, &limits);
    const int code = options_end(protect(arena, &words, &options, &error), &error);
    arena_free(&arena);
    return code;
}

const struct command disclose_commands[] = {
    {"survey protect", "Suppress the cells of a table that would betray a company.", run_protect},
    {"survey audit", "Check that a protected table betrays no company.", survey_audit_run},
    {0},
};
