/* atom.c: Atom (RFC 4287). */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/time.h"
#include "platform/feed/feed.h"

/* Characters of XML 1.0 only; markup as entities. */
static void put_text(struct buffer *out, const char *text)
{
    for (const char *at = text ? text : ""; *at; at++) {
        const unsigned char byte = (unsigned char)*at;
        const char *entity = byte == '&' ? "&amp;" : byte == '<' ? "&lt;" : byte == '>' ? "&gt;" : NULL;
        if (byte == '"') entity = "&quot;";
        if (entity)
            buffer_text(out, entity);
        else if (byte >= ' ' || byte == '\t' || byte == '\n')
            buffer_char(out, *at);
    }
}

static void element(struct buffer *out, const char *name, const char *text)
{
    if (!text) return;
    buffer_print(out, "<%s>", name);
    put_text(out, text);
    buffer_print(out, "</%s>\n", name);
}

static void moment_element(struct buffer *out, const char *name, int64_t moment)
{
    char text[32];
    time_format(moment, text);
    element(out, name, text);
}

static void link_element(struct buffer *out, const char *relation, const char *type, const char *address)
{
    if (!address) return;
    buffer_print(out, "<link rel=\"%s\" type=\"%s\" href=\"", relation, type);
    put_text(out, address);
    buffer_text(out, "\"/>\n");
}

static void author_element(struct buffer *out, const char *name)
{
    if (!name || !*name) return;
    buffer_text(out, "<author><name>");
    put_text(out, name);
    buffer_text(out, "</name></author>\n");
}

void atom_begin(struct buffer *out, const struct atom_feed *feed)
{
    buffer_text(out,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    put_text(out, feed->language);
    buffer_text(out, "\">\n");
    element(out, "id", feed->id);
    element(out, "title", feed->title);
    moment_element(out, "updated", feed->updated);
    link_element(out, "self", "application/atom+xml", feed->self);
    link_element(out, "alternate", "text/html", feed->alternate);
    author_element(out, feed->author);
    element(out, "generator", "Maillage");
}

void atom_add(struct buffer *out, const struct atom_entry *entry)
{
    buffer_text(out, "<entry>\n");
    element(out, "id", entry->id);
    element(out, "title", entry->title);
    moment_element(out, "published", entry->published);
    moment_element(out, "updated", entry->updated);
    link_element(out, "alternate", "text/html", entry->url);
    author_element(out, entry->author);
    if (entry->category) {
        buffer_text(out, "<category term=\"");
        put_text(out, entry->category);
        buffer_text(out, "\"/>\n");
    }
    element(out, "summary", entry->summary);
    buffer_text(out, "</entry>\n");
}

void atom_end(struct buffer *out) { buffer_text(out, "</feed>\n"); }
