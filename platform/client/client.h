/* client.h: one request over HTTP to another service, by libcurl.
 *
 * Servers' certificates and names are verified, TLS 1.2 at least. No redirect is followed, no proxy of the environment is used, nothing is
 * kept between calls. Addresses of this machine and of private networks are refused, whatever the name said (what is dialled is
 * looked at, so that a name that changes its mind gains nothing). Answers and times are bounded. */
#ifndef PLATFORM_CLIENT_H
#define PLATFORM_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;

struct client_call {
    const char *method;         /* "GET", "POST" */
    const char *url;            /* https://..., with its query encoded */
    const char *const *headers; /* "Authorization: Bearer ...", ended by NULL; NULL: none */
    const char *body;           /* NULL: none */
    size_t body_length;
    bool private;            /* for trials and services next door: http and private addresses may be called */
    const char *authorities; /* file of trusted certificates, PEM; NULL: the system's */
    int64_t connect_ms;      /* 0: 5000 */
    int64_t total_ms;        /* 0: 20000 */
    size_t answer_most;      /* bytes; 0: 256 KiB */
};

/* What is known of the request afterwards: whether it may be made once more without being made twice. */
enum client_outcome {
    CLIENT_ANSWERED, /* there is a whole answer, of whatever status */
    CLIENT_UNSENT,   /* the service was not reached: nothing of the request left */
    CLIENT_UNKNOWN,  /* it left, wholly or in part, and no whole answer came back */
};

struct client_answer {
    enum client_outcome outcome;
    int status;       /* 200, 422 ... */
    const char *body; /* in the arena; a NUL stands after it */
    size_t length;
    int64_t retry_after; /* seconds, as the service asks; 0: it does not */
};

/* Makes the request; answer->outcome is set in any case. STATUS_OK when it was answered; STATUS_INPUT when the address is none that may be called;
 * STATUS_BUSY with a sentence when there was no (whole) answer. Blocks at most total_ms. Any thread. */
enum status client_send(struct arena *arena, const struct client_call *call, struct client_answer *answer,
                        struct error *error);

/* "https://host.example" or "https://host.example:8443/base", without user, query or fragment; with `private` http as well. */
bool client_address_valid(const char *url, bool private);

#endif
