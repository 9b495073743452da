/* mail.h: letters by e-mail: kept in the database with what caused them, sent afterwards.
 *
 * mail_queue keeps a letter in the transaction of its cause; mail_deliver, run by a job, sends those that are due. A letter leaves at least
 * once, each time with the same Message-ID, so that a mail program shows it once. What was sent or given up is emptied: only when, to which
 * account and with what outcome stays. Plain text in UTF-8, quoted-printable (RFC 5322, 2045, 2047). */
#ifndef PLATFORM_MAIL_H
#define PLATFORM_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct db;
struct db_handle;

enum { MAIL_TEXT_MOST = 256 * 1024, MAIL_SUBJECT_MOST = 200, MAIL_ATTEMPTS = 9 };

/* How letters leave. Texts are borrowed for the calls. */
struct mail_settings {
    const char *server;          /* "smtp://host:587" (STARTTLS is required), "smtps://host:465"; NULL: letters wait */
    const char *user, *password; /* NULL: none is asked */
    const char *from;            /* address */
    const char *from_name;       /* may be NULL */
    const char *authorities;     /* file of certificates (PEM); NULL: the system's */
    bool without_tls;            /* for a server on the same machine */
    int64_t wait_ms;             /* longest for one letter; 0: 30 s */
};

struct mail {
    int64_t id;          /* makes the Message-ID; 0 in mail_queue: a new one */
    int64_t account;     /* to whom; 0: to no account */
    int64_t moment;      /* when it was written; 0 in mail_queue: now */
    const char *to;      /* address */
    const char *subject; /* one line */
    const char *text;    /* lines ended by \n */
    const char
        *unsubscribe; /* address of a page that ends such letters (RFC 8058); NULL: a letter that was asked for */
};

/* Whether it is one address that can be written to: one @, no space, control character or list, 254 bytes at most. */
bool mail_address_valid(const char *address);

/* The letter as it travels, CRLF line ends, in the arena. STATUS_INPUT with the field (to, subject, text) when it cannot be one. O(text). */
enum status mail_compose(struct arena *arena, const struct mail_settings *settings, const struct mail *mail,
                         const char **message, struct error *error);

/* Sends one letter now. STATUS_BUSY: later, perhaps (no answer, a refusal for now, our own settings refused); STATUS_INPUT: this letter is refused
 * for good. Waits for the network: never within a transaction. */
enum status mail_send(const struct mail_settings *settings, const struct mail *mail, struct error *error);

/* Keeps the letter, to be sent once the transaction is committed. */
enum status mail_queue(struct db_handle *write, const struct mail *mail, struct error *error);

/* Sends at most `most` of the letters that are due. A letter that could not leave is due again after 1 minute, then 4, 16 ... at most 12 hours;
 * it is given up after MAIL_ATTEMPTS. Several processes may run it: each letter is taken by one. */
struct mail_delivery {
    int64_t sent, postponed, given_up;
};
enum status mail_deliver(struct db *db, const struct mail_settings *settings, int64_t most,
                         struct mail_delivery *delivery, struct error *error);

/* Whether a letter is due now. */
enum status mail_due(struct db *db, bool *due, struct error *error);

/* In the transaction that erases the account: letters to it are gone, those that wait as well as what is known of those that left. */
enum status mail_forget(struct db_handle *write, int64_t account, struct error *error);

/* How many wait, and since when the oldest does (0: none). */
enum status mail_waiting(struct db_handle *read, int64_t *count, int64_t *oldest, struct error *error);

#endif
