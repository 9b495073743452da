/* request.c: what handlers call. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/http/http.h"

const struct http_parameter *http_find(const struct http_parameters *parameters, const char *name)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->items[i].name, name) == 0) return &parameters->items[i];
    return NULL;
}

const char *http_value(const struct http_parameters *parameters, const char *name)
{
    const struct http_parameter *parameter = http_find(parameters, name);
    return parameter ? parameter->value : NULL;
}

int64_t http_integer(const struct http_parameters *parameters, const char *name, int64_t least, int64_t most,
                     int64_t fallback)
{
    const char *text = http_value(parameters, name);
    if (!text || !*text || strlen(text) > 19) return fallback;
    char *end;
    const bool digits = strspn(text + (*text == '-'), "0123456789") == strlen(text + (*text == '-'));
    const long long value = strtoll(text, &end, 10);
    return digits && !*end && end != text && value >= least && value <= most ? value : fallback;
}

const char *http_url(const struct http_request *request, const char *path)
{
    return arena_print(request->arena, "/%s%s", language_code(request->language), path);
}

const char *http_encode(struct arena *arena, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = arena_alloc(arena, 3 * strlen(text) + 1), *out = encoded;
    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (strchr(plain, byte)) {
            *out++ = *text;
        } else {
            *out++ = '%';
            *out++ = digits[byte >> 4];
            *out++ = digits[byte & 15];
        }
    }
    return encoded;
}

/* Printable ASCII, as a header may hold it. A backslash is a slash to browsers. */
static bool is_printable(const char *location)
{
    for (const char *at = location; *at; at++)
        if (*at <= 0x20 || *at >= 0x7f || *at == '\\') return false;
    return true;
}

enum status http_redirect(const struct http_request *request, struct http_response *response, const char *path,
                          const char *flash)
{
    const bool ours = path[0] == '/' && path[1] != '/' && is_printable(path);
    *response = (struct http_response){.status = 303,
                                       .body = "",
                                       .flash = flash,
                                       .set_session = response->set_session,
                                       .location = ours ? arena_copy(request->arena, path) : http_url(request, "/")};
    return STATUS_OK;
}

enum status http_leave(const struct http_request *request, struct http_response *response, const char *address,
                       struct error *error)
{
    if (strncmp(address, "https://", 8) != 0 || !is_printable(address))
        return error_set(error, STATUS_FAULT, "{1} is no address to send people to.", address);
    *response = (struct http_response){.status = 303, .body = "", .location = arena_copy(request->arena, address)};
    return STATUS_OK;
}

int http_status_of(enum status status)
{
    switch (status) {
    case STATUS_OK: return 200;
    case STATUS_INPUT: return 400;
    case STATUS_DENIED: return 403;
    case STATUS_MISSING: return 404;
    case STATUS_CONFLICT: return 409;
    case STATUS_LIMIT: return 413;
    case STATUS_NONE: return 422;
    case STATUS_BUSY: return 503;
    case STATUS_FAULT: break;
    }
    return 500;
}
