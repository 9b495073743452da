/* catalogue.c: the catalogue of open data: a page for people, a graph for the programs that gather such descriptions. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/rdf/rdf.h"
#include "product/open/open.h"

#include "product/pages/open_views.h"
#include "product/pages/pages_private.h"

enum { GRAPH_BYTES = 8 * 1024 * 1024, DATASETS_A_PAGE = 50, DATASETS_MOST = 200, HTML_CHOICE = RDF_FORMS };

static enum status gather(const struct http_request *request, struct catalogue *catalogue, struct error *error)
{
    const struct application *application = request->application;
    struct catalogue_dataset *datasets = NULL;
    catalogue->publication = &application->publication;
    catalogue->origin = http_origin(request);
    const enum status status = open_datasets(&application->records, request->read, request->arena, catalogue->origin,
                                             &datasets, &catalogue->count, error);
    catalogue->datasets = datasets;
    return status;
}

/* ---- for programs ---- */

/* The form that the Accept header asks for; pages last, since a program that takes anything is served a graph. */
static size_t chosen_form(const struct http_request *request)
{
    const char *types[RDF_FORMS + 1];
    for (enum rdf_form form = 0; form < RDF_FORMS; form++) types[form] = rdf_media_type(form);
    types[HTML_CHOICE] = "text/html";
    return http_choose(request->header(request, "Accept"), types, RDF_FORMS + 1);
}

static enum status refuse(const struct http_request *request, struct http_response *response)
{
    response->status = 406;
    response->media_type = "text/plain; charset=utf-8";
    response->body =
        say(request, N_("This is given as text/turtle, application/ld+json, application/rdf+xml or text/html."));
    response->body_length = strlen(response->body);
    return STATUS_OK;
}

static void send(const struct http_request *request, struct http_response *response, const struct rdf *rdf,
                 enum rdf_form form)
{
    response->buffer = buffer_new(request->arena, GRAPH_BYTES);
    rdf_write(rdf, form, response->buffer);
    response->media_type = rdf_media_type(form);
    response->cache = HTTP_PUBLIC_SHORT;
}

/* The address of the pages of the catalogue, without the number: asked by its extension it goes on so. */
static struct catalogue_page asked_page(const struct http_request *request, const struct catalogue *catalogue,
                                        const char *extension)
{
    struct catalogue_page page = {.number = http_integer(&request->query, "page", 1, 1000000, 1),
                                  .size = http_integer(&request->query, "page_size", 1, DATASETS_MOST, 0)};
    const char *size = page.size ? arena_print(request->arena, "page_size=%lld&", (long long)page.size) : "";
    if (!page.size) page.size = DATASETS_A_PAGE;
    page.self = arena_print(request->arena, "%s" CATALOGUE_PATH "%s?%spage=", catalogue->origin, extension, size);
    return page;
}

static enum status send_catalogue(const struct http_request *request, struct http_response *response,
                                  enum rdf_form form, const char *extension, struct error *error)
{
    struct catalogue catalogue;
    const enum status status = gather(request, &catalogue, error);
    if (status) return status;
    const struct catalogue_page page = asked_page(request, &catalogue, extension);
    send(request, response, catalogue_graph(request->arena, &catalogue, &page), form);
    return STATUS_OK;
}

enum status api_catalogue(const struct http_request *request, struct http_response *response, struct error *error)
{
    const size_t form = chosen_form(request);
    response->vary = "Accept";
    if (form == HTML_CHOICE) return http_redirect(request, response, "/open-data", NULL);
    return form > HTML_CHOICE ? refuse(request, response)
                              : send_catalogue(request, response, (enum rdf_form)form, "", error);
}

enum status api_catalogue_file(const struct http_request *request, struct http_response *response, struct error *error)
{
    enum rdf_form form = RDF_TURTLE;
    const char *extension = strrchr(request->path, '.');
    rdf_extension_find(extension + 1, &form);
    return send_catalogue(request, response, form, extension, error);
}

enum status api_catalogue_dataset(const struct http_request *request, struct http_response *response,
                                  struct error *error)
{
    struct catalogue catalogue;
    const size_t form = chosen_form(request);
    enum status status = gather(request, &catalogue, error);
    response->vary = "Accept";
    for (size_t i = 0; !status && i < catalogue.count; i++) {
        const struct catalogue_dataset *dataset = &catalogue.datasets[i];
        if (strcmp(dataset->key, request->words[0]) != 0) continue;
        if (form > HTML_CHOICE) return refuse(request, response);
        if (form == HTML_CHOICE)
            return http_redirect(request, response, arena_print(request->arena, "/open-data#%s", dataset->key), NULL);
        send(request, response, catalogue_dataset_graph(request->arena, &catalogue, dataset), (enum rdf_form)form);
        return STATUS_OK;
    }
    return status ? status : error_set(error, STATUS_MISSING, N_("There is no such dataset."));
}

/* ---- for people ---- */

static struct markup draw_files(struct html *html, const struct http_request *request,
                                const struct catalogue_dataset *dataset)
{
    struct open_file_view *files = ARENA_ARRAY(request->arena, dataset->file_count + 1, struct open_file_view);
    struct open_dataset_view view = {.files = files, .file_count = dataset->file_count};
    static const struct {
        const char *format, *label;
    } labels[] = {{"csv", "CSV"}, {"xlsx", "XLSX"}, {"json", "JSON"}, {"geojson", "GeoJSON"}};
    for (size_t i = 0; i < dataset->file_count; i++)
        for (size_t j = 0; j < sizeof labels / sizeof *labels; j++)
            if (strcmp(labels[j].format, dataset->files[i].format) == 0)
                files[i] = (struct open_file_view){labels[j].label, dataset->files[i].url};
    view.title = dataset->title.in[request->language];
    view.text = dataset->description.in[request->language];
    if (dataset->rows != INT64_MIN)
        view.rows = language_plural(request->arena, request->language, dataset->rows, N_("{1} public line"),
                                    N_("{1} public lines"));
    if (dataset->modified != INT64_MIN)
        view.changed = language_day(request->arena, request->language, time_day(dataset->modified));
    view.rights = dataset->rights;
    view.page = dataset->page;
    view.api = dataset->api;
    return HTML_DRAWN(html, template_open_dataset, &view);
}

static void draw_datasets(struct html *html, const struct http_request *request, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_dataset *dataset = &catalogue->datasets[i];
        const struct part_section section = {.id = dataset->key,
                                             .title = dataset->title.in[request->language],
                                             .body = draw_files(html, request, dataset)};
        template_part_section(html, &section);
    }
}

static void draw_catalogue(struct html *html, const struct http_request *request, const struct catalogue *catalogue)
{
    const struct part_link links[] = {
        {.label = "Turtle", .url = CATALOGUE_PATH ".ttl"},
        {.label = "JSON-LD", .url = CATALOGUE_PATH ".jsonld"},
        {.label = "RDF/XML", .url = CATALOGUE_PATH ".rdf"},
        {.label = say(request, N_("Programming interface")), .url = http_url(request, "/api")}};
    const struct part_notice notice = {
        .tone = "info",
        .title = say(request, N_("For programs")),
        .text = language_print(request->arena, request->language,
                               N_("A portal gathers these descriptions (DCAT-AP) from the address {1}."),
                               arena_print(request->arena, "%s" CATALOGUE_PATH, catalogue->origin), NULL),
        .links = links,
        .link_count = sizeof links / sizeof *links};
    template_part_notice(html, &notice);
}

enum status page_open_data(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct catalogue catalogue;
    const enum status status = gather(request, &catalogue, error);
    if (status) return status;
    struct html html = page_begin(request);
    const struct part_head head = {.title = say(request, N_("Open data")),
                                   .summary =
                                       say(request, N_("Public records are open to all without an account. Every list "
                                                       "can also be narrowed first, then taken away with “Export”."))};
    const char *licence = catalogue.publication->licence;
    const struct part_link link = {.label = licence, .url = licence};
    const struct part_notice notice = {.tone = "info",
                                       .title = say(request, N_("Licence, unless a list says another")),
                                       .links = &link,
                                       .link_count = 1};
    template_part_head(&html, &head);
    if (licence) template_part_notice(&html, &notice);
    draw_datasets(&html, request, &catalogue);
    draw_catalogue(&html, request, &catalogue);
    response->link = "<" CATALOGUE_PATH ".ttl>; rel=\"alternate\"; type=\"text/turtle\"";
    return page_end(request, response, &html, head.title, NULL, true);
}
