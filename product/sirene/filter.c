/* filter.c: which lines are wanted. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/sirene/sirene_private.h"

enum { CODES_MOST = 64, ANCESTORS = 16 };

struct codes_wanted {
    const char *scheme;
    const char *codes[CODES_MOST];
    size_t count;
    struct map *judged; /* code -> yes or no, once it was looked at */
};

struct sirene_filter {
    struct arena *arena;
    const struct vocabulary *vocabulary;
    struct codes_wanted naf, place;
    bool active, employer;
};

static bool is_beneath(const struct sirene_filter *filter, const struct codes_wanted *wanted, const char *code)
{
    const struct vocabulary_code *ancestors[ANCESTORS];
    const size_t count = vocabulary_ancestors(filter->vocabulary, wanted->scheme, code, ancestors, ANCESTORS);
    for (size_t i = 0; i < wanted->count; i++) {
        if (strcmp(wanted->codes[i], code) == 0) return true;
        for (size_t j = 0; j < count; j++)
            if (strcmp(wanted->codes[i], ancestors[j]->code) == 0) return true;
    }
    return false;
}

/* A few thousand codes stand in millions of lines. */
static bool is_wanted(struct sirene_filter *filter, struct codes_wanted *wanted, const char *code)
{
    static bool yes = true, no = false;
    if (!wanted->count) return true;
    if (!code) return false;
    const bool *known = map_get(wanted->judged, code);
    if (known) return *known;
    const bool found = is_beneath(filter, wanted, code);
    map_put(wanted->judged, code, found ? &yes : &no);
    return found;
}

bool sirene_filter_takes(struct sirene_filter *filter, const char *const values[E_COLUMNS])
{
    const char *state = sirene_text(values[E_STATE]), *employer = sirene_text(values[E_EMPLOYER]);
    if (filter->active && !(state && *state == 'A')) return false;
    if (filter->employer && !(employer && *employer == 'O')) return false;
    if (!is_wanted(filter, &filter->naf, sirene_text(values[E_NAF]))) return false;
    const char *commune = sirene_text(values[E_COMMUNE]);
    return is_wanted(filter, &filter->place, commune ? sirene_commune(commune) : NULL);
}

static enum status add_code(struct sirene_filter *filter, struct codes_wanted *wanted, const char *code,
                            struct error *error)
{
    if (!vocabulary_find(filter->vocabulary, wanted->scheme, code))
        return error_field(error, STATUS_INPUT, "filter", N_("“{1}” is no code of the list {2}."), code,
                           wanted->scheme);
    if (wanted->count == CODES_MOST)
        return error_field(error, STATUS_INPUT, "filter", N_("The filter names too many codes."));
    wanted->codes[wanted->count++] = code;
    return STATUS_OK;
}

static enum status read_word(struct sirene_filter *filter, const char *word, struct error *error)
{
    if (strncmp(word, "naf=", 4) == 0) return add_code(filter, &filter->naf, word + 4, error);
    if (strncmp(word, "place=", 6) == 0) return add_code(filter, &filter->place, word + 6, error);
    if (strcmp(word, "active") == 0)
        filter->active = true;
    else if (strcmp(word, "employer") == 0)
        filter->employer = true;
    else
        return error_field(error, STATUS_INPUT, "filter",
                           N_("“{1}” is not one of naf=CODE, place=CODE, active, employer."), word);
    return STATUS_OK;
}

enum status sirene_filter_read(struct arena *arena, const struct records *records, const char *text,
                               struct sirene_filter **result, struct error *error)
{
    struct sirene_filter *filter = ARENA_NEW(arena, struct sirene_filter);
    enum status status = STATUS_OK;
    *filter = (struct sirene_filter){.arena = arena,
                                     .vocabulary = records->vocabulary,
                                     .naf = {.scheme = "naf", .judged = map_new(arena)},
                                     .place = {.scheme = "territory", .judged = map_new(arena)}};
    *result = filter;
    for (char *rest = text && *text ? arena_copy(arena, text) : NULL; !status && rest;) {
        const char *word = strsep(&rest, ",");
        if (*word) status = read_word(filter, word, error);
    }
    return status;
}

/* Sirene has arrondissements where the code of territories has the commune. */
const char *sirene_commune(const char *code)
{
    static const struct {
        const char *before;
        char from, to;
        const char *commune;
    } cities[] = {{"7510", '1', '9', "75056"}, {"7511", '0', '9', "75056"}, {"7512", '0', '0', "75056"},
                  {"1320", '1', '9', "13055"}, {"1321", '0', '6', "13055"}, {"6938", '1', '9', "69123"}};
    for (size_t i = 0; i < sizeof cities / sizeof *cities; i++)
        if (strlen(code) == 5 && strncmp(code, cities[i].before, 4) == 0 && code[4] >= cities[i].from &&
            code[4] <= cities[i].to)
            return cities[i].commune;
    return code;
}
