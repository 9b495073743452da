#include "product/kinds/need.h"

#include <stddef.h>

#include "product/roles.h"

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
    FIELD(CODES, skills, FILLED(SUGGESTED, "title;description"), .label = N_("Skills"), .scheme = "skill",
          .facet = true, .search = WEIGHT_C, .help = N_("Proposed from your words; correct them if need be.")),
    FIELD(INTEGER, headcount, .label = N_("How many people"), .min = 1, .max = 10000, .unit = N_("people")),
    FIELD(DATE, start, .label = N_("Needed from"), .list = true),
    FIELD(PLACE, place, FILLED(TAKEN, "company.place"), .label = N_("Where"), .facet = true, .list = true,
          .help = N_("Left empty: the company’s commune.")),
    FIELD(ATTACHMENT, document, .label = N_("Attached document"), .largest = 5 * 1000 * 1000,
          .media_types = "application/pdf;image/png;image/jpeg",
          .help = N_("A data sheet or a drawing. Whoever sees the need sees it.")),
    FIELD(TEXT, contact, PERSONAL(OWNER | OFFICER), .label = N_("Person to speak to")),
    FIELD(EMAIL, email, PERSONAL(OWNER | OFFICER), .label = N_("E-mail of that person")),
    FIELD(TELEPHONE, telephone, PERSONAL(OWNER | OFFICER), .label = N_("Telephone of that person")),
    FIELD(CODE, sector, DERIVED(TAKEN, "company.sector"), .label = N_("Sector"), .scheme = "naf", .facet = true),
    FIELD(CODE, size, DERIVED(TAKEN, "company.size"), .label = N_("Size of the company"), .scheme = "size",
          .facet = true),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELD(DATE, filed, DERIVED(FILING_DAY, NULL), .label = N_("Filed on"), .facet = true, .list = true, .sort = true),
    FIELD(REFERENCE, visit, .label = N_("Noted during a visit"), .to = "visit", .computed = true),
    FIELDS_END,
};

static const struct panel panels[] = {
    {N_("Hand-overs to other services"), "handover", "need", 5},
    {NULL},
};

const struct kind need_kind = {
    .name = "need",
    .title = N_("Need"),
    .plural = N_("Needs"),
    .path = "/needs",
    .figures = "/understand/needs",
    .summary = N_("What companies say that they lack, and what comes of it."),
    .themes = "ECON;EDUC;TECH",
    .keywords = N_("needs;recruitment;skills;technology;innovation"),
    .filing = N_("File a need"),
    .section = "/find",
    .invitation = N_("To recruit, train, find a technology or a partner: two minutes, five questions."),
    .size = sizeof(struct need),
    .fields = fields,
    .states = states,
    .panels = panels,
    .name_field = "title",
    .place = "place",
    .owner_field = "company",
    .retention = {.purpose = N_("To answer the need"), .months = 36},
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_NETWORK,
    .small_cell = 3,
};
