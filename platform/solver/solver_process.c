/* solver_process.c: cbc as a child with limits. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "platform/solver/solver_private.h"

enum { ANSWER_BYTES_MOST = 256 << 20, GRACE_SECONDS = 5, POLL_MS = 2 };

static void limit(unsigned resource, rlim_t most)
{
    const struct rlimit both = {most, most};
    if (setrlimit(resource, &both) != 0) _exit(126);
}

/* Between fork and exec: only calls that are safe there. */
static void become(const char *program, char *const *arguments, const char *directory,
                   const struct solver_limits *limits)
{
    static char *const nothing[] = {NULL};
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || chdir(directory) != 0) _exit(126);
    for (int descriptor = 0; descriptor < 3; descriptor++)
        if (dup2(null, descriptor) < 0) _exit(126);
    close_range(3, ~0U, 0);
    limit(RLIMIT_CPU, (rlim_t)limits->seconds + GRACE_SECONDS);
    limit(RLIMIT_AS, (rlim_t)limits->megabytes << 20);
    limit(RLIMIT_FSIZE, ANSWER_BYTES_MOST);
    limit(RLIMIT_CORE, 0);
    setsid();
    execve(program, arguments, nothing);
    _exit(127);
}

/* Waits until the child ends; past the time, kills it and says so. */
static enum status await(pid_t child, int64_t until, struct error *error)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    int how = 0;
    pid_t ended;
    while ((ended = waitpid(child, &how, WNOHANG)) == 0 && time_ticks() < until) nanosleep(&pause, NULL);
    if (ended == 0) {
        kill(child, SIGKILL);
        while (waitpid(child, &how, 0) < 0 && errno == EINTR) continue;
        return error_set(error, STATUS_LIMIT,
                         N_("The exact solver did not finish in time: give it more, or use the fast method."));
    }
    if (WIFEXITED(how) && WEXITSTATUS(how) == 127)
        return error_set(error, STATUS_FAULT, N_("The exact solver is not installed: install Debian's package {1}."),
                         "coinor-cbc");
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0) return STATUS_OK;
    return error_set(error, STATUS_FAULT, N_("The exact solver stopped before its end."));
}

enum status solver_run(const char *program, const char *directory, const struct solver_limits *limits,
                       struct error *error)
{
    char seconds[16], gap[32];
    snprintf(seconds, sizeof seconds, "%d", limits->seconds);
    snprintf(gap, sizeof gap, "%.9g", limits->gap);
    const char *const words[] = {"cbc",    "program.lp", "-randomCbcSeed", "1",     "-threads", "0",
                                 "-sec",   seconds,      "-ratio",         gap,     "-allow",   gap,
                                 "-solve", "-solution",  "answer.txt",     "-quit", NULL};
    char *arguments[sizeof words / sizeof *words];
    memcpy(arguments, words, sizeof words);
    const pid_t child = fork();
    if (child < 0) return error_set(error, STATUS_BUSY, N_("The exact solver could not be started: try again."));
    if (child == 0) become(program, arguments, directory, limits);
    return await(child, time_ticks() + (int64_t)(limits->seconds + GRACE_SECONDS) * MS_PER_SECOND, error);
}
