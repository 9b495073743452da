/* Markdown is parsed by cmark and written here, so that each text and address passes the escapes of this room. */
#include "platform/html/html.h"

#include <cmark.h>
#include <string.h>

#include "base/arena.h"
#include "platform/html/template.h"

enum { MOST_MARKDOWN_BYTES = 1 << 20, FIRST_HEADING = 3, LAST_HEADING = 6 };

static void put(struct html *html, const char *markup) { html_literal(html, markup, strlen(markup)); }

/* Opens or closes an element that has no attributes. */
static void put_element(struct html *html, const char *name, bool entering)
{
    put(html, entering ? "<" : "</");
    put(html, name);
    put(html, ">");
}

static void put_link(struct html *html, cmark_node *node, bool entering)
{
    if (!entering) {
        put(html, "</a>");
        return;
    }
    put(html, "<a rel=\"nofollow noopener\" href=\"");
    html_url(html, cmark_node_get_url(node));
    put(html, "\">");
}

static void put_heading(struct html *html, cmark_node *node, bool entering)
{
    const int level = cmark_node_get_heading_level(node) + FIRST_HEADING - 1;
    const char name[] = {'h', (char)('0' + (level > LAST_HEADING ? LAST_HEADING : level)), '\0'};
    put_element(html, name, entering);
}

static void put_list(struct html *html, cmark_node *node, bool entering)
{
    const bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    const int start = cmark_node_get_list_start(node);
    if (!ordered || !entering || start == 1) {
        put_element(html, ordered ? "ol" : "ul", entering);
        return;
    }
    put(html, "<ol start=\"");
    html_number(html, start);
    put(html, "\">");
}

/* A paragraph of a tight list stands without its <p>. */
static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *list = item ? cmark_node_parent(item) : NULL;
    return list && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static void put_code(struct html *html, cmark_node *node, bool block)
{
    put(html, block ? "<pre><code>" : "<code>");
    html_text(html, cmark_node_get_literal(node));
    put(html, block ? "</code></pre>" : "</code>");
}

static void put_node(struct html *html, cmark_node *node, bool entering)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
        if (!is_tight(node)) put_element(html, "p", entering);
        break;
    case CMARK_NODE_HEADING: put_heading(html, node, entering); break;
    case CMARK_NODE_BLOCK_QUOTE: put_element(html, "blockquote", entering); break;
    case CMARK_NODE_LIST: put_list(html, node, entering); break;
    case CMARK_NODE_ITEM: put_element(html, "li", entering); break;
    case CMARK_NODE_EMPH: put_element(html, "em", entering); break;
    case CMARK_NODE_STRONG: put_element(html, "strong", entering); break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE: put_link(html, node, entering); break;
    case CMARK_NODE_TEXT: html_text(html, cmark_node_get_literal(node)); break;
    case CMARK_NODE_CODE: put_code(html, node, false); break;
    case CMARK_NODE_CODE_BLOCK: put_code(html, node, true); break;
    case CMARK_NODE_SOFTBREAK: put(html, "\n"); break;
    case CMARK_NODE_LINEBREAK: put(html, "<br>"); break;
    case CMARK_NODE_THEMATIC_BREAK: put(html, "<hr>"); break;
    case CMARK_NODE_NONE:
    case CMARK_NODE_DOCUMENT:
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_CUSTOM_BLOCK:
    case CMARK_NODE_CUSTOM_INLINE: break;
    }
}

struct markup html_markdown(struct arena *arena, const char *markdown)
{
    if (!markdown) return (struct markup){"", 0};
    struct html html = html_new(arena, LANGUAGE_FRENCH, NULL, MOST_MARKDOWN_BYTES);
    cmark_node *document = cmark_parse_document(markdown, strlen(markdown), CMARK_OPT_VALIDATE_UTF8);
    cmark_iter *iterator = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE;)
        put_node(&html, cmark_iter_get_node(iterator), event == CMARK_EVENT_ENTER);
    cmark_iter_free(iterator);
    cmark_node_free(document);
    return html_finish(&html);
}
