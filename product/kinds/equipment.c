#include "product/kinds/equipment.h"

#include <stddef.h>

#include "product/roles.h"

static const struct option types[] = {
    {"platform", N_("Technology platform")},
    {"machine", N_("Machine or test bench")},
    {"room", N_("Workshop or room")},
    {"computing", N_("Computing")},
    {"showcase", N_("Showcase")},
    {NULL, NULL},
};

static const struct option units[] = {
    {"hour", N_("an hour")},     {"day", N_("a day")},           {"use", N_("each time")},
    {"quote", N_("on request")}, {"free", N_("free of charge")}, {NULL, NULL},
};

static const struct state states[] = {
    {"open", N_("Open to others"), "closed", OWNER | OFFICER, .tone = TONE_GOOD},
    {"closed", N_("Not available now"), "open", OWNER | OFFICER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(equipment, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, .label = N_("What it is called"), .required = true, .max = 140, .search = WEIGHT_A,
          .list = true),
    FIELD(CHOICE, type, .label = N_("Kind of equipment"), .options = types, .required = true, .facet = true,
          .list = true, .help = N_("A showcase shows a technology at work to those who come to see it.")),
    FIELD(REFERENCE, organisation, .label = N_("Whose it is"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(TEXT, description, .label = N_("What one can do with it"), .several_lines = true, .max = 4000,
          .required = true, .search = WEIGHT_B),
    FIELD(TEXT, access, .label = N_("Access terms"), .several_lines = true, .max = 2000, .required = true,
          .help = N_("Who may use it, alone or with an operator, how long in advance, insurance, confidentiality.")),
    FIELD(MONEY, price, .label = N_("Price")),
    FIELD(CHOICE, price_per, .label = N_("The price is for"), .options = units, .required = true, .facet = true),
    FIELD(CODES, serves, FILLED(SUGGESTED, "title;description"), .label = N_("Which needs it serves"),
          .scheme = "need_type", .facet = true, .search = WEIGHT_C),
    FIELD(PLACE, place, FILLED(TAKEN, "organisation.place"), .label = N_("Where"), .facet = true, .list = true,
          .help = N_("Left empty: the organisation’s commune.")),
    FIELD(LINK, link, .label = N_("More about it")),
    FIELD(TEXT, contact, PERSONAL(SIGNED_IN), .label = N_("Person to speak to")),
    FIELD(EMAIL, email, PERSONAL(SIGNED_IN), .label = N_("E-mail of that person")),
    FIELD(TELEPHONE, telephone, PERSONAL(SIGNED_IN), .label = N_("Telephone of that person")),
    FIELD(CODES, strategic_sectors, FILLED(TAKEN, "organisation.strategic_sectors"), .label = N_("Strategic sectors"),
          .scheme = "csf", .facet = true),
    FIELD(CODE, sector, DERIVED(TAKEN, "organisation.sector"), .label = N_("Sector"), .scheme = "naf", .facet = true),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELDS_END,
};

static const struct panel panels[] = {
    {N_("Booking requests"), "booking", "equipment", 10, .when = "state", .is = "open", .open = true},
    {NULL},
};

const struct kind equipment_kind = {
    .name = "equipment",
    .title = N_("Platform or equipment"),
    .plural = N_("Platforms and equipment"),
    .path = "/equipment",
    .summary = N_("Technology platforms, machines and showcases open to others: where, on which terms, at what price."),
    .filing = N_("Open an equipment to others"),
    .section = "/find",
    .invitation = N_("A machine that is free at times, a test bench, a showcase: others ask for it here."),
    .size = sizeof(struct equipment),
    .fields = fields,
    .states = states,
    .panels = panels,
    .name_field = "title",
    .place = "place",
    .owner_field = "organisation",
    .retention = {.purpose = N_("To answer those who would like to use the equipment"), .months = 12},
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
};
