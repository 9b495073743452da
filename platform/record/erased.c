#include "platform/record/erased.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/record/store_private.h"
#include "platform/record/traces.h"

enum { LINE_MOST = 200, ID_BITS = 20 };

#define OF_PEOPLE "/people"

static const char heading[] = "maillage-erased 1";

static enum status no_list(const char *path, struct error *error)
{
    return error_set(error, STATUS_INPUT, N_("{1} is not a list of what was erased that this program made."), path);
}

/* ---- lines ---- */

enum erased_what { UNTIL, RECORD, PEOPLE, ACCOUNT }; /* UNTIL: says up to which line of history the list goes */
struct erased_line {
    enum erased_what what;
    const struct kind *kind; /* of RECORD and PEOPLE */
    int64_t number, moment;
};

/* A line without its end. What stands after the last whole line was torn by a crash, and is written again. */
static bool read_line(char *text, struct erased_line *line)
{
    char kind[LINE_MOST], moment[LINE_MOST];
    *line = (struct erased_line){.what = UNTIL};
    if (sscanf(text, "until %" SCNd64, &line->number) == 1) return true;
    if (sscanf(text, "%199s %" SCNd64 " %199s", kind, &line->number, moment) != 3) return false;
    char *people = strstr(kind, OF_PEOPLE);
    if (people) *people = '\0';
    line->what = people ? PEOPLE : RECORD;
    line->kind = kind_find(kind);
    if (strcmp(kind, "account") == 0) line->what = ACCOUNT;
    return (line->kind || line->what == ACCOUNT) && time_parse(moment, &line->moment);
}

typedef enum status use_line(void *context, const struct erased_line *line, struct error *error);

/* Calls use for each line of the list; *whole: where the last whole line ends. An empty file is an empty list. */
static enum status each_line(FILE *file, const char *path, use_line *use, void *context, off_t *whole,
                             struct error *error)
{
    char text[LINE_MOST];
    struct erased_line line;
    enum status status = STATUS_OK;
    *whole = 0;
    for (int64_t number = 1; !status && fgets(text, sizeof text, file); number++) {
        char *end = strchr(text, '\n');
        if (!end) break;
        *end = '\0';
        if (number == 1 && strcmp(text, heading) != 0) status = no_list(path, error);
        if (number > 1) status = read_line(text, &line) ? use(context, &line, error) : no_list(path, error);
        if (status == STATUS_INPUT) error_at(error, path, number, 0);
        *whole = ftello(file);
    }
    return status;
}

/* ---- noting ---- */

static enum status note_until(void *context, const struct erased_line *line, struct error *error)
{
    (void)error;
    if (line->what == UNTIL) *(int64_t *)context = line->number;
    return STATUS_OK;
}

static enum status write_lines(struct db *db, FILE *file, int64_t after, int64_t until, int64_t *added,
                               struct error *error)
{
    struct arena *arena = arena_new();
    struct db_handle *read = NULL;
    enum status status = db_read_in(db, arena, &read, error);
    struct db_rows *rows = NULL;
    if (!status)
        rows = db_query(read,
                        "SELECT kind, record, moment, action, id FROM record_history WHERE id > $1 AND id <= $2 "
                        "AND action IN ('erased', 'forgotten') UNION ALL SELECT 'account', account, moment, action, id "
                        "FROM account_event WHERE id > $1 AND id <= $2 AND action = 'erased' ORDER BY 5",
                        DB_BIND(db_integer(after), db_integer(until)));
    while (rows && db_next(rows)) {
        char moment[32];
        time_format(db_get_integer(rows, 2), moment);
        fprintf(file, "%s%s %" PRId64 " %s\n", db_get_text(rows, 0),
                strcmp(db_get_text(rows, 3), "forgotten") == 0 ? OF_PEOPLE : "", db_get_integer(rows, 1), moment);
        ++*added;
    }
    if (rows) status = db_end(&rows, error);
    arena_free(&arena);
    return status;
}

/* The line `until` comes last: without it the lines before are read as well, and written once more. */
static enum status bring_up_to_date(struct db *db, FILE *file, const char *path, int64_t until, int64_t *added,
                                    struct error *error)
{
    int64_t after = 0;
    off_t whole = 0;
    enum status status = each_line(file, path, note_until, &after, &whole, error);
    if (status || (whole && until <= after)) return status;
    if (ftruncate(fileno(file), whole) || fseeko(file, 0, SEEK_END))
        return error_set(error, STATUS_FAULT, N_("{1} could not be written to the disk: {2}."), path, strerror(errno));
    if (!whole) fprintf(file, "%s\n", heading);
    status = write_lines(db, file, after, until, added, error);
    if (status) return status;
    fprintf(file, "until %" PRId64 "\n", until);
    if (ferror(file) || fflush(file) || fsync(fileno(file)))
        return error_set(error, STATUS_FAULT, N_("{1} could not be written to the disk: {2}."), path, strerror(errno));
    return STATUS_OK;
}

enum status erased_note(struct db *db, const char *path, int64_t before, int64_t *added, struct error *error)
{
    int64_t count = 0;
    const int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r+");
    if (!file) return error_set(error, STATUS_INPUT, N_("{1} cannot be made: {2}."), path, strerror(errno));
    flock(descriptor, LOCK_EX);
    const enum status status = bring_up_to_date(db, file, path, before << ID_BITS, &count, error);
    fclose(file);
    if (added) *added = count;
    return status;
}

/* ---- replaying ---- */

struct replaying {
    const struct records *records;
    const struct erased_wishes *wishes;
    struct erased_totals *totals;
    struct erased_line line;
};

/* Personal details erased once in this database are not those of the list's line: what is there now was given afterwards. */
static enum status was_forgotten(struct db_handle *write, const struct erased_line *line, bool *was,
                                 struct error *error)
{
    int64_t one = 0;
    const enum status status = db_one_integer(
        write,
        "SELECT id FROM record_history WHERE record = $1 AND kind = $2 AND "
        "action = 'forgotten' AND moment >= $3 LIMIT 1",
        DB_BIND(db_integer(line->number), db_text(line->kind->name), db_integer(line->moment)), &one, error);
    *was = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status erase_in(struct db_handle *write, void *data, struct error *error)
{
    struct replaying *replaying = data;
    const struct erased_line *line = &replaying->line;
    struct arena *arena = arena_new();
    char day[16];
    bool was = false;
    day_format(time_day(line->moment), day);
    const struct record_erasing erasing = {
        .kind = line->kind,
        .id = line->number,
        .people = line->what == PEOPLE,
        .origin = "restore",
        .reason = arena_print(arena, "Erased on %s; again after a backup was restored", day)};
    enum status status = erasing.people ? was_forgotten(write, line, &was, error) : STATUS_OK;
    if (!status && was) status = STATUS_MISSING;
    if (!status) status = record_erase_for(replaying->records, write, &erasing, error);
    arena_free(&arena);
    return status;
}

static enum status replay_line(void *context, const struct erased_line *line, struct error *error)
{
    struct replaying *replaying = context;
    struct error own = {0};
    if (line->what == UNTIL) return STATUS_OK;
    replaying->line = *line;
    replaying->totals->listed++;
    const enum status status = line->what == ACCOUNT
                                   ? replaying->wishes->account(replaying->records->db, line->number, &own)
                                   : db_transaction(replaying->records->db, erase_in, replaying, &own);
    if (!status)
        replaying->totals->erased++;
    else if (status == STATUS_CONFLICT)
        replaying->totals->kept++,
            replaying->wishes->say(replaying->wishes->context, line->kind ? line->kind->name : "account", line->number,
                                   &own);
    else if (status != STATUS_MISSING)
        return *error = own, status;
    return STATUS_OK;
}

/* What the backup holds elsewhere of what was erased: in files of imports and lists. */
static enum status remove_traces(const struct records *records, struct error *error)
{
    struct traces_removed removed = {0};
    enum status status = STATUS_OK;
    for (const struct kind *const *kind = kinds_all(); !status && *kind; kind++)
        status = record_traces_remove(records, *kind, &removed, error);
    return status ? status : db_compact(records->db, false, error);
}

enum status erased_replay(const struct records *records, const char *path, const struct erased_wishes *wishes,
                          struct erased_totals *totals, struct error *error)
{
    struct replaying replaying = {.records = records, .wishes = wishes, .totals = totals};
    off_t whole = 0;
    *totals = (struct erased_totals){0};
    FILE *file = fopen(path, "re");
    if (!file) return error_set(error, STATUS_INPUT, N_("{1} cannot be read: {2}."), path, strerror(errno));
    enum status status = each_line(file, path, replay_line, &replaying, &whole, error);
    fclose(file);
    return status || !totals->erased ? status : remove_traces(records, error);
}
