/* interface.c: what Insee changed since the last time, by the API Sirene 3.11. */
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/client/client.h"
#include "platform/db/db.h"
#include "platform/http/http.h"
#include "product/application.h"
#include "product/sirene/sirene_private.h"

enum {
    PAGE_ROWS = 1000,
    PAGE_BYTES_MOST = 64 * 1024 * 1024,
    PAGE_MS = 120000,
    USUAL_WAIT_S = 60, /* when a 429 does not say: the API counts by the minute */
    LONGEST_WAIT_MS = 90000,
    TRIES = 5,
    FIRST_DAYS = 7,
    CURSOR_BYTES = 256
};

struct increment {
    struct job *job;
    const struct sirene_settings *settings;
    struct arena *arena; /* of a page */
    const char *query;
    char cursor[CURSOR_BYTES];
    char newest[32]; /* latest moment of treatment that was seen */
    int64_t done, total;
    bool more;
};

/* ---- a page ---- */

static const char *member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_true(value) ? "true" : json_string_value(value);
}

/* The period that goes on: it has no end. */
static const json_t *present_period(const json_t *establishment)
{
    const json_t *periods = json_object_get(establishment, "periodesEtablissement"), *period = NULL;
    size_t i = 0;
    json_array_foreach(periods, i, period) if (!member(period, "dateFin")) return period;
    return json_array_get(periods, 0);
}

static void take_one(struct increment *increment, struct sirene_gathering *gathering, const json_t *establishment)
{
    const json_t *address = json_object_get(establishment, "adresseEtablissement"),
                 *period = present_period(establishment), *unit = json_object_get(establishment, "uniteLegale");
    const char *const values[E_COLUMNS] = {
        [E_SIREN] = member(establishment, "siren"),
        [E_SIRET] = member(establishment, "siret"),
        [E_DIFFUSION] = member(establishment, "statutDiffusionEtablissement"),
        [E_TREATED] = member(establishment, "dateDernierTraitementEtablissement"),
        [E_SEAT] = member(establishment, "etablissementSiege"),
        [E_COMMUNE] = member(address, "codeCommuneEtablissement"),
        [E_BEGAN] = member(period, "dateDebut"),
        [E_STATE] = member(period, "etatAdministratifEtablissement"),
        [E_SIGN] = member(period, "enseigne1Etablissement"),
        [E_USUAL] = member(period, "denominationUsuelleEtablissement"),
        [E_NAF] = member(period, "activitePrincipaleEtablissement"),
        [E_EMPLOYER] = member(period, "caractereEmployeurEtablissement"),
        [E_NAF25] = member(establishment, "activitePrincipaleNAF25Etablissement"),
    };
    const char *const company[U_COLUMNS] = {
        [U_SIREN] = values[E_SIREN],
        [U_DIFFUSION] = member(unit, "statutDiffusionUniteLegale"),
        [U_NAME] = member(unit, "denominationUniteLegale"),
        [U_USUAL] = member(unit, "denominationUsuelle1UniteLegale"),
        [U_LEGAL] = member(unit, "categorieJuridiqueUniteLegale"),
        [U_BAND] = member(unit, "trancheEffectifsUniteLegale"),
        [U_STATE] = member(unit, "etatAdministratifUniteLegale"),
    };
    const char *treated = values[E_TREATED];
    sirene_take_establishment(gathering, values);
    sirene_take_unit(gathering, company);
    if (treated && strlen(treated) >= 19 && strncmp(treated, increment->newest, 19) > 0)
        memcpy(increment->newest, treated, 19);
}

static enum status no_answer(struct error *error)
{
    return error_set(error, STATUS_BUSY, N_("Sirene answered what could not be read."));
}

static enum status take_page(struct increment *increment, struct sirene_gathering *gathering,
                             const struct client_answer *answer, struct error *error)
{
    json_t *whole = json_loadb(answer->body, answer->length, 0, NULL);
    const json_t *header = json_object_get(whole, "header"), *all = json_object_get(whole, "etablissements"),
                 *one = NULL;
    const char *next = member(header, "curseurSuivant");
    size_t i = 0;
    enum status status = STATUS_OK;
    if (!json_is_array(all) || (next && strlen(next) >= CURSOR_BYTES)) status = no_answer(error);
    if (!status) json_array_foreach(all, i, one) take_one(increment, gathering, one);
    increment->more = !status && next && json_array_size(all) > 0 && strcmp(next, increment->cursor) != 0;
    increment->total = json_integer_value(json_object_get(header, "total"));
    increment->done += (int64_t)json_array_size(all);
    if (increment->more) strcpy(increment->cursor, next);
    json_decref(whole);
    return status;
}

/* ---- calls ---- */

static enum status ask(const struct increment *increment, struct client_answer *answer, struct error *error)
{
    struct arena *arena = increment->arena;
    const char *headers[] = {arena_print(arena, "X-INSEE-Api-Key-Integration: %s", increment->settings->key),
                             "Accept: application/json", NULL};
    const char *url =
        arena_print(arena, "%s/siret?q=%s&nombre=%d&curseur=%s", increment->settings->address,
                    http_encode(arena, increment->query), PAGE_ROWS, http_encode(arena, increment->cursor));
    const struct client_call call = {.method = "GET",
                                     .url = url,
                                     .headers = headers,
                                     .private = increment->settings->private,
                                     .total_ms = PAGE_MS,
                                     .answer_most = PAGE_BYTES_MOST};
    return client_send(arena, &call, answer, error);
}

/* As long as the service asks, unless the job is to stop or the wait is too long. */
static enum status wait_for(struct increment *increment, int64_t seconds, struct error *error)
{
    const int64_t most = increment->settings->wait_ms ? increment->settings->wait_ms : LONGEST_WAIT_MS;
    const int64_t wait = (seconds > 0 ? seconds : USUAL_WAIT_S) * MS_PER_SECOND, until = time_ticks() + wait;
    if (wait > most) return error_set(error, STATUS_BUSY, N_("Sirene asks to be called later."));
    while (time_ticks() < until && job_progress(increment->job, increment->done, increment->total))
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    return STATUS_OK;
}

static enum status refuse(int code, struct error *error)
{
    if (code == 401 || code == 403)
        return error_set(error, STATUS_INPUT, N_("Sirene does not accept the key: an administrator must renew it."));
    if (code >= 500)
        return error_set(error, STATUS_BUSY, N_("Sirene failed (answer {1})."), code == 503 ? "503" : "5xx");
    return error_set(error, STATUS_INPUT, N_("Sirene did not understand the request."));
}

/* One page; *none: there is nothing to be had. */
static enum status fetch_page(struct increment *increment, struct sirene_gathering *gathering, bool *none,
                              struct error *error)
{
    for (int i = 0; i < TRIES && !job_should_stop(increment->job); i++) {
        struct client_answer answer;
        enum status status = ask(increment, &answer, error);
        if (status) return status;
        *none = answer.status == 404;
        if (*none) return STATUS_OK;
        if (answer.status == 200) return take_page(increment, gathering, &answer, error);
        if (answer.status != 429) return refuse(answer.status, error);
        status = wait_for(increment, answer.retry_after, error);
        if (status) return status;
    }
    return error_set(error, STATUS_BUSY, N_("Sirene asks to be called later."));
}

/* ---- where it is ---- */

static enum status read_since(struct job *job, char since[32], struct error *error)
{
    struct db_rows *rows = db_query(job->read, "SELECT until FROM sirene_increment WHERE id = 1", DB_BIND_NONE);
    char today[16];
    day_format(time_today() - FIRST_DAYS, today);
    strcpy(since, today);
    strcat(since, "T00:00:00");
    while (db_next(rows)) {
        const char *until = db_get_text(rows, 0);
        if (until && strlen(until) == 19) strcpy(since, until);
    }
    return db_end(&rows, error);
}

static enum status note_until(struct db_handle *write, void *context, struct error *error)
{
    const struct increment *increment = context;
    const enum status status = db_run(write,
                                      "INSERT INTO sirene_increment (id, until, moment) VALUES (1, $1, $2) ON CONFLICT "
                                      "(id) DO UPDATE SET until = $1, moment = $2",
                                      DB_BIND(db_text(increment->newest), db_integer(time_now())), NULL, error);
    return status ? status : job_step(increment->job, write, increment->done, increment->total, error);
}

static void add_up(struct sirene_count *total, const struct sirene_count *more)
{
    int64_t *to = (int64_t *)total;
    const int64_t *from = (const int64_t *)more;
    for (size_t i = 0; i < sizeof *total / sizeof *to; i++) to[i] += from[i];
}

static enum status take_all(struct increment *increment, const struct records *records, struct sirene_count *count,
                            struct error *error)
{
    enum status status = STATUS_OK;
    bool none = false;
    for (increment->more = true; !status && increment->more && !none;) {
        struct sirene_filter *filter = NULL;
        struct sirene_gathering *gathering = NULL;
        struct sirene_count page = {0};
        arena_reset(increment->arena);
        if (!job_progress(increment->job, increment->done, increment->total)) return job_halt(increment->job);
        status = sirene_filter_read(increment->arena, records, increment->settings->filter, &filter, error);
        if (!status) status = sirene_begin(increment->arena, records, filter, &gathering, error);
        if (!status) status = fetch_page(increment, gathering, &none, error);
        if (!status && !none) status = sirene_store(gathering, &page, error);
        add_up(count, &page);
    }
    return status ? status : db_transaction(records->db, note_until, increment, error);
}

enum status sirene_increment(struct job *job, const struct records *records, const struct sirene_settings *settings,
                             struct sirene_count *count, struct error *error)
{
    struct increment increment = {.job = job, .settings = settings, .arena = arena_new(), .cursor = "*"};
    *count = (struct sirene_count){0};
    enum status status = read_since(job, increment.newest, error);
    increment.query = arena_print(job->arena, "dateDernierTraitementEtablissement:[%s TO *]", increment.newest);
    if (!status) status = take_all(&increment, records, count, error);
    arena_free(&increment.arena);
    return status;
}

/* ---- the job ---- */

static const char *figure(const struct job *job, int64_t number)
{
    return arena_print(job->arena, "%lld", (long long)number);
}

static enum status run(struct job *job, struct error *error)
{
    const struct application *application = job->application;
    struct sirene_count count;
    if (!application->sirene.key) return STATUS_OK;
    const enum status status = sirene_increment(job, &application->records, &application->sirene, &count, error);
    if (!status)
        job_say(job, N_("{1} establishments read; organisations: {2} added, {3} changed, {4} closed among them."),
                figure(job, count.lines), figure(job, count.added), figure(job, count.changed),
                figure(job, count.closed));
    return status;
}

enum { RETRIES = 8, HOUR = 4, MINUTES = 60 };

const struct job_type sirene_jobs[] = {
    {.name = "sirene_increment",
     .title = N_("What changed in Sirene"),
     .unit = N_("{1} of {2} establishments"),
     .run = run,
     .retries = RETRIES,
     .daily = true,
     .minute = HOUR * MINUTES,
     .priority = JOB_LAST},
    {.name = NULL},
};
