/* secret.c: tokens, their hashes, and the little that is kept of where they are used from. */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "platform/account/account_private.h"

static const char *encode(struct arena *arena, const char *prefix, const unsigned char bytes[32])
{
    char text[ACCOUNT_TOKEN_TEXT + 1];
    sodium_bin2base64(text, sizeof text, bytes, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    const char *encoded = arena_print(arena, "%s%s", prefix, text);
    sodium_memzero(text, sizeof text);
    return encoded;
}

const char *account_token_draw(struct arena *arena, const char *prefix)
{
    account_policy();
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    const char *token = encode(arena, prefix, bytes);
    sodium_memzero(bytes, sizeof bytes);
    return token;
}

/* The input is 256 random bits: no salt and no slow hash are needed. */
void account_token_hash(const char *token, unsigned char hash[ACCOUNT_HASH])
{
    account_policy();
    crypto_generichash(hash, ACCOUNT_HASH, (const unsigned char *)token, strlen(token), NULL, 0);
}

const char *account_csrf(struct arena *arena, const char *session)
{
    static const unsigned char word[] = "csrf";
    unsigned char key[crypto_auth_KEYBYTES], code[crypto_auth_BYTES];
    size_t length = 0;
    account_policy();
    if (sodium_base642bin(key, sizeof key, session, strlen(session), NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        length != sizeof key)
        return NULL;
    crypto_auth(code, word, sizeof word - 1, key);
    sodium_memzero(key, sizeof key);
    return encode(arena, "", code);
}

static void network_of_four(const struct in_addr *address, char *network)
{
    const uint32_t bits = ntohl(address->s_addr);
    if (bits >> 24 == 127)
        snprintf(network, ACCOUNT_NETWORK, "127.0.0.1");
    else
        snprintf(network, ACCOUNT_NETWORK, "%u.%u.%u.0/24", bits >> 24, bits >> 16 & 255, bits >> 8 & 255);
}

static void network_of_six(struct in6_addr *address, char *network)
{
    char text[INET6_ADDRSTRLEN];
    if (IN6_IS_ADDR_LOOPBACK(address)) {
        snprintf(network, ACCOUNT_NETWORK, "::1");
        return;
    }
    memset(address->s6_addr + 6, 0, 10);
    inet_ntop(AF_INET6, address, text, sizeof text);
    snprintf(network, ACCOUNT_NETWORK, "%s/48", text);
}

void account_network(const char *peer, char network[ACCOUNT_NETWORK])
{
    static const char mapped[] = "::ffff:"; /* an IPv4 address on an IPv6 socket */
    struct in_addr four;
    struct in6_addr six;
    network[0] = '\0';
    if (!peer) return;
    if (strncmp(peer, mapped, sizeof mapped - 1) == 0 && strchr(peer, '.')) peer += sizeof mapped - 1;
    if (inet_pton(AF_INET, peer, &four) == 1)
        network_of_four(&four, network);
    else if (inet_pton(AF_INET6, peer, &six) == 1)
        network_of_six(&six, network);
}

struct known_word {
    const char *mark, *word;
};

static const char *find_word(const char *agent, const struct known_word *words)
{
    while (words->mark && !strstr(agent, words->mark)) words++;
    return words->word;
}

/* The order matters: Edge and Opera say Chrome too, Chrome says Safari, Android says Linux. */
void account_device_words(const char *agent, char words[ACCOUNT_DEVICE])
{
    static const struct known_word browsers[] = {
        {"Edg/", "Edge"},  {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
        {"curl/", "curl"}, {NULL, "?"}};
    static const struct known_word systems[] = {
        {"Android", "Android"}, {"iPhone", "iOS"},  {"iPad", "iOS"}, {"Windows", "Windows"},
        {"Mac OS X", "macOS"},  {"Linux", "Linux"}, {NULL, "?"}};
    const char *known = agent ? agent : "";
    snprintf(words, ACCOUNT_DEVICE, "%s, %s", find_word(known, browsers), find_word(known, systems));
}
