/* upkeep.c: what is done regularly, in one place. */
#include "product/upkeep.h"

#include "base/log.h"
#include "base/time.h"
#include "platform/account/account.h"
#include "platform/account/request.h"
#include "platform/file/file.h"
#include "platform/index/index.h"
#include "platform/mail/mail.h"
#include "platform/record/erased.h"
#include "platform/record/import.h"
#include "platform/record/jobs.h"
#include "platform/record/readings.h"
#include "platform/record/retention.h"
#include "platform/record/seal.h"
#include "platform/record/traces.h"
#include "product/application.h"
#include "product/digest/digest.h"
#include "product/figures/figures.h"
#include "product/handover/handover.h"
#include "product/letters.h"
#include "product/sirene/sirene.h"
#include "product/visits/letter.h"

enum {
    MERGE_LINES = 2000,
    MANY_LINES = 1000,
    MERGE_MS = 5000,
    FEW_MS = 20000,
    SEEN_MS = 60000,
    DAYS_KEPT = 30,
    READING_DAYS = 365,
    REQUEST_DAYS = 3 * 365,
    MAIL_MS = 1000,
    LETTERS = 200
};

/* ---- each night ---- */

/* Roles and memberships begin and end with the day. */
static enum status refresh_rights(struct job *job, struct error *error)
{
    const struct application *application = job->application;
    return rights_refresh_all(job->db, application->records.rights, time_today(), error);
}

static enum status sweep_accounts(struct job *job, struct error *error)
{
    enum status status = account_sweep(job->db, error);
    if (!status) status = account_requests_sweep(job->db, time_now() - (int64_t)REQUEST_DAYS * MS_PER_DAY, error);
    return status ? status : readings_sweep(job->db, time_now() - (int64_t)READING_DAYS * MS_PER_DAY, error);
}

static enum status sweep_jobs(struct job *job, struct error *error)
{
    enum status status = job_sweep(job->db, DAYS_KEPT, error);
    if (!status) status = import_sweep(job->db, DAYS_KEPT, error);
    if (!status) status = once_sweep(job->db, error);
    return status ? status : file_sweep(job->db, time_now() - MS_PER_DAY, NULL, error);
}

/* On the first night after a quarter's end it has work; on the others none. */
static enum status freeze_figures(struct job *job, struct error *error)
{
    const struct application *application = job->application;
    return figures_freeze(&application->records, time_today(), NULL, NULL, error);
}

enum { SETTLED_MS = 60000, SEALS = 100000, SEAL_MINUTES = 10 };

/* Lines of history get their place in the chain, and erasures theirs in the list that restoring a backup reads, once they are a minute old: by then
 * what was begun before them is over. */
static enum status seal_lines(struct job *job, struct error *error)
{
    unsigned char secret[SEAL_SECRET];
    int64_t made = 0;
    const int64_t settled = time_now() - SETTLED_MS;
    enum status status = seal_key(application_seal_key(job->arena, job->db), secret, error);
    if (!status) status = history_seal(job->db, secret, settled, SEALS, &made, error);
    return status
               ? status
               : erased_note(job->db, application_erased_list(job->arena, db_address(job->db)), settled, NULL, error);
}

static const struct job_type nightly[] = {
    {.name = "history_seal",
     .title = N_("Sealing of the history"),
     .run = seal_lines,
     .every_minutes = SEAL_MINUTES,
     .priority = JOB_LAST},
    {.name = "rights_refresh",
     .title = N_("Rights of the day"),
     .run = refresh_rights,
     .retries = 5,
     .daily = true,
     .minute = 1,
     .priority = JOB_FIRST},
    {.name = "account_sweep",
     .title = N_("Removal of expired sessions"),
     .run = sweep_accounts,
     .retries = 2,
     .daily = true,
     .minute = 2 * 60 + 10,
     .priority = JOB_LAST},
    {.name = "job_sweep",
     .title = N_("Removal of old work and files"),
     .run = sweep_jobs,
     .retries = 2,
     .daily = true,
     .minute = 2 * 60 + 20,
     .priority = JOB_LAST},
    {.name = "figures_freeze",
     .title = N_("Figures of the quarters that are over"),
     .run = freeze_figures,
     .retries = 5,
     .daily = true,
     .minute = 3 * 60,
     .priority = JOB_LAST},
    {.name = NULL},
};

const struct job_type *const product_jobs[] = {record_jobs,  export_jobs, traces_jobs,   retention_jobs,
                                               erasure_jobs, nightly,     handover_jobs, letter_jobs,
                                               sirene_jobs,  digest_jobs, visit_jobs,    NULL};

/* ---- now and then ---- */

/* Many lines make reading slow; few may gather for a while, since each block that they touch is written once. */
static enum status needs_merge(struct db *db, void *application, bool *needed, struct error *error)
{
    static int64_t last; /* one thread runs the timers */
    int64_t lines = 0;
    (void)application;
    const enum status status = index_waiting(db, &lines, error);
    *needed = lines >= MANY_LINES || (lines > 0 && time_ticks() - last >= FEW_MS);
    if (*needed) last = time_ticks();
    return status;
}

static enum status merge(struct db *db, void *application, struct error *error)
{
    int64_t left = INT64_MAX, before = 0;
    enum status status = STATUS_OK;
    (void)application;
    /* What came meanwhile waits for the next time: an import writes without a pause, and folds its own lines. */
    do {
        before = left;
        status = index_merge(db, MERGE_LINES, &left, error);
    } while (!status && left >= MANY_LINES && left < before);
    return status;
}

static enum status write_seen(struct db *db, void *application, struct error *error)
{
    (void)application;
    return account_write_seen(db, error);
}

static enum status has_mail(struct db *db, void *application, bool *needed, struct error *error)
{
    const struct application *own = application;
    *needed = false;
    return own->mail.server ? mail_due(db, needed, error) : STATUS_OK;
}

static enum status send_mail(struct db *db, void *application, struct error *error)
{
    const struct application *own = application;
    struct mail_delivery delivery;
    const enum status status = mail_deliver(db, &own->mail, LETTERS, &delivery, error);
    log_line(LOG_NOTE, "mail", "sent=%lld postponed=%lld given_up=%lld", (long long)delivery.sent,
             (long long)delivery.postponed, (long long)delivery.given_up);
    return status;
}

const struct job_timer upkeep_timers[] = {
    {.name = "index_merge", .every_ms = MERGE_MS, .shared = true, .needed = needs_merge, .run = merge},
    {.name = "mail", .every_ms = MAIL_MS, .shared = true, .needed = has_mail, .run = send_mail},
    {.name = "account_seen", .every_ms = SEEN_MS, .run = write_seen},
    {.name = NULL},
};
