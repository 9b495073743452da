/* job.c: each night, the letters that are due. One transaction an account keeps the letter and up to when it told: it leaves once. */
#include "base/arena.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/mail/mail.h"
#include "product/application.h"
#include "product/digest/digest.h"
#include "product/letters.h"

/* A letter that left late does not put off the next one by a day. */
enum { PAGE = 200, SLACK_MS = 12 * 3600 * 1000 };

struct due {
    int64_t account, since;
    struct digest_wish wish;
};

/* Accounts after that one, whose person may sign in and whose period is over. */
static enum status find_due(struct db_handle *read, int64_t after, int64_t now, struct due *due, size_t *count,
                            struct error *error)
{
    struct db_rows *rows = db_query(
        read,
        "SELECT a.id, a.created, COALESCE(w.period, 7), COALESCE(w.told, 0) FROM account a LEFT JOIN digest_wish w ON "
        "w.account = a.id WHERE a.id > $1 AND a.disabled IS NULL AND a.password IS NOT NULL AND COALESCE(w.period, 7) "
        "> 0 AND COALESCE(w.told, 0) <= $2 - COALESCE(w.period, 7) * 86400000 ORDER BY a.id LIMIT 200",
        DB_BIND(db_integer(after), db_integer(now + SLACK_MS)));
    *count = 0;
    while (db_next(rows)) {
        struct due *one = &due[(*count)++];
        const int64_t created = db_get_integer(rows, 1);
        *one = (struct due){.account = db_get_integer(rows, 0),
                            .wish = {.period = db_get_integer(rows, 2), .told = db_get_integer(rows, 3)}};
        one->since = one->wish.told ? one->wish.told : now - one->wish.period * MS_PER_DAY;
        if (created > one->since) one->since = created;
    }
    return db_end(&rows, error);
}

struct sending {
    struct job *job;
    const struct mail *mail;
    int64_t account, period, told, done;
};

static enum status send_in(struct db_handle *write, void *data, struct error *error)
{
    const struct sending *sending = data;
    enum status status = db_run(
        write,
        "INSERT INTO digest_wish (account, period, told) VALUES ($1, $2, $3) "
        "ON CONFLICT (account) DO UPDATE SET told = excluded.told",
        DB_BIND(db_integer(sending->account), db_integer(sending->period), db_integer(sending->told)), NULL, error);
    if (!status) status = mail_queue(write, sending->mail, error);
    return status ? status : job_step(sending->job, write, sending->done, 0, error);
}

/* *sent: whether there was something to tell. */
static enum status write_one(struct job *job, struct arena *arena, const struct due *due, int64_t now, int64_t done,
                             bool *sent, struct error *error)
{
    const struct application *application = job->application;
    struct account account = {.id = 0};
    struct viewer viewer = {.scopes = ~(rights)0};
    struct digest digest = {.count = 0};
    struct mail mail = {.id = 0};
    enum status status = account_load(job->read, arena, due->account, &account, error);
    if (!status) status = viewer_load(job->read, arena, due->account, &viewer, error);
    struct record_context context = {.records = &application->records,
                                     .arena = arena,
                                     .viewer = &viewer,
                                     .language = account.language,
                                     .handle = job->read,
                                     .origin = "digest"};
    const struct digest_span span = {.since = due->since, .until = now};
    if (!status) status = digest_gather(&context, &span, &digest, error);
    *sent = !status && digest.count > 0;
    if (status || !*sent) return status == STATUS_MISSING ? STATUS_OK : status;
    status = digest_letter(application, arena, &account, &due->wish, &digest, &mail, error);
    const struct sending sending = {job, &mail, due->account, due->wish.period, now, done};
    return status ? status : db_transaction(job->db, send_in, (void *)(uintptr_t)&sending, error);
}

static enum status write_page(struct job *job, const struct due *due, size_t count, int64_t now, int64_t *sent,
                              struct error *error)
{
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && !status && !job_should_stop(job); i++) {
        bool one = false;
        status = write_one(job, arena, &due[i], now, *sent, &one, error);
        *sent += one;
        arena_reset(arena);
    }
    arena_free(&arena);
    return status;
}

static enum status run(struct job *job, struct error *error)
{
    struct due due[PAGE];
    size_t count = 1;
    int64_t after = 0, sent = 0;
    const int64_t now = time_now();
    enum status status = STATUS_OK;
    if (!letters_leave(job->application)) {
        job_say(job, N_("No letter leaves from this site."));
        return STATUS_OK;
    }
    while (!status && count) {
        status = find_due(job->read, after, now, due, &count, error);
        if (!status) status = write_page(job, due, count, now, &sent, error);
        if (!status && !job_progress(job, sent, 0)) return job_halt(job);
        if (count) after = due[count - 1].account;
    }
    if (!status) job_say(job, N_("Letters written: {1}."), language_number(job->arena, job->language, sent, 0));
    return status;
}

const struct job_type digest_jobs[] = {
    {.name = "digest",
     .title = N_("Letters of what waits and what is new"),
     .run = run,
     .retries = 3,
     .daily = true,
     .minute = 4 * 60 + 30,
     .priority = JOB_LAST},
    {.name = NULL},
};
