/* letter_job.c: letters of visits leave in the evening, once: the day is kept with the visit in the transaction that keeps the letters. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/mail/mail.h"
#include "platform/record/readings.h"
#include "product/application.h"
#include "product/kinds/organisation.h"
#include "product/letters.h"
#include "product/visits/letter.h"

enum { VISITS_MOST = 200, DAYS_BACK = 7, EVERY_MINUTES = 20 };

/* A visit whose letter is due, and who wrote the note last: in whose name it leaves. */
struct due {
    int64_t visit, day, officer;
};

static enum status find_due(struct db_handle *read, int64_t today, struct due *due, size_t *count, struct error *error)
{
    struct db_rows *rows = db_query(
        read,
        "SELECT v.id, v.day, (SELECT h.account FROM record_history h WHERE h.record = v.id AND h.account <> 0 ORDER BY "
        "h.version DESC LIMIT 1) FROM visit v WHERE v.day >= $1 AND v.day <= $2 AND v.state = 'held' AND v.letter IN "
        "('company', 'self') AND v.lettered IS NULL ORDER BY v.day, v.id LIMIT 200",
        DB_BIND(db_integer(today - DAYS_BACK), db_integer(today)));
    *count = 0;
    while (db_next(rows) && *count < VISITS_MOST)
        due[(*count)++] = (struct due){db_get_integer(rows, 0), db_get_integer(rows, 1), db_get_integer(rows, 2)};
    return db_end(&rows, error);
}

/* ---- to whom ---- */

struct reader {
    int64_t account; /* 0: an address that has none */
    const char *email;
    enum language language;
};

/* Who acts for the company; where nobody does, the address of its contact, which the officer may read. */
static enum status find_readers(struct record_context *context, int64_t company, struct reader *readers, size_t *count,
                                struct error *error)
{
    struct db_rows *rows =
        db_query(context->handle,
                 "SELECT a.id, a.email, a.language FROM account_relation r JOIN account a ON a.id = r.account WHERE "
                 "r.organisation = $1 AND (r.bits & $2) <> 0 AND a.disabled IS NULL ORDER BY a.id LIMIT 10",
                 DB_BIND(db_integer(company), db_integer(OWNER)));
    void *record = NULL;
    *count = 0;
    while (db_next(rows) && *count < LETTER_READERS) {
        struct reader *one = &readers[(*count)++];
        *one = (struct reader){.account = db_get_integer(rows, 0),
                               .email = arena_copy(context->arena, db_get_text(rows, 1))};
        language_find(db_get_text(rows, 2), &one->language);
    }
    const enum status status = db_end(&rows, error);
    if (status || *count) return status;
    struct record_context whole = *context;
    whole.shown = NULL;
    if (record_load(&whole, &organisation_kind, company, &record, NULL)) return STATUS_OK;
    const char *email = ((const struct organisation *)record)->email.value;
    if (email && mail_address_valid(email)) readers[(*count)++] = (struct reader){.email = email};
    return readings_commit(&whole, error);
}

static const char *names_of(struct arena *arena, const struct reader *readers, size_t count)
{
    const char *names = NULL;
    for (size_t i = 0; i < count; i++)
        names = names ? arena_print(arena, "%s, %s", names, readers[i].email) : readers[i].email;
    return names;
}

/* ---- one visit ---- */

struct sending {
    struct record_context *context;
    struct job *job;
    const struct visit *visit;
    struct mail mails[LETTER_READERS + 1];
    size_t count;
};

static void add_mail(struct sending *sending, const struct application *application, const struct reader *reader,
                     const struct visit_letter *letter, bool is_copy, const char *to)
{
    struct record_context context = *sending->context;
    context.language = reader->language;
    const char *day = language_day(context.arena, context.language, letter->visit->day.day);
    sending->mails[sending->count++] =
        (struct mail){.account = reader->account,
                      .to = reader->email,
                      .subject = language_print(context.arena, context.language, N_("Visit of {1}, {2}"),
                                                letter->cluster, day, (const char *)NULL),
                      .text = visit_letter_text(&context, application->origin, letter, is_copy, to)};
}

static enum status send_in(struct db_handle *write, void *data, struct error *error)
{
    const struct sending *sending = data;
    struct record_context context = *sending->context;
    struct faults faults = {.count = 0};
    struct visit *visit = NULL;
    context.handle = write;
    context.program = true;
    context.shown = NULL;
    context.readings = NULL;
    enum status status = record_load(&context, &visit_kind, sending->visit->head.id, (void **)&visit, error);
    if (!status && visit->lettered.day != ABSENT) return STATUS_OK;
    if (!status) visit->lettered.day = time_today();
    if (!status) status = record_save(&context, &visit_kind, visit, &faults, error);
    for (size_t i = 0; !status && i < sending->count; i++) status = mail_queue(write, &sending->mails[i], error);
    return status ? status : job_step(sending->job, write, INT64_MIN, 0, error);
}

static enum status write_one(struct job *job, struct record_context *context, const struct due *due,
                             const struct account *officer, struct error *error)
{
    const struct application *application = job->application;
    struct visit_letter letter;
    struct reader readers[LETTER_READERS + 1];
    size_t count = 0;
    enum status status = visit_letter_gather(context, due->visit, &letter, error);
    letter.officer = officer->name;
    letter.officer_email = officer->email;
    if (!status && strcmp(letter.visit->letter.value, "company") == 0)
        status = find_readers(context, letter.visit->company.id, readers, &count, error);
    if (status) return status;
    struct sending sending = {.context = context, .job = job, .visit = letter.visit};
    for (size_t i = 0; i < count; i++) add_mail(&sending, application, &readers[i], &letter, false, NULL);
    const struct reader own = {officer->id, officer->email, officer->language};
    add_mail(&sending, application, &own, &letter, true, names_of(context->arena, readers, count));
    return db_transaction(job->db, send_in, &sending, error);
}

/* An officer who left, or may not read the visit any more, sends nothing. */
static enum status write_as(struct job *job, struct arena *arena, const struct due *due, bool *sent,
                            struct error *error)
{
    const struct application *application = job->application;
    struct account officer = {.id = 0};
    struct viewer viewer = {.scopes = ~(rights)0, .may_write = true};
    enum status status = due->officer ? account_load(job->read, arena, due->officer, &officer, error) : STATUS_MISSING;
    if (!status && officer.disabled) status = STATUS_MISSING;
    if (!status) status = viewer_load(job->read, arena, due->officer, &viewer, error);
    struct record_context context = {.records = &application->records,
                                     .arena = arena,
                                     .viewer = &viewer,
                                     .language = officer.language,
                                     .handle = job->read,
                                     .origin = "letter"};
    if (!status) status = write_one(job, &context, due, &officer, error);
    *sent = !status;
    return status == STATUS_MISSING || status == STATUS_DENIED ? STATUS_OK : status;
}

static enum status run(struct job *job, struct error *error)
{
    struct due due[VISITS_MOST];
    size_t count = 0;
    int64_t sent = 0;
    const int64_t now = time_now();
    if (!letters_leave(job->application)) return STATUS_OK;
    enum status status = find_due(job->read, (now + language_paris_offset(now)) / MS_PER_DAY, due, &count, error);
    struct arena *arena = arena_new();
    for (size_t i = 0; !status && i < count && !job_should_stop(job); i++) {
        bool one = false;
        if (!visit_letter_is_time(due[i].day, now)) continue;
        status = write_as(job, arena, &due[i], &one, error);
        sent += one;
        arena_reset(arena);
    }
    arena_free(&arena);
    if (!status && sent) job_say(job, N_("Letters written: {1}."), language_number(job->arena, job->language, sent, 0));
    return status;
}

const struct job_type visit_jobs[] = {
    {.name = "visit_letters",
     .title = N_("Letters of the day’s visits"),
     .run = run,
     .retries = 3,
     .every_minutes = EVERY_MINUTES,
     .priority = JOB_LAST},
    {.name = NULL},
};
