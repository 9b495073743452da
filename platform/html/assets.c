#include "platform/html/assets.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/html/assets_private.h"
#include "platform/http/http.h"

enum { MOST_THEME_BYTES = 1 << 20 };

/* Set once at start, then only read. */
static struct asset theme;
static char theme_url[64];

static int compare_names(const void *name, const void *asset)
{
    return strcmp(name, ((const struct asset *)asset)->name);
}

static const struct asset *find(const char *name)
{
    if (theme.name && strcmp(name, theme.name) == 0) return &theme;
    return bsearch(name, assets, asset_count, sizeof *assets, compare_names);
}

const char *asset_url(const char *name)
{
    const struct asset *asset = find(name);
    return asset ? asset->url : "";
}

bool asset_exists(const char *name) { return find(name) != NULL; }

const char *asset_text(const char *name, size_t *length)
{
    const struct asset *asset = find(name);
    *length = asset ? asset->length : 0;
    return asset ? (const char *)asset->content : "";
}

/* FNV-1a: the name of the theme must change with its content, no more. */
static uint64_t hash(const unsigned char *bytes, size_t length)
{
    uint64_t value = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) value = (value ^ bytes[i]) * 1099511628211u;
    return value;
}

enum status asset_load_theme(const char *style_sheet, struct error *error)
{
    if (!style_sheet) return STATUS_OK;
    FILE *file = fopen(style_sheet, "rb");
    if (!file)
        return error_set(error, STATUS_INPUT, "The theme {1} cannot be read: {2}.", style_sheet, strerror(errno));
    unsigned char *content = malloc(MOST_THEME_BYTES + 1);
    const size_t length = content ? fread(content, 1, MOST_THEME_BYTES + 1, file) : 0;
    fclose(file);
    if (!length || length > MOST_THEME_BYTES) {
        free(content);
        return error_set(error, STATUS_LIMIT, "The theme {1} is empty or larger than 1 MB.", style_sheet);
    }
    snprintf(theme_url, sizeof theme_url, "/assets/theme-%016" PRIx64 ".css", hash(content, length));
    free((void *)(uintptr_t)theme.content);
    theme.content = content;
    theme.length = length;
    theme.name = "theme.css";
    theme.url = theme_url;
    theme.media_type = "text/css; charset=utf-8";
    return STATUS_OK;
}

static const struct asset *find_file(const char *file)
{
    if (theme.name && strcmp(file, theme.url + strlen("/assets/")) == 0) return &theme;
    for (size_t i = 0; i < asset_count; i++)
        if (strcmp(file, assets[i].url + strlen("/assets/")) == 0) return &assets[i];
    return NULL;
}

static enum status serve_asset(const struct http_request *request, struct http_response *response, struct error *error)
{
    const struct asset *asset = find_file(request->words[0]);
    if (!asset) return error_set(error, STATUS_MISSING, N_("There is no page at this address."));
    response->media_type = asset->media_type;
    response->body = (const char *)asset->content;
    response->body_length = asset->length;
    response->etag = asset->url + strlen("/assets/");
    response->cache = HTTP_PUBLIC_FOREVER;
    return STATUS_OK;
}

/* What some browsers ask whatever the page says. */
static enum status serve_icon(const struct http_request *request, struct http_response *response, struct error *error)
{
    (void)request;
    (void)error;
    response->media_type = "image/svg+xml";
    response->body = asset_text("mark.svg", &response->body_length);
    response->etag = asset_url("mark.svg") + strlen("/assets/");
    response->cache = HTTP_PUBLIC_SHORT;
    return STATUS_OK;
}

const struct http_route asset_routes[] = {
    ROUTE(HTTP_GET, "/assets/{name}", ROUTE_ASSET, ACCESS_PUBLIC, serve_asset, .slow = false),
    ROUTE(HTTP_GET, "/assets/france.geojson", ROUTE_ASSET, ACCESS_PUBLIC, map_land, .slow = false),
    ROUTE(HTTP_GET, "/favicon.ico", ROUTE_ASSET, ACCESS_PUBLIC, serve_icon, .slow = false),
    {.handler = NULL},
};
