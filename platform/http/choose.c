/* choose.c: content negotiation. */
#include <string.h>
#include <strings.h>

#include "platform/http/http.h"

/* How exactly the range names the type: 0 not at all, 1 by "*" "/" "*", 2 by "text/" "*", 3 in full. */
static int names(const char *range, size_t length, const char *type)
{
    const size_t slash = strcspn(type, "/");
    if (length == 3 && strncmp(range, "*/*", 3) == 0) return 1;
    if (length == slash + 2 && range[length - 1] == '*' && strncasecmp(range, type, slash + 1) == 0) return 2;
    return length == strlen(type) && strncasecmp(range, type, length) == 0 ? 3 : 0;
}

/* The weight of a type is that of the range that names it most exactly. */
static int weight_of(const char *accept, const char *type)
{
    int weight = 0, exactly = 0;
    for (const char *at = accept; *at;) {
        at += strspn(at, ", \t");
        const char *end = at + strcspn(at, ",");
        const int here = names(at, strcspn(at, ";, \t"), type);
        if (here > exactly) {
            exactly = here;
            weight = language_weight(at, end);
        }
        at = end;
    }
    return weight;
}

size_t http_choose(const char *accept, const char *const *types, size_t count)
{
    size_t best = count;
    int most = 0;
    if (!accept || !*accept) return 0;
    for (size_t i = 0; i < count; i++) {
        const int weight = weight_of(accept, types[i]);
        if (weight > most) {
            most = weight;
            best = i;
        }
    }
    return best;
}
