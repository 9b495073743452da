/* turtle.c: Turtle 1.1. */
#include <string.h>

#include "base/buffer.h"
#include "platform/rdf/rdf_private.h"

static void write_text(const struct rdf_statement *statement, struct buffer *out)
{
    static const char special[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    buffer_char(out, '"');
    for (const char *at = statement->object; *at; at++) {
        const char *found = strchr(special, *at);
        if (found) buffer_char(out, '\\');
        buffer_char(out, found ? letters[found - special] : *at);
    }
    buffer_char(out, '"');
    if (statement->language) buffer_print(out, "@%s", statement->language);
    if (statement->type) buffer_print(out, "^^%s", statement->type);
}

static void write_resource(const struct rdf_resource *resource, struct buffer *out)
{
    buffer_print(out, "\n<%s>", resource->address);
    for (const struct rdf_statement *statement = resource->first; statement; statement = statement->next) {
        buffer_print(out, "\n    %s ", statement->predicate);
        if (statement->is_link)
            buffer_print(out, "<%s>", statement->object);
        else
            write_text(statement, out);
        buffer_text(out, statement->next ? " ;" : " .\n");
    }
}

void rdf_write_turtle(const struct rdf *rdf, struct buffer *out)
{
    for (const struct rdf_prefix *row = rdf->prefixes; row->prefix; row++)
        buffer_print(out, "@prefix %s: <%s> .\n", row->prefix, row->address);
    for (const struct rdf_resource *resource = rdf->first; resource; resource = resource->next)
        write_resource(resource, out);
}
