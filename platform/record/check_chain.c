/* check_chain.c: what the history says of records that are gone, and whether it is whole under its seals. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "platform/record/check_private.h"
#include "platform/record/seal.h"

enum { NAMED = 20, ERASED_AT_A_TIME = 200 };

/* ---- records that are gone ---- */

/* Created, not erased, and not there. */
static enum status name_gone(struct check *check, const struct kind *kind, struct error *error)
{
    const char *sql = arena_print(check->batch,
                                  "SELECT h.record FROM record_history h WHERE h.kind = $1 AND h.action = 'created' "
                                  "AND NOT EXISTS (SELECT 1 FROM %s r "
                                  "WHERE r.id = h.record) AND NOT EXISTS (SELECT 1 FROM record_history e WHERE "
                                  "e.record = h.record AND e.kind = $1 "
                                  "AND e.action = 'erased') ORDER BY h.record LIMIT 20",
                                  kind->name);
    struct db_rows *rows = db_query(check->read, sql, DB_BIND(db_text(kind->name)));
    int64_t named = 0;
    while (db_next(rows)) {
        check_found(check, "%s %" PRId64 " is gone and nothing says that it was erased: restore it from a backup.",
                    kind->name, db_get_integer(rows, 0));
        named++;
    }
    if (!named)
        check_found(check, "The history tells of another number of records of the kind %s than there are.", kind->name);
    return db_end(&rows, error);
}

enum status check_gone(struct check *check, const struct kind *kind, int64_t count, struct error *error)
{
    int64_t told = 0, erased = 0, lines = 0;
    struct db_rows *rows = db_query(
        check->read, "SELECT action, COUNT(*), COUNT(salt) FROM record_history WHERE kind = $1 GROUP BY action",
        DB_BIND(db_text(kind->name)));
    while (db_next(rows)) {
        const char *action = db_get_text(rows, 0);
        const int64_t number = db_get_integer(rows, 1);
        lines += number;
        erased += number - db_get_integer(rows, 2);
        if (strcmp(action, "created") == 0) told += number;
        if (strcmp(action, "erased") == 0) told -= number;
    }
    const enum status status = db_end(&rows, error);
    check->totals->lines += lines;
    check->totals->erased += erased;
    return status || told == count ? status : name_gone(check, kind, error);
}

/* ---- erased ones ---- */

struct erased_line {
    struct history_words words;
    unsigned char salt[HISTORY_SALT], digest[HISTORY_DIGEST];
    bool whole;
};

static void copy_bytes(const struct db_rows *rows, size_t column, unsigned char *bytes, size_t size, bool *whole)
{
    size_t length = 0;
    const void *got = db_get_blob(rows, column, &length);
    if (got && length == size)
        memcpy(bytes, got, size);
    else
        *whole = false;
}

static enum status read_erased(struct check *check, int64_t *after, struct erased_line *lines, size_t *count,
                               struct error *error)
{
    struct db_rows *rows = db_query(
        check->read,
        "SELECT id, kind, record, version, moment, account, action, origin, reason, salt, digest FROM record_history "
        "WHERE action = 'erased' AND id > $1 ORDER BY id LIMIT $2",
        DB_BIND(db_integer(*after), db_integer(ERASED_AT_A_TIME)));
    for (*count = 0; *count < ERASED_AT_A_TIME && db_next(rows); ++*count) {
        struct erased_line *line = &lines[*count];
        *line = (struct erased_line){.whole = true};
        *after = db_get_integer(rows, 0);
        line->words = (struct history_words){.kind = arena_copy(check->batch, db_get_text(rows, 1)),
                                             .record = db_get_integer(rows, 2),
                                             .version = db_get_integer(rows, 3),
                                             .moment = db_get_integer(rows, 4),
                                             .account = db_get_integer(rows, 5),
                                             .action = arena_copy(check->batch, db_get_text(rows, 6)),
                                             .origin = arena_copy(check->batch, db_get_text(rows, 7)),
                                             .reason = arena_copy(check->batch, db_get_text(rows, 8))};
        copy_bytes(rows, 9, line->salt, HISTORY_SALT, &line->whole);
        copy_bytes(rows, 10, line->digest, HISTORY_DIGEST, &line->whole);
    }
    return db_end(&rows, error);
}

static enum status check_erased(struct check *check, const struct erased_line *line, struct error *error)
{
    unsigned char digest[HISTORY_DIGEST];
    const long long id = line->words.record;
    int64_t lines = 0, contents = 0;
    history_change_digest(line->salt, &line->words, "{}", NULL, 0, digest);
    if (!line->whole || memcmp(digest, line->digest, HISTORY_DIGEST) != 0)
        check_found(check, "The line that says that %s %lld was erased was altered: its digest is not right.",
                    line->words.kind, id);
    struct db_rows *rows = db_query(check->read,
                                    "SELECT COUNT(*), COUNT(salt) + COUNT(changes) FROM record_history WHERE record = "
                                    "$1 AND kind = $2 AND action <> 'erased'",
                                    DB_BIND(db_integer(id), db_text(line->words.kind)));
    if (db_next(rows)) {
        lines = db_get_integer(rows, 0);
        contents = db_get_integer(rows, 1);
    }
    if (contents)
        check_found(check, "%s %lld was erased and its history still holds content: erase it again.", line->words.kind,
                    id);
    if (lines != line->words.version)
        check_found(
            check,
            "The history of %s %lld, which was erased at version %lld, has %lld lines before: lines were removed.",
            line->words.kind, id, (long long)line->words.version, (long long)lines);
    return db_end(&rows, error);
}

static enum status check_all_erased(struct check *check, struct error *error)
{
    struct erased_line *lines = ARENA_ARRAY(check->batch, ERASED_AT_A_TIME, struct erased_line);
    int64_t after = -1;
    size_t count = ERASED_AT_A_TIME;
    enum status status = STATUS_OK;
    while (!status && count == ERASED_AT_A_TIME) {
        status = read_erased(check, &after, lines, &count, error);
        for (size_t i = 0; !status && i < count; i++) status = check_erased(check, &lines[i], error);
    }
    arena_reset(check->batch);
    return status;
}

/* ---- seals ---- */

static enum status check_seal(struct check *check, const struct seal *before, const struct seal *seal,
                              struct error *error)
{
    struct seal again = *seal;
    const long long number = seal->number;
    again.first = before->last + 1;
    const enum status status = seal_compute(check->read, &again, error);
    if (status) return status;
    if (memcmp(seal->previous, before->digest, SEAL_DIGEST) != 0)
        check_found(check, "Seal %lld does not follow seal %lld: the chain was broken or made again.", number,
                    number - 1);
    if (again.lines != seal->lines || again.first != seal->first || again.last != seal->last)
        check_found(check, "Seal %lld covers %lld lines of history and %lld are there: lines were removed or added.",
                    number, (long long)seal->lines, (long long)again.lines);
    else if (memcmp(seal->digest, again.digest, SEAL_DIGEST) != 0)
        check_found(check, "Lines of history under seal %lld were altered: the digest is not right.", number);
    if (!seal_signed(seal)) check_found(check, "The signature of seal %lld is not right: it was changed.", number);
    return STATUS_OK;
}

static enum status check_seals(struct check *check, struct seal *last, struct error *error)
{
    struct seal end;
    enum status status = seal_last(check->read, &end, error);
    *last = (struct seal){.number = 0};
    for (int64_t number = 1; !status && number <= end.number; number++) {
        struct seal seal;
        status = seal_load(check->read, number, &seal, error);
        if (status) break;
        if (!seal.number) {
            check_found(check, "Seal %lld is not there, and later ones are: it was removed.", (long long)number);
            continue;
        }
        status = check_seal(check, last, &seal, error);
        check->totals->seals++;
        *last = seal;
    }
    return status;
}

static enum status check_head(struct check *check, const char *text, struct error *error)
{
    struct seal head, here;
    enum status status = seal_parse(text, &head, error);
    if (!status) status = seal_load(check->read, head.number, &here, error);
    if (status) return status;
    if (!here.number)
        check_found(
            check,
            "The history ends before seal %lld, whose head was kept elsewhere: its end was cut off, or this is an "
            "older backup.",
            (long long)head.number);
    else if (memcmp(head.digest, here.digest, SEAL_DIGEST) != 0)
        check_found(check, "Seal %lld is not the one whose head was kept elsewhere: the chain was made again.",
                    (long long)head.number);
    return STATUS_OK;
}

enum status check_chain(struct check *check, struct error *error)
{
    struct seal last;
    enum status status = check_all_erased(check, error);
    if (!status) status = check_seals(check, &last, error);
    if (!status)
        status = db_one_integer(check->read, "SELECT COUNT(*) FROM record_history WHERE id > $1",
                                DB_BIND(db_integer(last.last)), &check->totals->unsealed, error);
    return status || !check->wishes->head ? status : check_head(check, check->wishes->head, error);
}
