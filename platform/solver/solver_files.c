/* solver_files.c: the programme as text for cbc, and its answer. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/solver/solver_private.h"

enum { TERMS_A_LINE = 8 };

static void write_terms(FILE *file, const struct program *program, size_t row)
{
    for (size_t k = program->start[row]; k < program->start[row + 1]; k++)
        fprintf(file, "%s%+.17g x%d", (k - program->start[row]) % TERMS_A_LINE == TERMS_A_LINE - 1 ? "\n " : " ",
                program->entry[k], program->column[k]);
    if (program->start[row] == program->start[row + 1]) fputs(" 0 x0", file);
}

static void write_rows(FILE *file, const struct program *program)
{
    fputs("Subject To\n", file);
    for (size_t i = 0; i < program->rows; i++) {
        const double lower = program->row_lower[i], upper = program->row_upper[i];
        const bool equal = lower >= upper;
        if (!isinf(lower)) {
            fprintf(file, "l%zu:", i);
            write_terms(file, program, i);
            fprintf(file, " %s %.17g\n", equal ? "=" : ">=", lower);
        }
        if (!isinf(upper) && !equal) {
            fprintf(file, "u%zu:", i);
            write_terms(file, program, i);
            fprintf(file, " <= %.17g\n", upper);
        }
    }
}

static void write_bound(FILE *file, double bound, const char *infinite)
{
    if (isinf(bound))
        fputs(infinite, file);
    else
        fprintf(file, "%.17g", bound);
}

static void write_columns(FILE *file, const struct program *program)
{
    bool any = false;
    fputs("Bounds\n", file);
    for (size_t j = 0; j < program->columns; j++) {
        fputc(' ', file);
        write_bound(file, program->lower[j], "-inf");
        fprintf(file, " <= x%zu <= ", j);
        write_bound(file, program->upper[j], "+inf");
        fputc('\n', file);
        any = any || (program->whole && program->whole[j]);
    }
    if (any) fputs("Generals\n", file);
    for (size_t j = 0; any && j < program->columns; j++)
        if (program->whole[j]) fprintf(file, " x%zu\n", j);
}

bool solver_write(const struct program *program, const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file) return false;
    fputs("Minimize\n cost:", file);
    for (size_t j = 0; j < program->columns; j++)
        fprintf(file, "%s%+.17g x%zu", j % TERMS_A_LINE == TERMS_A_LINE - 1 ? "\n " : " ", program->cost[j], j);
    fputc('\n', file);
    write_rows(file, program);
    write_columns(file, program);
    fputs("End\n", file);
    const bool written = !ferror(file);
    return fclose(file) == 0 && written;
}

/* How cbc says it ended, in the first line of its answer. */
static enum status read_outcome(const char *line, struct error *error)
{
    if (strncmp(line, "Optimal", 7) == 0) return STATUS_OK;
    if (strncmp(line, "Infeasible", 10) == 0 || strncmp(line, "Integer infeasible", 18) == 0 ||
        strncmp(line, "Unbounded", 9) == 0)
        return error_set(error, STATUS_NONE, N_("The exact solver has proven that there is no solution."));
    if (strncmp(line, "Stopped", 7) == 0)
        return error_set(error, STATUS_LIMIT,
                         N_("The exact solver did not finish in time: give it more, or use the fast method."));
    return error_set(error, STATUS_FAULT, N_("The exact solver's answer was not understood."));
}

/* "  number  name  value  reduced cost", with ** in front of what is not feasible. */
static bool read_value(const struct program *program, char *line, double *x)
{
    char *rest = line;
    const char *words[3] = {NULL};
    for (int i = 0; i < 3; i++) {
        do words[i] = strsep(&rest, " \t\n");
        while (words[i] && (!*words[i] || strcmp(words[i], "**") == 0));
        if (!words[i]) return false;
    }
    char *end = NULL;
    const unsigned long column = words[1][0] == 'x' ? strtoul(words[1] + 1, &end, 10) : ULONG_MAX;
    if (!end || *end || column >= program->columns) return false;
    x[column] = strtod(words[2], &end);
    return !*end;
}

enum status solver_read(const struct program *program, const char *path, double *x, struct error *error)
{
    char line[512];
    FILE *file = fopen(path, "re");
    if (!file || !fgets(line, sizeof line, file)) {
        if (file) fclose(file);
        return error_set(error, STATUS_FAULT, N_("The exact solver left no answer."));
    }
    enum status status = read_outcome(line, error);
    memset(x, 0, program->columns * sizeof *x);
    while (status == STATUS_OK && fgets(line, sizeof line, file))
        if (!read_value(program, line, x))
            status = error_set(error, STATUS_FAULT, N_("The exact solver's answer was not understood."));
    fclose(file);
    return status;
}

static bool column_holds(const struct program *program, size_t j, double *x)
{
    const double slack = 1e-6 * (1 + fabs(x[j]));
    if (program->whole && program->whole[j]) {
        if (fabs(x[j] - round(x[j])) > slack) return false;
        x[j] = round(x[j]);
    }
    return isfinite(x[j]) && x[j] >= program->lower[j] - slack && x[j] <= program->upper[j] + slack;
}

static bool row_holds(const struct program *program, size_t row, const double *x)
{
    double sum = 0, size = 1;
    for (size_t k = program->start[row]; k < program->start[row + 1]; k++) {
        const double term = program->entry[k] * x[program->column[k]];
        sum += term;
        size += fabs(term);
    }
    return sum >= program->row_lower[row] - 1e-6 * size && sum <= program->row_upper[row] + 1e-6 * size;
}

enum status solver_check(const struct program *program, double *x, double *objective, struct error *error)
{
    bool holds = true;
    *objective = 0;
    for (size_t j = 0; j < program->columns; j++) {
        holds = column_holds(program, j, x) && holds;
        *objective += program->cost[j] * x[j];
    }
    for (size_t i = 0; i < program->rows && holds; i++) holds = row_holds(program, i, x);
    if (holds) return STATUS_OK;
    return error_set(error, STATUS_FAULT, N_("The exact solver's answer does not satisfy what was asked."));
}
