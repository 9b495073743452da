/* Parts of page.c that the tests look at. */
#ifndef PLATFORM_HTML_PAGE_PRIVATE_H
#define PLATFORM_HTML_PAGE_PRIVATE_H

#include "platform/html/page.h"

/* The value of a cookie when it is one of the allowed ones (ended by NULL), else NULL. */
const char *page_cookie(const char *header, const char *name, const char *const *allowed);

/* The same address in another language: "/fr/needs?page=2" -> "/en/needs?page=2"; the home page when it has no language. */
const char *page_in_language(struct arena *arena, const char *target, enum language language);

const char *page_section_of(const struct page_section *sections, const char *named, const char *path);

/* The whole page; markup.html is NULL when it is too long. */
struct markup page_draw(const struct http_request *request, const struct page *page);

#endif
