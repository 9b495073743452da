/* solver_private.h: the two sides of a run of cbc: its files and its process. */
#ifndef PLATFORM_SOLVER_PRIVATE_H
#define PLATFORM_SOLVER_PRIVATE_H

#include "platform/solver/solver.h"

/* Writes the programme in CPLEX's LP format. False when the file cannot be written. */
bool solver_write(const struct program *program, const char *path);

/* Reads cbc's solution file: its first line says how it ended. x holds the columns' values, 0 where not listed. */
enum status solver_read(const struct program *program, const char *path, double *x, struct error *error);

/* Checks bounds, rows and whole values within 1e-6 (relative to the size of the row's terms), rounds the whole ones, sums the cost. */
enum status solver_check(const struct program *program, double *x, double *objective, struct error *error);

/* Runs the program in the directory; STATUS_OK when it ended by itself with code 0. */
enum status solver_run(const char *program, const char *directory, const struct solver_limits *limits,
                       struct error *error);

#endif
