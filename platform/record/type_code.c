/* type_code.c: codes of vocabularies and places. A code may be given by its label; it is kept as a code. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "base/buffer.h"
#include "platform/record/type_private.h"
#include "platform/text/text.h"
#include "platform/vocabulary/vocabulary.h"

enum { CODES_MOST = 20, CODES_BYTES = 4000, CANDIDATES = 8, MILLION = 1000000 };

static const struct vocabulary *lists(const struct record_context *context) { return context->records->vocabulary; }

static bool same_label(struct arena *arena, const struct vocabulary_code *code, const char *folded)
{
    return strcmp(text_fold(arena, code->label_fr), folded) == 0 ||
           (code->label_en && strcmp(text_fold(arena, code->label_en), folded) == 0);
}

/* The code written `text`, or the only code that has that label. *several: more than one has it. */
static const struct vocabulary_code *find_code(struct record_context *context, const char *scheme, const char *level,
                                               const char *text, bool *several)
{
    const struct vocabulary_code *found = vocabulary_find(lists(context), scheme, text);
    *several = false;
    if (found && (!level || strcmp(found->level, level) == 0)) return found;
    const struct vocabulary_code *candidates[CANDIDATES];
    const char *folded = text_fold(context->arena, text);
    const size_t count = vocabulary_search(lists(context), context->arena, context->language, scheme, level, text,
                                           candidates, CANDIDATES);
    found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!same_label(context->arena, candidates[i], folded)) continue;
        *several = found != NULL;
        found = found ? found : candidates[i];
    }
    return found;
}

static enum status read_code(struct record_context *context, const struct field *field, const char *text,
                             const char **code, struct error *error)
{
    bool several = false;
    const struct vocabulary_code *found = find_code(context, field->code.scheme, field->code.level, text, &several);
    if (several)
        return error_field(error, STATUS_INPUT, field->name,
                           N_("Several codes are called “{1}”: give the code itself."), text);
    if (!found) return error_field(error, STATUS_INPUT, field->name, N_("“{1}” is not in the list."), text);
    *code = found->code;
    return STATUS_OK;
}

static enum status parse_code(struct record_context *context, const struct field *field, const char *text, void *member,
                              struct error *error)
{
    return read_code(context, field, text, &((struct code *)member)->value, error);
}

static const char *show_code(struct record_context *context, const struct field *field, const void *member)
{
    const char *code = ((const struct code *)member)->value;
    return code ? vocabulary_label(lists(context), context->language, field->code.scheme, code) : NULL;
}

const struct type type_code = TEXT_TYPE("code", NULL, parse_code, show_code, .keys = keys_of_code,
                                        .search = words_of_code, .schema = schema_code);

/* Whether the list "a;b;c" holds the code. */
static bool list_has(const char *list, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = list; *at; at += strcspn(at, ";"), at += *at == ';')
        if (strcspn(at, ";") == length && strncmp(at, code, length) == 0) return true;
    return false;
}

typedef enum status read_item(struct record_context *context, const struct field *field, const char *text,
                              const char **item, struct error *error);

/* Reads the items of a text separated by ';' or new lines, each once, in their order. */
static enum status read_list(struct record_context *context, const struct field *field, const char *text, int64_t most,
                             read_item *read, const char **list, struct error *error)
{
    struct buffer *out = buffer_new(context->arena, CODES_BYTES);
    char *words = arena_copy(context->arena, text), *next = NULL;
    int64_t count = 0;
    for (char *word = strtok_r(words, ";\n", &next); word; word = strtok_r(NULL, ";\n", &next)) {
        const char *clean = text_clean(context->arena, word, strlen(word)), *item = NULL;
        if (!clean || !*clean) continue;
        const enum status status = read(context, field, clean, &item, error);
        if (status) return status;
        if (list_has(buffer_data(out), item)) continue;
        if (++count > most)
            return error_field(error, STATUS_LIMIT, field->name, N_("At most {1} can be chosen."),
                               language_number(context->arena, context->language, most, 0));
        buffer_print(out, "%s%s", count > 1 ? ";" : "", item);
    }
    if (buffer_overflowed(out)) return error_field(error, STATUS_LIMIT, field->name, N_("The list is too long."));
    *list = count ? arena_copy(context->arena, buffer_data(out)) : NULL;
    return STATUS_OK;
}

static enum status parse_codes(struct record_context *context, const struct field *field, const char *text,
                               void *member, struct error *error)
{
    const int64_t most = field->code.most ? field->code.most : CODES_MOST;
    return read_list(context, field, text, most, read_code, &((struct codes *)member)->value, error);
}

static const char *show_codes(struct record_context *context, const struct field *field, const void *member)
{
    const char *list = ((const struct codes *)member)->value;
    if (!list) return NULL;
    struct buffer *out = buffer_new(context->arena, CODES_BYTES * 8);
    char *words = arena_copy(context->arena, list), *next = NULL;
    for (char *word = strtok_r(words, ";", &next); word; word = strtok_r(NULL, ";", &next))
        buffer_print(out, "%s%s", buffer_length(out) ? ", " : "",
                     vocabulary_label(lists(context), context->language, field->code.scheme, word));
    return buffer_data(out);
}

const struct type type_codes = LIST_TYPE("codes", parse_codes, show_codes, .keys = keys_of_codes,
                                         .search = words_of_codes, .schema = schema_codes);

static enum status read_reference(struct record_context *context, const struct field *field, const char *text,
                                  int64_t *id, struct error *error)
{
    const struct kind *kind = kind_find(field->reference.to);
    const enum status status = record_resolve(context, kind, text, id, error);
    if (status == STATUS_MISSING)
        return error_field(error, STATUS_INPUT, field->name, N_("“{1}” was not found, or you may not see it."), text);
    if (status == STATUS_CONFLICT)
        return error_field(error, STATUS_INPUT, field->name,
                           N_("Several are called “{1}”: give the number instead of the name."), text);
    return status;
}

static enum status parse_reference(struct record_context *context, const struct field *field, const char *text,
                                   void *member, struct error *error)
{
    return read_reference(context, field, text, &((struct reference *)member)->id, error);
}

static const char *print_reference(struct arena *arena, const struct field *field, const void *member)
{
    (void)field;
    const int64_t id = ((const struct reference *)member)->id;
    return id ? decimal_print(arena, id, 0) : NULL;
}

static const char *show_reference(struct record_context *context, const struct field *field, const void *member)
{
    const int64_t id = ((const struct reference *)member)->id;
    return id ? record_name(context, kind_find(field->reference.to), id) : NULL;
}

static void clear_reference(void *member) { ((struct reference *)member)->id = 0; }

static void bind_reference(const void *member, struct db_value *values)
{
    const int64_t id = ((const struct reference *)member)->id;
    *values = id ? db_integer(id) : db_null();
}

static void load_reference(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    (void)arena;
    ((struct reference *)member)->id = db_get_integer(rows, column);
}

const struct type type_reference = {.name = "reference",
                                    .suffixes = {""},
                                    .words = {"{integer}"},
                                    .size = sizeof(struct reference),
                                    .column_count = 1,
                                    .json_type = "string",
                                    .parse = parse_reference,
                                    .print = print_reference,
                                    .show = show_reference,
                                    .keys = keys_of_reference,
                                    .clear = clear_reference,
                                    .schema = schema_reference,
                                    .bind = bind_reference,
                                    .load = load_reference};

static enum status read_reference_text(struct record_context *context, const struct field *field, const char *text,
                                       const char **item, struct error *error)
{
    int64_t id = 0;
    const enum status status = read_reference(context, field, text, &id, error);
    if (!status) *item = arena_print(context->arena, "%lld", (long long)id);
    return status;
}

static enum status parse_references(struct record_context *context, const struct field *field, const char *text,
                                    void *member, struct error *error)
{
    return read_list(context, field, text, CODES_MOST, read_reference_text, &((struct references *)member)->value,
                     error);
}

static const char *show_references(struct record_context *context, const struct field *field, const void *member)
{
    const char *list = ((const struct references *)member)->value;
    if (!list) return NULL;
    struct buffer *out = buffer_new(context->arena, CODES_BYTES * 8);
    char *words = arena_copy(context->arena, list), *next = NULL;
    for (char *word = strtok_r(words, ";", &next); word; word = strtok_r(NULL, ";", &next))
        buffer_print(out, "%s%s", buffer_length(out) ? ", " : "",
                     record_name(context, kind_find(field->reference.to), strtoll(word, NULL, 10)));
    return buffer_data(out);
}

const struct type type_references =
    LIST_TYPE("references", parse_references, show_references, .keys = keys_of_references, .schema = schema_references);

/* "50.632971,3.057256" */
static bool read_point(const char *text, struct place *place)
{
    char *end = NULL;
    const double latitude = strtod(text, &end);
    if (end == text || *end != ',') return false;
    const char *second = end + 1;
    const double longitude = strtod(second, &end);
    if (end == second || *end || !(fabs(latitude) <= 90) || !(fabs(longitude) <= 180)) return false;
    place->latitude = llround(latitude * MILLION);
    place->longitude = llround(longitude * MILLION);
    place->approximate = 0;
    return true;
}

/* "Saint-Denis (93)" is the commune of that name in that département. */
static const struct vocabulary_code *find_in_departement(struct record_context *context, const char *text)
{
    const struct vocabulary_code *candidates[CANDIDATES * 4];
    const char *open = strrchr(text, '(');
    if (!open || text[strlen(text) - 1] != ')') return NULL;
    const char *name = text_clean(context->arena, text, (size_t)(open - text));
    const char *departement = arena_copy_bytes(context->arena, open + 1, strlen(open + 1) - 1);
    const char *folded = text_fold(context->arena, name);
    const size_t count = vocabulary_search(lists(context), context->arena, context->language, "territory", "commune",
                                           name, candidates, CANDIDATES * 4);
    for (size_t i = 0; i < count; i++)
        if (same_label(context->arena, candidates[i], folded) &&
            strncmp(candidates[i]->code, departement, strlen(departement)) == 0)
            return candidates[i];
    return NULL;
}

/* A commune by code or name, perhaps followed by a point: "59350", "Lille", "59350 50.632971,3.057256". */
static enum status parse_place(struct record_context *context, const struct field *field, const char *text,
                               void *member, struct error *error)
{
    struct place place = {.latitude = ABSENT, .longitude = ABSENT, .approximate = ABSENT};
    bool several = false;
    char *name = arena_copy(context->arena, text);
    char *space = strrchr(name, ' ');
    if (space && read_point(space + 1, &place)) *space = '\0';
    const struct vocabulary_code *commune = find_code(context, "territory", "commune", name, &several);
    if (several || !commune) commune = find_in_departement(context, name);
    if (!commune && several)
        return error_field(error, STATUS_INPUT, field->name,
                           N_("Several communes are called “{1}”: add the département, as in “Saint-Denis (93)”."),
                           name);
    if (!commune)
        return error_field(error, STATUS_INPUT, field->name,
                           N_("No commune is called “{1}”: give its name or its INSEE code."), name);
    place.commune = commune->code;
    if (place.latitude == ABSENT) {
        place.latitude = commune->latitude;
        place.longitude = commune->longitude;
        place.approximate = 1;
    }
    *(struct place *)member = place;
    return STATUS_OK;
}

static const char *print_place(struct arena *arena, const struct field *field, const void *member)
{
    (void)field;
    const struct place *place = member;
    if (!place->commune || place->latitude == ABSENT || place->approximate == 1) return place->commune;
    char latitude[NUMBER_TEXT], longitude[NUMBER_TEXT];
    number_format(place->latitude, DEGREE_DECIMALS, latitude);
    number_format(place->longitude, DEGREE_DECIMALS, longitude);
    return arena_print(arena, "%s %s,%s", place->commune, latitude, longitude);
}

static const char *show_place(struct record_context *context, const struct field *field, const void *member)
{
    (void)field;
    const char *commune = ((const struct place *)member)->commune;
    const struct vocabulary_code *ancestors[8];
    if (!commune) return NULL;
    const char *label = vocabulary_label(lists(context), context->language, "territory", commune);
    const size_t count = vocabulary_ancestors(lists(context), "territory", commune, ancestors, 8);
    for (size_t i = 0; i < count; i++)
        if (strcmp(ancestors[i]->level, "departement") == 0)
            return arena_print(context->arena, "%s (%s)", label, ancestors[i]->code);
    return label;
}

static void clear_place(void *member) { *(struct place *)member = (struct place){NULL, ABSENT, ABSENT, ABSENT}; }

static void bind_integer(int64_t value, struct db_value *bound)
{
    *bound = value == ABSENT ? db_null() : db_integer(value);
}

static void bind_place(const void *member, struct db_value *values)
{
    const struct place *place = member;
    values[0] = db_text(place->commune);
    bind_integer(place->latitude, &values[1]);
    bind_integer(place->longitude, &values[2]);
    bind_integer(place->approximate, &values[3]);
}

static int64_t load_integer(const struct db_rows *rows, size_t column)
{
    return db_is_null(rows, column) ? ABSENT : db_get_integer(rows, column);
}

static void load_place(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    struct place *place = member;
    place->commune = arena_copy(arena, db_get_text(rows, column));
    place->latitude = load_integer(rows, column + 1);
    place->longitude = load_integer(rows, column + 2);
    place->approximate = load_integer(rows, column + 3);
}

const struct type type_place = {.name = "place",
                                .suffixes = {"", "_latitude", "_longitude", "_approximate"},
                                .words = {"{text}", "{integer}", "{integer}", "{integer}"},
                                .size = sizeof(struct place),
                                .column_count = 4,
                                .json_type = "object",
                                .json = json_place,
                                .parse = parse_place,
                                .print = print_place,
                                .show = show_place,
                                .search = words_of_place,
                                .schema = schema_place,
                                .clear = clear_place,
                                .bind = bind_place,
                                .load = load_place};
