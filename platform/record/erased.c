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
#include "platform/file/file.h"
#include "platform/record/store_private.h"

enum { LINE_MOST = 200, ID_BITS = 20 };

static const char heading[] = "maillage-erased 1";

static enum status no_list(const char *path, struct error *error)
{
    return error_set(error, STATUS_INPUT, N_("{1} is not a list of what was erased that this program made."), path);
}

/* ---- lines ---- */

struct erased_line {
    const struct kind *kind; /* NULL: says up to which line of history the list goes */
    int64_t number, moment;
};

/* A line without its end. What stands after the last whole line was torn by a crash, and is written again. */
static bool read_line(char *text, struct erased_line *line)
{
    char kind[LINE_MOST], moment[LINE_MOST];
    *line = (struct erased_line){.kind = NULL};
    if (sscanf(text, "until %" SCNd64, &line->number) == 1) return true;
    if (sscanf(text, "%199s %" SCNd64 " %199s", kind, &line->number, moment) != 3) return false;
    line->kind = kind_find(kind);
    return line->kind && time_parse(moment, &line->moment);
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
    if (!line->kind) *(int64_t *)context = line->number;
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
                        "SELECT kind, record, moment FROM record_history WHERE id > $1 AND id <= $2 AND action = "
                        "'erased' ORDER BY id",
                        DB_BIND(db_integer(after), db_integer(until)));
    while (rows && db_next(rows)) {
        char moment[32];
        time_format(db_get_integer(rows, 2), moment);
        fprintf(file, "%s %" PRId64 " %s\n", db_get_text(rows, 0), db_get_integer(rows, 1), moment);
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
    erased_say *say;
    void *context;
    struct erased_totals *totals;
    struct erased_line line;
    bool found;
};

static enum status erase_in(struct db_handle *write, void *data, struct error *error)
{
    struct replaying *replaying = data;
    struct arena *arena = arena_new();
    struct record_context context = {.records = replaying->records,
                                     .arena = arena,
                                     .viewer = viewer_program(),
                                     .language = LANGUAGE_FRENCH,
                                     .handle = write,
                                     .origin = "restore",
                                     .program = true};
    char day[16];
    void *record = NULL;
    enum status status = load_raw(&context, replaying->line.kind, replaying->line.number, &record, error);
    replaying->found = !status;
    day_format(time_day(replaying->line.moment), day);
    if (!status)
        status = erase_record(&context, replaying->line.kind, record,
                              arena_print(arena, "Erased on %s; again after a backup was restored", day), error);
    arena_free(&arena);
    return status;
}

static enum status replay_line(void *context, const struct erased_line *line, struct error *error)
{
    struct replaying *replaying = context;
    struct error own = {0};
    if (!line->kind) return STATUS_OK;
    replaying->line = *line;
    replaying->totals->listed++;
    const enum status status = db_transaction(replaying->records->db, erase_in, replaying, &own);
    if (!status)
        replaying->totals->erased++;
    else if (replaying->found)
        replaying->totals->kept++, replaying->say(replaying->context, line->kind->name, line->number, &own);
    else if (status != STATUS_MISSING)
        return *error = own, status;
    return STATUS_OK;
}

enum status erased_replay(const struct records *records, const char *path, erased_say *say, void *context,
                          struct erased_totals *totals, struct error *error)
{
    struct replaying replaying = {.records = records, .say = say, .context = context, .totals = totals};
    off_t whole = 0;
    *totals = (struct erased_totals){0};
    FILE *file = fopen(path, "re");
    if (!file) return error_set(error, STATUS_INPUT, N_("{1} cannot be read: {2}."), path, strerror(errno));
    enum status status = each_line(file, path, replay_line, &replaying, &whole, error);
    fclose(file);
    if (!status) status = file_sweep(records->db, 0, NULL, error);
    return status ? status : db_checkpoint(records->db, error);
}
