/* deliver.c: one hand-over sent, and what the answer makes of its record. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/readings.h"
#include "platform/record/record.h"
#include "platform/vocabulary/vocabulary.h"
#include "product/handover/handover_private.h"
#include "product/kinds/handover.h"

enum { REASON_MOST = 480, ANSWER_CHARACTERS = 3000 };

struct delivery {
    struct record_context *context;
    const struct handover_service *service;
    const struct handover *handover;
    int64_t version;
    struct client_answer answer;
};

static bool has_yes(const char *list, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = list; at && *at; at += strcspn(at, ";"), at += *at == ';')
        if (strcspn(at, ";") == length && strncmp(at, code, length) == 0) return true;
    return false;
}

static json_t *answers_of(struct record_context *context, const struct handover *handover)
{
    const struct vocabulary_code **questions = NULL;
    json_t *answers = json_array();
    const size_t count = vocabulary_list(context->records->vocabulary, context->arena, HANDOVER_SCHEME, "question",
                                         handover->subject.value, &questions);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(answers, json_pack("{s:I, s:b}", "question_id",
                                                 (json_int_t)strtoll(strrchr(questions[i]->code, '.') + 1, NULL, 10),
                                                 "answer", has_yes(handover->answered_yes.value, questions[i]->code)));
    return answers;
}

const char *handover_request(struct record_context *context, const struct handover_services *services,
                             const struct handover *handover)
{
    const struct handover_service *service = handover_find_service(services, handover->subject.value);
    const char *origin =
        arena_print(context->arena, "%s/fr/handovers/%lld", services->origin, (long long)handover->head.id);
    json_t *body =
        json_pack("{s:{s:I, s:I, s:s, s:s*, s:s*, s:s*, s:s*, s:s, s:o}}", "solicitation", "landing_id",
                  (json_int_t)strtoll(service->page, NULL, 10), "landing_subject_id",
                  (json_int_t)strtoll(strchr(handover->subject.value, '.') + 1, NULL, 10), "description",
                  handover->message.value, "full_name", handover->contact.value, "email", handover->email.value,
                  "phone_number", handover->telephone.value, "siret", handover->siret.value, "origin_url", origin,
                  "questions_additionnelles", answers_of(context, handover));
    char *text = json_dumps(body, JSON_COMPACT);
    const char *kept = arena_copy(context->arena, text ? text : "");
    free(text);
    json_decref(body);
    return kept;
}

const char *handover_read_errors(struct arena *arena, const struct client_answer *answer)
{
    const char *said = "";
    json_t *whole = json_loadb(answer->body, answer->length, 0, NULL);
    const json_t *one = NULL;
    size_t i = 0;
    json_array_foreach(json_object_get(whole, "errors"), i, one)
    {
        const char *source = json_string_value(json_object_get(one, "source"));
        const char *message = json_string_value(json_object_get(one, "message"));
        if (message && strlen(said) < ANSWER_CHARACTERS)
            said = arena_print(arena, "%s%s%s%s%s", said, *said ? " ; " : "", source ? source : "", source ? " : " : "",
                               message);
    }
    json_decref(whole);
    return said;
}

/* ---- what the record says afterwards ---- */

/* A text that fits where it is kept, cut between characters. */
static const char *cut(struct arena *arena, const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most) return text;
    for (length = most; length && ((unsigned char)text[length] & 0xc0) == 0x80;) length--;
    return arena_print(arena, "%.*s…", (int)length, text);
}

static enum status step(struct delivery *delivery, const char *state, const char *reason, const char *number,
                        const char *answer, struct error *error)
{
    struct arena *arena = delivery->context->arena;
    char day[16];
    day_format(time_today(), day);
    const struct input inputs[] = {{"answer", answer ? answer : ""}, {"number", number ? number : ""}, {"sent", day}};
    struct faults faults = {.count = 0};
    struct record_change change = {.id = delivery->handover->head.id,
                                   .version = delivery->version,
                                   .state = state,
                                   .reason = reason ? cut(arena, reason, REASON_MOST) : NULL,
                                   .inputs = &(struct inputs){inputs, answer ? 3 : 0},
                                   .faults = &faults};
    if (answer) return record_write(delivery->context, &handover_kind, &change, error);
    const enum status status =
        record_change_state(delivery->context, &handover_kind, change.id, change.version, state, change.reason, error);
    delivery->version++;
    return status;
}

static const char *say(const struct delivery *delivery, const char *english, const char *detail)
{
    return language_print(delivery->context->arena, delivery->context->language, english, detail, NULL);
}

static enum status keep_success(struct delivery *delivery, struct error *error)
{
    struct arena *arena = delivery->context->arena;
    json_t *whole = json_loadb(delivery->answer.body, delivery->answer.length, 0, NULL);
    const json_t *data = json_object_get(whole, "data"), *partner = NULL;
    const json_t *id = json_object_get(data, "solicitation_id");
    const char *number = json_is_integer(id) ? arena_print(arena, "%lld", (long long)json_integer_value(id)) : "";
    const char *partners = "";
    size_t i = 0;
    json_array_foreach(json_object_get(data, "institutions_partenaires"), i,
                       partner) if (json_is_string(partner) && strlen(partners) < ANSWER_CHARACTERS) partners =
        arena_print(arena, "%s%s%s", partners, i ? ", " : "", json_string_value(partner));
    json_decref(whole);
    const char *answer = *partners ? say(delivery, N_("Received. It may be answered by: {1}."), partners)
                                   : say(delivery, N_("Received."), NULL);
    return step(delivery, "sent", NULL, number, answer, error);
}

/* To be tried again, or not when it may have arrived at a service that would take it for another. */
static enum status keep_failure(struct delivery *delivery, const char *reason, bool arrived, struct error *error)
{
    if (arrived && !delivery->service->knows_repeats) return step(delivery, "uncertain", reason, NULL, NULL, error);
    const enum status status = step(delivery, "waiting", reason, NULL, NULL, error);
    return status ? status
                  : error_set(error, STATUS_BUSY, N_("{1} It will be tried again."),
                              arena_copy(delivery->context->arena, reason));
}

static enum status keep_answer(struct delivery *delivery, struct error *error)
{
    const int code = delivery->answer.status;
    const char *said = handover_read_errors(delivery->context->arena, &delivery->answer);
    const char *number = arena_print(delivery->context->arena, "%d", code);
    if (code >= 200 && code < 300) return keep_success(delivery, error);
    if (code == 429 || code == 503)
        return keep_failure(delivery, say(delivery, N_("The service has too much to do (answer {1})."), number), false,
                            error);
    if (code >= 500)
        return keep_failure(delivery, say(delivery, N_("The service failed (answer {1})."), number), true, error);
    if (code == 401 || code == 403)
        return step(delivery, "failed",
                    say(delivery, N_("The service does not know our key: an administrator must renew it."), NULL), NULL,
                    NULL, error);
    return step(delivery, "failed",
                *said ? say(delivery, N_("The service did not accept it: {1}."), said)
                      : say(delivery, N_("The service did not accept it (answer {1})."), number),
                NULL, NULL, error);
}

static enum status ask_service(struct delivery *delivery, const struct handover_services *services, struct error *error)
{
    struct arena *arena = delivery->context->arena;
    struct error fault = {0};
    const char *body = handover_request(delivery->context, services, delivery->handover);
    const char *identifier = arena_print(arena, "maillage-%lld", (long long)delivery->handover->head.id);
    const enum status status =
        handover_call(arena, delivery->service, "POST", "solicitations", body, identifier, &delivery->answer, &fault);
    if (!status) return keep_answer(delivery, error);
    const char *reason = language_error(arena, delivery->context->language, &fault);
    if (status == STATUS_INPUT) return step(delivery, "failed", reason, NULL, NULL, error);
    return keep_failure(delivery, reason, delivery->answer.outcome == CLIENT_UNKNOWN, error);
}

enum status handover_deliver(struct record_context *context, const struct handover_services *services, int64_t id,
                             struct error *error)
{
    void *record = NULL;
    enum status status = record_load(context, &handover_kind, id, &record, error);
    if (status) return status;
    struct delivery delivery = {.context = context, .handover = record};
    const char *state = delivery.handover->head.state;
    const bool began = strcmp(state, "sending") == 0;
    if (!began && strcmp(state, "waiting") != 0) return STATUS_OK;
    delivery.version = delivery.handover->head.version;
    delivery.service = handover_find_service(services, delivery.handover->subject.value);
    if (began && !(delivery.service && delivery.service->knows_repeats))
        return step(&delivery, "uncertain", say(&delivery, N_("It was being sent when the program stopped."), NULL),
                    NULL, NULL, error);
    status = readings_commit(context, error); /* the person's details are about to be shown to somebody */
    if (!status && !began) status = step(&delivery, "sending", NULL, NULL, NULL, error);
    if (status) return status;
    if (!delivery.service)
        return step(&delivery, "failed", say(&delivery, N_("That service is not set up any more."), NULL), NULL, NULL,
                    error);
    return ask_service(&delivery, services, error);
}
