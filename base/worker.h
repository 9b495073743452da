/* worker.h: one thread that does a piece of work beside its owner. Owner and work share nothing that either changes, until the owner has waited. */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <stdbool.h>

struct arena;
struct worker;

/* A worker that ends, its work done, with the arena. Where the system gives no thread, work is done by who asks for it. */
struct worker *worker_new(struct arena *arena);

/* Begins work(context); what was begun before is waited for. */
void worker_begin(struct worker *worker, void (*work)(void *context), void *context);

/* Whether what was begun is not done yet. */
bool worker_is_busy(struct worker *worker);

/* Until what was begun is done; at once when nothing was. */
void worker_wait(struct worker *worker);

#endif
