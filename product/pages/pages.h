/* pages.h: the pages of Maillage that are not records. */
#ifndef PRODUCT_PAGES_H
#define PRODUCT_PAGES_H

#include "platform/http/http.h"

struct arena;

/* Every table of routes of the site: assets, pages, API, the pages of each kind; ended by NULL. In the arena. */
const struct http_route *const *product_tables(struct arena *arena);

/* Names the site, its sections, and who answers for it (NULL: not said yet). Once, before requests; the texts must outlive them. */
void product_start(const char *name, const char *contact);

#endif
