#include "product/kinds/registration.h"

#include <string.h>

#include "base/time.h"
#include "platform/record/record.h"
#include "product/kinds/event.h"
#include "product/roles.h"

static const struct state states[] = {
    {"registered", N_("Registered"), "cancelled;present;absent", PARTNER, .tone = TONE_GOOD},
    {"waiting", N_("On the waiting list"), "registered;cancelled", PARTNER, .tone = TONE_WAITING},
    {"present", N_("Came"), "registered", PARTNER, .ended = true, .tone = TONE_GOOD},
    {"absent", N_("Did not come"), "registered", PARTNER, .ended = true, .tone = TONE_ENDED},
    {"cancelled", N_("Cancelled"), NULL, OWNER | PARTNER, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(registration, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, DERIVED(COMPOSED, "{event} – {organisation}"), .label = N_("Registration"), .max = 400,
          .search = WEIGHT_A),
    FIELD(REFERENCE, event, .label = N_("Event"), .to = "event", .required = true, .fixed = true, .facet = true,
          .list = true),
    FIELD(REFERENCE, organisation, .label = N_("On behalf of"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(REFERENCE, organiser, DERIVED(TAKEN, "event.organiser"), .label = N_("Organiser"), .to = "organisation",
          .facet = true),
    FIELD(MOMENT, starts, DERIVED(TAKEN, "event.starts"), .label = N_("Begins"), .list = true, .facet = true),
    FIELD(TEXT, person, PERSONAL(OWNER | PARTNER), .label = N_("Who comes"), .required = true, .max = 120,
          .list = true),
    FIELD(EMAIL, email, PERSONAL(OWNER | PARTNER), .label = N_("E-mail of that person")),
    FIELD(TEXT, remark, .label = N_("Something to tell the organiser"), .max = 500, .search = WEIGHT_C,
          .several_lines = true, .help = N_("Access for a wheelchair, for instance.")),
    FIELDS_END,
};

/* An event that was called off, was held or no longer takes anyone takes no new one. */
static enum status check_event(struct record_context *context, void *record, const void *before, struct error *error)
{
    const struct registration *registration = record;
    void *loaded = NULL;
    if (before || !registration->event.id || context->program) return STATUS_OK;
    const enum status status = record_load(context, &event_kind, registration->event.id, &loaded, error);
    if (status) return status;
    const struct event *event = loaded;
    if (strcmp(event->head.state, "planned") != 0)
        return error_field(error, STATUS_INPUT, "event", N_("This event takes no more registrations."));
    if (event->register_until.day != ABSENT && event->register_until.day < time_today())
        return error_field(error, STATUS_INPUT, "event", N_("The last day to register has passed."));
    return STATUS_OK;
}

static const struct capacity capacity = {"event", "places", "registered;present;absent", "waiting"};

const struct kind registration_kind = {
    .name = "registration",
    .title = N_("Registration"),
    .plural = N_("Registrations"),
    .path = "/registrations",
    .summary = N_("Who comes to which event: yours, and those to the events that you organise."),
    .filing = N_("Register"),
    .size = sizeof(struct registration),
    .fields = fields,
    .states = states,
    .name_field = "title",
    .owner_field = "organisation",
    .partner = "organiser",
    .capacity = &capacity,
    .starts = "starts",
    .retention = {.purpose = N_("To welcome those who come, and tell them of changes"), .months = 12},
    .create = MEMBER | OFFICER | REGION | FUNDER | EVALUATOR,
    .read = ANYONE,
    .write = OWNER,
    .erase = OWNER,
    .audience = AUDIENCE_PRIVATE,
    .fixed_audience = true,
    .before_save = check_event,
};
