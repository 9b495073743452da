/* history.c: one line for each write: who, when, why and the difference. */
#include <sodium.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/record/history_digest.h"
#include "platform/record/store_private.h"

enum { SALT_BYTES = HISTORY_SALT, DIGEST_BYTES = HISTORY_DIGEST, LEAVES_MOST = 64 };

struct leaf {
    const struct field *field;
    const char *before, *after;
    unsigned char salt[SALT_BYTES], digest[DIGEST_BYTES];
};

struct line {
    json_t *changes;
    struct leaf leaves[LEAVES_MOST];
    size_t leaf_count;
    unsigned char salt[SALT_BYTES], digest[DIGEST_BYTES];
};

/* Salts are drawn many at a time: the system is asked once for 64 of them. */
static void draw_salt(unsigned char salt[SALT_BYTES])
{
    static _Thread_local unsigned char drawn[64 * SALT_BYTES];
    static _Thread_local size_t left;
    if (!left) {
        randombytes_buf(drawn, sizeof drawn);
        left = sizeof drawn;
    }
    left -= SALT_BYTES;
    memcpy(salt, drawn + left, SALT_BYTES);
    sodium_memzero(drawn + left, SALT_BYTES);
}

static void close_leaf(struct leaf *leaf)
{
    draw_salt(leaf->salt);
    history_leaf_digest(leaf->salt, leaf->field->name, leaf->before, leaf->after, leaf->digest);
}

static bool differ(const char *a, const char *b) { return a && b ? strcmp(a, b) != 0 : a != b; }

static json_t *text_or_null(const char *text) { return text ? json_string(text) : json_null(); }

static void add_change(struct line *line, const struct field *field, const char *before, const char *after)
{
    if (!differ(before, after)) return;
    if (field->is_personal && line->leaf_count < LEAVES_MOST) {
        struct leaf *leaf = &line->leaves[line->leaf_count++];
        *leaf = (struct leaf){.field = field, .before = before, .after = after};
        close_leaf(leaf);
        return;
    }
    json_object_set_new(line->changes, field->name, json_pack("[o, o]", text_or_null(before), text_or_null(after)));
}

static void add_head_changes(struct line *line, const struct record *before, const struct record *after)
{
    if (before->state && after->state && differ(before->state, after->state))
        json_object_set_new(line->changes, "state", json_pack("[s, s]", before->state, after->state));
    if (before->audience != after->audience)
        json_object_set_new(
            line->changes, "audience",
            json_pack("[s, s]", audience_option(before->audience)->value, audience_option(after->audience)->value));
    if (before->owner != after->owner)
        json_object_set_new(line->changes, "owner",
                            json_pack("[I, I]", (json_int_t)before->owner, (json_int_t)after->owner));
}

static void gather_changes(struct record_context *context, const struct kind *kind, const void *before,
                           const void *after, struct line *line)
{
    for (const struct field *field = kind->fields; field->name; field++)
        add_change(line, field, before ? field_text(context, field, before) : NULL,
                   after ? field_text(context, field, after) : NULL);
    if (before && after) add_head_changes(line, before, after);
}

static struct history_words words_of(const struct record_context *context, const struct kind *kind,
                                     const struct save *save)
{
    const struct record *head = head_in(save->after ? save->after : save->before);
    return (struct history_words){.kind = kind->name,
                                  .action = save->action,
                                  .origin = context->origin,
                                  .reason = save->reason,
                                  .record = head->id,
                                  .version = head->version,
                                  .account = context->viewer->account,
                                  .moment = save->after ? head->updated : time_now()};
}

/* The text of the changes, under the digest. */
static const char *close_line(struct record_context *context, const struct kind *kind, const struct save *save,
                              const struct history_words *words, struct line *line)
{
    unsigned char leaves[LEAVES_MOST * DIGEST_BYTES];
    line->changes = json_object();
    if (save->after) gather_changes(context, kind, save->before, save->after, line);
    char *dumped = json_dumps(line->changes, JSON_COMPACT | JSON_SORT_KEYS);
    const char *changes = arena_copy(context->arena, dumped);
    free(dumped);
    json_decref(line->changes);
    for (size_t i = 0; i < line->leaf_count; i++)
        memcpy(leaves + i * DIGEST_BYTES, line->leaves[i].digest, DIGEST_BYTES);
    history_change_digest(line->salt, words, changes, leaves, line->leaf_count, line->digest);
    return save->after ? changes : NULL;
}

/* A creation keeps the digest of its content and no copy of it: the record itself is the copy. */
static void close_creation(struct record_context *context, const struct kind *kind, const struct save *save,
                           const struct history_words *words, struct line *line)
{
    const struct history_content content = history_content_of(context, kind, save->after);
    history_creation_digest(line->salt, words, kind, &content, line->digest);
}

static enum status write_leaves(struct record_context *context, const struct record *head, int64_t history,
                                const struct line *line, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < line->leaf_count; i++) {
        const struct leaf *leaf = &line->leaves[i];
        status =
            db_run(context->handle,
                   "INSERT INTO record_leaf (id, home, history, record, field, before, after, salt, digest) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   DB_BIND(db_integer(db_new_id()), db_integer(head->home), db_integer(history), db_integer(head->id),
                           db_text(leaf->field->name), db_text(leaf->before), db_text(leaf->after),
                           db_blob(leaf->salt, SALT_BYTES), db_blob(leaf->digest, DIGEST_BYTES)),
                   NULL, error);
    }
    return status;
}

enum { LINE_COLUMNS = 13 };
static const char line_columns[] = "record_history (id, home, kind, record, version, moment, account, action, origin, "
                                   "reason, changes, salt, digest)";

static void bind_line(struct record_context *context, const struct history_words *words, int64_t home, int64_t id,
                      const char *changes, const struct line *line, struct db_value *values)
{
    const void *salt = arena_copy_bytes(context->arena, (const char *)line->salt, SALT_BYTES),
               *digest = arena_copy_bytes(context->arena, (const char *)line->digest, DIGEST_BYTES);
    const struct db_value bound[LINE_COLUMNS] = {db_integer(id),
                                                 db_integer(home),
                                                 db_text(words->kind),
                                                 db_integer(words->record),
                                                 db_integer(words->version),
                                                 db_integer(words->moment),
                                                 db_integer(words->account),
                                                 db_text(words->action),
                                                 db_text(words->origin),
                                                 db_text(words->reason),
                                                 db_text(changes),
                                                 db_blob(salt, SALT_BYTES),
                                                 db_blob(digest, DIGEST_BYTES)};
    memcpy(values, bound, sizeof bound);
}

/* Its digest is of the whole content: what was before can no longer be told by going back. */
static bool seals_content(const struct save *save) { return !save->before || strcmp(save->action, "forgotten") == 0; }

enum status history_write(struct record_context *context, const struct kind *kind, const struct save *saves,
                          size_t count, struct error *error)
{
    struct db_value *values = ARENA_ARRAY(context->arena, count * LINE_COLUMNS, struct db_value);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct line line;
        const char *changes = NULL;
        const int64_t id = db_new_id();
        const struct record *head = head_in(saves[i].after ? saves[i].after : saves[i].before);
        const struct history_words words = words_of(context, kind, &saves[i]);
        line.leaf_count = 0;
        draw_salt(line.salt);
        if (!seals_content(&saves[i]))
            changes = close_line(context, kind, &saves[i], &words, &line);
        else
            close_creation(context, kind, &saves[i], &words, &line);
        bind_line(context, &words, head->home, id, changes, &line, values + i * LINE_COLUMNS);
        status = write_leaves(context, head, id, &line, error);
    }
    return status ? status : db_insert(context->handle, line_columns, "", values, LINE_COLUMNS, count, error);
}

enum status history_erase(struct record_context *context, const struct kind *kind, int64_t id, struct error *error)
{
    enum status status =
        db_run(context->handle,
               "UPDATE record_history SET changes = NULL, reason = NULL, salt = NULL WHERE record = $1 AND kind = $2",
               DB_BIND(db_integer(id), db_text(kind->name)), NULL, error);
    if (!status)
        status =
            db_run(context->handle, "UPDATE record_leaf SET before = NULL, after = NULL, salt = NULL WHERE record = $1",
                   DB_BIND(db_integer(id)), NULL, error);
    return status;
}

enum status history_forget(struct record_context *context, const struct kind *kind, int64_t id, struct error *error)
{
    enum status status =
        db_run(context->handle, "UPDATE record_leaf SET before = NULL, after = NULL, salt = NULL WHERE record = $1",
               DB_BIND(db_integer(id)), NULL, error);
    if (!status)
        status = db_run(context->handle,
                        "UPDATE record_history SET salt = NULL WHERE record = $1 AND kind = $2 AND action IN "
                        "('created', 'forgotten')",
                        DB_BIND(db_integer(id), db_text(kind->name)), NULL, error);
    return status;
}

enum { LINES_MOST = 200, CHANGES_MOST = 80 };

static void add_history_change(struct record_context *context, const struct kind *kind, rights held, const char *name,
                               const char *before, const char *after, struct history_change *changes, size_t *count)
{
    static const struct field state_field = {.name = "state", .label = N_("Step")};
    static const struct field audience_field = {.name = "audience", .label = N_("Who sees it")};
    const struct field *field = kind_field(kind, name);
    if (strcmp(name, "state") == 0)
        field = &state_field;
    else if (strcmp(name, "audience") == 0)
        field = &audience_field;
    else if (!field || !field_readable(kind, field, held))
        return;
    if (*count < CHANGES_MOST)
        changes[(*count)++] =
            (struct history_change){field, arena_copy(context->arena, before), arena_copy(context->arena, after)};
}

static void read_changes(struct record_context *context, const struct kind *kind, rights held, const char *text,
                         struct history_line *line)
{
    json_t *root = text ? json_loads(text, 0, NULL) : NULL;
    struct history_change *changes = ARENA_ARRAY(context->arena, CHANGES_MOST, struct history_change);
    const char *name = NULL;
    json_t *pair = NULL;
    json_object_foreach(root, name, pair)
        add_history_change(context, kind, held, name, json_string_value(json_array_get(pair, 0)),
                           json_string_value(json_array_get(pair, 1)), changes, &line->change_count);
    line->changes = changes;
    json_decref(root);
}

enum status record_history(struct record_context *context, const struct kind *kind, int64_t id,
                           const struct history_line **lines, size_t *count, struct error *error)
{
    void *record = NULL;
    *count = 0;
    const enum status visible = record_load(context, kind, id, &record, error);
    if (visible) return visible;
    struct history_line *found = ARENA_ARRAY(context->arena, LINES_MOST, struct history_line);
    struct db_rows *rows =
        db_query(context->handle,
                 "SELECT h.moment, h.account, h.version, h.action, h.origin, h.reason, h.changes, a.name "
                 "FROM record_history h LEFT JOIN account a ON a.id = h.account "
                 "WHERE h.record = $1 AND h.kind = $2 ORDER BY h.version DESC, h.id DESC LIMIT 200",
                 DB_BIND(db_integer(id), db_text(kind->name)));
    while (*count < LINES_MOST && db_next(rows)) {
        struct history_line *line = &found[(*count)++];
        line->moment = db_get_integer(rows, 0);
        line->account = db_get_integer(rows, 1);
        line->version = db_get_integer(rows, 2);
        line->action = arena_copy(context->arena, db_get_text(rows, 3));
        line->origin = arena_copy(context->arena, db_get_text(rows, 4));
        line->reason = arena_copy(context->arena, db_get_text(rows, 5));
        line->account_name = arena_copy(context->arena, db_get_text(rows, 7));
        read_changes(context, kind, record_held(context, record), db_get_text(rows, 6), line);
    }
    *lines = found;
    return db_end(&rows, error);
}
