/* digest.h: what waits for a person and what is new for them, brought together: in My space, and in one letter a day or a week at choice.
 *
 * Four things: needs whose next step is theirs and on which nothing happened for a while; what became of the needs of their organisations; what was
 * added to the lists that they keep; the days to come by which something is to be done. A letter tells each thing once, leaves only when there is
 * something to tell, and never brings more than what its person may read. */
#ifndef PRODUCT_DIGEST_H
#define PRODUCT_DIGEST_H

#include "platform/job/job.h"
#include "platform/record/record.h"

struct application;
struct mail;

enum { DIGEST_NEVER = 0, DIGEST_DAY = 1, DIGEST_WEEK = 7 };
enum { DIGEST_SECTIONS = 64, DIGEST_LINES = 5, DIGEST_COUNTED = 100 };

struct digest_line {
    const char *title, *note; /* note: NULL: none */
    const char *path;         /* "/needs/12" */
};

struct digest_section {
    const char *title;
    struct digest_line lines[DIGEST_LINES];
    size_t line_count;
    int64_t total;         /* of which the lines are the first; counted to DIGEST_COUNTED */
    const char *more_path; /* where all are; NULL: nowhere else */
};

struct digest {
    struct digest_section *sections;
    size_t count;
};

/* What is gathered: what happened after `since` and up to `until`. standing: all that waits, since whenever, as My space shows it. */
struct digest_span {
    int64_t since, until;
    bool standing;
};

/* Gathers for the context's viewer, in its language; in its arena. Only sections that hold something. Some statements, and one a kept list. */
enum status digest_gather(struct record_context *context, const struct digest_span *span, struct digest *digest,
                          struct error *error);

/* Days between two letters to the account, and the moment up to which it was told. */
struct digest_wish {
    int64_t period, told;
};
enum status digest_wish_load(struct db_handle *read, int64_t account, struct digest_wish *wish, struct error *error);
/* period: DIGEST_NEVER, DIGEST_DAY or DIGEST_WEEK, else STATUS_INPUT. */
enum status digest_wish_keep(struct db *db, int64_t account, int64_t period, struct error *error);
/* In the transaction that erases the account. */
enum status digest_forget(struct db_handle *write, int64_t account, struct error *error);

/* The word by which a letter's address ends the letters of an account without signing in; and back (STATUS_MISSING). */
enum status digest_word(struct arena *arena, int64_t account, const char **word, struct error *error);
enum status digest_account_of(struct arena *arena, const char *word, int64_t *account, struct error *error);

/* The letter that tells the digest to its person; texts in the arena. STATUS_INPUT when the account key cannot be read. */
struct account;
enum status digest_letter(const struct application *application, struct arena *arena, const struct account *account,
                          const struct digest_wish *wish, const struct digest *digest, struct mail *mail,
                          struct error *error);

/* The night's work: a letter to whom it is due. */
extern const struct job_type digest_jobs[];

/* gather.c's part that lives in reminders.c: needs that wait for the viewer, and what became of those of their organisations. */
enum status digest_add_reminders(struct record_context *context, const struct digest_span *span, struct digest *digest,
                                 struct error *error);
enum status digest_add_outcomes(struct record_context *context, const struct digest_span *span, struct digest *digest,
                                struct error *error);
/* The next section, empty; NULL when there is no room. It counts once it holds a line. */
struct digest_section *digest_section_begin(struct digest *digest, const char *title);

#endif
