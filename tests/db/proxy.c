#include "tests/db/proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fatal.h"

static int listener, server_port_number;
static atomic_int wanted;

static struct sockaddr_in address_of(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static bool pass(int from, int to, bool to_server, bool *cut_answer)
{
    char bytes[65536];
    const ssize_t count = read(from, bytes, sizeof bytes);
    if (count <= 0) return false;
    if (!to_server && *cut_answer) return false;
    if (to_server && memmem(bytes, (size_t)count, "COMMIT", 6)) {
        const int cut = atomic_exchange(&wanted, PROXY_PASS);
        if (cut == PROXY_CUT_BEFORE_COMMIT) return false;
        *cut_answer = cut == PROXY_CUT_AFTER_COMMIT;
    }
    return write(to, bytes, (size_t)count) == count;
}

static void *serve(void *context)
{
    const int client = (int)(intptr_t)context, server = socket(AF_INET, SOCK_STREAM, 0);
    const struct sockaddr_in to = address_of(server_port_number);
    bool open = connect(server, (const struct sockaddr *)&to, sizeof to) == 0, cut_answer = false;
    while (open) {
        struct pollfd ends[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
        poll(ends, 2, -1);
        if (ends[0].revents) open = pass(client, server, true, &cut_answer);
        if (open && ends[1].revents) open = pass(server, client, false, &cut_answer);
    }
    close(client);
    close(server);
    return NULL;
}

static void *accept_all(void *context)
{
    (void)context;
    for (;;) {
        pthread_t thread;
        const int client = accept(listener, NULL, NULL);
        if (client < 0) return NULL;
        pthread_create(&thread, NULL, serve, (void *)(intptr_t)client);
        pthread_detach(thread);
    }
}

int proxy_start(int server_port)
{
    pthread_t thread;
    struct sockaddr_in own = address_of(0);
    socklen_t size = sizeof own;
    server_port_number = server_port;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    ENSURE(bind(listener, (struct sockaddr *)&own, sizeof own) == 0 && listen(listener, 16) == 0);
    getsockname(listener, (struct sockaddr *)&own, &size);
    pthread_create(&thread, NULL, accept_all, NULL);
    pthread_detach(thread);
    return ntohs(own.sin_port);
}

void proxy_cut(enum proxy_cut cut) { atomic_store(&wanted, cut); }
