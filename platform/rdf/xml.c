/* xml.c: RDF/XML 1.1. */
#include <string.h>

#include "base/buffer.h"
#include "platform/rdf/rdf_private.h"

static void write_escaped(struct buffer *out, const char *text)
{
    for (const char *at = text; *at; at++) switch (*at) {
        case '&': buffer_text(out, "&amp;"); break;
        case '<': buffer_text(out, "&lt;"); break;
        case '>': buffer_text(out, "&gt;"); break;
        case '"': buffer_text(out, "&quot;"); break;
        case '\r': buffer_text(out, "&#13;"); break; /* a reader would make it a line feed */
        default: buffer_char(out, *at);
        }
}

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_print(out, " %s=\"", name);
    write_escaped(out, value);
    buffer_char(out, '"');
}

static void write_statement(const struct rdf *rdf, const struct rdf_statement *statement, struct buffer *out)
{
    buffer_print(out, "    <%s", statement->predicate);
    if (statement->is_link) {
        write_attribute(out, "rdf:resource", statement->object);
        buffer_text(out, "/>\n");
        return;
    }
    if (statement->language) write_attribute(out, "xml:lang", statement->language);
    if (statement->type) write_attribute(out, "rdf:datatype", rdf_expand(rdf, statement->type));
    buffer_char(out, '>');
    write_escaped(out, statement->object);
    buffer_print(out, "</%s>\n", statement->predicate);
}

void rdf_write_xml(const struct rdf *rdf, struct buffer *out)
{
    buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF");
    for (const struct rdf_prefix *row = rdf->prefixes; row->prefix; row++)
        buffer_print(out, "\n    xmlns:%s=\"%s\"", row->prefix, row->address);
    buffer_text(out, ">\n");
    for (const struct rdf_resource *resource = rdf->first; resource; resource = resource->next) {
        buffer_text(out, "  <rdf:Description");
        write_attribute(out, "rdf:about", resource->address);
        buffer_text(out, ">\n");
        for (const struct rdf_statement *statement = resource->first; statement; statement = statement->next)
            write_statement(rdf, statement, out);
        buffer_text(out, "  </rdf:Description>\n");
    }
    buffer_text(out, "</rdf:RDF>\n");
}
