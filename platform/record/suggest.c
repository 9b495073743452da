/* suggest.c: typing help for references. */
#include <string.h>

#include "base/arena.h"
#include "platform/record/store_private.h"
#include "platform/text/text.h"

enum { SUGGESTIONS_MOST = 20 };

static const char *hint_of(struct record_context *context, const struct kind *kind, const void *record)
{
    const struct field *field = kind->place ? kind_field(kind, kind->place) : NULL;
    const char *where = field ? field_show(context, field, record) : NULL;
    for (const struct field *unique = kind->fields; unique->name; unique++) {
        const char *text = unique->unique && field_open(unique) ? field_show(context, unique, record) : NULL;
        if (text) return where ? arena_print(context->arena, "%s · %s", where, text) : text;
    }
    return where;
}

/* Ids of the records whose folded name begins with the prefix: an index range, since U+10FFFF sorts after all. */
static size_t ids_by_prefix(struct record_context *context, const struct kind *kind, const char *prefix, int64_t *ids,
                            size_t most)
{
    size_t count = 0;
    const char *sql = arena_print(
        context->arena,
        "SELECT r.id FROM %s r WHERE r.name_key >= $1 AND r.name_key < $2 AND %s ORDER BY r.name_key LIMIT %d",
        kind->name, kind_predicate(context->arena, kind, 3), (int)most);
    struct db_rows *rows =
        db_query(context->handle, sql,
                 DB_BIND(db_text(prefix), db_text(arena_print(context->arena, "%s\U0010FFFF", prefix)),
                         db_integer(context->viewer->reads_as)));
    while (count < most && db_next(rows)) ids[count++] = db_get_integer(rows, 0);
    db_end(&rows, NULL);
    return count;
}

size_t record_suggest(struct record_context *context, const struct kind *kind, const char *words,
                      struct record_match *matches, size_t most)
{
    struct record_context brief = *context;
    int64_t ids[SUGGESTIONS_MOST];
    void *records[SUGGESTIONS_MOST];
    size_t count = 0, loaded = 0;
    const char *clean = words ? text_clean(context->arena, words, strlen(words)) : NULL;
    const char *prefix = clean ? text_fold(context->arena, clean) : "";
    if (!*prefix) return 0;
    if (most > SUGGESTIONS_MOST) most = SUGGESTIONS_MOST;
    if (record_resolve(context, kind, clean, &ids[0], NULL) == STATUS_OK)
        count = 1;
    else
        count = ids_by_prefix(context, kind, prefix, ids, most);
    brief.shown = &record_shown_in_lists;
    if (record_load_many(&brief, kind, ids, count, records, &loaded, NULL)) return 0;
    for (size_t i = 0; i < loaded; i++)
        matches[i] = (struct record_match){head_of(records[i])->id, record_title(kind, records[i]),
                                           hint_of(context, kind, records[i])};
    return loaded;
}
