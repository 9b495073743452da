#include "product/kinds/adoption.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/record/record.h"
#include "product/kinds/practice.h"
#include "product/roles.h"

enum { VALUE_SCALE = 2, CHANGE_SCALE = 1, TENTHS_OF_PERCENT = 1000 };
#define VALUE_MOST INT64_C(100000000000000) /* a million million, in hundredths */

static const struct state states[] = {
    {"considered", N_("Looked into"), "begun;given_up", OWNER | OFFICER, .tone = TONE_NEUTRAL},
    {"begun", N_("Being put in place"), "in_place;given_up", OWNER | OFFICER, .tone = TONE_WAITING},
    {"in_place", N_("In place"), "measured;given_up", OWNER | OFFICER, .tone = TONE_WAITING},
    {"measured", N_("Result measured"), "in_place;given_up", OWNER | OFFICER, .tone = TONE_GOOD},
    {"given_up", N_("Given up"), "considered", OWNER | OFFICER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

static const struct option directions[] = {
    {"lower", N_("That it goes down")},
    {"higher", N_("That it goes up")},
    {NULL, NULL},
};

static const struct option effects[] = {
    {"better", N_("Better than before")},
    {"same", N_("As before")},
    {"worse", N_("Worse than before")},
    {NULL, NULL},
};

#define FIELD(type_, member_, ...) type_(adoption, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, DERIVED(COMPOSED, "{organisation} – {practice}"), .label = N_("Adoption"), .max = 400,
          .search = WEIGHT_A),
    FIELD(REFERENCE, practice, .label = N_("Practice taken up"), .to = "practice", .required = true, .fixed = true,
          .facet = true, .list = true),
    FIELD(REFERENCE, organisation, .label = N_("Who takes it up"), .to = "organisation", .required = true,
          .fixed = true, .facet = true, .list = true),
    FIELD(REFERENCE, holder, DERIVED(TAKEN, "practice.organisation"), .label = N_("Whose practice it is"),
          .to = "organisation", .facet = true),
    FIELD(TEXT, adaptation, .label = N_("What is done otherwise"), .several_lines = true, .max = 4000,
          .search = WEIGHT_B, .help = N_("What your size, your trade or your territory asked to change.")),
    FIELD(DATE, start, .label = N_("Since"), .past = true),
    FIELD(MONEY, cost, .label = N_("What it cost here"), .later = true, .help = N_("All in, aids included.")),
    FIELD(TEXT, measure, .label = N_("What is measured"), .max = 120, .search = WEIGHT_C,
          .help = N_("One figure that you can take before and after, for instance: departures before three months.")),
    FIELD(TEXT, unit, .label = N_("In what"), .max = 40, .help = N_("For instance: %, days, MWh a year.")),
    FIELD(CHOICE, sought, .label = N_("What is hoped for"), .options = directions),
    FIELD(DECIMAL, before, .label = N_("Before"), .min = -VALUE_MOST, .max = VALUE_MOST, .scale = VALUE_SCALE),
    FIELD(DECIMAL, after, .label = N_("After"), .min = -VALUE_MOST, .max = VALUE_MOST, .scale = VALUE_SCALE,
          .later = true),
    FIELD(DATE, measured, .label = N_("Measured on"), .past = true, .later = true),
    FIELD(TEXT, result, .label = N_("What came of it"), .several_lines = true, .max = 4000, .later = true,
          .search = WEIGHT_B, .help = N_("What changed and what did not, in your words. No names of people.")),
    FIELD(TEXT, figures, .label = N_("Before and after"), .computed = true, .max = 240, .list = true),
    FIELD(CHOICE, effect, .label = N_("Effect"), .options = effects, .computed = true, .facet = true, .list = true),
    FIELD(DECIMAL, change, .label = N_("Evolution"), .scale = CHANGE_SCALE, .unit = N_("%"), .computed = true),
    FIELD(TEXT, lesson, .label = N_("Advice to the next ones"), .several_lines = true, .max = 2000, .later = true,
          .search = WEIGHT_C),
    FIELD(LINK, evidence, .label = N_("Evidence"), .later = true,
          .help = N_("A report, an article, a page that shows the result.")),
    FIELD(PLACE, place, FILLED(TAKEN, "organisation.place"), .label = N_("Where"), .facet = true, .list = true),
    FIELD(CODE, sector, DERIVED(TAKEN, "organisation.sector"), .label = N_("Sector"), .scheme = "naf", .facet = true),
    FIELD(CODE, size, DERIVED(TAKEN, "organisation.size"), .label = N_("Size of the company"), .scheme = "size",
          .facet = true),
    FIELD(CODE, departement, DERIVED(ANCESTOR, "place.departement"), .label = N_("Département"), .scheme = "territory"),
    FIELD(CODE, region, DERIVED(ANCESTOR, "place.region"), .label = N_("Région"), .scheme = "territory"),
    FIELDS_END,
};

static enum status refuse(struct error *error, const char *field, const char *sentence)
{
    return error_field(error, STATUS_INPUT, field, sentence);
}

/* One of one's own, or a second time what one has taken up already, would count twice. itself: 1 when the one that is checked is counted. */
static enum status check_pair(struct record_context *context, const struct adoption *adoption, int64_t itself,
                              struct error *error)
{
    int64_t others = 0;
    if (adoption->holder.id == adoption->organisation.id)
        return refuse(error, "organisation", N_("This organisation published the practice itself."));
    const enum status status = db_one_integer(
        context->handle, "SELECT COUNT(*) FROM adoption WHERE practice = $1 AND owner = $2 AND state <> 'given_up'",
        DB_BIND(db_integer(adoption->practice.id), db_integer(adoption->organisation.id)), &others, error);
    if (status || others <= itself) return status;
    return refuse(error, "organisation", N_("This organisation has taken up that practice already: go on from there."));
}

/* What of the figures is there without the rest would say nothing. */
static enum status check_figures(const struct adoption *adoption, struct error *error)
{
    const bool figured = adoption->before.scaled != ABSENT || adoption->after.scaled != ABSENT;
    if (figured && !adoption->measure.value) return refuse(error, "measure", N_("Say what these figures measure."));
    if (figured && !adoption->sought.value)
        return refuse(error, "sought", N_("Say whether it is good that the figure goes up or down."));
    if (adoption->start.day != ABSENT && adoption->measured.day != ABSENT &&
        adoption->measured.day < adoption->start.day)
        return refuse(error, "measured", N_("The result cannot be measured before the practice was taken up."));
    return STATUS_OK;
}

/* As people write it: no zeros at the end. */
static const char *write_value(const struct record_context *context, int64_t scaled)
{
    int scale = VALUE_SCALE;
    for (; scale && scaled % 10 == 0; scale--) scaled /= 10;
    return language_number(context->arena, context->language, scaled, scale);
}

/* In tenths of a percent of what it was, rounded half away from zero; absent when it was nothing. */
static int64_t change_of(int64_t before, int64_t after)
{
    const int64_t size = llabs(before), change = (after - before) * TENTHS_OF_PERCENT;
    return size ? (change + (change < 0 ? -size : size) / 2) / size : ABSENT;
}

static void compute_effect(const struct record_context *context, struct adoption *adoption)
{
    const int64_t before = adoption->before.scaled, after = adoption->after.scaled;
    adoption->figures.value = adoption->effect.value = NULL;
    adoption->change.scaled = ABSENT;
    if (before == ABSENT || after == ABSENT) return;
    const bool rose = after > before, wished = strcmp(adoption->sought.value, "higher") == 0;
    adoption->effect.value = before == after ? "same" : rose == wished ? "better" : "worse";
    adoption->change.scaled = change_of(before, after);
    const char *figures =
        language_print(context->arena, context->language, N_("{1}: {2} → {3}"), adoption->measure.value,
                       write_value(context, before), write_value(context, after), (const char *)NULL);
    adoption->figures.value =
        adoption->unit.value ? arena_print(context->arena, "%s %s", figures, adoption->unit.value) : figures;
}

static enum status check(struct record_context *context, void *record, const void *before, struct error *error)
{
    struct adoption *adoption = record;
    enum status status = before || !adoption->practice.id ? STATUS_OK : check_pair(context, adoption, 0, error);
    if (!status) status = check_figures(adoption, error);
    if (!status) compute_effect(context, adoption);
    return status;
}

static bool is_in(const struct adoption *adoption, const char *state)
{
    return adoption && strcmp(adoption->head.state, state) == 0;
}

/* No result is announced without one; what was given up and is begun again still counts once. */
static enum status check_step(struct record_context *context, const void *record, const void *before,
                              struct error *error)
{
    const struct adoption *adoption = record;
    if (is_in(before, "given_up") && is_in(adoption, "considered")) return check_pair(context, adoption, 1, error);
    if (!is_in(adoption, "measured")) return STATUS_OK;
    if (adoption->effect.value || adoption->result.value) return STATUS_OK;
    return error_field(error, STATUS_INPUT, "state",
                       N_("Write the result first: the figures before and after, or what came of it in words."));
}

const struct kind adoption_kind = {
    .name = "adoption",
    .title = N_("Adoption of a practice"),
    .plural = N_("Adoptions of practices"),
    .path = "/adoptions",
    .summary = N_("Who took up which good practice, and the result that they measured."),
    .themes = "ECON;TECH",
    .keywords = N_("good practices;results;innovation"),
    .filing = N_("Take up this practice"),
    .section = "/find",
    .size = sizeof(struct adoption),
    .fields = fields,
    .states = states,
    .name_field = "title",
    .place = "place",
    .owner_field = "organisation",
    .partner = "holder",
    .create = MEMBER | OFFICER | REGION,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_PUBLIC,
    .before_save = check,
    .after_save = check_step,
};
