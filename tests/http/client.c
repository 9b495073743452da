#include "tests/http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"

enum { WAIT_MS = 20000, MOST = 64 * 1024 * 1024 };

int client_open(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) == 0) return socket_;
    close(socket_);
    return -1;
}

bool client_send(int socket, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length) {
        const ssize_t sent = send(socket, at, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool client_print(int socket, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    const bool sent = length >= 0 && client_send(socket, text, (size_t)length);
    free(text);
    return sent;
}

/* One byte at a time would do; this reads what a peek shows to belong to us. */
static ssize_t receive(int socket, char *bytes, size_t room)
{
    struct pollfd ready = {.fd = socket, .events = POLLIN};
    if (poll(&ready, 1, WAIT_MS) != 1) return -1;
    return recv(socket, bytes, room, 0);
}

static bool read_exactly(int socket, struct buffer *out, size_t length)
{
    char bytes[65536];
    while (length) {
        const ssize_t got = receive(socket, bytes, length < sizeof bytes ? length : sizeof bytes);
        if (got <= 0) return false;
        buffer_add(out, bytes, (size_t)got);
        length -= (size_t)got;
    }
    return true;
}

static bool read_line(int socket, struct buffer *out)
{
    char byte = 0;
    while (byte != '\n') {
        if (receive(socket, &byte, 1) != 1) return false;
        buffer_char(out, byte);
    }
    return true;
}

static const char *read_head(struct arena *arena, int socket)
{
    struct buffer *head = buffer_new(arena, MOST);
    size_t before;
    do {
        before = buffer_length(head);
        if (!read_line(socket, head)) return NULL;
    } while (buffer_length(head) - before > 2);
    return buffer_data(head);
}

static bool read_chunks(struct arena *arena, int socket, struct buffer *body)
{
    for (;;) {
        struct buffer *line = buffer_new(arena, 1024), *end = buffer_new(arena, 1024);
        if (!read_line(socket, line)) return false;
        const size_t size = strtoul(buffer_data(line), NULL, 16);
        if (size && !read_exactly(socket, body, size)) return false;
        if (!read_line(socket, end)) return false;
        if (!size) return true;
    }
}

static bool read_to_end(int socket, struct buffer *body)
{
    char bytes[65536];
    ssize_t got;
    while ((got = receive(socket, bytes, sizeof bytes)) > 0) buffer_add(body, bytes, (size_t)got);
    return got == 0;
}

struct reply client_read(struct arena *arena, int socket, bool to_head)
{
    struct reply reply = {.head = read_head(arena, socket), .body = ""};
    if (!reply.head || strncmp(reply.head, "HTTP/1.", 7) != 0) return reply;
    reply.status = atoi(reply.head + 9);
    if (reply.status == 100) return client_read(arena, socket, to_head);
    struct buffer *body = buffer_new(arena, MOST);
    const char *length = reply_header(arena, &reply, "Content-Length");
    const char *encoding = reply_header(arena, &reply, "Transfer-Encoding");
    if (to_head || reply.status == 204 || reply.status == 304)
        reply.complete = true;
    else if (encoding)
        reply.complete = read_chunks(arena, socket, body);
    else if (length)
        reply.complete = read_exactly(socket, body, strtoul(length, NULL, 10));
    else
        reply.complete = read_to_end(socket, body);
    reply.body = buffer_data(body);
    reply.length = buffer_length(body);
    return reply;
}

bool client_closed(int socket)
{
    struct pollfd ready = {.fd = socket, .events = POLLIN};
    char byte;
    return poll(&ready, 1, 2000) == 1 && recv(socket, &byte, 1, 0) <= 0;
}

struct reply client_ask(struct arena *arena, int port, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_vprint(arena, format, arguments);
    va_end(arguments);
    const int socket = client_open(port);
    client_send(socket, text, strlen(text));
    const struct reply reply = client_read(arena, socket, strncmp(text, "HEAD ", 5) == 0);
    close(socket);
    return reply;
}

struct reply client_get(struct arena *arena, int port, const char *path, const char *headers)
{
    return client_ask(arena, port, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n", path, port, headers);
}

struct reply client_post(struct arena *arena, int port, const char *path, const char *headers, const void *body,
                         size_t length)
{
    const int socket = client_open(port);
    client_print(socket, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %zu\r\n%s\r\n", path, port, length,
                 headers);
    client_send(socket, body, length);
    const struct reply reply = client_read(arena, socket, false);
    close(socket);
    return reply;
}

const char *reply_header_nth(struct arena *arena, const struct reply *reply, const char *name, size_t nth)
{
    const size_t length = strlen(name);
    for (const char *line = strstr(reply->head, "\r\n"); line && line[2] && line[2] != '\r';
         line = strstr(line + 2, "\r\n")) {
        const char *at = line + 2;
        if (strncasecmp(at, name, length) != 0 || at[length] != ':' || nth--) continue;
        at += length + 1 + strspn(at + length + 1, " ");
        return arena_copy_bytes(arena, at, strcspn(at, "\r"));
    }
    return NULL;
}

const char *reply_header(struct arena *arena, const struct reply *reply, const char *name)
{
    return reply_header_nth(arena, reply, name, 0);
}

const char *reply_cookie(struct arena *arena, const struct reply *reply, const char *name)
{
    const char *cookie;
    for (size_t nth = 0; (cookie = reply_header_nth(arena, reply, "Set-Cookie", nth)); nth++)
        if (strncmp(cookie, name, strlen(name)) == 0 && cookie[strlen(name)] == '=')
            return arena_copy_bytes(arena, cookie, strcspn(cookie, ";"));
    return NULL;
}
