/* pages.h: the pages of Maillage that are not records. */
#ifndef PRODUCT_PAGES_H
#define PRODUCT_PAGES_H

#include "platform/http/http.h"

/* All of them; ended by a row without handler. */
extern const struct http_route product_routes[];

/* Names the site and its sections. Once, before requests. */
void product_start(void);

#endif
