/* letters.h: the letters that bring people a link: to choose a password, to answer an invitation.
 *
 * The link and its letter are one transaction. A letter leaves when the settings name a mail server and the address of the site (which is never
 * taken from a request: who asks for a letter must not choose where it leads). */
#ifndef PRODUCT_LETTERS_H
#define PRODUCT_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "platform/account/account.h"
#include "platform/job/job.h"

struct application;
struct arena;
struct db;

/* Whether letters leave from this site. */
bool letters_leave(const struct application *application);

/* How a person is to come in: by a letter that is on its way to `sent`, or, where none leaves, by a link to be handed over: the word of a page of the site. */
struct invitation {
    const char *page, *word; /* "/welcome"; NULL when a letter left */
    const char *sent;        /* NULL when none did */
};

struct inviter {
    int64_t account; /* 0: the command line */
    const char *name;
};

/* For an account that has just been made: the link by which its person chooses the password. */
enum status letters_welcome(const struct application *application, struct arena *arena, const struct inviter *by,
                            int64_t account, struct invitation *invitation, struct error *error);

/* To hold a role: wanted->author is the inviter's. The language is that in which they work: nothing is known of the person. */
struct letter_invitation {
    struct account_invitation wanted;
    const char *author_name, *organisation, *role; /* as people read them */
    enum language language;
};
enum status letters_invite(const struct application *application, struct arena *arena,
                           const struct letter_invitation *of, struct invitation *invitation, struct error *error);

/* For who forgot their password: asks the queue to write to the address if an account has it. The same work, sentence and time whether one has or
 * not; at most three letters an address, then one each 20 minutes, and 30 a network, then one a minute: beyond, nothing is sent, and the
 * answer is the same. */
enum status letters_forgotten(const struct application *application, struct arena *arena, const char *email,
                              const char *peer, struct error *error);

extern const struct job_type letter_jobs[];

#endif
