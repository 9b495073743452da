#include "platform/html/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/assets.h"
#include "platform/html/page_private.h"
#include "platform/html/templates.h"
#include "platform/http/http.h"
#include "platform/rights/rights.h"

enum { MOST_PAGE_BYTES = 8 << 20, MOST_BANNER_BYTES = 1 << 16 };

/* Set once at start, then only read. */
static struct {
    const char *name;
    const struct page_section *sections;
    char *banner;
    size_t banner_length;
} site = {.name = "Maillage"};

void page_set_sections(const char *site_name, const struct page_section *sections)
{
    site.name = site_name;
    site.sections = sections;
}

const char *page_site_name(void) { return site.name; }

static enum status load_banner(const char *path, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file) return error_set(error, STATUS_INPUT, "The fragment {1} cannot be read: {2}.", path, strerror(errno));
    char *banner = malloc(MOST_BANNER_BYTES + 1);
    const size_t length = banner ? fread(banner, 1, MOST_BANNER_BYTES + 1, file) : 0;
    fclose(file);
    if (!length || length > MOST_BANNER_BYTES) {
        free(banner);
        return error_set(error, STATUS_LIMIT, "The fragment {1} is empty or larger than 64 kB.", path);
    }
    free(site.banner);
    site.banner = banner;
    site.banner_length = length;
    return STATUS_OK;
}

enum status page_load_theme(const char *style_sheet, const char *header_fragment, struct error *error)
{
    const enum status status = asset_load_theme(style_sheet, error);
    return status != STATUS_OK || !header_fragment ? status : load_banner(header_fragment, error);
}

const char *page_cookie(const char *header, const char *name, const char *const *allowed)
{
    const size_t length = strlen(name);
    for (const char *at = header; at && *at;) {
        at += strspn(at, "; ");
        const size_t size = strcspn(at, ";");
        if (size > length && strncmp(at, name, length) == 0 && at[length] == '=')
            for (size_t i = 0; allowed[i]; i++)
                if (strlen(allowed[i]) == size - length - 1 &&
                    strncmp(at + length + 1, allowed[i], size - length - 1) == 0)
                    return allowed[i];
        at += size;
    }
    return NULL;
}

const char *page_in_language(struct arena *arena, const char *target, enum language language)
{
    const char *code = language_code(language);
    enum language present;
    const char *rest = target && *target == '/' ? target + 1 + strcspn(target + 1, "/?") : "";
    const char *first =
        target && *target == '/' ? arena_copy_bytes(arena, target + 1, (size_t)(rest - target - 1)) : "";
    if (!language_find(first, &present)) return arena_print(arena, "/%s", code);
    return arena_print(arena, "/%s%s", code, rest);
}

static struct page_link *links_of_entries(struct arena *arena, const struct page_entry *entries, const char *path,
                                          size_t *count)
{
    size_t size = 0;
    while (entries && entries[size].label) size++;
    struct page_link *links = ARENA_ARRAY(arena, size + 1, struct page_link);
    for (size_t i = 0; i < size; i++)
        links[i] = (struct page_link){
            .label = entries[i].label, .path = entries[i].path, .current = path && strcmp(path, entries[i].path) == 0};
    *count = size;
    return links;
}

/* How much of the path the entry's path covers, in whole segments: "/needs" covers 6 of "/needs/new", nothing of "/needs-x". */
static size_t covered(const char *entry, const char *path)
{
    const size_t length = strlen(entry);
    const bool within = path && strncmp(entry, path, length) == 0 && (!path[length] || path[length] == '/');
    return within ? length : 0;
}

/* The section that the page names; else the one whose own path or entry covers most of the path asked; NULL: none. */
const char *page_section_of(const struct page_section *sections, const char *named, const char *path)
{
    const char *best = named;
    size_t most = 0;
    for (const struct page_section *section = sections; !named && section && section->label; section++) {
        size_t covers = covered(section->path, path);
        for (const struct page_entry *entry = section->entries; entry && entry->label; entry++)
            if (covered(entry->path, path) > covers) covers = covered(entry->path, path);
        if (covers <= most) continue;
        most = covers;
        best = section->path;
    }
    return best;
}

static void fill_sections(struct arena *arena, const struct http_request *request, const struct page *page,
                          struct page_view *view)
{
    size_t size = 0;
    while (site.sections && site.sections[size].label) size++;
    const char *current = page_section_of(site.sections, page->section, request->path);
    struct page_link *links = ARENA_ARRAY(arena, size + 1, struct page_link);
    for (size_t i = 0; i < size; i++) {
        const struct page_section *section = &site.sections[i];
        links[i] = (struct page_link){.label = section->label, .path = section->path};
        links[i].links = links_of_entries(arena, section->entries, request->path, &links[i].link_count);
        links[i].current = current && strcmp(current, section->path) == 0;
        if (!links[i].current) continue;
        view->entries = links[i].links;
        view->entry_count = links[i].link_count;
    }
    view->sections = links;
    view->section_count = size;
}

static void fill_steps(struct arena *arena, const struct page *page, struct page_view *view)
{
    size_t size = 0;
    while (page->crumbs && page->crumbs[size].label) size++;
    struct page_step *steps = ARENA_ARRAY(arena, size + 1, struct page_step);
    for (size_t i = 0; i < size; i++) steps[i] = (struct page_step){page->crumbs[i].label, page->crumbs[i].path};
    view->steps = steps;
    view->step_count = size;
}

static void fill_reader(const struct http_request *request, struct page_view *view)
{
    static const char *const themes[] = {"dark", "light", NULL};
    const struct viewer *viewer = request->viewer;
    view->signed_in = viewer && viewer->account;
    view->account_name = viewer ? viewer->name : NULL;
    view->organisation_name = viewer ? viewer->organisation_name : NULL;
    view->theme = page_cookie(request->header ? request->header(request, "Cookie") : NULL, "theme", themes);
    view->flash = request->flash;
    const enum language other = request->language == LANGUAGE_FRENCH ? LANGUAGE_ENGLISH : LANGUAGE_FRENCH;
    view->other_language = language_code(other);
    view->other_language_name = language_name(other);
    view->other_language_url = page_in_language(request->arena, request->target, other);
}

struct markup page_draw(const struct http_request *request, const struct page *page)
{
    struct html html = html_new(request->arena, request->language, request, MOST_PAGE_BYTES);
    struct page_view view = {
        .language = language_code(request->language),
        .title = page->title,
        .site_name = site.name,
        .feed = page->head_feed,
        .window_title = page->title ? arena_print(request->arena, "%s – %s", page->title, site.name) : site.name,
        .banner = {site.banner, site.banner_length},
        .body = page->body,
        .narrow = page->narrow,
        .has_htmx = asset_exists("htmx.js"),
        .has_theme = asset_exists("theme.css"),
    };
    if (request->path && strcmp(request->path, "/search") == 0) view.query = http_value(&request->query, "q");
    fill_sections(request->arena, request, page, &view);
    fill_steps(request->arena, page, &view);
    fill_reader(request, &view);
    template_page(&html, &view);
    return buffer_overflowed(html.out) ? (struct markup){NULL, 0} : html_finish(&html);
}

static void draw_error(const struct http_request *request, const struct error *error, struct markup *page);

/* A part that was asked by itself is sent instead of its page; one that the page does not hold is not found. */
static bool send_part(const struct http_request *request, struct http_response *response)
{
    const struct http_part *part = request->part;
    struct error error;
    struct markup drawn;
    if (!part || request->method != HTTP_GET || !http_value(&request->query, "figure")) return false;
    if (part->body) {
        response->body = part->body;
        response->body_length = part->length;
        response->media_type = part->media_type;
        response->filename = part->filename;
        return true;
    }
    error_set(&error, STATUS_MISSING, N_("This page does not hold that figure."));
    draw_error(request, &error, &drawn);
    response->status = http_status_of(STATUS_MISSING);
    response->body = drawn.html;
    response->body_length = drawn.length;
    return true;
}

void page_send(const struct http_request *request, struct http_response *response, const struct page *page)
{
    if (send_part(request, response)) return;
    struct markup drawn = page_draw(request, page);
    if (!drawn.html) {
        struct error error;
        error_set(&error, STATUS_LIMIT, N_("This page is too long to be shown: narrow the list, or export it."));
        draw_error(request, &error, &drawn);
        response->status = 500;
    }
    response->body = drawn.html;
    response->body_length = drawn.length;
}

static const char *error_title(enum status status)
{
    switch (status) {
    case STATUS_DENIED: return N_("You may not open this page");
    case STATUS_MISSING: return N_("Page not found");
    case STATUS_CONFLICT: return N_("Somebody else changed this meanwhile");
    case STATUS_LIMIT: return N_("Too much at once");
    case STATUS_BUSY: return N_("The site is busy");
    case STATUS_FAULT: return N_("Something went wrong on our side");
    case STATUS_OK:
    case STATUS_INPUT:
    case STATUS_NONE: return N_("This cannot be done");
    }
    return N_("This cannot be done");
}

static const char *error_advice(enum status status)
{
    switch (status) {
    case STATUS_DENIED:
        return N_("If you should have access to it, ask the person who manages your organisation's account.");
    case STATUS_MISSING:
        return N_("It may have moved or been removed. Search for it above, or start again from the home page.");
    case STATUS_BUSY: return N_("Nothing is lost. Please try again in a moment.");
    case STATUS_FAULT:
        return N_("What you had saved is kept. Please try again; if it happens again, send us the reference below.");
    case STATUS_OK:
    case STATUS_INPUT:
    case STATUS_CONFLICT:
    case STATUS_LIMIT:
    case STATUS_NONE: return NULL;
    }
    return NULL;
}

static void draw_error(const struct http_request *request, const struct error *error, struct markup *page)
{
    const bool ours = error->status == STATUS_FAULT;
    struct html html = html_new(request->arena, request->language, request, MOST_BANNER_BYTES);
    const struct error_page_view view = {
        .title = error_title(error->status),
        .advice = error_advice(error->status),
        .reference = ours ? request->id : NULL,
        .sentence = ours || !error->message ? NULL : language_error(request->arena, request->language, error),
    };
    template_error(&html, &view);
    *page = page_draw(request, &(struct page){.title = language_text(request->language, view.title),
                                              .body = html_finish(&html),
                                              .narrow = true});
}

void page_error(const struct http_request *request, const struct error *error, struct http_response *response)
{
    struct markup page;
    draw_error(request, error, &page);
    response->body = page.html;
    response->body_length = page.length;
}
