#include "product/kinds/visit.h"

#include <stddef.h>

#include "base/time.h"
#include "platform/record/record.h"
#include "product/roles.h"

static const struct state states[] = {
    {"planned", N_("Planned"), "held;cancelled", OWNER, .tone = TONE_WAITING},
    {"held", N_("Held"), "planned", OWNER, .ended = true, .tone = TONE_GOOD},
    {"cancelled", N_("Called off"), "planned", OWNER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

static const struct option letters[] = {
    {"company", N_("To the company, with a copy to me")},
    {"self", N_("To me only")},
    {NULL, NULL},
};

#define FIELD(type_, member_, ...) type_(visit, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, DERIVED(COMPOSED, "{company} – {day}"), .label = N_("Visit"), .max = 400, .search = WEIGHT_A),
    FIELD(REFERENCE, company, .label = N_("Company visited"), .to = "organisation", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(REFERENCE, cluster, .label = N_("Cluster that visits"), .to = "organisation", .required = true, .fixed = true,
          .facet = true),
    FIELD(DATE, day, .label = N_("Day"), .required = true, .facet = true, .list = true, .sort = true),
    FIELD(TEXT, officer, PERSONAL(OWNER | PARTNER), .label = N_("Who goes"), .max = 120, .list = true,
          .help = N_("Left empty: you.")),
    FIELD(TEXT, met, PERSONAL(OWNER), .label = N_("Whom you met"), .max = 300, .later = true),
    FIELD(TEXT, said, .read = OWNER, .label = N_("What was said"), .several_lines = true, .max = 8000, .later = true,
          .help = N_("For your cluster only: nobody else reads it.")),
    FIELD(TEXT, summary, .label = N_("What to remember"), .several_lines = true, .max = 4000, .later = true,
          .search = WEIGHT_B,
          .help =
              N_("Read by your cluster, by the authority that you tell, and in the letter of this evening. No names of "
                 "people.")),
    FIELD(TEXT, next, .label = N_("Next steps"), .several_lines = true, .max = 2000, .later = true, .search = WEIGHT_C,
          .help = N_("Who does what.")),
    FIELD(DATE, next_day, .label = N_("By when"), .deadline = true, .later = true, .facet = true),
    FIELD(
        REFERENCE, authority, .label = N_("Authority that is told"), .to = "organisation", .later = true, .facet = true,
        .help =
            N_("A Région, for instance. Its people then read this visit, but neither what was said nor whom you met.")),
    FIELD(CHOICE, letter, .label = N_("Letter of this evening"), .options = letters, .later = true,
          .help = N_("What to remember, the next steps, the needs noted, and who may help. Neither what was said nor "
                     "whom you met.")),
    FIELD(DATE, lettered, .label = N_("Letter sent on"), .computed = true),
    FIELD(PLACE, place, FILLED(TAKEN, "company.place"), .label = N_("Where"), .facet = true, .list = true),
    FIELD(CODE, sector, DERIVED(TAKEN, "company.sector"), .label = N_("Sector"), .scheme = "naf", .facet = true),
    FIELD(CODE, size, DERIVED(TAKEN, "company.size"), .label = N_("Size of the company"), .scheme = "size",
          .facet = true),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELDS_END,
};

static enum status check(struct record_context *context, void *record, const void *before, struct error *error)
{
    struct visit *visit = record;
    if (!before && !visit->officer.value && context->viewer->name) visit->officer.value = context->viewer->name;
    if (visit->day.day != ABSENT && visit->next_day.day != ABSENT && visit->next_day.day < visit->day.day)
        return error_field(error, STATUS_INPUT, "next_day", N_("What follows from a visit comes after it."));
    return STATUS_OK;
}

/* What did not take place yet was not held. */
static enum status check_step(struct record_context *context, const void *record, const void *before,
                              struct error *error)
{
    const struct visit *visit = record;
    (void)context, (void)before;
    if (!visit || *visit->head.state != 'h' || visit->day.day <= time_today()) return STATUS_OK;
    return error_field(error, STATUS_INPUT, "day", N_("This visit is yet to come: correct its day first."));
}

static const struct panel panels[] = {
    {N_("Needs noted"), "need", "visit", 10},
    {NULL},
};

const struct kind visit_kind = {
    .name = "visit",
    .title = N_("Visit"),
    .plural = N_("Visits"),
    .path = "/visits",
    .summary = N_("Companies seen by your cluster, or about to be."),
    .filing = N_("Plan a visit"),
    .size = sizeof(struct visit),
    .fields = fields,
    .states = states,
    .panels = panels,
    .name_field = "title",
    .place = "place",
    .owner_field = "cluster",
    .partner = "authority",
    .starts = "day",
    .retention = {.purpose = N_("To remember who was met, and prepare the next visit"), .months = 36},
    .create = OFFICER,
    .read = ANYONE,
    .write = OWNER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_PRIVATE,
    .fixed_audience = true,
    .before_save = check,
    .after_save = check_step,
};
