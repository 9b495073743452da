#include "platform/http/peer_private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};

static bool is_mapped(const struct http_peer *peer)
{
    return memcmp(peer->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

static struct http_peer peer_mapped(const void *four)
{
    struct http_peer peer;
    memcpy(peer.bytes, mapped_prefix, sizeof mapped_prefix);
    memcpy(peer.bytes + 12, four, 4);
    return peer;
}

bool http_peer_parse(const char *text, struct http_peer *peer)
{
    unsigned char four[4];
    if (inet_pton(AF_INET, text, four) == 1) {
        *peer = peer_mapped(four);
        return true;
    }
    return inet_pton(AF_INET6, text, peer->bytes) == 1;
}

struct http_peer http_peer_of(const struct sockaddr *address)
{
    struct http_peer peer = {{0}};
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        peer = peer_mapped(&four.sin_addr);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        memcpy(peer.bytes, &six.sin6_addr, sizeof peer.bytes);
    }
    return peer;
}

void http_peer_text(const struct http_peer *peer, char text[PEER_TEXT])
{
    if (is_mapped(peer))
        inet_ntop(AF_INET, peer->bytes + 12, text, PEER_TEXT);
    else
        inet_ntop(AF_INET6, peer->bytes, text, PEER_TEXT);
}

enum status http_network_parse(const char *text, struct http_network *network, struct error *error)
{
    char address[PEER_TEXT];
    const size_t length = strcspn(text, "/");
    const char *bits = text[length] ? text + length + 1 : NULL;
    if (length < sizeof address) {
        memcpy(address, text, length);
        address[length] = '\0';
        char *end = NULL;
        const bool read = http_peer_parse(address, &network->peer);
        const unsigned widest = strchr(address, ':') ? 128 : 32;
        const unsigned long given = bits ? strtoul(bits, &end, 10) : widest;
        if (read && given <= widest && (!bits || (*bits >= '0' && *bits <= '9' && !*end))) {
            network->bits = (unsigned)given + (128 - widest);
            return STATUS_OK;
        }
    }
    return error_set(error, STATUS_INPUT, "{1} is not the address of a proxy: write 10.0.0.1 or 10.0.0.0/8.", text);
}

static bool network_has(const struct http_network *network, const struct http_peer *peer)
{
    const unsigned whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->peer.bytes, peer->bytes, whole) != 0) return false;
    return !rest || ((network->peer.bytes[whole] ^ peer->bytes[whole]) >> (8 - rest)) == 0;
}

bool http_network_holds(const struct http_network *networks, size_t count, const struct http_peer *peer)
{
    for (size_t i = 0; i < count; i++)
        if (network_has(&networks[i], peer)) return true;
    return false;
}

size_t http_peer_key(const struct http_peer *peer, const unsigned char **key)
{
    *key = peer->bytes;
    return is_mapped(peer) ? sizeof peer->bytes : sizeof peer->bytes / 2;
}

/* The address at the end of text (length bytes): "203.0.113.9", "203.0.113.9:4711", "[2001:db8::1]:4711". */
static bool address_read(const char *text, size_t length, struct http_peer *peer)
{
    char address[PEER_TEXT + 8];
    while (length && (text[0] == ' ' || text[0] == '\t')) text++, length--;
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    if (!length || length >= sizeof address) return false;
    memcpy(address, text, length);
    address[length] = '\0';
    if (address[0] == '[') {
        address[strcspn(address, "]")] = '\0';
        return http_peer_parse(address + 1, peer);
    }
    char *colon = strchr(address, ':');
    if (colon && strchr(address, '.') && !strchr(colon + 1, ':')) *colon = '\0';
    return http_peer_parse(address, peer);
}

struct http_peer http_peer_forwarded(const struct http_network *trusted, size_t count, struct http_peer seen,
                                     const char *forwarded)
{
    size_t end = forwarded ? strlen(forwarded) : 0;
    while (end && http_network_holds(trusted, count, &seen)) {
        size_t start = end;
        while (start && forwarded[start - 1] != ',') start--;
        struct http_peer before;
        if (!address_read(forwarded + start, end - start, &before)) break;
        seen = before;
        end = start ? start - 1 : 0;
    }
    return seen;
}
