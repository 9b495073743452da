/* connections_private.h: who is connected, and the end of those who only pretend to send. */
#ifndef PLATFORM_HTTP_CONNECTIONS_PRIVATE_H
#define PLATFORM_HTTP_CONNECTIONS_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "platform/http/peer_private.h"

struct http_connections;

/* One connection; the fields are for the thread that serves it, but `since` and `received`. */
struct http_connection {
    struct http_connection *before, *after;
    int socket;
    struct http_peer peer;
    char peer_text[PEER_TEXT];
    _Atomic int64_t
        since; /* moment (time_ticks) at which it began to wait for a request or its body; 0: it waits for us */
    _Atomic uint64_t received; /* bytes of the body since then */
};

/* Starts the thread that shuts connections which have been sending a request's head for longer than head_ms, or a body slower than 1 KiB/s
 * after that time. (The library's own time-out sees only connections without any byte.) */
struct http_connections *http_connections_new(int64_t head_ms);
void http_connections_free(struct http_connections **connections); /* all must be closed */

struct http_connection *http_connections_open(struct http_connections *connections, int socket,
                                              const struct sockaddr *address);
void http_connections_close(struct http_connections *connections, struct http_connection *connection);
size_t http_connections_count(struct http_connections *connections);

/* The client's turn begins (it is to send a head or a body), or ours. */
void http_connection_theirs(struct http_connection *connection);
void http_connection_ours(struct http_connection *connection);

#endif
