/* letter.c: what the letter of the evening of a visit says. */
#include "product/visits/letter.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/record/query.h"
#include "product/kinds/equipment.h"
#include "product/kinds/need.h"
#include "product/kinds/organisation.h"
#include "product/kinds/practice.h"

enum { LETTER_BYTES = 64 * 1024, EVENING_HOUR = 18, MS_PER_HOUR = 3600000 };

bool visit_letter_is_time(int64_t day, int64_t now)
{
    const int64_t local = now + language_paris_offset(now);
    const int64_t today = local / MS_PER_DAY;
    return day < today || (day == today && local % MS_PER_DAY >= (int64_t)EVENING_HOUR * MS_PER_HOUR);
}

/* ---- who and what may help ---- */

static const struct {
    const struct kind *kind;
    const char *field;
} helping[] = {{&practice_kind, "serves"}, {&equipment_kind, "serves"}, {&organisation_kind, "offers"}};

static bool is_known(const struct visit_letter *letter, const char *path)
{
    for (size_t i = 0; i < letter->help_count; i++)
        if (strcmp(letter->helps[i].path, path) == 0) return true;
    return letter->help_count == sizeof letter->helps / sizeof *letter->helps;
}

static void add_help(const struct record_context *context, const struct kind *kind, const void *record,
                     struct visit_letter *letter)
{
    const struct record *head = record;
    const char *path = arena_print(context->arena, "%s/%" PRId64, kind->path, head->id);
    if (is_known(letter, path) || head->id == letter->visit->company.id) return;
    letter->helps[letter->help_count++] = (struct visit_help){
        .kind = language_text(context->language, kind->title), .title = record_title(kind, record), .path = path};
}

/* Public records of the kind that answer such needs, within the région or (NULL) anywhere, until the kind has LETTER_HELPS of them. */
static enum status find_help(struct record_context *public, size_t which, const char *type, const char *region,
                             size_t most, struct visit_letter *letter, struct error *error)
{
    const struct kind *kind = helping[which].kind;
    const struct input items[] = {{helping[which].field, type}, {"limit", "10"}, {"place", region}};
    struct record_query query;
    struct record_found found;
    void **records = NULL;
    size_t count = 0;
    enum status status = record_query_read(public, kind, &(struct inputs){items, region ? 3 : 2}, &query, error);
    if (!status) status = record_find(public, kind, &query, &found, error);
    if (!status) status = record_found_page(public, &query, &found, &records, &count, error);
    for (size_t i = 0; !status && i < count && letter->help_count < most; i++)
        add_help(public, kind, records[i], letter);
    return status;
}

static enum status find_helps(struct record_context *context, const char *const *types, size_t count,
                              struct visit_letter *letter, struct error *error)
{
    struct record_context public = *context;
    const char *region = letter->visit->region.value;
    enum status status = STATUS_OK;
    public.viewer = viewer_public();
    public.shown = &record_shown_in_lists;
    for (size_t kind = 0; kind < sizeof helping / sizeof *helping; kind++) {
        const size_t most = letter->help_count + LETTER_HELPS;
        for (size_t i = 0; !status && region && i < count; i++)
            status = find_help(&public, kind, types[i], region, most, letter, error);
        for (size_t i = 0; !status && i < count; i++)
            status = find_help(&public, kind, types[i], NULL, most, letter, error);
    }
    return status;
}

/* ---- what is said ---- */

static enum status find_needs(struct record_context *context, struct visit_letter *letter, const char **types,
                              struct error *error)
{
    struct db_rows *rows = db_query(context->handle, "SELECT id FROM need WHERE visit = $1 ORDER BY id LIMIT 10",
                                    DB_BIND(db_integer(letter->visit->head.id)));
    int64_t ids[LETTER_NEEDS];
    size_t count = 0;
    while (db_next(rows) && count < LETTER_NEEDS) ids[count++] = db_get_integer(rows, 0);
    const enum status status = db_end(&rows, error);
    for (size_t i = 0; !status && i < count; i++) {
        void *record = NULL;
        if (record_load(context, &need_kind, ids[i], &record, NULL)) continue; /* not readable any more */
        const struct need *need = record;
        letter->needs[letter->need_count] = need->title.value;
        letter->need_paths[letter->need_count] = arena_print(context->arena, "%s/%" PRId64, need_kind.path, ids[i]);
        types[letter->need_count++] = need->type.value;
    }
    return status;
}

enum status visit_letter_gather(struct record_context *context, int64_t visit, struct visit_letter *letter,
                                struct error *error)
{
    const char *types[LETTER_NEEDS];
    void *record = NULL;
    *letter = (struct visit_letter){.need_count = 0};
    context->shown = &record_shown_in_lists;
    enum status status = record_load(context, &visit_kind, visit, &record, error);
    if (status) return status;
    letter->visit = record;
    letter->company = record_name(context, &organisation_kind, letter->visit->company.id);
    letter->cluster = record_name(context, &organisation_kind, letter->visit->cluster.id);
    status = find_needs(context, letter, types, error);
    return status ? status : find_helps(context, types, letter->need_count, letter, error);
}

struct writing {
    const struct record_context *context;
    const char *origin;
    struct buffer *out;
};

static const char *say(const struct writing *writing, const char *english, const char *first, const char *second)
{
    return language_print(writing->context->arena, writing->context->language, english, first, second,
                          (const char *)NULL);
}

static void add_title(const struct writing *writing, const char *title)
{
    buffer_print(writing->out, "\n== %s ==\n\n", say(writing, title, NULL, NULL));
}

static void add_words(const struct writing *writing, const char *title, const char *words)
{
    if (!words || !*words) return;
    add_title(writing, title);
    buffer_print(writing->out, "%s\n", words);
}

static void add_link(const struct writing *writing, const char *title, const char *path)
{
    buffer_print(writing->out, "- %s\n  %s/%s%s\n", title, writing->origin, language_code(writing->context->language),
                 path);
}

static void add_beginning(const struct writing *writing, const struct visit_letter *letter, bool is_copy,
                          const char *to)
{
    const char *day = language_day(writing->context->arena, writing->context->language, letter->visit->day.day);
    if (is_copy)
        buffer_print(writing->out, "%s\n\n",
                     to ? say(writing, N_("Your visit: this letter leaves to {1}."), to, NULL)
                        : say(writing, N_("Your visit: {1} has no address here. Hand this letter on to them."),
                              letter->company, NULL));
    buffer_print(writing->out, "%s\n\n%s\n", say(writing, N_("Hello,"), NULL, NULL),
                 language_print(writing->context->arena, writing->context->language,
                                N_("{1} came to see {2} on {3}. Here is what we keep of it."), letter->cluster,
                                letter->company, day, (const char *)NULL));
}

const char *visit_letter_text(const struct record_context *context, const char *origin,
                              const struct visit_letter *letter, bool is_copy, const char *to)
{
    const struct writing writing = {context, origin, buffer_new(context->arena, LETTER_BYTES)};
    const struct visit *visit = letter->visit;
    add_beginning(&writing, letter, is_copy, to);
    add_words(&writing, N_("What to remember"), visit->summary.value);
    add_words(&writing, N_("Next steps"), visit->next.value);
    if (visit->next_day.day != ABSENT)
        buffer_print(
            writing.out, "%s\n",
            say(&writing, N_("By {1}."), language_day(context->arena, context->language, visit->next_day.day), NULL));
    if (letter->need_count) add_title(&writing, N_("Needs noted"));
    for (size_t i = 0; i < letter->need_count; i++) add_link(&writing, letter->needs[i], letter->need_paths[i]);
    if (letter->help_count) add_title(&writing, N_("Who and what may help"));
    for (size_t i = 0; i < letter->help_count; i++)
        add_link(&writing, say(&writing, N_("{1}: {2}"), letter->helps[i].kind, letter->helps[i].title),
                 letter->helps[i].path);
    buffer_print(writing.out, "\n%s\n",
                 say(&writing, N_("Something is not right, or is missing? Write to {1}: {2}."), letter->officer,
                     letter->officer_email));
    return buffer_data(writing.out);
}
