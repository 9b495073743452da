/* gallery OUT_DIR: writes the pages of the gallery and the assets that they use into OUT_DIR. */
#include "tests/html/gallery.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "platform/html/assets_private.h"
#include "platform/html/page.h"
#include "platform/html/page_private.h"
#include "platform/http/http.h"
#include "platform/rights/rights.h"

enum { PAGE_LIMIT = 4 << 20 };

static const struct page_entry find_entries[] = {{"Entreprises", "/organisations"},
                                                 {"Pôles", "/clusters"},
                                                 {"Besoins", "/needs"},
                                                 {"Formations", "/training"},
                                                 {NULL, NULL}};
static const struct page_entry tell_entries[] = {
    {"Un besoin", "/needs/new"}, {"Une visite", "/visits/new"}, {"Une pratique", "/practices/new"}, {NULL, NULL}};
static const struct page_section sections[] = {
    {"Dire", "/tell", tell_entries},     {"Trouver", "/find", find_entries}, {"Agir", "/act", NULL},
    {"Comprendre", "/understand", NULL}, {"Mon espace", "/me", NULL},        {NULL, NULL, NULL},
};

static const struct page_crumb list_crumbs[] = {{"Trouver", "/find"}, {"Besoins", NULL}, {NULL, NULL}};
static const struct page_crumb form_crumbs[] = {{"Dire", "/tell"}, {"Déposer un besoin", NULL}, {NULL, NULL}};
static const struct page_crumb record_crumbs[] = {
    {"Trouver", "/find"}, {"Besoins", "/needs"}, {"Deux techniciens de maintenance", NULL}, {NULL, NULL}};

static const struct gallery_page pages[] = {
    {"home", NULL, NULL, false, NULL, gallery_home, false},
    {"list", "Besoins des entreprises", "/find", false, list_crumbs, gallery_list, false},
    {"table", "Besoins par région", "/understand", false, NULL, gallery_table, true},
    {"form", "Déposer un besoin", "/tell", true, form_crumbs, gallery_form, true},
    {"form-errors", "Déposer un besoin", "/tell", true, form_crumbs, gallery_form_errors, true},
    {"widgets", "Champs de formulaire", "/tell", false, NULL, gallery_widgets, true},
    {"check", "Vérifiez votre besoin", "/tell", false, form_crumbs, gallery_check, true},
    {"record", "Deux techniciens de maintenance", "/find", false, record_crumbs, gallery_record, true},
    {"states", "États et messages", "/me", false, NULL, gallery_states, true},
};

static const struct viewer visitor = {.name = NULL};
static const struct viewer member = {
    .account = 1, .name = "Camille Lefèvre", .organisation_name = "Fonderie de la Lys"};

static bool write_file(const char *folder, const char *name, const void *bytes, size_t length)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    const bool written = file && fwrite(bytes, 1, length, file) == length;
    if (!written) fprintf(stderr, "%s cannot be written.\n", path);
    return (file ? fclose(file) == 0 : false) && written;
}

static bool write_page(const char *folder, const struct gallery_page *page, enum language language)
{
    struct arena *arena = arena_new();
    const char *file = arena_print(arena, "%s-%s.html", page->name, language_code(language));
    const struct http_request request = {
        .arena = arena,
        .language = language,
        .path = page->section ? "/needs" : "/",
        .csrf = "gallery",
        .target = "/fr/needs?page=2",
        .viewer = page->signed_in ? &member : &visitor,
    };
    struct html html = html_new(arena, language, &request, PAGE_LIMIT);
    page->draw(&html);
    const struct page described = {.title = page->title,
                                   .section = page->section,
                                   .body = html_finish(&html),
                                   .narrow = page->narrow,
                                   .crumbs = page->crumbs,
                                   .head_feed = page->section ? "/fr/needs.atom" : NULL};
    const struct markup drawn = page_draw(&request, &described);
    const bool written = write_file(folder, file, drawn.html, drawn.length);
    arena_free(&arena);
    return written;
}

static bool write_error(const char *folder)
{
    struct arena *arena = arena_new();
    const struct http_request request = {.arena = arena,
                                         .language = LANGUAGE_FRENCH,
                                         .path = "/x",
                                         .target = "/fr/x",
                                         .viewer = &visitor,
                                         .id = "4F2A-81"};
    struct http_response response = {.status = 500};
    struct error error;
    error_set(&error, STATUS_FAULT, "The disk is full.");
    page_error(&request, &error, &response);
    const bool written = write_file(folder, "error-fr.html", response.body, response.body_length);
    arena_free(&arena);
    return written;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: gallery OUT_DIR\n");
        return 1;
    }
    char folder[1000];
    snprintf(folder, sizeof folder, "%s/assets", argv[1]);
    mkdir(argv[1], 0755);
    mkdir(folder, 0755);
    page_set_sections("Maillage", sections);
    bool written = write_error(argv[1]);
    for (size_t i = 0; i < COUNT(pages); i++)
        written = write_page(argv[1], &pages[i], LANGUAGE_FRENCH) && write_page(argv[1], &pages[i], LANGUAGE_ENGLISH) &&
                  written;
    for (size_t i = 0; i < asset_count; i++)
        written = write_file(argv[1], assets[i].url + 1, assets[i].content, assets[i].length) && written;
    return written ? 0 : 4;
}
