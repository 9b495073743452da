/* wake.c: threads that wait for jobs hear of those that this process makes, without a statement. */
#include <pthread.h>
#include <time.h>

#include "base/time.h"
#include "platform/job/job_private.h"

/* A transaction that puts a job into the queue commits within this time, or its job waits for the next look. */
enum { COMMIT_MS = 2000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint64_t count;
static _Atomic int64_t expected_until;

static void prepare(void)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void job_wake(void)
{
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lock);
    count++;
    pthread_cond_broadcast(&woken);
    pthread_mutex_unlock(&lock);
}

uint64_t job_wake_count(void)
{
    pthread_mutex_lock(&lock);
    const uint64_t seen = count;
    pthread_mutex_unlock(&lock);
    return seen;
}

void job_wake_wait(uint64_t seen, int64_t most_ms)
{
    struct timespec until;
    pthread_once(&once, prepare);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += most_ms / 1000;
    until.tv_nsec += most_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&lock);
    while (count == seen && pthread_cond_timedwait(&woken, &lock, &until) == 0) continue;
    pthread_mutex_unlock(&lock);
}

bool job_wake_expected(void) { return time_ticks() < expected_until; }

void job_wake_expect(void)
{
    expected_until = time_ticks() + COMMIT_MS;
    job_wake();
}
