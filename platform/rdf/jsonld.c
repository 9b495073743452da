/* jsonld.c: JSON-LD 1.1: one "@graph" of flat resources, names shortened by an inline "@context" (nothing is fetched to read it). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/rdf/rdf_private.h"

static json_t *value_of(const struct rdf_statement *statement)
{
    json_t *value = statement->is_link ? json_pack("{s:s}", "@id", statement->object)
                                       : json_pack("{s:s, s:s*, s:s*}", "@value", statement->object, "@language",
                                                   statement->language, "@type", statement->type);
    return value ? value : json_object();
}

static void add_value(json_t *object, const char *name, json_t *value)
{
    json_t *list = json_object_get(object, name);
    if (!list) {
        list = json_array();
        json_object_set_new(object, name, list);
    }
    json_array_append_new(list, value);
}

static json_t *resource_object(const struct rdf_resource *resource)
{
    json_t *object = json_pack("{s:s}", "@id", resource->address);
    for (const struct rdf_statement *statement = resource->first; statement; statement = statement->next) {
        if (strcmp(statement->predicate, "rdf:type") == 0)
            add_value(object, "@type", json_string(statement->object));
        else
            add_value(object, statement->predicate, value_of(statement));
    }
    return object;
}

void rdf_write_jsonld(const struct rdf *rdf, struct buffer *out)
{
    json_t *context = json_object(), *graph = json_array();
    for (const struct rdf_prefix *row = rdf->prefixes; row->prefix; row++)
        json_object_set_new(context, row->prefix, json_string(row->address));
    for (const struct rdf_resource *resource = rdf->first; resource; resource = resource->next)
        json_array_append_new(graph, resource_object(resource));
    json_t *whole = json_pack("{s:o, s:o}", "@context", context, "@graph", graph);
    char *text = json_dumps(whole, JSON_INDENT(1));
    if (!text) fatal_memory(0);
    buffer_text(out, text);
    free(text);
    json_decref(whole);
}
