/* erasure.c: the end of an account, in all rooms; and the night's writing anew of a database from which something was erased. */
#include "platform/account/account.h"
#include "platform/db/db.h"
#include "platform/file/file.h"
#include "platform/job/job.h"
#include "platform/mail/mail.h"
#include "platform/record/once.h"
#include "platform/record/traces.h"
#include "platform/saved/saved.h"
#include "product/application.h"
#include "product/deadlines/deadlines.h"
#include "product/digest/digest.h"

struct person_end {
    int64_t author, account;
};

static enum status is_last(struct db_handle *read, int64_t account, bool *last, struct error *error)
{
    int64_t own = 0, others = 0;
    enum status status = account_role_others(read, "administrator", account, &others, error);
    if (!status)
        status = db_one_integer(read,
                                "SELECT COUNT(*) FROM account_role WHERE account = $1 AND organisation = 0 AND role = "
                                "'administrator' AND valid_until IS NULL",
                                DB_BIND(db_integer(account)), &own, error);
    *last = own && !others;
    return status;
}

static enum status erase_person(struct db_handle *write, void *data, struct error *error)
{
    const struct person_end *end = data;
    bool last = false;
    enum status status = end->author ? is_last(write, end->account, &last, error) : STATUS_OK;
    if (!status && last)
        status =
            error_set(error, STATUS_CONFLICT, N_("This account is the last administrator’s: make another one first."));
    if (!status) status = mail_forget(write, end->account, error);
    if (!status) status = job_forget_account(write, end->account, error);
    if (!status) status = deadlines_forget(write, end->account, error);
    if (!status) status = saved_forget(write, end->account, error);
    if (!status) status = digest_forget(write, end->account, error);
    if (!status) status = once_forget_account(write, end->account, error);
    return status ? status : account_erase(write, end->author, end->account, error);
}

enum status person_erase(struct db *db, int64_t author, int64_t account, struct error *error)
{
    struct person_end end = {author, account};
    const enum status status = db_transaction(db, erase_person, &end, error);
    if (!status) file_sweep(db, 0, NULL, NULL);
    return status;
}

static enum status erase_again(struct db *db, int64_t account, struct error *error)
{
    return person_erase(db, 0, account, error);
}

enum status application_erase_again(struct application *application, const char *list, erased_say *say,
                                    struct erased_totals *totals, struct error *error)
{
    const struct erased_wishes wishes = {.say = say, .account = erase_again};
    return erased_replay(&application->records, list, &wishes, totals, error);
}

/* ---- each night ---- */

enum { ID_BITS = 20 };

/* Whether something was erased since the last time; numbers of lines begin with their moment. */
static enum status was_erased(struct db_handle *read, bool *was, struct error *error)
{
    int64_t last = 0, one = 0;
    enum status status = db_one_integer(
        read, "SELECT COALESCE(MAX(started), 0) FROM job WHERE type = 'database_compact' AND state = 'done'",
        DB_BIND_NONE, &last, error);
    if (!status)
        status = db_one_integer(read,
                                "SELECT id FROM record_history WHERE id > $1 AND action IN ('erased', 'forgotten') "
                                "UNION ALL SELECT id FROM account_event WHERE id > $1 AND action = 'erased' LIMIT 1",
                                DB_BIND(db_integer(last << ID_BITS)), &one, error);
    *was = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status compact(struct job *job, struct error *error)
{
    const struct records *records = job->application;
    struct traces_removed removed = {0};
    bool was = false;
    enum status status = was_erased(job->read, &was, error);
    if (!status && !was) job_say(job, N_("Nothing was erased since the last time: there was nothing to do."));
    if (status || !was) return status;
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++)
        status = record_traces_remove(records, *kind, &removed, error);
    if (!status) status = db_compact(job->db, false, error);
    if (!status) job_say(job, N_("The database was written anew, without what was erased."));
    return status;
}

const struct job_type erasure_jobs[] = {
    {.name = "database_compact",
     .title = N_("Writing the database anew after erasures"),
     .run = compact,
     .retries = 5,
     .daily = true,
     .minute = 3 * 60 + 30,
     .priority = JOB_LAST},
    {.name = NULL},
};
