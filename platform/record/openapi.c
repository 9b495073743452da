/* openapi.c: the API's description, written from the kinds (OpenAPI 3.1). */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/files.h"
#include "platform/record/json.h"
#include "platform/record/type.h"
#include "platform/record/web.h"
#include "platform/record/web_private.h"

enum { TEXT_LIMIT = 4 * 1024 * 1024 };

static void describe(struct buffer *out, const struct http_request *request, const char *english)
{
    buffer_text(out, ", \"description\": ");
    json_text(out, language_text(request->language, english));
}

static void schema_field(struct buffer *out, const struct http_request *request, const struct field *field)
{
    const struct type *type = field_type(field);
    json_text(out, field->name);
    buffer_print(out, ": {\"type\": \"%s\"", type->json_type);
    if (type->json_format) buffer_print(out, ", \"format\": \"%s\"", type->json_format);
    if (type->schema) type->schema(out, field);
    buffer_text(out, ", \"title\": ");
    json_text(out, language_text(request->language, field->label));
    if (field->help) describe(out, request, field->help);
    if (field->computed) buffer_text(out, ", \"readOnly\": true");
    if (field->is_personal) buffer_text(out, ", \"x-personal\": true");
    buffer_char(out, '}');
}

static const char head_members[] =
    "\"id\": {\"type\": \"string\", \"readOnly\": true}, \"version\": {\"type\": \"integer\"}, \"owner\": {\"type\": "
    "\"string\", \"readOnly\": true}, "
    "\"created\": {\"type\": \"string\", \"format\": \"date-time\", \"readOnly\": true}, \"updated\": {\"type\": "
    "\"string\", \"format\": \"date-time\", \"readOnly\": true}, "
    "\"state\": {\"type\": \"string\"}, "
    "\"since\": {\"type\": \"string\", \"format\": \"date\", \"readOnly\": true}, \"reason\": {\"type\": \"string\"}";

static void schema_kind(struct buffer *out, const struct http_request *request, const struct kind *kind)
{
    json_text(out, kind->name);
    buffer_print(out, ": {\"type\": \"object\", \"x-pages\": \"%s\", \"title\": ", kind->path);
    json_text(out, language_text(request->language, kind->title));
    if (kind->summary) describe(out, request, kind->summary);
    buffer_print(out, ", \"properties\": {%s", head_members);
    buffer_print(out, ", \"audience\": {\"type\": \"string\", \"enum\": [%s]%s}",
                 "\"private\", \"circle\", \"network\", \"public\"",
                 kind->fixed_audience ? ", \"readOnly\": true" : "");
    for (const struct field *field = kind->fields; field->name; field++) {
        buffer_text(out, ", ");
        schema_field(out, request, field);
    }
    buffer_text(out, "}}");
}

/* What a new record must have: those of the fields that nothing else fills. */
static void schema_required(struct buffer *out, const struct kind *kind)
{
    const char *separator = "{\"required\": [";
    buffer_print(out, "{\"allOf\": [{\"$ref\": \"#/components/schemas/%s\"}, ", kind->name);
    for (const struct field *field = kind->fields; field->name; field++) {
        if (!field->required || field->computed || field->later || field->derivation) continue;
        buffer_text(out, separator);
        json_text(out, field->name);
        separator = ", ";
    }
    buffer_text(out, *separator == ',' ? "]}]}" : "{}]}");
}

static void parameter(struct buffer *out, const struct http_request *request, const char *name, const char *type,
                      const char *english)
{
    buffer_print(out, "{\"name\": \"%s\", \"in\": \"query\", \"schema\": {\"type\": \"%s\"}", name, type);
    describe(out, request, english);
    buffer_text(out, "}, ");
}

static void list_path(struct buffer *out, const struct http_request *request, const struct kind *kind)
{
    buffer_print(out, "\"/api/v1/%s\": {\"get\": {\"operationId\": \"list_%s\", \"summary\": ", kind->name, kind->name);
    json_text(out, language_text(request->language, kind->plural));
    buffer_text(out, ", \"parameters\": [");
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->facet && field_open(field)) parameter(out, request, field->name, "string", field->label);
    parameter(out, request, "q", "string", N_("Words to find"));
    parameter(out, request, "page", "integer", N_("Page, from 1"));
    parameter(out, request, "near", "string", N_("latitude,longitude,kilometres"));
    parameter(out, request, "limit", "integer", N_("Records of a page: 50 unless said, 500 at most"));
    parameter(out, request, "sort", "string", N_("new, old, name or relevance"));
    parameter(out, request, "facets", "string",
              N_("Counts by these: state, place or fields that filter, with commas between; place.departement: by that "
                 "level of its list"));
    parameter(out, request, "columns", "string", N_("These fields only, with commas between"));
    parameter(out, request, "around", "string", N_("Code or name of a commune"));
    parameter(out, request, "within", "number", N_("Kilometres around that commune"));
    buffer_text(out, "{\"name\": \"state\", \"in\": \"query\", \"schema\": {\"type\": \"string\"}}], \"responses\": "
                     "{\"200\": {\"description\": \"OK\", \"content\": {\"application/json\": {\"schema\": "
                     "{\"type\": \"object\", \"properties\": {\"total\": {\"type\": \"integer\"}, \"page\": {\"type\": "
                     "\"integer\"}, "
                     "\"facets\": {\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\", \"items\": "
                     "{\"$ref\": \"#/components/schemas/facet_count\"}}}, \"items\": "
                     "{\"type\": \"array\", \"items\": ");
    buffer_print(
        out,
        "{\"$ref\": \"#/components/schemas/%s\"}}}}}}}, \"default\": {\"$ref\": \"#/components/responses/problem\"}}}",
        kind->name);
    buffer_print(
        out,
        ", \"post\": {\"operationId\": \"create_%s\", \"security\": [{\"bearer\": []}], \"parameters\": [{\"name\": "
        "\"Idempotency-Key\", \"in\": \"header\", \"description\": \"Drawn by the sender, the same at each try: what "
        "came "
        "already is answered with 200 and not filed again\", \"schema\": {\"type\": \"string\", \"minLength\": 8, "
        "\"maxLength\": 80}}], \"requestBody\": "
        "{\"required\": true, \"content\": {\"application/json\": {\"schema\": ",
        kind->name);
    schema_required(out, kind);
    buffer_print(out,
                 "}}}, \"responses\": {\"201\": {\"description\": \"Created\", \"content\": {\"application/json\": "
                 "{\"schema\": {\"$ref\": \"#/components/schemas/%s\"}}}}, "
                 "\"default\": {\"$ref\": \"#/components/responses/problem\"}}}}",
                 kind->name);
}

static void record_path(struct buffer *out, const struct kind *kind)
{
    static const char *const methods[] = {"get", "patch", "delete"};
    buffer_print(out,
                 ", \"/api/v1/%s/{id}\": {\"parameters\": [{\"name\": \"id\", \"in\": \"path\", \"required\": true, "
                 "\"schema\": {\"type\": \"string\"}}]",
                 kind->name);
    for (size_t i = 0; i < 3; i++) {
        buffer_print(out, ", \"%s\": {\"operationId\": \"%s_%s\"", methods[i], methods[i], kind->name);
        if (i) buffer_text(out, ", \"security\": [{\"bearer\": []}]");
        if (i == 1)
            buffer_print(out,
                         ", \"requestBody\": {\"required\": true, \"content\": {\"application/json\": {\"schema\": "
                         "{\"$ref\": \"#/components/schemas/%s\"}}}}",
                         kind->name);
        if (i == 2)
            buffer_text(out, ", \"responses\": {\"204\": {\"description\": \"Erased\"}, ");
        else
            buffer_print(out,
                         ", \"responses\": {\"200\": {\"description\": \"OK\", \"content\": {\"application/json\": "
                         "{\"schema\": {\"$ref\": \"#/components/schemas/%s\"}}}}, ",
                         kind->name);
        buffer_text(out, "\"default\": {\"$ref\": \"#/components/responses/problem\"}}}");
    }
    buffer_char(out, '}');
}

/* Bringing a file to a field and taking it away. */
static void file_path(struct buffer *out, const struct kind *kind, const struct field *field)
{
    static const char parameters[] =
        "{\"name\": \"id\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": \"string\"}}, "
        "{\"name\": \"If-Match\", \"in\": \"header\", \"required\": true, \"schema\": {\"type\": \"string\"}}";
    static const char bodies[] =
        "{\"application/octet-stream\": {}, \"multipart/form-data\": {\"schema\": {\"type\": \"object\", "
        "\"properties\": {\"file\": {\"type\": \"string\", \"contentMediaType\": \"application/octet-stream\"}}}}}";
    const char *answer = "\"responses\": {\"200\": {\"description\": \"OK\", \"content\": {\"application/json\": "
                         "{\"schema\": {\"$ref\": \"#/components/schemas/";
    buffer_print(out, ", \"/api/v1/%s/{id}/%s\": {\"parameters\": [%s]", kind->name, field->name, parameters);
    buffer_print(out,
                 ", \"post\": {\"operationId\": \"bring_%s_%s\", \"security\": [{\"bearer\": []}], \"parameters\": "
                 "[{\"name\": \"name\", \"in\": \"query\", \"schema\": {\"type\": \"string\"}}], \"requestBody\": "
                 "{\"required\": true, \"content\": %s}, %s%s\"}}}}, \"default\": {\"$ref\": "
                 "\"#/components/responses/problem\"}}}",
                 kind->name, field->name, bodies, answer, kind->name);
    buffer_print(out,
                 ", \"delete\": {\"operationId\": \"remove_%s_%s\", \"security\": [{\"bearer\": []}], %s%s\"}}}}, "
                 "\"default\": {\"$ref\": \"#/components/responses/problem\"}}}}",
                 kind->name, field->name, answer, kind->name);
}

static void files_path(struct buffer *out)
{
    buffer_text(out, ", \"" FILE_ADDRESS "/{id}\": {\"get\": {\"operationId\": \"get_file\", \"parameters\": "
                     "[{\"name\": \"id\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": \"string\"}}], "
                     "\"responses\": {\"200\": {\"description\": \"OK\", \"content\": {\"*/*\": {}}}, "
                     "\"default\": {\"$ref\": \"#/components/responses/problem\"}}}}");
}

static void kind_paths(struct buffer *out, const struct http_request *request, const struct kind *kind)
{
    list_path(out, request, kind);
    record_path(out, kind);
    for (const struct field *field = kind->fields; field->name; field++)
        if (field->type == FIELD_FILE) file_path(out, kind, field);
}

static const char *const *other_paths;

void record_api_describe(const char *const *paths) { other_paths = paths; }

enum status record_api_openapi(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct buffer *out = buffer_new(request->arena, TEXT_LIMIT);
    (void)error;
    buffer_text(out, "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"Maillage\", \"version\": \"1\", \"license\": "
                     "{\"name\": \"EUPL-1.2\", \"identifier\": \"EUPL-1.2\"}");
    describe(out, request, N_("Records of the network of innovation clusters, under the rights of who asks."));
    buffer_text(out, "}, \"servers\": [{\"url\": \"/\"}], \"security\": [{}, {\"bearer\": []}], \"paths\": {");
    for (const struct kind *const *kind = kinds_all(); *kind; kind++) {
        if (kind != kinds_all()) buffer_text(out, ", ");
        kind_paths(out, request, *kind);
    }
    files_path(out);
    for (const char *const *paths = other_paths; paths && *paths; paths++) buffer_print(out, ", %s", *paths);
    buffer_text(
        out, "}, \"components\": {\"securitySchemes\": {\"bearer\": {\"type\": \"http\", \"scheme\": "
             "\"bearer\"}}, \"responses\": {\"problem\": {\"description\": \"Problem (RFC 9457)\", "
             "\"content\": {\"application/problem+json\": {\"schema\": {\"type\": \"object\", \"properties\": "
             "{\"title\": {\"type\": \"string\"}, \"status\": {\"type\": \"integer\"}}}}}}}, \"schemas\": {"
             "\"facet_count\": {\"type\": \"object\", \"properties\": {\"value\": {\"type\": \"string\"}, \"label\": "
             "{\"type\": \"string\"}, \"count\": {\"type\": \"integer\"}}}, ");
    for (const struct kind *const *kind = kinds_all(); *kind; kind++) {
        if (kind != kinds_all()) buffer_text(out, ", ");
        schema_kind(out, request, *kind);
    }
    buffer_text(out, "}}}");
    response->buffer = out;
    response->media_type = "application/json";
    response->cache = HTTP_PUBLIC_SHORT;
    return STATUS_OK;
}
