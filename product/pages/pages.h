/* pages.h: the pages of Maillage that are not records. */
#ifndef PRODUCT_PAGES_H
#define PRODUCT_PAGES_H

#include "platform/http/http.h"

struct arena;

/* Every table of routes of the site: assets, pages, API, the pages of each kind; ended by NULL. In the arena. */
const struct http_route *const *product_tables(struct arena *arena);

/* Names the site, its sections, and who answers for it (NULL: not said yet). Once, before requests; the texts must outlive them. */
/* What the operator says in the settings: of whoever answers for the site, who directs it, who hosts it, who answers about personal data. NULL: not said. The
 * texts outlive the server. */
struct legal_words {
    const char *contact, *director, *host, *protection;
};
void product_start(const char *name, const struct legal_words *legal);

#endif
