/* figures_asked.c: which published figures are asked for. */
#include "product/pages/figures_asked.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/http/http.h"
#include "platform/record/values.h"
#include "platform/text/text.h"
#include "product/kinds/need.h"

static const struct vocabulary *vocabulary_of(const struct figures_asked *asked)
{
    return asked->context.records->vocabulary;
}

static enum status refuse_others(const struct http_request *request, struct error *error)
{
    static const char *const known[] = {"quarter", "level",  "kind",   "sector", "of",
                                        "area",    "format", "figure", "as",     NULL};
    for (size_t i = 0; i < request->query.count; i++) {
        const char *const *name = known;
        while (*name && strcmp(*name, request->query.items[i].name) != 0) name++;
        if (!*name)
            return error_field(
                error, STATUS_INPUT, request->query.items[i].name,
                N_("Published figures take a quarter, a level, a kind or a sector, and a territory; “{1}” "
                   "is none of these."),
                request->query.items[i].name);
    }
    return STATUS_OK;
}

static const char *value_of(const struct http_request *request, const char *name)
{
    const char *value = http_value(&request->query, name);
    return value && *value ? value : NULL;
}

static bool is_root(const struct figures_asked *asked, const char *scheme, const char *code)
{
    const struct vocabulary_code *found = vocabulary_find(vocabulary_of(asked), scheme, code);
    return found && found->depth == 0;
}

static enum status ask_code(struct figures_asked *asked, struct error *error)
{
    const char *kind = value_of(asked->request, "kind"), *sector = value_of(asked->request, "sector"),
               *of = value_of(asked->request, "of");
    if (of && !kind && !sector) *(is_root(asked, "need_type", of) ? &kind : &sector) = of;
    if (kind && sector)
        return error_field(error, STATUS_INPUT, "sector",
                           N_("Kinds and sectors are not crossed in published figures: choose one of them."));
    asked->family = kind ? FIGURES_KIND : sector ? FIGURES_SECTOR : FIGURES_ALL;
    asked->code = kind ? kind : sector ? sector : "";
    if (*asked->code && !is_root(asked, kind ? "need_type" : "naf", asked->code))
        return error_field(error, STATUS_INPUT, kind ? "kind" : "sector",
                           N_("“{1}” is not one of the kinds or sectors of published figures."), asked->code);
    return STATUS_OK;
}

static enum status ask_area(struct figures_asked *asked, struct error *error)
{
    const char *area = value_of(asked->request, "area");
    asked->area = area ? area : FIGURES_FRANCE;
    if (!area || strcmp(area, FIGURES_FRANCE) == 0) return STATUS_OK;
    const struct vocabulary_code *found = vocabulary_find(vocabulary_of(asked), "territory", area);
    if (found && (strcmp(found->level, "region") == 0 || strcmp(found->level, "departement") == 0)) return STATUS_OK;
    return error_field(error, STATUS_INPUT, "area", N_("“{1}” is no région or département."), area);
}

static enum status ask_quarter(struct figures_asked *asked, struct error *error)
{
    const char *quarter = value_of(asked->request, "quarter");
    const enum status status =
        figures_releases(asked->request->read, asked->request->arena, &asked->releases, &asked->release_count, error);
    if (status) return status;
    if (!quarter) asked->release = asked->release_count ? asked->releases : NULL;
    if (quarter && !figures_quarter_parse(quarter))
        return error_field(error, STATUS_INPUT, "quarter", N_("A quarter is written as 2026-T3."));
    for (size_t i = 0; quarter && i < asked->release_count; i++)
        if (asked->releases[i].quarter == figures_quarter_parse(quarter)) asked->release = &asked->releases[i];
    return quarter && !asked->release
               ? error_field(error, STATUS_MISSING, "quarter", N_("No figures are published for this quarter."))
               : STATUS_OK;
}

enum status figures_ask(const struct http_request *request, struct figures_asked *asked, struct error *error)
{
    *asked = (struct figures_asked){.request = request, .context = record_request(request, "page")};
    const char *level = value_of(request, "level");
    asked->fine = level && strcmp(level, "departement") == 0;
    enum status status = refuse_others(request, error);
    if (!status && level && !asked->fine && strcmp(level, "region") != 0)
        status = error_field(error, STATUS_INPUT, "level", N_("The level is region or departement."));
    if (!status) status = ask_code(asked, error);
    if (!status) status = ask_area(asked, error);
    return status ? status : ask_quarter(asked, error);
}

/* ---- addresses ---- */

static const char *family_word(enum figures_family family) { return family == FIGURES_KIND ? "kind" : "sector"; }

const char *figures_url(const struct figures_asked *asked, const char *path, const char *name, const char *value)
{
    struct arena *arena = asked->request->arena;
    const struct {
        const char *name, *value;
    } rows[] = {
        {"quarter", asked->release ? figures_quarter_name(arena, asked->release->quarter) : ""},
        {"level", asked->fine ? "departement" : "region"},
        {family_word(asked->family), asked->code},
        {"area", asked->area},
    };
    const char *text = path, *separator = "?";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *shown = name && strcmp(name, rows[i].name) == 0 ? value : rows[i].value;
        if (!*shown) continue;
        text = arena_print(arena, "%s%s%s=%s", text, separator, rows[i].name, shown);
        separator = "&";
    }
    if (name && strcmp(name, "format") == 0) text = arena_print(arena, "%s%sformat=%s", text, separator, value);
    return http_url(asked->request, text);
}

const char *figures_list_url(const struct figures_asked *asked, int64_t quarter, enum figures_family family,
                             const char *code, const char *area)
{
    struct arena *arena = asked->request->arena;
    char from[16], until[16];
    day_format(figures_quarter_start(quarter), from);
    day_format(figures_quarter_start(quarter + 1) - 1, until);
    const char *text = arena_print(arena, "filed.from=%s&filed.until=%s", from, until);
    if (family != FIGURES_ALL)
        text = arena_print(arena, "%s&%s=%s", text, family == FIGURES_KIND ? "type" : "sector", code);
    if (strcmp(area, FIGURES_FRANCE) != 0) text = arena_print(arena, "%s&place=%s", text, area);
    return record_list_url(asked->request, &need_kind, text);
}

/* ---- words ---- */

struct named {
    const char *key; /* without accents */
    const struct vocabulary_code *code;
};

static int compare_names(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    return strcmp(a->key, b->key);
}

static void sort_by_name(struct arena *arena, const struct vocabulary_code **codes, size_t count)
{
    struct named *named = ARENA_ARRAY(arena, count + 1, struct named);
    for (size_t i = 0; i < count; i++) named[i] = (struct named){text_fold(arena, codes[i]->label_fr), codes[i]};
    qsort(named, count, sizeof *named, compare_names);
    for (size_t i = 0; i < count; i++) codes[i] = named[i].code;
}

size_t figures_territories(const struct figures_asked *asked, const struct vocabulary_code ***territories)
{
    const size_t count = vocabulary_list(vocabulary_of(asked), asked->request->arena, "territory",
                                         asked->fine ? "departement" : "region", NULL, territories);
    if (!asked->fine) sort_by_name(asked->request->arena, *territories, count);
    return count;
}

const char *figures_area_label(const struct figures_asked *asked, const char *area)
{
    if (strcmp(area, FIGURES_FRANCE) == 0) return say(asked->request, N_("France"));
    return vocabulary_label(vocabulary_of(asked), asked->request->language, "territory", area);
}

const char *figures_code_label(const struct figures_asked *asked, enum figures_family family, const char *code)
{
    if (family == FIGURES_ALL) return say(asked->request, N_("All needs"));
    return vocabulary_label(vocabulary_of(asked), asked->request->language,
                            family == FIGURES_KIND ? "need_type" : "naf", code);
}

/* ---- cells ---- */

enum status figures_by(const struct figures_asked *asked, const struct figures_wish *wish, char by, struct map **result,
                       struct error *error)
{
    struct arena *arena = asked->request->arena;
    struct figures_cell *cells = NULL;
    size_t count = 0;
    const enum status status = figures_cells(asked->request->read, arena, wish, &cells, &count, error);
    *result = map_new(arena);
    for (size_t i = 0; !status && i < count; i++)
        map_put(*result,
                by == 'a'   ? cells[i].area
                : by == 'c' ? cells[i].code
                            : figures_quarter_name(arena, cells[i].quarter),
                &cells[i]);
    return status;
}

int64_t figures_rate(const struct figures_cell *cell)
{
    if (!cell || cell->members < cell->companies) return ABSENT;
    return llround(10000.0 * (double)cell->companies / (double)cell->members);
}
