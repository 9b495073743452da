/* test_types.c: a kind with a field of every type through each interface: table, form, list, page of the API, files out and in, history, erasure.
 * On both engines. */
#include "tests/record/every.h"

#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/html/html.h"
#include "platform/html/templates.h"
#include "platform/record/export.h"
#include "platform/record/form.h"
#include "platform/record/import.h"
#include "platform/record/json.h"
#include "platform/record/query.h"
#include "platform/record/type.h"
#include "platform/record/web.h"
#include "tests/record/import_files.h"

struct play {
    struct world world;
    int64_t company, other, member, stranger;
};

static struct play play_begin(void)
{
    struct play play = {.world = every_begin()};
    play.company = world_organisation(&play.world, "Une", "company", "59350");
    play.other = world_organisation(&play.world, "Autre", "company", "62041");
    play.member = world_account(&play.world, "une@exemple.fr", "member", play.company);
    play.stranger = world_account(&play.world, "autre@exemple.fr", "member", play.other);
    return play;
}

/* What each text becomes, in the order of every_first and every_second. */
static const char *const first_kept[] = {"Énergie « verte » & <b>l’œuvre</b>",
                                         "ligne 1\n=1+1\nligne \"3\"; 100 %",
                                         "# Titre\n\n- *un*\n- deux",
                                         "https://www.exemple.fr/a?b=c&d=é",
                                         "ada@exemple.fr",
                                         "+33123456789",
                                         "732829320",
                                         "35600000049837",
                                         "red",
                                         "25.62B",
                                         "metal.welding;metal",
                                         "-42",
                                         "-0.125",
                                         "-1234.50",
                                         "2024-02-29",
                                         "2026-01-01/",
                                         "2024-02-29T00:30:00+01:00",
                                         "1",
                                         "59350",
                                         "Ada Contact"};
static const char *const second_kept[] = {"'=HYPERLINK(1) \\ 日本 🐟",
                                          "\\n",
                                          "`code`",
                                          "http://exemple.fr",
                                          "b.c+d@sous.exemple.fr",
                                          "+41221234567",
                                          "356000000",
                                          "73282932000074",
                                          "blue",
                                          "62.01Z",
                                          "metal",
                                          "100000",
                                          "0.001",
                                          "9999999999999.99",
                                          "1969-12-31",
                                          "2026-01-01/2026-03-31",
                                          "2026-10-25T02:30:00+02:00",
                                          "0",
                                          "62041 50.289012,2.780034",
                                          "Bo"};

static void check_kept(struct play *play, const void *record, const struct input *texts, const char *const *kept)
{
    struct record_context context = world_as(&play->world, play->member);
    assert_non_null(record);
    for (size_t i = 0; texts[i].field; i++) {
        const char *text = field_text(&context, kind_field(&every_kind, texts[i].field), record);
        if (!text || strcmp(text, kept[i]) != 0) fail_msg("%s: %s, not %s", texts[i].field, text ? text : "-", kept[i]);
    }
}

static const struct input *others(struct play *play)
{
    struct input *items = ARENA_ARRAY(play->world.arena, 2, struct input);
    items[0] = (struct input){"others", arena_print(play->world.arena, "Autre;%lld", (long long)play->company)};
    return items;
}

static void test_table(void **state)
{
    struct faults faults;
    struct error error = {0};
    (void)state;
    struct play play = play_begin();
    const int64_t id = every_file(&play.world, play.member, play.company, every_first, others(&play));
    const struct every *seen = every_seen(&play.world, play.member, id);
    check_kept(&play, seen, every_first, first_kept);
    assert_int_equal(seen->company.id, play.company);
    assert_string_equal(seen->others.value,
                        arena_print(play.world.arena, "%lld;%lld", (long long)play.other, (long long)play.company));
    assert_int_equal(seen->place.approximate, 1); /* its commune's centre stands for the place */
    check_ok(every_change(&play.world, play.member, id, every_second, &faults, &error), &error);
    seen = every_seen(&play.world, play.member, id);
    check_kept(&play, seen, every_second, second_kept);
    assert_int_equal(seen->place.latitude, 50289012);
    assert_int_equal(seen->place.approximate, 0);
    /* Emptied, each is absent: NULL in the table. */
    for (const struct field *field = every_kind.fields; field->name; field++) {
        if (field->required || field->type == FIELD_FILE) continue;
        const struct input empty[] = {{field->name, " "}, {NULL, NULL}};
        check_ok(every_change(&play.world, play.member, id, empty, &faults, &error), &error);
        const char *column = field->type == FIELD_PERIOD ? "span_from" : field->name;
        assert_int_equal(
            database_integer(play.world.db,
                             arena_print(play.world.arena, "SELECT COUNT(*) FROM every WHERE %s IS NOT NULL", column)),
            0);
    }
    world_end(&play.world);
}

static void test_refused(void **state)
{
    static const struct input wrong[] = {
        {"title", "0123456789012345678901234567890123456789012345678901234567890"}, /* 61 */
        {"title", "deux\nlignes"},
        {"title", ""},
        {"page", "javascript:alert(1)"},
        {"page", "https://exemple"},
        {"mail", "a@b@c.fr"},
        {"phone", "123"},
        {"siren", "732829321"},
        {"siren", "73282932"},
        {"siret", "35600000049838"}, /* neither Luhn nor La Poste's rule */
        {"siret", "35700000000000"}, /* La Poste's rule is its own only */
        {"colour", "green"},
        {"sector", "Nulle part"},
        {"skills", "metal;nothing"},
        {"amount", "-101"},
        {"amount", "100001"},
        {"amount", "1,5"},
        {"amount", "1e3"},
        {"rate", "0.0001"},
        {"rate", "1.2.3"},
        {"price", "1.234"},
        {"price", "12 £"},
        {"price", "99999999999999999999"},
        {"price", "99999999999999.99"},
        {"day", "2026-02-29"},
        {"day", "31/04/2026"},
        {"hour", "2026-11-26"},
        {"hour", "2026-03-29T02:30"}, /* left out that night */
        {"hour", "2026-11-26T24:00"},
        {"hour", "26/11/2026 14h60"},
        {"span", "2026-03-31/2026-01-01"},
        {"span", "2026-01-01/hier"},
        {"open", "peut-être"},
        {"company", "12"},
        {"others", "Personne"},
        {"place", "Atlantide"},
        {"place", "59350 91,3"},
        {"sheet", "12"},
        {"sheet", "a"},
    };
    struct faults faults;
    struct error error = {0};
    (void)state;
    struct play play = play_begin();
    const int64_t id = every_file(&play.world, play.member, play.company, every_first, NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct input one[] = {wrong[i], {NULL, NULL}};
        const enum status status = every_change(&play.world, play.member, id, one, &faults, &error);
        if (status != STATUS_INPUT || faults.count != 1 || strcmp(faults.items[0].field, wrong[i].field) != 0)
            fail_msg("%s = %s: status %d, %zu faults of %s", wrong[i].field, wrong[i].text, status, faults.count,
                     faults.count ? faults.items[0].field : "-");
    }
    check_kept(&play, every_seen(&play.world, play.member, id), every_first, first_kept);
    assert_int_equal(every_seen(&play.world, play.member, id)->head.version, 1);
    /* The same SIREN in another record. */
    const struct input twice[] = {every_first[6], {NULL, NULL}};
    const int64_t second = every_file(&play.world, play.member, play.company, every_second, NULL);
    assert_int_equal(every_change(&play.world, play.member, second, twice, &faults, &error), STATUS_INPUT);
    assert_string_equal(faults.items[0].field, "siren");
    world_end(&play.world);
}

/* ---- JSON ---- */

static json_t *as_json(struct record_context *context, const void *record)
{
    struct buffer *out = buffer_new(context->arena, 100000);
    json_record(out, context, &every_kind, record);
    json_t *json = json_loadb(buffer_data(out), buffer_length(out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static void check_json_types(const json_t *json)
{
    for (const struct field *field = every_kind.fields; field->name; field++) {
        const json_t *value = json_object_get(json, field->name);
        const char *type = field_type(field)->json_type;
        if (!value) continue;
        const bool right = strcmp(type, "array") == 0     ? json_is_array(value)
                           : strcmp(type, "object") == 0  ? json_is_object(value)
                           : strcmp(type, "boolean") == 0 ? json_is_boolean(value)
                           : strcmp(type, "integer") == 0 ? json_is_integer(value)
                           : strcmp(type, "number") == 0  ? json_is_number(value)
                                                          : json_is_string(value);
        if (!right) fail_msg("%s is no %s", field->name, type);
    }
}

/* Writes the fields of a JSON object to another record, as PATCH does. */
static void patch(struct play *play, int64_t id, const json_t *json)
{
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct inputs inputs;
    json_t *body = json_object();
    for (const struct field *field = every_kind.fields; field->name; field++)
        if (json_object_get(json, field->name) && strcmp(field->name, "siren") != 0 && !field->fixed)
            json_object_set(body, field->name, json_object_get(json, field->name));
    char *text = json_dumps(body, 0);
    struct record_context context = world_as(&play->world, play->member);
    struct record_change change = {.id = id, .inputs = &inputs, .faults = &faults};
    check_ok(json_inputs(&context, &every_kind, text, strlen(text), &inputs, &change.version, &faults, &error), &error);
    check_ok(record_write(&context, &every_kind, &change, &error), faults.count ? &faults.items[0] : &error);
    free(text);
    json_decref(body);
}

static void test_json(void **state)
{
    (void)state;
    struct play play = play_begin();
    const int64_t first = every_file(&play.world, play.member, play.company, every_first, others(&play));
    const int64_t second = every_file(&play.world, play.member, play.company, every_second, NULL);
    struct record_context context = world_as(&play.world, play.member);
    json_t *one = as_json(&context, every_seen(&play.world, play.member, first));
    json_t *two = as_json(&context, every_seen(&play.world, play.member, second));
    check_json_types(one);
    check_json_types(two);
    assert_int_equal(json_object_size(json_object_get(two, "place")), 4);
    assert_true(json_is_null(json_object_get(json_object_get(one, "span"), "to")));
    /* Each is given what the other has. */
    patch(&play, second, one);
    patch(&play, first, two);
    context = world_as(&play.world, play.member);
    json_t *one_now = as_json(&context, every_seen(&play.world, play.member, first));
    json_t *two_now = as_json(&context, every_seen(&play.world, play.member, second));
    for (const struct field *field = every_kind.fields; field->name; field++) {
        if (strcmp(field->name, "siren") == 0 || field->type == FIELD_FILE) continue;
        if (json_object_get(one, field->name) &&
            !json_equal(json_object_get(one, field->name), json_object_get(two_now, field->name)))
            fail_msg("%s changed on its way through JSON", field->name);
        if (json_object_get(two, field->name) &&
            !json_equal(json_object_get(two, field->name), json_object_get(one_now, field->name)))
            fail_msg("%s changed on its way through JSON", field->name);
    }
    json_decref(one), json_decref(two), json_decref(one_now), json_decref(two_now);
    world_end(&play.world);
}

/* ---- files out and in ---- */

static enum status gather(void *data, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    buffer_add(data, bytes, length);
    return STATUS_OK;
}

static const struct buffer *export(struct play *play, int64_t account, enum export_format format, const char *columns)
{
    struct error error = {0};
    struct record_query query;
    struct record_found found;
    const struct inputs none = {NULL, 0};
    struct buffer *out = buffer_new(play->world.arena, 4000000);
    struct record_context context = world_as(&play->world, account);
    context.site = "https://maillage.example";
    check_ok(record_query_read(&context, &every_kind, &none, &query, &error), &error);
    check_ok(record_find(&context, &every_kind, &query, &found, &error), &error);
    check_ok(record_export_write(&context, &found, format, columns, NULL, gather, out, &error), &error);
    return out;
}

static const char *on_disk(struct play *play, const struct buffer *bytes)
{
    char *path = arena_copy(play->world.arena, "/tmp/test-types-XXXXXX");
    const int file = mkstemp(path);
    assert_int_equal(write(file, buffer_data(bytes), buffer_length(bytes)), buffer_length(bytes));
    close(file);
    return path;
}

static struct import *import(struct play *play, const char *path)
{
    struct error error = {0};
    struct import *import = NULL;
    struct record_context context = world_as(&play->world, play->member);
    check_ok(import_begin(&context, &every_kind, path, "f", NULL, &import, &error), &error);
    check_ok(import_check(&context, import, NULL, NULL, &error), &error);
    context = world_as(&play->world, play->member);
    check_ok(import_load(&context, import->id, &import, &error), &error);
    check_ok(import_apply(&context, import, NULL, NULL, &error), &error);
    return import;
}

static void erase(struct play *play, int64_t id)
{
    struct error error = {0};
    struct record_context context = world_as(&play->world, play->member);
    check_ok(record_erase(&context, &every_kind, id, 0, NULL, &error), &error);
}

static int64_t with_siren(struct play *play, const char *siren)
{
    return database_integer(play->world.db,
                            arena_print(play->world.arena, "SELECT id FROM every WHERE siren = '%s'", siren));
}

/* What was exported and is imported again changes nothing; and into an emptied table, gives the same records. */
static void check_there_and_back(enum export_format format)
{
    struct play play = play_begin();
    const int64_t first = every_file(&play.world, play.member, play.company, every_first, others(&play));
    const int64_t second = every_file(&play.world, play.member, play.company, every_second, NULL);
    const char *path = on_disk(&play, export(&play, play.member, format, NULL));
    const struct import *again = import(&play, path);
    assert_int_equal(again->lines, 2);
    assert_int_equal(again->same, 2);
    erase(&play, first);
    erase(&play, second);
    again = import(&play, path);
    assert_int_equal(again->added, 2);
    const struct every *one = every_seen(&play.world, play.member, with_siren(&play, "732829320"));
    check_kept(&play, one, every_first, first_kept);
    assert_int_equal(one->company.id, play.company);
    assert_non_null(strchr(one->others.value, ';'));
    check_kept(&play, every_seen(&play.world, play.member, with_siren(&play, "356000000")), every_second, second_kept);
    unlink(path);
    world_end(&play.world);
}

static void test_csv(void **state) { (void)state, check_there_and_back(EXPORT_CSV); }
static void test_xlsx(void **state) { (void)state, check_there_and_back(EXPORT_XLSX); }

/* The items of a JSON export are the records of the API; a GeoJSON has them as properties, and where they are. */
static void test_json_export(void **state)
{
    (void)state;
    struct play play = play_begin();
    const int64_t first = every_file(&play.world, play.member, play.company, every_first, others(&play));
    const int64_t second = every_file(&play.world, play.member, play.company, every_second, NULL);
    const struct buffer *text = export(&play, play.member, EXPORT_JSON, NULL);
    json_t *all = json_loadb(buffer_data(text), buffer_length(text), 0, NULL);
    text = export(&play, play.member, EXPORT_GEOJSON, NULL);
    json_t *map = json_loadb(buffer_data(text), buffer_length(text), 0, NULL);
    const int64_t ids[] = {second, first}; /* newest first */
    for (size_t i = 0; i < 2; i++) {
        struct record_context context = world_as(&play.world, play.member);
        const struct every *seen = every_seen(&play.world, play.member, ids[i]);
        json_t *expected = as_json(&context, seen);
        const json_t *feature = json_array_get(json_object_get(map, "features"), i);
        const json_t *point = json_object_get(json_object_get(feature, "geometry"), "coordinates");
        assert_true(json_equal(json_array_get(json_object_get(all, "items"), i), expected));
        assert_true(json_equal(json_object_get(feature, "properties"), expected));
        assert_int_equal((int64_t)(json_number_value(json_array_get(point, 1)) * 1e6 + 0.5), seen->place.latitude);
        assert_int_equal((int64_t)(json_number_value(json_array_get(point, 0)) * 1e6 + 0.5), seen->place.longitude);
        json_decref(expected);
    }
    json_decref(all), json_decref(map);
    world_end(&play.world);
}

/* Chosen columns are the only ones, in every format; an unknown one is refused. */
static void test_chosen_columns(void **state)
{
    struct error error = {0};
    (void)state;
    struct play play = play_begin();
    every_file(&play.world, play.member, play.company, every_first, NULL);
    const char *csv = buffer_data(export(&play, play.member, EXPORT_CSV, "price,title"));
    assert_non_null(strstr(csv, ";Tariff;Title\r\n"));
    assert_null(strstr(csv, "Ada"));
    for (int format = EXPORT_JSON; format <= EXPORT_GEOJSON; format++) {
        const char *text = buffer_data(export(&play, play.member, (enum export_format)format, "price,title"));
        assert_non_null(strstr(text, "\"price\": -1234.50"));
        assert_null(strstr(text, "\"mail\""));
        assert_null(strstr(text, "Ada"));
    }
    struct record_query query;
    struct record_found found;
    const struct inputs none = {NULL, 0};
    struct record_context context = world_as(&play.world, play.member);
    check_ok(record_query_read(&context, &every_kind, &none, &query, &error), &error);
    check_ok(record_find(&context, &every_kind, &query, &found, &error), &error);
    assert_int_equal(record_export_write(&context, &found, EXPORT_CSV, "price,reader", NULL, gather,
                                         buffer_new(play.world.arena, 100000), &error),
                     STATUS_INPUT);
    /* Another account's file has no personal field. */
    assert_null(strstr(buffer_data(export(&play, play.stranger, EXPORT_CSV, NULL)), "Ada Contact"));
    assert_null(strstr(buffer_data(export(&play, play.stranger, EXPORT_JSON, NULL)), "Ada Contact"));
    world_end(&play.world);
}

/* ---- filters ---- */

static int64_t found(struct play *play, const char *name, const char *value)
{
    struct error error = {0};
    struct record_query query;
    struct record_found found;
    const struct input one = {name, value};
    const struct inputs parameters = {&one, 1};
    struct record_context context = world_as(&play->world, play->member);
    check_ok(record_query_read(&context, &every_kind, &parameters, &query, &error), &error);
    check_ok(record_find(&context, &every_kind, &query, &found, &error), &error);
    return found.total;
}

static void test_filters(void **state)
{
    static const struct {
        const char *name, *value;
        int found;
    } filters[] = {{"colour", "red", 1},
                   {"colour", "blue", 1},
                   {"sector", "C", 1},
                   {"sector", "25.62B", 1},
                   {"skills", "metal", 2},
                   {"skills", "metal.welding", 1},
                   {"open", "1", 1},
                   {"open", "0", 1},
                   {"place", "R32", 2},
                   {"place", "59", 1},
                   {"day.from", "2024-02-29", 1},
                   {"day.until", "2024-02-28", 1},
                   {"hour.from", "2024-02-29", 2}, /* the day in Paris */
                   {"hour.until", "2024-02-29", 1},
                   {"hour.until", "2024-02-28", 0},
                   {"q", "energie vertes", 1},
                   {"q", "hyperlink", 1},
                   {"q", "titre", 1},
                   {"q", "absent", 0},
                   {"near", "50.6,3.0,20", 1}};
    (void)state;
    struct play play = play_begin();
    every_file(&play.world, play.member, play.company, every_first, others(&play));
    every_file(&play.world, play.member, play.company, every_second, NULL);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (found(&play, filters[i].name, filters[i].value) != filters[i].found)
            fail_msg("%s=%s finds %d", filters[i].name, filters[i].value,
                     (int)found(&play, filters[i].name, filters[i].value));
    assert_int_equal(found(&play, "others", arena_print(play.world.arena, "%lld", (long long)play.other)), 1);
    assert_int_equal(found(&play, "company", arena_print(play.world.arena, "%lld", (long long)play.company)), 2);
    assert_int_equal(found(&play, "company", arena_print(play.world.arena, "%lld", (long long)play.other)), 0);
    world_end(&play.world);
}

/* ---- form ---- */

static const char *drawn(struct record_context *context, const void *record, const struct http_parameters *given,
                         const struct faults *faults)
{
    const struct http_request *request = every_request(context);
    struct html html = html_new(context->arena, LANGUAGE_FRENCH, request, 4000000);
    template_form(&html, record_form(context, request, &every_kind, record, given, faults));
    const struct markup markup = html_finish(&html);
    return arena_copy_bytes(context->arena, markup.html, markup.length);
}

static const char *escaped(struct arena *arena, const char *text)
{
    struct buffer *out = buffer_new(arena, 100000);
    for (; *text; text++) switch (*text) {
        case '&': buffer_text(out, "&amp;"); break;
        case '<': buffer_text(out, "&lt;"); break;
        case '>': buffer_text(out, "&gt;"); break;
        case '"': buffer_text(out, "&quot;"); break;
        case '\'': buffer_text(out, "&#39;"); break;
        default: buffer_char(out, *text);
        }
    return buffer_data(out);
}

/* What was typed stands in the form again, each refused field with its sentence, the whole as multipart. */
static void test_form(void **state)
{
    static const struct http_parameter typed[] = {{.name = "title", .value = ""},
                                                  {.name = "words", .value = "<script> & \"x\""},
                                                  {.name = "mail", .value = "pas une@"},
                                                  {.name = "siren", .value = "12 34"},
                                                  {.name = "amount", .value = "beaucoup"},
                                                  {.name = "price", .value = "12,345 €"},
                                                  {.name = "day", .value = "demain"},
                                                  {.name = "span", .value = "hier"},
                                                  {.name = "span.until", .value = "jamais"},
                                                  {.name = "open", .value = "1"},
                                                  {.name = "colour", .value = "blue"},
                                                  {.name = "place.query", .value = "Atlantide"}};
    static const char *const faulty[] = {"title", "mail", "siren", "amount", "price", "day", "span", "place"};
    (void)state;
    struct play play = play_begin();
    const int64_t id = every_file(&play.world, play.member, play.company, every_first, others(&play));
    const void *record = every_seen(&play.world, play.member, id);
    struct record_context context = world_as(&play.world, play.member);
    const char *html = drawn(&context, record, NULL, NULL);
    assert_non_null(strstr(html, "enctype=\"multipart/form-data\""));
    for (size_t i = 0; every_first[i].field; i++) {
        const char *text = first_kept[i];
        if (strchr(text, ';') || strcmp(every_first[i].field, "span") == 0) continue;       /* several inputs */
        if (strcmp(every_first[i].field, "hour") == 0) text = "value=\"2024-02-29T00:30\""; /* by the clock of Paris */
        if (!strstr(html, strncmp(text, "value", 5) == 0 ? text : escaped(context.arena, text)))
            fail_msg("the form lacks %s", text);
    }
    const struct http_parameters given = {typed, sizeof typed / sizeof *typed};
    const struct inputs inputs = record_form_inputs(every_request(&context), &every_kind, &given);
    struct faults faults = {.count = 0};
    struct every *copy = ARENA_NEW(context.arena, struct every);
    memcpy(copy, record, sizeof *copy);
    record_apply(&context, &every_kind, copy, &inputs, &faults);
    assert_int_equal(faults.count,
                     sizeof faulty / sizeof *faulty - 1); /* an empty title is told when the whole is checked */
    html = drawn(&context, record, &given, &faults);
    for (size_t i = 1; i < sizeof faulty / sizeof *faulty; i++)
        if (!strstr(html, arena_print(context.arena, "id=\"f-%s-error\"", faulty[i])))
            fail_msg("no sentence beside %s", faulty[i]);
    for (size_t i = 1; i < given.count; i++)
        if (!strstr(html, escaped(context.arena, typed[i].value))) fail_msg("the form lost %s", typed[i].value);
    world_end(&play.world);
}

/* ---- history and erasure ---- */

static void test_history(void **state)
{
    struct faults faults;
    struct error error = {0};
    const struct history_line *lines = NULL;
    size_t count = 0;
    (void)state;
    struct play play = play_begin();
    const int64_t id = every_file(&play.world, play.member, play.company, every_first, NULL);
    check_ok(every_change(&play.world, play.member, id, every_second, &faults, &error), &error);
    struct record_context context = world_as(&play.world, play.member);
    check_ok(record_history(&context, &every_kind, id, &lines, &count, &error), &error);
    assert_int_equal(count, 2);
    for (size_t i = 0; every_first[i].field; i++) {
        const struct history_change *found_change = NULL;
        for (size_t c = 0; c < lines[0].change_count; c++)
            if (strcmp(lines[0].changes[c].field->name, every_first[i].field) == 0) found_change = &lines[0].changes[c];
        if (kind_field(&every_kind, every_first[i].field)->is_personal) {
            assert_null(found_change); /* it stands apart */
            continue;
        }
        if (!found_change) fail_msg("the history lacks %s", every_first[i].field);
        assert_string_equal(found_change->before, first_kept[i]);
        assert_string_equal(found_change->after, second_kept[i]);
    }
    assert_int_equal(database_integer(play.world.db,
                                      "SELECT COUNT(*) FROM record_leaf WHERE before = 'Ada Contact' AND after = 'Bo'"),
                     1);
    erase(&play, id);
    assert_int_equal(database_integer(play.world.db,
                                      "SELECT COUNT(*) FROM record_leaf WHERE before IS NOT NULL OR after IS NOT NULL"),
                     0);
    assert_int_equal(
        database_integer(play.world.db,
                         arena_print(play.world.arena,
                                     "SELECT COUNT(*) FROM record_history WHERE changes IS NOT NULL AND record = %lld",
                                     (long long)id)),
        0);
    assert_int_equal(database_integer(play.world.db, "SELECT COUNT(*) FROM every"), 0);
    assert_int_equal(found(&play, "colour", "blue"), 0);
    world_end(&play.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),          cmocka_unit_test(test_refused),
        cmocka_unit_test(test_json),           cmocka_unit_test(test_csv),
        cmocka_unit_test(test_xlsx),           cmocka_unit_test(test_json_export),
        cmocka_unit_test(test_chosen_columns), cmocka_unit_test(test_filters),
        cmocka_unit_test(test_form),           cmocka_unit_test(test_history),
    };
    return database_run_group(tests);
}
