/* service.c: the services of the settings, and the subjects that they take requests on. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/time.h"
#include "platform/client/client.h"
#include "platform/vocabulary/list.h"
#include "product/handover/handover.h"
#include "product/handover/handover_private.h"
#include "product/kinds/handover.h"

enum { WORDS = 6, ROWS_MOST = 2000 };

static size_t split(struct arena *arena, const char *line, char *words[WORDS])
{
    char *rest = arena_copy(arena, line), *next = NULL;
    size_t count = 0;
    for (char *word = strtok_r(rest, " \t", &next); word && count < WORDS; word = strtok_r(NULL, " \t", &next))
        words[count++] = word;
    return count;
}

static enum status refuse_line(const char *line, struct error *error)
{
    return error_field(error, STATUS_INPUT, "handover",
                       "Write KEY https://ADDRESS PAGE TOKEN-FILE [knows-repeats] [private], not “{1}”.", line);
}

static bool read_flag(struct handover_service *service, const char *word)
{
    if (strcmp(word, "knows-repeats") == 0)
        service->knows_repeats = true;
    else if (strcmp(word, "private") == 0)
        service->private = true;
    else
        return false;
    return true;
}

static enum status read_service(struct arena *arena, const char *line, struct handover_service *service,
                                struct error *error)
{
    char *words[WORDS];
    const size_t count = split(arena, line, words);
    if (count < 4) return refuse_line(line, error);
    *service = (struct handover_service){.key = words[0], .address = words[1], .page = words[2]};
    for (size_t i = 4; i < count; i++)
        if (!read_flag(service, words[i])) return refuse_line(line, error);
    if (!client_address_valid(service->address, service->private) || strpbrk(service->key, ".;|") ||
        strspn(service->page, "0123456789") != strlen(service->page))
        return refuse_line(line, error);
    return config_secret(arena, words[3], &service->token, error);
}

enum status handover_read_services(struct arena *arena, const struct option_list *lines, const char *origin,
                                   struct handover_services *services, struct error *error)
{
    struct handover_service *items = ARENA_ARRAY(arena, lines->count + 1, struct handover_service);
    *services = (struct handover_services){.items = items, .origin = origin ? origin : ""};
    for (size_t i = 0; i < lines->count; i++) {
        const enum status status = read_service(arena, lines->values[i], &items[i], error);
        if (status) return status;
        services->count++;
    }
    if (services->count && !*services->origin)
        return error_field(error, STATUS_INPUT, "origin",
                           "Say the address of this site: requests to other services refer to it.");
    return STATUS_OK;
}

const struct handover_service *handover_find_service(const struct handover_services *services, const char *subject)
{
    const size_t length = strcspn(subject, ".");
    for (size_t i = 0; i < services->count; i++)
        if (strlen(services->items[i].key) == length && strncmp(services->items[i].key, subject, length) == 0)
            return &services->items[i];
    return NULL;
}

enum status handover_call(struct arena *arena, const struct handover_service *service, const char *method,
                          const char *path, const char *body, const char *identifier, struct client_answer *answer,
                          struct error *error)
{
    const char *const headers[] = {arena_print(arena, "Authorization: Bearer %s", service->token),
                                   "Accept: application/json", "Content-Type: application/json",
                                   identifier ? arena_print(arena, "Idempotency-Key: %s", identifier) : NULL, NULL};
    const struct client_call call = {.method = method,
                                     .url = arena_print(arena, "%s/api/v1/%s", service->address, path),
                                     .headers = headers,
                                     .body = body,
                                     .body_length = body ? strlen(body) : 0,
                                     .private = service->private,
                                     .total_ms = service->total_ms};
    return client_send(arena, &call, answer, error);
}

/* ---- subjects ---- */

struct gathering {
    struct arena *arena;
    struct list *list;
    const struct handover_service *service;
    size_t subjects;
};

static const char *json_text(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value)) return arena_print(arena, "%lld", (long long)json_integer_value(value));
    return json_is_string(value) && *json_string_value(value) ? arena_copy(arena, json_string_value(value)) : NULL;
}

static void add_row(struct gathering *gathering, const char *code, const char *level, const char *parent,
                    const char *label)
{
    struct list *list = gathering->list;
    if (list->row_count == ROWS_MOST) return;
    list->rows[list->row_count++] = (struct list_row){.code = code,
                                                      .level = level,
                                                      .parent = parent,
                                                      .label_fr = label,
                                                      .population = INT64_MIN,
                                                      .latitude = INT64_MIN,
                                                      .longitude = INT64_MIN,
                                                      .from = INT64_MIN,
                                                      .until = INT64_MAX};
}

static void add_subject(struct gathering *gathering, const json_t *subject)
{
    struct arena *arena = gathering->arena;
    const char *id = json_text(arena, subject, "id"), *title = json_text(arena, subject, "title");
    const json_t *questions = json_object_get(subject, "questions_additionnelles"), *question = NULL;
    size_t i = 0;
    if (!id || !title) return;
    const char *code = arena_print(arena, "%s.%s", gathering->service->key, id);
    add_row(gathering, code, "subject", gathering->service->key, title);
    gathering->subjects++;
    json_array_foreach(questions, i, question)
    {
        const char *number = json_text(arena, question, "id"), *text = json_text(arena, question, "question");
        if (number && text) add_row(gathering, arena_print(arena, "%s.%s", code, number), "question", code, text);
    }
}

static enum status refuse_answer(const struct gathering *gathering, const struct client_answer *answer,
                                 struct error *error)
{
    return error_set(error, STATUS_NONE, "The service {1} gave no list of subjects: it answered {2}. {3}",
                     gathering->service->key, arena_print(gathering->arena, "%d", answer->status),
                     handover_read_errors(gathering->arena, answer));
}

static enum status add_service(struct gathering *gathering, struct error *error)
{
    struct client_answer answer;
    const char *path = arena_print(gathering->arena, "landings/%s/landing_subjects", gathering->service->page);
    const enum status status =
        handover_call(gathering->arena, gathering->service, "GET", path, NULL, NULL, &answer, error);
    if (status) return status;
    json_t *whole = answer.status == 200 ? json_loadb(answer.body, answer.length, 0, NULL) : NULL;
    const json_t *subjects = json_object_get(whole, "data"), *subject = NULL;
    size_t i = 0;
    if (json_array_size(subjects))
        add_row(gathering, gathering->service->key, "service", NULL,
                arena_copy_bytes(gathering->arena, strstr(gathering->service->address, "://") + 3,
                                 strcspn(strstr(gathering->service->address, "://") + 3, "/:")));
    json_array_foreach(subjects, i, subject) add_subject(gathering, subject);
    const bool found = json_array_size(subjects) > 0;
    json_decref(whole);
    return found ? STATUS_OK : refuse_answer(gathering, &answer, error);
}

/* The edition is the day: subjects that went stay readable in the hand-overs that name them. */
enum status handover_fetch_subjects(struct db *db, const struct handover_services *services, size_t *subjects,
                                    struct error *error)
{
    struct arena *arena = arena_new();
    struct list list = {.scheme = HANDOVER_SCHEME,
                        .title_fr = "Services à qui transmettre un besoin",
                        .title_en = "Services to which needs are handed over",
                        .source = "the services themselves",
                        .licence = "theirs",
                        .from = time_today(),
                        .until = INT64_MAX,
                        .rows = ARENA_ARRAY(arena, ROWS_MOST, struct list_row)};
    char day[16];
    day_format(list.from, day);
    list.version = arena_copy(arena, day);
    struct gathering gathering = {.arena = arena, .list = &list};
    enum status status = services->count ? STATUS_OK : error_set(error, STATUS_NONE, "No service is set up.");
    for (size_t i = 0; i < services->count && !status; i++) {
        gathering.service = &services->items[i];
        status = add_service(&gathering, error);
    }
    if (!status) status = list_arrange(arena, "handover", &list, error);
    if (!status) list_take_fingerprint(&list);
    if (!status) status = list_store(db, &list, NULL, NULL, error);
    *subjects = gathering.subjects;
    arena_free(&arena);
    return status;
}
