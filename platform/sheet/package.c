/* The parts of a workbook's archive, through libzip and expat, under limits. */
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "platform/sheet/sheet_private.h"

enum {
    CHUNK = 64 * 1024,
    MOST_ENTRIES = 10000,
    MOST_DEPTH = 100,
    MOST_TOKEN = 1024 * 1024,    /* bytes fed without any event: a tag or comment that long is no sheet's */
    FREE_EXPANSION = 1024 * 1024 /* small parts may compress as well as they like */
};

struct part {
    struct package *package;
    zip_file_t *file;
    XML_Parser parser;
    const struct part_handlers *handlers;
    void *context;
    struct error failure;
    int64_t size, packed, expanded, quiet;
    int depth;
    bool paused, ended;
};

enum status package_open(struct package *package, const char *path, const struct sheet_limits *limits,
                         struct error *error)
{
    *package = (struct package){.path = path, .limits = *limits};
    int reason = 0;
    package->archive = zip_open(path, ZIP_RDONLY, &reason);
    if (!package->archive) {
        error_set(error, STATUS_INPUT, N_("The workbook is damaged or incomplete: save it again, or as CSV."));
        return error_at(error, path, 0, 0);
    }
    if (zip_get_num_entries(package->archive, 0) <= MOST_ENTRIES) return STATUS_OK;
    package_close(package);
    error_set(error, STATUS_LIMIT, N_("The workbook holds too many parts."));
    return error_at(error, path, 0, 0);
}

void package_close(struct package *package)
{
    if (package->archive) zip_discard(package->archive);
    package->archive = NULL;
}

bool package_has(const struct package *package, const char *name)
{
    return zip_name_locate(package->archive, name, ZIP_FL_NOCASE) >= 0;
}

struct error *part_refuse(struct part *part)
{
    XML_StopParser(part->parser, XML_FALSE);
    return &part->failure;
}

static const char *without_prefix(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part = context;
    part->quiet = 0;
    if (++part->depth > MOST_DEPTH)
        error_set(part_refuse(part), STATUS_INPUT, N_("The workbook's XML is nested too deeply."));
    else if (!part->failure.status && part->handlers->start)
        part->handlers->start(part->context, without_prefix(name), attributes);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct part *part = context;
    part->quiet = 0;
    part->depth--;
    if (!part->failure.status && part->handlers->end) part->handlers->end(part->context, without_prefix(name));
}

static void XMLCALL on_text(void *context, const XML_Char *text, int length)
{
    struct part *part = context;
    part->quiet = 0;
    if (!part->failure.status && part->handlers->text) part->handlers->text(part->context, text, length);
}

/* No workbook declares a document type; entities, and what they may blow up to, come with one. */
static void XMLCALL on_document_type(void *context, const XML_Char *name, const XML_Char *system,
                                     const XML_Char *public, int subset)
{
    (void)name, (void)system, (void)public, (void)subset;
    error_set(part_refuse(context), STATUS_INPUT, N_("The workbook's XML declares a document type, which is refused."));
}

static XML_Parser new_parser(struct part *part)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    if (!parser) fatal_memory(CHUNK);
    XML_SetUserData(parser, part);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_document_type);
    return parser;
}

enum status part_open(struct package *package, const char *name, const struct part_handlers *handlers, void *context,
                      struct part **part, struct error *error)
{
    zip_stat_t about;
    *part = NULL;
    const zip_int64_t index = zip_name_locate(package->archive, name, ZIP_FL_NOCASE);
    if (index < 0 || zip_stat_index(package->archive, (zip_uint64_t)index, 0, &about) != 0)
        return error_set(error, STATUS_INPUT, N_("The workbook lacks its part {1}: save it again, or as CSV."), name);
    zip_file_t *file = zip_fopen_index(package->archive, (zip_uint64_t)index, 0);
    if (!file) {
        const enum status status = error_set(
            error, STATUS_INPUT,
            N_("A part of the workbook cannot be read ({1}): save it again without password, or as CSV."), name);
        error_at(error, package->path, 0, 0);
        return status;
    }
    *part = calloc(1, sizeof **part);
    if (!*part) fatal_memory(sizeof **part);
    **part = (struct part){.package = package,
                           .file = file,
                           .handlers = handlers,
                           .context = context,
                           .size = (int64_t)about.size,
                           .packed = (int64_t)about.comp_size};
    (*part)->parser = new_parser(*part);
    return STATUS_OK;
}

void part_close(struct part **part)
{
    if (!*part) return;
    XML_ParserFree((*part)->parser);
    zip_fclose((*part)->file);
    free(*part);
    *part = NULL;
}

double part_progress(const struct part *part)
{
    return part->size > 0 && part->expanded < part->size ? (double)part->expanded / (double)part->size : 1;
}

void part_pause(struct part *part) { XML_StopParser(part->parser, XML_TRUE); }

static enum status count_expansion(struct part *part, int64_t count)
{
    const struct sheet_limits *limits = &part->package->limits;
    part->expanded += count;
    part->package->expanded += count;
    part->quiet += count;
    if (part->package->expanded > limits->expanded_bytes)
        return error_set(&part->failure, STATUS_LIMIT, N_("The workbook is too large once expanded."));
    if (part->expanded > FREE_EXPANSION && (part->expanded - FREE_EXPANSION) / limits->ratio > part->packed)
        return error_set(&part->failure, STATUS_LIMIT,
                         N_("The workbook expands more than a real one does: it is refused."));
    if (part->quiet > MOST_TOKEN)
        return error_set(&part->failure, STATUS_LIMIT, N_("The workbook's XML holds too long a tag."));
    return STATUS_OK;
}

/* Feeds the next chunk; false on a failure of the archive or a limit. */
static bool feed(struct part *part, enum XML_Status *answer)
{
    void *chunk = XML_GetBuffer(part->parser, CHUNK);
    if (!chunk) fatal_memory(CHUNK);
    const zip_int64_t count = zip_fread(part->file, chunk, CHUNK);
    if (count < 0) {
        error_set(&part->failure, STATUS_INPUT, N_("The workbook is damaged or incomplete: save it again, or as CSV."));
        return false;
    }
    if (count_expansion(part, count)) return false;
    part->ended = count == 0;
    *answer = XML_ParseBuffer(part->parser, (int)count, part->ended);
    return true;
}

enum status part_parse(struct part *part, bool *ended, struct error *error)
{
    enum XML_Status answer = XML_STATUS_OK;
    bool resumes = part->paused;
    *ended = false;
    for (;;) {
        if (resumes)
            answer = XML_ResumeParser(part->parser);
        else if (part->ended || !feed(part, &answer))
            break;
        resumes = false;
        part->paused = answer == XML_STATUS_SUSPENDED;
        if (answer != XML_STATUS_OK) break;
    }
    if (answer == XML_STATUS_ERROR && !part->failure.status)
        error_set(&part->failure, STATUS_INPUT, N_("The workbook's XML is wrong ({1}): save it again, or as CSV."),
                  XML_ErrorString(XML_GetErrorCode(part->parser)));
    if (part->failure.status) {
        if (error) *error = part->failure;
        error_at(error, part->package->path, 0, 0);
        return part->failure.status;
    }
    *ended = answer == XML_STATUS_OK;
    return STATUS_OK;
}

enum status part_read(struct package *package, const char *name, const struct part_handlers *handlers, void *context,
                      struct error *error)
{
    struct part *part = NULL;
    bool ended = false;
    enum status status = part_open(package, name, handlers, context, &part, error);
    if (!status) status = part_parse(part, &ended, error);
    part_close(&part);
    return status;
}

const char *part_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(without_prefix(*attributes), name) == 0) return attributes[1];
    return NULL;
}

void span_add(struct span *span, const char *bytes, size_t length)
{
    if (length > span->capacity - span->length) {
        size_t capacity = span->capacity ? span->capacity : 256;
        while (capacity - span->length < length) capacity *= 2;
        span->bytes = realloc(span->bytes, capacity);
        if (!span->bytes) fatal_memory(capacity);
        span->capacity = capacity;
    }
    if (length) memcpy(span->bytes + span->length, bytes, length);
    span->length += length;
}

void span_end(struct span *span) { span_add(span, "", 1); }
