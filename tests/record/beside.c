#include "tests/record/beside.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/check.h"

static pid_t running;

const char *beside_start(struct arena *arena, const char *script)
{
    int pipes[2];
    char port[16] = "";
    assert_int_equal(pipe(pipes), 0);
    running = fork();
    if (running == 0) {
        dup2(pipes[1], 1);
        close(pipes[0]);
        execl(script, script, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    FILE *said = fdopen(pipes[0], "r");
    assert_non_null(fgets(port, sizeof port, said));
    fclose(said);
    port[strcspn(port, "\n")] = '\0';
    return arena_print(arena, "http://127.0.0.1:%s", port);
}

void beside_stop(void)
{
    if (running > 0) {
        kill(running, SIGKILL);
        waitpid(running, NULL, 0);
    }
    running = 0;
}

int beside_end(void **state)
{
    (void)state;
    beside_stop();
    return 0;
}
