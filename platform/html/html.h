/* html.h: how pages are written. Everything is escaped where it is written; there is no raw form.
 *
 * A template (templates/NAME.html) is compiled at build time by tools/compile-templates into a C function
 *     void template_NAME(struct html *html, const struct VIEW *view);
 * declared in "platform/html/templates.h", so that the C compiler checks each name and type that it shows. See docs/templates.md:
 *   {{view struct VIEW "path/of/header.h"}}          first line; {{view none}} when nothing is shown
 *   {{view.member}} {{row.member}}                   escaped text, number; a struct markup is put as it is
 *   {{t "English sentence"}} {{t view.label}}        translated; {{t "... {1} ..." view.name number view.count}} with arguments
 *   {{plural view.count "{1} need" "{1} needs"}}
 *   {{number x}} {{number x 2}} {{money x}} {{day x}} {{date x}} {{month x}} {{moment x}} {{bytes x}}  as the language writes them
 *   {{url view.address}}                             in href/src/action: refuses other schemes than http, https, mailto, tel and paths
 *   {{path "/needs/{1}" row.id}} {{path view.path}}  a path of the site, in the page's language; arguments are percent-encoded
 *   {{asset "site.css"}}                             address of an asset
 *   {{markdown view.text}}
 *   {{#if view.flag}} {{#if not view.flag}} {{else}} {{/if}}   truth of a text (not empty), number, bool, pointer or markup
 *   {{#each view.rows as row}} {{else}} {{/each}}    members `rows` and `row_count` (name of the array without its final s, + _count)
 *   {{#with view.company as company}} {{/with}}      a pointer, when it is not NULL
 *   {{> name view.member}}                           another template
 *   {{csrf}}                                         the hidden field, mandatory in each <form method="post">: the compiler refuses one without
 *   {{! comment }}
 * The compiler also refuses unquoted attributes, on... attributes, inline script and style, addresses without {{url}}, elements left
 * open, and words outside {{t}}. */
#ifndef PLATFORM_HTML_H
#define PLATFORM_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/language/language.h"

struct arena;
struct buffer;
struct http_request;
struct http_response;

/* Text that is HTML already: made only by this room (widgets, charts, markdown, a page's body). */
struct markup {
    const char *html;
    size_t length;
};

enum { HTML_NESTING = 16 };

/* What a page is being written to. */
struct html {
    struct buffer *out;
    struct arena *arena;
    enum language language;
    const struct http_request *request; /* NULL in tests and letters */
    size_t opened[HTML_NESTING];        /* where the parts that are being drawn began (html_open) */
    size_t depth;
};

/* limit: most bytes of the page; what follows is cut, and page_send says that the page is too long. */
struct html html_new(struct arena *arena, enum language language, const struct http_request *request, size_t limit);

void html_text(struct html *html, const char *text); /* escapes & < > " '; NULL writes nothing */
void html_number(struct html *html, int64_t number); /* plain digits, as in attributes */
void html_markup(struct html *html, struct markup markup);
void html_url(struct html *html, const char *url); /* "#" when the scheme is refused */
struct markup html_finish(struct html *html);      /* what was written so far; valid until something more is written */

/* Draws a part that goes into another view: body = HTML_DRAWN(html, template_part_table, &table). Result in the arena. */
void html_open(struct html *html);
struct markup html_close(struct html *html);
#define HTML_DRAWN(html, template, ...) (html_open(html), template((html), __VA_ARGS__), html_close(html))

/* Whether html_url would write it: http, https, mailto, tel, or no scheme and no leading "//"; no control character or backslash. */
bool html_url_allowed(const char *url);

/* Writes "/fr/needs/12": pattern is a path from the root of the site without its language; {1} to {6} are replaced by the texts that
 * follow (ended by NULL), percent-encoded as one segment each. */
void html_path(struct html *html, const char *pattern, ...);

/* CommonMark without raw HTML, links with rel="nofollow noopener", headings from the third level, images as links. Result in the arena. */
struct markup html_markdown(struct arena *arena, const char *markdown);

/* The frame of every page: head, five words, search, account, footer. Product says which entries there are. */
struct page_entry {
    const char *label; /* N_() */
    const char *path;
};
struct page_section {
    const char *label;
    const char *path;
    const struct page_entry *entries; /* ended by {NULL} */
};
void page_set_sections(const char *site_name, const struct page_section *sections);
const char *page_site_name(void);

struct page_crumb {
    const char *label, *path;
};
struct page {
    const char *title;   /* translated already */
    const char *section; /* path of the section that is current; NULL: found from the address asked */
    struct markup body;
    const char *head_feed;           /* Atom feed of this page, or NULL */
    bool narrow;                     /* prose and forms: 66 characters */
    const struct page_crumb *crumbs; /* ended by {NULL} */
};
/* Fills the response with the whole page. */
void page_send(const struct http_request *request, struct http_response *response, const struct page *page);

#endif
