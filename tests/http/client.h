/* client.h: a small HTTP client for the tests: raw bytes out, a whole reply in. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct reply {
    int status;       /* 0: the connection ended without a reply */
    const char *head; /* status line and headers */
    const char *body; /* without its chunks; ended by a NUL that length does not count */
    size_t length;
    bool complete; /* false: cut before its end */
};

/* A socket, or -1. */
int client_open(int port);
/* False when the other side has gone. */
bool client_send(int socket, const void *bytes, size_t length);
bool client_print(int socket, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The next reply. to_head: of a HEAD request. Waits at most 20 s. */
struct reply client_read(struct arena *arena, int socket, bool to_head);
/* True when the other side closes within two seconds, without a byte more. */
bool client_closed(int socket);

/* Sends what the format gives on a new connection and reads one reply. Lines end with \r\n as written; nothing is added. */
struct reply client_ask(struct arena *arena, int port, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* GET with a Host, and more header lines ("A: b\r\n") or "". */
struct reply client_get(struct arena *arena, int port, const char *path, const char *headers);
/* POST of bytes. */
struct reply client_post(struct arena *arena, int port, const char *path, const char *headers, const void *body,
                         size_t length);

/* The value of a header in the arena (the nth of that name), or NULL. */
const char *reply_header(struct arena *arena, const struct reply *reply, const char *name);
const char *reply_header_nth(struct arena *arena, const struct reply *reply, const char *name, size_t nth);
/* "name=value" of the cookie that the reply sets, or NULL. */
const char *reply_cookie(struct arena *arena, const struct reply *reply, const char *name);

#endif
