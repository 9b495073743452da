/* site.h: a small site on a free port, with every sort of route, a database and three people. */
#ifndef TESTS_HTTP_SITE_H
#define TESTS_HTTP_SITE_H

#include "platform/http/http.h"
#include "tests/db/database.h"
#include "tests/http/client.h"

enum { ROLE_EDITOR = RIGHT_ROLE };

/* Sessions "anna" (no role), "edith" (ROLE_EDITOR); bearer tokens "reads" and "writes" of edith; "broken": the look-up fails. Each session's
 * CSRF token is "csrf-of-" and its name. */
#define ANNA "Cookie: session=anna\r\n"
#define EDITH "Cookie: session=edith\r\n"

struct site {
    struct http_server *server;
    struct arena *arena; /* for the client's replies */
    struct db *db;
    int port;
};

/* The test's site; options may be changed before. The secret is fixed and rates are off. */
struct http_options site_options(void);
void site_begin(struct site *site, const struct http_options *options);
void site_end(struct site *site);

extern const struct http_route site_routes[];

/* How often a handler has run: nothing that is refused gets so far. */
int site_calls(void);

#endif
