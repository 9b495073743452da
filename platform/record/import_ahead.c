/* import_ahead.c: while a batch is written, a thread reads and parses the rows of the next one. */
#include "base/arena.h"
#include "base/worker.h"
#include "platform/record/import_private.h"
#include "platform/sheet/sheet.h"

struct import_ahead {
    struct record_context context; /* without a handle: the thread does not touch the database */
    const struct import *import;
    struct sheet_reader *reader;
    struct import_batch batches[2];
    int next; /* which of them is being read */
    size_t size;
    struct worker *worker;
};

static void read_batch(void *data)
{
    struct import_ahead *ahead = data;
    struct import_batch *batch = &ahead->batches[ahead->next];
    const char *const *cells = NULL;
    int64_t line = 0;
    batch->rows->count = 0;
    arena_reset(batch->arena);
    ahead->context.arena = batch->arena;
    while (batch->rows->count < ahead->size && sheet_next(ahead->reader, &cells, &line)) {
        import_keep_row(batch->arena, ahead->import, batch->rows, cells, line);
        import_draft_row(&ahead->context, ahead->import, &batch->rows->items[batch->rows->count - 1]);
    }
    batch->progress = sheet_progress(ahead->reader);
}

static void start(struct import_ahead *ahead, size_t size)
{
    ahead->size = size;
    worker_begin(ahead->worker, read_batch, ahead);
}

struct import_ahead *import_ahead_start(const struct record_context *context, const struct import *import,
                                        struct sheet_reader *reader, size_t size, size_t most)
{
    struct import_ahead *ahead = ARENA_NEW(context->arena, struct import_ahead);
    *ahead = (struct import_ahead){.context = *context, .import = import, .reader = reader};
    ahead->context.handle = NULL;
    ahead->worker = worker_new(context->arena);
    for (int i = 0; i < 2; i++)
        ahead->batches[i] = (struct import_batch){arena_new(), import_rows_new(context->arena, most), 0};
    start(ahead, size);
    return ahead;
}

struct import_batch *import_ahead_next(struct import_ahead *ahead, size_t size)
{
    struct import_batch *batch = &ahead->batches[ahead->next];
    worker_wait(ahead->worker);
    if (!batch->rows->count) return NULL;
    ahead->next = 1 - ahead->next;
    start(ahead, size);
    return batch;
}

void import_ahead_end(struct import_ahead *ahead)
{
    worker_wait(ahead->worker);
    for (int i = 0; i < 2; i++) arena_free(&ahead->batches[i].arena);
}
