#include "platform/http/workers_private.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/fatal.h"

enum { QUEUE = 1024 };

struct piece {
    http_work *work;
    void *context;
};

struct http_workers {
    pthread_mutex_t lock;
    pthread_cond_t something;
    struct piece queue[QUEUE];
    size_t first, count;
    bool stopping;
    size_t thread_count;
    pthread_t threads[];
};

/* The next piece; work NULL when the workers stop. */
static struct piece take(struct http_workers *workers)
{
    struct piece piece = {0};
    pthread_mutex_lock(&workers->lock);
    while (!workers->count && !workers->stopping) pthread_cond_wait(&workers->something, &workers->lock);
    if (!workers->stopping) {
        piece = workers->queue[workers->first];
        workers->first = (workers->first + 1) % QUEUE;
        workers->count--;
    }
    pthread_mutex_unlock(&workers->lock);
    return piece;
}

static void *thread_main(void *context)
{
    struct http_workers *workers = context;
    for (struct piece piece = take(workers); piece.work; piece = take(workers)) piece.work(piece.context, false);
    return NULL;
}

/* Signals are for the thread that waits for them, never for ours. */
static void start_threads(struct http_workers *workers, size_t threads)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (workers->thread_count < threads) {
        if (pthread_create(&workers->threads[workers->thread_count], NULL, thread_main, workers) != 0)
            fatal("no thread could be started");
        workers->thread_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct http_workers *http_workers_new(size_t threads)
{
    const size_t size = sizeof(struct http_workers) + threads * sizeof(pthread_t);
    struct http_workers *workers = calloc(1, size);
    if (!workers) fatal_memory(size);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->something, NULL);
    start_threads(workers, threads);
    return workers;
}

bool http_workers_add(struct http_workers *workers, http_work *work, void *context)
{
    pthread_mutex_lock(&workers->lock);
    const bool taken = !workers->stopping && workers->count < QUEUE;
    if (taken) {
        workers->queue[(workers->first + workers->count) % QUEUE] = (struct piece){work, context};
        workers->count++;
        pthread_cond_signal(&workers->something);
    }
    pthread_mutex_unlock(&workers->lock);
    return taken;
}

void http_workers_stop(struct http_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    workers->stopping = true;
    pthread_cond_broadcast(&workers->something);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->thread_count; i++) pthread_join(workers->threads[i], NULL);
    workers->thread_count = 0;
    for (; workers->count; workers->count--) {
        const struct piece piece = workers->queue[workers->first];
        workers->first = (workers->first + 1) % QUEUE;
        piece.work(piece.context, true);
    }
}

void http_workers_free(struct http_workers **workers)
{
    if (!*workers) return;
    pthread_mutex_destroy(&(*workers)->lock);
    pthread_cond_destroy(&(*workers)->something);
    free(*workers);
    *workers = NULL;
}
