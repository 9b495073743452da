#include "product/kinds/practice.h"

#include <stddef.h>

#include "product/roles.h"

#define FIELD(type_, member_, ...) type_(practice, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, .label = N_("What was done"), .required = true, .max = 140, .search = WEIGHT_A, .list = true,
          .help = N_("In one sentence, for instance: two apprentices shared by four workshops.")),
    FIELD(REFERENCE, organisation, .label = N_("Who did it"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(TEXT, context, .label = N_("Context"), .several_lines = true, .max = 4000, .required = true,
          .search = WEIGHT_B, .help = N_("Which difficulty, in which kind of company or territory.")),
    FIELD(TEXT, means, .label = N_("Means"), .several_lines = true, .max = 4000, .search = WEIGHT_B,
          .help = N_("Who did what, with which partners, in how much time.")),
    FIELD(MONEY, cost, .label = N_("Cost"), .help = N_("All in, aids included.")),
    FIELD(TEXT, results, .label = N_("Results"), .several_lines = true, .max = 4000, .required = true,
          .search = WEIGHT_B, .help = N_("What changed, with figures where there are any.")),
    FIELD(TEXT, conditions, .label = N_("What it takes to do it elsewhere"), .several_lines = true, .max = 4000,
          .search = WEIGHT_C),
    FIELD(LINK, evidence, .label = N_("Evidence"), .help = N_("A report, an article, a page that shows the result.")),
    FIELD(TEXT, testimony, .label = N_("Testimony"), .several_lines = true, .max = 2000,
          .help = N_("In the words of someone who did it. No names of people.")),
    FIELD(CODES, serves, FILLED(SUGGESTED, "title;context;results"), .label = N_("Which needs it serves"),
          .scheme = "need_type", .facet = true, .search = WEIGHT_C),
    FIELD(CODES, strategic_sectors, FILLED(TAKEN, "organisation.strategic_sectors"), .label = N_("Strategic sectors"),
          .scheme = "csf", .facet = true),
    FIELD(DATE, start, .label = N_("Since"), .past = true, .list = true),
    FIELD(PLACE, place, FILLED(TAKEN, "organisation.place"), .label = N_("Where"), .facet = true, .list = true),
    FIELD(CODE, sector, DERIVED(TAKEN, "organisation.sector"), .label = N_("Sector"), .scheme = "naf", .facet = true),
    FIELD(CODE, size, DERIVED(TAKEN, "organisation.size"), .label = N_("Size of the company"), .scheme = "size",
          .facet = true),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELDS_END,
};

static const struct panel panels[] = {
    {N_("Who took it up, with which result"), "adoption", "practice", 10, .open = true,
     .counted = "effect;state;place.region"},
    {N_("Exchanges about it"), "event", "practice", 5, .open = true},
    {NULL},
};

const struct kind practice_kind = {
    .name = "practice",
    .title = N_("Good practice"),
    .plural = N_("Good practices"),
    .path = "/practices",
    .summary = N_("What worked, at what cost, and what it takes to do it elsewhere."),
    .themes = "ECON;TECH",
    .keywords = N_("good practices;innovation;industry"),
    .filing = N_("Share a good practice"),
    .section = "/find",
    .invitation = N_("So that others need not begin from nothing: what worked, at what cost."),
    .size = sizeof(struct practice),
    .fields = fields,
    .panels = panels,
    .name_field = "title",
    .place = "place",
    .owner_field = "organisation",
    .create = MEMBER | OFFICER | REGION,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
};
