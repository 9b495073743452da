#include "tests/record/every.h"

#include <string.h>

#include "base/arena.h"
#include "platform/record/sql.h"
#include "product/roles.h"

static const struct option colours[] = {{"red", "Red"}, {"blue", "Blue"}, {NULL, NULL}};

static const struct state states[] = {{"open", "Open", "done", OWNER | OFFICER, .tone = TONE_WAITING},
                                      {"done", "Done", "open", OWNER | OFFICER, .ended = true, .tone = TONE_GOOD},
                                      {NULL}};

#define FIELD(type_, member_, ...) type_(every, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, .label = "Title", .required = true, .max = 60, .search = WEIGHT_A, .list = true),
    FIELD(REFERENCE, company, .label = "Of which", .to = "organisation", .required = true, .fixed = true,
          .facet = true),
    FIELD(TEXT, words, .label = "Words", .several_lines = true, .max = 400, .search = WEIGHT_B),
    FIELD(MARKDOWN, story, .label = "Story", .search = WEIGHT_C),
    FIELD(LINK, page, .label = "Page"),
    FIELD(EMAIL, mail, .label = "Mail"),
    FIELD(TELEPHONE, phone, .label = "Phone"),
    FIELD(SIREN, siren, .label = "Siren", .unique = true),
    FIELD(SIRET, siret, .label = "Siret"),
    FIELD(CHOICE, colour, .label = "Colour", .options = colours, .facet = true, .list = true),
    FIELD(CODE, sector, .label = "Activity", .scheme = "naf", .facet = true),
    FIELD(CODES, skills, .label = "Crafts", .scheme = "skill", .facet = true, .most = 3),
    FIELD(INTEGER, amount, .label = "Amount", .min = -100, .max = 100000, .unit = "pieces", .facet = true),
    FIELD(DECIMAL, rate, .label = "Rate", .scale = 3, .unit = "%"),
    FIELD(MONEY, price, .label = "Tariff"),
    FIELD(DATE, day, .label = "Day", .facet = true, .sort = true),
    FIELD(PERIOD, span, .label = "Span"),
    FIELD(MOMENT, hour, .label = "Hour", .facet = true),
    FIELD(YESNO, open, .label = "Is open", .facet = true),
    FIELD(REFERENCE, helper, .label = "Helper", .to = "organisation"),
    FIELD(REFERENCES, others, .label = "With", .to = "organisation", .facet = true),
    FIELD(PLACE, place, .label = "Place", .facet = true),
    FIELD(TEXT, contact, PERSONAL(OWNER), .label = "Someone"),
    FIELD(ATTACHMENT, sheet, .label = "Sheet", .largest = 200000, .media_types = "application/pdf;text/plain"),
    FIELD(ATTACHMENT, secret, PERSONAL(OWNER), .label = "Secret", .largest = 200000, .media_types = "application/pdf"),
    FIELDS_END,
};

const struct kind every_kind = {
    .name = "every",
    .title = "Every",
    .plural = "Everything",
    .path = "/everything",
    .filing = "File it",
    .size = sizeof(struct every),
    .fields = fields,
    .states = states,
    .name_field = "title",
    .place = "place",
    .owner_field = "company",
    .partner = "helper",
    .retention = {.purpose = "To be tried"},
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER,
    .audience = AUDIENCE_NETWORK,
};

const struct kind *const every_kinds[] = {&organisation_kind, &membership_kind, &need_kind, &every_kind, NULL};

struct world every_begin(void)
{
    struct world world = world_begin();
    struct error error = {0};
    kinds_set(every_kinds);
    const struct migration table = {9999, "9999-every.sql", kind_create_sql(world.arena, &every_kind)};
    check_ok(db_migrate(world.db, &table, 1, NULL, &error), &error);
    return world;
}

const struct input every_first[] = {{"title", "Énergie « verte » & <b>l’œuvre</b>"},
                                    {"words", "ligne 1\n=1+1\nligne \"3\"; 100 %"},
                                    {"story", "# Titre\n\n- *un*\n- deux"},
                                    {"page", "www.exemple.fr/a?b=c&d=é"},
                                    {"mail", "ada@exemple.fr"},
                                    {"phone", "01 23 45 67 89"},
                                    {"siren", "732 829 320"},
                                    {"siret", "35600000049837"}, /* La Poste: no Luhn, its own rule */
                                    {"colour", "Red"},
                                    {"sector", "Mécanique industrielle"},
                                    {"skills", "metal.welding;metal"},
                                    {"amount", "-42"},
                                    {"rate", "-0,125"},
                                    {"price", "-1 234,5 €"},
                                    {"day", "29/02/2024"},
                                    {"span", "2026-01-01/"},
                                    {"hour", "29/02/2024 à 0h30"}, /* still the 28th in UTC */
                                    {"open", "oui"},
                                    {"place", "Lille"},
                                    {"contact", "Ada Contact"},
                                    {NULL, NULL}};

const struct input every_second[] = {
    {"title", "'=HYPERLINK(1) \\ 日本 🐟"},
    {"words", "\\n"},
    {"story", "`code`"},
    {"page", "http://exemple.fr"},
    {"mail", "b.c+d@sous.exemple.fr"},
    {"phone", "+41 22 123 45 67"},
    {"siren", "356000000"},
    {"siret", "73282932000074"},
    {"colour", "blue"},
    {"sector", "62.01Z"},
    {"skills", "Métal"},
    {"amount", "100 000"},
    {"rate", "0.001"},
    {"price", "9 999 999 999 999,99"}, /* the most that a JSON number holds to the cent */
    {"day", "1969-12-31"},
    {"span", "2026-01-01/2026-03-31"},
    {"hour", "2026-10-25T02:30"}, /* comes twice: the first time */
    {"open", "0"},
    {"place", "62041 50.289012,2.780034"},
    {"contact", "Bo"},
    {NULL, NULL}};

static size_t gather(struct input *items, size_t count, const struct input *texts)
{
    for (; texts && texts->field; texts++) items[count++] = *texts;
    return count;
}

int64_t every_file(struct world *world, int64_t account, int64_t company, const struct input *texts,
                   const struct input *more)
{
    struct error error = {0};
    struct faults faults = {.count = 0};
    struct record_context context = world_as(world, account);
    struct input items[60] = {{"company", arena_print(world->arena, "%lld", (long long)company)}};
    const struct inputs inputs = {items, gather(items, gather(items, 1, texts), more)};
    struct record_change change = {.inputs = &inputs, .faults = &faults};
    const enum status status = record_write(&context, &every_kind, &change, &error);
    check_ok(status, faults.count ? &faults.items[0] : &error);
    return ((const struct record *)change.record)->id;
}

const struct every *every_seen(struct world *world, int64_t account, int64_t id)
{
    struct error error = {0};
    void *record = NULL;
    struct record_context context = world_as(world, account);
    const enum status status = record_load(&context, &every_kind, id, &record, &error);
    if (status != STATUS_MISSING) check_ok(status, &error);
    return status ? NULL : record;
}

enum status every_change(struct world *world, int64_t account, int64_t id, const struct input *texts,
                         struct faults *faults, struct error *error)
{
    const struct every *now = every_seen(world, account, id);
    struct record_context context = world_as(world, account);
    struct input items[60];
    const struct inputs inputs = {items, gather(items, 0, texts)};
    struct record_change change = {
        .id = id, .version = now ? now->head.version : 0, .inputs = &inputs, .faults = faults};
    faults->count = 0;
    return record_write(&context, &every_kind, &change, error);
}

static const char *no_header(const struct http_request *request, const char *name)
{
    (void)request, (void)name;
    return NULL;
}

struct http_request *every_request(const struct record_context *context)
{
    struct http_request *request = ARENA_NEW(context->arena, struct http_request);
    *request = (struct http_request){.arena = context->arena,
                                     .language = LANGUAGE_FRENCH,
                                     .viewer = context->viewer,
                                     .read = context->handle,
                                     .db = context->records->db,
                                     .application = (void *)(uintptr_t)context->records,
                                     .header = no_header,
                                     .csrf = "c",
                                     .path = "/everything"};
    return request;
}
