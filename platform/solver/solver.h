/* solver.h: an exact solver in a child process.
 *
 * Runs Debian's cbc (COIN-OR branch and cut, package coinor-cbc) on a linear programme with whole variables, without a
 * shell, in a directory of its own, with limits on processor time, elapsed time, memory and file size, an empty environment
 * and no terminal. A crash there is an answer (STATUS_FAULT), not an outage. What it returns is checked again: bounds,
 * whole numbers and rows, within 1e-6; whole values are rounded. That it is the least is the solver's word alone. */
#ifndef PLATFORM_SOLVER_H
#define PLATFORM_SOLVER_H

#include "base/program.h"

struct arena;

struct solver_limits {
    int seconds;   /* elapsed, and of processor time; 60 when 0 */
    int megabytes; /* of address space; 2,048 when 0 */
    double gap;    /* relative, at which a solution is held optimal; 0: exact */
};

/* A solver whose memory ends with the arena. program: the file to run, "/usr/bin/cbc" when NULL. Nothing is started yet.
 * Any thread may call solve; each call is a process. */
struct solver *solver_new(struct arena *arena, const char *program, const struct solver_limits *limits);

#endif
