/* reminders.c: needs whose next step is the viewer's and on which nothing happened for a while; what became of the needs of their organisations. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "product/digest/digest.h"
#include "product/kinds/need.h"
#include "product/roles.h"

/* Whose turn it is, in which state, after how many days of silence: first the side that is silent, then the cluster's managers. */
static const struct reminder {
    rights who;
    const char *state;
    int64_t days;
    const char *note;
} reminders[] = {
    {OFFICER, "open", 7, N_("open for a week, without an answer")},
    {OFFICER, "taken_up", 14, N_("taken up two weeks ago: what came of it?")},
    {OWNER, "taken_up", 21, N_("taken up three weeks ago: was it served? Say so on its page")},
    {MANAGER, "open", 21, N_("open for three weeks, without an answer")},
    {MANAGER, "taken_up", 28, N_("taken up four weeks ago, without news since")},
};

#define READABLE "n.reader IN (SELECT token FROM account_token WHERE account = $1)"
#define WINDOW "n.state = $3 AND n.updated > $4 AND n.updated <= $5"

/* What one is to the company of the need. */
static const char by_relation[] =
    "SELECT n.id, n.title FROM need n JOIN account_relation a ON a.organisation = n.owner AND a.account = $1 "
    "AND (a.bits & $2) <> 0 WHERE " WINDOW " AND " READABLE " ORDER BY n.updated LIMIT 100";

/* The managers of the clusters of which the company is a member today. */
static const char by_cluster[] =
    "SELECT DISTINCT n.id, n.title, n.updated FROM account_relation a JOIN membership m ON a.account = $1 "
    "AND (a.bits & $2) <> 0 AND m.cluster = a.organisation AND m.state = 'open' JOIN need n ON n.owner = "
    "m.organisation "
    "WHERE " WINDOW " AND " READABLE
    " AND m.starts <= $6 AND (m.ends IS NULL OR m.ends >= $6) ORDER BY n.updated LIMIT 100";

static void add_line(struct record_context *context, struct digest_section *section, struct db_rows *rows,
                     const char *note)
{
    struct arena *arena = context->arena;
    if (section->total < DIGEST_COUNTED) section->total++;
    if (section->line_count == DIGEST_LINES) return;
    section->lines[section->line_count++] =
        (struct digest_line){.title = arena_copy(arena, db_get_text(rows, 1)),
                             .note = note,
                             .path = arena_print(arena, "%s/%" PRId64, need_kind.path, db_get_integer(rows, 0))};
}

static enum status add_reminder(struct record_context *context, const struct reminder *reminder,
                                const struct digest_span *span, struct digest_section *section, struct error *error)
{
    const int64_t silence = reminder->days * MS_PER_DAY;
    const bool cluster = reminder->who == MANAGER;
    const struct db_value values[] = {db_integer(context->viewer->reads_as),
                                      db_integer(reminder->who),
                                      db_text(reminder->state),
                                      db_integer(span->standing ? 0 : span->since - silence),
                                      db_integer(span->until - silence),
                                      db_integer(time_today())};
    struct db_rows *rows = db_query(context->handle, cluster ? by_cluster : by_relation, values, cluster ? 6 : 5);
    const char *note = language_text(context->language, reminder->note);
    while (db_next(rows)) add_line(context, section, rows, note);
    return db_end(&rows, error);
}

enum status digest_add_reminders(struct record_context *context, const struct digest_span *span, struct digest *digest,
                                 struct error *error)
{
    struct digest_section *section =
        digest_section_begin(digest, language_text(context->language, N_("What waits for you")));
    enum status status = STATUS_OK;
    if (section) section->more_path = "/needs?state=open&state=taken_up&sort=old";
    for (size_t i = 0; section && !status && i < sizeof reminders / sizeof *reminders; i++)
        status = add_reminder(context, &reminders[i], span, section, error);
    return status;
}

/* ---- what became of one's needs ---- */

static const char outcomes[] =
    "SELECT n.id, n.title, n.state FROM need n JOIN account_relation a ON a.organisation = n.owner AND a.account = $1 "
    "AND (a.bits & $2) <> 0 WHERE n.state <> 'open' AND n.state_day >= $3 AND n.updated > $4 AND n.updated <= $5 "
    "AND " READABLE " ORDER BY n.updated DESC LIMIT 100";

static const char *state_label(const struct record_context *context, const char *name)
{
    for (const struct state *state = need_kind.states; state->name; state++)
        if (strcmp(state->name, name) == 0) return language_text(context->language, state->label);
    return NULL;
}

enum status digest_add_outcomes(struct record_context *context, const struct digest_span *span, struct digest *digest,
                                struct error *error)
{
    struct digest_section *section =
        digest_section_begin(digest, language_text(context->language, N_("What became of your needs")));
    if (!section) return STATUS_OK;
    const struct db_value values[] = {db_integer(context->viewer->reads_as), db_integer(OWNER),
                                      db_integer(span->since / MS_PER_DAY), db_integer(span->since),
                                      db_integer(span->until)};
    struct db_rows *rows = db_query(context->handle, outcomes, values, 5);
    while (db_next(rows)) {
        add_line(context, section, rows, state_label(context, db_get_text(rows, 2)));
    }
    return db_end(&rows, error);
}
