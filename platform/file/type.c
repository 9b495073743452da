/* type.c: what a file is, by its content: signatures at its head, entries of an archive, characters of a text. */
#include <string.h>
#include <strings.h>

#include <zip.h>

#include "base/arena.h"
#include "platform/file/file.h"
#include "platform/file/type_private.h"
#include "platform/text/text.h"

enum { ENTRIES_MOST = 10000, MARKUP_WITHIN = 4096, MIMETYPE_MOST = 100 };

#define OFFICE "application/vnd.openxmlformats-officedocument."
#define OPEN_DOCUMENT "application/vnd.oasis.opendocument."
const char unknown_type[] = "application/octet-stream";
static const char zip_archive[] = "application/zip", plain_text[] = "text/plain";

static const struct media_type types[] = {
    {"application/pdf", N_("PDF"), "pdf"},
    {"image/png", N_("PNG image"), "png"},
    {"image/jpeg", N_("JPEG image"), "jpg;jpeg"},
    {"image/gif", N_("GIF image"), "gif"},
    {"image/webp", N_("WebP image"), "webp"},
    {OFFICE "wordprocessingml.document", N_("Word document"), "docx"},
    {OFFICE "spreadsheetml.sheet", N_("Excel workbook"), "xlsx"},
    {OFFICE "presentationml.presentation", N_("PowerPoint presentation"), "pptx"},
    {OPEN_DOCUMENT "text", N_("OpenDocument text"), "odt"},
    {OPEN_DOCUMENT "spreadsheet", N_("OpenDocument spreadsheet"), "ods"},
    {OPEN_DOCUMENT "presentation", N_("OpenDocument presentation"), "odp"},
    {zip_archive, N_("ZIP archive"), "zip"},
    {"text/csv", N_("CSV table"), "csv;tsv"},
    {plain_text, N_("plain text"), "txt;md;log"},
    {"text/html", N_("web page"), "html;htm"},
    {"image/svg+xml", N_("SVG drawing"), "svg"},
    {"text/xml", N_("XML"), "xml"},
    {unknown_type, N_("unknown content"), NULL},
};

enum { TYPES = sizeof types / sizeof *types };

const struct media_type *media_type_find(const char *name)
{
    for (size_t i = 0; i < TYPES - 1; i++)
        if (strcasecmp(types[i].name, name) == 0) return &types[i];
    return &types[TYPES - 1];
}

bool list_has_word(const char *list, const char *word, size_t length)
{
    for (; list && *list; list += strcspn(list, ";"), list += *list == ';')
        if (strcspn(list, ";") == length && strncasecmp(list, word, length) == 0) return true;
    return false;
}

static bool begins(const struct file_given *given, size_t at, const char *signature, size_t length)
{
    return given->length >= at + length && memcmp(given->bytes + at, signature, length) == 0;
}

static const char *by_signature(const struct file_given *given)
{
    static const struct {
        const char *media_type, *signature;
        size_t length;
    } signatures[] = {
        {"application/pdf", "%PDF-", 5},   {"image/png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16},
        {"image/jpeg", "\xff\xd8\xff", 3}, {"image/gif", "GIF87a", 6},
        {"image/gif", "GIF89a", 6},
    };
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (begins(given, 0, signatures[i].signature, signatures[i].length)) return signatures[i].media_type;
    return begins(given, 0, "RIFF", 4) && begins(given, 8, "WEBP", 4) ? "image/webp" : NULL;
}

static bool has_entry(zip_t *archive, const char *name) { return zip_name_locate(archive, name, ZIP_FL_NOCASE) >= 0; }

/* OpenDocument part 2, section 3.3: a first entry `mimetype` names the type. */
static const char *open_document(zip_t *archive)
{
    char named[MIMETYPE_MOST + 1] = "";
    zip_file_t *entry = zip_fopen(archive, "mimetype", 0);
    const zip_int64_t length = entry ? zip_fread(entry, named, MIMETYPE_MOST) : 0;
    if (entry) zip_fclose(entry);
    const struct media_type *type = media_type_find(length > 0 ? named : "");
    return strncmp(type->name, OPEN_DOCUMENT, strlen(OPEN_DOCUMENT)) == 0 ? type->name : NULL;
}

/* Documents that carry programs are archives like any other: no field takes them by mistake. */
static const char *by_entries(zip_t *archive)
{
    static const char *const programs[] = {"word/vbaProject.bin", "xl/vbaProject.bin", "ppt/vbaProject.bin",
                                           "Basic/script-lc.xml", "Scripts/"};
    static const struct {
        const char *entry, *media_type;
    } offices[] = {{"word/document.xml", OFFICE "wordprocessingml.document"},
                   {"xl/workbook.xml", OFFICE "spreadsheetml.sheet"},
                   {"ppt/presentation.xml", OFFICE "presentationml.presentation"}};
    if (zip_get_num_entries(archive, 0) > ENTRIES_MOST) return zip_archive;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (has_entry(archive, programs[i])) return zip_archive;
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
        if (has_entry(archive, "[Content_Types].xml") && has_entry(archive, offices[i].entry))
            return offices[i].media_type;
    const char *open = open_document(archive);
    return open ? open : zip_archive;
}

static const char *archive_type(const struct file_given *given)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(given->bytes, given->length, 0, &fault);
    zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, &fault) : NULL;
    zip_error_fini(&fault);
    const char *media_type = archive ? by_entries(archive) : unknown_type;
    if (archive)
        zip_discard(archive);
    else
        zip_source_free(source);
    return media_type;
}

/* UTF-8 without the control characters that no text has. */
static bool is_text(const struct file_given *given)
{
    for (size_t i = 0; i < given->length; i++) {
        const unsigned char c = (unsigned char)given->bytes[i];
        if (c == 0x7f || (c < 0x20 && !strchr("\t\n\f\r", c))) return false;
    }
    return text_valid(given->bytes, given->length);
}

static bool holds_tag(const char *head, const char *tag) { return strcasestr(head, tag) != NULL; }

/* A text that a browser might run, wherever its first tag stands. */
static const char *markup_type(const struct file_given *given)
{
    static const char *const pages[] = {"<html", "<!doctype html", "<script", "<body", "<head", "<iframe"};
    char head[MARKUP_WITHIN + 1];
    const size_t length = given->length < MARKUP_WITHIN ? given->length : MARKUP_WITHIN;
    memcpy(head, given->bytes, length);
    head[length] = '\0';
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (holds_tag(head, pages[i])) return "text/html";
    if (holds_tag(head, "<svg")) return "image/svg+xml";
    return holds_tag(head, "<?xml") ? "text/xml" : NULL;
}

static const char *text_type(const struct file_given *given)
{
    const char *markup = markup_type(given), *dot = strrchr(given->name, '.');
    if (markup) return markup;
    return dot && list_has_word(media_type_find("text/csv")->endings, dot + 1, strlen(dot + 1)) ? "text/csv"
                                                                                                : plain_text;
}

const char *file_media_type(const struct file_given *given)
{
    const char *signed_type = by_signature(given);
    if (signed_type) return signed_type;
    if (begins(given, 0, "PK\3\4", 4)) return archive_type(given);
    return is_text(given) ? text_type(given) : unknown_type;
}

const char *file_type_name(enum language language, const char *media_type)
{
    return language_text(language, media_type_find(media_type)->label);
}
