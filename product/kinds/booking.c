#include "product/kinds/booking.h"

#include <stddef.h>

#include "platform/record/record.h"
#include "product/roles.h"

static const struct state states[] = {
    {"asked", N_("Asked"), "accepted;refused;withdrawn", PARTNER, .tone = TONE_WAITING},
    {"accepted", N_("Accepted"), "done;refused;withdrawn", PARTNER, .tone = TONE_GOOD},
    {"refused", N_("Refused"), "asked", PARTNER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {"withdrawn", N_("Withdrawn"), NULL, OWNER, .ended = true, .tone = TONE_ENDED},
    {"done", N_("Carried out"), NULL, OWNER | PARTNER, .ended = true, .tone = TONE_GOOD},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(booking, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, DERIVED(COMPOSED, "{equipment} – {organisation}"), .label = N_("Booking request"), .max = 400,
          .search = WEIGHT_A),
    FIELD(REFERENCE, equipment, .label = N_("Platform or equipment"), .to = "equipment", .required = true,
          .fixed = true, .facet = true, .list = true),
    FIELD(REFERENCE, organisation, .label = N_("Who asks"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(REFERENCE, provider, DERIVED(TAKEN, "equipment.organisation"), .label = N_("Whose it is"),
          .to = "organisation", .facet = true),
    FIELD(MOMENT, starts, .label = N_("From when"), .required = true, .list = true, .facet = true, .sort = true,
          .write = OWNER),
    FIELD(MOMENT, ends, .label = N_("Until when"), .required = true, .write = OWNER),
    FIELD(TEXT, purpose, .label = N_("What for"), .write = OWNER, .required = true, .search = WEIGHT_B,
          .several_lines = true, .max = 2000,
          .help = N_("Which parts, which measurement, how many. Nothing secret: an agreement comes first.")),
    FIELD(TEXT, person, PERSONAL(OWNER | PARTNER), .write = OWNER, .label = N_("Person to speak to"), .required = true,
          .max = 120),
    FIELD(EMAIL, email, PERSONAL(OWNER | PARTNER), .write = OWNER, .label = N_("E-mail of that person")),
    FIELD(TELEPHONE, telephone, PERSONAL(OWNER | PARTNER), .write = OWNER, .label = N_("Telephone of that person")),
    FIELD(TEXT, answer, .label = N_("Answer"), .later = true, .several_lines = true, .max = 2000, .write = PARTNER,
          .help = N_("What to bring, whom to ask for, the quote.")),
    FIELDS_END,
};

static enum status check_times(struct record_context *context, void *record, const void *before, struct error *error)
{
    const struct booking *booking = record;
    (void)context, (void)before;
    if (booking->starts.at == ABSENT || booking->ends.at == ABSENT || booking->starts.at < booking->ends.at)
        return STATUS_OK;
    return error_field(error, STATUS_INPUT, "ends", N_("It must end after it begins."));
}

const struct kind booking_kind = {
    .name = "booking",
    .title = N_("Booking request"),
    .plural = N_("Booking requests"),
    .path = "/bookings",
    .summary = N_("What you asked of others, and what others ask of you."),
    .filing = N_("Ask for a booking"),
    .size = sizeof(struct booking),
    .fields = fields,
    .states = states,
    .name_field = "title",
    .owner_field = "organisation",
    .partner = "provider",
    .starts = "starts",
    .ends = "ends",
    .retention = {.purpose = N_("To agree on the use of the equipment"), .months = 36},
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | PARTNER,
    .erase = OWNER,
    .audience = AUDIENCE_PRIVATE,
    .fixed_audience = true,
    .before_save = check_times,
};
