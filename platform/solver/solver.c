/* solver.c: one programme, one run. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "platform/solver/solver_private.h"

enum { SECONDS_DEFAULT = 60, MEGABYTES_DEFAULT = 2048, PATH_BYTES = 128 };

struct cbc {
    const char *program;
    struct solver_limits limits;
};

static enum status run_in(const struct cbc *cbc, const char *directory, const struct program *program, double *x,
                          double *objective, struct error *error)
{
    char question[PATH_BYTES], answer[PATH_BYTES];
    snprintf(question, sizeof question, "%s/program.lp", directory);
    snprintf(answer, sizeof answer, "%s/answer.txt", directory);
    enum status status = solver_write(program, question)
                             ? solver_run(cbc->program, directory, &cbc->limits, error)
                             : error_set(error, STATUS_FAULT, N_("There is no room for the exact solver's files."));
    if (status == STATUS_OK) status = solver_read(program, answer, x, error);
    if (status == STATUS_OK) status = solver_check(program, x, objective, error);
    unlink(question);
    unlink(answer);
    return status;
}

static enum status solve(void *context, const struct program *program, double *x, double *objective,
                         struct error *error)
{
    char directory[] = "/tmp/maillage-solver-XXXXXX";
    if (!program->columns) return error_set(error, STATUS_NONE, N_("There is nothing to choose."));
    if (!mkdtemp(directory))
        return error_set(error, STATUS_FAULT, N_("There is no room for the exact solver's files."));
    const enum status status = run_in(context, directory, program, x, objective, error);
    rmdir(directory);
    return status;
}

struct solver *solver_new(struct arena *arena, const char *program, const struct solver_limits *limits)
{
    struct cbc *cbc = ARENA_NEW(arena, struct cbc);
    cbc->program = program ? program : "/usr/bin/cbc";
    if (limits) cbc->limits = *limits;
    if (cbc->limits.seconds <= 0) cbc->limits.seconds = SECONDS_DEFAULT;
    if (cbc->limits.megabytes <= 0) cbc->limits.megabytes = MEGABYTES_DEFAULT;
    struct solver *solver = ARENA_NEW(arena, struct solver);
    *solver = (struct solver){solve, cbc};
    return solver;
}
