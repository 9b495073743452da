#include "product/kinds/handover.h"

#include <string.h>

#include "base/arena.h"
#include "platform/db/db.h"
#include "platform/job/job.h"
#include "platform/record/record.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/roles.h"

/* What happens there is told by people or by the service; only "sending" belongs to the program, between the asking and its answer. */
static const struct state states[] = {
    {"draft", N_("To be checked"), "waiting;dropped", OWNER | OFFICER, .tone = TONE_NEUTRAL},
    {"waiting", N_("About to be sent"), "draft;sending;dropped", OWNER | OFFICER, .tone = TONE_WAITING},
    {"sending", N_("Being sent"), "sent;failed;uncertain;waiting", OWNER | OFFICER, .automatic = true,
     .tone = TONE_WAITING},
    {"sent", N_("Sent"), "accepted;refused;ended", OWNER | OFFICER, .tone = TONE_WAITING},
    {"uncertain", N_("Perhaps sent: ask the service"), "sent;waiting;dropped", OWNER | OFFICER, .tone = TONE_WAITING},
    {"failed", N_("Not sent"), "draft;dropped", OWNER | OFFICER, .reason = true, .tone = TONE_ENDED},
    {"accepted", N_("Accepted by the service"), "ended;refused", OWNER | OFFICER, .tone = TONE_NEUTRAL},
    {"refused", N_("Refused by the service"), NULL, OWNER | OFFICER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {"ended", N_("Dealt with"), NULL, OWNER | OFFICER, .ended = true, .tone = TONE_GOOD},
    {"dropped", N_("Given up"), NULL, OWNER | OFFICER, .reason = true, .ended = true, .tone = TONE_ENDED},
    {NULL},
};

#define FIELD(type_, member_, ...) type_(handover, member_, __VA_ARGS__)
static const struct field fields[] = {
    FIELD(TEXT, title, DERIVED(COMPOSED, "{subject} – {need}"), .label = N_("Hand-over"), .max = 400, .list = true),
    FIELD(REFERENCE, need, .label = N_("Need"), .to = "need", .required = true, .fixed = true, .facet = true,
          .list = true),
    FIELD(TEXT, service, .label = N_("Service"), .computed = true, .list = true),
    FIELD(CODE, subject, .label = N_("Subject"), .scheme = HANDOVER_SCHEME, .level = "subject", .required = true,
          .facet = true, .list = true, .help = N_("What the services take requests about.")),
    FIELD(CODES, answered_yes, .label = N_("Questions to answer with yes"), .scheme = HANDOVER_SCHEME,
          .level = "question", .later = true,
          .help = N_("The service asks them on this subject; those that you leave out are answered with no.")),
    FIELD(TEXT, answers, .label = N_("Answers to the questions of the service"), .computed = true, .max = 4000,
          .several_lines = true),
    FIELD(TEXT, message, .label = N_("Message"), .several_lines = true, .max = 4000,
          .help = N_("Left empty: the words of the need.")),
    FIELD(YESNO, with_contact, .label = N_("May the service call the person named in the need?"), .required = true,
          .help = N_("Yes only if they agreed. No: it is given your own name and e-mail address.")),
    FIELD(TEXT, contact, PERSONAL(OWNER | OFFICER), .label = N_("Name given"), .computed = true),
    FIELD(EMAIL, email, PERSONAL(OWNER | OFFICER), .label = N_("E-mail given"), .computed = true),
    FIELD(TELEPHONE, telephone, PERSONAL(OWNER | OFFICER), .label = N_("Telephone given"), .computed = true),
    FIELD(TEXT, company, .label = N_("Company named"), .computed = true, .max = 160),
    FIELD(SIRET, siret, .label = N_("SIRET given"), .computed = true),
    FIELD(TEXT, number, .label = N_("Number at the service"), .later = true, .max = 100),
    FIELD(DATE, sent, .label = N_("Sent on"), .later = true, .list = true, .sort = true),
    FIELD(TEXT, answer, .label = N_("What the service answered"), .later = true, .several_lines = true, .max = 4000),
    FIELDS_END,
};

static bool is_in(const struct handover *handover, const char *state)
{
    return strcmp(handover->head.state, state) == 0;
}

static bool same_text(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

static bool has_code(const char *list, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = list; at && *at; at += strcspn(at, ";"), at += *at == ';')
        if (strcspn(at, ";") == length && strncmp(at, code, length) == 0) return true;
    return false;
}

/* Each question of the subject with its answer, a line each. */
static void answer_questions(struct record_context *context, struct handover *handover)
{
    const struct vocabulary_code **questions = NULL;
    const size_t count = vocabulary_list(context->records->vocabulary, context->arena, HANDOVER_SCHEME, "question",
                                         handover->subject.value, &questions);
    handover->answers.value = NULL;
    for (size_t i = 0; i < count; i++) {
        const bool yes = has_code(handover->answered_yes.value, questions[i]->code);
        const char *answer = language_text(context->language, yes ? N_("Yes") : N_("No"));
        handover->answers.value = arena_print(context->arena, "%s%s%s – %s", i ? handover->answers.value : "",
                                              i ? "\n" : "", questions[i]->label_fr, answer);
    }
}

static enum status check_questions(const struct vocabulary *lists, const struct handover *handover, struct error *error)
{
    for (const char *at = handover->answered_yes.value; at && *at;) {
        char code[80] = "";
        const size_t length = strcspn(at, ";");
        if (length < sizeof code) memcpy(code, at, length);
        const struct vocabulary_code *question = vocabulary_find(lists, HANDOVER_SCHEME, code);
        if (!question || !same_text(question->parent, handover->subject.value))
            return error_field(error, STATUS_INPUT, "answered_yes", N_("This is no question on that subject."));
        at += length + (at[length] == ';');
    }
    return STATUS_OK;
}

static enum status check_unchanged(const struct handover *handover, const struct handover *before, struct error *error)
{
    if (!before || is_in(before, "draft")) return STATUS_OK;
    if (same_text(handover->message.value, before->message.value) &&
        same_text(handover->subject.value, before->subject.value) &&
        same_text(handover->answered_yes.value, before->answered_yes.value) &&
        handover->with_contact.value == before->with_contact.value)
        return STATUS_OK;
    return error_field(error, STATUS_CONFLICT, "message",
                       N_("What leaves can only be changed while it is to be checked."));
}

static enum status name_sender(struct record_context *context, struct handover *handover, struct error *error)
{
    struct db_rows *rows = db_query(context->handle, "SELECT name, email FROM account WHERE id = $1",
                                    DB_BIND(db_integer(context->viewer->account)));
    if (db_next(rows)) {
        handover->contact.value = arena_copy(context->arena, db_get_text(rows, 0));
        handover->email.value = arena_copy(context->arena, db_get_text(rows, 1));
    }
    return db_end(&rows, error);
}

static enum status name_contact(struct record_context *context, struct handover *handover, const struct need *need,
                                struct error *error)
{
    handover->contact.value = need->contact.value;
    handover->email.value = need->email.value;
    handover->telephone = need->telephone;
    if (handover->with_contact.value != 1) {
        handover->telephone.value = NULL;
        return name_sender(context, handover, error);
    }
    if (need->contact.value && need->email.value) return STATUS_OK;
    return error_field(error, STATUS_INPUT, "with_contact",
                       N_("The need names nobody with an e-mail address: complete it, or answer no."));
}

static enum status take_from_company(struct record_context *context, struct handover *handover, const struct need *need,
                                     struct error *error)
{
    void *loaded = NULL;
    const enum status status = record_load(context, &organisation_kind, need->company.id, &loaded, error);
    if (status) return status;
    const struct organisation *company = loaded;
    handover->company.value = company->name.value;
    handover->siret = company->siret;
    return STATUS_OK;
}

/* What will leave is put together while it is to be checked, and stays. */
static enum status compose(struct record_context *context, void *record, const void *before, struct error *error)
{
    struct handover *handover = record;
    void *loaded = NULL;
    enum status status = check_unchanged(handover, before, error);
    if (status || !is_in(handover, "draft") || !handover->need.id || !handover->subject.value) return status;
    status = check_questions(context->records->vocabulary, handover, error);
    if (!status) status = record_load(context, &need_kind, handover->need.id, &loaded, error);
    if (status) return status;
    const struct need *need = loaded;
    handover->head.audience = need->head.audience == AUDIENCE_PRIVATE ? AUDIENCE_PRIVATE : AUDIENCE_CIRCLE;
    if (!handover->message.value)
        handover->message.value = need->description.value ? arena_print(context->arena, "%s\n\n%s", need->title.value,
                                                                        need->description.value)
                                                          : need->title.value;
    handover->service.value = vocabulary_label(
        context->records->vocabulary, context->language, HANDOVER_SCHEME,
        arena_copy_bytes(context->arena, handover->subject.value, strcspn(handover->subject.value, ".")));
    answer_questions(context, handover);
    status = name_contact(context, handover, need, error);
    return status ? status : take_from_company(context, handover, need, error);
}

/* In the same transaction: it will be sent if and only if this is kept. */
static enum status ask_to_send(struct record_context *context, const void *record, const void *before,
                               struct error *error)
{
    const struct handover *handover = record, *former = before;
    if (!handover || !is_in(handover, "waiting") || (former && is_in(former, "waiting"))) return STATUS_OK;
    const char *id = arena_print(context->arena, "%lld", (long long)handover->head.id);
    const struct job_request request = {.type = HANDOVER_JOB,
                                        .viewer = context->viewer,
                                        .language = context->language,
                                        .subject = handover->title.value,
                                        .argument = id,
                                        .priority = JOB_FIRST,
                                        .unique = arena_print(context->arena, "handover %s", id)};
    int64_t job = 0;
    return job_enqueue(context->handle, &request, &job, error);
}

const struct kind handover_kind = {
    .name = "handover",
    .title = N_("Hand-over"),
    .plural = N_("Hand-overs"),
    .path = "/handovers",
    .summary = N_("Needs handed over to other services, and what came of it."),
    .filing = N_("Hand over to a service"),
    .size = sizeof(struct handover),
    .fields = fields,
    .states = states,
    .name_field = "title",
    .owner_field = "need",
    .list = HANDOVER_SCHEME,
    .place = "need.place",
    .retention = {.purpose = N_("To let the service to which the need was handed over answer"), .months = 36},
    .create = MEMBER | OFFICER,
    .read = ANYONE,
    .write = OWNER | OFFICER,
    .erase = OWNER | ADMINISTRATOR,
    .audience = AUDIENCE_CIRCLE,
    .fixed_audience = true,
    .small_cell = 3,
    .before_save = compose,
    .after_save = ask_to_send,
};
