#include "product/kinds/event.h"

#include <stddef.h>

#include "product/roles.h"

static const struct option types[] = {
    {"meeting", N_("Meeting")},
    {"workshop", N_("Workshop")},
    {"exchange", N_("Exchange about a practice")},
    {"online", N_("Online meeting")},
    {"fair", N_("Trade fair")},
    {"visit", N_("Open doors")},
    {NULL, NULL},
};

static const struct state states[] = {
    {"planned", N_("Planned"), "held;cancelled", OWNER | OFFICER, .tone = TONE_GOOD},
    {"held", N_("Held"), "planned", OWNER | OFFICER, .ended = true, .tone = TONE_NEUTRAL},
    {"cancelled", N_("Called off"), "planned", OWNER | OFFICER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(event, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, .label = N_("What it is"), .required = true, .max = 140, .search = WEIGHT_A, .list = true),
    FIELD(CHOICE, type, .label = N_("Kind of event"), .options = types, .required = true, .facet = true, .list = true),
    FIELD(REFERENCE, organiser, .label = N_("Organiser"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(MOMENT, starts, .label = N_("Begins"), .required = true, .facet = true, .list = true, .sort = true),
    FIELD(MOMENT, ends, .label = N_("Ends")),
    FIELD(PLACE, place, .label = N_("Where"), .facet = true, .list = true,
          .help = N_("Left empty when it is online only.")),
    FIELD(TEXT, address, .label = N_("Address"), .max = 300, .help = N_("Building, street, how to come.")),
    FIELD(LINK, online, .label = N_("Address of the online meeting")),
    FIELD(MARKDOWN, description, .label = N_("What it is about"), .search = WEIGHT_B),
    FIELD(TEXT, for_whom, .label = N_("For whom"), .max = 200, .search = WEIGHT_C),
    FIELD(INTEGER, places, .label = N_("Places"), .min = 1, .max = 100000, .unit = N_("people"),
          .help = N_("Left empty: no limit. Those who come when it is full are put on a waiting list.")),
    FIELD(DATE, register_until, .label = N_("Register until"), .deadline = true),
    FIELD(LINK, link, .label = N_("More about it")),
    FIELD(REFERENCE, practice, .label = N_("About the practice"), .to = "practice", .facet = true),
    FIELD(CODES, strategic_sectors, FILLED(TAKEN, "organiser.strategic_sectors"), .label = N_("Strategic sectors"),
          .scheme = "csf", .facet = true),
    FIELD(MARKDOWN, minutes, .label = N_("Minutes"), .later = true, .search = WEIGHT_C,
          .help = N_("What was said and decided, who does what. No names of people without their consent.")),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELDS_END,
};

static const struct panel panels[] = {
    {N_("Who comes"), "registration", "event", 20, .when = "state", .is = "planned", .open = true},
    {N_("Who was registered"), "registration", "event", 20, .when = "state", .is = "held"},
    {NULL},
};

const struct kind event_kind = {
    .name = "event",
    .title = N_("Event"),
    .plural = N_("Events"),
    .path = "/events",
    .summary = N_("Meetings, workshops, exchanges about practices: where, when, for whom."),
    .filing = N_("Announce an event"),
    .section = "/find",
    .invitation = N_("A meeting, a workshop, an exchange: those whom it concerns find it and register."),
    .size = sizeof(struct event),
    .fields = fields,
    .states = states,
    .panels = panels,
    .name_field = "title",
    .place = "place",
    .address = "address",
    .owner_field = "organiser",
    .starts = "starts",
    .ends = "ends",
    .create = MEMBER | OFFICER | REGION,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
};
