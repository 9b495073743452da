#include "platform/http/connections_private.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/fatal.h"
#include "base/time.h"

enum { LEAST_BYTES_PER_MS = 1 };

struct http_connections {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t sweeper;
    bool stopping;
    int64_t head_ms;
    size_t count;
    struct http_connection *first;
};

static bool is_too_slow(const struct http_connections *connections, const struct http_connection *connection,
                        int64_t now)
{
    const int64_t since = connection->since;
    const int64_t waited = now - since;
    return since && waited > connections->head_ms && connection->received < (uint64_t)waited * LEAST_BYTES_PER_MS;
}

/* shutdown() makes the serving thread see the end; it closes the socket itself, never before it has left our list. */
static void sweep(struct http_connections *connections)
{
    const int64_t now = time_ticks();
    for (struct http_connection *connection = connections->first; connection; connection = connection->after)
        if (is_too_slow(connections, connection, now)) shutdown(connection->socket, SHUT_RDWR);
}

static void *sweeper_main(void *context)
{
    struct http_connections *connections = context;
    pthread_mutex_lock(&connections->lock);
    while (!connections->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_cond_timedwait(&connections->stop, &connections->lock, &until);
        sweep(connections);
    }
    pthread_mutex_unlock(&connections->lock);
    return NULL;
}

struct http_connections *http_connections_new(int64_t head_ms)
{
    struct http_connections *connections = calloc(1, sizeof *connections);
    if (!connections) fatal_memory(sizeof *connections);
    connections->head_ms = head_ms;
    pthread_mutex_init(&connections->lock, NULL);
    pthread_cond_init(&connections->stop, NULL);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&connections->sweeper, NULL, sweeper_main, connections) != 0)
        fatal("no thread could be started");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return connections;
}

void http_connections_free(struct http_connections **connections)
{
    if (!*connections) return;
    pthread_mutex_lock(&(*connections)->lock);
    (*connections)->stopping = true;
    pthread_cond_signal(&(*connections)->stop);
    pthread_mutex_unlock(&(*connections)->lock);
    pthread_join((*connections)->sweeper, NULL);
    ENSURE(!(*connections)->first);
    pthread_cond_destroy(&(*connections)->stop);
    pthread_mutex_destroy(&(*connections)->lock);
    free(*connections);
    *connections = NULL;
}

struct http_connection *http_connections_open(struct http_connections *connections, int socket,
                                              const struct sockaddr *address)
{
    struct http_connection *connection = calloc(1, sizeof *connection);
    if (!connection) fatal_memory(sizeof *connection);
    connection->socket = socket;
    connection->peer = http_peer_of(address);
    http_peer_text(&connection->peer, connection->peer_text);
    http_connection_theirs(connection);
    pthread_mutex_lock(&connections->lock);
    connection->after = connections->first;
    if (connection->after) connection->after->before = connection;
    connections->first = connection;
    connections->count++;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void http_connections_close(struct http_connections *connections, struct http_connection *connection)
{
    pthread_mutex_lock(&connections->lock);
    if (connection->before)
        connection->before->after = connection->after;
    else
        connections->first = connection->after;
    if (connection->after) connection->after->before = connection->before;
    connections->count--;
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

size_t http_connections_count(struct http_connections *connections)
{
    pthread_mutex_lock(&connections->lock);
    const size_t count = connections->count;
    pthread_mutex_unlock(&connections->lock);
    return count;
}

void http_connection_theirs(struct http_connection *connection)
{
    connection->received = 0;
    connection->since = time_ticks();
}

void http_connection_ours(struct http_connection *connection) { connection->since = 0; }
