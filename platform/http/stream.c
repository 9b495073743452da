/* stream.c: a streamed answer. A worker makes it as fast as it can into a file without a name; the connection reads behind it at the
 * client's pace. So a slow client holds neither a worker nor a read handle, only disk. */
#include "platform/http/http_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/log.h"
#include "platform/http/gzip_private.h"
#include "platform/http/spool_private.h"

enum { BLOCK = 64 * 1024 };

/* Disk for all streams that wait for their clients: no new one begins beyond the first figure, all are cut at the second. */
static const uint64_t begin_most = (uint64_t)2 << 30, waiting_most = (uint64_t)4 << 30;

struct http_stream {
    struct http_exchange *exchange;
    pthread_mutex_t lock;
    int file;
    struct http_gzip *gzip; /* the worker's */
    uint64_t written;
    bool done, failed;
    bool waiting;   /* the connection is suspended until there is more */
    bool abandoned; /* the client has left */
};

void http_stream_free(struct http_stream **stream)
{
    if (!*stream) return;
    atomic_fetch_sub(&(*stream)->exchange->server->waiting, (*stream)->written);
    http_gzip_free(&(*stream)->gzip);
    pthread_mutex_destroy(&(*stream)->lock);
    close((*stream)->file);
    free(*stream);
    *stream = NULL;
}

/* The lock is held. */
static void wake(struct http_stream *stream)
{
    if (!stream->waiting) return;
    stream->waiting = false;
    MHD_resume_connection(stream->exchange->connection);
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length) {
        const ssize_t written = write(file, bytes, length);
        if (written <= 0) return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool stream_write(void *context, const void *bytes, size_t length)
{
    struct http_stream *stream = context;
    if (!write_all(stream->file, bytes, length)) return false;
    const uint64_t waiting = atomic_fetch_add(&stream->exchange->server->waiting, length) + length;
    pthread_mutex_lock(&stream->lock);
    stream->written += length;
    const bool wanted = !stream->abandoned && !stream->exchange->server->cutting && waiting <= waiting_most;
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
    return wanted;
}

static bool produce_all(struct http_stream *stream)
{
    const struct http_response *response = &stream->exchange->response;
    char *block = malloc(BLOCK);
    if (!block) fatal_memory(BLOCK);
    int64_t made;
    bool fine = true;
    while (fine && (made = response->produce(response->produce_context, block, BLOCK)) > 0) {
        ENSURE(made <= BLOCK);
        fine = stream->gzip ? http_gzip_add(stream->gzip, block, (size_t)made, false)
                            : stream_write(stream, block, (size_t)made);
    }
    free(block);
    fine = fine && made == 0;
    return fine && stream->gzip ? http_gzip_add(stream->gzip, "", 0, true) : fine;
}

void http_stream_produce(struct http_exchange *exchange)
{
    struct http_stream *stream = exchange->stream;
    const bool fine = produce_all(stream);
    http_exchange_end_request(exchange);
    pthread_mutex_lock(&stream->lock);
    stream->done = fine;
    stream->failed = !fine;
    if (!fine && !stream->abandoned)
        log_line(LOG_WARNING, "stream", "id=%s route=%s error=cut", exchange->request.id, exchange->row->path);
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
    http_exchange_release(exchange);
}

/* The library asks for more. */
static ssize_t stream_read(void *context, uint64_t position, char *bytes, size_t room)
{
    struct http_stream *stream = context;
    pthread_mutex_lock(&stream->lock);
    const uint64_t ready = stream->written - position;
    ssize_t result = MHD_CONTENT_READER_END_WITH_ERROR;
    if (ready) {
        result = pread(stream->file, bytes, ready < room ? (size_t)ready : room, (off_t)position);
        if (result <= 0)
            result = MHD_CONTENT_READER_END_WITH_ERROR;
        else
            stream->exchange->sent = position + (size_t)result;
    } else if (stream->done) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (!stream->failed) {
        stream->waiting = true;
        MHD_suspend_connection(stream->exchange->connection);
        result = 0;
    }
    pthread_mutex_unlock(&stream->lock);
    return result;
}

static struct http_stream *stream_new(struct http_exchange *exchange, bool gzip)
{
    const int file =
        exchange->server->waiting > begin_most ? -1 : http_temporary_file(exchange->server->options.temporary);
    if (file < 0) return NULL;
    struct http_stream *stream = calloc(1, sizeof *stream);
    if (!stream) fatal_memory(sizeof *stream);
    stream->exchange = exchange;
    stream->file = file;
    pthread_mutex_init(&stream->lock, NULL);
    if (gzip) stream->gzip = http_gzip_new(stream_write, stream);
    return stream;
}

struct MHD_Response *http_stream_make(struct http_exchange *exchange, bool gzip)
{
    exchange->stream = stream_new(exchange, gzip);
    if (!exchange->stream) return NULL;
    struct MHD_Response *answer =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, stream_read, exchange->stream, NULL);
    /* To HEAD, the library (0.9.75) would send the last chunk of a body that is not there: without chunks it closes instead. */
    if (exchange->head) MHD_set_response_options(answer, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    return answer;
}

void http_stream_abandon(struct http_exchange *exchange)
{
    struct http_stream *stream = exchange->stream;
    pthread_mutex_lock(&stream->lock);
    stream->abandoned = true;
    pthread_mutex_unlock(&stream->lock);
}
