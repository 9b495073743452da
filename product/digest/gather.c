/* gather.c: the digest of a person. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/time.h"
#include "platform/record/deadlines.h"
#include "platform/record/query.h"
#include "platform/saved/saved.h"
#include "product/digest/digest.h"

enum { DAYS_AHEAD = 14 };

struct digest_section *digest_section_begin(struct digest *digest, const char *title)
{
    if (digest->count && !digest->sections[digest->count - 1].total) digest->count--;
    if (digest->count == DIGEST_SECTIONS) return NULL;
    struct digest_section *section = &digest->sections[digest->count++];
    *section = (struct digest_section){.title = title};
    return section;
}

/* ---- lists that the person keeps ---- */

static const char *list_path(struct record_context *context, const struct saved_search *search)
{
    const char *query = search->query;
    return arena_print(context->arena, *query ? "%s?sort=new&%s" : "%s?sort=new", search->kind->path, query);
}

static enum status add_list(struct record_context *context, const struct digest_span *span,
                            const struct saved_search *search, struct digest *digest, struct error *error)
{
    struct saved_news news;
    const int64_t since = span->standing || search->seen > span->since ? search->seen : span->since;
    const enum status status = saved_find_news(context, search, since, DIGEST_LINES, &news, error);
    const char *title = language_print(context->arena, context->language, N_("List that you keep: {1}"), search->name,
                                       (const char *)NULL);
    struct digest_section *section = !status && news.count ? digest_section_begin(digest, title) : NULL;
    if (!section) return status;
    section->total = news.count;
    section->more_path = list_path(context, search);
    for (size_t i = 0; i < news.record_count; i++)
        section->lines[section->line_count++] =
            (struct digest_line){.title = record_title(search->kind, news.records[i]),
                                 .path = arena_print(context->arena, "%s/%" PRId64, search->kind->path,
                                                     ((const struct record *)news.records[i])->id)};
    return STATUS_OK;
}

static enum status add_lists(struct record_context *context, const struct digest_span *span, struct digest *digest,
                             struct error *error)
{
    struct saved_search *searches = NULL;
    size_t count = 0;
    enum status status =
        saved_list(context->handle, context->arena, context->viewer->account, &searches, &count, error);
    for (size_t i = 0; !status && i < count; i++) status = add_list(context, span, &searches[i], digest, error);
    return status;
}

/* ---- days to come ---- */

static void add_deadline(struct record_context *context, const struct deadline *item, struct digest_section *section)
{
    section->total++;
    if (section->line_count == DIGEST_LINES) return;
    section->lines[section->line_count++] =
        (struct digest_line){.title = language_print(context->arena, context->language, N_("{1}: {2}"),
                                                     language_text(context->language, item->field->label),
                                                     record_title(item->kind, item->record), (const char *)NULL),
                             .note = language_day(context->arena, context->language, item->day),
                             .path = arena_print(context->arena, "%s/%" PRId64, item->kind->path,
                                                 ((const struct record *)item->record)->id)};
}

/* Each day is told once, two weeks before: those that came within reach since the last letter. */
static enum status add_deadlines(struct record_context *context, const struct digest_span *span, struct digest *digest,
                                 struct error *error)
{
    const int64_t today = span->until / MS_PER_DAY, told = span->since / MS_PER_DAY + DAYS_AHEAD + 1;
    const struct deadline_query query = {
        .from = span->standing || told < today ? today : told, .until = today + DAYS_AHEAD, .own = true};
    struct deadline *items = NULL;
    size_t count = 0;
    const enum status status = deadlines_find(context, &query, &items, &count, error);
    struct digest_section *section =
        !status && count ? digest_section_begin(digest, language_text(context->language, N_("Days to come"))) : NULL;
    if (!section) return status;
    section->more_path = "/deadlines?own=1";
    for (size_t i = 0; i < count; i++) add_deadline(context, &items[i], section);
    return STATUS_OK;
}

enum status digest_gather(struct record_context *context, const struct digest_span *span, struct digest *digest,
                          struct error *error)
{
    context->shown = &record_shown_in_lists;
    *digest = (struct digest){.sections = ARENA_ARRAY(context->arena, DIGEST_SECTIONS, struct digest_section)};
    enum status status = digest_add_reminders(context, span, digest, error);
    if (!status) status = digest_add_outcomes(context, span, digest, error);
    if (!status) status = add_lists(context, span, digest, error);
    if (!status) status = add_deadlines(context, span, digest, error);
    if (digest->count && !digest->sections[digest->count - 1].total) digest->count--;
    return status;
}
