#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/map.h"
#include "platform/rdf/rdf_private.h"

static const struct {
    const char *media_type, *extension;
    void (*write)(const struct rdf *rdf, struct buffer *out);
} forms[RDF_FORMS] = {
    [RDF_TURTLE] = {"text/turtle", "ttl", rdf_write_turtle},
    [RDF_JSONLD] = {"application/ld+json", "jsonld", rdf_write_jsonld},
    [RDF_XML] = {"application/rdf+xml", "rdf", rdf_write_xml},
};

const char *rdf_media_type(enum rdf_form form) { return forms[form].media_type; }
const char *rdf_extension(enum rdf_form form) { return forms[form].extension; }

bool rdf_extension_find(const char *extension, enum rdf_form *form)
{
    for (enum rdf_form one = 0; one < RDF_FORMS; one++)
        if (strcmp(forms[one].extension, extension) == 0) {
            *form = one;
            return true;
        }
    return false;
}

void rdf_write(const struct rdf *rdf, enum rdf_form form, struct buffer *out) { forms[form].write(rdf, out); }

struct rdf *rdf_new(struct arena *arena, const struct rdf_prefix *prefixes)
{
    struct rdf *rdf = ARENA_NEW(arena, struct rdf);
    *rdf = (struct rdf){.arena = arena, .prefixes = prefixes, .by_address = map_new(arena)};
    rdf->last = &rdf->first;
    return rdf;
}

const char *rdf_expand(const struct rdf *rdf, const char *name)
{
    const size_t length = strcspn(name, ":");
    ENSURE(name[length] == ':');
    for (const struct rdf_prefix *row = rdf->prefixes; row->prefix; row++)
        if (strlen(row->prefix) == length && strncmp(row->prefix, name, length) == 0)
            return arena_print(rdf->arena, "%s%s", row->address, name + length + 1);
    fatal("a name of RDF has no known prefix");
}

/* What IRIREF of Turtle excludes; the other forms then agree. */
static const char *clean_address(struct arena *arena, const char *address)
{
    static const char digits[] = "0123456789ABCDEF";
    char *clean = arena_alloc(arena, 3 * strlen(address) + 1), *to = clean;
    for (const char *at = address; *at; at++) {
        const unsigned char byte = (unsigned char)*at;
        if (byte > 0x20 && byte != 0x7f && !strchr("<>\"{}|^`\\", byte)) {
            *to++ = *at;
            continue;
        }
        *to++ = '%';
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
    return clean;
}

/* XML has no way to write control characters, nor U+FFFE and U+FFFF. */
static const char *clean_text(struct arena *arena, const char *text)
{
    char *clean = arena_copy(arena, text);
    for (char *at = clean; *at; at++) {
        const unsigned char *byte = (const unsigned char *)at;
        if ((*byte < 0x20 && !strchr("\t\n\r", *at)) || *byte == 0x7f) *at = ' ';
        if (byte[0] == 0xef && byte[1] == 0xbf && byte[2] >= 0xbe) memset(at, ' ', 3);
    }
    return clean;
}

static struct rdf_resource *resource_of(struct rdf *rdf, const char *subject)
{
    const char *address = clean_address(rdf->arena, subject);
    struct rdf_resource *resource = map_get(rdf->by_address, address);
    if (resource) return resource;
    resource = ARENA_NEW(rdf->arena, struct rdf_resource);
    resource->address = address;
    resource->last = &resource->first;
    *rdf->last = resource;
    rdf->last = &resource->next;
    map_put(rdf->by_address, address, resource);
    return resource;
}

static bool same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

/* A graph is a set: what was said is not said again. */
static bool is_said(const struct rdf_resource *resource, const struct rdf_statement *statement)
{
    for (const struct rdf_statement *one = resource->first; one; one = one->next)
        if (same(one->predicate, statement->predicate) && one->is_link == statement->is_link &&
            same(one->object, statement->object) && same(one->language, statement->language) &&
            same(one->type, statement->type))
            return true;
    return false;
}

static void add(struct rdf *rdf, const char *subject, const struct rdf_statement *statement)
{
    struct rdf_resource *resource = resource_of(rdf, subject);
    if (is_said(resource, statement)) return;
    struct rdf_statement *kept = ARENA_NEW(rdf->arena, struct rdf_statement);
    *kept = *statement;
    rdf_expand(rdf, kept->predicate);
    *resource->last = kept;
    resource->last = &kept->next;
}

void rdf_link(struct rdf *rdf, const char *subject, const char *predicate, const char *address)
{
    if (!address || !*address) return;
    add(rdf, subject,
        &(struct rdf_statement){.predicate = predicate, .is_link = true, .object = clean_address(rdf->arena, address)});
}

void rdf_type(struct rdf *rdf, const char *subject, const char *name)
{
    rdf_link(rdf, subject, "rdf:type", rdf_expand(rdf, name));
}

void rdf_text(struct rdf *rdf, const char *subject, const char *predicate, const char *text, const char *language)
{
    if (!text || !*text) return;
    add(rdf, subject,
        &(struct rdf_statement){.predicate = predicate, .object = clean_text(rdf->arena, text), .language = language});
}

void rdf_typed(struct rdf *rdf, const char *subject, const char *predicate, const char *text, const char *type)
{
    if (!text || !*text) return;
    add(rdf, subject,
        &(struct rdf_statement){.predicate = predicate, .object = clean_text(rdf->arena, text), .type = type});
}
