#include "base/worker.h"

#include <pthread.h>
#include <signal.h>

#include "base/arena.h"

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*work)(void *context); /* NULL: nothing to do */
    void *context;
    bool runs, ends;
};

static void *serve(void *data)
{
    struct worker *worker = data;
    pthread_mutex_lock(&worker->lock);
    for (;;) {
        while (!worker->work && !worker->ends) pthread_cond_wait(&worker->changed, &worker->lock);
        if (!worker->work) break;
        pthread_mutex_unlock(&worker->lock);
        worker->work(worker->context);
        pthread_mutex_lock(&worker->lock);
        worker->work = NULL;
        pthread_cond_broadcast(&worker->changed);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

static void end_worker(void *data)
{
    struct worker *worker = data;
    pthread_mutex_lock(&worker->lock);
    worker->ends = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    if (worker->runs) pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
}

/* Signals go to the threads that know what to do with them. */
static bool start_thread(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    const bool started = pthread_create(&worker->thread, NULL, serve, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct worker *worker_new(struct arena *arena)
{
    struct worker *worker = ARENA_NEW(arena, struct worker);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    worker->runs = start_thread(worker);
    arena_defer(arena, end_worker, worker);
    return worker;
}

void worker_begin(struct worker *worker, void (*work)(void *context), void *context)
{
    worker_wait(worker);
    if (!worker->runs) {
        work(context);
        return;
    }
    pthread_mutex_lock(&worker->lock);
    worker->context = context;
    worker->work = work;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

void worker_wait(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (worker->work) pthread_cond_wait(&worker->changed, &worker->lock);
    pthread_mutex_unlock(&worker->lock);
}

bool worker_is_busy(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    const bool busy = worker->work != NULL;
    pthread_mutex_unlock(&worker->lock);
    return busy;
}
