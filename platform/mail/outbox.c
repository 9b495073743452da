/* outbox.c: letters that wait in the database. */
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/mail/mail.h"

enum { TAKEN_MS = 5 * 60 * 1000, FIRST_WAIT_MS = 60 * 1000, LONGEST_WAIT_MS = 12 * 3600 * 1000, BATCH = 50 };

enum status mail_queue(struct db_handle *write, const struct mail *mail, struct error *error)
{
    const int64_t now = mail->moment ? mail->moment : time_now();
    if (!mail_address_valid(mail->to))
        return error_field(error, STATUS_INPUT, "to", N_("“{1}” is not an e-mail address."), mail->to ? mail->to : "");
    return db_run(write,
                  "INSERT INTO mail (id, account, recipient, subject, body, unsubscribe, written, due, attempts) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
                  DB_BIND(db_integer(mail->id ? mail->id : db_new_id()), db_integer(mail->account), db_text(mail->to),
                          db_text(mail->subject), db_text(mail->text), db_text(mail->unsubscribe), db_integer(now),
                          db_integer(now)),
                  NULL, error);
}

struct letter {
    struct mail mail;
    int64_t due, attempts;
};

/* What becomes of a letter in one short transaction. */
struct change {
    const struct letter *letter;
    int64_t now, due;
    bool taken;        /* out of take: it is ours */
    const char *fault; /* NULL: it was sent */
};

/* Whoever moves the due time first has the letter. */
static enum status take(struct db_handle *write, void *context, struct error *error)
{
    struct change *change = context;
    int64_t changed = 0;
    const enum status status =
        db_run(write, "UPDATE mail SET due = $1, attempts = attempts + 1 WHERE id = $2 AND due = $3",
               DB_BIND(db_integer(change->due), db_integer(change->letter->mail.id), db_integer(change->letter->due)),
               &changed, error);
    change->taken = !status && changed == 1;
    return status;
}

/* It is settled, sent or given up: what it said goes. */
static enum status settle(struct db_handle *write, void *context, struct error *error)
{
    const struct change *change = context;
    return db_run(
        write,
        "UPDATE mail SET due = NULL, settled = $1, fault = $2, recipient = NULL, subject = NULL, body = NULL, "
        "unsubscribe = NULL WHERE id = $3",
        DB_BIND(db_integer(change->now), db_text(change->fault), db_integer(change->letter->mail.id)), NULL, error);
}

static enum status postpone(struct db_handle *write, void *context, struct error *error)
{
    const struct change *change = context;
    return db_run(write, "UPDATE mail SET due = $1, fault = $2 WHERE id = $3",
                  DB_BIND(db_integer(change->due), db_text(change->fault), db_integer(change->letter->mail.id)), NULL,
                  error);
}

static int64_t wait_after(int64_t attempts)
{
    int64_t wait = FIRST_WAIT_MS;
    for (int64_t i = 0; i < attempts && wait < LONGEST_WAIT_MS; i++) wait *= 4;
    return wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS;
}

static enum status deliver_one(struct db *db, const struct mail_settings *settings, const struct letter *letter,
                               struct mail_delivery *delivery, struct error *error)
{
    struct error fault = {0};
    char sentence[512];
    struct change change = {.letter = letter, .now = time_now()};
    change.due = change.now + TAKEN_MS;
    const enum status taken = db_transaction(db, take, &change, error);
    if (taken || !change.taken) return taken;
    const enum status sent = mail_send(settings, &letter->mail, &fault);
    const bool last = letter->attempts + 1 >= MAIL_ATTEMPTS || sent == STATUS_INPUT;
    error_sentence(&fault, fault.message ? fault.message : "", sentence, sizeof sentence);
    change.now = time_now();
    change.due = change.now + wait_after(letter->attempts);
    change.fault = sent ? sentence : NULL;
    if (!sent)
        delivery->sent++;
    else if (last)
        delivery->given_up++;
    else
        delivery->postponed++;
    return db_transaction(db, !sent || last ? settle : postpone, &change, error);
}

static enum status read_due(struct db *db, struct arena *arena, int64_t most, struct letter *letters, size_t *count,
                            struct error *error)
{
    struct db_handle *read = NULL;
    const enum status status = db_read(db, &read, error);
    if (status) return status;
    struct db_rows *rows = db_query(
        read,
        "SELECT id, account, recipient, subject, body, unsubscribe, written, due, attempts FROM mail WHERE due <= $1 "
        "ORDER BY due, id LIMIT 50",
        DB_BIND(db_integer(time_now())));
    for (*count = 0; *count < (size_t)most && db_next(rows); (*count)++)
        letters[*count] = (struct letter){.mail = {.id = db_get_integer(rows, 0),
                                                   .account = db_get_integer(rows, 1),
                                                   .to = arena_copy(arena, db_get_text(rows, 2)),
                                                   .subject = arena_copy(arena, db_get_text(rows, 3)),
                                                   .text = arena_copy(arena, db_get_text(rows, 4)),
                                                   .unsubscribe = arena_copy(arena, db_get_text(rows, 5)),
                                                   .moment = db_get_integer(rows, 6)},
                                          .due = db_get_integer(rows, 7),
                                          .attempts = db_get_integer(rows, 8)};
    const enum status ended = db_end(&rows, error);
    db_release(&read);
    return ended;
}

enum status mail_deliver(struct db *db, const struct mail_settings *settings, int64_t most,
                         struct mail_delivery *delivery, struct error *error)
{
    struct letter letters[BATCH];
    size_t count = BATCH;
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;
    *delivery = (struct mail_delivery){0};
    while (settings->server && !status && most > 0 && count == BATCH) {
        arena_reset(arena);
        status = read_due(db, arena, most < BATCH ? most : BATCH, letters, &count, error);
        for (size_t i = 0; !status && i < count; i++) status = deliver_one(db, settings, &letters[i], delivery, error);
        most -= (int64_t)count;
    }
    arena_free(&arena);
    return status;
}

enum status mail_due(struct db *db, bool *due, struct error *error)
{
    struct db_handle *read = NULL;
    int64_t id = 0;
    enum status status = db_read(db, &read, error);
    if (status) return status;
    status = db_one_integer(read, "SELECT id FROM mail WHERE due <= $1 ORDER BY due LIMIT 1",
                            DB_BIND(db_integer(time_now())), &id, error);
    db_release(&read);
    *due = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

enum status mail_waiting(struct db_handle *read, int64_t *count, int64_t *oldest, struct error *error)
{
    struct db_rows *rows =
        db_query(read, "SELECT COUNT(*), MIN(written) FROM mail WHERE due IS NOT NULL", DB_BIND_NONE);
    *count = *oldest = 0;
    while (db_next(rows)) {
        *count = db_get_integer(rows, 0);
        *oldest = db_get_integer(rows, 1);
    }
    return db_end(&rows, error);
}

enum status mail_forget(struct db_handle *write, int64_t account, struct error *error)
{
    return db_run(write, "DELETE FROM mail WHERE account = $1", DB_BIND(db_integer(account)), NULL, error);
}
