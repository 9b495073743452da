/* peer_private.h: addresses of clients and of trusted proxies. */
#ifndef PLATFORM_HTTP_PEER_PRIVATE_H
#define PLATFORM_HTTP_PEER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct sockaddr;

/* An IPv6 address, or an IPv4 one mapped into it. */
struct http_peer {
    unsigned char bytes[16];
};

enum { PEER_TEXT = 46 };

struct http_network {
    struct http_peer peer;
    unsigned bits; /* of the prefix, out of 128 */
};

bool http_peer_parse(const char *text, struct http_peer *peer);
struct http_peer http_peer_of(const struct sockaddr *address);
void http_peer_text(const struct http_peer *peer, char text[PEER_TEXT]);

/* "10.0.0.1", "10.0.0.0/8", "fd00::/8". */
enum status http_network_parse(const char *text, struct http_network *network, struct error *error);
bool http_network_holds(const struct http_network *networks, size_t count, const struct http_peer *peer);

/* Bytes by which its requests are counted: an IPv4 address, or the first half of an IPv6 one, which one subscriber holds. */
size_t http_peer_key(const struct http_peer *peer, const unsigned char **key);

/* The client behind proxies: the last address of forwarded ("client, proxy1, proxy2") that is not trusted; the one that we saw when it
 * is not trusted itself, or the first that cannot be read. forwarded may be NULL. */
struct http_peer http_peer_forwarded(const struct http_network *trusted, size_t count, struct http_peer seen,
                                     const char *forwarded);

#endif
