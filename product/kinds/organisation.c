#include "product/kinds/organisation.h"

#include <stddef.h>

#include "product/roles.h"

static const struct state states[] = {
    {"open", N_("Active"), "closed", OFFICER | ADMINISTRATOR, .tone = TONE_GOOD},
    {"closed", N_("Closed"), "open", OFFICER | ADMINISTRATOR, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(organisation, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, name, .label = N_("Name"), .required = true, .max = 160, .search = WEIGHT_A, .list = true,
          .sort = true),
    FIELD(CODE, type, .label = N_("Type"), .scheme = "organisation_type", .required = true, .facet = true,
          .list = true),
    FIELD(SIREN, siren, .label = N_("SIREN"), .unique = true,
          .help = N_("Nine digits, on your invoices and your Kbis.")),
    FIELD(SIRET, siret, .label = N_("SIRET of the head office")),
    FIELD(TEXT, activity, .label = N_("Activity"), .several_lines = true, .max = 2000, .search = WEIGHT_B,
          .help = N_("What it makes or does, in words that a neighbour understands.")),
    FIELD(CODE, sector, .label = N_("Sector"), .scheme = "naf", .facet = true, .list = true),
    FIELD(CODE, size, .label = N_("Size"), .scheme = "size", .facet = true, .list = true),
    FIELD(INTEGER, headcount, .label = N_("Headcount"), .max = 1000000, .unit = N_("people")),
    FIELD(PLACE, place, .label = N_("Commune"), .required = true, .facet = true, .list = true),
    FIELD(CODES, strategic_sectors, .label = N_("Strategic sectors"), .scheme = "csf", .facet = true),
    FIELD(CODES, offers, .label = N_("Which needs it answers"), .scheme = "need_type", .facet = true,
          .search = WEIGHT_C, .help = N_("For who offers solutions, expertise, trainings: what others come for.")),
    FIELD(LINK, website, .label = N_("Website")),
    FIELD(TEXT, contact, PERSONAL(OWNER | OFFICER), .label = N_("Contact"),
          .help = N_("Name of the person to speak to.")),
    FIELD(EMAIL, email, PERSONAL(OWNER | OFFICER), .label = N_("E-mail of the contact")),
    FIELD(TELEPHONE, telephone, PERSONAL(OWNER | OFFICER), .label = N_("Telephone of the contact")),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELD(TEXT, naf_2025, .label = N_("Activity in NAF 2025"), .computed = true, .max = 40),
    FIELD(DATE, closed, .label = N_("Establishment closed on"), .computed = true),
    FIELD(DATE, treated, .label = N_("Last change in Sirene"), .computed = true),
    FIELD(YESNO, invented, .label = N_("Invented, for demonstration"), .computed = true),
    FIELDS_END,
};

static const struct panel panels[] = {
    {N_("Needs"), "need", "company", 10},
    {N_("Visits"), "visit", "company", 5},
    {N_("Platforms and equipment"), "equipment", "organisation", 10},
    {N_("Events"), "event", "organiser", 10},
    {N_("Good practices"), "practice", "organisation", 10},
    {N_("Practices taken up"), "adoption", "organisation", 10},
    {N_("Clusters"), "membership", "organisation", 10},
    {N_("Members"), "membership", "cluster", 10, .when = "type", .is = "cluster"},
    {NULL},
};

const struct kind organisation_kind = {
    .name = "organisation",
    .title = N_("Organisation"),
    .plural = N_("Organisations"),
    .path = "/organisations",
    .summary = N_("Companies, clusters, laboratories and all who make the network."),
    .themes = "ECON;TECH",
    .keywords = N_("companies;clusters;laboratories;innovation;industry"),
    .filing = N_("Add an organisation"),
    .section = "/find",
    .size = sizeof(struct organisation),
    .fields = fields,
    .states = states,
    .name_field = "name",
    .place = "place",
    .is_organisation = true,
    .reference = true,
    .panels = panels,
    .retention = {.purpose = N_("To write to the organisation or call it about what concerns it"), .months = 12},
    .create = OFFICER | ADMINISTRATOR,
    .read = ANYONE,
    .write = OWNER | OFFICER | ADMINISTRATOR,
    .erase = ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
    .small_cell = 3,
};
