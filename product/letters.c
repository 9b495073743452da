#include "product/letters.h"

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/language/language.h"
#include "platform/mail/mail.h"
#include "product/application.h"

#define FORGOTTEN_JOB "forgotten_password"
#define WELCOME_PAGE "/welcome"
#define INVITATION_PAGE "/invitation"
enum { RETRIES = 3 };

bool letters_leave(const struct application *application)
{
    return application->mail.server != NULL && application->origin != NULL;
}

/* ---- what they say ---- */

/* A letter on its way. */
struct letter {
    const struct application *application;
    struct arena *arena;
    enum language language;
    struct account account;             /* to whom; id 0: an address of which nothing is known */
    const struct inviter *by;           /* who made the account; NULL: the person asked for a password */
    const struct letter_invitation *of; /* NULL: the letter is about a password */
    const char *word;                   /* of the link */
};

static const char *say(const struct letter *letter, const char *english, const char *first, const char *second)
{
    return language_print(letter->arena, letter->language, english, first, second, (const char *)NULL);
}

static const char *address(const struct letter *letter, const char *page)
{
    return arena_print(letter->arena, "%s/%s%s?key=%s", letter->application->origin, language_code(letter->language),
                       page, letter->word);
}

static const char *why_password(const struct letter *letter)
{
    const char *site = letter->application->mail.from_name;
    if (!letter->by) return say(letter, N_("A new password was asked for your account on {1}."), site, NULL);
    if (letter->by->name) return say(letter, N_("{1} opened an account for you on {2}."), letter->by->name, site);
    return say(letter, N_("An account was opened for you on {1}."), site, NULL);
}

static struct mail password_letter(const struct letter *letter)
{
    const char *site = letter->application->mail.from_name;
    const char *otherwise =
        letter->by
            ? say(letter, N_("You did not expect this letter? Do nothing: the account stays closed."), NULL, NULL)
            : say(letter, N_("You did not ask for it? Do nothing: your password stays as it is."), NULL, NULL);
    const char *text = arena_print(
        letter->arena, "%s\n\n%s\n\n%s\n%s\n\n%s\n", say(letter, N_("Hello {1},"), letter->account.name, NULL),
        why_password(letter),
        say(letter, N_("Choose your password on this page. The link works once, within 72 hours:"), NULL, NULL),
        address(letter, WELCOME_PAGE), otherwise);
    return (struct mail){.account = letter->account.id,
                         .to = letter->account.email,
                         .subject = letter->by ? say(letter, N_("{1}: your account"), site, NULL)
                                               : say(letter, N_("{1}: a new password"), site, NULL),
                         .text = text};
}

static struct mail invitation_letter(const struct letter *letter)
{
    const struct letter_invitation *of = letter->of;
    const char *site = letter->application->mail.from_name;
    const char *text = arena_print(
        letter->arena, "%s\n\n%s\n%s\n\n%s\n%s\n\n%s\n", say(letter, N_("Hello,"), NULL, NULL),
        say(letter, N_("{1} invites you on {2}."), of->author_name, site),
        say(letter, N_("Organisation: {1}. Role: {2}."), of->organisation, of->role),
        say(letter, N_("Accept or decline on this page. The link works once, within 14 days:"), NULL, NULL),
        address(letter, INVITATION_PAGE),
        say(letter, N_("You did not expect this letter? Do nothing: nothing is opened in your name."), NULL, NULL));
    return (struct mail){
        .to = of->wanted.email, .subject = say(letter, N_("{1}: an invitation"), site, NULL), .text = text};
}

static enum status queue_password(struct db_handle *write, void *context, struct error *error)
{
    struct letter *letter = context;
    const int64_t author = letter->by ? letter->by->account : letter->account.id;
    const enum status status =
        account_link_create_in(write, letter->arena, author, letter->account.id, &letter->word, error);
    const struct mail mail = password_letter(letter);
    return status ? status : mail_queue(write, &mail, error);
}

static enum status queue_invitation(struct db_handle *write, void *context, struct error *error)
{
    struct letter *letter = context;
    const enum status status = account_invite(write, letter->arena, &letter->of->wanted, &letter->word, error);
    if (status || !letters_leave(letter->application)) return status;
    const struct mail mail = invitation_letter(letter);
    return mail_queue(write, &mail, error);
}

/* ---- invitations ---- */

static enum status load_account(struct db *db, struct arena *arena, int64_t id, struct account *account,
                                struct error *error)
{
    struct db_handle *read = NULL;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = account_load(read, arena, id, account, error);
    db_release(&read);
    return status;
}

enum status letters_welcome(const struct application *application, struct arena *arena, const struct inviter *by,
                            int64_t account, struct invitation *invitation, struct error *error)
{
    struct db *db = application->records.db;
    struct letter letter = {.application = application, .arena = arena, .by = by};
    *invitation = (struct invitation){.page = WELCOME_PAGE};
    if (!letters_leave(application))
        return account_link_create(db, arena, by->account, account, &invitation->word, error);
    enum status status = load_account(db, arena, account, &letter.account, error);
    letter.language = letter.account.language;
    if (!status) status = db_transaction(db, queue_password, &letter, error);
    if (!status) invitation->sent = letter.account.email;
    return status;
}

enum status letters_invite(const struct application *application, struct arena *arena,
                           const struct letter_invitation *of, struct invitation *invitation, struct error *error)
{
    struct db *db = application->records.db;
    struct letter letter = {.application = application, .arena = arena, .of = of, .language = of->language};
    *invitation = (struct invitation){.page = INVITATION_PAGE};
    enum status status = account_invite_count(db, arena, of->wanted.author, of->wanted.email, error);
    if (!status) status = db_transaction(db, queue_invitation, &letter, error);
    if (status) return status;
    if (letters_leave(application))
        invitation->sent = of->wanted.email;
    else
        invitation->word = letter.word;
    return STATUS_OK;
}

/* ---- forgotten passwords ---- */

enum status letters_forgotten(const struct application *application, struct arena *arena, const char *email,
                              const char *peer, struct error *error)
{
    const char *closed = NULL;
    enum status status = account_forgotten_count(application->records.db, arena, email, peer, &closed, error);
    if (status == STATUS_LIMIT) return STATUS_OK;
    const struct job_request request = {.type = FORGOTTEN_JOB,
                                        .viewer = viewer_program(),
                                        .language = LANGUAGE_FRENCH,
                                        .argument = closed,
                                        .priority = JOB_FIRST};
    int64_t id = 0;
    return status ? status : job_start(application->records.db, &request, &id, error);
}

/* Nothing happens for an address that has no account, or one that is barred. */
static enum status run_forgotten(struct job *job, struct error *error)
{
    const struct application *application = job->application;
    struct letter letter = {.application = application, .arena = job->arena};
    enum status status = account_forgotten_find(job->read, job->arena, job->argument, &letter.account, error);
    if (status == STATUS_MISSING || (!status && letter.account.disabled)) return STATUS_OK;
    letter.language = letter.account.language;
    return status ? status : db_transaction(job->db, queue_password, &letter, error);
}

const struct job_type letter_jobs[] = {
    {.name = FORGOTTEN_JOB, .title = N_("Letter for a forgotten password"), .run = run_forgotten, .retries = RETRIES},
    {.name = NULL},
};
