/* address.c: public addresses, by the special-purpose registries of RFC 6890 and its successors. */
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "platform/client/client_private.h"

struct block {
    uint8_t bytes[16];
    int bits;
};

static bool within(const uint8_t *address, const struct block *block)
{
    const int whole = block->bits / 8, rest = block->bits % 8;
    if (memcmp(address, block->bytes, (size_t)whole) != 0) return false;
    const uint8_t mask = (uint8_t)(0xff << (8 - rest));
    return rest == 0 || (address[whole] & mask) == (block->bytes[whole] & mask);
}

static bool is_public_4(const uint8_t *address)
{
    static const struct block closed[] = {
        {{0}, 8},         {{10}, 8},       {{100, 64}, 10},      {{127}, 8},
        {{169, 254}, 16}, {{172, 16}, 12}, {{192, 0, 0}, 24},    {{192, 0, 2}, 24},
        {{192, 168}, 16}, {{198, 18}, 15}, {{198, 51, 100}, 24}, {{203, 0, 113}, 24},
        {{224}, 4},       {{240}, 4},
    };
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if (within(address, &closed[i])) return false;
    return true;
}

/* Only 2000::/3 is given out; within it, tunnels and examples are closed. What stands for an IPv4 address is judged as that. */
static bool is_public_6(const uint8_t *address)
{
    static const struct block given = {{0x20}, 3}, mapped = {{[10] = 0xff, [11] = 0xff}, 96},
                              translated = {{0, 0x64, 0xff, 0x9b}, 96};
    static const struct block closed[] = {
        {{0x20, 0x01, 0, 0}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x20, 0x02}, 16}, {{0x3f, 0xff}, 20}};
    if (within(address, &mapped) || within(address, &translated)) return is_public_4(address + 12);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if (within(address, &closed[i])) return false;
    return within(address, &given);
}

bool client_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return is_public_4((const uint8_t *)&four.sin_addr);
    }
    if (address->sa_family != AF_INET6) return false;
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof six);
    return is_public_6((const uint8_t *)&six.sin6_addr);
}
