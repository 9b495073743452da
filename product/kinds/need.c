#include "product/kinds/need.h"

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/record.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/organisation.h"
#include "product/roles.h"
#include "product/territory.h"

enum { SUGGESTED = 3 };

static const struct state states[] = {
    {"open", N_("Open"), "taken_up;served;closed", OWNER | OFFICER, .tone = TONE_WAITING},
    {"taken_up", N_("Taken up"), "open;served;closed", OFFICER, .tone = TONE_NEUTRAL},
    {"served", N_("Served"), "open", OWNER | OFFICER, .ended = true, .tone = TONE_GOOD},
    {"closed", N_("Closed without answer"), "open", OWNER | OFFICER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(need, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, .label = N_("What is needed"), .required = true, .max = 140, .search = WEIGHT_A, .list = true,
          .help = N_("In one sentence, for instance: two welders for our new line.")),
    FIELD(REFERENCE, company, .label = N_("Company"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(CODE, type, .label = N_("Kind of need"), .scheme = "need_type", .required = true, .facet = true,
          .list = true),
    FIELD(TEXT, description, .label = N_("In more words"), .several_lines = true, .max = 4000, .search = WEIGHT_B,
          .help = N_("What for, by when, what has been tried. No names of people.")),
    FIELD(CODES, skills, .label = N_("Skills"), .scheme = "skill", .facet = true, .search = WEIGHT_C,
          .help = N_("Proposed from your words; correct them if need be.")),
    FIELD(INTEGER, headcount, .label = N_("How many people"), .min = 1, .max = 10000, .unit = N_("people")),
    FIELD(DATE, start, .label = N_("Needed from"), .list = true),
    FIELD(PLACE, place, .label = N_("Where"), .facet = true, .list = true,
          .help = N_("Left empty: the company’s commune.")),
    FIELD(TEXT, contact, PERSONAL(OWNER | OFFICER), .label = N_("Person to speak to")),
    FIELD(EMAIL, email, PERSONAL(OWNER | OFFICER), .label = N_("E-mail of that person")),
    FIELD(TELEPHONE, telephone, PERSONAL(OWNER | OFFICER), .label = N_("Telephone of that person")),
    FIELD(CODE, sector, .label = N_("Sector"), .scheme = "naf", .facet = true, .computed = true),
    FIELD(CODE, size, .label = N_("Size of the company"), .scheme = "size", .facet = true, .computed = true),
    FIELD(CODE, departement, .label = N_("Département"), .scheme = "territory", .computed = true),
    FIELD(CODE, region, .label = N_("Région"), .scheme = "territory", .computed = true),
    FIELD(DATE, filed, .label = N_("Filed on"), .computed = true, .facet = true, .list = true, .sort = true),
    FIELDS_END,
};

/* The codes that its words speak of, when the person chose none: they see them on the page and correct them there. */
static void suggest_skills(struct record_context *context, struct need *need)
{
    const struct vocabulary_code *found[SUGGESTED];
    const char *text = arena_print(context->arena, "%s %s", need->title.value ? need->title.value : "",
                                   need->description.value ? need->description.value : "");
    const size_t count =
        vocabulary_suggest(context->records->vocabulary, context->arena, "skill", text, found, SUGGESTED);
    for (size_t i = 0; i < count; i++)
        need->skills.value =
            arena_print(context->arena, "%s%s%s", i ? need->skills.value : "", i ? ";" : "", found[i]->code);
}

/* A need is told by the sector, size and place that its company had when it was filed. */
static enum status take_from_company(struct record_context *context, void *record, const void *before,
                                     struct error *error)
{
    struct need *need = record;
    void *loaded = NULL;
    if (!need->company.id) return STATUS_OK;
    const enum status status = record_load(context, &organisation_kind, need->company.id, &loaded, error);
    if (status) return status;
    const struct organisation *company = loaded;
    if (!before) {
        need->sector = company->sector;
        need->size = company->size;
        need->filed.day = time_day(record_now(context));
        if (!need->skills.value) suggest_skills(context, need);
    }
    if (!need->place.commune) need->place = company->place;
    territory_of_place(context, &need->place, &need->departement, &need->region);
    return STATUS_OK;
}

const struct kind need_kind = {
    .name = "need",
    .title = N_("Need"),
    .plural = N_("Needs"),
    .path = "/needs",
    .figures = "/understand/needs",
    .summary = N_("What companies say that they lack, and what comes of it."),
    .filing = N_("File a need"),
    .size = sizeof(struct need),
    .fields = fields,
    .states = states,
    .name_field = "title",
    .place = "place",
    .owner_field = "company",
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_NETWORK,
    .small_cell = 3,
    .before_save = take_from_company,
};
