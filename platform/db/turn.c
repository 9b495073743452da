/* turn.c: writers of several processes on one SQLite file take turns. SQLite lets those who wait try again now and then: one process that writes
 * without a pause would keep all others out. Who wants to write holds the turn while it waits for the file, so that who wrote last comes
 * after it. The turn is a lock on an empty file beside the database: it ends with its process, whatever happens. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "platform/db/db_private.h"

enum { PATH_MOST = 4096 };

int db_turn_open(const char *path)
{
    char name[PATH_MOST];
    if (snprintf(name, sizeof name, "%s-turn", path) >= (int)sizeof name) return -1;
    return open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

void db_turn_close(int turn)
{
    if (turn >= 0) close(turn);
}

static bool lock(int turn, short type)
{
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(turn, F_OFD_SETLK, &whole) == 0;
}

void db_turn_pause(void) { nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); }

bool db_turn_take(int turn, int64_t wait_ms)
{
    const int64_t until = time_ticks() + wait_ms;
    if (turn < 0) return true;
    while (!lock(turn, F_WRLCK)) {
        if (errno != EAGAIN && errno != EACCES) return true; /* a file system without locks: as it was without turns */
        if (time_ticks() > until) return false;
        db_turn_pause();
    }
    return true;
}

void db_turn_give(int turn)
{
    if (turn >= 0) lock(turn, F_UNLCK);
}
